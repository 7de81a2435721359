"""What a nervous system costs its body: closed loop over open loop, and over the same loop around SNS-Toolbox."""

import mujoco
import numpy as np
from mujoco.batch import Batch

from sns_mujoco.cli.bench import toolbox
from sns_mujoco.cli.bench.timing import in_turns, medians, ratio
from sns_mujoco.cosim.clocks import neural_steps
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.models import Animal


def closed_over_open(
    animal: Animal, *, individuals: int, seconds: float, repeats: int, threads: int
) -> dict[str, float]:
    """Time of a closed loop over that of the same body alone under the same controls.

    Both run natively, without Python between steps. The open body lacks the nervous system and the sensors that were
    added for its afferents; its controls are those that the closed loop made.

    Args:
        animal: The animal, at its cruising commands, already walking.
        individuals: Copies stepped together in one `Batch`.
        seconds: Simulated time of one measurement.
        repeats: Measurements, in turns.
        threads: Threads of the batch.

    Returns:
        The median ratio, and simulated seconds per wall second of one animal in closed and open loop.
    """
    simulation = _walking(animal)
    body = animal.body(animal.terrains[0], 0).compile()
    steps = round(seconds / body.opt.timestep)
    controls = recorded_controls(simulation, steps)

    brains = Batch(simulation.model, individuals, threads)
    bodies = Batch(body, individuals, threads)
    for field in ("qpos", "qvel", "qacc_warmstart", "plugin_state", "userdata", "ctrl"):
        start = getattr(simulation.data, field)
        brains.bind(field)[:] = start
        if field not in ("plugin_state", "userdata"):
            bodies.bind(field)[:] = start
    # with the solver's warm start as well, both live through the same motion, bit for bit, in every repeat
    body_fields = ("qpos", "qvel", "qacc_warmstart")
    states = {field: brains.bind(field).copy() for field in (*body_fields, "plugin_state")}

    def closed() -> None:
        for field, state in states.items():
            brains.bind(field)[:] = state
        brains.rollout(steps, record=("qvel",))

    def opened() -> None:
        for field in body_fields:
            bodies.bind(field)[:] = states[field]
        bodies.rollout(steps, controls, record=("qvel",))

    runs = in_turns({"closed": closed, "open": opened}, repeats)
    over, times = ratio(runs, "closed", "open"), medians(runs)
    animal_seconds = seconds * individuals
    return {
        "ratio": over,
        "closed_realtime": animal_seconds / times["closed"],
        "open_realtime": animal_seconds / times["open"],
        "brain_us_per_step": (times["closed"] - times["open"]) / steps / individuals * 1e6 * min(threads, individuals),
    }


def recorded_controls(simulation: Simulation, steps: int) -> np.ndarray:
    """The controls that a closed loop makes from where it stands [steps, nu]; it stands there again afterwards."""
    before = simulation.snapshot()
    controls = np.empty((steps, simulation.model.nu))
    for k in range(steps):
        simulation.step()
        controls[k] = simulation.data.ctrl
    simulation.restore(before)
    return controls


def against_toolbox(animal: Animal, *, seconds: float, repeats: int) -> dict[str, float]:
    """Our closed loop against a Python loop around SNS-Toolbox with the same network and body.

    Their loop is written as its users write it, with the adapters as plain numpy on all channels at once, which is
    kinder than one by one: read the sensors into the input vector, step the network as often as a physics step holds,
    turn potentials into controls, `mj_step`. In the end it sets the controls that our loop made, so that the bodies do
    the same work.

    Returns:
        How many times longer their loop takes than ours, and the time of their network in a physics step, us.

    Raises:
        MissingDependencyError: SNS-Toolbox is not installed.
    """
    simulation = _walking(animal)
    model, data = simulation.model, simulation.data
    body = animal.body(animal.terrains[0], 0).compile()
    steps = round(seconds / model.opt.timestep)
    controls = recorded_controls(simulation, steps)
    substeps, _ = neural_steps(animal.dt, body.opt.timestep)
    network = toolbox.compile_in_toolbox(animal.network().to_program(dt=animal.dt), inputs=simulation.brain.afferents)
    start, plain = simulation.snapshot(), mujoco.MjData(body)
    qpos, qvel = data.qpos.copy(), data.qvel.copy()
    x = np.zeros(len(simulation.brain.afferents))
    sources = np.arange(len(x)) % body.nq
    motors = np.arange(body.nu) % network.num_neurons

    def ours() -> None:
        simulation.restore(start)
        mujoco.mj_step(model, data, nstep=steps)

    def theirs() -> None:
        plain.qpos[:], plain.qvel[:] = qpos, qvel
        for k in range(steps):
            x[:] = 20.0 * np.clip(plain.qpos[sources] + 0.5, 0.0, 1.0)
            for _ in range(substeps):
                y = network(x)
            plain.ctrl[:] = np.clip(y[motors] / 20.0, 0.0, 1.0) - 0.5
            plain.ctrl[:] = controls[k]
            mujoco.mj_step(body, plain)

    def their_network() -> None:
        for _ in range(steps * substeps):
            network(x)

    runs = in_turns({"theirs": theirs, "ours": ours, "their network": their_network}, repeats)
    return {
        "end_to_end": ratio(runs, "theirs", "ours"),
        "their_brain_us_per_step": medians(runs)["their network"] / steps * 1e6,
    }


def _walking(animal: Animal) -> Simulation:
    """The animal at its cruising commands, two seconds after its start."""
    simulation = animal.simulation()
    for name, value in animal.cruise.items():
        simulation.commands[name] = value
    simulation.run(2.0)
    return simulation
