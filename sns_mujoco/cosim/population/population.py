"""Many animals of one kind, stepped together: named access to states, commands and parameters of all of them."""

import copy
from collections.abc import Collection, Sequence
from os import PathLike
from time import perf_counter
from typing import TYPE_CHECKING, Any

import mujoco
import numpy as np
from mujoco.batch import SimulationError
from numpy.typing import NDArray

from sns_mujoco.adapters import Afferent, Efferent
from sns_mujoco.cosim.brain import Brain
from sns_mujoco.cosim.counting import counted
from sns_mujoco.cosim.divergence import BAD, stand
from sns_mujoco.cosim.population.failures import Failure, relive
from sns_mujoco.cosim.population.numbers import Numbers, Parameters
from sns_mujoco.cosim.population.origin import Origin, Randomising, Space, processors
from sns_mujoco.cosim.population.protocols import Given, Protocols, each_of
from sns_mujoco.cosim.population.rows import Rows, Unique
from sns_mujoco.cosim.population.snapshots import PopulationSnapshot, put, take
from sns_mujoco.cosim.population.views import Views
from sns_mujoco.cosim.quiet import quiet
from sns_mujoco.cosim.rig.adding import RigRoom
from sns_mujoco.cosim.rig.plan import room_for
from sns_mujoco.cosim.rig.subject import Subject
from sns_mujoco.cosim.seeds import checked_seed, checked_seeds, seed_of
from sns_mujoco.cosim.selecting import Individuals, select, select_one
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import DivergenceError
from sns_mujoco.network import Network
from sns_mujoco.protocols import Protocol

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.models import Animal

NUMBER = 1  # place of the count in a warning, behind the number that tells more


