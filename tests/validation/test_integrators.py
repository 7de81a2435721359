"""Forward and exponential Euler against exact solutions and against high-order integration of the same equations."""

from functools import cache

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from sns_mujoco.errors import TimeStepError
from sns_mujoco.network import (
    ConductanceSynapse,
    CurrentSynapse,
    ElectricalSynapse,
    LIFNeuron,
    Network,
    NonSpikingNeuron,
    NonSpikingNeuronWithPersistentSodiumChannel,
    NonSpikingSynapse,
    OrnsteinUhlenbeckNoise,
    SpikingNeuron,
)

END = 200.0  # ms


def run(net, backend, integrator, dt, end=END):
    return net.compile(dt=dt, backend=backend, integrator=integrator).run(round(end / dt))


@pytest.mark.parametrize("dt", [0.1, 1.0, 7.5])
def test_exponential_euler_is_exact_for_leaky_membranes(backend, dt):
    """With a constant current and a constant conductance that another neuron holds open."""
    net = Network("exact")
    net.add_neuron(NonSpikingNeuron(resting_potential=12.0), "source")
    net.add_neuron(
        NonSpikingNeuron(membrane_capacitance=7.0, membrane_conductance=0.4, resting_potential=-3.0, bias=2.0),
        "neuron",
        initial_value=5.0,
    )
    net.add_connection(NonSpikingSynapse(0.5, 90.0), "source", "neuron")
    net.add_output("neuron")
    v = run(net, backend, "exponential", dt, end=90.0)[:, 0]
    opened = 0.5 * 12.0 / 20.0
    end = (0.4 * -3.0 + opened * 90.0 + 2.0) / (0.4 + opened)
    t = dt * np.arange(1, len(v) + 1)
    np.testing.assert_allclose(v, end + (5.0 - end) * np.exp(-t * (0.4 + opened) / 7.0), rtol=0, atol=1e-12)


@pytest.mark.parametrize("dt", [0.1, 2.0])
def test_exponential_euler_is_exact_for_thresholds_and_intervals(backend, dt):
    net = Network("exact threshold")
    neuron = SpikingNeuron(threshold_time_constant=20.0, threshold_increment=5.0, bias=3.0)
    net.add_neuron(neuron, "neuron")
    net.add_output("neuron", kind="threshold")
    net.add_output("neuron", "spike", spiking=True)
    y = run(net, backend, "exponential", dt, end=40.0)
    spike = int(np.argmax(y[:, 1]))
    assert y[:, 1].sum() >= 1
    assert (spike + 1) * dt == pytest.approx(dt * np.ceil(5.0 * np.log(3.0 / 2.0) / dt))
    after = y[spike : spike + int(10.0 / dt), 0]
    after = after[: int(np.argmax(np.append(y[spike + 1 : spike + int(10.0 / dt), 1], 1))) + 1]
    np.testing.assert_allclose(after, 1.0 + 5.0 * np.exp(-dt * np.arange(len(after)) / 20.0), atol=1e-12)


def chain(feedback=0.0):
    """Membranes of 1 and 0.5 ms under synapses three times as wide as their leak, which may act back."""
    net = Network("chain")
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=1.0, bias=15.0), "a")
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=0.5), "b")
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=0.5), "c")
    net.add_connection(NonSpikingSynapse(3.0, 60.0), "a", "b")
    net.add_connection(NonSpikingSynapse(3.0, -40.0), "b", "c")
    net.add_connection(NonSpikingSynapse(feedback, -40.0), "b", "a")
    net.add_connection(ElectricalSynapse(0.2), "b", "c")
    for name in "abc":
        net.add_output(name)
    return net


def largest_step(net):
    with pytest.raises(TimeStepError, match="the largest safe step is") as caught:
        net.compile(dt=1e3)
    return float(str(caught.value).split("largest safe step is ")[1].split()[0])


def test_ten_times_the_largest_step_of_forward_euler_is_stable(backend):
    limit = largest_step(chain())
    with pytest.raises(TimeStepError):
        chain().compile(dt=10 * limit, backend=backend)
    fine = run(chain(), backend, "euler", 0.01, end=30.0)[-1]
    coarse = chain().compile(dt=10 * limit, backend=backend, integrator="exponential").run(200)
    np.testing.assert_allclose(coarse[-1], fine, atol=1e-6)


@pytest.mark.parametrize("factor", [3.0, 10.0, 1000.0])
def test_potentials_never_leave_the_range_of_what_drives_them(backend, factor):
    """A loop of strong inhibition may cycle at steps far above its time constants, but nothing grows."""
    net = chain(feedback=5.0)
    v = net.compile(dt=factor * largest_step(net), backend=backend, integrator="exponential").run(300)
    assert v.min() >= -40.0 - 15.0 and v.max() <= 60.0 + 15.0


@pytest.mark.parametrize("dt", [0.5, 2.0])
def test_receptors_decay_exactly(backend, add_relays, dt):
    """A double-exponential conductance after one spike has its peak, and its course, at every step."""
    net = Network("receptor")
    add_relays(net, "pre", 1)
    net.add_neuron(NonSpikingNeuron(), "post")
    for name, rise in (("fast", None), ("slow", 4.0), ("alpha", 12.0)):
        synapse = ConductanceSynapse(0.3, 50.0, 12.0, rise_time=rise)
        net.add_connection(synapse, "pre", "post", name)
        net.add_output(name, kind="conductance")
    x = np.zeros((int(60 / dt), 1))
    x[3] = 1
    y = net.compile(dt=dt, backend=backend, integrator="exponential").run(x)[3:]
    t = dt * np.arange(len(y))
    difference = np.exp(-t / 12.0) - np.exp(-t / 4.0)
    top = 4.0 * 12.0 / 8.0 * np.log(12.0 / 4.0)
    peak = np.exp(-top / 12.0) - np.exp(-top / 4.0)
    np.testing.assert_allclose(y[:, 0], 0.3 * np.exp(-t / 12.0), atol=1e-13)
    np.testing.assert_allclose(y[:, 1], 0.3 * difference / peak, atol=1e-13)
    np.testing.assert_allclose(y[:, 2], 0.3 * t / 12.0 * np.exp(1 - t / 12.0), atol=1e-13)


