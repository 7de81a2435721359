"""Two lives in one film, side by side: each body above its own nervous system, both at the same time of their lives."""

from pathlib import Path
from typing import Self

import numpy as np

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.models import Animal
from sns_mujoco.protocols import Protocol
from sns_mujoco.rendering.camera import view_of
from sns_mujoco.rendering.choice import choose
from sns_mujoco.rendering.column import Moment
from sns_mujoco.rendering.look import find_quality
from sns_mujoco.rendering.palette import BACKGROUND, to_bytes
from sns_mujoco.rendering.place import Place
from sns_mujoco.rendering.scene import Scene, Words, clock
from sns_mujoco.rendering.shoot import FRAME_RATE, Style, every, window
from sns_mujoco.rendering.subject import SAMPLE_RATE, Subject
from sns_mujoco.rendering.video import VideoWriter

_BODY = 0.56  # share of the height that the bodies take where something stands below them
_BETWEEN = 4  # pixels at 720 of height


class Duet:
    """A film of two animals in the making: give it every sample of both lives.

    Attributes:
        backend: What draws the bodies.
        left_out: Labels of the traces for which there is no room, of both.
        picture: The last frame [height, width, 3], sRGB bytes; it changes with the next.
        scenes: Both scenes.
    """

    def __init__(
        self, animals: tuple[Animal, Animal], simulations: tuple[Simulation, Simulation], path: Path, *,
        grounded: tuple[bool, bool], slow: float, quality: str, renderer: str, styles: tuple[Style, Style],
        protocols: tuple[Protocol | None, Protocol | None] = (None, None),
    ) -> None:  # fmt: skip
        """Open the film.

        Args:
            animals: Both animals, which may be the same.
            simulations: Their lives.
            path: Of the film.
            grounded: Whether there is ground under each.
            slow: How many times slower than life it is to be; rounded so that frames fall on samples.
            quality: "draft", "medium" or "high".
            renderer: As `make_renderer` takes it.
            styles: What each side looks like; the size is that of the first.
            protocols: What is done to each, to be told.

        Raises:
            OutputPathError: The film cannot be written there.
            UnknownNameError: There is no such quality, renderer, panel, camera or signal.
            ParameterError: A panel was asked for that has nothing to show.
        """
        self._every = every(slow)
        frame_time = self._every / SAMPLE_RATE
        self._slowed = 1.0 / (frame_time * FRAME_RATE)
        self._data = [simulation.data for simulation in simulations]
        width, height = styles[0].size
        scale = height / 720
        between = 2 * round(_BETWEEN * scale / 2)
        half = (width - between) // 2
        choices = [
            choose(
                animal, simulation.model, simulation.brain, style.panels, grounded=ground, window=window(frame_time),
                events=bool(protocol and protocol.items), portraits=style.portraits,
            )
            for animal, simulation, ground, style, protocol in zip(
                animals, simulations, grounded, styles, protocols, strict=True
            )
        ]  # fmt: skip
        self._subjects = [
            Subject(animal, simulation, choice, grounded=ground, protocol=protocol)
            for animal, simulation, choice, ground, protocol in zip(
                animals, simulations, choices, grounded, protocols, strict=True
            )
        ]  # fmt: skip
        found = find_quality(quality)
        self.picture = np.empty((height, width, 3), np.uint8)
        self.picture[:] = to_bytes(BACKGROUND)
        self._video = VideoWriter(path, (width, height), fps=FRAME_RATE, crf=found.crf)
        self.scenes: list[Scene] = []
        try:
            for side, (animal, simulation, choice, style) in enumerate(
                zip(animals, simulations, choices, styles, strict=True)
            ):
                left = side * (width - half)
                tall = height if choice.content.empty else round(_BODY * height)
                below = Place(left=left, top=tall, width=half, height=height - tall)
                view = animal.view
                camera = view_of(
                    style.camera, simulation.model, animal.torso or None, azimuth=view.azimuth,
                    elevation=view.elevation, distance=view.distance, rise=view.rise, slow=slow,
                )  # fmt: skip
                self.scenes.append(
                    Scene(
                        simulation.model, choice.content, body=Place(left=left, top=0, width=half, height=tall),
                        beside=None if choice.content.empty else below, frame_time=frame_time, scale=scale,
                        camera=camera, renderer=renderer, quality=found, title=style.title, subtitle=style.caption,
                    )
                )  # fmt: skip
        except BaseException:
            self.discard()
            raise
        self.backend = self.scenes[0].backend
        self.left_out = tuple(label for scene in self.scenes for label in scene.left_out)

    @property
    def frames(self) -> int:
        """How many frames there are so far."""
        return self._video.frames

    def watch(self, side: int) -> None:
        """Keep the spikes of a physics step of one of the two, 0 or 1, between two samples."""
        self._subjects[side].watch()

    def sample(self) -> None:
        """Take in what both do now; add a frame when one is due."""
        for subject in self._subjects:
            subject.sample()
        if len(self._subjects[0]) < self._every:
            return
        for scene, subject, data in zip(self.scenes, self._subjects, self._data, strict=True):
            taken = subject.take()
            moment = Moment(
                signals=taken.signals, stance=taken.stance, marked=taken.marked, levels=taken.levels,
                phases=taken.phases, potentials=taken.neurons, time=data.time, events=taken.events,
            )  # fmt: skip
            words = Words(caption=taken.caption, notice=taken.notice, clock=clock(data.time, self._slowed))
            scene.draw(self.picture, data, moment, words)
        self._video.write(self.picture)

    def close(self) -> None:
        """Finish the film; one without a frame leaves nothing."""
        if not self.frames:
            self.discard()
            return
        for scene in self.scenes:
            scene.close()
        self._video.close()

    def discard(self) -> None:
        """Give up the film and leave nothing behind."""
        for scene in self.scenes:
            scene.close()
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
