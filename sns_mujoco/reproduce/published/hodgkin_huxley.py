"""The squid axon's currents of repetitive firing: where it begins, and where rest loses and regains its stability.

The equations of Hodgkin & Huxley 1952 have a subcritical Hopf bifurcation: rest is stable up to 9.78 uA/cm2, but a
step of 6.3 already makes the axon fire for ever, and above 154.5 rest is stable again (Hassard 1978, Rinzel & Miller
1980).
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.network import HodgkinHuxleyNeuron, Network
from sns_mujoco.reproduce.drawing import OURS, PUBLISHED, label
from sns_mujoco.reproduce.experiment import Comparison, Data, Experiment, Measured, first, near

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIRST, LOWER, UPPER = 6.26, 9.78, 154.5  # uA/cm2
FINE = 0.002  # ms: forward Euler adds some 0.05 uA/cm2 at 0.01 ms
SOURCE = "Rinzel & Miller 1980; Hassard 1978; the numbers from memory"

Floats = NDArray[np.float64]


def axons(count: int) -> Network:
    """Axons side by side, each with an input of its own."""
    network = Network("axons")
    network.add_population(HodgkinHuxleyNeuron(), count, "axon")
    network.add_input("axon", count)
    network.add_output("axon")
    return network


def firing(currents: Floats, *, dt: float = 0.01, duration: float = 500.0) -> tuple[Floats, Floats]:
    """Potentials (mV) under steps of current from rest [T, n], and rates in the last 200 ms, Hz (0 where silent)."""
    y = axons(len(currents)).compile(dt).run(np.broadcast_to(currents, (round(duration / dt), len(currents))).copy())
    late = y[-round(200.0 / dt) :]
    up = (late[1:] > 0.0) & (late[:-1] <= 0.0)
    rates = np.zeros(len(currents))
    for k in range(len(currents)):
        at = np.flatnonzero(up[:, k])
        if len(at) > 1:
            rates[k] = 1000.0 / (np.diff(at).mean() * dt)
    return y, rates


def holding(potential: Floats) -> Floats:
    """Current that holds the axon at a potential (mV) with all gates at rest: the model's equations, uA/cm2."""
    v = potential
    opening = {
        "m": ((v + 40) / 10 / (1 - np.exp(-(v + 40) / 10)), 4 * np.exp(-(v + 65) / 18)),
        "h": (0.07 * np.exp(-(v + 65) / 20), 1 / (1 + np.exp(-(v + 35) / 10))),
        "n": (0.1 * (v + 55) / 10 / (1 - np.exp(-(v + 55) / 10)), 0.125 * np.exp(-(v + 65) / 80)),
    }
    m, h, n = (alpha / (alpha + beta) for alpha, beta in opening.values())
    return 120 * m**3 * h * (v - 50) + 36 * n**4 * (v + 77) + 0.3 * (v + 54.387)


