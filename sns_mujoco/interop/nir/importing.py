"""`from_nir`: a network from a NIR graph, with the spikes of the simulators that wrote it."""

from collections.abc import Mapping
from math import prod
from os import PathLike
from typing import Any

import numpy as np

from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.interop.nir.folding import CONSTANT, Folded, Graph, fold
from sns_mujoco.interop.nir.loose_ends import with_ports
from sns_mujoco.interop.nir.neurons import RESETS, Reset, neuron_of
from sns_mujoco.interop.nir.nodes import SPIKING, Shape, read_nodes
from sns_mujoco.interop.nir.raw_graph import read_graph
from sns_mujoco.interop.nir.report import NirNote, plural, refuse, tell
from sns_mujoco.interop.nir.shapes import infer_shapes
from sns_mujoco.interop.nir.synapses import Wiring
from sns_mujoco.interop.nir.timing import Timing, timing_of
from sns_mujoco.network import Network
from sns_mujoco.network.checks import number, truth


def from_nir(
    graph: Any | str | PathLike[str],
    dt: float,
    *,
    reset: Reset | Mapping[str, Reset] = "value",
    jumps: bool = False,
    time_unit: float = 1000.0,
    name: str = "NIR",
    report: list[NirNote] | None = None,
) -> Network:
    """Take over a network from NIR, the exchange format of Norse, snnTorch, Nengo, SpikingJelly, Rockpool and others.

    Populations, inputs and outputs bear the names of their nodes ("subgraph.node" in subgraphs). Compiled with the same
    dt and forward Euler, it makes the spikes of those simulators, later by the number of layers in between: they
    compute all layers within a step, and here a spike acts in the next one. Paths of different length are brought
    together by delays, so that every layer sees what it sees there. One unit of potential becomes 1 mV, one of current
    1 nA.

    `Linear`, `Affine`, `Scale`, `Conv1d`, `Conv2d`, `SumPool2d`, `AvgPool2d` and `Flatten` are written out as synapses
    and weights of inputs, `Delay` as delays of spikes; an `LI` between neurons becomes a time constant of synapses. A
    bias of a layer that spikes reach comes from a neuron that spikes in every step, so that it begins in time. Input of
    a step is taken to last as long as the step, and spikes likewise, which makes the network one for this dt.

    Args:
        graph: A `nir.NIRGraph`, its dictionary, or the path of a file.
        dt: Neural step, ms.
        reset: "value": a spike sets V to v_reset, as NIR defines it. What some simulators do and NIR cannot say:
            "subtract" takes v_threshold - v_reset off V (Norse's reset_subtract); "subtract-late" does so in the step
            after, when V has leaked (snnTorch's reset_mechanism="subtract", its default); "value-late" also keeps V
            there in the step after (snnTorch's reset_mechanism="zero" of all but Leaky). One for all nodes, or a
            dictionary for some of them by name, and "value" for the others.
        jumps: Whether w_in x is added to the current of `CubaLI` and `CubaLIF`, and r x to the potential of `I` and
            `IF`, in each step as it is, instead of w_in x dt / tau_syn and r x dt. Norse's LIFCell and IAFCell compute
            that, and its to_nir does not say so.
        time_unit: ms in a unit of the graph's time; NIR has seconds. Norse 1.1's `to_nir` writes times that are 1000
            times too short unless it is called with dt=1: give 1e6.
        name: Name of the network.
        report: A list to which notes are appended (what was folded, how late outputs are, what differs), instead of a
            warning about differences.

    Returns:
        The network.

    Raises:
        UnknownNameError: reset names a node that does not spike.
        NetworkError: The file or graph is no valid one; or it has what cannot be run here, all of which is listed.
        TimeStepError: A time constant is too short for the step.

    Warns:
        NirWarning: Without a report, if something differs from how others run the graph.
    """
    raw = read_graph(graph)
    notes = [
        NirNote(kind="metadata", names=(node,), message=f"metadata of {node or 'the graph'!r} is not kept")
        for node in raw.metadata
    ]
    resets = _resets(reset, raw.kinds)
    nodes, edges = with_ports(read_nodes(raw), raw.edges, notes)
    shaped = Graph(
        nodes=nodes,
        edges=edges,
        shapes=infer_shapes(nodes, edges, notes),
        dt=number("from_nir", "dt", dt, above=0.0),
        time_unit=number("from_nir", "time_unit", time_unit, above=0.0),
        jumps=truth("from_nir", "jumps", jumps),
    )
    folded = fold(shaped)
    if folded.problems:
        raise refuse(
            "the NIR graph has what cannot be run here:", folded.problems, "change the graph; nothing has been left out"
        )
    net = _build(shaped, folded, resets, name, notes)
    tell(f"network {net.name!r} was read from NIR, and differs from it:", notes, report)
    return net


