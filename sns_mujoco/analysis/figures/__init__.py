"""Figures for papers: vectors with their letters inside, in the colours that families of neurons have in films.

Each is one call on a recording, with the animal for its feet, readouts and colours; it gives a matplotlib `Figure`,
writes it where `path` says, or draws into `ax`, the axes of a figure of your own:

    recording = animal.simulation().record(5.0)
    figures.traces(recording, animal, path="traces.pdf")

    figure, axes = figures.canvas(180, 90, columns=2)
    figures.stance_diagram(recording, animal, ax=axes[0, 0])
    figures.hildebrand(recording, animal, ax=axes[0, 1])
    figures.save(figure, "gait.pdf")

matplotlib (extra `plots`) is loaded when something is drawn, without pyplot and without changing its settings.
"""

from sns_mujoco.analysis.figures.circuit import circuit
from sns_mujoco.analysis.figures.house import FIGURE_SUFFIXES, canvas, save, style
from sns_mujoco.analysis.figures.lags import polar_lags
from sns_mujoco.analysis.figures.lesions import lesion_table
from sns_mujoco.analysis.figures.muscles import moment_arms, muscle_lengths
from sns_mujoco.analysis.figures.palette import colors, name_colors, on_paper, paler
from sns_mujoco.analysis.figures.phase import phase_plot
from sns_mujoco.analysis.figures.raster import raster
from sns_mujoco.analysis.figures.spectrum import spectrogram
from sns_mujoco.analysis.figures.stance import hildebrand, stance_diagram
from sns_mujoco.analysis.figures.traces import traces

__all__ = [
    "FIGURE_SUFFIXES",
    "canvas",
    "circuit",
    "colors",
    "hildebrand",
    "lesion_table",
    "moment_arms",
    "muscle_lengths",
    "name_colors",
    "on_paper",
    "paler",
    "phase_plot",
    "polar_lags",
    "raster",
    "save",
    "spectrogram",
    "stance_diagram",
    "style",
    "traces",
]
