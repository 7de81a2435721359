"""What protocols change between native stretches: numbers of the model, as scalings, additions and turns."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.rig.channels import channels_of
from sns_mujoco.cosim.rig.rows import servo, window
from sns_mujoco.cosim.rig.subject import Subject, chosen
from sns_mujoco.errors import ProtocolError, UnknownNameError, unknown_name
from sns_mujoco.protocols import (
    ActuatorFailure,
    BlockChannel,
    Cut,
    Friction,
    Gravity,
    Item,
    Load,
    Scale,
    Slope,
)

Floats = NDArray[np.float64]
STRENGTHS = ("max_conductance", "conductance_increment", "weight", "conductance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Other values of a quantity, while an item acts.

    Attributes:
        item: The item.
        owner: Who keeps the quantity: "rows" (nervous system), "body", or "field" (of `MjModel`).
        quantity: Its name.
        names: Whose it is; of a field, places among its numbers.
        start: First physics step.
        stop: First step without it.
        make: Makes the values [k] of what they would be without it.
    """

    item: Item
    owner: str
    quantity: str
    names: tuple[str | int, ...]
    start: float
    stop: float
    make: Callable[[Floats], Floats]


def _times(factor: float) -> Callable[[Floats], Floats]:
    return lambda values: values * factor


def _plus(mass: float) -> Callable[[Floats], Floats]:
    return lambda values: values + mass


def _turned(angle: float, direction: float) -> Callable[[Floats], Floats]:
    """Turns gravity so that the ground rises by an angle towards a direction, degrees (Rodrigues' formula)."""
    a, towards = math.radians(angle), math.radians(direction)
    axis = np.array([-math.sin(towards), math.cos(towards), 0.0])

    def turn(gravity: Floats) -> Floats:
        across = np.cross(axis, gravity)
        return gravity * math.cos(a) + across * math.sin(a) + axis * (axis @ gravity) * (1.0 - math.cos(a))

    return turn


def changes_of(item: Item, subject: Subject) -> Iterator[Change]:
    """Changes of an item; none of one that is done natively.

    Raises:
        UnknownNameError: There is nothing of a name that it names.
        ProtocolError: What is needed for it is not known of the model, or it is not possible.
        TimeStepError: It acts in no physics step.
    """
    start, stop = window(item, subject.timestep)
    for owner, quantity, names, make in _settings(item, subject):
        yield Change(item=item, owner=owner, quantity=quantity, names=names, start=start, stop=stop, make=make)


Setting = tuple[str, str, tuple[str | int, ...], Callable[[Floats], Floats]]


def _settings(item: Item, subject: Subject) -> Iterator[Setting]:
    match item:
        case Cut() | Scale():
            factor = 0.0 if isinstance(item, Cut) else item.factor
            for quantity, names in _synapses(item, subject).items():
                yield "rows", quantity, names, _times(factor)
        case BlockChannel():
            for owner, quantity, names in channels_of(item, subject):
                yield owner, quantity, names, _times(1.0 - item.fraction)
        case Load():
            if subject.body is None:
                raise ProtocolError(f"{item.label}: {_UNKNOWN} the body; {_REMEDY}")
            names = tuple(chosen("body with a mass", item, subject.body.names("mass")))
            for name in names:
                mass = subject.body.value("mass", name)
                if not mass + item.mass > 0.0:
                    raise ProtocolError(
                        f"{item.label}: {name!r} has {mass:g} kg and is to have {item.mass:+g} kg; leave it some mass"
                    )
            yield "body", "mass", names, _plus(item.mass)
        case Friction():
            geoms = subject.geoms(item)
            yield "field", "geom_friction", tuple((3 * geoms).tolist()), _times(item.factor)
            own = np.isin(subject.model.pair_geom1, geoms) | np.isin(subject.model.pair_geom2, geoms)
            if own.any():
                pairs = 5 * np.flatnonzero(own)
                yield "field", "pair_friction", tuple(np.concatenate([pairs, pairs + 1]).tolist()), _times(item.factor)
        case Gravity():
            yield "field", "opt.gravity", (0, 1, 2), _times(item.factor)
        case Slope():
            yield "field", "opt.gravity", (0, 1, 2), _turned(item.angle, item.direction)
        case ActuatorFailure() if item.mode != "stuck":
            factor = item.factor or 0.0
            servos = np.array([a for a in subject.actuators(item).values() if servo(subject.model, a)], int)
            if len(servos):
                for field in ("actuator_gainprm", "actuator_biasprm"):
                    width = getattr(subject.model, field).shape[1]
                    places = width * servos[:, None] + np.arange(3)
                    yield "field", field, tuple(places.ravel().tolist()), _times(factor)


_UNKNOWN = "the model does not tell what it was made from, or has several nervous systems:"
_REMEDY = "make the simulation from an animal, as in animal.simulation(protocol=...), or give it described="


def _synapses(item: Item, subject: Subject) -> dict[str, tuple[str, ...]]:
    """The strengths of the synapses that an item names, by quantity."""
    if subject.table is None:
        raise ProtocolError(f"{item.label}: {_UNKNOWN} the synapses; {_REMEDY}")
    found, known = {}, {}
    for quantity in STRENGTHS:
        if quantity in subject.table.quantities:
            known |= dict.fromkeys(owner for c in subject.table.columns if c.quantity == quantity for owner in c.owners)
            try:
                found[quantity] = subject.table.find(quantity, item.pattern).names
            except UnknownNameError:
                continue
    if not found:
        raise unknown_name("synapse", item.pattern, known, f"the model, for {item.label}")
    return found
