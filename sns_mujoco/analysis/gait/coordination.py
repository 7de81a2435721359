"""Coordination of feet: relative phase over time, changes of gait, and hysteresis along a ramp of the drive.

A foot's phase grows evenly by 1 from one of its touchdowns to the next; the relative phase of two feet is the
difference of theirs (Pikovsky, Rosenblum & Kurths 2001, Synchronization, ch. 6). That walk and run change into one
another at different speeds when speed rises and when it falls was shown by Diedrich & Warren 1995 (J Exp Psychol Hum
Percept Perform 21:183).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from sns_mujoco.analysis.gait.events import Bools, Floats, Ints, touchdowns
from sns_mujoco.analysis.gait.layout import Layout
from sns_mujoco.analysis.gait.naming import GaitName, name_gait
from sns_mujoco.analysis.gait.striding import Strides, strides
from sns_mujoco.errors import GaitError, unknown_name


def foot_phase(events: Ints, samples: int) -> Floats:
    """Phase of a foot at every sample, counting its strides.

    Args:
        events: Samples at which it touches down [K].
        samples: How many samples there are, T.

    Returns:
        [T]: 0 at the first touchdown, 1 at the second, and so on; nan before the first and after the last one.
    """
    if len(events) < 2:
        return np.full(samples, np.nan)
    return np.interp(np.arange(samples), events, np.arange(len(events)), left=np.nan, right=np.nan)


def relative_phase(standing: Bools, feet: Sequence[str], foot: str, reference: str) -> Floats:
    """How far a foot lags behind another at every sample.

    Args:
        standing: Stance of each foot over time [T, F].
        feet: Their names [F].
        foot: The foot.
        reference: The other one.

    Returns:
        [T], shares of a stride, 0 to 1: 0.25 for a foot that touches down a quarter of a stride later; nan where either
        has no stride.

    Raises:
        UnknownNameError: There is no such foot.
    """
    for name in (foot, reference):
        if name not in feet:
            raise unknown_name("foot", name, feet, "the gait")
    own, other = (
        foot_phase(touchdowns(standing[:, list(feet).index(name)]), len(standing)) for name in (foot, reference)
    )  # fmt: skip
    return (other - own) % 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a gait goes on, stride by stride of one foot.

    Attributes:
        reference: The foot whose strides they are.
        feet: Names of the feet [F].
        start: Sample at which each stride begins [S]; those at the ends are left out in which a foot's stride is cut.
        end: Sample at which it ends [S].
        period: Time between samples, s.
        lags: How far each foot lags behind the reference at the beginning of the stride [S, F], shares of a stride; nan
            where a foot has no stride then.
        names: What the gait is called in each stride [S]; empty without a layout.
    """

    reference: str
    feet: tuple[str, ...]
    start: Ints
    end: Ints
    period: float
    lags: Floats
    names: tuple[GaitName, ...]

    @property
    def time(self) -> Floats:
        """When each stride begins [S], s from the first sample."""
        return self.start * self.period

    def shares(self) -> dict[str, float]:
        """Share of the strides of each name, the most frequent first."""
        return name_shares(self.names)


def name_shares(names: Sequence[GaitName]) -> dict[str, float]:
    """Share of strides [S] of each name, the most frequent first."""
    counts = Counter(name.name for name in names)
    return {name: count / len(names) for name, count in counts.most_common()}


def course(
    standing: Bools, feet: Sequence[str], period: float, *, reference: str, layout: Layout | None = None,
    disturbed: Bools | None = None,
) -> Course:  # fmt: skip
    """How a gait goes on.

    Args:
        standing: Stance of each foot over time [T, F].
        feet: Their names [F].
        period: Time between samples, s.
        reference: The foot whose strides count.
        layout: Where the feet are, for the names of gaits; without one, or for other than two, four or six
            feet, strides have no names.
        disturbed: When the animal was disturbed [T]: strides that any of this falls into do not count.

    Returns:
        The course.

    Raises:
        UnknownNameError: There is no such foot.
    """
    standing = np.asarray(standing, bool)
    made = strides(standing, feet, period, disturbed=disturbed)
    own = made.of(reference)
    events = [touchdowns(column) for column in standing.T]
    around = np.stack([foot_phase(own_events, len(standing)) for own_events in events], axis=1)
    cut = np.stack([_at_an_edge(own_events, own.start) for own_events in events], axis=1)
    lags = -around[own.start] % 1.0
    whole = (np.isfinite(lags) | ~cut).all(axis=1)
    start, end, lags = own.start[whole], own.end[whole], lags[whole]
    names: list[GaitName] = []
    if layout is not None and layout.pairs <= 3:
        of = {foot: made.of(foot) for foot in layout.feet}
        for sample, row in zip(start.tolist(), lags.tolist(), strict=True):
            duty = {foot: _duty_around(of[foot], sample) for foot in layout.feet}
            names.append(name_gait(dict(zip(feet, row, strict=True)), layout, duty))
    return Course(
        reference=reference, feet=tuple(feet), start=start, end=end, period=period, lags=lags,
        names=tuple(names),
    )  # fmt: skip


def _at_an_edge(events: Ints, samples: Ints) -> Bools:
    """Whether samples [S] are before the first touchdown of a foot, or after its last one, by less than a stride."""
    if len(events) < 2:
        return np.zeros(len(samples), bool)
    stride = np.median(np.diff(events))
    before, after = events[0] - samples, samples - events[-1]
    return ((before > 0) & (before < stride)) | ((after >= 0) & (after < stride))


