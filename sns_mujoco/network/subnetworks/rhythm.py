"""Measuring rhythms, and finding the parameter that gives the wanted one."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import number, numbers


def onsets(trace: ArrayLike, dt: float) -> NDArray[np.float64]:
    """Times at which a trace rises through 0, between the samples by linear interpolation.

    For a half-centre, give the potential of one side less that of the other: it becomes active where this rises
    through 0.

    Args:
        trace: Values [T], one every dt.
        dt: ms.

    Returns:
        Times [n], ms after the first sample.

    Raises:
        NetworkError: The trace is no row of finite numbers, or dt is not positive.
    """
    values, step = numbers("onsets", "trace", trace), number("onsets", "dt", dt, above=0.0)
    if values.ndim != 1:
        raise NetworkError(f"onsets: trace has shape {values.shape}; give one row of values")
    before, after = values[:-1], values[1:]
    places = np.flatnonzero((before < 0) & (after >= 0))
    return (places + before[places] / (before[places] - after[places])) * step


def phase_lag(leader: ArrayLike, follower: ArrayLike, dt: float) -> float:
    """How much later a follower becomes active than its leader, at the end of two traces.

    Args:
        leader: As for `onsets` [T].
        follower: Likewise [T].
        dt: ms.

    Returns:
        Lag as a share of the leader's last cycle, from 0 to below 1.

    Raises:
        NetworkError: One of them has fewer than two onsets.
    """
    first, second = onsets(leader, dt), onsets(follower, dt)
    if len(first) < 2 or len(second) < 2:
        raise NetworkError(
            f"phase_lag: the leader has {len(first)} onsets and the follower {len(second)}; give traces that hold two "
            "cycles of both"
        )
    return float((second[-1] - first[-1]) / (first[-1] - first[-2]) % 1.0)


def solve(function: Callable[[float], float], target: float, low: float, high: float, tolerance: float) -> float:
    """Where a rising function reaches a target: the Illinois variant of the rule of false position.

    Args:
        function: Continuous; below the target at low, above it at high.
        target: Wanted value.
        low: Argument below.
        high: Argument above.
        tolerance: By how much the value may be off.

    Returns:
        The best argument found.
    """
    below, above = function(low) - target, function(high) - target
    best = min((abs(below), low), (abs(above), high))
    side = 0
    for _ in range(40):
        if best[0] <= tolerance:
            break
        middle = (low * above - high * below) / (above - below)
        off = function(middle) - target
        best = min(best, (abs(off), middle))
        if off < 0:
            low, below = middle, off
            above, side = (above / 2 if side < 0 else above), -1
        else:
            high, above = middle, off
            below, side = (below / 2 if side > 0 else below), 1
    return best[1]
