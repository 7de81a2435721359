"""Nothing is imported before it is used, and what is missing is named with its extra."""

import subprocess
import sys

import pytest

import sns_mujoco.learning.reinforcement as reinforcement


@pytest.mark.parametrize(
    ("library", "extra", "name"), [("stable_baselines3", "rl", "SnsPPO"), ("torch", "torch", "Actor")]
)
def test_nothing_is_imported_before_it_is_used_and_what_is_missing_is_named_with_its_extra(library, extra, name):
    code = (
        "import sys, sns_mujoco.learning.reinforcement as reinforcement\n"
        "print([name for name in ('torch', 'stable_baselines3', 'matplotlib') if name in sys.modules])\n"
        f"sys.modules[{library!r}] = None\n"
        "from sns_mujoco.errors import MissingDependencyError\n"
        f"try:\n    reinforcement.{name}\nexcept MissingDependencyError as error:\n    print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert said[0] == "[]"
    assert f"{name} needs" in said[1] and f"pip install 'sns-mujoco[{extra}]'" in said[1]


def test_every_name_is_there_and_others_are_not():
    for name in reinforcement.__all__:
        assert getattr(reinforcement, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'SnsSAC'; it has Actor"):
        _ = reinforcement.SnsSAC
