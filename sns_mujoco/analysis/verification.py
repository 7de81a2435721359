"""Proof that an animal's lives repeat bit for bit, or the first step and channel at which they do not.

Lives of the same seeds are recorded at every physics step, in processes of their own: twice alone, and as rows of a
population on one thread and on several. Beside, one is lived without being recorded, and one is stopped halfway and
taken up again from a snapshot. All must be equal in every bit.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mujoco
import numpy as np

from sns_mujoco.analysis.recording import Recorder, load, save
from sns_mujoco.cosim.counting import counted
from sns_mujoco.cosim.population import Population
from sns_mujoco.cosim.seeds import checked_seed
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import SnsError

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.models import Animal


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where two lives part.

    Attributes:
        seed: Whose life.
        step: Physics step, counted from 1.
        time: Simulated time after it, s.
        channel: What differs first, as "potential[L1 trigger]".
        values: What it is in each life.
    """

    seed: int
    step: int
    time: float
    channel: str
    values: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Two ways to live the same lives.

    Attributes:
        name: Which.
        difference: Where they part first; None where they are equal in every bit.
    """

    name: str
    difference: Difference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was compared.

    Attributes:
        animal: Name of the animal.
        terrain: What it lived on.
        seconds: For how long, s.
        seeds: Which lives.
        threads: Of the population with several.
        channels: How many numbers were compared at every step.
        checks: The comparisons.
    """

    animal: str
    terrain: str
    seconds: float
    seeds: tuple[int, ...]
    threads: int
    channels: int
    checks: tuple[Check, ...]

    @property
    def identical(self) -> bool:
        """Whether all were equal in every bit."""
        return all(check.difference is None for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return {**asdict(self), "identical": self.identical}


def verify(
    animal: "Animal", *, seconds: float = 1.0, seeds: Sequence[int] = (0, 1), threads: int = 2,
    terrain: str | None = None,
) -> Verification:  # fmt: skip
    """Hold lives of an animal against each other.

    Args:
        animal: The animal, one that another process finds again (`sns_mujoco.models.reference`).
        seconds: How long each lives, s.
        seeds: Of the lives; the ground is that of the first.
        threads: Of the population on several.
        terrain: What it lives on; its usual ground if left out.

    Raises:
        ValueError: A number is out of bounds, or another process cannot find the animal.
        SnsError: A life ended early, as by a divergence.
    """
    from sns_mujoco.models import reference

    if not seconds > 0:
        raise ValueError(f"seconds is {seconds:g}; give more than 0")
    lives = tuple(checked_seed(seed) for seed in seeds)
    if not lives or len(set(lives)) < len(lives):
        raise ValueError(f"seeds are {list(seeds)}; give at least one, each once")
    counted(threads, "threads", 1)
    found = reference(animal)
    if not found:
        raise ValueError(f"another process cannot find {animal.name!r}; put it into a module, and load it from there")
    asked = {"animal": found, "seconds": seconds, "seeds": lives, "terrain": terrain}
    with tempfile.TemporaryDirectory(prefix="sns-mujoco-") as folder:
        places = {name: Path(folder) / name for name in ("first", "second", "one", "several", "unwatched")}
        for name, ways in (
            ("first", {"way": "alone"}), ("second", {"way": "alone"}), ("one", {"way": "rows", "threads": 1}),
            ("several", {"way": "rows", "threads": threads}), ("unwatched", {"way": "unwatched"}),
        ):  # fmt: skip
            _in_a_process(asked | ways, places[name])
        first = [load(places["first"] / f"{k}.nc") for k in range(len(lives))]
        second = [load(places["second"] / f"{k}.nc") for k in range(len(lives))]
        one, several = load(places["one"] / "rows.nc"), load(places["several"] / "rows.nc")
        halves = [load(places["unwatched"] / f"{k}.nc") for k in range(len(lives))]
        alone, split = ([rows.isel(individual=k) for k in range(len(lives))] for rows in (one, several))
        late = [_late(a, b) for a, b in zip(first, halves, strict=True)]
        checks = [
            _check("a second process", lives, first, second),
            _check("rows of a population, 1 thread", lives, first, alone),
            _check(f"rows of a population, {threads} threads", lives, first, split),
            _check("taken up from a snapshot halfway", lives, late, halves),
            _ends("without a recording", lives, places["first"], places["unwatched"], first),
        ]  # fmt: skip
    width = sum(int(np.prod(v.shape[1:])) for v in first[0].data_vars.values())
    return Verification(
        animal=animal.name, terrain=terrain or animal.terrains[0], seconds=seconds, seeds=lives, threads=threads,
        channels=width, checks=tuple(checks),
    )  # fmt: skip


def first_difference(one: "xarray.Dataset", other: "xarray.Dataset", seed: int = 0) -> Difference | None:
    """Where two recordings of the same animal part first, of what both hold; None where they do not.

    Times are compared, too. A nan equals a nan.
    """
    found: tuple[int, str, float, float] | None = None
    for name in ["time", *(str(v) for v in one.data_vars if v in other.data_vars)]:
        a, b = one[name].values, other[name].values
        steps = min(len(a), len(b))
        same = (a[:steps] == b[:steps]) | (np.isnan(a[:steps]) & np.isnan(b[:steps]))
        apart = np.flatnonzero(~same.reshape(steps, -1).all(axis=1))
        if apart.size and (found is None or apart[0] < found[0]):
            step = int(apart[0])
            place = np.unravel_index(int(np.argmin(same[step])), same[step].shape) if same[step].ndim else ()
            labels = [str(one[d].values[i]) for d, i in zip(one[name].dims[1:], place, strict=True)]
            channel = f"{name}[{', '.join(labels)}]" if labels else name
            found = step, channel, float(a[step][place]), float(b[step][place])
    lengths = one.sizes["time"], other.sizes["time"]
    if found is None and lengths[0] != lengths[1]:
        found = min(lengths), "number of samples", float(lengths[0]), float(lengths[1])
    if found is None:
        return None
    step, channel, *values = found
    time = float(one.time.values[min(step, lengths[0] - 1)])
    return Difference(seed=seed, step=step + 1, time=time, channel=channel, values=(values[0], values[1]))


def _check(
    name: str, seeds: Sequence[int], ones: "Sequence[xarray.Dataset]", others: "Sequence[xarray.Dataset]"
) -> Check:
    for seed, one, other in zip(seeds, ones, others, strict=True):
        difference = first_difference(one, other, seed)
        if difference is not None:
            return Check(name=name, difference=difference)
    return Check(name=name, difference=None)


def _late(whole: "xarray.Dataset", late: "xarray.Dataset") -> "xarray.Dataset":
    """As much of the end of a recording as another one has."""
    return whole.isel(time=slice(whole.sizes["time"] - late.sizes["time"], None))


def _ends(
    name: str, seeds: Sequence[int], recorded: Path, unwatched: Path, lives: "Sequence[xarray.Dataset]"
) -> Check:  # fmt: skip
    """Whether whole states at the end are equal: those of an animal that was recorded, and of one that was not."""
    for k, seed in enumerate(seeds):
        a, b = (np.load(folder / f"{k}.npy", allow_pickle=False) for folder in (recorded, unwatched))
        apart = np.flatnonzero(a.view(np.int64) != b.view(np.int64))
        if apart.size:
            place, steps, times = int(apart[0]), lives[k].sizes["time"], lives[k].time.values
            return Check(
                name=name,
                difference=Difference(
                    seed=seed, step=steps, time=float(times[-1]), channel=f"state[{place}]",
                    values=(float(a[place]), float(b[place])),
                ),
            )  # fmt: skip
    return Check(name=name, difference=None)


def _in_a_process(asked: dict[str, Any], folder: Path) -> None:
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", __name__, json.dumps(asked), str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise SnsError(f"a life of {asked['animal']!r} ({asked['way']}) ended early: {lines[-1]}")


def _live(asked: dict[str, Any], folder: Path) -> None:
    """What one of the processes does."""
    from sns_mujoco.models import load as load_animal

    animal = load_animal(asked["animal"])
    seeds, terrain = asked["seeds"], asked["terrain"]
    if asked["way"] == "rows":
        with Population(
            animal, len(seeds), terrain=terrain, seed=seeds[0], seeds=seeds, threads=asked["threads"]
        ) as rows:
            for command, value in animal.cruise.items():
                rows.commands[command] = value
            steps = round(asked["seconds"] / rows.model.opt.timestep)
            recorder = Recorder(rows, rate=1.0 / rows.model.opt.timestep)
            recorder.step(steps)
            save(recorder.dataset(), folder / "rows.nc")
        return
    model = animal.build(terrain=terrain, seed=seeds[0]).compile()
    steps = round(asked["seconds"] / model.opt.timestep)
    for k, seed in enumerate(seeds):
        simulation = _born(animal, model, seed)
        if asked["way"] == "alone":
            recorder = Recorder(simulation, rate=1.0 / model.opt.timestep)
            recorder.step(steps)
        else:
            simulation.step(steps // 2)
            again = _born(animal, model, seed)
            again.restore(simulation.snapshot())
            recorder = Recorder(again, rate=1.0 / model.opt.timestep)
            recorder.step(steps - steps // 2)
            simulation.step(steps - steps // 2)
        save(recorder.dataset(), folder / f"{k}.nc")
        np.save(folder / f"{k}.npy", simulation.snapshot().state)


def _born(animal: "Animal", model: mujoco.MjModel, seed: int) -> Simulation:
    simulation = Simulation(model)
    simulation.animal = animal
    animal.start(simulation, seed)
    for command, value in animal.cruise.items():
        simulation.commands[command] = value
    return simulation


if __name__ == "__main__":
    _live(json.loads(sys.argv[1]), Path(sys.argv[2]))
