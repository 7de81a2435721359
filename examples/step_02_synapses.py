"""Step 2. Synapses: a graded one opens with the presynaptic potential, a spiking one at every spike.

A graded synapse conducts from 0 at e_lo to its greatest conductance at e_hi, and pulls the neuron towards its reversal
potential: excitation above it, inhibition below (Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37).
Run: `python examples/step_02_synapses.py --plot step_02.png` (extra `plots` for the picture).
"""

import argparse

import numpy as np

from sns_mujoco import Network, NonSpikingNeuron, NonSpikingSynapse, SpikingNeuron, SpikingSynapse
from sns_mujoco.analysis import figures

parser = argparse.ArgumentParser()
parser.add_argument("--plot", help="where to draw what happens: .png, .svg or .pdf")
given = parser.parse_args()

DT, R = 0.1, 20.0  # ms; mV, range of potentials in which neurons work
net = Network("three synapses")
net.add_neuron(NonSpikingNeuron(), "sender")
net.add_neuron(SpikingNeuron(threshold_initial_value=10.0), "spiking sender")
net.add_input("sender")
net.add_input("spiking sender")
synapses = {
    "excited": ("sender", NonSpikingSynapse(max_conductance=0.115, reversal_potential=194.0, e_lo=0.0, e_hi=R)),
    "inhibited": ("sender", NonSpikingSynapse(max_conductance=1.0, reversal_potential=-40.0, e_lo=0.0, e_hi=R)),
    "pulsed": ("spiking sender", SpikingSynapse(max_conductance=0.3, reversal_potential=100.0, time_constant=4.0)),
}
for receiver, (sender, synapse) in synapses.items():
    net.add_neuron(NonSpikingNeuron(), receiver)
    net.add_connection(synapse, sender, receiver)
    net.add_output(receiver)

ramp = np.concatenate([np.linspace(0.0, R, 4000), np.full(1000, R)])  # nA: 1 nA brings a sender of 1 uS to 1 mV
potentials = net.compile(DT).run(np.stack([ramp, ramp], 1))

gain = potentials[-1, 0] / R
print(f"excitation at full range copies the sender: {potentials[-1, 0]:.2f} of {R:.0f} mV, a gain of {gain:.3f}")
print(f"inhibition pulls towards -40 mV, and reaches {potentials[-1, 1]:.1f} mV at equal conductances")
print(f"spikes pile up into {potentials[-1000:, 2].mean():.1f} mV")

if given.plot:
    time = DT * np.arange(len(ramp))
    with figures.style():
        fig, axes = figures.canvas(width=160, height=80)
        axes[0, 0].plot(time, ramp, "--", color="0.6", label="graded sender")
        for receiver, values in zip(synapses, potentials.T, strict=True):
            axes[0, 0].plot(time, values, label=receiver)
        axes[0, 0].set_xlabel("time, ms")
        axes[0, 0].set_ylabel("potential above rest, mV")
        axes[0, 0].legend(loc="upper left")
    figures.save(fig, given.plot)
