"""A neuron finds the inputs that fire together among those that do not: spike-timing-dependent plasticity.

Forty inputs fire at random, all at the same mean rate, but half of them are driven by common events. Spikes that arrive
just before the neuron's own strengthen their synapse, those that come after it weaken theirs, so synapses compete, and
those that fire together win (Song, Miller & Abbott 2000, Nat Neurosci 3:919).

Run: `python examples/learn_by_timing.py`.
"""

from sns_mujoco import Network
from sns_mujoco.network import STDP, CurrentSynapse, LIFNeuron, PoissonNeuron

COUNT, EVENTS, BACKGROUND = 20, 10.0, 5.0  # inputs of each half; Hz

net = Network("competition")
net.add_neuron(PoissonNeuron(rate=EVENTS), "events")
net.add_population(PoissonNeuron(rate=BACKGROUND, gain=200.0), COUNT, "together")
net.add_population(PoissonNeuron(rate=BACKGROUND + EVENTS), COUNT, "alone")
net.add_neuron(LIFNeuron(membrane_time_constant=20.0, threshold=2.0), "neuron")
net.add_connection(CurrentSynapse(1.0, 5.0), "events", "together")  # 200 Hz/nA x 5 ms: about one spike an event
rule = STDP(a_pre=0.005, a_post=-0.0065, w_max=1.0)
for half in ("together", "alone"):
    net.add_connection(CurrentSynapse(0.5, 5.0, plasticity=rule), half, "neuron", half)
    net.add_output(half, f"{half} spikes", spiking=True)
    net.add_output(half, f"{half} weights", kind="weight")

model = net.compile(dt=1.0)
columns = {"together spikes": 0, "together weights": COUNT, "alone spikes": 2 * COUNT, "alone weights": 3 * COUNT}
y = model.run(100_000)  # 100 s
means = {name: y[:, first : first + COUNT].mean(axis=1) for name, first in columns.items()}
for half in ("together", "alone"):
    rate, weights = 1000 * means[f"{half} spikes"].mean(), means[f"{half} weights"]
    print(f"inputs {half}: {rate:.1f} Hz, mean weight from {weights[0]:.2f} to {weights[-1]:.2f}")
