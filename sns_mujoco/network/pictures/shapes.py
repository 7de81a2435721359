"""The signs of a circuit diagram: neurons, inputs and outputs, and the marks on lines, as SVG."""

from collections.abc import Sequence
from math import atan2, cos, degrees, radians, sin
from xml.sax.saxutils import escape

from sns_mujoco.network.pictures.colors import INK, PAPER, text_on
from sns_mujoco.network.pictures.ends import Touch
from sns_mujoco.network.pictures.graph import Node, shape_text
from sns_mujoco.network.pictures.paths import Point, number
from sns_mujoco.network.pictures.sizes import STACK_STEP, TAG_FONT, TAG_HEIGHT, TAG_POINT, Sizes, tag_text, tag_width

_CELLS = 5  # most rows and columns of a grid that are drawn
_TRIANGLE, _DOT = 9.5, 4.4
_BADGE = 7.5
MARK_ROOM = {"excitation": _TRIANGLE, "mixed": _TRIANGLE, "unknown": 7.0, "inhibition": _DOT, "modulation": 2 * _DOT}
"""How far before an outline the line of each sign ends."""


_CENTRED = ' text-anchor="middle"'
_CELL_MARKS = {
    "matrix": "M-5.7 -5.7H-1.9V-1.9H-5.7ZM-1.9 -1.9H1.9V1.9H-1.9ZM1.9 1.9H5.7V5.7H1.9Z",
    "pattern": "M-1.9 -1.9H1.9V1.9H-1.9Z",
    "list": "M1.9 -5.7H5.7V-1.9H1.9ZM-5.7 1.9H-1.9V5.7H-5.7Z",
}


def text(x: float, y: float, words: str, font: float, color: str = INK, extra: str = "") -> str:
    """A line of text; y is the line that it stands on."""
    words = escape(clean(words))
    return f'<text x="{number(x)}" y="{number(y)}" font-size="{number(font)}" fill="{color}"{extra}>{words}</text>'


def clean(words: str) -> str:
    """A text without the characters that XML cannot hold."""
    return "".join(c if c in "\t\n" or (c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in "￾￿") else "�"
                   for c in words)  # fmt: skip


def titled(inner: str, details: str) -> str:
    """Something that says more where the pointer rests."""
    return f"<g><title>{escape(clean(details))}</title>{inner}</g>"


def neurons(
    node: Node,
    place: Point,
    sizes: Sizes,
    fill: str,
    outline: str,
    badge_at: float,
    cells: Sequence[Sequence[str]] | None = None,
) -> str:
    """A neuron, a stack of discs, or a grid.

    Args:
        node: What to draw.
        place: Its centre.
        sizes: Sizes of this picture.
        fill: Its colour.
        outline: Colour of its outline.
        badge_at: Where its badge stands, degrees clockwise from the right.
        cells: Colours of a grid's cells, if they differ.
    """
    (x, y), r = place, sizes.radius
    parts = []
    pen = f'stroke="{outline}" stroke-width="1.5"'
    if len(node.shape) == 2:
        parts.append(_grid(x, y, r, node.shape, fill, pen, cells))
    else:
        behind = (2, 1) if node.shape != (1,) else ()
        for step in behind:
            dx, dy = STACK_STEP * step, -STACK_STEP * step
            parts.append(f'<circle cx="{number(x + dx)}" cy="{number(y + dy)}" r="{number(r)}" fill="{fill}" {pen}/>')
        parts.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(r)}" fill="{fill}" {pen}/>')
    label = sizes.label(node.label)
    step = label.font * 1.12
    base = y + label.font * 0.35 - step * (len(label.lines) - 1) / 2
    color = text_on(fill)
    halo = ""
    if cells:
        color, halo = INK, f' stroke="{PAPER}" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke"'
    for index, line in enumerate(label.lines):
        parts.append(text(x, base + index * step, line, label.font, color, _CENTRED + halo))
    if node.badge:
        angle = radians(badge_at)
        parts.append(badge(node.badge, x + r * cos(angle), y + r * sin(angle), outline))
    if node.shape != (1,):
        size = shape_text(node.shape) if len(node.shape) == 2 else f"×{node.shape[0]:,}"
        parts.append(text(x, y + r + 11.5, size, 9.0, INK, _CENTRED))
    return "".join(parts)


