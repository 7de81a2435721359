"""Every task that comes with an animal fits it: a start is made with each."""

from dataclasses import replace

import numpy as np
import pytest
from sns_mujoco.models import names

from sns_mujoco.learning.fitness import WORST, Evaluator, load_task, task_from_dict, task_names, task_to_dict

TASKS = [(animal, name) for animal in names() for name in task_names(animal)]


@pytest.mark.parametrize("animal, name", TASKS)
def test_a_task_fits_its_animal_and_goes_into_a_file(animal, name):
    task = load_task(animal, name)
    if animal == "quadruped" and name != "refine":
        animal = "sns_mujoco.models.quadruped:STANDING"  # its tasks begin at the design
    assert task.summary and task_from_dict(task_to_dict(task)) == task
    brief = replace(task.trials[0], seconds=3 * task.frame, settle=task.frame)
    with Evaluator(animal, task) as made:  # all of its trials fit
        assert made.space.size
    with Evaluator(animal, replace(task, seeds=1, trials=(brief,))) as made:
        evaluation = made.evaluate(made.space.origin, seed=0, generation=0)
    assert evaluation.fitness[0] > WORST and not evaluation.failed[0]
    assert np.isfinite(evaluation.measures).all()


def test_every_animal_has_a_task():
    assert {animal for animal, _ in TASKS} == set(names())
