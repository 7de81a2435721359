"""Pictures of animals in environments."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import mujoco
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sns_mujoco.models import Animal


class Picture:
    """Draws a life from a camera that follows it; any of OpenGL and the ray caster serves."""

    def __init__(self, model: mujoco.MjModel, size: tuple[int, int], animal: "Animal | None" = None) -> None:
        """Prepare to draw a model at a size (width, height), pixels, as the animal wants to be seen."""
        from sns_mujoco.models import View

        from sns_mujoco.rendering import ChaseCamera, Muscles, make_renderer

        view, torso = (animal.view, animal.torso or None) if animal is not None else (View(), None)
        self._renderer = make_renderer(model, *size)
        self._muscles = Muscles(model)
        self._camera = ChaseCamera(
            model, torso, azimuth=view.azimuth, elevation=view.elevation, distance=view.distance,
            rise=view.rise,
        )  # fmt: skip

    def draw(self, data: mujoco.MjData) -> NDArray[np.uint8]:
        """A frame, uint8 [height, width, 3]."""
        return self._renderer.render(data, self._camera.update(data), muscles=self._muscles.tints(data))

    def close(self) -> None:
        """Release the renderer."""
        self._renderer.close()


def refuse_unknown_mode(mode: str | None, known: Sequence[str]) -> None:
    """Refuse a render mode that there is not.

    Raises:
        ValueError: As said.
    """
    if mode not in (None, *known):
        raise ValueError(f"render_mode is {mode!r}; give None or {' or '.join(map(repr, known))}")
