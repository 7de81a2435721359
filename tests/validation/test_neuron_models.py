"""Neuron models of the literature against high-order integration of their published equations."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from sns_mujoco.network import (
    AdaptiveExponentialNeuron,
    EquationNeuron,
    FitzHughNagumoNeuron,
    HodgkinHuxleyNeuron,
    IzhikevichNeuron,
    MorrisLecarNeuron,
    Network,
    RateNeuron,
)

END = 150.0  # ms


def alone(neuron, current=0.0, start=None):
    """A network of one neuron under a constant current."""
    net = Network("alone")
    net.add_neuron(neuron, "neuron", initial_value=start)
    net.add_input("neuron")
    net.add_output("neuron")
    if neuron.spikes:
        net.add_output("neuron", "spike", spiking=True)
    for variable in neuron.variables:
        net.add_output("neuron", variable, variable=variable)
    return net, current


def spike_times(setup, dt, end, backend, integrator):
    """Ends of the steps with a spike, ms."""
    net, current = setup
    y = net.compile(dt=dt, backend=backend, integrator=integrator).run(np.full((round(end / dt), 1), current))
    return dt * (np.flatnonzero(y[:, 1]) + 1)


def hybrid_times(right, start, threshold, reset, end):
    """Spike times of a model with a reset, from DOP853 with event location."""

    def reaches(_, s):
        return s[0] - threshold

    reaches.terminal, reaches.direction = True, 1
    t, s, times = 0.0, np.array(start, float), []
    while t < end:
        part = solve_ivp(right, (t, end), s, method="DOP853", rtol=1e-9, atol=1e-9, events=reaches)
        t, s = part.t[-1], part.y[:, -1]
        if part.status == 1:
            times.append(t)
            s = np.array(reset(s), float)
    return np.array(times)


def crossing_times(right, start, level, end):
    """Times at which V comes up through a level."""

    def crosses(_, s):
        return s[0] - level

    crosses.direction = 1
    solved = solve_ivp(right, (0.0, end), start, method="DOP853", rtol=1e-9, atol=1e-9, events=crosses)
    return solved.t_events[0]


def adaptive_exponential(current):
    def right(_, s):
        v, w = s
        drive = -0.03 * (v + 70.6) + 0.03 * 2.0 * np.exp((v + 50.4) / 2.0) - w + current
        return [drive / 0.281, (0.004 * (v + 70.6) - w) / 144.0]

    return right, [-70.6, 0.0], lambda s: [-70.6, s[1] + 0.0805]


def izhikevich(current):
    def right(_, s):
        v, u = s
        return [0.04 * v**2 + 5 * v + 140 - u + current, 0.02 * (0.2 * v - u)]

    return right, [-70.0, -14.0], lambda s: [-65.0, s[1] + 8.0]


RESETTING = {
    "adaptive exponential": (AdaptiveExponentialNeuron(), 1.0, adaptive_exponential),
    "Izhikevich": (IzhikevichNeuron(), 10.0, izhikevich),
}


@pytest.mark.parametrize("integrator", ["euler", "exponential"])
@pytest.mark.parametrize("name", RESETTING)
def test_neurons_with_a_reset_spike_as_in_high_order_integration(name, integrator):
    neuron, current, equations = RESETTING[name]
    right, start, reset = equations(current)
    expected = hybrid_times(right, start, neuron.spike_potential, reset, END)
    assert len(expected) >= 4
    assert np.diff(expected).max() > 1.2 * np.diff(expected).min()  # they adapt
    errors = []
    for dt in (0.016, 0.001):
        got = spike_times(alone(neuron, current), dt, END, "numba", integrator)
        assert len(got) == len(expected)
        errors.append(np.abs(got - expected).max())
    assert errors[1] < 0.05
    assert errors[1] < 0.15 * errors[0]


def fitzhugh_nagumo(current):
    return lambda _, s: [s[0] - s[0] ** 3 / 3 - s[1] + current, (s[0] + 0.7 - 0.8 * s[1]) / 12.5]


def morris_lecar(current):
    def right(_, s):
        v, n = s
        m = (1 + np.tanh((v + 1.2) / 18.0)) / 2
        n_end = (1 + np.tanh((v - 2.0) / 30.0)) / 2
        total = -2.0 * (v + 60.0) - 4.4 * m * (v - 120.0) - 8.0 * n * (v + 84.0) + current
        return [total / 20.0, 0.04 * np.cosh((v - 2.0) / 60.0) * (n_end - n)]

    return right


def hodgkin_huxley(current):
    def right(_, s):
        v, m, h, n = s
        total = -120.0 * m**3 * h * (v - 50.0) - 36.0 * n**4 * (v + 77.0) - 0.3 * (v + 54.387) + current
        return [total, *(a * (1 - x) - b * x for x, (a, b) in zip(s[1:], hodgkin_huxley_rates(v), strict=True))]

    return right


def hodgkin_huxley_rates(v):
    """Opening and closing of m, h and n, 1/ms."""
    return (
        (0.1 * (v + 40) / -np.expm1(-(v + 40) / 10), 4 * np.exp(-(v + 65) / 18)),
        (0.07 * np.exp(-(v + 65) / 20), 1 / (1 + np.exp(-(v + 35) / 10))),
        (0.01 * (v + 55) / -np.expm1(-(v + 55) / 10), 0.125 * np.exp(-(v + 65) / 80)),
    )


OSCILLATING = {
    "FitzHugh-Nagumo": (FitzHughNagumoNeuron(), 0.5, fitzhugh_nagumo, 1.0),
    "Morris-Lecar": (MorrisLecarNeuron(), 100.0, morris_lecar, 0.0),
    "Hodgkin-Huxley": (HodgkinHuxleyNeuron(), 10.0, hodgkin_huxley, 0.0),
}


@pytest.mark.parametrize("integrator", ["euler", "exponential"])
@pytest.mark.parametrize("name", OSCILLATING)
def test_oscillators_spike_as_in_high_order_integration(name, integrator):
    neuron, current, equations, level = OSCILLATING[name]
    setup = alone(neuron, current)
    program = setup[0].to_program(0.01)
    start = [program.initial_potential[0], *program.equations[0].initial[:, 0]]
    expected = crossing_times(equations(current), start, level, END)
    assert len(expected) >= 2
    errors = []
    for dt in (0.016, 0.001):
        got = spike_times(setup, dt, END, "numba", integrator)
        assert len(got) == len(expected)
        errors.append(np.abs(got - expected).max())
    assert errors[1] < 0.1
    assert errors[1] < 0.15 * errors[0]


@pytest.mark.parametrize("integrator", ["euler", "exponential"])
@pytest.mark.parametrize("name", [*RESETTING, *OSCILLATING])
def test_numpy_spikes_at_the_same_steps(name, integrator):
    neuron, current, *_ = (RESETTING | OSCILLATING)[name]
    dt, end = 0.02 if name == "Hodgkin-Huxley" else 0.1, 40.0
    times = [spike_times(alone(neuron, current), dt, end, backend, integrator) for backend in ("numba", "numpy")]
    assert len(times[0]) >= 1
    np.testing.assert_array_equal(*times)


def test_hodgkin_huxley_rests_and_fires_where_it_should():
    """Rest at -65 mV; repetitive firing from about 6.3 uA/cm2 on, at a rate that rises with the current."""
    neuron = HodgkinHuxleyNeuron()
    start = [a / (a + b) for a, b in hodgkin_huxley_rates(-65.0)]
    np.testing.assert_allclose(alone(neuron)[0].to_program(0.01).equations[0].initial[:, 0], start, atol=1e-12)
    rest = alone(neuron)[0].compile(dt=0.02, backend="numba").run(2500)[-1, 0]
    assert rest == pytest.approx(-65.0, abs=0.01)
    currents = (3.0, 5.5, 6.5, 10.0, 20.0)
    counts = [len(spike_times(alone(neuron, i), 0.02, 1000.0, "numba", "euler")) for i in currents]  # in 1 s
    assert counts[0] <= 1 and counts[1] <= 3
    assert 50 <= counts[2] < counts[3] < counts[4] < 100
    assert counts[3] == pytest.approx(68, abs=2)


def test_exponential_euler_takes_hodgkin_huxley_at_steps_that_forward_euler_cannot(backend):
    net, _ = alone(HodgkinHuxleyNeuron(), 10.0)
    x = np.full((300, 1), 10.0)
    with np.errstate(all="ignore"):
        wild = net.compile(dt=0.3, backend=backend)
        state = [wild(row)[0] for row in x[:60]]
    assert not np.all(np.abs(state) < 200.0)
    calm = net.compile(dt=0.3, backend=backend, integrator="exponential").run(x)
    assert (calm[:, 0] > -90.0).all() and (calm[:, 0] < 60.0).all()
    assert 3 <= calm[:, 1].sum() <= 7


def test_rates_settle_on_their_sigmoid(backend):
    net = Network("rates")
    net.add_neuron(RateNeuron(time_constant=8.0, max_rate=50.0, gain=0.7, threshold=2.0), "rate")
    net.add_input("rate")
    net.add_output("rate")
    end = 50.0 / (1 + np.exp(-0.7 * (3.0 - 2.0)))
    r = net.compile(dt=0.5, backend=backend, integrator="exponential").run(np.full((40, 1), 3.0))[:, 0]
    np.testing.assert_allclose(r, end * (1 - np.exp(-0.5 * np.arange(1, 41) / 8.0)), atol=1e-11)


def test_equations_given_once_are_the_model_of_the_package(backend):
    """Izhikevich's neuron as text and as a Python function gives the bits of `IzhikevichNeuron`."""
    further = {"spike": "V >= 30", "reset": {"V": "-65", "u": "u + 8"}, "resting_potential": -70.0}
    texts = EquationNeuron(
        equations={"V": "0.04 * V**2 + 5 * V + 140 - u + I", "u": "a * (b * V - u)"},
        parameters={"a": 0.02, "b": 0.2},
        initial={"u": "b * V"},
        **further,
    )

    def equations(s, p, current, m):
        return {"V": 0.04 * s.V**2 + 5 * s.V + 140 - s.u + current, "u": p.a * (p.b * s.V - s.u)}

    function = EquationNeuron.from_function(
        equations, parameters={"a": 0.02, "b": 0.2}, initial={"u": "b * V"}, **further
    )
    results = []
    for neuron in (IzhikevichNeuron(), texts, function):
        net, current = alone(neuron, 10.0)
        results.append(net.compile(dt=0.1, backend=backend).run(np.full((1000, 1), current)))
    assert results[0][:, 1].sum() >= 3
    np.testing.assert_array_equal(results[1], results[0])
    np.testing.assert_allclose(results[2], results[0], atol=1e-9)
