"""Chooses how to draw: EGL or OSMesa where there is one, else the ray caster."""

import os
import platform
from collections.abc import Mapping
from typing import Protocol, Self

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import MissingDependencyError, unknown_name
from sns_mujoco.rendering.look import Look, Quality, Tint, find_quality

BACKENDS = ("auto", "egl", "osmesa", "raycaster")
VARIABLE = "SNS_MUJOCO_RENDERER"
_SWITCHED_OFF = ("disable", "disabled", "off", "false", "0")


class Renderer(Protocol):
    """What all renderers can do.

    Attributes:
        backend: "egl", "osmesa" or "raycaster".
        width: Of a picture, pixels.
        height: Of a picture, pixels.
    """

    backend: str
    width: int
    height: int

    def render(
        self,
        data: mujoco.MjData,
        camera: mujoco.MjvCamera,
        tints: Mapping[int, Tint] | None = None,
        muscles: Mapping[int, Tint] | None = None,
    ) -> NDArray[np.uint8]:
        """Draw one frame, [height, width, 3].

        Args:
            data: The state; kinematics up to date.
            camera: From where.
            tints: Colours that geoms take on in this frame, by geom id.
            muscles: Colours of muscles in this frame, by tendon id; the tendons named here are drawn with bellies.
        """
        ...

    def close(self) -> None:
        """Free what it holds."""
        ...

    def __enter__(self) -> Self:
        """Use as a context manager."""
        ...

    def __exit__(self, *_: object) -> None:
        """Close on leaving."""
        ...


def make_renderer(
    model: mujoco.MjModel,
    width: int,
    height: int,
    backend: str | None = None,
    *,
    quality: str | Quality = "medium",
    look: Look | None = None,
) -> Renderer:
    """Make a renderer.

    With "auto", the user's `MUJOCO_GL` counts first if it works (switched off, it means the ray caster); then EGL, then
    OSMesa, then the ray caster, which always works. Libraries are looked for now, not before.

    Args:
        model: The model.
        width: Of a picture, pixels.
        height: Of a picture, pixels.
        backend: "auto", "egl", "osmesa" or "raycaster"; with "auto" or None the environment variable
            `SNS_MUJOCO_RENDERER`, if it is set, has the word.
        quality: "draft", "medium", "high", or a choice of one's own.
        look: Light and sky of the ray caster; OpenGL takes those of the model.

    Returns:
        The renderer; its `backend` says which it is.

    Raises:
        UnknownNameError: There is no such backend or quality.
        MissingDependencyError: The one asked for does not work here.
    """
    for chosen, where in ((backend, "make_renderer"), (os.environ.get(VARIABLE), f"the variable {VARIABLE}")):
        if chosen not in (None, "", *BACKENDS):
            raise unknown_name("renderer", chosen, BACKENDS, where)
    chosen = backend or "auto"
    if chosen == "auto":
        chosen = os.environ.get(VARIABLE) or "auto"
    quality = find_quality(quality)
    for candidate in _to_try(chosen):
        if candidate == "raycaster":
            break
        from sns_mujoco.rendering.opengl import OpenGLRenderer

        try:
            return OpenGLRenderer(model, width, height, backend=candidate, quality=quality)
        except MissingDependencyError:
            if chosen != "auto":
                raise
    from sns_mujoco.rendering.raycaster import RayCaster

    return RayCaster(model, width, height, quality=quality, look=look or Look())


def _to_try(chosen: str) -> list[str]:
    if chosen != "auto":
        return [chosen]
    wanted = os.environ.get("MUJOCO_GL", "").lower().strip()
    if wanted in _SWITCHED_OFF or platform.system() != "Linux":
        return ["raycaster"]
    order = ["egl", "osmesa", "raycaster"]
    return sorted(order, key=lambda candidate: candidate != wanted)
