"""What `sns-mujoco run` says about a life: the lines that fit the animal and its ground."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis import gait, rhythm
from sns_mujoco.analysis.gait.reading import RECOVERY
from sns_mujoco.errors import GaitError
from sns_mujoco.models import Animal
from sns_mujoco.rendering.shoot import SAMPLE_RATE

if TYPE_CHECKING:
    import xarray

BOUNCE = 15  # samples: a foot that is off the ground for less than 30 ms has not swung
START = 0.25  # share of a run in which it gets going; its gait is measured afterwards
STILL = {"joints": np.radians(1.0), "neurons": 1.0}  # rad, mV: what moves less has no rhythm

Line = tuple[str, str]
Bools = NDArray[np.bool_]


def told_of(animal: Animal) -> Animal:
    """An animal as its report takes it: one that names nothing to report has what its readouts show."""
    if animal.feet or animal.joints or animal.rhythm:
        return animal
    return replace(
        animal,
        joints=tuple(dict.fromkeys(readout.joint for readout in animal.readouts if readout.joint)),
        rhythm=tuple(dict.fromkeys(readout.neuron for readout in animal.readouts if readout.neuron)),
    )


def life_lines(
    animal: Animal, recording: "xarray.Dataset", track: Sequence[tuple[float, float]], *, grounded: bool
) -> list[Line]:
    """What an animal did, as pairs of what and how much.

    Args:
        animal: The animal.
        recording: Its life.
        track: Where on its ground it was [samples, 2], m; empty for one that has no place or is held.
        grounded: Whether there is ground under it.
    """
    times = recording.time.values
    settled = recording.isel(time=times > times[0] + START * (times[-1] - times[0]))
    disturbed = gait.disturbed(animal, settled)
    lines = _pulses(animal, recording)
    if len(track):
        way = float(np.linalg.norm(np.subtract(track[-1], track[0])))
        lines += _progress(animal, way, float(times[-1] - times[0]))
    if grounded and animal.feet:
        lines += _stance(animal, settled, disturbed)
    else:
        lines += _rhythm(animal, settled, disturbed)
    if disturbed.any():
        lines.append(
            (
                "cycles",
                f"only those {RECOVERY:g} s and more after a probe, and before it; ranges are of all",
            )
        )
    return lines + _joint_ranges(animal, settled)


def _progress(animal: Animal, way: float, elapsed: float) -> list[Line]:
    speed = way / elapsed
    return [
        ("distance", f"{way:.3f} m ({way / animal.length:.1f} body lengths)"),
        ("speed", f"{speed:.3f} m/s ({speed / animal.length:.2f} body lengths/s)"),
    ]


def _pulses(animal: Animal, recording: "xarray.Dataset") -> list[Line]:
    """When each probe acted, and how strongly."""
    times, lines = np.round(recording.time.values - 1.0 / SAMPLE_RATE, 6), []
    for name in animal.probes:
        values = recording.command.sel(command_name=name).values
        edges = [0, *(np.flatnonzero(np.diff(values)) + 1), len(values)]
        told = [
            f"{values[start]:g} from {times[start]:g} to {times[end - 1] + 1.0 / SAMPLE_RATE:g} s"
            for start, end in pairwise(edges)
            if values[start]
        ]
        if told:
            lines.append((f"probe {name}", ", ".join(told)))
    return lines


def _stance(animal: Animal, recording: "xarray.Dataset", disturbed: Bools) -> list[Line]:
    """Gait from the load on the feet."""
    load = recording.sensor.sel(channel=[foot.sensor for foot in animal.feet]).values
    standing = gait.stance(load, animal.stance_load, gap=BOUNCE, shortest=BOUNCE)
    feet = [foot.name for foot in animal.feet]
    measured = gait.analyse(standing, feet, 1.0 / SAMPLE_RATE, pairs=animal.lag_pairs, disturbed=disturbed)
    strides = sum(measured.strides.values())
    if not strides and disturbed.any():
        return [("stride period", "none: there is no stride without a probe")]
    lines = [
        ("stride period", f"{measured.period:.3f} s ({_count(strides, 'stride')})" if strides else "none: it stood"),
        ("duty factor", f"{measured.duty_factor:.2f}" if strides else "1: it stood"),
    ]
    lags = [lag for lag in measured.lags.values() if np.isfinite(lag)]
    if lags:
        lines.append(("phase lags of neighbours", f"{min(lags):.2f} to {max(lags):.2f} of a stride"))
    return lines + (_gait(animal, recording) if strides else [])


def _gait(animal: Animal, recording: "xarray.Dataset") -> list[Line]:
    """What the gait is called; `sns-mujoco gait` says more, of a recording that has more."""
    try:
        report = gait.gait_report(recording, animal, start=float(recording.time.values[0]), resamples=1)
    except GaitError:  # it fell too early
        return []
    return [("gait", str(report.name))] if report.shares else []


def _rhythm(animal: Animal, recording: "xarray.Dataset", disturbed: Bools) -> list[Line]:
    """Rhythm of the neurons and of the joints that the animal names; the period is that of the first."""
    lines: list[Line] = []
    for kind, names, signals in (
        ("neurons", animal.rhythm, lambda names: recording.potential.sel(neuron=names)),
        ("joints", animal.joints, lambda names: recording.joint_position.sel(joint=names)),
    ):
        if not names:
            continue
        values: NDArray[np.float64] = signals(list(names)).values
        measured = rhythm.analyse(values, names, 1.0 / SAMPLE_RATE, least=STILL[kind], disturbed=disturbed)
        if not lines:
            cycles, spread = measured.cycles[names[0]], 1e3 * measured.period_spread
            text = f"{measured.period:.3f} s ± {spread:.0f} ms ({_count(cycles, 'cycle')} of {names[0]})"
            none = "no cycle without a probe" if disturbed.any() else f"{names[0]} is not rhythmic"
            lines.append(("period", text if cycles else f"none: {none}"))
        lags = [f"{name} {lag:.2f}" for name, lag in measured.lags.items() if np.isfinite(lag)]
        if lags:
            lines.append((f"phase after {names[0]}", ", ".join(lags)))
    return lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _joint_ranges(animal: Animal, recording: "xarray.Dataset") -> list[Line]:
    lines = []
    for joint in animal.joints:
        angles = recording.joint_position.sel(joint=joint).values
        low, high = float(angles.min()), float(angles.max())
        text = f"{np.degrees(low):.1f} to {np.degrees(high):.1f} degrees ({low:.3f} to {high:.3f} rad)"
        lines.append((f"range of {joint}", text))
    return lines
