"""Where the conductances of ion channels stand in a model."""

from collections.abc import Iterator
from contextlib import suppress

from sns_mujoco.backends.native.sections import GROUP_SIZE, INDEX_TABLE, NUMBER_TABLE, Group, Index, Number
from sns_mujoco.cosim.brain import attribute
from sns_mujoco.cosim.rig.subject import Place, Subject
from sns_mujoco.errors import ProtocolError, UnknownNameError, unknown_name
from sns_mujoco.network.equation_neurons import NeuronWithEquations
from sns_mujoco.protocols import BlockChannel

Channels = tuple[str, str, tuple[str | int, ...]]  # owner, quantity and names, as in `changes.Change`


def channels_of(item: BlockChannel, subject: Subject) -> Iterator[Channels]:
    """The conductances of the channels that an item names.

    Raises:
        UnknownNameError: There is no such neuron, or it has no such channel.
        ProtocolError: What the neurons are is not known of the model.
    """
    if subject.table is None or subject.network is None:
        raise ProtocolError(
            f"{item.label}: the model does not tell what it was made from, or has several nervous systems: the "
            "channels; make the simulation from an animal, as in animal.simulation(protocol=...)"
        )
    if isinstance(item.channel, str):
        yield "field", "numeric_data", tuple(_of_equations(item, item.channel, subject))
    else:
        yield "rows", "g_ion", _counted(item, item.channel, subject)


def _counted(item: BlockChannel, channel: int, subject: Subject) -> tuple[str, ...]:
    """Names of the conductances of channels that are counted, as those of neurons with gated channels."""
    assert subject.table is not None
    named = {name for place in subject.neurons(item).values() for name in _conductances(place, subject)}
    names: tuple[str, ...] = ()
    if "g_ion" in subject.table.quantities:
        with suppress(UnknownNameError):
            names = subject.table.find("g_ion", item.pattern).names
    numbers = {name: name.rpartition("[")[2][:-1] if name.endswith("]") else "0" for name in names}
    found = tuple(name for name, number in numbers.items() if number == str(channel))
    if not found:
        raise unknown_name("channel", channel, sorted({*numbers.values(), *named}), f"the neurons of {item.label}")
    return found


def _of_equations(item: BlockChannel, channel: str, subject: Subject) -> list[int]:
    """Places in `numeric_data` of a conductance of neurons with equations of their own."""
    found: list[int] = []
    known: set[str] = set()
    for place in subject.neurons(item).values():
        names = _conductances(place, subject)
        known.update(names)
        if channel in names:
            found.append(_place(place, names[channel], subject))
    if not found:
        raise unknown_name("channel", channel, sorted(known), f"the neurons of {item.label}")
    return found


def _conductances(neuron: Place, subject: Subject) -> dict[str, int]:
    """Conductances among the parameters of a neuron with equations, and their places there; none of others."""
    described = subject.population(neuron)[1].neuron
    names = described.dynamics.parameters if isinstance(described, NeuronWithEquations) else ()
    return {name: place for place, name in enumerate(names) if name.endswith("conductance")}


def _place(neuron: Place, parameter: int, subject: Subject) -> int:
    """Place in `numeric_data` of a parameter of a neuron with equations; see `backends.native.pack_equations`."""
    brain = subject.brains[neuron.brain]
    structure = [int(number) for number in attribute(subject.model, brain, "structure").split()]
    group = structure[INDEX_TABLE + Index.GROUP]
    while neuron.index >= structure[group + Group.FIRST] + structure[group + Group.COUNT]:
        group += GROUP_SIZE
    first = int(subject.model.numeric(brain.name).adr[0]) + structure[NUMBER_TABLE + Number.GROUP_PARAMETERS]
    own = neuron.index - structure[group + Group.FIRST]
    return first + structure[group + Group.PARAMETERS] + parameter * structure[group + Group.COUNT] + own
