"""Signals that stay at an end of their range, and neurons that stay where they are."""

from collections.abc import Iterator

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.diagnosis.evidence import Evidence
from sns_mujoco.diagnosis.findings import Finding, enumerate_names
from sns_mujoco.diagnosis.reach import openness
from sns_mujoco.diagnosis.subject import Nerves, Subject
from sns_mujoco.diagnosis.unused import driving, idle_actuators, isolated, unfed
from sns_mujoco.diagnosis.wires import AfferentWire

Floats = NDArray[np.float64]

MOVED = 0.02  # share of its range that a signal must go through to be one
HARDLY = 0.1  # share below which that is worth a note
BEYOND = 1.0  # mV, that an initial potential may lie outside of what can be reached
STILL = 1e-3  # mV within which a neuron stands still
_RARE = ("JointLimit",)  # silent unless something is out of the ordinary
_KIND = mujoco.mjtSensor
_CONTACTS = (_KIND.mjSENS_TOUCH, _KIND.mjSENS_CONTACT, _KIND.mjSENS_FORCE)
_FORCES = (_KIND.mjSENS_ACTUATORFRC, _KIND.mjSENS_TENDONACTFRC)


def afferent_ranges(subject: Subject, evidence: Evidence) -> Iterator[Finding]:
    """Find afferents whose current stays at one end while every joint moves, every muscle pulls, the animal lives.

    A current that moves little of its range, but its neuron through a good part of the ramp of a synapse, is sound: a
    wide range may stand for one that is open at one end.
    """
    wires = [(nerves, wire) for nerves in subject.nerves for wire in nerves.afferents]
    for (nerves, wire), low, high in zip(wires, evidence.lowest, evidence.highest, strict=True):
        if wire.kind == "Command" or not np.isfinite(low):
            continue
        least, most = wire.bounds
        bounded = np.isfinite(least) and np.isfinite(most) and most > least
        width = most - least if bounded else max(abs(high), abs(low), 1e-9)
        share = (high - low) / width
        if share >= HARDLY or _effect(nerves, wire, high - low) >= HARDLY:
            continue
        seen = f"While joints, muscles and the animal moved, its current went from {low:.4g} to {high:.4g} nA"
        possible = f", of {least:.4g} to {most:.4g} nA." if bounded else "."
        if share >= MOVED:
            yield Finding(
                check="afferent-range", severity="note", place=wire.place, message=f"{seen}{possible}",
                remedy="A range that fits the movement would use more of it.",
            )  # fmt: skip
            continue
        quiet = _quiet(subject, evidence, wire)
        if quiet:
            told = f"It kept silent: {quiet}."
            yield Finding(check="afferent-range", severity="note", place=wire.place, message=told)
        else:
            yield _standing(wire, low, least, most, bounded, f"{seen}{possible}")


def _effect(nerves: Nerves, wire: AfferentWire, change: float) -> float:
    """How far a change of current moves its neurons, in the narrowest ramp of a synapse that listens to them."""
    circuit, edges = nerves.circuit, nerves.circuit.edges
    effects = [0.0]
    for element, neuron, weight in circuit.inputs:
        if int(element) == wire.element and np.isfinite(weight):
            widths = np.abs(edges.hi - edges.lo)[edges.source == int(neuron)]
            widths = widths[np.isfinite(widths) & (widths > 0)]
            if widths.size and circuit.leak[int(neuron)] > 0:
                effects.append(change * abs(weight) / float(circuit.leak[int(neuron)]) / float(widths.min()))
    return max(effects)


def _quiet(subject: Subject, evidence: Evidence, wire: AfferentWire) -> str:
    """Why an afferent may keep silent without anything being wrong with it; empty where there is no reason."""
    model, idle = subject.model, idle_actuators(subject, evidence)
    pulling = [name for name, what in wire.quantities if what == "muscle force"]
    for name, _ in wire.sensors:
        sensor = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_SENSOR, name)
        kind, of = _KIND(model.sensor_type[sensor]), int(model.sensor_objid[sensor])
        if kind in _CONTACTS:
            return "nothing touched it in these tests"
        if kind in _FORCES:
            pulling.append(mujoco.mj_id2name(model, mujoco.mjtObj(model.sensor_objtype[sensor]), of))
    for name in pulling:
        if name in idle:
            return f"nothing makes {name!r} pull, see unreachable-actuator"
    return "nothing came near its limit in these tests" if wire.kind in _RARE else ""


def _standing(wire: AfferentWire, low: float, least: float, most: float, bounded: bool, seen: str) -> Finding:
    # which end of the ramp the least current belongs to, the signs of range and gain tell
    if bounded:
        at_top = low - least > most - low
        rising = wire.gain > 0
        word = "is always saturated" if at_top == rising else "never reaches its range"
    else:
        word = "does not move"
    return Finding(
        check="afferent-range", severity="warning", place=wire.place, message=f"Its signal {word}. {seen}",
        remedy="Compare its range with what the signal does, in the unit of the signal.",
    )  # fmt: skip


