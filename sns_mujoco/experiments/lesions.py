"""Lesions: each synapse cut in a life of its own, and what the animal loses by it, ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import ExperimentError, unknown_name
from sns_mujoco.experiments import measures as measuring
from sns_mujoco.experiments.lives import Progress, Trial, Watch, live
from sns_mujoco.experiments.looks import ACCENT, COOL, INK, QUIET, RULE
from sns_mujoco.experiments.results import Result, Row
from sns_mujoco.experiments.setting import Seeds, Setting, positive
from sns_mujoco.experiments.statistics import false_discovery, mean_and_margin, paired_p, told
from sns_mujoco.protocols import Cut, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]
Lesions = str | Sequence[str] | Mapping[str, str | Sequence[str]]

SHOWN = 30  # lesions in a figure
TOLD = 5  # in a summary


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionSweep(Result):
    """What lesions do, ranked by what they take from one measure, once for each seed.

    Attributes:
        lesion: Names of the lesions, the worst first [K].
        measures: What was measured [M].
        intact: Values without lesion [M, S].
        values: Values with each [K, M, S]; nan where there is nothing to measure.
        rank_by: Measure that the ranking is by.
        failed: Share of the seeds in which the animal left the finite numbers [K].
    """

    kind: ClassVar[str] = "lesion_sweep"
    lesion: tuple[str, ...]
    measures: tuple[measuring.Measure, ...]
    intact: Floats
    values: Floats
    rank_by: str
    failed: Floats

    @property
    def change(self) -> Floats:
        """Mean change by each lesion, paired by seeds, in the measures' units [K, M]."""
        return mean_and_margin(self.values - self.intact)[0]

    @property
    def margin(self) -> Floats:
        """Half the 95 % confidence intervals of the changes; nan with one seed [K, M]."""
        return mean_and_margin(self.values - self.intact)[1]

    @property
    def q(self) -> Floats:
        """Adjusted p values of paired t tests of the ranking's measure, over all lesions; nan with one seed [K]."""
        m = self._place(self.rank_by)
        return false_discovery([paired_p(own) for own in self.values[:, m] - self.intact[m]])

    def of(self, measure: str) -> Floats:
        """Mean values of one measure [K].

        Raises:
            UnknownNameError: It was not measured.
        """
        return mean_and_margin(self.values[:, self._place(measure)])[0]

    def to_dataset(self) -> Any:
        """One variable for each measure over `synapse`, in the order of the ranking; `intact` is an attribute of it."""
        means, margins = mean_and_margin(self.values)
        found = self._dataset(
            {
                **{m.name: (("synapse",), means[:, k], m.unit, m.meaning) for k, m in enumerate(self.measures)},
                **{
                    f"{m.name}_margin": (("synapse",), margins[:, k], m.unit, "half the 95 % confidence interval")
                    for k, m in enumerate(self.measures)
                },
                "value": (("synapse", "measure", "seed"), self.values, "see measure_unit", "value with the lesion"),
                "intact": (("measure", "seed"), self.intact, "see measure_unit", "value without lesion"),
                "q": (("synapse",), self.q, "1", f"adjusted p value of the change of {self.rank_by}"),
                "failed": (("synapse",), self.failed, "1", "share of lives that left the finite numbers"),
            },
            {
                "synapse": (list(self.lesion), "1", "what was cut, the worst first"),
                "measure": ([m.name for m in self.measures], "1", "measure"),
                "seed": (self.config["seeds"], "1", "seed"),
            },
        )
        found = found.assign_coords(measure_unit=("measure", [m.unit for m in self.measures]))
        for k, m in enumerate(self.measures):
            found[m.name].attrs["intact"] = float(mean_and_margin(self.intact[k])[0])
        return found

    def table(self) -> list[Row]:
        """A row for each lesion, the worst first, means over seeds; the first row is the intact animal."""
        intact = mean_and_margin(self.intact)[0]
        change, q = self.change, self.q
        first = {"rank": 0, "lesion": "(intact)"} | {
            m.name: float(v) for m, v in zip(self.measures, intact, strict=True)
        }
        place = self._place(self.rank_by)
        extra = {f"{self.rank_by}_change": 0.0, "q": float("nan"), "failed": 0.0}
        return [
            first | extra,
            *(
                {"rank": k + 1, "lesion": name}
                | {m.name: float(self.of(m.name)[k]) for m in self.measures}
                | {f"{self.rank_by}_change": float(change[k, place]), "q": float(q[k]), "failed": float(self.failed[k])}
                for k, name in enumerate(self.lesion)
            ),
        ]

    def summary(self) -> str:
        """See `Result.summary`."""
        m = self._place(self.rank_by)
        measure, change, margin = self.measures[m], self.change[:, m], self.margin[:, m]
        mean, spread = mean_and_margin(self.intact[m])
        seeds = len(self.config["seeds"])
        lines = [f"{len(self.lesion)} lesions, {seeds} seeds, ranked by {self.rank_by}; intact "
                 f"{told(float(mean), float(spread))}{'' if measure.unit == '1' else ' ' + measure.unit}"]  # fmt: skip
        lines += [
            f"{k + 1}. {self.lesion[k]}: {change[k]:+.3g}" + (f" ± {margin[k]:.2g}" if np.isfinite(margin[k]) else "")
            for k in range(min(TOLD, len(self.lesion)))
        ]
        if "fell" in [measure.name for measure in self.measures]:
            falls = int((self.of("fell") > 0).sum())
            lines.append(f"{falls} lesions make it fall at least once")
        if seeds > 1:
            lines.append(f"{int((self.q < 0.05).sum())} changes at a false discovery rate of 5 %")
        if self.failed.any():
            lines.append(f"{int((self.failed > 0).sum())} lesions make it leave the finite numbers")
        return "\n".join(lines)

    def draw(self) -> "Figure":
        """Values of all measures with the worst lesions, beside the intact one: less than that is red, more is blue."""
        from sns_mujoco.analysis import figures

        count = min(SHOWN, len(self.lesion))
        figure, axes = figures.canvas(
            55.0 + 32.0 * len(self.measures), 22.0 + 4.2 * count, columns=len(self.measures), share_y=True
        )
        intact = mean_and_margin(self.intact)[0]
        values, margins = mean_and_margin(self.values)
        for k, measure in enumerate(self.measures):
            ax = axes[0, k]
            ax.axvline(intact[k], color=QUIET, lw=0.8, ls=":")
            own = values[:count, k]
            less = own < intact[k]
            for i in np.flatnonzero(np.isfinite(own)):
                ax.plot([intact[k], own[i]], [i, i], color=RULE, lw=1.6, solid_capstyle="butt")
            known = np.append(own[np.isfinite(own)], intact[k])
            if known.size and np.ptp(known) > 0.0:  # intervals of few seeds are longer than that, and run out of sight
                ax.set_xlim(known.min() - 0.15 * np.ptp(known), known.max() + 0.15 * np.ptp(known))
            ax.errorbar(own, range(count), xerr=np.nan_to_num(margins[:count, k]), fmt="none", ecolor=QUIET, lw=0.6)
            ax.scatter(own, range(count), s=9, c=np.where(less, ACCENT, COOL), zorder=3)
            ax.set_title(measure.name.replace("_", " "))
            ax.set(xlabel=measure.unit if measure.unit != "1" else "")
            ax.tick_params(axis="y", length=0)
            ax.set_ylim(count - 0.4, -0.6)
        axes[0, 0].set_yticks(range(count), self.lesion[:count], color=INK)
        return figure

    def _place(self, measure: str) -> int:
        names = [m.name for m in self.measures]
        if measure not in names:
            raise unknown_name("measure", measure, names, "the lesion sweep")
        return names.index(measure)


