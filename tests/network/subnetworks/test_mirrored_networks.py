"""Two sides from one."""

import numpy as np
import pytest

from sns_mujoco.errors import NetworkError, UnknownNameError
from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingSynapse
from sns_mujoco.network.subnetworks import AdaptiveHalfCentreNetwork, AntagonistNetwork, mirrored, phase_lag


def test_both_sides_have_everything():
    side = AntagonistNetwork()
    both = mirrored(side, "L ", "R ", [(NonSpikingSynapse(0.5, -40.0), "flexor motor", "flexor Renshaw")], name="cat")
    assert both.name == "cat"
    n = side.get_num_neurons()
    assert both.population_names == tuple(f"{s} {name}" for s in "LR" for name in side.population_names)
    assert both.input_names == tuple(f"{s} {name}" for s in "LR" for name in side.input_names)
    assert both.output_names == tuple(f"{s} {name}" for s in "LR" for name in side.output_names)
    assert both.get_num_connections() == 2 * side.get_num_connections() + 2
    first, second = both.connections[-2:]
    motor, renshaw = side.get_population_index("flexor motor"), side.get_population_index("flexor Renshaw")
    assert (first.source, first.destination) == (motor, n + renshaw)
    assert (second.source, second.destination) == (n + motor, renshaw)
    assert side.get_num_neurons() == n  # it stayed as it was


def test_sides_do_the_same_and_do_not_mix():
    both = mirrored(AntagonistNetwork())
    x = np.zeros((500, both.get_num_inputs()))
    x[:, both.get_input_index("right_flexor Ia")] = 15.0
    y = both.compile(0.1).run(x)[-1]
    assert y[both.get_output_index("left_flexor motor")] == 0.0
    assert y[both.get_output_index("right_flexor motor")] > 5.0


def test_commissural_inhibition_makes_sides_alternate():
    """From another start on the right; from the same one they stay together."""
    side = AdaptiveHalfCentreNetwork(500.0, "hc ")
    commissure = [(NonSpikingSynapse(0.4, -100.0), "hc A", "hc A")]
    other = AdaptiveHalfCentreNetwork(500.0, "hc ", phase=0.2)
    start = {p.name: p.initial for p in other.populations}

    def lag(**options):
        both = mirrored(side, "l ", "r ", commissure, **options)
        for name in ("l hc A", "l hc B", "r hc A", "r hc B"):
            both.add_output(name)
        y = both.compile(0.5).run(30_000)
        return phase_lag(y[:, 0] - y[:, 1], y[:, 2] - y[:, 3], 0.5)

    assert lag(initial_values=start) == pytest.approx(0.5, abs=0.02)
    assert lag() in (pytest.approx(0.0, abs=1e-6), pytest.approx(1.0, abs=1e-6))


def test_other_initial_values_lose_nothing():
    side = Network("side")
    side.add_population(NonSpikingNeuron(), (2, 2), "grid", "blue", [1.0, 2.0, 3.0, 4.0])
    side.add_neuron(NonSpikingNeuron(bias=1.0), "one", "red")
    side.add_connection(NonSpikingSynapse(), "grid", "one", "wire", view_label=True)
    side.add_input("grid", 4, "image", "green")
    side.add_output("wire", "g", kind="conductance", color="pink")
    plain, started = mirrored(side), mirrored(side, initial_values={"one": 7.0})
    assert plain.connections == started.connections
    assert plain.inputs == started.inputs
    assert plain.outputs == started.outputs
    for a, b in zip(plain.populations, started.populations, strict=True):
        assert (a.name, a.neuron, a.shape, a.color) == (b.name, b.neuron, b.shape, b.color)
        np.testing.assert_array_equal(b.initial, [7.0] if b.name == "right_one" else a.initial)
    assert side.populations[1].initial == 0.0


def test_refusals():
    side = AntagonistNetwork()
    with pytest.raises(NetworkError, match="different prefixes"):
        mirrored(side, "x", "x")
    with pytest.raises(NetworkError, match="is no network"):
        mirrored("side")
    with pytest.raises(NetworkError, match="give \\(synapse, source, destination\\)"):
        mirrored(side, commissural=[("flexor motor", "extensor motor")])
    with pytest.raises(UnknownNameError, match="flexor motor"):
        mirrored(side, commissural=[(NonSpikingSynapse(), "flexor moto", "flexor motor")])
    with pytest.raises(UnknownNameError, match="did you mean"):
        mirrored(side, initial_values={"flexor moto": 1.0})
    with pytest.raises(NetworkError, match="'flexor motor'"):
        mirrored(side, initial_values={"flexor motor": [1.0, 2.0]})