def stuck_neurons(nerves: Nerves) -> Iterator[Finding]:
    """Find neurons that no synapse and no input can move, that cannot open any synapse, or cannot close any.

    By the bounds of `reach`, so what is found can never be otherwise; what is not found may still never happen.
    """
    circuit, edges = nerves.circuit, nerves.circuit.edges
    low, high = nerves.low, nerves.high
    least, most = openness(circuit, low, high)
    motor, aside = set(driving(nerves)), set(isolated(nerves))
    reached = set(edges.target.tolist()) | {n for wire in nerves.afferents for n in wire.neurons}
    aside |= {n for neurons in unfed(nerves).values() for n in neurons if n not in reached}
    for neuron, name in enumerate(circuit.names):
        if neuron in aside or circuit.custom[neuron] or not np.isfinite(low[neuron]) or not np.isfinite(high[neuron]):
            continue
        out = edges.source == neuron
        graded = out & ~np.isnan(edges.lo)
        spiking = np.isfinite(circuit.threshold[neuron])
        still = high[neuron] - low[neuron] < STILL
        where = f"{low[neuron]:.4g} mV" if still else f"{low[neuron]:.4g} to {high[neuron]:.4g} mV"
        if spiking and high[neuron] <= circuit.threshold[neuron] and (out.any() or neuron in motor):
            yield _stuck(
                name, f"It can never spike: it can only be at {where}, and its threshold is "
                f"{circuit.threshold[neuron]:.4g} mV.",
            )  # fmt: skip
        elif neuron in motor or not graded.any() or (out & ~graded).any():
            if still and out.any() and neuron not in motor:
                yield _tonic(name, where, neuron in reached)
        elif most[graded].max() <= 0.0:
            says = "It can never leave rest" if still else "It can never open a synapse"
            opening = f"{edges.lo[graded].min():.4g} mV on"
            yield _stuck(name, f"{says}: it can only be at {where}, and its synapses open from {opening}.")
        elif least[graded].min() >= 1.0 and neuron in reached:
            yield _stuck(
                name, f"It is always saturated: it can only be at {where}, and its synapses are open from "
                f"{edges.hi[graded].max():.4g} mV on.",
            )  # fmt: skip
        elif still:
            yield _tonic(name, where, neuron in reached)


def initial_potentials(subject: Subject) -> Iterator[Finding]:
    """Find motor neurons that begin where they can never be again, so that muscles twitch at every start."""
    data = mujoco.MjData(subject.model)
    for nerves in subject.nerves:
        circuit, start = nerves.circuit, nerves.brain.potentials(data)
        for neuron in dict.fromkeys(driving(nerves)):
            low, high = float(nerves.low[neuron]), float(nerves.high[neuron])
            if circuit.custom[neuron] or np.isfinite(circuit.threshold[neuron]):
                continue
            if not low - BEYOND <= start[neuron] <= high + BEYOND:
                yield Finding(
                    check="initial-state", severity="warning", place=circuit.names[neuron],
                    message=f"It begins at {start[neuron]:.4g} mV and then stays between {low:.4g} and {high:.4g} mV: "
                    "its muscle hears at every start what it never hears again.",
                    remedy="Give its population an initial_value of its resting potential.",
                )  # fmt: skip


def quiet_neurons(subject: Subject, evidence: Evidence) -> Iterator[Finding]:
    """Note neurons that could move, or shut their synapses, but did not while the animal was left to itself."""
    first = 0
    for nerves in subject.nerves:
        own = slice(first, first + len(nerves.circuit.names))
        first = own.stop
        low, high = evidence.resting[own], evidence.active[own]
        least, _ = openness(nerves.circuit, low, high)
        movable = nerves.high - nerves.low > STILL
        movable[isolated(nerves)] = False
        movable &= np.isinf(nerves.circuit.threshold)  # the potential alone says little of neurons that spike
        full = np.ones(len(low), bool)
        np.logical_and.at(full, nerves.circuit.edges.source, least >= 1.0)
        full &= np.isin(np.arange(len(low)), nerves.circuit.edges.source[~np.isnan(nerves.circuit.edges.lo)])
        for which, told in (
            (high - low < STILL, "did not move"),
            (full & (high - low >= STILL), "kept all of its synapses open"),
        ):
            names = [nerves.circuit.names[i] for i in np.flatnonzero(which & movable)]
            if names:
                yield Finding(
                    check="stuck-neuron", severity="note", place=enumerate_names(names),
                    message=f"While the animal was left to itself, each of these neurons {told}.",
                )  # fmt: skip


def _stuck(name: str, message: str) -> Finding:
    return Finding(
        check="stuck-neuron", severity="warning", place=name, message=message,
        remedy="Look at what reaches it: strengths, reversal potentials, bias, and the ranges of its synapses.",
    )  # fmt: skip


def _tonic(name: str, where: str, reached: bool) -> Finding:
    reason = "what reaches it cannot move it" if reached else "nothing reaches it"
    return Finding(
        check="stuck-neuron", severity="warning" if reached else "note", place=name,
        message=f"It always stands at {where}: {reason}.",
        remedy="Look at what reaches it." if reached else "",
    )  # fmt: skip
