"""What was done to the animal, shaded behind its traces."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.analysis.figures.house import QUIET
from sns_mujoco.models import Animal

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

MARK = "#efe9dc"
Event = tuple[str, float, float]
"""What it was, and from when to when, s."""
_CLOSE = 0.18  # of the width: names of events that begin closer than this stand above each other
_LEVEL = 7.5  # points, from one line of names to the next


def events(recording: "xarray.Dataset", animal: Animal | None = None) -> list[Event]:
    """What was done during a recording, in the order of time.

    That is every item of the protocol in the recording's attributes, and every probe of the animal that acted for a
    while: one that was held all along is how the animal lived.

    Args:
        recording: A recording of one animal.
        animal: Whose, for its probes.

    Raises:
        ProtocolError: The protocol in the attributes is damaged.
    """
    found = _of_protocol(recording) + (_of_probes(recording, animal) if animal is not None else [])
    return sorted(found, key=lambda event: event[1:])


def shade(ax: "Axes", recording: "xarray.Dataset", animal: Animal | None = None) -> None:
    """Shade events behind axes whose x axis is time, and say above what they were."""
    start, stop = ax.get_xlim()
    shown = [event for event in events(recording, animal) if event[2] > start and event[1] < stop]
    before, level = -np.inf, 0
    for name, begin, end in shown:
        at = max(begin, start)
        level = level + 1 if at - before < _CLOSE * (stop - start) else 0
        before = at
        if begin > start or end < stop:
            ax.axvspan(at, min(end, stop), color=MARK, linewidth=0, zorder=-1)
        ax.annotate(
            name, (at, 1.0), (0.0, 1.0 + _LEVEL * level), xycoords=ax.get_xaxis_transform(),
            textcoords="offset points", fontsize=6.0, color=QUIET, va="bottom", annotation_clip=False,
        )  # fmt: skip
    ax.set_xlim(start, stop)


def _of_protocol(recording: "xarray.Dataset") -> list[Event]:
    text = recording.attrs.get("protocol")
    if not text:
        return []
    import yaml

    from sns_mujoco.protocols import Protocol

    protocol = Protocol.from_dict(yaml.safe_load(str(text)))
    return [(item.summary, item.start, np.inf if item.stop is None else item.stop) for item in protocol]


def _of_probes(recording: "xarray.Dataset", animal: Animal) -> list[Event]:
    if "command" not in recording:
        return []
    clock = str(recording["command"].dims[0])
    times, known, found = recording[clock].values, set(recording["command_name"].values), []
    for name in known.intersection(animal.probes):
        values = recording["command"].sel(command_name=name).values
        edges = [0, *(np.flatnonzero(np.diff(values)) + 1), len(values)]
        if len(edges) > 2:
            found += [
                (f"{name} {values[a]:g}", float(times[a]), float(times[min(b, len(times) - 1)]))
                for a, b in pairwise(edges)
                if values[a]
            ]
    return found
