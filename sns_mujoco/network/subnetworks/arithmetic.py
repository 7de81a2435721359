"""Functional subnetworks that pass on, divide, add and subtract.

Source: Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37. Inputs and results are potentials above rest,
U = V - V_rest, between 0 and R (differences: -R to R); below rest a neuron passes nothing on. No network here has
inputs or outputs of its own: add those that you need.

One synapse for each input is the design of the paper. Its gain holds at full input, and its response is bent in
between; the classes say by how much. `balanced=True` adds a companion to each synapse (see `frame.py`), and then the
response is linear: the steady state is exact to round-off while the inputs lie between 0 and R. The result neuron is
then also faster, by the conductance that the synapses add.
"""

from numpy.typing import ArrayLike

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import Network, NonSpikingNeuron
from sns_mujoco.network.checks import number, numbers
from sns_mujoco.network.subnetworks.frame import Frame, plain


class TransmissionNetwork(Network):
    """One neuron passes its potential on, times a gain: U_out = gain * U_in.

    g = G gain R / (dE - gain R) (Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37). Exact at U_in = R; in between
    too strong by at most 5.6 % of R at gain 1 and the default reversal potential (17 % at dE = 2 R). Balanced: exact.

    Neurons: `<name>In`, `<name>Out`.
    """

    def __init__(
        self,
        gain: float = 1.0,
        name: str = "Transmit",
        neuron_type: NonSpikingNeuron | None = None,
        R: float = 20.0,
        *,
        del_e: float | None = None,
        balanced: bool = False,
    ) -> None:
        """Design the network.

        Args:
            gain: U_out / U_in; negative to invert.
            name: Name, and beginning of the neurons' names.
            neuron_type: Kind of its neurons; a default `NonSpikingNeuron` if left out.
            R: Range of the potentials, mV.
            del_e: Reversal potential above rest, mV, of the sign of the gain; 5 R or -5 R if left out.
            balanced: Whether to make the response linear.

        Raises:
            NetworkError: No conductance gives this gain.
        """
        super().__init__(name)
        neuron = plain(neuron_type)
        frame = Frame.of(f"TransmissionNetwork {name!r}", neuron, R)
        gain = number(frame.owner, "gain", gain)
        reversal = (5.0 if gain > 0 else -5.0) * frame.span if del_e is None else number(frame.owner, "del_e", del_e)
        self.add_neuron(neuron, f"{name}In")
        self.add_neuron(neuron, f"{name}Out")
        (conductance,) = frame.conductances([gain], [reversal], balanced=balanced)
        frame.join(self, f"{name}In", f"{name}Out", conductance, reversal, balanced=balanced)


class ModulationNetwork(Network):
    """One neuron divides another's response to current: U_target = (I / G) / (1 + (1 / ratio - 1) U_modulator / R).

    g = G (1 / ratio - 1), reversal potential at rest (Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37). Exact
    to round-off for a current I that is applied from outside; input through other synapses is divided less
    (`DivisionNetwork` accounts for them).

    Neurons: `<name>Modulator`, `<name>Target`.
    """

    def __init__(
        self,
        ratio: float,
        name: str = "Modulation",
        neuron_type: NonSpikingNeuron | None = None,
        R: float = 20.0,
    ) -> None:
        """Design the network.

        Args:
            ratio: Response at U_modulator = R over that at 0; more than 0, at most 1.
            name: Name, and beginning of the neurons' names.
            neuron_type: Kind of its neurons; a default `NonSpikingNeuron` if left out.
            R: Range of the potentials, mV.

        Raises:
            NetworkError: The ratio is out of bounds.
        """
        super().__init__(name)
        neuron = plain(neuron_type)
        frame = Frame.of(f"ModulationNetwork {name!r}", neuron, R)
        self.add_neuron(neuron, f"{name}Modulator")
        self.add_neuron(neuron, f"{name}Target")
        frame.join(self, 0, 1, frame.conductance * shunt(frame.owner, ratio), 0.0)


