"""Joint angles over a stride, and comparison with those that others measured.

A file of trajectories has the phase of the stride (0 to 1, from touchdown) in its first column, and a column named
after each joint, with "JOINT sd" beside it where the standard deviation is known.
"""

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.gait.striding import Strides
from sns_mujoco.analysis.gait.tables import number, rows_of
from sns_mujoco.errors import GaitError, unknown_name

if TYPE_CHECKING:
    from sns_mujoco.analysis.gait.report import GaitReport

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """The angle of a joint over a stride as others measured it.

    Attributes:
        joint: Its name.
        phase: Phases of the stride [K], rising from 0 to 1.
        mean: Mean angles [K], rad.
        sd: Standard deviations [K], rad; None if unknown.
    """

    joint: str
    phase: Floats
    mean: Floats
    sd: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How a joint's mean trajectory follows a reference.

    Attributes:
        joint: Its name.
        rmse: Root mean square of the difference over the stride, rad.
        normalised: That over the range of the reference.
        offset: Mean difference, rad: joints whose zero is another differ by it.
        rmse_without_offset: Root mean square without it, rad.
        correlation: Pearson's, of both over the stride; nan where one does not move.
        within: Share of the stride within one standard deviation of the reference; nan where that is unknown.
    """

    joint: str
    rmse: float
    normalised: float
    offset: float
    rmse_without_offset: float
    correlation: float
    within: float


def load_trajectories(path: str | os.PathLike[str], *, unit: Literal["rad", "deg"] = "rad") -> list[Trajectory]:
    """Joint trajectories over a stride from a file.

    Args:
        path: Of the CSV file.
        unit: Of its angles.

    Raises:
        FileNotFoundError: There is no such file.
        GaitError: It is no such table, its phases do not rise from 0 to 1, or a number in it makes no sense.
    """
    if unit not in ("rad", "deg"):
        raise unknown_name("unit of angles", unit, ("rad", "deg"), "files of trajectories")
    rows = rows_of(path)
    header = list(rows[0]) if rows else []
    name = repr(str(path))
    table = np.array(
        [[number(row[key], f"{key!r} in line {n} of {name}") for key in header] for n, row in enumerate(rows, 2)]
    )
    if len(header) < 2 or len(rows) < 2:
        raise GaitError(f"{str(path)!r} has {len(header)} columns and {len(rows)} rows of numbers; give a phase and a "
                        "joint, in two rows or more")  # fmt: skip
    phase = table[:, 0]
    if phase[0] != 0.0 or phase[-1] != 1.0 or not (np.diff(phase) > 0.0).all():
        raise GaitError(
            f"phases in {str(path)!r} are {phase[:3].tolist()} ... {phase[-1]:g}; they must rise from 0 to 1"
        )
    scale = np.pi / 180.0 if unit == "deg" else 1.0
    columns = dict(zip(header[1:], scale * table[:, 1:].T, strict=True))
    joints = [name for name in columns if not (name.endswith(" sd") and name[:-3] in columns)]
    return [
        Trajectory(joint=joint, phase=phase, mean=columns[joint], sd=columns.get(f"{joint} sd")) for joint in joints
    ]


def stride_normalised(values: Floats, strides: Strides, *, points: int = 101) -> Floats:
    """A signal over single strides, each stretched to the same length (Winter 2009, Biomechanics).

    Args:
        values: Over time [T].
        strides: Those of one foot, see `Strides.of` [S].
        points: Phases, evenly from 0 to 1.

    Returns:
        [S, points], interpolated linearly.
    """
    at = strides.start[:, None] + (strides.end - strides.start)[:, None] * np.linspace(0.0, 1.0, points)
    return np.interp(at, np.arange(len(values)), values)


def compare_trajectory(report: "GaitReport", foot: str, trajectory: Trajectory) -> Followed:
    """How a joint follows a reference, its angle averaged over all strides of a foot.

    Args:
        report: The gait.
        foot: Whose strides they are.
        trajectory: The reference.

    Raises:
        UnknownNameError: The recording has no such joint, or the animal no such foot.
        GaitError: The foot makes no stride.
    """
    whole = []
    for life in report.lives:
        if trajectory.joint not in life.motion.angles:
            raise unknown_name("joint", trajectory.joint, life.motion.angles, "the recording")
        whole.append(stride_normalised(life.motion.angles[trajectory.joint], life.strides.of(foot)))
    every = np.concatenate(whole)
    if not len(every):
        raise GaitError(f"foot {foot!r} makes no stride; its joints have no trajectory over one")
    at = np.linspace(0.0, 1.0, every.shape[1])
    wanted, own = np.interp(at, trajectory.phase, trajectory.mean), every.mean(axis=0)
    error, span = own - wanted, float(np.ptp(trajectory.mean))
    sd = None if trajectory.sd is None else np.interp(at, trajectory.phase, trajectory.sd)
    moving = own.std() > 0.0 and wanted.std() > 0.0
    rmse = float(np.sqrt((error**2).mean()))
    return Followed(
        joint=trajectory.joint,
        rmse=rmse,
        normalised=rmse / span if span else math.nan,
        offset=float(error.mean()),
        rmse_without_offset=float(error.std()),
        correlation=float(np.corrcoef(own, wanted)[0, 1]) if moving else math.nan,
        within=math.nan if sd is None else float((np.abs(error) <= sd).mean()),
    )
