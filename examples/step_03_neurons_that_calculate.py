"""Step 3. Neurons that calculate: products, quotients, differences and derivatives, designed in closed form.

Values are potentials above rest, from 0 to R. The design is that of functional subnetworks (Szczecinski,
Hunt & Quinn 2017, Front Neurorobot 11:37).
Run: `python examples/step_03_neurons_that_calculate.py --plot step_03.png` (extra `plots` for the picture).
"""

import argparse

import numpy as np

from sns_mujoco.analysis import figures
from sns_mujoco.network import NonSpikingNeuron
from sns_mujoco.network.subnetworks import (
    DifferentiatorNetwork,
    DivisionNetwork,
    MultiplicationNetwork,
    SubtractionNetwork,
)

parser = argparse.ArgumentParser()
parser.add_argument("--plot", help="where to draw what they calculate: .png, .svg or .pdf")
given = parser.parse_args()

R, REST, DT = 20.0, -60.0, 0.02  # mV, mV, ms
neuron = NonSpikingNeuron(membrane_capacitance=1.0, resting_potential=REST)

circuits = {
    "a * b / R": (MultiplicationNetwork(neuron, R=R), "MultiplyResult", lambda a, b: a * b / R),
    "a * b / R, exact": (MultiplicationNetwork(neuron, R=R, exact=True), "MultiplyResult", lambda a, b: a * b / R),
    "a / (1 + 4 b / R)": (
        DivisionNetwork(1.0, ratio=0.2, neuron_type=neuron, R=R),
        "DivideResults",
        lambda a, b: a / (1 + 4 * b / R),
    ),
    "a - b": (SubtractionNetwork(neuron_type=neuron, R=R), "SubtractDifference", lambda a, b: a - b),
    "a - b, balanced": (
        SubtractionNetwork(neuron_type=neuron, R=R, balanced=True),
        "SubtractDifference",
        lambda a, b: a - b,
    ),
}

grid = [(a, b) for a in np.linspace(0, R, 6) for b in np.linspace(0, R, 6)]
errors, values = {}, {}
for formula, (net, result, wanted) in circuits.items():
    net.add_input(0)  # the first two neurons hold a and b; 1 nA brings them to 1 mV
    net.add_input(1)
    net.add_output(result)
    model = net.compile(DT)
    for a, b in grid:
        model.reset()
        result = model.run(np.tile([a, b], (1500, 1)))[-1, 0] - REST
        values.setdefault(formula, []).append((wanted(a, b), result))
    errors[formula] = float(np.abs(np.diff(values[formula])).max()) / R
    print(f"{formula:18} {net.get_num_neurons()} neurons, off by at most {100 * errors[formula]:.3f} % of R")

slope = 0.05  # mV/ms
net = DifferentiatorNetwork(slew_rate=0.1, R=R, amplification=2.0, resting_potential=REST)
net.add_input("Uin")
net.add_output("Uout")
ramp = slope * np.arange(0.0, R / slope, DT)
derivative = net.compile(DT).run(ramp[:, None])[-1, 0] - REST
print(f"a ramp of {slope} mV/ms: {derivative:.2f} mV, wanted {R * slope / 0.1:.2f} mV after long")

if given.plot:
    with figures.style():
        fig, axes = figures.canvas(width=80, height=80)
        axes[0, 0].plot([-R, R], [-R, R], color="0.8")
        for formula, pairs in values.items():
            axes[0, 0].plot(*zip(*pairs, strict=True), ".", label=formula)
        axes[0, 0].set_xlabel("wanted, mV above rest")
        axes[0, 0].set_ylabel("calculated, mV above rest")
        axes[0, 0].legend()
    figures.save(fig, given.plot)
