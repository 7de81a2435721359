"""Sparse maps between the nodes of a NIR graph as inputs, synapses and biases of a network."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.interop.nir.folding import CONSTANT, Graph, Signal
from sns_mujoco.interop.nir.report import NirNote, listed
from sns_mujoco.interop.nir.sparse_maps import SparseMap, require_size
from sns_mujoco.interop.nir.timing import Timing
from sns_mujoco.network import CurrentSynapse, LIFNeuron, Network, SparseConnection
from sns_mujoco.network.noise import OrnsteinUhlenbeckNoise
from sns_mujoco.network.synapses import Connection

DENSE = 0.5
"""Share of pairs with a synapse from which on a matrix is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What joins the neurons of a graph.

    Attributes:
        graph: The graph.
        links: What arrives at each neuron.
        timing: Levels of the neurons.
        notes: Where differences are noted.
    """

    graph: Graph
    links: Mapping[str, Signal]
    timing: Timing
    notes: list[NirNote]

    def bias(self, sink: str) -> NDArray[np.float64]:
        """Constant current of each neuron of a first layer, nA; what passes a filter comes otherwise."""
        bias = np.zeros(self._size(sink))
        constant = self.links[sink].get(CONSTANT)
        if constant is not None and self.timing.level[sink] == 0:
            at_once = constant.tau == 0
            np.add.at(bias, constant.row[at_once], constant.weight[at_once])
        return bias

    def connect(self, net: Network) -> None:
        """Add all inputs, synapses and filtered or late constants to a network that has the populations."""
        for name, node in self.graph.nodes.items():
            if node.kind == "Input":
                self._add_input(net, name)
        late = [sink for sink, signal in self.links.items() if CONSTANT in signal and self.timing.level[sink]]
        constant = _free("constant", net.population_names)
        if late:
            kind = LIFNeuron(self.graph.dt, 1.0, bias=2.0, name=constant)  # 2 mV after a step: a spike in each
            net.add_population(kind, 1, constant)
        for sink, signal in self.links.items():
            for source, arriving in signal.items():
                if source == CONSTANT:
                    if self.timing.level[sink]:
                        further = self.timing.level[sink] - 1
                        self._add_synapses(net, constant, sink, arriving, (self._size(sink), 1), further)
                    else:
                        self._add_filtered_constant(net, sink, arriving, self._size(sink))
                elif self.graph.nodes[source].kind != "Input":
                    further = self.timing.further_steps(source, sink)
                    self._note_late(source, sink, further)
                    shape = self._size(sink), self.graph.size(source)
                    self._add_synapses(net, source, sink, arriving, shape, max(further, 0))

    def _size(self, sink: str) -> int:
        return int(np.prod(self.graph.shapes[sink][0], dtype=int))

    def _add_input(self, net: Network, name: str) -> None:
        """An input for every population and time constant that it reaches."""
        parts = [
            (sink, tau, signal[name])
            for sink, signal in self.links.items()
            if name in signal
            for tau in np.unique(signal[name].tau).tolist()
        ]
        silent = [(sink, 0.0, signal[name]) for sink, signal in self.links.items() if name in signal]
        parts = parts or silent[:1]
        if not parts:
            message = f"input {name!r} reaches no neuron: it is left out"
            self.notes.append(NirNote(kind="unused", names=(name,), message=message))
        given = [name]
        for place, (sink, tau, arriving) in enumerate(parts):
            own = name if place == 0 else _free(f"{name} -> {sink}", (*net.input_names, *self.graph.nodes))
            given += [own] if place else []
            weights = _weights(arriving, tau, self._size(sink), self.graph.size(name), name)
            through = CurrentSynapse(1.0, tau) if tau else None
            net.add_input(sink, self.graph.size(name), own, weights=weights, through=through)
            if self.timing.level[sink]:
                message = (
                    f"input {own!r} reaches {sink!r} {self.timing.level[sink]} steps before what comes to it "
                    "through other neurons; give its values that much later to have them together"
                )
                self.notes.append(NirNote(kind="timing", names=(own, sink), message=message))
        if len(given) > 1:
            message = f"input {name!r} reaches several places: give its values to {listed(given)} alike"
            self.notes.append(NirNote(kind="input", names=tuple(given), message=message))

    def _note_late(self, source: str, sink: str, further: int) -> None:
        if further < 0:
            message = (
                f"spikes of {source!r} that go back to {sink!r} arrive {1 - further} steps later, as they pass "
                f"{1 - further} layers; in simulators that compute all layers at once, 1 step later"
            )
            self.notes.append(NirNote(kind="timing", names=(source, sink), message=message))

    def _add_synapses(
        self, net: Network, source: str, sink: str, arriving: SparseMap, shape: tuple[int, int], further: int
    ) -> None:
        steps = arriving.delay / self.graph.dt
        if np.any(np.abs(steps - np.round(steps)) > 1e-6):
            message = f"delays from {source!r} to {sink!r} are no whole number of steps, and are rounded to some"
            self.notes.append(NirNote(kind="rounded", names=(source, sink), message=message))
        delay = (np.round(steps) + further) * self.graph.dt
        net.add_connection(_connection(arriving, shape, delay), source, sink)

    def _add_filtered_constant(self, net: Network, sink: str, arriving: SparseMap, size: int) -> None:
        """A constant that a filter lets through little by little: noise without noise, which goes to its mean."""
        for tau in np.unique(arriving.tau[arriving.tau > 0]).tolist():
            gain = self.graph.dt / tau  # a step adds this share of what is lacking
            start = arriving.take(arriving.tau == tau).dense(size, 1)[:, 0]
            mean, course = start / gain, -self.graph.dt / np.log1p(-gain)
            net.add_noise(sink, OrnsteinUhlenbeckNoise(0.0, course, mean, start), f"bias of {sink} through {tau:g} ms")


def _weights(arriving: SparseMap, tau: float, n_out: int, n_in: int, name: str) -> NDArray[np.float64] | None:
    """What each element of an input brings, or None where each brings itself."""
    own = arriving.take(arriving.tau == tau)
    if tau == 0 and n_out == n_in == len(own.row) and own.passes_on:
        return None
    require_size(f"input {name!r}, of which every element is joined with every neuron,", float(n_out) * n_in)
    return own.dense(n_out, n_in)


def _connection(arriving: SparseMap, shape: tuple[int, int], delay: NDArray[np.float64]) -> Connection:
    """A matrix where most pairs are joined and have one course, else a list."""
    same = all(len(set(values.tolist())) <= 1 for values in (delay, arriving.tau))
    pairs = len(np.unique(arriving.row * shape[1] + arriving.col))
    if same and pairs == len(arriving.row) and len(arriving.row) >= DENSE * shape[0] * shape[1]:
        return CurrentSynapse(arriving.dense(*shape), float(arriving.tau[0]), delay=float(delay[0]))
    differing = {"weight": arriving.weight, "time_constant": arriving.tau, "delay": delay}
    return SparseConnection(CurrentSynapse(1.0, 0.0), arriving.col, arriving.row, differing)


def _free(name: str, taken: tuple[str, ...]) -> str:
    while name in taken:
        name += "_"
    return name
