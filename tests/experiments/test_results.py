"""What results have in common: folders that are there whole or not at all, tables, plain data."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray

from sns_mujoco.analysis import figures
from sns_mujoco.errors import OutputPathError
from sns_mujoco.experiments import FICurve
from sns_mujoco.experiments.looks import with_margin
from sns_mujoco.experiments.results import check_folder, plain, written
from sns_mujoco.experiments.statistics import mean_and_margin

FILES = ["config.json", "figure.pdf", "figure.png", "results.nc", "summary.txt", "table.csv"]


def curve() -> FICurve:
    current = np.array([0.0, 1.0, 2.0, 3.0])
    rate = np.array([0.0, 0.0, 10.0, 14.0])[:, None]
    return FICurve(
        config={"neuron": "cell", "seeds": [0], "currents_nA": current}, current=current, spiking=True, rate=rate,
        first=1.5 * rate, latency=np.array([np.nan, np.nan, 0.02, 0.01])[:, None],
        potential=np.array([-60.0, -55.0, -54.0, -53.0])[:, None], fell=np.zeros((4, 1), bool),
    )  # fmt: skip


def test_a_folder_holds_all_of_a_result(tmp_path: Path):
    result = curve()
    (tmp_path / "out").mkdir()  # an empty one is as good as none
    files = result.save(tmp_path / "out")
    assert [file.name for file in files] == FILES
    with xarray.open_dataset(tmp_path / "out/results.nc", engine="h5netcdf") as kept:
        xarray.testing.assert_identical(kept.load(), result.to_dataset())
    assert json.loads((tmp_path / "out/config.json").read_text())["currents_nA"] == [0.0, 1.0, 2.0, 3.0]
    assert (tmp_path / "out/table.csv").read_text().splitlines()[3] == "2,10,15,0.02,-54,0"
    assert (tmp_path / "out/summary.txt").read_text() == result.summary() + "\n"


def test_a_folder_is_not_there_if_anything_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(figures, "save", full)
    with pytest.raises(OutputPathError, match="No space left"):
        curve().save(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputPathError, match="something in it"):
        curve().save(tmp_path)
    with pytest.raises(OutputPathError, match="is a file"):
        check_folder(tmp_path / "mine.txt")
    with pytest.raises(OutputPathError, match="make it first"):
        check_folder(tmp_path / "no" / "out")
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_figures_are_written_on_request(tmp_path: Path):
    curve().plot(tmp_path / "curve.svg")
    assert "</svg>" in (tmp_path / "curve.svg").read_text()
    with pytest.raises(OutputPathError, match="may end in"):
        curve().plot(tmp_path / "curve.doc")


def test_bands_of_confidence_lie_about_the_means():
    figure, axes = figures.canvas()
    values = np.array([[1.0, 3.0], [2.0, 2.5], [5.0, 5.0]])
    with_margin(axes[0, 0], [10.0, 20.0, 30.0], values, "black")
    mean, margin = mean_and_margin(values)
    band = axes[0, 0].collections[0].get_paths()[0].vertices
    assert (band[:, 0].min(), band[:, 0].max()) == (10.0, 30.0)
    at_first = band[band[:, 0] == 10.0, 1]
    assert (at_first.min(), at_first.max()) == pytest.approx((mean[0] - margin[0], mean[0] + margin[0]))
    assert axes[0, 0].get_ylim()[1] < 6.0 < at_first.max()  # what is wider than the values runs out of sight
    assert figure.axes == [axes[0, 0]]


def test_what_is_not_finite_becomes_null_in_json():
    assert plain({"a": np.array([1.0, np.nan]), "b": (np.int64(3), float("inf"), "x")}) == {
        "a": [1.0, None], "b": [3, None, "x"],
    }  # fmt: skip


def test_tables_are_text_with_commas():
    assert written([{"name": 'a,"b"', "value": 1.0 / 3.0}]) == 'name,value\n"a,""b""",0.333333\n'
    assert written([]).strip() == ""


def test_numbers_follow_from_a_curve():
    result = curve()
    assert result.rheobase == 2.0
    assert result.gain == pytest.approx(4.0)
    assert result.resistance == pytest.approx(5.0)
