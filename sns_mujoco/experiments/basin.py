"""The basin of stability: which pushes an animal survives, by direction, size and phase of its rhythm.

The share of pushes that it survives is its basin stability (Menck et al. 2013, Nat Phys 9:89) over the pushes that were
tried, which are those of the grid that is asked for, each as likely as another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

import mujoco
import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import ExperimentError, unknown_name
from sns_mujoco.experiments.lives import Progress, Watch
from sns_mujoco.experiments.looks import ACCENT, INK, RULE
from sns_mujoco.experiments.perturbing import checked_phases, respond
from sns_mujoco.experiments.results import Result, Row
from sns_mujoco.experiments.setting import Seeds, Setting, positive
from sns_mujoco.experiments.statistics import wilson
from sns_mujoco.protocols import Protocol, Push

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SIZES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)  # body weights; large and small animals differ much


@dataclass(frozen=True, slots=True, kw_only=True)
class Basin(Result):
    """Whether an animal stays up after pushes, once for each seed.

    Attributes:
        direction: Where the push drives it, degrees from its heading, counted to the left [D].
        size: Force, in body weights [F].
        phase: Phase of the rhythm at which it came [P].
        survived: Whether it neither fell nor failed until the end [D, F, P, S].
        time_to_fall: From the push to the fall, s; inf without [D, F, P, S].
        shift: Lasting shift of the rhythm, cycles, positive for an advance [D, F, P, S].
        weight: Body weight, N.
        duration: Of the push, s.
    """

    kind: ClassVar[str] = "basin"
    direction: Floats
    size: Floats
    phase: Floats
    survived: Bools
    time_to_fall: Floats
    shift: Floats
    weight: float
    duration: float

    @property
    def impulse(self) -> Floats:
        """Impulse of each size, N s [F]."""
        return self.size * self.weight * self.duration

    @property
    def stability(self) -> float:
        """Share of all pushes that it survived."""
        return float(self.survived.mean())

    @property
    def critical(self) -> Floats:
        """Size, in body weights, up to which it survived more than half of the pushes of a direction [D].

        It is halfway between the last such size and the next one; infinite where it survived all.
        """
        share = self.survived.mean(axis=(2, 3))
        found = np.full(len(self.direction), np.inf)
        for d, own in enumerate(share):
            lost = np.flatnonzero(own <= 0.5)
            if lost.size:
                found[d] = (self.size[lost[0]] + (self.size[lost[0] - 1] if lost[0] else 0.0)) / 2.0
        return found

    def to_dataset(self) -> Any:
        """See `Result.to_dataset`."""
        all_of = ("direction", "size", "phase", "seed")
        found = self._dataset(
            {
                "survived": (all_of, self.survived, "1", "whether it neither fell nor failed"),
                "time_to_fall": (all_of, self.time_to_fall, "s", "from the push to the fall"),
                "shift": (all_of, self.shift, "cycles", "lasting phase shift, positive for an advance"),
                "critical": (("direction",), self.critical, "body weights", "size up to which most are survived"),
            },
            {
                "direction": (self.direction, "degrees", "where the push drives it, from its heading to the left"),
                "size": (self.size, "body weights", "force of the push"),
                "phase": (self.phase, "cycles", "phase of the rhythm at which it came"),
                "seed": (self.config["seeds"], "1", "seed"),
            },
        )
        return found.assign_coords(impulse=("size", self.impulse, {"units": "N s", "long_name": "impulse"}))

    def table(self) -> list[Row]:
        """A row for each direction and size."""
        rows = []
        for d, f in np.ndindex(self.survived.shape[:2]):
            own, after = self.survived[d, f], self.time_to_fall[d, f]
            low, high = wilson(int(own.sum()), own.size)
            fallen = after[np.isfinite(after)]
            rows.append({
                "direction_degrees": float(self.direction[d]), "size_body_weights": float(self.size[f]),
                "impulse_Ns": float(self.impulse[f]), "survived": float(own.mean()), "low": low, "high": high,
                "pushes": own.size, "time_to_fall_s": float(fallen.mean()) if fallen.size else float("nan"),
            })  # fmt: skip
        return rows

    def summary(self) -> str:
        """See `Result.summary`."""
        low, high = wilson(int(self.survived.sum()), self.survived.size)
        lines = [f"{self.survived.size} pushes of {self.duration:g} s: {len(self.direction)} directions, "
                 f"{len(self.size)} sizes from {self.size[0]:g} to {self.size[-1]:g} body weights, {len(self.phase)} "
                 f"phases, {self.survived.shape[3]} seeds",
                 f"survived {self.stability:.0%} of them (95 % interval {low:.0%} to {high:.0%})"]  # fmt: skip
        critical = self.critical
        if np.isfinite(critical).any():
            worst = int(np.argmin(critical))
            lines.append(f"weakest against pushes towards {self.direction[worst]:g} degrees: half are lost at about "
                         f"{critical[worst]:.3g} body weights")  # fmt: skip
        by_phase = self.survived.mean(axis=(0, 1, 3))
        if len(self.phase) > 1 and np.ptp(by_phase) > 0:
            worst = int(np.argmin(by_phase))
            lines.append(f"weakest at phase {self.phase[worst]:.2f} ({by_phase[worst]:.0%}), strongest at "
                         f"{self.phase[int(np.argmax(by_phase))]:.2f} ({by_phase.max():.0%})")  # fmt: skip
        return "\n".join(lines)

    def draw(self) -> "Figure":
        """The share survived by direction and size, around the animal; and by phase and size."""
        from sns_mujoco.analysis import figures

        figure, axes = figures.canvas(170.0, 78.0, columns=2, widths=(1.2, 1.0))
        spec = axes[0, 0].get_subplotspec()
        axes[0, 0].remove()
        polar = figure.add_subplot(spec, projection="polar")
        share = self.survived.mean(axis=(2, 3))
        order = np.argsort(self.direction % 360.0)
        centres = np.radians(self.direction[order] % 360.0)
        gaps = np.diff(np.append(centres, centres[0] + 2 * np.pi)) / 2.0
        rings = np.arange(len(self.size) + 1)
        for k, d in enumerate(order):
            before, after = gaps[k - 1], gaps[k]
            for f in range(len(self.size)):
                polar.bar(
                    centres[k] + (after - before) / 2.0, 1.0, width=before + after, bottom=rings[f],
                    color=_shade(share[d, f]), edgecolor="white", lw=0.6,
                )  # fmt: skip
        polar.set_theta_zero_location("N")
        polar.set_rlabel_position(157.5)
        polar.set_yticks(rings[1:] - 0.5, [f"{size:g}" for size in self.size], color=INK)
        polar.set_xticks(np.radians([0, 90, 180, 270]), ["ahead", "left", "back", "right"])
        polar.grid(False)
        polar.spines["polar"].set_color(RULE)
        polar.set_title("Survived, by direction and body weights")
        right = axes[0, 1]
        by_phase = self.survived.mean(axis=(0, 3))  # [F, P]
        edges = np.append(self.phase, self.phase[0] + 1.0) if len(self.phase) > 1 else np.array([0.0, 1.0])
        edges = edges - (np.diff(edges).min() / 2.0 if len(self.phase) > 1 else 0.0)
        for f, p in np.ndindex(by_phase.shape):
            right.bar((edges[p] + edges[p + 1]) / 2, 1.0, width=edges[p + 1] - edges[p], bottom=f,
                      color=_shade(by_phase[f, p]), edgecolor="white", lw=0.6)  # fmt: skip
            right.text((edges[p] + edges[p + 1]) / 2, f + 0.5, f"{by_phase[f, p]:.0%}", ha="center", va="center",
                       fontsize=6.5, color="white" if by_phase[f, p] < 0.6 else INK)  # fmt: skip
        right.set_yticks(rings[1:] - 0.5, [f"{size:g}" for size in self.size])
        right.set(xlabel="phase of the push", ylabel="body weights", xlim=(edges[0], edges[-1]), ylim=(0, rings[-1]))
        right.set_title("Survived, by phase")
        return figure


def _shade(share: float) -> tuple[float, float, float]:
    """From the colour of falls to that of calm ground."""
    lost, kept = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0 for c in (ACCENT, "#dfe9ec"))
    return tuple((share * kept + (1.0 - share) * lost).tolist())


def basin(
    animal: "Animal | str | PathLike[str]", *, directions: int | ArrayLike = 8, sizes: ArrayLike = SIZES,
    phases: int | ArrayLike = 2, duration: float = 0.1, body: str | None = None, reference: str | None = None,
    seconds: float = 4.0, settle: float = 2.0, seeds: Seeds = 1, terrain: str | None = None,
    commands: Mapping[str, float] | None = None, threads: int = 0, progress: Progress | None = None,
) -> Basin:  # fmt: skip
    """Push an animal from all sides, harder and harder, at phases of its rhythm, and see whether it stays up.

    Args:
        animal: The animal, or what `sns_mujoco.models.load` finds it by.
        directions: How many, evenly spaced from ahead on, or which: where the push drives it, degrees from its heading
            to the left.
        sizes: Forces, in body weights.
        phases: How many, evenly spaced, or which, 0 to below 1.
        duration: Of the push, s.
        body: Body that is pushed, at its centre of mass; the torso if left out.
        reference: Neuron whose onsets of bursts are phase 0; the first of the animal's rhythm if left out.
        seconds: How long each life is watched after settling, s.
        settle: How long it lives before that, s.
        seeds: Repetitions, or their seeds.
        terrain: What it lives on; its first terrain if left out.
        commands: Commands, where they differ from those it cruises at.
        threads: Threads that step the animals; 0 for as many as there are processors.
        progress: Is told which share is done.

    Raises:
        UnknownNameError: There is no such animal, terrain, command, neuron or body.
        ExperimentError: It does not move over ground, has no rhythm, or the time is too short.
        ValueError: A number is out of bounds.
    """
    setting = Setting.of(animal, terrain=terrain, commands=commands, settle=settle, seeds=seeds, threads=threads)
    setting.must_walk("the basin of stability")
    towards, strengths, places = _directions(directions), _sizes(sizes), checked_phases(phases)
    duration, seconds = positive(duration, "duration", "s"), positive(seconds, "seconds", "s")
    pushed, weight = _body(setting, body)
    neuron = setting.rhythm(reference)[0]
    stimuli = [
        Protocol([Push(pushed, force=_force(direction, size * weight), frame="heading", stop=duration)])
        for direction in towards
        for size in strengths
    ]
    found = respond(setting, stimuli, places, Watch(neurons=(neuron,)), seconds=seconds, onsets=1, progress=progress)
    shape = (len(towards), len(strengths), len(places), len(setting.seeds))
    fell = found.lives.fell.reshape(shape) - found.time.reshape(shape)
    return Basin(
        animal=setting.animal,
        config=setting.described()
        | {"experiment": Basin.kind, "directions_degrees": towards, "sizes_body_weights": strengths, "phases": places,
           "duration_s": duration, "body": pushed, "weight_N": weight, "reference": neuron, "seconds": seconds},
        direction=towards, size=strengths, phase=places, survived=~found.fell.reshape(shape), time_to_fall=fell,
        shift=found.shift.reshape(shape), weight=weight, duration=duration,
    )  # fmt: skip


def _force(direction: float, size: float) -> tuple[float, float, float]:
    angle = np.radians(direction)
    return float(size * np.cos(angle)), float(size * np.sin(angle)), 0.0


def _directions(given: int | ArrayLike) -> Floats:
    if isinstance(given, int) and not isinstance(given, bool) and given > 0:
        return np.arange(given) * 360.0 / given
    found = np.unique(np.asarray(given, float))
    if np.ndim(given) == 0 or not found.size or not np.isfinite(found).all():
        raise ValueError(f"directions are {given!r}; give how many, or a list of degrees")
    return found


def _sizes(given: ArrayLike) -> Floats:
    found = np.unique(np.asarray(given, float))
    if not found.size or not (np.isfinite(found) & (found > 0)).all():
        raise ValueError(f"sizes are {given!r}; give forces above 0, in body weights")
    return found


def _body(setting: Setting, given: str | None) -> tuple[str, float]:
    """The body that is pushed, and the weight of the animal, N."""
    model = setting.animal.build(terrain=setting.terrain, seed=setting.terrain_seed).compile()
    known = [model.body(i).name for i in range(1, model.nbody)]
    name = given or setting.animal.torso
    if not name:
        raise ExperimentError(f"{setting.animal.name!r} names no torso; name the body that is pushed (body=)")
    if name not in known:
        raise unknown_name("body", name, known, f"animal {setting.animal.name!r}")
    torso = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_BODY, setting.animal.torso or name)
    mass = float(model.body_subtreemass[torso])
    return name, mass * float(np.linalg.norm(model.opt.gravity))
