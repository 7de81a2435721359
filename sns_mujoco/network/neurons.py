"""Neuron models: plain descriptions of what a neuron is, without any stepping.

Units: nF, uS, mV, nA, ms. A parameter of a neuron that is used for a population may be an array with one value for
every neuron of it. Names, defaults and equations of the first two kinds are SNS-Toolbox's (Nourse et al. 2023,
Biomimetics 8(2):247).

    C dV/dt = -G (V - V_rest) + bias + I_synapses + I_applied + I_channels

With `compile(integrator="exponential")` this membrane is advanced by its exact solution while its conductances and
currents stand still; otherwise by forward Euler.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import numbers, settle, text

ResetMode = Literal["value", "subtract"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neuron:
    """What every neuron has, whatever its equations.

    Attributes:
        name: Name of the kind, and of its neurons where none is given.
        color: Colour in pictures.
        resting_potential: V_rest, mV: the potential at the start, unless one is given.
        bias: Constant current, nA.

    Raises:
        NetworkError: A number is not finite.
    """

    PER_NEURON: ClassVar[tuple[str, ...]] = ("resting_potential", "bias")

    name: str = "Neuron"
    color: str = "white"
    resting_potential: ArrayLike = 0.0
    bias: ArrayLike = 0.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        text(type(self).__name__, "name", self.name)
        text(self.label, "color", self.color)
        settle_numbers(self, "resting_potential", "bias")

    @property
    def label(self) -> str:
        """How messages name this description."""
        return f"{type(self).__name__} {self.name!r}"

    @property
    def spikes(self) -> bool:
        """Whether it can spike."""
        return False

    @property
    def channels(self) -> dict[str, NDArray[np.float64]]:
        """Its ion channels in general form: nothing here.

        Neurons with channels return `CHANNEL_PARAMETERS`, each [n_channels, 1] or [n_channels, n_neurons].
        """
        return {}

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of its variables besides the potential, where it has equations of its own."""
        return ()

    @property
    def per_neuron(self) -> dict[str, Any]:
        """What takes one value, or one for each neuron of a population."""
        return {name: getattr(self, name) for name in self.PER_NEURON}


@dataclass(frozen=True, slots=True, kw_only=True)
class NonSpikingNeuron(Neuron):
    """A leaky membrane: its potential is its message.

    Driven by a current x with G = 1 uS, it is the leaky integrator of other simulators, tau dV/dt = (V_rest - V) + x
    with tau = C / G in ms (Norse's LIBoxCell); with `through=CurrentSynapse(1.0, tau_syn)` at its input, the leaky
    integrator with a synaptic current (Norse's LICell).

    Attributes:
        membrane_capacitance: C, nF.
        membrane_conductance: G, uS; zero makes a perfect integrator.

    Raises:
        NetworkError: A number is not finite, a capacitance is not positive, or a conductance is negative.
    """

    PER_NEURON: ClassVar[tuple[str, ...]] = (*Neuron.PER_NEURON, "membrane_capacitance", "membrane_conductance")

    membrane_capacitance: ArrayLike = 5.0
    membrane_conductance: ArrayLike = 1.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        Neuron.__post_init__(self)
        settle_numbers(self, "membrane_capacitance", above=0.0)
        settle_numbers(self, "membrane_conductance", least=0.0)


