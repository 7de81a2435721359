"""The circuit diagram as it lights up: neurons with their potentials, connections with the neuron that they come from.

A frame is the diagram at rest plus, for each population, its share of the difference to the diagram with that
population and all that leaves it fully lit. Those differences are worked out once, so a frame takes a few milliseconds.
"""

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.network import Network
from sns_mujoco.network.pictures.activity import ranges_of
from sns_mujoco.network.pictures.drawing import Drawing
from sns_mujoco.network.pictures.shapes import MARK_ROOM
from sns_mujoco.rendering.curves import polyline
from sns_mujoco.rendering.look import Color
from sns_mujoco.rendering.palette import BACKGROUND, FAINT, LANE, TEXT, TITLE, blend
from sns_mujoco.rendering.text import draw_text, text_width

_FINER = 3  # pixels of the drawing in one of the picture, for smooth edges
_SIGNS: dict[str, Color] = {
    "excitation": (0.42, 0.86, 0.60), "inhibition": (1.00, 0.45, 0.42), "modulation": (0.66, 0.62, 1.00),
    "electrical": (0.95, 0.75, 0.35), "rectified": (0.95, 0.75, 0.35),
}  # fmt: skip
_QUIET_LINE, _QUIET_NODE, _OUTLINE = 0.20, 0.10, 0.50  # of their colour, the rest is ground
_HALO, _HALO_STRENGTH = 2.3, 0.34  # reach of the light around a lit neuron, in its radii
_LEAST_LABEL = 6.0  # height of letters below which neurons are not labelled, pixels
_TITLE_ROOM, _FOOT_ROOM = 54, 28  # at a scale of 1


