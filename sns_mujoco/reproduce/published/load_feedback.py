"""Load of extensors prolongs stance, ends swing, and can stop the rhythm (Duysens & Pearson 1980, Conway et al. 1987).

Stimulation of extensors' group I afferents during extension prolongs it, and during flexion ends flexion and begins
extension at once; either way the rhythm goes on from there (Conway, Hultborn & Kiehn 1987). Ankle extensors loaded by
more than some 40 N keep flexor bursts from coming at all (Duysens & Pearson 1980).
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.reproduce.drawing import FAINT, OTHER, OURS, bursts, label
from sns_mujoco.reproduce.experiment import Comparison, Data, Experiment, Measured, first

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sns_mujoco.cosim.simulation import Simulation

DRIVE, STIMULUS = 0.5, 20.0  # command, nA into the tendon organs' neuron: fully active
LASTING, WATCHED, SAMPLE = 0.3, 5.0, 0.002  # s
PHASES = 12
CONWAY = "Conway, Hultborn & Kiehn 1987, Exp Brain Res 68:643, in words; from memory"
DUYSENS = "Duysens & Pearson 1980, abstract"

Bools = NDArray[np.bool_]


def prepared() -> "Simulation":
    """The antagonist joint on the ground with an electrode at its extensor's tendon organs, as extension begins."""
    from sns_mujoco.adapters import Command
    from sns_mujoco.cosim.attach import attach
    from sns_mujoco.cosim.simulation import Simulation
    from sns_mujoco.models.antagonist_joint import NEURAL_STEP, adapters, body, nervous_system, start

    electrode = Command("stimulus", to="extensor Ib", range=(0.0, 1.0), gain=STIMULUS)
    simulation = Simulation(attach(body("ground"), nervous_system(), [*adapters(), electrode], dt=NEURAL_STEP))
    start(simulation, 0)
    simulation.commands["drive"] = DRIVE
    simulation.run(4.0)
    for wanted in (False, True):  # to the middle of some flexion, and on to the onset of extension
        while extending(simulation) != wanted:
            simulation.step()
    return simulation


def extending(simulation: "Simulation") -> bool:
    """Whether the extensor half-centre has its turn."""
    return simulation.potential("extensor RG") > simulation.potential("flexor RG")


def watched(simulation: "Simulation", begin: float, length: float, strength: float = 1.0) -> Bools:
    """Whether the extensor half-centre has its turn [T], while the afferents are stimulated from begin on, for length.

    The simulation is put back to where it was.
    """
    origin = simulation.snapshot()
    every = round(SAMPLE / simulation.model.opt.timestep)
    turns = np.empty(round(WATCHED / SAMPLE), bool)
    for i in range(len(turns)):
        simulation.commands["stimulus"] = strength if begin <= i * SAMPLE < begin + length else 0.0
        simulation.step(every)
        turns[i] = extending(simulation)
    simulation.restore(origin)
    return turns


def spells(turns: Bools) -> list[tuple[float, float]]:
    """Begin and end of each extension, s."""
    edges = np.diff(np.concatenate(([False], turns, [False])).astype(np.int8))
    begins, ends = np.flatnonzero(edges > 0), np.flatnonzero(edges < 0)
    return [(a * SAMPLE, b * SAMPLE) for a, b in zip(begins.tolist(), ends.tolist(), strict=True)]


def onset(run: list[tuple[float, float]], number: int) -> float:
    """Begin of an extension by its number, s; nan where there are not so many."""
    return run[number][0] if -len(run) <= number < len(run) else float("nan")


