"""The hexapod's body as a MuJoCo model: 18 hinges under position servos, six feet with touch sensors.

All joint angles are zero in the standing posture. Positive angles protract the coxa, levate the femur and extend
the tibia, on both sides alike. Only the feet and the belly touch the ground, and nothing touches the body itself:
few contact pairs keep a step cheap, and the legs' paths cross nowhere in walking.
"""

import mujoco
import numpy as np
from numpy.typing import NDArray

from .anatomy import (
    BODY_MASS,
    COXA_SLOPE,
    FOOT_RADIUS,
    JOINTS,
    LEG_TYPES,
    SIDES,
    STANDING_HEIGHT,
    LegType,
    leg_angles,
)
from .terrain import add_terrain

MM, GRAM = 1e-3, 1e-3  # to SI
TIMESTEP = 0.001  # s; contacts take four of it, and a quarter of it costs 8 % of the speed (README.md)
GROUND, BODY = 1, 1  # contact bits: the ground's type meets the body's affinity; nothing else meets

# Inertia added to every joint, kg m^2: about that of the hind leg below the trochanter. It stands for what moves with
# the joint inside the animal, and lets the lightest segments do with the time step.
ARMATURE = 1e-8
# Of a servo on its own segment; of the body on three legs it is about a half. Insect legs are damped strongly: an
# isolated hind leg of this species comes back from a blow within 16 to 46 ms (Dudek & Full 2007, J Exp Biol 210:3209).
DAMPING_RATIO = 2.0
# Range of each joint around the standing posture, rad: protraction, levation, extension.
RANGES = {"coxa": (-0.8, 0.8), "femur": (-0.9, 1.1), "tibia": (-1.1, 1.1)}
# Passive forces bring a joint back towards the standing posture from this far on, rad: a soft stop that yields. In
# small animals they rule the posture of unloaded legs (Hooper et al. 2009, J Neurosci 29:4109). Their size here is
# tuned: without them the neighbours' phase lags are off by 0.15 of a stride instead of 0.01 (README.md).
SLACK = 0.014
TORQUE_LIMIT = 1.2e-3  # N m: several times what a leg needs that carries a third of the body at full reach

COLOURS = {
    "shield": (0.34, 0.155, 0.06, 1), "shield_dark": (0.10, 0.045, 0.025, 1), "pale": (0.72, 0.52, 0.30, 1),
    "wing": (0.43, 0.22, 0.085, 1), "vein": (0.30, 0.14, 0.05, 1), "abdomen": (0.36, 0.175, 0.075, 1),
    "tergite": (0.24, 0.105, 0.045, 1), "head": (0.27, 0.12, 0.05, 1), "eye": (0.03, 0.02, 0.02, 1),
    "coxa": (0.47, 0.25, 0.11, 1), "femur": (0.52, 0.28, 0.12, 1), "tibia": (0.40, 0.20, 0.08, 1),
    "tarsus": (0.30, 0.15, 0.065, 1), "antenna": (0.22, 0.11, 0.05, 1),
}  # fmt: skip


def body(terrain: str = "flat", seed: int = 0) -> mujoco.MjSpec:
    """Build the hexapod on its ground.

    Args:
        terrain: "flat" is a plane; "rough" a height field whose peaks are a quarter of the standing height.
        seed: Seed of the rough ground.

    Returns:
        A fresh model description: bodies "torso", "L1_coxa" ... "R3_tibia"; joints and actuators "L1_coxa" ...;
        feet (geoms and sites) "L1_foot" ...; sensors "L1_touch" ... (N); camera "track"; keyframe "stand".

    Raises:
        ValueError: Unknown terrain.
    """
    spec = mujoco.MjSpec()
    spec.compiler.degree = False  # joint ranges are in rad
    spec.modelname = "hexapod"
    option = spec.option
    option.timestep = TIMESTEP
    option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    option.impratio = 10.0  # friction as hard as the normal force: feet do not creep under a standing animal
    spec.stat.meansize = 2 * MM
    spec.stat.extent = 0.1
    spec.stat.center[:] = (0, 0, 0.008)
    spec.visual.headlight.ambient[:] = (0.3, 0.3, 0.32)
    spec.visual.headlight.diffuse[:] = (0.22, 0.22, 0.22)
    spec.visual.headlight.specular[:] = (0.1, 0.1, 0.1)
    for name, rgba in COLOURS.items():
        spec.add_material(name=name, rgba=rgba, specular=0.5, shininess=0.6)
    add_terrain(spec, terrain, seed, contype=GROUND)
    torso = _torso(spec)
    for side, sign in SIDES.items():
        for pair, leg in LEG_TYPES.items():
            _leg(spec, torso, f"{side}{pair}", leg, sign)
    height = STANDING_HEIGHT * MM
    spec.add_key(name="stand", qpos=[0, 0, height, 1, 0, 0, 0] + [0] * 18)
    return spec


