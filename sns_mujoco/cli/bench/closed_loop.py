"""What a nervous system costs its body: closed loop over open loop, and over the same loop around SNS-Toolbox."""

import mujoco
import numpy as np
from mujoco.batch import Batch

from sns_mujoco.cli.bench import toolbox
from sns_mujoco.cli.bench.timing import ratio
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
    simulation = animal.simulation()
    for name, value in animal.cruise.items():
        simulation.commands[name] = value
    simulation.run(2.0)
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
    states = brains.bind("qpos").copy(), brains.bind("qvel").copy(), brains.bind("plugin_state").copy()

    def closed() -> None:
        brains.bind("qpos")[:], brains.bind("qvel")[:], brains.bind("plugin_state")[:] = states
        brains.rollout(steps, record=("qvel",))

    def opened() -> None:
        bodies.bind("qpos")[:], bodies.bind("qvel")[:] = states[:2]
        bodies.rollout(steps, controls, record=("qvel",))

    over, times = ratio("closed", "open", {"closed": closed, "open": opened}, repeats)
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

    The loop is as its users write it: read the sensors, step the network as often as the physics step asks for, set
    the controls, `mj_step`. Adapters are plain numpy, on all afferents at once.

    Raises:
        MissingDependencyError: SNS-Toolbox is not installed.
    """
    simulation = animal.simulation()
    for name, value in animal.cruise.items():
        simulation.commands[name] = value
    simulation.run(1.0)
    model, data = simulation.model, simulation.data
    steps = round(seconds / model.opt.timestep)
    body = animal.body(animal.terrains[0], 0).compile()
    controls = recorded_controls(simulation, steps)
    substeps, _ = neural_steps(animal.dt, body.opt.timestep)
    program = animal.network().to_program(dt=animal.dt, semantics="textbook")
    network = toolbox.compile_in_toolbox(program)
    x = np.zeros(len(program.input_neuron))
    plain = mujoco.MjData(body)
    plain.qpos[:], plain.qvel[:] = data.qpos, data.qvel
    afferents = np.zeros(max(1, len(simulation.brain.afferents)))
    gains, lows = np.ones_like(afferents), np.zeros_like(afferents)
    motor = np.arange(body.nu) % program.n_neurons
    start = simulation.snapshot()
    spread = np.linspace(0.0, 1.0, len(afferents)) * (len(plain.qpos) - 1)

    def ours() -> None:
        simulation.restore(start)
        mujoco.mj_step(model, data, nstep=steps)

    def theirs() -> None:
        mujoco.mj_resetData(body, plain)
        plain.qpos[:], plain.qvel[:] = start_qpos, start_qvel
        for k in range(steps):
            np.clip((plain.qpos[spread.astype(int)] - lows) * gains, 0.0, 1.0, out=afferents)
            for _ in range(substeps):
                y = network(x)
            np.clip(y[motor] / 20.0, 0.0, 1.0)
            plain.ctrl[:] = controls[k]  # the same controls as ours, so that the bodies do the same work
            mujoco.mj_step(body, plain)

    def body_alone() -> None:
        mujoco.mj_resetData(body, plain)
        plain.qpos[:], plain.qvel[:] = start_qpos, start_qvel
        for k in range(steps):
            plain.ctrl[:] = controls[k]
            mujoco.mj_step(body, plain)

    def their_brain() -> None:
        for _ in range(steps * substeps):
            network(x)

    start_qpos, start_qvel = data.qpos.copy(), data.qvel.copy()
    tasks = {"theirs": theirs, "ours": ours, "their_brain": their_brain, "body": body_alone}
    over, times = ratio("theirs", "ours", tasks, repeats)
    return {"end_to_end": over, "their_brain_us_per_step": times["their_brain"] / steps * 1e6}
