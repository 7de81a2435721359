"""`sns-mujoco run --protocol`."""

import pytest
from typer.testing import CliRunner

from sns_mujoco.cli.app import app

PROTOCOL = """
items:
- command: {name: drive, value: 0.25, start: 0.02}
- current_clamp: {neuron: L1 swing, current: 5, start: 0.01, stop: 0.03}
"""


def run(tmp_path, text: str, *options: str):
    (tmp_path / "p.yaml").write_text(text)
    return CliRunner().invoke(
        app, ["run", "hexapod", "--seconds", "0.05", "--protocol", str(tmp_path / "p.yaml"), *options]
    )


def test_a_protocol_is_applied_and_recorded(tmp_path):
    from sns_mujoco import load_recording

    result = run(tmp_path, PROTOCOL, "--record", str(tmp_path / "r.nc"))
    assert result.exit_code == 0, result.output
    recording = load_recording(tmp_path / "r.nc")
    drive = recording["command"].sel(command_name="drive")
    assert float(drive.sel(time=0.01, method="nearest")) == 1.0 and float(drive[-1]) == 0.25
    assert recording["stimulus"].max() == 5.0
    assert "current_clamp" in recording.attrs["protocol"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PROTOCOL.replace("L1 swing", "L1 swng"), "did you mean 'L1 swing'"),
        (PROTOCOL.replace("stop: 0.03", "stop: 0.001"), "give a later stop"),
        ("items: 5", "give a name and a list of items"),
    ],
)
def test_what_is_wrong_with_it_is_said_before_anything_runs(tmp_path, text, message):
    result = run(tmp_path, text, "--record", str(tmp_path / "r.nc"))
    assert result.exit_code != 0
    assert message in " ".join(str(result.exception or result.output).split())
    assert not (tmp_path / "r.nc").exists()
