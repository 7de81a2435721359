"""All that recordings tell of a gait, with confidence intervals over strides and lives: `gait_report`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sns_mujoco.analysis.gait import bootstrap, circular
from sns_mujoco.analysis.gait.bootstrap import RESAMPLES, Interval
from sns_mujoco.analysis.gait.coordination import Transition, name_shares
from sns_mujoco.analysis.gait.life import Life, measure
from sns_mujoco.analysis.gait.motion import Motion
from sns_mujoco.analysis.gait.naming import GaitName, name_gait
from sns_mujoco.analysis.gait.quantities import QUANTITIES
from sns_mujoco.analysis.gait.reading import Events, read
from sns_mujoco.errors import GaitError

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.models import Animal

COHERENT = 0.5  # a gait has a name if the mean vector of every foot's lag is longer than this; ours
AT_ONCE = 0.05  # of a stride: feet fall together within it; ours

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """The phase lag of a foot after another.

    Attributes:
        interval: Its mean with its confidence interval, shares of a stride.
        coherence: Length of the mean phase vector, mean of all lives: 1 for a fixed lag, 0 for none.
        rayleigh: Rayleigh's test of whether there is a lag at all, of the phases of all lives.
    """

    interval: Interval
    coherence: float
    rayleigh: circular.Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class GaitReport:
    """All that recordings tell of a gait.

    Attributes:
        lives: What was measured of each life, stride by stride.
        name: What the gait is called, from the mean lags of all strides; irregular where they are not coherent.
        shares: Share of single strides of each name, the most frequent first.
        order: Feet in the order in which they touch down, from the reference on; those that fall together, within a
            twentieth of a stride, in one group.
        quantities: Of each quantity that is known, its mean with its interval; see `QUANTITIES` for units and sources.
        feet: Of each foot, its stride period, duty factor, stance duration and swing duration.
        lags: Of each pair (foot, reference).
        works: Positive and negative work of each muscle or joint in a stride, J.
        level: Of all intervals.
    """

    lives: tuple[Life, ...]
    name: GaitName
    shares: dict[str, float]
    order: tuple[tuple[str, ...], ...]
    quantities: dict[str, Interval]
    feet: dict[str, dict[str, Interval]]
    lags: dict[tuple[str, str], Lag]
    works: dict[str, tuple[Interval, Interval]]
    level: float

    @property
    def reference(self) -> str:
        """The foot whose strides are those of the whole animal."""
        return self.lives[0].course.reference

    @property
    def strides(self) -> dict[str, int]:
        """Number of strides of each foot, of all lives."""
        return {foot: sum(len(life.strides.of(foot)) for life in self.lives) for foot in self.lives[0].motion.feet}

    @property
    def transitions(self) -> list[list[Transition]]:
        """Changes of gait of each life."""
        return [life.transitions for life in self.lives]

    @property
    def falls(self) -> list[float]:
        """When each life ended in a fall, s; nan of those that did not."""
        return [life.motion.fell for life in self.lives]

    def table(self) -> list[Row]:
        """Everything as rows: quantity, what it is of, value, low, high, n, lives, unit, meaning and source."""
        rows = [_row(name, "", interval) for name, interval in self.quantities.items()]
        rows += [_row(name, foot, interval) for foot, own in self.feet.items() for name, interval in own.items()]
        for (foot, reference), lag in self.lags.items():
            told = {"meaning": f"phase of the touchdown of {foot} in the stride of {reference}",
                    "source": "Hildebrand 1965, Science 150:701", "unit": "1"}  # fmt: skip
            rows.append(_row("phase lag", f"{foot} after {reference}", lag.interval) | told)
        for kind, place in (("positive work", 0), ("negative work", 1)):
            rows += [_row(kind, name, own[place]) for name, own in self.works.items()]
        return rows

    def to_dataset(self) -> "xarray.Dataset":
        """Everything as data: means over `quantity`, `pair` and `muscle`, and single strides over `stride`."""
        from sns_mujoco.analysis.gait.dataset import dataset_of

        return dataset_of(self)

    def __str__(self) -> str:
        """A few lines of text."""
        from sns_mujoco.analysis.gait.text import text_of

        return text_of(self)


def gait_report(
    recordings: "xarray.Dataset | Motion | Sequence[xarray.Dataset | Motion]", animal: "Animal | None" = None, *,
    terrain: str | None = None, start: float | None = None, stop: float | None = None, events: Events = "load",
    reference: str | None = None, level: float = 0.95, resamples: int = RESAMPLES, seed: int = 0,
) -> GaitReport:  # fmt: skip
    """All that recordings tell of a gait.

    Args:
        recordings: One or more, of one animal under the same conditions, as with several seeds; each may be of a
            population. A `Motion` made of arrays of one's own does as well.
        animal: Whose recordings they are; needed for recordings, not for a `Motion`.
        terrain: See `read`.
        start: See `read`.
        stop: See `read`.
        events: See `read`.
        reference: The foot whose strides are those of the whole animal; the reference of the first pair if left out.
        level: Of the confidence intervals, 0 to 1.
        resamples: Draws of the bootstrap.
        seed: Of the bootstrap.

    Returns:
        The report. Intervals are over strides within lives and over lives, see `bootstrap`.

    Raises:
        GaitError: There is nothing to measure, or a recording has not what is needed, or comes without an animal.
        UnknownNameError: A foot, a sensor or the terrain is not there.
    """
    given = list(recordings) if isinstance(recordings, Sequence) else [recordings]
    motions: list[Motion] = []
    for one in given:
        if isinstance(one, Motion):
            motions.append(one)
        elif animal is None:
            raise GaitError("a recording does not say what its feet are; give its animal too, or a Motion of arrays")
        else:
            motions += read(one, animal, terrain=terrain, start=start, stop=stop, events=events)
    if not motions or any(motion.feet != motions[0].feet for motion in motions):
        raise GaitError(f"feet are {[motion.feet for motion in motions]}; give one recording or more, of one animal")
    lives = tuple(measure(motion, reference=reference) for motion in motions)
    drawn: dict[str, Any] = {"level": level, "resamples": resamples, "seed": seed}
    name, order = _name(lives)
    return GaitReport(
        lives=lives,
        name=name,
        shares=name_shares([name for life in lives for name in life.course.names]),
        order=order,
        quantities={
            quantity: bootstrap.interval([life.values[quantity] for life in lives], of=told.of, **drawn)
            for quantity, told in QUANTITIES.items()
            if all(quantity in life.values for life in lives)
        },
        feet={foot: _of_foot(lives, foot, drawn) for foot in motions[0].feet},
        lags={pair: _lag([life.lags[pair] for life in lives], drawn) for pair in lives[0].lags},
        works=_works(lives, drawn),
        level=level,
    )


def _row(name: str, of: str, interval: Interval) -> Row:
    told = QUANTITIES.get(name)
    more = {"unit": told.unit, "meaning": told.meaning, "source": told.source} if told else {}
    return {
        "quantity": name, "of": of, "value": interval.value, "low": interval.low, "high": interval.high,
        "n": interval.n, "lives": interval.lives, **more,
    }  # fmt: skip


def _of_foot(lives: Sequence[Life], foot: str, drawn: Mapping[str, Any]) -> dict[str, Interval]:
    own = [life.strides.of(foot) for life in lives]
    return {
        "stride period": bootstrap.interval([strides.duration for strides in own], **drawn),
        "duty factor": bootstrap.interval([strides.duty_factor for strides in own], **drawn),
        "stance duration": bootstrap.interval([strides.stance for strides in own], **drawn),
        "swing duration": bootstrap.interval([strides.swing for strides in own], **drawn),
    }


def _lag(phases: Sequence[np.ndarray], drawn: Mapping[str, Any]) -> Lag:
    lengths = [circular.resultant(own) for own in phases if len(own)]
    return Lag(
        interval=bootstrap.phase_interval(phases, **drawn),
        coherence=float(np.mean(lengths)) if lengths else float("nan"),
        rayleigh=circular.rayleigh(np.concatenate(phases)),
    )


def _works(lives: Sequence[Life], drawn: Mapping[str, Any]) -> dict[str, tuple[Interval, Interval]]:
    return {
        muscle: (
            bootstrap.interval([life.works[:, k, 0] for life in lives], **drawn),
            bootstrap.interval([life.works[:, k, 1] for life in lives], **drawn),
        )
        for k, muscle in enumerate(lives[0].motion.working)
    }


def _name(lives: Sequence[Life]) -> tuple[GaitName, tuple[tuple[str, ...], ...]]:
    """Name of the mean gait, and the order of the feet."""
    first = lives[0].motion
    lags = np.concatenate([life.course.lags for life in lives])
    known = lags[np.isfinite(lags).all(axis=1)]
    if not len(known):
        return GaitName(name="none", detail="there is no stride"), ()
    means = {foot: circular.mean(own) for foot, own in zip(first.feet, known.T, strict=True)}
    reference = lives[0].course.reference
    order = _order(means, reference)
    least = min(circular.resultant(own) for own in known.T)
    if first.layout is None or first.layout.pairs > 3:
        return GaitName(name="unnamed", detail="there are names for two, four and six feet, left and right"), order
    if least <= COHERENT:
        return GaitName(name="irregular", detail=f"least coherence of a lag {least:.2f}"), order
    duty = {foot: float(np.mean([share for life in lives for share in life.strides.of(foot).duty_factor]))
            for foot in first.feet}  # fmt: skip
    return name_gait(means, first.layout, duty), order


def _order(phases: Mapping[str, float], reference: str) -> tuple[tuple[str, ...], ...]:
    """Feet in groups that touch down together, from the reference on."""
    after = {foot: (phase - phases[reference] + AT_ONCE) % 1.0 - AT_ONCE for foot, phase in phases.items()}
    groups: list[list[str]] = []
    for foot in sorted(after, key=after.__getitem__):
        if groups and after[foot] - after[groups[-1][-1]] <= AT_ONCE:
            groups[-1].append(foot)
        else:
            groups.append([foot])
    return tuple(map(tuple, groups))
