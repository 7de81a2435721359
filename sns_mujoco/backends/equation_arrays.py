"""The equations of neurons as `Code`: lists of instructions, one group of neighbouring neurons after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.families import NONE, Code, Equations, Op
from sns_mujoco.errors import NetworkError
from sns_mujoco.network.equation_neurons import NeuronWithEquations
from sns_mujoco.network.equations.dynamics import Dynamics, Step
from sns_mujoco.network.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The groups of a network.

    Attributes:
        equations: As in the program.
        first: For each population with equations, the place in the state's `variables` of its first variable of its
            first neuron, and how far apart variables are there.
    """

    equations: tuple[Equations, ...]
    first: dict[int, tuple[int, int]]

    def places(self, network: Network, population: int, name: str) -> NDArray[np.int64]:
        """The places in the state's `variables` of a variable of a population's neurons."""
        place, stride = self.first[population]
        described = network.populations[population]
        return place + described.neuron.variables.index(name) * stride + np.arange(described.size)


def groups(network: Network, spiking_index: NDArray[np.int64], dt: float, *, exponential: bool) -> Groups:
    """The neurons with equations: neighbouring populations of the same equations make one group.

    Args:
        network: The network.
        spiking_index: Which spiking neuron each neuron is [N].
        dt: Neural step, ms.
        exponential: Whether by exponential Euler.

    Raises:
        NetworkError: The initial value of a variable is not finite.
    """
    starts = np.cumsum([0, *(p.size for p in network.populations)])
    equations, first, place = [], {}, 0
    for members in _runs(network):
        populations = [network.populations[index] for index in members]
        neurons = [p.neuron for p in populations if isinstance(p.neuron, NeuronWithEquations)]
        dynamics, size = neurons[0].dynamics, sum(p.size for p in populations)
        values = [n.values for n in neurons]
        spread = [
            [np.broadcast_to(np.ravel(v[name]), p.size) for v, p in zip(values, populations, strict=True)]
            for name in dynamics.parameters
        ]
        starting = [_start(p.name, n, p.initial) for n, p in zip(neurons, populations, strict=True)]
        start = int(starts[members[0]])
        equations.append(
            Equations(
                first=start,
                count=size,
                first_spiking=int(spiking_index[start]) if dynamics.spike is not None else NONE,
                code=code(dynamics.step(dt, exponential=exponential), dynamics),
                parameters=np.array([np.concatenate(rows) for rows in spread]).reshape(-1, size),
                initial=np.concatenate(starting, 1),
                variable_names=dynamics.variables[1:],
                parameter_names=dynamics.parameters,
            )
        )
        for index in members:
            first[index] = (place + int(starts[index]) - start, size)
        place += size * (len(dynamics.variables) - 1)
    return Groups(equations=tuple(equations), first=first)


def _start(name: str, neuron: NeuronWithEquations, potential: NDArray[np.float64]) -> NDArray[np.float64]:
    try:
        return neuron.start(potential)
    except NetworkError as error:
        raise NetworkError(f"population {name!r}: {error}") from None


def _runs(network: Network) -> list[list[int]]:
    """Populations, by index, that follow one another and have the same equations."""
    runs: list[list[int]] = []
    last: Dynamics | None = None
    for index, population in enumerate(network.populations):
        neuron = population.neuron
        own = neuron.dynamics if isinstance(neuron, NeuronWithEquations) else None
        if own is not None:
            if own is last:
                runs[-1].append(index)
            else:
                runs.append([index])
        last = own
    return runs


def code(step: Step, dynamics: Dynamics) -> Code:
    """The instructions of one step: every needed node of its graph once, in order."""
    roots = [*step.new, *step.after_spike, *(() if step.spike is None else (step.spike,))]
    places = {node: place for place, node in enumerate(step.graph.needed(roots))}
    constants: dict[bytes, int] = {}
    instructions = np.zeros((len(places), 4), np.uint32)
    for node, place in places.items():
        operation, *arguments = step.graph.nodes[node]
        match operation:
            case "CONSTANT":
                own = [constants.setdefault(np.float64(arguments[0]).tobytes(), len(constants))]
            case "PARAMETER":
                own = [dynamics.parameters.index(arguments[0])]
            case "VARIABLE":
                own = [dynamics.variables.index(arguments[0])]
            case "CURRENT":
                own = []
            case "UNIFORM" | "NORMAL":
                own = arguments
            case _:
                own = [places[argument] for argument in arguments]
        instructions[place, : 1 + len(own)] = [Op[operation], *own]
    return Code(
        instructions=instructions,
        constants=np.frombuffer(b"".join(constants), np.float64).copy(),
        new=_at(places, step.new),
        spike=NONE if step.spike is None else places[step.spike],
        spike_at_zero=step.spike_at_zero,
        after_spike=_at(places, step.after_spike),
    )


def _at(places: dict[int, int], nodes: Sequence[int]) -> NDArray[np.uint32]:
    return np.array([places[node] for node in nodes], np.uint32)
