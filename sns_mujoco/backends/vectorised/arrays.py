"""A `Program` as a tree of arrays with everything that follows from it and never changes: targets, places in rings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.families import NONE, Op, ReceptorKind, Rule
from sns_mujoco.backends.program import OutputKind, Program, TauRule
from sns_mujoco.backends.state import StateLayout

Places = NDArray[np.int64]


class Arrays(SimpleNamespace):
    """The fields of a `Program` and what follows from them; families of their own are `Arrays` in it.

    What does not fit the rest of a program, such as the arrays of families that are absent, is there and empty.
    """


def arrays(program: Program, layout: StateLayout) -> Arrays:
    """The arrays of a program: float64, int64 for indices, bool for what is true or false; not yet `prepared`."""
    p = _tree(program)
    p.n_neurons = program.n_neurons
    p.graded_target, p.spiking_target, p.junction_target, p.channel_target, p.receptors.target, p.weighted.target = (
        _targets(row)
        for row in (p.graded_row, p.spiking_row, p.junction_row, p.channel_row, p.receptors.row, p.weighted.row)
    )
    p.gate_constant, p.gate_limited = p.gate_tau_rule == TauRule.CONSTANT, p.gate_tau_rule == TauRule.LIMITED
    p.outward, p.inward = p.junction_rule == 2, p.junction_rule == 1
    p.subtracts = p.subtracts == 1

    to_receptor = p.input_receptor != NONE
    p.to_neurons, p.to_receptors = _inputs(p, ~to_receptor), _inputs(p, to_receptor)
    p.to_receptors.target = p.input_receptor[to_receptor]

    lines = np.flatnonzero(layout.ring_depth)
    p.rings = Arrays(neuron=lines, depth=layout.ring_depth[lines].astype(int), start=layout.ring_start[lines])
    p.rings.start = p.rings.start.astype(int)
    p.spiking_arrival = _arrival(layout, p.spiking_source, p.spiking_delay)
    p.events.source = np.repeat(np.arange(len(p.spiking_neuron)), np.diff(p.events.row))
    p.events.arrival = _arrival(layout, p.events.source, p.events.delay)
    _sort_events(p)
    _sort_receptors(p)
    p.weighted.learning = layout.learning.astype(int)
    p.weighted.oja = (p.weighted.rule == Rule.OJA)[p.weighted.learning]
    p.weighted.sigmoid, p.weighted.driven = p.weighted.curve == 1, p.weighted.driving == 1
    p.plastic.modulated = p.plastic.modulator != NONE
    p.plastic.modulator = np.where(p.plastic.modulated, p.plastic.modulator, 0)
    p.noise.stream = np.arange(len(p.noise.neuron))
    with_equations = np.zeros(program.n_neurons, bool)
    first = 0
    for group in p.equations:
        first = _place(group, first)
        with_equations[group.neuron] = True
    p.leaky = ~with_equations[p.spiking_neuron]
    p.plastic.modulator_leaky = 1.0 - with_equations[p.plastic.modulator]
    p.outputs = _outputs(p)
    return p


def _place(group: Arrays, first: int) -> int:
    """Where a group's neurons and variables lie, and its code as plain numbers; gives where the next ones begin."""
    members = np.arange(group.count)
    group.neuron = group.first + members
    group.spiking = group.first_spiking + members if group.first_spiking != NONE else None
    group.variables = [first + k * group.count + members for k in range(len(group.initial))]
    code = group.code
    code.program = [(Op(op), *operands) for op, *operands in code.instructions.tolist()]
    code.new, code.after_spike = code.new.tolist(), code.after_spike.tolist()
    return first + group.initial.size


def parts(layout: StateLayout) -> dict[str, slice]:
    """The parts of a state vector by name, in order; those without elements are left out."""
    named = {field.name: getattr(layout, field.name) for field in fields(layout)}
    return {name: part for name, part in named.items() if isinstance(part, slice) and part.stop > part.start}


