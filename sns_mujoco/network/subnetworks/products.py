"""Functional subnetworks that multiply and divide potentials above rest, U = V - V_rest, between 0 and R."""

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.network import Network, NonSpikingNeuron
from sns_mujoco.network.checks import number
from sns_mujoco.network.subnetworks.arithmetic import shunt
from sns_mujoco.network.subnetworks.frame import Frame, plain

# a: how strong the shunts of a multiplication are, as a multiple of the conductance that they meet
STRENGTH = 20.0  # where a sets the accuracy
GENTLE = 4.0  # where the product is exact with any; weak ones allow longer steps


class MultiplicationNetwork(Network):
    """A neuron multiplies two others: U_result = U_0 * U_1 / R.

    U_0 excites the result, a tonically active interneuron shunts it, and U_1 silences the interneuron (the circuit of
    Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37). With a = 20, the interneuron settles at R (1 - u_1) /
    (1 + a u_1), and its shunt divides the result by (1 + a) / (1 + a u_1): proportional to u_1 but for a remnant of
    1 / (1 + a). A slightly hyperpolarised reversal potential centres the remnant around 0, so the product is off by at
    most 2.4 % of R.

    SNS-Toolbox leaves the interneuron without the bias that makes it tonically active, so that there the result follows
    U_0 alone; it also takes e_hi = 20 mV for every R, and reversal potentials from 0 mV. Here U_0 is passed on
    linearly, by a balanced synapse.

    Neurons: `<name>0`, `<name>1`, `<name>Inter`, `<name>Result`. With `exact`, a fifth one, `<name>Shunted`, does the
    shunting, and the result takes the remnant from it: then the product is exact to round-off for inputs from 0 to R.
    """

    def __init__(
        self,
        neuron_type: NonSpikingNeuron | None = None,
        name: str = "Multiply",
        R: float = 20.0,
        *,
        del_e: float = 40.0,
        exact: bool = False,
    ) -> None:
        """Design the network.

        Args:
            neuron_type: Kind of its neurons; a default `NonSpikingNeuron` if left out. Shunts bring the result to 42
                times its conductance (at del_e = 2 R; if exact, to 10 times), which limits the neural step.
            name: Name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            del_e: Reversal potential of excitation above rest, mV, more than R (1.5 R if exact).
            exact: Whether to add the neuron that makes the product exact.

        Raises:
            NetworkError: The reversal potential is too close to rest.
        """
        super().__init__(name)
        neuron = plain(neuron_type)
        frame = Frame.of(f"MultiplicationNetwork {name!r}", neuron, R)
        for part in ("0", "1", "Inter", "Result"):
            self.add_neuron(tonic(frame, neuron) if part == "Inter" else neuron, f"{name}{part}")
        if exact:
            self.add_neuron(neuron, f"{name}Shunted")
        multiply(self, frame, name, number(frame.owner, "del_e", del_e), exact=exact)


def tonic(frame: Frame, neuron: NonSpikingNeuron) -> NonSpikingNeuron:
    """The same neuron, kept at R above rest by a bias."""
    return NonSpikingNeuron(
        name=neuron.name,
        color=neuron.color,
        membrane_capacitance=neuron.membrane_capacitance,
        membrane_conductance=frame.conductance,
        resting_potential=neuron.resting_potential,
        bias=number(frame.owner, "bias", neuron.bias) + frame.conductance * frame.span,
    )


def multiply(network: Network, frame: Frame, name: str, del_e: float, *, exact: bool, pairs: ArrayLike = 1.0) -> None:
    """Connect the neurons `<name>0`, `<name>1`, `<name>Inter`, `<name>Result` and, if exact, `<name>Shunted`.

    Args:
        network: Where they are.
        frame: Theirs.
        name: Beginning of their names.
        del_e: Reversal potential of excitation above rest, mV.
        exact: Whether the remnant is taken off.
        pairs: The identity matrix where each is a population of several.

    Raises:
        NetworkError: The reversal potential is too close to rest.
    """

    def join(source: str, destination: str, conductance: float, delta_e: float, *, balanced: bool = False) -> None:
        weights = conductance * np.asarray(pairs)
        frame.join(network, f"{name}{source}", f"{name}{destination}", weights, delta_e, balanced=balanced)

    product, a = ("Shunted", GENTLE) if exact else ("Result", STRENGTH)
    (excitation,) = frame.conductances([1.0], [del_e], balanced=True)
    join("0", product, excitation, del_e, balanced=True)
    join("1", "Inter", a * frame.conductance, -frame.span / a)
    # without the remnant taken off exactly, half of it is: R / (2 (1 + a)) at u_1 = 0
    centring = 0.0 if exact else -frame.span / (2.0 * a)
    join("Inter", product, a * (frame.conductance + excitation), centring)
    if exact:
        gains, reversals = [1.0 + 1.0 / a, -1.0 / a], [del_e, -del_e]
        passed, remnant = frame.conductances(gains, reversals, balanced=True)
        join("Shunted", "Result", passed, del_e, balanced=True)
        join("0", "Result", remnant, -del_e, balanced=True)


class DivisionNetwork(Network):
    """A neuron divides one by another: U_result = gain * U_0 / (1 + (1 / ratio - 1) * U_1 / R).

    U_0 excites the result by a balanced synapse, g = G k R / (dE - k R), and U_1 shunts it with (G + g) (1 / ratio - 1)
    (after Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37). Exact to round-off for inputs from 0 to R.

    SNS-Toolbox does not count g where it designs the shunt, so that with gain 1 a ratio of 0.5 is 0.67 there; it also
    takes e_hi = 20 mV for every R, and reversal potentials from 0 mV.

    Neurons: `<name>Transmit` (U_0), `<name>Modulate` (U_1), `<name>Results`.
    """

    def __init__(
        self,
        gain: float,
        ratio: float,
        name: str = "Divide",
        neuron_type: NonSpikingNeuron | None = None,
        R: float = 20.0,
        *,
        del_e: float = 40.0,
    ) -> None:
        """Design the network.

        Args:
            gain: U_result / U_0 where U_1 is 0.
            ratio: Result at U_1 = R over that at U_1 = 0; more than 0, at most 1.
            name: Name, and beginning of the neurons' names.
            neuron_type: Kind of its neurons; a default `NonSpikingNeuron` if left out.
            R: Range of the potentials, mV.
            del_e: Reversal potential of excitation above rest, mV, more than gain * R.

        Raises:
            NetworkError: The ratio is out of bounds, or no conductance gives this gain.
        """
        super().__init__(name)
        neuron = plain(neuron_type)
        frame = Frame.of(f"DivisionNetwork {name!r}", neuron, R)
        reversal = number(frame.owner, "del_e", del_e)
        (excitation,) = frame.conductances([number(frame.owner, "gain", gain)], [reversal], balanced=True)
        for part in ("Transmit", "Modulate", "Results"):
            self.add_neuron(neuron, f"{name}{part}")
        frame.join(self, 0, 2, excitation, reversal, balanced=True)
        frame.join(self, 1, 2, (frame.conductance + excitation) * shunt(frame.owner, ratio), 0.0)
