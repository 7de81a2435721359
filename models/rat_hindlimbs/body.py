"""The rat's hindquarters as a MuJoCo model: pelvis, two legs with three hinges each, tendons and twelve muscles.

Only the feet touch the ground, and nothing touches the body itself. On "air" the pelvis is fixed and the legs swing
freely; on "treadmill" it is held in its place above a moving belt but can go up and down, and on "ground" it can also
go forward. The legs bear all its weight. It cannot pitch, roll or turn, as if forelimbs and a guide kept it upright.
"""

from collections.abc import Sequence

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.muscles import LinearHillMuscle, Muscle, add_muscles
from sns_mujoco.muscles import mirrored as both_sides

from .anatomy import (
    GRAM,
    LEFT,
    MAX_TENSION,
    MM,
    MUSCLES,
    PELVIS_MASS,
    RIGHT,
    SEGMENTS,
    SIDES,
    SPINE_MASS,
    MuscleData,
    Segment,
    mirrored,
    mirrored_axis,
)
from .terrain import BELT_SPEED, TERRAINS, add_terrain

SOURCE = "Deng et al. 2019, Biomimetics 4(1):21, rat_hindlimbs.asim"
TIMESTEP = 1e-4  # s, that of the AnimatLab project
GROUND, FOOT = 1, 1  # contact bits: the ground's type meets the foot's affinity; nothing else meets

PELVIS_HEIGHT = 0.073  # m, of the pelvis above the ground while it stands
AIR_HEIGHT = 0.12  # m, out of reach of the ground
HEIGHTS = (-0.03, 0.03)  # m, about that
GUIDE = 1.5  # N s/m, damping of the trunk's way up and down
DRAG = 0.02  # N s/m, of the trunk along the way
# kg m^2, added to every hinge: a fiftieth of what the leg has about the hip. The foot alone is so light that its stiff
# muscles would make it ring at this time step. Hinges have no damping but the muscles', as in the AnimatLab project.
ARMATURE = 5e-7
# N m / rad, our own: AnimatLab's muscles have next to no parallel elasticity, so that nothing would keep a joint from
# creeping into its limits. (The MuJoCo form has 2 N m / rad, together with an armature of 0.1 kg m^2.) The springs are
# slack in the middle of the ranges that AnimatLab recorded.
STIFFNESS = {"hip": 0.1, "knee": 0.06, "ankle": 0.04}
POSTURE = {"hip": 0.04, "knee": -0.28, "ankle": -0.59}  # rad
LIMIT = (0.001, 1.0)  # s, 1: hard, for muscles press light segments against them
FOOT_RADIUS = 2.2  # mm
PAD = (0.01, 1.0)  # s, 1: soft; harder ones rattle on the ground

BONES = {"femur": 1.9, "tibia": 1.5, "foot": 1.4}  # mm, how thick bones are drawn
COLOURS = {"bone": (0.88, 0.84, 0.74, 1), "skin": (0.84, 0.66, 0.60, 1), "frame": (0.30, 0.33, 0.37, 1)}


def body(terrain: str = "air", seed: int = 0) -> mujoco.MjSpec:
    """Build the rat's hindquarters.

    Args:
        terrain: "air", "treadmill" or "ground".
        seed: Of no consequence: none of these terrains is random.

    Returns:
        A fresh model description: bodies "pelvis", "L_femur" ... "R_foot"; joints "L_hip" ... "R_ankle", and the
        trunk's "height" and "way" where it has them; muscles, tendons and actuators "L_hip_extensor" ...; geoms and
        sites "L_toe" and "R_toe"; sensors "L_touch" and "R_touch" (N); camera "side"; keyframe "start".

    Raises:
        ValueError: Unknown terrain.
    """
    return add_muscles(skeleton(terrain), muscles())


def muscles() -> list[Muscle]:
    """The twelve muscles, the left leg's first."""
    return both_sides(
        [
            LinearHillMuscle(
                name=name, tendon=name, force=muscle.force, kse=muscle.kse, kpe=muscle.kpe, damping=muscle.damping,
                rest_length=muscle.rest_length * MM, width=muscle.width * MM, max_tension=MAX_TENSION, source=SOURCE,
            )
            for name, muscle in MUSCLES.items()
        ],
        LEFT,
        RIGHT,
    )  # fmt: skip


