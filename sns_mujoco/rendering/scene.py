"""A body in its part of a picture, with what stands beside or below it in another."""

from collections.abc import Mapping
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.backend import make_renderer
from sns_mujoco.rendering.camera import ChaseCamera
from sns_mujoco.rendering.column import Column, Content, Moment
from sns_mujoco.rendering.glow import Glow, find_geom
from sns_mujoco.rendering.look import Color, Look, Quality, Tint
from sns_mujoco.rendering.muscles import Muscles
from sns_mujoco.rendering.palette import TEXT, TITLE
from sns_mujoco.rendering.place import Place
from sns_mujoco.rendering.text import draw_text

_SHADE = 0.55  # how far the edge behind a line of text is darkened
_SHADE_HEIGHT = 84  # rows, at 720 of height


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written on the picture of a body.

    Attributes:
        caption: A line below: drive, turn, speed.
        notice: A brighter line above the caption: what is being done to the animal.
        clock: At the lower right.
    """

    caption: str = ""
    notice: str = ""
    clock: str = ""


class Scene:
    """Draws one animal: its body in one place of a picture, its nervous system in another.

    Attributes:
        backend: What draws the body.
        column: What stands beside the body, or None.
    """

    def __init__(
        self, model: mujoco.MjModel, content: Content, *, body: Place, beside: Place | None, frame_time: float,
        scale: float, camera: ChaseCamera | mujoco.MjvCamera, renderer: str | None, quality: Quality,
        look: Look | None = None, title: str = "", subtitle: str = "",
    ) -> None:  # fmt: skip
        """Prepare to draw.

        Args:
            model: The model.
            content: What is shown beside the body.
            body: Where the body goes.
            beside: Where the content goes; None for nowhere.
            frame_time: Simulated time between frames, s.
            scale: Size of type and lines.
            camera: From where.
            renderer: As in `make_renderer`.
            quality: As in `make_renderer`.
            look: As in `make_renderer`.
            title: Above the body.
            subtitle: A smaller line below the title.

        Raises:
            UnknownNameError: A trace names a geom or tendon in vain, or there is no such renderer.
            MissingDependencyError: The renderer asked for does not work here.
        """
        self._model, self._body, self._beside, self._camera = model, body, beside, camera
        self._title, self._subtitle, self._scale = title, subtitle, scale
        self._glow = Glow(model, content.traces)
        self._muscles = Muscles(model, {name: trace.color for trace in content.traces for name in trace.muscles})
        self.column = None
        if beside is not None:
            size = beside.width, beside.height
            self.column = Column(content, size, frame_time=frame_time, scale=scale)
        self._renderer = make_renderer(model, body.width, body.height, renderer, quality=quality, look=look)
        self.backend = self._renderer.backend

    def draw(
        self, picture: NDArray[np.uint8], data: mujoco.MjData, moment: Moment, words: Words,
        tints: Mapping[str, Color | Tint] | None = None,
    ) -> None:  # fmt: skip
        """Draw the next frame into a picture.

        Args:
            picture: The whole picture [height, width, 3].
            data: The state at the end of the frame; kinematics up to date.
            moment: What happened since the last frame.
            words: What is written on it.
            tints: Further colours that geoms take on, by name; a fourth number, 0 to 1, says how strongly.

        Raises:
            UnknownNameError: There is no geom of a name in `tints`.
        """
        colors = self._glow.tints(moment.signals.mean(axis=0))
        for name, color in (tints or {}).items():
            colors[find_geom(self._model, name)] = color if len(color) == 4 else (*color, 1.0)
        view = self._camera.update(data) if isinstance(self._camera, ChaseCamera) else self._camera
        body = self._body.part(picture)
        body[:] = self._renderer.render(data, view, colors, self._muscles.tints(data))
        self._write_on(body, words)
        if self.column is not None and self._beside is not None:
            self.column.advance(moment)
            self.column.draw(self._beside.part(picture), moment)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Labels of the traces for which there is no room."""
        return self.column.left_out if self.column is not None else ()

    def close(self) -> None:
        """Free what it holds."""
        self._renderer.close()

    def _write_on(self, body: NDArray[np.uint8], words: Words) -> None:
        """Write title, notice, caption and clock on the picture of the body, over a soft shade."""
        scale, height, width = self._scale, body.shape[0], body.shape[1]
        depth = min(round(_SHADE_HEIGHT * scale), height // 2)
        shade = 1.0 - _SHADE * np.linspace(0.0, 1.0, depth, dtype=np.float32)[:, None, None] ** 1.5
        body[height - depth :] = body[height - depth :] * shade
        margin, baseline = 24 * scale, height - 22 * scale
        if self._title or self._subtitle:
            body[:depth] = body[:depth] * shade[::-1]
            draw_text(body, self._title, (margin, 42 * scale), 20 * scale, TITLE)
            below = 42 + 24 * bool(self._title)
            draw_text(body, self._subtitle, (margin, below * scale), 15 * scale, TEXT)
        draw_text(body, words.caption, (margin, baseline), 15 * scale, TEXT)
        draw_text(body, words.notice, (margin, baseline - 24 * scale), 16 * scale, TITLE)
        draw_text(body, words.clock, (width - margin, baseline), 15 * scale, TEXT, "rs")


def clock(time: float, slowed: float) -> str:
    """The time of a frame, s, and how many times slower than life the film is, where it is."""
    text = f"{time:.2f} s"
    if abs(slowed - 1.0) > 0.01:
        slower = slowed > 1
        text += f"   {'slowed' if slower else 'sped up'} {slowed if slower else 1 / slowed:.3g} times"
    return text
