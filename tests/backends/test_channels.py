"""Ion channels: gates against an accurate integrator, initial gates, time constants."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from sns_mujoco.network import (
    Network,
    NonSpikingNeuron,
    NonSpikingNeuronWithGatedChannels,
    NonSpikingNeuronWithPersistentSodiumChannel,
)

TWO_CHANNELS = {
    "g_ion": [3.0, 1.2], "e_ion": [55.0, -80.0],
    "pow_a": [3, 0], "k_a": [1.0, 1.0], "slope_a": [0.15, 0.0], "e_a": [-38.0, 0.0],
    "pow_b": [1, 4], "k_b": [0.6, 1.2], "slope_b": [-0.12, 0.09], "e_b": [-52.0, -45.0], "tau_max_b": [12.0, 25.0],
    "pow_c": [0, 1], "k_c": [1.0, 0.4], "slope_c": [0.0, -0.03], "e_c": [0.0, -50.0], "tau_max_c": [1.0, 200.0],
}  # fmt: skip


def gate(z, v):
    """z_inf, and tau_z over tau_max, of both channels."""
    e = np.array(TWO_CHANNELS[f"k_{z}"]) * np.exp(
        np.array(TWO_CHANNELS[f"slope_{z}"]) * (np.array(TWO_CHANNELS[f"e_{z}"]) - v)
    )
    return 1 / (1 + e), np.sqrt(e) / (1 + e)


@pytest.mark.parametrize("mode_b", ["voltage", "constant"])
@pytest.mark.parametrize("mode_c", ["voltage", ("voltage", "constant")])
def test_gates_follow_their_equations(backend, mode_b, mode_c):
    net = Network()
    neuron = NonSpikingNeuronWithGatedChannels(
        **TWO_CHANNELS, tau_mode_b=mode_b, tau_mode_c=mode_c, resting_potential=-60.0, bias=9.0
    )
    net.add_neuron(neuron, initial_value=-75.0)
    net.add_output(0)
    for kind in ("gate_b", "gate_c"):
        for channel in range(2):
            net.add_output(0, kind=kind, channel=channel)
    constant = {"b": np.full(2, mode_b == "constant"), "c": np.array([False, mode_c != "voltage"])}

    def slope(_, state):
        v, gates = state[0], {"b": state[1:3], "c": state[3:]}
        change = []
        current = np.array(TWO_CHANNELS["g_ion"]) * gate("a", v)[0] ** np.array(TWO_CHANNELS["pow_a"])
        for z in "bc":
            steady, relative = gate(z, v)
            tau = np.array(TWO_CHANNELS[f"tau_max_{z}"]) * np.where(constant[z], 1.0, relative)
            change.append((steady - gates[z]) / tau)
            current = current * gates[z] ** np.array(TWO_CHANNELS[f"pow_{z}"])
        total = (current * (np.array(TWO_CHANNELS["e_ion"]) - v)).sum()
        return [(-(v + 60.0) + 9.0 + total) / 5.0, *change[0], *change[1]]

    start = [-75.0, *gate("b", -75.0)[0], *gate("c", -75.0)[0]]
    exact = solve_ivp(slope, (0, 40.0), start, rtol=1e-9, atol=1e-9, t_eval=np.arange(1, 41)).y.T
    result = net.compile(dt=0.01, backend=backend).run(4000)[99::100]
    assert np.ptp(exact[:, 0]) > 5.0
    np.testing.assert_allclose(result[:, 0], exact[:, 0], rtol=0, atol=0.01)
    np.testing.assert_allclose(result[:, 1:], exact[:, 1:], rtol=0, atol=2e-4)


def test_gates_start_at_their_steady_state(backend):
    net = Network()
    net.add_neuron(NonSpikingNeuronWithPersistentSodiumChannel(), initial_value=5.0)
    h = net.compile(dt=0.1, backend=backend).state
    assert 1 / (1 + 0.5 * np.exp(-0.05 * (0 - 5.0))) == pytest.approx(0.6090, abs=5e-5)
    assert 0.6090 == pytest.approx(h[1], abs=5e-5)
    assert 0.7197 == pytest.approx(net.to_program(0.1, "sns-toolbox").initial_gate[0, 0], abs=5e-5)


def test_neurons_with_one_and_two_channels_live_side_by_side(backend):
    alone = Network()
    alone.add_neuron(NonSpikingNeuronWithPersistentSodiumChannel(bias=3.0), "sodium")
    alone.add_output("sodium")
    together = alone.copy()
    together.add_neuron(NonSpikingNeuron(), "plain")
    together.add_neuron(NonSpikingNeuronWithGatedChannels(**TWO_CHANNELS, resting_potential=-60.0), "two")
    expected = alone.compile(dt=0.1, backend=backend).run(500)
    np.testing.assert_array_equal(together.compile(dt=0.1, backend=backend).run(500), expected)
    assert together.to_program(0.1, "sns-toolbox").channel_row.tolist() == [0, 2, 2, 4]  # its one channel counts twice


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_a_gate_far_from_its_midpoint_reaches_its_steady_state_and_no_further(backend):
    """Where tau(V) is shorter than the step; the persistent sodium of the published rat, strongly driven."""
    net = Network()
    net.add_neuron(
        NonSpikingNeuronWithPersistentSodiumChannel(
            g_ion=1.5, e_ion=50.0, slope_m=0.2, e_m=-40.0, slope_h=-0.6, e_h=-60.0, tau_max_h=350.0,
            resting_potential=-60.0, bias=40.0,
        ),
        "neuron",
    )  # fmt: skip
    net.add_output("neuron", kind="gate_b")
    gates = net.compile(dt=0.1, backend=backend).run(5000)
    assert np.isfinite(gates).all()
    assert gates.min() >= 0.0 and gates.max() <= 1.0
    assert gates[-1] < 1e-9  # inactivated, as at -20 mV it must be


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 11, 17])
@pytest.mark.parametrize("integrator", ["euler", "exponential"])
def test_a_channel_is_the_same_among_any_number_of_others(count, integrator):
    def net(members):
        made = Network()
        for k in members:
            sodium = NonSpikingNeuronWithPersistentSodiumChannel(
                g_ion=[1.0 + 0.1 * k], e_m=[-40.0 + k], tau_max_h=[100.0 + 10.0 * k], bias=2.0 + 0.3 * k
            )
            made.add_neuron(sodium, f"n{k}", initial_value=-60.0 + k)
            made.add_output(f"n{k}", name=f"v{k}")
            made.add_output(f"n{k}", kind="gate_b", channel=0, name=f"h{k}")
        return made.compile(dt=0.5, backend="numba", integrator=integrator)

    together = net(range(count)).run(200)
    assert np.ptp(together, 0).min() > 1e-3
    for k in range(count):
        np.testing.assert_array_equal(together[:, 2 * k : 2 * k + 2], net([k]).run(200))
