"""Many animals of one kind, each with a body and a brain of its own, stepped together."""

from sns_mujoco.cosim.population.commands import PopulationCommands
from sns_mujoco.cosim.population.failures import Failure
from sns_mujoco.cosim.population.population import Population
from sns_mujoco.cosim.population.snapshots import PopulationSnapshot

__all__ = ["Failure", "Population", "PopulationCommands", "PopulationSnapshot"]
