"""Populations and the maps between them as nodes and edges of NIR."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.interop.nir.folding import CONSTANT
from sns_mujoco.interop.nir.outgoing_links import Outgoing, Source
from sns_mujoco.interop.nir.outgoing_neurons import MS_PER_S, node_of
from sns_mujoco.interop.nir.report import NirNote
from sns_mujoco.interop.nir.sparse_maps import SparseMap, require_size
from sns_mujoco.interop.nir.timing import Timing
from sns_mujoco.network import Network
from sns_mujoco.network.parts import Output


@dataclass(slots=True, kw_only=True)
class GraphWriter:
    """Writes one graph.

    Attributes:
        nir: The package.
        net: The network.
        dt: ms.
        parts: What of it NIR can say.
        timing: Levels of the populations, by their indices as text.
        notes: Where differences are noted.
    """

    nir: Any
    net: Network
    dt: float
    parts: Outgoing
    timing: Timing
    notes: list[NirNote]
    nodes: dict[str, Any] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)
    names: dict[Source, str] = field(default_factory=dict)

    def write(self, outputs: list[Output]) -> Any:
        """The graph with these outputs."""
        ends = {index: [output.name for output in outputs if output.source == index] for index in self.parts.membranes}
        shown = {index for index, names in ends.items() if names and self._only_shows(index)}
        for index, port in enumerate(self.net.inputs):
            if any(("input", index) in links for links in self.parts.links.values()):
                self.names["input", index] = self._add(port.name, self.nir.Input(input_type=np.array([port.size])))
        taus = {index: self._synaptic(index) for index in self.parts.membranes}
        for index, membrane in self.parts.membranes.items():
            if index not in shown:
                node = node_of(self.nir, membrane, taus[index], self.dt)
                self.names["population", index] = self._add(self.net.populations[index].name, node)
        places: dict[int, list[str]] = {}
        for index, names in ends.items():
            size = np.array([self.net.populations[index].size])
            added = [self._add(name, self.nir.Output(output_type=size)) for name in names]
            places[index] = added if index in shown else [self.names["population", index]]
            if index not in shown:
                self.edges += [(self.names["population", index], name) for name in added]
        for index, sinks in places.items():
            self._arrive(index, sinks, taus[index])
        return self.nir.NIRGraph(nodes=self.nodes, edges=self.edges, type_check=False)

    def _only_shows(self, index: int) -> bool:
        """Whether a population is there to show its currents, and an output of NIR can do so itself."""
        links = self.parts.links[index]
        sources = {source for others in self.parts.links.values() for source in others}
        plain = not any(arriving.tau.any() for arriving in links.values())
        membrane = self.parts.membranes[index]
        return plain and not membrane.spikes and membrane.shows_its_input(self.dt) and any(
            source[0] != CONSTANT for source in links
        ) and ("population", index) not in sources  # fmt: skip

    def _synaptic(self, index: int) -> NDArray[np.float64] | None:
        """The one time constant of the synapses of each neuron, ms; None if they have none, or several."""
        links = self.parts.links[index].values()
        row, tau = (np.concatenate([np.empty(0), *(getattr(a, name) for a in links)]) for name in ("row", "tau"))
        if not len(tau) or (tau == 0).any() or self.parts.membranes[index].integrates:
            return None
        each = np.full(self.net.populations[index].size, tau[0])
        each[row.astype(int)] = tau
        return each if (each[row.astype(int)] == tau).all() else None

    def _arrive(self, index: int, sinks: list[str], synaptic: NDArray[np.float64] | None) -> None:
        """Write all that arrives at a population, whose currents go to some places."""
        links = dict(self.parts.links[index])
        constant = links.pop((CONSTANT, 0), None)
        owner = self.net.populations[index].name
        if constant is not None:
            self._note_start(index, constant)
        every = [arriving.tau for arriving in (*links.values(), *([] if constant is None else [constant]))]
        for tau in [0.0] if synaptic is not None else np.unique(np.concatenate([np.empty(0), *every])).tolist():
            places = sinks
            if tau:
                size = self.net.populations[index].size
                filter_ = self.nir.LI(tau=np.full(size, tau / MS_PER_S), r=np.ones(size), v_leak=np.zeros(size))
                places = [self._add(f"{owner} {tau:g} ms", filter_)]
                self.edges += [(places[0], sink) for sink in sinks]
            gain = synaptic / self.dt if synaptic is not None else np.full(self._size(index), tau / self.dt or 1.0)
            chosen = {
                source: arriving.scaled(gain) if synaptic is not None else _with_tau(arriving, tau).scaled(gain)
                for source, arriving in links.items()
            }
            steady = None if constant is None else constant if synaptic is not None else _with_tau(constant, tau)
            self._join(index, chosen, None if steady is None else steady.scaled(gain), places)

    def _join(self, index: int, links: dict[Source, SparseMap], constant: SparseMap | None, places: list[str]) -> None:
        """Write maps from several sources to the same places, and a constant with one of them."""
        bias = None if constant is None or not len(constant.row) else constant.dense(self._size(index), 1)[:, 0]
        for source, arriving in links.items():
            if not len(arriving.row):
                continue
            for steps, part in self._by_delay(index, source, arriving):
                bias = self._write_map(index, source, part, steps, bias, places)
        if bias is None:
            return
        carrier = next(iter(links or self.names), None)  # an Affine needs something that comes in
        empty = SparseMap.constant(np.empty(0))
        if carrier is not None:
            self._write_map(index, carrier, empty, 0, bias, places)

    def _size(self, index: int) -> int:
        return self.net.populations[index].size

    def _width(self, source: Source) -> int:
        return self.net.inputs[source[1]].size if source[0] == "input" else self._size(source[1])

    def _by_delay(self, index: int, source: Source, arriving: SparseMap) -> Iterable[tuple[int, SparseMap]]:
        """Parts of a map with their delays in steps, besides the latency that simulators of NIR have anyway."""
        steps = np.round(arriving.delay / self.dt).astype(int)
        if source[0] == "input":
            early = self.timing.level[str(index)]
            if early:
                self._note_timing(source, index, f"{early} steps earlier")
        else:
            further = self.timing.further_steps(str(source[1]), str(index))
            steps = steps - further
            if (steps < 0).any():
                self._note_timing(source, index, f"{-steps.min()} steps earlier")
            steps = np.maximum(steps, 0)
        for count in np.unique(steps).tolist():
            own = steps == count
            yield count, SparseMap.of(arriving.row[own], arriving.col[own], arriving.weight[own])

    def _write_map(
        self, index: int, source: Source, part: SparseMap, steps: int, bias: NDArray | None, places: list[str]
    ) -> NDArray | None:
        """Write one map; gives the bias if it was not written with it."""
        start, owner = self.names[source], self.net.populations[index].name
        n_out, n_in = self._size(index), self._width(source)
        if steps:
            delay = np.full(n_in, steps * self.dt / MS_PER_S)
            name = self._add(f"{start} {steps * self.dt:g} ms", self.nir.Delay(delay=delay))
            self.edges.append((start, name))
            start = name
        passes = bias is None and n_out == n_in == len(part.row) and part.is_identity
        if passes and not any((start, place) in self.edges for place in places):
            self.edges += [(start, place) for place in places]
            return None
        require_size(f"the matrix from {start!r} to {owner!r}", float(n_out) * n_in)
        weight = part.dense(n_out, n_in)
        node = self.nir.Linear(weight=weight) if bias is None else self.nir.Affine(weight=weight, bias=bias)
        name = self._add(f"{start}->{owner}", node)
        self.edges += [(start, name), *((name, place) for place in places)]
        return None

    def _note_timing(self, source: Source, index: int, how: str) -> None:
        start, owner = self.names[source], self.net.populations[index].name
        message = (
            f"what comes from {start!r} reaches {owner!r} here {how} than in simulators that compute all layers at once"
        )
        self.notes.append(NirNote(kind="timing", names=(start, owner), message=message))

    def _note_start(self, index: int, constant: SparseMap) -> None:
        level = self.timing.level[str(index)]
        begins = np.round(constant.delay / self.dt) + 1
        begins = begins[constant.delay >= 0]
        if (begins != level).any() and level:
            name = self.net.populations[index].name
            message = f"the bias of {name!r} begins {level} steps later, together with what other layers send to it"
            self.notes.append(NirNote(kind="start", names=(name,), message=message))

    def _add(self, name: str, node: Any) -> str:
        """Add a node under a name that is free, and that a file can hold."""
        name = name.replace("/", "_")
        while name in self.nodes:
            name += "_"
        self.nodes[name] = node
        return name


def _with_tau(arriving: SparseMap, tau: float) -> SparseMap:
    """The entries of a map that have a time constant."""
    own = arriving.tau == tau
    return SparseMap.of(arriving.row[own], arriving.col[own], arriving.weight[own], delay=arriving.delay[own], tau=tau)
