"""The renderer that needs no OpenGL."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.look import Look, Quality, Tint
from sns_mujoco.rendering.muscles import draw_muscles
from sns_mujoco.rendering.raycast import frame
from sns_mujoco.rendering.raycast.world import World

_MAX_GEOMS = 10_000


class RayCaster:
    """Draws a model with rays on the processor.

    A frame depends on the model, the data, the camera and the tints alone: the same input gives the same bytes,
    whatever the number of threads. Height fields are read once, at the first frame. Lines, arrows, labels, skins and
    flexes are not drawn. Textures: checkers on planes, height fields and boxes are drawn, other textures there as
    their mean colour.
    """

    backend = "raycaster"

    def __init__(
        self,
        model: mujoco.MjModel,
        width: int,
        height: int,
        *,
        quality: Quality,
        look: Look,
        threads: int | None = None,
    ) -> None:
        """Prepare to draw a model.

        Args:
            model: The model.
            width: Of the picture, pixels.
            height: Of the picture, pixels.
            quality: How much work goes into a frame.
            look: Light and sky.
            threads: How many threads share a frame; None for one on each processor that this process may use, at most
                four.
        """
        self.width, self.height = width, height
        self._model = model
        self._drawn = mujoco.MjvScene(model, _MAX_GEOMS)
        self._option = mujoco.MjvOption()
        self._world = World(model, width, height, quality, look)
        self._image = np.zeros((height, width, 3), np.float32)
        self._met = np.zeros((height, width), np.int32)
        self._to_byte = frame.byte_table()
        self._offsets = _edge_offsets(quality.edge_rays)
        self._threads = threads or min(4, _processors())
        self._pool: ThreadPoolExecutor | None = None

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
            camera: From where; perspective.
            tints: Colours that geoms take on in this frame, by geom id.
            muscles: Colours of muscles in this frame, by tendon id; the tendons named here are drawn with bellies.

        Returns:
            The picture [height, width, 3], sRGB bytes.
        """
        everything = mujoco.mjtCatBit.mjCAT_ALL.value
        mujoco.mjv_updateScene(self._model, data, self._option, None, camera, everything, self._drawn)
        draw_muscles(self._drawn, muscles or {})
        self._world.update(self._drawn, data, tints or {})
        out = np.empty((self.height, self.width, 3), np.uint8)
        scene = [a.ctypes.data for a in (self._world.w, self._world.lists, self._image, self._met)]
        self._share(lambda first: frame.draw(*scene, first, self._threads))
        more = self._offsets.ctypes.data, len(self._offsets), self._to_byte.ctypes.data, out.ctypes.data
        self._share(lambda first: frame.refine(*scene, *more, first, self._threads))
        return out

    def close(self) -> None:
        """Give the threads back. Drawing again starts new ones."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close on leaving."""
        self.close()

    def _share(self, work: Callable[[int], None]) -> None:
        """Let each thread do its share of the work; the kernels let the others run meanwhile."""
        if self._threads == 1:
            work(0)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads)
        list(self._pool.map(work, range(self._threads)))


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _edge_offsets(samples: int) -> NDArray[np.float64]:
    """Places [samples, 2] spread evenly over a pixel, by the sequence of the plastic number; the first is not drawn."""
    plastic = 1.32471795724474602596
    steps = np.arange(1, samples + 1)[:, None] * np.array([1 / plastic, 1 / plastic**2])
    return np.mod(steps + 0.5, 1.0) - 0.5
