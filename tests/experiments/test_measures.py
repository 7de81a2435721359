"""Measures of lives on paths and feet whose numbers are known, and who counts as fallen."""

import math

import numpy as np
import pytest

from sns_mujoco.errors import ExperimentError
from sns_mujoco.experiments import drive_map, f_i_curve, lesion_sweep
from sns_mujoco.experiments.drive_map import DriveMap, _commonest, _part
from sns_mujoco.experiments.lives import Lives
from sns_mujoco.experiments.measures import MEASURES, Life
from sns_mujoco.experiments.setting import Setting

TIME = np.arange(0.0, 4.001, 0.002)


@pytest.fixture(scope="module")
def setting() -> Setting:
    return Setting.of("quadruped", settle=1.0, seeds=1)


def life(setting: Setting, place: np.ndarray, **more: object) -> Life:
    told = {"signal": np.sin(2 * np.pi * TIME), "load": np.zeros((len(TIME), 4)), "fell": math.inf, "failed": False}
    return Life(setting=setting, time=TIME, place=place, **(told | more))  # type: ignore[arg-type]


def taken(name: str, own: Life) -> float:
    return MEASURES[name].of(own)


def test_straight_way(setting: Setting):
    own = life(setting, np.column_stack((0.3 * TIME, 0.4 * TIME)))
    assert taken("speed", own) == pytest.approx(0.5)
    assert taken("straightness", own) == pytest.approx(1.0)
    assert taken("turning", own) == pytest.approx(0.0, abs=1e-6)


def test_a_circle_is_a_way_and_no_standing_still(setting: Setting):
    """Once around in 4 s: it ends where it began, though it walked all the time."""
    angle = 2 * np.pi * TIME / 4.0
    own = life(setting, 0.5 * np.column_stack((np.cos(angle), np.sin(angle))))
    assert taken("speed", own) == pytest.approx(2 * np.pi * 0.5 / 4.0, rel=0.01)
    assert taken("straightness", own) < 0.01
    assert taken("turning", own) == pytest.approx(90.0, rel=1e-6)


def test_a_rest_within_a_turn_takes_its_time(setting: Setting):
    """A quarter turn to the left in the first second, two seconds of rest, and another in the last second."""
    walked = np.clip(TIME, 0.0, 1.0) + np.clip(TIME - 3.0, 0.0, 1.0)
    angle = np.pi / 2 * walked
    own = life(setting, np.column_stack((np.sin(angle), 1.0 - np.cos(angle))))
    assert taken("speed", own) == pytest.approx(np.pi / 4.0, rel=0.01)
    assert 30.0 < taken("turning", own) < 60.0  # 180 degrees in 4 s, and not in the 2 s in which it walked


def test_a_fall_ends_the_way_and_a_failure_counts_as_one(setting: Setting):
    place = np.column_stack((np.minimum(TIME, 1.0), 0.0 * TIME))
    fallen = life(setting, place, fell=1.0)
    assert taken("speed", fallen) == pytest.approx(0.25)
    assert taken("fell", fallen) == 1.0
    failed = life(setting, np.where(TIME[:, None] > 1.0, np.nan, place), failed=True)
    assert taken("fell", failed) == 1.0
    assert failed.gait_name() == "fallen"
    assert math.isnan(taken("speed", failed))


def feet(phases: np.ndarray) -> np.ndarray:
    """Loads of feet with strides of 0.5 s, of which they stand for 60 %, shifted by phases [4] or [T, 4]."""
    return 100.0 * (((TIME / 0.5)[:, None] - phases) % 1.0 < 0.6)


def test_a_gait_has_a_name_only_where_feet_are_coherent(setting: Setting):
    order = [foot.name for foot in setting.animal.feet]
    assert order == ["LF", "RF", "LH", "RH"]
    still = np.zeros((len(TIME), 2))
    trot = np.array([0.5, 0.0, 0.0, 0.5])
    assert life(setting, still, load=feet(trot)).gait_name() == "walking trot"
    drifting = trot + np.outer(TIME / 4.0, [0.0, 1.0, 0.0, 0.0])  # RF goes once around
    assert life(setting, still, load=feet(drifting)).gait_name() == "irregular"


def test_of_equally_common_gaits_the_walked_one_is_told():
    assert _commonest(["fallen", "trot"]) == "trot"
    assert _commonest(["trot", "fallen", "fallen"]) == "fallen"
    assert _commonest(["pace", "trot"]) == "pace"


def test_hysteresis_is_not_of_falls():
    speed = MEASURES["speed"]
    values = np.array([[[[1.0], [1.0]], [[2.0], [2.0]]], [[[1.5], [0.0]], [[2.5], [0.0]]]])  # [way, level, seed, 1]
    gait = np.array([[["walk", "walk"], ["trot", "trot"]], [["walk", "fallen"], ["trot", "fallen"]]], object)
    result = DriveMap(
        config={"seeds": [0, 1]}, command="drive", level=np.array([0.0, 1.0]), way=("up", "down"), measures=(speed,),
        values=values, gait=gait,
    )  # fmt: skip
    assert result.hysteresis["speed"] == pytest.approx(0.5)
    assert "fallen at 2 of 8 levels of all lives" in result.summary()
    assert "gait on the way down: walk from 0, trot from 1" in result.summary()


def test_a_life_that_fails_later_has_not_failed_before(setting: Setting):
    potential = np.zeros((1, len(TIME), 1))
    potential[0, TIME > 3.0] = np.nan
    lives = Lives(
        time=TIME, potential=potential, load=np.zeros((1, len(TIME), 4)), place=np.zeros((1, len(TIME), 2)),
        fell=np.array([math.inf]), failed={0: "diverged"}, more={},
    )  # fmt: skip
    assert not _part(setting, lives, 0, 0.0, 2.0).failed
    assert _part(setting, lives, 0, 2.5, 4.0).failed
    assert lives.down.tolist() == [True]


@pytest.mark.parametrize(
    "short",
    [
        lambda: f_i_curve("antagonist_joint", "flexor RG", currents=[1.0], seconds=1e-5),
        lambda: lesion_sweep("antagonist_joint", "drive->*", seconds=1e-3, settle=0.01, seeds=1),
        lambda: drive_map("antagonist_joint", [0.5], seconds=1e-4, settle=0.01, seeds=1),
    ],
)
def test_less_than_two_samples_are_refused(short):
    with pytest.raises(ExperimentError, match="fewer than two"):
        short()


def test_a_fallen_animal_tells_no_rate_of_its_neurons():
    """The quadruped as designed by hand falls when it is driven."""
    result = f_i_curve(
        "sns_mujoco.models.quadruped:STANDING", "LF RG flexor", currents=[0.0], seconds=2.5, settle=0.2,
        commands={"drive": 1.0}, threads=1,
    )  # fmt: skip
    assert result.fell.tolist() == [[True]]
    assert np.isnan(result.rate).all() and np.isnan(result.potential).all()
    assert "the animal fell in 1 of 1 lives" in result.summary()
    assert result.table()[0]["fell"] == 1.0
    assert result.plot().axes
