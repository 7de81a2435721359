"""The lists that a file of a network has, and how their entries become parts of a `Network` again."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, get_type_hints

from sns_mujoco.network.files.annotations import Described, FieldForm, form_of
from sns_mujoco.network.files.forms import Text
from sns_mujoco.network.merging import read_of
from sns_mujoco.network.network import Network
from sns_mujoco.network.parts import Input, Noise, Output, Population, Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One list of a file: what `network.<name of the list>` gives.

    Attributes:
        record: Class of its entries; an entry has the fields of that class.
        add: Method that adds an entry to a network; what it has a default for may be missing in a file.
        arguments: What `add` calls a field, where that is not its name.
        refers: Fields that are indices into another list, which in a file are names, and which list that is.
        uniform: Fields with one number for each neuron of which `add` also takes one for all.
    """

    record: type
    add: Callable[..., None]
    arguments: Mapping[str, str] = field(default_factory=dict)
    refers: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    uniform: frozenset[str] = frozenset()

    def argument(self, name: str) -> str:
        """What `add` calls a field."""
        return self.arguments.get(name, name)


SECTIONS: dict[str, Section] = {
    "populations": Section(
        record=Population,
        add=Network.add_population,
        arguments={"neuron": "neuron_type", "initial": "initial_value"},
        uniform=frozenset({"initial"}),
    ),
    "connections": Section(
        record=Wire,
        add=Network.add_connection,
        arguments={"kind": "connection_type"},
        refers={"source": lambda wire: "populations", "destination": lambda wire: "populations"},
    ),
    "noises": Section(
        record=Noise,
        add=Network.add_noise,
        refers={"population": lambda noise: "populations"},
    ),
    "inputs": Section(
        record=Input,
        add=Network.add_input,
        arguments={"population": "dest"},
        refers={"population": lambda entry: "populations"},
    ),
    "outputs": Section(
        record=Output,
        add=Network.add_output,
        refers={"source": lambda output: read_of(output.kind)},
    ),
}
"""In the order in which they are added, so that what refers to something comes after it."""


@cache
def section_fields(title: str) -> dict[str, FieldForm]:
    """How the fields of the entries of a list stand in a file, in order: short ones first."""
    section = SECTIONS[title]
    hints = get_type_hints(section.record)
    defaults = {p.name: p.default for p in inspect.signature(section.add).parameters.values()}
    forms = {}
    for name in (f.name for f in fields(section.record)):
        form = Text() if name in section.refers else form_of(hints[name])
        assert form is not None, f"{section.record.__name__}.{name} cannot stand in a file"
        assert section.argument(name) in defaults, f"say in SECTIONS which argument of {title} {name!r} is"
        default = defaults[section.argument(name)]
        forms[name] = FieldForm(form, required=default is inspect.Parameter.empty, omitted=default is None)
    return dict(sorted(forms.items(), key=lambda item: isinstance(item[1].form, Described)))
