"""A film of an animal with its nervous system beside it."""

import os
from collections.abc import Mapping, Sequence
from typing import Self

import mujoco
import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.rendering.camera import ChaseCamera, find_camera
from sns_mujoco.rendering.column import Content, Moment
from sns_mujoco.rendering.look import Color, Look, Quality, Tint, find_quality
from sns_mujoco.rendering.marks import Mark
from sns_mujoco.rendering.panel_layout import Foot, Trace
from sns_mujoco.rendering.place import Place
from sns_mujoco.rendering.scene import Scene, Words, clock
from sns_mujoco.rendering.video import VideoWriter

PANEL_SHARE = 0.4375  # of the width of a film that has a panel


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
        scene: The body and what stands beside it.
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
        subtitle: str = "",
        traces_title: str | None = None,
        window: float = 3.0,
        content: Content | None = None,
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
            subtitle: A smaller line below the title.
            traces_title: Above the traces that have no section; None for "Membrane potential" and their unit.
            window: About how much time the panel shows, s.
            content: Everything that stands beside the body, instead of `traces`, `feet`, `traces_title` and `window`.

        Raises:
            OutputPathError: The film cannot be written there, or not at this size or rate.
            UnknownNameError: There is no such camera, renderer or quality, or a trace names a geom or tendon in vain.
            MissingDependencyError: The renderer asked for does not work here.
        """
        if content is None:
            content = Content(traces=tuple(traces), feet=tuple(feet), traces_title=traces_title, window=window)
        self._content = content
        self._frame_time = 1.0 / fps if frame_time is None else frame_time
        self._slowed = 1.0 / (self._frame_time * fps)
        quality = find_quality(quality)
        if camera is None:
            camera = ChaseCamera(model)
        elif isinstance(camera, str):
            camera = find_camera(model, camera)
        width = 0 if content.empty else round(size[0] * PANEL_SHARE)
        beside = Place(left=size[0] - width, top=0, width=width, height=size[1])
        self.picture = np.zeros((size[1], size[0], 3), np.uint8)
        self._video = VideoWriter(path, size, fps=fps, crf=quality.crf)
        try:
            self.scene = Scene(
                model, content, body=Place(left=0, top=0, width=size[0] - width, height=size[1]),
                beside=beside if width else None, frame_time=self._frame_time, scale=size[1] / 720, camera=camera,
                renderer=renderer, quality=quality, look=look, title=title, subtitle=subtitle,
            )  # fmt: skip
        except BaseException:
            self._video.discard()
            raise
        self.backend = self.scene.backend

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
        *,
        levels: Sequence[ArrayLike] = (),
        phases: Sequence[ArrayLike] = (),
        neurons: ArrayLike = (),
        events: Sequence[Mark] = (),
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
            levels: For each band, samples [samples, rows] over the same time, 0 for dark to 1 for bright.
            phases: For each portrait, samples [samples, 2] over the same time.
            neurons: Potentials of all neurons of the circuit at the end [neurons], mV.
            events: What is done to the animal, for the lane of the events.

        Raises:
            ValueError: The samples have another shape.
            UnknownNameError: There is no geom of a name in `tints`.
        """
        content = self._content
        marked = None if marks is None else samples_of("marks", np.reshape(marks, (-1, 1)), 1, np.bool_)[:, 0]
        wanted = sum(population.size for population in content.network.populations) if content.network else 0
        moment = Moment(
            signals=samples_of("potentials", potentials, len(content.traces), np.float64),
            stance=samples_of("stance", stance, len(content.feet), np.bool_),
            marked=marked,
            levels=[
                samples_of(f"levels of {band.title!r}", values, len(band.rows), np.float64)
                for band, values in zip(content.bands, _as_many("levels", levels, content.bands), strict=True)
            ],
            phases=[
                samples_of("phases", values, 2, np.float64) for values in _as_many("phases", phases, content.portraits)
            ],
            potentials=samples_of("neurons", np.reshape(neurons, (1, -1)), wanted, np.float64)[0],
            time=data.time,
            events=events,
        )
        words = Words(caption=caption, notice=notice, clock=clock(data.time, self._slowed))
        self.scene.draw(self.picture, data, moment, words, tints)
        self._video.write(self.picture)

    def close(self) -> None:
        """Finish the film and put it in its place. Closing again does nothing.

        Raises:
            OutputPathError: No frame was added.
        """
        self.scene.close()
        self._video.close()

    def discard(self) -> None:
        """Give up the film and leave nothing behind."""
        self.scene.close()
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


def samples_of(name: str, values: ArrayLike, count: int, kind: type) -> NDArray:
    """Samples as an array [samples, count]."""
    if count == 0:
        return np.zeros((1, 0), kind)
    samples = np.asarray(values, kind)
    if samples.ndim != 2 or samples.shape[1] != count or len(samples) == 0:
        raise ValueError(f"{name} must have the shape (samples, {count}) with a sample at least, got {samples.shape}")
    return samples


def _as_many(name: str, values: Sequence[ArrayLike], parts: Sequence[object]) -> Sequence[ArrayLike]:
    if len(values) != len(parts):
        raise ValueError(f"{name} must have {len(parts)} arrays, one for each part of the panel, got {len(values)}")
    return values
