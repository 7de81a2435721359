"""Half-centre oscillators from a wanted period: two neurons with persistent sodium that inhibit each other.

Source: Szczecinski, Hunt & Quinn 2017, Biol Cybern 111:105. The active neuron stands at R above rest, its equilibrium,
and keeps the other one delta above rest by a synapse of

    g = G (q (E_Na - delta) - delta) / (delta - E_syn),   q = g_Na m_inf(delta) h_inf(delta) / G

potentials from rest. With delta > 0 that equilibrium does not hold: inactivation h recovers, the inhibited neuron
escapes, and they take turns. The smaller delta, the longer they wait and the more does a drive change the period.

Everything scales with R, and with time: a period of f(tau_h G / C, delta / R) membrane time constants. f is found by
simulation, and inverted for the period wanted.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import Network, NonSpikingNeuronWithPersistentSodiumChannel, NonSpikingSynapse
from sns_mujoco.network.checks import number
from sns_mujoco.network.subnetworks.rhythm import onsets, solve

SODIUM = 5.5  # E_Na above rest, as a multiple of R (110 mV at R = 20 mV)
INHIBITION = 6.0  # E_syn below rest, likewise (120 mV)
LEAST_RATIO = 10.0  # tau_h over C / G: with faster inactivation the period no longer grows with tau_h
RELAXED = 100.0  # period over C / G for which a capacitance is chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfCentre:
    """What a half-centre is made of; its neurons have 1 uS.

    Attributes:
        ratio: tau_h, the largest time constant of h, over C / G.
        relative_delta: delta / R.
        span: R, mV.
        rest: mV.
        capacitance: C, nF.
    """

    ratio: float
    relative_delta: float
    span: float = 20.0
    rest: float = 0.0
    capacitance: float = 1.0

    @property
    def neuron(self) -> NonSpikingNeuronWithPersistentSodiumChannel:
        """Kind of both neurons; g_Na is such that R above rest is an equilibrium."""
        m, h = _gates(1.0)
        return NonSpikingNeuronWithPersistentSodiumChannel(
            membrane_capacitance=self.capacitance,
            resting_potential=self.rest,
            g_ion=1.0 / (m * h * (SODIUM - 1.0)),
            e_ion=self.rest + SODIUM * self.span,
            slope_m=1.0 / self.span,
            e_m=self.rest + self.span,
            slope_h=-1.0 / self.span,
            e_h=self.rest,
            tau_max_h=self.ratio * self.capacitance,
        )

    @property
    def inhibition(self) -> NonSpikingSynapse:
        """The synapse from each to the other."""
        (m_r, h_r), (m, h), delta = _gates(1.0), _gates(self.relative_delta), self.relative_delta
        q = m * h / (m_r * h_r * (SODIUM - 1.0))
        conductance = (q * (SODIUM - delta) - delta) / (delta + INHIBITION)
        return NonSpikingSynapse(conductance, self.rest - INHIBITION * self.span, self.rest, self.rest + self.span)

    def add_to(self, network: Network, name: str, *, a_first: bool = True) -> None:
        """Add the neurons `<name>A` and `<name>B`, one of them at the beginning of its turn.

        The other one starts where its turn ends: active still, and inactivated.
        """
        neuron, inhibition = self.neuron, self.inhibition
        for side, first in (("A", a_first), ("B", not a_first)):
            network.add_neuron(neuron, f"{name}{side}", initial_value=self.rest + (0.0 if first else self.span))
        network.add_connection(inhibition, f"{name}A", f"{name}B")
        network.add_connection(inhibition, f"{name}B", f"{name}A")


class HalfCentreNetwork(Network):
    """Two neurons that take turns, with the period wanted.

    Measured without drive, the period is right to 0.3 % at neural steps up to a tenth of the membrane time constant
    C / (1 uS), which is 0.5 ms at 5 nF, and to 0.5 % at a fifth (1 % and 2.5 % with a delta of R / 1000 or less); both
    are active equally long. A tonic current into both shortens it: at the default delta by 10 % with R / 20 nA.

    Neurons: `<name>A`, which becomes active first, within a tenth of the period, and `<name>B`.
    """

    def __init__(
        self,
        period: float,
        name: str = "HalfCentre",
        R: float = 20.0,
        *,
        delta: float | None = None,
        resting_potential: float = 0.0,
        membrane_capacitance: float | None = None,
    ) -> None:
        """Design the network.

        Args:
            period: Of the whole cycle, ms.
            name: Name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            delta: See above, mV, more than 0, at most R / 5; R / 20 if left out.
            resting_potential: mV.
            membrane_capacitance: nF; 5, or less where the period needs it, if left out.

        Raises:
            NetworkError: The period is too short for the capacitance, or a number is out of bounds.
        """
        super().__init__(name)
        design_half_centre(
            f"HalfCentreNetwork {name!r}", period, R, delta, resting_potential, membrane_capacitance
        ).add_to(self, name)


def design_half_centre(
    owner: str,
    period: float,
    R: float,
    delta: float | None,
    resting_potential: float,
    membrane_capacitance: float | None,
) -> HalfCentre:
    """The parts of a half-centre with a period; see `HalfCentreNetwork`."""
    length = number(owner, "period", period, above=0.0)
    span = number(owner, "R", R, above=0.0)
    rest = number(owner, "resting_potential", resting_potential)
    height = span / 20.0 if delta is None else number(owner, "delta", delta, above=0.0)
    if height > span / 5.0:
        raise NetworkError(f"{owner}: delta is {height:g} mV; it must be at most R / 5 = {span / 5.0:g} mV")
    if membrane_capacitance is None:
        capacitance = min(5.0, length / RELAXED)
    else:
        capacitance = number(owner, "membrane_capacitance", membrane_capacitance, above=0.0)
    relative = height / span
    shortest = relative_period(LEAST_RATIO, relative)
    if length < shortest * capacitance:
        raise NetworkError(
            f"{owner}: a period of {length:g} ms is too short for membranes of {capacitance:g} nF; give {shortest:.4g} "
            f"times that, {shortest * capacitance:.4g} ms, or more, or less membrane_capacitance"
        )
    return HalfCentre(
        ratio=_relative_tau(length / capacitance, relative),
        relative_delta=relative,
        span=span,
        rest=rest,
        capacitance=capacitance,
    )


def _gates(u: float) -> tuple[float, float]:
    """m_inf and h_inf at u = U / R, with the slopes and midpoints of the default persistent sodium channel."""
    return 1.0 / (1.0 + math.exp(1.0 - u)), 1.0 / (1.0 + 0.5 * math.exp(u))


@lru_cache(maxsize=256)
def _relative_tau(period: float, relative_delta: float) -> float:
    """tau_h for a period, both in membrane time constants."""
    high = LEAST_RATIO
    while relative_period(high, relative_delta) < period:
        high *= 2.0 * period / relative_period(high, relative_delta)
    return solve(lambda ratio: relative_period(ratio, relative_delta), period, LEAST_RATIO, high, 2e-4 * period)


@lru_cache(maxsize=1024)
def relative_period(ratio: float, relative_delta: float) -> float:
    """The period f, in membrane time constants, by simulation."""
    net = Network("half-centre")
    HalfCentre(ratio=ratio, relative_delta=relative_delta).add_to(net, "")
    net.add_output("A")
    net.add_output("B")
    dt = min(0.4, max(0.02, ratio / 1500.0))
    model = net.compile(dt)
    trace, times = np.empty(0), np.empty(0)
    while len(times) < 3:
        a, b = model.run(int((ratio + 50.0) / dt)).T
        trace = np.append(trace, a - b)
        times = onsets(trace, dt)
    return float(times[2] - times[1])
