"""What pairs and triplets of spikes do to a synapse: the window of Bi & Poo, and how it depends on the rate.

Bi & Poo 1998 paired spikes 60 times at 1 Hz; the change falls off exponentially on both sides. Sjostrom, Turrigiano &
Nelson 2001 paired at 0.1 to 50 Hz: at low rates post before pre weakens, at high rates everything strengthens. A rule
of pairs cannot do that; one of triplets can (Pfister & Gerstner 2006).
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.network import STDP, CurrentSynapse, Network, TripletSTDP
from sns_mujoco.reproduce.drawing import OTHER, OURS, PUBLISHED, label
from sns_mujoco.reproduce.experiment import Comparison, Data, Experiment, Measured, near
from sns_mujoco.reproduce.relays import add_relays

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RATES = (0.1, 10.0, 20.0, 40.0, 50.0)  # Hz
# Change of the weight and its standard error, at each rate: pre 10 ms before post, and post 10 ms before pre.
SJOSTROM = {
    10: ((-0.04, 0.05), (0.14, 0.10), (0.29, 0.14), (0.53, 0.11), (0.56, 0.26)),
    -10: ((-0.29, 0.08), (-0.41, 0.11), (-0.34, 0.10), (0.56, 0.32), (0.75, 0.19)),
}
PAIRS = 60
WIDE = {"w_min": -9.0, "w_max": 9.0}  # no bounds: changes are shares of the weight
# Amplitudes and time constants (ms) of the window of Bi & Poo, for all 60 pairs together.
WINDOW = {"a_pre": 0.777, "a_post": -0.273, "tau_pre": 16.8, "tau_post": 33.7}
DT = 1.0  # ms
TABLE = "Sjostrom et al. 2001, Neuron 32:1149, fig. 1, as tabulated by a public toolbox (vhlab); 2 standard errors"
FIT = "Bi & Poo 2001, fig. 1; the numbers from memory"

Floats = NDArray[np.float64]


def paired(rule: STDP | TripletSTDP, rate: float, distances: Floats, count: int = PAIRS) -> Floats:
    """Change of the weight by pairs at a rate (Hz), post later than pre by each of the distances, ms [n]."""
    n, period = len(distances), 1000.0 / rate
    margin = float(np.abs(distances).max()) + 1.0
    begins = margin + period * np.arange(count)
    spikes = np.zeros((round((begins[-1] + 2 * margin) / DT) + 1, 2 * n))
    rows = np.round(begins / DT).astype(int)
    spikes[rows, :n] = 1.0
    for k, distance in enumerate(distances):
        spikes[rows + round(distance / DT), n + k] = 1.0
    network = Network("pairing")
    for name in ("pre", "post"):
        add_relays(network, name, n)
    network.add_connection(CurrentSynapse(np.eye(n), 0.0, plasticity=rule), "pre", "post", "synapses")
    network.add_output("synapses", "w", kind="weight")
    return network.compile(DT, integrator="exponential").run(spikes)[-1] - 1.0


def fitted(distances: Floats, changes: Floats) -> tuple[float, float]:
    """Amplitude and time constant (ms) of an exponential, by a line through the logarithms."""
    slope, start = np.polyfit(np.abs(distances), np.log(np.abs(changes)), 1)
    return float(np.sign(changes[0]) * np.exp(start)), float(-1.0 / slope)


def measure() -> Measured:
    """Pair spikes at 1 Hz and many distances, and at 10 ms and many rates, under rules of pairs and of triplets."""
    comparisons = []
    distances = np.array([-80.0, -60.0, -40.0, -20.0, -10.0, -5.0, 5.0, 10.0, 20.0, 40.0, 60.0, 80.0])
    shared = {key: value / PAIRS if key.startswith("a_") else value for key, value in WINDOW.items()}
    window = paired(STDP(**shared, **WIDE), 1.0, distances)
    for side, amplitude, tau in ((distances > 0, "a_pre", "tau_pre"), (distances < 0, "a_post", "tau_post")):
        order = "pre before post" if amplitude == "a_pre" else "post before pre"
        size, constant = fitted(distances[side], window[side])
        comparisons += [
            near(f"amplitude after 60 pairs, {order}", size, WINDOW[amplitude], where=FIT, relative=0.02),
            near(f"time constant, {order}", constant, WINDOW[tau], where=FIT, unit="ms", relative=0.02),
        ]
    sides = np.array(list(SJOSTROM), float)
    triplets = np.array([paired(TripletSTDP(**WIDE), rate, sides) for rate in RATES])
    pairs = np.array([paired(STDP(**shared, **WIDE), rate, sides) for rate in RATES])
    for k, (distance, published) in enumerate(SJOSTROM.items()):
        for rate, (mean, error), ours in zip(RATES, published, triplets[:, k], strict=True):
            comparisons.append(
                near(f"change by 60 pairs of {distance:+d} ms at {rate:g} Hz, triplets", ours, mean, where=TABLE,
                     absolute=2.0 * error)
            )  # fmt: skip
    comparisons.append(
        Comparison(
            quantity="rise of the change by +10 ms from 10 to 50 Hz, pairs", published="none: pairs do not explain it",
            where="Pfister & Gerstner 2006, J Neurosci 26:9673", high=0.0, measured=float(pairs[-1, 0] - pairs[1, 0]),
        )
    )  # fmt: skip
    return Measured(
        comparisons=tuple(comparisons),
        data={"distances": distances, "window": window, "rates": np.array(RATES), "triplets": triplets, "pairs": pairs},
    )


def draw(data: Data) -> "Figure":
    """The window, and the change over the rate with its published values."""
    from sns_mujoco.analysis import figures

    figure, axes = figures.canvas(180, 75, columns=2)
    with figures.style():
        ax = axes[0, 0]
        for sign, amplitude, tau in ((1, "a_pre", "tau_pre"), (-1, "a_post", "tau_post")):
            t = np.linspace(1.0, 90.0, 200)
            ax.plot(sign * t, WINDOW[amplitude] * np.exp(-t / WINDOW[tau]), color=PUBLISHED, lw=0.9)
        ax.plot(data["distances"], data["window"], "o", color=OURS)
        ax.axhline(0.0, color=PUBLISHED, lw=0.5)
        label(ax, "post after pre (ms)", "change of weight", "60 pairs at 1 Hz")
        ax = axes[0, 1]
        for k, ((distance, published), color) in enumerate(zip(SJOSTROM.items(), (OURS, OTHER), strict=True)):
            mean, error = np.array(published).T
            ax.errorbar(data["rates"], mean, error, fmt="s", color=color, mfc="none", capsize=2, lw=0.8)
            ax.plot(data["rates"], data["triplets"][:, k], color=color, label=f"{distance:+d} ms, triplets")
            ax.plot(data["rates"], data["pairs"][:, k], color=color, ls=":", label=f"{distance:+d} ms, pairs")
        ax.axhline(0.0, color=PUBLISHED, lw=0.5)
        ax.legend(fontsize=6.5)
        label(ax, "rate of pairs (Hz)", "change of weight", "Sjostrom et al. (squares), ours")
    return figure


EXPERIMENT = Experiment(
    name="stdp_window",
    title="Pairs of spikes change a synapse along an exponential window; triplets make it depend on the rate",
    citations=(
        "Bi & Poo 1998, J Neurosci 18:10464; 2001, Annu Rev Neurosci 24:139",
        "Sjostrom, Turrigiano & Nelson 2001, Neuron 32:1149",
        "Pfister & Gerstner 2006, J Neurosci 26:9673",
    ),
    method="60 pairs, evenly spaced, in steps of 1 ms: at 1 Hz with distances of 5 to 80 ms under a rule of pairs that "
    "has the published window, to see that it comes out of the protocol; and at 0.1 to 50 Hz with 10 ms under the rule "
    "of triplets with the parameters of Pfister & Gerstner (visual cortex, all to all, full model), none of them ours. "
    "Sjostrom's pairs above 0.1 Hz came in bursts of five.",
    measure=measure,
    draw=draw,
)
