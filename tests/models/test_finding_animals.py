"""Animals by name, by the file of an individual, by the folder of a run, and of one's own code."""

import json
import subprocess
import sys

import gymnasium
import numpy as np
import pytest

from sns_mujoco import ParameterSpace, Population, Vary, doctor, models
from sns_mujoco.errors import NetworkError, ParameterError, UnknownNameError
from sns_mujoco.learning.spaces import load_individual, save_individual
from sns_mujoco.network import Network
from sns_mujoco.network.files import network_to_dict

MINE = """
from dataclasses import replace
from {helper} import ARM

ANIMAL = replace(ARM, name="mine")
NUMBER = 3
"""
HELPER = """
from sns_mujoco.models import load

ARM = load("antagonist_joint")
"""


@pytest.fixture
def best(tmp_path):
    """The file of an individual, and its space."""
    space = ParameterSpace("antagonist_joint", [Vary("mass", "limb", bounds=(0.2, 0.4)),
                                                Vary("bias", "* motor", bounds=(-2.0, 2.0), tie="all")])  # fmt: skip
    vector = space.to_vector({"mass: limb": 0.25, "bias: * motor": 1.5})
    path = tmp_path / "best.json"
    save_individual(path, space, vector, extra={"fitness": 2.5, "generation": np.int64(7)})
    return path, space, vector


@pytest.fixture
def mine(tmp_path, request, monkeypatch):
    """A file with an animal of one's own, which imports what stands beside it."""
    helper = f"helper_{abs(hash(request.node.name))}"
    (tmp_path / f"{helper}.py").write_text(HELPER)
    (tmp_path / f"{helper}_mine.py").write_text(MINE.format(helper=helper))
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path / f"{helper}_mine.py"


def test_an_individual_is_an_animal(best):
    path, space, vector = best
    animal = models.load(path)
    assert animal.name == "antagonist_joint"
    assert animal.body("free", 0).compile().body("limb").mass[0] == pytest.approx(0.25)
    assert network_to_dict(animal.network()) == network_to_dict(space.animal(vector).network())
    assert models.individual(animal).values == {"mass: limb": 0.25, "bias: * motor": 1.5}
    assert models.individual(models.load(str(path.parent))).path == path  # the folder of a run
    assert models.individual(models.load("antagonist_joint")) is None
    assert models.reference(models.load("hexapod")) == "hexapod"
    assert models.individual(models.load(models.reference(animal))).values == models.individual(animal).values


def test_an_individual_is_a_network(best):
    path, space, vector = best
    network = Network.load(path)
    assert network_to_dict(network) == network_to_dict(space.animal(vector).network())
    found = load_individual(path)
    assert (found.vector == vector).all()
    assert found.extra == {"fitness": 2.5, "generation": 7}
    assert found.name == found.base == "antagonist_joint"
    assert not found.edited
    assert "2 genes, fitness 2.5, generation 7" in found.summary
    assert (ParameterSpace.from_dict(found.base, found.space).to_vector(found.values) == vector).all()
    assert [change.of for change in found.changes[0]] == ["body"]  # the network has the rest


def test_a_network_that_was_edited_is_taken_and_told(best):
    path, space, vector = best
    text = path.read_text()
    assert text.count('"bias": 1.5') == 2
    path.write_text(text.replace('"bias": 1.5', '"bias": 1.25', 1))
    animal = models.load(path)
    assert network_to_dict(animal.network()) != network_to_dict(space.animal(vector).network())
    assert "edited after it was saved" in models.individual(animal).summary


def test_animals_of_ones_own(mine):
    animal = models.load(f"{mine}:ANIMAL")
    assert animal.name == "mine"
    assert models.load(f"{mine}:ANIMAL") is animal  # its code runs once
    assert models.reference(animal) == f"{mine}:ANIMAL"
    assert ParameterSpace(animal, [Vary("bias", "drive", bounds=(0, 1))]).to_dict()["animal"] == f"{mine}:ANIMAL"
    by_module = models.load("sns_mujoco.models.hexapod:ANIMAL")
    assert by_module is models.load("hexapod")
    assert models.reference(by_module) == "hexapod"
    with pytest.raises(UnknownNameError, match="no animal named 'ANIML' in .*did you mean 'ANIMAL'"):
        models.load(f"{mine}:ANIML")
    with pytest.raises(UnknownNameError, match="no animal named 'NUMBER'"):
        models.load(f"{mine}:NUMBER")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        models.load(f"{mine}x.py:ANIMAL")
    with pytest.raises(FileNotFoundError, match="there is no module 'sns_mujoco.models.unicorn'"):
        models.load("sns_mujoco.models.unicorn:ANIMAL")


