"""Running, listing and writing experiments; the exit code that a failure has."""

import json

import pytest
from typer.testing import CliRunner

from sns_mujoco.analysis import figures
from sns_mujoco.cli.instruments import app
from sns_mujoco.errors import OutputPathError, UnknownNameError
from sns_mujoco.reproduce import EXPERIMENTS, Comparison, Experiment, Measured, chosen, run, save


def toy(name, measured, *, tried="", draw=None):
    def measure():
        comparison = Comparison(
            quantity="q", published="1", where="x", low=0.9, high=1.1, measured=measured, tried=tried
        )
        return Measured(comparisons=(comparison,), data={"y": [1.0, measured]})

    return Experiment(
        name=name, title=f"The {name}", citations=("Nobody 1900",), method="None.", measure=measure, draw=draw or drawn
    )


def drawn(data):
    from sns_mujoco.analysis import figures

    figure, axes = figures.canvas(60, 40)
    axes[0, 0].plot(data["y"])
    return figure


@pytest.fixture
def toys(monkeypatch):
    """Three experiments in place of the published ones: one holds, one is known not to, one fails."""
    found = {e.name: e for e in (toy("good", 1.0), toy("known", 3.0, tried="thrice"), toy("bad", 3.0))}
    for name in list(EXPERIMENTS):
        monkeypatch.delitem(EXPERIMENTS, name)
    for name, experiment in found.items():
        monkeypatch.setitem(EXPERIMENTS, name, experiment)
    return found


def call(*arguments):
    return CliRunner().invoke(app, ["reproduce", *map(str, arguments)])


def test_there_are_ten_experiments_that_say_where_they_come_from():
    assert len(EXPERIMENTS) >= 10
    for name, experiment in EXPERIMENTS.items():
        assert name == experiment.name and name.isidentifier()
        assert experiment.title and experiment.method
        assert all(any(c.isdigit() for c in citation) for citation in experiment.citations)


def test_names_choose_once_each_and_unknown_ones_are_refused():
    assert [e.name for e in chosen()] == list(EXPERIMENTS)
    assert [e.name for e in chosen(["deletions", "walk_trot", "deletions"])] == ["deletions", "walk_trot"]
    with pytest.raises(UnknownNameError, match="did you mean 'deletions'"):
        run("deletion")


def test_only_what_should_not_fail_makes_the_exit_code_1(toys):
    assert call("good", "known").exit_code == 0
    every = call()
    assert every.exit_code == 1
    assert "1 reproduced" in every.output and "1 not reproduced" in every.output and "1 failed" in every.output
    assert "thrice" in every.output


def test_json_and_nothing_else(toys):
    told = call("--json")
    assert told.exit_code == 1
    report = json.loads(told.stdout)
    assert not report["ok"] and [e["status"] for e in report["experiments"]] == [
        "reproduced", "not reproduced", "failed",
    ]  # fmt: skip
    assert "data" not in report["experiments"][0]
    assert json.loads(call("good", "--json").stdout)["ok"]


def test_the_list_runs_nothing(toys, monkeypatch):
    monkeypatch.setitem(EXPERIMENTS, "good", toy("good", 1.0, draw=None))
    text = call("--list")
    assert text.exit_code == 0 and "Nobody 1900" in text.output and "not reproduced" not in text.output
    assert [row["name"] for row in json.loads(call("--list", "--json").stdout)] == ["good", "known", "bad"]


def test_a_folder_holds_results_tables_and_figures(toys, tmp_path):
    pytest.importorskip("matplotlib")
    place = tmp_path / "out"
    place.mkdir()  # an empty one will do
    assert call("good", "known", "--out", place).exit_code == 0
    names = {"results.json", "table.md", "good.pdf", "good.png", "known.pdf", "known.png"}
    assert {path.name for path in place.iterdir()} == names
    assert all(path.stat().st_size > 100 for path in place.iterdir())
    results = json.loads((place / "results.json").read_text())
    assert results["experiments"][1]["comparisons"][0]["measured"] == 3.0
    assert results["experiments"][1]["data"] == {"y": [1.0, 3.0]}
    assert "thrice" in (place / "table.md").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_is_written_whole_or_not_at_all(toys, tmp_path):
    pytest.importorskip("matplotlib")

    def broken(data):
        raise RuntimeError("no ink")

    with pytest.raises(RuntimeError, match="no ink"):
        save([run(toys["good"]), run(toy("broken", 1.0, draw=broken))], tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_nothing_and_is_told(toys, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(figures, "save", full)
    with pytest.raises(OutputPathError, match="out' cannot be written: No space left"):
        save([run(toys["good"])], tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_is_refused_before_anything_runs(toys, tmp_path, monkeypatch):
    def forbidden():
        raise AssertionError("it ran")

    monkeypatch.setitem(EXPERIMENTS, "good", Experiment(
        name="good", title="t", citations=("c 1",), method="m", measure=forbidden, draw=drawn,
    ))  # fmt: skip
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("x")
    for place, message in (("full", "not empty"), ("full/file", "not empty"), ("none/out", "does not exist")):
        found = call("good", "--out", tmp_path / place)
        assert isinstance(found.exception, OutputPathError) and message in str(found.exception)
