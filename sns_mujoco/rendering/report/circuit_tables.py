"""Tables of a nervous system: its neurons and synapses, with what every kind of them is."""

import inspect
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from html import escape

from sns_mujoco.analysis.families import families_in
from sns_mujoco.analysis.figures.palette import NO_FAMILY, colors
from sns_mujoco.cosim.brain import Brain
from sns_mujoco.models import Animal
from sns_mujoco.network import Network
from sns_mujoco.network.pictures.describe import Facts, facts, facts_text, kind_name, sign, synapse_count
from sns_mujoco.rendering.report.html import Markup, heading, table

_CODE, _SET = re.compile("`([^`]+)`"), r"<code>\1</code>"


def neurons(animal: Animal, network: Network, brain: Brain) -> list[str]:
    """Every neuron or population: its kind and parameters, and what it is connected with.

    Args:
        animal: The animal.
        network: Its nervous system.
        brain: The same within the model.
    """
    into, out = (
        Counter(wire.destination for wire in network.connections),
        Counter(w.source for w in network.connections),
    )
    sensed: dict[str, list[str]] = defaultdict(list)
    for afferent in brain.afferent_details:
        for target in afferent.targets:
            sensed[target].append(afferent.label)
    moved: dict[str, list[str]] = defaultdict(list)
    for efferent in brain.efferent_details:
        for name, _ in efferent.terms:
            moved[name].append(efferent.drives)
    names = [population.name for population in network.populations]
    shades = colors(animal)
    rows = [
        (
            _dotted(p.name if p.size == 1 else f"{p.name} ({p.size:,})", shades.get(family, NO_FAMILY)),
            type(p.neuron).__name__,
            _numbers(facts(p.neuron)),
            into[k],
            out[k],
            ", ".join(sensed[p.name]),
            ", ".join(dict.fromkeys(moved[p.name])),
        )
        for k, (p, family) in enumerate(zip(network.populations, families_in(animal, names), strict=True))
    ]
    titles = ("neuron", "kind", "parameters", "connections in", "out", "afferents", "drives")
    kinds = {type(p.neuron).__name__: type(p.neuron) for p in network.populations}
    return [table("neuron-table", titles, rows, numbers=(3, 4)), *kinds_told(kinds.values())]


def synapses(network: Network) -> list[str]:
    """Every connection: between what, to which effect, of which kind and with which numbers."""
    populations = network.populations
    rows = [
        (
            populations[wire.source].name,
            populations[wire.destination].name,
            sign(wire.kind, populations[wire.source], populations[wire.destination]),
            kind_name(wire.kind),
            _numbers(facts(wire.kind)),
            synapse_count(wire, populations),
        )
        for wire in network.connections
    ]
    titles = ("from", "to", "effect", "kind", "parameters", "synapses")
    kinds = [getattr(wire.kind, "synapse", wire.kind) for wire in network.connections]
    return [table("synapse-table", titles, rows, numbers=(5,)), *kinds_told({type(kind) for kind in kinds})]


def kinds_told(kinds: Iterable[type]) -> list[str]:
    """What classes say of themselves in their first paragraph, with the source of their equations where it is there."""
    told = {kind.__name__: " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split()) for kind in kinds}
    items = "".join(
        f"<li><code>{escape(name)}</code> {_CODE.sub(_SET, escape(text))}</li>"
        for name, text in sorted(told.items())
        if text
    )
    return [heading("Kinds"), Markup(f'<ul class="plain">{items}</ul>')] if items else []


def _numbers(known: Facts) -> str:
    return facts_text(known).replace("uS", "µS")


def _dotted(name: str, color: Sequence[float]) -> Markup:
    """A name with the colour of its family before it."""
    red, green, blue = (round(255 * part) for part in color)
    return Markup(f'<span class="dot" style="background:rgb({red},{green},{blue})"></span>{escape(name)}')
