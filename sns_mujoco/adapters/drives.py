"""How active a motor neuron or a muscle is, 0 to 1: what spindles and stretch receptors can be driven by."""

from dataclasses import dataclass
from typing import Any

from sns_mujoco.adapters import checks
from sns_mujoco.errors import AttachError


@dataclass(frozen=True, slots=True)
class Activation:
    """Activation of a non-spiking neuron: clip((V - lo) / (hi - lo), 0, 1).

    Attributes:
        neuron: Name of the neuron.
        range: Potentials (lo, hi) of no and of full activation, mV.

    Raises:
        AttachError: The range is empty or not finite.
    """

    neuron: str
    range: tuple[float, float] = (0.0, 20.0)

    def __post_init__(self) -> None:
        """Check what was given."""
        checks.named("Activation", "neuron", self.neuron)
        checks.ends(f"Activation({self.neuron!r})", "range", self.range)


@dataclass(frozen=True, slots=True)
class Excitation:
    """The excitation of the muscle itself: the control of its actuator, from 0 to 1."""


Drive = str | float | Activation | Excitation
"""The name of a neuron stands for its `Activation` over the usual range, and a number for itself."""


def drive(label: str, name: str, given: Any) -> Activation | Excitation | float | None:
    """What was meant.

    Raises:
        AttachError: It is none of the choices, or a negative number.
    """
    if given is None or isinstance(given, Activation | Excitation):
        return given
    if isinstance(given, str) and given:
        return Activation(given)
    if isinstance(given, int | float) and not isinstance(given, bool):
        checks.not_negative(label, name, given)
        return float(given)
    allowed = "the name of a neuron, an Activation, Excitation() or a number"
    raise AttachError(f"{label}: {name} is {given!r}; give {allowed}")
