"""The language of equations: Python expressions of numbers, read with a list of what is allowed and never executed.

    + - * / **   < <= > >= == !=   and or not   a if condition else b
    exp log sqrt sin cos tanh abs floor   min(a, b, ...) max(a, b, ...)   where(condition, a, b)
    sigmoid(x) = 1 / (1 + exp(-x))        exprel(x) = (exp(x) - 1) / x, 1 at 0
    uniform() between 0 and 1             normal() with mean 0 and variance 1: another number in every step
    previous(V): a variable at the start of the step, in the conditions of spikes and in resets

Conditions are numbers: 1 where they hold, else 0; every number but 0 counts as true.
"""

import ast
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.network.equations.graph import Graph

LONGEST = 20_000  # characters of an expression
OPERATORS: dict[type, str] = {
    ast.Add: "ADD", ast.Sub: "SUBTRACT", ast.Mult: "MULTIPLY", ast.Div: "DIVIDE", ast.Pow: "POWER",
}  # fmt: skip
COMPARISONS: dict[type, tuple[str, bool, bool]] = {  # operation, whether turned round, whether negated
    ast.Lt: ("LESS", False, False), ast.LtE: ("LESS_EQUAL", False, False), ast.Gt: ("LESS", True, False),
    ast.GtE: ("LESS_EQUAL", True, False), ast.Eq: ("EQUAL", False, False), ast.NotEq: ("EQUAL", False, True),
}  # fmt: skip
FUNCTIONS: dict[str, tuple[str, int]] = {
    "exp": ("EXPONENTIAL", 1), "log": ("LOGARITHM", 1), "sqrt": ("SQUARE_ROOT", 1), "sin": ("SINE", 1),
    "cos": ("COSINE", 1), "tanh": ("HYPERBOLIC_TANGENT", 1), "abs": ("ABSOLUTE", 1), "floor": ("FLOOR", 1),
    "exprel": ("RELATIVE_GROWTH", 1), "where": ("SELECT", 3),
}  # fmt: skip
EXTREMES = {"min": "MINIMUM", "max": "MAXIMUM"}
DRAWS = {"uniform": "UNIFORM", "normal": "NORMAL"}
RESERVED = frozenset({*FUNCTIONS, *EXTREMES, *DRAWS, "sigmoid", "previous", "I", "dt"})
"""What names of variables, parameters and definitions must not be."""

Lookup = Callable[[str], int]


def parse(text: Any, what: str) -> ast.expr:
    """The syntax tree of an expression.

    Args:
        text: The expression.
        what: How messages call it.

    Raises:
        NetworkError: It is no text, too long, or no expression.
    """
    if not isinstance(text, str) or not text.strip():
        raise NetworkError(f"{what} is {text!r}; give an expression as text")
    if len(text) > LONGEST:
        raise NetworkError(f"{what} has {len(text)} characters; give at most {LONGEST}, or split it into definitions")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        hint = "; powers are written **" if "^" in text else ""
        raise NetworkError(f"{what} is {text!r}, which is no expression: {_reason(error)}{hint}") from None


def _reason(error: Exception) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error) or "it is nested too deeply"


class Reader:
    """Puts expressions into a graph."""

    def __init__(self, graph: Graph, draws: dict[tuple[str, int], int]) -> None:
        """Begin with a graph, and numbers of draws: those of an expression are the same each time it is read."""
        self._graph, self._draws = graph, draws

    def read(self, tree: ast.expr, what: str, lookup: Lookup, previous: Mapping[str, int]) -> int:
        """The node of an expression.

        Args:
            tree: Its syntax tree.
            what: How messages call it.
            lookup: The node of a name.
            previous: The nodes of the variables at the start of the step, where there are such.

        Raises:
            NetworkError: It has something that is not allowed; says what.
            UnknownNameError: It has a function or variable that does not exist.
        """
        try:
            return _Reading(self._graph, self._draws, what, lookup, previous).node(tree)
        except RecursionError:
            raise NetworkError(f"{what} is nested too deeply; split it into definitions") from None


