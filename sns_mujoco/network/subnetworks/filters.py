"""Filters made of leaky neurons, whose cut-off frequencies come out as asked.

A balanced synapse (see `frame.py`) leaves the conductance of its target constant, g + G, so with C = tau (G + g) the
target is a linear low-pass of its source, whatever the input: tau dU/dt = -U + k U_source. All potentials are counted
from rest; what goes below rest is not passed on.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import Network, NonSpikingNeuron
from sns_mujoco.network.checks import number
from sns_mujoco.network.subnetworks.frame import Frame


class LowPassNetwork(Network):
    """One neuron follows another slowly: |U_out / U_in| = 1 / sqrt(1 + (f / cutoff)^2).

    Textbook first-order filter, tau = 1 / (2 pi cutoff). Measured with sinusoids from 0 to R, the gain is right to
    0.2 %. A current into `<name>In` is first smoothed by `tau_relay`.

    Neurons: `<name>In`, `<name>Out`.
    """

    def __init__(
        self,
        cutoff: float,
        name: str = "LowPass",
        R: float = 20.0,
        *,
        tau_relay: float = 1.0,
        resting_potential: float = 0.0,
        del_e: float | None = None,
    ) -> None:
        """Design the network.

        Args:
            cutoff: Frequency at which the gain is 1 / sqrt(2), Hz.
            name: Name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            tau_relay: Time constant of the first neuron, ms.
            resting_potential: mV.
            del_e: Reversal potential of excitation above rest, mV, more than R; 5 R if left out.

        Raises:
            NetworkError: A number is out of bounds.
        """
        super().__init__(name)
        owner = f"LowPassNetwork {name!r}"
        tau = 1000.0 / (2.0 * math.pi * number(owner, "cutoff", cutoff, above=0.0))
        relay = leaky(owner, tau_relay, resting_potential)
        frame = Frame.of(owner, relay, R)
        self.add_neuron(relay, f"{name}In")
        follow(self, frame, f"{name}In", f"{name}Out", tau, far(frame, del_e))


class BandPassNetwork(Network):
    """A fast low-pass less a slow one: passes what lies between two frequencies, and no steady part.

    Standard second-order band-pass: the poles p are those with p_1 + p_2 = 2 pi (high - low), p_1 p_2 = (2 pi)^2 low
    high, so that the gain at `low` and `high` is gain / sqrt(2), and `gain` at sqrt(low high). Two leaky neurons have
    real poles, so high / low must be more than 3 + 2 sqrt(2) = 5.83 (at gain 1 with the default reversal potential,
    6.6). Measured with sinusoids from 0 to R, these gains are right to 0.2 % but for the smoothing by `tau_relay`
    (twice: the input neuron and the output neuron).

    Neurons: `<name>In`, `<name>Fast`, `<name>Slow`, `<name>Out`, the last one above and below rest.
    """

    def __init__(
        self,
        low: float,
        high: float,
        gain: float = 1.0,
        name: str = "BandPass",
        R: float = 20.0,
        *,
        tau_relay: float = 1.0,
        resting_potential: float = 0.0,
        del_e: float | None = None,
    ) -> None:
        """Design the network.

        Args:
            low: Lower cut-off frequency, Hz.
            high: Upper one, Hz.
            gain: Gain between them.
            name: Name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            tau_relay: Time constant of the first and the last neuron, ms.
            resting_potential: mV.
            del_e: Reversal potentials from rest, mV: this for excitation, its negative for inhibition; 5 R if left out.

        Raises:
            NetworkError: The frequencies are too close, or no conductances give the gain.
        """
        super().__init__(name)
        owner = f"BandPassNetwork {name!r}"
        low = number(owner, "low", low, above=0.0)
        high = number(owner, "high", high, above=0.0)
        middle = (high - low) / 2.0
        if high <= low or middle**2 <= low * high:
            raise NetworkError(
                f"{owner}: the band from {low:g} to {high:g} Hz is too narrow for leaky neurons; high must be more "
                f"than {(3.0 + 2.0 * math.sqrt(2.0)) * low:.4g} Hz, 5.83 times low"
            )
        spread = math.sqrt(middle**2 - low * high)
        fast, slow = (1000.0 / (2.0 * math.pi * pole) for pole in (middle + spread, middle - spread))
        relay = leaky(owner, tau_relay, resting_potential)
        frame = Frame.of(owner, relay, R)
        strength = number(owner, "gain", gain, above=0.0) * (slow + fast) / (slow - fast)
        names = [f"{name}{part}" for part in ("In", "Fast", "Slow", "Out")]
        difference(self, frame, names, relay, (fast, slow), strength, far(frame, del_e))


def leaky(owner: str, tau: float, resting_potential: float) -> NonSpikingNeuron:
    """A neuron of 1 uS with a time constant, ms."""
    return NonSpikingNeuron(
        membrane_capacitance=number(owner, "time constant", tau, above=0.0), resting_potential=resting_potential
    )


def far(frame: Frame, del_e: float | None) -> float:
    """The reversal potential of excitation above rest, mV: 5 R if none is given."""
    return 5.0 * frame.span if del_e is None else number(frame.owner, "del_e", del_e)


def follow(
    network: Network,
    frame: Frame,
    source: str,
    name: str,
    tau: float,
    del_e: float,
    *,
    pairs: ArrayLike = 1.0,
    initial_value: float | None = None,
) -> None:
    """Add a neuron that is a linear low-pass of another; or a row of them, by a matrix [n, n_source] of zeros and ones.

    Args:
        network: Where to.
        frame: Of its neurons, which have 1 uS.
        source: What is followed.
        name: Of the new neuron.
        tau: Its time constant, ms.
        del_e: Reversal potential of excitation above rest, mV.
        pairs: Who follows whom.
        initial_value: Potential at the start, mV; at rest if left out.

    Raises:
        NetworkError: The reversal potential is too close to rest.
    """
    (conductance,) = frame.conductances([1.0], [del_e], balanced=True)
    capacitance = number(frame.owner, "time constant", tau, above=0.0) * (frame.conductance + conductance)
    kind = NonSpikingNeuron(membrane_capacitance=capacitance, resting_potential=frame.rest)
    size = np.shape(pairs)[0] if np.ndim(pairs) else 1
    network.add_population(kind, size, name, initial_value=initial_value)
    frame.join(network, source, name, conductance * np.asarray(pairs), del_e, balanced=True)


def difference(
    network: Network,
    frame: Frame,
    names: Sequence[str],
    relay: NonSpikingNeuron,
    taus: tuple[float, float],
    gain: float,
    del_e: float,
) -> None:
    """Add four neurons: an input, a fast and a slow low-pass of it, and gain times their difference.

    Args:
        network: Where to.
        frame: Of its neurons, which have 1 uS.
        names: Of the four, in this order.
        relay: The kind of the input; the output has its time constant.
        taus: Time constants of the two filters, ms.
        gain: Of the difference.
        del_e: Reversal potential of excitation above rest, mV; its negative is that of inhibition.

    Raises:
        NetworkError: No conductances give this gain.
    """
    signal, fast, slow, result = names
    plus, minus = frame.conductances([gain, -gain], [del_e, -del_e], balanced=True)
    network.add_neuron(relay, signal)
    follow(network, frame, signal, fast, taus[0], del_e)
    follow(network, frame, signal, slow, taus[1], del_e)
    capacitance = number(frame.owner, "time constant", relay.membrane_capacitance) * (1.0 + plus + minus)
    network.add_neuron(NonSpikingNeuron(membrane_capacitance=capacitance, resting_potential=frame.rest), result)
    frame.join(network, fast, result, plus, del_e, balanced=True)
    frame.join(network, slow, result, minus, -del_e, balanced=True)