class Circuit:
    """A network drawn into a rectangle, which lights up frame by frame.

    Attributes:
        places: Centre of each population in the picture [populations, 2], pixels (x, y).
        radius: Of a neuron, pixels.
    """

    def __init__(
        self, network: Network, size: tuple[int, int], *, colors: Sequence[Color] | None = None,
        ranges: Mapping[str, tuple[float, float]] | None = None, scale: float = 1.0, title: str = "Nervous system",
    ) -> None:  # fmt: skip
        """Lay the network out and draw it at rest.

        Args:
            network: The network.
            size: Width and height of the picture, pixels.
            colors: Of each population, lit; a calm blue if left out.
            ranges: Potentials at which a population is dark and fully lit, mV, by name; those left out have the range
                over which their synapses open, or else from rest to threshold, or to 20 mV above rest.
            scale: Size of type.
            title: Above it.

        Raises:
            UnknownNameError: There is no population of a name in `ranges`.
            NetworkError: A range does not rise.
        """
        count = len(network.populations)
        self._ranges = np.array(ranges_of(network, dict(ranges or {})), float).reshape(count, 2)
        self._starts = np.cumsum([0, *(population.size for population in network.populations)])
        self._colors = list(colors) if colors is not None else [(0.36, 0.70, 1.00)] * count
        drawing = Drawing(network, None, None, None, None)
        page, (width, height) = drawing.page, size
        head, foot, side = round(_TITLE_ROOM * scale), round(_FOOT_ROOM * scale), 14 * scale
        factor = min((width - 2 * side) / max(page.width, 1.0), (height - head - foot) / max(page.height, 1.0), scale)
        left = (width - factor * page.width) / 2
        top = head + (height - head - foot - factor * page.height) / 2
        self.radius = drawing.sizes.radius * factor
        self._factor, self._corner, self._scale = factor, (left, top), scale
        self._node_of = {p: n for n, node in enumerate(drawing.graph.nodes) for p in node.populations}
        centres = np.array([page.places[self._node_of[p]] for p in range(count)], float).reshape(count, 2)
        self.places = centres * factor + (left, top)
        quiet = np.empty((height, width, 3), np.float32)
        quiet[:] = 255.0 * np.array(BACKGROUND)
        self._draw_boxes(quiet, drawing)
        self._quiet, places, shares, lights = self._draw(quiet, drawing)
        self._write(self._quiet, drawing, title)
        # All entries of one pixel stand together, so that they are added up in one go.
        order = np.argsort(places, kind="stable")
        self._lights = lights[order]
        self._differences = shares[order]
        self._pixels, self._first = np.unique(places[order], return_index=True)

    def activity(self, potentials: ArrayLike) -> NDArray[np.float64]:
        """How brightly each population is lit, 0 to 1, its neurons averaged.

        Args:
            potentials: Of all neurons in order [neurons], mV; those that are not finite are dark.
        """
        values = np.asarray(potentials, float)
        sizes = np.diff(self._starts)
        low, high = np.repeat(self._ranges, sizes, axis=0).T
        share = np.clip((np.nan_to_num(values, nan=-np.inf) - low) / (high - low), 0.0, 1.0)
        return np.add.reduceat(share, self._starts[:-1]) / sizes if len(share) else share

    def draw(self, picture: NDArray[np.uint8], activity: NDArray[np.floating]) -> None:
        """Draw the circuit into a picture [height, width, 3] of its size, lit by an activity [populations], 0 to 1."""
        lit = self._quiet.reshape(-1, 3).copy()
        if len(self._pixels):
            parts = self._differences * np.asarray(activity, np.float32)[self._lights, None]
            lit[self._pixels] += np.add.reduceat(parts, self._first, axis=0)
        picture[:] = np.clip(lit, 0.0, 255.0).reshape(self._quiet.shape) + 0.5

    def _on_picture(self, x: float, y: float) -> tuple[float, float]:
        return x * self._factor + self._corner[0], y * self._factor + self._corner[1]

    def _draw_boxes(self, quiet: NDArray[np.float32], drawing: Drawing) -> None:
        """Pale grounds of the groups."""
        for box in drawing.page.boxes:
            ends = *self._on_picture(box.x, box.y), *self._on_picture(box.x + box.width, box.y + box.height)
            cover, where = _rounded(quiet.shape, ends)
            part = quiet[where]
            part += cover[..., None] * (255.0 * np.array(LANE, np.float32) - part)

    def _draw(
        self, quiet: NDArray[np.float32], drawing: Drawing
    ) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
        """The picture at rest; and of the differences that light makes their pixels, colours and populations."""
        shape = quiet.shape
        leaving: dict[int, list[Any]] = {}
        for line in drawing.lines():
            if line.edge.sign == "link":
                continue  # inputs and outputs are not drawn
            leaving.setdefault(line.edge.source, []).append(line)
        discs = np.zeros(shape[:2], np.float32)  # where neurons stand, lines do not show
        for x, y in self.places:
            cover, where = _disc(shape, x, y, self.radius)
            discs[where] = np.maximum(discs[where], cover)
        entries: list[tuple[NDArray[np.int64], NDArray[np.float32], int]] = []
        lines_of = {}
        for node, lines in leaving.items():
            for line in lines:
                cover, where = self._line(shape, line)
                cover = cover * (1.0 - discs[where])
                color = 255.0 * np.array(_SIGNS.get(line.edge.sign, FAINT), np.float32)
                part = quiet[where]
                part += _QUIET_LINE * cover[..., None] * (color - part)
                lines_of.setdefault(node, []).append((cover, where, color))
        base = quiet.copy()
        for population in range(len(self.places)):
            x, y = self.places[population]
            color = 255.0 * np.array(self._colors[population], np.float32)
            halo, where = _halo(shape, x, y, self.radius)
            entries.append(_entry(shape, where, halo[..., None] * color, population))
            node = self._node_of[population]
            for cover, where, shade in lines_of.get(node, ()):
                difference = 0.8 * cover[..., None] * (shade - base[where])
                entries.append(_entry(shape, where, difference, population))
        for population in range(len(self.places)):
            x, y = self.places[population]
            color = 255.0 * np.array(self._colors[population], np.float32)
            ground = 255.0 * np.array(BACKGROUND, np.float32)
            rest, rim = ground + _QUIET_NODE * (color - ground), ground + _OUTLINE * (color - ground)
            outer, where = _disc(shape, x, y, self.radius)
            inner, _ = _disc(shape, x, y, self.radius - max(0.12 * self.radius, 0.8), where)
            part = quiet[where]
            part += outer[..., None] * (rim - part)
            part += inner[..., None] * (rest - part)
            light = inner[..., None] * (color - rest) + (outer - inner)[..., None] * (color - rim)
            word = self._word(shape, drawing, population, where)
            if word is not None:
                part += word[..., None] * (255.0 * np.array(TEXT, np.float32) - part)
                light = light * (1.0 - word[..., None]) + word[..., None] * (
                    ground - 255.0 * np.array(TEXT, np.float32)
                )
            entries.append(_entry(shape, where, light, population))
        return (
            quiet,
            np.concatenate([pixels for pixels, _, _ in entries] or [np.zeros(0, np.int64)]),
            np.concatenate([colors for _, colors, _ in entries] or [np.zeros((0, 3), np.float32)]),
            np.concatenate([np.full(len(pixels), light) for pixels, _, light in entries] or [np.zeros(0, np.int64)]),
        )

    def _line(self, shape: tuple[int, ...], line: Any) -> tuple[NDArray[np.float32], tuple[slice, slice]]:
        points = [self._on_picture(x, y) for x, y in polyline(line.path.d)]
        wide = max(line.width * self._factor, 0.9 * self._scale)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        (x0, y0), (x, y) = points[-2:]
        away = hypot(x - x0, y - y0) or 1.0
        ux, uy = (x - x0) / away, (y - y0) / away
        long = max(MARK_ROOM.get(line.edge.sign, 0.0) * self._factor, 2.2 * wide)  # up to the outline of the target
        room = long + wide + 2.0

        def draw(pen: Any, at: Any) -> None:
            pen.line([at(*point) for point in points], fill=255, width=max(round(wide * _FINER), 1), joint="curve")
            if line.edge.sign == "excitation":
                half = 0.5 * long
                corners = (x - half * uy, y + half * ux), (x + half * uy, y - half * ux), (x + long * ux, y + long * uy)
                pen.polygon([at(*corner) for corner in corners], fill=255)
            else:
                middle, half = (x + 0.5 * long * ux, y + 0.5 * long * uy), 0.42 * long
                pen.ellipse(
                    [*at(middle[0] - half, middle[1] - half), *at(middle[0] + half, middle[1] + half)], fill=255
                )

        return _cover(shape, (min(xs) - room, min(ys) - room, max(xs) + room, max(ys) + room), draw)

    def _word(
        self, shape: tuple[int, ...], drawing: Drawing, population: int, where: tuple[slice, slice]
    ) -> NDArray[np.float32] | None:
        """Cover of a neuron's name over the part of the picture where it stands, if it can be read."""
        label = drawing.sizes.label(drawing.graph.nodes[self._node_of[population]].label)
        font = label.font * self._factor
        if font < _LEAST_LABEL * self._scale:
            return None
        x, y = self.places[population]
        page = np.zeros((where[0].stop - where[0].start, where[1].stop - where[1].start, 3), np.uint8)
        for n, text in enumerate(label.lines):
            middle = y - where[0].start + (n - (len(label.lines) - 1) / 2) * 1.15 * font
            draw_text(page, text, (x - where[1].start, middle), font, (1.0, 1.0, 1.0), "mm")
        return page[..., 0].astype(np.float32) / 255.0

    def _write(self, quiet: NDArray[np.float32], drawing: Drawing, title: str) -> None:
        """The title, the names of the groups, and what the colours of lines mean."""
        scale = self._scale
        page = np.clip(quiet, 0.0, 255.0).astype(np.uint8)
        draw_text(page, title, (14 * scale, 28 * scale), 16 * scale, TITLE)
        for box in drawing.page.boxes:
            color = self._group_color(drawing, box.name)
            x, y = self._on_picture(box.x, box.y)
            draw_text(page, box.name, (x + 4 * scale, y - 3 * scale), 12 * scale, color)
        x, y = 14 * scale, page.shape[0] - 9 * scale
        for sign in (sign for sign in _SIGNS if any(edge.sign == sign for edge in drawing.graph.edges)):
            if x + 24 * scale + text_width(sign, 12 * scale) > page.shape[1]:
                break
            row = round(y - 4 * scale)
            page[row : row + max(round(2 * scale), 1), round(x) : round(x + 18 * scale)] = np.array(_SIGNS[sign]) * 255
            draw_text(page, sign, (x + 24 * scale, y), 12 * scale, TEXT)
            x += 24 * scale + text_width(sign, 12 * scale) + 20 * scale
        changed = (page != np.clip(quiet, 0.0, 255.0).astype(np.uint8)).any(axis=-1)
        quiet[changed] = page[changed]

    def _group_color(self, drawing: Drawing, group: str) -> Color:
        own = [self._colors[p] for node in drawing.graph.nodes if node.group == group for p in node.populations]
        return max(own, key=own.count) if own else blend(TEXT, BACKGROUND, 0.2)


