"""Gains: every curve against Python's own arithmetic, in the compiled step and from Python."""

import math
from functools import cache

import mujoco
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mujoco.batch import Batch

import sns_mujoco as sns
from sns_mujoco.adapters import (
    Bell,
    Command,
    Equation,
    JointAngle,
    LengthTension,
    MotorNeuron,
    Polynomial,
    Recruitment,
    Sigmoid,
    Table,
)
from sns_mujoco.errors import AttachError, DivergenceError, UnknownNameError

BODY = """
<mujoco><worldbody><body><joint name="j"/><geom size=".1"/></body></worldbody>
<actuator><motor name="free" joint="j"/></actuator></mujoco>"""
PIECES = "where(x < 0, -x, sqrt(x)) * exprel(x) + log(abs(x) + 1) + min(x, 1, 2) - cos(x) + sigmoid(x)"
EQUATION = "0.5 * sin(3 * x) + max(x, -1) ** 1.5 / (1 + exp(-x)) if x > -1 and x != 2 else tanh(x) - floor(x)"


def _equation(x):
    if x > -1 and x != 2:
        return 0.5 * math.sin(3 * x) + math.pow(x, 1.5) / (1 + math.exp(-x)) if x >= 0 else math.nan
    return math.tanh(x) - math.floor(x)


CURVES = [
    (Polynomial(0.5, -1.0, 2.0, 3.0), lambda x: 0.5 * x**3 - x**2 + 2 * x + 3),
    (Sigmoid(1.0, 4.0, 2.5, -1.0), lambda x: 4 / (1 + math.exp(2.5 * (1 - x))) - 1),
    (Bell(0.5, 3.0, 0.7, 0.2), lambda x: 3 * math.exp(-0.7 * (x - 0.5) ** 2) + 0.2),
    (LengthTension(1.0, 2.0), lambda x: max(0.0, 1 - ((x - 1) / 2) ** 2)),
    (Table((-1, 0, 0, 2), (5, 1, 3, -1)), lambda x: _table(x)),
    (Equation(EQUATION), _equation),
    (Equation(PIECES), lambda x: _pieces(x)),
    (Equation("7"), lambda x: 7.0),
]


def _table(x):
    if x < 0:
        return 5 - 4 * (x + 1) if x > -1 else 5.0
    return 3 - 2 * x if x < 2 else -1.0


def _pieces(x):
    growth = math.expm1(x) / x if x else 1.0
    rest = math.log(abs(x) + 1) + min(x, 1) - math.cos(x) + 1 / (1 + math.exp(-x))
    return (-x if x < 0 else math.sqrt(x)) * growth + rest


@cache
def _simulation():
    net = sns.Network("curves")
    net.add_neuron(sns.NonSpikingNeuron(), "n")
    limited = [Bell(0.5, 3.0, 0.7, 0.2, limits=(-0.5, 1.5), limit_outputs=(-7.0, 9.0))]
    curves = [curve for curve, _ in CURVES] + limited
    commands = [Command("x", to="n", curve=curve) for curve in curves]
    return sns.Simulation(sns.attach(BODY, net, commands, dt=1.0))


def native(x):
    """All curves at x, as the compiled step computes them."""
    simulation = _simulation()
    simulation.reset()
    simulation.data.userdata[:] = x
    mujoco.mj_step(simulation.model, simulation.data)  # roots of negative numbers are no numbers
    return simulation.brain.currents(simulation.data)


