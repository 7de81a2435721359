"""Muscles: parts of the body that MuJoCo steps natively, each pulling on a tendon and driven by an excitation, 0 to 1.

Describe them (`MujocoMuscle`, `LinearHillMuscle`, `HillMuscle`; one side of the body, and `mirrored` makes both), put
them into a body with `add_muscles`, and read them off any compiled model or file with `find_muscles`.
"""

from sns_mujoco.muscles.adding import add_muscles
from sns_mujoco.muscles.descriptions import HillMuscle, LinearHillMuscle, MujocoMuscle, Muscle
from sns_mujoco.muscles.finding import MuscleInfo, find_muscles
from sns_mujoco.muscles.mirrored import mirrored

__all__ = [
    "HillMuscle",
    "LinearHillMuscle",
    "MujocoMuscle",
    "Muscle",
    "MuscleInfo",
    "add_muscles",
    "find_muscles",
    "mirrored",
]