def badge(kind: str, x: float, y: float, outline: str = INK) -> str:
    """The small sign of a kind of neuron: a spike, the two walls of a channel, or its initials."""
    parts = [
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(_BADGE)}" fill="{PAPER}" stroke="{outline}" '
        'stroke-width="1.2"/>'
    ]
    pen = f'fill="none" stroke="{INK}" stroke-width="1.2" stroke-linecap="round" stroke-linejoin="round"'
    if kind == "spike":
        points = ((-5, 2.4), (-1.8, 2.4), (-0.2, -4.8), (1.5, 4.4), (2.6, 2.4), (5, 2.4))
        shape = "L".join(f"{number(x + dx)} {number(y + dy)}" for dx, dy in points)
        parts.append(f'<path d="M{shape}" {pen}/>')
    elif kind == "channel":
        for side in (-1, 1):
            top, middle, foot = (
                f"{number(x + side * dx)} {number(y + dy)}" for dx, dy in ((3.6, -4), (0.6, 0), (3.6, 4))
            )
            parts.append(f'<path d="M{top}Q{middle} {foot}" {pen}/>')
    else:
        font = 8.0 if len(kind) < 3 else 6.5
        parts.append(text(x, y + 0.36 * font, kind, font, INK, ' text-anchor="middle" font-weight="bold"'))
    return "".join(parts)


def tag(node: Node, place: Point, fill: str, right: bool) -> str:
    """An input or output: a small flag that points where the signal goes; noise: without a point."""
    (x, y), half, high = place, tag_width(node.label) / 2, TAG_HEIGHT / 2
    side = 1.0 if right else -1.0
    corners = ((-half, -high), (half - TAG_POINT, -high), (half, 0.0), (half - TAG_POINT, high), (-half, high))
    shape = "L".join(f"{number(x + side * dx)} {number(y + dy)}" for dx, dy in corners)
    pen = f'fill="{fill}" stroke="{INK}" stroke-width="1.1" stroke-linejoin="round"'
    words = tag_text(node.label)
    if node.role == "noise":
        box = f'x="{number(x - half)}" y="{number(y - high)}" width="{number(2 * half)}" height="{number(2 * high)}"'
        return f'<rect {box} rx="{number(high)}" {pen}/>' + text(x, y + 3.5, words, TAG_FONT, text_on(fill), _CENTRED)
    dash = "" if node.role == "input" else ' stroke-dasharray="3 2"'
    return f'<path d="M{shape}Z" {pen}{dash}/>' + text(
        x - side * 2.5, y + 3.5, words, TAG_FONT, text_on(fill), _CENTRED
    )


def mark(sign: str, end: Touch, color: str) -> str:
    """What stands at the end of a line."""
    if sign == "inhibition" or sign == "modulation":
        x, y = end.x + (_DOT + 0.6) * end.ux, end.y + (_DOT + 0.6) * end.uy
        fill = color if sign == "inhibition" else PAPER
        return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(_DOT)}" fill="{fill}" stroke="{color}"/>'
    if sign in ("excitation", "mixed"):
        fill = PAPER
        shape = _triangle(end, _TRIANGLE, 0.52)
        extra = ""
        if sign == "mixed":
            x, y = end.x + 0.66 * _TRIANGLE * end.ux, end.y + 0.66 * _TRIANGLE * end.uy
            extra = f'<circle cx="{number(x)}" cy="{number(y)}" r="1.9" fill="{color}"/>'
        return f'<path d="{shape}" fill="{fill}" stroke="{color}"/>' + extra
    if sign == "unknown":
        return f'<path d="{_triangle(end, 8.0, 0.42)}" fill="{color}" stroke="none"/>'
    return ""


