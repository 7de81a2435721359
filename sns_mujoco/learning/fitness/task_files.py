"""Tasks as plain data and in files: JSON, and TOML for people to write.

A task file has the fields of `Task`. Terms are tables with their `kind` ("speed", "target_gait", ...) and their own
fields; a user's own is a dataclass, and its kind is where to import it from, "package.module:Class". A
"target_trajectory" may have `file`, relative to the task's own place, in place of its numbers.

    seeds = 3
    aggregate = "mean"

    [[vary]]
    quantity = "max_conductance"
    pattern = "*->* trigger"
    bounds = [0.5, 2.0]
    relative = true

    [[trials]]
    terrain = "flat"
    commands = { drive = 1.0 }

    [[terms]]
    kind = "speed"

    [[terms]]
    kind = "cost_of_transport"
    weight = 0.1
"""

import dataclasses
import json
import os
import tomllib
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from sns_mujoco.errors import TaskError, unknown_name
from sns_mujoco.files import check_output_path, written_whole
from sns_mujoco.learning.fitness.energy import CostOfTransport, Power
from sns_mujoco.learning.fitness.gaits import DutyFactor, StrideFrequency, TargetGait
from sns_mujoco.learning.fitness.posture import Heave, Smoothness, Stability, Survival, Tilt
from sns_mujoco.learning.fitness.pushes import Push
from sns_mujoco.learning.fitness.task import Measure, Task
from sns_mujoco.learning.fitness.term import AnyTerm, Term
from sns_mujoco.learning.fitness.trajectories import TargetTrajectory
from sns_mujoco.learning.fitness.travel import Distance, Froude, Speed, Straightness
from sns_mujoco.learning.fitness.trials import Trial
from sns_mujoco.learning.randomisation.random import Random
from sns_mujoco.learning.spaces.vary import Vary

KINDS: dict[str, type[Term]] = {
    kind.kind: kind
    for kind in (
        Speed, Distance, Straightness, Froude, CostOfTransport, Power, Tilt, Heave, Stability, Survival, Smoothness,
        TargetGait, DutyFactor, StrideFrequency, TargetTrajectory,
    )
}  # fmt: skip
"""Terms of this package by their kind."""


def task_to_dict(task: Task) -> dict[str, Any]:
    """A task as plain data: dictionaries, lists, texts and numbers.

    Raises:
        TaskError: A term of a user's own is no dataclass of a module, so that it could not be found again.
    """
    return {
        **_plain(task),
        "vary": [vary.to_dict() for vary in task.vary],
        "trials": [_trial_to_dict(trial) for trial in task.trials],
        "terms": [_term_to_dict(term) for term in task.terms],
        "randomise": [_plain(random) for random in task.randomise],
        "measures": [_plain(measure) for measure in task.measures],
    }


def task_from_dict(data: Mapping[str, Any], *, folder: str | os.PathLike[str] = ".") -> Task:
    """A task from plain data.

    Args:
        data: As `task_to_dict` makes it; what is left out has its usual value.
        folder: Where files that terms name are.

    Raises:
        TaskError: Something is missing, twice there or out of range.
        UnknownNameError: There is no such term or field.
    """
    fields = dict(_table(data, "a task"))
    place = Path(folder)
    for name, build in (
        ("vary", Vary.from_dict),
        ("trials", lambda given: _trial_from_dict(given, place)),
        ("terms", lambda given: _term_from_dict(given, place)),
        ("randomise", lambda given: _built(Random, given, "what is drawn anew")),
        ("measures", lambda given: _built(Measure, given, "a measure")),
    ):
        if name in fields:
            fields[name] = tuple(build(given) for given in _rows(fields[name], name))
    return _built(Task, fields, "a task")


def load_task_file(path: str | os.PathLike[str]) -> Task:
    """See `Task.load`."""
    place = Path(path)
    if place.suffix.lower() not in (".json", ".toml"):
        raise TaskError(f"{str(place)!r} ends in {place.suffix or 'nothing'!r}; a task file ends in .toml or .json")
    try:
        text = place.read_bytes().decode()
        data = tomllib.loads(text) if place.suffix.lower() == ".toml" else json.loads(text)
    except ValueError as error:  # tomllib's, json's and the decoder's errors are of this type
        raise TaskError(f"{str(place)!r} is damaged or no task file: {error}") from error
    return task_from_dict(data, folder=place.parent)


def save_task_file(task: Task, path: str | os.PathLike[str]) -> None:
    """See `Task.save`."""
    place = check_output_path(path, (".json",))
    data = task_to_dict(task)
    with written_whole(place) as partial:
        partial.write_text(json.dumps(data, indent=1) + "\n")


def _trial_to_dict(trial: Trial) -> dict[str, Any]:
    data = _plain(trial) | {"pushes": [_plain(push) for push in trial.pushes]}
    if trial.terms is not None:
        data["terms"] = [_term_to_dict(term) for term in trial.terms]
    return data


