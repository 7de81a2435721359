"""Individuals that failed: what is known of each, and how it is found out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.divergence import locate
from sns_mujoco.cosim.quiet import quiet
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import DivergenceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How an individual failed.

    Attributes:
        individual: Its index.
        time: Of its last good step, s, at which it stands.
        culprit: The neuron, joint or actuator and what became of it, or the engine's own error.
        message: All of it in a sentence, with a remedy.
    """

    individual: int
    time: float
    culprit: str
    message: str

    @classmethod
    def of(cls, individual: int, error: DivergenceError) -> "Failure":
        """The failure that an error tells of."""
        return cls(individual=individual, time=error.time, culprit=error.culprit, message=str(error))


def relive(simulation: Simulation, individual: int, before: NDArray[np.float64], steps: int) -> Failure:
    """Let an individual live through steps again, one by one, to find where it fails.

    Args:
        simulation: With the individual's model; it is left at the last good step.
        individual: Its index.
        before: Its integration state before the steps.
        steps: How many.

    Returns:
        What was found.
    """
    with quiet():
        return Failure.of(individual, locate(simulation.model, simulation.data, simulation.brains, before, steps))
