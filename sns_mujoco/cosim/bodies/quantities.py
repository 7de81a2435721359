"""Which numbers of a body have names, and what they are in a description: `BodyTable`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.bodies.segments import stretchable
from sns_mujoco.cosim.parameters.given import matches, patterns_in
from sns_mujoco.errors import unknown_name

_GEOM, _JOINT = mujoco.mjtGeom, mujoco.mjtJoint
SHAPES = (_GEOM.mjGEOM_SPHERE, _GEOM.mjGEOM_CAPSULE, _GEOM.mjGEOM_ELLIPSOID, _GEOM.mjGEOM_CYLINDER, _GEOM.mjGEOM_BOX)
POSITIVE = 1e-12  # the least of what must not be nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyQuantity:
    """A kind of number that parts of a body have.

    Attributes:
        name: Its name.
        kind: Whose it is: "body", "geom", "joint" or "actuator".
        units: Its unit for what turns and for what slides; "1" for ratios and for factors on what is described.
        least: Least value that physics allows.
        described: Its value for a part, given the part's description and the compiled body; None if it has none.
    """

    name: str
    kind: str
    units: tuple[str, str]
    least: float
    described: Callable[[Any, mujoco.MjModel], float | None]


def _mass(body: Any, model: mujoco.MjModel) -> float | None:
    mass = float(model.body(body.name).mass[0])
    return mass if mass >= POSITIVE else None


def _length(body: Any, model: mujoco.MjModel) -> float | None:
    return 1.0 if stretchable(body) else None


def _size(geom: Any, model: mujoco.MjModel) -> float | None:
    return 1.0 if geom.type in SHAPES else None


def _friction(geom: Any, model: mujoco.MjModel) -> float | None:
    touches = geom.contype or geom.conaffinity
    return float(model.geom(geom.name).friction[0]) if touches else None


def _hinge(joint: Any) -> bool:
    return joint.type in (_JOINT.mjJNT_HINGE, _JOINT.mjJNT_SLIDE)


def _damping(joint: Any, model: mujoco.MjModel) -> float | None:
    return float(model.joint(joint.name).damping[0]) if _hinge(joint) else None


def _stiffness(joint: Any, model: mujoco.MjModel) -> float | None:
    return float(model.joint(joint.name).stiffness[0]) if _hinge(joint) else None


def _armature(joint: Any, model: mujoco.MjModel) -> float | None:
    return float(model.joint(joint.name).armature[0]) if _hinge(joint) else None


def _gear(actuator: Any, model: mujoco.MjModel) -> float | None:
    return float(actuator.gear[0])


def _kp(actuator: Any, model: mujoco.MjModel) -> float | None:
    fixed = actuator.gaintype == mujoco.mjtGain.mjGAIN_FIXED and actuator.biastype == mujoco.mjtBias.mjBIAS_AFFINE
    servo = fixed and actuator.gainprm[0] > 0.0 and actuator.biasprm[1] == -actuator.gainprm[0]
    return float(actuator.gainprm[0]) if servo else None


def _all() -> dict[str, BodyQuantity]:
    rows = (
        ("size", "geom", ("1", "1"), POSITIVE, _size), ("length", "body", ("1", "1"), POSITIVE, _length),
        ("mass", "body", ("kg", "kg"), POSITIVE, _mass), ("friction", "geom", ("1", "1"), 0.0, _friction),
        ("damping", "joint", ("N m s/rad", "N s/m"), 0.0, _damping),
        ("stiffness", "joint", ("N m/rad", "N/m"), 0.0, _stiffness),
        ("armature", "joint", ("kg m^2", "kg"), 0.0, _armature),
        ("gear", "actuator", ("1", "1"), -np.inf, _gear), ("kp", "actuator", ("N m/rad", "N/m"), POSITIVE, _kp),
    )  # fmt: skip
    return {
        name: BodyQuantity(name=name, kind=kind, units=units, least=least, described=described)
        for name, kind, units, least, described in rows
    }


BODY_QUANTITIES: Mapping[str, BodyQuantity] = _all()
"""Numbers of the body by name, in the order in which they are changed.

