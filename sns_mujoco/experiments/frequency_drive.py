"""Frequency against drive: how fast the rhythm is at each level of a command, and which of its phases gives way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import unknown_name
from sns_mujoco.experiments.lives import Lives, Progress, Trial, Watch, live
from sns_mujoco.experiments.looks import ACCENT, COOL, INK, with_margin
from sns_mujoco.experiments.results import Result, Row
from sns_mujoco.experiments.setting import Seeds, Setting, positive
from sns_mujoco.experiments.signals import bursts, levels_of
from sns_mujoco.experiments.statistics import mean_and_margin, told

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]

NOTHING = (float("nan"), float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyDrive(Result):
    """Rhythm of some neurons at each level of a command, once for each seed; nan where there is no rhythm.

    Attributes:
        command: The command.
        level: Its levels [L].
        neurons: Neurons whose bursts are measured [N].
        period: Mean time from onset to onset, s [L, S, N].
        period_spread: Standard deviation of these times, s [L, S, N].
        burst: Mean duration of bursts, s [L, S, N].
        pause: Mean time between bursts, s [L, S, N].
        fell: Whether the animal fell, or left the finite numbers [L, S].
    """

    kind: ClassVar[str] = "frequency_drive_curve"
    command: str
    level: Floats
    neurons: tuple[str, ...]
    period: Floats
    period_spread: Floats
    burst: Floats
    pause: Floats
    fell: NDArray[np.bool_]

    @property
    def frequency(self) -> Floats:
        """One over the period, Hz; 0 where there is no rhythm [L, S, N]."""
        return np.nan_to_num(1.0 / self.period)

    @property
    def slopes(self) -> tuple[float, float]:
        """How the first neuron's burst and its pause change with the period, s/s.

        The slopes of straight lines of phase durations over cycle duration add up to one; a phase with a slope near
        one is the one that drive shortens (Halbertsma 1983, Acta Physiol Scand Suppl 521). They are nan with less than
        two periods.
        """
        period = self.period[:, :, 0].ravel()
        known = np.isfinite(period)
        if known.sum() < 2 or np.ptp(period[known]) < 1e-9:
            return float("nan"), float("nan")
        return tuple(
            float(np.polyfit(period[known], of[:, :, 0].ravel()[known], 1)[0]) for of in (self.burst, self.pause)
        )  # type: ignore[return-value]

    def to_dataset(self) -> Any:
        """See `Result.to_dataset`."""
        all_of = ("level", "seed", "neuron")
        return self._dataset(
            {
                "frequency": (all_of, self.frequency, "Hz", "frequency of bursts, 0 without a rhythm"),
                "period": (all_of, self.period, "s", "mean time from onset to onset of bursts"),
                "period_spread": (all_of, self.period_spread, "s", "standard deviation of these times"),
                "burst": (all_of, self.burst, "s", "mean duration of bursts"),
                "pause": (all_of, self.pause, "s", "mean time between bursts"),
                "fell": (("level", "seed"), self.fell, "1", "whether the animal fell"),
            },
            {
                "level": (self.level, "1", f"command {self.command!r}"),
                "seed": (self.config["seeds"], "1", "seed"),
                "neuron": (list(self.neurons), "1", "neuron"),
            },
        )

    def table(self) -> list[Row]:
        """A row for each level and neuron, means over seeds."""
        return [
            {
                self.command: float(level),
                "neuron": neuron,
                "frequency_Hz": float(self.frequency[i, :, k].mean()),
                **{
                    f"{name}_s": float(mean_and_margin(of[i, :, k])[0])
                    for name, of in (
                        ("period", self.period), ("period_spread", self.period_spread), ("burst", self.burst),
                        ("pause", self.pause),
                    )
                },
                "fell": float(self.fell[i].mean()),
            }
            for i, level in enumerate(self.level)
            for k, neuron in enumerate(self.neurons)
        ]  # fmt: skip

    def summary(self) -> str:
        """See `Result.summary`."""
        first = self.frequency[:, :, 0].mean(axis=1)
        going = first > 0
        lines = [f"{self.neurons[0]}: {len(self.level)} levels of {self.command} from {self.level[0]:g} to "
                 f"{self.level[-1]:g}, {len(self.config['seeds'])} seeds"]  # fmt: skip
        if not going.any():
            return "\n".join([*lines, "no rhythm at any of them"])
        lines.append(f"rhythm from {self.level[going].min():g} to {self.level[going].max():g}, "
                     f"{told(first[going][0])} Hz to {told(first[going][-1])} Hz")  # fmt: skip
        burst, pause = self.slopes
        if np.isfinite(burst):
            lines.append(f"of each second by which the period changes, {told(burst)} s are of the burst and "
                         f"{told(pause)} s of the pause")  # fmt: skip
        if self.fell.any():
            lines.append(f"fell in {int(self.fell.sum())} of {self.fell.size} lives")
        return "\n".join(lines)

    def draw(self) -> "Figure":
        """Frequency over the command; durations of bursts and pauses over it."""
        from sns_mujoco.analysis import figures

        figure, axes = figures.canvas(170.0, 65.0, columns=2)
        left, right = axes[0]
        colors = figures.name_colors(list(self.neurons), self.animal)
        for k, neuron in enumerate(self.neurons):
            with_margin(left, self.level, self.frequency[:, :, k], colors[neuron], label=neuron)
        left.set(xlabel=self.command, ylabel="frequency, Hz")
        left.set_ylim(0.0, 1.1 * left.get_ylim()[1])  # a flat curve stays below the frame
        left.set_title("Frequency")
        left.legend(loc="best")
        for of, color, label in (
            (self.period, INK, "period"), (self.burst, ACCENT, "burst"), (self.pause, COOL, "pause"),
        ):  # fmt: skip
            with_margin(right, self.level, of[:, :, 0], color, label=label)
        right.set(xlabel=self.command, ylabel="duration, s")
        right.set_ylim(0.0, 1.1 * right.get_ylim()[1])
        right.set_title(f"Phases of {self.neurons[0]}")
        right.legend(loc="best")
        return figure


def frequency_drive_curve(
    animal: "Animal | str | PathLike[str]", levels: ArrayLike | None = None, *, command: str = "drive",
    neurons: str | Sequence[str] | None = None, seconds: float = 5.0, settle: float = 2.0, seeds: Seeds = 3,
    terrain: str | None = None, commands: Mapping[str, float] | None = None, threads: int = 0,
    progress: Progress | None = None,
) -> FrequencyDrive:  # fmt: skip
    """Measure the rhythm at levels of a command, each held for a life of its own.

    Args:
        animal: The animal, or what `sns_mujoco.models.load` finds it by.
        levels: Levels of the command [L]; eleven between its ends if left out.
        command: The command, or a probe.
        neurons: Neurons whose bursts are measured; those of the animal's rhythm if left out.
        seconds: How long each life is measured, s.
        settle: How long it lives before that, s.
        seeds: How many lives at each level, or their seeds.
        terrain: What it lives on; its first terrain if left out.
        commands: Other commands, where they differ from those it cruises at.
        threads: Threads that step the animals; 0 for as many as there are processors.
        progress: Is told which share is done.

    Raises:
        UnknownNameError: There is no such animal, terrain, command or neuron.
        ValueError: A level is out of bounds, or a number is.
        ExperimentError: The animal names no neurons of its rhythm.
    """
    setting = Setting.of(animal, terrain=terrain, commands=commands, settle=settle, seeds=seeds, threads=threads)
    chosen, names = levels_of_command(setting, command, levels), setting.rhythm(neurons)
    seconds = positive(seconds, "seconds", "s")
    trials = [Trial(seed=seed, commands={command: float(level)}) for level in chosen for seed in setting.seeds]
    lives = live(setting, trials, seconds, Watch(neurons=names), must_settle=False, progress=progress)
    shape = (len(chosen), len(setting.seeds), len(names))
    measured = np.array([_rhythm(lives, row, k) for row in range(len(trials)) for k in range(len(names))])
    period, spread, burst, pause = (column.reshape(shape) for column in measured.T)
    return FrequencyDrive(
        animal=setting.animal,
        config=setting.described()
        | {"experiment": FrequencyDrive.kind, "command": command, "levels": chosen, "neurons": names,
           "seconds": seconds},
        command=command, level=chosen, neurons=names, period=period, period_spread=spread, burst=burst, pause=pause,
        fell=lives.down.reshape(shape[:2]),
    )  # fmt: skip


def levels_of_command(setting: Setting, command: str, levels: ArrayLike | None) -> Floats:
    """Levels of a command, in order; eleven between its ends by default.

    Raises:
        UnknownNameError: There is no such command.
        ValueError: A level is out of bounds.
    """
    known = setting.animal.commands | setting.animal.probes
    if command not in known:
        raise unknown_name("command", command, known, f"animal {setting.animal.name!r}")
    low, high = known[command]
    chosen = np.linspace(low, high, 11) if levels is None else np.unique(np.asarray(levels, float))
    if not chosen.size or not ((low <= chosen) & (chosen <= high)).all():
        raise ValueError(f"levels of {command} are {levels!r}; give {low:g} to {high:g}, at least one")
    return chosen


def _rhythm(lives: Lives, row: int, neuron: int) -> tuple[float, float, float, float]:
    """Period with its spread, burst and pause of one neuron in one life, s."""
    signal = lives.potential[row, :, neuron].copy()
    signal[lives.time > lives.fell[row]] = np.nan
    found = bursts(lives.time, signal, levels_of(signal))
    if len(found.periods) < 2:
        return NOTHING
    whole = found.ends[:-1] - found.onsets[:-1]
    periods = found.periods
    return float(periods.mean()), float(periods.std()), float(whole.mean()), float(found.pauses.mean())
