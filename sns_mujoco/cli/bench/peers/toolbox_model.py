"""SNS-Toolbox's numpy backend, as its users write a network: one population and one matrix of synapses.

A population of it has one bias, so what differs from neuron to neuron is put in at every step.
"""

from importlib.metadata import version

import numpy as np
from sns_toolbox.connections import NonSpikingMatrixConnection  # pyright: ignore[reportMissingImports]
from sns_toolbox.networks import Network  # pyright: ignore[reportMissingImports]
from sns_toolbox.neurons import NonSpikingNeuron  # pyright: ignore[reportMissingImports]

VERSION = version("sns-toolbox")


class Simulator:
    """One network of graded synapses."""

    def __init__(self, case):
        """Build.

        Args:
            case: The network.
        """
        self.case, n = case, len(case.bias)
        places = case.target.astype(int), case.source.astype(int)
        conductance, reversal = np.zeros((n, n)), np.zeros((n, n))
        conductance[places], reversal[places] = case.weight, case.reversal
        low, high = np.full((n, n), float(case.e_lo)), np.full((n, n), float(case.e_hi))
        neuron = NonSpikingNeuron(
            membrane_capacitance=float(case.capacitance), membrane_conductance=float(case.leak), bias=0.0
        )
        network = Network()
        network.add_population(neuron, shape=[n], name="neurons", initial_value=0.0)
        network.add_connection(NonSpikingMatrixConnection(conductance, reversal, low, high), "neurons", "neurons")
        network.add_input("neurons", size=n)
        network.add_output("neurons")
        self.model = network.compile(dt=float(case.dt), backend="numpy")

    def check(self, steps):
        """Run from the initial state without input: steps, potentials, no spikes."""
        for _ in range(steps):
            self.y = self.model(self.case.bias)
        return steps, self.y, 0

    def closed(self, steps):
        """One call a step, with new input."""
        model, rows = self.model, self.case.bias + self.case.inputs
        for k in range(steps):
            self.y = model(rows[k % len(rows)])
