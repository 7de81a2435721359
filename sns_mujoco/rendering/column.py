"""Everything that a film shows beside a body: circuit, phase portraits and the scrolling strip."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.network import Network
from sns_mujoco.rendering.look import Color
from sns_mujoco.rendering.marks import Mark
from sns_mujoco.rendering.palette import BACKGROUND, TITLE, to_bytes
from sns_mujoco.rendering.panel_layout import Band, Foot, Trace
from sns_mujoco.rendering.panels import Panel
from sns_mujoco.rendering.place import Place
from sns_mujoco.rendering.portrait import Portrait
from sns_mujoco.rendering.text import draw_text

if TYPE_CHECKING:
    from sns_mujoco.rendering.circuit import Circuit

_CIRCUIT, _PORTRAITS, _STRIP = 1.05, 0.7, 1.2  # how the height is shared among those that there are
_ROWS = 20  # of a band, that count for the height
_WIDE, _BESIDE = 1.5, 0.44  # in heights: from where on the strip stands beside the rest; width of the rest
_WIDEST_PORTRAIT = 1.35  # in its heights


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is shown beside a body.

    Attributes:
        traces: Signals of the strip, from the top.
        traces_title: Above those that have no section; None for "Membrane potential" and their unit.
        unseen: How many of the traces, the last of them, are not drawn and only light up the body.
        bands: Bands of the strip.
        feet: Feet of the stance diagram.
        events: Whether the strip has a lane for events.
        portraits: Pairs of signals that are drawn against each other.
        network: What the circuit shows; None for no circuit.
        colors: Of its populations.
        ranges: Of its populations, see `Circuit`.
        window: About how much time the strip shows, s.
    """

    traces: tuple[Trace, ...] = ()
    traces_title: str | None = None
    unseen: int = 0
    bands: tuple[Band, ...] = ()
    feet: tuple[Foot, ...] = ()
    events: bool = False
    portraits: tuple[tuple[Trace, Trace], ...] = ()
    network: Network | None = None
    colors: tuple[Color, ...] | None = None
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    window: float = 3.0

    @property
    def drawn(self) -> tuple[Trace, ...]:
        """The traces that are drawn."""
        return self.traces[: len(self.traces) - self.unseen]

    @property
    def strip(self) -> bool:
        """Whether there is anything that scrolls."""
        return bool(self.drawn or self.bands or self.feet or self.events)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.strip or self.portraits or self.network)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What happened in the time since the last frame; samples are evenly spaced over it, at least one.

    Attributes:
        signals: Of the traces [samples, traces].
        stance: Which feet carry load [samples, feet].
        marked: While something was done to the animal [samples]; None for never.
        levels: For each band, brightness of its rows [samples, rows], 0 to 1.
        phases: For each portrait, both signals [samples, 2].
        potentials: Of all neurons of the circuit at the end [neurons], mV.
        time: The end, s of simulated time.
        events: What is known to be done, past or future.
    """

    signals: NDArray[np.float64]
    stance: NDArray[np.bool_]
    marked: NDArray[np.bool_] | None = None
    levels: Sequence[NDArray[np.floating]] = ()
    phases: Sequence[NDArray[np.float64]] = ()
    potentials: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    time: float = 0.0
    events: Sequence[Mark] = ()


class Column:
    """Draws what stands beside a body, frame by frame.

    Attributes:
        circuit: The circuit, or None.
        portraits: The phase portraits.
        panel: The strip, or None.
    """

    def __init__(self, content: Content, size: tuple[int, int], *, frame_time: float, scale: float) -> None:
        """Share out the room.

        Args:
            content: What is shown.
            size: Width and height, pixels.
            frame_time: Simulated time between frames, s.
            scale: Size of type and lines.

        Raises:
            UnknownNameError: A range is given for a population that does not exist.
        """
        self._places = _share_out(content, size)
        self.circuit = _circuit(content, self._places["circuit"], scale) if content.network is not None else None
        self.portraits: list[Portrait] = []
        self._columns: list[slice] = []
        if content.portraits:
            self._place_portraits(content, frame_time, scale)
        self.panel = None
        if content.strip:
            place = self._places["strip"]
            self.panel = Panel(
                content.drawn, content.feet, (place.width, place.height), frame_time=frame_time,
                window=content.window, title=content.traces_title, bands=content.bands, events=content.events,
                scale=scale,
            )  # fmt: skip
        self._scale, self._drawn = scale, len(content.drawn)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Labels of the traces for which there is no room."""
        return self.panel.left_out if self.panel is not None else ()

    def advance(self, moment: Moment) -> None:
        """Go on by a frame."""
        if self.panel is not None:
            self.panel.advance(moment.signals[:, : self._drawn], moment.stance, moment.marked, moment.levels)
        for portrait, samples in zip(self.portraits, moment.phases, strict=True):
            portrait.advance(samples)

    def draw(self, picture: NDArray[np.uint8], moment: Moment) -> None:
        """Draw everything as it is at the end of a moment into a picture [height, width, 3] of its size."""
        if self.circuit is not None:
            self.circuit.draw(self._places["circuit"].part(picture), self.circuit.activity(moment.potentials))
        if self.portraits:
            part = self._places["portraits"].part(picture)
            part[:] = to_bytes(BACKGROUND)
            draw_text(part, "Phase portrait", (14 * self._scale, 22 * self._scale), 16 * self._scale, TITLE)
            head = round(30 * self._scale)
            for portrait, columns in zip(self.portraits, self._columns, strict=True):
                portrait.draw(part[head : head + portrait.height, columns])
        if self.panel is not None:
            self.panel.draw(self._places["strip"].part(picture), moment.time, moment.events)

    def _place_portraits(self, content: Content, frame_time: float, scale: float) -> None:
        place = self._places["portraits"]
        each = place.width // len(content.portraits)
        tall = min(place.height - round(30 * scale), each)
        each = min(each, round(_WIDEST_PORTRAIT * tall))
        left = (place.width - each * len(content.portraits)) // 2
        for n, (x, y) in enumerate(content.portraits):
            self._columns.append(slice(left + n * each, left + (n + 1) * each))
            self.portraits.append(
                Portrait(x, y, (each, tall), frame_time=frame_time, window=content.window, scale=scale)
            )


