"""What one life's gait was, stride by stride."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.analysis.gait.coordination import Course, Transition, course, transitions
from sns_mujoco.analysis.gait.diagrams import tripod_strength
from sns_mujoco.analysis.gait.energetics import exchange
from sns_mujoco.analysis.gait.events import Floats, Ints, touchdowns
from sns_mujoco.analysis.gait.margins import dynamic_margin, static_margin
from sns_mujoco.analysis.gait.motion import Motion
from sns_mujoco.analysis.gait.striding import Strides, phases, strides
from sns_mujoco.errors import unknown_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What one life's gait was.

    Attributes:
        motion: What it was measured from.
        strides: All strides of all feet.
        course: Its gait, stride by stride of the reference.
        values: Of each quantity that is known, values of strides [n] or of what it is a ratio of [n, k].
        lags: Phases [n] of each pair (foot, reference): those of all touchdowns of the foot within the other's strides.
        works: Positive and negative work of each muscle or joint in strides of the reference [n, M, 2], J.
    """

    motion: Motion
    strides: Strides
    course: Course
    values: dict[str, Floats]
    lags: dict[tuple[str, str], Floats]
    works: Floats

    @property
    def transitions(self) -> list[Transition]:
        """Changes of gait, with their times in the recording."""
        times = self.motion.begin + self.course.time
        return transitions(times, [name.name for name in self.course.names]) if self.course.names else []

    def course_of(self, quantity: str) -> Floats:
        """Stride period, duty factor, stride length or speed in each stride of the course [S]; nan if unknown.

        Raises:
            UnknownNameError: It is another one.
        """
        start, end = self.course.start, self.course.end
        duration, place = (end - start) * self.motion.period, self.motion.place
        way = np.full(len(start), np.nan) if place is None else np.linalg.norm(place[end] - place[start], axis=1)
        stood = np.concatenate(([0], np.cumsum(self.motion.standing[:, self.motion.feet.index(self.course.reference)])))
        known = {
            "stride period": duration, "duty factor": (stood[end] - stood[start]) / (end - start), "stride length": way,
            "speed": way / duration,
        }  # fmt: skip
        if quantity not in known:
            raise unknown_name("quantity of single strides", quantity, known, "the course of a gait")
        return known[quantity]

    def command(self, name: str) -> Floats:
        """A command at the beginning of each stride of the course [S].

        Raises:
            UnknownNameError: There is none of this name.
        """
        if name not in self.motion.commands:
            raise unknown_name("command", name, self.motion.commands, "the motion")
        return self.motion.commands[name][self.course.start]


def measure(motion: Motion, *, reference: str | None = None) -> Life:
    """Measure the gait of one life.

    Args:
        motion: Its motion.
        reference: The foot whose strides count where a stride of the whole animal is meant; the reference of the first
            pair, or the first foot, if left out.

    Raises:
        UnknownNameError: There is no such foot.
    """
    chosen = reference or (motion.pairs[0][1] if motion.pairs else motion.feet[0])
    made = strides(motion.standing, motion.feet, motion.period, disturbed=motion.disturbed)
    own = made.of(chosen)
    falls = {foot: touchdowns(column) for foot, column in zip(motion.feet, motion.standing.T, strict=True)}
    pairs = motion.pairs or tuple((foot, chosen) for foot in motion.feet if foot != chosen)
    works = _works(motion, own.start, own.end)
    return Life(
        motion=motion,
        strides=made,
        course=course(
            motion.standing, motion.feet, motion.period, reference=chosen, layout=motion.layout,
            disturbed=motion.disturbed,
        ),
        values=_timing(made, own, motion) | _travel(made, own, motion, works) | _stability(own, motion),
        lags={pair: phases(falls[pair[0]], falls[pair[1]], motion.disturbed) for pair in pairs},
        works=works,
    )  # fmt: skip


def _timing(made: Strides, own: Strides, motion: Motion) -> dict[str, Floats]:
    periods, down = own.duration, motion.standing.sum(axis=1)
    values = {
        "stride period": made.duration,
        "stride frequency": made.duration,
        "variation of the period": np.array([periods.std(ddof=1) / periods.mean()]) if len(own) > 2 else np.empty(0),
        "duty factor": made.duty_factor,
        "stance duration": made.stance,
        "swing duration": made.swing,
        "feet on the ground": _over(own.start, own.end, down),
        "flight": _over(own.start, own.end, down == 0),
    }
    if motion.layout is not None and motion.layout.pairs == 3:
        values["tripod strength"] = tripod_strength(motion.standing, motion.feet, motion.layout)
    return values


def _travel(made: Strides, own: Strides, motion: Motion, works: Floats) -> dict[str, Floats]:
    """What needs to know how far the animal went."""
    if motion.place is None:
        return {}
    way = np.linalg.norm(motion.place[own.end] - motion.place[own.start], axis=1)
    steps = np.linalg.norm(motion.place[made.liftoff] - motion.place[made.start], axis=1)
    values = {
        "stride length": way,
        "step length": steps,
        "speed": np.column_stack((way, own.duration)),
        "relative speed": np.column_stack((way / motion.length, own.duration)),
        "Froude number": np.column_stack((way, own.duration, np.full(len(own), motion.gravity * motion.height))),
    }
    if motion.power is not None:
        put, taken = works.sum(axis=1).T
        weighed = motion.mass * motion.gravity * way
        values |= {
            "cost of transport": np.column_stack((put, weighed)), "positive work": put, "negative work": taken,
        }  # fmt: skip
    if motion.center is not None:
        values["recovery"] = np.array(
            [
                exchange(motion.center[a : b + 1], motion.mass, motion.period, gravity=motion.gravity).recovery
                for a, b in zip(own.start, own.end, strict=True)
            ]
        )
    return values


def _stability(own: Strides, motion: Motion) -> dict[str, Floats]:
    if motion.center is None or motion.foot is None or not motion.standing.any():
        return {}
    tread = motion.foot[:, :, 2][motion.standing].mean()
    static = static_margin(motion.center, motion.foot, motion.standing)
    dynamic = dynamic_margin(
        motion.center, motion.foot, motion.standing, motion.period,
        height=float(motion.center[:, 2].mean() - tread), gravity=motion.gravity,
    )  # fmt: skip
    values = {"statically stable": _over(own.start, own.end, np.nan_to_num(static, nan=-1.0) > 0.0)}
    for name, margin in (("static margin", static), ("dynamic margin", dynamic)):
        spans = [margin[a:b][np.isfinite(margin[a:b])] for a, b in zip(own.start, own.end, strict=True)]
        values[name] = np.array([span.mean() if len(span) else np.nan for span in spans])
        values[f"least {name}"] = np.array([span.min() if len(span) else np.nan for span in spans])
    return values


def _works(motion: Motion, start: Ints, end: Ints) -> Floats:
    """Positive and negative work [S, M, 2], J, between samples, by the trapezoidal rule."""
    if motion.power is None:
        return np.empty((len(start), 0, 2))
    parts = np.stack((motion.power.clip(min=0.0), motion.power.clip(max=0.0)), axis=2)
    done = np.zeros_like(parts)
    np.cumsum((parts[1:] + parts[:-1]) * (motion.period / 2.0), axis=0, out=done[1:])
    return done[end] - done[start]


def _over(start: Ints, end: Ints, values: ArrayLike) -> Floats:
    """Means [S] of values [T] between samples."""
    summed = np.concatenate(([0.0], np.cumsum(np.asarray(values, float))))
    return (summed[end] - summed[start]) / (end - start)
