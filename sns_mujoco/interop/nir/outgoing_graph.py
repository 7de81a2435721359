"""Populations and the maps between them as nodes and edges of NIR."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.interop.nir.outgoing_links import BIAS, TONIC, Outgoing, Source
from sns_mujoco.interop.nir.outgoing_neurons import MS_PER_S, node_of
from sns_mujoco.interop.nir.report import NirNote, plural
from sns_mujoco.interop.nir.sparse_maps import SparseMap, require_size, summed
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
    edges: dict[tuple[str, str], None] = field(default_factory=dict)
    names: dict[Source, str] = field(default_factory=dict)

    def write(self, outputs: list[Output]) -> Any:
        """The graph with these outputs."""
        ends = {index: [output.name for output in outputs if output.source == index] for index in self.parts.membranes}
        shown = {index for index, names in ends.items() if names and self._only_shows(index)}
        taus = {index: self._synaptic(index) for index in self.parts.membranes}
        for index, port in enumerate(self.net.inputs):
            if any(("input", index) in links for links in self.parts.links.values()):
                self.names["input", index] = self._add(port.name, self.nir.Input(input_type=np.array([port.size])))
        for index, membrane in self.parts.membranes.items():
            if index not in shown:
                node = node_of(self.nir, membrane, taus[index], self.dt)
                self.names["population", index] = self._add(self.net.populations[index].name, node)
        for index, names in ends.items():
            added = [self._add(name, self.nir.Output(output_type=np.array([self._size(index)]))) for name in names]
            if index not in shown:
                self._connect(self.names["population", index], added)
            self._arrive(index, added if index in shown else [self.names["population", index]], taus[index])
        return self.nir.NIRGraph(nodes=self.nodes, edges=list(self.edges), type_check=False)

    def _only_shows(self, index: int) -> bool:
        """Whether a population is there to show its currents, which an output of NIR can do itself."""
        membrane, links = self.parts.membranes[index], self.parts.links[index]
        if membrane.spikes or not membrane.shows_its_input(self.dt):
            return False
        sources = {source for others in self.parts.links.values() for source in others}
        at_once = not any(arriving.tau.any() for arriving in links.values())
        return at_once and ("population", index) not in sources and bool(set(links) - {BIAS, TONIC})

    def _synaptic(self, index: int) -> NDArray[np.float64] | None:
        """The one time constant of the synapses of each neuron, ms; None if they have none, or several."""
        links = self.parts.links[index].values()
        row = np.concatenate([np.empty(0, np.int64), *(arriving.row for arriving in links)])
        tau = np.concatenate([np.empty(0), *(arriving.tau for arriving in links)])
        if not len(tau) or (tau == 0).any() or self.parts.membranes[index].integrates:
            return None
        each = np.full(self._size(index), tau[0])
        each[row] = tau
        return each if (each[row] == tau).all() else None

    def _arrive(self, index: int, places: list[str], synaptic: NDArray[np.float64] | None) -> None:
        """Write all that arrives at a population, whose currents go to some places.

        A spike adds its weight to a filtered current here, and dt / tau of it in NIR.
        """
        links = dict(self.parts.links[index])
        self._note_start(index, links)
        constants = [links.pop(source) for source in (BIAS, TONIC) if source in links]
        constant = summed([_at_once(arriving) for arriving in constants]) if constants else None
        if synaptic is not None:
            self._join(index, links, constant, synaptic / self.dt, places)
            return
        every = [arriving.tau for arriving in (*links.values(), *constants)]
        for tau in np.unique(np.concatenate([np.empty(0), *every])).tolist() or [0.0]:
            own = {source: _with_tau(arriving, tau) for source, arriving in links.items()}
            steady = None if constant is None else _with_tau(constant, tau)
            size, ends = self._size(index), places
            if tau:
                filter_ = self.nir.LI(tau=np.full(size, tau / MS_PER_S), r=np.ones(size), v_leak=np.zeros(size))
                ends = [self._add(f"{self.net.populations[index].name} {tau:g} ms", filter_)]
                self._connect(ends[0], places)
            self._join(index, own, steady, np.full(size, tau / self.dt if tau else 1.0), ends)

    def _join(
        self,
        index: int,
        links: dict[Source, SparseMap],
        constant: SparseMap | None,
        gain: NDArray[np.float64],
        places: list[str],
    ) -> None:
        """Write maps from several sources to the same places, and a constant with the first of them."""
        bias = None
        if constant is not None and len(constant.row):
            bias = gain * constant.dense(self._size(index), 1)[:, 0]
        elif not any(len(arriving.row) for arriving in self.parts.links[index].values()):
            bias = np.zeros(self._size(index))  # where nothing comes in, readers of NIR suppose an input
        for source, arriving in links.items():
            for steps, part in self._by_delay(index, source, arriving.scaled(gain)):
                self._write_map(index, source, part, steps, bias, places)
                bias = None
        if bias is not None:  # an Affine without weights, as something has to come in
            source = next(iter(links), None) or next(iter(self.names))
            nothing = SparseMap.constant(np.empty(0))
            self._write_map(index, source, nothing, np.zeros(self._width(source), int), bias, places)

    def _by_delay(
        self, index: int, source: Source, arriving: SparseMap
    ) -> Iterable[tuple[NDArray[np.int64], SparseMap]]:
        """Parts of a map, with further delays of each source element in steps.

        Latencies that simulators of NIR have anyway are no delays.
        """
        steps = np.round(arriving.delay / self.dt).astype(np.int64)
        level = self.timing.level[str(index)]
        ahead = level if source[0] == "input" else 0
        if source[0] == "population":
            steps = steps - self.timing.further_steps(str(source[1]), str(index))
            ahead = int(-steps.min(initial=0))
        if ahead:
            start, owner = self.names[source], self.net.populations[index].name
            message = (
                f"what comes from {start!r} reaches {owner!r} here {plural(ahead, 'step')} earlier than where all "
                "layers are computed within a step"
            )
            self.notes.append(NirNote(kind="timing", names=(start, owner), message=message))
        steps = np.maximum(steps, 0)
        each = np.zeros(self._width(source), np.int64)
        each[arriving.col] = steps
        if (each[arriving.col] == steps).all():
            if len(arriving.row) or self._is_silent(source):
                yield each, arriving
            return
        for count in np.unique(steps).tolist():
            yield np.full_like(each, count), arriving.take(steps == count)

    def _write_map(
        self,
        index: int,
        source: Source,
        part: SparseMap,
        steps: NDArray[np.int64],
        bias: NDArray[np.float64] | None,
        places: list[str],
    ) -> None:
        """Write one map: a delay where there is one, then a matrix, unless everything is passed on as it is."""
        start, owner = self.names[source], self.net.populations[index].name
        n_out, n_in = self._size(index), self._width(source)
        if steps.any():
            name = self._add(f"{start} delayed", self.nir.Delay(delay=steps * self.dt / MS_PER_S))
            self._connect(start, [name])
            start = name
        passes = bias is None and n_out == n_in == len(part.row) and part.passes_on
        if passes and not any((start, place) in self.edges for place in places):
            self._connect(start, places)
            return
        require_size(f"the matrix from {start!r} to {owner!r}", float(n_out) * n_in)
        weight = part.dense(n_out, n_in)
        node = self.nir.Linear(weight=weight) if bias is None else self.nir.Affine(weight=weight, bias=bias)
        name = self._add(f"{start}->{owner}", node)
        self._connect(start, [name])
        self._connect(name, places)

    def _note_start(self, index: int, links: dict[Source, SparseMap]) -> None:
        """Say so if constants begin at another time than where all layers are computed within a step."""
        begin = {0.0} if BIAS in links else set()
        if TONIC in links:
            begin |= set((np.round(links[TONIC].delay / self.dt) + 1).tolist())
        level = self.timing.level[str(index)]
        if begin - {level}:
            name = self.net.populations[index].name
            message = (
                f"the bias of {name!r} begins in step {min(begin):g}; where all layers are computed within a step it "
                f"begins with what other layers send, which would be step {level} here"
            )
            self.notes.append(NirNote(kind="start", names=(name,), message=message))

    def _is_silent(self, source: Source) -> bool:
        """Whether it is an input that brings nothing, which must not be lost."""
        maps = [links[source] for links in self.parts.links.values() if source in links]
        return source[0] == "input" and not any(len(arriving.row) for arriving in maps)

    def _size(self, index: int) -> int:
        return self.net.populations[index].size

    def _width(self, source: Source) -> int:
        return self.net.inputs[source[1]].size if source[0] == "input" else self._size(source[1])

    def _connect(self, start: str, ends: list[str]) -> None:
        self.edges |= {(start, end): None for end in ends}

    def _add(self, name: str, node: Any) -> str:
        """Add a node under a name that is free, and that a file can hold."""
        name = name.replace("/", "_")
        while name in self.nodes:
            name += "_"
        self.nodes[name] = node
        return name


def _with_tau(arriving: SparseMap, tau: float) -> SparseMap:
    """The entries of a map that have a time constant."""
    return arriving.take(arriving.tau == tau)


def _at_once(constant: SparseMap) -> SparseMap:
    """A constant without delay."""
    return SparseMap.of(constant.row, constant.col, constant.weight, tau=constant.tau)