def _trial_from_dict(data: Any, folder: Path) -> Trial:
    fields = dict(_table(data, "a trial"))
    if "pushes" in fields:
        fields["pushes"] = tuple(_built(Push, push, "a push") for push in _rows(fields["pushes"], "pushes"))
    if fields.get("terms") is not None:
        fields["terms"] = tuple(_term_from_dict(term, folder) for term in _rows(fields["terms"], "terms"))
    return _built(Trial, fields, "a trial")


def _term_to_dict(term: AnyTerm) -> dict[str, Any]:
    kind = type(term)
    if kind in KINDS.values():
        return {"kind": kind.kind, **_plain(term)}  # type: ignore[attr-defined]
    if not dataclasses.is_dataclass(term) or "<locals>" in kind.__qualname__ or kind.__module__ == "__main__":
        raise TaskError(
            f"the term {term.name!r} cannot be written: {kind.__qualname__} of {kind.__module__} is no dataclass at "
            "the top of a module that can be imported; make it one"
        )
    return {"kind": f"{kind.__module__}:{kind.__qualname__}", **_plain(term)}


def _term_from_dict(data: Any, folder: Path) -> AnyTerm:
    fields = dict(_table(data, "a term"))
    kind = fields.pop("kind", None)
    if not isinstance(kind, str):
        raise TaskError(f"a term has the kind {kind!r}; give one of {', '.join(KINDS)}, or 'package.module:Class'")
    if ":" in kind:
        return _built(_imported(kind), fields, f"term {kind!r}")
    if kind not in KINDS:
        raise unknown_name("kind of term", kind, KINDS, "sns_mujoco.learning.fitness")
    if KINDS[kind] is TargetTrajectory and "file" in fields:
        allowed = [field.name for field in dataclasses.fields(TargetTrajectory)] + ["unit"]
        _refuse_others(fields, [*allowed, "file"], f"term {kind!r}")
        return TargetTrajectory.from_file(folder / fields.pop("file"), **fields)
    return _built(KINDS[kind], fields, f"term {kind!r}")


def _imported(kind: str) -> Any:
    module, _, name = kind.partition(":")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise TaskError(f"there is no term {kind!r}: {error}; is its module installed?") from error
    if not dataclasses.is_dataclass(found):
        raise TaskError(f"{kind!r} is no dataclass; make the term one, so that its fields are known")
    return found


def _plain(thing: Any) -> dict[str, Any]:
    """Fields of a dataclass, with lists in place of tuples, and without those that have their usual value."""
    usual = {
        field.name: field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default
        for field in dataclasses.fields(thing)
    }
    return {
        name: _listed(getattr(thing, name)) for name in usual if not _same(getattr(thing, name), usual[name])
    }  # fmt: skip


def _same(value: Any, usual: Any) -> bool:
    return usual is not dataclasses.MISSING and type(value) is type(usual) and value == usual


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _listed(item) for name, item in value.items()}
    return [_listed(item) for item in value] if isinstance(value, list | tuple) else value


def _tupled(value: Any) -> Any:
    """JSON's lists as the tuples that frozen data holds."""
    return tuple(_tupled(item) for item in value) if isinstance(value, list) else value


def _built(kind: Any, data: Any, what: str) -> Any:
    fields = _table(data, what)
    known = [field for field in dataclasses.fields(kind) if field.init]
    _refuse_others(fields, [field.name for field in known], what)
    for field in known:
        needed = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if needed and field.name not in fields:
            raise TaskError(f"{what} has no {field.name!r}; it needs one")
    for field in known:
        for kind_of_value, wanted in ((bool, "true or false"), (str, "a text")):
            value = fields.get(field.name)
            if field.type is kind_of_value and field.name in fields and not isinstance(value, kind_of_value):
                raise TaskError(f"{field.name} of {what} is {value!r}; give {wanted}")
    try:
        return kind(**{name: _tupled(value) for name, value in fields.items()})
    except TypeError as error:  # a text for a number and the like, which no comparison takes
        texts = ", ".join(f"{name} = {value!r}" for name, value in fields.items() if isinstance(value, str | Mapping))
        raise TaskError(
            f"{what} has a field of a wrong type ({texts or error}); give a number where one is due"
        ) from error


def _refuse_others(fields: Mapping[str, Any], known: list[str], what: str) -> None:
    for name in fields:
        if name not in known:
            raise unknown_name("field", name, known, what)


def _table(data: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise TaskError(f"{what} is {data!r}; give a table of its fields")
    return data


def _rows(data: Any, what: str) -> list[Any]:
    if not isinstance(data, list | tuple):
        raise TaskError(f"{what} is {data!r}; give a list of tables")
    return list(data)
