"""Subnetworks that see: patterns in an image, and motion."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingPatternConnection
from sns_mujoco.network.checks import number, numbers, whole_numbers
from sns_mujoco.network.patterns import pattern_pairs
from sns_mujoco.network.subnetworks.filters import far, follow, leaky
from sns_mujoco.network.subnetworks.frame import Frame, plain
from sns_mujoco.network.subnetworks.products import multiply, tonic


class PatternNetwork(Network):
    """A kernel of gains is moved over an image: U_out[r, c] = sum kernel[a, b] * U_in[r + a - ..., c + b - ...].

    The conductance of each entry follows from its gain as in `AdditionNetwork`, and so does the accuracy: each gain is
    exact when its input alone is at R, and many inputs together hold each other back. Balanced: exact to round-off, at
    the borders too, where membranes leak as much more as synapses are missing.

    Populations: `<name>In` and `<name>Out`, both of the shape of the image; numbered row by row. Nothing lies beyond
    the border, and the kernel is not flipped.
    """

    def __init__(
        self,
        kernel: ArrayLike,
        shape: int | Sequence[int],
        name: str = "Pattern",
        neuron_type: NonSpikingNeuron | None = None,
        R: float = 20.0,
        *,
        add_del_e: float | None = None,
        sub_del_e: float | None = None,
        balanced: bool = False,
    ) -> None:
        """Design the network.

        Args:
            kernel: Gains [rows, columns] or [n], odd sizes; 0 for none.
            shape: Rows and columns of the image, or its length.
            name: Name, and beginning of the populations' names.
            neuron_type: Kind of its neurons; a default `NonSpikingNeuron` if left out.
            R: Range of the potentials, mV.
            add_del_e: Reversal potential of the positive gains above rest, mV; 5 R if left out.
            sub_del_e: That of the negative ones, mV, below 0; -5 R if left out.
            balanced: Whether to make the response linear.

        Raises:
            NetworkError: The kernel is a single entry, or no conductances give its gains.
        """
        super().__init__(name)
        neuron = plain(neuron_type)
        frame = Frame.of(f"PatternNetwork {name!r}", neuron, R)
        gains = numbers(frame.owner, "kernel", kernel)
        if gains.size < 2 or not gains.any():
            raise NetworkError(
                f"{frame.owner}: kernel is {kernel!r}; give a row or a matrix of several gains, not all of them 0"
            )
        entries = np.flatnonzero(gains)
        add = far(frame, add_del_e)
        sub = -5.0 * frame.span if sub_del_e is None else number(frame.owner, "sub_del_e", sub_del_e)
        reversals = np.where(gains > 0, add, sub)
        conductances = np.zeros(gains.shape)
        conductances.flat[entries] = frame.conductances(
            gains.flat[entries].tolist(), reversals.flat[entries].tolist(), balanced=balanced
        )
        source, destination = f"{name}In", f"{name}Out"
        self.add_population(neuron, shape, source)
        image = self.populations[0].shape
        self.add_population(_evened(neuron, frame, conductances, image) if balanced else neuron, shape, destination)
        open_, shut = frame.rest, frame.rest + frame.span
        if balanced:
            companion = NonSpikingPatternConnection(conductances, frame.rest, shut, open_, name="Balance")
            self.add_connection(companion, source, destination, f"{source}->{destination} balance")
        connection = NonSpikingPatternConnection(conductances, frame.rest + reversals, open_, shut)
        self.add_connection(connection, source, destination)


def _evened(
    neuron: NonSpikingNeuron, frame: Frame, conductances: NDArray[np.float64], shape: tuple[int, ...]
) -> NonSpikingNeuron:
    """The same neuron, with a leak for each place that makes up for the synapses missing at the border."""
    size = int(np.prod(shape))
    destination, _, entry = pattern_pairs(conductances.shape, shape)
    present = np.bincount(destination, conductances.ravel()[entry], size)
    return NonSpikingNeuron(
        name=neuron.name,
        color=neuron.color,
        membrane_capacitance=neuron.membrane_capacitance,
        membrane_conductance=frame.conductance + conductances.sum() - present,
        resting_potential=frame.rest,
    )


def difference_of_gaussians(size: int, centre: float, surround: float, gain: float = 1.0) -> NDArray[np.float64]:
    """A kernel for `PatternNetwork` that answers to spots and edges: an excited centre, an inhibited surround.

    Two Gaussians of the same volume, one less the other (Rodieck 1965, Vision Res 5:583), so even light gives nothing.

    Args:
        size: Rows and columns, odd.
        centre: Standard deviation of the centre, in places.
        surround: That of the surround, larger.
        gain: Sum of the positive entries.

    Returns:
        Gains [size, size], of sum 0.

    Raises:
        NetworkError: The size is even, or the surround is not larger than the centre.
    """
    owner = "difference_of_gaussians"
    inner = number(owner, "centre", centre, above=0.0)
    outer = number(owner, "surround", surround, above=inner)
    width = int(whole_numbers(owner, "size", size))
    if width < 3 or width % 2 == 0:
        raise NetworkError(f"{owner}: size is {size}; give an odd number of 3 or more")
    place = np.arange(width) - width // 2
    square = place[:, None] ** 2 + place[None, :] ** 2
    bells = [np.exp(-square / (2.0 * sigma**2)) for sigma in (inner, outer)]
    kernel = bells[0] / bells[0].sum() - bells[1] / bells[1].sum()
    return number(owner, "gain", gain, above=0.0) * kernel / kernel[kernel > 0].sum()


class MotionDetectorNetwork(Network):
    """A row of elementary motion detectors: each compares neighbours, one delayed by a low-pass, and multiplies.

    The correlator of Hassenstein & Reichardt 1956 (Z Naturforsch 11b:513): `Rightward` multiplies the delayed left
    receptor with the right one, `Leftward` the delayed right one with the left one, and `Motion` is their difference.
    A grating of contrast a (U = R (1/2 + a sin)) that moves to the right with temporal frequency w, the phase between
    neighbours being p, gives on average

        mean U_motion = R a^2 sin(p) w (tau - tau_relay) / (1 + (w tau)^2)

    and the negative of that to the left, largest at w = 1 / tau. Measured, this holds to 0.5 % while w tau_relay is
    small (at 0.03). Multiplication is exact, as in `MultiplicationNetwork(exact=True)`.

    Populations: `<name>Receptors` [count]; [count - 1] each: `<name>Rightward0` (delayed), `<name>Rightward1`,
    `<name>RightwardInter`, `<name>RightwardShunted`, `<name>RightwardResult`, likewise `<name>Leftward...`; and
    `<name>Motion`, above rest for motion to the right (to higher numbers), below for motion to the left.
    """

    def __init__(
        self,
        tau: float,
        count: int = 2,
        name: str = "Motion",
        R: float = 20.0,
        *,
        tau_relay: float = 1.0,
        resting_potential: float = 0.0,
        del_e: float | None = None,
    ) -> None:
        """Design the network.

        Args:
            tau: Time constant of the delay, ms.
            count: Number of receptors, 2 or more.
            name: Name, and beginning of the populations' names.
            R: Range of the potentials, mV.
            tau_relay: Time constant of receptors and of the arms that are not delayed, ms.
            resting_potential: mV.
            del_e: Reversal potentials from rest, mV: this for excitation, its negative for inhibition; 5 R if left out.

        Raises:
            NetworkError: There are fewer than two receptors, or a number is out of bounds.
        """
        super().__init__(name)
        owner = f"MotionDetectorNetwork {name!r}"
        receptors = int(whole_numbers(owner, "count", count))
        if receptors < 2:
            raise NetworkError(f"{owner}: count is {count}; motion shows between 2 receptors or more")
        relay = leaky(owner, tau_relay, resting_potential)
        frame = Frame.of(owner, relay, R)
        reversal = far(frame, del_e)
        self.add_population(relay, receptors, f"{name}Receptors")
        detectors = receptors - 1
        each, left, right = np.eye(detectors), np.eye(detectors, receptors), np.eye(detectors, receptors, k=1)
        for direction, delayed, direct in (("Rightward", left, right), ("Leftward", right, left)):
            arm = f"{name}{direction}"
            follow(self, frame, f"{name}Receptors", f"{arm}0", tau, reversal, pairs=delayed)
            follow(self, frame, f"{name}Receptors", f"{arm}1", tau_relay, reversal, pairs=direct)
            self.add_population(tonic(frame, relay), detectors, f"{arm}Inter", initial_value=frame.rest + frame.span)
            for part in ("Shunted", "Result"):
                self.add_population(relay, detectors, f"{arm}{part}")
            multiply(self, frame, arm, reversal, exact=True, pairs=each)
        self.add_population(relay, detectors, f"{name}Motion")
        for direction, conductance, sign in zip(
            ("Rightward", "Leftward"),
            frame.conductances([1.0, -1.0], [reversal, -reversal], balanced=True),
            (1.0, -1.0),
            strict=True,
        ):
            result = f"{name}{direction}Result"
            frame.join(self, result, f"{name}Motion", conductance * each, sign * reversal, balanced=True)