def _torso(spec: mujoco.MjSpec) -> mujoco.MjsBody:
    torso = spec.worldbody.add_body(name="torso", pos=(0, 0, STANDING_HEIGHT * MM))
    torso.add_freejoint(name="root")
    legs = sum(2 * (leg.coxa_femur_mass + leg.tibia_mass) for leg in LEG_TYPES.values())
    mass = BODY_MASS - legs
    # Two ellipsoids carry the mass and touch the ground: head and thorax (38 % of the length), and abdomen.
    for name, x, semi, share in (
        ("belly_thorax", 12.5, (13.0, 8.0, 3.4), 0.42),
        ("belly_abdomen", -9.5, (16.5, 10.0, 3.6), 0.58),
    ):
        torso.add_geom(
            name=name, type=mujoco.mjtGeom.mjGEOM_ELLIPSOID, pos=_mm(x, 0, 0), size=_mm(*semi), material="abdomen",
            mass=mass * share * GRAM, contype=0, conaffinity=BODY, priority=1, condim=3, friction=(0.4, 0, 0),
            solref=(0.004, 1),
        )  # fmt: skip
    _ellipsoid(torso, "pronotum", (16.0, 0, 1.5), (7.6, 9.3, 2.9), "shield", (0, 4, 0))
    _ellipsoid(torso, "pronotum_patch", (15.4, 0, 2.2), (5.0, 5.8, 2.5), "shield_dark", (0, 4, 0))
    _ellipsoid(torso, "pronotum_rim", (16.0, 0, 0.9), (8.3, 10.0, 1.6), "pale", (0, 4, 0))
    _ellipsoid(torso, "head", (22.4, 0, -1.4), (3.5, 3.4, 2.9), "head", (0, 55, 0))
    _ellipsoid(torso, "wing_suture", (-6.5, 0, 3.35), (17.5, 0.5, 0.6), "vein", (0, -3.5, 0))
    for i in range(6):  # the abdomen's rings show behind and beside the wings
        x = -1.0 - 4.3 * i
        width = 11.2 * np.sqrt(1 - ((x + 5) / 23.5) ** 2)
        _ellipsoid(
            torso, f"tergite_{i + 1}", (x, 0, 0.2), (4.4, width, 3.6 - 0.3 * i), "tergite" if i % 2 else "abdomen"
        )
    for side, sign in SIDES.items():
        _ellipsoid(torso, f"{side}_eye", (22.6, 2.7 * sign, -0.4), (1.2, 1.0, 1.6), "eye")
        _ellipsoid(
            torso, f"{side}_wing", (-7.2, 3.9 * sign, 2.0), (18.6, 6.7, 1.7), "wing", (9 * sign, -3.5, 2.5 * sign)
        )
        _capsule(torso, f"{side}_cercus", (-23.0, 3.0 * sign, 0.2), (-28.0, 5.2 * sign, 1.0), 0.5, "tarsus")
        path = [(24.6, 1.6, 0.2), (29.0, 5.0, 3.4), (35.0, 9.4, 5.6), (42.0, 14.0, 6.2), (49.0, 18.0, 5.2)]
        for i, (a, b) in enumerate(zip(path, path[1:], strict=False)):
            a, b = (a[0], a[1] * sign, a[2]), (b[0], b[1] * sign, b[2])
            _capsule(torso, f"{side}_antenna_{i + 1}", a, b, 0.36 - 0.06 * i, "antenna")
    torso.add_light(
        name="sun", type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL, mode=mujoco.mjtCamLight.mjCAMLIGHT_TRACK,
        pos=(-0.035, -0.05, 0.1), dir=(0.35, 0.5, -1), diffuse=(0.62, 0.6, 0.56), ambient=(0.1, 0.1, 0.11),
        castshadow=True,
    )  # fmt: skip
    torso.add_camera(
        name="track", pos=(0.035, -0.125, 0.062), xyaxes=(0.963, 0.27, 0, -0.108, 0.385, 0.917),
        mode=mujoco.mjtCamLight.mjCAMLIGHT_TRACK, fovy=38,
    )  # fmt: skip
    return torso


