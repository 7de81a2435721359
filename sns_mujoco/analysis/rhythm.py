"""Rhythm of signals that need no ground: period and phase lags of joint angles or membrane potentials.

A cycle of a signal lasts from one onset to the next. An onset is where it rises through the upper of two levels after
it was below the lower one, so that noise about one level makes no cycles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.gait import mean_phase, undisturbed

LEVELS = (0.35, 0.65)  # of the range between the extremes
EXTREMES = (1.0, 99.0)  # percentiles: a rare overshoot does not count

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What a rhythm is.

    Attributes:
        cycles: Number of cycles of each signal.
        period: Mean period of the first signal, s; nan without cycles.
        period_spread: Standard deviation of its periods, s.
        lags: Mean phase (0 to 1) of each other signal's onsets within the first one's cycles; nan without any.
        coherence: Length of the mean phase vector of each: 1 for a fixed lag, 0 for none.
    """

    cycles: dict[str, int]
    period: float
    period_spread: float
    lags: dict[str, float]
    coherence: dict[str, float]


def onsets(signal: Floats, *, least: float = 0.0, disturbed: Bools | None = None) -> NDArray[np.intp]:
    """Samples [K] at which a signal [T] begins a cycle.

    Args:
        signal: Its samples.
        least: Range between its extremes, in its unit, at and below which it counts as still.
        disturbed: Samples [T] that do not count among its extremes.
    """
    calm = signal if disturbed is None else signal[~disturbed]
    low, high = np.percentile(calm, EXTREMES) if len(calm) else (0.0, 0.0)
    if not high - low > least:
        return np.empty(0, np.intp)
    lower, upper = (low + level * (high - low) for level in LEVELS)
    state = np.where(signal > upper, 1, np.where(signal < lower, -1, 0))
    decided = np.flatnonzero(state)
    return decided[1:][(state[decided[1:]] > 0) & (state[decided[:-1]] < 0)]


def analyse(
    signals: Floats, names: Sequence[str], period: float, *, least: float = 0.0,
    disturbed: Bools | None = None,
) -> Rhythm:  # fmt: skip
    """Measure a rhythm.

    Args:
        signals: Signals over time [T, K].
        names: Their names [K]; the first is the one that the others are compared with.
        period: Time between samples, s.
        least: See `onsets`.
        disturbed: When the signals were disturbed [T]: cycles that any of this falls into do not count.

    Returns:
        The rhythm.

    Raises:
        ValueError: There is no signal.
    """
    if not names:
        raise ValueError("no signals are given; give the one whose rhythm is wanted at least")
    starts = [onsets(signals[:, k], least=least, disturbed=disturbed) for k in range(len(names))]
    cycles = [undisturbed(events, disturbed) for events in starts]
    periods = np.array([end - start for start, end in cycles[0]]) * period
    vectors = {
        name: mean_phase(events, starts[0], disturbed) for name, events in zip(names[1:], starts[1:], strict=True)
    }  # fmt: skip
    return Rhythm(
        cycles={name: len(own) for name, own in zip(names, cycles, strict=True)},
        period=float(periods.mean()) if len(periods) else float("nan"),
        period_spread=float(periods.std()) if len(periods) else float("nan"),
        lags={name: float(np.angle(vector) / (2 * np.pi) % 1.0) for name, vector in vectors.items()},
        coherence={name: float(abs(vector)) for name, vector in vectors.items()},
    )