def lesion_sweep(
    animal: "Animal | str | PathLike[str]", synapses: Lesions = "*", *, measures: Sequence[str] | None = None,
    rank_by: str | None = None, reference: str | None = None, seconds: float = 3.0, settle: float = 2.0,
    seeds: Seeds = 3, terrain: str | None = None, commands: Mapping[str, float] | None = None, threads: int = 0,
    progress: Progress | None = None,
) -> LesionSweep:  # fmt: skip
    """Cut synapses one at a time, and rank what that does.

    Every life is that of the intact animal of its seed until it has settled; then the synapse is cut, and the animal is
    measured from that moment on. Whoever falls stands still from then on.

    Args:
        animal: The animal, or what `sns_mujoco.models.load` finds it by.
        synapses: Names or shell patterns of connections, each of which is cut alone; or lesions by name, each with the
            pattern or patterns of all that it cuts at once.
        measures: Names of `measures.MEASURES`; all that the animal has if left out.
        rank_by: Measure whose loss ranks the lesions; "speed" of what walks, else "frequency".
        reference: Neuron whose bursts tell the rhythm; the first of the animal's rhythm if left out.
        seconds: How long each life is measured, s.
        settle: How long it lives before the lesion, s.
        seeds: Repetitions, or their seeds.
        terrain: What it lives on; its first terrain if left out.
        commands: Commands, where they differ from those it cruises at.
        threads: Threads that step the animals; 0 for as many as there are processors.
        progress: Is told which share is done.

    Raises:
        UnknownNameError: There is no such animal, terrain, command, neuron or measure, or nothing that a pattern names.
        ExperimentError: The animal does not have a measure where it lives, or falls before it has settled.
        ValueError: A number is out of bounds.
    """
    setting = Setting.of(animal, terrain=terrain, commands=commands, settle=settle, seeds=seeds, threads=threads)
    further = () if rank_by is None else (rank_by,)
    names = None if measures is None else tuple(dict.fromkeys((*measures, *further)))
    chosen, cuts = measuring.choose(setting, names), lesions_of(setting, synapses)
    rank_by = rank_by or next((m.name for m in chosen if m.name in ("speed", "frequency")), chosen[0].name)
    if rank_by not in [m.name for m in chosen]:
        raise unknown_name("measure", rank_by, [m.name for m in chosen], "what is measured")
    seconds, neuron = positive(seconds, "seconds", "s"), setting.rhythm(reference)[0]
    protocols = [None, *(Protocol([Cut(p, start=setting.settle) for p in own], name) for name, own in cuts.items())]
    trials = [Trial(seed=seed, protocol=protocol) for protocol in protocols for seed in setting.seeds]
    watch = Watch(neurons=(neuron,), feet=bool(setting.animal.feet), way=setting.walks)
    lives = live(setting, trials, seconds, watch, progress=progress)
    shape = (len(protocols), len(setting.seeds), len(chosen))
    told_of = (measuring.Life.of(setting, lives, row) for row in range(len(trials)))
    values = np.array([[m.of(life) for m in chosen] for life in told_of]).reshape(shape).transpose(0, 2, 1)
    failed = np.array([row in lives.failed for row in range(len(trials))]).reshape(shape[:2]).mean(axis=1)
    intact, values = values[0], values[1:]
    order = _ranked(chosen, rank_by, intact, values)
    return LesionSweep(
        animal=setting.animal,
        config=setting.described()
        | {"experiment": LesionSweep.kind, "lesions": cuts, "measures": [m.name for m in chosen], "rank_by": rank_by,
           "reference": neuron, "seconds": seconds},
        lesion=tuple(list(cuts)[k] for k in order), measures=chosen, intact=intact, values=values[order],
        rank_by=rank_by, failed=failed[1:][order],
    )  # fmt: skip


