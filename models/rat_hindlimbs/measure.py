"""Starting the rat, and measuring how it steps and what a disturbance does to its rhythm."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis import gait
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import unknown_name

from .adapters import HALF_CENTRES
from .anatomy import ACTIONS, JOINTS, LEFT, RIGHT, SIDES
from .nervous_system import PATTERNS

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population

POSE_NOISE = 0.03  # rad, standard deviation of the six hinges at the start
STANCE_LOAD = 0.01  # N; a foot that carries a hundredth of the hindquarters' weight stands
SAMPLE = 0.001  # s between samples
BOUNCE = 30  # samples: a foot that is off the ground for less than 30 ms has not swung
LYING = 0.05  # m, height of the pelvis below which the legs do not bear it any more
PULSE, CURRENT = 0.1, -10.0  # s, nA: the stimuli of the AnimatLab project

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What stepping was like.

    Attributes:
        speed: Forward over the ground or against the belt, m/s.
        period: Of the left rhythm generator, s; nan where it stands still.
        spread: Standard deviation of its periods, s.
        lag: Phase of the right rhythm generator in the left one's cycle, 0 to 1.
        pattern: Cycles of the left hip's pattern formation pair per cycle of the rhythm generator.
        ranges: Least and greatest angle of each joint of the left leg, rad.
        gait: Stance and swing of the feet.
        load: Mean load on both feet together, N.
        swing_height: How far the toes rise above the lowest point of their path, mean of both, mm.
        slip: Way that toes under load glide over the ground, as a share of the way walked.
        scuff: Share of the time in which a toe goes forward under load.
        lowest: Least height of the pelvis, m.
    """

    speed: float
    period: float
    spread: float
    lag: float
    pattern: float
    ranges: dict[str, tuple[float, float]]
    gait: gait.Gait
    load: float
    swing_height: float
    slip: float
    scuff: float
    lowest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """What a pulse of current did.

    Attributes:
        shift: Phase of the rhythm generator against the undisturbed run's, long after, in cycles, -0.5 to 0.5; positive
            is later.
        lost: How much lower the motor neurons of its half-centre peaked while it lasted, mV, the strongest of them.
    """

    shift: float
    lost: float


def start(simulation: Simulation, seed: int) -> None:
    """Put the animal at the start of a run: standing, with a pose of its own, the left leg about to swing.

    Args:
        simulation: Of the rat.
        seed: Seed of the pose.
    """
    simulation.reset(seed=seed, keyframe="start")
    model, data = simulation.model, simulation.data
    hinges = [model.joint(f"{side}{joint}").qposadr[0] for side in SIDES for joint in JOINTS]
    data.qpos[hinges] += POSE_NOISE * np.random.default_rng(seed).standard_normal(len(hinges))
    mujoco.mj_forward(model, data)


def fallen(life: "Simulation | Population") -> NDArray[np.bool_]:
    """Whether the legs no longer bear the trunk; of a population, bool [n]."""
    return life.data.body("pelvis").xpos[..., 2] < LYING


def place(life: "Simulation | Population") -> tuple[Floats, Floats]:
    """Where on its ground it is, m; on a treadmill, on the belt. Of a population, x and y [n]."""
    trunk = life.data.body("pelvis").xpos
    return trunk[..., 0] + _belt(life), trunk[..., 1].copy()


