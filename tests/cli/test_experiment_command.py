"""`sns-mujoco experiment`: what it prints and writes, what it refuses, and that its defaults are those of Python."""

import inspect
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sns_mujoco import experiments
from sns_mujoco.cli import experiment
from sns_mujoco.cli.experimenting import count_or_numbers, numbers
from sns_mujoco.cli.instruments import app

QUICK = ["--terrain", "ground", "--seconds", "2.5", "--settle", "0.5", "--seeds", "1", "--threads", "1"]
FUNCTIONS = {
    "phase-response": experiments.phase_response, "f-i": experiments.f_i_curve,
    "frequency-drive": experiments.frequency_drive_curve, "drive-map": experiments.drive_map,
    "reflex": experiments.reflex_gain, "deletions": experiments.deletions, "lesions": experiments.lesion_sweep,
    "basin": experiments.basin,
}  # fmt: skip


def invoke(*arguments: str):
    return CliRunner().invoke(app, ["experiment", *arguments])


def test_experiment_writes_a_folder_and_says_what_it_found(tmp_path: Path):
    done = invoke("frequency-drive", "antagonist_joint", "--levels", "0.5,1", "--out", str(tmp_path / "out"), *QUICK)
    assert done.exit_code == 0, done.output
    assert "flexor RG: 2 levels of drive" in done.output
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "results.nc", "table.csv", "summary.txt", "config.json", "figure.png", "figure.pdf",
    }  # fmt: skip


def test_json_is_all_that_is_printed():
    done = invoke("lesions", "antagonist_joint", "-s", "drive->*RG", "--together", "--json", *QUICK)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["config"]["lesions"] == {"drive->*RG": ["drive->flexor RG", "drive->extensor RG"]}
    assert told["table"][1]["lesion"] == "drive->*RG"
    assert told["table"][1]["frequency"] == 0.0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("basin", "antagonist_joint"), "move over ground"),
        (("phase-response", "hexapod"), "which stimulus"),
        (("f-i", "antagonist_joint", "flexor RX"), "flexor RG"),
        (("frequency-drive", "antagonist_joint", "--levels", "a"), "first:last:count"),
        (("frequency-drive", "antagonist_joint", "-c", "flex=1@0:1"), "holds its commands"),
        (("drive-map", "hexapot"), "hexapod"),
    ],
)
def test_what_makes_no_sense_is_told(arguments: tuple[str, ...], told: str):
    done = invoke(*arguments)
    assert done.exit_code != 0
    assert told in str(done.exception)


def test_folder_that_is_taken_is_refused_before_anything_runs(tmp_path: Path):
    (tmp_path / "mine").touch()
    done = invoke("lesions", "hexapod", "--out", str(tmp_path))
    assert "something in it" in str(done.exception)


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_defaults_are_those_of_the_functions(kind: str):
    command = next(c.callback for c in experiment.app.registered_commands if _name(c) == kind)
    assert command is not None
    typed, called = (inspect.signature(of).parameters for of in (command, FUNCTIONS[kind]))
    for name in typed.keys() & called.keys() - {"animal"}:
        given, default = typed[name].default, called[name].default
        if name == "command" or given is inspect.Parameter.empty:
            continue  # on the command line those of the animal; the one that varies is --of
        if isinstance(given, str) and given.isdecimal():
            given = int(given)
        assert given in (default, None), name


def _name(command: object) -> str:
    return command.name or command.callback.__name__  # type: ignore[attr-defined]


def test_numbers_are_typed_in_two_ways():
    assert numbers("0:1:5", "--x") == pytest.approx([0.0, 0.25, 0.5, 0.75, 1.0])
    assert numbers("3,1.5", "--x") == pytest.approx([3.0, 1.5])
    assert count_or_numbers("7", "--x") == 7
    assert count_or_numbers("0.5", "--x") == pytest.approx([0.5])
