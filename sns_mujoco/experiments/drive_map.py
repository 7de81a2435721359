"""The drive map: speed, rhythm and gait at each level of a command, each steady or as the command goes up and down."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.experiments import measures as measuring
from sns_mujoco.experiments.frequency_drive import levels_of_command
from sns_mujoco.experiments.lives import Lives, Progress, Trial, Watch, live
from sns_mujoco.experiments.looks import ACCENT, COOL, INK, QUIET, RULE, with_margin
from sns_mujoco.experiments.results import Result, Row
from sns_mujoco.experiments.setting import Seeds, Setting, positive
from sns_mujoco.experiments.statistics import mean_and_margin, told
from sns_mujoco.protocols import Command, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]

UNSETTLED = 0.4  # of the time at each level of a ramp, not measured: the animal is still changing
SHADES = ("#2b6f8a", "#c1440e", "#5b8c3a", "#8a5a9e", "#c99a2e", "#7fb3c8", "#d98a6a", "#a8c48f")
NAMELESS = {"none": RULE, "fallen": INK, "irregular": QUIET}


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveMap(Result):
    """What an animal does at levels of a command, once for each seed.

    Attributes:
        command: The command.
        level: Its levels, rising [L].
        way: How it came to be at a level: ("steady",) if it began there, ("up", "down") on a ramp [D].
        measures: What was measured [M].
        values: Values; nan where there is nothing to measure [D, L, S, M].
        gait: Names of the gaits, "" where there is none to name [D, L, S].
    """

    kind: ClassVar[str] = "drive_map"
    command: str
    level: Floats
    way: tuple[str, ...]
    measures: tuple[measuring.Measure, ...]
    values: Floats
    gait: NDArray[np.object_]

    @property
    def commonest(self) -> NDArray[np.object_]:
        """The commonest gait at each level [D, L]; of equally common ones, one that was walked before a fall."""
        return np.array([[_commonest(own) for own in level] for level in self.gait], object)

    @property
    def hysteresis(self) -> dict[str, float]:
        """Of a ramp: mean difference of each measure on the way down and up, in its unit; empty without a ramp.

        A level that a life reached fallen on either way counts in nothing but `fell`.
        """
        if len(self.way) < 2:
            return {}
        apart = self.values[1] - self.values[0]  # [L, S, M]
        stood = (self.gait != "fallen").all(axis=0)
        return {
            m.name: float(mean_and_margin((apart if m.name == "fell" else apart[stood])[..., k].ravel())[0])
            for k, m in enumerate(self.measures)
        }

    def to_dataset(self) -> Any:
        """See `Result.to_dataset`."""
        all_of = ("way", "level", "seed")
        return self._dataset(
            {
                **{m.name: (all_of, self.values[..., k], m.unit, m.meaning) for k, m in enumerate(self.measures)},
                "gait": (all_of, self.gait, "1", "name of the gait"),
            },
            {
                "way": (list(self.way), "1", "how the animal came to be at a level"),
                "level": (self.level, "1", f"command {self.command!r}"),
                "seed": (self.config["seeds"], "1", "seed"),
            },
        )

    def table(self) -> list[Row]:
        """A row for each level and way, means over seeds."""
        means = mean_and_margin(self.values, axis=2)[0]
        return [
            {"way": way, self.command: float(level)}
            | {m.name: float(value) for m, value in zip(self.measures, means[d, i], strict=True)}
            | {"gait": self.commonest[d, i], "same_gait": float(np.mean(self.gait[d, i] == self.commonest[d, i]))}
            for d, way in enumerate(self.way)
            for i, level in enumerate(self.level)
        ]

    def summary(self) -> str:
        """See `Result.summary`."""
        lines = [f"{len(self.level)} levels of {self.command} from {self.level[0]:g} to {self.level[-1]:g}, "
                 f"{self.gait.shape[2]} seeds"]  # fmt: skip
        means = mean_and_margin(self.values, axis=2)[0]
        for d, way in enumerate(self.way):
            on = "" if way == "steady" else f" on the way {way}"
            for k, measure in enumerate(self.measures):
                if measure.name in ("speed", "frequency"):
                    ends = (told(float(means[d, i, k])) for i in (0, -1))
                    lines.append(f"{measure.name}{on}: {' to '.join(ends)} {measure.unit}")
            found = self.commonest[d]
            if any(found):
                starts = [i for i in range(len(found)) if i == 0 or found[i] != found[i - 1]]
                lines.append(f"gait{on}: " + ", ".join(f"{found[i] or '-'} from {self.level[i]:g}" for i in starts))
        fallen = int((self.gait == "fallen").sum())
        if fallen:
            lines.append(f"fallen at {fallen} of {self.gait.size} levels of all lives")
        apart = self.hysteresis
        if "speed" in apart or "frequency" in apart:
            name = "speed" if "speed" in apart else "frequency"
            lines.append(f"hysteresis: {name} is {apart[name]:+.3g} on the way down, where it had not fallen")
        return "\n".join(lines)

    def draw(self) -> "Figure":
        """Measures over the command, and the gait as a strip for each way."""
        from sns_mujoco.analysis import figures

        shown = [k for k, m in enumerate(self.measures) if m.name not in ("straightness", "variation", "turning")]
        named = [name for name in dict.fromkeys(self.gait.ravel()) if name]
        count = len(shown) + bool(named)
        figure, axes = figures.canvas(
            120.0, 24.0 + 26.0 * len(shown) + (8.0 + 5.0 * len(self.way) if named else 0.0), rows=count, share_x=True,
            heights=[*([1.0] * len(shown)), *([0.12 + 0.16 * len(self.way)] if named else [])],
        )  # fmt: skip
        colors = {"steady": INK, "up": ACCENT, "down": COOL}
        for ax, k in zip(axes[:, 0], shown, strict=False):
            measure = self.measures[k]
            for d, way in enumerate(self.way):
                with_margin(ax, self.level, self.values[d, :, :, k], colors[way], label=way)
            ax.set(ylabel=measure.unit if measure.unit != "1" else "")
            ax.set_title(measure.name.replace("_", " "))
            if measure.name in ("fell", "coherence", "duty_factor"):
                ax.set_ylim(-0.05, 1.05)
        if len(self.way) > 1:
            axes[0, 0].legend(loc="best")
        if named:
            self._strip(axes[-1, 0], named)
        axes[-1, 0].set(xlabel=self.command)
        return figure

    def _strip(self, ax: Any, named: list[str]) -> None:
        """The commonest gaits as bars, and what their colours mean below the figure."""
        walked = [name for name in named if name not in NAMELESS]
        shades = NAMELESS | {name: SHADES[k % len(SHADES)] for k, name in enumerate(walked)}
        inner = (self.level[1:] + self.level[:-1]) / 2.0
        edges = np.concatenate((self.level[:1], inner, self.level[-1:]))
        drawn = {}
        for d in range(len(self.way)):
            for i, name in enumerate(self.commonest[d]):
                if name:
                    bar = ax.barh(d, edges[i + 1] - edges[i], left=edges[i], height=0.8, color=shades[name], lw=0)
                    drawn.setdefault(name, bar)
        ax.set_yticks(range(len(self.way)), self.way if len(self.way) > 1 else [""])
        ax.set_ylim(len(self.way) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.set_title("gait")
        ax.figure.legend(drawn.values(), drawn.keys(), loc="outside lower center", ncols=3)


def drive_map(
    animal: "Animal | str | PathLike[str]", levels: ArrayLike | None = None, *, command: str = "drive",
    ramp: bool = False, measures: Sequence[str] | None = None, reference: str | None = None, seconds: float = 4.0,
    settle: float = 2.0, seeds: Seeds = 3, terrain: str | None = None, commands: Mapping[str, float] | None = None,
    threads: int = 0, progress: Progress | None = None,
) -> DriveMap:  # fmt: skip
    """Measure speed, rhythm and gait at levels of a command.

    Args:
        animal: The animal, or what `sns_mujoco.models.load` finds it by.
        levels: Levels of the command; eleven between its ends if left out.
        command: The command, or a probe.
        ramp: Whether each life goes through all levels up and down again, which shows hysteresis, instead of living at
            one of them.
        measures: Names of `measures.MEASURES`; all that the animal has if left out.
        reference: Neuron whose bursts tell the rhythm; the first of the animal's rhythm if left out.
        seconds: How long each level lasts, s; on a ramp its first two fifths are not measured.
        settle: How long an animal lives before it is measured, s.
        seeds: How many lives, or their seeds.
        terrain: What it lives on; its first terrain if left out.
        commands: Other commands, where they differ from those it cruises at.
        threads: Threads that step the animals; 0 for as many as there are processors.
        progress: Is told which share is done.

    Raises:
        UnknownNameError: There is no such animal, terrain, command, measure or neuron.
        ValueError: A level is out of bounds, or a number is.
        ExperimentError: The animal falls before a ramp begins, or does not have a measure where it lives.
    """
    setting = Setting.of(animal, terrain=terrain, commands=commands, settle=settle, seeds=seeds, threads=threads)
    chosen, found = levels_of_command(setting, command, levels), measuring.choose(setting, measures)
    seconds, neuron = positive(seconds, "seconds", "s"), setting.rhythm(reference)[0]
    watch = Watch(neurons=(neuron,), feet=bool(setting.animal.feet), way=setting.walks)
    count, repeats = len(chosen), len(setting.seeds)
    if ramp:
        order = [*range(count), *reversed(range(count))]
        steps = [
            Command(command, float(chosen[k]), start=setting.settle + i * seconds,
                    stop=setting.settle + (i + 1) * seconds)
            for i, k in enumerate(order)
        ]  # fmt: skip
        trials = [
            Trial(seed=seed, commands={command: float(chosen[0])}, protocol=Protocol(steps)) for seed in setting.seeds
        ]
        lives = live(setting, trials, len(order) * seconds, watch, progress=progress)
        ends = setting.settle + np.arange(len(order) + 1) * seconds
        windows = [(ends[i] + UNSETTLED * seconds, ends[i + 1]) for i in range(len(order))]
        told_of = [[_part(setting, lives, row, *window) for row in range(repeats)] for window in windows]
        told_of = [told_of[:count], told_of[count:][::-1]]
    else:
        trials = [Trial(seed=seed, commands={command: float(level)}) for level in chosen for seed in setting.seeds]
        lives = live(setting, trials, seconds, watch, must_settle=False, progress=progress)
        every = [measuring.Life.of(setting, lives, row) for row in range(len(trials))]
        told_of = [[every[i * repeats : (i + 1) * repeats] for i in range(count)]]
    return DriveMap(
        animal=setting.animal,
        config=setting.described()
        | {"experiment": DriveMap.kind, "command": command, "levels": chosen, "ramp": ramp,
           "measures": [m.name for m in found], "reference": neuron, "seconds": seconds},
        command=command, level=chosen, way=("up", "down") if ramp else ("steady",), measures=found,
        values=np.array([[[[m.of(one) for m in found] for one in at] for at in way] for way in told_of]),
        gait=np.array([[[one.gait_name() for one in at] for at in way] for way in told_of], object),
    )  # fmt: skip


def _commonest(names: Sequence[str]) -> str:
    """The name that comes most often; of equals the first, and "fallen" the last."""
    return Counter(sorted(names, key=lambda name: name == "fallen")).most_common(1)[0][0]


def _part(setting: Setting, lives: Lives, row: int, begin: float, end: float) -> measuring.Life:
    """A part of a life, as measures see it."""
    inside = (lives.time >= begin) & (lives.time <= end)
    return measuring.Life(
        setting=setting, time=lives.time[inside], signal=lives.potential[row, inside, 0],
        load=lives.load[row, inside], place=lives.place[row, inside],
        fell=float(lives.fell[row]) if lives.fell[row] <= end else float("inf"),
        failed=row in lives.failed and not np.isfinite(lives.potential[row, inside]).all(),
    )  # fmt: skip
