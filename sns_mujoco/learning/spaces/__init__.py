"""Parameter spaces: what may vary of an animal, as vectors, individuals of a population, animals and files."""

from sns_mujoco.learning.spaces.genes import Gene
from sns_mujoco.learning.spaces.individuals import Individual, load_individual, save_individual
from sns_mujoco.learning.spaces.sources import parameters_in
from sns_mujoco.learning.spaces.space import ParameterSpace
from sns_mujoco.learning.spaces.variant import Change
from sns_mujoco.learning.spaces.vary import Vary

__all__ = [
    "Change",
    "Gene",
    "Individual",
    "ParameterSpace",
    "Vary",
    "load_individual",
    "parameters_in",
    "save_individual",
]
