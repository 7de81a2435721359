"""Figures of muscles: their lengths over time, and their moment arms over the range of a joint."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import mujoco
import numpy as np

from sns_mujoco.analysis.figures import lanes
from sns_mujoco.analysis.figures.house import QUIET, RULE, canvas, check_place, drawn, figure_of, save
from sns_mujoco.analysis.figures.marks import shade
from sns_mujoco.analysis.figures.palette import name_colors
from sns_mujoco.analysis.figures.signals import Floats, Window, find, thinned
from sns_mujoco.errors import unknown_name
from sns_mujoco.models import Animal
from sns_mujoco.muscles import find_muscles

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POSES = 91  # of a joint over its range
LEAST_ARM = 1e-7  # m: a muscle with less all along does not cross the joint
_FREE = (-np.pi / 2, np.pi / 2)  # rad, of a hinge without limits
_MOST_COLUMNS = 3


def muscle_lengths(
    recording: "xarray.Dataset", animal: Animal | None = None, muscles: Sequence[str] | None = None, *,
    window: Window = None, ax: "Axes | None" = None, path: str | os.PathLike[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw lengths of muscles with their tendons, and behind each its excitation, from none to full.

    Args:
        recording: A recording of one animal.
        animal: Whose, for the colours.
        muscles: Names or shell patterns; all if left out.
        window: From when to when, s; all if left out.
        ax: Axes to draw into; a new figure if left out.
        path: Where to write it: .pdf, .svg or .png.

    Returns:
        The figure.

    Raises:
        UnknownNameError: There is no such muscle.
        ValueError: The animal has no muscles, or the window is empty.
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    check_place(path)
    if "muscle_length" not in recording or not recording.sizes.get("muscle"):
        raise ValueError("no muscle was recorded: the animal has none, or the recorder was told to leave them out")
    wanted = ["*"] if muscles is None else muscles
    found = find(recording, [f"muscle_length:{name}" for name in wanted], window)
    colors = name_colors([signal.name for signal in found], animal)
    headings = [""] * len(found)
    with drawn(ax, path, 160.0, lanes.height_of(headings)) as axes:
        rows = lanes.stack(axes, headings)
        lanes.ground(axes, rows)
        for signal, row in zip(found, rows, strict=True):
            low, high = float(np.nanmin(signal.values)), float(np.nanmax(signal.values))
            high = high if high > low else low + 1e-6
            excited = find(recording, [f"muscle_excitation:{signal.name}"], window)[0]
            times, values = thinned(excited.times, excited.values)
            axes.fill_between(
                times, row.foot, row.foot + row.height * values, color=colors[signal.name], alpha=0.2, linewidth=0
            )  # fmt: skip
            times, values = thinned(signal.times, signal.values)
            y = row.foot + row.height * (values - low) / (high - low)
            axes.plot(times, y, color=colors[signal.name])
            lanes.label(axes, row, signal.name, f"{1e3 * low:.4g} to {1e3 * high:.4g} mm", colors[signal.name])
        lanes.clock(axes, found[0].times)
        axes.set_title("Length (line) and excitation, 0 to 1 (area)", fontsize=7.5, fontweight="normal", loc="right")
        shade(axes, recording, animal)
    return figure_of(axes)


def moment_arms(
    animal: Animal, joint: str | None = None, *, recording: "xarray.Dataset | None" = None,
    muscles: Sequence[str] | None = None, window: Window = None, ax: "Axes | None" = None,
    path: str | os.PathLike[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw moment arms of muscles over the range of joints, the rest of the body as it stands in the model.

    A moment arm is how much less long a muscle is for a turn of the joint, -dl/dq (An, Takahashi, Harrigan & Chao 1984,
    J Biomech Eng 106:280): where it is positive, its pull turns the joint to greater angles.

    Args:
        animal: The animal.
        joint: A hinge; every one that a muscle crosses if left out, each in axes of its own.
        recording: A recording of it, to shade what the joint used of its range.
        muscles: Names of muscles; all that cross the joint if left out.
        window: Of the recording, from when to when, s.
        ax: Axes to draw into, of one joint; a new figure if left out.
        path: Where to write it: .pdf, .svg or .png.

    Returns:
        The figure.

    Raises:
        UnknownNameError: There is no such joint or muscle.
        ValueError: The animal has no muscles, none crosses the joint, or axes are given for several joints.
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    check_place(path)
    model = animal.build().compile()
    arms = _all_arms(model, animal, joint, muscles)
    colors = name_colors([muscle for own in arms.values() for muscle in own[1]], animal)
    if ax is not None or len(arms) == 1:
        if len(arms) > 1:
            raise ValueError(f"axes hold one joint, and muscles cross {len(arms)}: {', '.join(arms)}; name a joint")
        with drawn(ax, path, 90.0, 70.0) as axes:
            _arms(axes, *next(iter(arms.items())), colors, recording, window)
        return figure_of(axes)
    columns = min(_MOST_COLUMNS, len(arms))
    rows = -(-len(arms) // columns)
    figure, places = canvas(60.0 * columns, 52.0 * rows, rows=rows, columns=columns)
    for place, (name, own) in zip(places.flat, arms.items(), strict=False):
        with drawn(place, None, 0.0, 0.0) as axes:
            _arms(axes, name, own, colors, recording, window)
    for place in places.flat[len(arms) :]:
        place.set_visible(False)
    if path is not None:
        save(figure, path)
    return figure


def arms_of(model: mujoco.MjModel, joint: str) -> tuple[Floats, dict[str, Floats]]:
    """Moment arms of the muscles that cross a hinge.

    Args:
        model: The model.
        joint: Name of the hinge.

    Returns:
        Angles over its range, rad [P], or from -90 to 90 degrees without one; and for each muscle that crosses it
        -dl/dq at each of them, m [P], all other joints as they stand in the model.
    """
    data, found = mujoco.MjData(model), find_muscles(model)
    hinge = model.joint(joint)
    low, high = hinge.range if hinge.limited[0] else _FREE
    angles = np.linspace(low, high, POSES)
    every = np.empty((POSES, len(found)))
    for k, angle in enumerate(angles):
        data.qpos[hinge.qposadr[0]] = angle
        mujoco.mj_fwdPosition(model, data)
        moment = np.zeros((model.nactuator, model.nv))
        mujoco.mju_sparse2dense(
            moment, data.actuator_moment, data.moment_rownnz, data.moment_rowadr, data.moment_colind
        )  # fmt: skip
        every[k] = -moment[[muscle.output for muscle in found.values()], hinge.dofadr[0]]
    crossing = np.abs(every).max(axis=0, initial=0.0) > LEAST_ARM
    return angles, {name: every[:, n] for n, name in enumerate(found) if crossing[n]}


def _all_arms(
    model: mujoco.MjModel, animal: Animal, joint: str | None, muscles: Sequence[str] | None
) -> dict[str, tuple[Floats, dict[str, Floats]]]:
    known = find_muscles(model)
    if not known:
        raise ValueError(f"{animal.name!r} has no muscles, so there are no moment arms; its joints are driven directly")
    hinges = [
        model.joint(j).name for j in range(model.njnt) if model.jnt_type[j] == int(mujoco.mjtJoint.mjJNT_HINGE)
    ]  # fmt: skip
    if joint is not None and joint not in hinges:
        raise unknown_name("hinge", joint, hinges, f"animal {animal.name!r}")
    for muscle in muscles or ():
        if muscle not in known:
            raise unknown_name("muscle", muscle, known, f"animal {animal.name!r}")
    arms = {}
    for name in hinges if joint is None else [joint]:
        angles, own = arms_of(model, name)
        own = {muscle: arm for muscle, arm in own.items() if muscles is None or muscle in muscles}
        if own:
            arms[name] = angles, own
    if not arms:
        raise ValueError(f"no muscle that is asked for crosses {joint or 'any hinge'} of {animal.name!r}")
    return arms


def _arms(
    ax: "Axes", joint: str, arms: tuple[Floats, dict[str, Floats]], colors: dict[str, tuple[float, float, float]],
    recording: "xarray.Dataset | None", window: Window,
) -> None:  # fmt: skip
    angles, own = arms
    ax.axhline(0.0, color=RULE, linewidth=0.7, zorder=0)
    seen: list[tuple[float, float, float]] = []
    for name, arm in own.items():
        dashes = ((), (3.0, 1.2), (1.0, 1.0))[min(seen.count(colors[name]), 2)]
        ax.plot(np.degrees(angles), 1e3 * arm, color=colors[name], dashes=dashes, label=name)
        seen.append(colors[name])
    if recording is not None:
        used = np.degrees(find(recording, [f"joint_position:{joint}"], window)[0].values)
        ax.axvspan(float(used.min()), float(used.max()), color=QUIET, alpha=0.1, linewidth=0, zorder=-1)
    ax.set_xlim(float(np.degrees(angles[0])), float(np.degrees(angles[-1])))
    ax.set_xlabel(f"{joint} (degrees)")
    ax.set_ylabel("Moment arm (mm)")
    ax.legend(handlelength=1.8)
