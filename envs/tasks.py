"""What an environment asks of its animal: observations, rewards, and when an episode is over.

A task is written once, for one animal and for a population: everything that it computes has the leading dimensions of
the data that it reads, () for one and (n,) for n. So the reward of the 17th of 256 animals is, to the last bit, that
of a single one which lived through the same.
"""

from collections.abc import Mapping, Sequence
from types import EllipsisType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.simulation import Simulation

from .parts import Array, Part

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

    from sns_mujoco.cosim.population import Population

Rows = EllipsisType | NDArray[np.intp]
"""Which entries an episode begins for: `...` of a single animal, indices of a population."""


class Task:
    """Base of what environments ask: observations (`parts`), what begins an episode, what a step is worth.

    Attributes:
        observe_neurons: Whether membrane potentials are part of the observation.
        animal: The animal.
        terrain: What it lives on.
        life: Its simulation, or the population.
        dt: Time of one step of the environment, s.
        lead: Leading dimensions of everything: () for one animal, (n,) for n.
    """

    observe_neurons: bool = False

    def enter(self, animal: "Animal", life: "Simulation | Population", *, terrain: str, dt: float) -> list[Part]:
        """Take up an animal, and give the parts of the observation in their order.

        Args:
            animal: The animal.
            life: Its simulation, or the population.
            terrain: What it lives on.
            dt: Time of one step of the environment, s.
        """
        self.animal, self.life, self.terrain, self.dt = animal, life, terrain, dt
        self.lead: tuple[int, ...] = life.data.qpos.shape[:-1]
        return self.parts()

    def parts(self) -> list[Part]:
        """Parts of the observation, in their order; what else is kept for each animal is made here too."""
        raise NotImplementedError

    def begin(self, rows: Rows, generators: Sequence[np.random.Generator]) -> None:
        """Begin an episode with animals that have just been put at their start.

        Args:
            rows: Which.
            generators: Random numbers of each of their environments.
        """
        raise NotImplementedError

    def judge(self, diverged: NDArray[np.bool_]) -> tuple[Array, NDArray[np.bool_]]:
        """Rewards of the step that has just been made, and which episodes it ends.

        Args:
            diverged: Whose simulation left the finite numbers; it stands at its last good step.
        """
        raise NotImplementedError

    def info(self) -> Mapping[str, NDArray[Any]]:
        """What else there is to say after `begin` or `judge`, each entry [...] or [..., k]."""
        raise NotImplementedError