def skeleton(terrain: str) -> mujoco.MjSpec:
    """The body without its muscles, but with the tendons that they pull; see `body`."""
    if terrain not in TERRAINS:
        raise ValueError(f"terrain is {terrain!r}; it can be {', '.join(map(repr, TERRAINS))}")
    spec = mujoco.MjSpec()
    spec.modelname = "rat_hindlimbs"
    spec.compiler.degree = False
    option = spec.option
    option.timestep = TIMESTEP
    option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    option.impratio = 10.0  # friction as hard as the normal force
    spec.stat.meansize = 3 * MM
    spec.stat.extent = 0.15
    spec.stat.center[:] = (0, 0, 0.05)
    spec.visual.headlight.ambient[:] = (0.3, 0.3, 0.32)
    spec.visual.headlight.diffuse[:] = (0.22, 0.22, 0.22)
    spec.visual.headlight.specular[:] = (0.1, 0.1, 0.1)
    for name, rgba in COLOURS.items():
        spec.add_material(name=name, rgba=rgba, specular=0.3, shininess=0.4)
    add_terrain(spec, terrain, contype=GROUND)
    segments = {"pelvis": _pelvis(spec, terrain)}
    for prefix, side in SIDES.items():
        for name, segment in SEGMENTS.items():
            above = segments["pelvis" if name == "femur" else f"{prefix}{'femur' if name == 'tibia' else 'tibia'}"]
            segments[f"{prefix}{name}"] = _segment(above, f"{prefix}{name}", f"{prefix}{segment.joint}", segment, side)
        _foot(spec, segments[f"{prefix}foot"], prefix, side)
        for name, muscle in MUSCLES.items():
            _tendon(spec, segments, prefix, name, muscle, side)
    key = spec.add_key(name="start")
    trunk = {"air": [], "treadmill": [0.0], "ground": [0.0, 0.0]}[terrain]
    belt = [0.0] if terrain == "treadmill" else []
    legs = [POSTURE[segment.joint] for _ in SIDES for segment in SEGMENTS.values()]
    key.qpos = [*belt, *trunk, *legs]
    key.qvel = [*([BELT_SPEED] if belt else []), *trunk, *(0.0 for _ in legs)]
    return spec


def _pelvis(spec: mujoco.MjSpec, terrain: str) -> mujoco.MjsBody:
    pelvis = spec.worldbody.add_body(name="pelvis", pos=(0, 0, AIR_HEIGHT if terrain == "air" else PELVIS_HEIGHT))
    if terrain == "ground":
        pelvis.add_joint(name="way", type=mujoco.mjtJoint.mjJNT_SLIDE, axis=(1, 0, 0), damping=DRAG)
    if terrain != "air":
        pelvis.add_joint(name="height", type=mujoco.mjtJoint.mjJNT_SLIDE, axis=(0, 0, 1), damping=GUIDE, range=HEIGHTS)
    # The mass of pelvis and spine; what is drawn of them beside has none, and touches nothing.
    _ellipsoid(pelvis, "pelvis", (-2, 0, -2), (15, 7, 6), "bone", tilt=-25, mass=PELVIS_MASS)
    _ellipsoid(pelvis, "spine", (26, 0, 13), (16, 3.2, 3.2), "bone", tilt=-20, mass=SPINE_MASS)
    for prefix, side in SIDES.items():
        _ellipsoid(pelvis, f"{prefix}ilium", (8, 7.5 * side, 3), (16, 2.4, 4.2), "bone", tilt=-25)
        _ellipsoid(pelvis, f"{prefix}ischium", (-13, 8 * side, -8), (9, 2.2, 4), "bone", tilt=-35)
    for i in range(5):  # vertebrae with their spines
        x, z = 13.0 + 9.0 * i, 8.5 + 2.6 * i - 0.25 * i * i
        _ellipsoid(pelvis, f"vertebra_{i + 1}", (x, 0, z), (4.2, 4.0, 3.6), "bone", tilt=-15 + 4 * i)
        _capsule(pelvis, f"process_{i + 1}", (x, 0, z), (x + 2.5, 0, z + 7.5), 1.0, "bone")
    tail = [(-14, 0, -2), (-30, 0, -9), (-50, 0, -13), (-74, 0, -14), (-100, 0, -11)]
    for i, (a, b) in enumerate(zip(tail, tail[1:], strict=False)):
        _capsule(pelvis, f"tail_{i + 1}", a, b, 2.6 - 0.5 * i, "skin")
    _capsule(pelvis, "holder", (45, 0, 17), (45, 0, 80), 2.0, "frame")
    _capsule(pelvis, "clamp", (41, 0, 15.5), (53, 0, 18.5), 5.2, "frame")
    pelvis.add_camera(
        name="side", pos=(0.01, 0.27, 0.01), xyaxes=(-1, 0, 0, 0, -0.1, 1), mode=mujoco.mjtCamLight.mjCAMLIGHT_TRACK,
        fovy=38,
    )  # fmt: skip
    # It shines on the left side, which films show, and along an axis: OpenGL's shadow map flecks a floor that it lies
    # askew to.
    pelvis.add_light(
        name="sun", type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL, mode=mujoco.mjtCamLight.mjCAMLIGHT_TRACK,
        pos=(0, 0.18, 0.3), dir=(0, -0.6, -1), diffuse=(0.55, 0.53, 0.5), ambient=(0.1, 0.1, 0.11),
        castshadow=True,
    )  # fmt: skip
    return pelvis


