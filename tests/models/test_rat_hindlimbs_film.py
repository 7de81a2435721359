"""How the rat looks in a film: lit from the side that is seen, its feet in the picture, its floor clean."""

from dataclasses import asdict

import numpy as np
import pytest
from sns_mujoco.models.rat_hindlimbs import ANIMAL
from sns_mujoco.models.rat_hindlimbs.anatomy import SIDES

from sns_mujoco import Simulation
from sns_mujoco.rendering import ChaseCamera, make_renderer
from sns_mujoco.rendering.opengl import missing_library

SIZE = 360
NO_EGL = pytest.mark.skipif(missing_library("egl") is not None, reason="without EGL there is nothing to look at")


def picture(simulation: Simulation, quality: str, renderer: str = "egl") -> np.ndarray:
    """The animal as a film shows it [rows, columns, 3]."""
    camera = ChaseCamera(simulation.model, ANIMAL.torso, **asdict(ANIMAL.view)).update(simulation.data)
    with make_renderer(simulation.model, SIZE, SIZE, renderer, quality=quality) as drawing:
        return drawing.render(simulation.data, camera).astype(int)


@NO_EGL
@pytest.mark.parametrize("terrain", ["air", "ground"])
def test_no_shadow_falls_on_the_floor_behind(terrain):
    simulation = ANIMAL.simulation(terrain=terrain)
    shadows = np.abs(picture(simulation, "high") - picture(simulation, "draft")).max(axis=-1) > 40
    rows, columns = slice(int(0.47 * SIZE), int(0.57 * SIZE)), slice(int(0.76 * SIZE), SIZE)
    assert shadows[rows, columns].mean() < 0.002
    assert shadows.sum() > 500  # the animal has one, in front of that


@pytest.mark.parametrize("terrain", ANIMAL.terrains)
def test_feet_are_in_the_picture_and_bones_are_in_the_light(terrain):
    simulation = ANIMAL.simulation(terrain=terrain)
    seen = picture(simulation, "draft", "raycaster")

    def shown(name: str) -> np.ndarray:
        """Pixels [rows, columns] of a geom."""
        model = simulation.model
        geom = model.geom(name).id
        before = model.geom_matid[geom], model.geom_rgba[geom].copy()
        model.geom_matid[geom], model.geom_rgba[geom] = -1, (0, 1, 0, 1)
        marked = np.abs(picture(simulation, "draft", "raycaster") - seen).max(axis=-1) > 40
        model.geom_matid[geom], model.geom_rgba[geom] = before
        return marked

    for side in SIDES:
        assert shown(f"{side}toe").sum() > 15
    assert seen[shown("L_tibia")].mean() > 165  # sRGB; lit from the other side it has 121
