"""CPU time of a frame of film, drawn by the ray caster in the medium preset, 1280 x 720, panels and all.

    python tests/benchmarks/film_frames.py [--frames 30] [--panels circuit,traces,stance]

Prints, for each animal, milliseconds of processor time of this process, all threads together: median over frames of
the ray caster, of the panels, and of encoding (h264), which is no part of drawing; and of the whole frame.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from sns_mujoco.models import load

from sns_mujoco.cli.style import style_of
from sns_mujoco.rendering.shoot import SAMPLE_RATE, Shoot

SCENES = (
    ("hexapod", "flat"), ("hexapod", "rough"), ("rat_hindlimbs", None), ("quadruped", None), ("antagonist_joint", None),
)  # fmt: skip
SETTLE = 0.4  # s, so that the animal walks


class Meter:
    """Adds up the processor time of calls."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.seconds = 0.0

    def on(self, owner: object, name: str) -> None:
        """Count the calls of a method of an object."""
        called = getattr(owner, name)

        def counted(*arguments, **options):
            before = time.process_time()
            try:
                return called(*arguments, **options)
            finally:
                self.seconds += time.process_time() - before

        setattr(owner, name, counted)

    def take(self) -> float:
        """Milliseconds since the last time."""
        spent, self.seconds = 1e3 * self.seconds, 0.0
        return spent


def measure(name: str, terrain: str | None, panels: str | None, frames: int, folder: Path) -> dict[str, float]:
    """Milliseconds of processor time a frame."""
    animal = load(name)
    life = animal.simulation(terrain=terrain, seed=0)
    for command, value in animal.cruise.items():
        life.commands[command] = value
    steps = round(1.0 / (SAMPLE_RATE * life.model.opt.timestep))
    life.step(round(SETTLE / life.model.opt.timestep))
    shoot = Shoot(
        animal, life, folder / f"{name}.mp4", grounded=animal.grounded(terrain), slow=animal.slow, quality="medium",
        renderer="raycaster", style=style_of(panels, "chase", "", "", None),
    )  # fmt: skip
    film, meters = shoot._film, {part: Meter() for part in ("body", "panels", "encoding", "frame")}
    meters["body"].on(film.scene._renderer, "render")
    meters["panels"].on(film.scene.column, "advance")
    meters["panels"].on(film.scene.column, "draw")
    meters["encoding"].on(film._video, "write")
    meters["frame"].on(film, "add_frame")
    spent: dict[str, list[float]] = {part: [] for part in meters}
    while film.frames < frames + 2:  # the first frames compile, and read the terrain
        before = film.frames
        life.step(steps)
        shoot.sample()
        if film.frames > before:
            for part, meter in meters.items():
                value = meter.take()
                if film.frames > 2:
                    spent[part].append(value)
    film.discard()
    return {part: float(np.median(values)) for part, values in spent.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=30)
    parser.add_argument("--panels", default=None)
    asked = parser.parse_args()
    print(f"{'':26}{'body':>8}{'panels':>8}{'drawn':>8}{'encoding':>10}{'frame':>8}   ms of CPU, median")
    with tempfile.TemporaryDirectory() as folder:
        for name, terrain in SCENES:
            found = measure(name, terrain, asked.panels, asked.frames, Path(folder))
            drawn = found["frame"] - found["encoding"]
            print(
                f"{name + ' ' + (terrain or ''):26}{found['body']:8.1f}{found['panels']:8.1f}{drawn:8.1f}"
                f"{found['encoding']:10.1f}{found['frame']:8.1f}"
            )


if __name__ == "__main__":
    main()
