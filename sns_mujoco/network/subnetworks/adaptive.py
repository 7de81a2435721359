"""A half-centre oscillator of plain leaky neurons, which take turns because each tires.

Source: Matsuoka 1985, Biol Cybern 52:367. With u = U / R, y = clip(u, 0, 1) and a slow neuron z beside each fast one,

    tau du_A/dt = -u_A - w y_B - beta z_A + s,    r tau dz_A/dt = -z_A + y_A

and the same with A and B exchanged. It oscillates where 1 + 1 / r < w < 1 + beta. Time scales with tau, so any period
is reached exactly; potentials scale with the tonic input s, so a drive changes the amplitude and not the period (in
half-centres of persistent sodium it is the other way round). Balanced synapses make these equations exact.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import Network, NonSpikingNeuron
from sns_mujoco.network.checks import number
from sns_mujoco.network.subnetworks.filters import follow, leaky
from sns_mujoco.network.subnetworks.frame import Frame
from sns_mujoco.network.subnetworks.rhythm import onsets

FAR = 2.0  # reversal potential of inhibition below rest, as a multiple of (w + beta) R
NEAR = 5.0  # reversal potential of the slow neurons' input above rest, as a multiple of R
STEP = 0.01  # of the simulation that finds the cycle, in time constants of the fast neurons
PEAK = 0.9  # highest potential of the fast neurons, as a share of R


class AdaptiveHalfCentreNetwork(Network):
    """Two neurons that take turns, each with a slow one that inhibits it, with the period wanted.

    Measured, the period is right to 0.2 % at neural steps up to 1 / 500 of it (1 % at 1 / 100), and it starts on its
    cycle, at the phase wanted; both sides are active equally long, up to 0.9 R, and go below rest in between.

    Neurons: `<name>A`, `<name>B`, and their slow ones `<name>ASlow`, `<name>BSlow`. A current into A and B beside their
    bias scales all potentials, above 1.1 times the bias into saturation.
    """

    def __init__(
        self,
        period: float,
        name: str = "AdaptiveHalfCentre",
        R: float = 20.0,
        *,
        inhibition: float = 2.5,
        adaptation: float = 2.5,
        slowness: float = 12.0,
        phase: float = 0.0,
        resting_potential: float = 0.0,
    ) -> None:
        """Design the network.

        Args:
            period: Of the whole cycle, ms.
            name: Name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            inhibition: w.
            adaptation: beta.
            slowness: r, time constant of the slow neurons over that of the fast ones.
            phase: Where in its cycle it starts, cycles; at 0, A becomes active.
            resting_potential: mV.

        Raises:
            NetworkError: It would not oscillate, or a number is out of bounds.
        """
        super().__init__(name)
        owner = f"AdaptiveHalfCentreNetwork {name!r}"
        w = number(owner, "inhibition", inhibition, above=0.0)
        beta = number(owner, "adaptation", adaptation, above=0.0)
        r = number(owner, "slowness", slowness, above=0.0)
        if not 1.0 + 1.0 / r < w < 1.0 + beta:
            raise NetworkError(
                f"{owner}: it does not oscillate with inhibition {w:g}, adaptation {beta:g} and slowness {r:g}; "
                f"inhibition must lie between 1 + 1 / slowness = {1.0 + 1.0 / r:g} and 1 + adaptation = {1.0 + beta:g}"
            )
        length, states = _cycle(w, beta, r)
        tau = number(owner, "period", period, above=0.0) / length
        scale = PEAK / states[:, 0].max()
        start = states[int(number(owner, "phase", phase) % 1.0 * len(states))]
        frame = Frame.of(owner, leaky(owner, tau, resting_potential), R)
        _build(self, frame, name, (w, beta, r), tau, scale, scale * start)


def _build(
    network: Network,
    frame: Frame,
    name: str,
    gains: tuple[float, float, float],
    tau: float,
    tonic: float,
    start: NDArray[np.float64],
) -> None:
    """Add the four neurons, from w, beta and r, the fast time constant, ms, s, and u_A, u_B, z_A, z_B at the start."""
    w, beta, r = gains
    initial = frame.rest + frame.span * start
    inhibition = -FAR * (w + beta) * frame.span
    mutual, own = frame.conductances([-w, -beta], [inhibition] * 2, balanced=True)
    total = frame.conductance + mutual + own
    fast = NonSpikingNeuron(
        membrane_capacitance=tau * total, resting_potential=frame.rest, bias=tonic * frame.span * total
    )
    network.add_neuron(fast, f"{name}A", initial_value=initial[0])
    network.add_neuron(fast, f"{name}B", initial_value=initial[1])
    for side, other, value in (("A", "B", initial[2]), ("B", "A", initial[3])):
        slow = f"{name}{side}Slow"
        follow(network, frame, f"{name}{side}", slow, r * tau, NEAR * frame.span, initial_value=value)
        frame.join(network, slow, f"{name}{side}", own, inhibition, balanced=True)
        frame.join(network, f"{name}{side}", f"{name}{other}", mutual, inhibition, balanced=True)


@lru_cache(maxsize=64)
def _cycle(w: float, beta: float, r: float) -> tuple[float, NDArray[np.float64]]:
    """One cycle with tau = 1 and s = 1, by simulation: its length, and u_A, u_B, z_A, z_B along it [n, 4].

    Raises:
        NetworkError: Too close to where oscillation ends, no cycle settles.
    """
    net = Network("adaptive half-centre")
    frame = Frame(owner=net.name, rest=0.0, span=1.0, conductance=1.0)
    _build(net, frame, "", (w, beta, r), 1.0, 1.0, np.array([0.5, 0.0, 0.0, 0.0]))
    for name in ("A", "B", "ASlow", "BSlow"):
        net.add_output(name)
    model = net.compile(STEP)
    length, steps = 0.0, int(30.0 * (1.0 + r) / STEP)
    for _ in range(8):
        states = model.run(steps)
        times = onsets(states[:, 0] - states[:, 1], STEP)
        before, length = length, float(times[-1] - times[-2]) if len(times) > 1 else 0.0
        if length and abs(length - before) < 1e-6 * length:
            first = int(times[-2] / STEP) + 1
            cycle = states[first : first + round(length / STEP)]
            cycle.setflags(write=False)
            return length, cycle
        steps *= 2
    raise NetworkError(
        f"inhibition {w:g}, adaptation {beta:g} and slowness {r:g} give no steady rhythm; move inhibition away from "
        f"the limits of oscillation, {1.0 + 1.0 / r:g} and {1.0 + beta:g}"
    )
