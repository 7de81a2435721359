"""Deletions: bursts that motor neurons lose when a half-centre is inhibited, and whether the rhythm is reset by it.

After a non-resetting deletion bursts return when they would have come without it, after a resetting one they do not:
the rhythm generator itself was stopped (Rybak et al. 2006, J Physiol 577:617; McCrea & Rybak 2008, Brain Res Rev
57:134).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import ExperimentError
from sns_mujoco.experiments.lives import Progress, Watch
from sns_mujoco.experiments.looks import ACCENT, COOL, INK, QUIET
from sns_mujoco.experiments.perturbing import Responses, checked_phases, respond
from sns_mujoco.experiments.results import Result, Row
from sns_mujoco.experiments.setting import Seeds, Setting, positive
from sns_mujoco.experiments.signals import bursts, levels_of
from sns_mujoco.experiments.statistics import mean_shift
from sns_mujoco.protocols import CurrentClamp, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

AROUND = 0.25  # cycles before and after its time in which a burst still is that burst
SHARE = 0.5  # of its area above the lower level of bursts, in mV s; a burst that keeps less is lost
TOLERANCE = 0.1  # cycles; a shift that is greater resets


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletions(Result):
    """What pulses into half-centres did, at phases of the rhythm, once for each seed.

    Attributes:
        target: Neurons that received the pulse [N].
        reference: Neuron whose bursts tell the phase.
        phase: Phases at which it came, 0 to 1 [P].
        shift: Lasting shift of the rhythm, in cycles, positive for an advance; nan where it stopped [N, P, S].
        motor: Motor neurons that are watched [M].
        lost: Whether a motor neuron lost the burst that it would have had next, or more than half of it [N, P, S, M].
        fell: Whether the animal fell, or left the finite numbers [N, P, S].
        tolerance: Shift above which a deletion counts as resetting, cycles.
    """

    kind: ClassVar[str] = "deletions"
    target: tuple[str, ...]
    reference: str
    phase: Floats
    shift: Floats
    motor: tuple[str, ...]
    lost: Bools
    fell: Bools
    tolerance: float

    @property
    def deleted(self) -> Bools:
        """Whether any motor neuron lost a burst [N, P, S]."""
        return np.asarray(self.lost.any(axis=-1))

    @property
    def shift_after(self) -> Floats:
        """Mean size of the shift after lost bursts, in cycles; nan without any [N]."""
        sizes = np.where(self.deleted & np.isfinite(self.shift), np.abs(self.shift), np.nan)
        return np.array([own[np.isfinite(own)].mean() if np.isfinite(own).any() else np.nan for own in sizes])

    @property
    def verdict(self) -> tuple[str, ...]:
        """Of each target: "resetting", "non-resetting", "no deletion", or "rhythm stopped" [N]."""
        return tuple(
            "no deletion" if not deleted.any()
            else "rhythm stopped" if np.isnan(after)
            else "resetting" if after > self.tolerance else "non-resetting"
            for deleted, after in zip(self.deleted, self.shift_after, strict=True)
        )  # fmt: skip

    def to_dataset(self) -> Any:
        """See `Result.to_dataset`."""
        all_of = ("target", "phase", "seed")
        return self._dataset(
            {
                "shift": (all_of, self.shift, "cycles", "lasting phase shift, positive for an advance"),
                "lost": ((*all_of, "motor_neuron"), self.lost, "1", "whether a motor neuron lost its next burst"),
                "fell": (all_of, self.fell, "1", "whether the animal fell"),
                "verdict": (("target",), np.array(self.verdict, object), "1", "kind of deletion"),
            },
            {
                "target": (list(self.target), "1", "neuron that received the pulse"),
                "phase": (self.phase, "cycles", f"phase of {self.reference} at which the pulse came"),
                "seed": (self.config["seeds"], "1", "seed"),
                "motor_neuron": (list(self.motor), "1", "motor neuron"),
            },
        )

    def table(self) -> list[Row]:
        """A row for each target."""
        rows = []
        for i, target in enumerate(self.target):
            sizes = np.abs(self.shift[i][np.isfinite(self.shift[i])])
            often = self.lost[i].mean(axis=(0, 1))
            most = [self.motor[k] for k in np.argsort(-often, kind="stable")[:3] if often[k] > 0]
            rows.append({
                "target": target,
                "verdict": self.verdict[i],
                "deletions": float(self.deleted[i].mean()),
                "shift_after_deletion_cycles": float(self.shift_after[i]),
                "greatest_shift_cycles": float(sizes.max()) if sizes.size else float("nan"),
                "stopped": float((np.isnan(self.shift[i]) & ~self.fell[i]).mean()),
                "most_lost": "; ".join(most),
            })  # fmt: skip
        return rows

    def summary(self) -> str:
        """See `Result.summary`."""
        asked = self.config
        lines = [f"{asked['current_nA']:g} nA for {asked['duration_s']:g} s into {len(self.target)} neurons, at "
                 f"{len(self.phase)} phases of {self.reference}, {len(asked['seeds'])} seeds"]  # fmt: skip
        for verdict in ("resetting", "non-resetting", "rhythm stopped", "no deletion"):
            own = [row for row in self.table() if row["verdict"] == verdict]
            if own:
                told = ", ".join(
                    f"{row['target']} ({row['shift_after_deletion_cycles']:.2f})" if row["deletions"] else row["target"]
                    for row in own
                )
                lines.append(f"{verdict}: {told}")
        lines.append(f"in brackets the mean shift after a lost burst, in cycles; {self.tolerance:g} divides the kinds")
        return "\n".join(lines)

    def draw(self) -> "Figure":
        """Shifts by target and phase, with dots where bursts were lost; mean shifts after lost bursts."""
        from sns_mujoco.analysis import figures

        count = len(self.target)
        figure, axes = figures.canvas(180.0, 28.0 + 5.0 * count, columns=2, share_y=True, widths=(2.2, 1.0))
        left, right = axes[0]
        shifts = np.array([[mean_shift(own) for own in at] for at in self.shift])
        edges = np.append(self.phase - 0.5 / len(self.phase), self.phase[-1] + 0.5 / len(self.phase))
        mesh = left.pcolormesh(edges, np.arange(count + 1) - 0.5, shifts, cmap="RdBu_r", vmin=-0.5, vmax=0.5)
        for i, p in zip(*np.nonzero(self.deleted.any(axis=2)), strict=True):
            left.plot(self.phase[p], i, "o", ms=2.6, color=INK)
        left.set_yticks(range(count), self.target)
        left.set_ylim(count - 0.5, -0.5)
        left.set(xlabel=f"phase of the pulse ({self.reference})")
        left.set_title("Lasting shift; dots: lost bursts")
        figure.colorbar(mesh, ax=left, label="advance, cycles", fraction=0.05, pad=0.02)
        shades = {"resetting": ACCENT, "non-resetting": COOL}
        colors = [shades.get(verdict, QUIET) for verdict in self.verdict]
        right.barh(range(count), np.nan_to_num(self.shift_after), color=colors, height=0.6)
        right.axvline(self.tolerance, color=QUIET, lw=0.8, ls=":")
        right.set(xlabel="mean shift, cycles")
        right.set_title("After lost bursts")
        return figure


def deletions(
    animal: "Animal | str | PathLike[str]", targets: str | Sequence[str] | None = None, *, current: float = -10.0,
    duration: float = 0.1, phases: int | ArrayLike = 8, motor: Sequence[str] | None = None,
    reference: str | None = None, tolerance: float = TOLERANCE, seconds: float = 4.0, settle: float = 2.0,
    seeds: Seeds = 1, terrain: str | None = None, commands: Mapping[str, float] | None = None, threads: int = 0,
    progress: Progress | None = None,
) -> Deletions:  # fmt: skip
    """Give pulses of current to half-centres at phases of the rhythm, and tell resetting from non-resetting deletions.

    Args:
        animal: The animal, or what `sns_mujoco.models.load` finds it by.
        targets: Neurons that receive the pulse, one at a time; if left out those that its probes name, or else those of
            its rhythm.
        current: Of the pulse, nA. The AnimatLab project of Deng et al. 2019 (Biomimetics 4(1):21) gives -10 nA for
            100 ms.
        duration: Of the pulse, s.
        phases: How many, evenly spaced, or which, 0 to below 1.
        motor: Motor neurons that are watched; all if left out.
        reference: Neuron whose onsets of bursts are phase 0; the first of the animal's rhythm if left out.
        tolerance: Shift above which a deletion counts as resetting, cycles.
        seconds: How long each life is watched after settling, s.
        settle: How long it lives before that, s.
        seeds: Repetitions, or their seeds.
        terrain: What it lives on; its first terrain if left out.
        commands: Commands, where they differ from those it cruises at.
        threads: Threads that step the animals; 0 for as many as there are processors.
        progress: Is told which share is done.

    Raises:
        UnknownNameError: There is no such animal, terrain, command or neuron.
        ExperimentError: There is no rhythm, no motor neuron bursts, or the time is too short.
        ValueError: A number is out of bounds.
    """
    setting = Setting.of(animal, terrain=terrain, commands=commands, settle=settle, seeds=seeds, threads=threads)
    neuron, places = setting.rhythm(reference)[0], checked_phases(phases)
    chosen, watched = _targets(setting, targets), _motor(setting, motor)
    duration, seconds = positive(duration, "duration", "s"), positive(seconds, "seconds", "s")
    tolerance = positive(tolerance, "tolerance", "cycles")
    stimuli = [Protocol([CurrentClamp(name, current, stop=duration)]) for name in chosen]
    watch = Watch(neurons=(neuron, *watched))
    found = respond(setting, stimuli, places, watch, seconds=seconds, onsets=1, progress=progress)
    return Deletions(
        animal=setting.animal,
        config=setting.described()
        | {"experiment": Deletions.kind, "targets": chosen, "current_nA": current, "duration_s": duration,
           "phases": places, "reference": neuron, "seconds": seconds, "tolerance_cycles": tolerance},
        target=chosen, reference=neuron, phase=places, shift=found.shift, motor=watched, lost=_lost(found),
        fell=found.fell, tolerance=tolerance,
    )  # fmt: skip


def _lost(found: Responses) -> Bools:
    """Which motor neurons lost the first burst whose second half would have come after the pulse's beginning."""
    time, control, lives = found.control.time, found.control.potential, found.lives.potential
    shape, count = found.shift.shape, control.shape[2] - 1
    lost = np.zeros((*shape, count), bool)
    for s, period in enumerate(found.period):
        for m in range(count):
            signal = control[s, :, m + 1]
            levels = levels_of(signal)
            own = bursts(time, signal, levels)
            if levels is None or not np.isfinite(own.ends).any():
                continue
            middles = (own.onsets + own.ends) / 2.0
            for i, p in np.ndindex(shape[:2]):
                at = found.time[i, p, s]
                following = np.flatnonzero(middles > at)
                if not following.size:
                    continue
                onset, end = own.onsets[following[0]], own.ends[following[0]]
                window = (time >= max(at, onset - AROUND * period)) & (time <= end + AROUND * period)
                row = np.ravel_multi_index((i, p, s), shape)
                before, after = (np.maximum(of[window] - levels[0], 0.0).sum() for of in (signal, lives[row, :, m + 1]))
                lost[i, p, s, m] = after < SHARE * before
    return lost


def _targets(setting: Setting, given: str | Sequence[str] | None) -> tuple[str, ...]:
    if given is None:
        known = setting.neurons
        probed = tuple(name for name in setting.animal.probes if name in known)
        return probed or setting.rhythm()
    return setting.named([given] if isinstance(given, str) else given)


def _motor(setting: Setting, given: Sequence[str] | None) -> tuple[str, ...]:
    if given is not None:
        return setting.named(given)
    found = setting.motor_neurons()
    if not found:
        raise ExperimentError(f"{setting.animal.name!r} has no motor neurons; name the neurons to watch (motor=)")
    return found
