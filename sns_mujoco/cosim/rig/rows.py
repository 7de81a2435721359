"""Rows of a stimulator's table, from items: what is done natively."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np

from sns_mujoco.cosim.rig.layout import NUMBERS, Kind, Shape
from sns_mujoco.cosim.rig.subject import Place, Subject
from sns_mujoco.errors import ProtocolError, TimeStepError
from sns_mujoco.protocols import (
    ActuatorFailure,
    Command,
    CurrentClamp,
    Deprive,
    Item,
    Noise,
    Pulses,
    Push,
    Ramp,
    Samples,
    SensorFailure,
    Silence,
    Sine,
    Step,
    Torque,
    VoltageClamp,
)

NEVER = 1e18  # a physics step that is not reached
STRIDE = 1 << 24  # between the random numbers of two items
_ROUND = 1e-6  # of a step


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that is done to one target.

    Attributes:
        item: The item that it is of.
        brain: Name of the nervous system whose stimulator does it.
        kind: What is done.
        target: To what.
        name: What that is called.
        unit: Of what it does, as `Memory.OUTPUT` has it.
        start: First physics step.
        stop: First step without it.
        shape: How its value goes.
        numbers: Of the shape.
        samples: Of its waveform.
        factor: See `Kind`.
        stream: Of its random numbers.
    """

    item: Item
    brain: str
    kind: Kind
    target: int
    name: str
    unit: str
    start: float
    stop: float
    shape: Shape = Shape.CONSTANT
    numbers: tuple[float, ...] = (0.0,)
    samples: tuple[float, ...] = ()
    factor: float = 0.0
    stream: int = 0

    @property
    def exclusive(self) -> tuple[Any, ...] | None:
        """What only one row at a time may have; None where several add up."""
        group = _EXCLUSIVE.get(self.kind)
        return None if group is None else (group, self.brain, self.target)

    def written(self, sample: int) -> tuple[float, ...]:
        """The row's numbers, in the order of `Col`, its samples beginning at a place."""
        numbers = (sample, *self.numbers[1:]) if self.shape == Shape.SAMPLES else self.numbers
        rest = (0.0,) * (NUMBERS - len(numbers))
        return (
            self.kind, self.target, self.start, self.stop, self.shape, *numbers, *rest, self.factor, self.stream
        )  # fmt: skip


_EXCLUSIVE = {
    Kind.HOLD: "clamps", Kind.COMMAND: "commands", Kind.CONTROL_STUCK: "failures", Kind.CONTROL_SCALED: "failures",
    Kind.SIGNAL_STUCK: "failures of a sensor", Kind.SIGNAL_ZERO: "failures of a sensor",
}  # fmt: skip


def in_steps(seconds: float, timestep: float) -> float:
    """A time in physics steps, whole where it is meant to be."""
    steps = seconds / timestep
    if steps >= NEVER:
        return NEVER
    whole = float(round(steps))
    return whole if abs(steps - whole) <= _ROUND * max(1.0, abs(whole) * 1e-3) else steps


def window(item: Item, timestep: float) -> tuple[float, float]:
    """First physics step of an item, and the first one without it.

    Raises:
        TimeStepError: There is none between.
    """
    start = math.ceil(in_steps(item.start, timestep))
    stop = NEVER if item.stop is None else math.ceil(in_steps(item.stop, timestep))
    if stop <= start:
        end = "on" if item.stop is None else f"to {item.stop:g} s"
        raise TimeStepError(
            f"{item.label} acts from {item.start:g} s {end}, in which no physics step of {timestep:g} s begins; let it "
            "act longer, or earlier"
        )
    return float(start), float(stop)


def rows_of(item: Item, place: int, subject: Subject) -> Iterator[Row]:
    """Rows of an item; none of one that changes numbers of the model.

    Args:
        item: The item.
        place: Its place in the protocol, for the seeds of noise.
        subject: What it is done to.

    Raises:
        UnknownNameError: There is nothing of a name that it names.
        ProtocolError: It cannot be done.
        TimeStepError: A waveform or the item does not fit the physics step.
    """
    start, stop = window(item, subject.timestep)
    for rank, settings in enumerate(_settings(item, subject)):
        yield Row(**{"item": item, "start": start, "stop": stop, "stream": place * STRIDE + rank} | settings)


