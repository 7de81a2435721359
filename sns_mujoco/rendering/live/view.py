"""The live view as a whole: a life, a painter, a door, and the page that stands open."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from websockets.sync.server import ServerConnection

from sns_mujoco.files import check_output_path
from sns_mujoco.models import Animal
from sns_mujoco.rendering.backend import make_renderer
from sns_mujoco.rendering.live.circuit import circuit
from sns_mujoco.rendering.live.life import Life
from sns_mujoco.rendering.live.page import Kind, Page, page_text
from sns_mujoco.rendering.live.painter import Audience, Painter
from sns_mujoco.rendering.live.server import Door
from sns_mujoco.rendering.live.signals import bodies_of
from sns_mujoco.rendering.live.wishes import Wishes
from sns_mujoco.rendering.look import find_quality

if TYPE_CHECKING:
    from sns_mujoco.protocols import Protocol

_RATE = 30.0  # messages of signals a second
_DRAWN = {str(kind.value): kind for kind in Kind}  # what a page says when it has drawn a message


class LiveView:
    """An animal in a browser, with its nervous system beside it, in real time; see the package.

    Usage:

        with LiveView(animal, save="done.yaml") as view:
            print(view.url)
            input()

    One page at a time shows it; a page that is opened later takes over. Time stands still until the page, or
    `view.life.play()`, lets it go on, or a page is opened and `start` was asked for.

    Attributes:
        url: Address to open in a browser of this machine. Who has it may do to the animal what they like.
        life: The animal's life, which may also be reached from the program.
        painter: Who draws the pictures of its body.
    """

    def __init__(
        self,
        animal: Animal,
        *,
        terrain: str | None = None,
        seed: int = 0,
        protocol: "Protocol | None" = None,
        save: str | Path | None = None,
        port: int = 0,
        renderer: str = "auto",
        quality: str = "medium",
        start: bool = False,
    ) -> None:
        """Open the view.

        Args:
            animal: The animal.
            terrain: One of its terrains; the usual one if left out.
            seed: Of its pose, its noise and the terrain.
            protocol: What is done to it in every life, besides what the viewer does.
            save: A file (.yaml, .yml) that what was done is saved to when the page asks for it, and when the view is
                closed; replaced if it exists.
            port: Where to listen on 127.0.0.1; 0 for any that is free.
            renderer: As `sns_mujoco.rendering.make_renderer` takes it; with "auto", OpenGL only where it is faster
                than the ray caster.
            quality: Of the pictures: "draft", "medium" or "high".
            start: Whether time begins to pass when a page is first opened.

        Raises:
            UnknownNameError: There is no such terrain, renderer or quality, or the protocol names what is not there.
            ProtocolError: The protocol does not fit the animal.
            MissingDependencyError: The renderer asked for does not work here.
            OutputPathError: What was done cannot be saved there.
            OSError: The port is taken.
        """
        self._start = start
        self._save = None if save is None else check_output_path(save, (".yaml", ".yml"))
        find_quality(quality)
        self._network = animal.network()
        self.life = Life(animal, terrain=terrain, seed=seed, protocol=protocol)
        try:
            if renderer != "auto":  # what does not work shall say so now, and not in the painter's thread
                make_renderer(self.life.simulation.model, 64, 48, renderer, quality=quality).close()
            self.painter = Painter(self.life, renderer=renderer, quality=quality)
            self._wishes = Wishes(self.life, self.painter, self.save)
            self._page: Page | None = None
            self._door = Door(page_text(animal.name), self._meet, port=port)
        except BaseException:
            self.life.close()
            raise
        self.url = self._door.url
        self._ending = threading.Event()
        self._teller = threading.Thread(target=self._tell, name="signals", daemon=True)
        self._teller.start()
        self.painter.start(Audience(self._watched, self._has_room, self._show))

    def save(self) -> str:
        """Save what was done in this life, or, if that is nothing, in the last in which there was something.

        Returns:
            A line that says where.

        Raises:
            ValueError: No place was given for it.
        """
        if self._save is None:
            raise ValueError("no file was given to save to; start the view with --save, or download it from the page")
        self.life.past().protocol.save(self._save)
        return f"saved to {self._save}"

    @property
    def anything_done(self) -> bool:
        """Whether there is something to save."""
        return bool(self.life.deeds or self.life.earlier)

    def close(self) -> None:
        """Close the page and end everything; what was done is saved if a file was given."""
        self._ending.set()
        if self._page is not None:
            self._page.close(1001, "the view was closed")
        self._door.close()
        self._teller.join()
        self.painter.close()
        self.life.close()
        if self._save is not None and self.anything_done:
            self.save()

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close on leaving."""
        self.close()

    def _meet(self, connection: ServerConnection) -> None:
        """Talk with a page until it is closed."""
        page = Page(connection)
        page.tell(self._hello())
        earlier, self._page = self._page, page
        if earlier is not None:
            earlier.close(4001, "the animal is shown in another tab now")
        with self.life.lock:
            self.life.signals.rewind()
        self.painter.refresh()
        if self._start:
            self._start = False
            self.life.play()
        try:
            for message in connection:
                if message in _DRAWN:  # it has drawn a message of that kind
                    page.has_drawn(_DRAWN[message])
                    continue
                answer = self._wishes.grant(message)
                if answer is not None:
                    page.tell(answer)
        finally:
            page.open = False

    def _hello(self) -> dict[str, Any]:
        """What does not change while the page stands open."""
        life, animal = self.life, self.life.animal
        with life.lock:
            model = life.simulation.model
            commands = life.commands
            weight = float(model.body_subtreemass[0] * np.linalg.norm(model.opt.gravity))
            told = life.signals.described(self._network)
            bodies = bodies_of(model)
            timestep = float(model.opt.timestep)
        return told | {
            "hello": animal.name,
            "summary": animal.summary,
            "terrain": life.terrain or animal.terrains[0],
            "commands": [
                {"name": name, "lo": lo, "hi": hi, "value": commands[name], "probe": name in animal.probes}
                for name, (lo, hi) in (animal.commands | animal.probes).items()
            ],
            "circuit": circuit(self._network),
            "bodies": bodies,
            "torso": animal.torso if animal.torso in bodies else next(iter(bodies), ""),
            "weight": weight,
            "timestep": timestep,
            "saves": self._save is not None,
        }

    def _tell(self) -> None:
        """Send what the nervous system does, time and again."""
        while not self._ending.wait(1.0 / _RATE):
            page = self._page
            if page is not None and page.has_room(Kind.SIGNALS):
                page.send(Kind.SIGNALS, *self._state())

    def _state(self) -> tuple[dict[str, Any], bytes]:
        """What changes all the time, and the samples since it was last told."""
        life = self.life
        with life.lock:
            samples = life.signals.take()
            told = {
                "time": life.simulation.time,
                "life": life.number,
                "seed": life.seed,
                "playing": life.playing,
                "speed": life.speed,
                "factor": round(life.factor, 3),
                "pictures": round(self.painter.rate, 1),
                "dropped": self.painter.dropped,
                "backend": self.painter.backend,
                "travel": life.signals.speed,
                "rhythm": round(life.signals.rhythm, 3),
                "commands": life.commands,
                "silenced": sorted(life.silenced),
                "injected": life.injected,
                "cut": sorted(life.cut),
                "pushed": [body for body, end in life.pushes.items() if end > life.simulation.time],
                "trouble": life.trouble,
                "deeds": [{"time": deed.time, "what": deed.what} for deed in life.deeds[-60:]],
                "done": len(life.deeds),
                "earlier": len(life.earlier),
                "samples": len(samples),
                "now": np.round(life.simulation.potentials, 3).tolist(),
            }
        return told, samples.tobytes()

    def _watched(self) -> bool:
        return self._page is not None and self._page.open

    def _has_room(self) -> bool:
        return self._page is not None and self._page.has_room(Kind.PICTURE)

    def _show(self, picture: bytes) -> None:
        if self._page is not None:
            self._page.send(Kind.PICTURE, {}, picture)
