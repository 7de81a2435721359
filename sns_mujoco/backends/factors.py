"""What a linear equation comes to in one step: by forward Euler, or exactly ("exponential")."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def kept(time_constant: Any, dt: float, *, exponential: bool) -> Floats:
    """What is left after a step of dt of something that decays: 1 - dt / tau or exp(-dt / tau); for tau 0 nothing."""
    tau = np.asarray(time_constant, float)
    ratio = np.divide(dt, tau, out=np.full(tau.shape, np.inf), where=tau > 0)
    if exponential:
        return np.exp(-ratio)
    return np.where(tau > 0, 1.0 - np.where(tau > 0, ratio, 0.0), 0.0)


def gained(rate: Any, dt: float, *, exponential: bool) -> Floats:
    """What a constant drive of 1 makes in a step, where it decays at this rate: dt or (1 - exp(-rate dt)) / rate."""
    given = np.asarray(rate, float)
    if not exponential:
        return np.full(given.shape, dt)
    steady = given == 0
    return np.where(steady, dt, -np.expm1(-given * dt) / np.where(steady, 1.0, given))


def rising(time_constant: Any, rise_time: Any, dt: float, *, exponential: bool) -> tuple[Floats, Floats]:
    """How a stage h with dh/dt = -h / rise_time drives g, dg/dt = -g / time_constant + h / rise_time.

    Args:
        time_constant: ms.
        rise_time: ms, at most time_constant.
        dt: Neural step, ms.
        exponential: Whether exactly.

    Returns:
        What h adds to g in a step, and the h that takes g to a peak of 1: the difference of exponentials
        (exp(-t / tau) - exp(-t / rise)) tau / (tau - rise) peaks at (rise / tau)^(rise / (tau - rise)), at 1 / e for
        equal ones.
    """
    slow, fast = np.asarray(time_constant, float), np.asarray(rise_time, float)
    excess = slow / fast - 1.0
    equal = excess == 0
    gain = np.exp(np.where(equal, 1.0, np.log1p(excess) / np.where(equal, 1.0, excess)))
    coupling = dt / fast
    if exponential:
        gap = dt * (slow - fast) / (slow * fast)
        coupling = coupling * np.exp(-dt / slow) * np.where(equal, 1.0, -np.expm1(-gap) / np.where(equal, 1.0, gap))
    return np.asarray(coupling), gain
