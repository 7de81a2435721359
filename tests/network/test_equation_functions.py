"""Equations given as a function: it is traced once, and must keep to arithmetic of symbols."""

import math

import numpy as np
import pytest

from sns_mujoco.errors import NetworkError, SnsError, UnknownNameError
from sns_mujoco.network import EquationNeuron, Network


def test_a_function_and_its_text_are_the_same_neuron():
    def izhikevich(s, p, I, m):  # noqa: E741
        return {"V": 0.04 * s.V**2 + 5 * s.V + 140 - s.u + I, "u": p.a * (p.b * s.V - s.u)}

    shared = {"parameters": {"a": 0.02, "b": [0.2, 0.25]}, "initial": {"u": "b * V"}, "spike": "V >= 30"}
    shared |= {"reset": {"V": "-65", "u": "u + 8"}, "resting_potential": -70.0, "bias": 10.0}
    traced = EquationNeuron.from_function(izhikevich, **shared)
    written = EquationNeuron(equations={"V": "0.04 * V**2 + 5 * V + 140 - u + I", "u": "a * (b * V - u)"}, **shared)
    outputs = []
    for neuron in (traced, written):
        net = Network()
        net.add_population(neuron, 2, "n")
        net.add_output("n", spiking=True)
        net.add_output("n", variable="u")
        outputs.append(net.compile(0.1).run(3000))
    assert outputs[0][:, :2].sum(0).min() > 3
    np.testing.assert_array_equal(*outputs)


def test_everything_that_symbols_can_do():
    def g(s, p, I, m):  # noqa: E741
        both = (s.V > 1) & ~(s.x <= 2) | (1 >= I)
        total = +s.V - (-p.a) + 2 - s.x * 3 / (1 / p.a) + 2**s.x + s.x**2 + abs(s.V) + (s.V == s.x) + (s.V != s.x)
        return {"V": m.where(both, m.exp(-total), m.min(s.V, p.a, 3)), "x": np.float64(0.5) * m.sigmoid(total)}

    neuron = EquationNeuron.from_function(g, parameters={"a": 1.5}, initial={"x": 0.0})
    step = neuron.dynamics.step(0.1, exponential=False)
    for v, x, current in ((0.4, 2.5, 3.0), (1.4, 2.5, 3.0), (1.4, 1.5, 3.0), (1.4, 1.5, 0.5), (2.5, 2.5, 4.0)):
        symbols = {("VARIABLE", "V"): v, ("VARIABLE", "x"): x, ("PARAMETER", "a"): 1.5, ("CURRENT", None): current}
        both = (v > 1 and not x <= 2) or 1 >= current
        total = v + 1.5 + 2 - x * 3 * 1.5 + 2**x + x**2 + abs(v) + (v == x) + (v != x)
        expected = [v + 0.1 * (math.exp(-total) if both else min(v, 1.5, 3)), x + 0.1 * 0.5 / (1 + math.exp(-total))]
        found = [float(step.graph.evaluate(node, symbols)) for node in step.new]
        assert found == pytest.approx(expected, rel=1e-13)


def test_what_is_used_twice_is_written_once():
    def f(s, p, I, m):  # noqa: E741
        x = s.V
        for _ in range(60):
            x = x * x + 1  # as a tree it would have 2^60 leaves
        noise = m.normal()
        return {"V": m.tanh(x) + noise * noise}

    neuron = EquationNeuron.from_function(f)
    assert sum(map(len, neuron.definitions.values())) < 3000
    step = neuron.dynamics.step(0.1, exponential=False)
    draws = [node for node in step.graph.nodes if node[0] == "NORMAL"]
    assert len(draws) == 1


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda s, p, I, m: {"V": -s.V if s.V > 0 else s.V}, "decides by a value that is not known yet; use m.where"),  # noqa: E741
        (lambda s, p, I, m: {"V": s.V > 0 and I}, "decides by a value"),  # noqa: E741
        (lambda s, p, I, m: {"V": math.exp(s.V)}, "needs the number of a value"),  # noqa: E741
        (lambda s, p, I, m: {"V": np.exp(s.V)}, "cannot be called with symbols"),  # noqa: E741
        (lambda s, p, I, m: {"V": sum(s.V)}, "goes through a value as if it were a list"),  # noqa: E741
        (lambda s, p, I, m: {"V": s.V * np.ones(3)}, r"uses an array of shape \(3,\)"),  # noqa: E741
        (lambda s, p, I, m: {"V": s.V * np.nan}, "uses the number nan; it must be finite"),  # noqa: E741
        (lambda s, p, I, m: {"V": s.V + True}, "uses True as a number"),  # noqa: E741
        (lambda s, p, I, m: {"V": s.V + "1"}, "uses '1' as a number"),  # noqa: E741
        (lambda s, p, I, m: -s.V, "give a dictionary with the derivative of every variable: V"),  # noqa: E741
        (lambda s, p, I, m: None, "returns None; give a dictionary"),  # noqa: E741
        (lambda s, p, I, m: {}, "returns derivatives of nothing; the variables are V"),  # noqa: E741
        (lambda s, p, I, m: {"V": I, "w": I}, "returns derivatives of V, w; the variables are V"),  # noqa: E741
        (lambda s, p, I, m: {"V": np.zeros(2)}, r"returns an array of shape \(2,\) as derivative of 'V'"),  # noqa: E741
        (lambda s, p, I, m: {"V": [s.V, I]}, "as derivative of 'V'; give one number"),  # noqa: E741
        (lambda s, p, I, m: {"V": None}, "returns None as derivative of 'V'"),  # noqa: E741
        (lambda s, p, I, m: {"V": m.exp(s.V, s.V)}, "m.exp takes 1 arguments, not 2"),  # noqa: E741
        (lambda s, p: {"V": s.V}, "cannot be called with symbols"),
        ("V", "'V' is no function"),
    ],
)
def test_functions_that_do_something_else_are_refused(function, message):
    with pytest.raises(NetworkError, match=message):
        EquationNeuron.from_function(function)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda s, p, I, m: {"V": s.W}, "no variable named 'W'"),  # noqa: E741
        (lambda s, p, I, m: {"V": p.tau}, "no parameter named 'tau'"),  # noqa: E741
        (lambda s, p, I, m: {"V": m.expp(s.V)}, "no function named 'expp'.*did you mean 'exp'"),  # noqa: E741
    ],
)
def test_unknown_names_in_functions_are_suggested(function, message):
    with pytest.raises(UnknownNameError, match=message):
        EquationNeuron.from_function(function)


def test_an_error_of_the_function_itself_comes_through():
    def f(s, p, I, m):  # noqa: E741
        raise ZeroDivisionError("its own")

    with pytest.raises(ZeroDivisionError, match="its own"):
        EquationNeuron.from_function(f)
    assert not issubclass(ZeroDivisionError, SnsError)
