"""Step 1. One neuron: a leaky membrane settles at a potential, and one with a threshold answers by its rate.

    C dV/dt = G (V_rest - V) + I        nF, mV, ms, uS, nA

Run: `python examples/step_01_one_neuron.py --plot step_01.png` (extra `plots` for the picture).
"""

import argparse

import numpy as np

from sns_mujoco import Network, NonSpikingNeuron, SpikingNeuron
from sns_mujoco.analysis import figures

parser = argparse.ArgumentParser()
parser.add_argument("--plot", help="where to draw what happens: .png, .svg or .pdf")
given = parser.parse_args()

DT = 0.1  # ms
membrane = {"membrane_capacitance": 5.0, "membrane_conductance": 1.0, "resting_potential": -60.0}
net = Network("one neuron, twice")
net.add_neuron(NonSpikingNeuron(**membrane), "graded")
net.add_neuron(SpikingNeuron(threshold_initial_value=-50.0, threshold_increment=2.0, **membrane), "spiking")
for neuron in ("graded", "spiking"):
    net.add_input(neuron)
net.add_output("graded")
net.add_output("spiking")
net.add_output("spiking", spiking=True)

steps = np.repeat([0.0, 8.0, 12.0, 16.0, -4.0, 0.0], 1000)  # nA, 100 ms each
graded, spiking, spikes = net.compile(DT).run(np.stack([steps, steps], 1)).T

for k, current in enumerate(steps[::1000]):
    last = slice(1000 * k + 500, 1000 * (k + 1))
    rate = spikes[1000 * k : 1000 * (k + 1)].sum() / 0.1
    print(
        f"{current:5.1f} nA: the graded one settles at {graded[last][-1]:6.2f} mV, the other spikes at {rate:3.0f} Hz"
    )

if given.plot:
    time = DT * np.arange(len(steps))
    with figures.style():
        fig, axes = figures.canvas(width=160, height=90, rows=3, share_x=True, heights=(1, 2, 2))
        for ax, values, label in zip(
            axes[:, 0], (steps, graded, spiking), ("nA", "graded, mV", "spiking, mV"), strict=True
        ):
            ax.plot(time, values)
            ax.set_ylabel(label)
        axes[2, 0].plot(time[spikes > 0], np.full(int(spikes.sum()), -48.0), "|")
        axes[2, 0].set_xlabel("time, ms")
    figures.save(fig, given.plot)
