"""The functional subnetworks of SNS-Toolbox, with its numbers.

The rules are those of Szczecinski, Hunt & Quinn 2017 (Front Neurorobot 11:37). Where SNS-Toolbox departs from them it
is followed: the sum is designed for a range of 20 mV whatever the range asked for, and the product takes no account of
the resting potential.
"""

from collections.abc import Sequence
from typing import Any

from sns_mujoco.errors import NetworkError
from sns_mujoco.interop.sns_toolbox.connections import (
    NonSpikingModulationSynapse,
    NonSpikingSynapse,
    NonSpikingTransmissionSynapse,
)
from sns_mujoco.interop.sns_toolbox.network import Network
from sns_mujoco.interop.sns_toolbox.neurons import Neuron, NonSpikingNeuron


class AdditionNetwork(Network):
    """A weighted sum: neuron 0 sums up the neurons after it."""

    def __init__(
        self, gains: Sequence[float], add_del_e: float = 100.0, sub_del_e: float = -40.0,
        neuron_type: Neuron | None = None, name: str = "Add", R: float = 20.0, **kwargs: Any,
    ) -> None:  # fmt: skip
        """Build it.

        Args:
            gains: Weight of each source.
            add_del_e: Reversal potential of synapses with a positive weight, mV.
            sub_del_e: Reversal potential of the others, mV.
            neuron_type: Kind of its neurons; `NonSpikingNeuron()` if left out.
            name: Its name, with which the names of its neurons begin.
            R: Replaced by 20 mV, as in SNS-Toolbox, whose scripts may give one.
            kwargs: More for `Network`.

        Raises:
            NetworkError: No positive conductance gives a weight.
        """
        super().__init__(name, **kwargs)
        neuron = neuron_type or NonSpikingNeuron()
        self.add_neuron(neuron, f"{name}Sum")
        for i, gain in enumerate(gains):
            reversal = add_del_e if gain > 0 else sub_del_e
            e_lo = neuron.params["resting_potential"]
            self.add_neuron(neuron, f"{name}Src{i}")
            synapse = NonSpikingTransmissionSynapse(float(gain), reversal_potential=reversal, e_lo=e_lo)
            self.add_connection(synapse, i + 1, 0)


class MultiplicationNetwork(Network):
    """About the product of the neurons 0 and 1, over R, in neuron 3."""

    def __init__(
        self, neuron_type: Neuron | None = None, name: str = "Multiply", R: float = 20.0, **kwargs: Any
    ) -> None:
        """Build it.

        Args:
            neuron_type: Kind of its neurons; `NonSpikingNeuron()` if left out.
            name: Its name, with which the names of its neurons begin.
            R: Range of the potentials, mV.
            kwargs: More for `Network`.

        Raises:
            NetworkError: R is too large for the transmission.
        """
        super().__init__(name, **kwargs)
        for part in ("0", "1", "Inter", "Result"):
            self.add_neuron(neuron_type or NonSpikingNeuron(), name + part)
        modulation = NonSpikingSynapse(max_conductance=R, reversal_potential=-1.0)
        self.add_connection(NonSpikingTransmissionSynapse(1.0, R=R), 0, 3)
        self.add_connection(modulation, 1, 2)
        self.add_connection(modulation, 2, 3)


class DivisionNetwork(Network):
    """About neuron 0 divided by neuron 1, in neuron 2."""

    def __init__(
        self, gain: float, ratio: float, name: str = "Divide", neuron_type: Neuron | None = None, R: float = 20.0,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """Build it.

        Args:
            gain: U_2 / U_0 without modulation.
            ratio: What is left of it under full modulation.
            name: Its name, with which the names of its neurons begin.
            neuron_type: Kind of its neurons; `NonSpikingNeuron()` if left out.
            R: Range of the potentials, mV.
            kwargs: More for `Network`.

        Raises:
            NetworkError: No positive conductance gives this gain or ratio.
        """
        super().__init__(name, **kwargs)
        for part in ("Transmit", "Modulate", "Results"):
            self.add_neuron(neuron_type or NonSpikingNeuron(), name + part)
        self.add_connection(NonSpikingTransmissionSynapse(gain, R=R), 0, 2)
        self.add_connection(NonSpikingModulationSynapse(ratio), 1, 2)


class DifferentiatorNetwork(Network):
    """The derivative of the neuron "Uin" in "Uout": the difference of a fast and a slow copy."""

    def __init__(
        self, slew_rate: float = 1.0, name: str = "Differentiate", tau_fast: float = 1.0, R: float = 20.0, **kwargs: Any
    ) -> None:
        """Build it.

        Args:
            slew_rate: Steepest signal, mV/ms.
            name: Its name.
            tau_fast: Time constant of the fast neurons, ms.
            R: Range of the potentials, mV.
            kwargs: More for `Network`.

        Raises:
            NetworkError: A number makes no sense.
        """
        super().__init__(name, **kwargs)
        fast = NonSpikingNeuron(membrane_capacitance=tau_fast)
        slow = NonSpikingNeuron(membrane_capacitance=tau_fast + R / slew_rate)
        for neuron, part in ((fast, "Uin"), (fast, "Ufast"), (slow, "Uslow"), (fast, "Uout")):
            self.add_neuron(neuron, part)
        add = NonSpikingTransmissionSynapse(1.0, R=R, reversal_potential=40.0)
        subtract = NonSpikingTransmissionSynapse(-1.0, R=R, reversal_potential=-40.0)
        for synapse, source, destination in ((add, 0, 1), (add, 0, 2), (add, 1, 3), (subtract, 2, 3)):
            self.add_connection(synapse, source, destination)


class IntegratorNetwork(Network):
    """The integral of its input in the neuron "Uint": two neurons that inhibit each other."""

    def __init__(
        self, integration_gain: float = 0.1, relative_reversal_potential: float = -40.0, R: float = 20.0,
        name: str = "Integrator", **kwargs: Any,
    ) -> None:  # fmt: skip
        """Build it.

        Args:
            integration_gain: 1 / (2 C).
            relative_reversal_potential: Reversal potential of its synapses, mV; less than 0.
            R: Range of the potentials, mV.
            name: Its name.
            kwargs: More for `Network`.

        Raises:
            NetworkError: The reversal potential is not less than 0.
        """
        super().__init__(name, **kwargs)
        if not relative_reversal_potential < 0:
            raise NetworkError(
                f"IntegratorNetwork {name!r}: relative_reversal_potential is {relative_reversal_potential:g}; give "
                "less than 0"
            )
        neuron = NonSpikingNeuron(membrane_capacitance=1 / (2 * integration_gain), bias=R)
        inhibition = NonSpikingSynapse(-R / relative_reversal_potential, relative_reversal_potential)
        self.add_neuron(neuron, "Uint")
        self.add_neuron(neuron)
        self.add_connection(inhibition, 0, 1)
        self.add_connection(inhibition, 1, 0)