@dataclass(frozen=True, slots=True)
class SpikingNeuron(NonSpikingNeuron):
    """A generalised leaky integrate-and-fire neuron whose threshold moves.

        tau dtheta/dt = leak (theta_0 - theta) + m (V - V_rest)

    When V exceeds theta, the neuron spikes: V goes to the reset potential, and theta to
    max(theta + increment, floor). A positive m raises the threshold with the potential, so the rate adapts; a
    negative one lowers it. (SNS-Toolbox's documentation has the signs the other way round; its code does
    this.)

    With a threshold that jumps at every spike and decays between them it is the adaptive neuron of long short-term
    memory spiking networks (Bellec et al. 2018, NeurIPS 31; Norse's LSNN): threshold_time_constant tau_b,
    threshold_increment beta, reset_potential, and a threshold_floor below all thresholds. (Norse's cell uses the
    synaptic current before a step's input reaches it, so its input is to be given here one step later.)

    Attributes:
        threshold_time_constant: tau, ms.
        threshold_initial_value: theta_0, mV.
        threshold_proportionality_constant: m.
        threshold_leak_rate: leak.
        threshold_increment: mV, added at every spike.
        threshold_floor: mV, least threshold after a spike; the resting potential if left out.
        reset_potential: mV; the resting potential if left out.
        refractory_period: ms after a spike during which the neuron stays at its reset potential.
        reset_mode: "value": a spike sets V to the reset potential. "subtract": it takes theta - V_reset off V, so that
            what was above the threshold is not lost.
    """

    PER_NEURON: ClassVar[tuple[str, ...]] = (
        *NonSpikingNeuron.PER_NEURON, "threshold_time_constant", "threshold_initial_value",
        "threshold_proportionality_constant", "threshold_leak_rate", "threshold_increment", "threshold_floor",
        "reset_potential", "refractory_period",
    )  # fmt: skip

    threshold_time_constant: ArrayLike = 5.0
    threshold_initial_value: ArrayLike = 1.0
    threshold_proportionality_constant: ArrayLike = 0.0
    threshold_leak_rate: ArrayLike = 1.0
    threshold_increment: ArrayLike = 0.0
    threshold_floor: ArrayLike | None = None
    reset_potential: ArrayLike | None = None
    refractory_period: ArrayLike = 0.0
    reset_mode: ResetMode = "value"

    def __post_init__(self) -> None:
        """Check the numbers."""
        NonSpikingNeuron.__post_init__(self)
        settle_numbers(self, "threshold_time_constant", above=0.0)
        settle_numbers(
            self, "threshold_initial_value", "threshold_proportionality_constant", "threshold_leak_rate",
            "threshold_increment",
        )  # fmt: skip
        settle_numbers(self, *(n for n in ("threshold_floor", "reset_potential") if getattr(self, n) is not None))
        settle_numbers(self, "refractory_period", least=0.0)
        if self.reset_mode not in ("value", "subtract"):
            raise NetworkError(f"{self.label}: reset_mode is {self.reset_mode!r}; give 'value' or 'subtract'")

    @property
    def spikes(self) -> bool:
        """See `Neuron.spikes`."""
        return True


class LIFNeuron(SpikingNeuron):
    """A leaky integrate-and-fire neuron: a `SpikingNeuron` whose threshold stands still.

        tau dV/dt = (V_rest - V) + (I + bias) / G;   where V > threshold: a spike, and V goes to V_reset

    Its synapses are of any kind. Driven by a current it is the cell that Norse calls LIFBoxCell; with
    `net.add_input(..., through=CurrentSynapse(1.0, tau_syn))` and such synapses between neurons its LIFCell; with a
    refractory_period its LIFRefracCell.
    """

    __slots__ = ()

    def __init__(
        self,
        membrane_time_constant: ArrayLike = 10.0,
        threshold: ArrayLike = 1.0,
        *,
        membrane_conductance: ArrayLike = 1.0,
        resting_potential: ArrayLike = 0.0,
        reset_potential: ArrayLike | None = None,
        refractory_period: ArrayLike = 0.0,
        reset_mode: ResetMode = "value",
        bias: ArrayLike = 0.0,
        name: str = "Neuron",
        color: str = "white",
    ) -> None:
        """Design the neuron; arrays have one value for each neuron of a population.

        Args:
            membrane_time_constant: tau = C / G, ms.
            threshold: mV; a spike where the potential exceeds it.
            membrane_conductance: G, uS: at 1, a current of 1 nA moves the potential by 1 mV in the end.
            resting_potential: V_rest, mV.
            reset_potential: V_reset, mV; the resting potential if left out.
            refractory_period: ms after a spike during which the neuron stays at its reset potential.
            reset_mode: "value" or "subtract", see `SpikingNeuron`.
            bias: Constant current, nA.
            name: Name of the kind.
            color: Colour in pictures.

        Raises:
            NetworkError: A number is not finite, or a time constant or conductance is not positive.
        """
        label = f"LIFNeuron {name!r}"
        tau = numbers(label, "membrane_time_constant", membrane_time_constant, above=0.0)
        conductance = numbers(label, "membrane_conductance", membrane_conductance, above=0.0)
        if tau.ndim and conductance.ndim and tau.shape != conductance.shape:
            raise NetworkError(
                f"{label}: membrane_time_constant has shape {tau.shape} and membrane_conductance {conductance.shape}; "
                "give a number, or one for each neuron"
            )
        super().__init__(
            name=name, color=color, resting_potential=resting_potential, bias=bias,
            membrane_capacitance=tau * conductance, membrane_conductance=conductance, threshold_initial_value=threshold,
            threshold_floor=threshold, threshold_leak_rate=0.0, reset_potential=reset_potential,
            refractory_period=refractory_period,
            reset_mode=reset_mode,
        )  # fmt: skip

    @property
    def membrane_time_constant(self) -> Any:
        """C / G, ms."""
        return np.asarray(self.membrane_capacitance) / np.asarray(self.membrane_conductance)


def settle_numbers(neuron: Neuron, *names: str, **bounds: float) -> None:
    """Check parameters of a neuron, and keep them.

    Raises:
        NetworkError: One is not numeric, not finite, or out of bounds.
    """
    for name in names:
        settle(neuron, name, numbers(neuron.label, name, getattr(neuron, name), **bounds))
