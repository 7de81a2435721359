import numpy as np
import pytest

from sns_mujoco.learning.evolution import evolve, resume
from sns_mujoco.learning.fitness import Power, Task, Trial
from sns_mujoco.learning.spaces import Vary


@pytest.mark.slow  # a cluster takes a while to start
def test_two_ray_workers_come_to_the_same_as_one_machine(tmp_path):
    pytest.importorskip("ray")
    task = Task(
        vary=(Vary("bias", "* RG", bounds=(-4.0, 4.0), relative="difference"),),
        trials=(Trial(seconds=0.3, settle=0.1),),
        terms=(Power(),),
        seeds=2,
    )
    quiet = {"progress": False, "video": False}
    alone = evolve("antagonist_joint", task, generations=4, popsize=6, **quiet)
    evolve("antagonist_joint", task, generations=2, popsize=6, out=tmp_path / "run", **quiet)
    spread = resume(tmp_path / "run", generations=4, ray="local", workers=2, threads=1, **quiet)
    assert np.array_equal(spread.best, alone.best) and spread.fitness == alone.fitness
    clocks = ["seconds", "seconds_in_batch"]
    assert spread.history.drop_vars(clocks).identical(alone.history.drop_vars(clocks))
