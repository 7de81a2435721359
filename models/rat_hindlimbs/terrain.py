"""What carries the rat's trunk, and what its feet tread on: air, a treadmill, or the ground."""

import mujoco

FRICTION = (1.0, 0.005, 0.0001)
HALF_WIDTH = 3.0  # m; a plane is drawn so wide, and felt without end
BELT_SPEED = 0.3  # m/s, backwards: what the animal walks at a drive of 0.8
BELT_LENGTH = 200.0  # m, half: a belt that no experiment comes to the end of
BELT_WIDTH = 0.06  # m, half
BELT_DEPTH = 0.004  # m, half
BELT_MASS = 1e4  # kg; feet of a rat, which push with less than 1 N, do not change its speed in minutes
TERRAINS = ("air", "treadmill", "ground")


def add_terrain(spec: mujoco.MjSpec, terrain: str, *, contype: int) -> None:
    """Add ground and sky to a model.

    Args:
        spec: The model.
        terrain: One of `TERRAINS`.
        contype: Contact bit of what feet can touch.
    """
    spec.add_texture(
        name="sky", type=mujoco.mjtTexture.mjTEXTURE_SKYBOX, builtin=mujoco.mjtBuiltin.mjBUILTIN_GRADIENT,
        rgb1=(0.62, 0.72, 0.82), rgb2=(0.28, 0.38, 0.52), width=256, height=256,
    )  # fmt: skip
    _checker(spec, "ground", (0.66, 0.71, 0.68), (0.52, 0.58, 0.57), 25)
    touched = dict(contype=contype, conaffinity=0, condim=3, friction=FRICTION)
    plain = dict(contype=0, conaffinity=0)
    beneath = -2 * BELT_DEPTH if terrain == "treadmill" else 0.0
    spec.worldbody.add_geom(
        name="ground", type=mujoco.mjtGeom.mjGEOM_PLANE, size=(HALF_WIDTH, HALF_WIDTH, 0.01), material="ground",
        pos=(0, 0, beneath), **(touched if terrain == "ground" else plain),
    )  # fmt: skip
    if terrain == "treadmill":
        _checker(spec, "belt", (0.36, 0.38, 0.42), (0.28, 0.30, 0.33), 50)
        belt = spec.worldbody.add_body(name="belt", pos=(0, 0, -BELT_DEPTH))
        belt.add_joint(name="belt", type=mujoco.mjtJoint.mjJNT_SLIDE, axis=(-1, 0, 0))
        belt.add_geom(
            name="belt", type=mujoco.mjtGeom.mjGEOM_BOX, size=(BELT_LENGTH, BELT_WIDTH, BELT_DEPTH), material="belt",
            mass=BELT_MASS, **touched,
        )  # fmt: skip


def _checker(spec: mujoco.MjSpec, name: str, bright: tuple[float, ...], dark: tuple[float, ...], repeat: int) -> None:
    spec.add_texture(
        name=name, type=mujoco.mjtTexture.mjTEXTURE_2D, builtin=mujoco.mjtBuiltin.mjBUILTIN_CHECKER,
        rgb1=bright, rgb2=dark, width=256, height=256,
    )  # fmt: skip
    material = spec.add_material(name=name, texrepeat=(repeat, repeat), texuniform=True, specular=0.1, shininess=0.1)
    material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = name
