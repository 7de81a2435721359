"""AnimatLab's external stimuli: what happens to a project while it runs, by the clock.

A stimulus of a neuron is a descending command (nA) that a `StimulatedSimulation` sets in time; in any other simulation
it can be set by hand, by the name of the stimulus.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sns_mujoco.adapters import Command, Equation
from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.equations import infix
from sns_mujoco.interop.animatlab.motors import motor_name
from sns_mujoco.interop.animatlab.parts import Parts
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.settings import Names
from sns_mujoco.interop.animatlab.xml import Item

Kind = Literal["current", "clamp", "motor", "force", "unsupported"]
AXES = ("X", "Y", "Z")
LEFT_OUT = {
    "enablerinput": "it switches a part on or off while running", "propertycontrolstimulus": "it sets a property",
    "inversemusclecurrent": "it computes currents from a recorded movement", "rigidbodyinput": "it drives a body part",
    "jointinput": "it drives a joint",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stimulus:
    """Something that happens by the clock.

    Attributes:
        name: Its name, also that of its command.
        id: Its ID in the file.
        kind: "current" (nA into a neuron), "clamp" (mV of a neuron), "motor" (velocity or position of a joint's motor),
            "force" (N and N m on a body), or "unsupported".
        target: Name of the neuron, joint or body.
        enabled: Whether the file has it switched on.
        start: s; likewise end. An interval that never ends for those that are always active.
        levels: Values: on, off, and between bursts; of a clamp the potential and the current that it takes at rest.
        cycle: Durations on and off, s, within a burst.
        burst: Durations of bursts and of the gaps between, s.
        formulas: Value by time (`x`, s) since it began: one, or six for force and torque in MuJoCo's world. Where there
            are cycles, it is the value on, for the whole of a cycle that begins then.
        place: Where a force acts, from the centre of mass, m, in the world's axes.
        capacitance: Of a clamped neuron, nF.
    """

    name: str
    id: str
    kind: Kind
    target: str
    enabled: bool
    start: float = 0.0
    end: float = math.inf
    levels: tuple[float, float, float] = (0.0, 0.0, 0.0)
    cycle: tuple[float, float] = (math.inf, 0.0)
    burst: tuple[float, float] = (math.inf, 0.0)
    formulas: tuple[Equation, ...] = ()
    place: tuple[float, float, float] = (0.0, 0.0, 0.0)
    capacitance: float = 0.0

    @property
    def command(self) -> Command | None:
        """The afferent that brings it to its neuron."""
        if self.kind not in ("current", "clamp"):
            return None
        return Command(name=self.name, to=self.target, range=(0.0, 1.0), gain=1.0, clip=False)

    def values(self, time: float) -> np.ndarray:
        """What it is at a time, s: one value, or force and torque; zero while it is not active."""
        size = max(len(self.formulas), 1)
        if not self.start <= time <= self.end:
            return np.zeros(size)
        if self.formulas and not self.cycles:
            return np.array([_finite(formula, time - self.start) for formula in self.formulas])
        return np.array([self._level(time - self.start)])

    def _level(self, time: float) -> float:
        in_burst = _phase(time, self.burst)
        if in_burst >= self.burst[0]:
            return self.levels[2]
        in_cycle = _phase(in_burst, self.cycle)
        if in_cycle >= self.cycle[0]:
            return self.levels[1]
        return _finite(self.formulas[0], time - in_cycle) if self.formulas else self.levels[0]

    @property
    def cycles(self) -> bool:
        """Whether it goes on and off while it is active."""
        return self.cycle[1] > 0 or self.burst[1] > 0

    @property
    def steady(self) -> bool:
        """Whether it changes only when it begins or ends."""
        return self.kind != "clamp" and not self.formulas and not self.cycles


def _phase(time: float, durations: tuple[float, float]) -> float:
    """Time since the last switching on."""
    on, off = durations
    return time % (on + off) if off > 0 and math.isfinite(on + off) else min(time, math.nextafter(on, 0.0))


def _finite(formula: Equation, time: float) -> float:
    return float(np.nan_to_num(formula(time)))


def read_stimulus(item: Item, parts: Parts, names: Names, motors: dict[str, str], report: Report) -> Stimulus:
    """Read a stimulus.

    Args:
        item: Its element.
        parts: What IDs stand for.
        names: Names of commands that are taken.
        motors: What joints are driven by; motors that only a stimulus drives are put in.
        report: Where differences are put down.

    Raises:
        AnimatLabError: Its type or target does not exist, or a number makes no sense.
    """
    kind = item.text("Type").lower()
    common = {
        "name": names.unique(item.name, "stimulus"), "id": item.id, "enabled": item.flag("Enabled", True),
    }  # fmt: skip
    if not item.flag("AlwaysActive", False) and item.has("StartTime"):
        common |= {"start": item.number("StartTime"), "end": item.number("EndTime", math.inf)}
    if kind in LEFT_OUT:
        report.add("unsupported", "Stimulus", common["name"], LEFT_OUT[kind], item.id)
        return Stimulus(kind="unsupported", target="", **common)
    tags = {"current": "TargetNodeID", "voltageclamp": "TargetNodeID", "nodeinput": "NodeID", "forceinput": "BodyID",
            "motorvelocity": "JointID", "motorposition": "JointID"}  # fmt: skip
    if kind not in tags:
        raise AnimatLabError(f"{item.where}: stimulus type {item.text('Type')!r} is unknown to AnimatLab")
    target = parts.find(item.text(tags[kind]), item, "target")
    expected = {"forceinput": "body", "motorvelocity": "joint", "motorposition": "joint"}.get(kind, "neuron")
    if target.kind != expected or (expected == "joint" and target.data["type"] == "ball"):
        report.add("unsupported", "Stimulus", common["name"], f"it acts on a {target.kind} {target.name!r}", item.id)
        return Stimulus(kind="unsupported", target=target.name, **common)
    common["target"] = target.name
    if expected == "neuron":
        return _of_neuron(item, kind, target.data["neuron"], common)
    if expected == "body":
        return _force(item, common)
    driven = target.name in motors or target.item.flag("EnableMotor", False)
    if not driven and common["enabled"]:
        motors[target.name] = "velocity" if kind == "motorvelocity" else "position"
        report.add("approximated", "Stimulus", common["name"], "the motor holds the joint before and after", item.id)
    elif not driven:
        report.add(
            "unsupported", "Stimulus", common["name"], "it is disabled in the file, and its motor with it", item.id
        )
        return Stimulus(kind="unsupported", **common)
    tag = "Velocity" if item.has("Velocity") else "Equation"
    common["target"] = motor_name(target.name)
    return Stimulus(kind="motor", formulas=(_formula(item, tag),), **common)


def _of_neuron(item: Item, kind: str, neuron: object, common: dict) -> Stimulus:
    if kind == "voltageclamp":
        given = getattr(neuron, "parameters", {})
        capacitance = float(np.asarray(getattr(neuron, "membrane_capacitance", given.get("C", 1.0))))
        conductance = float(np.asarray(getattr(neuron, "membrane_conductance", given.get("G", 1.0))))
        potential = item.number("Vtarget") * 1e3
        resting, bias = (float(np.asarray(getattr(neuron, field))) for field in ("resting_potential", "bias"))
        holding = conductance * (potential - resting) - bias
        return Stimulus(kind="clamp", levels=(potential, holding, 0.0), capacitance=capacitance, **common)
    if kind == "nodeinput":
        formula = Equation(f"1e9 * {infix(item.text('Input', '0'), {'t': 'x'}, item.where)}")
        return Stimulus(kind="current", formulas=(formula,), **common)
    shape = item.text("CurrentType", "Tonic").lower()
    if shape not in ("tonic", "repetitive", "burst"):
        raise AnimatLabError(f"{item.where}: <CurrentType> is {shape!r}; it may be Tonic, Repetitive or Burst")
    levels = tuple(item.number(tag, 0.0) * 1e9 for tag in ("CurrentOn", "CurrentOff", "CurrentBurstOff"))
    given: dict[str, Any] = {"levels": levels}
    if item.text("CurrentOnEquation", ""):  # in nA, unlike the levels
        given["formulas"] = (_formula(item, "CurrentOnEquation"),)
    if shape != "tonic":
        given["cycle"] = item.number("CycleOnDuration", above=0.0), item.number("CycleOffDuration", least=0.0)
    if shape == "burst":
        given["burst"] = item.number("BurstOnDuration", above=0.0), item.number("BurstOffDuration", least=0.0)
    return Stimulus(kind="current", **given, **common)


def _force(item: Item, common: dict) -> Stimulus:
    x, y, z = item.vector("RelativePosition", (0.0, 0.0, 0.0))
    written = [[infix(item.text(f"{what}{axis}", "0"), {"t": "x"}, item.where) for axis in AXES]
               for what in ("Force", "Torque")]  # fmt: skip
    start = common.get("start", 0.0)  # AnimatLab gives forces the time since the simulation began
    formulas = []
    for along_x, along_y, along_z in written:
        for text in (along_x, f"-{along_z}", along_y):
            formulas.append(Equation(text.replace("(x)", f"(x + {start!r})")))
    return Stimulus(kind="force", formulas=tuple(formulas), place=(x, -z, y), **common)


def _formula(item: Item, tag: str) -> Equation:
    variables = {"t": "x"}
    text = item.text(tag)
    if any(token in ("p", "v") for token in text.replace(" ", "").split(",")):
        raise AnimatLabError(f"{item.where}: <{tag}> uses the joint's own movement, which is not read")
    return Equation(infix(text, variables, f"{item.where}: <{tag}>"))
