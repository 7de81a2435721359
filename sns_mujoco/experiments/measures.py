"""What is measured of lives: how an animal gets on, whether it falls, how its rhythm and its feet go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis import gait
from sns_mujoco.analysis.gait import circular
from sns_mujoco.analysis.gait.report import COHERENT
from sns_mujoco.errors import ExperimentError, unknown_name
from sns_mujoco.experiments.lives import Lives
from sns_mujoco.experiments.setting import Setting
from sns_mujoco.experiments.signals import bursts, levels_of

Floats = NDArray[np.float64]

BOUNCE = 0.03  # of a period; a foot that is off the ground for less has not swung, one that is on it for less not stood
CORNERS = 0.25  # s between the corners of the path whose turns are taken
STANDS = 0.05  # body lengths between two corners; a path that is shorter has no direction
SCATTERED = float(circular.deviation_of(COHERENT))  # of a stride; touchdowns that spread further make no gait


@dataclass(frozen=True, kw_only=True)  # without slots, which what is worked out once needs
class Life:
    """One life, as measures see it.

    Attributes:
        setting: Where it was lived.
        time: Of the samples, s [T].
        signal: Potential of the neuron that tells the rhythm, mV [T].
        load: On each foot, N [T, F].
        place: On the ground, m [T, 2].
        fell: When it fell, s; inf for never.
        failed: Whether it left the finite numbers.
    """

    setting: Setting
    time: Floats
    signal: Floats
    load: Floats
    place: Floats
    fell: float
    failed: bool

    @classmethod
    def of(cls, setting: Setting, lives: Lives, row: int) -> "Life":
        """A life among many."""
        return cls(
            setting=setting, time=lives.time, signal=lives.potential[row, :, 0], load=lives.load[row],
            place=lives.place[row], fell=float(lives.fell[row]), failed=row in lives.failed,
        )  # fmt: skip

    @cached_property
    def upright(self) -> NDArray[np.bool_]:
        """Samples before it fell or failed [T]."""
        return (self.time <= self.fell) & np.isfinite(self.signal)

    @property
    def seconds(self) -> float:
        """How long was measured, falls included, s."""
        return float(self.time[-1] - self.time[0])

    @property
    def period(self) -> float:
        """Mean period of its rhythm while it was upright, s; nan without one."""
        periods = self.periods
        return float(periods.mean()) if len(periods) > 1 else float("nan")

    @cached_property
    def periods(self) -> Floats:
        """Periods of its rhythm while it was upright, s."""
        signal = np.where(self.upright, self.signal, np.nan)
        return bursts(self.time, signal, levels_of(signal)).periods

    @cached_property
    def strides(self) -> "gait.Gait | None":
        """Strides and lags of its feet while it was upright; None where it has no feet on ground."""
        standing = self.standing
        if standing is None:
            return None
        animal = self.setting.animal
        feet = [foot.name for foot in animal.feet]
        return gait.analyse(standing, feet, float(self.time[1] - self.time[0]), pairs=animal.lag_pairs)

    def gait_name(self) -> str:
        """What its gait is called.

        "fallen" where it fell or failed, "none" without strides, "irregular" also where the touchdowns of a foot are
        hardly coherent, as `gait.gait_report` has it, and "" where there are no names for the feet.
        """
        standing = self.standing
        feet = [foot.name for foot in self.setting.animal.feet]
        layout = gait.layout_of(feet) if standing is not None else None
        if standing is None or layout is None or layout.pairs > 3:
            return ""
        if np.isfinite(self.fell) or self.failed:
            return "fallen"
        bars = gait.mean_stride(standing, feet, reference=layout.left[-1])
        if not any(np.isfinite(bar.duty_factor) for bar in bars.values()):
            return "none"
        if any(bar.onset_spread > SCATTERED for bar in bars.values()):
            return "irregular"
        phases = {foot: bar.onset for foot, bar in bars.items()}
        return gait.name_gait(phases, layout, {foot: bar.duty_factor for foot, bar in bars.items()}).name

    @cached_property
    def standing(self) -> NDArray[np.bool_] | None:
        """Stance of its feet while it was upright [T, F]; None where it has no feet on ground."""
        if not self.setting.grounded or not self.load.shape[1]:
            return None
        bounce = max(1, round(BOUNCE * _or(self.period, 0.5) / float(self.time[1] - self.time[0])))
        threshold = self.setting.animal.stance_load
        return gait.stance(self.load[self.upright], threshold, gap=bounce, shortest=bounce)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number that is taken of a life.

    Attributes:
        name: Its name.
        unit: Its unit.
        meaning: What it is, in a few words.
        needs: "walks" for animals that move over ground, "feet" for those with feet on ground, "" for all.
        of: Takes it; nan where there is nothing to measure.
    """

    name: str
    unit: str
    meaning: str
    needs: str = ""
    of: Callable[[Life], float]

    def fits(self, setting: Setting) -> bool:
        """Whether the animal has it where it lives."""
        if self.needs == "walks":
            return setting.walks
        return bool(setting.animal.feet) and setting.grounded if self.needs == "feet" else True


