"""How large nodes and texts are, in pixels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sns_mujoco.network.pictures.graph import Graph, Node

_RADII = (22.0, 33.0)  # smallest and largest circle
_FONTS = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
_LINE = 1.12  # distance of lines of text, in their height
_MARGIN = 3.0  # between a text and the outline around it
TAG_HEIGHT = 20.0
TAG_FONT = 10.0
TITLE_FONT = 13.0  # of the names of groups
TAG_POINT = 8.0  # length of the point of an input's or output's outline
_LONGEST_TAG = 120.0
STACK_STEP = 4.0  # how far each further disc of a population stands out
SIZE_LINE = 13.0  # room for the size that is written below a population
LOOP_ROOM = 20.0  # room for a connection of a population with itself, above it

# Widths of characters in Helvetica, in thousandths of their height
_WIDTHS = {
    **dict.fromkeys("ijl'|", 222), **dict.fromkeys("ft.,:;/ !I[]\\()r-", 300), **dict.fromkeys("cksvxyzJ^", 500),
    **dict.fromkeys("ABEKPSVXYFTZ&", 667), **dict.fromkeys("CDHNRUw", 722), **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("mM%", 850), **dict.fromkeys("W@", 980),
}  # fmt: skip
_SLACK = 1.06  # other fonts are wider


def text_width(text: str, font: float) -> float:
    """Width of a line of text."""
    return sum(_WIDTHS.get(c, 556 if ord(c) < 0x250 else 1000) for c in text) / 1000 * font * _SLACK


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text that fit into a circle, and the height of their letters."""

    lines: tuple[str, ...]
    font: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """What all nodes of a picture have in common: the radius of their circles."""

    radius: float

    def box(self, node: Node, loops: int) -> tuple[float, float]:
        """Width and height that a node takes up."""
        if node.role != "neurons":
            return tag_width(node.label), TAG_HEIGHT
        many = node.shape != (1,) or len(node.populations) > 1
        side = 2 * self.radius + (2 * STACK_STEP if many else 0.0)
        return side, side + 2 * (SIZE_LINE if many else 0.0) + (2 * LOOP_ROOM if loops else 0.0)

    def label(self, text: str) -> Label:
        """A name broken into lines that fit into a circle, cut short where nothing else helps."""
        for font in _FONTS:
            for lines in _breaks(text):
                if _fits(lines, font, self.radius):
                    return Label(lines, font)
        font = _FONTS[-1]
        for count in range(len(text) - 1, 0, -1):
            for lines in _breaks(text[:count].rstrip() + "…"):
                if _fits(lines, font, self.radius):
                    return Label(lines, font)
        return Label(("…",), font)


def sizes_for(graph: Graph) -> Sizes:
    """The smallest circles that hold the names of all nodes."""
    labels = {node.label for node in graph.nodes if node.role == "neurons"}
    radius, largest = _RADII
    while radius < largest and not all(any(_fits(lines, 9.5, radius) for lines in _breaks(text)) for text in labels):
        radius += 1.0
    return Sizes(radius)


def title_width(name: str) -> float:
    """Room that the name of a group needs in its box."""
    return text_width(name, TITLE_FONT) + 24.0 if name else 0.0


def shortened(text: str, font: float, width: float) -> str:
    """A text cut short where it is wider."""
    if text_width(text, font) <= width:
        return text
    count = len(text)
    while count and text_width(text[:count].rstrip() + "…", font) > width:
        count -= 1
    return text[:count].rstrip() + "…"


def tag_text(text: str) -> str:
    """The name of an input or output, cut short if it is long."""
    return shortened(text, TAG_FONT, _LONGEST_TAG)


def tag_width(text: str) -> float:
    """Width of the outline of an input or output."""
    return text_width(tag_text(text), TAG_FONT) + TAG_POINT + 14.0


def _fits(lines: Sequence[str], font: float, radius: float) -> bool:
    half = len(lines) * font * _LINE / 2
    for index, line in enumerate(lines):
        edge = max(abs(index * font * _LINE - half), abs((index + 1) * font * _LINE - half)) - 0.15 * font
        if edge >= radius - _MARGIN:
            return False
        if text_width(line, font) / 2 > (radius**2 - edge**2) ** 0.5 - _MARGIN:
            return False
    return True


def _breaks(text: str) -> list[tuple[str, ...]]:
    """The ways in which a name may be broken into one, two or three lines, fewer lines first."""
    words = [word for word in re.split(r"[\s_]+|(?<=[.\-/:>])|(?<=[a-z])(?=[A-Z])", text) if word] or [text]
    found: list[tuple[str, ...]] = [(text,)]
    for first in range(1, len(words)):
        found.append((_joined(words[:first]), _joined(words[first:])))
    for first in range(1, len(words)):
        for second in range(first + 1, len(words)):
            found.append((_joined(words[:first]), _joined(words[first:second]), _joined(words[second:])))
    return found


def _joined(words: Sequence[str]) -> str:
    return " ".join(words)
