"""Colours of the film: dark, calm surroundings, and one colour for each family of neurons, as those of a limb."""

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.look import Color

BACKGROUND: Color = (0.055, 0.063, 0.078)
LANE: Color = (0.082, 0.094, 0.118)
GRID: Color = (0.16, 0.18, 0.22)
TITLE: Color = (0.90, 0.92, 0.95)
TEXT: Color = (0.72, 0.75, 0.80)
FAINT: Color = (0.47, 0.50, 0.56)
MARK: Color = (0.21, 0.20, 0.17)
"""Behind the traces, while something was done to the animal."""

# Warm on the left, cool on the right, in the order in which families come: of legs, front to hind.
LEFT: tuple[Color, ...] = ((1.00, 0.42, 0.38), (1.00, 0.63, 0.32), (0.98, 0.83, 0.36), (1.00, 0.56, 0.68))
RIGHT: tuple[Color, ...] = ((0.36, 0.86, 0.71), (0.36, 0.70, 1.00), (0.69, 0.57, 1.00), (0.45, 0.83, 0.95))
OTHER: tuple[Color, ...] = (
    (0.36, 0.70, 1.00), (1.00, 0.63, 0.32), (0.55, 0.85, 0.50), (0.90, 0.55, 0.85), (0.98, 0.83, 0.36),
)  # fmt: skip

_SIDE = re.compile(r"(L|R|left|right)(?:[ _]|(?=\d)|$)(.*)")


def family_colors(families: Iterable[str]) -> dict[str, Color]:
    """A colour for each family.

    Args:
        families: Their names, in any number of repetitions; the order of their first appearance counts. Names that
            begin with L or left, R or right, followed by nothing, a digit, a space or an underscore, are of a side;
            "L", "L_" and "left" are the same family.
    """
    colors: dict[str, Color] = {}
    known: dict[str, Color] = {}
    taken = {LEFT: 0, RIGHT: 0, OTHER: 0}
    for family in families:
        side = _SIDE.match(family)
        name = f"{side[1][0].upper()}{side[2]}" if side else family
        if name not in known:
            colors_of = {"L": LEFT, "R": RIGHT}[name[0]] if side else OTHER
            known[name] = colors_of[taken[colors_of] % len(colors_of)]
            taken[colors_of] += 1
        colors[family] = known[name]
    return colors


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
