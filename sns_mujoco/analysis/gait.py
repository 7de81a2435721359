"""Gait from foot contacts: strides, duty factor, phase lags.

A foot is in stance while it carries load. A stride lasts from one touchdown of a foot to its next one; the duty factor
is the share of the stride spent in stance; the phase lag of a foot against another is when its touchdown falls within
the other's stride, as a share of it (Alexander 2003, Principles of Animal Locomotion, ch. 7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gait:
    """What a gait is, from the strides of all feet.

    Attributes:
        strides: Number of strides of each foot.
        period: Mean stride period, s; nan without strides.
        period_spread: Standard deviation of the stride periods, s.
        duty_factor: Mean share of the stride in stance; nan without strides.
        swing: Mean duration of swing, s.
        lags: Mean phase lag (0 to 1) of each pair (foot, reference).
        coherence: Length of the mean phase vector of each pair: 1 for a fixed lag, 0 for none.
    """

    strides: dict[str, int]
    period: float
    period_spread: float
    duty_factor: float
    swing: float
    lags: dict[tuple[str, str], float]
    coherence: dict[tuple[str, str], float]


def stance(load: Floats, threshold: float, *, gap: int = 1, shortest: int = 1) -> Bools:
    """Stance of each foot from its load.

    Args:
        load: Load on each foot over time [T, F], N.
        threshold: Load above which a foot stands, N.
        gap: Samples that a foot must be unloaded to swing; in a briefer time it only bounces.
        shortest: Samples that a foot must then be loaded to stand; in a briefer time it only brushes the ground.

    Returns:
        [T, F], true in stance.
    """
    standing = np.asarray(load) > threshold
    for column in standing.T:
        _absorb(column, False, gap)
        _absorb(column, True, shortest)
    return standing


def _absorb(column: Bools, state: bool, shortest: int) -> None:
    """Give intervals of a state that are too short, and lie between two others, to what surrounds them."""
    edges = np.flatnonzero(np.diff(column)) + 1
    for start, end in zip(edges, edges[1:], strict=False):
        if column[start] == state and end - start < shortest:
            column[start:end] = not state


def touchdowns(standing: Bools) -> NDArray[np.intp]:
    """Samples [K] at which a foot begins its stance; [T] in."""
    return np.flatnonzero(~standing[:-1] & standing[1:]) + 1


def analyse(
    standing: Bools, feet: Sequence[str], period: float, *, pairs: Sequence[tuple[str, str]] = (),
    disturbed: Bools | None = None,
) -> Gait:  # fmt: skip
    """Measure a gait.

    Args:
        standing: Stance of each foot over time [T, F].
        feet: Their names [F].
        period: Time between samples, s.
        pairs: Pairs (foot, reference) whose phase lag is wanted.
        disturbed: When the animal was disturbed [T]: strides that any of this falls into do not count.

    Returns:
        The gait.
    """
    falls: Mapping[str, NDArray[np.intp]] = {foot: touchdowns(standing[:, k]) for k, foot in enumerate(feet)}
    periods, duties, swings = [], [], []
    counted = dict.fromkeys(feet, 0)
    for k, foot in enumerate(feet):
        for start, end in undisturbed(falls[foot], disturbed):
            counted[foot] += 1
            stood = standing[start:end, k].sum()
            periods.append((end - start) * period)
            duties.append(stood / (end - start))
            swings.append((end - start - stood) * period)
    vectors = {pair: mean_phase(falls[pair[0]], falls[pair[1]], disturbed) for pair in pairs}
    return Gait(
        strides=counted,
        period=float(np.mean(periods)) if periods else float("nan"),
        period_spread=float(np.std(periods)) if periods else float("nan"),
        duty_factor=float(np.mean(duties)) if duties else float("nan"),
        swing=float(np.mean(swings)) if swings else float("nan"),
        lags={pair: float(np.angle(vector) / (2 * np.pi) % 1.0) for pair, vector in vectors.items()},
        coherence={pair: float(abs(vector)) for pair, vector in vectors.items()},
    )


def undisturbed(events: NDArray[np.intp], disturbed: Bools | None) -> list[tuple[int, int]]:
    """Cycles (first sample, first of the next) between successive events [K] that no disturbed sample falls into."""
    cycles = pairwise(events.tolist())
    return [(a, b) for a, b in cycles if disturbed is None or not disturbed[a:b].any()]


def mean_phase(events: NDArray[np.intp], reference: NDArray[np.intp], disturbed: Bools | None = None) -> complex:
    """Mean of exp(2 pi i phase) of the events that fall into an undisturbed stride of the reference."""
    phases = [
        (events[(events >= a) & (events < b)] - a) / (b - a) for a, b in undisturbed(reference, disturbed)
    ]  # fmt: skip
    inside = np.concatenate([np.empty(0), *phases])
    return complex(np.exp(2j * np.pi * inside).mean()) if inside.size else complex(float("nan"), float("nan"))
