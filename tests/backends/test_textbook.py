"""What the default semantics compute, against analytic results."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.signal import correlate

import sns_mujoco.network as sns

BACKENDS = pytest.mark.parametrize("backend", ["numpy", "numba"])


def network(*neurons, **initial):
    """A network of single neurons called a, b, c, ..., whose potentials are read."""
    net = sns.Network()
    for name, neuron in zip("abcdefg", neurons, strict=False):
        net.add_neuron(neuron, name, initial_value=initial.get(name))
        net.add_output(name)
    return net


def steady(net, dt=0.1, steps=1200, backend="numba"):
    """Outputs after a long time."""
    return net.compile(dt, backend).run(steps)[-1]


@BACKENDS
@pytest.mark.parametrize("conductance", [0.5, 1.0, 2.0])
def test_time_constant_is_capacitance_over_conductance(backend, conductance):
    neuron = sns.NonSpikingNeuron(membrane_capacitance=5.0, membrane_conductance=conductance, bias=10.0)
    dt, steps = 0.002, 2000
    y = network(neuron).compile(dt, backend).run(steps)[-1, 0]
    assert y == pytest.approx(10.0 / conductance * (1 - np.exp(-steps * dt * conductance / 5.0)), rel=1e-3)


@BACKENDS
def test_without_leak_a_neuron_integrates(backend):
    neuron = sns.NonSpikingNeuron(membrane_conductance=0.0, membrane_capacitance=4.0, bias=2.0)
    assert network(neuron).compile(0.1, backend).run(100)[-1, 0] == pytest.approx(2.0 / 4.0 * 10.0)


@BACKENDS
def test_parallel_synapses_add_each_with_its_own_reversal_potential(backend):
    net = network(sns.NonSpikingNeuron(bias=20.0), sns.NonSpikingNeuron(), a=20.0)
    net.add_connection(sns.NonSpikingSynapse(0.5, 40.0), "a", "b")
    net.add_connection(sns.NonSpikingSynapse(0.25, -40.0), "a", "b")
    net.add_connection(sns.NonSpikingSynapse(0.25, 100.0), "a", "b")
    expected = (0.5 * 40 - 0.25 * 40 + 0.25 * 100) / (1 + 0.5 + 0.25 + 0.25)
    assert steady(net, backend=backend)[1] == pytest.approx(expected)


@BACKENDS
@pytest.mark.parametrize("share", [-0.5, 0.0, 0.25, 1.0, 1.5])
@pytest.mark.parametrize("e_lo, e_hi", [(-2.0, 6.0), (6.0, -2.0)])
def test_graded_synapse_is_a_ramp_between_its_limits(backend, share, e_lo, e_hi):
    potential = e_lo + share * (e_hi - e_lo)
    net = network(sns.NonSpikingNeuron(resting_potential=potential), sns.NonSpikingNeuron())
    net.add_connection(sns.NonSpikingSynapse(0.8, 30.0, e_lo, e_hi), "a", "b")
    g = 0.8 * np.clip(share, 0, 1)
    assert steady(net, backend=backend)[1] == pytest.approx(g * 30.0 / (1 + g))


@BACKENDS
def test_synapses_between_populations_share_out_conductance_and_increment(backend):
    net = sns.Network()
    net.add_population(sns.SpikingNeuron(threshold_initial_value=-1.0), 4, "source")  # spikes in every step
    net.add_population(sns.NonSpikingNeuron(), 3, "target")
    net.add_connection(
        sns.SpikingSynapse(0.8, 50.0, time_constant=1e9, conductance_increment=0.2), "source", "target", "synapse"
    )
    net.add_output("synapse", kind="conductance")
    y = net.compile(0.1, backend).run(6)
    assert y.shape == (6, 12)
    np.testing.assert_allclose(y, np.minimum(np.arange(1, 7) * 0.2 / 4, 0.8 / 4)[:, None] * np.ones(12), rtol=1e-6)


@BACKENDS
def test_gates_start_at_their_steady_state(backend):
    neuron = sns.NonSpikingNeuronWithPersistentSodiumChannel()
    net = sns.Network()
    net.add_neuron(neuron, "a", initial_value=5.0)
    net.add_output("a", kind="gate_b")
    expected = 1 / (1 + 0.5 * np.exp(-0.05 * (0.0 - 5.0)))
    model = net.compile(0.1, backend)
    assert model.state[model.layout.gate][0] == pytest.approx(expected, rel=1e-12)
    held = sns.NonSpikingNeuronWithPersistentSodiumChannel(g_ion=0.0, resting_potential=5.0)
    still = sns.Network()
    still.add_neuron(held, "a")
    still.add_output("a", kind="gate_b")
    np.testing.assert_allclose(still.compile(0.1, backend).run(50), expected, rtol=1e-12)


@BACKENDS
@pytest.mark.parametrize("mode", ["voltage", "constant"])
def test_gate_follows_its_time_constant(backend, mode):
    """At a held potential a gate decays exponentially to its steady state."""
    k, slope, e, tau_max, potential = 0.5, -0.05, 0.0, 30.0, 30.0
    x = k * np.exp(slope * (e - potential))
    target = 1 / (1 + x)
    tau = tau_max if mode == "constant" else tau_max * target * np.sqrt(x)
    neuron = sns.NonSpikingNeuronWithGatedChannels(
        0.0, 50.0, pow_b=1, k_b=k, slope_b=slope, e_b=e, tau_max_b=tau_max, tau_mode_b=mode,
        resting_potential=potential,
    )  # fmt: skip
    net = sns.Network()
    net.add_neuron(neuron, "a")
    net.add_output("a", kind="gate_b")
    model = net.compile(0.01, backend)
    state = model.state
    state[model.layout.gate] = 0.0
    model.state = state
    y = model.run(1000)[:, 0]
    np.testing.assert_allclose(y, target * (1 - np.exp(-np.arange(1, 1001) * 0.01 / tau)), rtol=2e-3)


def test_persistent_sodium_neuron_follows_its_differential_equation():
    neuron = sns.NonSpikingNeuronWithPersistentSodiumChannel(bias=1.0)
    y = network(neuron, a=2.0).compile(0.01).run(5000)[:, 0]

    def inf(k, slope, e, v):
        return 1 / (1 + k * np.exp(slope * (e - v)))

    def rates(_, state):
        v, h = state
        x = 0.5 * np.exp(-0.05 * (0.0 - v))
        tau = 300.0 * np.sqrt(x) / (1 + x)
        sodium = neuron.g_ion * inf(1.0, 0.05, 20.0, v) * h * (110.0 - v)
        return [(-v + 1.0 + sodium) / 5.0, (inf(0.5, -0.05, 0.0, v) - h) / tau]

    truth = solve_ivp(rates, (0, 50.0), [2.0, inf(0.5, -0.05, 0.0, 2.0)], rtol=1e-9, atol=1e-9)
    assert y[-1] == pytest.approx(truth.y[0, -1], abs=5e-3)


def test_default_sodium_conductance_gives_an_equilibrium_at_20_mv():
    net = network(sns.NonSpikingNeuronWithPersistentSodiumChannel(), a=20.0)
    np.testing.assert_allclose(net.compile(0.1).run(1000), 20.0, atol=1e-9)


def test_channels_of_one_neuron_add_and_each_has_its_own_gates():
    both = sns.NonSpikingNeuronWithGatedChannels([0.3, 0.2], [50.0, -90.0], pow_a=[0, 2], slope_a=[0, 0.1])
    first = steady(network(both))[0]
    gate = (1 / (1 + np.exp(-0.1 * first))) ** 2
    assert first == pytest.approx((0.3 * 50 - 0.2 * gate * 90) / (1 + 0.3 + 0.2 * gate))


@BACKENDS
def test_interspike_interval_of_a_leaky_integrate_and_fire_neuron(backend):
    neuron = sns.SpikingNeuron(bias=3.0, threshold_initial_value=1.0)  # tau 5 ms, towards 3 mV
    net = sns.Network()
    net.add_neuron(neuron, "a")
    net.add_output("a", spiking=True)
    spikes = np.flatnonzero(net.compile(0.001, backend).run(20_000 if backend == "numba" else 4500)[:, 0])
    assert np.diff(spikes) * 0.001 == pytest.approx(5.0 * np.log(3.0 / 2.0), abs=0.002)


@BACKENDS
def test_threshold_moves_as_described(backend):
    neuron = sns.SpikingNeuron(
        bias=4.0, threshold_initial_value=50.0, threshold_proportionality_constant=2.0, threshold_leak_rate=0.5,
        threshold_time_constant=3.0,
    )  # fmt: skip
    net = sns.Network()
    net.add_neuron(neuron, "a")
    net.add_output("a", kind="threshold")
    assert steady(net, backend=backend)[0] == pytest.approx(50.0 + 2.0 * 4.0 / 0.5)


@BACKENDS
def test_spike_resets_the_potential_and_raises_the_threshold_to_its_floor_at_least(backend):
    kinds = {
        "raised": sns.SpikingNeuron(threshold_increment=2.0, threshold_initial_value=1.0, threshold_leak_rate=0.0),
        "floored": sns.SpikingNeuron(threshold_floor=7.0, threshold_initial_value=1.0, threshold_leak_rate=0.0),
    }
    net = sns.Network()
    for name, kind in kinds.items():
        net.add_neuron(kind, name, initial_value=4.0)
        net.add_output(name)
        net.add_output(name, kind="threshold")
        net.add_output(name, spiking=True)
    y = net.compile(0.1, backend)()
    np.testing.assert_allclose(y, [0.0, 3.0, 1.0, 0.0, 7.0, 1.0])


@BACKENDS
def test_equality_with_the_threshold_is_no_spike(backend):
    neuron = sns.SpikingNeuron(threshold_initial_value=1.0, resting_potential=1.0, reset_potential=0.0)
    net = network(neuron)
    net.add_output("a", spiking=True)
    assert net.compile(0.1, backend).run(20)[:, 1].sum() == 0


@BACKENDS
@pytest.mark.parametrize("period, between", [(0.0, 1), (0.5, 6), (2.0, 21)])
def test_refractory_period_holds_the_neuron_at_its_reset_potential(backend, period, between):
    neuron = sns.SpikingNeuron(
        bias=1000.0, threshold_initial_value=1.0, reset_potential=-3.0, refractory_period=period
    )  # spikes as soon as it may
    net = network(neuron)
    net.add_output("a", spiking=True)
    y = net.compile(0.1, backend).run(100)
    assert set(np.diff(np.flatnonzero(y[:, 1]))) == {between}
    assert (y[:, 0] == -3.0).all()


@BACKENDS
@pytest.mark.parametrize(
    "delay", [{}, {"transmission_delay": 1}, {"transmission_delay": 17}, {"transmission_delay_ms": 1.7}]
)
def test_spike_arrives_after_its_delay(backend, delay):
    steps = delay.get("transmission_delay", 17 if delay else 0)
    net = sns.Network()
    net.add_neuron(sns.SpikingNeuron(threshold_leak_rate=0.0, threshold_increment=1e6), "a", initial_value=5.0)
    net.add_neuron(sns.NonSpikingNeuron(), "b")
    net.add_connection(sns.SpikingSynapse(0.5, 60.0, time_constant=2.0, **delay), "a", "b", "synapse")
    net.add_output("a", spiking=True)
    net.add_output("synapse", kind="conductance")
    net.add_output("b")
    y = net.compile(0.1, backend).run(40)
    assert np.flatnonzero(y[:, 0]).tolist() == [0]
    assert np.flatnonzero(y[:, 1])[0] == steps
    np.testing.assert_allclose(y[steps:, 1], 0.5 * (1 - 0.1 / 2.0) ** np.arange(40 - steps))
    assert np.flatnonzero(y[:, 2])[0] == steps + 1


@BACKENDS
def test_every_source_keeps_spikes_for_its_own_longest_delay(backend):
    net = sns.Network()
    net.add_population(sns.SpikingNeuron(threshold_leak_rate=0, threshold_increment=1e6), 2, "s", initial_value=5.0)
    net.add_population(sns.NonSpikingNeuron(), 2, "t")
    delays = np.array([[0, 9], [5, 3]])
    net.add_connection(sns.SpikingMatrixConnection(np.full((2, 2), 0.1), transmission_delay=delays), "s", "t", "matrix")
    net.add_output("matrix", kind="conductance")
    y = net.compile(0.1, backend).run(12)
    assert (y > 0).argmax(axis=0).tolist() == delays.ravel().tolist()


@BACKENDS
def test_reset_restores_everything_spikes_in_flight_included(backend):
    net = sns.Network()
    net.add_neuron(sns.SpikingNeuron(bias=30.0, refractory_period=0.4), "a")
    net.add_neuron(sns.NonSpikingNeuronWithPersistentSodiumChannel(), "b")
    net.add_connection(sns.SpikingSynapse(0.5, 60.0, time_constant=20.0, transmission_delay=23), "a", "b")
    net.add_output("b")
    model = net.compile(0.1, backend)
    first = model.run(300)
    assert model.state[model.layout.ring].sum() > 3
    model.reset()
    np.testing.assert_array_equal(model.run(300), first)


@BACKENDS
@pytest.mark.parametrize(
    "shape, kernel", [((9,), (3,)), ((9,), (5,)), ((4, 6), (3, 3)), ((4, 6), (1, 5)), ((3, 3), (5, 5))]
)
def test_pattern_is_a_cross_correlation_without_wrapping(backend, shape, kernel):
    rng = np.random.default_rng(3)
    g, activity = rng.uniform(0.01, 0.1, kernel), rng.uniform(0, 20.0, shape)
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(bias=activity), shape, "a", initial_value=activity)
    net.add_population(sns.NonSpikingNeuron(), shape, "b")
    net.add_connection(sns.NonSpikingPatternConnection(g, 50.0), "a", "b")
    net.add_output("b")
    total = correlate(activity / 20.0, g, mode="full")
    start = [(size - 1) // 2 for size in kernel]
    total = total[tuple(slice(s, s + n) for s, n in zip(start, shape, strict=True))]
    np.testing.assert_allclose(steady(net, backend=backend), (total * 50 / (1 + total)).ravel(), rtol=1e-6)


def test_spiking_pattern_and_matrix_reach_the_neurons_they_describe():
    g = np.array([[0.0, 0.2, 0.0], [0.1, 0.0, 0.3]])
    net = sns.Network()
    net.add_population(sns.SpikingNeuron(threshold_leak_rate=0, threshold_increment=1e6), 3, "s", initial_value=5.0)
    net.add_population(sns.NonSpikingNeuron(), 2, "t")
    net.add_population(sns.NonSpikingNeuron(), 3, "p")
    net.add_connection(sns.SpikingMatrixConnection(g, 50.0, time_constant=1e9), "s", "t", "m")
    net.add_connection(sns.SpikingPatternConnection([0.1, 0.0, 0.4], 50.0, time_constant_kernel=1e9), "s", "p", "k")
    net.add_output("m", kind="conductance")
    net.add_output("k", kind="conductance")
    y = net.compile(0.1)()
    np.testing.assert_allclose(y, [0.2, 0.1, 0.3, 0.4, 0.1, 0.4, 0.1], rtol=1e-6)


def test_one_entry_kernel_joins_all_to_all():
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(bias=20.0), 3, "a", initial_value=20.0)
    net.add_population(sns.NonSpikingNeuron(), 3, "b")
    net.add_connection(sns.NonSpikingPatternConnection([0.1], 50.0), "a", "b")
    net.add_output("b")
    np.testing.assert_allclose(steady(net), 0.3 * 50 / 1.3)


@BACKENDS
def test_electrical_synapse_pulls_both_neurons_together(backend):
    net = network(sns.NonSpikingNeuron(bias=10.0), sns.NonSpikingNeuron())
    net.add_connection(sns.ElectricalSynapse(0.5), "a", "b")
    np.testing.assert_allclose(steady(net, backend=backend), np.linalg.solve([[1.5, -0.5], [-0.5, 1.5]], [10.0, 0.0]))


@BACKENDS
@pytest.mark.parametrize("bias, coupled", [((10.0, 0.0), True), ((0.0, 10.0), False)])
def test_rectified_synapse_conducts_one_way_only(backend, bias, coupled):
    net = network(*(sns.NonSpikingNeuron(bias=b) for b in bias))
    net.add_connection(sns.ElectricalSynapse(0.5, rect=True), "a", "b")
    g = 0.5 if coupled else 0.0
    np.testing.assert_allclose(steady(net, backend=backend), np.linalg.solve([[1 + g, -g], [-g, 1 + g]], bias))


def test_opposite_rectified_synapses_make_an_electrical_one():
    net = network(sns.NonSpikingNeuron(bias=10.0), sns.NonSpikingNeuron())
    net.add_connection(sns.ElectricalSynapse(0.5, rect=True), "a", "b")
    net.add_connection(sns.ElectricalSynapse(0.5, rect=True), "b", "a")
    np.testing.assert_allclose(steady(net), np.linalg.solve([[1.5, -0.5], [-0.5, 1.5]], [10.0, 0.0]))


def test_in_one_population_every_two_neurons_share_one_junction():
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(bias=[6.0, 0.0, 0.0]), 3, "a")
    net.add_connection(sns.ElectricalSynapse(0.3), "a", "a")
    net.add_output("a")
    laplacian = 0.1 * (3 * np.eye(3) - np.ones((3, 3)))
    np.testing.assert_allclose(steady(net), np.linalg.solve(np.eye(3) + laplacian, [6.0, 0.0, 0.0]))


@BACKENDS
def test_parameters_of_a_population_may_differ_from_neuron_to_neuron(backend):
    """A population of three is three single neurons."""
    rng = np.random.default_rng(5)
    common = {
        "membrane_capacitance": rng.uniform(2, 6, 3), "membrane_conductance": rng.uniform(0.5, 2, 3),
        "resting_potential": rng.uniform(-2, 2, 3), "bias": rng.uniform(5, 20, 3),
    }  # fmt: skip
    kinds = {
        sns.SpikingNeuron: common
        | {
            "threshold_time_constant": rng.uniform(2, 6, 3), "threshold_initial_value": rng.uniform(3, 6, 3),
            "threshold_proportionality_constant": rng.uniform(-0.5, 1, 3), "reset_potential": rng.uniform(-3, 0, 3),
            "threshold_increment": rng.uniform(0, 1, 3), "refractory_period": np.array([0.0, 0.3, 1.0]),
            "threshold_floor": rng.uniform(0, 3, 3), "threshold_leak_rate": rng.uniform(0.5, 1.5, 3),
        },
        sns.NonSpikingNeuronWithPersistentSodiumChannel: common
        | {"g_ion": rng.uniform(0.5, 2, 3), "e_h": rng.uniform(-2, 2, 3), "tau_max_h": rng.uniform(20, 50, 3)},
        sns.NonSpikingNeuronWithGatedChannels: common
        | {
            "g_ion": rng.uniform(0, 1, (2, 3)), "e_ion": rng.uniform(-50, 50, (2, 3)), "pow_a": np.ones((2, 3)),
            "slope_a": rng.uniform(0, 0.1, (2, 3)), "e_a": np.array([3.0, 1.0]), "pow_c": 2, "slope_c": -0.1,
        },
    }  # fmt: skip
    whole, single = sns.Network(), sns.Network()
    for kind, parameters in kinds.items():
        whole.add_population(kind(**parameters), 3, kind.__name__)
        whole.add_output(kind.__name__)
        for i in range(3):
            mine = {}
            for name, value in parameters.items():
                per_neuron = np.ndim(value) == 2 or np.shape(value) == (3,)
                mine[name] = value[..., i] if per_neuron else value
            single.add_neuron(kind(**mine), f"{kind.__name__} {i}")
            single.add_output(f"{kind.__name__} {i}")
    np.testing.assert_array_equal(whole.compile(0.1, backend).run(200), single.compile(0.1, backend).run(200))


@BACKENDS
def test_inputs_add_and_an_input_of_one_element_reaches_the_whole_population(backend):
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(), (2, 2), "a")
    net.add_input("a", name="all")
    net.add_input("a", size=4, name="each")
    net.add_output("a")
    model = net.compile(0.1, backend)
    assert model.program.input_names == ("all", "each[0,0]", "each[0,1]", "each[1,0]", "each[1,1]")
    y = model([1.0, 10.0, 20.0, 30.0, 40.0])
    np.testing.assert_allclose(y, np.array([11.0, 21.0, 31.0, 41.0]) * 0.1 / 5.0)