- "size": factor on all dimensions of a geom about its centre: sphere, capsule, ellipsoid, cylinder, box.
- "length": factor by which a body, as the segment of a limb, is longer: see `segments.stretch`.
- "mass": of a body, without its children; its inertia grows with it.
- "friction": sliding friction of a geom that touches something.
- "damping", "stiffness", "armature": of a hinge or slide.
- "gear": of an actuator, the first one.
- "kp": gain of a position servo. Its damping keeps its ratio where it is described as one (dampratio).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyParameter:
    """A quantity of some parts of a body.

    Attributes:
        quantity: Its name.
        names: The parts [k].
        unit: Its unit; both with "or" where some turn and some slide.
        values: As described [k].
        least: What physics allows at least [k].
        greatest: And at most [k].
        above: Where it must be more than the least [k].
        shared: Why it cannot differ between individuals; "", since it can.
    """

    quantity: str
    names: tuple[str, ...]
    unit: str
    values: NDArray[np.float64]
    least: NDArray[np.float64]
    greatest: NDArray[np.float64]
    above: NDArray[np.bool_]
    shared: str = ""


def unpainted(body: mujoco.MjSpec) -> mujoco.MjSpec:
    """A copy of a body without textures, which take most of the time that compiling takes and change no physics."""
    spec = body.copy()
    for material in spec.materials:
        material.textures = [""] * len(material.textures)
    for texture in list(spec.textures):
        spec.delete(texture)
    return spec


class BodyTable:
    """What can be changed of a body, by name, with what is described.

    Attributes:
        model: The body without its textures, compiled.
    """

    def __init__(self, body: mujoco.MjSpec) -> None:
        """Read a body, with or without a nervous system; parts without a name are left out."""
        spec = unpainted(body)
        self.model = spec.compile()
        parts = {
            "body": [part for part in spec.bodies if part.name != "world"], "geom": spec.geoms, "joint": spec.joints,
            "actuator": spec.actuators,
        }  # fmt: skip
        self._values: dict[str, dict[str, float]] = {}
        for name, quantity in BODY_QUANTITIES.items():
            found = {part.name: quantity.described(part, self.model) for part in parts[quantity.kind] if part.name}
            self._values[name] = {part: value for part, value in found.items() if value is not None}

    @property
    def quantities(self) -> tuple[str, ...]:
        """Quantities that some part of the body has."""
        return tuple(name for name, values in self._values.items() if values)

    def names(self, quantity: str) -> tuple[str, ...]:
        """Parts that have a quantity.

        Raises:
            UnknownNameError: There is no such quantity.
        """
        if quantity not in self._values:
            raise unknown_name("quantity", quantity, self._values, "the body")
        return tuple(self._values[quantity])

    def value(self, quantity: str, name: str) -> float:
        """What is described of a part that has a quantity."""
        return self._values[quantity][name]

    def find(self, quantity: str, pattern: str | Sequence[str] = "*") -> BodyParameter:
        """A quantity of all parts whose name matches a pattern.

        Args:
            quantity: Its name.
            pattern: A shell pattern, case-sensitive, or several; a plain name matches itself.

        Raises:
            UnknownNameError: There is no such quantity, or the pattern matches nothing that has it.
            ParameterError: The pattern is no text.
        """
        known = self.names(quantity)
        patterns = patterns_in(pattern)
        names = tuple(name for name in known if matches(name, patterns))
        entry = BODY_QUANTITIES[quantity]
        if not names:
            wanted = patterns[0] if len(patterns) == 1 else patterns
            raise unknown_name(f"{entry.kind} with a {quantity}", wanted, known, "the body")
        return BodyParameter(
            quantity=quantity,
            names=names,
            unit=" or ".join(dict.fromkeys(entry.units[self._slides(entry.kind, name)] for name in names)),
            values=np.array([self._values[quantity][name] for name in names]),
            least=np.full(len(names), entry.least),
            greatest=np.full(len(names), np.inf),
            above=np.zeros(len(names), bool),
        )

    def _slides(self, kind: str, name: str) -> bool:
        """Whether a part is a slide, or an actuator of one or of a tendon."""
        if kind == "actuator":
            actuator = self.model.actuator(name)
            if actuator.trntype[0] != mujoco.mjtTrn.mjTRN_JOINT:
                return True
            return self.model.jnt_type[actuator.trnid[0]] == _JOINT.mjJNT_SLIDE
        return kind == "joint" and self.model.joint(name).type[0] == _JOINT.mjJNT_SLIDE
