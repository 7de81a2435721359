"""What the signs of a picture mean; only those that are in it."""

from collections.abc import Sequence
from math import floor, log10, sqrt

from sns_mujoco.network.pictures.colors import FAINT, INK, SIGNS, activity_color
from sns_mujoco.network.pictures.ends import Touch
from sns_mujoco.network.pictures.graph import Graph, Node
from sns_mujoco.network.pictures.paths import number
from sns_mujoco.network.pictures.shapes import MARK_ROOM, badge, mark, middle_mark, tag, text
from sns_mujoco.network.pictures.sizes import text_width

_ROW, _FONT, _GAP, _LINE = 26.0, 10.0, 22.0, 34.0
_MEANING = {
    "excitation": "excitation",
    "inhibition": "inhibition",
    "modulation": "modulation (E at rest)",
    "mixed": "excitation and inhibition",
    "electrical": "electrical",
    "rectified": "electrical, rectified",
    "unknown": "other connection",
}
_MIDDLES = {
    "matrix": "matrix of synapses",
    "pattern": "kernel moved over both",
    "list": "listed synapses",
    "learns": "learns",
    "short-term": "short-term plasticity",
}
_BADGES = {"spike": "spiking", "channel": "ion channels"}
THIN, THICK, THICK_OF_MANY = 1.1, 3.4, 2.4  # widths of the weakest and strongest lines


def line_width(strength: float, strongest: float, thick: float) -> float:
    """Width of a line: it grows with the root of the conductance, up to `thick` for the strongest."""
    return THIN + (thick - THIN) * sqrt(min(strength / strongest, 1.0)) if strongest > 0 else THIN


def legend(graph: Graph, strongest: dict[str, float], thick: float, colorbar: str, width: float) -> tuple[str, float]:
    """The legend as SVG, from its upper left corner, and its height.

    Args:
        graph: What is drawn.
        strongest: Largest conductance or weight, by unit.
        thick: Width of the strongest lines.
        colorbar: What the colours of activity range over, "" if there are none.
        width: Where lines of it end.
    """
    entries = [_sign_entry(sign) for sign in _MEANING if any(edge.sign == sign for edge in graph.edges)]
    for kind, meaning in _MIDDLES.items():
        if any(kind in (edge.texture, edge.learning) for edge in graph.edges):
            entries.append((middle_mark(kind, (12.0, 0.0), (1.0, 0.0), INK), 24.0, meaning))
    entries += _width_entries(strongest, thick)
    entries += _badge_entries(graph.nodes)
    for role in ("input", "noise", "output"):
        if any(node.role == role for node in graph.nodes):
            sample = Node(name="", label="", role=role, color="white", details="")
            entries.append((tag(sample, (13.0, 0.0), "#ffffff", True), 28.0, role))
    if colorbar:
        entries.append(_colorbar_entry(colorbar))
    return _flow(entries, width)


def _sign_entry(sign: str) -> tuple[str, float, str]:
    color = SIGNS[sign]
    end = Touch(_LINE, 0.0, -1.0, 0.0)
    stop = _LINE - MARK_ROOM.get(sign, 0.0)
    drawing = f'<path d="M0 0H{number(stop)}" stroke="{color}" stroke-width="1.8"/>'
    drawing += f'<g stroke-width="1.5">{mark(sign, end, color)}</g>'
    if sign in ("electrical", "rectified"):
        drawing += middle_mark(sign, (_LINE / 2, 0.0), (1.0, 0.0), color)
    return drawing, _LINE, _MEANING[sign]


def _width_entries(strongest: dict[str, float], thick: float) -> list[tuple[str, float, str]]:
    """Two samples of line width for each unit, a round number near the strongest and a tenth of it."""
    entries = []
    for unit, most in strongest.items():
        if most <= 0:
            continue
        digit = 10.0 ** floor(log10(most))
        near = floor(most / digit + 1e-9) * digit
        for value in (near / 10, near):
            wide = number(line_width(value, most, thick))
            what = f"{value:.3g} {unit.replace('u', 'µ')}"
            entries.append((f'<path d="M0 0H22" stroke="{FAINT}" stroke-width="{wide}"/>', 22.0, what))
    return entries


def _badge_entries(nodes: Sequence[Node]) -> list[tuple[str, float, str]]:
    kinds: dict[str, set[str]] = {}
    for node in nodes:
        if node.badge:
            kinds.setdefault(node.badge, set()).add(node.kind)
    return [
        (badge(kind, 8.0, 0.0), 16.0, _BADGES.get(kind) or ", ".join(sorted(names))) for kind, names in kinds.items()
    ]


def _colorbar_entry(meaning: str) -> tuple[str, float, str]:
    steps, wide = 12, 5.0
    cells = "".join(
        f'<rect x="{number(index * wide)}" y="-6" width="{number(wide + 0.3)}" height="12" '
        f'fill="{activity_color(index / (steps - 1))}"/>'
        for index in range(steps)
    )
    frame = f'<rect x="0" y="-6" width="{number(steps * wide)}" height="12" fill="none" stroke="{FAINT}"/>'
    return cells + frame, steps * wide, meaning


def _flow(entries: Sequence[tuple[str, float, str]], width: float) -> tuple[str, float]:
    """Entries one after the other, in as many lines as they need."""
    parts, x, y = [], 0.0, _ROW / 2
    for drawing, wide, meaning in entries:
        room = wide + 6.0 + text_width(meaning, _FONT)
        if x and x + room > width:
            x, y = 0.0, y + _ROW
        words = text(wide + 6.0, 3.5, meaning, _FONT)
        parts.append(f'<g transform="translate({number(x)} {number(y)})">{drawing}{words}</g>')
        x += room + _GAP
    return "".join(parts), (y + _ROW / 2) if parts else 0.0
