from dataclasses import replace

import mujoco
import numpy as np
import pytest

from sns_mujoco.rendering.look import QUALITIES, Look
from sns_mujoco.rendering.raycaster import RayCaster

from .scenes import WALKER, colored, posed, view, walker

GREY = WALKER.replace('rgb1=".8 .8 .8" rgb2=".3 .3 .3"', 'rgb1=".5 .5 .5" rgb2=".5 .5 .5"')


def draw(model, data, camera=None, *, size=(160, 120), quality=QUALITIES["medium"], look=None, threads=1, tints=None):
    with RayCaster(model, *size, quality=quality, look=look or Look(), threads=threads) as caster:
        return caster.render(data, camera or view(), tints)


def from_above(model):
    camera = mujoco.MjvCamera()
    camera.type, camera.fixedcamid = mujoco.mjtCamera.mjCAMERA_FIXED, 0
    return camera


def brightness(picture, x, y):
    """Of the ground at x, y (metres) in a square picture from the camera above."""
    half = picture.shape[0] / 2
    per_metre = half / (3.0 * np.tan(np.radians(20)))
    return picture[int(half - per_metre * y), int(half + per_metre * x)].mean()


def test_the_animal_stands_in_the_frame_with_its_legs_on_their_sides():
    picture = draw(*walker(), view(azimuth=180, elevation=-10))  # from ahead: its left is on the right
    assert picture.shape == (120, 160, 3) and picture.dtype == np.uint8
    trunk, left, right = (np.argwhere(colored(picture, channel)) for channel in range(3))
    assert len(trunk) > 300 and len(left) > 50 and len(right) > 50
    assert left[:, 1].mean() > trunk[:, 1].mean() > right[:, 1].mean()
    assert left[:, 0].mean() > trunk[:, 0].mean()


def test_the_picture_does_not_depend_on_the_threads_or_on_earlier_frames():
    model, data = walker()
    first = draw(model, data)
    assert np.array_equal(first, draw(model, data, threads=3))
    with RayCaster(model, 160, 120, quality=QUALITIES["medium"], look=Look()) as caster:
        caster.render(data, view(azimuth=20, distance=5))
        assert np.array_equal(first, caster.render(data, view()))


def test_more_rays_at_the_edges_come_closer_to_the_true_picture():
    model, data = posed(mujoco.MjModel.from_xml_string(GREY))
    fine = draw(model, data, size=(960, 720), quality=replace(QUALITIES["medium"], edge_rays=0))
    light = (fine / 255.0) ** 2.2
    true = 255.0 * light.reshape(120, 6, 160, 6, 3).mean(axis=(1, 3)) ** (1 / 2.2)

    def error(edge_rays):
        quality = replace(QUALITIES["medium"], edge_rays=edge_rays)
        return np.abs(draw(model, data, quality=quality) - true).max(axis=-1)

    without, some, many = error(0), error(4), error(15)
    edges = without > 25
    assert edges.sum() > 50
    assert some[edges].mean() < 0.6 * without[edges].mean()
    assert many[edges].mean() < 0.8 * some[edges].mean()


def test_tiles_of_a_checker_floor_lie_where_the_model_puts_them():
    model, data = walker()
    data.qpos[2] = 50.0  # the animal is out of the way
    mujoco.mj_forward(model, data)
    picture = draw(model, data, from_above(model), size=(120, 120))
    # Two repetitions a metre of a texture from -1 to 1: tiles of half a metre.
    tiles = np.array(
        [[brightness(picture, 0.5 * i + 0.25, 0.5 * j + 0.25) for i in range(-2, 2)] for j in range(-2, 2)]
    )
    bright = tiles > tiles.mean()
    assert np.array_equal(bright, np.indices((4, 4)).sum(axis=0) % 2 == bright[0, 1])
    assert tiles[bright].min() > tiles[~bright].max() + 50