def _settings(item: Item, subject: Subject) -> Iterator[dict[str, Any]]:
    match item:
        case CurrentClamp():
            given = _wave(item.current, item, subject.timestep)
            for name, at in subject.neurons(item).items():
                first = subject.brains[at.brain].electrodes.start
                yield {
                    "kind": Kind.CURRENT,
                    "brain": at.brain,
                    "target": first + at.index,
                    "name": name,
                    "unit": "nA",
                } | given
        case VoltageClamp():
            given = _wave(item.potential, item, subject.timestep)
            for name, at in subject.neurons(item).items():
                yield _held(name, at, subject) | given
        case Silence():
            for name, at in subject.neurons(item).items():
                yield _held(name, at, subject) | {"numbers": (silent_potential(at, item, subject),)}
        case Deprive() | SensorFailure():
            modes = {"stuck": Kind.SIGNAL_STUCK, "zero": Kind.SIGNAL_ZERO, "noise": Kind.SIGNAL_NOISE}
            kind, sd = (Kind.DEPRIVED, 0.0) if isinstance(item, Deprive) else (modes[item.mode], item.sd)
            for name, at in subject.afferents(item).items():
                yield {"kind": kind, "brain": at.brain, "target": at.index, "name": name, "unit": "1", "factor": sd}
        case Command():
            given = _wave(item.value, item, subject.timestep)
            for name, place in subject.commands(item).items():
                brain = next(b.name for b in subject.brains.values() if name in b.commands)
                yield {"kind": Kind.COMMAND, "brain": brain, "target": place, "name": name, "unit": "1"} | given
        case Push():
            _require_passive(item, subject.model)
            for name, body in subject.bodies(item).items():
                yield {
                    "kind": Kind.PUSH, "brain": _first(subject), "target": body, "name": name, "unit": "1",
                    "numbers": (*item.force, *item.torque), "factor": float(item.frame == "heading"),
                }  # fmt: skip
        case Torque():
            _require_passive(item, subject.model)
            given = _wave(item.torque, item, subject.timestep)
            for name, dof in subject.hinges(item).items():
                yield {
                    "kind": Kind.TORQUE,
                    "brain": _first(subject),
                    "target": dof,
                    "name": name,
                    "unit": "N m",
                } | given
        case ActuatorFailure():
            for name, actuator in subject.actuators(item).items():
                brain = subject.system_of(name)
                if item.mode != "stuck" and servo(subject.model, actuator):
                    continue  # its gains are numbers of the model
                if brain is None:
                    raise ProtocolError(
                        f"{item.label}: no nervous system drives {name!r}; set its control in data.ctrl yourself"
                    )
                kind = Kind.CONTROL_STUCK if item.mode == "stuck" else Kind.CONTROL_SCALED
                yield {
                    "kind": kind, "brain": brain.name, "target": int(subject.model.actuator_ctrladr[actuator]),
                    "name": name, "unit": "1", "factor": item.factor or 0.0,
                }  # fmt: skip


def _first(subject: Subject) -> str:
    return next(iter(subject.brains))


def _held(name: str, at: Place, subject: Subject) -> dict[str, Any]:
    """Settings of a clamp; its factor makes currents of what a potential runs away."""
    dt = subject.brains[at.brain].dt
    capacitance = _capacitance(at, subject)
    return {
        "kind": Kind.HOLD, "brain": at.brain, "target": at.index, "name": name,
        "unit": "" if capacitance is None else "nA", "factor": 0.0 if capacitance is None else capacitance / dt,
    }  # fmt: skip


def _capacitance(at: Place, subject: Subject) -> float | None:
    """Membrane capacitance of a neuron, nF, or None where it is not known."""
    if subject.network is None:
        return None
    _, population, index = subject.population(at)
    value = getattr(population.neuron, "membrane_capacitance", None)
    return None if value is None else _entry(value, index)


