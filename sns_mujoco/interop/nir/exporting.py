"""`to_nir`: the part of a network that NIR can say, with a list of what it cannot."""

from os import PathLike
from typing import TYPE_CHECKING

from sns_mujoco.errors import MissingDependencyError, NetworkError
from sns_mujoco.files import check_output_path, written_whole
from sns_mujoco.interop.nir.outgoing_graph import GraphWriter
from sns_mujoco.interop.nir.outgoing_links import Outgoing, outgoing
from sns_mujoco.interop.nir.report import NirNote, refuse, tell
from sns_mujoco.interop.nir.timing import Timing, timing_of
from sns_mujoco.network import Network
from sns_mujoco.network.checks import number, truth
from sns_mujoco.network.parts import Output

if TYPE_CHECKING:
    import nir

SUFFIXES = (".nir", ".h5", ".hdf5")


def to_nir(
    network: Network,
    dt: float,
    path: str | PathLike[str] | None = None,
    *,
    subset: bool = False,
    report: list[NirNote] | None = None,
) -> "nir.NIRGraph":
    """Hand a network over to the simulators and chips that read NIR.

    NIR can say: `NonSpikingNeuron` (LI, I), `SpikingNeuron` with a threshold that stands still (LIF, IF, Threshold),
    inputs, `CurrentSynapse`s between them one by one or by matrices (Linear, Affine; with a time constant CubaLI,
    CubaLIF, or LI in between; with a delay Delay), biases, and outputs of spikes or of potentials of neurons that do
    not spike. It cannot say conductances with a reversal potential, graded and electrical synapses, ion channels,
    refractory periods, resets by subtraction, thresholds that move, short-term plasticity, learning, noise, or neurons
    with equations of their own.

    Read by `from_nir` with the same dt, the graph makes the same spikes. Times are in seconds; r = 1 / G, tau = C / G.
    A spike lasts a step, so the weights of synapses with a time constant are scaled by time_constant / dt. Other
    simulators compute all layers within a step: latencies of one step per layer are theirs, longer ones become
    `Delay`s.

    Args:
        network: The network.
        dt: Neural step for which it is meant, ms.
        path: A file to write it to (.nir, .h5, .hdf5), which is replaced if it exists.
        subset: Whether to leave out what NIR cannot say, instead of refusing.
        report: A list to which notes are appended, with all that was left out, instead of a warning.

    Returns:
        The graph.

    Raises:
        NetworkError: NIR cannot say all of it; everything that it cannot is listed. Or nothing is left.
        OutputPathError: The file cannot be written.
        MissingDependencyError: The package `nir` is not installed.

    Warns:
        NirWarning: Without a report, if something was left out or differs.
    """
    try:
        import nir
    except ImportError as error:
        message = "networks are written to NIR with the package nir; pip install 'sns-mujoco[nir]'"
        raise MissingDependencyError(message) from error
    if not isinstance(network, Network):
        raise NetworkError(f"{network!r} is no network; give a Network")
    place = None if path is None else check_output_path(path, SUFFIXES)
    step = number("to_nir", "dt", dt, above=0.0)
    sayable = outgoing(network, step)
    outputs = _readable(network, sayable)
    if sayable.missing and not truth("to_nir", "subset", subset):
        raise refuse(
            f"NIR cannot say all of network {network.name!r}:",
            [what for _, what in sayable.missing],
            "give subset=True to write the rest without it",
        )
    if not sayable.membranes:
        raise NetworkError(f"network {network.name!r} has no neurons that NIR can say; nothing is written")
    notes = [
        NirNote(kind="missing", names=(name,), message=f"{what}; this is left out") for name, what in sayable.missing
    ]
    writer = GraphWriter(nir=nir, net=network, dt=step, parts=sayable, timing=_timing(sayable), notes=notes)
    graph = writer.write(outputs)
    if place is not None:
        with written_whole(place) as partial:
            nir.write(partial, graph)
    tell(f"network {network.name!r} was written to NIR, which differs:", notes, report)
    return graph


def _readable(net: Network, parts: Outgoing) -> list[Output]:
    """The outputs that NIR can say."""
    readable = []
    for output in net.outputs:
        membrane = parts.membranes.get(output.source) if output.kind in ("spike", "voltage") else None
        if membrane is not None and membrane.spikes == (output.kind == "spike"):
            readable.append(output)
        else:
            what = f"output {output.name!r} shows a {output.kind}: spikes, and potentials of neurons without, can be"
            parts.lose(output.name, what)
    return readable


def _timing(parts: Outgoing) -> Timing:
    """Levels of the populations, as `from_nir` will see them."""
    pairs = [(source, sink) for sink, links in parts.links.items() for source in links]
    neural = [(str(source[1]), str(sink)) for source, sink in pairs if source[0] == "population"]
    driven = {str(sink) for source, sink in pairs if source[0] == "input"}
    return timing_of(map(str, parts.links), neural, driven)
