"""Channels of a recording by what a user types: names and shell patterns, of potentials or of any other variable."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import unknown_name

if TYPE_CHECKING:
    import xarray

Window = tuple[float, float] | None
"""From when to when, s of simulated time; None for all."""
Floats = NDArray[np.float64]
_MOST_POINTS = 3000  # of a line on paper: two for each of 1,500 dots across a page
_SHORT_UNITS = {"rad or m": "rad", "rad/s or m/s": "rad/s", "N or N m": "N", "unit of the actuator": "", "1": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One channel over time.

    Attributes:
        name: Of the neuron, joint, muscle or whatever it is of.
        variable: The variable of the recording that it comes from.
        unit: Of the values; "" without any.
        meaning: What the variable is, in words.
        times: Simulated times, s [T].
        values: Its values [T].
    """

    name: str
    variable: str
    unit: str
    meaning: str
    times: Floats
    values: Floats


def one_life(recording: "xarray.Dataset") -> "xarray.Dataset":
    """The recording, if it is one animal's.

    Raises:
        ValueError: It is a batch's, or it holds no sample.
    """
    if "individual" in recording.dims:
        raise ValueError(
            f"the recording is of {recording.sizes['individual']} individuals, and a figure is of one; take "
            "recording.isel(individual=0), or on the command line --individual 0"
        )
    if not recording.sizes.get("time"):
        raise ValueError("the recording holds no sample over time; record the animal for longer than a sample")
    return recording


def find(recording: "xarray.Dataset", channels: Sequence[str], window: Window = None) -> list[Signal]:
    """Channels of a recording, each once, in the order in which they are asked for.

    Args:
        recording: A recording of one animal.
        channels: Names or shell patterns of neurons ("L1 *"), or of what another variable is of
            ("muscle_force:L_*", "joint_position:knee", "body_position:torso:z").
        window: From when to when.

    Raises:
        UnknownNameError: There is no such variable or name.
        ValueError: The recording is a batch's, or there is no sample in the window.
    """
    recording = one_life(recording)
    found: dict[tuple[str, str], Signal] = {}
    for text in channels:
        variable, pattern = _parted(text, recording)
        for signal in _matching(recording, variable, pattern, window):
            found.setdefault((variable, signal.name), signal)
    return list(found.values())


def variables(recording: "xarray.Dataset") -> list[str]:
    """Variables of a recording that channels can be taken from."""
    return [
        str(name) for name, array in recording.data_vars.items()
        if _clock(array) is not None and np.issubdtype(array.dtype, np.number)
    ]  # fmt: skip


def thinned(times: Floats, values: Floats, most: int = _MOST_POINTS) -> tuple[Floats, Floats]:
    """The same line with fewer points: of each of many short stretches its least and greatest value.

    Args:
        times: [T].
        values: [T].
        most: Points that are kept at most.
    """
    if len(times) <= most:
        return times, values
    edges = np.linspace(0, len(times), most // 2 + 1).astype(int)
    kept = []
    for begin, end in zip(edges[:-1], edges[1:], strict=True):
        part = np.nan_to_num(values[begin:end])
        kept += sorted((begin + int(part.argmin()), begin + int(part.argmax())))
    return times[kept], values[kept]


def _parted(text: str, recording: "xarray.Dataset") -> tuple[str, str]:
    """A variable and a pattern; names themselves may hold colons, variables do not."""
    known = variables(recording)
    variable, colon, pattern = text.partition(":")
    if variable in known:
        return variable, pattern if colon else "*"
    if colon and "potential" in known and not any(fnmatchcase(name, text) for name, _ in _columns(recording.potential)):
        raise unknown_name("variable", variable, known, "the recording")
    if "potential" not in known:
        raise unknown_name("variable", variable, known, "the recording")
    return "potential", text


def _matching(recording: "xarray.Dataset", variable: str, pattern: str, window: Window) -> Iterator[Signal]:
    array = recording[variable]
    columns = dict(_columns(array))
    chosen = [name for name in columns if name == pattern] or [name for name in columns if fnmatchcase(name, pattern)]
    if not chosen:
        raise unknown_name(
            str(array.dims[-1]) if columns else "channel", pattern, columns, f"{variable!r} of the recording"
        )
    clock = _clock(array)
    assert clock is not None, "only variables over time are looked for"
    times, inside = _cut(np.asarray(recording[clock].values, float), window)
    unit = str(array.attrs.get("units", ""))
    own_units = recording["sensor_unit"].to_series() if variable == "sensor" and "sensor_unit" in recording else {}
    for name in chosen:
        yield Signal(
            name=name,
            variable=variable,
            unit=_SHORT_UNITS.get(str(own_units.get(name, unit)), str(own_units.get(name, unit))),
            meaning=str(array.attrs.get("long_name", variable)),
            times=times,
            values=np.asarray(array.isel({clock: inside, **columns[name]}).values, float),
        )


def _columns(array: "xarray.DataArray") -> Iterator[tuple[str, dict[str, int]]]:
    """Names of a variable's channels, those of several dimensions joined by colons, and where each is."""
    clock = _clock(array)
    dims = [str(dim) for dim in array.dims if dim != clock]
    labels: list[list[Any]] = [list(array[dim].values) for dim in dims]
    for place in np.ndindex(*(len(names) for names in labels)):
        name = ":".join(str(names[i]) for names, i in zip(labels, place, strict=True))
        yield name or str(array.name), dict(zip(dims, place, strict=True))


def _clock(array: "xarray.DataArray") -> str | None:
    """The dimension that is time; groups with rates of their own have one of their own."""
    return next((str(dim) for dim in array.dims if str(dim) == "time" or str(dim).startswith("time_")), None)


def _cut(times: Floats, window: Window) -> tuple[Floats, NDArray[np.bool_]]:
    inside = np.ones(len(times), bool) if window is None else (times >= window[0]) & (times <= window[1])
    if not inside.any():
        told = f"from {window[0]:g} to {window[1]:g} s" if window else "at all"
        held = f"its samples are from {times[0]:g} to {times[-1]:g} s" if len(times) else "it is empty"
        raise ValueError(f"the recording has no sample {told}; {held}")
    return times[inside], inside