def _duty_around(own: Strides, sample: int) -> float:
    """Duty factor of a foot in its stride at a sample; of all its strides where that is cut or disturbed."""
    at = np.flatnonzero((own.start <= sample) & (sample < own.end))
    shares = own.duty_factor[at[:1]] if len(at) else own.duty_factor
    return float(shares.mean()) if len(shares) else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A change of gait.

    Attributes:
        time: Of the first stride in the new gait, s.
        before: The gait before.
        after: The gait after.
    """

    time: float
    before: str
    after: str


def transitions(times: Sequence[float] | Floats, names: Sequence[str], *, least: int = 3) -> list[Transition]:
    """Changes of gait.

    Args:
        times: When each stride begins [S], s.
        names: What the gait is called in each stride [S].
        least: Strides that a gait must last; a briefer one is taken as part of the gait before.

    Raises:
        GaitError: There are not as many times as names.
    """
    if len(times) != len(names):
        raise GaitError(f"there are {len(times)} times and {len(names)} names of gaits; give one name for each stride")
    held: list[tuple[float, str]] = []
    place = 0
    for name, group in groupby(names):
        length = len(list(group))
        if length >= least and (not held or held[-1][1] != name):
            held.append((float(times[place]), name))
        place += length
    return [Transition(time=time, before=before, after=after) for (_, before), (time, after) in pairwise(held)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hysteresis:
    """What a quantity was while a command rose, and while it fell.

    Attributes:
        levels: Middles of the ranges of the command [B].
        up: Mean of the quantity while the command rose [B]; nan where there is none.
        down: The same while it fell [B].
        area: Integral of down less up over the command: 0 without hysteresis.
    """

    levels: Floats
    up: Floats
    down: Floats
    area: float

    def thresholds(self, value: float) -> tuple[float, float]:
        """Commands at which the quantity passes a value on the way up, and on the way down; nan where it does not."""
        return _passing(self.levels, self.up, value), _passing(self.levels[::-1], self.down[::-1], value)


def directions(command: Floats) -> Floats:
    """Whether a command rises (1) or falls (-1) at each moment [S], as it last changed; 0 where it never does.

    Args:
        command: Over time or at each stride of one life [S]; on a staircase, a tread belongs to the riser before it.
    """
    changes = np.sign(np.diff(np.asarray(command, float), prepend=np.asarray(command, float)[:1]))
    changed = np.flatnonzero(changes)
    if not len(changed):
        return changes
    last = np.searchsorted(changed, np.arange(len(changes)), "right") - 1
    return changes[changed[np.maximum(last, 0)]]


def hysteresis(
    command: Floats, values: Floats, *, direction: Floats | None = None, bins: int = 10
) -> Hysteresis:  # fmt: skip
    """What a quantity was while a command rose, and while it fell.

    Args:
        command: The command over time or at each stride [S], up and down again once or more often.
        values: The quantity at the same moments [S]; nan where it is unknown. For a gait, 1 where it is that gait and 0
            where it is another.
        direction: Whether the command rises there, see `directions`; given where strides of several lives follow one
            another.
        bins: Number of equal ranges of the command.

    Raises:
        GaitError: Shapes differ, the command never rises or never falls, or there is no bin.
    """
    command, values = np.asarray(command, float), np.asarray(values, float)
    if command.shape != values.shape or command.ndim != 1 or bins < 1:
        raise GaitError(f"the command has the shape {command.shape}, the quantity {values.shape}, and bins are {bins}; "
                        "give two of one length, and one bin or more")  # fmt: skip
    slope = directions(command) if direction is None else np.asarray(direction, float)
    if not (slope > 0.0).any() or not (slope < 0.0).any():
        raise GaitError("the command does not rise and fall; give a ramp up and down again")
    edges = np.linspace(command.min(), command.max(), bins + 1)
    place = np.clip(np.digitize(command, edges) - 1, 0, bins - 1)
    up, down = (_binned(place[moving], values[moving], bins) for moving in (slope > 0.0, slope < 0.0))
    both = np.isfinite(up) & np.isfinite(down)
    return Hysteresis(
        levels=(edges[1:] + edges[:-1]) / 2.0,
        up=up,
        down=down,
        area=float(((down - up) * np.diff(edges))[both].sum()) if both.any() else float("nan"),
    )


def _binned(place: Ints, values: Floats, bins: int) -> Floats:
    known = np.isfinite(values)
    count = np.bincount(place[known], minlength=bins)
    total = np.bincount(place[known], weights=values[known], minlength=bins)
    return np.divide(total, count, out=np.full(bins, np.nan), where=count > 0)


def _passing(levels: Floats, values: Floats, wanted: float) -> float:
    known = np.isfinite(values)
    levels, above = levels[known], (values[known] - wanted)
    crossing = np.flatnonzero(np.sign(above[1:]) * np.sign(above[:-1]) < 0)
    exact = np.flatnonzero(above == 0.0)
    if len(exact) and (not len(crossing) or exact[0] <= crossing[0]):
        return float(levels[exact[0]])
    if not len(crossing):
        return float("nan")
    k = crossing[0]
    share = above[k] / (above[k] - above[k + 1])
    return float(levels[k] + share * (levels[k + 1] - levels[k]))
