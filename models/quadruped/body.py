"""The quadruped as a MuJoCo model: a free trunk, four limbs of three hinges, sixteen muscles, four feeling feet.

Upper and lower joint of each limb are moved by muscles; abduction is passive, held by a spring that stands for the
ligaments and short muscles about the joint. Feet, belly and head touch the ground, and nothing touches the body itself.
"""

from collections.abc import Sequence

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.muscles import HillMuscle, Muscle, add_muscles

from .anatomy import FOOT_RADIUS, HEAD_MASS, LIMB_TYPES, LIMBS, ROUND, SIDES, TRUNK_MASS, Limb, MuscleData

TIMESTEP = 1e-3  # s
GROUND, BODY = 1, 1  # contact bits: the ground's type meets the body's affinity; nothing else meets
FRICTION = (1.0, 0.005, 0.0001)
HALF_WIDTH = 4.0  # m; the ground is drawn so wide, and felt without end
PAD = (0.010, 1.0)  # s, 1: feet are soft
TERRAINS = ("ground", "air")
AIR_HEIGHT = 0.32  # m, out of reach of the ground

# kg m^2, added to every hinge: less than a tenth of what the limb has about its upper joint. It lets muscles, whose
# damping the engine integrates explicitly, do with a step of 1 ms.
ARMATURE = 2e-4
DAMPING = 0.01  # N m s, of hinges
# N m/rad and N m s/rad of abduction, tuned: stiff enough to carry half the animal beside the midline.
ABDUCTION, ABDUCTION_DAMPING = 12.0, 0.15
ABDUCTION_RANGE = (-0.5, 0.5)

COLOURS = {
    "fur": (0.80, 0.62, 0.40, 1), "fur_dark": (0.52, 0.36, 0.22, 1), "fur_pale": (0.93, 0.86, 0.75, 1),
    "bone": (0.90, 0.86, 0.76, 1), "eye": (0.10, 0.11, 0.09, 1), "nose": (0.35, 0.20, 0.20, 1),
}  # fmt: skip


def body(terrain: str = "ground", seed: int = 0) -> mujoco.MjSpec:
    """Build the quadruped.

    Args:
        terrain: "ground"; or "air", where the trunk is held and the limbs swing freely.
        seed: Of no consequence: neither terrain is random.

    Returns:
        A fresh model description: body "trunk" and segments "LF_arm" ... "RH_shank"; joints "trunk" (free),
        "LF_abduction", "LF_shoulder", "LF_elbow" ... "RH_knee"; muscles, tendons and actuators "LF_protractor" ...;
        geoms and sites "LF_foot" ...; site "head"; sensors "LF_touch" ... (N); camera "side"; keyframe "stand".

    Raises:
        ValueError: Unknown terrain.
    """
    return add_muscles(skeleton(terrain), muscles())


def muscles() -> list[Muscle]:
    """The sixteen muscles, limb by limb."""
    return [
        HillMuscle(
            name=f"{name}_{action}", tendon=f"{name}_{action}", force=muscle.force,
            optimal_length=muscle.optimal_length, tendon_slack_length=muscle.slack_length,
            source="sized by the task; see README.md",
        )
        for name in LIMBS
        for action, muscle in LIMB_TYPES[name[1]].muscles.items()
    ]  # fmt: skip


def skeleton(terrain: str) -> mujoco.MjSpec:
    """The body without its muscles, but with the tendons that they pull; see `body`."""
    if terrain not in TERRAINS:
        raise ValueError(f"terrain is {terrain!r}; it can be {', '.join(map(repr, TERRAINS))}")
    spec = mujoco.MjSpec()
    spec.modelname = "quadruped"
    spec.compiler.degree = False
    spec.option.timestep = TIMESTEP
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.iterations = 20
    spec.option.ls_iterations = 10
    spec.stat.meansize = 0.02
    spec.stat.extent = 0.5
    spec.stat.center[:] = (0, 0, 0.15)
    spec.visual.headlight.ambient[:] = (0.3, 0.3, 0.32)
    spec.visual.headlight.diffuse[:] = (0.22, 0.22, 0.22)
    spec.visual.headlight.specular[:] = (0.1, 0.1, 0.1)
    for name, rgba in COLOURS.items():
        spec.add_material(name=name, rgba=rgba, specular=0.15, shininess=0.2)
    _ground(spec)
    trunk = _trunk(spec, terrain)
    for name in LIMBS:
        _limb(spec, trunk, name, LIMB_TYPES[name[1]], SIDES[name[0]])
    key = spec.add_key(name="stand")
    height = LIMB_TYPES["H"].height - LIMB_TYPES["H"].place[2]
    pose = [] if terrain == "air" else [0, 0, height, 1, 0, 0, 0]
    for name in LIMBS:
        pose += [0.0, *LIMB_TYPES[name[1]].posture]
    key.qpos = pose
    return spec


