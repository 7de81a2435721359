"""The colours that SNS-Toolbox knows: the 147 names of SVG 1.1."""

import warnings

from PIL import ImageColor

SETOFVALIDCOLORS = set(ImageColor.colormap) - {"rebeccapurple"}  # which came with CSS 4
DARK = 115  # brightness below which black text cannot be read, of 255


def valid_color(color: str | None = None) -> bool:
    """Whether this is the name of a colour."""
    return isinstance(color, str) and color in SETOFVALIDCOLORS


def set_text_color(color: str | None = None) -> str:
    """Black or white, whichever can be read on a background."""
    if not valid_color(color):
        return "black"
    red, green, blue = ImageColor.getrgb(str(color))[:3]
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < DARK else "black"  # ITU-R BT.601


def known_color(color: str, otherwise: str = "white") -> str:
    """A colour that is known, or another one with a warning, as SNS-Toolbox has it."""
    if valid_color(color):
        return color
    warnings.warn(f"{color!r} is no colour of SVG; {otherwise!r} is taken instead", stacklevel=3)
    return otherwise
