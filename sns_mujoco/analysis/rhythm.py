"""Rhythm of signals that need no ground: period and phase lags of joint angles or membrane potentials.

A cycle of a signal lasts from one onset to the next. An onset is where it rises through the upper of two levels after
it was below the lower one, so that noise about one level makes no cycles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.gait import mean_phase

LEVELS = (0.35, 0.65)  # of the range between the extremes
EXTREMES = (1.0, 99.0)  # percentiles: a rare overshoot does not count

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


def onsets(signal: Floats, *, least: float = 0.0) -> NDArray[np.intp]:
    """Samples [K] at which a signal [T] begins a cycle.

    Args:
        signal: Its samples.
        least: Range between its extremes, in its unit, at and below which it counts as still.
    """
    low, high = np.percentile(signal, EXTREMES) if len(signal) else (0.0, 0.0)
    if not high - low > least:
        return np.empty(0, np.intp)
    lower, upper = (low + level * (high - low) for level in LEVELS)
    state = np.where(signal > upper, 1, np.where(signal < lower, -1, 0))
    decided = np.flatnonzero(state)
    return decided[1:][(state[decided[1:]] > 0) & (state[decided[:-1]] < 0)]


def analyse(signals: Floats, names: Sequence[str], period: float, *, least: float = 0.0) -> Rhythm:
    """Measure a rhythm.

    Args:
        signals: Signals over time [T, K].
        names: Their names [K]; the first is the one that the others are compared with.
        period: Time between samples, s.
        least: See `onsets`.

    Returns:
        The rhythm.

    Raises:
        ValueError: There is no signal.
    """
    if not names:
        raise ValueError("no signals are given; give the one whose rhythm is wanted at least")
    starts = [onsets(signals[:, k], least=least) for k in range(len(names))]
    periods = np.diff(starts[0]) * period
    vectors = {name: mean_phase(events, starts[0]) for name, events in zip(names[1:], starts[1:], strict=True)}
    return Rhythm(
        cycles={name: max(0, len(events) - 1) for name, events in zip(names, starts, strict=True)},
        period=float(periods.mean()) if len(periods) else float("nan"),
        period_spread=float(periods.std()) if len(periods) else float("nan"),
        lags={name: float(np.angle(vector) / (2 * np.pi) % 1.0) for name, vector in vectors.items()},
        coherence={name: float(abs(vector)) for name, vector in vectors.items()},
    )
