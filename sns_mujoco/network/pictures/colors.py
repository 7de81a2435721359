"""Colours of circuit diagrams: white paper, calm families for groups, one colour for each effect."""

from collections.abc import Sequence

from PIL import ImageColor

PAPER, INK, FAINT = "#ffffff", "#23262d", "#7c8390"
SIGNS = {
    "excitation": "#1b7a4b",
    "inhibition": "#b3302c",
    "modulation": "#5a55b5",
    "mixed": "#7d5a2b",
    "electrical": "#b07a08",
    "rectified": "#b07a08",
    "unknown": "#5f6672",
    "link": "#8a909c",
}
FAMILIES = ("#d9534b", "#2b9a80", "#dd8331", "#3b7dd0", "#b8931c", "#8468d0", "#c25494", "#5f8a34")
"""Warm and cool by turns, so that left and right limbs look as they do in films."""
_REST, _ACTIVE = (255, 255, 255), (226, 125, 30)
UNKNOWN_ACTIVITY = "#e6e8ec"
_DARK = 115  # brightness below which black text cannot be read, of 255

RGB = tuple[int, int, int]


def color_of(name: str, otherwise: str = "#ffffff") -> str:
    """A colour of a description as SVG has it: one of its 147 names, or digits; others fall back."""
    try:
        red, green, blue = ImageColor.getrgb(name)[:3]
    except ValueError:
        return otherwise
    return to_hex((red, green, blue))


def activity_color(fraction: float) -> str:
    """The colour of an activity, 0 to 1."""
    return to_hex(_mixed(_REST, _ACTIVE, fraction))


def tint(color: str, share: float, ground: str = PAPER) -> str:
    """A colour mixed into another."""
    return to_hex(_mixed(_rgb(ground), _rgb(color), share))


def text_on(color: str) -> str:
    """Dark or white, whichever can be read on a colour (brightness as in ITU-R BT.601)."""
    red, green, blue = _rgb(color)
    return PAPER if 0.299 * red + 0.587 * green + 0.114 * blue < _DARK else INK


def to_hex(color: Sequence[int]) -> str:
    """A colour in hexadecimal digits."""
    return "#" + "".join(f"{part:02x}" for part in color)


def _rgb(color: str) -> RGB:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _mixed(one: RGB, other: RGB, share: float) -> RGB:
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(one, other, strict=True))
    return red, green, blue
