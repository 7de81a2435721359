"""The same stimulus at many phases of a rhythm, and what becomes of the rhythm, against the same life without it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.analysis.gait import circular
from sns_mujoco.errors import ExperimentError
from sns_mujoco.experiments.lives import Lives, Progress, Trial, Watch, live
from sns_mujoco.experiments.setting import Setting
from sns_mujoco.experiments.signals import Bursts, bursts, levels_of
from sns_mujoco.experiments.statistics import mean_shift
from sns_mujoco.protocols import Item, Protocol

Floats = NDArray[np.float64]

STIMULATED = 1  # of the whole cycles after settling, the one that a stimulus falls into: the one before is a reference
LAST = 3  # onsets at the end that tell the lasting shift
INSTANT = 1e-3  # s; an onset within it after a stimulus was under way before


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """What became of lives with a stimulus, dimensions [stimuli, phases, seeds].

    Attributes:
        time: When the stimulus came, s.
        reset: By how much each onset after it came earlier than without, in cycles [..., onsets]; nan where there are
            fewer of them.
        shift: Lasting phase shift, in cycles, -0.5 to 0.5, positive for an advance; nan where the rhythm stopped.
        period: Mean period of each seed without stimulus, s [seeds].
        variation: Standard deviation of its periods, as a share of their mean [seeds].
        fell: Whether the animal fell, or left the finite numbers.
        control: Lives without stimulus, one for each seed.
        lives: Those with.
    """

    time: Floats
    reset: Floats
    shift: Floats
    period: Floats
    variation: Floats
    fell: NDArray[np.bool_]
    control: Lives
    lives: Lives


def as_protocol(stimulus: Protocol | Item) -> Protocol:
    """A stimulus as a protocol that begins at 0.

    Raises:
        ExperimentError: There is nothing in it, it begins later, or something in it never stops.
    """
    protocol = Protocol([stimulus]) if isinstance(stimulus, Item) else stimulus
    if not isinstance(protocol, Protocol) or not len(protocol):
        raise ExperimentError(f"the stimulus is {stimulus!r}; give an item of sns_mujoco.protocols or a Protocol")
    if min(item.start for item in protocol) > 0.0:
        raise ExperimentError(
            f"the stimulus begins at {min(item.start for item in protocol):g} s; give times from its own beginning on: "
            "the first item starts at 0"
        )
    endless = next((item for item in protocol if item.stop is None), None)
    if endless is not None:
        raise ExperimentError(f"{endless.label} of the stimulus never stops; give its stop, s after its beginning")
    return protocol


def checked_phases(phases: int | ArrayLike) -> Floats:
    """Phases in order: so many in the middles of even parts of the cycle, or those given.

    Raises:
        ValueError: One is not from 0 to below 1, or there is none.
    """
    if isinstance(phases, int) and not isinstance(phases, bool) and phases > 0:
        return (np.arange(phases) + 0.5) / phases
    given = np.unique(np.asarray(phases, float))
    if np.ndim(phases) == 0 or not given.size or not ((given >= 0.0) & (given < 1.0)).all():
        raise ValueError(f"phases are {phases!r}; give how many, or a list of phases from 0 to below 1")
    return given


def respond(
    setting: Setting, stimuli: Sequence[Protocol], phases: Floats, watch: Watch, *, seconds: float, onsets: int,
    progress: Progress | None = None,
) -> Responses:  # fmt: skip
    """Give every stimulus at every phase, in lives that are the same up to it.

    Args:
        setting: The animal and so on.
        stimuli: Protocols that begin at 0.
        phases: Phases of the cycle, which begins with an onset of the first neuron that is watched [P].
        watch: What is watched.
        seconds: How long, after settling.
        onsets: How many onsets after a stimulus are told.
        progress: Is told which share is done.

    Raises:
        ExperimentError: There is no rhythm, or the time is too short for the stimulus to pass in it.
    """
    control = live(setting, [Trial(seed=seed) for seed in setting.seeds], seconds, watch)
    cycles = [Cycles.of(setting, control, row, watch.neurons[0]) for row in range(len(setting.seeds))]
    longest = max(max(item.stop or 0.0 for item in stimulus) for stimulus in stimuli)
    for own in cycles:
        left = control.time[-1] - own.begin - own.length - longest
        if left < (LAST + 1) * own.length:
            raise ExperimentError(
                f"{seconds:g} s are too short to see what becomes of the rhythm of {watch.neurons[0]!r}, whose period "
                f"is {own.length:.3g} s, after a stimulus of {longest:g} s; watch it for "
                f"{np.ceil(seconds + (LAST + 2) * own.length - left):g} s or more (seconds=)"
            )
    shape = (len(stimuli), len(phases), len(cycles))
    time = np.broadcast_to([[own.at(phase) for own in cycles] for phase in phases], shape)
    trials = [
        Trial(seed=setting.seeds[s], protocol=stimuli[i].shifted(float(time[i, p, s]))) for i, p, s in np.ndindex(shape)
    ]
    lives = live(setting, trials, seconds, watch, progress=progress)
    reset, shift = np.full((*shape, onsets), np.nan), np.full(shape, np.nan)
    for row, place in enumerate(np.ndindex(shape)):
        own = cycles[place[2]]
        found = own.bursts_of(lives, row).onsets
        after = found[found > time[place] + INSTANT]
        reset[place] = own.resets(after, float(time[place]), onsets)
        shift[place] = own.shift(after[after > time[place] + longest])
    return Responses(
        time=np.array(time),
        reset=reset,
        shift=shift,
        period=np.array([own.period for own in cycles]),
        variation=np.array([own.spread / own.period for own in cycles]),
        fell=lives.down.reshape(shape),
        control=control,
        lives=lives,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycles:
    """The rhythm of one life without stimulus.

    Attributes:
        onsets: When its bursts begin, s [K].
        levels: Between which levels they are looked for, mV.
        period: Mean period, s.
        spread: Standard deviation of the periods, s.
    """

    onsets: Floats
    levels: tuple[float, float]
    period: float
    spread: float

    @classmethod
    def of(cls, setting: Setting, lives: Lives, row: int, neuron: str) -> "Cycles":
        """That of the first watched neuron in a life.

        Raises:
            ExperimentError: It has none, or the animal falls.
        """
        signal = lives.potential[row, :, 0]
        levels = levels_of(signal)
        onsets = bursts(lives.time, signal, levels).onsets
        lived = f"{setting.animal.name!r} on {setting.terrain!r} with seed {setting.seeds[row]}"
        if np.isfinite(lives.fell[row]) or row in lives.failed:
            raise ExperimentError(
                f"{lived} falls by itself at {min(lives.fell[row], lives.time[-1]):.3g} s; choose other commands"
            )
        if levels is None or len(onsets) < STIMULATED + 3:
            raise ExperimentError(
                f"{neuron!r} of {lived} has {len(onsets)} bursts in {lives.time[-1] - lives.time[0]:g} s under "
                f"commands {setting.commands}; choose others, watch it longer (seconds=), or another neuron "
                "(reference=)"
            )
        periods = np.diff(onsets)
        return cls(onsets=onsets, levels=levels, period=float(periods.mean()), spread=float(periods.std()))

    @property
    def begin(self) -> float:
        """When the cycle begins that stimuli fall into, s."""
        return float(self.onsets[STIMULATED])

    @property
    def length(self) -> float:
        """Its duration, s."""
        return float(self.onsets[STIMULATED + 1] - self.onsets[STIMULATED])

    def at(self, phase: float) -> float:
        """When a phase of that cycle is, s."""
        return self.begin + float(phase) * self.length

    def bursts_of(self, lives: Lives, row: int) -> Bursts:
        """Bursts of the first watched neuron in another life, between the same levels, until it falls."""
        signal = np.where(lives.time > lives.fell[row], np.nan, lives.potential[row, :, 0])
        return bursts(lives.time, signal, self.levels)

    def resets(self, after: Floats, stimulus: float, count: int) -> Floats:
        """By how much the onsets after a stimulus came earlier than without, in cycles [count]."""
        expected = self.onsets[self.onsets > stimulus + INSTANT][:count]
        told = np.full(count, np.nan)
        both = min(len(expected), len(after), count)
        told[:both] = (expected[:both] - after[:both]) / self.period
        return told

    def shift(self, after: Floats) -> float:
        """Lasting shift: the mean over the last onsets of how much they came before the nearest one without."""
        last = after[-LAST:]
        if not last.size or last[-1] < self.onsets[-1] - 2.0 * self.period:
            return float("nan")  # the rhythm stopped
        nearest = self.onsets[np.abs(self.onsets[None] - last[:, None]).argmin(axis=1)]
        return mean_shift(circular.difference((nearest - last) / self.period, 0.0))
