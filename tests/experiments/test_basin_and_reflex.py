"""Pushes that animals survive, and the gain of reflexes."""

import numpy as np
import pytest

from sns_mujoco.errors import ExperimentError, UnknownNameError
from sns_mujoco.experiments import Basin, basin, reflex_gain


def test_small_pushes_are_survived_and_great_ones_are_not():
    result = basin(
        "hexapod", directions=[90.0, 270.0], sizes=[1.0, 40.0], phases=1, duration=0.05, seconds=1.6, settle=0.6,
        threads=1,
    )  # fmt: skip
    assert result.survived[:, 0].all()
    assert not result.survived[:, 1].any()
    assert result.critical == pytest.approx([20.5, 20.5])
    assert result.stability == 0.5
    assert (result.time_to_fall[:, 1] < 1.0).all()
    assert np.isinf(result.time_to_fall[:, 0]).all()
    assert result.weight == pytest.approx(2.6e-3 * 9.81, rel=0.02)
    assert result.impulse == pytest.approx([result.weight * 0.05, result.weight * 2.0])
    assert "survived 50%" in result.summary()


def test_critical_size_lies_where_half_of_the_pushes_are_lost():
    survived = np.array([[[[1, 1]], [[1, 0]], [[0, 0]]], [[[1, 1]], [[1, 1]], [[1, 1]]], [[[0, 0]]] * 3], bool)
    result = Basin(
        config={"seeds": [0, 1]}, direction=np.array([0.0, 90.0, 180.0]), size=np.array([1.0, 2.0, 4.0]),
        phase=np.array([0.5]), survived=survived, time_to_fall=np.where(survived, np.inf, 0.3),
        shift=np.zeros(survived.shape), weight=2.0, duration=0.1,
    )  # fmt: skip
    assert result.critical == pytest.approx([1.5, np.inf, 0.5])
    assert [row["survived"] for row in result.table()[:3]] == [1.0, 0.5, 0.0]
    result.plot()


@pytest.mark.parametrize(("name", "terrain"), [("antagonist_joint", None), ("quadruped", "air")])
def test_what_cannot_fall_is_not_pushed(name: str, terrain: str | None):
    with pytest.raises(ExperimentError, match="move over ground"):
        basin(name, terrain=terrain)


def test_wrong_pushes_are_refused():
    with pytest.raises(ValueError, match="sizes are"):
        basin("hexapod", sizes=[0.0])
    with pytest.raises(ValueError, match="directions are"):
        basin("hexapod", directions=[np.inf])
    with pytest.raises(UnknownNameError, match="torso"):
        basin("hexapod", body="tors")


def test_stretch_reflex_holds_a_joint_against_a_torque():
    """README.md of the joint: 0.1 N m moves it by 0.143 rad with its reflexes and by 0.219 rad without, at a tone."""
    result = reflex_gain(
        "antagonist_joint", torque=0.1, seconds=3.0, settle=4.0, seeds=1, threads=1,
        commands={"flex": 0.06, "extend": 0.06},
    )  # fmt: skip
    assert result.joint == "hip"
    closed, opened = result.deviations
    assert closed[0] == pytest.approx(0.143, abs=0.005)
    assert opened[0] > 1.2 * closed[0]
    assert result.gain[0] == pytest.approx(opened[0] / closed[0] - 1.0)
    latency = dict(zip(result.motor, result.latency[0], strict=True))
    assert (np.array([latency["flexor motor"], latency["extensor motor"]]) > 2.6e-3).all()  # of conduction
    signs = dict(zip(result.motor, np.sign(result.motor_gain[0]), strict=True))
    assert signs["extensor motor"] > 0 > signs["flexor motor"]  # the stretched muscle resists
    assert not result.muscle and not result.stretch.size
    lines = {line.get_label(): line.get_ydata() for line in result.plot().axes[0].lines}
    assert lines["loop closed"] == pytest.approx(result.closed[0])
    assert lines["afferents stuck"] == pytest.approx(result.opened[0])


def test_muscle_is_stretched_and_its_reflex_makes_it_stiffer():
    result = reflex_gain(
        "antagonist_joint", muscle="flexor", torque=0.1, seconds=1.0, settle=1.0, seeds=1, threads=1,
        commands={"flex": 0.06, "extend": 0.06},
    )  # fmt: skip
    assert result.joint == "hip"
    assert (result.stretch[:, :, -1] > 0.0).all()
    closed, opened = result.muscle_stiffness
    assert closed[0] > 2.0 * opened[0] > 0.0
    assert "flexor: " in result.summary()
    assert {"stretch", "pull"} <= set(result.to_dataset().data_vars)


def test_wrong_joints_and_torques_are_refused():
    with pytest.raises(UnknownNameError, match="hip"):
        reflex_gain("antagonist_joint", "hipp")
    with pytest.raises(ExperimentError, match="which joint"):
        reflex_gain("hexapod")
    with pytest.raises(ExperimentError, match="one of them"):
        reflex_gain("antagonist_joint", "hip", muscle="flexor")
    with pytest.raises(UnknownNameError, match="flexor"):
        reflex_gain("antagonist_joint", muscle="flexo")
    with pytest.raises(ValueError, match="torque is 0"):
        reflex_gain("antagonist_joint", torque=0.0)
