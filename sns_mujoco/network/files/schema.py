"""The published JSON Schema of network files, made from the classes that they hold.

`network-1.schema.json` beside this module is what `network_schema()` makes; after a change of the classes, write it
anew with `python -m sns_mujoco.network.files`.
"""

import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sns_mujoco.network.files.annotations import TYPE, FieldForm, description_fields
from sns_mujoco.network.files.registry import descriptions
from sns_mujoco.network.files.sections import SECTIONS, section_fields
from sns_mujoco.network.files.versions import FORMAT, VERSION

PUBLISHED = Path(__file__).with_name(f"network-{VERSION}.schema.json")


def network_schema() -> dict[str, Any]:
    """What a network file looks like, as JSON Schema (draft 2020-12), registered classes included.

    It says which fields there are and of which type; bounds of numbers and how sizes fit together are checked by
    loading.
    """
    text = {"type": "string"}
    properties: dict[str, Any] = {"format": {"const": FORMAT}, "written_by": text, "name": text}
    properties["annotations"] = {"type": "object"}
    properties["arrays"] = _object({"file": text, "sha256": text}, ["file", "sha256"])
    for title in SECTIONS:
        properties[title] = {"type": "array", "items": _fields(section_fields(title))}
    numbers = {
        "description": "A number, rows of numbers, or the name of an array in the sidecar",
        "anyOf": [{"type": "number"}, {"$ref": "#/$defs/rows"}, _object({"array": text}, ["array"])],
    }
    entries = {"anyOf": [{"type": ["number", "boolean"]}, {"$ref": "#/$defs/rows"}]}
    classes: dict[str, Any] = {}
    _describe(properties, classes)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        **_object(properties, ["format", "name"]),
        "$defs": {"numbers": numbers, "rows": {"type": "array", "items": entries}, **dict(sorted(classes.items()))},
    }


def published_schema() -> str:
    """The schema as it is published."""
    return json.dumps(network_schema(), indent=1, ensure_ascii=False) + "\n"


def _describe(schema: Any, classes: dict[str, Any]) -> None:
    """Add every class that a schema refers to, and those that these refer to."""
    if isinstance(schema, list):
        for entry in schema:
            _describe(entry, classes)
    elif isinstance(schema, dict):
        name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
        if name in descriptions() and name not in classes:
            classes[name] = _description(descriptions()[name])
            _describe(classes[name], classes)
        _describe(list(schema.values()), classes)


def _description(cls: type) -> dict[str, Any]:
    schema = _fields(description_fields(cls))
    schema["properties"] = {TYPE: {"const": cls.__name__}, **schema["properties"]}
    schema["required"] = [TYPE, *schema["required"]]
    return {"description": (inspect.getdoc(cls) or cls.__name__).partition("\n")[0], **schema}


def _fields(forms: Mapping[str, FieldForm]) -> dict[str, Any]:
    properties = {name: field.form.schema() for name, field in forms.items()}
    return _object(properties, [name for name, field in forms.items() if field.required])


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
