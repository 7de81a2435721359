"""The networks that every simulator runs, drawn synapse by synapse: nothing here is as large as a matrix.

Non-spiking, forward Euler:

    C dV/dt = -G V + bias + x + sum_p g_p clip((V_pre - e_lo) / (e_hi - e_lo), 0, 1) (E_p - V)

Spiking: integrate-and-fire neurons with exponential synaptic currents, forward Euler. In a step, V and I advance from
their old values, V > 1 makes a spike and sends V to 0, and the spike then adds its weights to the targets' I:

    tau dV/dt = drive + x + I - V,    tau_s dI/dt = -I
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SYNAPSES_PER_NEURON = 10
DT = 0.1  # ms
INPUT_ROWS = 8  # inputs that calls of one step go round in


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A network and its inputs. Synapses are sorted by target; every neuron has as many, from different sources.

    Attributes:
        kind: "nonspiking" or "spiking".
        dt: Step, ms.
        initial: Potentials at the start [N].
        bias: Constant current [N]: the bias, or the drive.
        source: Presynaptic neuron of each synapse [P].
        weight: uS at most, or what a spike adds to the current [P].
        reversal: mV [P]; zeros in spiking networks.
        inputs: The x of one step in each row [INPUT_ROWS, N].
        constants: capacitance (nF), leak (uS), e_lo and e_hi (mV); or tau and tau_s (ms).
    """

    kind: str
    dt: float
    initial: Floats
    bias: Floats
    source: NDArray[np.uint32]
    weight: Floats
    reversal: Floats
    inputs: Floats
    constants: dict[str, float]

    @property
    def neurons(self) -> int:
        """Number of neurons, N."""
        return len(self.bias)

    @property
    def synapses(self) -> int:
        """Number of synapses, P."""
        return len(self.source)

    @property
    def target(self) -> NDArray[np.uint32]:
        """Postsynaptic neuron of each synapse [P]."""
        return np.repeat(np.arange(self.neurons, dtype=np.uint32), self.synapses // self.neurons)

    def save(self, path: Path, *, built_steps: int) -> None:
        """Write it for the interpreters of other simulators (.npz).

        Args:
            path: Where to.
            built_steps: How many steps programs make that are compiled for a fixed number.
        """
        arrays: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "constants"}
        arrays |= self.constants
        np.savez(path, target=self.target, built_steps=built_steps, **arrays)


def nonspiking(neurons: int, dt: float = DT, seed: int = 0) -> Drawn:
    """Neurons with graded synapses, excitatory and inhibitory alike; a step of 1 ms is still stable.

    Args:
        neurons: How many.
        dt: Step, ms.
        seed: Of the random numbers.
    """
    rng = np.random.default_rng(seed)
    source = _sources(rng, neurons)
    return Drawn(
        kind="nonspiking",
        dt=dt,
        initial=np.zeros(neurons),
        bias=rng.uniform(0.0, 10.0, neurons),
        source=source,
        weight=rng.uniform(0.05, 0.5, len(source)),
        reversal=rng.choice([-40.0, 40.0], len(source), p=[0.3, 0.7]),
        inputs=rng.uniform(0.0, 2.0, (INPUT_ROWS, neurons)),
        constants={"capacitance": 5.0, "leak": 1.0, "e_lo": 0.0, "e_hi": 20.0},
    )


def spiking(neurons: int, dt: float = DT, seed: int = 0) -> Drawn:
    """Integrate-and-fire neurons that fire at about 40 Hz whatever their number.

    Alone, a neuron fires at 1 / (tau ln(drive / (drive - 1))): 28 to 52 Hz here. Synapses are weak and as often
    inhibitory as excitatory, so that they spread the rates without moving their mean.

    Args:
        neurons: How many.
        dt: Step, ms.
        seed: Of the random numbers.
    """
    rng = np.random.default_rng(seed)
    source = _sources(rng, neurons)
    return Drawn(
        kind="spiking",
        dt=dt,
        initial=rng.uniform(0.0, 1.0, neurons),
        bias=rng.uniform(1.2, 1.62, neurons),
        source=source,
        weight=rng.choice([-0.1, 0.1], len(source)),
        reversal=np.zeros(len(source)),
        inputs=rng.uniform(-0.05, 0.05, (INPUT_ROWS, neurons)),
        constants={"tau": 20.0, "tau_s": 5.0},
    )


def _sources(rng: np.random.Generator, neurons: int) -> NDArray[np.uint32]:
    """Different sources for the synapses of each neuron, sorted, one neuron after the other [N * synapses each]."""
    each = min(SYNAPSES_PER_NEURON, neurons)
    if neurons <= 4 * each:
        rows = np.array([rng.permutation(neurons)[:each] for _ in range(neurons)])
        return np.sort(rows, 1).astype(np.uint32).ravel()
    rows = np.sort(rng.integers(0, neurons, (neurons, each)), 1)
    while (twice := np.flatnonzero((rows[:, 1:] == rows[:, :-1]).any(1))).size:
        rows[twice] = np.sort(rng.integers(0, neurons, (twice.size, each)), 1)
    return rows.astype(np.uint32).ravel()
