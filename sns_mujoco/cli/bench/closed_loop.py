"""What a nervous system costs its body: closed loop over open loop, and over the same loop around SNS-Toolbox."""

import itertools
from collections.abc import Callable

import mujoco
import numpy as np
from mujoco.batch import Batch
from numpy.typing import NDArray

from sns_mujoco.cli.bench import motion, their_adapters, toolbox
from sns_mujoco.cli.bench.timing import in_turns, medians, ratio, seconds_of
from sns_mujoco.cosim.clocks import neural_steps
from sns_mujoco.models import Animal

Array = NDArray[np.float64]
TRIAL = 300  # steps over which ways to run SNS-Toolbox are compared
THEIR_SHARE = 0.1  # of the steps of a piece, over which their network alone is timed


def closed_over_open(
    animal: Animal, *, individuals: int, seconds: float, repeats: int, threads: int
) -> dict[str, float]:
    """Time of a closed loop over that of the same body alone under the same controls.

    Both run natively, without Python between steps. The open body lacks the nervous system and the sensors that were
    added for its afferents; its muscles are its own, and its controls are those that the closed loop made. They take
    turns every few hundredths of a second, so that a slow moment of the machine hits both.

    Args:
        animal: The animal, at its cruising commands, already moving.
        individuals: Copies stepped together in one `Batch`.
        seconds: Simulated time of a measurement.
        repeats: Measurements.
        threads: Threads of the batch.

    Returns:
        The median ratio, simulated seconds per wall second of one animal in closed and open loop, and the time that its
        nervous system takes in a physics step, us.
    """
    recorded = motion.record(animal, seconds=seconds)
    closed, opened = loops(recorded, individuals=individuals, threads=threads)
    tasks = {"closed": _piece_by_piece(closed, recorded), "open": _piece_by_piece(opened, recorded)}
    runs = in_turns(tasks, repeats * len(recorded.pieces))
    steps = len(recorded.pieces[0].controls)
    lived = steps * recorded.body.opt.timestep * individuals
    workers = min(threads, individuals)
    return {
        "ratio": ratio(runs, "closed", "open"),
        "closed_realtime": lived / medians(runs)["closed"],
        "open_realtime": lived / medians(runs)["open"],
        "brain_us_per_step": float(np.median(runs["closed"] - runs["open"])) / steps / individuals * 1e6 * workers,
    }


def loops(
    recorded: motion.Motion, *, individuals: int, threads: int
) -> tuple[Callable[[motion.Piece], Array], Callable[[motion.Piece], Array]]:
    """Closed and open loop through a piece of a motion; each gives the velocities that it went through.

    Args:
        recorded: The motion.
        individuals: Copies stepped together in one `Batch`.
        threads: Threads of the batch.
    """
    animals = Batch(recorded.simulation.model, individuals, threads)
    bodies = Batch(recorded.body, individuals, threads)

    def closed(piece: motion.Piece) -> Array:
        _put(animals, piece.closed_state)
        return animals.rollout(len(piece.controls), record=("qvel",))["qvel"]

    def opened(piece: motion.Piece) -> Array:
        _put(bodies, piece.open_state)
        return bodies.rollout(len(piece.controls), piece.controls, record=("qvel",))["qvel"]

    return closed, opened


def _piece_by_piece(run: Callable[[motion.Piece], object], recorded: motion.Motion) -> Callable[[], object]:
    """A task that goes on with the next piece each time, and begins anew after the last."""
    pieces = itertools.cycle(recorded.pieces)
    return lambda: run(next(pieces))


def _put(batch: Batch, state: motion.State) -> None:
    for field, values in state.items():
        batch.bind(field).reshape(batch.nsim, -1)[:] = values


def against_toolbox(animal: Animal, *, seconds: float, repeats: int) -> dict[str, float]:
    """Our closed loop against a Python loop around SNS-Toolbox with the same network and body.

    Their loop reads the sensors into the input vector, steps the network as often as a physics step holds, turns
    potentials into controls, and calls `mj_step`. With muscles it is written as that of the published rat (Nourse et
    al. 2023, Biomimetics 8(2):247): tensions are read, and activations computed, muscle by muscle. In "all channels at
    once" the adapters are plain numpy on all channels, which is kinder; joints without muscles are only compared so. In
    the end both loops set the controls that ours made, so that the bodies do the same work.

    A network that falls apart, as into the legs of an animal, is also tried as two models, and the faster way counts.
    What the toolbox cannot represent, as ion channels with constant time constants, runs as what it has instead: times
    are compared, not trajectories.

    Returns:
        How many times longer their loop takes than ours, and the one with all channels at once; the time of their
        network in a physics step, us; and how many models theirs is.

    Raises:
        MissingDependencyError: SNS-Toolbox is not installed.
    """
    recorded = motion.record(animal, seconds=seconds)
    model, data, body = recorded.simulation.model, recorded.simulation.data, recorded.body
    steps = len(recorded.pieces[0].controls)
    substeps, _ = neural_steps(animal.dt, body.opt.timestep)
    inputs = len(recorded.simulation.brain.afferents)
    network = _faster_way(toolbox.ways(animal.network().to_program(dt=animal.dt), inputs=inputs, outputs=body.nu))
    plain = mujoco.MjData(body)

    def ours(piece: motion.Piece) -> None:
        motion.put(data, piece.closed_state)
        mujoco.mj_step(model, data, nstep=steps)

    def theirs(adapters: their_adapters.Adapters) -> Callable[[motion.Piece], None]:
        def loop(piece: motion.Piece) -> None:
            motion.put(plain, piece.open_state)
            for controls in piece.controls:
                x = adapters.read()
                for _ in range(substeps):
                    y = network(x)
                adapters.act(y)
                plain.ctrl[:] = controls
                mujoco.mj_step(body, plain)

        return loop

    their_steps = max(1, round(THEIR_SHARE * steps)) * substeps
    x = np.zeros(inputs)

    def their_network() -> None:
        for _ in range(their_steps):
            network(x)

    tasks: dict[str, Callable[[], object]] = {"ours": _piece_by_piece(ours, recorded), "network": their_network}
    commands = len(recorded.simulation.commands)
    for way, adapters in their_adapters.ways(body, plain, inputs=inputs, commands=commands).items():
        tasks[way] = _piece_by_piece(theirs(adapters), recorded)
    runs = in_turns(tasks, repeats * len(recorded.pieces))
    at_once = ratio(runs, their_adapters.AT_ONCE, "ours")
    return {
        "end_to_end": ratio(runs, their_adapters.PUBLISHED, "ours") if their_adapters.PUBLISHED in runs else at_once,
        "end_to_end_all_channels_at_once": at_once,
        "their_brain_us_per_step": medians(runs)["network"] / their_steps * substeps * 1e6,
        "their_models": len(network.parts),
    }


def _faster_way(ways: list[toolbox.Models]) -> toolbox.Models:
    def trial(way: toolbox.Models) -> float:
        x = np.zeros(way.inputs)

        def steps() -> None:
            for _ in range(TRIAL):
                way(x)

        return min(seconds_of(steps) for _ in range(3))

    return min(ways, key=trial) if len(ways) > 1 else ways[0]
