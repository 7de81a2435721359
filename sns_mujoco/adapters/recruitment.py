"""Recruitment of motor units by size behind one graded motor neuron (Fuglevand et al. 1993, J Neurophysiol 70:2470)."""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.adapters import checks
from sns_mujoco.adapters.efferents import RANGE
from sns_mujoco.adapters.gains import Gain
from sns_mujoco.adapters.motor_pools import Twitch
from sns_mujoco.adapters.native.driving import FUSED, FUSION
from sns_mujoco.adapters.native.layout import Curve
from sns_mujoco.errors import AttachError

POINTS = 1000  # of the curve between thresholds


@dataclass(frozen=True, slots=True)
class Recruitment(Gain):
    """The mean force of a pool of motor units by the potential of their motor neuron, over that at full excitation.

    The excitation E of the pool rises linearly with the potential, to where the last unit fires at its peak rate. Unit
    i of n begins at E = RTE_i = exp(i ln(thresholds) / n) and fires at slope (E - RTE_i) + least_rate, up to
    first_peak - peak_difference RTE_i / RTE_n. Its mean force is P S(T rate) / S(0.4), as in `motor_pools.py`, below
    T rate = 0.4 in proportion to the rate. The defaults are those of Fuglevand et al. 1993.

    A model computes it by straight lines between so many points that it is off by less than 1e-4.

    Attributes:
        range: Potentials (lo, hi) of no and of full excitation, mV.
        units: How many there are, n.
        thresholds: The highest recruitment threshold over the lowest.
        slope: Rise of a unit's rate with the excitation, imp/s.
        least_rate: At which a unit begins, imp/s.
        first_peak: Peak rate of the first unit, imp/s.
        peak_difference: How much lower that of the last unit is, imp/s.
        twitch: Twitches of the units; those of `Twitch.by_size` if left out.

    Raises:
        AttachError: A number makes no sense, or the twitches are not as many as the units.
    """

    kind: ClassVar[Curve] = Curve.TABLE

    range: tuple[float, float] = RANGE
    units: int = 120
    thresholds: float = 30.0
    slope: float = 1.0
    least_rate: float = 8.0
    first_peak: float = 35.0
    peak_difference: float = 10.0
    twitch: Twitch | None = None

    def __post_init__(self) -> None:
        """Check what was given."""
        Gain.__post_init__(self)
        checks.ends("Recruitment", "range", self.range)
        checks.whole("Recruitment", "units", self.units)
        for name in ("thresholds", "slope", "least_rate", "first_peak"):
            checks.positive("Recruitment", name, getattr(self, name))
        checks.not_negative("Recruitment", "peak_difference", self.peak_difference)
        if self.thresholds <= 1.0:
            raise AttachError(f"Recruitment: thresholds is {self.thresholds!r}; give the highest over the lowest")
        if self.first_peak - self.peak_difference <= self.least_rate:
            lowest = self.first_peak - self.peak_difference
            raise AttachError(f"Recruitment: the lowest peak rate is {lowest:g}; it must be above least_rate")
        object.__setattr__(self, "range", tuple(self.range))
        object.__setattr__(self, "twitch", self.twitch or Twitch.by_size(self.units))
        self.twitch.per_unit("Recruitment", self.units)  # type: ignore[union-attr]

    @property
    def numbers(self) -> tuple[float, ...]:
        """All abscissae (mV), then all values."""
        return _tabulated(self)

    def _inside(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        threshold, _, full = excitations(self)
        share = np.clip((x - self.range[0]) / (self.range[1] - self.range[0]), 0.0, 1.0)
        return _force(self, share * full) / _force(self, np.array(full))


def excitations(pool: Recruitment) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Excitations at which units begin, and at which they reach their peak rates; and the full one."""
    threshold = np.exp(np.log(pool.thresholds) / pool.units * np.arange(1, pool.units + 1))
    peak = pool.first_peak - pool.peak_difference * threshold / threshold[-1]
    saturated = threshold + (peak - pool.least_rate) / pool.slope
    return threshold, saturated, float(saturated[-1])


def _force(pool: Recruitment, excitation: NDArray[np.float64], *, recruited: bool = True) -> NDArray[np.float64]:
    """Mean force at an excitation; `recruited` says whether a unit that is at its threshold fires."""
    threshold, saturated, _ = excitations(pool)
    assert pool.twitch is not None
    time, force = pool.twitch.per_unit("Recruitment", pool.units)
    above = np.minimum(excitation[..., None], saturated) - threshold
    rate = pool.slope * above + pool.least_rate
    fires = above >= 0.0 if recruited else above > 0.0
    ratio = 1e-3 * time * rate
    fused = np.where(ratio < FUSION, ratio * (FUSED / FUSION), 1.0 - np.exp(-2.0 * np.maximum(ratio, 0.0) ** 3))
    return np.where(fires, force * fused, 0.0).sum(-1)


@cache
def _tabulated(pool: Recruitment) -> tuple[float, ...]:
    """Points of the curve: each threshold twice, since the force jumps there."""
    threshold, saturated, full = excitations(pool)
    inside = np.unique([*threshold, *saturated[saturated < full], *np.linspace(0.0, full, POINTS)])
    jumps = np.isin(inside, threshold) & (inside < full)
    at = np.repeat(inside, np.where(jumps, 2, 1))
    value = _force(pool, at)
    first = np.flatnonzero(np.diff(at) == 0.0)
    value[first] = _force(pool, at[first], recruited=False)
    lo, hi = pool.range
    potential = lo + (hi - lo) * at / full
    if hi < lo:
        potential, value = potential[::-1], value[::-1]
    return (*potential.tolist(), *(value / value.max()).tolist())
