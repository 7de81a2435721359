import numpy as np
import pytest

from sns_mujoco import Network, NonSpikingNeuron, NonSpikingSynapse
from sns_mujoco.errors import UnknownNameError
from sns_mujoco.rendering.circuit import Circuit
from sns_mujoco.rendering.curves import polyline

SIZE = (360, 240)
RED, GREEN, BLUE = (1.0, 0.3, 0.2), (0.3, 0.9, 0.4), (0.3, 0.5, 1.0)


def chain():
    net = Network("chain")
    for name in "abc":
        net.add_neuron(NonSpikingNeuron(), name)
    synapse = NonSpikingSynapse(max_conductance=1.0, reversal_potential=100.0, e_lo=0.0, e_hi=20.0)
    net.add_connection(synapse, "a", "b")
    net.add_connection(NonSpikingSynapse(max_conductance=1.0, reversal_potential=-40.0, e_lo=0.0, e_hi=20.0), "b", "c")
    return net


def drawn(circuit, activity):
    picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    circuit.draw(picture, np.asarray(activity, float))
    return picture.astype(float)


def at(picture, place, beside=0.0):
    return picture[int(place[1]), int(place[0] + beside)]


def test_a_neuron_is_as_bright_as_its_potential_says():
    circuit = Circuit(chain(), SIZE, colors=[RED, GREEN, BLUE], ranges={"c": (-60.0, -20.0)})
    assert np.allclose(circuit.activity([5.0, 40.0, -30.0]), [0.25, 1.0, 0.75])
    assert np.allclose(circuit.activity([-5.0, np.nan, np.inf]), [0.0, 0.0, 1.0])
    quiet, full = drawn(circuit, [0, 0, 0]), drawn(circuit, [1, 1, 1])
    off = -0.6 * circuit.radius  # beside the name
    for n, color in enumerate((RED, GREEN, BLUE)):
        dark, bright = at(quiet, circuit.places[n], off), at(full, circuit.places[n], off)
        assert dark.max() < 60 and np.abs(bright - 255 * np.array(color)).max() < 3
        for level in (0.25, 0.5, 0.8):
            activity = np.zeros(3)
            activity[n] = level
            shown = at(drawn(circuit, activity), circuit.places[n], off)
            assert np.abs(shown - (dark + level * (bright - dark))).max() < 2


def test_only_what_leaves_an_active_neuron_lights_up():
    circuit = Circuit(chain(), SIZE, colors=[BLUE, BLUE, BLUE])
    quiet, lit = drawn(circuit, [0, 0, 0]), drawn(circuit, [1, 0, 0])
    changed = np.abs(lit - quiet).max(axis=-1) > 12
    (xa, ya), (xb, _), (xc, _) = circuit.places
    assert xa < xb < xc
    between = slice(int(xa + 1.6 * circuit.radius * 1.5), int(xb - circuit.radius) - 2)
    rows = slice(int(ya) - 20, int(ya) + 20)
    assert changed[rows, between].any(axis=0).mean() > 0.9  # the way from a to b
    greener = (lit - quiet)[rows, between].max(axis=(0, 1))
    assert greener[1] > greener[0]  # excitation
    after = slice(int(xb + circuit.radius) + 2, int(xc - circuit.radius) - 2)
    assert not changed[:, after].any()
    redder = (drawn(circuit, [0, 1, 0]) - quiet)[rows, after].max(axis=(0, 1))
    assert redder[0] > redder[1]  # inhibition


def test_names_stay_readable_on_dark_and_on_bright_neurons():
    circuit = Circuit(chain(), SIZE, colors=[(1.0, 0.9, 0.5)] * 3)
    place, reach = circuit.places[1], int(0.5 * circuit.radius)
    for activity in ([0, 0, 0], [1, 1, 1]):
        part = drawn(circuit, activity)[
            int(place[1]) - reach : int(place[1]) + reach, int(place[0]) - reach : int(place[0]) + reach
        ]
        assert np.ptp(part.mean(axis=-1)) > 90


def test_everything_stays_inside_and_a_network_of_nothing_is_drawn():
    circuit = Circuit(chain(), SIZE)
    assert (circuit.places > circuit.radius).all() and (circuit.places < np.array(SIZE) - circuit.radius).all()
    empty = Circuit(Network("nothing"), SIZE)
    assert drawn(empty, np.zeros(0)).max() > 150  # the title
    assert empty.activity([]).size == 0


def test_a_population_shows_its_mean_and_unknown_names_are_refused():
    net = Network("crowd")
    net.add_population(NonSpikingNeuron(), 4, "many")
    net.add_neuron(NonSpikingNeuron(), "one")
    circuit = Circuit(net, SIZE, ranges={"many": (0.0, 10.0), "one": (0.0, 10.0)})
    assert np.allclose(circuit.activity([0.0, 10.0, 5.0, 5.0, 2.0]), [0.5, 0.2])
    with pytest.raises(UnknownNameError, match="'mny'.*'many'"):
        Circuit(net, SIZE, ranges={"mny": (0.0, 1.0)})


def test_ways_become_points():
    points = polyline("M0 0L10 0C20 0 20 10 20 20")
    assert points[0] == (0.0, 0.0) and points[1] == (10.0, 0.0) and points[-1] == (20.0, 20.0)
    assert len(points) == 10 and points[5] == pytest.approx((10 / 8 + 60 / 8 + 60 / 8 + 20 / 8, 3.75 + 2.5), abs=1e-9)