def leaves(tree: Arrays, prefix: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
    """Every array of a tree with its path, such as "receptors.decay" or "equations.0.parameters"."""
    for name, value in vars(tree).items():
        parts = enumerate(value) if isinstance(value, list) else [(None, value)]
        for k, part in parts:
            path = f"{prefix}{name}" if k is None else f"{prefix}{name}.{k}"
            if isinstance(part, Arrays):
                yield from leaves(part, f"{path}.")
            elif isinstance(part, np.ndarray):
                yield path, part


def replaced(tree: Arrays, new: Mapping[str, Any]) -> Arrays:
    """The tree with some of its arrays replaced, by their paths."""
    made = Arrays(**vars(tree))
    for path, array in new.items():
        first, _, rest = path.partition(".")
        setattr(made, first, replaced(getattr(made, first), {rest: array}) if rest else array)
    return made


def mapped(tree: Arrays, change: Callable[[str, Any], Any], prefix: str = "") -> Arrays:
    """The tree with each of its arrays replaced: `change(path, array)`."""

    def of(path: str, value: Any) -> Any:
        if isinstance(value, Arrays):
            return mapped(value, change, f"{path}.")
        if isinstance(value, list):
            return [of(f"{path}.{k}", part) for k, part in enumerate(value)]
        return change(path, value) if isinstance(value, np.ndarray) else value

    return Arrays(**{name: of(f"{prefix}{name}", value) for name, value in vars(tree).items()})


def _tree(record: Any) -> Arrays:
    """A record of arrays, and the records in it, with indices that do not wrap below 0."""

    def of(value: Any) -> Any:
        if is_dataclass(value):
            return _tree(value)
        if isinstance(value, np.ndarray):
            return value.astype(np.int64) if value.dtype == np.uint32 else value
        if isinstance(value, tuple) and value and is_dataclass(value[0]):
            return [_tree(part) for part in value]
        return value

    return Arrays(**{field.name: of(getattr(record, field.name)) for field in fields(record)})


def _targets(row: Places) -> Places:
    """The neuron to which each entry of a sorted family belongs."""
    return np.repeat(np.arange(len(row) - 1), np.diff(row))


def _inputs(p: Arrays, which: NDArray[np.bool_]) -> Arrays:
    """Some of the input edges."""
    return Arrays(edge=np.flatnonzero(which), element=p.input_element[which], neuron=p.input_neuron[which])


def _arrival(layout: StateLayout, source: Places, delay: Places) -> Arrays:
    """Where the spike that arrives at a synapse lies in [spikes of this step, ring]: offset + (step - delay) % depth.

    Without delay it is the spike of this step itself, as a ring of depth 1 would have it.
    """
    late = delay > 0
    depth, start = layout.ring_depth.astype(int)[source], layout.ring_start.astype(int)[source]
    return Arrays(
        source=source,
        delay=delay,
        depth=np.where(late, depth, 1),
        offset=np.where(late, len(layout.ring_depth) + start, source),
        delayed=bool(late.any()),
    )


def _sort_events(p: Arrays) -> None:
    """The order in which events are delivered, those without delay first, and which are plastic or short-term."""
    events = p.events
    events.order = np.argsort(events.delay > 0, kind="stable")
    events.changing = np.flatnonzero(events.plastic != NONE)
    events.plastic_place = events.plastic[events.changing]
    events.depressing = np.flatnonzero(events.short_term != NONE)
    events.short_place = events.short_term[events.depressing]
    p.short_term.event = np.empty(len(p.short_term.use), int)
    p.short_term.event[events.short_place] = events.depressing


def _sort_receptors(p: Arrays) -> None:
    """Receptors by what they do, and the events that arrive at each sort, in the order of delivery."""
    receptors, events = p.receptors, p.events
    jump, first, second = _sorts(receptors)
    receptors.driven = receptors.kind == ReceptorKind.CONDUCTANCE
    receptors.flowing = ~jump
    at = events.receptor[events.order]
    for name, sort in (("to_value", first), ("to_rise", second), ("to_potential", jump)):
        event = events.order[sort[at]]
        receptor = events.receptor[event]
        target = receptors.target[receptor] if name == "to_potential" else receptor
        setattr(events, name, Arrays(event=event, receptor=receptor, target=target))


def _sorts(receptors: Arrays) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which receptors are jumps, which have a value only, and which a rising stage."""
    jump, two_stage = receptors.kind == ReceptorKind.JUMP, receptors.two_stage == 1
    return jump, ~jump & ~two_stage, ~jump & two_stage


def _outputs(p: Arrays) -> Arrays:
    """Output elements by kind: what to read of each kind, and how to put them back in order."""
    kinds = [OutputKind(kind) for kind in np.unique(p.output_kind)]
    elements = [np.flatnonzero(p.output_kind == kind) for kind in kinds]
    order = np.argsort(np.concatenate([np.empty(0, int), *elements]), kind="stable")
    return Arrays(
        kinds=kinds,
        index=[p.output_index[places] for places in elements],
        order=order if len(kinds) > 1 else None,
    )
