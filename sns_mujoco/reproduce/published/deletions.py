"""Resetting and non-resetting deletions in the rat's two-layer rhythm.

Deletions of bursts in fictive locomotion are of two kinds: after some the rhythm goes on as if nothing had been, after
others its phase is shifted. A rhythm generator above a pattern formation layer explains it (Rybak et al. 2006): what
disturbs the first resets the rhythm, what disturbs the second only deletes bursts. Deng et al. 2022 show it in their
rat.
"""

from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.reproduce.drawing import OTHER, OURS, PUBLISHED, label
from sns_mujoco.reproduce.experiment import Comparison, Data, Experiment, Measured

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RESETTING = ("L_RG_extensor", "L_RG_flexor")
NOT_RESETTING = ("L_PF_hip_extensor", "L_PF_hip_flexor", "L_PF_distal_extensor", "L_PF_distal_flexor")
PHASES = 8
WATCHED = 1.6  # s after a pulse
SOURCE = "Rybak et al. 2006; Deng et al. 2022; in words"


def measure() -> Measured:
    """Give pulses of -10 nA for 100 ms to half-centres of both layers at eight phases of a cycle, in the air."""
    from sns_mujoco.models import load
    from sns_mujoco.models.rat_hindlimbs.measure import disturb, walk

    simulation = load("rat_hindlimbs").simulation(terrain="air", seed=0)
    period = walk(simulation, seconds=2.0).period
    phases = np.arange(PHASES) / PHASES
    shifts, lost = {}, {}
    for place in RESETTING + NOT_RESETTING:
        found = [disturb(simulation, place, at=phase * period, seconds=WATCHED) for phase in phases]
        shifts[place] = np.array([pulse.shift for pulse in found])
        lost[place] = np.array([pulse.lost for pulse in found])
    comparisons = []
    for place in RESETTING:
        largest = float(np.abs(shifts[place]).max())
        comparisons.append(
            Comparison(quantity=f"largest shift by {place}", unit="cycles", published="the phase is reset",
                       where=SOURCE, low=0.25, measured=largest)
        )  # fmt: skip
    for place in NOT_RESETTING:
        largest = float(np.abs(shifts[place]).max())
        comparisons += [
            Comparison(quantity=f"largest shift by {place}", unit="cycles", published="the phase is kept",
                       where=SOURCE, high=0.1, measured=largest),
            Comparison(quantity=f"motor neurons' peaks lost by {place}", unit="mV", published="bursts fail",
                       where=SOURCE, low=20.0, measured=float(lost[place].max())),
        ]  # fmt: skip
    return Measured(comparisons=tuple(comparisons), data={"phases": phases, "shifts": shifts, "period": period})


def draw(data: Data) -> "Figure":
    """Shift of the rhythm over the phase of the pulse, of both layers."""
    from sns_mujoco.analysis import figures

    figure, axes = figures.canvas(160, 70, columns=2, share_y=True)
    with figures.style():
        titles = {"Rhythm generator": RESETTING, "Pattern formation": NOT_RESETTING}
        for ax, (title, places) in zip(axes[0], titles.items(), strict=True):
            ax.axhline(0.0, color=PUBLISHED, lw=0.5)
            for k, place in enumerate(places):
                color = OURS if place.endswith("extensor") else OTHER
                ax.plot(data["phases"], data["shifts"][place], "os"[k // 2], color=color, mfc="none" if k > 1 else None,
                        label=place.removeprefix("L_").replace("_", " "))  # fmt: skip
            ax.set_ylim(-0.55, 0.75)
            ax.legend(fontsize=6.5, loc="upper left", ncols=2)
            label(ax, "phase of the pulse", "shift (cycles)" if title.startswith("Rhythm") else "", title)
    return figure


EXPERIMENT = Experiment(
    name="deletions",
    title="Disturbed, a rhythm generator resets the rhythm; the layer below it only loses bursts",
    citations=(
        "Rybak, Shevtsova, Lafreniere-Roula & McCrea 2006, J Physiol 577:617",
        "Deng et al. 2022, Biomimetics 7(4):226",
    ),
    method="The animal rat_hindlimbs in the air at full drive. Each pulse is given to the same animal at the same "
    "instant, with and without; the shift is that of its left rhythm generator 1.6 s later. Bounds are ours.",
    measure=measure,
    draw=draw,
)
