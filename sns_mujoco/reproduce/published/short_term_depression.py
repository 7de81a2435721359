"""A depressing synapse: its stationary response falls as 1 / rate, and it tells relative changes (Tsodyks & Markram).

From their equations, an impulse of a regular train at rate f finally delivers A U (1 - e) / (1 - (1 - U) e) with e =
exp(-1 / (f tau_rec)); far above a limiting rate that times f is A / tau_rec, whatever f is. So the mean drive says
nothing about the rate, and a sudden change of it is felt by its share (Abbott et al. 1997).
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.network import CurrentSynapse, DeltaSynapse, Network, NonSpikingNeuron, TsodyksMarkram
from sns_mujoco.reproduce.drawing import OTHER, OURS, PUBLISHED, label
from sns_mujoco.reproduce.experiment import Comparison, Data, Experiment, Measured, near
from sns_mujoco.reproduce.relays import add_relays

if TYPE_CHECKING:
    from matplotlib.figure import Figure

U, TAU = 0.67, 800.0  # share used by an impulse, and time constant of recovery, ms
RATES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)  # Hz
STEPS = ((10.0, 20.0), (25.0, 50.0), (50.0, 100.0))  # Hz, before and after a doubling
AFFERENTS = 200
DT = 0.5  # ms
FORMULA = "Tsodyks & Markram 1997, stationary solution; U and tau_rec of their fig. 1 from memory"
GAIN = "Abbott et al. 1997, abstract"

Floats = NDArray[np.float64]


def delivered(rate: float) -> Floats:
    """What each impulse of a regular train [n] delivers, in units of A."""
    count = int(np.ceil(6.0 * TAU * rate / 1000.0)) + 6
    train = np.zeros((round(count * 1000.0 / rate / DT) + 2, 1))
    at = np.round(1000.0 / rate / DT * np.arange(count)).astype(int)
    train[at] = 1.0
    network = Network("train")
    add_relays(network, "pre", 1)
    network.add_neuron(NonSpikingNeuron(membrane_conductance=0.0), "post")  # adds up what it gets
    kind = TsodyksMarkram(U, 0.0, TAU)
    network.add_connection(DeltaSynapse(1.0, short_term=kind), "pre", "post")
    network.add_output("post")
    y = network.compile(DT, integrator="exponential").run(train)[:, 0]
    return np.diff(y, prepend=0.0)[at]


def stationary(rate: float) -> float:
    """The published stationary response, in units of A."""
    left = np.exp(-1000.0 / rate / TAU)
    return float(U * (1.0 - left) / (1.0 - (1.0 - U) * left))


def doubled(before: float, after: float) -> tuple[Floats, float]:
    """Current by many afferents whose rate (Hz) changes after 5 s, and its peak over what it was.

    Args:
        before: Rate until then.
        after: Rate from then on.

    Returns:
        The current, each ms, as a share of its stationary value; its peak after the change.
    """
    steps, change = round(6500.0 / DT), 5000.0
    time = DT * np.arange(steps)
    cycles = np.where(time < change, time * before, change * before + (time - change) * after) / 1000.0
    phases = cycles[:, None] + np.arange(AFFERENTS) / AFFERENTS
    spikes = (np.floor(phases) > np.floor(np.vstack([phases[:1], phases[:-1]]))).astype(float)
    network = Network("afferents")
    add_relays(network, "pre", AFFERENTS)
    network.add_neuron(NonSpikingNeuron(membrane_capacitance=1.0), "post")
    synapse = CurrentSynapse(np.ones((1, AFFERENTS)), 1.0, short_term=TsodyksMarkram(U, 0.0, TAU))
    network.add_connection(synapse, "pre", "post")
    network.add_output("post")
    current = network.compile(DT, integrator="exponential").run(spikes)[:, 0]
    settled = current[(time > 4000.0) & (time < change)].mean()
    share = current / settled
    return share[:: round(1.0 / DT)], float(share[time >= change].max())


def measure() -> Measured:
    """Regular trains at many rates, and doublings of the rate of many afferents."""
    trains = {rate: delivered(rate) for rate in RATES}
    comparisons = [
        near(f"stationary response at {rate:g} Hz over A", trains[rate][-1], stationary(rate), where=FORMULA,
             relative=0.02)
        for rate in RATES
    ]  # fmt: skip
    drives = {rate: float(trains[rate][-1]) * rate for rate in RATES}
    comparisons += [
        near(f"mean drive at {rate:g} Hz over A / tau_rec", drives[rate] * TAU / 1000.0, 1.0,
             where="Tsodyks & Markram 1997, above the limiting rate", relative=0.05)
        for rate in (50.0, 100.0)
    ]  # fmt: skip
    slope = np.polyfit(np.log(RATES[-3:]), np.log([trains[rate][-1] for rate in RATES[-3:]]), 1)[0]
    comparisons.append(
        near("exponent of the stationary response, 20 to 100 Hz", slope, -1.0,
             where="Tsodyks & Markram 1997; Abbott et al. 1997", absolute=0.1)
    )  # fmt: skip
    steps = [doubled(*pair) for pair in STEPS]
    peaks = np.array([peak for _, peak in steps])
    comparisons.append(
        Comparison(
            quantity="peaks after doublings of the rate: largest over least",
            published="equal",
            where=GAIN,
            low=1.0,
            high=1.1,
            measured=float(peaks.max() / peaks.min()),
        )
    )
    return Measured(
        comparisons=tuple(comparisons),
        data={
            "rates": np.array(RATES), "responses": np.array([trains[rate][-1] for rate in RATES]),
            "train": trains[20.0], "steps": {f"{a:g} to {b:g} Hz": share for (a, b), (share, _) in
                                             zip(STEPS, steps, strict=True)},
        },
    )  # fmt: skip


def draw(data: Data) -> "Figure":
    """A train, stationary responses over the rate, and what a doubling of the rate does."""
    from sns_mujoco.analysis import figures

    figure, axes = figures.canvas(180, 65, columns=3)
    with figures.style():
        ax = axes[0, 0]
        ax.vlines(50.0 * np.arange(15), 0.0, data["train"][:15], color=OURS)
        label(ax, "time (ms)", "response (A)", "Train at 20 Hz")
        ax = axes[0, 1]
        fine = np.geomspace(data["rates"][0], data["rates"][-1], 100)
        ax.loglog(fine, [stationary(rate) for rate in fine], color=PUBLISHED, lw=0.9, label="published")
        ax.loglog(fine, 1000.0 / TAU / fine, color=PUBLISHED, lw=0.7, ls=":", label="1 / (rate tau)")
        ax.loglog(data["rates"], data["responses"], "o", color=OURS, label="ours")
        ax.legend(fontsize=6.5)
        label(ax, "rate (Hz)", "stationary response (A)", "Stationary")
        ax = axes[0, 2]
        for (name, share), color in zip(data["steps"].items(), (OURS, OTHER, PUBLISHED), strict=True):
            ax.plot(np.arange(len(share))[4800:6000] - 5000, share[4800:6000], color=color, label=name, lw=0.9)
        ax.legend(fontsize=6.5)
        label(ax, "time (ms)", "current (of that before)", "The rate doubles")
    return figure


EXPERIMENT = Experiment(
    name="short_term_depression",
    title="A depressing synapse's response falls as 1 / rate, and tells the relative change of a rate",
    citations=(
        "Tsodyks & Markram 1997, PNAS 94:719",
        "Abbott, Varela, Sen & Nelson 1997, Science 275:221",
    ),
    method="Regular trains of 1 to 100 Hz over more than six time constants, with U 0.67 and tau_rec 800 ms; and 200 "
    "afferents with such synapses, evenly out of step, whose rate doubles. Synapses and membrane "
    "last 1 ms each: slower ones blunt the briefer peaks of high rates (with 3 and 5 ms they are 22 % apart). "
    "Abbott et al. have Poisson trains and another equation for the same depression.",
    measure=measure,
    draw=draw,
)
