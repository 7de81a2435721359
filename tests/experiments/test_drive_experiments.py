"""Frequency and gait at levels of a command: against what the animals are known to do."""

import numpy as np
import pytest

from sns_mujoco.errors import ExperimentError, UnknownNameError
from sns_mujoco.experiments import drive_map, frequency_drive_curve, lesion_sweep


def test_drive_shortens_the_extensors_turn_and_spares_the_flexors():
    """Durations that README.md of the antagonist joint gives, measured by its own program in another way."""
    result = frequency_drive_curve(
        "antagonist_joint", [0.2, 0.5, 1.0], terrain="ground", seconds=6.0, seeds=2, threads=1
    )
    assert np.isnan(result.period[0]).all()
    assert not result.frequency[0].any()
    assert result.period[1:, 0, 0] == pytest.approx([0.640 + 0.245, 0.484 + 0.256], abs=0.01)
    burst, pause = result.slopes
    assert abs(burst) < 0.35 < 0.65 < pause
    assert burst + pause == pytest.approx(1.0, abs=0.02)
    assert not result.fell.any()
    assert [row["neuron"] for row in result.table()[:2]] == ["flexor RG", "extensor RG"]


def test_drive_map_of_a_walking_animal():
    result = drive_map("hexapod", [0.0, 1.0], seconds=1.5, settle=1.0, seeds=1, threads=1)
    rows = {row["drive"]: row for row in result.table()}
    assert abs(rows[0.0]["speed"]) < 0.005 < 0.1 < rows[1.0]["speed"] < 0.15
    assert rows[0.0]["gait"] == "none"
    assert rows[1.0]["gait"] == "tripod"
    assert rows[1.0]["frequency"] == pytest.approx(5.7, abs=0.2)
    assert "tripod from 1" in result.summary()
    figure = result.plot()
    assert [axes.get_title(loc="left") for axes in figure.axes][:2] == ["speed", "fell"]
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {"none", "tripod"}
    assert result.hysteresis == {}


def test_levels_at_which_an_animal_falls_are_told_as_such():
    """The quadruped as designed by hand stands, and falls when it is driven."""
    result = drive_map("sns_mujoco.models.quadruped:STANDING", [0.0, 1.0], seconds=0.5, settle=2.5, seeds=1, threads=1)
    still, driven = result.table()
    assert (still["fell"], driven["fell"]) == (0.0, 1.0)
    assert driven["gait"] == "fallen"
    assert driven["speed"] == 0.0
    with pytest.raises(ExperimentError, match="it has fallen; choose other commands"):
        lesion_sweep("sns_mujoco.models.quadruped:STANDING", "LF *", seeds=1, settle=2.5, commands={"drive": 1.0})


def test_ramp_goes_up_and_down_again():
    result = drive_map("antagonist_joint", [0.4, 1.0], terrain="ground", ramp=True, seconds=5.0, seeds=1, threads=1)
    assert result.way == ("up", "down")
    frequency = result.values[:, :, 0, [m.name for m in result.measures].index("frequency")]
    assert frequency[:, 0] == pytest.approx(1.0 / (0.669 + 0.233), rel=0.03)
    assert frequency[:, 1] == pytest.approx(1.0 / (0.484 + 0.256), rel=0.03)
    assert set(result.hysteresis) == {m.name for m in result.measures}


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"levels": [0.5, 2.0]}, ValueError, "give 0 to 1"),
        ({"command": "drife"}, UnknownNameError, "drive"),
        ({"terrain": "lava"}, UnknownNameError, "free"),
        ({"commands": {"flex": 3.0}}, ValueError, "give 0 to 1"),
        ({"seeds": 0}, ValueError, "seeds"),
        ({"seeds": [1, 1]}, ValueError, "each once"),
        ({"settle": -1.0}, ValueError, "settle is -1.0 s"),
        ({"measures": ["speeed"]}, UnknownNameError, "speed"),
        ({"measures": ["speed"]}, ExperimentError, "does not move over ground"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(options: dict, error: type, told: str):
    with pytest.raises(error, match=told):
        drive_map("antagonist_joint", **options)


def test_progress_is_told():
    done: list[float] = []
    frequency_drive_curve("antagonist_joint", [1.0], seconds=0.2, settle=0.1, seeds=1, progress=done.append)
    assert done == sorted(done)
    assert done[-1] == 1.0
