"""Film of an animal with its nervous system beside it, on machines with or without OpenGL.

`Film` writes the whole picture, frame by frame. Its parts serve alone as well: `make_renderer` draws a model,
`ChaseCamera` follows an animal, `Panel` draws scrolling traces and a stance diagram, `VideoWriter` and `save_image`
write files.

Nothing heavy is loaded before it is needed: neither OpenGL, nor the compiled kernels of the ray caster, nor PyAV or
Pillow.
"""

from sns_mujoco.analysis.families import family_colors
from sns_mujoco.rendering.backend import BACKENDS, Renderer, make_renderer
from sns_mujoco.rendering.camera import ChaseCamera
from sns_mujoco.rendering.film import Film
from sns_mujoco.rendering.look import QUALITIES, Look, Quality
from sns_mujoco.rendering.muscles import Muscles
from sns_mujoco.rendering.palette import partner
from sns_mujoco.rendering.panel_layout import Foot, Trace
from sns_mujoco.rendering.panels import Panel
from sns_mujoco.rendering.video import IMAGE_SUFFIXES, VIDEO_SUFFIXES, VideoWriter, save_image

__all__ = [
    "BACKENDS",
    "IMAGE_SUFFIXES",
    "QUALITIES",
    "VIDEO_SUFFIXES",
    "ChaseCamera",
    "Film",
    "Foot",
    "Look",
    "Muscles",
    "Panel",
    "Quality",
    "Renderer",
    "Trace",
    "VideoWriter",
    "family_colors",
    "make_renderer",
    "partner",
    "save_image",
]
