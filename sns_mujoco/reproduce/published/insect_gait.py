"""An insect's duty factor falls with speed, its swing keeps its duration, and at speed it walks in tripods.

What is known of cockroaches, most of it of the hexapod's own species: Full & Tu 1990, Ting et al. 1994, Bender et al.
2011. Two animals are held against it, the hexapod that was tuned by hand and the one evolved for rough ground, which
runs.
"""

from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.reproduce.drawing import OTHER, OURS, PUBLISHED, label
from sns_mujoco.reproduce.experiment import Comparison, Data, Experiment, Measured, first, near

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRIVES = (0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0)
ANIMALS = ("hexapod", "hexapod:rough")
SECONDS = 8.0
FASTEST, FREQUENCY, FROUDE = 0.35, 13.0, 0.4  # m/s and strides/s (Full & Tu), gait change (Bender et al.)
GRAVITY, HIP = 9.81, 0.010  # m/s2; m, height of the standing body
TRIPOD = 0.1  # cycles: how far phase lags may be from one half
FULL = "Full & Tu 1990, abstract"
TING = "Ting, Blickhan & Full 1994, abstract"
BENDER = "Bender et al. 2011, abstract"
RUNS = (
    "The animal tuned by hand walks: 0.12 m/s with 5.7 strides/s. The one evolved for rough ground runs at 0.29 m/s "
    "with 8.5 strides/s: nothing rewarded it beyond, and a stride takes 0.07 s of swing, which alone allows 14."
)


def measure() -> Measured:
    """Let both animals walk on flat ground at eight drives."""
    from sns_mujoco.models import load
    from sns_mujoco.models.hexapod.measure import LENGTH, walk

    keys = ("speed", "frequency", "duty", "swing", "lag error", "coherence")
    found = {}
    for name in ANIMALS:
        rows = []
        for drive in DRIVES:
            walked = walk(load(name).simulation(terrain="flat", seed=0), seconds=SECONDS, drive=drive)
            gait = walked.gait
            coherence = min(gait.coherence.values())
            rows.append(
                (walked.speed * LENGTH, 1.0 / gait.period, gait.duty_factor, gait.swing, walked.lag_error, coherence)
            )
        found[name] = dict(zip(keys, np.array(rows).T, strict=True))
    hand, runner = (found[name] for name in ANIMALS)
    fast = int(np.argmax(runner["speed"]))
    tripods = hand["lag error"] < TRIPOD
    change = first(hand["speed"][tripods])
    walking = hand["speed"] > 0.03
    comparisons = (
        Comparison(quantity="duty factor: largest rise from one drive to the next", published="it falls with speed",
                   where=TING, high=0.0, measured=float(np.diff(hand["duty"]).max())),
        Comparison(quantity="duty factor at the highest speed, evolved animal", published="0.5 and below", where=TING,
                   high=0.5, measured=float(runner["duty"][fast])),
        Comparison(quantity="duty factor at the highest speed, animal tuned by hand", published="0.5 and below",
                   where=TING, high=0.5, measured=float(hand["duty"][-1]),
                   tried="It is 0.56 at its full drive, 0.12 m/s; Ting et al. have up to 0.6 m/s. Drives above 1 have "
                   "no effect. The animal evolved for rough ground is below 0.5 from 0.14 m/s on."),
        Comparison(quantity="swing: range over its mean, above 0.03 m/s",
                   published="about constant; stance shortens", where="Wilson 1966, in words, from memory", high=0.2,
                   measured=float(np.ptp(hand["swing"][walking]) / hand["swing"][walking].mean())),
        near("phase lags at full drive: furthest from a tripod's", float(hand["lag error"][-1]), 0.0, unit="cycles",
             where="Wilson 1966; Ting, Blickhan & Full 1994", absolute=0.05),
        Comparison(quantity="fastest, evolved animal", unit="m/s", published="0.35, sustained", where=FULL, low=0.3,
                   measured=float(runner["speed"][fast]), tried=RUNS),
        near("strides at the highest speed, evolved animal", float(runner["frequency"][fast]), FREQUENCY,
             where=f"{FULL}, at 0.35 m/s", unit="1/s", relative=0.15, tried=RUNS),
        near("Froude number at which the tripod begins", change**2 / (GRAVITY * HIP), FROUDE, where=BENDER,
             relative=0.5,
             tried="Tripods begin at 0.10 m/s (drive 0.75); a number of 0.4 is 0.20 m/s on such legs, more than this "
                   "animal does. The evolved one reaches that speed, but has no tripod at any of the eight drives."),
    )  # fmt: skip
    return Measured(comparisons=comparisons, data={"drives": np.array(DRIVES), "found": found})


def draw(data: Data) -> "Figure":
    """Duty factor, duration of swing and stride frequency over speed, of both animals."""
    from sns_mujoco.analysis import figures

    figure, axes = figures.canvas(180, 65, columns=3)
    with figures.style():
        names = dict(zip(ANIMALS, ("tuned by hand", "evolved"), strict=True))
        panels = (("duty", 1.0, "duty factor"), ("swing", 1e3, "swing (ms)"), ("frequency", 1.0, "strides (1/s)"))
        for ax, (key, scale, text) in zip(axes[0], panels, strict=True):
            for (name, legend), color in zip(names.items(), (OURS, OTHER), strict=True):
                found = data["found"][name]
                ax.plot(found["speed"], scale * found[key], "o-", color=color, label=legend)
            label(ax, "speed (m/s)", text)
        axes[0, 0].axhline(0.5, color=PUBLISHED, lw=0.8, ls=":")
        axes[0, 0].set_ylim(0.0, 1.0)
        axes[0, 0].legend()
        axes[0, 1].set_ylim(0.0, 130.0)
        axes[0, 2].set_ylim(0.0, 14.5)
        axes[0, 2].plot(FASTEST, FREQUENCY, "s", color=PUBLISHED, mfc="none")
        axes[0, 2].annotate("Full & Tu", (FASTEST, FREQUENCY), (-6, 0), textcoords="offset points", ha="right",
                            va="center", fontsize=6.5)  # fmt: skip
    return figure


EXPERIMENT = Experiment(
    name="insect_gait",
    title="An insect's duty factor falls with speed, swing keeps its duration, and speed brings tripods",
    citations=(
        "Full & Tu 1990, J Exp Biol 148:129",
        "Ting, Blickhan & Full 1994, J Exp Biol 197:251",
        "Bender et al. 2011, J Exp Biol 214:2057",
        "Wilson 1966, Annu Rev Entomol 11:103",
    ),
    method="The animals hexapod and hexapod:rough on flat ground, 8 s at each of eight drives, one seed, the first 2 s "
    "not measured. A tripod is one where every phase lag is within 0.1 of one half.",
    measure=measure,
    draw=draw,
)