def _segment(above: mujoco.MjsBody, name: str, joint: str, segment: Segment, side: float) -> mujoco.MjsBody:
    body = above.add_body(name=name, pos=mirrored(segment.origin, side) * MM)
    body.add_joint(
        name=joint, type=mujoco.mjtJoint.mjJNT_HINGE, axis=mirrored_axis(segment.axis, side), range=segment.limits,
        armature=ARMATURE, solref_limit=LIMIT, stiffness=STIFFNESS[segment.joint], springref=POSTURE[segment.joint],
    )  # fmt: skip
    square = segment.thickness**2
    along = _frame(mirrored(segment.centre, side))
    body.explicitinertial = True
    body.mass, body.ipos, body.iquat = segment.mass * GRAM, mirrored(segment.centre, side) * MM, along
    end, bone = mirrored(segment.end, side), BONES[name[2:]]
    _capsule(body, name, (0, 0, 0), end, bone, "bone")
    _capsule(body, f"{name}_head", (0, 0, 0), 0.04 * end, 1.7 * bone, "bone")
    across = segment.mass * (segment.length**2 + square) / 12
    body.inertia = np.array([across, across, segment.mass * square / 6]) * GRAM * MM**2
    return body


def _foot(spec: mujoco.MjSpec, foot: mujoco.MjsBody, prefix: str, side: float) -> None:
    """What treads: the toes and the heel, both feeling the ground."""
    toe = mirrored(SEGMENTS["foot"].end, side)
    for name, place in (("toe", toe), ("heel", -0.2 * toe)):
        foot.add_geom(
            name=f"{prefix}{name}", type=mujoco.mjtGeom.mjGEOM_SPHERE, pos=place * MM, size=(FOOT_RADIUS * MM, 0, 0),
            mass=0.0, contype=0, conaffinity=FOOT, condim=3, priority=1, friction=(1.0, 0, 0), solref=PAD,
            solimp=(0.9, 0.95, 1e-4, 0.5, 2), material="skin",
        )  # fmt: skip
    foot.add_site(name=f"{prefix}toe", pos=toe * MM, size=(1.6 * FOOT_RADIUS * MM,) * 3, group=4)
    spec.add_sensor(
        name=f"{prefix}touch", type=mujoco.mjtSensor.mjSENS_TOUCH, objtype=mujoco.mjtObj.mjOBJ_SITE,
        objname=f"{prefix}toe",
    )  # fmt: skip


def _tendon(
    spec: mujoco.MjSpec, segments: dict[str, mujoco.MjsBody], prefix: str, name: str, muscle: MuscleData, side: float
) -> None:
    tendon = spec.add_tendon(name=f"{prefix}{name}", width=0.8 * MM, rgba=(0.62, 0.20, 0.18, 1))
    for i, (segment, point) in enumerate(muscle.path):
        site = f"{prefix}{name}_{i + 1}"
        at = segments["pelvis" if segment == "pelvis" else f"{prefix}{segment}"]
        at.add_site(name=site, pos=mirrored(point, side) * MM, size=(0.7 * MM,) * 3, group=4)
        tendon.wrap_site(site)


def _capsule(
    body: mujoco.MjsBody, name: str, a: Sequence[float] | NDArray[np.float64], b: Sequence[float] | NDArray[np.float64],
    radius: float, material: str,
) -> None:  # fmt: skip
    """A part that touches nothing and weighs nothing."""
    body.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_CAPSULE, fromto=[*np.array(a) * MM, *np.array(b) * MM],
        size=(radius * MM, 0, 0), mass=0.0, material=material, contype=0, conaffinity=0,
    )  # fmt: skip


def _ellipsoid(
    body: mujoco.MjsBody, name: str, centre: tuple[float, ...], semi: tuple[float, ...], material: str,
    tilt: float = 0.0, mass: float = 0.0,
) -> None:  # fmt: skip
    """A part that touches nothing, tilted (degrees) about the transverse axis."""
    quat = np.empty(4)
    mujoco.mju_axisAngle2Quat(quat, np.array([0.0, 1.0, 0.0]), np.radians(tilt))
    body.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_ELLIPSOID, pos=np.array(centre) * MM, size=np.array(semi) * MM, quat=quat,
        mass=mass * GRAM, material=material, contype=0, conaffinity=0,
    )  # fmt: skip


def _frame(axis: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quaternion of a frame whose z points along an axis."""
    quat = np.empty(4)
    mujoco.mju_quatZ2Vec(quat, axis / np.linalg.norm(axis))
    return quat
