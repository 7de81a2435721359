"""The language of equations: what texts mean, how they are differentiated, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco.errors import NetworkError, SnsError, UnknownNameError
from sns_mujoco.network import EquationNeuron
from sns_mujoco.network.equations.derivative import derivative
from sns_mujoco.network.equations.graph import Graph
from sns_mujoco.network.equations.language import Reader, parse

NAMES = ("x", "y", "z")


def read(text):
    """An expression of x, y and z: its graph and node."""
    graph = Graph()
    symbols = {name: graph.symbol("VARIABLE", name) for name in NAMES}
    node = Reader(graph, {}).read(parse(text, "the text"), "the text", symbols.__getitem__, {})
    return graph, node


def value(text, x=0.0, y=0.0, z=0.0):
    graph, node = read(text)
    return float(graph.evaluate(node, {("VARIABLE", "x"): x, ("VARIABLE", "y"): y, ("VARIABLE", "z"): z}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4 / 8", 6.5),
        ("-x**2", -9.0),
        ("2 ** -1", 0.5),
        ("x ** 3 + x ** 4 + x ** 1 + x ** 0", 27 + 81 + 3 + 1),
        ("exp(y) + log(x) + sqrt(x)", math.exp(2) + math.log(3) + math.sqrt(3)),
        ("sin(x) + cos(x) + tanh(y)", math.sin(3) + math.cos(3) + math.tanh(2)),
        ("abs(-x) + floor(2.7) + min(x, y, 1) + max(x, y)", 3 + 2 + 1 + 3),
        ("sigmoid(x)", 1 / (1 + math.exp(-3))),
        ("exprel(y) + exprel(0) + exprel(y - 2)", (math.exp(2) - 1) / 2 + 2),
        ("where(x > y, 10, 20) + (1 if x < y else 2)", 12.0),
        ("(x > 2) + (x >= 3) + (x < 3) + (x <= 3) + (x == 3) + (x != 3)", 4.0),
        ("(x > 2 and y > 2) + (x > 2 or y > 2) + (not y)", 1.0),
        ("1 < y < x", 1.0),
        ("3 < y < x", 0.0),
        ("  x + y\n", 5.0),
        ("(x +\n y)", 5.0),
        ("1e3 + 0x10 + 1_000", 2016.0),
    ],
)
def test_expressions(text, expected):
    assert value(text, 3.0, 2.0) == pytest.approx(expected, rel=1e-14)


def test_nothing_is_computed_twice_and_constants_are_worked_out():
    graph, node = read("exp(x * 2) + exp(2 * x) * (3 + 4)")
    assert len(graph.needed([node])) == 7  # x, 2, x * 2, exp, 7, exp * 7, the sum
    for same in ("x + 0", "0 + x", "x - 0", "x * 1", "1 * x", "x / 1", "x ** 1", "--x", "where(1 < 2, x, y)", "+x"):
        graph, node = read(same)
        assert graph.nodes[node] == ("VARIABLE", "x")
    for zero in ("x * 0", "0 / x", "0 * exp(y)"):
        graph, node = read(zero)
        assert graph.value(node) == 0.0


texts = st.recursive(
    st.sampled_from(["x", "y", "0.5", "2", "(-1.5)"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*"]), inner),
        st.builds("({} / (1.3 + {}**2))".format, inner, inner),
        st.builds("{}({})".format, st.sampled_from(["tanh", "sin", "cos", "sigmoid"]), inner),
        st.builds("{}(tanh({}))".format, st.sampled_from(["exp", "exprel"]), inner),
        st.builds("log(1.1 + {0}**2) + sqrt(1.1 + {0}**2)".format, inner),
        st.builds("(2 + tanh({})) ** tanh({})".format, inner, inner),
        st.builds("where({} < 0.3, {}, {})".format, inner, inner, inner),
        st.builds("min({}, {})".format, inner, inner),
        st.builds("max(abs({}), {})".format, inner, inner),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(texts, st.floats(-2, 2), st.floats(-2, 2))
def test_derivatives_are_those_of_finite_differences(text, x, y):
    graph, node = read(text)
    slope = derivative(graph, node, graph.symbol("VARIABLE", "x"))
    at = [graph.evaluate(node, {("VARIABLE", "x"): x + d, ("VARIABLE", "y"): y}) for d in (-1e-5, 0, 1e-5)]
    left, right = (at[1] - at[0]) / 1e-5, (at[2] - at[1]) / 1e-5
    if not np.isclose(left, right, rtol=1e-2, atol=1e-2):
        return  # a kink or a step lies here
    found = graph.evaluate(slope, {("VARIABLE", "x"): x, ("VARIABLE", "y"): y})
    assert found == pytest.approx((left + right) / 2, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("x", [-30.0, -1e-3, -2e-5, 0.0, 1e-7, 1e-3, 2.0])
def test_relative_growth_has_a_derivative_everywhere(x):
    graph, node = read("exprel(x)")
    slope = graph.evaluate(derivative(graph, node, graph.symbol("VARIABLE", "x")), {("VARIABLE", "x"): x})
    terms = [k * x ** (k - 1) / math.factorial(k + 1) for k in range(1, 40)]
    exact = sum(terms) if abs(x) < 5 else (math.exp(x) * (x - 1) + 1) / x**2
    assert slope == pytest.approx(exact, rel=1e-7)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "give an expression as text"),
        (None, "give an expression as text"),
        (3.0, "give an expression as text"),
        ("x +", "which is no expression"),
        ("x = 3", "which is no expression"),
        ("x; y", "which is no expression"),
        ("x ^ 2", "powers are written"),
        ("x ^^ 2", "powers are written"),
        ("x % 2", "not part of the language"),
        ("x // 2", "not part of the language"),
        ("x @ y", "not part of the language"),
        ("lambda: x", "not part of the language"),
        ("[x]", "not part of the language"),
        ("x[0]", "not part of the language"),
        ("x.real", "not part of the language"),
        ("'x'", "not part of the language"),
        ("True", "not part of the language"),
        ("None", "not part of the language"),
        ("2j", "not part of the language"),
        ("x is y", "not part of the language"),
        ("x in y", "not part of the language"),
        ("x if y", "which is no expression"),
        ("(x := 3)", "not part of the language"),
        ("exp(x=3)", "not part of the language"),
        ("exp(*x)", "not part of the language"),
        ("(exp)(x)(y)", "not part of the language"),
        ("f'{x}'", "not part of the language"),
        ("exp(x, y)", "exp takes 1 arguments, and has 2"),
        ("max(x)", "max takes two or more arguments"),
        ("uniform(1)", "uniform takes 0 arguments"),
        ("1e400", "which is not finite"),
        ("1" + "0" * 400, "which is not finite"),
        ("1 / 0", "a constant comes to inf"),
        ("log(0)", "a constant comes to -inf"),
        ("9 ** 9 ** 9", "a constant comes to inf"),
        ("previous(V)", "previous is for spikes and resets"),
        ("x" * 20_001, "give at most 20000, or split it"),
        ("(" * 3000 + "x" + ")" * 3000, "no expression|nested"),
        ("-" * 15_000 + "x", "no expression|nested"),
        ("+".join(["x"] * 9000), "no expression|nested"),
        ("x\0", "no expression"),
    ],
)
def test_what_is_no_expression_is_refused(text, message):
    with pytest.raises(NetworkError, match=message):
        value(text)


@pytest.mark.parametrize("text", ["__import__('os')", "eval('1')", "open('x')", "exec(x)", "().__class__", "erp(x)"])
def test_nothing_else_can_be_called(text):
    with pytest.raises(SnsError, match="no function named|not part of the language"):
        value(text)


def test_misspelt_functions_are_suggested():
    with pytest.raises(UnknownNameError, match="no function named 'expp' in the text; did you mean 'exp'"):
        value("expp(x)")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="xyIVdt0123456789.+-*/<>=!()[]{}, eopnrsuvia'\"\n:\\_@%&|~^", max_size=40))
def test_any_text_is_an_expression_or_refused_by_an_error_of_its_own(text):
    try:
        EquationNeuron(equations={"V": text})
    except SnsError as error:
        assert str(error)


FINE = {"equations": {"V": "(w - V) / tau", "w": "-w"}, "parameters": {"tau": 2.0}}


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"equations": {"w": "-w"}}, NetworkError, "there is no equation of the potential 'V'"),
        ({"equations": {}}, NetworkError, "no equation of the potential"),
        ({"equations": "V"}, NetworkError, "equations is 'V'; give a dictionary"),
        ({"equations": {"V": "-V", "a b": "1"}}, NetworkError, "'a b' is no name"),
        ({"equations": {"V": "-V", "lambda": "1"}}, NetworkError, "'lambda' is no name"),
        ({"equations": {"V": "-V", "exp": "1"}}, NetworkError, "'exp' means something else in equations"),
        ({"equations": {"V": "-V", "I": "1"}}, NetworkError, "'I' means something else"),
        ({"parameters": {"tau": 2.0, "w": 1.0}}, NetworkError, "'w' is the name of two things"),
        ({"parameters": {"tau": "2"}}, NetworkError, "tau is '2'; give a number"),
        ({"parameters": {"tau": np.nan}}, NetworkError, "tau is nan; it must be finite"),
        ({"parameters": {"tau": 2.0, "more": 1.0}}, NetworkError, "'more' appears in no equation"),
        ({"parameters": {}}, UnknownNameError, "no variable, parameter or definition named 'tau'"),
        ({"definitions": {"a": "b", "b": "a"}}, NetworkError, "'a' appears in no equation|needs itself"),
        (
            {"equations": {"V": "a"}, "definitions": {"a": "b", "b": "a"}, "parameters": {}},
            NetworkError,
            "the definition of 'a' needs itself: a -> b -> a",
        ),
        ({"initial": {"q": 1.0}}, UnknownNameError, "no variable named 'q'"),
        ({"initial": {"V": 1.0}}, NetworkError, "give it as initial_value"),
        ({"initial": {"w": np.inf}}, NetworkError, "w is inf; it must be finite"),
        ({"initial": {"w": "I"}}, NetworkError, "depends on a current or a random number"),
        ({"initial": {"w": "w + 1"}}, UnknownNameError, "named 'w'"),
        ({"reset": {"V": "0"}}, NetworkError, "nothing makes a spike"),
        ({"refractory_period": 2.0}, NetworkError, "nothing makes a spike"),
        ({"spike": "V > 1", "reset": {"q": "0"}}, UnknownNameError, "no variable named 'q'"),
        ({"spike": "V"}, NetworkError, "give a comparison such as"),
        ({"spike": "V == 1"}, NetworkError, "give a comparison such as"),
        ({"spike": "V > 1 or w > 1"}, NetworkError, "give a comparison such as"),
        ({"spike": "not V > 1"}, NetworkError, "give a comparison such as"),
        ({"spike": "0 < V < 1"}, NetworkError, "give a comparison such as"),
        ({"spike": "V in w"}, NetworkError, "compare by <, <=, > or >="),
        ({"spike": "V > 1 and previous(q) < 1"}, UnknownNameError, "no variable named 'q'"),
        ({"spike": "V > previous(3)"}, NetworkError, "previous takes the name of a variable"),
        ({"spike": 1}, NetworkError, "spike is 1; give a comparison as text"),
        ({"resting_potential": "x"}, NetworkError, "resting_potential is 'x'"),
        ({"refractory_period": -1.0, "spike": "V > 1"}, NetworkError, "refractory_period is -1"),
    ],
)
def test_equations_that_cannot_be_computed_are_refused(changes, error, message):
    EquationNeuron(**FINE)
    with pytest.raises(error, match=f"EquationNeuron 'Neuron'.*({message})"):
        EquationNeuron(**{**FINE, **changes})
