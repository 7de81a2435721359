"""Evolution of animals: runs that nothing can break, algorithms behind a small ask and tell."""

from sns_mujoco.learning.evolution.algorithms import ALGORITHMS, Beginning
from sns_mujoco.learning.evolution.cma_es import CmaEs
from sns_mujoco.learning.evolution.evolving import evolve, resume
from sns_mujoco.learning.evolution.generation import Generation
from sns_mujoco.learning.evolution.history import Candidate
from sns_mujoco.learning.evolution.map_elites import MapElites
from sns_mujoco.learning.evolution.optimiser import Optimiser
from sns_mujoco.learning.evolution.random_search import RandomSearch
from sns_mujoco.learning.evolution.run import Result

__all__ = [
    "ALGORITHMS",
    "Beginning",
    "Candidate",
    "CmaEs",
    "Generation",
    "MapElites",
    "Optimiser",
    "RandomSearch",
    "Result",
    "evolve",
    "resume",
]