def silent_potential(at: Place, item: Item, subject: Subject) -> float:
    """Where a neuron is silent: its rest, or lower, where its graded synapses begin to open.

    Raises:
        ProtocolError: The network is not known.
    """
    if subject.network is None:
        raise ProtocolError(
            f"{item.label}: the network of the model is not known, or there are several, so neither are resting "
            "potentials; make the simulation from an animal, or use VoltageClamp with a potential"
        )
    number, population, index = subject.population(at)
    lowest = [_entry(population.neuron.resting_potential, index)]
    for wire in subject.network.connections:
        opens = getattr(wire.kind, "e_lo", None)
        if wire.source == number and opens is not None:
            lowest.append(float(np.min(opens)))
    return min(lowest)


def _entry(value: Any, index: int) -> float:
    flat = np.ravel(np.asarray(value, float))
    return float(flat[index] if flat.size > 1 else flat[0])


def servo(model: mujoco.MjModel, actuator: int) -> bool:
    """Whether an actuator has forces of its own beside that of its control, as servos have."""
    return bool(np.any(model.actuator_biasprm[actuator])) and (
        model.actuator_biastype[actuator] == mujoco.mjtBias.mjBIAS_AFFINE
    )


def _require_passive(item: Item, model: mujoco.MjModel) -> None:
    off = mujoco.mjtDisableBit.mjDSBL_SPRING | mujoco.mjtDisableBit.mjDSBL_DAMPER
    if (model.opt.disableflags & off) == off:
        raise ProtocolError(
            f"{item.label}: the body disables springs and dampers, and with them all passive forces; remove one of "
            "these flags"
        )


def _wave(given: Any, item: Item, dt: float) -> dict[str, Any]:
    """Shape, numbers and samples of a number or a waveform.

    Raises:
        TimeStepError: It does not fit the physics step.
    """
    match given:
        case Step():
            until = NEVER if given.until is None else in_steps(given.until, dt)
            return {"shape": Shape.STEP, "numbers": (given.before, given.value, in_steps(given.at, dt), until)}
        case Ramp():
            return {"shape": Shape.RAMP, "numbers": (given.begin, given.end, in_steps(given.duration, dt))}
        case Sine():
            if given.frequency * dt >= 0.5:
                raise TimeStepError(
                    f"{item.label}: a sine of {given.frequency:g} Hz is too fast for a physics step of {dt:g} s; give "
                    f"less than {0.5 / dt:g} Hz"
                )
            turn = 2.0 * math.pi * given.frequency * dt
            return {"shape": Shape.SINE, "numbers": (given.offset, given.amplitude, turn, math.radians(given.phase))}
        case Noise():
            keep = math.exp(-dt / given.time_constant) if given.time_constant else 0.0
            new = given.sd * math.sqrt(1.0 - keep * keep)
            return {"shape": Shape.NOISE, "numbers": (given.mean, given.sd, keep, new)}
        case Pulses():
            width, period = in_steps(given.width, dt), in_steps(given.period, dt)
            if width < 1.0:
                raise TimeStepError(
                    f"{item.label}: pulses last {given.width:g} s, shorter than a physics step of {dt:g} s; make them "
                    "longer"
                )
            count = NEVER if given.count is None else float(given.count)
            return {"shape": Shape.PULSES, "numbers": (given.base, given.value, width, period, count)}
        case Samples():
            period = in_steps(given.period, dt)
            if period < 1.0 or period != round(period):
                near = max(1, round(period)) * dt
                raise TimeStepError(
                    f"{item.label}: samples are {given.period:g} s apart, which is no whole number of physics steps of "
                    f"{dt:g} s; sample them anew, every {near:g} s for example"
                )
            return {
                "shape": Shape.SAMPLES, "numbers": (0.0, float(len(given.samples)), period), "samples": given.samples,
            }  # fmt: skip
    return {"shape": Shape.CONSTANT, "numbers": (float(given),)}
