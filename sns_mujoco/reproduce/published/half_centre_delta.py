"""Two neurons with persistent sodium: delta decides whether they take turns (Szczecinski, Hunt & Quinn 2017).

Each neuron, active, holds the other delta above its rest. Where delta is below 0 that is an equilibrium and the first
one stays active for ever; where it is above 0 the inhibited one escapes, the later the smaller delta is. Tutorial 8 of
SNS-Toolbox shows it with three deltas.
"""

from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.network import Network, NonSpikingNeuronWithPersistentSodiumChannel, NonSpikingSynapse
from sns_mujoco.network.subnetworks import onsets
from sns_mujoco.reproduce.drawing import OTHER, OURS, label
from sns_mujoco.reproduce.experiment import Comparison, Data, Experiment, Measured, near

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DELTAS = (-0.01, 0.01, 0.1)  # mV
PERIODS = {0.01: 1537.0, 0.1: 1092.0}  # ms
CONDUCTANCES = {-0.01: 0.172404, 0.01: 0.172246, 0.1: 0.171534}  # uS
R, SODIUM, INHIBITION = 20.0, 110.0, -120.0  # mV above rest
DT, DURATION, KICK = 1.0, 5000, 1.0  # ms, steps, nA in the first step
RECORDED = "tutorial 8, run with SNS-Toolbox 1.5.2"


def conductance(delta: float, neuron: NonSpikingNeuronWithPersistentSodiumChannel) -> float:
    """The synapse that holds the inhibited neuron delta above rest, uS: the source's formula."""
    gates = ((neuron.k_m, neuron.slope_m, neuron.e_m), (neuron.k_h, neuron.slope_h, neuron.e_h))
    m, h = (1.0 / (1.0 + np.asarray(k) * np.exp(np.asarray(slope) * (e - delta))) for k, slope, e in gates)  # type: ignore[operator]
    q = np.asarray(neuron.g_ion) * m * h
    return ((-delta - delta * q + q * SODIUM) / (delta - INHIBITION)).item()


def measure() -> Measured:
    """Run the three networks of the tutorial."""
    comparisons, traces, periods = [], {}, {}
    for delta in DELTAS:
        neuron = NonSpikingNeuronWithPersistentSodiumChannel()
        synapse = NonSpikingSynapse(conductance(delta, neuron), INHIBITION, 0.0, R)
        network = Network("half-centre")
        for name in "AB":
            network.add_neuron(neuron, name)
            network.add_output(name)
        network.add_input("A")
        network.add_connection(synapse, "A", "B")
        network.add_connection(synapse, "B", "A")
        kick = np.zeros((DURATION, 1))
        kick[0] = KICK
        y = network.compile(DT).run(kick)
        times = onsets(y[:, 0] - y[:, 1], DT)
        traces[f"{delta:g}"] = y
        periods[delta] = float(np.diff(times)[-1]) if len(times) > 1 else float("nan")
        comparisons.append(
            near(f"conductance, delta {delta:g} mV", float(synapse.max_conductance), CONDUCTANCES[delta],
                 where=RECORDED, unit="uS", absolute=1e-6)
        )  # fmt: skip
        if delta < 0:
            comparisons.append(
                Comparison(
                    quantity=f"turns taken, delta {delta:g} mV", published="0: it latches", where=RECORDED, low=0.0,
                    high=0.0, measured=float(len(onsets(y[500:, 0] - y[500:, 1], DT))),
                )
            )  # fmt: skip
            comparisons.append(
                near("potential of the active neuron, latched", float(y[-1].max()), R, where=RECORDED, unit="mV",
                     absolute=0.1)
            )  # fmt: skip
        else:
            comparisons.append(
                near(f"period, delta {delta:g} mV", periods[delta], PERIODS[delta], where=RECORDED, unit="ms",
                     absolute=2.0)
            )  # fmt: skip
    last = np.concatenate([traces["0.01"], traces["0.1"]])
    comparisons += [
        near("lowest potential, delta above 0", float(last.min()), -7.45, where=RECORDED, unit="mV", absolute=0.1),
        near("highest potential, delta above 0", float(last.max()), 32.3, where=RECORDED, unit="mV", absolute=0.1),
        Comparison(
            quantity="period at delta 0.01 over that at 0.1 mV", published="longer", where="the design rule",
            low=1.1, measured=periods[0.01] / periods[0.1],
        ),
    ]  # fmt: skip
    return Measured(comparisons=tuple(comparisons), data={"traces": traces, "dt": DT})


def draw(data: Data) -> "Figure":
    """Potentials of both neurons, one panel for each delta."""
    from sns_mujoco.analysis import figures

    figure, axes = figures.canvas(140, 100, rows=len(data["traces"]), share_x=True)
    with figures.style():
        for ax, (delta, y) in zip(axes[:, 0], data["traces"].items(), strict=True):
            time = np.arange(len(y)) * data["dt"] * 1e-3
            ax.plot(time, y[:, 0], color=OURS, label="A")
            ax.plot(time, y[:, 1], color=OTHER, label="B")
            label(ax, "", "potential (mV)", f"delta {float(delta):g} mV")
        axes[0, 0].legend(ncols=2, loc="upper right")
        axes[-1, 0].set_xlabel("time (s)")
    return figure


EXPERIMENT = Experiment(
    name="half_centre_delta",
    title="Two neurons with persistent sodium latch where delta is below 0, and take turns where it is above",
    citations=(
        "Szczecinski, Hunt & Quinn 2017, Biol Cybern 111:105",
        "Nourse et al. 2023, Biomimetics 8(2):247 (SNS-Toolbox); its tutorial 8",
    ),
    method="Tutorial 8 in our network classes, in steps of 1 ms, with a kick of 1 nA in the first step. The numbers "
    "compared with are those that SNS-Toolbox 1.5.2 itself gives for it; their texts show figures, no table.",
    measure=measure,
    draw=draw,
)
