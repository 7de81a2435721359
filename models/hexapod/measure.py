"""How well the hexapod walks: one run, measured from its pose and the load on its feet."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis import gait
from sns_mujoco.cosim.simulation import Simulation

from .anatomy import BODY_LENGTH, LEGS, STANDING_HEIGHT, neighbours

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population

LENGTH = BODY_LENGTH * 1e-3  # m
STANCE_LOAD = 2e-4  # N; a foot that carries a hundredth of the animal's weight stands
CLEARANCE = 1e-3  # m; a foot that loses contact but rises less has not swung: it bounces, or hovers unloaded
SAMPLE = 0.002  # s between samples
SETTLING = 2.0  # s at the start of a run that are not measured
POSE_NOISE = 0.03  # rad, standard deviation of the 18 joint angles at the start
DROP = 5e-4  # m; no foot starts inside the ground

UPRIGHT = 0.5  # cosine of the tilt at which the animal has fallen: 60 degrees
LYING = 0.45 * STANDING_HEIGHT * 1e-3  # m; with its centre lower than this the belly is on level ground

# Touchdown of the leg behind against that in front, and of the right leg against the left.
LAG_PAIRS = tuple((leg, front) for leg in LEGS if (front := neighbours(leg)[1])) + tuple(
    (f"R{pair}", f"L{pair}") for pair in (1, 2, 3)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What one run was like, after its first two seconds.

    Attributes:
        speed: Distance between the ends of the path, body lengths per second.
        path_speed: Length of the path, body lengths per second, at 10 Hz.
        last_speed: Distance covered in the last quarter of the run, body lengths per second.
        turning: Mean yaw rate, degrees per second, positive to the left.
        fallen: Whether the body ever tilted by more than 60 degrees or came down to level ground.
        height: Mean height of the body's centre, mm.
        heave: Its standard deviation, mm.
        tilt: Mean angle between the body's and the world's vertical, degrees.
        swing_height: Mean over legs of the greatest height of the foot above its lowest, mm.
        slip: Way that feet in contact glide, as a share of the way walked.
        gait: Strides, duty factor, swing duration and phase lags.
    """

    speed: float
    path_speed: float
    last_speed: float
    turning: float
    fallen: bool
    height: float
    heave: float
    tilt: float
    swing_height: float
    slip: float
    gait: gait.Gait

    @property
    def lag_error(self) -> float:
        """Largest distance of a mean phase lag from one half; nan where a leg does not step."""
        return max(abs(lag - 0.5) for lag in self.gait.lags.values())


def start(simulation: Simulation, seed: int) -> None:
    """Put the animal at the start of a run: standing, with a pose and sensor noise of its own.

    Args:
        simulation: Of the hexapod.
        seed: Seed of both.
    """
    simulation.reset(seed=seed, keyframe="stand")
    data = simulation.data
    data.qpos[7:] += POSE_NOISE * np.random.default_rng(seed).standard_normal(len(data.qpos) - 7)
    data.qpos[2] += DROP
    mujoco.mj_forward(simulation.model, data)


def fallen(life: "Simulation | Population") -> NDArray[np.bool_]:
    """Whether the animal has fallen over, or lies on its belly; of a population, bool [n]."""
    torso = life.data.body("torso")
    return (torso.xmat[..., 8] < UPRIGHT) | (torso.xpos[..., 2] < LYING)


def walk(simulation: Simulation, *, seconds: float, drive: float = 1.0, turn: float = 0.0) -> Walk:
    """Let the animal walk under constant commands, from where it is, and measure it.

    Args:
        simulation: Of the hexapod.
        seconds: How long, more than the two seconds that it is given to settle.
        drive: Command, 0 to 1.
        turn: Command, -1 (right) to 1 (left).

    Returns:
        What it was like.

    Raises:
        DivergenceError: The simulation diverged.
    """
    simulation.commands["drive"], simulation.commands["turn"] = drive, turn
    model, data = simulation.model, simulation.data
    sites = [model.site(f"{leg}_foot").id for leg in LEGS]
    sensors = [model.sensor(f"{leg}_touch").adr[0] for leg in LEGS]
    every = round(SAMPLE / model.opt.timestep)
    count = round(seconds / SAMPLE)
    pose, load, foot = np.empty((count, 7)), np.empty((count, 6)), np.empty((count, 6, 3))
    for i in range(count):
        simulation.step(every)
        pose[i], load[i], foot[i] = data.qpos[:7], data.sensordata[sensors], data.site_xpos[sites]
    settled = slice(round(SETTLING / SAMPLE), None)
    return _measure(pose[settled], load[settled], foot[settled])


def _measure(pose: NDArray[np.float64], load: NDArray[np.float64], foot: NDArray[np.float64]) -> Walk:
    seconds = len(pose) * SAMPLE
    place, (w, x, y, z) = pose[:, :2], pose[:, 3:].T
    yaw = np.unwrap(np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)))
    upright = 1 - 2 * (x * x + y * y)
    path = _length(place[:: round(0.1 / SAMPLE)])
    last = place[3 * len(place) // 4 :]
    standing = _stance(load, foot[:, :, 2])
    gliding = (
        np.linalg.norm(np.diff(foot[:, :, :2], axis=0), axis=2) * (load[1:] > STANCE_LOAD) * (load[:-1] > STANCE_LOAD)
    )
    return Walk(
        speed=float(np.linalg.norm(place[-1] - place[0])) / seconds / LENGTH,
        path_speed=path / seconds / LENGTH,
        last_speed=float(np.linalg.norm(last[-1] - last[0])) / (len(last) * SAMPLE) / LENGTH,
        turning=float(np.degrees(yaw[-1] - yaw[0])) / seconds,
        fallen=bool(upright.min() < UPRIGHT or pose[:, 2].min() < LYING),
        height=float(pose[:, 2].mean()) * 1e3,
        heave=float(pose[:, 2].std()) * 1e3,
        tilt=float(np.degrees(np.arccos(np.clip(upright, -1, 1))).mean()),
        swing_height=float(np.mean(foot[:, :, 2].max(axis=0) - foot[:, :, 2].min(axis=0))) * 1e3,
        slip=float(gliding.sum()) / 6 / max(path, 1e-9),
        gait=gait.analyse(standing, LEGS, SAMPLE, pairs=LAG_PAIRS),
    )


def _stance(load: NDArray[np.float64], height: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Stance of each foot [T, F]: in contact, or out of it without having risen by `CLEARANCE`."""
    standing = load > STANCE_LOAD
    for column, rise in zip(standing.T, height.T, strict=True):
        edges = np.flatnonzero(np.diff(np.concatenate(([True], column, [True])).astype(np.int8)))
        for off, on in edges.reshape(-1, 2):
            if rise[off:on].max() - rise[max(off - 1, 0)] < CLEARANCE:
                column[off:on] = True
    return standing


def _length(path: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