class Population(Unique, Views, Parameters):
    """Animals of one kind, one for each row of a `mujoco.batch.Batch`, each with its own brain and body.

    Every individual lives bit for bit as it would alone in a `Simulation`, whatever the number of threads. One that
    leaves the finite numbers is marked (`alive`, `failures`), stands at its last good step, and neither stops nor
    disturbs the others.

        population = Population("hexapod", 256)
        population.commands["drive"] = np.linspace(0.0, 1.0, 256)
        population["g_max", "L1*->*"] *= 1.1
        population.step(1000)
        population.data.body("torso").xpos[:, 0]

    Attributes:
        animal: The animal, or None where a model was given.
        terrain: Name of the terrain it lives on, or None where a model was given.
        n: Number of individuals.
        model: The model of the animal as it was described. Individuals' own numbers are in `data` and `pop[...]`.
        brains: Nervous systems by name.
        seed: From which seeds of individuals are drawn.
        seeds: Seed of each individual's last start.
        episodes: How often each was reset [n].
        failures: What became of those that failed, by index.
        seconds_in_batch: Time spent in MuJoCo's batch in all steps so far, s.
    """

    def __init__(
        self,
        animal: "Animal | str | PathLike[str] | mujoco.MjModel | mujoco.MjSpec",
        n: int,
        *,
        terrain: str | None = None,
        seed: int = 0,
        seeds: Sequence[int] | NDArray[Any] | None = None,
        threads: int = 0,
        apart: bool | Collection[str] | None = None,
        greatest_delay: float | None = None,
        space: Space | None = None,
        randomise: Randomising | None = None,
        network: Network | None = None,
        adapters: Sequence[Afferent | Efferent] = (),
        protocols: Given | None = None,
        rig: bool | RigRoom = False,
    ) -> None:
        """Make a population, each individual at its start.

        Args:
            animal: An animal, the name of one, or a body with a nervous system as `attach` makes it.
            n: Number of individuals.
            terrain: One of the animal's terrains; the first if left out.
            seed: Seed of the terrain, and of the individuals' own seeds.
            seeds: Seed of each individual's first start [n]; by default drawn from `seed`.
            threads: Threads that step it; 0 for as many as there are processors for this process.
            apart: Quantities of which every neuron, synapse and adapter has numbers of its own, so that they can
                differ between individuals; True for all, False for none. If left out, those that `space` and
                `randomise` vary, or without a space all.
            greatest_delay: Up to which delays can be set, ms; if left out, what `space` and `randomise` need.
            space: A parameter space whose vectors are to be applied.
            randomise: What is drawn anew at every reset, see `sns_mujoco.learning.randomisation`.
            network: With a model: the nervous system that was attached, so that its parameters have names.
            adapters: With a model: those it was attached with.
            protocols: What is done to the individuals: one protocol for all, or one for each.
            rig: Whether other protocols can be given later, and for how much there is room (for 128 rows if True).

        Raises:
            ValueError: n or threads is not a whole number in range, a seed is none, or what goes with an animal only
                was given with a model, or the reverse.
            UnknownNameError: There is no such animal or terrain, or nothing that `randomise` names.
            AttachError: There is no nervous system in the model, or `apart` names no quantity.
            ParameterError: What `randomise` draws is physically impossible.
            ProtocolError: A protocol cannot be done.
            TimeStepError: Times or waveforms of a protocol do not fit the physics step.
            TypeError: One is no protocol.
        """
        self.n = counted(n, "n, the number of individuals,", 1)
        self.seed = checked_seed(seed)
        threads = min(counted(threads, "threads", 0) or processors(), self.n)
        first = [seed_of(self.seed, i, 0) for i in range(self.n)] if seeds is None else checked_seeds(seeds, self.n)
        if not isinstance(animal, mujoco.MjModel | mujoco.MjSpec):
            if protocols is not None and rig is False:
                from sns_mujoco.models import load

                animal = load(animal)
                protocols = each_of(protocols, self.n)
                rig = room_for(set(protocols), animal.network())
            rig = RigRoom(rows=128) if rig is True else rig
        origin = Origin.of(
            animal, terrain, self.seed, apart=apart, greatest_delay=greatest_delay, space=space, randomise=randomise,
            network=network, adapters=adapters, rig=rig,
        )  # fmt: skip
        self._described = origin.described
        self.animal, self.terrain, self.model = origin.animal, origin.terrain, origin.model
        self._scratch = Simulation(copy.copy(self.model))
        self.brains: dict[str, Brain] = self._scratch.brains
        self._rows: Rows | None = Rows(self.model, self.n, threads)
        self._kept = Numbers(origin, self._rows)
        self.failures: dict[int, Failure] = {}
        self.seconds_in_batch = 0.0
        self.seeds = np.zeros(self.n, np.int64)
        self.episodes = np.zeros(self.n, np.int64)
        self._alive = np.ones(self.n, bool)
        self._before = np.empty_like(self.data.state)  # states before the last call
        self._bad = self.data.warning[:, min(BAD) : max(BAD) + 1, NUMBER]
        self._draws = None if randomise is None else randomise.of(self)
        self._protocols: Protocols | None = None
        if protocols is not None:
            self.protocols = protocols
        self.reset(seeds=first)

    @property
    def data(self) -> Rows:
        """The batch: attributes and named views as those of `MjData`, with a leading [n].

        So `data.qpos` is [n, nq] and `data.body("torso").xpos` [n, 3]. As with `MjData`, what is derived describes the
        beginning of the last step, unless `step` was given a stage; after `reset` it is that of the start, and of one
        that failed that of its last good step. Step by `Population.step`, not by the batch's own.

        Raises:
            RuntimeError: The population is closed.
        """
        if self._rows is None:
            raise RuntimeError("the population is closed; make another one")
        return self._rows

    @property
    def _numbers(self) -> Numbers:
        assert self.data is not None  # or the population is closed
        return self._kept

    @property
    def threads(self) -> int:
        """Number of threads that step it."""
        return self.data.nthread

    @property
    def protocols(self) -> tuple[Protocol, ...]:
        """What is done to each individual, at times of its own; to be set to one protocol, or to one for each [n].

        They may be set whenever the population stands, and act from the next step on. `branch` and `restore` leave
        them to the individuals that they were given to.

        Raises:
            ProtocolError: The population was made without a rig; or what is set cannot be done, see `plan`.
            UnknownNameError: There is nothing of a name in it.
            TimeStepError: Times or waveforms do not fit the physics step.
            ValueError: There are more or fewer than individuals.
        """
        return self._of_protocols().given

    @protocols.setter
    def protocols(self, protocols: Given) -> None:
        self._of_protocols().give(protocols)

    def _of_protocols(self) -> Protocols:
        if self._protocols is None:
            subject = Subject(self.model, self.brains, self._described, lambda: self._kept.rows.table)
            self._protocols = Protocols(subject, self._kept, self.data)
        return self._protocols

    @property
    def alive(self) -> NDArray[np.bool_]:
        """Which individuals have not failed since their last reset, [n]."""
        return self._alive.copy()

    def step(self, n: int = 1, ids: Individuals | None = None, *, stage: mujoco.mjtStage | None = None) -> None:
        """Advance individuals by n physics steps; those that have failed, or fail now, stand still.

        Args:
            n: Number of physics steps.
            ids: Which individuals, as indices or a mask [n]; all if left out.
            stage: Up to which of MuJoCo's stages what is derived is computed for the new state; if left out it
                describes the beginning of the last step. mjSTAGE_VEL is what `mj_step1` computes.

        Raises:
            ValueError: n is no positive whole number.
            IndexError: There is no such individual.
            ProcessError: The population was made in another process.
        """
        remaining = counted(n, "n, the number of steps,", 1)
        while remaining:
            chosen = self._living(ids)
            if chosen is not None and not chosen.size:
                return
            acting = [part for part in (self._draws, self._protocols) if part is not None]
            n = min(remaining, *(holds for part in acting if (holds := part.act(chosen)) is not None), remaining)
            remaining -= n
            self._advance(n, chosen, stage if remaining == 0 else None)

    def _advance(self, n: int, chosen: NDArray[np.int32] | None, stage: mujoco.mjtStage | None) -> None:
        data = self.data
        np.copyto(self._before, data.state)
        stopped: list[int] = []
        start = perf_counter()
        with quiet():
            try:
                data.step(chosen, n, int(stage or 0))
            except SimulationError as error:
                stopped = error.ids.tolist()
        self.seconds_in_batch += perf_counter() - start
        if stopped or self._bad.any():
            self._find_failures(n, chosen, stopped)

    def record(self, seconds: float, *, rate: float = 100.0, **channels: Any) -> "xarray.Dataset":
        """Advance all individuals by a time and record them; see `sns_mujoco.analysis.recording`.

        Args:
            seconds: How long, s.
            rate: Samples per simulated second, Hz; the physics rate must be a multiple of it.
            **channels: What to take and where to, as `Recorder` has it; by default all channels, into memory.

        Returns:
            Channels over `individual` and `time` (s), each with its unit and a long name; nan of individuals from when
            they failed on.

        Raises:
            ValueError: The rate does not divide the physics rate, or individuals stand at different times.
            UnknownNameError: There is no such channel.
        """
        from sns_mujoco.analysis.recording import Recorder

        with Recorder(self, rate=rate, **channels) as recorder:
            recorder.step(round(seconds * rate) * recorder.period)
            return recorder.dataset()

    def reset(self, ids: Individuals | None = None, *, seeds: Sequence[int] | NDArray[Any] | None = None) -> None:
        """Put individuals at their start, as `animal.start` does; those that had failed live again.

        Args:
            ids: Which individuals, as indices or a mask [n]; all if left out.
            seeds: One for each of them, in their order; by default drawn from the population's seed, the individual and
                how often it was reset.

        Raises:
            ValueError: A seed is none, or there are more or fewer.
            IndexError: There is no such individual.
            ProcessError: The population was made in another process.
        """
        data, chosen = self.data, select(ids, self.n)
        if seeds is None:
            drawn = [seed_of(self.seed, int(i), int(self.episodes[i])) for i in chosen]
        else:
            drawn = checked_seeds(seeds, len(chosen))
        if self._protocols is not None:
            self._protocols.rest(chosen)
        if self._draws is not None:
            self._draws.begin(chosen, drawn)
        scratch = self._scratch
        for individual, seed in zip(chosen.tolist(), drawn, strict=True):
            data.get_model(individual, scratch.model)
            self.mark(individual, None)
            try:
                if self.animal is None:
                    scratch.reset(seed=seed)
                else:
                    self.animal.start(scratch, seed)  # type: ignore[arg-type]
            except DivergenceError as error:
                self.mark(individual, Failure.of(individual, error))
            data.take(individual, scratch.data)
            self.seeds[individual] = seed
        self.episodes[chosen] += 1

    def snapshot(self, ids: Individuals | None = None) -> PopulationSnapshot:
        """What individuals are and where they stand: states and parameters, of all if `ids` is left out."""
        return take(self, select(ids, self.n))

    def restore(self, snapshot: PopulationSnapshot, ids: Individuals | None = None) -> None:
        """Make individuals what they were when a snapshot was taken; what follows then follows bit for bit.

        Args:
            snapshot: Of this population, or of another one of the same animal.
            ids: Which become those of the snapshot, in its order; the same ones if left out. A snapshot of one
                individual goes into all of them.

        Raises:
            ValueError: It is of another animal, or of more or fewer individuals.
            ParameterError: It has parameters, and this population was made from a model that tells none.
            IndexError: There is no such individual.
        """
        put(self, snapshot, select(snapshot.individuals if ids is None else ids, self.n))

    def branch(self, source: int, into: Individuals) -> None:
        """Make individuals copies of one: its state and its parameters.

        Raises:
            IndexError: There is no such individual.
            ValueError: The source is not one index, or an individual is there twice.
        """
        self.restore(self.snapshot(select_one(source, self.n)), into)

    def simulation(self, individual: int) -> Simulation:
        """A copy of one individual as an animal of its own, where it stands, that goes on bit for bit as it would.

        Raises:
            IndexError: There is no such individual.
            ValueError: It is not one index.
        """
        which = select_one(individual, self.n)
        alone = Simulation(self.data.get_model(which), seed=int(self.seeds[which]), described=self._described)
        alone.animal, alone.terrain = self.animal, self.terrain
        stand(alone.model, alone.data, self.data.state[which])
        if self._protocols is not None:
            self._protocols.lend(which, alone)
        return alone

    def keepers(self, names: Collection[str] = ()) -> dict[str, Any]:
        """What keeps numbers of individuals beside the model, by name: what is used, and what is named."""
        # protocols come behind those whose numbers they change
        others = {"draws": self._draws, "protocols": self._protocols}
        return {**self._numbers.used(names), **{name: one for name, one in others.items() if one is not None}}

    def mark(self, individual: int, failure: Failure | None) -> None:
        """Note that an individual has failed, or with None that it lives."""
        self._alive[individual] = failure is None
        if failure is None:
            self.failures.pop(individual, None)
            self.data.warning[individual] = 0
        else:
            self.failures[individual] = failure

    def close(self) -> None:
        """Give back threads and memory; the population cannot be used any more."""
        if self._rows is not None:
            self._rows = None
            self._draws = None
            self._protocols = None
            del self._bad, self._before, self._scratch, self._kept

    def __enter__(self) -> "Population":
        """A population that is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def __len__(self) -> int:
        """Number of individuals."""
        return self.n

    def __repr__(self) -> str:
        """What it is of, and how many live."""
        name = self.animal.name if self.animal is not None else self.model.names.split(b"\0")[0].decode()
        return f"<Population of {self.n} {name!r}, {int(self._alive.sum())} alive>"

    def _living(self, ids: Individuals | None) -> NDArray[np.int32] | None:
        """Individuals that can be stepped, sorted; None for all."""
        if ids is None:
            return np.flatnonzero(self._alive).astype(np.int32) if self.failures else None
        chosen = np.sort(select(ids, self.n))
        return chosen[self._alive[chosen]]

    def _find_failures(self, steps: int, chosen: NDArray[np.int32] | None, stopped: list[int]) -> None:
        suspects = np.flatnonzero(self._bad.any(axis=1))
        if chosen is not None:
            suspects = np.intersect1d(suspects, chosen)
        failing = np.union1d(suspects, np.array(stopped, int)).astype(np.int32)
        for individual in failing.tolist():
            self.data.get_model(individual, self._scratch.model)
            self.mark(individual, relive(self._scratch, individual, self._before[individual], steps))
            self.data.take(individual, self._scratch.data)
