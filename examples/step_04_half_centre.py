"""Step 4. A rhythm: two neurons that inhibit each other take turns, because each tires of being active.

Both have a persistent sodium current, whose slow inactivation ends a burst. The synapse is designed by delta, the
potential above rest at which the active half holds the silent one: below zero they latch, above they oscillate, the
faster the higher it is (Szczecinski, Hunt & Quinn 2017, Biol Cybern 111:105).
Run: `python examples/step_04_half_centre.py --plot step_04.png` (extra `plots` for the picture).
"""

import argparse

import numpy as np

from sns_mujoco import Network, NonSpikingNeuronWithPersistentSodiumChannel, NonSpikingSynapse
from sns_mujoco.analysis import figures
from sns_mujoco.network.subnetworks import onsets

parser = argparse.ArgumentParser()
parser.add_argument("--plot", help="where to draw what happens: .png, .svg or .pdf")
given = parser.parse_args()

DT, REVERSAL = 0.2, -120.0  # ms, mV
neuron = NonSpikingNeuronWithPersistentSodiumChannel()


def opened(k: float, slope: float, midpoint: float, potential: float) -> float:
    """How far a gate opens in the end."""
    return 1.0 / (1.0 + k * np.exp(slope * (midpoint - potential)))


def half_centre(delta: float) -> np.ndarray:
    """Potentials [steps, 2] of the two halves for 6 s, after a brief push; delta in mV."""
    m = opened(neuron.k_m, neuron.slope_m, neuron.e_m, delta)
    sodium = neuron.g_ion * m * opened(neuron.k_h, neuron.slope_h, neuron.e_h, delta)  # uS, of a silent half
    conductance = (sodium * (neuron.e_ion - delta) - delta) / (delta - REVERSAL)  # uS: holds it at delta
    net = Network("half-centre")
    for half in ("flexor", "extensor"):
        net.add_neuron(neuron, half)
        net.add_input(half)
        net.add_output(half)
    for half, other in (("flexor", "extensor"), ("extensor", "flexor")):
        net.add_connection(NonSpikingSynapse(conductance, REVERSAL), half, other)
    push = np.zeros((round(6000 / DT), 2))
    push[: round(1 / DT), 0] = 1.0  # nA for 1 ms
    return net.compile(DT).run(push)


lives, periods = {}, {}
for delta in (-0.01, 0.01, 0.1):
    lives[delta] = half_centre(delta)
    starts = onsets(lives[delta][:, 0] - lives[delta][:, 1], DT)
    periods[delta] = float(np.diff(starts).mean()) if len(starts) > 2 else float("nan")
    what = f"a period of {periods[delta]:.0f} ms" if periods[delta] > 0 else "latched: no rhythm"
    print(f"delta {delta:5.2f} mV: {what}")

if given.plot:
    with figures.style():
        fig, axes = figures.canvas(width=160, height=100, rows=len(lives), share_x=True)
        for ax, (delta, potentials) in zip(axes[:, 0], lives.items(), strict=True):
            time = DT / 1000 * np.arange(len(potentials))
            ax.plot(time, potentials[:, 0], label="flexor")
            ax.plot(time, potentials[:, 1], label="extensor")
            ax.set_ylabel("mV")
            ax.set_title(f"delta {delta:g} mV", loc="left")
        axes[0, 0].legend(loc="center right")
        axes[-1, 0].set_xlabel("time, s")
    figures.save(fig, given.plot)
