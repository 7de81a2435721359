"""The renderer on OpenGL, through EGL or OSMesa, whatever `MUJOCO_GL` said when MuJoCo was imported."""

import copy
import ctypes
import ctypes.util
import importlib
import os
from collections.abc import Mapping
from typing import Any, Self

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import MissingDependencyError
from sns_mujoco.rendering.look import Quality, Tint
from sns_mujoco.rendering.muscles import draw_muscles

# What each backend loads, and the Debian packages that bring it.
LIBRARIES = {"egl": ("EGL", "GL"), "osmesa": ("OSMesa",)}
PACKAGES = {"egl": "libegl1 libgl1", "osmesa": "libosmesa6"}
_MAX_GEOMS = 10_000
_SHADOW_REACH = 1.3  # half the side of the area that directional light shades, in distances from the camera
_SOFTWARE = (b"llvmpipe", b"softpipe", b"swrast", b"Software")
_GLOW = 0.35  # light that a fully tinted geom gives off, in units of its colour


def missing_library(backend: str) -> str | None:
    """The first library that a backend needs and that cannot be loaded, or None.

    Args:
        backend: "egl" or "osmesa".
    """
    for library in LIBRARIES[backend]:
        found = ctypes.util.find_library(library)
        try:
            if found is None:
                return f"lib{library}"
            ctypes.CDLL(found)
        except OSError:
            return found
    return None


def _open_context(backend: str, width: int, height: int) -> Any:
    """A current OpenGL context.

    Raises:
        MissingDependencyError: It cannot be made.
    """
    missing = missing_library(backend)
    if missing is not None:
        raise MissingDependencyError(
            f"renderer {backend!r} needs {missing}, which cannot be loaded; "
            f"install it (apt install {PACKAGES[backend]}) or choose renderer 'raycaster', which needs nothing"
        )
    # MuJoCo's module for the backend sets this variable as it is imported, and PyOpenGL reads it then.
    before = os.environ.get("PYOPENGL_PLATFORM")
    try:
        context = importlib.import_module(f"mujoco.{backend}").GLContext(width, height)
        context.make_current()
    except (ImportError, AttributeError, OSError, RuntimeError, *_opengl_errors()) as error:
        if before is None:
            os.environ.pop("PYOPENGL_PLATFORM", None)
        raise MissingDependencyError(
            f"renderer {backend!r} found its libraries but could not start ({error}); install a driver for it "
            f"(apt install {PACKAGES[backend]}) or choose renderer 'raycaster', which needs nothing"
        ) from error
    return context


def _opengl_errors() -> tuple[type[Exception], ...]:
    try:
        from OpenGL.error import Error
    except ImportError:
        return ()
    return (Error,)


def _in_software() -> bool:
    """Whether the current context draws on the processor, where each sample a pixel costs as much as the first."""
    from OpenGL import GL

    name = GL.glGetString(GL.GL_RENDERER) or b""
    return any(part in name for part in _SOFTWARE)


class OpenGLRenderer:
    """Draws a model with MuJoCo's own OpenGL renderer.

    Use it from the thread that made it. Meshes, textures and height fields are those of the model when it was made.
    """

    def __init__(self, model: mujoco.MjModel, width: int, height: int, *, backend: str, quality: Quality) -> None:
        """Open a context.

        Args:
            model: The model; it is not changed.
            width: Of the picture, pixels.
            height: Of the picture, pixels.
            backend: "egl" or "osmesa".
            quality: How much work goes into a frame.

        Raises:
            MissingDependencyError: There is no OpenGL of this kind here.
        """
        self.backend, self.width, self.height = backend, width, height
        self._model = model
        self._context: Any = _open_context(backend, width, height)
        sized = copy.copy(model)
        sized.vis.global_.offwidth, sized.vis.global_.offheight = width, height
        sized.vis.quality.shadowsize = quality.shadow_map
        sized.vis.quality.offsamples = 0 if _in_software() else quality.multisampling
        self._drawing = mujoco.MjrContext(sized, mujoco.mjtFontScale.mjFONTSCALE_100.value)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN.value, self._drawing)
        self._drawn = mujoco.MjvScene(model, _MAX_GEOMS)
        self._drawn.flags[mujoco.mjtRndFlag.mjRND_SHADOW] = quality.shadow_map > 0
        self._drawn.flags[mujoco.mjtRndFlag.mjRND_REFLECTION] = quality.mirror
        self._option = mujoco.MjvOption()

    def render(
        self,
        data: mujoco.MjData,
        camera: mujoco.MjvCamera,
        tints: Mapping[int, Tint] | None = None,
        muscles: Mapping[int, Tint] | None = None,
    ) -> NDArray[np.uint8]:
        """Draw one frame.

        Args:
            data: The state; kinematics up to date.
            camera: From where.
            tints: Colours that geoms take on in this frame, by geom id.
            muscles: Colours of muscles in this frame, by tendon id; the tendons named here are drawn with bellies.

        Returns:
            The picture [height, width, 3], sRGB bytes.
        """
        drawn = self._drawn
        everything = mujoco.mjtCatBit.mjCAT_ALL.value
        mujoco.mjv_updateScene(self._model, data, self._option, None, camera, everything, drawn)
        draw_muscles(drawn, muscles or {})
        for geom in drawn.geoms[: drawn.ngeom]:
            tint = tints.get(geom.objid) if tints and geom.objtype == mujoco.mjtObj.mjOBJ_GEOM else None
            if tint is not None:
                geom.rgba[:3] += tint[3] * (np.array(tint[:3], np.float32) - geom.rgba[:3])
                geom.emission += _GLOW * tint[3]
        self._bring_suns_near(camera)
        self._context.make_current()
        picture = np.empty((self.height, self.width, 3), np.uint8)
        frame = mujoco.MjrRect(0, 0, self.width, self.height)
        mujoco.mjr_render(frame, drawn, self._drawing)
        mujoco.mjr_readPixels(picture, None, frame, self._drawing)
        return np.ascontiguousarray(picture[::-1])  # OpenGL begins at the bottom

    def close(self) -> None:
        """Free the context. It cannot draw afterwards."""
        if self._context is not None:
            self._context.make_current()
            self._drawing.free()
            self._context.free()
            self._context = None

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close on leaving."""
        self.close()

    def _bring_suns_near(self, camera: mujoco.MjvCamera) -> None:
        """Lay the shadow maps of directional lights about what the camera looks at.

        MuJoCo lays them about where the light stands, as wide as the model, which misses an animal that has walked away
        and blurs one that is small.
        """
        if camera.type != mujoco.mjtCamera.mjCAMERA_FREE:
            return
        reach = _SHADOW_REACH * camera.distance
        self._drawing.shadowClip = reach
        for light in self._drawn.lights[: self._drawn.nlight]:
            if light.type == mujoco.mjtLightType.mjLIGHT_DIRECTIONAL and not light.headlight:
                light.pos[:] = np.array(camera.lookat) - reach * np.array(light.dir)
