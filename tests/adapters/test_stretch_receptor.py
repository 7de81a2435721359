"""AnimatLab's stretch receptor, step by step, against its equations integrated finely."""

import math

import numpy as np
import pytest
from limb import TIMESTEP, animal, swing

from sns_mujoco.adapters import Activation, StretchReceptor

HILL = dict(kse=900.0, kpe=150.0, damping=6.0, rest_length=0.165, max_tension=3.0)


def discharges(tension, length, *, series=0.1, least=0.05):
    """Ia, II and Ib of AnimatLab, per unit of their constants."""
    pull = min(max(tension, 0.0), HILL["max_tension"])
    stretched = series * HILL["rest_length"] + pull / HILL["kse"]
    parallel = length - stretched
    if parallel < least * HILL["rest_length"]:
        parallel = least * HILL["rest_length"]
        stretched = length - parallel
    return stretched, parallel, pull


def reference(lengths, velocities, active):
    """Tension after each step, by Euler steps a thousandth as long, inputs standing still within a step."""
    tension, found, n = 0.0, [], 1000
    for length, velocity, force in zip(lengths, velocities, active, strict=True):
        for _ in range(n):
            pull = HILL["kpe"] * (length - HILL["rest_length"]) + HILL["damping"] * velocity
            leak = (1 + HILL["kpe"] / HILL["kse"]) * tension
            tension += TIMESTEP / n * HILL["kse"] / HILL["damping"] * (pull - leak + force)
        found.append(tension)
    return found


@pytest.mark.parametrize(
    ("settings", "force"),
    [
        ({}, lambda length: 0.0),
        (
            dict(excitation=Activation("alpha", (0.0, 10.0)), force=2.0, width=0.06),
            lambda length: 2.0 * 0.5 * max(0.0, 1 - ((length - 0.165) / 0.06) ** 2),
        ),
        (
            dict(excitation=0.3, force=2.0, width=0.06),
            lambda length: 2.0 * 0.3 * max(0.0, 1 - ((length - 0.165) / 0.06) ** 2),
        ),
    ],
    ids=["passive", "driven", "constant"],
)
def test_all_endings_follow_the_equations(settings, force):
    names = dict(to="sum", range=(0, 1), **HILL, **settings)
    simulation = animal(
        StretchReceptor("front", "Ia", **names),
        StretchReceptor("front", "II", constant=7.0, **names),
        StretchReceptor("front", "Ib", constant=2.0, **names),
    )
    lengths, velocities, found = [], [], []
    for data in swing(simulation, 60):
        lengths.append(data.ten_length[0])
        velocities.append(data.ten_velocity[0])
        found.append(simulation.brain.signals(data))
    tensions = reference(lengths, velocities, [force(length) for length in lengths])
    assert min(tensions) < 0.0 < max(tensions)  # it is slack at times
    expected = [np.array(discharges(t, length)) * (100, 7, 2) for t, length in zip(tensions, lengths, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=3e-3, atol=3e-3)


def test_tension_that_is_too_high_is_cut_and_the_parallel_part_keeps_its_least_length():
    stiff = HILL | dict(rest_length=0.05, max_tension=0.5)
    short = HILL | dict(rest_length=0.5, series_fraction=0.4, min_parallel=0.3)
    names = dict(to="sum", range=(0, 1))
    simulation = animal(
        StretchReceptor("front", "Ib", constant=1.0, **names, **stiff),
        StretchReceptor("front", "II", constant=1.0, **names, **short),
        StretchReceptor("front", "Ia", constant=1.0, **names, **short),
    )
    for data in swing(simulation, 30):
        signals = simulation.brain.signals(data)
    np.testing.assert_allclose(signals, [0.5, 0.15, data.ten_length[0] - 0.15], rtol=1e-12)


def test_it_pulls_on_nothing():
    heavy = StretchReceptor("front", "Ia", to="sum", range=(0, 1), **HILL)
    with_it, without = animal(heavy), animal()
    for _ in zip(swing(with_it, 50), swing(without, 50), strict=True):
        pass
    np.testing.assert_array_equal(with_it.data.qpos, without.data.qpos)


def test_it_settles_to_the_static_tension():
    receptor = StretchReceptor("front", "Ib", constant=1.0, to="sum", range=(0, 1), **HILL)
    simulation = animal(receptor)
    simulation.model.opt.gravity[:] = 0.0
    simulation.model.dof_damping[:] = 1e6
    simulation.data.qvel[:] = 0.0
    *_, data = swing(simulation, 400, excite=False)
    share = HILL["kse"] / (HILL["kse"] + HILL["kpe"])
    static = share * HILL["kpe"] * (data.ten_length[0] - HILL["rest_length"])
    assert simulation.brain.signals(data)[0] == pytest.approx(max(0.0, static), rel=1e-3)
    assert not math.isclose(static, 0.0)