def growth(potentials: Floats, *, duration: float = 120.0, kick: float = 0.01) -> tuple[Floats, Floats]:
    """Currents that hold these potentials (mV) [n], and how fast a small disturbance grows there, 1/ms."""
    network = Network("axons")
    network.add_population(HodgkinHuxleyNeuron(), len(potentials), "axon", initial_value=potentials + kick)
    network.add_input("axon", len(potentials))
    network.add_output("axon")
    currents = holding(potentials)
    steps = round(duration / FINE)
    y = network.compile(FINE).run(np.broadcast_to(currents, (steps, len(currents))).copy()) - potentials
    early, late = (np.abs(part).max(axis=0) for part in (y[steps // 3 : 2 * steps // 3], y[2 * steps // 3 :]))
    return currents, np.log(late / early) / (duration / 3.0)


def crossing(currents: Floats, rates: Floats) -> float:
    """Where the rate of growth first changes its sign, by a line between the two nearest; nan where it does not."""
    before = np.flatnonzero(np.diff(np.sign(rates)))
    shares = rates[before] / (rates[before] - rates[before + 1])
    return first(currents[before] + shares * (currents[before + 1] - currents[before]))


def measure() -> Measured:
    """Steps of current from rest, and small disturbances of resting states on both sides of the bifurcations."""
    currents = np.concatenate([np.arange(5.0, 7.0, 0.05), np.arange(7.0, 20.1, 1.0)])
    traces, rates = firing(currents)
    firing_at = rates > 0
    lower = growth(np.linspace(-60.2, -59.2, 9))
    upper = growth(np.linspace(-43.5, -41.5, 9), duration=60.0)
    comparisons = (
        near("least current of lasting firing after a step from rest", first(currents[firing_at]), FIRST,
             where=SOURCE, unit="uA/cm2", absolute=0.1),
        near("rest loses its stability", crossing(*lower), LOWER, where=SOURCE, unit="uA/cm2", relative=0.01),
        near("rest is stable again", crossing(*upper), UPPER, where=SOURCE, unit="uA/cm2", relative=0.01),
        Comparison(
            quantity="rate at onset: it does not begin at 0", unit="Hz", published="about 50",
            where="a Hopf bifurcation (Rinzel & Ermentrout 1989); the number from memory", low=45.0, high=60.0,
            measured=first(rates[firing_at]),
        ),
    )  # fmt: skip
    return Measured(
        comparisons=comparisons,
        data={
            "currents": currents, "rates": rates, "silent": traces[::20, int(np.searchsorted(currents, 6.0))],
            "firing": traces[::20, int(np.searchsorted(currents, 7.0))],
            "lower": np.stack(lower), "upper": np.stack(upper),
        },
    )  # fmt: skip


def draw(data: Data) -> "Figure":
    """Two traces, the rate over the current, and growth of disturbances at both bifurcations."""
    from sns_mujoco.analysis import figures

    figure, axes = figures.canvas(180, 65, columns=3, widths=[1.3, 1, 1])
    with figures.style():
        ax = axes[0, 0]
        time = 0.2 * np.arange(len(data["firing"]))
        ax.plot(time[:1000], data["firing"][:1000], color=OURS, lw=0.8, label="7 uA/cm2")
        ax.plot(time[:1000], data["silent"][:1000], color=PUBLISHED, lw=0.8, label="6 uA/cm2")
        ax.set_ylim(-80.0, 75.0)
        ax.legend(loc="upper right", fontsize=6.5, ncols=2)
        label(ax, "time (ms)", "potential (mV)", "Steps from rest")
        ax = axes[0, 1]
        ax.plot(data["currents"], data["rates"], ".", color=OURS)
        ax.axvline(FIRST, color=PUBLISHED, lw=0.8, ls=":")
        label(ax, "current (uA/cm2)", "rate (Hz)", "Firing")
        ax = axes[0, 2]
        for key, published in (("lower", LOWER), ("upper", UPPER)):
            current, rate = data[key]
            ax.plot(current / published, 1e3 * rate, "o-", ms=2.5, color=OURS, alpha=1.0 if key == "lower" else 0.5,
                    label=f"around {published:g}")  # fmt: skip
        ax.set_ylim(-145.0, 100.0)
        ax.axhline(0.0, color=PUBLISHED, lw=0.5)
        ax.axvline(1.0, color=PUBLISHED, lw=0.8, ls=":")
        ax.legend(fontsize=6.5, loc="upper right")
        label(ax, "current over the published one", "growth (1/s)", "Disturbed rest")
    return figure


EXPERIMENT = Experiment(
    name="hodgkin_huxley",
    title="The squid axon fires from a step of 6.3 uA/cm2, and its rest is unstable from 9.8 to 154.5",
    citations=(
        "Hodgkin & Huxley 1952, J Physiol 117:500",
        "Hassard 1978, J Theor Biol 71:401",
        "Rinzel & Miller 1980, Math Biosci 49:27",
    ),
    method="A membrane of 0.001 cm2, so that uA/cm2 are nA, at 6.3 degrees C: steps of current from rest (forward "
    "Euler, 0.01 ms), and disturbances of 0.01 mV of resting states (0.002 ms) whose growth is followed over some "
    "cycles.",
    measure=measure,
    draw=draw,
)