def measure() -> Measured:
    """Stimulate the extensor's Ib afferents at twelve phases of a cycle, and for good with rising strength."""
    simulation = prepared()
    calm = spells(watched(simulation, 0.0, 0.0))
    extension, period = calm[0][1], calm[1][0]
    times = (np.arange(PHASES) + 0.5) / PHASES * period
    runs = [spells(watched(simulation, at, LASTING)) for at in times]
    during = times < extension
    longer = np.array([run[0][1] - extension for run in runs])[during]
    at_once = np.array([onset(run, 1) - at for run, at in zip(runs, times, strict=True)])[~during]
    kept = np.array([onset(run, -1) - onset(run, -2) for run in runs])
    strengths = np.linspace(0.0, 1.0, 11)
    held = [spells(watched(simulation, 0.0, np.inf, strength)) for strength in strengths]
    flexions = np.array([len(run) - 1 for run in held])
    stopped = strengths[flexions == 0]
    comparisons = (
        Comparison(quantity="extension stimulated: least prolongation", unit="s", published="prolonged", where=CONWAY,
                   low=0.02, measured=float(longer.min())),
        Comparison(quantity="extension stimulated in its last third: prolongation", unit="s",
                   published="as long as the stimulus", where=CONWAY, low=0.6 * LASTING, high=1.4 * LASTING,
                   measured=float(longer[-1])),
        Comparison(quantity="flexion stimulated: latest onset of extension after it", unit="s",
                   published="at once", where=CONWAY, high=0.05, measured=float(at_once.max())),
        Comparison(quantity="period long after, over that before: furthest from 1", published="the rhythm goes on",
                   where=CONWAY, high=0.05, measured=float(np.abs(kept / period - 1.0).max())),
        Comparison(quantity="flexions in 5 s under the strongest load", published="0: bursts of flexors are gone",
                   where=DUYSENS, low=0.0, high=0.0, measured=float(flexions[-1])),
        Comparison(quantity="share of full activity of Ib above which they are gone", published="there is a threshold",
                   where=f"{DUYSENS}: 4 kg of force", low=0.1, high=1.0,
                   measured=first(stopped)),
    )  # fmt: skip
    return Measured(
        comparisons=comparisons,
        data={
            "calm": calm, "times": times, "runs": runs, "extension": extension, "period": period,
            "strengths": strengths, "flexions": flexions,
        },
    )  # fmt: skip


def draw(data: Data) -> "Figure":
    """Extensions in every run, with the stimulus; and flexions left under lasting stimuli."""
    from sns_mujoco.analysis import figures

    figure, axes = figures.canvas(170, 85, columns=2, widths=[2.2, 1])
    with figures.style():
        ax = axes[0, 0]
        bursts(ax, data["calm"], -1.0, FAINT)
        for row, (at, run) in enumerate(zip(data["times"], data["runs"], strict=True)):
            bursts(ax, run, row, OURS)
            ax.plot([at, at + LASTING], [row + 0.42] * 2, color=OTHER, lw=1.6)
        ax.set_yticks([-1, 0, len(data["times"]) - 1], ["none", "early", "late"])
        ax.invert_yaxis()
        label(ax, "time from the onset of extension (s)", "stimulus (blue)", "Turns of the extensor half-centre")
        ax = axes[0, 1]
        ax.plot(data["strengths"], data["flexions"], "o-", color=OURS)
        label(ax, "lasting stimulus of Ib (of full)", "flexions in 5 s", "Load stops the rhythm")
    return figure


EXPERIMENT = Experiment(
    name="load_feedback",
    title="Load of extensors prolongs extension, ends flexion at once, and stops the rhythm if it lasts",
    citations=(
        "Duysens & Pearson 1980, Brain Res 187:321",
        "Conway, Hultborn & Kiehn 1987, Exp Brain Res 68:643",
    ),
    method="The animal antagonist_joint on the ground at half drive, with a current into the neuron of its extensor's "
    "tendon organs: for 300 ms at twelve phases of one cycle, from the same instant, and for good at eleven strengths. "
    "Without their synapses on the rhythm the same stimuli prolong nothing, and only the strongest stops it, by way "
    "of the motor neurons that they inhibit. The experiments were made on cats; their words are compared, bounds are "
    "ours. The force of Duysens & Pearson has no counterpart here.",
    measure=measure,
    draw=draw,
)
