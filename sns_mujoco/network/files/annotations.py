"""From the annotations of a class to how its fields stand in a file.

So a new kind of neuron or synapse is saved, loaded and in the schema as soon as `sns_mujoco.network` exports it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError, SnsError, UnknownNameError, unknown_name
from sns_mujoco.network.files.array_form import Numbers
from sns_mujoco.network.files.composed_forms import Listed, Named, OneOf
from sns_mujoco.network.files.forms import Arrays, Choice, Form, Nothing, Number, Text, Truth, Whole, misfit
from sns_mujoco.network.files.registry import descriptions, find_description, saved_class

PLAIN = {str: Text(), bool: Truth(), int: Whole(), float: Number(), NoneType: Nothing()}
NEVER_DESCRIBED = ("builtins", "typing", "collections.abc")  # modules of classes that are no descriptions
TYPE = "type"  # the key under which a description's class stands


@dataclass(frozen=True, slots=True)
class FieldForm:
    """How one field stands in a file.

    Attributes:
        form: How its values do.
        required: Whether a file must have it.
        omitted: Whether null is left out, because it is what the field has without.
    """

    form: Form
    required: bool
    omitted: bool


@dataclass(frozen=True, slots=True)
class Described(Form):
    """A description: an object with its class name as "type", and its fields.

    Attributes:
        bases: What it must be an instance of.
    """

    bases: tuple[type, ...]

    @property
    def wanted(self) -> str:
        """See `Form`."""
        return f"an object whose {TYPE!r} is {self._allowed}"

    @property
    def _allowed(self) -> str:
        return "the name of a " + " or ".join(base.__name__ for base in self.bases)

    def fits(self, value: Any) -> bool:
        """See `Form`."""
        return isinstance(value, (dict, *self.bases))

    def encode(self, value: Any, place: str, arrays: Arrays | None) -> Any:
        """See `Form`."""
        if not isinstance(value, self.bases):
            raise misfit(place, value, self.wanted)
        try:
            cls = saved_class(type(value))
        except NetworkError as error:
            raise NetworkError(f"{place}: {error}") from None
        return {TYPE: cls.__name__, **encode_fields(value, description_fields(cls), place, arrays)}

    def decode(self, value: Any, place: str, arrays: Mapping[str, NDArray]) -> Any:
        """See `Form`."""
        if not isinstance(value, dict) or not isinstance(value.get(TYPE), str):
            raise misfit(place, value, self.wanted)
        try:
            cls = find_description(value[TYPE])
        except UnknownNameError as error:
            raise UnknownNameError(f"{place}: {error}") from None
        if not issubclass(cls, self.bases):
            raise misfit(f"{place}.{TYPE}", value[TYPE], self._allowed)
        given = {name: entry for name, entry in value.items() if name != TYPE}
        arguments = decode_fields(given, description_fields(cls), place, arrays)
        try:
            return cls(**arguments)
        except SnsError as error:
            raise type(error)(f"{place}: {error}") from error
        except (TypeError, ValueError, ArithmeticError) as error:  # of classes that are not ours
            raise NetworkError(f"{place}: {error}") from error

    def schema(self) -> dict[str, Any]:
        """See `Form`."""
        names = [name for name, cls in sorted(descriptions().items()) if issubclass(cls, self.bases)]
        return {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in names]}


def encode_fields(value: Any, forms: Mapping[str, FieldForm], place: str, arrays: Arrays | None) -> dict[str, Any]:
    """The fields of an object as JSON, without those that are null anyway."""
    encoded = {}
    for name, field in forms.items():
        entry = getattr(value, name)
        if entry is not None or not field.omitted:
            encoded[name] = field.form.encode(entry, f"{place}.{name}", arrays)
    return encoded


def decode_fields(
    value: Mapping[str, Any], forms: Mapping[str, FieldForm], place: str, arrays: Mapping[str, NDArray]
) -> dict[str, Any]:
    """The fields of an object from JSON.

    Raises:
        UnknownNameError: There is no such field.
        NetworkError: One is missing, or of another type.
    """
    if not value.keys() <= forms.keys():
        raise unknown_name("field", next(name for name in value if name not in forms), forms, place)
    if len(value) < len(forms) and (missing := [n for n, field in forms.items() if field.required and n not in value]):
        raise NetworkError(f"{place} has no {missing[0]!r}; give {forms[missing[0]].form.wanted}")
    return {name: forms[name].form.decode(entry, f"{place}.{name}", arrays) for name, entry in value.items()}


@cache
def description_fields(cls: type) -> dict[str, FieldForm]:
    """How the fields of a class stand in a file, in order.

    Raises:
        NetworkError: One of them has a type that no file can hold.
    """
    hints = get_type_hints(cls)
    forms = {}
    for field in fields(cls):
        if not field.init:
            continue
        form = form_of(hints[field.name])
        if form is None or field.name == TYPE:
            raise NetworkError(
                f"a {cls.__name__} cannot be in a file because of its field {field.name!r}; fields are to be annotated "
                "as str, bool, int, float, arrays, Literal, descriptions, or tuples, dicts or unions of these"
            )
        forms[field.name] = FieldForm(form, _is_required(field), field.default is None)
    return forms


def form_of(hint: Any) -> Form | None:
    """How values of an annotated type stand in a file; None if they cannot."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in (ArrayLike, np.ndarray) or origin is np.ndarray:
        return Numbers()
    if origin in (Union, UnionType):
        return _form_of_union(arguments)
    if origin is Literal:
        return Choice(arguments)
    if origin is Annotated:
        return form_of(arguments[0])
    if origin in (tuple, list, Sequence):
        entries = [entry for entry in arguments if entry is not Ellipsis]
        item = _form_of_union(entries) if entries else None
        return item and Listed(item, list if origin is list else tuple)
    if origin in (dict, Mapping) and arguments[0] is str:
        item = form_of(arguments[1])
        return item and Named(item)
    if hint in PLAIN:
        return PLAIN[hint]
    if isinstance(hint, type) and hint.__module__ not in NEVER_DESCRIBED:
        return Described((hint,))
    return None


def _form_of_union(members: Sequence[Any]) -> Form | None:
    """One of several; ArrayLike is a union of many itself. Members that no file can hold are passed over."""
    unlike = set(members)
    like = set(get_args(ArrayLike))
    numeric = bool(like) and like <= unlike
    forms = [form_of(member) for member in members if not (numeric and member in like)]
    bases = tuple(base for form in forms if isinstance(form, Described) for base in form.bases)
    forms = [form for form in forms if form is not None and not isinstance(form, Described)]
    if numeric:
        forms = [Numbers(), *forms]
    if bases:
        forms.append(Described(bases))
    return None if not forms else forms[0] if len(forms) == 1 else OneOf(tuple(forms))


def _is_required(field: Field) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
