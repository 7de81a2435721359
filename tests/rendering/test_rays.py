import mujoco
import numpy as np
import pytest

from .casting import cast
from .scenes import posed

GEOMS = {
    "sphere": '<geom type="sphere" size=".3"/>',
    "capsule": '<geom type="capsule" size=".12 .3"/>',
    "ellipsoid": '<geom type="ellipsoid" size=".4 .2 .1"/>',
    "cylinder": '<geom type="cylinder" size=".2 .3"/>',
    "box": '<geom type="box" size=".3 .2 .1"/>',
    "plane": '<geom type="plane" size=".5 .3 .1"/>',
    "endless plane": '<geom type="plane" size="0 0 .1"/>',
    "mesh": '<geom type="mesh" mesh="knob"/>',
    "height field": '<geom type="hfield" hfield="hills"/>',
}


def one_geom(geom: str) -> tuple[mujoco.MjModel, mujoco.MjData]:
    model = mujoco.MjModel.from_xml_string(
        f"""<mujoco>
          <asset>
            <mesh name="knob" vertex="0 0 0  .5 0 0  0 .4 0  0 0 .6  .4 .3 .2  .1 .4 .5"/>
            <hfield name="hills" nrow="13" ncol="21" size=".5 .4 .25 .1"/>
          </asset>
          <worldbody><body pos=".1 -.2 .3" euler="20 -35 50">{geom}</body></worldbody>
        </mujoco>"""
    )
    model.hfield_data[:] = np.random.default_rng(3).random(len(model.hfield_data))
    return posed(model)


@pytest.mark.parametrize("name", GEOMS)
def test_rays_from_outside_meet_a_geom_where_mujoco_says(name):
    model, data = one_geom(GEOMS[name])
    rng = np.random.default_rng(1)
    outward = rng.standard_normal((1500, 3))
    origins = data.geom_xpos[0] + 2.0 * outward / np.linalg.norm(outward, axis=1, keepdims=True)
    directions = data.geom_xpos[0] + rng.uniform(-0.6, 0.6, (1500, 3)) - origins
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)

    got = cast(model, data, np.hstack([origins, directions]))

    wanted = np.array(
        [mujoco.mj_ray(model, data, o, d, None, 1, -1, None) for o, d in zip(origins, directions, strict=True)]
    )
    wanted[wanted < 0] = np.inf
    # MuJoCo hands geoms to renderers in single precision: rays that graze an outline may go either way.
    same = np.isclose(got, wanted, rtol=1e-4) | (np.isinf(got) & np.isinf(wanted))
    assert same.mean() > 0.995
    assert 0.1 < np.isfinite(wanted).mean() < 0.95


@pytest.mark.parametrize("direction", [(0, 0, -1), (1, 0, 0), (0, -1, 0)])
def test_rays_along_the_axes_of_a_geom_divide_by_no_zero(direction):
    for geom in GEOMS.values():
        model = mujoco.MjModel.from_xml_string(
            f"""<mujoco><asset><mesh name="knob" vertex="0 0 0  .5 0 0  0 .4 0  0 0 .6"/>
            <hfield name="hills" nrow="5" ncol="5" size=".5 .4 .25 .1"/></asset>
            <worldbody>{geom}</worldbody></mujoco>"""
        )
        model, data = posed(model)
        origin = data.geom_xpos[0] - 3.0 * np.array(direction, float) + (0.01, 0.02, 0.01)
        got = cast(model, data, np.concatenate([origin, direction])[None])
        wanted = mujoco.mj_ray(model, data, origin, np.array(direction, float), None, 1, -1, None)
        assert got[0] == pytest.approx(wanted if wanted >= 0 else np.inf, abs=1e-6)


def test_a_grazing_ray_crosses_steep_hills_cell_by_cell():
    model, data = one_geom(GEOMS["height field"])
    frame = data.geom_xmat[0].reshape(3, 3)
    rng = np.random.default_rng(2)
    local = np.column_stack([rng.uniform(-0.45, 0.45, (400, 2)), np.full(400, 0.249)])
    steps = rng.standard_normal((400, 3)) * (1, 1, 0.05)
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    origins, directions = local @ frame.T + data.geom_xpos[0], steps @ frame.T
    wanted = np.array(
        [mujoco.mj_ray(model, data, o, d, None, 1, -1, None) for o, d in zip(origins, directions, strict=True)]
    )
    wanted[wanted < 0] = np.inf
    got = cast(model, data, np.hstack([origins, directions]))
    assert (np.isclose(got, wanted, rtol=1e-3, atol=1e-4) | (np.isinf(got) & np.isinf(wanted))).mean() > 0.99