def oscillator():
    """A half-centre of persistent sodium neurons with a tonic drive, and a follower."""
    net = Network("oscillator")
    for name, start in (("left", 15.0), ("right", 0.0)):
        neuron = NonSpikingNeuronWithPersistentSodiumChannel(tau_max_h=60.0, tau_mode_h="constant", bias=1.0)
        net.add_neuron(neuron, name, initial_value=start)
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=2.0), "follower")
    net.add_connection(NonSpikingSynapse(0.5, -40.0), "left", "right")
    net.add_connection(NonSpikingSynapse(0.5, -40.0), "right", "left")
    net.add_connection(NonSpikingSynapse(0.8, 60.0), "left", "follower")
    net.add_connection(ElectricalSynapse(0.1), "right", "follower")
    for name in ("left", "right", "follower"):
        net.add_output(name)
    return net


def open_share(v):
    return np.clip(v / 20.0, 0.0, 1.0)


def derivative(_, s):
    """The oscillator's equations, written out."""
    v, h = s[:3], s[3:]
    left, right, follower = v
    h_end = 1 / (1 + 0.5 * np.exp(0.05 * v[:2]))
    m = 1 / (1 + np.exp(0.05 * (20.0 - v[:2])))
    sodium = 1.0485070729908987 * m * h * (110.0 - v[:2])
    inhibition = 0.5 * open_share(v[1::-1]) * (-40.0 - v[:2])
    coupling = 0.1 * (follower - right)
    centres = (-v[:2] + 1.0 + sodium + inhibition + np.array([0.0, coupling])) / 5.0
    last = (-follower + 0.8 * open_share(left) * (60.0 - follower) - coupling) / 2.0
    return np.concatenate([centres, [last], (h_end - h) / 60.0])


@cache
def reference():
    v = np.array([15.0, 0.0, 0.0])
    start = np.concatenate([v, 1 / (1 + 0.5 * np.exp(0.05 * v[:2]))])
    solved = solve_ivp(derivative, (0.0, END), start, method="DOP853", rtol=1e-11, atol=1e-11, t_eval=[END / 2, END])
    return solved.y[:3].T


@pytest.mark.parametrize("integrator", ["euler", "exponential"])
def test_error_on_a_network_with_gates_halves_with_the_step(backend, integrator):
    assert np.ptp(reference()) > 10
    steps = [0.4, 0.2, 0.1, 0.05] if backend == "numba" else [0.4, 0.2]
    errors = []
    for dt in steps:
        y = run(oscillator(), backend, integrator, dt)
        rows = y[[round(END / 2 / dt) - 1, -1]]
        errors.append(np.abs(rows - reference()).max())
    order = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert errors[-1] < 1.0
    assert (order > 0.85).all() and (order < 1.25).all()


def stiff_network():
    """A fast membrane under strong conductances that follows a slow one."""
    net = Network("stiff")
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=20.0, bias=25.0), "slow")
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=0.05), "fast")
    net.add_connection(NonSpikingSynapse(9.0, 50.0), "slow", "fast")
    net.add_output("fast")
    return net


def test_fast_membranes_follow_slow_ones_at_steps_far_above_their_time_constant(backend):
    """Radau's solution; forward Euler needs steps below 0.02 ms here."""
    dt = 0.2
    assert largest_step(stiff_network()) < dt / 10

    def right(_, s):
        slow, fast = s
        return [(25.0 - slow) / 20.0, (-fast + 9.0 * open_share(slow) * (50.0 - fast)) / 0.05]

    t = dt * np.arange(1, 301)
    solved = solve_ivp(right, (0.0, 60.0), [0.0, 0.0], method="Radau", rtol=1e-9, atol=1e-9, t_eval=t)
    v = run(stiff_network(), backend, "exponential", dt, end=60.0)[:, 0]
    late, now = solved.y[1, :-1], solved.y[1, 1:]  # synapses see potentials of the start of the step
    assert (v[1:] >= late - 1e-6).all() and (v[1:] <= now + 1e-6).all()


def test_what_both_integrators_share(backend, add_relays):
    """Spikes, delays and noise come at the same steps; only what decays decays otherwise."""
    net = Network("shared")
    add_relays(net, "pre", 1)
    net.add_neuron(LIFNeuron(refractory_period=3.0), "post")
    net.add_neuron(NonSpikingNeuron(), "noisy")
    net.add_connection(CurrentSynapse(500.0, delay=4.0), "pre", "post")
    net.add_noise("noisy", OrnsteinUhlenbeckNoise(), "noise")
    net.add_output("post", "spike", spiking=True)
    net.add_output("noise", "noise", kind="noise")
    x = np.zeros((40, 1))
    x[[2, 20]] = 1
    euler, exponential = (
        net.compile(dt=1.0, backend=backend, integrator=name).run(x) for name in ("euler", "exponential")
    )
    assert np.flatnonzero(euler[:, 0])[0] == np.flatnonzero(exponential[:, 0])[0] == 7
    np.testing.assert_array_equal(euler[:, 1], exponential[:, 1])
