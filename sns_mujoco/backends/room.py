"""What a program has room for beyond its description, so that numbers of it can become others later."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Room for other numbers; without it a program has what is described and no more.

    Attributes:
        zeros_of: Strengths ("max_conductance", "weight", "conductance") of which a zero makes a synapse, too, where a
            connection or a list describes it; in matrices and kernels it never does.
        own_receptors: Whether every connection of event synapses, or entry with values of its own, has receptors of its
            own. What arrives at one neuron is then added up in another order, which the last digits show.
        delay: Greatest delay of conductance-based spiking synapses, steps; 0: the described ones stay.
    """

    zeros_of: frozenset[str] = frozenset()
    own_receptors: bool = False
    delay: int = 0


NONE = Room()
"""No room."""
