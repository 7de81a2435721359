"""How the joint steps: where it starts, and what its rhythm is like."""

from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.simulation import Simulation

NEURAL_STEP = 0.5  # ms; the fastest membranes follow within 2 ms
STANCE_LOAD = 0.05  # N; a foot that carries more stands
SAMPLE = 0.002  # s
SETTLING = 3.0  # s at the start of a run that are not measured
POSE_NOISE = 0.05  # rad, standard deviation of the angle at the start


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Mean durations over whole cycles, s (nan without a rhythm), and the joint's angles.

    Attributes:
        stance: The foot stands; only on the ground.
        swing: It does not.
        extension: Turn of the extensor half-centre.
        flexion: Turn of the flexor half-centre.
        angles: Least and greatest angle, rad.
    """

    stance: float
    swing: float
    extension: float
    flexion: float
    angles: tuple[float, float]


def start(simulation: Simulation, seed: int) -> None:
    """Put the limb at the start of a run: nearly hanging, with a pose of its own.

    Args:
        simulation: Of the antagonist joint.
        seed: Seed of the pose.
    """
    simulation.reset(seed=seed)
    simulation.data.joint("hip").qpos[0] = POSE_NOISE * np.random.default_rng(seed).standard_normal()
    mujoco.mj_forward(simulation.model, simulation.data)


def rhythm(simulation: Simulation, drive: float, *, seconds: float = 10.0) -> Rhythm:
    """Let the limb step under a constant drive, and measure it after `SETTLING`.

    Args:
        simulation: Of the antagonist joint.
        drive: Command, 0 to 1.
        seconds: How long.

    Returns:
        What the rhythm was like.
    """
    start(simulation, 0)
    simulation.commands["drive"] = drive
    simulation.run(SETTLING)
    count, every = round((seconds - SETTLING) / SAMPLE), round(SAMPLE / simulation.model.opt.timestep)
    load, angle, extending = np.empty(count), np.empty(count), np.empty(count, bool)
    for i in range(count):
        simulation.step(every)
        load[i], angle[i] = simulation.data.sensor("foot").data[0], simulation.data.joint("hip").qpos[0]
        extending[i] = simulation.potential("extensor RG") > simulation.potential("flexor RG")
    stance, swing = durations(load > STANCE_LOAD)
    extension, flexion = durations(extending)
    return Rhythm(
        stance=stance,
        swing=swing,
        extension=extension,
        flexion=flexion,
        angles=(float(angle.min()), float(angle.max())),
    )


def durations(on: NDArray[np.bool_]) -> tuple[float, float]:
    """Mean durations of on and off, s, over whole cycles from onset to onset; nan where there is no whole one."""
    change = np.diff(on.astype(np.int8))
    onsets, ends = np.flatnonzero(change > 0), np.flatnonzero(change < 0)
    if len(onsets) < 2:
        return np.nan, np.nan
    between = ends[(ends > onsets[0]) & (ends < onsets[-1])]
    lasting = float(np.mean(between - onsets[:-1])) * SAMPLE
    return lasting, float(onsets[-1] - onsets[0]) / (len(onsets) - 1) * SAMPLE - lasting