def _strip_share(content: Content) -> float:
    """How much of the height the strip takes, against the rest: less where there is little in it."""
    if not content.strip:
        return 0.0
    lanes = len({trace.lane or n for n, trace in enumerate(content.drawn)})
    rows = sum(min(len(band.rows), _ROWS) for band in content.bands)
    return min(0.25 + 0.14 * lanes + 0.055 * rows + 0.05 * len(content.feet), _STRIP)


def _circuit(content: Content, place: Place, scale: float) -> "Circuit":
    from sns_mujoco.rendering.circuit import Circuit  # with Pillow, which other films may do without

    assert content.network is not None
    return Circuit(
        content.network, (place.width, place.height), colors=content.colors, ranges=content.ranges, scale=scale
    )  # fmt: skip


def _share_out(content: Content, size: tuple[int, int]) -> dict[str, Place]:
    """The place of each part, one above another; where there is more width than height, the strip stands beside."""
    width, height = size
    tall = {"circuit": _CIRCUIT * bool(content.network), "portraits": _PORTRAITS * bool(content.portraits)}
    beside = width > _WIDE * height and content.strip and any(tall.values())
    if not beside:
        tall["strip"] = _strip_share(content)
    column = round(_BESIDE * width) if beside else width
    unit, top, places = height / (sum(tall.values()) or 1.0), 0, {}
    last = [name for name, share in tall.items() if share][-1:]
    for name, share in tall.items():
        bottom = height if [name] == last else top + round(share * unit)
        places[name] = Place(left=0, top=top, width=column, height=bottom - top)
        top = bottom
    if beside:
        places["strip"] = Place(left=column, top=0, width=width - column, height=height)
    return places
