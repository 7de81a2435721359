"""A body with other numbers: `changed_body`."""

from collections.abc import Mapping
from typing import Any

import mujoco
import numpy as np

from sns_mujoco.cosim.bodies.quantities import BODY_QUANTITIES, BodyTable, unpainted
from sns_mujoco.cosim.bodies.segments import stretch
from sns_mujoco.errors import ParameterError, unknown_name

Changes = Mapping[tuple[str, str], float]


def changed_body(body: mujoco.MjSpec, changes: Changes, table: BodyTable | None = None) -> mujoco.MjSpec:
    """A body in which some numbers are others.

    Args:
        body: The description; it is not changed.
        changes: New value by quantity (of `BODY_QUANTITIES`) and name of the part. They may come in any order.
        table: Of `body`, where one is at hand.

    Returns:
        A new description. A number that is what it was leaves every bit as it was.

    Raises:
        UnknownNameError: There is no such quantity, or no such part that has it.
        ParameterError: A value is not finite or is beyond what physics allows, or the body's compiler sets masses.
    """
    table = table or BodyTable(body)
    for (quantity, name), value in changes.items():
        if name not in table.names(quantity):
            raise unknown_name(
                f"{BODY_QUANTITIES[quantity].kind} with a {quantity}", name, table.names(quantity), "the body"
            )
        check(quantity, name, value)
    spec = body.copy()
    wanted = {
        (quantity, name): value for (quantity, name), value in changes.items() if value != table.value(quantity, name)
    }
    masses = {name: value for (quantity, name), value in wanted.items() if quantity == "mass"}
    resized = False
    for quantity, entry in BODY_QUANTITIES.items():
        for (of, name), value in wanted.items():
            if of == quantity and of != "mass":
                _SET[quantity](getattr(spec, entry.kind)(name), value)
                resized |= quantity in ("size", "length")
    if masses:
        _refuse_total(spec, masses)
        model = (
            unpainted(spec).compile() if resized else table.model
        )  # geoms that have a density weigh more when they grow
        for name, value in masses.items():
            _weigh(spec.body(name), value / float(model.body(name).mass[0]))
    return spec


def check(quantity: str, name: str, value: float) -> None:
    """Refuse a value that physics does not allow.

    Raises:
        ParameterError: It is not finite, or too small.
    """
    entry = BODY_QUANTITIES[quantity]
    if not np.isfinite(value) or value < entry.least:
        raise ParameterError(
            f"the {quantity} of {entry.kind} {name!r} is {value:g}; give a finite number of {entry.least:g} or more"
        )


def _resize(geom: Any, factor: float) -> None:
    """All dimensions about the centre; of one that is described by its ends, these move too."""
    geom.size = np.array(geom.size) * factor
    if np.isfinite(geom.fromto[0]):
        ends = np.array(geom.fromto).reshape(2, 3)
        middle = ends.mean(axis=0)
        geom.fromto = (middle + factor * (ends - middle)).ravel()


def _weigh(body: Any, factor: float) -> None:
    """A body with more mass, spread as it was."""
    if body.explicitinertial:
        body.mass *= factor
        body.inertia = np.array(body.inertia) * factor
        if np.isfinite(body.fullinertia[0]):
            body.fullinertia = np.array(body.fullinertia) * factor
    for geom in body.geoms:
        if np.isfinite(geom.mass):
            geom.mass *= factor
        else:
            geom.density *= factor


def _refuse_total(spec: mujoco.MjSpec, masses: Mapping[str, float]) -> None:
    for setting, limit in (("settotalmass", 0.0), ("boundmass", min(masses.values()))):
        if getattr(spec.compiler, setting) > limit:
            raise ParameterError(
                f"the mass of {next(iter(masses))!r} cannot be set: the body's <compiler {setting}> sets masses "
                "itself; leave that out of the body, or leave the mass alone"
            )


def _first(field: str) -> Any:
    def write(part: Any, value: float) -> None:
        getattr(part, field)[0] = value

    return write


def _armature(joint: Any, value: float) -> None:
    joint.armature = value


def _kp(servo: Any, value: float) -> None:
    servo.gainprm[0], servo.biasprm[1] = value, -value


_SET = {
    "size": _resize, "length": stretch, "friction": _first("friction"), "damping": _first("damping"),
    "stiffness": _first("stiffness"), "armature": _armature, "gear": _first("gear"), "kp": _kp,
}  # fmt: skip
