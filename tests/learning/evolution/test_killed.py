"""Runs that are killed at random moments end as if they never had been."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray

from sns_mujoco.learning.fitness import Power, Task, Trial
from sns_mujoco.learning.spaces import Vary

LIVES = Path(__file__).parent / "lives.py"
CLOCKS = ["seconds", "seconds_in_batch"]  # the only things that may differ


def lives(folder, *arguments):
    """Live a run whole and broken; how many generations stood at each kill."""
    done = subprocess.run([sys.executable, LIVES, folder, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def assert_equal_runs(one, other):
    names = sorted(p.name for p in (one / "generations").iterdir())
    assert names == sorted(p.name for p in (other / "generations").iterdir())
    for name in names:
        with np.load(one / "generations" / name) as a, np.load(other / "generations" / name) as b:
            assert a.files == b.files
            for field in set(a.files) - set(CLOCKS):
                assert a[field].tobytes() == b[field].tobytes(), (name, field)
    for name in ("best.json", "final.json", "space.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    for name in ("history.nc", "archive.nc"):
        if (one / name).exists():
            with xarray.open_dataset(one / name) as a, xarray.open_dataset(other / name) as b:
                xarray.testing.assert_identical(
                    a.drop_vars(CLOCKS, errors="ignore"), b.drop_vars(CLOCKS, errors="ignore")
                )
    assert sorted(p.name for p in one.rglob("*")) == sorted(p.name for p in other.rglob("*"))


@pytest.mark.parametrize("algorithm", ["cma-es", pytest.param("map-elites", marks=pytest.mark.slow)])
def test_a_run_that_is_killed_again_and_again_ends_as_the_unbroken_one(tmp_path, algorithm):
    stood = lives(tmp_path, algorithm, "toy", 25, 10, 0.04)
    assert len(stood) >= 6 and len(set(stood)) >= 4  # it was killed at many different points
    assert_equal_runs(tmp_path / "whole", tmp_path / "broken")


def test_the_same_with_a_living_animal(tmp_path):
    task = Task(
        vary=(
            Vary("max_conductance", "* RG->* *", bounds=(0.5, 2.0), relative=True, scale="log"),
            Vary("bias", "* RG", bounds=(-4.0, 4.0), relative="difference"),
        ),
        trials=(Trial(seconds=0.3, settle=0.1),),
        terms=(Power(),),
        seeds=2,
    )
    task.save(tmp_path / "task.json")
    stood = lives(tmp_path, "cma-es", f"antagonist_joint:{tmp_path / 'task.json'}", 10, 3, 0.05)
    assert len(stood) >= 2 and len(set(stood)) >= 2
    assert_equal_runs(tmp_path / "whole", tmp_path / "broken")
