"""Derivatives of expressions."""

from collections.abc import Callable

from sns_mujoco.network.equations.graph import Graph

STEPS = ("LESS", "LESS_EQUAL", "EQUAL", "AND", "OR", "NOT", "FLOOR")  # flat wherever they have a derivative
SMALL = 1e-4  # below which the derivative of relative growth is taken from its series


def derivative(graph: Graph, root: int, symbol: int) -> int:
    """The derivative of a node with respect to a symbol, as a node of the same graph.

    Steps count as flat, and choices and minima as what they choose.
    """
    zero, one = graph.constant(0.0), graph.constant(1.0)
    slopes: dict[int, int] = {}
    for node in graph.needed([root]):
        if node == symbol:
            slopes[node] = one
            continue
        arguments = graph.arguments(node)
        if not arguments or all(slopes[a] == zero for a in arguments):
            slopes[node] = zero
            continue
        slopes[node] = _of(graph, node, arguments, [slopes[a] for a in arguments])
    return slopes[root]


def _of(graph: Graph, node: int, a: tuple[int, ...], d: list[int]) -> int:
    """The derivative of an operation from its arguments and their derivatives."""
    do = graph.apply
    operation = graph.nodes[node][0]
    if operation in STEPS:
        return graph.constant(0.0)
    match operation:
        case "ADD" | "SUBTRACT":
            return do(operation, d[0], d[1])
        case "MULTIPLY":
            return do("ADD", do("MULTIPLY", d[0], a[1]), do("MULTIPLY", a[0], d[1]))
        case "DIVIDE":
            return do("DIVIDE", do("SUBTRACT", d[0], do("MULTIPLY", node, d[1])), a[1])
        case "POWER":
            return _of_power(graph, node, a, d)
        case "MINIMUM":
            return do("SELECT", do("LESS", a[0], a[1]), d[0], d[1])
        case "MAXIMUM":
            return do("SELECT", do("LESS", a[0], a[1]), d[1], d[0])
        case "SELECT":
            return do("SELECT", a[0], d[1], d[2])
    return do("MULTIPLY", FACTORS[operation](graph, node, a[0]), d[0])


def _of_power(graph: Graph, node: int, a: tuple[int, ...], d: list[int]) -> int:
    do, zero = graph.apply, graph.constant(0.0)
    slope = zero
    if d[0] != zero:
        lower = do("POWER", a[0], do("SUBTRACT", a[1], graph.constant(1.0)))
        slope = do("MULTIPLY", do("MULTIPLY", a[1], lower), d[0])
    if d[1] != zero:
        slope = do("ADD", slope, do("MULTIPLY", do("MULTIPLY", node, do("LOGARITHM", a[0])), d[1]))
    return slope


def _of_relative_growth(graph: Graph, node: int, x: int) -> int:
    """(exp(x) - relative growth) / x, or 1/2 + x/3 + x^2/8 near 0."""
    do, number = graph.apply, graph.constant
    series = do("ADD", number(1 / 3), do("MULTIPLY", x, number(1 / 8)))
    series = do("ADD", number(0.5), do("MULTIPLY", x, series))
    far = do("DIVIDE", do("SUBTRACT", do("EXPONENTIAL", x), node), x)
    return do("SELECT", do("LESS", do("ABSOLUTE", x), number(SMALL)), series, far)


def _of_tangent(graph: Graph, node: int, x: int) -> int:
    return graph.apply("SUBTRACT", graph.constant(1.0), graph.apply("MULTIPLY", node, node))


def _of_absolute(graph: Graph, node: int, x: int) -> int:
    negative = graph.apply("LESS", x, graph.constant(0.0))
    return graph.apply("SELECT", negative, graph.constant(-1.0), graph.constant(1.0))


FACTORS: dict[str, Callable[[Graph, int, int], int]] = {
    "NEGATIVE": lambda graph, node, x: graph.constant(-1.0),
    "ABSOLUTE": _of_absolute,
    "EXPONENTIAL": lambda graph, node, x: node,
    "LOGARITHM": lambda graph, node, x: graph.apply("DIVIDE", graph.constant(1.0), x),
    "SQUARE_ROOT": lambda graph, node, x: graph.apply("DIVIDE", graph.constant(0.5), node),
    "SINE": lambda graph, node, x: graph.apply("COSINE", x),
    "COSINE": lambda graph, node, x: graph.apply("NEGATIVE", graph.apply("SINE", x)),
    "HYPERBOLIC_TANGENT": _of_tangent,
    "RELATIVE_GROWTH": _of_relative_growth,
}
"""By what the derivative of the argument is multiplied, given the node and its argument."""
