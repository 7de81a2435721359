"""What is in a network, in words: short lists one by one, long ones by kind, and never more than a page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sns_mujoco.network.contents import Contents
from sns_mujoco.network.pictures.describe import Facts, facts, facts_text, kind_name, merged_facts, sign, synapse_count
from sns_mujoco.network.pictures.graph import read_at, shape_text
from sns_mujoco.network.pictures.groups import best_groups

_MOST_ROWS = 20
_MOST_GROUPED = 5000  # populations; above, only their kinds are listed
_WIDEST_NAME, _WIDEST_FIRST, _WIDEST_FACTS = 40, 24, 72


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a list before it is written: what it shares with others, and what is counted and ranged over."""

    name: str
    kind: tuple[str, ...]
    count: int
    facts: Facts


def summary(network: Contents) -> str:
    """A table of populations, connections, inputs and outputs.

    Up to 20 of each are listed one by one; more are listed by group and kind, with the ranges of their parameters.

    Args:
        network: What to describe.

    Returns:
        Some lines of text, at most about 90.
    """
    populations, wires = network.populations, network.connections
    parts = [repr(network)]
    neurons = [
        _Row(_with_shape(p.name, p.shape), (type(p.neuron).__name__,), p.size, facts(p.neuron)) for p in populations
    ]
    parts += _section("neurons", neurons, _groups(network))
    synapses = [
        _Row(
            wire.name,
            (sign(wire.kind, populations[wire.source], populations[wire.destination]), kind_name(wire.kind)),
            synapse_count(wire, populations),
            facts(wire.kind),
        )
        for wire in wires
    ]
    parts += _section("synapses", synapses, [""] * len(synapses))
    inputs = [f"{i.name} -> {populations[i.population].name}{_elements(i.size)}" for i in network.inputs]
    noises = [f"{n.name} -> {populations[n.population].name} ({type(n.kind).__name__})" for n in network.noises]
    outputs = [f"{read_at(network, output)[1]} -> {output.name} ({output.kind})" for output in network.outputs]
    parts += _list("inputs", inputs) + _list("sources of noise", noises) + _list("outputs", outputs)
    return "\n".join(parts)


def _groups(network: Contents) -> list[str]:
    names = list(network.population_names)
    if len(names) > _MOST_GROUPED:
        return [""] * len(names)
    return best_groups(names, [(wire.source, wire.destination) for wire in network.connections])


def _section(title: str, rows: Sequence[_Row], groups: Sequence[str]) -> list[str]:
    """Rows one by one if they are few; else by group and kind, or by kind alone."""
    if not rows:
        return []
    total = sum(row.count for row in rows)
    lines = [f"{total:,} {title if total != 1 else title.removesuffix('s')}"]
    if len(rows) <= _MOST_ROWS:
        return lines + _table([(row.name, row.count, row.kind, row.facts) for row in rows])
    merged = _merged(rows, groups)
    if len(merged) > _MOST_ROWS:
        merged = _merged(rows, [""] * len(rows))
    left = len(merged) - _MOST_ROWS
    return lines + _table(merged[:_MOST_ROWS]) + ([f"  ... and {left:,} further kinds"] if left > 0 else [])


def _merged(rows: Sequence[_Row], groups: Sequence[str]) -> list[tuple[str, int, tuple[str, ...], Facts]]:
    together: dict[tuple[str, tuple[str, ...]], list[_Row]] = defaultdict(list)
    for row, group in zip(rows, groups, strict=True):
        together[group, row.kind].append(row)
    merged = []
    for (group, kind), found in together.items():
        first = _cut(found[0].name, _WIDEST_FIRST)
        name = group or (first if len(found) == 1 else f"{first}, ... ({len(found):,})")
        merged.append((name, sum(row.count for row in found), kind, merged_facts([row.facts for row in found])))
    return merged


def _table(rows: Sequence[tuple[str, int, tuple[str, ...], Facts]]) -> list[str]:
    """Aligned columns: count, name, kind, key parameters."""
    cells = [
        (f"{count:,}", _cut(name, _WIDEST_NAME), *kind, _cut(facts_text(known), _WIDEST_FACTS))
        for name, count, kind, known in rows
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = []
    for row in cells:
        padded = [cell.ljust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(("", row[0].rjust(widths[0]), *padded)).rstrip())
    return lines


def _list(title: str, entries: Sequence[str]) -> list[str]:
    if not entries:
        return []
    left = len(entries) - _MOST_ROWS
    shown = [f"  {_cut(entry, _WIDEST_FACTS)}" for entry in entries[:_MOST_ROWS]]
    title = title if len(entries) != 1 else title.replace("sources", "source").removesuffix("s")
    return [f"{len(entries):,} {title}", *shown, *([f"  ... and {left:,} more"] if left > 0 else [])]


def _with_shape(name: str, shape: tuple[int, ...]) -> str:
    return name if len(shape) == 1 else f"{name} [{shape_text(shape)}]"


def _elements(size: int) -> str:
    return "" if size == 1 else f" ({size:,} elements)"


def _cut(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
