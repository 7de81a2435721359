"""Drive shortens stance and spares swing, and muscle afferents make it so (Markin et al. 2010, Spardy et al. 2011).

In their model of a limb with one joint, a symmetric half-centre and two muscles, more drive means shorter stance, and
swing of about the same duration. Without afferent feedback both phases shorten alike; and feedback keeps the rhythm
going at drives at which the half-centre alone stands still.
"""

from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.reproduce.drawing import OTHER, OURS, PUBLISHED, label
from sns_mujoco.reproduce.experiment import Comparison, Data, Experiment, Measured

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRIVES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SECONDS = 10.0
# Durations (s) at drives of 1.2 and 2 of the source's unit: its equations, integrated.
THEIRS = {"stance": (0.820, 0.576), "swing": (0.321, 0.304), "without feedback": (0.802, 0.389)}
EQUATIONS = "the source's equations, integrated, at drives of 1.2 to 2"
WORDS = "Spardy et al. 2011, part II, abstract"
TRIED = (
    "Ours is faster. With the source's weight from In to RG (2.2, ours is 1.1) stance lasts 0.68 s, swing 0.23 s, and "
    "without feedback there is no rhythm below full drive, where a turn lasts 0.80 s; but then stance shortens by 6 % "
    "only from half to full drive. Half the stiffness of the foot's spring shortens stance to 0.42 s, twice of it "
    "stops the rhythm; without reflexes on motor neurons the foot bounces and stands for 0.18 s; without the "
    "current that keeps the half-centres silent stance lasts 0.46 s."
)


def measure() -> Measured:
    """Let the antagonist joint step on the ground at eight drives, with and without feedback to the rhythm."""
    from sns_mujoco.models.antagonist_joint.experiments import joint
    from sns_mujoco.models.antagonist_joint.measure import rhythm

    found = {}
    for feedback in (True, False):
        simulation = joint("ground", feedback=feedback)
        walks = [rhythm(simulation, drive, seconds=SECONDS) for drive in DRIVES]
        found[feedback] = {
            key: np.array([getattr(walk, key) for walk in walks]) for key in ("stance", "swing", "extension", "flexion")
        }
    whole, cut = found[True], found[False]
    at = {drive: k for k, drive in enumerate(DRIVES)}
    half, full = at[0.5], at[1.0]
    shorter = float(whole["stance"][half] - whole["stance"][full])
    swings = whole["swing"][half:]
    equal = np.abs(cut["extension"] - cut["flexion"])[half:] / cut["extension"][half:]
    comparisons = (
        Comparison(
            quantity="stance, how much shorter at full than at half drive", published="0.30", where=EQUATIONS, low=0.15,
            high=0.45, measured=shorter / float(whole["stance"][half]),
        ),
        Comparison(
            quantity="swing, how far its durations are apart", published="0.05", where=EQUATIONS, high=0.1,
            measured=float(np.ptp(swings) / swings.mean()),
        ),
        Comparison(
            quantity="shortening of stance over that range of swing", published="14", where=EQUATIONS, low=5.0,
            measured=shorter / float(np.ptp(swings)),
        ),
        Comparison(
            quantity="without feedback, difference of the two turns", published="0: both shorten alike", where=WORDS,
            high=0.05, measured=float(equal.max()),
        ),
        Comparison(
            quantity="without feedback, how much shorter a turn at full than at half drive", published="0.51",
            where=EQUATIONS, low=0.35, high=0.67,
            measured=float(1.0 - cut["extension"][full] / cut["extension"][half]),
        ),
        Comparison(
            quantity="drives at which only feedback keeps a rhythm", published="some, low ones",
            where="Spardy et al. 2011, part I", low=1.0,
            measured=float(np.count_nonzero(~np.isnan(whole["extension"]) & np.isnan(cut["extension"]))),
        ),
        Comparison(
            quantity="stance at a drive of 0.8 (1.2 in the source's unit)", unit="s", published="0.820",
            where=EQUATIONS, low=0.70, high=0.94, measured=float(whole["stance"][at[0.8]]), tried=TRIED,
        ),
        Comparison(
            quantity="swing at a drive of 0.8 (1.2 in the source's unit)", unit="s", published="0.321",
            where=EQUATIONS, low=0.27, high=0.37, measured=float(whole["swing"][at[0.8]]), tried=TRIED,
        ),
        Comparison(
            quantity="without feedback, a turn at a drive of 0.8 (1.2 in the source's unit)", unit="s",
            published="0.802", where=EQUATIONS, low=0.68, high=0.92, measured=float(cut["extension"][at[0.8]]),
            tried=TRIED,
        ),
    )  # fmt: skip
    data = {"drives": np.array(DRIVES), "whole": whole, "cut": cut}
    return Measured(comparisons=comparisons, data=data)


def draw(data: Data) -> "Figure":
    """Durations over the drive, with feedback and without."""
    from sns_mujoco.analysis import figures

    figure, axes = figures.canvas(160, 70, columns=2, share_y=True)
    with figures.style():
        theirs = (np.array([1.2, 2.0]) + 0.6) / 2.2
        panels = (
            (axes[0, 0], data["whole"], ("stance", "swing"), "With feedback", ("stance", "swing")),
            (axes[0, 1], data["cut"], ("extension", "flexion"), "Without", ("without feedback",) * 2),
        )
        for ax, found, keys, title, published in panels:
            for key, source, color, line in zip(keys, published, (OURS, OTHER), ("o-", "s:"), strict=True):
                ax.plot(data["drives"], found[key], line, color=color, label=key)
                ax.plot(theirs, THEIRS[source], "d--", color=PUBLISHED, mfc="none", lw=0.7)
            ax.legend(fontsize=7)
            ax.set_ylim(0.0, 1.0)
            label(ax, "drive", "duration (s)" if title == "With feedback" else "", f"{title} (diamonds: source)")
    return figure


EXPERIMENT = Experiment(
    name="stance_swing_asymmetry",
    title="Drive shortens stance and spares swing; without muscle afferents it shortens both alike",
    citations=(
        "Markin, Klishko, Shevtsova, Lemay, Prilutsky & Rybak 2010, Ann N Y Acad Sci 1198:21",
        "Spardy, Markin, Shevtsova, Prilutsky, Rybak & Rubin 2011, J Neural Eng 8:065003 and 8:065004",
    ),
    method="The animal antagonist_joint on the ground, 10 s at each drive of which the first 3 s are not measured; "
    "without feedback its afferents have no synapses to the rhythm. A drive c here stands for about 2.2 c - 0.6 there.",
    measure=measure,
    draw=draw,
)
