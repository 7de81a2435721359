"""AnimatLab's joints in MuJoCo.

The frame of a joint lies in the child body, at its `Position` and `Rotation`; hinges turn about its x axis, and slides
move along it, both in the negative sense: Bullet's angle of the child against the parent is that of a left-handed turn,
and slides are turned by half a turn about z. All positions are zero in the pose of the file.

Friction in Bullet is a motor that holds still with a limited impulse per step, `Coefficient` * 0.032 in units of mass
and length; the torque that it resists is therefore `Coefficient` * 0.032 N * unit of length / time step (without the
unit of length for slides). Limits are unilateral constraints without compliance.
"""

import mujoco

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.settings import Settings
from sns_mujoco.interop.animatlab.xml import Item

Joint = mujoco.mjtJoint
KNOWN = {"hinge", "prismatic", "ballsocket", "universal", "rpro", "static", "freejoint", "distance"}
FRICTION = 0.032  # what Bullet's adapter multiplies coefficients of friction with
CORRECTED = 0.2  # Bullet's share of an error of position that a step takes away


def joint_kind(item: Item, report: Report) -> str:
    """What a joint is in MuJoCo: "hinge", "slide", "ball", "weld" or "free".

    Raises:
        AnimatLabError: Its type is unknown, or its limits are in the wrong order.
    """
    kind = item.text("Type").lower()
    if kind not in KNOWN:
        raise AnimatLabError(f"{item.where}: joint type {item.text('Type')!r} is unknown to AnimatLab")
    if kind in ("rpro", "static"):
        return "weld"
    if kind == "freejoint":
        return "free"
    if kind == "distance":
        report.add("unsupported", "Joint", item.name, "distance joints are left out: the part is free", item.id)
        return "free"
    if kind in ("ballsocket", "universal"):
        return "ball"
    low, high = limits(item)
    if item.flag("EnableLimits", True) and low == high:
        if low != 0:
            report.add("approximated", "Joint", item.name, f"held at 0 in the file's pose, not at {low:g}", item.id)
        return "weld"
    return "hinge" if kind == "hinge" else "slide"


def limits(item: Item) -> tuple[float, float]:
    """Lower and upper limit, rad or m.

    Raises:
        AnimatLabError: They are missing, or in the wrong order.
    """
    low, high = (item.need(tag).number("LimitPos") for tag in ("LowerLimit", "UpperLimit"))
    if low > high:
        raise AnimatLabError(f"{item.where}: its limits {low:g} and {high:g} are in the wrong order")
    return low, high


def add_joint(
    body: mujoco.MjsBody,
    item: Item,
    kind: str,
    name: str,
    place: tuple[tuple[float, ...], tuple[float, ...]],
    settings: Settings,
    report: Report,
) -> mujoco.MjsJoint:
    """Add a hinge, slide or ball to a body; `place` is its position (m) and axis there."""
    position, axis = place
    relaxed = [n for n in range(1, 7) if (r := item.child(f"Relaxation{n}")) is not None and r.flag("Enabled", False)]
    if relaxed:
        report.add("unsupported", "Joint", item.name, f"relaxations {relaxed} are left out: it does not give", item.id)
    if kind == "ball":
        return body.add_joint(name=name, type=Joint.mjJNT_BALL, pos=list(position))
    joint = body.add_joint(
        name=name,
        type=Joint.mjJNT_HINGE if kind == "hinge" else Joint.mjJNT_SLIDE,
        pos=list(position),
        axis=list(axis),
    )
    if item.flag("EnableLimits", True):
        low, high = limits(item)
        joint.limited, joint.range = True, [low, high]
        joint.solref_limit = [settings.timestep / CORRECTED, 1.0]
        if low > 0 or high < 0:
            report.add("note", "Joint", item.name, f"begins outside of its limits {low:g}..{high:g}", item.id)
    friction = item.child("Friction")
    if friction is not None and friction.flag("Enabled", True):
        lever = settings.distance if kind == "hinge" else 1.0
        loss = friction.number("Coefficient", 0.0, least=0.0) * FRICTION * lever / settings.timestep
        joint.frictionloss, joint.solref_friction = loss, [4 * settings.timestep, 1.0]
        if loss > 0:
            unit = "N m" if kind == "hinge" else "N"
            report.add(
                "note", "Friction", item.name,
                f"resists with {loss:.3g} {unit} at this time step: AnimatLab's friction is an impulse per step",
                item.id,
            )  # fmt: skip
    return joint