def test_bare_floor_in_the_fast_way_looks_like_floor_in_the_slow_way():
    camera = view(distance=3.0, elevation=-30)
    plain, data = walker()
    fast = draw(plain, data, camera)
    # A second, nearly invisible plane under the floor puts every tile on the slow way.
    slow_model, slow_data = walker('<geom type="plane" pos="0 0 -1" size="0 0 .1" rgba="1 1 1 .03"/>')
    slow = draw(slow_model, slow_data, camera)
    difference = np.abs(fast.astype(int) - slow.astype(int))
    assert difference.max() <= 12 and difference.mean() < 0.5


def test_the_floor_lies_in_shadow_on_the_side_away_from_the_sun():
    model, data = posed(mujoco.MjModel.from_xml_string(GREY.replace('pos="0 0 .4"', 'pos="0 0 1"')))
    picture = draw(model, data, from_above(model), size=(120, 120))
    shade = np.array((0.4, 0.3)) / 0.85  # where the sunlight that meets the trunk, a metre up, would have met the floor
    assert brightness(picture, *(0.9 * shade)) < 0.6 * brightness(picture, *(-0.9 * shade))


@pytest.mark.parametrize("shape", ["sphere", "capsule", "ellipsoid", "cylinder", "box", "mesh"])
def test_every_solid_geom_shows_and_throws_a_shadow(shape):
    geom = {
        "sphere": 'type="sphere" size=".3"',
        "capsule": 'type="capsule" size=".2 .3"',
        "ellipsoid": 'type="ellipsoid" size=".3 .2 .4"',
        "cylinder": 'type="cylinder" size=".25 .3"',
        "box": 'type="box" size=".3 .25 .3"',
        "mesh": 'type="mesh" mesh="block"',
    }[shape]
    model, data = posed(
        mujoco.MjModel.from_xml_string(
            f"""<mujoco><asset><mesh name="block" vertex="-.3 -.3 -.3 .3 -.3 -.3 -.3 .3 -.3 .3 .3 -.3
              -.3 -.3 .3 .3 -.3 .3 -.3 .3 .3 .3 .3 .3"/></asset>
            <worldbody><light directional="true" dir="1 0 -1"/>
            <geom type="plane" size="0 0 .1" rgba=".6 .6 .6 1"/>
            <body pos="0 0 .6"><freejoint/><geom {geom} rgba=".9 .1 .1 1"/></body></worldbody></mujoco>"""
        )
    )
    picture = draw(model, data, view(azimuth=90, elevation=-35, distance=4))
    solid = colored(picture, 0)
    assert 200 < solid.sum() < 6000
    floor = picture.mean(axis=-1)
    floor[solid] = np.nan
    row = floor[70]
    assert np.nanmin(row) < 0.6 * np.nanmedian(row)  # there is a shadow on the floor
    assert np.nanargmin(row) > 80  # and it lies where the light goes


def test_hills_hide_what_is_behind_them_and_lie_in_their_own_shadow():
    model = mujoco.MjModel.from_xml_string(
        """<mujoco><asset><hfield name="ridge" nrow="41" ncol="41" size="1 1 .5 .1"/></asset>
        <worldbody><light directional="true" dir="1 0 -.6"/>
        <geom type="hfield" hfield="ridge" rgba=".6 .6 .6 1"/>
        <body pos=".5 0 .1"><freejoint/><geom size=".1" rgba=".9 .1 .1 1"/></body></worldbody></mujoco>"""
    )
    x = np.linspace(-1, 1, 41)
    model.hfield_data[:] = np.tile(np.exp(-((x / 0.15) ** 2)), 41)
    model, data = posed(model)
    behind = draw(model, data, view(lookat=(0, 0, 0.1), azimuth=0, elevation=-15, distance=3))
    beside = draw(model, data, view(lookat=(0, 0, 0.1), azimuth=90, elevation=-60, distance=3))
    assert colored(behind, 0).sum() == 0
    assert colored(beside, 0).sum() > 20
    ground = np.where(colored(beside, 0), np.nan, beside.mean(axis=-1))[50:70]
    sunny, shady = np.nanmean(ground[:, 55:65]), np.nanmean(ground[:, 88:98])
    assert shady < 0.75 * sunny


