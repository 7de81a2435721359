"""How values that are made of others stand in a file: lists, objects by name, and unions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from sns_mujoco.network.files.forms import Arrays, Form, misfit


@dataclass(frozen=True, slots=True)
class Listed(Form):
    """Values of one type in order."""

    item: Form
    container: type

    @property
    def wanted(self) -> str:
        """See `Form`."""
        return f"a list, each entry {self.item.wanted}"

    def fits(self, value: Any) -> bool:
        """See `Form`."""
        return isinstance(value, list | tuple)

    def encode(self, value: Any, place: str, arrays: Arrays | None) -> Any:
        """See `Form`."""
        return list(self._each(self.item.encode, value, place, arrays))

    def decode(self, value: Any, place: str, arrays: Mapping[str, NDArray]) -> Any:
        """See `Form`."""
        return self.container(self._each(self.item.decode, value, place, arrays))

    def _each(self, act: Any, value: Any, place: str, arrays: Any) -> list[Any]:
        if not self.fits(value):
            raise misfit(place, value, self.wanted)
        return [act(entry, f"{place}[{k}]", arrays) for k, entry in enumerate(value)]

    def schema(self) -> dict[str, Any]:
        """See `Form`."""
        return {"type": "array", "items": self.item.schema()}


@dataclass(frozen=True, slots=True)
class Named(Form):
    """Values of one type by name."""

    item: Form

    @property
    def wanted(self) -> str:
        """See `Form`."""
        return f"an object, each entry {self.item.wanted}"

    def fits(self, value: Any) -> bool:
        """See `Form`."""
        return isinstance(value, Mapping)

    def encode(self, value: Any, place: str, arrays: Arrays | None) -> Any:
        """See `Form`."""
        return self._each(self.item.encode, value, place, arrays)

    def decode(self, value: Any, place: str, arrays: Mapping[str, NDArray]) -> Any:
        """See `Form`."""
        return self._each(self.item.decode, value, place, arrays)

    def _each(self, act: Any, value: Any, place: str, arrays: Any) -> dict[str, Any]:
        if not self.fits(value) or not all(isinstance(name, str) for name in value):
            raise misfit(place, value, self.wanted)
        return {name: act(entry, f"{place}.{name}", arrays) for name, entry in value.items()}

    def schema(self) -> dict[str, Any]:
        """See `Form`."""
        return {"type": "object", "additionalProperties": self.item.schema()}


@dataclass(frozen=True, slots=True)
class OneOf(Form):
    """A value of one of several types."""

    forms: tuple[Form, ...]

    @property
    def wanted(self) -> str:
        """See `Form`."""
        return ", or ".join(form.wanted for form in self.forms)

    def fits(self, value: Any) -> bool:
        """See `Form`."""
        return any(form.fits(value) for form in self.forms)

    def encode(self, value: Any, place: str, arrays: Arrays | None) -> Any:
        """See `Form`."""
        return self._form(value, place).encode(value, place, arrays)

    def decode(self, value: Any, place: str, arrays: Mapping[str, NDArray]) -> Any:
        """See `Form`."""
        return self._form(value, place).decode(value, place, arrays)

    def _form(self, value: Any, place: str) -> Form:
        for form in self.forms:
            if form.fits(value):
                return form
        raise misfit(place, value, self.wanted)

    def schema(self) -> dict[str, Any]:
        """See `Form`."""
        return {"anyOf": [form.schema() for form in self.forms]}
