"""Bursts of a membrane potential: when they begin and end, and how regular they are.

A burst begins where the potential rises through the upper of two levels after it was below the lower one, and ends
where it then falls through the lower one, so that noise about one level makes no bursts. Times are interpolated between
samples, as phase shifts of a hundredth of a period are looked for. The levels are those of `analysis.rhythm`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.rhythm import EXTREMES, LEVELS

Floats = NDArray[np.float64]

STILL = 0.5  # mV; a potential that moves less has no rhythm. The rat's half-centres swing by 4 to 8 mV.


@dataclass(frozen=True, slots=True)
class Bursts:
    """When a neuron is active.

    Attributes:
        onsets: Begin of each burst, s [K].
        ends: End of each burst, s; nan for the last one if it has not ended [K].
    """

    onsets: Floats
    ends: Floats

    @property
    def periods(self) -> Floats:
        """Times from onset to onset, s [K - 1]."""
        return np.diff(self.onsets)

    @property
    def durations(self) -> Floats:
        """Durations of whole bursts, s."""
        lasting = self.ends - self.onsets
        return lasting[np.isfinite(lasting)]

    @property
    def pauses(self) -> Floats:
        """Times between the end of a burst and the next onset, s [K - 1]."""
        return self.onsets[1:] - self.ends[:-1]


def levels_of(signal: Floats, *, least: float = STILL) -> tuple[float, float] | None:
    """The two levels of a signal [T]; None where it moves by no more than `least`, in its unit."""
    calm = signal[np.isfinite(signal)]
    low, high = np.percentile(calm, EXTREMES) if len(calm) else (0.0, 0.0)
    if not high - low > least:
        return None
    lower, upper = (float(low + level * (high - low)) for level in LEVELS)
    return lower, upper


def bursts(time: Floats, signal: Floats, levels: tuple[float, float] | None) -> Bursts:
    """Bursts of a signal.

    Args:
        time: Times of its samples, s [T].
        signal: The samples [T]; nan where there is none.
        levels: See `levels_of`; None for a signal without bursts.
    """
    if levels is None:
        return Bursts(np.empty(0), np.empty(0))
    lower, upper = levels
    state = np.where(signal > upper, 1, np.where(signal < lower, -1, 0))
    decided = np.flatnonzero(state)
    before, after = decided[:-1], decided[1:]
    rising = after[(state[after] > 0) & (state[before] < 0)]
    falling = after[(state[after] < 0) & (state[before] > 0)]
    onsets, ends = _crossed(time, signal, rising, upper), _crossed(time, signal, falling, lower)
    following = np.searchsorted(ends, onsets)
    return Bursts(onsets, np.append(ends, np.nan)[following])


def _crossed(time: Floats, signal: Floats, after: NDArray[np.intp], level: float) -> Floats:
    """When a signal crossed a level between the samples before `after` and those, s."""
    share = (level - signal[after - 1]) / (signal[after] - signal[after - 1])
    return time[after - 1] + share * (time[after] - time[after - 1])
