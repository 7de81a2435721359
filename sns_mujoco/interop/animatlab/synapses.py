"""Synapses of AnimatLab's integrate-and-fire module.

A chemical synapse has a conductance in those of its target's membrane, and a current that AnimatLab writes from rest,
g (E - V_rest), with g in the total conductance of its exponential step: the same as g (E - V).
"""

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.membranes import Module
from sns_mujoco.interop.animatlab.parts import Part, Parts
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.settings import LONGEST_DELAY
from sns_mujoco.interop.animatlab.xml import Item
from sns_mujoco.network import ConductanceSynapse, ElectricalSynapse, Network, NonSpikingSynapse

STEEP = 1e-6  # mV: the ramp of a synapse that AnimatLab opens at once
KINDS = {"spikingchemical": 0, "nonspikingchemical": 1, "electrical": 2}


def read_types(module: Item) -> dict[str, tuple[int, Item]]:
    """Kinds of synapses by ID, with the number that connexions have for them.

    Raises:
        AnimatLabError: A kind is unknown to AnimatLab.
    """
    found = {}
    synapses = module.child("Synapses")
    for group in synapses.children() if synapses is not None else ():
        for item in group.children():
            kind = item.text("Type").lower()
            if kind not in KINDS:
                raise AnimatLabError(f"{item.where}: synapse type {item.text('Type')!r} is unknown to AnimatLab")
            found[item.id] = KINDS[kind], item
    return found


def add_connexions(network: Network, module: Item, shared: Module, parts: Parts, report: Report) -> None:
    """Add the synapses of a module.

    Raises:
        AnimatLabError: A neuron or kind of synapse does not exist, or a number makes no sense.
    """
    types = read_types(module)
    for item in module.children("Connexions"):
        source = parts.find(item.text("SourceID"), item, "source")
        target = parts.find(item.text("TargetID"), item, "target")
        item.where = f"Connexion from {source.name!r} to {target.name!r}"
        name = f"{source.name} to {target.name}"
        if "missing" in (source.kind, target.kind):
            report.add("unsupported", "Connexion", name, "one of its neurons is left out", item.id)
            continue
        if "neuron" != source.kind or "neuron" != target.kind:
            raise AnimatLabError(f"{item.where} does not connect two neurons")
        key = item.text("SynapseTypeID").lower()
        if key not in types:
            raise AnimatLabError(f"{item.where}: its synapse type {key[:60]!r} is not among those of the module")
        kind, shape = types[key]
        if item.whole("Type", kind) != kind:
            raise AnimatLabError(f"{item.where}: its <Type> {item.text('Type')} is not that of synapse {shape.name!r}")
        if kind < 2 and not shared.chemical:
            report.add("note", "Connexion", name, "cadmium blocks it in the file", item.id)
        elif kind == 0:
            _spiking(network, item, shape, source, target, report)
        elif kind == 1:
            _graded(network, shape, source, target)
        else:
            _electrical(network, item, shape, source, target, report)


def _spiking(network: Network, item: Item, shape: Item, source: Part, target: Part, report: Report) -> None:
    name = f"{source.name} to {target.name}"
    if not source.data["spikes"]:
        report.add("note", "Connexion", name, "its source never spikes: the synapse does nothing, and is left out")
        return
    if shape.number("SynAmp", 1.0) == 0:
        report.add("note", "Connexion", name, "AnimatLab ignores kinds with <SynAmp> 0: it is left out")
        return
    if shape.number("RelFacil", 1.0) != 1:
        report.add("approximated", "Connexion", name, "its facilitation is left out", item.id)
    if shape.flag("VoltDep", False):
        report.add("approximated", "Connexion", name, "its conductance does not depend on the potential here", item.id)
    if shape.flag("Hebbian", False):
        report.add("approximated", "Connexion", name, "it does not learn here", item.id)
    synapse = ConductanceSynapse(
        item.number("G", least=0.0) * target.data["size"],
        reversal_potential=shape.number("Equil"),
        time_constant=shape.number("Decay", above=0.0),
        delay=item.number("Delay", 0.0, least=0.0, most=LONGEST_DELAY),
        name=shape.name or "Conductance Synapse",
    )
    network.add_connection(synapse, source.name, target.name)


def _graded(network: Network, shape: Item, source: Part, target: Part) -> None:
    low, high = shape.number("ThreshV"), shape.number("SaturateV")
    synapse = NonSpikingSynapse(
        max_conductance=shape.number("SynAmp", least=0.0) * target.data["size"],
        reversal_potential=shape.number("Equil"),
        e_lo=low,
        e_hi=high if high > low else low + STEEP,
        name=shape.name or "Non-Spiking Connection",
    )
    network.add_connection(synapse, source.name, target.name)


def _electrical(network: Network, item: Item, shape: Item, source: Part, target: Part, report: Report) -> None:
    low, high = shape.number("LowCoup", least=0.0), shape.number("HiCoup", least=0.0)
    name = f"{source.name} to {target.name}"
    if item.number("Delay", 0.0, least=0.0):
        report.add("approximated", "Connexion", name, "it has no delay here", item.id)
    network.add_connection(ElectricalSynapse(low), source.name, target.name)
    if high > low:
        why = f"the coupling of {high:g} uS holds while the source is above the target, without a ramp"
        report.add("approximated", "Connexion", name, why, item.id)
        network.add_connection(ElectricalSynapse(high - low, rect=True), source.name, target.name)
    elif high < low:
        report.add("approximated", "Connexion", name, f"its coupling stays at {low:g} uS", item.id)
