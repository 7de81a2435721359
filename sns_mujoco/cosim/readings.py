"""How the signals of afferents are made: what is read, and the parts that add up."""

from dataclasses import dataclass
from typing import Any

import mujoco

from sns_mujoco.adapters.drives import Activation
from sns_mujoco.adapters.native.layout import OF_TENDON, Form, Source
from sns_mujoco.cosim.references import ACTUATOR, SENSOR, TENDON, References


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One number that is read: a row of `layout.Reading`, and the name of what it is read from."""

    kind: Source
    address: int
    of: str
    channel: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One term of a signal: coefficient (1 + effect a) sgn(s) |s|^exponent with s = (value - origin) unit."""

    read: Read
    origin: float = 0.0
    unit: float = 1.0
    exponent: float = 1.0
    coefficient: float = 1.0
    clipped: bool = False
    modulator: Activation | None = None
    effect: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """How an afferent's signal is made: of one read, or by its form of parts, with further numbers."""

    form: Form = Form.DIRECT
    read: Read | None = None
    parts: tuple[Part, ...] = ()
    extras: tuple[float, ...] = ()
    memory: int = 0


def add_read(
    references: References, name: str, kind: Source = Source.SENSOR, channel: int = 0, **settings: Any
) -> Read:
    """A read of a sensor that is added for it."""
    added = references.add_sensor(name, **settings)
    return Read(kind=kind, address=references.place(SENSOR, added), channel=channel, of=added)


def read_quantity(references: References, name: str, kind: Source) -> Read:
    """A read of what MuJoCo computes for a tendon or a muscle in every step.

    It is there without a sensor, which would take time; but RK4 leaves that of its last stage, and a sensor's value is
    of the step's beginning under every integrator.
    """
    of = TENDON if kind in OF_TENDON else ACTUATOR
    if references.model.opt.integrator != mujoco.mjtIntegrator.mjINT_RK4:
        return Read(kind=kind, address=references.place(of, name), of=name)
    what = kind.name.lower().replace("_", " ")
    return add_read(references, f"{name}/{what}", type=_SENSORS[kind], objtype=of, objname=name)


_SENSORS = {
    Source.TENDON_LENGTH: mujoco.mjtSensor.mjSENS_TENDONPOS,
    Source.TENDON_VELOCITY: mujoco.mjtSensor.mjSENS_TENDONVEL,
    Source.MUSCLE_LENGTH: mujoco.mjtSensor.mjSENS_ACTUATORPOS,
    Source.MUSCLE_VELOCITY: mujoco.mjtSensor.mjSENS_ACTUATORVEL,
    Source.MUSCLE_FORCE: mujoco.mjtSensor.mjSENS_ACTUATORFRC,
}
