"""Time constants of membranes, C / G: to change one changes the capacitance, and the conductance is held."""

from collections.abc import Callable

import numpy as np

from sns_mujoco.cosim.parameters.columns import Column, Places


class Ratio:
    """A quantity that is one column over another, as long as each value of the first belongs to one of the second.

    Attributes:
        quantity: Its name.
        kind: What has it.
        over: What is divided, and changed.
        under: What it is divided by, and held.
        over_index: Which value of the first column each ratio has [m].
        under_index: Which value of the second [m].
        values: As described [m].
        names: Of each [m].
        owners: Name of each one's owner [m].
        least: Least allowed value [m].
        greatest: Greatest allowed value [m].
        above: Whether the least value itself is not allowed [m].
    """

    def __init__(self, quantity: str, over: Column, under: Column) -> None:
        """Find the values that belong together; where the second is zero there is no ratio."""
        self.quantity, self.over, self.under, self.kind = quantity, over, under, over.kind
        index = np.arange(len(over))
        partner = under.at(over.owner, np.maximum(over.place, 0))
        # one capacitance of neurons with several conductances is no single time constant
        many = (partner >= 0) & (over.place < 0)
        many[many] = under.place[partner[many]] >= 0
        there = (partner >= 0) & ~many
        there[there] = under.values[partner[there]] > 0.0
        self.over_index, self.under_index = index[there], partner[there]
        self.values = over.values[self.over_index] / under.values[self.under_index]
        self.names = tuple(over.names[i] for i in self.over_index.tolist())
        self.owners = tuple(over.owners[i] for i in self.over_index.tolist())
        self.least, self.greatest = np.zeros(len(self.values)), np.full(len(self.values), np.inf)
        self.above = np.ones(len(self.values), bool)

    @property
    def shared(self) -> np.ndarray:
        """Whether its number is shared with others, so that it cannot be changed [m]."""
        return self.over.shared[self.over_index]

    def __len__(self) -> int:
        """Number of values."""
        return len(self.values)

    def choose(self, wanted: Callable[[str], bool]) -> Places:
        """The values whose name, or whose owner's name, is wanted."""
        chosen = [wanted(name) or wanted(owner) for name, owner in zip(self.names, self.owners, strict=True)]
        return np.flatnonzero(chosen)
