"""What spikes leave behind: time courses, delays, jumps, and what is shared."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import sns_mujoco.network as sns
from sns_mujoco.backends.families import ReceptorKind
from sns_mujoco.errors import NetworkError, TimeStepError

DT = 0.05


def driven(synapse, times, backend="numba", steps=400, dt=DT, read="current", **options):
    """Current or conductance of a synapse whose source spikes at some steps, one step after each spike leaves."""
    net = sns.Network()
    net.add_neuron(sns.LIFNeuron(dt, 0.5), "source")
    net.add_neuron(sns.NonSpikingNeuron(membrane_capacitance=1e9), "target")
    net.add_input("source")
    net.add_connection(synapse, "source", "target", "synapse")
    net.add_output("synapse", kind=read)
    x = np.zeros((steps, 1))
    x[times] = 1.0
    return net.compile(dt, backend, **options).run(x)[:, 0]


def test_a_current_decays_exponentially(backend):
    i = driven(sns.CurrentSynapse(-0.5, 2.0), [3, 60], backend, integrator="exponential")
    t = np.arange(400) * DT
    expected = -0.5 * sum(np.where(t >= s, np.exp(-(t - s) / 2.0), 0.0) for s in (4 * DT, 61 * DT))
    np.testing.assert_allclose(i, expected, atol=1e-14)
    i = driven(sns.CurrentSynapse(-0.5, 2.0), [3], backend)
    np.testing.assert_allclose(i[4:], -0.5 * (1 - DT / 2.0) ** np.arange(396), atol=1e-14)


def test_a_time_constant_of_zero_lasts_one_step(backend):
    i = driven(sns.CurrentSynapse(0.5, 0.0), [3, 4, 9], backend)
    assert np.flatnonzero(i).tolist() == [4, 5, 10] and set(i) == {0.0, 0.5}


@settings(max_examples=25, deadline=None)
@given(st.floats(0.1, 20.0), st.floats(0.02, 1.0))
def test_two_stages_follow_the_difference_of_exponentials_and_peak_at_the_weight(tau, share):
    rise = tau if share > 0.98 else tau * share
    i = driven(sns.CurrentSynapse(0.7, tau, rise), [0], "numpy", 200, 0.1, integrator="exponential")
    fine = np.linspace(0, 20 * tau, 200_001)
    t = np.maximum(np.arange(200) - 1, 0) * 0.1

    def curve(t):
        if rise == tau:
            return t / tau * np.exp(1 - t / tau)
        return np.exp(-t / tau) - np.exp(-t / rise)

    np.testing.assert_allclose(i[1:], 0.7 * curve(t)[1:] / curve(fine).max(), rtol=1e-5, atol=1e-9)


def test_an_alpha_function_peaks_at_its_weight_after_its_time_constant():
    g = driven(sns.ConductanceSynapse(0.3, 40.0, 5.0, 5.0), [0], read="conductance", integrator="exponential")
    assert np.argmax(g) == round(5.0 / DT) and g.max() == pytest.approx(0.3, rel=1e-12)


def test_forward_euler_of_two_stages_converges():
    exact = driven(sns.CurrentSynapse(1.0, 4.0, 1.0), [0], integrator="exponential")
    errors = []
    for dt in (0.05, 0.025):
        i = driven(sns.CurrentSynapse(1.0, 4.0, 1.0), [0], steps=round(20 / dt), dt=dt)
        errors.append(np.abs(i[1 :: round(DT / dt)][:390] - exact[1:391]).max())
    assert errors[0] < 0.02 and 1.8 < errors[0] / errors[1] < 2.2


def test_conductances_drive_towards_their_reversal_potential(backend):
    net = sns.Network()
    net.add_neuron(sns.LIFNeuron(0.1, 0.5), "source")
    net.add_neuron(sns.NonSpikingNeuron(resting_potential=-60.0), "target", initial_value=-50.0)
    net.add_input("source")
    net.add_connection(sns.ConductanceSynapse(0.5, -80.0, 3.0), "source", "target", "synapse")
    net.add_output("synapse", kind="conductance")
    net.add_output("synapse", kind="current")
    net.add_output("target")
    g, i, v = net.compile(0.1, backend).run(np.eye(50, 1)).T
    before = np.append(-50.0, v[:-1])
    assert i[0] == 0.0 and g[0] == 0.5  # at the end of the step in which the spike arrives
    np.testing.assert_allclose(i[1:], g[:-1] * (-80.0 - before[1:]), rtol=1e-13)
    np.testing.assert_allclose(v - before, 0.1 / 5 * (-60.0 - before + i), atol=1e-13)


@pytest.mark.parametrize("delay", [0.0, 0.3, 2.0])
def test_delays_are_in_ms(backend, delay):
    synapse = sns.CurrentSynapse(1.0, 0.0, delay=delay)
    i = driven(synapse, [3], backend, steps=60, dt=0.1)
    assert np.flatnonzero(i).tolist() == [4 + round(delay / 0.1)]


def test_delays_of_each_synapse(backend):
    net = sns.Network()
    net.add_population(sns.LIFNeuron(0.1, 0.5), 2, "source")
    net.add_population(sns.NonSpikingNeuron(), 3, "target")
    net.add_input("source", size=2)
    weights, delays = np.array([[1.0, 2.0], [0.0, 3.0], [4.0, 0.0]]), np.array([[0.0, 0.5], [9.0, 0.2], [0.1, 9.0]])
    net.add_connection(sns.CurrentSynapse(weights, 0.0, delay=delays), "source", "target", "synapse")
    net.add_output("synapse", kind="current")
    i = net.compile(0.1, backend).run(np.eye(20, 1) @ [[1.0, 1.0]])
    expected = np.zeros((20, 3))
    expected[1, 0], expected[6, 0], expected[3, 1], expected[2, 2] = 1.0, 2.0, 3.0, 4.0
    np.testing.assert_array_equal(i, expected)


def test_jumps_come_after_the_thresholds_of_their_step_and_yield_to_resets(backend):
    net = sns.Network()
    net.add_neuron(sns.LIFNeuron(0.1, 0.5), "source")
    net.add_neuron(sns.LIFNeuron(10.0, 1.0, refractory_period=0.2), "target")
    net.add_input("source")
    net.add_input("target")
    net.add_connection(sns.DeltaSynapse(0.6), "source", "target")
    net.add_output("target")
    net.add_output("target", spiking=True)
    x = np.zeros((10, 2))
    x[[0, 1, 3, 4, 5, 7], 0] = 1.0
    x[8, 1] = 200.0
    v, z = net.compile(0.1, backend).run(x).T
    keep = 0.99
    assert v[0] == 0.6 and v[1] == pytest.approx(0.6 * keep + 0.6) and z[:2].tolist() == [0, 0]
    assert z[2] == 1 and v[2] == 0.0
    assert v[3:5].tolist() == [0.0, 0.0]  # refractory: jumps are lost
    assert v[5] == 0.6 and v[7] == pytest.approx(0.6 * keep**2 + 0.6)
    assert z[8] == 1 and v[8] == 0.0


def test_weights_are_not_shared_out_and_populations_join_themselves():
    net = sns.Network()
    net.add_population(sns.LIFNeuron(), 3, "p")
    net.add_connection(sns.CurrentSynapse(0.5), "p", "p", "all")
    program = net.to_program(0.1)
    assert program.events.weight.tolist() == [0.5] * 9
    assert list(program.event_names) == [f"all[{t},{s}]" for s in range(3) for t in range(3)]


def test_synapses_of_one_time_course_share_receptors_unless_they_are_read():
    def network(read):
        net = sns.Network()
        net.add_neuron(sns.LIFNeuron(), "a")
        net.add_population(sns.LIFNeuron(), 2, "b")
        for k, synapse in enumerate(
            (sns.CurrentSynapse(0.1, 5.0), sns.CurrentSynapse(0.2, 5.0), sns.CurrentSynapse(0.2, 6.0),
             sns.ConductanceSynapse(0.2, 0.0, 5.0), sns.ConductanceSynapse(0.3, -80.0, 5.0), sns.DeltaSynapse(1.0),
             sns.CurrentSynapse(0.2, 5.0, 2.0))
        ):  # fmt: skip
            net.add_connection(synapse, "a", "b", f"c{k}")
        if read:
            net.add_output("c0", kind="current", name="own")
        return net.to_program(0.1)

    program = network(read=False)
    assert np.diff(program.receptors.row.astype(int)).tolist() == [0, 6, 6]
    assert program.receptors.kind[:6].tolist() == [
        ReceptorKind.CURRENT, ReceptorKind.CURRENT, ReceptorKind.CONDUCTANCE, ReceptorKind.CONDUCTANCE,
        ReceptorKind.JUMP, ReceptorKind.CURRENT,
    ]  # fmt: skip
    assert program.receptors.reversal[:6].tolist() == [0, 0, 0, -80, 0, 0]
    own = network(read=True)
    assert np.diff(own.receptors.row.astype(int)).tolist() == [0, 7, 7]
    assert own.output_names == ("own[0]", "own[1]")


def test_synapses_of_various_time_courses_in_one_connection():
    net = sns.Network()
    net.add_population(sns.LIFNeuron(), 3, "p")
    taus = [5.0, 2.0, 5.0, 2.0]
    listed = sns.SparseConnection(sns.CurrentSynapse(0.1), [0, 1, 2, 2], [0, 0, 0, 1], time_constant=taus)
    net.add_connection(listed, "p", "p", "c")
    program = net.to_program(0.1)
    assert np.diff(program.receptors.row.astype(int)).tolist() == [2, 1, 0]
    keep = 1 - 0.1 / np.array(taus)
    np.testing.assert_allclose(program.receptors.decay[program.events.receptor], keep)
    with pytest.raises(NetworkError, match="'c' has synapses of various time_constant and no common current"):
        net.add_output("c", kind="current")


def test_a_network_of_conductances_follows_its_differential_equation():
    """A leaky membrane with an alpha conductance, against a solver of high order: the error goes with the step."""
    tau, weight, end = 4.0, 0.8, 30.0

    def slope(t, y):
        return (-y + 1.0 + weight * t / tau * np.exp(1 - t / tau) * (20.0 - y)) / 5.0

    errors = []
    for dt in (0.02, 0.01):
        net = sns.Network()
        net.add_neuron(sns.LIFNeuron(dt, 0.5), "source")
        net.add_neuron(sns.NonSpikingNeuron(bias=1.0), "target")
        net.add_input("source")
        net.add_connection(sns.ConductanceSynapse(weight, 20.0, tau, tau), "source", "target")
        net.add_output("target")
        steps = round(end / dt)
        v = net.compile(dt, integrator="exponential").run(np.eye(steps, 1))[:, 0]
        at = np.arange(1, steps) * dt
        exact = solve_ivp(slope, (0, end), v[:1], t_eval=at, rtol=1e-10, atol=1e-12).y[0]
        assert exact.max() > 5.0
        errors.append(np.abs(v[1:] - exact).max())
    assert errors[1] < 0.01 and 1.9 < errors[0] / errors[1] < 2.1


def test_what_is_refused_when_it_is_compiled():
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuron(), "silent")
    net.add_neuron(sns.LIFNeuron(), "spiking")
    net.add_connection(sns.CurrentSynapse(), "silent", "spiking", "dead")
    with pytest.raises(NetworkError, match="connection 'dead': its source 'silent' never spikes"):
        net.to_program(0.1)
    for synapse, culprit, largest in (
        (sns.CurrentSynapse(1.0, 0.3), "receptor of 'b'", "0.3"),
        (sns.CurrentSynapse(1.0, 5.0, 0.2), "receptor of 'b'", "0.2"),
        (
            sns.CurrentSynapse(short_term=sns.TsodyksMarkram(tau_facilitation=0.4)),
            "short-term plasticity of synapse 'c'",
            "0.4",
        ),
        (sns.CurrentSynapse(plasticity=sns.STDP(tau_post=0.4)), "trace of synapse 'c'", "0.4"),
    ):
        net = sns.Network()
        net.add_neuron(sns.LIFNeuron(), "a")
        net.add_neuron(sns.LIFNeuron(), "b")
        net.add_connection(synapse, "a", "b", "c")
        with pytest.raises(
            TimeStepError, match=f"{culprit} can change too fast; the largest safe step is {largest} ms"
        ):
            net.to_program(0.5)
        net.to_program(0.5, integrator="exponential")
    net.add_connection(sns.CurrentSynapse(delay=0.2), "a", "b", "late")
    with pytest.raises(TimeStepError, match="connection 'late': a delay of 0.2 ms is less than half the neural step"):
        net.to_program(0.5, integrator="exponential")
