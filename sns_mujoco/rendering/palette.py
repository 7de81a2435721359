"""Colours of the film: dark, calm surroundings, and one family of colour for each limb."""

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.look import Color

BACKGROUND: Color = (0.055, 0.063, 0.078)
LANE: Color = (0.082, 0.094, 0.118)
GRID: Color = (0.16, 0.18, 0.22)
TITLE: Color = (0.90, 0.92, 0.95)
TEXT: Color = (0.72, 0.75, 0.80)
FAINT: Color = (0.47, 0.50, 0.56)

# Warm on the left, cool on the right, front to hind.
LIMBS: dict[str, Color] = {
    "L1": (1.00, 0.42, 0.38),
    "L2": (1.00, 0.63, 0.32),
    "L3": (0.98, 0.83, 0.36),
    "R1": (0.36, 0.86, 0.71),
    "R2": (0.36, 0.70, 1.00),
    "R3": (0.69, 0.57, 1.00),
}


def to_bytes(color: Color) -> NDArray[np.uint8]:
    """A colour as three bytes."""
    return np.round(255 * np.array(color)).astype(np.uint8)


def blend(color: Color, other: Color, share: float) -> Color:
    """A colour on the way from one to another.

    Args:
        color: Where it starts.
        other: Where it ends.
        share: How far it has gone, 0 to 1.
    """
    return (
        color[0] + share * (other[0] - color[0]),
        color[1] + share * (other[1] - color[1]),
        color[2] + share * (other[2] - color[2]),
    )


def partner(color: Color) -> Color:
    """The colour of an antagonist: the same family, paler."""
    return blend(color, (0.93, 0.94, 0.97), 0.55)
