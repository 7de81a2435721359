"""A film of an animal with its nervous system beside it."""

import os
from collections.abc import Mapping, Sequence
from typing import Self

import mujoco
import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import unknown_name
from sns_mujoco.rendering.backend import make_renderer
from sns_mujoco.rendering.camera import ChaseCamera
from sns_mujoco.rendering.look import Color, Look, Quality, Tint, find_quality
from sns_mujoco.rendering.muscles import Muscles
from sns_mujoco.rendering.palette import TEXT, TITLE
from sns_mujoco.rendering.panel_layout import Foot, Trace
from sns_mujoco.rendering.panels import Panel
from sns_mujoco.rendering.text import draw_text
from sns_mujoco.rendering.video import VideoWriter

_PANEL_SHARE = 0.4375  # of the width of a film that has a panel
_SHADE = 0.55  # how far the edge behind a line of text is darkened
_SHADE_HEIGHT = 84  # rows, at 720 of height


class Film:
    """Writes a film frame by frame: the body large on the left, its neurons and feet on the right.

    Usage:

        with Film(model, "film.mp4", traces=traces, feet=feet, fps=30) as film:
            while data.time < 10:
                for n in range(steps_per_frame):
                    mujoco.mj_step(model, data)
                    potentials[n], stance[n] = ...
                film.add_frame(data, potentials, stance, caption="drive 0.8")

    The film appears at its place when it is closed; if an error passes through the `with` block, nothing does.

    Attributes:
        backend: What draws the body: "egl", "osmesa" or "raycaster".
        frames: How many frames there are so far.
        picture: The last frame [height, width, 3], sRGB bytes; it changes with the next.
    """

    def __init__(
        self,
        model: mujoco.MjModel,
        path: str | os.PathLike[str],
        *,
        traces: Sequence[Trace] = (),
        feet: Sequence[Foot] = (),
        fps: float = 30.0,
        frame_time: float | None = None,
        size: tuple[int, int] = (1280, 720),
        camera: ChaseCamera | str | None = None,
        renderer: str | None = None,
        quality: str | Quality = "medium",
        look: Look | None = None,
        title: str = "",
        traces_title: str | None = None,
        window: float = 3.0,
    ) -> None:
        """Open a film for writing.

        Args:
            model: The model.
            path: Where the film shall be: .mp4, .gif or .webp.
            traces: Signals to show, from the top.
            feet: Feet of the stance diagram, from the top.
            fps: Frames a second, as played.
            frame_time: Simulated time between frames, s; None for real time.
            size: Width and height, pixels; both even.
            camera: From where: a camera of the model by name, or one that follows the animal; None for a new one.
            renderer: As in `make_renderer`.
            quality: As in `make_renderer`.
            look: As in `make_renderer`.
            title: Above the body.
            traces_title: Above the traces that have no section; None for "Membrane potential" and their unit.
            window: About how much time the panel shows, s.

        Raises:
            OutputPathError: The film cannot be written there, or not at this size or rate.
            UnknownNameError: There is no such camera, renderer or quality, or a trace names a geom or tendon in vain.
            MissingDependencyError: The renderer asked for does not work here.
        """
        self._model, self._traces, self._feet = model, tuple(traces), tuple(feet)
        self._frame_time = 1.0 / fps if frame_time is None else frame_time
        self._slowed = 1.0 / (self._frame_time * fps)
        self._title, self._scale = title, size[1] / 720
        self._lit = [[self._geom(name) for name in trace.geoms] for trace in traces]
        self._muscles = Muscles(model, {name: trace.color for trace in traces for name in trace.muscles})
        lanes = {trace.lane: trace.color for trace in reversed(self._traces)}
        self._families = [lanes[trace.lane] if trace.lane else trace.color for trace in self._traces]
        self._camera = _camera(model, camera)
        panel_width = round(size[0] * _PANEL_SHARE) if traces or feet else 0
        self._body_width = size[0] - panel_width
        self.picture = np.zeros((size[1], size[0], 3), np.uint8)
        self._panel = None
        if panel_width:
            room = panel_width, size[1]
            self._panel = Panel(traces, feet, room, frame_time=self._frame_time, window=window, title=traces_title)
        quality = find_quality(quality)
        self._video = VideoWriter(path, size, fps=fps, crf=quality.crf)
        try:
            self._renderer = make_renderer(model, self._body_width, size[1], renderer, quality=quality, look=look)
        except BaseException:
            self._video.discard()
            raise
        self.backend = self._renderer.backend

    @property
    def frames(self) -> int:
        """How many frames there are so far."""
        return self._video.frames

    def add_frame(
        self,
        data: mujoco.MjData,
        potentials: ArrayLike = (),
        stance: ArrayLike = (),
        caption: str = "",
        tints: Mapping[str, Color | Tint] | None = None,
        notice: str = "",
        marks: ArrayLike | None = None,
    ) -> None:
        """Add a frame.

        Args:
            data: The state at the end of the frame; kinematics up to date. It is not changed.
            potentials: Samples [samples, traces] evenly spaced over the time since the last frame; at least one.
            stance: Samples [samples, feet] over the same time, true where a foot carries load; at least one.
            caption: A line below the body: drive, turn, speed.
            tints: Further colours that geoms take on, by name; a fourth number, 0 to 1, says how strongly.
            notice: A brighter line above the caption: what is being done to the animal.
            marks: Samples [samples] over the same time, true while that is done: there the panel is pale.

        Raises:
            ValueError: The samples have another shape.
            UnknownNameError: There is no geom of a name in `tints`.
        """
        signals = _samples("potentials", potentials, len(self._traces), np.float64)
        feet = _samples("stance", stance, len(self._feet), np.bool_)
        marked = None if marks is None else _samples("marks", np.reshape(marks, (-1, 1)), 1, np.bool_)[:, 0]
        colors = self._glow(signals)
        for name, color in (tints or {}).items():
            colors[self._geom(name)] = color if len(color) == 4 else (*color, 1.0)
        body = self.picture[:, : self._body_width]
        body[:] = self._renderer.render(data, self._view(data), colors, self._muscles.tints(data))
        self._write_on(body, caption, notice, data.time)
        if self._panel is not None:
            self._panel.advance(signals, feet, marked)
            self._panel.draw(self.picture[:, self._body_width :])
        self._video.write(self.picture)

    def close(self) -> None:
        """Finish the film and put it in its place. Closing again does nothing.

        Raises:
            OutputPathError: No frame was added.
        """
        self._renderer.close()
        self._video.close()

    def discard(self) -> None:
        """Give up the film and leave nothing behind."""
        self._renderer.close()
        self._video.discard()

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close the film, or discard it if an error passes through."""
        if kind is None:
            self.close()
        else:
            self.discard()

    def _view(self, data: mujoco.MjData) -> mujoco.MjvCamera:
        return self._camera.update(data) if isinstance(self._camera, ChaseCamera) else self._camera

    def _geom(self, name: str) -> int:
        found = mujoco.mj_name2id(self._model, mujoco.mjtObj.mjOBJ_GEOM, name)
        if found < 0:
            names = (self._model.geom(g).name for g in range(self._model.ngeom))
            raise unknown_name("geom", name, filter(None, names), "the model")
        return found

    def _glow(self, signals: NDArray[np.float64]) -> dict[int, Tint]:
        """Colours of the geoms that traces light up, each by the strongest of its traces."""
        colors: dict[int, Tint] = {}
        for n, trace in enumerate(self._traces):
            level = float(np.nan_to_num(signals[:, n].mean(), nan=trace.lo))
            level = min(max((level - trace.lo) / (trace.hi - trace.lo), 0.0), 1.0)
            strength = level * level * (3.0 - 2.0 * level)  # dark when quiet, and clearly lit when active
            for geom in self._lit[n]:
                if strength > colors.get(geom, (0.0, 0.0, 0.0, 0.0))[3]:
                    colors[geom] = (*self._families[n], strength)
        return colors

    def _write_on(self, body: NDArray[np.uint8], caption: str, notice: str, time: float) -> None:
        """Write title, notice, caption and clock on the picture of the body, over a soft shade."""
        scale, height, width = self._scale, body.shape[0], body.shape[1]
        depth = min(round(_SHADE_HEIGHT * scale), height // 2)
        shade = 1.0 - _SHADE * np.linspace(0.0, 1.0, depth, dtype=np.float32)[:, None, None] ** 1.5
        body[height - depth :] = body[height - depth :] * shade
        margin, baseline = 24 * scale, height - 22 * scale
        if self._title:
            body[:depth] = body[:depth] * shade[::-1]
            draw_text(body, self._title, (margin, 42 * scale), 20 * scale, TITLE)
        draw_text(body, caption, (margin, baseline), 15 * scale, TEXT)
        draw_text(body, notice, (margin, baseline - 24 * scale), 16 * scale, TITLE)
        clock = f"{time:.2f} s"
        if abs(self._slowed - 1.0) > 0.01:
            slower = self._slowed > 1
            clock += f"   {'slowed' if slower else 'sped up'} {self._slowed if slower else 1 / self._slowed:.3g} times"
        draw_text(body, clock, (width - margin, baseline), 15 * scale, TEXT, "rs")


def _camera(model: mujoco.MjModel, camera: ChaseCamera | str | None) -> ChaseCamera | mujoco.MjvCamera:
    if camera is None:
        return ChaseCamera(model)
    if isinstance(camera, ChaseCamera):
        return camera
    found = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_CAMERA, camera)
    if found < 0:
        raise unknown_name("camera", camera, (model.camera(c).name for c in range(model.ncam)), "the model")
    fixed = mujoco.MjvCamera()
    fixed.type, fixed.fixedcamid = mujoco.mjtCamera.mjCAMERA_FIXED, found
    return fixed


def _samples(name: str, values: ArrayLike, count: int, kind: type) -> NDArray:
    """Samples as an array [samples, count]."""
    if count == 0:
        return np.zeros((1, 0), kind)
    samples = np.asarray(values, kind)
    if samples.ndim != 2 or samples.shape[1] != count or len(samples) == 0:
        raise ValueError(f"{name} must have the shape (samples, {count}) with a sample at least, got {samples.shape}")
    return samples
