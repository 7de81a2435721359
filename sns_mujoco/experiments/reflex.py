"""The gain of a reflex: how much less a joint gives way to a torque because its afferents tell of it, and how soon.

A torque comes on while the animal holds still, or goes on with what it does, and stays. In a second life the same
torque comes while every afferent goes on saying what it said last: the loop is open, at the same working point. Each of
both is compared with a life without the torque, in the same noise. A feedback loop of gain G lets a load move the joint
by 1 / (1 + G) of what it would without it (Houk & Rymer 1981, Handbook of Physiology, The Nervous System II, 257).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import ExperimentError
from sns_mujoco.experiments.lives import EVERY_STEP, Channel, Progress, Trial, Watch, live
from sns_mujoco.experiments.loading import afferents_of, joint_of, stretched_by, usual_torque
from sns_mujoco.experiments.looks import ACCENT, COOL, QUIET, with_margin
from sns_mujoco.experiments.results import Result, Row
from sns_mujoco.experiments.setting import Seeds, Setting, positive
from sns_mujoco.experiments.statistics import mean_and_margin, told
from sns_mujoco.muscles import find_muscles
from sns_mujoco.protocols import Item, Protocol, SensorFailure, Torque

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]

LAST = 0.2  # of the time, at its end, over which deviations are averaged
ANSWER = 0.05  # of its greatest value; a response begins where it first exceeds that
LEAST = 0.01  # mV; a motor neuron that moves less does not answer
SHOWN = 6  # motor neurons in a figure


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflexGain(Result):
    """How a joint and motor neurons answer a torque, once for each seed.

    Attributes:
        joint: The joint.
        torque: N m (along a slide N).
        time: From the torque's beginning, s [T].
        closed: Deviation of the joint by the torque, rad (m along a slide) [S, T].
        opened: The same while all afferents are stuck [S, T].
        motor: Motor neurons [M].
        answer: By how much the torque moves their potentials, less what it does with the loop open, mV [S, T, M].
        fell: Whether the animal fell, with the torque or in the life that it is compared with, closed and open [2, S].
        muscle: The muscle that is stretched; "" where a joint was given.
        stretch: By how much it becomes longer, closed and open, m [2, S, T]; no seeds without a muscle.
        pull: By how much more it pulls, closed and open, N [2, S, T]; no seeds without a muscle.
    """

    kind: ClassVar[str] = "reflex_gain"
    joint: str
    torque: float
    time: Floats
    closed: Floats
    opened: Floats
    motor: tuple[str, ...]
    answer: Floats
    fell: NDArray[np.bool_]
    muscle: str
    stretch: Floats
    pull: Floats

    @property
    def deviations(self) -> tuple[Floats, Floats]:
        """Mean deviations at the end, closed and open, rad [S] each."""
        late = self._late
        return self.closed[:, late].mean(axis=1), self.opened[:, late].mean(axis=1)

    @property
    def muscle_stiffness(self) -> tuple[Floats, Floats]:
        """Pull over stretch of the muscle at the end, closed and open, N/m; empty without a muscle [S] each."""
        pull, stretch = (of[:, :, self._late].mean(axis=2) for of in (self.pull, self.stretch))
        closed, opened = pull / stretch
        return closed, opened

    @property
    def gain(self) -> Floats:
        """Gain of the loop at the end: open over closed deviation, less one [S]."""
        closed, opened = self.deviations
        return opened / closed - 1.0

    @property
    def mean_gain(self) -> float:
        """The same of the mean deviations of all seeds, which one seed that hardly deviates does not spoil."""
        closed, opened = self.deviations
        return float(opened.mean() / closed.mean() - 1.0)

    @property
    def stiffness(self) -> tuple[Floats, Floats]:
        """Torque over deviation at the end, closed and open, N m/rad [S] each."""
        closed, opened = self.deviations
        return self.torque / closed, self.torque / opened

    @property
    def latency(self) -> Floats:
        """From the torque's beginning to each motor neuron's answer, s; nan for those that give none [S, M]."""
        sizes = np.abs(self.answer)
        greatest = sizes.max(axis=1)
        first = (sizes > ANSWER * greatest[:, None]).argmax(axis=1)
        return np.where(greatest > LEAST, self.time[first], np.nan)

    @property
    def motor_gain(self) -> Floats:
        """Greatest answer of each motor neuron, with its sign, over the greatest deviation, mV/rad [S, M]."""
        place = np.abs(self.answer).argmax(axis=1)
        peaks = np.take_along_axis(self.answer, place[:, None], axis=1)[:, 0]
        return peaks / np.abs(self.closed).max(axis=1)[:, None]

    def to_dataset(self) -> Any:
        """See `Result.to_dataset`."""
        closed, opened = self.stiffness
        of_muscle = ("loop", "seed", "time")
        stretched = {
            "stretch": (of_muscle, self.stretch, "m", f"stretch of {self.muscle}"),
            "pull": (of_muscle, self.pull, "N", f"how much more {self.muscle} pulls"),
        }
        return self._dataset(
            (stretched if self.muscle else {})
            | {
                "closed": (("seed", "time"), self.closed, "rad", "deviation of the joint by the torque"),
                "open": (("seed", "time"), self.opened, "rad", "deviation while all afferents are stuck"),
                "answer": (("seed", "time", "motor_neuron"), self.answer, "mV", "answer through the afferents"),
                "fell": (("loop", "seed"), self.fell, "1", "whether the animal fell, with the torque or without"),
                "gain": (("seed",), self.gain, "1", "gain of the loop"),
                "stiffness_closed": (("seed",), closed, "N m/rad", "torque over deviation"),
                "stiffness_open": (("seed",), opened, "N m/rad", "torque over deviation, afferents stuck"),
                "latency": (("seed", "motor_neuron"), self.latency, "s", "from the torque to the answer"),
                "motor_gain": (("seed", "motor_neuron"), self.motor_gain, "mV/rad", "greatest answer over deviation"),
            },
            {
                "seed": (self.config["seeds"], "1", "seed"),
                "time": (self.time, "s", "from the torque's beginning"),
                "motor_neuron": (list(self.motor), "1", "motor neuron"),
                "loop": (["closed", "open"], "1", "whether afferents tell, or are stuck"),
            },
        )

    def table(self) -> list[Row]:
        """The joint first, then each motor neuron that answers, the strongest first; means over seeds."""
        closed, opened = (float(of.mean()) for of in self.deviations)
        rows: list[Row] = [{
            "what": self.joint, "closed_rad": closed, "open_rad": opened, "loop_gain": self.mean_gain,
            "latency_s": float("nan"), "motor_gain_mV_per_rad": float("nan"),
        }]  # fmt: skip
        nan = float("nan")
        latency = mean_and_margin(self.latency, axis=0)[0]
        for m in self._order():
            rows.append({
                "what": self.motor[m], "closed_rad": nan, "open_rad": nan, "loop_gain": nan,
                "latency_s": float(latency[m]), "motor_gain_mV_per_rad": float(self.motor_gain[:, m].mean()),
            })  # fmt: skip
        return rows

    def summary(self) -> str:
        """See `Result.summary`."""
        (closed, opened), (stiff, slack) = self.deviations, self.stiffness
        lines = [
            f"{self.torque:.3g} N m on {self.joint}, {len(self.gain)} seeds, deviations over the last "
            f"{LAST * self.time[-1]:.3g} s",
            f"deviation {told(float(closed.mean()))} rad, with the loop open {told(float(opened.mean()))} rad",
            f"stiffness {told(float(stiff.mean()))} N m/rad, with the loop open {told(float(slack.mean()))} N m/rad",
            f"loop gain {told(self.mean_gain)}",
        ]
        for k, loop in enumerate(("closed", "open")):
            if self.fell[k].any():
                lines.append(f"it fell in {int(self.fell[k].sum())} of {len(self.fell[k])} lives with the loop {loop}")
        if self.muscle:
            stiffer, softer = (float(of.mean()) for of in self.muscle_stiffness)
            lines.append(f"{self.muscle}: {told(stiffer)} N/m, with the loop open {told(softer)} N/m")
        latency = mean_and_margin(self.latency, axis=0)[0]
        for m in self._order()[:3]:
            lines.append(f"{self.motor[m]} answers after {told(1e3 * float(latency[m]))} ms with "
                         f"{told(float(self.motor_gain[:, m].mean()))} mV/rad")  # fmt: skip
        if not len(self._order()):
            lines.append("no motor neuron answers")
        return "\n".join(lines)

    def draw(self) -> "Figure":
        """Deviation of the joint with the loop closed and open, and answers of the strongest motor neurons."""
        from sns_mujoco.analysis import figures

        figure, axes = figures.canvas(120.0, 100.0, rows=2, share_x=True)
        top, bottom = axes[:, 0]
        time = 1e3 * self.time
        with_margin(top, time, self.opened.T, QUIET, label="afferents stuck", marker="")
        with_margin(top, time, self.closed.T, ACCENT, label="loop closed", marker="")
        top.set(ylabel="deviation, rad")
        top.set_title(f"{self.torque:.3g} N m on {self.joint}: loop gain {told(self.mean_gain)}")
        top.legend(loc="best")
        shown = self._order()[:SHOWN]
        colors = figures.name_colors([self.motor[m] for m in shown], self.animal)
        styles = ("-", "--", ":", "-.")
        seen: dict[Any, int] = {}
        for m in shown:
            color = colors[self.motor[m]]
            style = styles[seen.setdefault(color, 0) % len(styles)]
            seen[color] += 1
            bottom.plot(time, self.answer[:, :, m].mean(axis=0), color=color, ls=style, label=self.motor[m])
            latency = float(mean_and_margin(self.latency[:, m])[0])
            bottom.axvline(1e3 * latency, color=color, lw=0.5, ls=style)
        bottom.axhline(0.0, color=COOL, lw=0.4)
        bottom.set(xlabel="time since the torque began, ms", ylabel="answer, mV")
        bottom.set_title("Motor neurons, through the afferents")
        if len(shown):
            bottom.legend(loc="upper center", bbox_to_anchor=(0.5, -0.3), ncols=3)
        return figure

    @property
    def _late(self) -> NDArray[np.bool_]:
        return self.time >= (1.0 - LAST) * self.time[-1]

    def _order(self) -> NDArray[np.intp]:
        """Motor neurons that answer, the strongest first."""
        size = np.abs(self.answer).max(axis=(0, 1))
        order = np.argsort(-size, kind="stable")
        return order[size[order] > LEAST]


def reflex_gain(
    animal: "Animal | str | PathLike[str]", joint: str | None = None, *, muscle: str | None = None,
    torque: float | None = None, afferents: str | Sequence[str] | None = None, motor: Sequence[str] | None = None,
    seconds: float = 0.5, settle: float = 2.0, seeds: Seeds = 3, terrain: str | None = None,
    commands: Mapping[str, float] | None = None, threads: int = 0, progress: Progress | None = None,
) -> ReflexGain:  # fmt: skip
    """Load a joint with a torque, with the loop through the afferents closed and open.

    Args:
        animal: The animal, or what `sns_mujoco.models.load` finds it by.
        joint: A hinge or slide; the first of the animal's `joints` if left out.
        muscle: Instead of a joint, a muscle that the torque is to stretch: it acts about the joint on which the muscle
            has its greatest moment arm, in the direction that makes the muscle longer.
        torque: N m (along a slide N); a tenth of the animal's weight times its length if left out. With a muscle a
            negative one lets it slacken.
        afferents: Names or shell patterns of the afferents that are stuck when the loop is open, as
            `protocols.SensorFailure` takes them; all but commands if left out.
        motor: Motor neurons that are watched; all if left out.
        seconds: How long the torque lasts, s.
        settle: How long the animal lives before it, s.
        seeds: Repetitions, or their seeds.
        terrain: What it lives on; its first terrain if left out.
        commands: Commands; all at rest, at 0, if left out.
        threads: Threads that step the animals; 0 for as many as there are processors.
        progress: Is told which share is done.

    Raises:
        UnknownNameError: There is no such animal, terrain, command, joint, muscle, neuron or afferent.
        ExperimentError: The animal has no afferents besides commands, or names no joint and none is given, or a joint
            and a muscle are given, or the torque is too large.
        ValueError: A number is out of bounds.
    """
    from sns_mujoco.models import load

    animal = load(animal)
    still = {name: float(np.clip(0.0, *ends)) for name, ends in animal.commands.items()}
    setting = Setting.of(
        animal, terrain=terrain, commands=still | dict(commands or {}), settle=settle, seeds=seeds, threads=threads
    )
    seconds = positive(seconds, "seconds", "s")
    model = animal.build(terrain=setting.terrain, seed=setting.terrain_seed).compile()
    if joint and muscle:
        raise ExperimentError(f"joint {joint!r} and muscle {muscle!r} are given; give one of them")
    loaded, sign = stretched_by(setting, model, muscle) if muscle else (joint_of(setting, model, joint), 1.0)
    watched = setting.named(motor) if motor else setting.motor_neurons()
    stuck = afferents_of(setting, model) if afferents is None else _several(afferents)
    applied = sign * (usual_torque(setting, model) if torque is None else float(torque))
    if not np.isfinite(applied) or applied == 0.0:
        raise ValueError(f"torque is {torque!r} N m; give a finite number other than 0")
    begin = setting.settle
    load_on: list[Item] = [Torque(loaded, applied, start=begin)]
    opening: list[Item] = [SensorFailure(name, start=begin) for name in stuck]
    conditions: list[list[Item]] = [[], load_on, opening, [*opening, *load_on]]
    trials = [Trial(seed=seed, protocol=Protocol(items)) for items in conditions for seed in setting.seeds]
    channels = {"angle": Channel(field="qpos", index=np.array(model.joint(loaded).qposadr))}
    if muscle:
        output = np.array([find_muscles(model)[muscle].output])
        channels["length"] = Channel(field="actuator_length", index=output)
        channels["force"] = Channel(field="actuator_force", index=output)
    watch = Watch(neurons=watched, more=lambda _: channels)
    lives = live(setting, trials, seconds, watch, rate=EVERY_STEP, progress=progress)
    if lives.failed:
        raise ExperimentError(f"the torque of {applied:g} N m is too large: {next(iter(lives.failed.values()))}")
    shape = (len(conditions), len(setting.seeds), len(lives.time))
    potential = lives.potential.reshape(*shape, len(watched))

    def changes(channel: str) -> Floats:
        """By the torque, closed and open [2, S, T]."""
        seen = lives.more[channel].reshape(shape)
        return np.stack([seen[1] - seen[0], seen[3] - seen[2]])

    nothing = np.empty((2, 0, len(lives.time)))
    closed, opened = changes("angle")
    return ReflexGain(
        animal=animal,
        config=setting.described()
        | {"experiment": ReflexGain.kind, "joint": loaded, "muscle": muscle, "torque_Nm": applied, "afferents": stuck,
           "motor": watched, "seconds": seconds},
        joint=loaded, torque=applied, time=np.round(lives.time - begin, 9), closed=closed, opened=opened, motor=watched,
        answer=(potential[1] - potential[0]) - (potential[3] - potential[2]), muscle=muscle or "",
        fell=np.asarray(lives.down.reshape(2, 2, -1).any(axis=1)),
        stretch=changes("length") if muscle else nothing, pull=0.0 - changes("force") if muscle else nothing,
    )  # fmt: skip


def _several(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
