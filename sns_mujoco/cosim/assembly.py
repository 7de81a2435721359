"""A program with the inputs of afferents, packed: what `attach` stores in a model, and what parameters are found in."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.backends.families import NONE
from sns_mujoco.backends.native.apart import Marked, Spots
from sns_mujoco.backends.native.pack import Packed, pack
from sns_mujoco.backends.program import Floats, Program
from sns_mujoco.backends.room import Room
from sns_mujoco.backends.state import StateLayout
from sns_mujoco.cosim.references import belongs
from sns_mujoco.errors import unknown_name

STRENGTHS = ("max_conductance", "weight", "conductance")
OWN_RECEPTORS = "receptors"  # among the quantities that stand apart: every connection has its own
DELAYS = frozenset({"transmission_delay", "transmission_delay_ms"})
Edge = tuple[int, int, float]  # neuron, receptor, weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """A program with afferents, packed.

    Attributes:
        program: As compiled.
        edges: Neuron, receptor and weight of every edge of each afferent.
        wired: The program with one input element more for every afferent, and for every electrode, with marks where
            numbers stand apart.
        layout: Of its state.
        packed: Its structure; of its parameters only the places count.
        numbers: Its parameters, and behind them the initial state.
        spots: Where in these the numbers of arrays stand that stand apart.
    """

    program: Program
    edges: list[list[Edge]]
    wired: Program
    layout: StateLayout
    packed: Packed
    numbers: Floats
    spots: dict[str, Spots]


def room_of(apart: Collection[str], greatest_delay: float, dt: float) -> Room:
    """What a program has room for.

    Args:
        apart: Quantities whose numbers stand apart, and `OWN_RECEPTORS`.
        greatest_delay: Greatest delay, ms, where delays are among them.
        dt: Neural step, ms.
    """
    delays = not DELAYS.isdisjoint(apart)
    return Room(
        zeros_of=frozenset(STRENGTHS).intersection(apart),
        own_receptors=OWN_RECEPTORS in apart,
        delay=int(greatest_delay / dt + 0.5) if delays else 0,
    )


def assemble(
    program: Program, network: str, afferents: Sequence[Afferent], apart: Iterable[str], *, electrodes: bool = False
) -> Assembled:
    """Pack a program with its afferents.

    Args:
        program: As compiled.
        network: Name of the network, for messages.
        afferents: They feed inputs, neurons or populations.
        apart: Arrays whose numbers stand apart, as in `backends.entries`.
        electrodes: Whether every neuron has one, an input behind those of afferents.

    Raises:
        UnknownNameError: An afferent feeds what does not exist.
    """
    marked = Marked(program, apart)
    edges = [_edges(afferent, marked.program, network) for afferent in afferents]
    names = [f"{afferent.label} -> {afferent.to}" for afferent in afferents]
    impaled: list[list[Edge]] = [[(i, NONE, 1.0)] for i in range(program.n_neurons)] if electrodes else []
    names += [f"electrode in {program.neuron_names[i]}" for i in range(len(impaled))]
    wired = _with_inputs(marked.program, names, edges + impaled)
    layout = StateLayout.of(wired)
    packed = pack(wired)
    numbers, spots = marked.unmarked(packed, layout.initial(wired)[: layout.initial_size])
    return Assembled(
        program=program, edges=edges, wired=wired, layout=layout, packed=packed, numbers=numbers, spots=spots
    )


def _edges(afferent: Afferent, program: Program, network: str) -> list[Edge]:
    """Every edge of an afferent: those of an input, or to a population or a neuron."""
    to = afferent.to
    elements = [i for i, name in enumerate(program.input_names) if belongs(name, to)]
    if elements:
        own = np.flatnonzero(np.isin(program.input_element, elements))
        edges = (program.input_neuron[own], program.input_receptor[own], program.input_weight[own])
        return list(zip(*(edge.tolist() for edge in edges), strict=True))
    neurons = [i for i, name in enumerate(program.neuron_names) if belongs(name, to)]
    if not neurons:
        known = dict.fromkeys(name.split("[")[0] for name in (*program.input_names, *program.neuron_names))
        raise unknown_name("input or neuron", to, known, f"network {network!r}, for {afferent.label}")
    return [(neuron, NONE, 1.0) for neuron in neurons]


def _with_inputs(program: Program, names: Sequence[str], edges: list[list[Edge]]) -> Program:
    """The program with more input elements, with the edges of each."""
    elements = [program.n_inputs + k for k, own in enumerate(edges) for _ in own]
    every = [edge for own in edges for edge in own]
    return replace(
        program,
        input_names=(*program.input_names, *names),
        input_element=np.append(program.input_element, elements).astype(np.uint32),
        input_neuron=np.append(program.input_neuron, [edge[0] for edge in every]).astype(np.uint32),
        input_receptor=np.append(program.input_receptor, [edge[1] for edge in every]).astype(np.uint32),
        input_weight=np.append(program.input_weight, [edge[2] for edge in every]),
    )
