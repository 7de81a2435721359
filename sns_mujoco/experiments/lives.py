"""Many lives of one animal side by side: settled once for each seed, then each with what is done to it, and watched."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.population import Population
from sns_mujoco.errors import ExperimentError
from sns_mujoco.experiments.setting import Setting
from sns_mujoco.protocols import Protocol

Floats = NDArray[np.float64]
Progress = Callable[[float], None]
"""Is told which share of an experiment is done, 0 to 1."""

ROWS = 128  # lives at the same time: enough to keep threads busy, few enough for the memory of what is watched
RATE, EVERY_STEP = 500.0, np.inf  # samples per simulated second: the usual ones, and one for each physics step
SPAN = 8  # samples between two looks at who has fallen and at how far things are


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One life.

    Attributes:
        seed: Of its start and its noise.
        commands: That differ from those of the setting, from the start on.
        protocol: What is done to it, at absolute times, none of which come before the animal has settled.
    """

    seed: int
    commands: dict[str, float] = field(default_factory=dict)
    protocol: Protocol | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Numbers that are watched: places of a field of `MjData`.

    Attributes:
        field: Its name, as "qpos".
        index: Places in it [k].
    """

    field: str
    index: NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is watched, besides whether an animal has fallen.

    Attributes:
        neurons: Names of neurons whose potentials are taken.
        feet: Whether the loads on the feet are taken.
        way: Whether the place on the ground is taken.
        more: Other channels, found in the population's model.
    """

    neurons: tuple[str, ...] = ()
    feet: bool = False
    way: bool = False
    more: Callable[[Population], Mapping[str, Channel]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """What was seen of trials.

    Attributes:
        time: Of the samples, s [T]; the first is that of the settled animal.
        potential: Membrane potentials, mV [trials, T, neurons]; nan after an individual left the finite numbers.
        load: On each foot, N [trials, T, feet].
        place: On the ground, m [trials, T, 2].
        fell: When each fell, s; inf for never [trials].
        failed: What happened to those that left the finite numbers, by trial.
        more: The other channels by name, [trials, T, k].
    """

    time: Floats
    potential: Floats
    load: Floats
    place: Floats
    fell: Floats
    failed: dict[int, str]
    more: dict[str, Floats]

    @property
    def down(self) -> NDArray[np.bool_]:
        """Who fell or left the finite numbers [trials]."""
        return np.isfinite(self.fell) | np.isin(np.arange(len(self.fell)), list(self.failed))


def live(
    setting: Setting, trials: Sequence[Trial], seconds: float, watch: Watch, *, rate: float = RATE,
    must_settle: bool = True, progress: Progress | None = None,
) -> Lives:  # fmt: skip
    """Let trials be lived, and watch them from the moment at which the animals have settled.

    Trials of the same seed under the same commands are one animal until then. Whoever falls stands still from then on,
    and so does whoever leaves the finite numbers.

    Args:
        setting: Of which animal, where, and so on.
        trials: The lives.
        seconds: How long they are watched after settling.
        watch: What is watched.
        rate: Samples per simulated second; the nearest to it that fits the physics step is taken.
        must_settle: Whether all have to be upright when they have settled. If not, whoever has fallen before is taken
            to have fallen at that moment.
        progress: Is told how far things are.

    Raises:
        ExperimentError: An animal that has to be upright falls or leaves the finite numbers before it has settled, or
            there are fewer than two samples to watch.
        UnknownNameError: What is watched or what a protocol names does not exist.
    """
    parts = []
    for first in range(0, len(trials), ROWS):
        chunk = trials[first : first + ROWS]

        def part(done: float, first: int = first, count: int = len(chunk)) -> None:
            if progress is not None:
                progress((first + done * count) / len(trials))

        parts.append(_live(setting, chunk, seconds, watch, rate, must_settle, part))
    return _joined(parts)


def _live(
    setting: Setting, trials: Sequence[Trial], seconds: float, watch: Watch, rate: float, must_settle: bool,
    progress: Progress,
) -> Lives:  # fmt: skip
    given = [trial.protocol or Protocol() for trial in trials]
    protocols = given if any(len(protocol) for protocol in given) else None
    with Population(
        setting.animal, len(trials), terrain=setting.terrain, seed=setting.terrain_seed,
        seeds=[trial.seed for trial in trials], threads=min(setting.threads, len(trials)), protocols=protocols,
    ) as population:  # fmt: skip
        for name in setting.animal.commands | setting.animal.probes:
            value = setting.commands.get(name, 0.0)
            population.commands[name] = [trial.commands.get(name, value) for trial in trials]
        every, count = _samples(population.model.opt.timestep, seconds, rate)
        _settle(setting, population, trials, must_settle)
        return _watched(setting, population, every, count, watch, progress)


def _samples(timestep: float, seconds: float, rate: float) -> tuple[int, int]:
    """Physics steps from sample to sample, and how many samples there are after the first.

    Raises:
        ExperimentError: There are fewer than two.
    """
    every = max(1, round(1.0 / (rate * timestep)))
    count = round(seconds / (every * timestep))
    if count < 2:
        raise ExperimentError(
            f"{seconds:g} s hold fewer than two samples, which are {every * timestep:g} s apart; watch it for longer "
            "(seconds=)"
        )
    return every, count


def _settle(setting: Setting, population: Population, trials: Sequence[Trial], must_settle: bool) -> None:
    """Let one life of each kind go on until it has settled, and make the others what it has become."""
    alike: dict[tuple[int, tuple[tuple[str, float], ...]], list[int]] = {}
    for row, trial in enumerate(trials):
        alike.setdefault((trial.seed, tuple(sorted(trial.commands.items()))), []).append(row)
    first = np.array([rows[0] for rows in alike.values()])
    population.step(max(1, round(setting.settle / population.model.opt.timestep)), first)
    down = np.broadcast_to(setting.animal.fallen(population), (population.n,)) & setting.grounded
    for row in first.tolist() if must_settle else ():
        if down[row] or row in population.failures:
            how = population.failures[row].message if row in population.failures else "it has fallen"
            raise ExperimentError(
                f"{setting.animal.name!r} does not get as far as the experiment: with seed {trials[row].seed} and "
                f"commands {setting.commands | trials[row].commands}, within {setting.settle:g} s: {how}; choose other "
                "commands, another terrain, or a shorter time to settle"
            )
    for rows in alike.values():
        if rows[1:]:
            population.branch(rows[0], rows[1:])


def _watched(
    setting: Setting, population: Population, every: int, count: int, watch: Watch, progress: Progress
) -> Lives:
    """Lives of `count` samples after the first, `every` so many physics steps."""
    model, n, animal = population.model, population.n, setting.animal
    channels = {} if watch.more is None else dict(watch.more(population))
    sources = {name: (population.data.bind(c.field), c.index) for name, c in channels.items()}
    brain = population.brain
    neurons = np.array([brain.neuron(name) for name in watch.neurons], np.intp)
    felt = animal.feet if watch.feet else ()
    feet = np.array([model.sensor(foot.sensor).adr[0] for foot in felt], np.intp)
    loads = population.data.bind("sensordata") if len(feet) else None
    potentials, time = population.potentials, population.time
    fallen, seen = np.full(n, np.inf), np.empty(count + 1)
    potential = np.full((n, count + 1, len(neurons)), np.nan)
    load = np.full((n, count + 1, len(feet)), np.nan)
    place = np.full((n, count + 1, 2 if watch.way else 0), np.nan)
    more = {name: np.full((n, count + 1, len(c.index)), np.nan) for name, c in channels.items()}
    start = float(time[0])
    running = np.ones(n, bool)
    for i in range(count + 1):
        if i:
            population.step(every, None if running.all() else np.flatnonzero(running))
        seen[i] = start + i * every * model.opt.timestep
        if i % SPAN == 0 or i == count:
            if setting.grounded:
                down = running & np.broadcast_to(animal.fallen(population), (n,))
                fallen[down] = seen[i]
                running &= ~down
            progress(i / count)
        alive = population.alive
        running &= alive
        potential[alive, i] = potentials[np.ix_(alive, neurons)]
        if loads is not None:
            load[alive, i] = loads[np.ix_(alive, feet)]
        if watch.way:
            place[alive, i] = np.stack(animal.whereabouts(population), axis=-1)[alive]
        for name, (source, index) in sources.items():
            more[name][alive, i] = source[np.ix_(alive, index)]
        if not running.any() and i < count:
            _hold(i, alive, potential, load, place, *more.values())
            seen[i + 1 :] = seen[i] + np.arange(1, count - i + 1) * every * model.opt.timestep
            break
    failed = {row: failure.message for row, failure in population.failures.items()}
    return Lives(
        time=seen, potential=potential, load=load, place=place, fell=fallen, failed=failed, more=more
    )  # fmt: skip


def _hold(i: int, alive: NDArray[np.bool_], *kept: Floats) -> None:
    """Those that stand still keep what was last seen of them."""
    for values in kept:
        values[alive, i + 1 :] = values[alive, i, None]


def _joined(parts: Sequence[Lives]) -> Lives:
    def all_of(name: str) -> Floats:
        return np.concatenate([getattr(part, name) for part in parts])

    firsts = np.cumsum([0, *(len(part.fell) for part in parts)])
    return Lives(
        time=parts[0].time,
        potential=all_of("potential"),
        load=all_of("load"),
        place=all_of("place"),
        fell=all_of("fell"),
        failed={
            int(first) + row: why
            for first, part in zip(firsts, parts, strict=False)
            for row, why in part.failed.items()
        },
        more={name: np.concatenate([part.more[name] for part in parts]) for name in parts[0].more},
    )
