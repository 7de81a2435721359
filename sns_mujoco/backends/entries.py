"""Arrays of a `Program` by path: "bias", "events.weight", "equations.parameters" (all groups, one after the other)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sns_mujoco.backends.program import Floats, Program

OF_GROUPS = "equations."


def entries(program: Program, path: str) -> Floats:
    """All numbers of an array, row by row [n]."""
    if path.startswith(OF_GROUPS):
        name = path.removeprefix(OF_GROUPS)
        return np.concatenate([np.empty(0), *(getattr(group, name).ravel() for group in program.equations)])
    found: Any = program
    for name in path.split("."):
        found = getattr(found, name)
    return found.ravel()


def with_entries(program: Program, numbers: Mapping[str, Floats]) -> Program:
    """The program with other numbers [n] in some of its arrays, by their paths."""
    changes: dict[str, Any] = {}
    for path, values in numbers.items():
        if path.startswith(OF_GROUPS):
            groups = changes.get("equations", program.equations)
            changes["equations"] = _in_groups(groups, path.removeprefix(OF_GROUPS), values)
            continue
        *record, name = path.split(".")
        if record:
            owner = changes.get(record[0], getattr(program, record[0]))
            changes[record[0]] = replace(owner, **{name: values.reshape(getattr(owner, name).shape)})
        else:
            changes[name] = values.reshape(getattr(program, name).shape)
    return replace(program, **changes)


def _in_groups(groups: tuple[Any, ...], name: str, values: Floats) -> tuple[Any, ...]:
    """Groups of equations, each with its share of the numbers."""
    ends = np.cumsum([getattr(group, name).size for group in groups])[:-1]
    parts = zip(groups, np.split(values, ends), strict=True)
    return tuple(replace(group, **{name: part.reshape(getattr(group, name).shape)}) for group, part in parts)
