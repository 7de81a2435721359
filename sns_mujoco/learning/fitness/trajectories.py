"""A term of how joints move: along target trajectories, in time or locked to the stride."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np

from sns_mujoco.errors import TaskError, unknown_name
from sns_mujoco.learning.fitness import senses
from sns_mujoco.learning.fitness.footfalls import Touchdowns, debounced, mean_per
from sns_mujoco.learning.fitness.term import Better, Floats, Meter, Term

Unit = Literal["rad", "deg"]


@dataclass(frozen=True, kw_only=True)
class TargetTrajectory(Term):
    """How far joints are from target trajectories: root mean square over time and joints, rad (m for slides).

    In time, targets run over the time that is measured, from its first moment on; after the end of the targets nothing
    counts, and after a fall the error is `most`. Locked to the stride of a foot, targets run over one stride, from one
    touchdown to the next, and are compared in every whole stride; whoever makes none has the error `most`.

    Attributes:
        joints: Their names [J].
        at: Where the targets stand [K], rising: times from 0, s; or with `foot` phases of the stride from 0 to 1.
            Between them targets are interpolated linearly.
        targets: [K][J], rad or m.
        foot: Name of the foot whose stride it is; left out, targets run in time.
        bounce: See `GaitTerm`.
        most: Greatest error, rad or m.
    """

    kind: ClassVar[str] = "target_trajectory"
    unit: ClassVar[str] = "rad or m"
    better: ClassVar[Better | None] = "less"

    joints: tuple[str, ...]
    at: tuple[float, ...]
    targets: tuple[tuple[float, ...], ...]
    foot: str = ""
    bounce: float = 0.03
    most: float = float(np.pi)

    def __post_init__(self) -> None:
        """Bring numbers into one form, and check them.

        Raises:
            TaskError: Shapes do not fit, numbers are not finite, times do not rise or are negative, or phases do not
                run from 0 to 1.
        """
        Term.__post_init__(self)
        joints = (self.joints,) if isinstance(self.joints, str) else tuple(self.joints)
        at, targets = np.asarray(self.at, float), np.asarray(self.targets, float)
        targets = targets[:, None] if targets.ndim == 1 else targets
        if not joints or at.ndim != 1 or len(at) < 2 or targets.shape != (len(at), len(joints)):
            raise TaskError(
                f"{self.name!r} has {len(joints)} joints, places of shape {at.shape} and targets of shape "
                f"{targets.shape}; give K places, K > 1, and targets (K, number of joints)"
            )
        if not (np.isfinite(at).all() and np.isfinite(targets).all()):
            raise TaskError(f"{self.name!r} has a place or a target that is not finite")
        if not (np.diff(at) > 0.0).all() or at[0] < 0.0:
            raise TaskError(f"places of {self.name!r} do not rise from 0 or later: {at[:4].tolist()} ...")
        if self.foot and (at[0] != 0.0 or at[-1] != 1.0):
            raise TaskError(
                f"places of {self.name!r} run from {at[0]:g} to {at[-1]:g}; phases of a stride run from 0 to 1"
            )
        if not (np.isfinite(self.bounce) and self.bounce >= 0.0 and np.isfinite(self.most) and self.most > 0.0):
            raise TaskError(f"bounce and most of {self.name!r} are {self.bounce!r} and {self.most!r}; give finite "
                             "numbers, the first 0 or more, the second positive")  # fmt: skip
        object.__setattr__(self, "joints", joints)
        object.__setattr__(self, "at", tuple(at.tolist()))
        object.__setattr__(self, "targets", tuple(map(tuple, targets.tolist())))

    @classmethod
    def from_file(
        cls, path: str | os.PathLike[str], *, joints: Sequence[str] | None = None, unit: Unit = "rad", **fields: Any
    ) -> "TargetTrajectory":
        """Targets from a file, whose numbers become part of the term.

        Args:
            path: CSV with a header whose first column is the time (s) or the phase (0 to 1), and the others are named
                after joints; or NetCDF as recordings have it, `joint_position` over `time` and `joint` (there time
                begins at its first sample).
            joints: Those that count; all in the file if left out.
            unit: Of the angles of a CSV file.
            **fields: Other fields of the term.

        Raises:
            FileNotFoundError: There is no such file.
            UnknownNameError: A joint is not in it.
            TaskError: It cannot be read, or holds what is no number.
        """
        place = Path(path)
        if not place.is_file():
            raise FileNotFoundError(f"there is no file {str(place)!r}")
        names, table = _netcdf(place) if place.suffix.lower() in (".nc", ".nc4") else _csv(place, unit)
        wanted = tuple(names) if joints is None else (joints,) if isinstance(joints, str) else tuple(joints)
        for name in wanted:
            if name not in names:
                raise unknown_name("joint", name, names, f"{str(place)!r}")
        columns = [1 + names.index(name) for name in wanted]
        return cls(joints=wanted, at=tuple(table[:, 0]), targets=tuple(map(tuple, table[:, columns])), **fields)

    def begin(self, population: Any, seconds: float, frame: float) -> Meter:
        """See `AnyTerm.begin`.

        Raises:
            UnknownNameError: The animal has no such joint or foot.
        """
        return _InStride(self, population, frame) if self.foot else _InTime(self, population, frame)

    def wanted(self, at: Floats) -> Floats:
        """Targets at places [...], [..., J]; at an end beyond it."""
        targets = np.asarray(self.targets)
        return np.stack([np.interp(at, self.at, targets[:, j]) for j in range(len(self.joints))], axis=-1)


class _InTime:
    def __init__(self, term: TargetTrajectory, population: Any, frame: float) -> None:
        self._term, self._frame = term, frame
        self._data, self._places = senses.hinges(population, term.joints)
        self._observed = self._counted = 0
        self._squares = np.zeros(population.n)

    def observe(self, dt: Floats) -> None:
        now = self._observed * self._frame
        self._observed += 1
        if not self._term.at[0] <= now <= self._term.at[-1] or self._observed == 1:
            return
        error = self._data[:, self._places] - self._term.wanted(np.array(now))
        self._squares += np.where(dt > 0.0, (error * error).mean(axis=1), self._term.most**2)
        self._counted += 1

    def value(self) -> Floats:
        if not self._counted:
            return np.full(len(self._squares), self._term.most)
        return np.minimum(np.sqrt(self._squares / self._counted), self._term.most)


class _InStride:
    """Keeps angles and the stance of one foot, and compares them at the end, when strides are known."""

    def __init__(self, term: TargetTrajectory, population: Any, frame: float) -> None:
        self._term, self._frame = term, frame
        self._angles, self._joints = senses.hinges(population, term.joints)
        self._loads, feet = senses.loads(population)
        names = [foot.name for foot in population.animal.feet]
        if term.foot not in names:
            raise unknown_name("foot", term.foot, names, f"animal {population.animal.name!r}")
        self._foot, self._threshold = int(feet[names.index(term.foot)]), population.animal.stance_load
        self._seen: list[tuple[Any, Floats]] = []

    def observe(self, dt: Floats) -> None:
        standing = self._loads[:, self._foot] > self._threshold
        if self._seen:
            np.copyto(standing, self._seen[-1][0], where=dt == 0.0)
        self._seen.append((standing, self._angles[:, self._joints]))

    def value(self) -> Floats:
        standing = debounced(np.stack([s for s, _ in self._seen]), int(np.ceil(self._term.bounce / self._frame - 1e-9)))
        strides = Touchdowns.of(standing).strides()
        length = strides.end - strides.start
        stride = np.repeat(np.arange(len(length)), length)
        within = np.arange(len(stride)) - np.repeat(np.cumsum(length) - length, length)
        individual, sample = strides.column[stride], strides.start[stride] + within
        angles = np.stack([angles for _, angles in self._seen])[sample, individual]
        error = angles - self._term.wanted(within / length[stride])
        squares = mean_per(individual, (error * error).mean(axis=1), standing.shape[1])
        return np.minimum(np.sqrt(np.where(np.isnan(squares), self._term.most**2, squares)), self._term.most)


def _csv(place: Path, unit: Unit) -> tuple[list[str], Floats]:
    if unit not in ("rad", "deg"):
        raise TaskError(f"unit is {unit!r}; it can be 'rad' or 'deg'")
    header, *lines = [line.strip() for line in place.read_text().splitlines() if line.strip()] or [""]
    names = [name.strip().strip('"') for name in header.split(",")]
    rows = [line.split(",") for line in lines]
    if len(names) < 2 or any(len(row) != len(names) for row in rows):
        raise TaskError(f"{str(place)!r} is no table of a time and joints: its rows do not have one length above 1")
    try:
        table = np.array([[float(cell) for cell in row] for row in rows]).reshape(-1, len(names))
    except ValueError as error:
        raise TaskError(f"{str(place)!r} holds what is no number: {error}") from error
    if unit == "deg":
        table[:, 1:] = np.radians(table[:, 1:])
    return names[1:], table


def _netcdf(place: Path) -> tuple[list[str], Floats]:
    import xarray

    try:
        opened = xarray.open_dataset(place, engine="h5netcdf")
    except (OSError, ValueError) as error:
        raise TaskError(f"{str(place)!r} is damaged or no NetCDF file: {error}") from error
    with opened as recording:
        if "joint_position" not in recording:
            raise TaskError(f"{str(place)!r} has no joint_position; record one with Simulation.record")
        angles = recording["joint_position"].transpose("time", "joint")
        time = angles["time"].to_numpy()
        table = np.column_stack((time - time[0], angles.to_numpy())).astype(float)
        return [str(name) for name in angles["joint"].to_numpy()], table