def _entry(
    shape: tuple[int, ...], where: tuple[slice, slice], colors: NDArray[np.floating], light: int
) -> tuple[NDArray[np.int64], NDArray[np.float32], int]:
    """The pixels of a part of the picture that a light changes, and by how much."""
    rows, columns = np.nonzero(np.abs(colors).max(axis=-1) > 0.5)
    pixels = (rows + where[0].start) * shape[1] + columns + where[1].start
    return pixels.astype(np.int64), colors[rows, columns].astype(np.float32), light


def _part(shape: tuple[int, ...], bounds: tuple[float, float, float, float]) -> tuple[slice, slice]:
    x0, y0, x1, y1 = bounds
    rows = slice(min(max(int(y0), 0), shape[0]), min(max(int(y1) + 2, 0), shape[0]))
    return rows, slice(min(max(int(x0), 0), shape[1]), min(max(int(x1) + 2, 0), shape[1]))


def _cover(
    shape: tuple[int, ...], bounds: tuple[float, float, float, float], draw: Any
) -> tuple[NDArray[np.float32], tuple[slice, slice]]:
    """How much of each pixel within bounds is covered by what `draw` draws, 0 to 1, and which part that is."""
    from PIL import Image, ImageDraw

    where = _part(shape, bounds)
    height, width = where[0].stop - where[0].start, where[1].stop - where[1].start
    if height <= 0 or width <= 0:
        return np.zeros((0, 0), np.float32), (slice(0, 0), slice(0, 0))
    sheet = Image.new("L", (width * _FINER, height * _FINER))

    def at(x: float, y: float) -> tuple[float, float]:
        return (x - where[1].start) * _FINER, (y - where[0].start) * _FINER

    draw(ImageDraw.Draw(sheet), at)
    return np.asarray(sheet.reduce(_FINER), np.float32) / 255.0, where


