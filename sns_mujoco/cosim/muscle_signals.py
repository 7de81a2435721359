"""Where afferents of muscles and tendons find their signals in a body."""

import math
from collections.abc import Callable
from typing import Any

import mujoco

from sns_mujoco.adapters import spindles, stretch_receptor, tendons
from sns_mujoco.adapters.drives import Activation, Drive, Excitation
from sns_mujoco.adapters.native.layout import Ending, Form, Source
from sns_mujoco.cosim.readings import Part, Read, Signal, add_read, read_quantity
from sns_mujoco.cosim.references import ACTUATOR, TENDON, References
from sns_mujoco.errors import unknown_name
from sns_mujoco.muscles import MuscleInfo

_MM = 1e3  # in a metre


def _potential(activation: Activation, references: References, label: str) -> Part:
    """The activation of a neuron."""
    lo, hi = activation.range
    index = references.neuron(activation.neuron, label)
    read = Read(kind=Source.POTENTIAL, address=index, of=activation.neuron)
    return Part(read=read, origin=lo, unit=1.0 / (hi - lo), clipped=True)


def _drive(drive: Drive, muscle: str, references: References, label: str) -> Part | float:
    """A drive: a part between 0 and 1, or a number."""
    if isinstance(drive, Activation):
        return _potential(drive, references, label)
    if isinstance(drive, Excitation):
        references.control(muscle, label)
        read = Read(kind=Source.CONTROL, address=references.place(ACTUATOR, muscle), of=muscle)
        return Part(read=read, clipped=True)
    assert not isinstance(drive, str)  # the afferent has made an Activation of a name
    return drive


def _scaled(drive: Part | float, coefficient: float) -> tuple[tuple[Part, ...], float]:
    """A drive times a coefficient: as parts, and as a number to be added."""
    if isinstance(drive, Part):
        part = Part(
            read=drive.read, origin=drive.origin, unit=drive.unit, clipped=drive.clipped, coefficient=coefficient
        )
        return (part,), 0.0
    return (), coefficient * drive


def _of_muscle(muscle: MuscleInfo, quantity: str, references: References) -> Read:
    """Length, velocity or force (negative where it pulls) of a muscle."""
    return read_quantity(references, muscle.name, Source[f"MUSCLE_{quantity.upper()}"])


def _of_tendon(name: str, quantity: str, references: References, label: str) -> Read:
    """Length, velocity or force (negative where they pull) of a tendon's actuators."""
    references.find("tendon", TENDON, references.model.ntendon, name, label)
    if quantity != "force":
        return read_quantity(references, name, Source[f"TENDON_{quantity.upper()}"])
    kind = mujoco.mjtSensor.mjSENS_TENDONACTFRC
    return add_read(references, f"{name}/tendon force", type=kind, objtype=TENDON, objname=name)


def _muscle_or_tendon(quantity: str) -> Callable[[Any, References], Signal]:
    def made(afferent: Any, references: References) -> Signal:
        name = afferent.of
        known = references.names(TENDON, references.model.ntendon)
        if name in references.muscles:
            read = _of_muscle(references.muscles[name], quantity, references)
        elif name in known:
            read = _of_tendon(name, quantity, references, afferent.label)
        else:
            raise unknown_name(
                "muscle or tendon", name, [*references.muscles, *known], f"the body, for {afferent.label}"
            )
        if quantity != "force":
            return Signal(read=read)
        return Signal(form=Form.SUM, parts=(Part(read=read, coefficient=-1.0),), extras=(0.0,))

    return made


def _golgi(afferent: tendons.GolgiTendonOrgan, references: References) -> Signal:
    muscle = references.muscle(afferent.muscle, afferent.label)
    part = Part(read=_of_muscle(muscle, "force", references), coefficient=-afferent.rate / muscle.force)
    return Signal(form=Form.RATE, parts=(part,), extras=(0.0,))


def _spindle(afferent: spindles.SpindleIa | spindles.SpindleII, references: References) -> Signal:
    label, model = afferent.label, afferent.model
    muscle = references.muscle(afferent.muscle, label)
    unit = _MM if model.unit == "mm" else 1.0 / muscle.rest_length
    rest = muscle.rest_length * math.cos(muscle.parameters.get("pennation", 0.0))  # along the tendon
    base, parts = model.base, []

    def modulated(coefficient: float, gamma: Any, effect: float, **settings: Any) -> Part:
        if gamma is None:
            return Part(coefficient=coefficient, **settings)
        if isinstance(gamma, Activation):
            references.neuron(gamma.neuron, label)
            return Part(coefficient=coefficient, modulator=gamma, effect=effect, **settings)
        return Part(coefficient=coefficient * (1.0 + effect * gamma), **settings)

    if model.velocity:
        parts.append(
            modulated(
                model.velocity, getattr(afferent, "gamma_dynamic", None), getattr(afferent, "dynamic_effect", 1.0),
                read=_of_muscle(muscle, "velocity", references), unit=unit, exponent=model.exponent,
            )
        )  # fmt: skip
    if model.length:
        parts.append(
            modulated(
                model.length, afferent.gamma_static, afferent.static_effect,
                read=_of_muscle(muscle, "length", references), unit=unit,
                origin=muscle.slack + model.threshold * rest,
            )
        )  # fmt: skip
    for drive, coefficient in ((afferent.alpha, model.alpha), (afferent.gamma_static, afferent.static_bias)):
        if drive is not None and coefficient:
            more, number = _scaled(_drive(drive, muscle.name, references, label), coefficient)
            parts += more
            base += number
    return Signal(form=Form.RATE, parts=tuple(parts), extras=(base,))


def _stretch(afferent: stretch_receptor.StretchReceptor, references: References) -> Signal:
    label, rest = afferent.label, float(afferent.rest_length)
    parts = [
        Part(read=_of_tendon(afferent.tendon, "length", references, label)),
        Part(read=_of_tendon(afferent.tendon, "velocity", references, label)),
    ]
    force, width = afferent.force or 0.0, afferent.width or 1.0
    if afferent.excitation is not None:
        drive = _drive(afferent.excitation, "", references, label)
        if isinstance(drive, Part):
            parts.append(drive)
        else:
            force *= drive
    stiffness = afferent.kse + afferent.kpe
    extras = (
        afferent.kse, afferent.kpe, afferent.damping, rest, width, force, afferent.max_tension,
        afferent.series_fraction * rest, afferent.min_parallel * rest, afferent.constant,
        float(Ending[afferent.ending.upper()]),
        afferent.kse / stiffness, math.exp(-stiffness / afferent.damping * references.model.opt.timestep),
    )  # fmt: skip
    return Signal(form=Form.STRETCH, parts=tuple(parts), extras=extras, memory=1)


MADE: dict[type, Callable[[Any, References], Signal]] = {
    spindles.SpindleII: _spindle,
    spindles.SpindleIa: _spindle,
    stretch_receptor.StretchReceptor: _stretch,
    tendons.GolgiTendonOrgan: _golgi,
    tendons.TendonForce: _muscle_or_tendon("force"),
    tendons.TendonLength: _muscle_or_tendon("length"),
    tendons.TendonVelocity: _muscle_or_tendon("velocity"),
}