def _triangle(end: Touch, length: float, slope: float) -> str:
    """A triangle whose point touches an outline."""
    x, y = end.x + 0.8 * end.ux, end.y + 0.8 * end.uy
    bx, by = x + length * end.ux, y + length * end.uy
    wx, wy = -end.uy * slope * length, end.ux * slope * length
    corners = ((x, y), (bx + wx, by + wy), (bx - wx, by - wy))
    return "M" + "L".join(f"{number(cx)} {number(cy)}" for cx, cy in corners) + "Z"


def middle_mark(
    kind: str,
    at: Point,
    along: Point,
    ink: str,
) -> str:
    """What stands in the middle of a line: a resistor, a diode, a matrix, pattern or list, or a star for learning."""
    (x, y), angle = at, degrees(atan2(along[1], along[0]))
    turn = f'transform="translate({number(x)} {number(y)}) rotate({number(angle)})"'
    pen = f'stroke="{ink}" stroke-width="1.4" stroke-linejoin="round"'
    if kind == "electrical":
        inner = (
            f'<path d="M-9 0H9" stroke="{PAPER}" stroke-width="6"/>'
            f'<path d="M-9 0L-7 -4.5L-3.5 4.5L0 -4.5L3.5 4.5L7 -4.5L9 0" fill="none" {pen}/>'
        )
    elif kind == "rectified":
        inner = f'<path d="M-5 -5.5L5 0L-5 5.5Z" fill="{PAPER}" {pen}/><path d="M5 -5.5V5.5" fill="none" {pen}/>'
    elif kind in ("learns", "short-term"):
        turn = f'transform="translate({number(x)} {number(y)})"'
        fill = ink if kind == "learns" else PAPER
        inner = f'<path d="M0 -7L1.9 -1.9L7 0L1.9 1.9L0 7L-1.9 1.9L-7 0L-1.9 -1.9Z" fill="{fill}" {pen}/>'
    else:
        turn = f'transform="translate({number(x)} {number(y)})"'
        frame = f'<rect x="-5.7" y="-5.7" width="11.4" height="11.4" fill="{PAPER}" stroke="{ink}"/>'
        lines = f'<path d="M-1.9 -5.7V5.7M1.9 -5.7V5.7M-5.7 -1.9H5.7M-5.7 1.9H5.7" stroke="{ink}" stroke-width="0.7"/>'
        inner = frame + lines + f'<path d="{_CELL_MARKS[kind]}" fill="{ink}"/>'
    return f"<g {turn}>{inner}</g>"


def _grid(
    x: float, y: float, r: float, shape: Sequence[int], fill: str, pen: str, cells: Sequence[Sequence[str]] | None
) -> str:
    left, top, side = x - r, y - r, 2 * r
    box = f'x="{number(left)}" y="{number(top)}" width="{number(side)}" height="{number(side)}" rx="4"'
    parts = [f'<rect {box} fill="{fill}" {pen}/>']
    rows, columns = (min(size, _CELLS) for size in shape)
    if cells:
        high, wide = side / len(cells), side / len(cells[0])
        for row, line in enumerate(cells):
            for column, color in enumerate(line):
                place = f'x="{number(left + column * wide)}" y="{number(top + row * high)}"'
                parts.append(f'<rect {place} width="{number(wide)}" height="{number(high)}" fill="{color}"/>')
        parts.append(f'<rect {box} fill="none" {pen}/>')
    else:
        upright = "".join(
            f"M{number(left + side * c / columns)} {number(top)}v{number(side)}" for c in range(1, columns)
        )
        level = "".join(f"M{number(left)} {number(top + side * c / rows)}h{number(side)}" for c in range(1, rows))
        parts.append(f'<path d="{upright}{level}" fill="none" stroke="{INK}" stroke-opacity="0.14"/>')
    return "".join(parts)
