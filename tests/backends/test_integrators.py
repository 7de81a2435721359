"""Forward and exponential Euler against exact solutions and a solver of high order."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import sns_mujoco.network as sns
from sns_mujoco.errors import TimeStepError


def test_exponential_euler_is_exact_for_leaky_membranes_at_any_step(backend):
    """With currents and conductances that stand still: V goes to its steady state with C / (G + g)."""
    for dt in (0.1, 5.0, 200.0):
        net = sns.Network()
        net.add_neuron(sns.NonSpikingNeuron(bias=100.0), "open", initial_value=100.0)
        net.add_neuron(
            sns.NonSpikingNeuron(membrane_capacitance=3.0, membrane_conductance=0.5, resting_potential=-60.0, bias=2.0),
            "v", initial_value=-50.0,
        )  # fmt: skip
        net.add_connection(sns.NonSpikingSynapse(0.7, 40.0), "open", "v")
        net.add_connection(sns.GradedConductanceSynapse(0.3, -80.0), "open", "v")
        net.add_connection(sns.GradedCurrentSynapse(1.5), "open", "v")
        net.add_input("v")
        net.add_output("v")
        v = net.compile(dt, backend, integrator="exponential").run(np.full((20, 1), 4.0))[:, 0]
        total = 0.5 + 0.7 + 0.3
        steady = (0.5 * -60.0 + 0.7 * 40.0 + 0.3 * -80.0 + 2.0 + 1.5 + 4.0) / total
        t = np.arange(1, 21) * dt
        np.testing.assert_allclose(v, steady + (-50.0 - steady) * np.exp(-t * total / 3.0), rtol=1e-12)


def test_a_perfect_integrator_integrates(backend):
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuron(membrane_conductance=0.0, bias=10.0), "v")
    net.add_output("v")
    v = net.compile(0.5, backend, integrator="exponential").run(10)[:, 0]
    np.testing.assert_allclose(v, np.arange(1, 11) * 0.5 * 10.0 / 5.0)


def test_thresholds_decay_exactly(backend):
    """tau dtheta/dt = leak (theta_0 - theta) + m (V - V_rest), with V at rest or held."""
    neuron = sns.SpikingNeuron(
        threshold_time_constant=[4.0, 4.0, 4.0], threshold_leak_rate=[1.0, 2.0, 0.0],
        threshold_proportionality_constant=0.5, threshold_initial_value=50.0, membrane_conductance=1.0, bias=6.0,
    )  # fmt: skip
    net = sns.Network()
    net.add_population(neuron, 3, "n", initial_value=6.0)
    net.add_output("n", kind="threshold")
    theta = net.compile(3.0, backend, integrator="exponential").run(5)
    t = np.arange(1, 6) * 3.0
    for k, leak in enumerate((1.0, 2.0)):
        steady = 50.0 + 0.5 * 6.0 / leak
        np.testing.assert_allclose(theta[:, k], steady + (50.0 - steady) * np.exp(-t * leak / 4.0), rtol=1e-12)
    np.testing.assert_allclose(theta[:, 2], 50.0 + 0.5 * 6.0 * t / 4.0, rtol=1e-12)


def half_centre():
    """Two neurons with persistent sodium that inhibit each other: nonlinear, stiff, oscillating."""
    net = sns.Network()
    for name, start in (("a", 0.0), ("b", 12.0)):
        net.add_neuron(
            sns.NonSpikingNeuronWithPersistentSodiumChannel(tau_mode_h="constant", g_ion=1.3, bias=2.0), name,
            initial_value=start,
        )  # fmt: skip
    net.add_connection(sns.NonSpikingSynapse(0.8, -40.0, 0.0, 25.0), "a", "b")
    net.add_connection(sns.NonSpikingSynapse(0.8, -40.0, 0.0, 25.0), "b", "a")
    net.add_connection(sns.ElectricalSynapse(0.05), "a", "b")
    net.add_output("a")
    net.add_output("b")
    return net


def slopes(t, y):
    v, h = y[:2], y[2:]
    share = np.clip(v[::-1] / 25.0, 0, 1)
    m_inf, h_inf = 1 / (1 + np.exp(0.05 * (20 - v))), 1 / (1 + 0.5 * np.exp(-0.05 * (0 - v)))
    current = 1.3 * m_inf * h * (110 - v) + 0.8 * share * (-40 - v) + 0.05 * (v[::-1] - v) + 2.0
    return np.concatenate([(-v + current) / 5.0, (h_inf - h) / 300.0])


@pytest.mark.parametrize("integrator", ["euler", "exponential"])
def test_both_integrators_converge_to_a_solver_of_high_order(integrator):
    program = half_centre().to_program(0.1)
    y0 = [0.0, 12.0, *program.initial_gate[0]]
    at = np.arange(1, 501) * 1.0
    exact = solve_ivp(slopes, (0, 500), y0, "LSODA", at, rtol=1e-10, atol=1e-12).y[:2].T
    assert np.ptp(exact[:, 0]) > 5.0
    errors = []
    for dt in (0.05, 0.025):
        stride = round(1 / dt)
        y = half_centre().compile(dt, integrator=integrator).run(500 * stride)[stride - 1 :: stride]
        errors.append(np.abs(y - exact).max())
    assert errors[1] < 0.2 and 1.8 < errors[0] / errors[1] < 2.2


def test_exponential_euler_is_stable_at_ten_times_the_step(backend):
    net = half_centre()
    with pytest.raises(TimeStepError, match="largest safe step") as caught:
        net.compile(20.0, backend)
    largest = float(str(caught.value).split("largest safe step is ")[1].split()[0])
    y = net.compile(10 * largest, backend, integrator="exponential").run(400)
    assert np.isfinite(y).all() and y.min() > -45.0 and y.max() < 115.0


def test_what_only_decays_is_exact_at_any_step(backend):
    """A spiking synapse and a gate, stepped 2 ms at a time, meet their curves sampled there."""
    net = sns.Network()
    net.add_neuron(sns.LIFNeuron(0.1, 0.5), "s")
    net.add_neuron(sns.NonSpikingNeuronWithGatedChannels(
        0.001, 0.0, pow_b=1.0, slope_b=0.1, e_b=10.0, tau_max_b=7.0, tau_mode_b="constant", membrane_capacitance=1e9,
    ), "v", initial_value=5.0)  # fmt: skip
    net.add_input("s")
    net.add_connection(sns.SpikingSynapse(0.4, 0.0, 3.0), "s", "v", "g")
    net.add_output("g", kind="conductance")
    net.add_output("v", kind="gate_b")
    model = net.compile(2.0, backend, integrator="exponential")
    state = model.state
    state[model.layout.gate] = [0.9, 0.5]
    model.state = state
    g, b = model.run(np.eye(10, 1)).T
    t = np.arange(10) * 2.0
    np.testing.assert_allclose(g, 0.4 * np.exp(-t / 3.0), rtol=1e-12)
    steady = 1 / (1 + np.exp(0.1 * (10.0 - 5.0)))
    np.testing.assert_allclose(b, steady + (0.9 - steady) * np.exp(-(t + 2.0) / 7.0), rtol=1e-7)