class _Reading:
    def __init__(
        self, graph: Graph, draws: dict[tuple[str, int], int], what: str, lookup: Lookup, previous: Mapping[str, int]
    ) -> None:
        self._graph, self._draws, self._what = graph, draws, what
        self._lookup, self._previous = lookup, previous
        self._drawn = 0

    def node(self, tree: ast.expr) -> int:
        do = self._graph.apply
        match tree:
            case ast.Constant(value=bool()):
                raise self._refusal(tree)
            case ast.Constant(value=int(number) | float(number)):
                return self._number(number)
            case ast.Name(id=name):
                return self._lookup(name)
            case ast.UnaryOp(op=ast.USub()):
                return do("NEGATIVE", self.node(tree.operand))
            case ast.UnaryOp(op=ast.UAdd()):
                return self.node(tree.operand)
            case ast.UnaryOp(op=ast.Not()):
                return do("NOT", self.node(tree.operand))
            case ast.BinOp() if type(tree.op) in OPERATORS:
                return do(OPERATORS[type(tree.op)], self.node(tree.left), self.node(tree.right))
            case ast.BoolOp():
                operation = "AND" if isinstance(tree.op, ast.And) else "OR"
                return reduce(lambda a, b: do(operation, a, b), [self.node(value) for value in tree.values])
            case ast.Compare() if all(type(op) in COMPARISONS for op in tree.ops):
                return self._compared(tree)
            case ast.IfExp():
                return do("SELECT", self.node(tree.test), self.node(tree.body), self.node(tree.orelse))
            case ast.Call(func=ast.Name(id=name), keywords=[]) if not any(
                isinstance(a, ast.Starred) for a in tree.args
            ):
                return self._called(name, tree.args)
        raise self._refusal(tree)

    def _number(self, value: float) -> int:
        try:
            return self._graph.constant(value)
        except (OverflowError, NetworkError):
            raise NetworkError(f"{self._what} has the number {str(value)[:20]}..., which is not finite") from None

    def _compared(self, tree: ast.Compare) -> int:
        do = self._graph.apply
        sides = [self.node(side) for side in (tree.left, *tree.comparators)]
        held = []
        for left, op, right in zip(sides, tree.ops, sides[1:], strict=False):
            operation, turned, negated = COMPARISONS[type(op)]
            holds = do(operation, right, left) if turned else do(operation, left, right)
            held.append(do("NOT", holds) if negated else holds)
        return reduce(lambda a, b: do("AND", a, b), held)

    def _called(self, name: str, arguments: list[ast.expr]) -> int:
        do = self._graph.apply
        if name == "previous":
            return self._old(arguments)
        wanted = {**{f: count for f, (_, count) in FUNCTIONS.items()}, **dict.fromkeys(DRAWS, 0), "sigmoid": 1}
        if name not in wanted and name not in EXTREMES:
            raise unknown_name("function", name, sorted((*wanted, *EXTREMES, "previous")), self._what)
        if len(arguments) != wanted.get(name, max(len(arguments), 2)):
            count = wanted.get(name, "two or more")
            raise NetworkError(f"{self._what}: {name} takes {count} arguments, and has {len(arguments)}")
        if name in DRAWS:
            key = self._what, self._drawn
            self._drawn += 1
            return self._graph.symbol(DRAWS[name], self._draws.setdefault(key, len(self._draws)))
        nodes = [self.node(argument) for argument in arguments]
        if name in EXTREMES:
            return reduce(lambda a, b: do(EXTREMES[name], a, b), nodes)
        if name == "sigmoid":  # by tanh, whose slope does not overflow
            half = self._graph.constant(0.5)
            return do("ADD", half, do("MULTIPLY", half, do("HYPERBOLIC_TANGENT", do("MULTIPLY", half, nodes[0]))))
        return do(FUNCTIONS[name][0], *nodes)

    def _old(self, arguments: list[ast.expr]) -> int:
        """A variable at the start of the step."""
        if not self._previous:
            raise NetworkError(
                f"{self._what}: previous is for spikes and resets; here variables are the old ones anyway"
            )
        names = [a.id if isinstance(a, ast.Name) else getattr(a, "value", None) for a in arguments]
        if len(names) != 1 or not isinstance(names[0], str):
            raise NetworkError(f"{self._what}: previous takes the name of a variable, as in previous(V)")
        if names[0] not in self._previous:
            raise unknown_name("variable", names[0], self._previous, self._what)
        return self._previous[names[0]]

    def _refusal(self, tree: ast.expr) -> NetworkError:
        shown = ast.unparse(tree)
        hint = "; powers are written **" if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitXor) else ""
        return NetworkError(
            f"{self._what} has {shown[:60]!r}, which is not part of the language of equations: give numbers, names, "
            f"operators, comparisons and functions such as exp{hint}"
        )
