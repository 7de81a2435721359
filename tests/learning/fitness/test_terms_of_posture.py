"""Terms of how the trunk is carried, on motions that are made up."""

import numpy as np
import pytest

from sns_mujoco.errors import TaskError
from sns_mujoco.learning.fitness import Heave, Smoothness, Stability, Survival, Tilt


def swaying(m, tilts, heaves):
    def at(time):
        m.data.xmat[:, m.torso, 8] = np.cos(tilts)
        m.data.xpos[:, m.torso, 2] = 0.2 + np.sqrt(2) * np.asarray(heaves) * np.sin(2 * np.pi * time)

    return at


def test_tilt_and_heave(motion):
    m = motion(2)
    at = swaying(m, [0.0, 0.3], [0.0, 0.01])
    np.testing.assert_allclose(m.play(Tilt(), at, 2.0), [0.0, 0.3], atol=1e-7)
    np.testing.assert_allclose(m.play(Heave(), at, 2.0), [0.0, 0.01 / 0.5], atol=1e-9)


def test_heave_of_a_tall_animal_is_not_lost(motion):
    m = motion(1)
    at = swaying(m, [0.0], [1e-5])

    def high(time):
        at(time)
        m.data.xpos[:, m.torso, 2] += 1e4

    assert m.play(Heave(), high, 1.0) == pytest.approx(2e-5, rel=1e-5)


def test_stability_is_halved_by_each(motion):
    m = motion(3)
    at = swaying(m, [0.0, 0.2, 0.0], [0.0, 0.0, 0.015])
    np.testing.assert_allclose(m.play(Stability(), at, 1.0), [1.0, 0.5, 0.5])


def test_lying_is_neither_level_nor_stable(motion):
    m = motion(2)
    at, fall = swaying(m, [0.0, 0.0], [0.0, 0.0]), np.array([0.5, 9.0])
    np.testing.assert_allclose(m.play(Tilt(), at, 2.0, fall=fall), [0.75 * np.pi / 2, 0.0])
    np.testing.assert_allclose(m.play(Stability(), at, 2.0, fall=fall), [0.25, 1.0])
    np.testing.assert_allclose(m.play(Survival(), at, 2.0, fall=fall), [0.25, 1.0])


def test_smoothness_of_a_sine_is_that_of_its_formula_and_jerky_is_worse(motion):
    m, frame, rate = motion(3), 0.005, 2 * np.pi

    def at(time):
        m.data.xpos[:, m.torso, 0] = np.sin(rate * time)
        m.data.xpos[1, m.torso, 0] += 0.02 * np.sin(10 * rate * time)
        m.data.xpos[2, m.torso, 0] = 0.0

    smooth, jerky, still = m.play(Smoothness(), at, 3.0, frame=frame)
    # greatest speed w, mean squared jerk w^6 / 2 over T = 3 s
    assert smooth == pytest.approx(-np.log(3.0**3 / rate**2 * rate**6 / 2 * 3.0), abs=0.01)
    assert still == -30.0 and jerky < smooth - 2.0


def test_whoever_falls_is_not_smooth(motion):
    m = motion(2)

    def at(time):
        m.data.xpos[:, m.torso, 0] = np.sin(time)

    fallen, upright = m.play(Smoothness(), at, 2.0, fall=np.array([1.0, 9.0]))
    assert fallen == -30.0 and upright > fallen


@pytest.mark.parametrize("fields", [{"tilt": 0.0}, {"heave": -1.0}, {"tilt": float("nan")}])
def test_what_makes_no_sense_is_refused(fields):
    with pytest.raises(TaskError, match=f"{next(iter(fields))} of 'stability'"):
        Stability(**fields)
