"""Film of an animal with its nervous system beside it, on machines with or without OpenGL.

`Film` writes the whole picture, frame by frame; `Content` says what stands beside the body. `shoot.Shoot` films a
living animal, `duet.Duet` two of them side by side, `replay.Replay` shows a recording. The parts serve alone as well:
`make_renderer` draws a model, `ChaseCamera` follows an animal, `Panel` draws scrolling traces, bands and a stance
diagram, `VideoWriter` and `save_image` write files.

Nothing heavy is loaded before it is needed: neither OpenGL, nor the compiled kernels of the ray caster, nor PyAV or
Pillow.
"""

from sns_mujoco.analysis.families import family_colors
from sns_mujoco.rendering.backend import BACKENDS, Renderer, make_renderer
from sns_mujoco.rendering.camera import VIEWS, ChaseCamera, view_of
from sns_mujoco.rendering.column import Content
from sns_mujoco.rendering.film import Film
from sns_mujoco.rendering.look import QUALITIES, Look, Quality
from sns_mujoco.rendering.marks import Mark
from sns_mujoco.rendering.muscles import Muscles
from sns_mujoco.rendering.palette import partner
from sns_mujoco.rendering.panel_layout import Band, Foot, Row, Trace
from sns_mujoco.rendering.panels import Panel
from sns_mujoco.rendering.video import IMAGE_SUFFIXES, VIDEO_SUFFIXES, VideoWriter, save_image

__all__ = [
    "BACKENDS",
    "IMAGE_SUFFIXES",
    "QUALITIES",
    "VIDEO_SUFFIXES",
    "VIEWS",
    "Band",
    "ChaseCamera",
    "Content",
    "Film",
    "Foot",
    "Look",
    "Mark",
    "Muscles",
    "Panel",
    "Quality",
    "Renderer",
    "Row",
    "Trace",
    "VideoWriter",
    "family_colors",
    "make_renderer",
    "partner",
    "save_image",
    "view_of",
]
