"""Pictures of the body, as many as the machine can draw, in a thread of their own."""

import copy
import io
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sns_mujoco.rendering.backend import Renderer, make_renderer
from sns_mujoco.rendering.camera import ChaseCamera
from sns_mujoco.rendering.glow import Glow
from sns_mujoco.rendering.live.detail import FAST, Detail
from sns_mujoco.rendering.live.life import Life
from sns_mujoco.rendering.look import Tint
from sns_mujoco.rendering.muscles import Muscles

RATE = 30.0  # pictures a second on the wall
_JPEG_QUALITY = 84
_PUSHED: Tint = (1.0, 0.95, 0.80, 0.85)
_LOOK_UP, _LOOK_DOWN = 5.0, -89.0  # degrees, within which the camera tilts


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who watch.

    Attributes:
        watching: Tells whether there is anybody.
        has_room: Tells whether they have drawn the pictures before, and can take another; then it must be shown.
        show: Takes a picture, JPEG.
    """

    watching: Callable[[], bool]
    has_room: Callable[[], bool]
    show: Callable[[bytes], None]


class Painter:
    """Draws the body of a life.

    Attributes:
        backend: What draws it, "" before the first picture.
        dropped: Pictures that were due while time passed, but not shown.
        rate: Pictures a second that were shown, over the last seconds.
    """

    def __init__(self, life: Life, *, renderer: str = "auto", quality: str = "medium") -> None:
        """Make ready; `start` begins.

        Args:
            life: Whose body.
            renderer: As `make_renderer` takes it; with "auto", OpenGL only where it is faster than the ray caster.
            quality: As `make_renderer` takes it.
        """
        self._life, self._renderer_name, self._quality = life, renderer, quality
        self.backend, self.dropped, self.rate = "", 0, 0.0
        self._detail = Detail()
        self._turn, self._tilt, self._zoom = 0.0, 0.0, 1.0
        self._number = 0  # of the life that is being drawn
        self._drawn: tuple | None = None
        self._shown: deque[float] = deque(maxlen=40)
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, audience: Audience) -> None:
        """Begin to draw, and show every picture."""
        self._thread = threading.Thread(target=self._paint, args=(audience,), name="painter", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop drawing."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def resize(self, width: float, height: float) -> None:
        """Fit the pictures into a page's room, pixels."""
        self._detail.fit(width, height)
        self.refresh()

    def look(self, turn: float, tilt: float, zoom: float) -> None:
        """Look from elsewhere, from where the animal is usually seen.

        Args:
            turn: Around it, degrees.
            tilt: Upwards, degrees.
            zoom: How many times closer.
        """
        self._turn, self._tilt, self._zoom = turn, tilt, min(max(zoom, 0.1), 10.0)

    def refresh(self) -> None:
        """Draw again though nothing changed, as for a page that has just been opened."""
        self._drawn = None

    def body_at(self, x: float, y: float) -> tuple[str, list[float], list[float]]:
        """What is seen at a place of the picture.

        Args:
            x: From the left, 0 to 1.
            y: From the top, 0 to 1.

        Returns:
            Name of the body, "" where there is none that may be pushed; and the directions in the world in which the
            picture's right and its top point.
        """
        with self._lock:
            camera = self._view()
            scene = self._scene
            model, data, option = self._model, self._data, mujoco.MjvOption()
            everything = mujoco.mjtCatBit.mjCAT_ALL.value
            mujoco.mjv_updateScene(model, data, option, None, camera, everything, scene)
            eye = scene.camera[0]
            right, up = np.cross(eye.forward, eye.up), np.array(eye.up)
            geom, flex, skin = (np.full((1, 1), -1, np.int32) for _ in range(3))
            point = np.zeros(3)
            body = mujoco.mjv_select(
                model, data, option, self._detail.aspect, x, 1.0 - y, scene, point, geom, flex, skin
            )
            name = model.body(body).name if body > 0 and model.body_weldid[body] else ""
            return name, right.tolist(), up.tolist()

    def _paint(self, audience: Audience) -> None:
        next_slot = time.perf_counter()
        renderer: Renderer | None = None
        size = (0, 0)
        while not self._ending.is_set():
            now = time.perf_counter()
            if now < next_slot:
                self._ending.wait(next_slot - now)
                continue
            missed = int((now - next_slot) * RATE)
            next_slot += (missed + 1) / RATE
            if not audience.watching():
                continue
            self._drop(missed)
            with self._lock:
                if self._number != self._life.number:
                    self._take_up()
                    size = (0, 0)
                wanted = self._detail.size
                if not self._look_again(wanted):
                    continue
                if not audience.has_room():
                    self._drawn = None
                    self._drop(1)
                    continue
                tints, muscles = self._colors()
                if size != wanted:
                    if renderer is not None:
                        renderer.close()
                    renderer, size = self._make(wanted), wanted
                assert renderer is not None
                begun = time.perf_counter()
                picture = renderer.render(self._data, self._view(), tints, muscles)
                self._detail.judge(time.perf_counter() - begun)
            audience.show(_jpeg(picture))
            self._shown.append(time.perf_counter())
            self.rate = self._rate_now()
        if renderer is not None:
            renderer.close()

    def _drop(self, count: int) -> None:
        """Count pictures that were due, once there has been one: the first waits for the kernels to be compiled."""
        if self._life.playing and self._shown:
            self.dropped += count

    def _take_up(self) -> None:
        """Begin to draw a new life."""
        life = self._life
        with life.lock:
            self._model, self._number = _endless(life.simulation.model), life.number
            traces = life.signals.traces
        model, view, animal = self._model, life.animal.view, life.animal
        self._data = mujoco.MjData(model)
        self._scene = mujoco.MjvScene(model, 10_000)
        self._glow = Glow(model, traces)
        self._muscles = Muscles(model, {name: trace.color for trace in traces for name in trace.muscles})
        self._camera = ChaseCamera(
            model, animal.torso or None, azimuth=view.azimuth, elevation=view.elevation, distance=view.distance,
            rise=view.rise,
        )  # fmt: skip
        self._drawn = None

    def _look_again(self, size: tuple[int, int]) -> bool:
        """Take in what the body does now; tells whether there is anything new to draw."""
        life = self._life
        with life.lock:
            if life.number != self._number:
                return False
            now = (life.simulation.time, life.number, size, self._turn, self._tilt, self._zoom)
            if now == self._drawn:
                return False
            mujoco.mj_copyData(self._data, self._model, life.simulation.data)
            self._levels = life.signals.shown()
            self._pushed = [body for body, end in life.pushes.items() if end > life.simulation.time]
        self._drawn = now
        return True

    def _colors(self) -> tuple[dict[int, Tint], dict[int, Tint]]:
        """Colours of geoms and of muscles in this picture."""
        tints = self._glow.tints(self._levels)
        for name in self._pushed:
            body = self._model.body(name)
            tints |= dict.fromkeys(range(body.geomadr[0], body.geomadr[0] + body.geomnum[0]), _PUSHED)
        return tints, self._muscles.tints(self._data)

    def _view(self) -> mujoco.MjvCamera:
        usual = self._camera.update(self._data)
        view = mujoco.MjvCamera()
        view.lookat[:] = usual.lookat
        view.distance = usual.distance / self._zoom
        view.azimuth = usual.azimuth + self._turn
        view.elevation = min(max(usual.elevation + self._tilt, _LOOK_DOWN), _LOOK_UP)
        return view

    def _make(self, size: tuple[int, int]) -> Renderer:
        """What draws; OpenGL done in software is slower than the ray caster and is let go."""
        name = self.backend or self._renderer_name
        renderer = make_renderer(self._model, *size, name, quality=self._quality)
        if not self.backend and name == "auto" and renderer.backend != "raycaster":
            costs = []
            for _ in range(3):
                begun = time.perf_counter()
                renderer.render(self._data, self._view())
                costs.append(time.perf_counter() - begun)
            if min(costs) > FAST:
                renderer.close()
                renderer = make_renderer(self._model, *size, "raycaster", quality=self._quality)
        self.backend = renderer.backend
        return renderer

    def _rate_now(self) -> float:
        recent = [at for at in self._shown if self._shown[-1] - at < 2.0]
        return (len(recent) - 1) / (recent[-1] - recent[0]) if len(recent) > 2 else 0.0


def _endless(model: mujoco.MjModel) -> mujoco.MjModel:
    """A copy of a model whose ground is drawn however far an animal walks; to the physics every plane is endless."""
    model = copy.copy(model)
    ground = (model.geom_type == mujoco.mjtGeom.mjGEOM_PLANE) & (model.geom_bodyid == 0)
    model.geom_size[ground, :2] = 0.0
    return model


def _jpeg(picture: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=_JPEG_QUALITY)
    return file.getvalue()
