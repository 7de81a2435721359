"""The grounds the hexapod walks on: a plane, or a random height field made in code."""

import mujoco
import numpy as np
from numpy.typing import NDArray

from .anatomy import STANDING_HEIGHT

PEAK = STANDING_HEIGHT / 4 * 1e-3  # m, highest point of the rough ground above its lowest
HALF_WIDTH = 3.0  # m; drawn so wide, felt without end
ROUGH = (1.6, 1.6)  # m, half length and half width: room for 20 s at full speed and a wandering heading
ROUGH_CENTRE = 1.2  # m, ahead of where the animal starts
BEYOND = 0.001  # m, the level ground around the rough one lies this much below its lowest point
CELL = 0.004  # m; smaller than a step, larger than a foot
SMOOTHING = 0.004  # m, standard deviation of the Gaussian that rounds the bumps
FLAT_START = 0.035  # m; the animal starts on level ground, and the roughness grows over as much again
FRICTION = (1.2, 0.005, 0.0001)


def add_terrain(spec: mujoco.MjSpec, terrain: str, seed: int, *, contype: int) -> None:
    """Add the ground and the sky to a model.

    Args:
        spec: The model.
        terrain: "flat" or "rough".
        seed: Seed of the rough ground.
        contype: Contact bit of the ground.

    Raises:
        ValueError: Unknown terrain.
    """
    spec.add_texture(
        name="sky", type=mujoco.mjtTexture.mjTEXTURE_SKYBOX, builtin=mujoco.mjtBuiltin.mjBUILTIN_GRADIENT,
        rgb1=(0.62, 0.72, 0.82), rgb2=(0.28, 0.38, 0.52), width=256, height=256,
    )  # fmt: skip
    spec.add_texture(
        name="ground", type=mujoco.mjtTexture.mjTEXTURE_2D, builtin=mujoco.mjtBuiltin.mjBUILTIN_CHECKER,
        rgb1=(0.66, 0.71, 0.68), rgb2=(0.52, 0.58, 0.57), width=256, height=256,
    )  # fmt: skip
    material = spec.add_material(name="ground", texrepeat=(25, 25), texuniform=True, specular=0.1, shininess=0.1)
    material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = "ground"
    common = dict(contype=contype, conaffinity=0, condim=3, friction=FRICTION, material="ground")
    if terrain == "flat":
        spec.worldbody.add_geom(
            name="ground", type=mujoco.mjtGeom.mjGEOM_PLANE, size=(HALF_WIDTH, HALF_WIDTH, 0.01), **common
        )
    elif terrain == "rough":
        heights = _heights(seed)
        spec.add_hfield(
            name="ground", nrow=heights.shape[0], ncol=heights.shape[1], userdata=heights.ravel(),
            size=(*ROUGH, PEAK, 0.01),
        )  # fmt: skip
        spec.worldbody.add_geom(
            name="ground", type=mujoco.mjtGeom.mjGEOM_HFIELD, hfieldname="ground", pos=(ROUGH_CENTRE, 0, 0), **common
        )
        # Whoever leaves the field steps down on to level ground, not off a cliff.
        spec.worldbody.add_geom(
            name="beyond", type=mujoco.mjtGeom.mjGEOM_PLANE, size=(HALF_WIDTH, HALF_WIDTH, 0.01),
            pos=(ROUGH_CENTRE, 0, -BEYOND), **common,
        )  # fmt: skip
    else:
        raise ValueError(f"terrain is {terrain!r}; it can be 'flat' or 'rough'")


def _heights(seed: int) -> NDArray[np.float64]:
    """Heights from 0 to 1, rows along y: white noise through a Gaussian, but level at the start."""
    half_length, half_width = ROUGH
    x = np.arange(-half_length, half_length + CELL / 2, CELL) + ROUGH_CENTRE
    y = np.arange(-half_width, half_width + CELL / 2, CELL)
    noise = np.random.default_rng(seed).standard_normal((len(y), len(x)))
    kx, ky = np.fft.fftfreq(len(x), CELL), np.fft.fftfreq(len(y), CELL)
    gaussian = np.exp(-2 * (np.pi * SMOOTHING) ** 2 * (kx[None, :] ** 2 + ky[:, None] ** 2))
    field = np.fft.ifft2(np.fft.fft2(noise) * gaussian).real
    low, high = np.percentile(field, (1, 99))
    field = np.clip((field - low) / (high - low), 0, 1)
    return field * np.clip(np.hypot(x[None, :], y[:, None]) / FLAT_START - 1, 0, 1)
