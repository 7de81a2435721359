"""Gains: curves of one variable, from a signal to a current (nA) or from a potential (mV) to a control.

Afferents and efferents take one as their `curve`. The forms and the names of their parameters are AnimatLab's
(Cofer et al. 2010, J Neurosci Methods 187:280), whose gains also have limits: outside of them the output is constant.
The same numbers come out natively in a model and, for looking at a curve, from calling it in Python.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.adapters import checks
from sns_mujoco.adapters.native.layout import Curve
from sns_mujoco.errors import AttachError, NetworkError, unknown_name
from sns_mujoco.network.equations.graph import Graph
from sns_mujoco.network.equations.language import Reader, parse


@dataclass(frozen=True, slots=True)
class Gain:
    """What every gain has.

    Attributes:
        limits: Lower and upper end of where the curve holds; without them it holds everywhere.
        limit_outputs: Output below and above the limits.

    Raises:
        AttachError: A number is not finite, limits are in the wrong order, or one of the two is missing.
    """

    kind: ClassVar[Curve]

    limits: tuple[float, float] | None = field(default=None, kw_only=True)
    limit_outputs: tuple[float, float] | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Check what was given."""
        label = type(self).__name__
        if (self.limits is None) != (self.limit_outputs is None):
            raise AttachError(f"{label}: limits and limit_outputs belong together; give both or none")
        if self.limits is not None:
            checks.ascending(label, "limits", self.limits)
            checks.pair(label, "limit_outputs", self.limit_outputs, "below, above")

    @property
    def numbers(self) -> tuple[float, ...]:
        """The parameters, in the order in which the compiled step reads them."""
        raise NotImplementedError

    def __call__(self, x: ArrayLike) -> NDArray[np.float64]:
        """Values of the curve, in the shape of x."""
        x = np.asarray(x, float)
        with np.errstate(all="ignore"):
            y = np.asarray(self._inside(x), float)
        if self.limits is not None and self.limit_outputs is not None:
            y = np.where(x < self.limits[0], self.limit_outputs[0], y)
            y = np.where(x > self.limits[1], self.limit_outputs[1], y)
        return np.where(np.isnan(x), x, y)

    def _inside(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class _FourParameters(Gain):
    a: float
    b: float
    c: float
    d: float

    def __post_init__(self) -> None:
        """Check what was given."""
        Gain.__post_init__(self)
        for name in "abcd":
            checks.finite(type(self).__name__, name, getattr(self, name))

    @property
    def numbers(self) -> tuple[float, ...]:
        """The four parameters."""
        return float(self.a), float(self.b), float(self.c), float(self.d)


@dataclass(frozen=True, slots=True)
class Polynomial(_FourParameters):
    """a x^3 + b x^2 + c x + d.

    Attributes:
        a: Of the cube.
        b: Of the square.
        c: Slope.
        d: Value at 0.
    """

    kind: ClassVar[Curve] = Curve.POLYNOMIAL

    def _inside(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.a * x * x * x + self.b * x * x + self.c * x + self.d


@dataclass(frozen=True, slots=True)
class Sigmoid(_FourParameters):
    """b / (1 + exp(c (a - x))) + d.

    Attributes:
        a: Where it is halfway up.
        b: Height.
        c: Steepness, per unit of x.
        d: Value far below a.
    """

    kind: ClassVar[Curve] = Curve.SIGMOID

    def _inside(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.b / (1.0 + np.exp(self.c * (self.a - x))) + self.d


@dataclass(frozen=True, slots=True)
class Bell(_FourParameters):
    """b exp(-c (x - a)^2) + d.

    Attributes:
        a: Where it is highest.
        b: Height.
        c: Narrowness, per squared unit of x.
        d: Value far away.
    """

    kind: ClassVar[Curve] = Curve.BELL

    def _inside(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.b * np.exp(-self.c * ((x - self.a) * (x - self.a))) + self.d


@dataclass(frozen=True, slots=True)
class LengthTension(Gain):
    """1 - ((x - rest_length) / width)^2, not below 0: the active tension of a muscle by its length.

    Attributes:
        rest_length: Length at which it is 1.
        width: How far from it the tension vanishes.
    """

    kind: ClassVar[Curve] = Curve.LENGTH_TENSION

    rest_length: float
    width: float

    def __post_init__(self) -> None:
        """Check what was given."""
        Gain.__post_init__(self)
        checks.finite("LengthTension", "rest_length", self.rest_length)
        checks.positive("LengthTension", "width", self.width)

    @property
    def numbers(self) -> tuple[float, ...]:
        """Rest length and width."""
        return float(self.rest_length), float(self.width)

    def _inside(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        stretch = (x - self.rest_length) / self.width
        return np.maximum(1.0 - stretch * stretch, 0.0)


@dataclass(frozen=True, slots=True)
class Table(Gain):
    """Straight lines between points, constant beyond the first and the last one.

    Attributes:
        x: Abscissae, ascending; one that stands twice makes a jump, at which the later value holds.
        y: Values there.
    """

    kind: ClassVar[Curve] = Curve.TABLE

    x: tuple[float, ...]
    y: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check what was given; arrays become tuples."""
        Gain.__post_init__(self)
        for name in ("x", "y"):
            try:
                values = np.asarray(getattr(self, name), float)
            except (TypeError, ValueError):
                raise AttachError(f"Table: {name} is {getattr(self, name)!r}; give numbers") from None
            if values.ndim != 1 or not np.isfinite(values).all():
                raise AttachError(f"Table: {name} is {getattr(self, name)!r}; give a list of finite numbers")
            object.__setattr__(self, name, tuple(values.tolist()))
        if len(self.x) != len(self.y) or len(self.x) < 2:
            raise AttachError(f"Table: x has {len(self.x)} numbers and y {len(self.y)}; give as many, at least two")
        steps = np.diff(self.x)
        if (steps < 0).any() or (np.diff(self.x, n=2)[steps[:-1] == 0] == 0).any() or steps[0] == 0 or steps[-1] == 0:
            raise AttachError("Table: x must ascend; a number within it may stand twice for a jump, and no more often")

    @property
    def numbers(self) -> tuple[float, ...]:
        """All abscissae, then all values."""
        return (*self.x, *self.y)

    def _inside(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        known, values = np.array(self.x), np.array(self.y)
        i = np.clip(np.searchsorted(known, x, side="right") - 1, 0, len(known) - 2)
        line = values[i] + (x - known[i]) * ((values[i + 1] - values[i]) / (known[i + 1] - known[i]))
        return np.where(x < known[0], values[0], np.where(x >= known[-1], values[-1], line))


@dataclass(frozen=True, slots=True)
class Equation(Gain):
    """A formula in x, in the language of equations of neurons (`sns_mujoco.network.equations.language`).

    It is read with a list of what is allowed, never executed as Python.

    Attributes:
        text: The formula, such as "0.5 * x + max(x - 2, 0)".

    Raises:
        AttachError: It is no formula, or has something that is not part of the language.
        UnknownNameError: It has another variable than x, or a function that does not exist.
    """

    kind: ClassVar[Curve] = Curve.EQUATION

    text: str

    def __post_init__(self) -> None:
        """Read the formula."""
        Gain.__post_init__(self)
        _read(self.text)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The constants, in the order in which `instructions` count them."""
        graph, nodes = _read(self.text)
        return tuple(graph.nodes[node][1] for node in nodes if graph.nodes[node][0] == "CONSTANT")

    @property
    def instructions(self) -> list[tuple[str, list[int]]]:
        """Operations with the places of their operands: of earlier instructions, or of a constant."""
        graph, nodes = _read(self.text)
        places = {node: place for place, node in enumerate(nodes)}
        found: list[tuple[str, list[int]]] = []
        constants = 0
        for node in nodes:
            operation = graph.nodes[node][0]
            if operation == "CONSTANT":
                found.append((operation, [constants]))
                constants += 1
            else:
                found.append((operation, [places[a] for a in graph.arguments(node)]))
        return found

    def _inside(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        graph, nodes = _read(self.text)
        return np.broadcast_to(graph.evaluate(nodes[-1], {("VARIABLE", "x"): x}), x.shape)


@cache
def _read(text: str) -> tuple[Graph, list[int]]:
    """A formula as a graph, and the nodes that it needs, itself the last one."""
    what, graph = f"the equation {text!r}", Graph()

    def variable(name: str) -> int:
        if name != "x":
            raise unknown_name("variable", name, ["x"], what)
        return graph.symbol("VARIABLE", "x")

    try:
        root = Reader(graph, {}).read(parse(text, what), what, variable, {})
    except NetworkError as error:
        raise AttachError(f"Equation: {error}") from None
    nodes = graph.needed([root])
    if any(graph.nodes[node][0] in ("UNIFORM", "NORMAL") for node in nodes):
        raise AttachError(f"Equation: {what} draws random numbers; give the adapter `noise` instead")
    return graph, nodes
