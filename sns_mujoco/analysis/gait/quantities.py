"""What a gait report measures: each quantity with its unit, its definition and its source."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def _first(means: Floats) -> Floats:
    return means[..., 0]


def _ratio(means: Floats) -> Floats:
    return means[..., 0] / means[..., 1]


def _inverse(means: Floats) -> Floats:
    return 1.0 / means[..., 0]


def _squared_speed(means: Floats) -> Floats:
    return (means[..., 0] / means[..., 1]) ** 2 / means[..., 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity of a gait.

    Attributes:
        unit: Its unit; "1" for shares and numbers.
        meaning: Its definition.
        source: Where that is from.
        of: Makes it from means over strides, as a ratio of two of them; the mean itself if left out.
    """

    unit: str
    meaning: str
    source: str
    of: Callable[[Floats], Floats] = _first


_ALEXANDER = "Alexander 2003, Principles of Animal Locomotion, ch. 7"
_MCGHEE = "McGhee & Frank 1968, Math Biosci 3:331"
_HOF = "Hof, Gazendam & Sinke 2005, J Biomech 38:1"

QUANTITIES = {
    "stride period": Quantity(unit="s", meaning="from one touchdown of a foot to its next", source=_ALEXANDER),
    "stride frequency": Quantity(unit="1/s", meaning="strides of a foot in a second", source=_ALEXANDER, of=_inverse),
    "variation of the period": Quantity(
        unit="1", meaning="standard deviation of the reference's stride periods over their mean, of each life",
        source="Hausdorff et al. 1995, J Appl Physiol 78:349",
    ),
    "duty factor": Quantity(unit="1", meaning="share of the stride in stance", source=_ALEXANDER),
    "stance duration": Quantity(unit="s", meaning="from touchdown to lift-off", source=_ALEXANDER),
    "swing duration": Quantity(unit="s", meaning="from lift-off to touchdown", source=_ALEXANDER),
    "stride length": Quantity(
        unit="m", meaning="way of the body in a stride of the reference, ends joined straight", source=_ALEXANDER
    ),
    "step length": Quantity(
        unit="m", meaning="way of the body while a foot stands, ends joined straight",
        source="Biewener 2003, Animal Locomotion",
    ),
    "speed": Quantity(unit="m/s", meaning="way over time, of whole strides", source=_ALEXANDER, of=_ratio),
    "relative speed": Quantity(unit="body lengths/s", meaning="speed over body length", source=_ALEXANDER, of=_ratio),
    "Froude number": Quantity(
        unit="1", meaning="speed^2 / (g h), h the mean height of the hips above the ground",
        source="Alexander & Jayes 1983, J Zool 201:135", of=_squared_speed,
    ),
    "feet on the ground": Quantity(
        unit="1", meaning="mean number of feet that stand", source="Hildebrand 1965, Science 150:701"
    ),
    "flight": Quantity(unit="1", meaning="share of the time in which no foot stands", source=_ALEXANDER),
    "tripod strength": Quantity(
        unit="1", meaning="time for which a tripod swings together over that in which any of it does",
        source="Wosnitza et al. 2013, J Exp Biol 216:480",
    ),
    "cost of transport": Quantity(
        unit="1", meaning="positive mechanical work over weight times way", of=_ratio,
        source="Tucker 1975, Am Sci 63:413",
    ),
    "positive work": Quantity(
        unit="J", meaning="what muscles or joints put into the body in a stride", source="Winter 2009, Biomechanics"
    ),
    "negative work": Quantity(
        unit="J", meaning="what they take out of it in a stride", source="Winter 2009, Biomechanics"
    ),
    "recovery": Quantity(
        unit="1", meaning="share of the energy of the centre of mass that height and speed exchange in a stride",
        source="Cavagna, Heglund & Taylor 1977, Am J Physiol 233:R243",
    ),
    "static margin": Quantity(
        unit="m", meaning="mean distance of the centre of mass from the edge of the support polygon, positive inside",
        source=_MCGHEE,
    ),
    "least static margin": Quantity(unit="m", meaning="the least of a stride", source=_MCGHEE),
    "statically stable": Quantity(
        unit="1", meaning="share of the time in which the static margin is positive",
        source="Ting, Blickhan & Full 1994, J Exp Biol 197:251",
    ),
    "dynamic margin": Quantity(
        unit="m", meaning="the same distance of the extrapolated centre of mass, mean", source=_HOF
    ),
    "least dynamic margin": Quantity(unit="m", meaning="the least of a stride", source=_HOF),
}  # fmt: skip
