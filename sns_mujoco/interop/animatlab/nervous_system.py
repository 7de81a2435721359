"""The nervous systems of all organisms, as one network."""

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.membranes import read_membrane, read_module
from sns_mujoco.interop.animatlab.parts import Part, Parts
from sns_mujoco.interop.animatlab.rates import rate_ramps, read_rate_neuron
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.settings import Names
from sns_mujoco.interop.animatlab.synapses import add_connexions
from sns_mujoco.interop.animatlab.xml import Item
from sns_mujoco.network import Network

FIRE, RATE, PHYSICS = "integratefiresimmodule", "firingratesimmodule", "physicsneuralmodule"


def modules_of(environment: Item) -> list[Item]:
    """All neural modules of a project."""
    found = []
    for organism in environment.children("Organisms"):
        system = organism.child("NervousSystem")
        if system is not None:
            found += list(system.children("NeuralModules"))
    return found


def is_neural(module: Item) -> bool:
    """Whether a module has neurons, rather than the adapters of the physics."""
    return module.text("Type").lower() in (FIRE, RATE)


class NervousSystem:
    """Puts modules into a network.

    Attributes:
        network: The network.
        fires: Whether there are neurons of the integrate-and-fire kind.
    """

    def __init__(self, name: str, parts: Parts, report: Report) -> None:
        """Begin with an empty network; neurons are registered among the parts."""
        self.network = Network(name)
        self.fires = False
        self._parts, self._report, self._names = parts, report, Names()

    def add(self, module: Item) -> None:
        """Add a module.

        Raises:
            AnimatLabError: Something in it is missing, unknown, or makes no sense.
        """
        kind = module.text("Type").lower()
        if kind == PHYSICS:
            return
        if kind not in (FIRE, RATE):
            what = module.text("Type")
            self._report.add("unsupported", "NeuralModule", module.name or what, f"modules of type {what}", module.id)
            for neuron in module.children("Neurons"):
                self._parts.put(Part(kind="missing", name=neuron.name, item=neuron))
            return
        if list(module.children("ExternalSynapses")):
            self._report.add("unsupported", "NeuralModule", module.name, "external synapses are left out", module.id)
        if kind == FIRE:
            self._fire(module)
        else:
            self._rate(module)

    def _fire(self, module: Item) -> None:
        shared = read_module(module, self._report)
        for item in module.children("Neurons"):
            name = self._enabled(item)
            if name is None:
                continue
            neuron, begins, spikes = read_membrane(item, shared, name, self._report)
            self.fires = True
            self.network.add_neuron(neuron, name, initial_value=begins)
            data = {"family": "fire", "size": item.number("Size", 1.0), "spikes": spikes, "neuron": neuron}
            self._parts.put(Part(kind="neuron", name=name, item=item, data=data))
        add_connexions(self.network, module, shared, self._parts, self._report)

    def _rate(self, module: Item) -> None:
        for item in module.children("Neurons"):
            name = self._enabled(item)
            if name is None:
                continue
            neuron, rest = read_rate_neuron(item, name, self._report)
            self.network.add_neuron(neuron, name, initial_value=rest)
            data = {"family": "rate", "size": 1.0, "spikes": False, "neuron": neuron}
            self._parts.put(Part(kind="neuron", name=name, item=item, data=data))
        for neuron in module.children("Neurons"):
            for item in neuron.children("Synapses"):
                self._rate_synapse(item, neuron)

    def _enabled(self, item: Item) -> str | None:
        """A name for a neuron, or None where it is switched off."""
        name = self._names.unique(item.name.replace("[", "(").replace("]", ")"), "neuron")
        if item.flag("Enabled", True):
            return name
        self._report.add("unsupported", "Neuron", name, "it is disabled in the file, and left out", item.id)
        self._parts.put(Part(kind="missing", name=name, item=item))
        return None

    def _rate_synapse(self, item: Item, neuron: Item) -> None:
        target = self._parts[neuron.id]
        source = self._parts.find(item.text("FromID"), item, "source")
        name = f"{source.name} to {target.name}"
        kind = item.text("Type", "Regular").lower()
        if kind not in ("regular", "gated", "modulated", "modulateneuronprop", "compound"):
            raise AnimatLabError(f"{item.where}: synapse type {item.text('Type')!r} is unknown to AnimatLab")
        if not item.flag("Enabled", True):
            self._report.add("note", "Synapse", name, "it is disabled in the file, and left out", item.id)
        elif "missing" in (source.kind, target.kind):
            self._report.add("unsupported", "Synapse", name, "one of its neurons is left out", item.id)
        elif kind != "regular":
            self._report.add("unsupported", "Synapse", name, f"{kind} synapses act on other synapses", item.id)
        elif source.kind != "neuron" or source.data["family"] != "rate":
            raise AnimatLabError(f"{item.where}: its source {source.name!r} is no neuron of a firing-rate module")
        else:
            if list(item.children("CompoundSynapses")):
                self._report.add("approximated", "Synapse", name, "what modulates it is left out", item.id)
            if item.flag("HasDelay", False) and item.number("DelayInterval", 0.0):
                self._report.add("approximated", "Synapse", name, "it has no delay here", item.id)
            for ramp in rate_ramps(source.item, item.number("Weight") * 1e9):
                self.network.add_connection(ramp, source.name, target.name)
