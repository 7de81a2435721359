"""Reflex arcs of a limb's muscles as motifs, each with named inputs and outputs.

Afferents, interneurons and motor neurons are leaky membranes of 1 uS with potentials from rest to R above. R nA into an
afferent make it fully active. Gains are those of single synapses, as in `AdditionNetwork`: at the steady state exact
when that input alone is at R, while several at one neuron hold each other back.

Neurons are called after their muscle: "flexor Ia", "flexor motor". The inputs are "<muscle> Ia" and "<muscle> Ib" where
there are such afferents, and "<muscle> drive", descending onto the motor neuron; the outputs are the potentials
"<muscle> motor". All these take up to 1 uS, so gains must be less than 5 for excitation and 2 for inhibition.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import Network, NonSpikingNeuron
from sns_mujoco.network.checks import number, text
from sns_mujoco.network.subnetworks.filters import leaky
from sns_mujoco.network.subnetworks.frame import Frame

EXCITATION = 5.0  # reversal potential above rest, as a multiple of R
INHIBITION = -2.0  # likewise


class StretchReflexNetwork(Network):
    """The monosynaptic stretch reflex: the spindle's Ia afferents excite the motor neurons of their own muscle.

    Liddell & Sherrington 1924, Proc R Soc B 96:212. U_motor = gain * U_Ia at U_Ia = R.
    """

    def __init__(
        self,
        gain: float = 1.0,
        muscle: str = "muscle",
        R: float = 20.0,
        *,
        tau: float = 5.0,
        resting_potential: float = 0.0,
    ) -> None:
        """Design the network.

        Args:
            gain: From the afferent to the motor neuron.
            muscle: Its name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            tau: Time constant of the neurons, ms.
            resting_potential: mV.

        Raises:
            NetworkError: A number is out of bounds.
        """
        super().__init__("stretch reflex")
        arc = _Arc.of(self, R, tau, resting_potential)
        arc.motor(muscle)
        arc.stretch(muscle, gain)


class RecurrentInhibitionNetwork(Network):
    """Recurrent inhibition: Renshaw cells, excited by collaterals of motor neurons, inhibit these in turn.

    Renshaw 1946, J Neurophysiol 9:191; Eccles, Fatt & Koketsu 1954, J Physiol 126:524. Limits the motor neuron: with
    the default gains a drive of R nA brings it to 0.52 R instead of R.

    Neurons: "<muscle> motor", "<muscle> Renshaw".
    """

    def __init__(
        self,
        excitation: float = 1.0,
        inhibition: float = 0.5,
        muscle: str = "muscle",
        R: float = 20.0,
        *,
        tau: float = 5.0,
        resting_potential: float = 0.0,
    ) -> None:
        """Design the network.

        Args:
            excitation: Gain from the motor neuron to the Renshaw cell.
            inhibition: Gain back, taken negative.
            muscle: Its name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            tau: Time constant of the neurons, ms.
            resting_potential: mV.

        Raises:
            NetworkError: A number is out of bounds.
        """
        super().__init__("recurrent inhibition")
        arc = _Arc.of(self, R, tau, resting_potential)
        arc.motor(muscle)
        arc.renshaw(muscle, excitation, inhibition)


class AutogenicInhibitionNetwork(Network):
    """Autogenic inhibition: Golgi tendon organs (Ib) inhibit their own muscle through an interneuron.

    Laporte & Lloyd 1952, Am J Physiol 169:609.

    Neurons: "<muscle> motor", "<muscle> Ib", "<muscle> Ib interneuron".
    """

    def __init__(
        self,
        gain: float = 1.0,
        muscle: str = "muscle",
        R: float = 20.0,
        *,
        tau: float = 5.0,
        resting_potential: float = 0.0,
    ) -> None:
        """Design the network.

        Args:
            gain: Gain from the interneuron to the motor neuron, taken negative; the interneuron follows the afferent.
            muscle: Its name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            tau: Time constant of the neurons, ms.
            resting_potential: mV.

        Raises:
            NetworkError: A number is out of bounds.
        """
        super().__init__("autogenic inhibition")
        arc = _Arc.of(self, R, tau, resting_potential)
        arc.motor(muscle)
        arc.autogenic(muscle, gain)


class ReciprocalInhibitionNetwork(Network):
    """Reciprocal inhibition: Ia afferents of a muscle inhibit its antagonist through Ia interneurons.

    The interneurons of the two muscles inhibit one another (Hultborn, Jankowska & Lindstrom 1971, J Physiol 215:613,
    and the literature there).

    Neurons of each muscle: "<muscle> motor", "<muscle> Ia", "<muscle> Ia interneuron".
    """

    def __init__(
        self,
        inhibition: float = 1.0,
        mutual: float = 0.5,
        muscles: Sequence[str] = ("flexor", "extensor"),
        R: float = 20.0,
        *,
        tau: float = 5.0,
        resting_potential: float = 0.0,
    ) -> None:
        """Design the network.

        Args:
            inhibition: Gain from the Ia interneuron to the antagonist's motor neuron, taken negative.
            mutual: Gain between the interneurons, taken negative; 0 for none.
            muscles: Two antagonists.
            R: Range of the potentials, mV.
            tau: Time constant of the neurons, ms.
            resting_potential: mV.

        Raises:
            NetworkError: There are not two different muscles, or a number is out of bounds.
        """
        super().__init__("reciprocal inhibition")
        arc = _Arc.of(self, R, tau, resting_potential)
        arc.reciprocal(_pair(arc, muscles, arc.motor, arc.ia), inhibition, mutual)


class AntagonistNetwork(Network):
    """Two antagonists with all of these arcs: the common segmental circuit of a joint.

    For each muscle the stretch reflex, reciprocal inhibition, recurrent inhibition and autogenic inhibition as in the
    classes above; and its Renshaw cell also inhibits its Ia interneuron, so that activity of a muscle relieves its
    antagonist of reciprocal inhibition (Hultborn, Jankowska & Lindstrom 1971, J Physiol 215:613). A gain of 0 leaves a
    synapse out.

    Neurons of each muscle: "<muscle> motor", "<muscle> Ia", "<muscle> Ia interneuron", "<muscle> Renshaw",
    "<muscle> Ib", "<muscle> Ib interneuron".
    """

    def __init__(
        self,
        muscles: Sequence[str] = ("flexor", "extensor"),
        R: float = 20.0,
        *,
        stretch: float = 1.0,
        reciprocal: float = 1.0,
        mutual: float = 0.5,
        renshaw: float = 1.0,
        recurrent: float = 0.5,
        disinhibition: float = 0.5,
        autogenic: float = 0.5,
        tau: float = 5.0,
        resting_potential: float = 0.0,
    ) -> None:
        """Design the network.

        Args:
            muscles: Two antagonists.
            R: Range of the potentials, mV.
            stretch: Gain from Ia to its own motor neuron.
            reciprocal: From the Ia interneuron to the antagonist's motor neuron, taken negative.
            mutual: Between the Ia interneurons, taken negative.
            renshaw: From the motor neuron to its Renshaw cell.
            recurrent: From the Renshaw cell to the motor neuron, taken negative.
            disinhibition: From the Renshaw cell to its muscle's Ia interneuron, taken negative.
            autogenic: From the Ib interneuron to the motor neuron, taken negative.
            tau: Time constant of the neurons, ms.
            resting_potential: mV.

        Raises:
            NetworkError: There are not two different muscles, or a number is out of bounds.
        """
        super().__init__("antagonists")
        arc = _Arc.of(self, R, tau, resting_potential)
        pair = _pair(arc, muscles, arc.motor)
        for muscle in pair:
            arc.stretch(muscle, stretch)
            arc.renshaw(muscle, renshaw, recurrent)
            arc.autogenic(muscle, autogenic)
        arc.reciprocal(pair, reciprocal, mutual)
        for muscle in pair:
            arc.synapse(f"{muscle} Renshaw", f"{muscle} Ia interneuron", "disinhibition", disinhibition, INHIBITION)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arc:
    """Adds neurons of one kind to a network, and synapses by their gains."""

    network: Network
    kind: NonSpikingNeuron
    frame: Frame

    @classmethod
    def of(cls, network: Network, R: float, tau: float, resting_potential: float) -> "_Arc":
        owner = f"{type(network).__name__} {network.name!r}"
        kind = leaky(owner, tau, resting_potential)
        return cls(network=network, kind=kind, frame=Frame.of(owner, kind, R))

    def motor(self, muscle: str) -> None:
        name = f"{text(self.frame.owner, 'muscle', muscle)} motor"
        self.network.add_neuron(self.kind, name)
        self.network.add_input(name, name=f"{muscle} drive")
        self.network.add_output(name, name=name)

    def ia(self, muscle: str) -> None:
        self._afferent(f"{muscle} Ia")

    def stretch(self, muscle: str, gain: float) -> None:
        self.ia(muscle)
        self.synapse(f"{muscle} Ia", f"{muscle} motor", "stretch", gain, EXCITATION)

    def renshaw(self, muscle: str, excitation: float, inhibition: float) -> None:
        self.network.add_neuron(self.kind, f"{muscle} Renshaw")
        self.synapse(f"{muscle} motor", f"{muscle} Renshaw", "excitation", excitation, EXCITATION)
        self.synapse(f"{muscle} Renshaw", f"{muscle} motor", "inhibition", inhibition, INHIBITION)

    def autogenic(self, muscle: str, gain: float) -> None:
        self._afferent(f"{muscle} Ib")
        self.network.add_neuron(self.kind, f"{muscle} Ib interneuron")
        self.synapse(f"{muscle} Ib", f"{muscle} Ib interneuron", "Ib", 1.0, EXCITATION)
        self.synapse(f"{muscle} Ib interneuron", f"{muscle} motor", "autogenic", gain, INHIBITION)

    def reciprocal(self, pair: tuple[str, str], inhibition: float, mutual: float) -> None:
        for muscle in pair:
            self.network.add_neuron(self.kind, f"{muscle} Ia interneuron")
            self.synapse(f"{muscle} Ia", f"{muscle} Ia interneuron", "Ia", 1.0, EXCITATION)
        for muscle, antagonist in (pair, pair[::-1]):
            self.synapse(f"{muscle} Ia interneuron", f"{antagonist} motor", "reciprocal", inhibition, INHIBITION)
            self.synapse(f"{muscle} Ia interneuron", f"{antagonist} Ia interneuron", "mutual", mutual, INHIBITION)

    def _afferent(self, name: str) -> None:
        self.network.add_neuron(self.kind, name)
        self.network.add_input(name, name=name)

    def synapse(self, source: str, destination: str, what: str, gain: float, reversal: float) -> None:
        value = number(self.frame.owner, what, gain, least=0.0)
        if value >= abs(reversal):
            raise NetworkError(
                f"{self.frame.owner}: {what} is {value:g}; this gain must be less than {abs(reversal):g}"
            )
        if value:
            del_e = reversal * self.frame.span
            (conductance,) = self.frame.conductances([value if reversal > 0 else -value], [del_e])
            self.frame.join(self.network, source, destination, conductance, del_e)


def _pair(arc: _Arc, muscles: Sequence[str], *add: Callable[[str], None]) -> tuple[str, str]:
    """The two muscles, after adding what each has."""
    names = (muscles,) if isinstance(muscles, str) else tuple(muscles)
    if len(names) != 2 or names[0] == names[1]:
        raise NetworkError(f"{arc.frame.owner}: muscles is {muscles!r}; give two different names")
    for part in add:
        for muscle in names:
            part(muscle)
    return names[0], names[1]
