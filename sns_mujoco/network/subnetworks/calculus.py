"""Functional subnetworks that differentiate and integrate."""

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import Network, NonSpikingNeuron
from sns_mujoco.network.checks import number
from sns_mujoco.network.subnetworks.filters import difference, far, leaky
from sns_mujoco.network.subnetworks.frame import Frame


class DifferentiatorNetwork(Network):
    """A neuron shows how fast another changes: U_out = R / slew_rate * dU_in/dt.

    A fast low-pass less a slow one (Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37):

        U_out / U_in = k (tau_slow - tau_fast) s / ((1 + tau_fast s) (1 + tau_slow s)),   tau_slow = tau_fast + R /
        (k slew_rate)

    So a ramp gives R * slope / slew_rate exactly, once it has lasted some tau_slow; it takes 3 tau_slow to get to 5 %.
    A larger amplification k makes tau_slow shorter. Input and output neurons smooth by tau_fast each. Measured, the
    steady answer to ramps of either sign, and the gain for sinusoids, are those of the formula to 0.2 %.

    In SNS-Toolbox the time constants and the gain change with the input, as the synapses add conductance (the slow
    neuron is down to half its tau); here the synapses are balanced, and the capacitances account for them.

    Neurons: Uin, Ufast, Uslow, Uout, as in SNS-Toolbox; any other name than the default one is put before them, so that
    several differentiators fit into one network.
    """

    def __init__(
        self,
        slew_rate: float = 1.0,
        name: str = "Differentiate",
        tau_fast: float = 1.0,
        R: float = 20.0,
        *,
        amplification: float = 1.0,
        resting_potential: float = 0.0,
        del_e: float | None = None,
    ) -> None:
        """Design the network.

        Args:
            slew_rate: Slope of the input at which the output is at R, mV/ms.
            name: Name.
            tau_fast: Time constant of all neurons but the slow one, ms.
            R: Range of the potentials, mV.
            amplification: k, by which the difference is multiplied; less than 2.5 with the default del_e.
            resting_potential: mV.
            del_e: Reversal potentials from rest, mV: this for excitation, its negative for inhibition; 5 R if left out.

        Raises:
            NetworkError: A number is out of bounds, or no conductances give the amplification.
        """
        super().__init__(name)
        owner = f"DifferentiatorNetwork {name!r}"
        relay = leaky(owner, tau_fast, resting_potential)
        frame = Frame.of(owner, relay, R)
        gain = number(owner, "amplification", amplification, above=0.0)
        slow = tau_fast + frame.span / (gain * number(owner, "slew_rate", slew_rate, above=0.0))
        before = "" if name == "Differentiate" else name
        names = [f"{before}{part}" for part in ("Uin", "Ufast", "Uslow", "Uout")]
        difference(self, frame, names, relay, (tau_fast, slow), gain, far(frame, del_e))


class IntegratorNetwork(Network):
    """Two neurons that inhibit each other keep what they are brought to: dU/dt = integration_gain * I.

    C = 1 / (2 gain), g = G R / |dE|, bias = G R, G = 1 uS (Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37).
    Both nullclines are then the same curve, U_1 + U_2 - U_1 U_2 / dE = R, and every point of it is an equilibrium. A
    current I (nA) into the first neuron moves both along it: d(U_1 - U_2)/dt = I / C exactly, and U_1 by its share of
    that, which changes with the place: at the default reversal potential the gain is from 0.8 (at U_1 = 0) to 1.2 times
    (at R) the one wanted. Balanced: g = G R / (|dE| - R), the curve becomes the line U_1 + U_2 = R, and the gain is
    exact; while the current flows, U_1 stands I / (4 (G + g)) off the line. U_1 holds any value from 0 to R.

    As in SNS-Toolbox, but e_hi follows R (there it is 20 mV always), and rest may lie anywhere.

    Neurons: Uint and Neuron, as in SNS-Toolbox; any other name than the default one is put before them, so that several
    integrators fit into one network. From the resting potential they settle at U_1 = U_2 within some C / G.
    """

    def __init__(
        self,
        integration_gain: float = 0.1,
        relative_reversal_potential: float = -40.0,
        R: float = 20.0,
        name: str = "Integrator",
        *,
        resting_potential: float = 0.0,
        start: float | None = None,
        balanced: bool = False,
    ) -> None:
        """Design the network.

        Args:
            integration_gain: Rate of change for each nA, mV/ms/nA.
            relative_reversal_potential: dE, of the inhibition from rest, mV, below 0.
            R: Range of the potentials, mV.
            name: Name.
            resting_potential: mV.
            start: U_1 at the start, mV from 0 to R, with U_2 in balance; both at rest if left out.
            balanced: Whether to make the gain the same everywhere; needs dE beyond -R.

        Raises:
            NetworkError: A number is out of bounds, or no conductance gives a line of rest.
        """
        super().__init__(name)
        owner = f"IntegratorNetwork {name!r}"
        reversal = number(owner, "relative_reversal_potential", relative_reversal_potential)
        if reversal >= 0:
            raise NetworkError(
                f"{owner}: relative_reversal_potential is {reversal:g} mV; the neurons inhibit each other: give one "
                "below 0"
            )
        rate = number(owner, "integration_gain", integration_gain, above=0.0)
        membrane = leaky(owner, 1.0 / (2.0 * rate), resting_potential)
        frame = Frame.of(owner, membrane, R)
        total = 1.0
        if balanced:  # U_1 + U_2 = R where (1 + g) R = g |dE|
            if -reversal <= frame.span:
                raise NetworkError(
                    f"{owner}: balanced, relative_reversal_potential must lie beyond -R = {-frame.span:g} mV; it is "
                    f"{reversal:g} mV"
                )
            conductance = frame.span / (-reversal - frame.span)
            total += conductance
        else:
            conductance = -frame.span / reversal
        neuron = NonSpikingNeuron(
            membrane_capacitance=membrane.membrane_capacitance,
            resting_potential=resting_potential,
            bias=total * frame.span,
        )
        at = [frame.rest] * 2
        if start is not None:
            first = number(owner, "start", start, least=0.0)
            if first > frame.span:
                raise NetworkError(f"{owner}: start is {first:g} mV; the neurons hold 0 to R = {frame.span:g} mV")
            second = frame.span - first if balanced else (frame.span - first) / (1.0 - first / reversal)
            at = [frame.rest + first, frame.rest + second]
        before = "" if name == "Integrator" else name
        self.add_neuron(neuron, f"{before}Uint", initial_value=at[0])
        self.add_neuron(neuron, f"{before}Neuron", initial_value=at[1])
        frame.join(self, 0, 1, conductance, reversal, balanced=balanced)
        frame.join(self, 1, 0, conductance, reversal, balanced=balanced)