def _leg(spec: mujoco.MjSpec, torso: mujoco.MjsBody, name: str, leg: LegType, sign: float) -> None:
    """Add one leg: three segments, each drawn along its body's own x axis, hinged at its own origin."""
    azimuth, femur, tibia = leg_angles(leg, 0.0)
    slope = np.radians(COXA_SLOPE)
    coxa_frame = _turn(sign * (np.pi / 2 - azimuth), (0, 0, 1))
    coxa = torso.add_body(name=f"{name}_coxa", pos=_mm(leg.hip[0], sign * leg.hip[1], leg.hip[2]), quat=coxa_frame)
    knee = (leg.coxa * np.cos(slope), 0, -leg.coxa * np.sin(slope))
    thigh = coxa.add_body(name=f"{name}_femur", pos=_mm(*knee), quat=_turn(-femur, (0, 1, 0)))
    shank = thigh.add_body(name=f"{name}_tibia", pos=_mm(leg.femur, 0, 0), quat=_turn(femur - tibia, (0, 1, 0)))

    stout = leg.femur / 10
    _segment(coxa, f"{name}_coxa", (0, 0, 0), knee, 1.9 * stout**0.5, "coxa", leg.coxa_femur_mass * 0.45)
    _segment(
        thigh, f"{name}_femur", (0, 0, 0), (leg.femur, 0, 0), 1.35 * stout**0.5, "femur", leg.coxa_femur_mass * 0.55
    )
    ankle = 0.62 * leg.tibia
    _capsule(shank, f"{name}_tibia", (0, 0, 0), (0.55 * ankle, 0, 0), 0.72, "tibia", leg.tibia_mass * 0.5)
    _capsule(shank, f"{name}_tibia_end", (0.5 * ankle, 0, 0), (ankle, 0, 0), 0.58, "tibia", leg.tibia_mass * 0.25)
    _capsule(shank, f"{name}_tarsus", (ankle, 0, 0), (leg.tibia, 0, 0), 0.36, "tarsus", leg.tibia_mass * 0.2)
    for i, (along, lean) in enumerate(((0.35, 1), (0.55, -1), (0.75, 1), (0.95, -1))):  # the spines of the tibia
        root = (along * ankle, 0, 0)
        tip = (along * ankle + 1.1, 0.8 * lean, 0.9)
        _capsule(shank, f"{name}_spine_{i + 1}", root, tip, 0.14, "tarsus")
    foot = _mm(leg.tibia, 0, 0)
    claw = FOOT_RADIUS - 0.45  # the drawn foot is a small ball inside the soft one that the ground feels
    _capsule(shank, f"{name}_claw", (leg.tibia, 0, 0), (leg.tibia + claw, 0, 0), 0.45, "tarsus")
    shank.add_geom(
        name=f"{name}_foot", type=mujoco.mjtGeom.mjGEOM_SPHERE, pos=foot, size=(FOOT_RADIUS * MM, 0, 0), group=3,
        mass=leg.tibia_mass * 0.05 * GRAM, contype=0, conaffinity=BODY, condim=3, priority=1, friction=(1.2, 0, 0),
        solref=(0.004, 1), solimp=(0.9, 0.95, 1e-4, 0.5, 2), material="tarsus",
    )  # fmt: skip
    shank.add_site(name=f"{name}_foot", pos=foot, size=(1.5 * FOOT_RADIUS * MM,) * 3, group=4)
    spec.add_sensor(
        name=f"{name}_touch", type=mujoco.mjtSensor.mjSENS_TOUCH, objtype=mujoco.mjtObj.mjOBJ_SITE,
        objname=f"{name}_foot",
    )  # fmt: skip
    axes = {"coxa": (0, 0, -sign), "femur": (0, -1, 0), "tibia": (0, -1, 0)}
    for joint, segment in zip(JOINTS, (coxa, thigh, shank), strict=True):
        label = f"{name}_{joint}"
        segment.add_joint(
            name=label, type=mujoco.mjtJoint.mjJNT_HINGE, axis=axes[joint], range=RANGES[joint], armature=ARMATURE,
        )  # fmt: skip
        servo = spec.add_actuator(
            name=label, trntype=mujoco.mjtTrn.mjTRN_JOINT, target=label, ctrlrange=RANGES[joint],
            forcerange=(-TORQUE_LIMIT, TORQUE_LIMIT),
        )  # fmt: skip
        servo.set_to_position(kp=leg.stiffness, dampratio=DAMPING_RATIO)
        ligament = spec.add_tendon(
            name=f"{label}_ligament", limited=True, range=(-SLACK, SLACK), solref_limit=(0.02, 1),
            solimp_limit=(0.9, 0.95, 0.001, 0.5, 2),
        )  # fmt: skip
        ligament.wrap_joint(label, 1.0)