def _ground(spec: mujoco.MjSpec) -> None:
    spec.add_texture(
        name="sky", type=mujoco.mjtTexture.mjTEXTURE_SKYBOX, builtin=mujoco.mjtBuiltin.mjBUILTIN_GRADIENT,
        rgb1=(0.62, 0.72, 0.82), rgb2=(0.28, 0.38, 0.52), width=256, height=256,
    )  # fmt: skip
    spec.add_texture(
        name="ground", type=mujoco.mjtTexture.mjTEXTURE_2D, builtin=mujoco.mjtBuiltin.mjBUILTIN_CHECKER,
        rgb1=(0.66, 0.71, 0.68), rgb2=(0.52, 0.58, 0.57), width=256, height=256,
    )  # fmt: skip
    material = spec.add_material(name="ground", texrepeat=(5, 5), texuniform=True, specular=0.1, shininess=0.1)
    material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = "ground"
    spec.worldbody.add_geom(
        name="ground", type=mujoco.mjtGeom.mjGEOM_PLANE, size=(HALF_WIDTH, HALF_WIDTH, 0.1), material="ground",
        contype=GROUND, conaffinity=0, condim=3, friction=FRICTION,
    )  # fmt: skip


def _trunk(spec: mujoco.MjSpec, terrain: str) -> mujoco.MjsBody:
    height = LIMB_TYPES["H"].height - LIMB_TYPES["H"].place[2]
    trunk = spec.worldbody.add_body(name="trunk", pos=(0, 0, AIR_HEIGHT if terrain == "air" else height))
    if terrain != "air":
        trunk.add_freejoint(name="trunk")
    # What weighs and touches: the trunk as one ellipsoid, and the head.
    for name, centre, semi, mass in (
        ("belly", (0, 0, 0), (0.165, 0.050, 0.055), TRUNK_MASS),
        ("skull", (0.205, 0, 0.070), (0.042, 0.034, 0.034), HEAD_MASS),
    ):
        trunk.add_geom(
            name=name, type=mujoco.mjtGeom.mjGEOM_ELLIPSOID, pos=centre, size=semi, mass=mass, material="fur",
            contype=0, conaffinity=BODY, condim=3, friction=FRICTION,
        )  # fmt: skip
    _ellipsoid(trunk, "chest", (0.085, 0, -0.008), (0.085, 0.050, 0.062), "fur", 0)
    _ellipsoid(trunk, "rump", (-0.10, 0, 0.004), (0.070, 0.047, 0.054), "fur", 0)
    _ellipsoid(trunk, "throat", (0.150, 0, 0.030), (0.065, 0.030, 0.036), "fur", -40)
    _ellipsoid(trunk, "muzzle", (0.240, 0, 0.060), (0.020, 0.018, 0.015), "fur_pale", 0)
    _ellipsoid(trunk, "nose", (0.259, 0, 0.066), (0.004, 0.006, 0.004), "nose", 0)
    for side, y in SIDES.items():
        _ellipsoid(trunk, f"{side}_eye", (0.232, 0.019 * y, 0.082), (0.006, 0.006, 0.006), "eye", 0)
        _ellipsoid(trunk, f"{side}_ear", (0.195, 0.022 * y, 0.108), (0.010, 0.008, 0.020), "fur_dark", 0)
        _ellipsoid(trunk, f"{side}_haunch", (-0.105, 0.044 * y, -0.012), (0.050, 0.018, 0.044), "fur", 0)
        _ellipsoid(trunk, f"{side}_scapula", (0.105, 0.044 * y, -0.005), (0.040, 0.014, 0.046), "fur", 0)
    for i in range(4):
        _ellipsoid(trunk, f"stripe_{i + 1}", (-0.09 + 0.055 * i, 0, 0.030), (0.010, 0.036, 0.027), "fur_dark", 0)
    tail = [(-0.160, 0, 0.020), (-0.20, 0, 0.040), (-0.235, 0, 0.080), (-0.255, 0, 0.130), (-0.285, 0, 0.165)]
    for i, (a, b) in enumerate(zip(tail, tail[1:], strict=False)):
        _capsule(trunk, f"tail_{i + 1}", a, b, 0.012 - 0.0015 * i, "fur_dark" if i == 3 else "fur", 0.0)
    trunk.add_site(name="head", pos=(0.205, 0, 0.070), size=(0.01,) * 3, group=4)
    trunk.add_camera(
        name="side", pos=(0.02, 1.1, 0.12), xyaxes=(-1, 0, 0, 0, -0.12, 1), mode=mujoco.mjtCamLight.mjCAMLIGHT_TRACK,
        fovy=38,
    )  # fmt: skip
    trunk.add_light(
        name="sun", type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL, mode=mujoco.mjtCamLight.mjCAMLIGHT_TRACK,
        pos=(0, 0.6, 1.2), dir=(0, -0.5, -1), diffuse=(0.55, 0.53, 0.5), ambient=(0.1, 0.1, 0.11), castshadow=True,
    )  # fmt: skip
    return trunk