def _resets(reset: Reset | Mapping[str, Reset], kinds: Mapping[str, str]) -> dict[str, Reset]:
    """What a spike does in each node."""
    resetting = [name for name, kind in kinds.items() if kind in SPIKING and kind != "Threshold"]
    given: Mapping[str, Reset] = (
        reset if isinstance(reset, Mapping) else dict.fromkeys((*resetting, "all nodes"), reset)
    )
    for name, value in given.items():
        if isinstance(reset, Mapping) and name not in resetting:
            raise unknown_name("node with a reset", name, resetting, "the NIR graph")
        if value not in RESETS:
            raise NetworkError(f"from_nir: reset of {name!r} is {value!r}; give {', '.join(map(repr, RESETS))}")
    return dict(given)


def _build(graph: Graph, folded: Folded, resets: Mapping[str, Reset], name: str, notes: list[NirNote]) -> Network:
    for node in folded.folded:
        message = f"the leaky integrator {node!r} is a time constant of the synapses behind it"
        notes.append(NirNote(kind="folded", names=(node,), message=message))
    timing = _timing(graph, folded)
    wiring = Wiring(graph=graph, links=folded.links, timing=timing, notes=notes)
    net = Network(name)
    for sink in folded.links:
        kind = neuron_of(graph, sink, wiring.bias(sink), resets.get(sink, "value"))
        _note_start(graph, sink, timing.level[sink], notes)
        net.add_population(kind, _grid(graph.shapes[sink][0]), sink)
    wiring.connect(net)
    for output in (node for node, kind in graph.nodes.items() if kind.kind == "Output"):
        source = folded.reads.get(output, output)
        net.add_output(source, output, spiking=graph.nodes[source].kind in SPIKING)
        steps = timing.level[source]
        message = f"output {output!r} shows in step n + {steps} what other simulators show in step n"
        notes.append(NirNote(kind="latency", names=(output,), message=message, steps=steps))
    return net


def _note_start(graph: Graph, sink: str, level: int, notes: list[NirNote]) -> None:
    """Say so if neurons behind others spike without input, which they do from the first step on."""
    keys = {"LIF": ("v_leak", "v_threshold"), "CubaLIF": ("v_leak", "v_threshold")}.get(graph.nodes[sink].kind)
    if keys and level:
        early = graph.values(sink, keys[0]) > graph.values(sink, keys[1])
    else:
        early = graph.values(sink, "threshold") < 0 if level and graph.nodes[sink].kind == "Threshold" else np.False_
    if early.any():
        message = f"{sink!r} spikes without input, and begins {plural(level, 'step')} before its layer's turn"
        notes.append(NirNote(kind="start", names=(sink,), message=message))


def _timing(graph: Graph, folded: Folded) -> Timing:
    inputs = {name for name, node in graph.nodes.items() if node.kind == "Input"}
    pairs = [(source, sink) for sink, signal in folded.links.items() for source in signal]
    neural = [(source, sink) for source, sink in pairs if source not in inputs and source != CONSTANT]
    return timing_of(folded.links, neural, {sink for source, sink in pairs if source in inputs})


def _grid(shape: Shape) -> Shape:
    """Shape of a population: rows and columns at most."""
    return shape if len(shape) in (1, 2) else (prod(shape),)