class AdditionNetwork(Network):
    """A neuron adds up others, each times its gain: U_sum = sum gains[i] * U_i.

    g = G k R / (dE - k R) for each, with the reversal potential of its sign (Szczecinski, Hunt & Quinn 2017, Front
    Neurorobot 11:37). Each gain is exact when its input alone is at R. Together they hold each other back: two gains
    of 0.5 reach 0.91 R instead of R, gains 1 and -1 at full input give -0.33 R instead of 0 (where that matters, see
    `SubtractionNetwork`). Balanced: exact, as long as sum k R / dE stays below 1.

    As in SNS-Toolbox, but with the R that is given (there it is 20 always), and reversal potentials from rest (there
    from 0 mV).

    Neurons: `<name>Sum`, `<name>Src0`, `<name>Src1`, ...
    """

    def __init__(
        self,
        gains: ArrayLike,
        add_del_e: float = 100.0,
        sub_del_e: float = -40.0,
        neuron_type: NonSpikingNeuron | None = None,
        name: str = "Add",
        R: float = 20.0,
        *,
        balanced: bool = False,
    ) -> None:
        """Design the network.

        Args:
            gains: Gain of each input [n]; negative to subtract.
            add_del_e: Reversal potential of the positive ones above rest, mV.
            sub_del_e: That of the negative ones, mV, below 0.
            neuron_type: Kind of its neurons; a default `NonSpikingNeuron` if left out.
            name: Name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            balanced: Whether to make the response linear.

        Raises:
            NetworkError: There are no gains, or no conductances give them.
        """
        super().__init__(name)
        neuron = plain(neuron_type)
        frame = Frame.of(f"AdditionNetwork {name!r}", neuron, R)
        values = numbers(frame.owner, "gains", gains)
        if values.ndim != 1 or not values.size:
            raise NetworkError(f"{frame.owner}: gains is {gains!r}; give a list with the gain of each input")
        add, sub = number(frame.owner, "add_del_e", add_del_e), number(frame.owner, "sub_del_e", sub_del_e)
        reversals = [add if gain > 0 else sub for gain in values]
        conductances = frame.conductances(values.tolist(), reversals, balanced=balanced)
        self.add_neuron(neuron, f"{name}Sum")
        for i in range(len(values)):
            self.add_neuron(neuron, f"{name}Src{i}")
        for i, (conductance, reversal) in enumerate(zip(conductances, reversals, strict=True)):
            frame.join(self, i + 1, 0, conductance, reversal, balanced=balanced)


class SubtractionNetwork(Network):
    """A neuron takes the difference of two: U_difference = gain * (U_plus - U_minus).

    g_plus = G k R / (dE_plus - k R), and g_minus such that both currents cancel at rest, g_minus = g_plus dE_plus /
    |dE_minus| (Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37). So equal inputs give exactly 0, and U_plus = R
    alone is exact; a negative difference comes out too small, at gain 1 by at most 23 % of R. Balanced: exact.

    Neurons: `<name>Plus`, `<name>Minus`, `<name>Difference`.
    """

    def __init__(
        self,
        gain: float = 1.0,
        name: str = "Subtract",
        neuron_type: NonSpikingNeuron | None = None,
        R: float = 20.0,
        *,
        add_del_e: float | None = None,
        sub_del_e: float | None = None,
        balanced: bool = False,
    ) -> None:
        """Design the network.

        Args:
            gain: U_difference / (U_plus - U_minus), more than 0.
            name: Name, and beginning of the neurons' names.
            neuron_type: Kind of its neurons; a default `NonSpikingNeuron` if left out.
            R: Range of the potentials, mV.
            add_del_e: Reversal potential of the excitation above rest, mV; 5 R if left out.
            sub_del_e: That of the inhibition, mV, below 0; -2 R if left out.
            balanced: Whether to make the response linear.

        Raises:
            NetworkError: No conductances give this gain.
        """
        super().__init__(name)
        neuron = plain(neuron_type)
        frame = Frame.of(f"SubtractionNetwork {name!r}", neuron, R)
        gain = number(frame.owner, "gain", gain, above=0.0)
        add = 5.0 * frame.span if add_del_e is None else number(frame.owner, "add_del_e", add_del_e)
        sub = -2.0 * frame.span if sub_del_e is None else number(frame.owner, "sub_del_e", sub_del_e)
        if sub >= 0:
            raise NetworkError(f"{frame.owner}: sub_del_e is {sub:g} mV; inhibition needs one below 0")
        for part in ("Plus", "Minus", "Difference"):
            self.add_neuron(neuron, f"{name}{part}")
        if balanced:
            plus, minus = frame.conductances([gain, -gain], [add, sub], balanced=True)
        else:
            (plus,) = frame.conductances([gain], [add])
            minus = plus * add / -sub
        frame.join(self, 0, 2, plus, add, balanced=balanced)
        frame.join(self, 1, 2, minus, sub, balanced=balanced)


def shunt(owner: str, ratio: float) -> float:
    """Conductance that divides a response by 1 / ratio, in units of the conductance that it meets.

    Raises:
        NetworkError: The ratio is out of bounds.
    """
    value = number(owner, "ratio", ratio, above=0.0)
    if value > 1:
        raise NetworkError(f"{owner}: ratio is {value:g}; a synapse can only reduce a response: give 1 or less")
    return 1.0 / value - 1.0
