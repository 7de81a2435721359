"""Files of individuals on the command line and in Gymnasium, in the place of an animal's name."""

import gymnasium as gym
import numpy as np
import pytest
from typer.testing import CliRunner

from sns_mujoco import ParameterSpace, Vary
from sns_mujoco.cli.app import app
from sns_mujoco.learning.spaces import save_individual


@pytest.fixture(scope="module")
def best(tmp_path_factory):
    heavier = Vary("mass", "limb", bounds=(0.2, 0.6))
    space = ParameterSpace("antagonist_joint", [heavier, Vary("g_max", "drive->*", bounds=(0.5, 2.0), relative=True)])
    path = tmp_path_factory.mktemp("run") / "best.json"
    save_individual(path, space, space.to_vector({"mass: limb": 0.6}), extra={"fitness": 1.25})
    return path


def said(*words) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], terminal_width=200)
    assert result.exit_code == 0, result.output
    return result.output


def test_run_takes_it_and_says_what_it_is(best):
    told = said("run", best, "--seconds", "0.1")
    assert told.startswith(f"antagonist_joint, the individual of {best} (3 genes, fitness 1.25)")
    assert "simulated seconds per wall second" in told
    assert "individual of" not in said("run", "antagonist_joint", "--seconds", "0.1")


def test_doctor_takes_it_or_the_folder_of_its_run(best):
    assert f"antagonist_joint ({best.parent})" in said("doctor", best.parent).replace("\n", "")


def test_show_tells_genes_and_values(best):
    told = said("show", best)
    assert "the individual of" in told
    (line,) = (line for line in told.splitlines() if line.startswith("mass: limb"))
    assert line.split()[2:7] == ["kg", "0.3", "0.6", "0.2", "0.6"]


def test_show_tells_what_may_vary():
    told = said("show", "antagonist_joint")
    assert "force" in told and "max_conductance" in told and "length" in told
    told = said("show", "antagonist_joint", "force")
    assert [line.split()[:3] for line in told.splitlines()[1:]] == [["flexor", "72.5", "N"], ["extensor", "37.7", "N"]]
    told = said("show", "antagonist_joint", "g_max", "drive->*")
    assert [line.split()[0] for line in told.splitlines()[1:]] == ["drive->flexor", "drive->extensor"]


def test_environments_take_it(best):
    plain = gym.make("sns_mujoco/AntagonistJoint-v0")
    heavier = gym.make("sns_mujoco/AntagonistJoint-v0", animal=str(best))
    (first, _), (second, _) = plain.reset(seed=1), heavier.reset(seed=1)
    assert first.shape == second.shape
    moved = [env.step(np.array([1.0, 0.0], np.float32))[0] for env in (plain, heavier)]
    assert (moved[0] != moved[1]).any()
    plain.close()
    heavier.close()