def _ranked(chosen: Sequence[measuring.Measure], rank_by: str, intact: Floats, values: Floats) -> NDArray[np.intp]:
    """Lesions by what they take from a measure, those that leave nothing to measure first."""
    change = mean_and_margin(values - intact)[0][:, [m.name for m in chosen].index(rank_by)]
    if rank_by == "turning":
        loss = -np.abs(change)  # to either side
    else:
        loss = -change if rank_by in ("fell", "variation") else change  # of which more is worse
    return np.argsort(np.where(np.isnan(change), -np.inf, loss), kind="stable")


def lesions_of(setting: Setting, given: Lesions) -> dict[str, list[str]]:
    """Names of connections that each lesion cuts, by its name.

    Raises:
        UnknownNameError: A pattern matches nothing.
        ExperimentError: There is no lesion.
    """
    known = setting.animal.network().connection_names

    def matching(patterns: str | Sequence[str]) -> list[str]:
        found: dict[str, None] = {}
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            own = [name for name in known if name == pattern] or [n for n in known if fnmatchcase(n, pattern)]
            if not own:
                raise unknown_name("synapse", pattern, known, f"animal {setting.animal.name!r}")
            found |= dict.fromkeys(own)
        return list(found)

    if isinstance(given, Mapping):
        cuts = {str(name): matching(patterns) for name, patterns in given.items()}
    else:
        cuts = {name: [name] for name in matching(given)}
    if not cuts:
        raise ExperimentError("there is no lesion; give names or patterns of synapses, or '*' for each of them")
    return cuts
