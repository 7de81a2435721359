"""Rules: which numbers of the model follow from which described values, and how; of networks, adapters and muscles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sns_mujoco.backends.families import NONE
from sns_mujoco.backends.learnable import Origins
from sns_mujoco.backends.native.apart import Spots
from sns_mujoco.cosim.parameters.columns import Column, Floats, Places
from sns_mujoco.cosim.parameters.families import Family
from sns_mujoco.cosim.parameters.forms import FORMS, Form, Step

NUMBERS = "numeric_data"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """Numbers that follow from values.

    Attributes:
        columns: The values' quantities.
        picks: Which value of each column each number takes [n] each.
        make: Makes the numbers [..., n] of the values [..., n] of each column and of `constants`.
        constants: What else they follow from [n] each.
        field: Field of the model that has the numbers.
        source: Which number goes to each place [m]; a number may go to several.
        place: Place in the field of each [m].
        share: Makes, of the same, what share of the largest stable neural step a step takes up [..., n].
        refusal: Says what is too fast, by the index of the number and its share.
        target: Neuron whose membrane each number bears on [n].
    """

    columns: tuple[Column, ...]
    picks: tuple[Places, ...]
    make: Callable[..., Floats]
    constants: tuple[Floats, ...] = ()
    field: str = NUMBERS
    source: Places
    place: Places
    share: Callable[..., Floats] | None = None
    refusal: Callable[[int, float], str] | None = None
    target: Places | None = None


def too_fast(what: str, dt: float, share: float) -> str:
    """What is said of something that would need a shorter step: what share of the longest one `dt` (ms) takes up."""
    return f"a neural step of {dt:g} ms is unstable: the {what} can change too fast; {dt / share:.4g} ms would be safe"


def network_rules(
    origins: Origins,
    families: Mapping[str, Family],
    columns: Mapping[tuple[str, str], Column],
    spots: Mapping[str, Spots],
    first: int,
) -> dict[str, list[Rule]]:
    """The rules of a network, by the path of their form.

    Args:
        origins: Where its entries came from.
        families: What they belong to.
        columns: What it describes.
        spots: Where numbers of the arrays stand, as far as they stand apart.
        first: Place in `numeric_data` from which spots are counted.
    """
    step = Step(origins.program.dt, origins.program.exponential)
    found: dict[str, list[Rule]] = {}
    for form in FORMS:
        family = families[form.family]
        rule = _rule(form, family, columns, spots.get(form.path), first, step, origins)
        if rule is not None:
            found.setdefault(form.path, []).append(rule)
    return found


def _rule(
    form: Form,
    family: Family,
    columns: Mapping[tuple[str, str], Column],
    spots: Spots | None,
    first: int,
    step: Step,
    origins: Origins,
) -> Rule | None:
    """What a form comes to in a network; None where nothing has its quantities."""
    picks, taken = [], []
    there = np.ones(len(family), bool)
    for quantity in form.takes:
        of_channel = family.channel is not None and quantity != "initial_value"
        column = columns.get(("channels" if of_channel else family.kind, quantity))
        if column is None:
            return None
        cells = family.channel if of_channel and family.channel is not None else family.cell
        pick = column.at(family.owner, cells)
        there &= pick >= 0
        picks.append(pick)
        taken.append(column)
    if form.without and (family.kind, form.without) in columns:
        there &= columns[family.kind, form.without].at(family.owner, family.cell) < 0
    entries = np.flatnonzero(there)
    if not len(entries):
        return None
    own = entries if family.entry is None else family.entry[entries]
    source, place = _places(spots, own + form.row * len(family), first)
    share = form.share
    return Rule(
        columns=tuple(taken),
        picks=tuple(pick[entries] for pick in picks),
        make=lambda *values: form.make(step, *values),
        constants=tuple(family.constants[name][entries] for name in form.constants),
        source=source,
        place=place,
        share=None if share is None or step.exponential else lambda *values: share(step, *values),
        refusal=lambda index, share: too_fast(
            f"{form.what} {_named(form, family, int(entries[index]), origins)!r}", step.dt, share
        ),
        target=None if family.target is None else family.target[entries],
    )


def _places(spots: Spots | None, entries: Places, first: int) -> tuple[Places, Places]:
    """Which of some entries of an array stands where in the field."""
    if spots is None:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    inverse = np.full(max(int(spots.entry.max(initial=-1)), int(entries.max())) + 1, -1)
    inverse[entries] = np.arange(len(entries))
    source = inverse[spots.entry]
    own = source >= 0
    return source[own], spots.place[own] + first


def _named(form: Form, family: Family, entry: int, origins: Origins) -> str:
    """The neuron or synapse of an entry, as stability checks name it."""
    program = origins.program
    if (family.kind == "populations" or form.family == "receptors") and family.target is not None:
        return program.neuron_names[family.target[entry]]
    match form.family:
        case "spiking":
            return program.synapse_names[len(program.graded_source) + entry]
        case "weighted":
            return program.weighted_names[entry]
        case "plastic":
            return program.event_names[int(program.plastic.event[entry])]
        case "short term":
            return program.event_names[int(np.flatnonzero(program.events.short_term != NONE)[entry])]
    return origins.network.connections[int(family.owner[entry])].name
