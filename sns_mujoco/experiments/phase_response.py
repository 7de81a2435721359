"""The phase response curve: how far a stimulus shifts a rhythm, at each phase at which it comes.

Phases are shares of a cycle from the onset of a burst on. An advance counts as positive: later bursts come earlier
than they would have. The old phase of a stimulus plus the shift that it leaves is the new phase. If the new phase runs
around once as the old one does, resetting is weak (type 1), if it does not get around at all, strong (type 0): Winfree
1980, The Geometry of Biological Time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.analysis.gait import circular
from sns_mujoco.experiments.lives import Progress, Watch
from sns_mujoco.experiments.looks import ACCENT, COOL, QUIET, RULE, with_margin
from sns_mujoco.experiments.perturbing import as_protocol, checked_phases, respond
from sns_mujoco.experiments.results import Result, Row
from sns_mujoco.experiments.setting import Seeds, Setting, positive
from sns_mujoco.experiments.statistics import mean_and_margin, mean_shift, told
from sns_mujoco.protocols import Item, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]

ONSETS = 3  # after the stimulus whose resets are told one by one
UNCLEAR = 0.4  # cycles; phases, old or new, that are further apart do not tell which way round new ones go


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseResponse(Result):
    """Shifts of a rhythm by a stimulus at phases of its cycle, once for each seed.

    Attributes:
        stimulus: What was done, with times from its beginning on.
        reference: Neuron whose bursts tell the phase.
        phase: Phases at which it came, 0 to 1 [P].
        shift: Lasting shift, in cycles, -0.5 to 0.5, positive for an advance; nan where the rhythm stopped [P, S].
        reset: By how much the first, second, ... onset after it came earlier than without, in cycles [P, S, onsets].
        period: Mean period without it, s [S].
        variation: Standard deviation of those periods, as a share of their mean [S].
        fell: Whether the animal fell, or left the finite numbers [P, S].
    """

    kind: ClassVar[str] = "phase_response"
    stimulus: Protocol
    reference: str
    phase: Floats
    shift: Floats
    reset: Floats
    period: Floats
    variation: Floats
    fell: NDArray[np.bool_]

    @property
    def curve(self) -> Floats:
        """The lasting shift over phases, the circular mean over seeds, in cycles [P]."""
        return np.array([mean_shift(shifts) for shifts in self.shift])

    @property
    def winding(self) -> int | None:
        """How often the new phase runs around while the old one does once: 1 is weak, 0 strong resetting.

        None where shifts are missing, old phases do not cover the cycle, or new phases lie too far apart to tell.
        """
        new = self.phase + self.curve
        turns = circular.difference(np.append(new[1:], new[0]), new)
        gaps = np.diff(np.append(self.phase, self.phase[0] + 1.0))
        if not np.isfinite(turns).all() or max(np.abs(turns).max(), gaps.max()) > UNCLEAR:
            return None
        return round(float(turns.sum()))

    def to_dataset(self) -> Any:
        """See `Result.to_dataset`."""
        both = ("phase", "seed")
        return self._dataset(
            {
                "shift": (both, self.shift, "cycles", "lasting phase shift, positive for an advance"),
                "reset": ((*both, "onset"), self.reset, "cycles", "by how much an onset came earlier than without"),
                "period": (("seed",), self.period, "s", "mean period without the stimulus"),
                "variation": (("seed",), self.variation, "1", "standard deviation of periods over their mean"),
                "fell": (both, self.fell, "1", "whether the animal fell"),
            },
            {
                "phase": (self.phase, "cycles", f"phase of {self.reference} at which the stimulus came"),
                "seed": (self.config["seeds"], "1", "seed"),
                "onset": (np.arange(1, self.reset.shape[2] + 1), "1", "onset after the stimulus"),
            },
        )

    def table(self) -> list[Row]:
        """A row for each phase, means over seeds."""
        resets, _ = mean_and_margin(self.reset, axis=1)
        return [
            {
                "phase": float(phase),
                "shift_cycles": float(shift),
                **{f"reset_{k + 1}_cycles": float(value) for k, value in enumerate(reset)},
                "stopped": float(np.isnan(own).mean()),
                "fell": float(fell.mean()),
            }
            for phase, shift, reset, own, fell in zip(
                self.phase, self.curve, resets, self.shift, self.fell, strict=True
            )
        ]

    def summary(self) -> str:
        """See `Result.summary`."""
        curve, known = self.curve, np.isfinite(self.curve)
        what = "; ".join(item.summary for item in self.stimulus)
        lines = [
            f"{what}, at {len(self.phase)} phases of {self.reference}, {len(self.period)} seeds",
            f"period without: {told(float(self.period.mean()))} s, varying by {self.variation.mean():.2%}",
        ]
        if known.any():
            high, low = int(np.nanargmax(curve)), int(np.nanargmin(curve))
            lines.append(f"lasting shift from {curve[low]:+.3f} cycles at phase {self.phase[low]:.2f} to "
                         f"{curve[high]:+.3f} at {self.phase[high]:.2f}; positive is an advance")  # fmt: skip
            kinds = {1: "weak resetting (type 1)", 0: "strong resetting (type 0)"}
            if self.winding is not None:
                around = f"the new phase runs around {self.winding} times"
                lines.append(kinds.get(self.winding, around))
            else:
                lines.append("phases are missing, or too far apart to tell the type of resetting; take more of them")
        stopped = np.isnan(self.shift) & ~self.fell
        for count, happened in ((int(stopped.sum()), "the rhythm stopped"), (int(self.fell.sum()), "it fell")):
            if count:
                lines.append(f"{happened} in {count} of {stopped.size} lives")
        return "\n".join(lines)

    def draw(self) -> "Figure":
        """Shifts over the phase; the new phase over the old one."""
        from sns_mujoco.analysis import figures

        figure, axes = figures.canvas(170.0, 70.0, columns=2, widths=(1.4, 1.0))
        left, right = axes[0]
        left.axhspan(-2 * self.variation.mean(), 2 * self.variation.mean(), color=RULE, lw=0, label="± 2 sd of periods")
        left.axhline(0.0, color=QUIET, lw=0.6)
        with_margin(left, self.phase, self.reset[:, :, 0], COOL, label="first onset after it")
        left.plot(self.phase, self.curve, "o-", color=ACCENT, ms=2.5, label="lasting")
        if self.shift.shape[1] > 1:
            left.plot(
                np.repeat(self.phase, self.shift.shape[1]), self.shift.ravel(), ".", color=ACCENT, ms=2, alpha=0.5
            )
        left.set(
            xlabel=f"phase of the stimulus in the cycle of {self.reference}", ylabel="advance, cycles", xlim=(0, 1)
        )
        left.set_title("Phase response")
        left.legend(loc="best")
        new = (self.phase[:, None] + self.shift) % 1.0
        for turn in (-1, 0, 1):
            right.plot([0, 1], [turn, 1 + turn], color=RULE, lw=0.8)
            right.axhline(turn, color=RULE, lw=0.5)
            right.plot(np.repeat(self.phase, new.shape[1]), new.ravel() + turn, ".", color=ACCENT, ms=4)
        right.set(xlabel="old phase", ylabel="new phase", xlim=(0, 1), ylim=(-0.5, 1.5))
        right.set_title("Phase transition")
        return figure


def phase_response(
    animal: "Animal | str | PathLike[str]", stimulus: Protocol | Item, *, phases: int | ArrayLike = 16,
    reference: str | None = None, seconds: float = 5.0, settle: float = 2.0, seeds: Seeds = 1,
    terrain: str | None = None, commands: Mapping[str, float] | None = None, threads: int = 0,
    progress: Progress | None = None,
) -> PhaseResponse:  # fmt: skip
    """Give a stimulus at phases of a rhythm, in lives that are the same up to it.

    Args:
        animal: The animal, or what `sns_mujoco.models.load` finds it by.
        stimulus: An item or a protocol, with times from its own beginning on, as
            `CurrentClamp("flexor RG", 5.0, stop=0.05)`.
        phases: How many, evenly spaced, or which, 0 to below 1.
        reference: Neuron whose onsets of bursts are phase 0; the first of the animal's rhythm if left out.
        seconds: How long each life is watched after settling; some cycles more than the stimulus needs.
        settle: How long it lives before that, s.
        seeds: Repetitions, or their seeds.
        terrain: What it lives on; its first terrain if left out.
        commands: Commands, where they differ from those it cruises at.
        threads: Threads that step the animals; 0 for as many as there are processors.
        progress: Is told which share is done.

    Raises:
        UnknownNameError: There is no such animal, terrain, command or neuron, or nothing that the stimulus names.
        ExperimentError: There is no rhythm, the stimulus never ends, or the time is too short.
        ValueError: A number is out of bounds.
    """
    setting = Setting.of(animal, terrain=terrain, commands=commands, settle=settle, seeds=seeds, threads=threads)
    protocol, places = as_protocol(stimulus), checked_phases(phases)
    neuron = setting.rhythm(reference)[0]
    seconds = positive(seconds, "seconds", "s")
    found = respond(
        setting, [protocol], places, Watch(neurons=(neuron,)), seconds=seconds, onsets=ONSETS, progress=progress
    )
    return PhaseResponse(
        animal=setting.animal,
        config=setting.described()
        | {"experiment": PhaseResponse.kind, "stimulus": protocol.to_dict(), "phases": places, "reference": neuron,
           "seconds": seconds},
        stimulus=protocol, reference=neuron, phase=places, shift=found.shift[0], reset=found.reset[0],
        period=found.period, variation=found.variation, fell=found.fell[0],
    )  # fmt: skip