def _or(value: float, otherwise: float) -> float:
    return value if np.isfinite(value) else otherwise


def _corners(life: Life) -> tuple[Floats, Floats]:
    """Times [C] and places [C, 2] of the corners of its path while it was upright, the last sample among them."""
    every = max(1, round(CORNERS / float(life.time[1] - life.time[0])))
    lived = np.flatnonzero(life.upright & np.isfinite(life.place).all(axis=1))
    chosen = np.unique(np.append(lived[::every], lived[-1:]))
    return life.time[chosen], life.place[chosen]


def _speed(life: Life) -> float:
    return float("nan") if life.failed else _way(life) / life.seconds


def _way(life: Life) -> float:
    """Length of its path from corner to corner, m."""
    return float(np.hypot(*np.diff(_corners(life)[1], axis=0).T).sum())


def _straightness(life: Life) -> float:
    places, way = _corners(life)[1], _way(life)
    if way <= STANDS * life.setting.animal.length:
        return float("nan")
    return float(np.hypot(*(places[-1] - places[0]))) / way


def _turning(life: Life) -> float:
    """Mean change of the direction of the path, degrees/s, to the left."""
    time, places = _corners(life)
    steps, middles = np.diff(places, axis=0), (time[1:] + time[:-1]) / 2.0
    moving = np.hypot(*steps.T) > STANDS * life.setting.animal.length
    if moving.sum() < 2:
        return float("nan")
    heading = np.unwrap(np.arctan2(steps[moving, 1], steps[moving, 0]))
    return float(np.degrees(np.polyfit(middles[moving], heading, 1)[0]))


def _variation(life: Life) -> float:
    periods = life.periods
    return float(periods.std() / periods.mean()) if len(periods) > 1 else float("nan")


def _duty(life: Life) -> float:
    found = life.strides
    return float("nan") if found is None else found.duty_factor


def _coherence(life: Life) -> float:
    found = life.strides
    known = [] if found is None else [c for c in found.coherence.values() if np.isfinite(c)]
    return float(np.mean(known)) if known else float("nan")


MEASURES: Mapping[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure(name="speed", unit="m/s", meaning="length of the path, from corner to corner each 0.25 s, over the "
                "whole time", needs="walks", of=_speed),
        Measure(name="straightness", unit="1", meaning="distance between both ends of the path over its length: near "
                "0 for a circle", needs="walks", of=_straightness),
        Measure(name="fell", unit="1", meaning="whether it fell, or left the finite numbers", needs="walks",
                of=lambda life: float(np.isfinite(life.fell) or life.failed)),
        Measure(name="frequency", unit="Hz", meaning="frequency of the rhythm, 0 without one",
                of=lambda life: _or(1.0 / life.period, 0.0)),
        Measure(name="variation", unit="1", meaning="standard deviation of periods over their mean", of=_variation),
        Measure(name="duty_factor", unit="1", meaning="mean share of the stride in stance", needs="feet", of=_duty),
        Measure(name="coherence", unit="1", meaning="length of the mean phase vector of pairs of feet, mean of pairs",
                needs="feet", of=_coherence),
        Measure(name="turning", unit="degrees/s", meaning="change of direction, to the left", needs="walks",
                of=_turning),
    )
}  # fmt: skip
"""All measures by name."""


def choose(setting: Setting, names: Sequence[str] | None) -> tuple[Measure, ...]:
    """Measures that are asked for; all that the animal has if left out.

    Raises:
        UnknownNameError: There is no such measure.
        ExperimentError: The animal does not have it where it lives.
    """
    if names is None:
        own = [measure for measure in MEASURES.values() if measure.fits(setting)]
        return tuple(m for m in own if m.name != "coherence" or setting.animal.lag_pairs)
    for name in names:
        if name not in MEASURES:
            raise unknown_name("measure", name, MEASURES, "the experiments")
        if not MEASURES[name].fits(setting):
            what = {"walks": "does not move over ground", "feet": "has no feet on ground"}[MEASURES[name].needs]
            raise ExperimentError(
                f"the measure {name!r} is asked for, but {setting.animal.name!r} on {setting.terrain!r} {what}; "
                f"choose another terrain ({', '.join(setting.animal.terrains)}) or measure"
            )
    return tuple(MEASURES[name] for name in names)
