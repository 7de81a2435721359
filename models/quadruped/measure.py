"""Starting the quadruped, and measuring how it walks: one run, from its pose and the load on its feet."""

from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis import gait
from sns_mujoco.cosim.simulation import Simulation

from .anatomy import HIP_HEIGHT, LIMBS

GRAVITY = 9.81  # m/s^2
STANCE_LOAD = 0.4  # N; a foot that carries a hundredth of the animal's weight stands
BOUNCE = 0.03  # s; a foot that leaves the ground for less has not swung, one that touches it for less has not stood
SAMPLE = 0.002  # s between samples
SETTLING = 2.0  # s at the start of a run that are not measured
POSE_NOISE = 0.03  # rad, standard deviation of the twelve hinges at the start
DROP = 0.004  # m; no foot starts inside the ground

UPRIGHT = 0.6  # cosine of the tilt at which the animal has fallen: 53 degrees
LYING = 0.6 * HIP_HEIGHT  # m; a trunk lower than this is not borne by the limbs

LAG_PAIRS = (("LF", "LH"), ("RF", "RH"), ("RH", "LH"), ("RF", "LH"))
"""Fore behind hind on both sides, right hind behind left hind, and the diagonal: feet (foot, reference)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What one run was like, after its first two seconds.

    Attributes:
        speed: Distance between the ends of the path over the time, m/s.
        path_speed: Length of the path at 2 Hz over the time, m/s.
        froude: Froude number, speed^2 / (g h) with the height h of the hip of the standing animal.
        turning: Mean yaw rate, degrees per second, positive to the left.
        fell: When it fell, s from the start of the run; nan if it did not.
        height: Mean height of the trunk, m.
        heave: Its standard deviation, mm.
        tilt: Mean angle between the trunk's and the world's vertical, degrees.
        gait: Strides, duty factor, swing duration and phase lags.
    """

    speed: float
    path_speed: float
    froude: float
    turning: float
    fell: float
    height: float
    heave: float
    tilt: float
    gait: gait.Gait


def start(simulation: Simulation, seed: int) -> None:
    """Put the animal at the start of a run: standing, with a pose and sensor noise of its own.

    Args:
        simulation: Of the quadruped.
        seed: Seed of both.
    """
    simulation.reset(seed=seed, keyframe="stand")
    data = simulation.data
    hinges = 4 * 3
    data.qpos[-hinges:] += POSE_NOISE * np.random.default_rng(seed).standard_normal(hinges)
    if len(data.qpos) > hinges:
        data.qpos[2] += DROP
    mujoco.mj_forward(simulation.model, data)


def fallen(simulation: Any) -> Any:
    """Whether the animal has fallen over, or its limbs do not bear it; of a population, each of its animals."""
    trunk = simulation.data.body("trunk")
    return (trunk.xmat[..., 8] < UPRIGHT) | (trunk.xpos[..., 2] < LYING)


def walk(simulation: Simulation, *, seconds: float, drive: float) -> Walk:
    """Let the animal walk under a constant drive, from where it is, and measure it.

    Args:
        simulation: Of the quadruped, on the ground.
        seconds: How long, more than the two seconds that it is given to settle.
        drive: Command, 0 to 1.

    Raises:
        DivergenceError: The simulation diverged.
    """
    simulation.commands["drive"] = drive
    model, data = simulation.model, simulation.data
    sensors = [model.sensor(f"{limb}_touch").adr[0] for limb in LIMBS]
    every = round(SAMPLE / model.opt.timestep)
    count = round(seconds / SAMPLE)
    pose, load, fell = np.empty((count, 7)), np.empty((count, 4)), float("nan")
    for i in range(count):
        simulation.step(every)
        pose[i], load[i] = data.qpos[:7], data.sensordata[sensors]
        if np.isnan(fell) and fallen(simulation):
            fell = (i + 1) * SAMPLE
    settled = slice(round(SETTLING / SAMPLE), None)
    return _measure(pose[settled], load[settled], fell)


def _measure(pose: NDArray[np.float64], load: NDArray[np.float64], fell: float) -> Walk:
    seconds = len(pose) * SAMPLE
    place, (w, x, y, z) = pose[:, :2], pose[:, 3:].T
    yaw = np.unwrap(np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)))
    upright = 1 - 2 * (x * x + y * y)
    legs = np.diff(place[:: round(0.5 / SAMPLE)], axis=0)
    speed = float(np.linalg.norm(place[-1] - place[0])) / seconds
    bounce = round(BOUNCE / SAMPLE)
    standing = gait.stance(load, STANCE_LOAD, gap=bounce, shortest=bounce)
    return Walk(
        speed=speed,
        path_speed=float(np.linalg.norm(legs, axis=1).sum()) / seconds,
        froude=speed**2 / (GRAVITY * HIP_HEIGHT),
        turning=float(np.degrees(yaw[-1] - yaw[0])) / seconds,
        fell=fell,
        height=float(pose[:, 2].mean()),
        heave=float(pose[:, 2].std()) * 1e3,
        tilt=float(np.degrees(np.arccos(np.clip(upright, -1, 1))).mean()),
        gait=gait.analyse(standing, LIMBS, SAMPLE, pairs=LAG_PAIRS),
    )
