"""AnimatLab's gains, read as curves of this package or as text for its equations.

Their signals are in SI units (V, A, m, N, rad); potentials here are mV and currents nA, so they are read with the
factor of either side.
"""

from dataclasses import dataclass

from sns_mujoco.adapters import gains
from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.equations import infix
from sns_mujoco.interop.animatlab.xml import Item

LETTERS = {"polynomial": "ABCD", "sigmoid": "ABCD", "bell": "ABCD", "ionchannelsigmoid": "ABCDEFGH"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A gain in SI units.

    Attributes:
        kind: "polynomial", "sigmoid", "bell", "equation", "lengthtension" or "ionchannelsigmoid".
        numbers: Its parameters.
        text: The equation, in postfix notation.
        limits: Lower and upper limit, or None.
        outputs: Outputs below and above them.
        where: How messages call it.
    """

    kind: str
    numbers: tuple[float, ...] = ()
    text: str = ""
    limits: tuple[float, float] | None = None
    outputs: tuple[float, float] = (0.0, 0.0)
    where: str = "gain"

    def written(self, x: str) -> str:
        """The curve as text in the language of equations; `x` is what stands for its input."""
        n = [repr(number) for number in self.numbers]
        match self.kind:
            case "polynomial":
                inside = f"({n[0]} * ({x}) ** 3 + {n[1]} * ({x}) ** 2 + {n[2]} * ({x}) + {n[3]})"
            case "sigmoid":
                inside = f"({n[1]} * sigmoid({n[2]} * (({x}) - {n[0]})) + {n[3]})"
            case "bell":
                inside = f"({n[1]} * exp(-{n[2]} * (({x}) - {n[0]}) ** 2) + {n[3]})" if self.numbers[1] else "(0.0)"
            case "lengthtension":
                return f"max(1 - ((({x}) - {n[0]}) / {n[1]}) ** 2, 0)"
            case "ionchannelsigmoid":
                a, b, c, d, e, f, g, h = n
                inside = f"({a} + {b} / ({h} + exp({c} * (({x}) + {d})) + {e} * exp({f} * (({x}) + {g}))))"
            case _:
                inside = infix(self.text, {"x": x}, self.where)
        if self.limits is None:
            return inside
        low, high = map(repr, self.limits)
        below, above = map(repr, self.outputs)
        return f"where(({x}) < {low}, {below}, where(({x}) > {high}, {above}, {inside}))"

    def gain(self, x: float = 1.0, y: float = 1.0) -> gains.Gain:
        """The curve for signals whose SI value is `x` times what is read, and outputs of `y` per SI unit.

        Raises:
            AnimatLabError: It is no expression.
        """
        limits, outputs = None, None
        if self.limits is not None and x > 0:
            limits = self.limits[0] / x, self.limits[1] / x
            outputs = self.outputs[0] * y, self.outputs[1] * y
        if self.limits is None or x > 0:
            n = self.numbers
            match self.kind:
                case "polynomial":
                    return gains.Polynomial(
                        n[0] * x**3 * y, n[1] * x**2 * y, n[2] * x * y, n[3] * y, limits=limits, limit_outputs=outputs
                    )
                case "sigmoid":
                    return gains.Sigmoid(n[0] / x, n[1] * y, n[2] * x, n[3] * y, limits=limits, limit_outputs=outputs)
                case "bell" if n[1]:
                    return gains.Bell(n[0] / x, n[1] * y, n[2] * x**2, n[3] * y, limits=limits, limit_outputs=outputs)
                case "lengthtension" if y == 1 and x > 0:
                    return gains.LengthTension(n[0] / x, n[1] / x)
        return gains.Equation(f"{y!r} * {self.written(f'({x!r} * x)')}")

    @property
    def straight(self) -> tuple[float, float] | None:
        """Slope and value at 0 of a straight line without limits, or None where it is none."""
        if self.kind != "polynomial" or self.limits is not None or self.numbers[0] or self.numbers[1]:
            return None
        return self.numbers[2], self.numbers[3]


def read_gain(item: Item, kind: str | None = None) -> Curve:
    """A gain.

    Raises:
        AnimatLabError: Its type is unknown, or a number is missing.
    """
    given = (kind or item.text("Type")).lower()
    if given == "stimulustension":
        given = "sigmoid"
    if given == "lengthtension":
        numbers = item.number("RestingLength", above=0.0), item.number("Lwidth", above=0.0)
        return Curve(kind=given, numbers=numbers, where=item.where)
    limits, outputs = None, (0.0, 0.0)
    if item.flag("UseLimits", False):
        limits = item.number("LowerLimit"), item.number("UpperLimit")
        outputs = item.number("LowerOutput"), item.number("UpperOutput")
        if not limits[0] < limits[1]:
            raise AnimatLabError(f"{item.where}: the limits {limits[0]:g} and {limits[1]:g} are in the wrong order")
    if given == "equation":
        curve = Curve(kind=given, text=item.text("Equation"), limits=limits, outputs=outputs, where=item.where)
        curve.written("x")  # where it is no expression, this says so
        return curve
    if given not in LETTERS:
        raise AnimatLabError(
            f"{item.where}: gain type {given!r} is unknown; AnimatLab has bell, sigmoid, polynomial and equation"
        )
    numbers = tuple(item.number(letter) for letter in LETTERS[given])
    return Curve(kind=given, numbers=numbers, limits=limits, outputs=outputs, where=item.where)
