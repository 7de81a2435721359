"""Every example runs, is short, and does what it says."""

import re
import runpy
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))
BRIEFLY = {
    **{path.stem: ["--plot", "curve.png"] for path in EXAMPLES if path.stem.startswith("step_")},
    "step_10_evolve": ["--plot", "curve.png", "--generations", "2"],
    "reinforce_descending": ["--plot", "curve.png", "--steps", "400", "--animals", "2"],
    "sns_policy_ppo": ["--plot", "curve.png", "--steps", "3200"],
    "truncated_backpropagation": ["--plot", "curve.png", "--epochs", "6", "--seconds", "3"],
}
"""What those that learn for minutes are given to be done in seconds; their full runs are in examples/README.md."""


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path, capsys, tmp_path, monkeypatch):
    assert len(path.read_text().splitlines()) < 80
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(path), *BRIEFLY.get(path.stem, [])])
    names = runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out
    if path.stem == "step_01_one_neuron":
        assert abs(names["graded"][1999] + 52.0) < 0.01 and 50 < names["spikes"][3000:4000].sum() / 0.1 < 250
    if path.stem == "step_02_synapses":
        assert abs(names["gain"] - 1.0) < 0.01 and abs(names["potentials"][-1, 1] + 20.0) < 0.01
    if path.stem == "step_03_neurons_that_calculate":
        assert names["errors"]["a - b, balanced"] < 1e-3 < names["errors"]["a - b"]
    if path.stem == "step_04_half_centre":  # SNS-Toolbox's tutorial has 1537 and 1092 ms
        assert names["periods"][-0.01] != names["periods"][-0.01]
        assert abs(names["periods"][0.01] / 1537.0 - 1.0) < 0.01 and abs(names["periods"][0.1] / 1092.0 - 1.0) < 0.01
    if path.stem == "step_05_closed_loop":
        assert 0.5 < float(names["angle"].max()) < 1.2
        assert 0.3 < names["period"] < 0.6
    if path.stem == "own_animal":
        assert 1.0 < names["distance"] < 5.0
    if path.stem == "constant_drive":
        assert names["distance"] > 1.0
    if path.stem == "step_06_muscles_and_reflexes":
        assert names["yields"]["with the reflex"] < 0.6 * names["yields"]["without it"]
    if path.stem == "stance_and_swing":
        assert names["turns"][True, 0.6].stance - names["turns"][True, 1.0].stance > 0.1
    if path.stem == "step_07_walking":
        assert names["report"].name.name == "tripod" and len(names["report"].feet) == 6
    if path.stem == "step_08_stimulate_and_lesion":
        assert all(names["before"].values()) and min(list(names["apart"].values())[1:]) > 5.0
    if path.stem == "step_09_populations":
        assert names["speeds"][0] < 0.1 and names["speeds"][names["described"]] > 1.5
    if path.stem == "step_10_evolve":
        assert abs(names["paces"]["evolved"] - 2.0) < abs(names["paces"]["as described"] - 2.0)
        assert Path("rhythm/best.json").exists()
    if path.stem == "reinforce_descending":
        assert names["curve"].steps == [200, 400] and list(names["means"]) == ["straight ahead", "learned"]
    if path.stem == "sns_policy_ppo":
        assert names["apart"] < 1e-6 and len(names["rewards"]) == 20
    if path.stem == "truncated_backpropagation":
        assert names["losses"][-1] < 0.5 * names["losses"][0]
    if path.stem in BRIEFLY:
        assert Path("curve.png").stat().st_size > 5000


def test_every_example_is_in_the_table():
    folder = EXAMPLES[0].parent
    table = (folder / "README.md").read_text()
    assert [path.name for path in EXAMPLES if f"[`{path.name}`]({path.name})" not in table] == []
    assert [link for link in re.findall(r"\]\(([\w./]+)\)", table) if not (folder / link).exists()] == []
