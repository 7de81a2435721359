"""Actions that modulate a nervous system: its parameters change while it lives."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sns_mujoco.cosim.parameters import ParameterRows, parameters_of
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import ParameterError

from .actions import Descending
from .parts import Array
from .tasks import Rows

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

    from sns_mujoco.cosim.population import Population
    from sns_mujoco.learning.spaces.space import ParameterSpace


class Modulating:
    """Actions that set commands and parameters of the nervous system."""

    def __init__(
        self, life: "Simulation | Population", animal: "Animal", descending: Descending, space: "ParameterSpace"
    ) -> None:
        """Take the genes of a parameter space of an animal behind commands.

        Raises:
            ParameterError: A gene is of the body.
        """
        self._descending, self._space = descending, space
        self._adjustable = Adjustable(life, animal)
        self.names = (*descending.names, *space.names)
        self.least = np.append(descending.least, np.full(space.size, -1.0))
        self.greatest = np.append(descending.greatest, np.ones(space.size))
        self.neutral = np.append(descending.neutral, 2.0 * space.origin - 1.0)
        space.apply(self._adjustable, space.origin)  # type: ignore[arg-type]

    def end(self, rows: Rows) -> None:
        """Give back what is described."""
        ids = None if rows is ... else rows
        self._space.apply(self._adjustable, self._space.origin, ids)  # type: ignore[arg-type]

    def begin(self, rows: Rows) -> None:
        """See `Descending`."""
        self._descending.begin(rows)

    def give(self, values: Array) -> None:
        """Set the chosen commands, and then the parameters."""
        first = len(self._descending.names)
        self._descending.give(values[..., :first])
        self._space.apply(self._adjustable, (values[..., first:] + 1.0) / 2.0)  # type: ignore[arg-type]


class Adjustable:
    """What a parameter space writes into while animals live: nervous systems, of one animal or of many.

    Attributes:
        animal: What they are.
        n: Number of animals.
        rows: Described values of their nervous systems, and what follows from them.
    """

    def __init__(self, life: "Simulation | Population", animal: "Animal") -> None:
        """Take up a life of an animal that was built with numbers apart."""
        self.animal = animal
        if isinstance(life, Simulation):
            model = life.model
            table = parameters_of(model, animal.network(), animal.adapters())
            self.n, self.rows = 1, ParameterRows(table, 1, lambda field: getattr(model, field)[None])
        else:
            self.n, self.rows = life.n, life.rows

    @property
    def body(self) -> Any:
        """Nothing that could be adjusted.

        Raises:
            ParameterError: Always.
        """
        raise ParameterError(
            "a body stays as it is in action mode 'parameters'; vary parameters of the nervous system, its adapters or "
            "its muscles, and bodies with `randomise` or an animal made by ParameterSpace"
        )