def test_a_module_that_wants_what_is_not_there_says_so(tmp_path, monkeypatch):
    (tmp_path / "wanting_animal.py").write_text("import nowhere_to_be_found\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="nowhere_to_be_found"):
        models.load("wanting_animal:ANIMAL")


def test_an_animal_that_a_program_made_has_no_reference():
    from dataclasses import replace

    assert models.reference(replace(models.load("hexapod"), dt=0.5)) == ""


def test_no_code_is_run_because_a_file_says_so(mine, tmp_path):
    """A fresh process reads the file: only who names the code gets it run."""
    space = ParameterSpace(models.load(f"{mine}:ANIMAL"), [Vary("bias", "drive", bounds=(-1, 1))])
    path = tmp_path / "own.json"
    save_individual(path, space, [0.25])
    assert models.load(path).name == "mine"  # its code has been run in this process
    script = (
        "import sys\nfrom sns_mujoco import models\nfrom sns_mujoco.errors import ParameterError\n"
        f"path, mine = {str(path)!r}, {str(mine)!r}\n"
        "try:\n    models.load(path)\nexcept ParameterError as error:\n    print(error)\n"
        f"print({mine.stem.removesuffix('_mine')!r} in sys.modules)\n"
        "animal = models.load(f'{path}@{mine}:ANIMAL')\n"
        "print(animal.network().populations[-1].name, models.reference(animal) == f'{path}@{mine}:ANIMAL')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    refusal, imported, told = done.stdout.strip().splitlines()
    assert f"an animal of your own ({mine}:ANIMAL), and no code is run because a file says so" in refusal
    assert f"{path}@{mine}:ANIMAL" in refusal
    assert imported == "False"
    assert told.endswith("True")


def test_an_individual_of_another_animal_is_refused(best, mine):
    path, _, _ = best
    with pytest.raises(ParameterError, match="is an individual of 'antagonist_joint'; it was given 'mine'"):
        models.load(f"{path}@{mine}:ANIMAL")


@pytest.mark.parametrize(
    ("damage", "error", "message"),
    [
        (lambda d: d["annotations"].pop("individual"), ParameterError, "is the file of a network alone"),
        (lambda d: d["annotations"]["individual"].pop("vector"), ParameterError, "is damaged: 'vector'"),
        (lambda d: d["annotations"]["individual"]["vector"].pop(), ParameterError, "not that of its space"),
        (lambda d: d["annotations"]["individual"].update(format="sns-mujoco individual 2"), ParameterError,
         "is it a newer one"),
        (lambda d: d["annotations"]["individual"]["changes"][0][0].pop(), ParameterError, "is damaged"),
        (lambda d: d["annotations"]["individual"]["changes"][0][0].__setitem__(0, "soul"), ParameterError,
         "is no change, which is"),
        (lambda d: d["annotations"]["individual"]["changes"][0][0].__setitem__(2, "limp"), UnknownNameError,
         "no body with a mass named 'limp'.*did you mean 'limb'"),
        (lambda d: d["annotations"]["individual"].update(animal="unicorn"), UnknownNameError,
         "no animal named 'unicorn'"),
        (lambda d: d["annotations"].update(individual=[1]), ParameterError, "is damaged"),
        (lambda d: d.update(annotations=3), NetworkError, "annotations is 3; give an object"),
        (lambda d: d.pop("populations"), (NetworkError, UnknownNameError), "best.json"),
    ],
)  # fmt: skip
def test_damaged_files_are_named(best, damage, error, message):
    path, _, _ = best
    data = json.loads(path.read_text())
    damage(data)
    path.write_text(json.dumps(data))
    with pytest.raises(error, match=message):
        models.load(path)


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no network at"):
        models.load(tmp_path / "none.json")
    with pytest.raises(FileNotFoundError, match="there is no 'best.json' in"):
        models.load(tmp_path)
    (tmp_path / "cut.json").write_text('{"format": "sns-muj')
    with pytest.raises(NetworkError, match="cut.json"):
        models.load(tmp_path / "cut.json")


def test_names_of_the_repository_mean_its_animals_wherever_one_stands(best, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # in which lies a best.json
    (tmp_path / "hexapod").mkdir()
    assert models.load("hexapod").name == "hexapod"
    for nothing in ("", ":", ":ANIMAL"):
        with pytest.raises(UnknownNameError, match="no animal named"):
            models.load(nothing)
    with pytest.raises(TypeError, match="the animal is 3; give its name, a file, or an Animal"):
        models.load(3)


def test_whatever_takes_an_animal_takes_its_file(best):
    path, space, vector = best
    assert ParameterSpace(path, space.varied).base.name == "antagonist_joint"
    with Population(path, 2) as population:
        assert population["mass", "limb"] == pytest.approx(0.25)
    environment = gymnasium.make("sns_mujoco/AntagonistJoint-v0", animal=path)
    assert environment.unwrapped.simulation.model.body("limb").mass[0] == pytest.approx(0.25)
    animal = space.animal(vector)
    assert models.load(animal) is animal


def test_the_doctor_takes_individuals(best):
    path, _, _ = best
    diagnosis = doctor(path)
    assert diagnosis.model == f"antagonist_joint ({path})"
    assert diagnosis.ok


def test_the_package_s_own_animals_need_no_name_beside_their_files():
    from sns_mujoco.models.quadruped import ANIMAL

    found = models.load("quadruped:evolved")
    assert models.individual(found).base == "sns_mujoco.models.quadruped:STANDING"
    assert models.reference(found).endswith("evolved.json")
    one, other = found.simulation(), ANIMAL.simulation()
    one.step(50)
    other.step(50)
    assert np.array_equal(one.potentials, other.potentials)
