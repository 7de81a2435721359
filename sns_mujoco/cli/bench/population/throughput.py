"""A population, each individual with a brain of its own, against its bodies alone."""

from dataclasses import dataclass

import mujoco
import numpy as np
from mujoco.batch import Batch
from numpy.typing import NDArray

from sns_mujoco.cli.bench import motion
from sns_mujoco.cli.bench.timing import medians, ratio, seconds_of
from sns_mujoco.cosim.population import Population, PopulationSnapshot
from sns_mujoco.models import Animal

FRAME = 20  # physics steps in a call, as an environment or an evaluation makes them
SPREAD = 0.05  # standard deviation of the factors on the conductances of every individual
VARIED = "max_conductance"


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a population's life.

    Attributes:
        start: Where it begins.
        open_state: The same for the bodies alone, by field [n, ...].
        controls: Of the closed loop [n, FRAME, nu].
    """

    start: PopulationSnapshot
    open_state: dict[str, NDArray[np.float64]]
    controls: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """What a population costs.

    Attributes:
        ratio: Animal-steps per second of the closed loop over those of the open loop.
        closed_us: Wall time of a physics step of one animal in the closed loop, us.
        open_us: The same in the open loop.
    """

    ratio: float
    closed_us: float
    open_us: float


def varied_population(animal: Animal, individuals: int, *, threads: int, seed: int = 0) -> Population:
    """A population under way at cruising commands, with other conductances in every row."""
    population = Population(animal, individuals, threads=threads, seed=seed)
    described = population[VARIED, "*"]
    factors = np.exp(SPREAD * np.random.default_rng(seed).standard_normal(described.shape))
    population[VARIED, "*"] = described * factors
    population.reset()
    for name, value in animal.cruise.items():
        population.commands[name] = value
    return population


def closed_over_open_throughput(
    animal: Animal, *, individuals: int, threads: int, settled: float, frames: int, repeats: int
) -> Throughput:
    """Animal-steps per second of a population over those of the same bodies, under the controls that it made.

    Both are batches of as many rows on as many threads, and both live through the same motion: the closed loop through
    `Population.step` with a different brain in every row, the open loop through `Batch.rollout` without nervous systems
    and without the sensors that they need. They take turns frame by frame, so that a slow moment of the machine hits
    both.

    Args:
        animal: The animal, on its usual terrain.
        individuals: How many.
        threads: Of both batches.
        settled: Simulated time before the measurement, s.
        frames: Frames that are measured, each of `FRAME` physics steps.
        repeats: How often they are gone through.

    Returns:
        The median ratio over frames, and the time of both.
    """
    population = varied_population(animal, individuals, threads=threads)
    body = animal.body(animal.terrains[0], 0).compile()
    population.step(round(settled / body.opt.timestep))
    recorded = [recorded_frame(population, body) for _ in range(frames)]
    bodies = Batch(body, individuals, threads)
    times: dict[str, list[float]] = {"closed": [], "open": []}
    for k in range(repeats * frames):
        frame = recorded[k % frames]
        population.restore(frame.start)
        put(bodies, frame.open_state)
        tasks = {
            "closed": lambda: population.step(FRAME),
            "open": lambda frame=frame: bodies.rollout(FRAME, frame.controls, record=()),
        }
        for name in list(tasks)[:: 1 if k % 2 else -1]:
            times[name].append(seconds_of(tasks[name]))
    taken = {name: np.array(values) for name, values in times.items()}
    scale = 1e6 / FRAME / individuals
    return Throughput(
        ratio=ratio(taken, "open", "closed"),
        closed_us=medians(taken)["closed"] * scale,
        open_us=medians(taken)["open"] * scale,
    )


def recorded_frame(population: Population, body: mujoco.MjModel) -> Frame:
    """The next frame of a population, which goes on."""
    data, places = population.data, motion.plugin_places(population.model, body)
    opened = {name: np.array(data.bind(name)).reshape(population.n, -1) for name in motion.SHARED}
    opened["plugin_state"] = np.array(data.plugin_state)[:, places]
    start = population.snapshot()
    controls = data.rollout(FRAME, record=("ctrl",))["ctrl"]
    return Frame(start, {name: values for name, values in opened.items() if values.size}, controls)


def put(bodies: Batch, state: dict[str, NDArray[np.float64]]) -> None:
    """Write fields [n, ...] into a batch."""
    for field, values in state.items():
        bodies.bind(field).reshape(bodies.nsim, -1)[:] = values
