"""Names of gaits from the phases at which feet touch down.

Four feet: the graph of Hildebrand (1965, Science 150:701; 1989, BioScience 39:766) for symmetrical gaits, those in
which the two feet of a pair fall evenly spaced in time: eight equal ranges of the lag of a forefoot after the
hindfoot of its side, and walks against runs, in which a hindfoot is on the ground for half of the stride or for less;
asymmetrical gaits after Hildebrand 1977 (J Mammal 58:131). Six feet: the nearest of tripod, tetrapod and wave, waves
of steps that run forward on either side at lags of 1/2, 1/3 and 1/6 (Wilson 1966, Annu Rev Entomol 11:103; Graham
1972, J Comp Physiol 81:23). Two feet: walk, run, hop (Alexander 2003, Principles of Animal Locomotion) and skip
(Minetti 1998, Proc R Soc B 265:1227).

How near is near enough (`ALTERNATING`, `EVEN`, `TOGETHER`, `NEAR`) is ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sns_mujoco.analysis.gait import circular
from sns_mujoco.analysis.gait.layout import Layout
from sns_mujoco.errors import GaitError

ALTERNATING = 0.25  # feet of a pair alternate if their lag is a half by so much, nearer to that than to 0
EVEN = 0.1  # and evenly so by so much
TOGETHER = 0.1  # and fall together if it is 0 by so much
NEAR = 1.0 / 12.0  # greatest distance from a gait of six feet: half of the way from tripod to tetrapod

# Lag of a forefoot after the hindfoot of its side, in eighths of a stride, each range an eighth wide.
_EIGHTHS = (
    ("pace", "lateral pairs together"),
    ("lateral-sequence", "lateral couplets"),
    ("lateral-sequence", "singlefoot"),
    ("lateral-sequence", "diagonal couplets"),
    ("trot", "diagonal pairs together"),
    ("diagonal-sequence", "diagonal couplets"),
    ("diagonal-sequence", "singlefoot"),
    ("diagonal-sequence", "lateral couplets"),
)

# Lag of a foot after the one behind it, and of a right foot after the left one of its pair.
_OF_SIX = {
    ("tripod", ""): (1 / 2, 1 / 2),
    ("tetrapod", "right feet a third after left ones"): (1 / 3, 1 / 3),
    ("tetrapod", "left feet a third after right ones"): (1 / 3, 2 / 3),
    ("tetrapod", "sides alternate"): (1 / 3, 1 / 2),
    ("wave", "sides alternate"): (1 / 6, 1 / 2),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GaitName:
    """What a gait is called.

    Attributes:
        name: As "trot", "lateral-sequence walk", "tripod"; "irregular" where it fits none.
        detail: What more there is to say; may be "".
        distance: Root mean square of how far lags are from those of the ideal gait, shares of a stride; nan
            where there is no ideal.
    """

    name: str
    detail: str = ""
    distance: float = float("nan")

    def __str__(self) -> str:
        """The name with its detail."""
        return f"{self.name} ({self.detail})" if self.detail else self.name


def name_gait(phases: Mapping[str, float], layout: Layout, duty: Mapping[str, float]) -> GaitName:
    """What a gait is called.

    Args:
        phases: When each foot touches down, as a share of one stride of any of them, 0 to 1.
        layout: Where the feet are; the animal has two, four or six.
        duty: Duty factor of each foot, 0 to 1.

    Raises:
        GaitError: There are other than two, four or six feet.
    """
    namers = {1: _of_two, 2: _of_four, 3: _of_six}
    if layout.pairs not in namers:
        raise GaitError(f"an animal with {2 * layout.pairs} feet has no names of gaits; there are some for 2, 4 and 6")
    if not all(np.isfinite(phases.get(foot, np.nan)) for foot in layout.feet):
        return GaitName(name="irregular", detail="not every foot steps")
    return namers[layout.pairs](phases, layout, duty)


def _of_two(phases: Mapping[str, float], layout: Layout, duty: Mapping[str, float]) -> GaitName:
    lag = _lag(phases, layout.right[0], layout.left[0])
    if _apart(lag, 0.5) <= ALTERNATING:
        walks = np.mean([duty[foot] for foot in layout.feet]) >= 0.5
        limp = _limp({"": lag})
        return GaitName(name="walk" if walks else "run", detail=limp, distance=_apart(lag, 0.5))
    if _apart(lag, 0.0) <= TOGETHER:
        return GaitName(name="hop", distance=_apart(lag, 0.0))
    return GaitName(name="skip", detail=f"{'right' if lag < 0.5 else 'left'} foot leads")


def _of_four(phases: Mapping[str, float], layout: Layout, duty: Mapping[str, float]) -> GaitName:
    fore, hind = (_lag(phases, right, left) for left, right in zip(layout.left, layout.right, strict=True))
    sides = [_lag(phases, *side) for side in (layout.left, layout.right)]
    if _apart(fore, 0.5) <= ALTERNATING and _apart(hind, 0.5) <= ALTERNATING:
        runs = np.mean([duty[layout.left[1]], duty[layout.right[1]]]) < 0.5
        eighth = int(circular.mean(sides) * 8.0 + 0.5) % 8
        name, detail = _EIGHTHS[eighth]
        if name.endswith("sequence"):
            name = f"{name} {'run' if runs else 'walk'}"
        elif not runs:
            name = f"walking {name}"
        limp = _limp({"fore": fore, "hind": hind})
        detail = f"{detail}; {limp}" if limp else detail
        return GaitName(
            name=name, detail=detail, distance=_distance([fore, hind, *sides], [0.5, 0.5, *2 * [eighth / 8]])
        )
    if _apart(hind, 0.0) <= TOGETHER:
        if _apart(fore, 0.0) > TOGETHER:
            return GaitName(name="half-bound", detail=f"{_lead(fore)} forefoot leads")
        lag = circular.mean(sides)
        if _apart(lag, 0.0) <= TOGETHER:
            return GaitName(name="pronk", distance=_distance([fore, hind, *sides], [0.0] * 4))
        return GaitName(name="bound", distance=_distance([fore, hind], [0.0, 0.0]))
    if max(_apart(fore, 0.0), _apart(hind, 0.0)) < ALTERNATING and _apart(fore, 0.0) > TOGETHER:
        kind = "transverse" if _lead(fore) == _lead(hind) else "rotary"
        return GaitName(name=f"{kind} gallop", detail=f"{_lead(fore)} forefoot leads")
    return GaitName(name="irregular", detail=f"right feet {fore:.2f} after left ones in front, {hind:.2f} behind")


def _of_six(phases: Mapping[str, float], layout: Layout, duty: Mapping[str, float]) -> GaitName:
    along = [_lag(phases, f, b) for side in (layout.left, layout.right) for f, b in zip(side, side[1:], strict=False)]
    across = [_lag(phases, right, left) for left, right in zip(layout.left, layout.right, strict=True)]
    distances = {
        key: _distance([*along, *across], [*len(along) * [wave], *len(across) * [side]])
        for key, (wave, side) in _OF_SIX.items()
    }
    nearest = min(distances, key=distances.__getitem__)
    if distances[nearest] <= NEAR:
        return GaitName(name=nearest[0], detail=nearest[1], distance=distances[nearest])
    detail = (
        f"feet {circular.mean(along):.2f} after those behind, right ones {circular.mean(across):.2f} after left ones"
    )
    return GaitName(name="irregular", detail=detail, distance=distances[nearest])


def _lag(phases: Mapping[str, float], foot: str, reference: str) -> float:
    return (phases[foot] - phases[reference]) % 1.0


def _apart(lag: float, ideal: float) -> float:
    return abs(float(circular.difference(lag, ideal)))


def _distance(lags: list[float], ideal: list[float]) -> float:
    return float(np.sqrt(np.mean(circular.difference(lags, ideal) ** 2)))


def _limp(lags: Mapping[str, float]) -> str:
    """Pairs whose feet alternate, but unevenly; "" where there is none."""
    uneven = [f"right {pair}foot {lag:.2f} after left one" for pair, lag in lags.items() if _apart(lag, 0.5) > EVEN]
    return f"uneven: {', '.join(uneven)}" if uneven else ""


def _lead(lag: float) -> str:
    """Which foot of a pair leads, that is falls second, from the lag of the right one after the left one."""
    return "right" if lag < 0.5 else "left"