def test_a_polished_floor_shows_the_animal_upside_down():
    extra = '<body pos="0 0 .35"><freejoint/><geom size=".2" rgba=".9 .1 .1 1"/></body>'
    model, data = posed(
        mujoco.MjModel.from_xml_string(
            f"""<mujoco><asset><material name="ice" rgba=".1 .1 .1 1" reflectance=".8"/></asset><worldbody>
            <geom type="plane" size="0 0 .1" material="ice"/>{extra}</worldbody></mujoco>"""
        )
    )
    camera = view(elevation=-15, lookat=(0, 0, 0), distance=2)
    mirrored = draw(model, data, camera)
    dull = draw(model, data, camera, quality=replace(QUALITIES["medium"], mirror=False))
    rows, columns = np.nonzero(np.abs(mirrored.astype(int) - dull).max(axis=-1) > 15)
    assert len(rows) > 100
    ball = np.argwhere(colored(dull, 0))
    assert rows.min() > ball[:, 0].mean() and abs(columns.mean() - ball[:, 1].mean()) < 8


def test_a_transparent_geom_lets_what_is_behind_it_through():
    pane = '<geom type="box" pos=".8 0 .4" size=".01 .6 .4" rgba="0 0 1 {}"/>'
    camera = view(azimuth=180, elevation=-5)
    bare, tinted, blocked = (draw(*walker(extra), camera) for extra in ("", pane.format(0.3), pane.format(1.0)))
    red = colored(bare, 0)
    assert (tinted[red, 0] < bare[red, 0]).mean() > 0.9 and (tinted[red, 0] > 1.3 * blocked[red, 0]).mean() > 0.9
    assert np.array_equal(draw(*walker(pane.format(0.0)), camera), bare)


def test_tints_color_the_geoms_named_and_nothing_in_the_model():
    model, data = walker()
    before = model.geom_rgba.copy()
    leg = model.geom("leg_l").id
    plain = draw(model, data)
    full = draw(model, data, tints={leg: (0.9, 0.1, 0.9, 1.0)})
    none = draw(model, data, tints={leg: (0.9, 0.1, 0.9, 0.0)})
    assert np.array_equal(none, plain)
    assert colored(plain, 1).sum() > 40 and colored(full, 1).sum() == 0
    assert np.array_equal(model.geom_rgba, before)
    changed = (full != plain).any(axis=-1)
    assert changed[colored(plain, 1)].all() and changed.mean() < 0.05  # the leg, and its image in the floor


def test_a_scene_without_anything_is_sky():
    model, data = posed(mujoco.MjModel.from_xml_string("<mujoco/>"))
    picture = draw(model, data, view(elevation=0), size=(40, 30))
    assert picture.std(axis=1).max() < 2  # rows of one colour each
    assert picture.mean() > 30


BELT = """<body pos="0 0 0"><joint name="belt" type="slide" axis="1 0 0"/>
<geom name="belt" type="box" size="100 .6 .005" material="ground" mass="100"/></body>"""


def test_a_belt_shows_its_checker_which_moves_with_it():
    model, data = walker(BELT)
    data.qpos[0] = 50.0  # the animal is gone, the belt is bare
    mujoco.mj_forward(model, data)

    def belt(way):
        data.joint("belt").qpos[0] = way
        mujoco.mj_forward(model, data)
        return draw(model, data, from_above(model), size=(120, 120)).mean(axis=-1)

    first, tile, two = belt(0.0), belt(0.5), belt(1.0)
    assert first[60].std() > 20
    assert np.abs(first[40:80] - two[40:80]).mean() < 5 < 20 < np.abs(first[40:80] - tile[40:80]).mean()


def test_the_belt_takes_nothing_from_the_light_about_the_animal():
    """What is far larger than the animal must not set the scale of its shadows."""
    floor, belt = (draw(*walker(extra), view(azimuth=60)).mean(axis=-1) for extra in ("", BELT))
    animal = slice(40, 80), slice(50, 110)
    assert np.abs(floor[animal] - belt[animal]).mean() < 8
    darkest = [np.percentile(picture, 3) for picture in (floor, belt)]
    assert darkest[0] == pytest.approx(darkest[1], rel=0.3)
