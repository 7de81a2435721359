"""Neurons with equations of their own: published behaviour, high-order references, and what they share with others."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import sns_mujoco.network as sns
from sns_mujoco.backends.families import NONE, Op
from sns_mujoco.errors import NetworkError, TimeStepError, UnknownNameError


def run(neuron, dt, time, backend="numba", integrator="euler", variables=(), **population):
    """Potential, spikes if there are any, and variables of one neuron [steps, ...]."""
    net = sns.Network()
    net.add_population(neuron, 1, "n", **population)
    net.add_output("n")
    if neuron.spikes:
        net.add_output("n", spiking=True)
    for name in variables:
        net.add_output("n", variable=name)
    return net.compile(dt, backend, integrator=integrator).run(round(time / dt)).T


def hodgkin_huxley(t, y, current):
    v, m, h, n = y
    alpha = [
        0.1 * (v + 40) / -np.expm1(-(v + 40) / 10),
        0.07 * np.exp(-(v + 65) / 20),
        0.01 * (v + 55) / -np.expm1(-(v + 55) / 10),
    ]
    beta = [4 * np.exp(-(v + 65) / 18), 1 / (1 + np.exp(-(v + 35) / 10)), 0.125 * np.exp(-(v + 65) / 80)]
    gates = [a * (1 - x) - b * x for a, b, x in zip(alpha, beta, (m, h, n), strict=True)]
    ionic = 120 * m**3 * h * (50 - v) + 36 * n**4 * (-77 - v) + 0.3 * (-54.387 - v)
    return [ionic + current, *gates]


def fitzhugh_nagumo(t, y, current):
    v, w = y
    return [v - v**3 / 3 - w + current, (v + 0.7 - 0.8 * w) / 12.5]


def morris_lecar(t, y, current):
    v, n = y
    m_inf, n_inf = (1 + np.tanh((v + 1.2) / 18)) / 2, (1 + np.tanh((v - 2) / 30)) / 2
    slope = 2 * (-60 - v) + 4.4 * m_inf * (120 - v) + 8 * n * (-84 - v) + current
    return [slope / 20, 0.04 * np.cosh((v - 2) / 60) * (n_inf - n)]


def rate(t, y, current):
    return [(1 / (1 + np.exp(-2.0 * (current - 0.3))) - y[0]) / 10.0]


CONTINUOUS = {
    "hodgkin-huxley": (sns.HodgkinHuxleyNeuron(bias=10.0), hodgkin_huxley, 10.0, 0.005, 20.0),
    "fitzhugh-nagumo": (sns.FitzHughNagumoNeuron(bias=0.5), fitzhugh_nagumo, 0.5, 0.01, 60.0),
    "morris-lecar": (sns.MorrisLecarNeuron(bias=100.0), morris_lecar, 100.0, 0.02, 100.0),
    "rate": (sns.RateNeuron(bias=1.0, gain=2.0, threshold=0.3), rate, 1.0, 0.05, 40.0),
}


@pytest.mark.parametrize("integrator", ["euler", "exponential"])
@pytest.mark.parametrize("name", CONTINUOUS)
def test_models_converge_to_a_solver_of_high_order(name, integrator):
    """Both integrators are of first order: half the step, half the error."""
    neuron, slope, current, dt, time = CONTINUOUS[name]
    start = neuron.start(np.array([neuron.resting_potential]))[:, 0]
    at = np.arange(1, round(time / dt) + 1) * dt
    y0 = [neuron.resting_potential, *start]
    exact = solve_ivp(slope, (0, at[-1]), y0, "LSODA", at, args=(current,), rtol=1e-9, atol=1e-11).y
    errors = []
    for step in (dt, dt / 2):
        found = run(neuron, step, time, integrator=integrator, variables=neuron.variables)
        found = np.delete(found, 1, 0) if neuron.spikes else found
        errors.append(np.abs(found[:, round(dt / step) - 1 :: round(dt / step)] - exact).mean(1))
    assert np.ptp(exact[0]) > 0.5
    if name == "rate" and integrator == "exponential":  # linear in its rate: exact
        assert max(errors) < 1e-9
        return
    ratio = errors[0] / errors[1]
    assert (ratio > 1.8).all() and (ratio < 2.3).all()


def test_exponential_euler_is_exact_where_equations_are_linear():
    """tau dV/dt = a - V with any step; forward Euler is not, and refuses nothing."""
    neuron = sns.EquationNeuron(equations={"V": "(5 - V) / tau"}, parameters={"tau": 3.0})
    for dt in (0.1, 3.0, 50.0):
        (v,) = run(neuron, dt, 10 * dt, integrator="exponential")
        np.testing.assert_allclose(v, 5 * (1 - np.exp(-np.arange(1, 11) * dt / 3.0)), rtol=1e-12)
    (v,) = run(neuron, 50.0, 500.0)
    assert np.abs(v[-1]) > 1e6


def test_hodgkin_huxley_at_ten_times_the_step_of_euler():
    """At 0.1 ms exponential Euler gives the rate of the fine solution; forward Euler has lost it."""
    fine = run(sns.HodgkinHuxleyNeuron(bias=10.0), 0.005, 500.0)[1].sum()
    coarse = run(sns.HodgkinHuxleyNeuron(bias=10.0), 0.1, 500.0, integrator="exponential")[1].sum()
    assert 30 < fine < 40 and abs(coarse - fine) <= 2
    lost = run(sns.HodgkinHuxleyNeuron(bias=10.0), 0.2, 20.0, "numpy", "exponential")
    assert np.isfinite(lost).all()


def test_hodgkin_huxley_fires_from_its_threshold_on():
    neurons = [sns.HodgkinHuxleyNeuron(bias=current) for current in (0.0, 2.0, 10.0)]
    spikes = [run(neuron, 0.02, 200.0, integrator="exponential")[1].sum() for neuron in neurons]
    assert spikes[0] == 0 and spikes[1] <= 1 and spikes[2] > 10
    rest = run(neurons[0], 0.02, 50.0)[0]
    assert np.abs(rest + 65.0).max() < 0.5


def izhikevich(current, dt, steps, a=0.02, b=0.2, c=-65.0, d=8.0):
    v, u, spikes = -70.0, -70.0 * b, []
    for k in range(steps):
        v, u = v + dt * (0.04 * (v * v) + 5 * v + 140 - u + current), u + dt * (a * (b * v - u))
        if v >= 30:
            v, u = c, u + d
            spikes.append(k)
    return spikes


@pytest.mark.parametrize("parameters", [{}, {"a": 0.1, "d": 2.0}, {"c": -55.0, "d": 4.0}, {"c": -50.0, "d": 2.0}])
def test_izhikevich_spikes_as_his_recurrence(parameters, backend):
    """Regular, fast, bursting and chattering cells, by the same steps written out."""
    spikes = run(sns.IzhikevichNeuron(bias=10.0, **parameters), 0.25, 500.0, backend)[1]
    expected = izhikevich(10.0, 0.25, 2000, **parameters)
    assert len(expected) > 5 and np.flatnonzero(spikes).tolist() == expected


def test_the_adaptive_exponential_neuron_adapts():
    """Brette & Gerstner: regular spiking, with intervals that grow by tau_w to a steady value."""
    v, z, w = run(sns.AdaptiveExponentialNeuron(bias=1.0), 0.02, 600.0, variables=["w"])
    intervals = np.diff(np.flatnonzero(z)) * 0.02
    assert len(intervals) > 6 and intervals[0] < 0.5 * intervals[-1] and (np.diff(intervals) > -0.5).all()
    jumps = np.diff(w)[np.flatnonzero(z)[:-1] - 1]
    np.testing.assert_allclose(jumps, 0.0805, atol=5e-4)
    assert (v[z > 0] == -70.6).all()


def test_the_adaptive_exponential_neuron_rests_below_its_rheobase():
    """Slow currents need (g_L + a) (V_T - E_L - D + D log(1 + a / g_L)), about 0.63 nA (Touboul & Brette 2008)."""
    assert run(sns.AdaptiveExponentialNeuron(bias=0.5), 0.05, 500.0)[1].sum() == 0
    assert run(sns.AdaptiveExponentialNeuron(bias=0.8), 0.05, 500.0)[1].sum() > 1


def test_poisson_neurons_have_their_rate_and_no_memory(backend):
    net = sns.Network()
    net.add_population(sns.PoissonNeuron(rate=[0.0, 20.0, 100.0, 1e9], gain=50.0), 4, "p")
    net.add_input("p", size=4)
    net.add_output("p", spiking=True)
    model = net.compile(1.0, backend)
    steps = 20_000 if backend == "numba" else 4_000
    z = model.run(np.tile([0.0, 0.0, 1.0, 0.0], (steps, 1)))
    expected = 1 - np.exp(-np.array([0.0, 20.0, 150.0, 1e9]) / 1000)
    assert z[:, 0].sum() == 0 and z[:, 3].all()
    np.testing.assert_allclose(z.mean(0), expected, atol=4 * np.sqrt(0.25 / steps))
    intervals = np.diff(np.flatnonzero(z[:, 2]))
    assert intervals.std() / intervals.mean() == pytest.approx(np.sqrt(1 - expected[2]), rel=0.15)
    model.reset()
    np.testing.assert_array_equal(model.run(np.tile([0.0, 0.0, 1.0, 0.0], (100, 1))), z[:100])


def test_refractory_periods_hold_the_potential_and_let_the_rest_go_on(backend):
    neuron = sns.EquationNeuron(
        equations={"V": "1", "x": "1"}, spike="V > 2.95", reset={"V": "previous(V) - 2", "x": "x * 10"},
        refractory_period=3.0,
    )  # fmt: skip
    v, z, x = run(neuron, 1.0, 8.0, backend, variables=["x"])
    assert v.tolist() == [1, 2, 0, 0, 0, 0, 1, 2] and np.flatnonzero(z).tolist() == [2]
    assert x.tolist() == [1, 2, 30, 31, 32, 33, 34, 35]


@pytest.mark.parametrize(
    ("spike", "steps"),
    [
        ("V > 3", [3]),
        ("V >= 3", [2]),
        ("3 < V", [3]),
        ("3 <= V", [2]),
        ("-V < -3", [3]),
        ("V >= 3 and x > 5", [5]),
        ("V >= 3 and previous(V) >= 3 and not x < 5", [4]),
        ("V >= 3 and (x > 6.5 or previous('x') == 4)", [4]),
    ],
)
def test_conditions_of_spikes(spike, steps, backend):
    neuron = sns.EquationNeuron(equations={"V": "1", "x": "1"}, spike=spike, reset={"V": "-100"})
    z = run(neuron, 1.0, 8.0, backend)[1]
    assert np.flatnonzero(z).tolist() == steps


def test_current_bias_and_inputs_come_in_as_one(backend):
    net = sns.Network()
    net.add_population(sns.EquationNeuron(equations={"V": "I - V"}, bias=[1.0, 2.0]), 2, "n", initial_value=[3.0, 4.0])
    net.add_neuron(sns.NonSpikingNeuron(bias=10.0), "pre", initial_value=10.0)
    net.add_connection(sns.NonSpikingSynapse(0.5, 40.0), "pre", "n")
    net.add_input("n", size=2)
    net.add_output("n")
    v = net.compile(0.1, backend).run([[0.5, 0.25]])[0]
    expected = [3 + 0.1 * (1 + 0.5 + 0.25 * (40 - 3) - 3), 4 + 0.1 * (2 + 0.25 + 0.25 * (40 - 4) - 4)]
    np.testing.assert_allclose(v, expected, rtol=1e-14)


def test_neighbouring_populations_of_one_kind_make_one_group():
    net = sns.Network()
    net.add_population(sns.IzhikevichNeuron(a=[0.02, 0.1]), 2, "first")
    net.add_neuron(sns.IzhikevichNeuron(d=2.0), "second", initial_value=-60.0)
    net.add_neuron(sns.LIFNeuron(), "between")
    net.add_neuron(sns.IzhikevichNeuron(), "third")
    net.add_neuron(sns.FitzHughNagumoNeuron(), "fourth")
    net.add_neuron(sns.RateNeuron(), "rate")
    for name in ("second", "fourth"):
        net.add_output(name, variable=net.populations[net.get_population_index(name)].neuron.variables[0], name=name)
    program = net.to_program(0.1)
    groups = program.equations
    assert [(g.first, g.count, g.first_spiking) for g in groups] == [(0, 3, 0), (4, 1, 4), (5, 1, 5), (6, 1, NONE)]
    assert groups[0].parameters.tolist()[0] == [0.02, 0.1, 0.02] and groups[0].parameter_names[0] == "a"
    np.testing.assert_allclose(groups[0].initial, [[-14.0, -14.0, -12.0]])
    assert program.output_index.tolist() == [2, 4]
    assert program.spiking_neuron.tolist() == [0, 1, 2, 3, 4, 5]
    assert not program.membrane_factor[[0, 1, 2, 4, 5, 6]].any() and not program.resting_potential.any()
    assert groups[0].code is not groups[2].code and groups[3].initial.shape == (0, 1)


def test_code_has_what_is_needed_and_nothing_twice():
    net = sns.Network()
    net.add_neuron(sns.MorrisLecarNeuron())
    code = net.to_program(0.1, integrator="exponential").equations[0].code
    rows = [tuple(row) for row in code.instructions.tolist()]
    assert len(set(rows)) == len(rows) and len(set(code.constants.tolist())) == len(code.constants)
    for place, (op, *arguments) in enumerate(rows):
        if op >= Op.ADD:
            assert all(argument < place or argument == 0 for argument in arguments)
    used = {*code.new.tolist(), *code.after_spike.tolist(), code.spike}
    for op, *arguments in rows:
        used |= set(arguments) if op >= Op.ADD else set()
    assert used >= set(range(len(rows)))
    euler = net.to_program(0.1).equations[0].code
    assert Op.RELATIVE_GROWTH not in euler.instructions[:, 0] and len(euler.instructions) < len(rows)


def test_what_equation_neurons_have_to_read():
    net = sns.Network()
    net.add_neuron(sns.IzhikevichNeuron(), "izhikevich")
    net.add_neuron(sns.NonSpikingNeuron(), "plain")
    with pytest.raises(UnknownNameError, match="no variable named 'w' in 'izhikevich', for output 'Output'"):
        net.add_output("izhikevich", variable="w")
    with pytest.raises(UnknownNameError, match="no variable named 'u' in 'plain'"):
        net.add_output("plain", variable="u")
    with pytest.raises(NetworkError, match="'izhikevich' has no moving threshold; read its voltage"):
        net.add_output("izhikevich", kind="threshold")
    with pytest.raises(NetworkError, match="kind is 'voltage' and variable 'u'; give both, or neither"):
        net.add_output("izhikevich", kind="voltage", variable="u")
    with pytest.raises(NetworkError, match="kind is 'variable' and variable None"):
        net.add_output("izhikevich", kind="variable")


def test_wrong_numbers_of_models_are_refused():
    with pytest.raises(NetworkError, match="AdaptiveExponentialNeuron 'Neuron': slope_factor is 0; it must be"):
        sns.AdaptiveExponentialNeuron(slope_factor=0.0)
    with pytest.raises(TypeError, match="refractory_period"):
        sns.RateNeuron(refractory_period=1.0)
    net = sns.Network()
    with pytest.raises(NetworkError, match="population 'n': a has 3 values for 2 neurons"):
        net.add_population(sns.IzhikevichNeuron(a=[0.1, 0.2, 0.3]), 2, "n")
    with pytest.raises(NetworkError, match="population 'n': w has 3 values for 2 neurons"):
        net.add_population(sns.EquationNeuron(equations={"V": "w", "w": "1"}, initial={"w": [1, 2, 3]}), 2, "n")
    net.add_neuron(sns.EquationNeuron(equations={"V": "x", "x": "1"}, initial={"x": "1 / V"}), "n")
    with pytest.raises(NetworkError, match="population 'n': EquationNeuron .* initial value of 'x' is not finite"):
        net.to_program(0.1)
    net = sns.Network()
    net.add_neuron(sns.PoissonNeuron(refractory_period=0.2), "n")
    with pytest.raises(TimeStepError, match="a refractory period of 0.2 ms"):
        net.to_program(1.0)


def test_hodgkin_huxley_through_gates_with_dynamic_activation(backend):
    """`NonSpikingNeuronWithGatedChannels` fires repeatedly: m is gate b to the third, h gate c; n a gate b alone."""
    neuron = sns.NonSpikingNeuronWithGatedChannels(
        g_ion=[120.0, 36.0], e_ion=[50.0, -77.0], pow_b=[3, 4], slope_b=[0.11, 0.06], e_b=[-40.0, -53.0],
        tau_max_b=[1.0, 11.0], pow_c=[1, 0], slope_c=[-0.14, 0.0], e_c=[-62.0, 0.0], tau_max_c=[17.0, 1.0],
        membrane_capacitance=1.0, membrane_conductance=0.3, resting_potential=-54.4, bias=10.0,
    )  # fmt: skip
    (v,) = run(neuron, 0.01, 120.0, backend, "exponential", initial_value=-65.0)
    crossings = np.flatnonzero((v[1:] >= 0) & (v[:-1] < 0))
    assert len(crossings) > 3 and v.max() > 20.0 and v.min() < -65.0