def _segment(
    body: mujoco.MjsBody,
    name: str,
    a: tuple[float, ...],
    b: tuple[float, ...],
    radius: float,
    material: str,
    mass: float,
) -> None:
    """A swollen segment between two points: an ellipsoid, as cockroach coxae and femora are."""
    a_, b_ = np.array(a), np.array(b)
    axis = b_ - a_
    pitch = np.arctan2(-axis[2], axis[0])
    body.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_ELLIPSOID, pos=_mm(*(a_ + b_) / 2), quat=_turn(pitch, (0, 1, 0)),
        size=_mm(0.56 * float(np.linalg.norm(axis)), radius, 0.85 * radius), mass=mass * GRAM, material=material,
        contype=0, conaffinity=0,
    )  # fmt: skip


def _capsule(
    body: mujoco.MjsBody, name: str, a: tuple[float, ...], b: tuple[float, ...], radius: float, material: str,
    mass: float = 0.0,
) -> None:  # fmt: skip
    body.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_CAPSULE, fromto=[*_mm(*a), *_mm(*b)], size=(radius * MM, 0, 0),
        mass=mass * GRAM, material=material, contype=0, conaffinity=0,
    )  # fmt: skip


def _ellipsoid(
    body: mujoco.MjsBody, name: str, centre: tuple[float, ...], semi: tuple[float, ...], material: str,
    tilt: tuple[float, float, float] = (0, 0, 0),
) -> None:  # fmt: skip
    """A part that is only seen: no mass, no contact. `tilt` turns about x, y, z in degrees."""
    quat = np.array([1.0, 0, 0, 0])
    for angle, axis in zip(np.radians(tilt), np.eye(3), strict=True):
        product = np.empty(4)
        mujoco.mju_mulQuat(product, _turn(angle, axis), quat)
        quat = product
    body.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_ELLIPSOID, pos=_mm(*centre), size=_mm(*semi), quat=quat, mass=0.0,
        material=material, contype=0, conaffinity=0,
    )  # fmt: skip


def _mm(*values: float) -> NDArray[np.float64]:
    return np.array(values) * MM


def _turn(angle: float, axis: NDArray[np.float64] | tuple[float, float, float]) -> NDArray[np.float64]:
    quat = np.empty(4)
    mujoco.mju_axisAngle2Quat(quat, np.asarray(axis, dtype=float), angle)
    return quat
