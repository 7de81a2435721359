"""One quantity that is drawn anew for every life: `Random`."""

from dataclasses import KW_ONLY, dataclass
from numbers import Real
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import ParameterError
from sns_mujoco.learning.spaces.vary import Vary

Floats = NDArray[np.float64]
SPREADS = 3.0  # beyond so many standard deviations nothing is drawn


@dataclass(frozen=True, slots=True)
class Random:
    """A quantity of what a pattern names, drawn anew whenever an individual is reset.

    Attributes:
        quantity: Name of the quantity, as in `population[quantity, pattern]`: of neurons, synapses, adapters ("gain",
            "noise", "delay"), muscles ("force") or the body ("mass", "friction", "damping").
        pattern: Shell pattern of the names of what has it.
        bounds: Between which it is drawn, evenly on `scale`.
        spread: Or the standard deviation of a normal distribution, of which three are drawn at most; on a "log" scale
            that of the natural logarithm.
        scale: "linear" or "log".
        relative: Whether a factor is drawn on the individual's own value; otherwise with bounds the value itself, with
            a spread what is added to its own.
        together: Whether all that match get the same; otherwise each is drawn for itself.

    Raises:
        ParameterError: There are bounds and a spread or neither, the bounds are reversed, equal or not finite, the
            spread is not positive, or a logarithm of what is not positive is asked for.
    """

    quantity: str
    pattern: str = "*"
    _: KW_ONLY
    bounds: tuple[float, float] | None = None
    spread: float | None = None
    scale: Literal["linear", "log"] = "linear"
    relative: bool = True
    together: bool = False

    def __post_init__(self) -> None:
        """Check it."""
        what = f"random {self.quantity!r} of {self.pattern!r}"
        if not all(isinstance(text, str) and text for text in (self.quantity, self.pattern)):
            raise ParameterError(f"{what}: the quantity and the pattern are texts; give such")
        if (self.bounds is None) == (self.spread is None):
            raise ParameterError(f"{what} has bounds and a spread, or neither; give one of the two")
        if self.scale not in ("linear", "log"):
            raise ParameterError(f"{what} has scale {self.scale!r}; give 'linear' or 'log'")
        if self.bounds is not None:
            try:
                if isinstance(self.bounds, str):
                    raise TypeError
                low, high = map(float, self.bounds)
            except (TypeError, ValueError):
                raise ParameterError(f"{what} has bounds {self.bounds!r}; give two numbers") from None
            if not (np.isfinite(low) and np.isfinite(high) and low < high):
                raise ParameterError(f"{what} has bounds {self.bounds!r}; give finite ones, the lesser first")
            if self.scale == "log" and low <= 0.0:
                raise ParameterError(f"{what} has bounds {self.bounds!r} on a log scale; give positive ones")
            object.__setattr__(self, "bounds", (low, high))
        elif not isinstance(self.spread, Real) or not (np.isfinite(self.spread) and self.spread > 0.0):
            raise ParameterError(f"{what} has a spread of {self.spread!r}; give a finite positive number")
        elif self.scale == "log" and not self.relative:
            raise ParameterError(f"{what} has a spread on a log scale, which is one of factors; leave relative True")

    def draw(self, random: np.random.Generator, count: int) -> Floats:
        """What is drawn for `count` things: factors, values or differences [count]."""
        single = 1 if self.together else count
        if self.bounds is not None:
            low, high = self.bounds
            share = random.random(single)
            drawn = low * (high / low) ** share if self.scale == "log" else low + (high - low) * share
        else:
            drawn = np.clip(random.standard_normal(single), -SPREADS, SPREADS) * (self.spread or 0.0)
            if self.scale == "log":
                drawn = np.exp(drawn)
            elif self.relative:
                drawn = 1.0 + drawn
        return np.broadcast_to(drawn, count)

    def applied(self, own: Floats, drawn: Floats) -> Floats:
        """Values of individuals, from their own ones and from what was drawn."""
        if self.relative:
            return own * drawn
        return drawn if self.bounds is not None else own + drawn

    def varying(self) -> Vary:
        """The same as what may vary, between the least and the greatest that can be drawn."""
        relative = True if self.relative else False if self.bounds is not None else "difference"
        return Vary(self.quantity, self.pattern, bounds=self.ends(), relative=relative)

    def ends(self) -> tuple[float, float]:
        """The least and the greatest that can be drawn."""
        if self.bounds is not None:
            return self.bounds
        furthest = SPREADS * (self.spread or 0.0)
        if self.scale == "log":
            return float(np.exp(-furthest)), float(np.exp(furthest))
        centre = 1.0 if self.relative else 0.0
        return centre - furthest, centre + furthest