def walk(simulation: Simulation, *, seconds: float, drive: float = 1.0, settling: float = 1.0) -> Walk:
    """Let the animal step under a constant drive, from where it is, and measure it.

    Args:
        simulation: Of the rat, on any terrain.
        seconds: How long.
        drive: Command, 0 to 1.
        settling: Seconds at the beginning that are not measured.

    Raises:
        DivergenceError: The simulation diverged.
    """
    simulation.commands["drive"] = drive
    simulation.run(settling)
    model, data = simulation.model, simulation.data
    toes = [model.site(f"{side}toe").id for side in SIDES]
    sensors = [model.sensor(f"{side}touch").adr[0] for side in SIDES]
    hinges = [model.joint(f"{LEFT}{joint}").qposadr[0] for joint in JOINTS]
    ahead, behind = _centres(simulation, f"{LEFT}RG", f"{RIGHT}RG", f"{LEFT}PF_hip")
    count = round((seconds - settling) / SAMPLE)
    way, height, load = np.empty(count), np.empty(count), np.empty((count, 2))
    tread = np.empty((count, 2))  # of the toes along what they tread on
    toe, angle, centre = np.empty((count, 2, 3)), np.empty((count, 3)), np.empty((count, 3))
    for i in range(count):
        simulation.step(round(SAMPLE / model.opt.timestep))
        way[i], height[i] = place(simulation)[0], data.body("pelvis").xpos[2]
        load[i], toe[i], angle[i] = data.sensordata[sensors], data.site_xpos[toes], data.qpos[hinges]
        tread[i] = toe[i, :, 0] + _belt(simulation)
        centre[i] = simulation.potentials[ahead] - simulation.potentials[behind]
    left, right, pattern = (_onsets(signal) for signal in centre.T)
    periods = np.diff(left) * SAMPLE
    standing = gait.stance(load, STANCE_LOAD, gap=BOUNCE, shortest=BOUNCE)
    gliding = np.diff(tread, axis=0)
    loaded = (load[1:] > STANCE_LOAD) & (load[:-1] > STANCE_LOAD)
    walked = way[-1] - way[0]
    return Walk(
        speed=float(walked / (count * SAMPLE)),
        period=float(periods.mean()) if len(periods) else float("nan"),
        spread=float(periods.std()) if len(periods) else float("nan"),
        lag=float(np.angle(gait.mean_phase(right, left)) / (2 * np.pi) % 1.0),
        pattern=(len(pattern) - 1) / len(periods) if len(periods) else float("nan"),
        ranges={joint: (float(a.min()), float(a.max())) for joint, a in zip(JOINTS, angle.T, strict=True)},
        gait=gait.analyse(standing, ("left", "right"), SAMPLE, pairs=(("right", "left"),)),
        load=float(load.sum(axis=1).mean()),
        swing_height=float(np.mean(toe[:, :, 2].max(axis=0) - toe[:, :, 2].min(axis=0))) * 1e3,
        slip=float((np.abs(gliding) * loaded).sum() / 2 / max(abs(walked), 1e-9)),
        scuff=float(((gliding > 1e-5) & loaded).mean()),
        lowest=float(height.min()),
    )


def disturb(
    simulation: Simulation, half_centre: str, *, at: float, drive: float = 1.0, seconds: float = 3.0
) -> Disturbance:
    """Give a half-centre AnimatLab's pulse (-10 nA for 100 ms), and compare with what would have been without.

    Args:
        simulation: Of the rat; it goes on from where it is, and is put back there.
        half_centre: Its name, as "L_RG_extensor" or "L_PF_hip_flexor".
        at: When the pulse begins, s from now.
        drive: Command, 0 to 1.
        seconds: How long to watch from the pulse's beginning.

    Raises:
        UnknownNameError: There is no such half-centre.
        DivergenceError: The simulation diverged.
    """
    places = [f"{prefix}{name}" for prefix in SIDES for name in HALF_CENTRES]
    if half_centre not in places:
        raise unknown_name("half-centre", half_centre, places, "the rat")
    simulation.commands["drive"] = drive
    origin = simulation.snapshot()
    side, (layer, action) = half_centre[:2], half_centre[2:].rsplit("_", 1)
    joints = PATTERNS.get(layer.removeprefix("PF_"), JOINTS)
    muscles = [simulation.brain.neuron(f"{side}MN_{joint}_{action}") for joint in joints]
    ahead, behind = _centres(simulation, f"{side}RG")
    runs = []
    for current in (0.0, CURRENT):
        simulation.restore(origin)
        simulation.run(at)
        simulation.commands[half_centre] = current
        steps, motor = [], []
        for i in range(round(seconds / SAMPLE)):
            if i == round(PULSE / SAMPLE):
                simulation.commands[half_centre] = 0.0
            simulation.step(round(SAMPLE / simulation.model.opt.timestep))
            steps.append((simulation.potentials[ahead] - simulation.potentials[behind])[0])
            if i < round(PULSE / SAMPLE):
                motor.append(simulation.potentials[muscles].copy())
        runs.append((_onsets(np.array(steps)) * SAMPLE, np.array(motor).max(axis=0)))
    simulation.restore(origin)
    (before, peaks), (after, lower) = runs
    period = float(np.diff(before).mean())
    late = after[-1]
    shift = (late - before[np.abs(before - late).argmin()]) / period
    return Disturbance(shift=float((shift + 0.5) % 1.0 - 0.5), lost=float((peaks - lower).max()))


def _onsets(signal: Floats) -> NDArray[np.intp]:
    """Samples at which the extensor half-centre [T] takes over."""
    return np.flatnonzero((signal[1:] > 0) & (signal[:-1] <= 0)) + 1


def _centres(simulation: Simulation, *layers: str) -> list[list[int]]:
    """Neurons of the extensor half-centres of layers, and of the flexor ones."""
    return [[simulation.brain.neuron(f"{layer}_{action}") for layer in layers] for action in ACTIONS]


def _belt(life: "Simulation | Population") -> Floats | float:
    """How far the belt has gone backwards, m; 0 without one."""
    found = mujoco.mj_name2id(life.model, mujoco.mjtObj.mjOBJ_JOINT, "belt")
    return life.data.joint(found).qpos[..., 0] if found >= 0 else 0.0
