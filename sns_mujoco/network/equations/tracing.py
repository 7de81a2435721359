"""Equations from a function: it is called with symbols, and what it does with them becomes text."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.network.equations.language import DRAWS, EXTREMES, FUNCTIONS

NEEDED = {**{name: count for name, (_, count) in FUNCTIONS.items()}, **dict.fromkeys(DRAWS, 0), "sigmoid": 1}
REMEDY = "use m.where for choices, &, | and ~ for conditions, and the functions of m"


def _binary(operator: str) -> Callable[["Symbol", Any], "Symbol"]:
    return lambda symbol, other: _joined(f"({{0}} {operator} {{1}})", symbol, other)


def _reflected(operator: str) -> Callable[["Symbol", Any], "Symbol"]:
    return lambda symbol, other: _joined(f"({{0}} {operator} {{1}})", other, symbol)


def _unary(form: str) -> Callable[["Symbol"], "Symbol"]:
    return lambda symbol: Symbol(form, symbol)


def _refused(what: str) -> Callable[["Symbol"], Any]:
    def refuse(symbol: "Symbol") -> Any:
        raise NetworkError(f"the function {what}; {REMEDY}")

    return refuse


class Symbol:
    """A number that is not known yet.

    Attributes:
        form: How it is written, with {0}, {1} ... in the place of what it is made of.
        parts: What it is made of.
    """

    __slots__ = ("form", "parts")
    __array_ufunc__ = None  # numpy is to leave arithmetic to this class
    __hash__ = object.__hash__

    __add__, __radd__ = _binary("+"), _reflected("+")
    __sub__, __rsub__ = _binary("-"), _reflected("-")
    __mul__, __rmul__ = _binary("*"), _reflected("*")
    __truediv__, __rtruediv__ = _binary("/"), _reflected("/")
    __pow__, __rpow__ = _binary("**"), _reflected("**")
    __and__, __rand__ = _binary("and"), _reflected("and")
    __or__, __ror__ = _binary("or"), _reflected("or")
    __lt__, __le__, __gt__, __ge__ = _binary("<"), _binary("<="), _binary(">"), _binary(">=")
    __eq__, __ne__ = _binary("=="), _binary("!=")  # type: ignore[assignment]
    __invert__, __abs__ = _unary("(not {0})"), _unary("abs({0})")
    __neg__, __pos__ = _unary("(-{0})"), _unary("{0}")
    __bool__ = _refused("decides by a value that is not known yet")
    __float__ = __int__ = __index__ = _refused("needs the number of a value that is not known yet")
    __iter__ = _refused("goes through a value as if it were a list")

    def __init__(self, form: str, *parts: "Symbol") -> None:
        """Make it of others."""
        self.form, self.parts = form, parts


class _Names:
    """Symbols by name, as attributes."""

    def __init__(self, kind: str, names: tuple[str, ...]) -> None:
        self._kind, self._names = kind, {name: Symbol(name) for name in names}

    def __getattr__(self, name: str) -> Symbol:
        if name not in self._names:
            raise unknown_name(self._kind, name, self._names, "the function's arguments")
        return self._names[name]


class _Functions:
    """The functions of the language of equations, as attributes."""

    def __getattr__(self, name: str) -> Callable[..., Symbol]:
        if name not in NEEDED and name not in EXTREMES:
            raise unknown_name("function", name, sorted((*NEEDED, *EXTREMES)), "m, the functions of equations")

        def call(*arguments: Any) -> Symbol:
            if len(arguments) != NEEDED.get(name, max(len(arguments), 2)):
                raise NetworkError(f"m.{name} takes {NEEDED.get(name, 'two or more')} arguments, not {len(arguments)}")
            places = ", ".join(f"{{{k}}}" for k in range(len(arguments)))
            return Symbol(f"{name}({places})", *map(_symbol, arguments))

        return call


def traced(
    function: Callable[..., Mapping[str, Any]], variables: tuple[str, ...], parameters: tuple[str, ...]
) -> tuple[dict[str, str], dict[str, str]]:
    """Equations and definitions from a function.

    Args:
        function: f(s, p, I, m), see `EquationNeuron.from_function`.
        variables: Names of the variables, the potential first.
        parameters: Names of the parameters.

    Raises:
        NetworkError: It returns something else than the derivative of every variable, or does with symbols what only
            numbers can do.
        UnknownNameError: It has a variable, parameter or function that does not exist.
    """
    if not callable(function):
        raise NetworkError(f"{function!r} is no function; give f(s, p, I, m)")
    names = _Names("variable", variables), _Names("parameter", parameters)
    try:
        result = function(*names, Symbol("I"), _Functions())
    except (TypeError, AttributeError) as error:
        raise NetworkError(f"the function cannot be called with symbols: {error}; {REMEDY}") from error
    if not isinstance(result, Mapping):
        raise NetworkError(
            f"the function returns {_shown(result)}; give a dictionary with the derivative of every variable: "
            f"{', '.join(variables)}"
        )
    if set(result) != set(variables):
        raise NetworkError(
            f"the function returns derivatives of {', '.join(map(str, result)) or 'nothing'}; the variables are "
            f"{', '.join(variables)}: give every one, and name all but V in `initial`"
        )
    roots = {}
    for name in variables:
        value = result[name]
        if not isinstance(value, Symbol) and (np.ndim(value) or not isinstance(value, int | float | np.number)):
            raise NetworkError(f"the function returns {_shown(value)} as derivative of {name!r}; give one number")
        roots[name] = _symbol(value)
    return _written(roots)


def _shown(value: Any) -> str:
    return f"an array of shape {np.shape(value)}" if isinstance(value, np.ndarray) else repr(value)[:60]


def _joined(form: str, left: Any, right: Any) -> Symbol:
    return Symbol(form, _symbol(left), _symbol(right))


def _symbol(value: Any) -> Symbol:
    if isinstance(value, Symbol):
        return value
    if isinstance(value, np.ndarray | list | tuple) and np.ndim(value):
        raise NetworkError(f"the function uses {_shown(value)}; values are single numbers: give arrays as parameters")
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number | np.ndarray):
        raise NetworkError(f"the function uses {_shown(value)} as a number; {REMEDY}")
    number = float(value)
    if not np.isfinite(number):
        raise NetworkError(f"the function uses the number {number:g}; it must be finite")
    return Symbol(repr(number) if number >= 0 else f"({number!r})")


def _written(roots: Mapping[str, Symbol]) -> tuple[dict[str, str], dict[str, str]]:
    """Texts of symbols: what is used more than once becomes a definition."""
    order, uses = _in_order(roots)
    texts: dict[int, str] = {}
    definitions: dict[str, str] = {}
    for symbol in order:
        text = symbol.form.format(*(texts[id(part)] for part in symbol.parts))
        if uses[id(symbol)] > 1 and (symbol.parts or symbol.form.endswith("()")):
            name = f"_{len(definitions) + 1}"
            definitions[name], text = text, name
        texts[id(symbol)] = text
    return {name: texts[id(root)] for name, root in roots.items()}, definitions


def _in_order(roots: Mapping[str, Symbol]) -> tuple[list[Symbol], dict[int, int]]:
    """Every symbol once, after those that it is made of; and how often each is used."""
    uses: dict[int, int] = {}
    order: list[Symbol] = []
    for root in roots.values():
        uses[id(root)] = uses.get(id(root), 0) + 1
        waiting = [] if uses[id(root)] > 1 else [(root, iter(root.parts))]
        while waiting:
            symbol, parts = waiting[-1]
            part = next(parts, None)
            if part is None:
                order.append(waiting.pop()[0])
                continue
            uses[id(part)] = uses.get(id(part), 0) + 1
            if uses[id(part)] == 1:
                waiting.append((part, iter(part.parts)))
    return order, uses
