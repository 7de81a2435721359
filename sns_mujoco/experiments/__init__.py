"""Experiments of a physiologist on animals: each a function that gives numbers, a table, a figure and a summary.

    from sns_mujoco.experiments import lesion_sweep, phase_response
    from sns_mujoco.protocols import CurrentClamp

    swept = lesion_sweep("hexapod", "L2 *->*", seeds=5)
    print(swept.summary())
    swept.plot("lesions.pdf")
    swept.save("lesions")  # results.nc, table.csv, summary.txt, config.json, figure.png, figure.pdf

    phase_response("rat_hindlimbs", CurrentClamp("L_RG_extensor", -10.0, stop=0.1), terrain="air").winding

Each lets rows of a population live side by side: settled once for each seed, and the same until something is done to
them. A result is what was asked (`config`), numbers (`to_dataset`), rows of a table (`table`), a figure (`plot`), and a
few lines (`summary`). Seeds are how many repetitions, or which.
"""

from sns_mujoco.experiments.basin import Basin, basin
from sns_mujoco.experiments.deletions import Deletions, deletions
from sns_mujoco.experiments.drive_map import DriveMap, drive_map
from sns_mujoco.experiments.f_i import FICurve, f_i_curve
from sns_mujoco.experiments.frequency_drive import FrequencyDrive, frequency_drive_curve
from sns_mujoco.experiments.lesions import LesionSweep, lesion_sweep
from sns_mujoco.experiments.measures import MEASURES, Measure
from sns_mujoco.experiments.phase_response import PhaseResponse, phase_response
from sns_mujoco.experiments.reflex import ReflexGain, reflex_gain
from sns_mujoco.experiments.results import Result

__all__ = [
    "MEASURES",
    "Basin",
    "Deletions",
    "DriveMap",
    "FICurve",
    "FrequencyDrive",
    "LesionSweep",
    "Measure",
    "PhaseResponse",
    "ReflexGain",
    "Result",
    "basin",
    "deletions",
    "drive_map",
    "f_i_curve",
    "frequency_drive_curve",
    "lesion_sweep",
    "phase_response",
    "reflex_gain",
]
