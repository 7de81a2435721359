"""Where adapters meet a network in torch: which input element an afferent feeds, which output an efferent reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.adapters.efferents import Efferent
from sns_mujoco.backends.families import NONE
from sns_mujoco.backends.program import Floats, OutputKind, Program
from sns_mujoco.cosim.references import belongs
from sns_mujoco.errors import AttachError, unknown_name
from sns_mujoco.learning.reinforcement.tensor_adapters import Function, activation, current


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """A network with its adapters.

    Attributes:
        program: The network's, with an input element more for every afferent that names no input of the network, and
            the potentials of the efferents' terms as its only outputs.
        currents: Current (nA) by signal of each afferent [A].
        element: How much of each afferent's current each input element gets [A, M], 0 or 1.
        neurons: Neuron of each term of the efferents [terms].
        activations: Activation by potential of each term [terms].
        share: What full activation of each term adds to each actuator [terms, U], in the actuator's unit.
        base: Control of each actuator while nothing is active [U].
        actuators: Their names [U].
    """

    program: Program
    currents: tuple[Function, ...]
    element: Floats
    neurons: tuple[int, ...]
    activations: tuple[Function, ...]
    share: Floats
    base: Floats
    actuators: tuple[str, ...]


def wired(network: str, program: Program, afferents: Sequence[Afferent], efferents: Sequence[Efferent]) -> Ports:
    """Resolve adapters by name.

    Args:
        network: Name of the network, for messages.
        program: The network compiled.
        afferents: What feeds it.
        efferents: What it drives.

    Raises:
        AttachError: An adapter is none, cannot be learned through, drives an actuator a second time without being told
            to, or takes the potential of a spiking neuron.
        UnknownNameError: An adapter names what does not exist.
    """
    _require(afferents, Afferent, "afferent")
    _require(efferents, Efferent, "efferent")
    if not efferents:
        raise AttachError("an actor without efferents has no actions; give it some")
    currents = tuple(current(afferent) for afferent in afferents)
    activations = tuple(function for efferent in efferents for function in [activation(efferent)] * len(efferent.terms))
    fed, element = _fed(network, program, afferents)
    neurons, share, base, actuators = _driven(network, program, efferents)
    kinds = np.full(len(neurons), OutputKind.VOLTAGE, np.uint32)
    names = tuple(program.neuron_names[k] for k in neurons)
    return Ports(
        program=replace(fed, output_names=names, output_kind=kinds, output_index=np.array(neurons, np.uint32)),
        currents=currents,
        element=element,
        neurons=neurons,
        activations=activations,
        share=share,
        base=base,
        actuators=actuators,
    )


def _fed(network: str, program: Program, afferents: Sequence[Afferent]) -> tuple[Program, Floats]:
    """The program with further input elements, and which elements each afferent feeds [A, M]."""
    names, edges, found = list(program.input_names), [], []
    for afferent in afferents:
        elements = [k for k, name in enumerate(program.input_names) if belongs(name, afferent.to)]
        if not elements:
            neurons = [k for k, name in enumerate(program.neuron_names) if belongs(name, afferent.to)]
            if not neurons:
                known = dict.fromkeys(name.split("[")[0] for name in (*program.input_names, *program.neuron_names))
                raise unknown_name("input or neuron", afferent.to, known, f"network {network!r}, for {afferent.label}")
            elements = [len(names)]
            edges += [(len(names), neuron) for neuron in neurons]
            names.append(f"{afferent.label} -> {afferent.to}")
        found.append(elements)
    element = np.zeros((len(afferents), len(names)))
    for row, elements in enumerate(found):
        element[row, elements] = 1.0
    further = np.array(edges, np.uint32).reshape(-1, 2)
    # those of the network stay first, so that what is learned of them is found again
    fed = replace(
        program,
        input_names=tuple(names),
        input_element=np.append(program.input_element, further[:, 0]),
        input_neuron=np.append(program.input_neuron, further[:, 1]),
        input_receptor=np.append(program.input_receptor, np.full(len(further), NONE, np.uint32)),
        input_weight=np.append(program.input_weight, np.ones(len(further))),
    )
    return fed, element


def _driven(
    network: str, program: Program, efferents: Sequence[Efferent]
) -> tuple[tuple[int, ...], Floats, Floats, tuple[str, ...]]:
    """Neurons of all terms, what each brings to each actuator, the actuators' controls at rest, and their names."""
    actuators = tuple(dict.fromkeys(efferent.drives for efferent in efferents))
    neurons: list[int] = []
    share, base = [], np.zeros(len(actuators))
    for efferent in efferents:
        place = actuators.index(efferent.drives)
        others = [e for e in efferents if e.drives == efferent.drives]
        if len(others) > 1 and any(e.combine != "sum" for e in others):
            raise AttachError(
                f"actuator {efferent.drives!r} is driven by {others[0].label} and by {others[1].label}; "
                "give both combine='sum', or use one AntagonistPair"
            )
        base[place] += efferent.base
        for name, gain in efferent.terms:
            if name not in program.neuron_names:
                where = f"network {network!r}, for {efferent.label}"
                raise unknown_name("neuron", name, program.neuron_names, where)
            neurons.append(program.neuron_names.index(name))
            if neurons[-1] in program.spiking_neuron:
                raise AttachError(
                    f"{efferent.label}: {name!r} spikes, so its potential says little; let it drive a non-spiking "
                    "neuron through a SpikingSynapse and take that one"
                )
            share.append([gain * (k == place) for k in range(len(actuators))])
    return tuple(neurons), np.array(share), base, actuators


def _require(adapters: Sequence[object], kind: type, what: str) -> None:
    """Refuse what is no adapter of a kind."""
    for adapter in adapters:
        if not isinstance(adapter, kind):
            raise AttachError(f"{adapter!r} is no {what}; give those of sns_mujoco.adapters")
