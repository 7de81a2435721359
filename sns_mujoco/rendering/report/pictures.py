"""Pictures of a report: the animal in the midst of a life, and what its neurons and feet did meanwhile."""

import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sns_mujoco.analysis import figures
from sns_mujoco.models import Animal
from sns_mujoco.rendering.backend import make_renderer
from sns_mujoco.rendering.camera import ChaseCamera
from sns_mujoco.rendering.muscles import Muscles
from sns_mujoco.rendering.report.html import Markup, image

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.cosim.simulation import Simulation

SIZE = (1120, 700)  # pixels: twice what a page shows
RATE = 500.0  # Hz; fewer where the physics step does not divide it
LIFE = 3.0  # s


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A short life of an animal.

    Attributes:
        simulation: As it is at the end.
        recording: What it did.
        terrain: Where it lived.
    """

    simulation: "Simulation"
    recording: "xarray.Dataset"
    terrain: str


def lived(animal: Animal, *, terrain: str | None, seed: int, seconds: float = LIFE) -> Life:
    """Let an animal live with the commands that it cruises by.

    Raises:
        UnknownNameError: There is no such terrain.
        DivergenceError: It diverged.
    """
    simulation = animal.simulation(terrain=terrain, seed=seed)
    for name, value in animal.cruise.items():
        simulation.commands[name] = value
    every = max(1, round(1.0 / (RATE * simulation.model.opt.timestep)))
    recording = simulation.record(seconds, rate=1.0 / (every * simulation.model.opt.timestep))
    return Life(simulation=simulation, recording=recording, terrain=terrain or animal.terrains[0])


def body(animal: Animal, life: Life, *, renderer: str) -> Markup:
    """The animal at the end of its life.

    Raises:
        UnknownNameError: There is no such renderer.
        MissingDependencyError: The one asked for does not work here.
    """
    from PIL import Image

    model, data, view = life.simulation.model, life.simulation.data, animal.view
    camera = ChaseCamera(
        model, animal.torso or None, azimuth=view.azimuth, elevation=view.elevation, distance=view.distance,
        rise=view.rise,
    )  # fmt: skip
    with make_renderer(model, *SIZE, renderer, quality="high") as drawer:
        pixels = drawer.render(data, camera.update(data), muscles=Muscles(model).tints(data))
    file = BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", quality=88)
    return image(file.getvalue(), "webp", f"{animal.name} on its terrain {life.terrain!r}")


def activity(animal: Animal, life: Life) -> Markup:
    """Traces of the life's last part, and below the stance diagram where it walked; "" if there is nothing to draw.

    Raises:
        MissingDependencyError: matplotlib is not installed.
    """
    stop = float(life.recording["time"].values[-1])
    window = (stop / 3.0, stop)
    walks = bool(animal.feet) and animal.grounded(life.terrain)
    draws = [figures.traces] * bool(animal.readouts) + [figures.stance_diagram] * walks
    if not draws:
        return Markup()
    lanes = {readout.lane or n: readout.section for n, readout in enumerate(animal.readouts)}
    heights = [len(lanes) + 0.6 * len(set(lanes.values()) - {""}) + 1.2] * bool(lanes)
    heights += [0.6 * len(animal.feet) + 1.2] * walks
    figure, axes = figures.canvas(170.0, 8.5 * sum(heights), rows=len(draws), heights=heights)
    for draw, ax in zip(draws, axes[:, 0], strict=True):
        draw(life.recording, animal, window=window, ax=ax)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "figure.svg"
        figures.save(figure, place)
        return image(place.read_bytes(), "svg+xml", f"Signals of {animal.name} over time, and stance of its feet")
