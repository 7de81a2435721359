"""Expressions as a graph of operations, in which nothing occurs twice and constants are worked out.

A node is a number that counts in `Graph.nodes`; what it is made of has smaller numbers. Operations bear the names of
`sns_mujoco.backends.families.Op`. Leaves are CONSTANT (a number), and symbols: PARAMETER and VARIABLE (a name),
CURRENT, UNIFORM and NORMAL (which draw).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from sns_mujoco.errors import NetworkError

SYMBOLS = ("PARAMETER", "VARIABLE", "CURRENT", "UNIFORM", "NORMAL")
COMMUTATIVE = ("ADD", "MULTIPLY", "EQUAL", "AND", "OR")
Node = tuple[Any, ...]


def _relative_growth(x: Any) -> Any:
    safe = np.where(x == 0, 1.0, x)
    return np.where(x == 0, 1.0, np.expm1(safe) / safe)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ADD": np.add, "SUBTRACT": np.subtract, "MULTIPLY": np.multiply, "DIVIDE": np.divide, "POWER": np.power,
    "MINIMUM": np.minimum, "MAXIMUM": np.maximum, "LESS": np.less, "LESS_EQUAL": np.less_equal, "EQUAL": np.equal,
    "AND": np.logical_and, "OR": np.logical_or, "NOT": np.logical_not,
    "SELECT": lambda a, b, c: np.where(np.asarray(a) != 0, b, c), "NEGATIVE": np.negative, "ABSOLUTE": np.abs,
    "EXPONENTIAL": np.exp, "LOGARITHM": np.log, "SQUARE_ROOT": np.sqrt, "SINE": np.sin, "COSINE": np.cos,
    "HYPERBOLIC_TANGENT": np.tanh, "FLOOR": np.floor, "RELATIVE_GROWTH": _relative_growth,
}  # fmt: skip


class Graph:
    """Nodes that refer to earlier ones.

    Attributes:
        nodes: (operation, arguments...), arguments being nodes except of leaves.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self.nodes: list[Node] = []
        self._known: dict[Node, int] = {}

    def constant(self, value: float) -> int:
        """A number.

        Raises:
            NetworkError: It is not finite.
        """
        number = float(value)
        if not np.isfinite(number):
            raise NetworkError(f"a constant comes to {number:g}; it must be finite")
        return self._node(("CONSTANT", number))

    def symbol(self, kind: str, name: Any = None) -> int:
        """One of `SYMBOLS`."""
        return self._node((kind, name))

    def value(self, node: int) -> float | None:
        """The number that a node is, or None."""
        operation, *arguments = self.nodes[node]
        return arguments[0] if operation == "CONSTANT" else None

    def apply(self, operation: str, *arguments: int) -> int:
        """An operation, worked out or simplified where its arguments allow it.

        Raises:
            NetworkError: Constants come to something that is not finite.
        """
        values = [self.value(argument) for argument in arguments]
        if all(value is not None for value in values):
            with np.errstate(all="ignore"):
                return self.constant(float(FUNCTIONS[operation](*np.array(values, float))))
        simpler = self._simplified(operation, arguments, values)
        if simpler is not None:
            return simpler
        if operation in COMMUTATIVE:
            arguments = tuple(sorted(arguments))
        return self._node((operation, *arguments))

    def needed(self, roots: Iterable[int]) -> list[int]:
        """The nodes from which some follow, and these, in order."""
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += self.arguments(node)
        return sorted(found)

    def arguments(self, node: int) -> tuple[int, ...]:
        """The nodes that a node is made of."""
        operation, *arguments = self.nodes[node]
        return () if operation == "CONSTANT" or operation in SYMBOLS else tuple(arguments)

    def evaluate(self, root: int, symbols: Mapping[tuple[str, Any], Any]) -> Any:
        """The value of a node, given those of the symbols that it follows from."""
        values: dict[int, Any] = {}
        with np.errstate(all="ignore"):
            for node in self.needed([root]):
                operation, *arguments = self.nodes[node]
                if operation == "CONSTANT":
                    values[node] = np.float64(arguments[0])
                elif operation in SYMBOLS:
                    values[node] = np.asarray(symbols[operation, arguments[0]], float)
                else:
                    values[node] = np.asarray(FUNCTIONS[operation](*(values[a] for a in arguments)), float)
        return values[root]

    def _node(self, node: Node) -> int:
        key = (*node, str(node[1])) if node[0] == "CONSTANT" else node  # 0.0 and -0.0 are not the same
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(node)
        return self._known[key]

    def _simplified(self, operation: str, arguments: tuple[int, ...], values: list[float | None]) -> int | None:
        """What is the same without the operation, or with a cheaper one; None if there is nothing."""
        first, second, third = (*arguments, -1, -1)[:3]
        a, b = (*values, None)[:2]
        match operation:
            case "ADD" if a == 0:
                return second
            case "ADD" | "SUBTRACT" if b == 0:
                return first
            case "SUBTRACT" if a == 0:
                return self.apply("NEGATIVE", second)
            case "MULTIPLY" if a == 0 or b == 0:
                return self.constant(0.0)
            case "MULTIPLY" if a == 1:
                return second
            case "MULTIPLY" | "DIVIDE" | "POWER" if b == 1:
                return first
            case "MULTIPLY" if a == -1:
                return self.apply("NEGATIVE", second)
            case "MULTIPLY" | "DIVIDE" if b == -1:
                return self.apply("NEGATIVE", first)
            case "DIVIDE" if a == 0:
                return self.constant(0.0)
            case "POWER" if b == 0:
                return self.constant(1.0)
            case "POWER" if b in (2, 3, 4):
                square = self.apply("MULTIPLY", first, first)
                return square if b == 2 else self.apply("MULTIPLY", square, first if b == 3 else square)
            case "SELECT" if a is not None:
                return second if a != 0 else third
            case "SELECT" if second == third:
                return second
            case "NEGATIVE" if self.nodes[first][0] == "NEGATIVE":
                return self.nodes[first][1]
        return None
