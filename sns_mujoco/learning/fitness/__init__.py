"""Fitness: what individuals are asked to do, what counts, and how good they are at it.

A `Task` says what varies, in which `Trial`s, and which terms make up the fitness; an `Evaluator` lets a population live
through them.
"""

from sns_mujoco.learning.fitness.energy import CostOfTransport, Power
from sns_mujoco.learning.fitness.evaluation import WORST, Evaluation
from sns_mujoco.learning.fitness.evaluator import Evaluator
from sns_mujoco.learning.fitness.gaits import DutyFactor, StrideFrequency, TargetGait
from sns_mujoco.learning.fitness.posture import Heave, Smoothness, Stability, Survival, Tilt
from sns_mujoco.learning.fitness.pushes import Push
from sns_mujoco.learning.fitness.task import Measure, Task
from sns_mujoco.learning.fitness.task_files import task_from_dict, task_to_dict
from sns_mujoco.learning.fitness.tasks import load_task, task_names
from sns_mujoco.learning.fitness.term import AnyTerm, Meter, Term
from sns_mujoco.learning.fitness.trajectories import TargetTrajectory
from sns_mujoco.learning.fitness.travel import Distance, Froude, Speed, Straightness
from sns_mujoco.learning.fitness.trials import Trial

__all__ = [
    "WORST",
    "AnyTerm",
    "CostOfTransport",
    "Distance",
    "DutyFactor",
    "Evaluation",
    "Evaluator",
    "Froude",
    "Heave",
    "Measure",
    "Meter",
    "Power",
    "Push",
    "Smoothness",
    "Speed",
    "Stability",
    "Straightness",
    "StrideFrequency",
    "Survival",
    "TargetGait",
    "TargetTrajectory",
    "Task",
    "Term",
    "Tilt",
    "Trial",
    "load_task",
    "task_from_dict",
    "task_names",
    "task_to_dict",
]