def _limb(spec: mujoco.MjSpec, trunk: mujoco.MjsBody, name: str, limb: Limb, side: float) -> None:
    x, y, z = limb.place
    (first, second), (long, short) = limb.segments, limb.lengths
    upper = trunk.add_body(name=f"{name}_{first}", pos=(x, side * y, z))
    lower = upper.add_body(name=f"{name}_{second}", pos=(0, 0, -long))
    upper.add_joint(
        name=f"{name}_abduction", type=mujoco.mjtJoint.mjJNT_HINGE, axis=(side, 0, 0), stiffness=ABDUCTION,
        damping=ABDUCTION_DAMPING, range=ABDUCTION_RANGE, armature=ARMATURE,
    )  # fmt: skip
    for segment, joint, sign, ends in zip((upper, lower), limb.joints, (1.0, -limb.facing), limb.ranges, strict=True):
        segment.add_joint(
            name=f"{name}_{joint}", type=mujoco.mjtJoint.mjJNT_HINGE, axis=(0, sign, 0), range=ends,
            armature=ARMATURE, damping=DAMPING,
        )  # fmt: skip
    _capsule(upper, f"{name}_{first}", (0, 0, 0), (0, 0, -long), 0.017, "fur", limb.masses[0])
    _capsule(lower, f"{name}_{second}", (0, 0, 0), (0, 0, -short), 0.009, "fur", 0.9 * limb.masses[1])
    _ellipsoid(lower, f"{name}_paw", (0.006, 0, -short - 0.002), (0.017, 0.012, 0.010), "fur_pale", 0)
    lower.add_geom(
        name=f"{name}_foot", type=mujoco.mjtGeom.mjGEOM_SPHERE, pos=(0, 0, -short), size=(FOOT_RADIUS, 0, 0),
        mass=0.1 * limb.masses[1], contype=0, conaffinity=BODY, condim=3, priority=1, friction=FRICTION, solref=PAD,
        solimp=(0.9, 0.95, 0.001, 0.5, 2), material="fur_pale",
    )  # fmt: skip
    lower.add_site(name=f"{name}_foot", pos=(0, 0, -short), size=(1.5 * FOOT_RADIUS,) * 3, group=4)
    lower.add_geom(
        name=f"{name}_{limb.joints[1]}_round", type=mujoco.mjtGeom.mjGEOM_CYLINDER, size=(ROUND, 0.01, 0),
        quat=(np.sqrt(0.5), np.sqrt(0.5), 0, 0), mass=0.0, contype=0, conaffinity=0, group=4,
    )  # fmt: skip
    upper.add_site(
        name=f"{name}_{limb.joints[1]}_front",
        pos=(1.5 * ROUND * limb.facing, 0, -long - 1.5 * ROUND),
        size=(0.002,) * 3,
        group=4,
    )
    spec.add_sensor(
        name=f"{name}_touch", type=mujoco.mjtSensor.mjSENS_TOUCH, objtype=mujoco.mjtObj.mjOBJ_SITE,
        objname=f"{name}_foot",
    )  # fmt: skip
    origins = {
        "trunk": (trunk, np.array([x, side * y, z])),
        "upper": (upper, np.zeros(3)),
        "lower": (lower, np.zeros(3)),
    }
    for action, muscle in limb.muscles.items():
        _tendon(spec, origins, f"{name}_{action}", muscle, f"{name}_{limb.joints[1]}" if action == "extensor" else "")


def _tendon(
    spec: mujoco.MjSpec, origins: dict[str, tuple[mujoco.MjsBody, NDArray[np.float64]]], name: str, muscle: MuscleData,
    around: str,
) -> None:  # fmt: skip
    tendon = spec.add_tendon(name=name, width=0.005, rgba=(0.62, 0.20, 0.18, 1))
    for i, (segment, (x, z)) in enumerate(muscle.path):
        where, origin = origins[segment]
        where.add_site(name=f"{name}_{i + 1}", pos=origin + (x, 0, z), size=(0.004,) * 3, group=4)
        if around and i == len(muscle.path) - 1:
            tendon.wrap_geom(f"{around}_round", f"{around}_front")
        tendon.wrap_site(f"{name}_{i + 1}")


def _capsule(
    body: mujoco.MjsBody, name: str, a: Sequence[float], b: Sequence[float], radius: float, material: str, mass: float
) -> None:
    """A part that touches nothing."""
    body.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_CAPSULE, fromto=[*a, *b], size=(radius, 0, 0), mass=mass,
        material=material, contype=0, conaffinity=0,
    )  # fmt: skip


def _ellipsoid(
    body: mujoco.MjsBody, name: str, centre: Sequence[float], semi: Sequence[float], material: str, tilt: float
) -> None:
    """A part that is only seen, tilted (degrees) about the transverse axis."""
    quat = np.empty(4)
    mujoco.mju_axisAngle2Quat(quat, np.array([0.0, 1.0, 0.0]), np.radians(tilt))
    body.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_ELLIPSOID, pos=centre, size=semi, quat=quat, mass=0.0,
        material=material, contype=0, conaffinity=0,
    )  # fmt: skip