def _rounded(
    shape: tuple[int, ...], ends: tuple[float, float, float, float]
) -> tuple[NDArray[np.float32], tuple[slice, slice]]:
    """Cover of a rectangle with rounded corners."""

    def draw(pen: Any, at: Any) -> None:
        pen.rounded_rectangle([*at(*ends[:2]), *at(*ends[2:])], radius=8 * _FINER, fill=255)

    return _cover(shape, ends, draw)


def _disc(
    shape: tuple[int, ...], x: float, y: float, radius: float, where: tuple[slice, slice] | None = None
) -> tuple[NDArray[np.float32], tuple[slice, slice]]:
    where = where or _part(shape, (x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1))
    return np.clip(radius + 0.5 - _away(where, x, y), 0.0, 1.0).astype(np.float32), where


def _halo(shape: tuple[int, ...], x: float, y: float, radius: float) -> tuple[NDArray[np.float32], tuple[slice, slice]]:
    reach = _HALO * radius
    where = _part(shape, (x - reach, y - reach, x + reach, y + reach))
    away = _away(where, x, y)
    light = _HALO_STRENGTH * np.clip((reach - away) / (reach - radius), 0.0, 1.0) ** 2
    return np.where(away > radius - 0.5, light, 0.0).astype(np.float32), where


def _away(where: tuple[slice, slice], x: float, y: float) -> NDArray[np.float64]:
    rows = np.arange(where[0].start, where[0].stop) + 0.5 - y
    columns = np.arange(where[1].start, where[1].stop) + 0.5 - x
    return np.hypot(rows[:, None], columns)