@given(st.floats(-6.0, 6.0))
def test_curves_are_those_of_their_formulas(x):
    found = native(x)
    for k, (curve, formula) in enumerate(CURVES):
        expected = formula(x)
        np.testing.assert_allclose(found[k], expected, rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(curve(x), expected, rtol=1e-12, atol=1e-12)
    limited = -7.0 if x < -0.5 else 9.0 if x > 1.5 else CURVES[2][1](x)
    np.testing.assert_allclose(found[-1], limited, rtol=1e-13)


def test_equations_have_the_bits_of_python():
    for x in np.random.default_rng(0).uniform(-5, 5, 200).tolist():
        expected = _equation(x)
        assert native(x)[5] == expected or math.isnan(expected)


@pytest.mark.parametrize(("x", "y"), [(-1.0, 5.0), (-1e-12, 1.0), (0.0, 3.0), (2.0, -1.0), (-9.0, 5.0), (9.0, -1.0)])
def test_tables_jump_and_hold_their_ends(x, y):
    assert native(x)[4] == pytest.approx(y, abs=1e-10)
    assert Table((-1, 0, 0, 2), (5, 1, 3, -1))(x) == pytest.approx(y, abs=1e-10)


def test_curves_look_the_same_from_python_in_arrays():
    x = np.linspace(-3, 3, 12).reshape(3, 4)
    assert Bell(0.5, 3.0, 0.7, 0.2, limits=(-0.5, 1.5), limit_outputs=(-7.0, 9.0))(x).shape == (3, 4)
    assert np.isnan(Table((0, 1), (0, 1))([np.nan, 0.5])).tolist() == [True, False]


def test_what_is_no_number_stays_none():
    net = sns.Network("none")
    net.add_neuron(sns.NonSpikingNeuron(), "n")
    adapters = [Command("x", to="n", curve=curve) for curve, _ in CURVES] + [Command("x", to="n", range=(0, 1))]
    simulation = sns.Simulation(sns.attach(BODY, net, adapters, dt=1.0))
    simulation.data.userdata[:] = np.nan
    with pytest.raises(DivergenceError):
        simulation.step()
    simulation.data.userdata[:] = np.nan
    mujoco.mj_step(simulation.model, simulation.data)
    assert np.isnan(simulation.brain.currents(simulation.data)).all()


def test_curve_of_an_efferent_is_its_activation():
    net = sns.Network("motor")
    net.add_neuron(sns.NonSpikingNeuron(), "m", initial_value=0.7)
    motor = MotorNeuron("m", drives="free", curve=Polynomial(1.0, 0.0, 0.0, 0.5), output=(10.0, 14.0))
    simulation = sns.Simulation(sns.attach(BODY, net, [motor], dt=1.0))
    assert simulation.data.ctrl[0] == pytest.approx(10.0 + 4.0 * (0.7**3 + 0.5))


def test_a_curve_belongs_to_each_individual_of_a_batch():
    net = sns.Network("batch")
    net.add_neuron(sns.NonSpikingNeuron(membrane_capacitance=1.0), "n")
    model = sns.attach(BODY, net, [Command("x", to="n", curve=Polynomial(0.0, 0.0, 1.0, 8.25))], dt=1.0).compile()
    place = int(np.flatnonzero(model.numeric_data == 8.25)[0])
    batch = Batch(model, 3)
    batch.expand("numeric_data")[:, place] = 1.0, 2.0, 3.0
    batch.step()
    np.testing.assert_array_equal(batch.plugin_state[:, 0], [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Polynomial(1, 2, np.nan, 4), "Polynomial: c is nan; give a finite number"),
        (lambda: Sigmoid(1, 2, 3, 4, limits=(2, 1), limit_outputs=(0, 0)), r"limits is \(2, 1\); give the lower one"),
        (lambda: Bell(1, 2, 3, 4, limits=(0, 1)), "limits and limit_outputs belong together"),
        (lambda: LengthTension(1.0, 0.0), "width is 0.0; it must be above 0"),
        (lambda: Table((0, 1), (0, 1, 2)), "x has 2 numbers and y 3"),
        (lambda: Table((0, 2, 1), (0, 1, 2)), "x must ascend"),
        (lambda: Table((0, 1, 1, 1, 2), (0, 1, 2, 3, 4)), "no more often"),
        (lambda: Table((0, 0, 1), (0, 1, 2)), "within it"),
        (lambda: Table((0, np.inf), (0, 1)), "finite numbers"),
        (lambda: Equation("x +"), "which is no expression"),
        (lambda: Equation("x ^ 2"), r"powers are written \*\*"),
        (lambda: Equation("__import__('os')"), "no function named|not part of the language"),
        (lambda: Equation("x.real"), "not part of the language"),
        (lambda: Equation("x + normal()"), "draws random numbers"),
        (lambda: Equation(3), "give an expression as text"),
        (lambda: JointAngle("j", to="n"), r"JointAngle\('j'\): it has neither a range nor a curve"),
        (lambda: JointAngle("j", to="n", curve=3), "curve is 3"),
        (lambda: JointAngle("j", to="n", curve=Polynomial(0, 0, 1, 0), gain=3.0), "stands in for range, gain"),
        (lambda: JointAngle("j", to="n", curve=Polynomial(0, 0, 1, 0), range=(0, 1)), "stands in for range, gain"),
        (lambda: MotorNeuron("m", drives="a", curve=Polynomial(0, 0, 1, 0), sigmoid=(0, 1)), "for range and sigmoid"),
        (lambda: MotorNeuron("m", drives="a", curve="linear"), "curve is 'linear'"),
        (lambda: Recruitment(units=0), "units is 0; give a whole number from 1"),
    ],
)
def test_what_makes_no_curve_is_refused(make, message):
    with pytest.raises((AttachError, UnknownNameError), match=message):
        make()


def test_an_equation_knows_no_name_but_x():
    with pytest.raises(UnknownNameError, match="no variable named 'y' in the equation 'x . y'; it has 'x'"):
        Equation("x + y")
