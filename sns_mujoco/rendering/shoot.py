"""Filming an animal: its life sampled, its signals chosen, and a frame added when one is due."""

from dataclasses import dataclass
from pathlib import Path

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.models import Animal
from sns_mujoco.protocols import Protocol
from sns_mujoco.rendering.camera import view_of
from sns_mujoco.rendering.choice import choose, traces_of
from sns_mujoco.rendering.film import Film
from sns_mujoco.rendering.subject import LOAD_TIME, SAMPLE_RATE, Subject, Taken

__all__ = ["FRAME_RATE", "LOAD_TIME", "SAMPLE_RATE", "Shoot", "Style", "traces_of"]

FRAME_RATE = 25.0  # frames per second, as played
WINDOW = 1.0  # s of simulated time that the strip spans at a fourfold slowdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a film of an animal looks like.

    Attributes:
        panels: What stands beside the body, some of `PANELS`; None for what suits it, empty for nothing.
        camera: From where, see `view_of`.
        title: Above the body.
        caption: A smaller line below the title.
        portraits: Pairs of signals for phase portraits, see `choose`.
        size: Width and height, pixels; both even.
    """

    panels: tuple[str, ...] | None = None
    camera: str = "chase"
    title: str = ""
    caption: str = ""
    portraits: tuple[tuple[str, str], ...] = ()
    size: tuple[int, int] = (1280, 720)


class Shoot:
    """A film in the making: give it every sample of the animal's life, and it adds the frames.

    Attributes:
        backend: What draws the body.
        left_out: Labels of the traces for which there is no room.
    """

    def __init__(
        self, animal: Animal, simulation: Simulation, path: Path, *, grounded: bool, slow: float, quality: str,
        renderer: str, style: Style | None = None, protocol: Protocol | None = None,
    ) -> None:  # fmt: skip
        """Open the film.

        Args:
            animal: The animal.
            simulation: Its life.
            path: Of the film.
            grounded: Whether there is ground under it: if not, its speed and its stance are not shown.
            slow: How many times slower than life it is to be; rounded so that frames fall on samples.
            quality: "draft", "medium" or "high".
            renderer: As `make_renderer` takes it.
            style: What it looks like.
            protocol: What is done to the animal, to be told.

        Raises:
            OutputPathError: The film cannot be written there.
            UnknownNameError: There is no such quality, renderer, panel, camera or signal.
            ParameterError: A panel was asked for that has nothing to show.
        """
        style = style or Style()
        self._every = every(slow)
        frame_time = self._every / SAMPLE_RATE
        model = simulation.model
        choice = choose(
            animal, model, simulation.brain, style.panels, grounded=grounded, window=window(frame_time),
            events=bool(protocol and protocol.items), portraits=style.portraits,
        )  # fmt: skip
        self._subject = Subject(animal, simulation, choice, grounded=grounded, protocol=protocol)
        self._data = simulation.data
        view = animal.view
        self._film = Film(
            model, path, fps=FRAME_RATE, frame_time=frame_time, size=style.size, content=choice.content,
            camera=view_of(
                style.camera, model, animal.torso or None, azimuth=view.azimuth, elevation=view.elevation,
                distance=view.distance, rise=view.rise, slow=slow,
            ),
            renderer=renderer, quality=quality, title=style.title, subtitle=style.caption,
        )  # fmt: skip
        self.backend = self._film.backend
        self.left_out = self._film.scene.left_out

    def watch(self) -> None:
        """Keep the spikes of a physics step between two samples; without it only those of the last one are seen."""
        self._subject.watch()

    def sample(self) -> None:
        """Take in what the animal does now; add a frame when one is due."""
        self._subject.sample()
        if len(self._subject) == self._every:
            self._add(self._subject.take())

    def close(self) -> None:
        """Finish the film; one without a frame leaves nothing."""
        if self._film.frames:
            self._film.close()
        else:
            self._film.discard()

    def _add(self, taken: Taken) -> None:
        self._film.add_frame(
            self._data, taken.signals, taken.stance, taken.caption, notice=taken.notice, marks=taken.marked,
            levels=taken.levels, phases=taken.phases, neurons=taken.neurons, events=taken.events,
        )  # fmt: skip


def every(slow: float) -> int:
    """Samples for one frame of a film that is so many times slower than life."""
    return max(1, round(SAMPLE_RATE / (slow * FRAME_RATE)))


def window(frame_time: float) -> float:
    """Time that the strip spans, s, for simulated time between frames, s."""
    return WINDOW * 4.0 * frame_time * FRAME_RATE
