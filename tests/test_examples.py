"""Every example runs, is short, and does what it says."""

import runpy
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path, capsys, tmp_path, monkeypatch):
    assert len(path.read_text().splitlines()) < 80
    monkeypatch.chdir(tmp_path)
    names = runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out
    if path.stem == "one_joint_leg":
        assert 0.5 < float(names["angle"].max()) < 1.2
        assert 0.3 < names["period"] < 0.6
    if path.stem == "constant_drive":
        assert names["distance"] > 1.0
    if path.stem == "stretch_reflex":
        assert names["yields"]["with the reflex"] < 0.6 * names["yields"]["without it"]
    if path.stem == "stance_and_swing":
        assert names["turns"][True, 0.6].stance - names["turns"][True, 1.0].stance > 0.1
