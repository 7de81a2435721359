"""Pools of motor units: spikes through twitches, after Fuglevand, Winter & Patla 1993 (J Neurophysiol 70:2470).

A spike of unit i adds a twitch of its muscle fibres, f(t) = g P t/T exp(1 - t/T), with the peak force P at the
contraction time T: a critically damped system of second order. In a train whose interval between spikes is ISI,
twitches fuse, and each counts for

    g = 1 where T / ISI < 0.4, else (S(T/ISI) / (T/ISI)) / (S(0.4) / 0.4),   S(r) = 1 - exp(-2 r^3)

so that the mean force of a unit rises with its rate as a sigmoid, to 0.4 e / S(0.4) = 9.05 times P.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.adapters import checks
from sns_mujoco.adapters.efferents import Efferent
from sns_mujoco.adapters.native.driving import FUSED, FUSION
from sns_mujoco.errors import AttachError

TETANUS = FUSION * math.e / FUSED
"""Force of a fused tetanus over that of a twitch."""


@dataclass(frozen=True, slots=True)
class Twitch:
    """Twitches of a pool's units.

    Attributes:
        contraction_time: T, ms; one for all units, or one for each in the order of the neurons.
        force: P relative to the other units' ones; one for all, or one for each.

    Raises:
        AttachError: A number is not above zero.
    """

    contraction_time: float | Sequence[float] = 90.0
    force: float | Sequence[float] = 1.0

    def __post_init__(self) -> None:
        """Check what was given."""
        for name in ("contraction_time", "force"):
            value = getattr(self, name)
            many = isinstance(value, Iterable)
            for number in value if many else (value,):
                checks.positive("Twitch", name, number)
            if many:
                object.__setattr__(self, name, tuple(float(number) for number in value))

    @staticmethod
    def by_size(units: int, *, forces: float = 100.0, times: float = 3.0, longest: float = 90.0) -> "Twitch":
        """Twitches from the smallest, slowest to the largest, fastest unit: P = exp(i ln(forces) / units).

        The contraction time falls with the force by a power such that it spans its own range: T = longest P^(-1/c) with
        c = ln(forces) / ln(times). The defaults are those of Fuglevand et al. 1993.

        Args:
            units: How many there are.
            forces: Range of twitch forces: the largest over the smallest.
            times: Range of contraction times.
            longest: Contraction time of the smallest unit, ms.
        """
        checks.whole("Twitch.by_size", "units", units)
        for name, value in (("forces", forces), ("times", times)):
            checks.positive("Twitch.by_size", name, value)
            if value <= 1.0:
                raise AttachError(f"Twitch.by_size: {name} is {value!r}; give the largest over the smallest, above 1")
        checks.positive("Twitch.by_size", "longest", longest)
        force = np.exp(np.log(forces) / units * np.arange(1, units + 1))
        time = longest * force ** (-np.log(times) / np.log(forces))
        return Twitch(contraction_time=tuple(time.tolist()), force=tuple(force.tolist()))

    def per_unit(self, label: str, units: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Contraction times (ms) and forces of so many units.

        Raises:
            AttachError: It has numbers for more or for fewer.
        """
        found = []
        for name in ("contraction_time", "force"):
            value = np.asarray(getattr(self, name), float)
            if value.ndim and len(value) != units:
                raise AttachError(f"{label}: the twitch has {len(value)} numbers as {name} for {units} units")
            found.append(np.broadcast_to(value, units))
        return found[0], found[1]


@dataclass(frozen=True, slots=True)
class MotorPool(Efferent):
    """Spiking motor neurons drive a muscle together, each through the twitches of its unit.

    The activation is the pool's force over that of all units in fused tetanus, 0 to 1; it is 0 after a reset. Of the
    ramp, `range` counts in this activation.

    Attributes:
        neurons: Name of a population of spiking neurons, or several names.
        twitch: Their twitches.
        output: Control (at zero, at full activation), in the actuator's unit; a muscle takes (0, 1).
        range: Forces (lo, hi) of zero and full activation, as shares of the greatest one.
    """

    sources: ClassVar[tuple[str, ...]] = ("neurons",)

    neurons: str | tuple[str, ...]
    twitch: Twitch = Twitch()
    output: tuple[float, float] = (0.0, 1.0)
    range: tuple[float, float] = field(default=(0.0, 1.0), kw_only=True)

    def __post_init__(self) -> None:
        """Check what was given."""
        if isinstance(self.neurons, list):
            object.__setattr__(self, "neurons", tuple(self.neurons))
        if not isinstance(self.twitch, Twitch):
            raise AttachError(f"{self.label}: twitch is {self.twitch!r}; give a Twitch")
        checks.ends(self.label, "output", self.output)
        Efferent.__post_init__(self)
        if self.sigmoid is not None:
            raise AttachError(f"{self.label}: the sigmoid is one of potentials, and a pool has none; give a curve")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the neurons or populations."""
        return self.neurons if isinstance(self.neurons, tuple) else (self.neurons,)

    @property
    def terms(self) -> tuple[tuple[str, float], ...]:
        """The names, with the span of the control."""
        return tuple((name, self.output[1] - self.output[0]) for name in self.names)

    @property
    def base(self) -> float:
        """Control at zero activation."""
        return self.output[0]
