"""Bodies and brains that differ from individual to individual and from life to life, and pushes that come anew."""

from sns_mujoco.learning.fitness.pushes import Push
from sns_mujoco.learning.randomisation.random import Random
from sns_mujoco.learning.randomisation.randomisation import Randomisation

__all__ = ["Push", "Random", "Randomisation"]
