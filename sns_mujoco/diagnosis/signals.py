"""Afferents that are fed by one and the same signal."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np

from sns_mujoco.diagnosis.evidence import Evidence
from sns_mujoco.diagnosis.findings import Finding
from sns_mujoco.diagnosis.naming import role_of, without_role
from sns_mujoco.diagnosis.subject import Subject
from sns_mujoco.diagnosis.wires import AfferentWire

SAME = 1e-9  # share of their range up to which two currents are the same
MOVES = 1e-6  # nA, by which a signal must change to be compared
# what an afferent of a class measures, where its class says so
_MEASURES = {"SpindleIa": "Ia", "SpindleII": "II", "GolgiTendonOrgan": "Ib"}
_SPINDLE = ("Ia", "II")


def same_signal(subject: Subject, evidence: Evidence) -> Iterator[Finding]:
    """Find two afferents of different classes with one signal, one afferent twice, and tension called stretch.

    Two signals are one where both afferents read the same thing in the same way, whatever their gains, or where their
    currents are the same throughout all movements of the joints. The classes are those that the names of what they feed
    tell: Ia, Ib, II, angle, velocity, load.
    """
    first = 0
    for nerves in subject.nerves:
        wires = nerves.afferents
        currents = evidence.sweeps[:, first : first + len(wires)]
        first += len(wires)
        for (i, a), (j, b) in combinations(enumerate(wires), 2):
            if "Command" in (a.kind, b.kind):
                continue
            if a.to == b.to:
                if a == replace(b, element=a.element):
                    yield _twice(a)
                continue
            roles = role_of(a.to), role_of(b.to)
            if None in roles or roles[0] == roles[1] or without_role(a.to) != without_role(b.to):
                continue
            if _one_source(a, b) or _alike(currents[:, i], currents[:, j]):
                yield Finding(
                    check="same-signal", severity="error", place=f"{a.place} and {b.place}",
                    message=f"Both are fed by the same signal, but one is called {roles[0]} and the other {roles[1]}.",
                    remedy=f"Give {a.to!r} and {b.to!r} receptors of their own: stretch and speed for Ia, "
                    "length for II, tension for Ib.",
                )  # fmt: skip
        for wire in wires:
            measured, called = _MEASURES.get(wire.kind), role_of(wire.to)
            if measured and called in ("Ia", "Ib", "II") and (measured in _SPINDLE) != (called in _SPINDLE):
                yield Finding(
                    check="same-signal", severity="error", place=wire.place,
                    message=f"A {wire.kind} measures what {measured} afferents do, but feeds what is called {called}.",
                    remedy="Rename what it feeds, or take a receptor of that class.",
                )  # fmt: skip


def _one_source(a: AfferentWire, b: AfferentWire) -> bool:
    # receptors of several quantities may differ in what no description tells
    read = [(*wire.sensors, *wire.quantities) for wire in (a, b)]
    return a.kind == b.kind and a.source == b.source and read[0] == read[1] and len(read[0]) == 1


def _alike(a: np.ndarray, b: np.ndarray) -> bool:
    return a.size > 0 and float(np.ptp(a)) > MOVES and float(np.abs(a - b).max()) < SAME * float(np.ptp(a))


def _twice(wire: AfferentWire) -> Finding:
    return Finding(
        check="same-signal", severity="warning", place=wire.place,
        message="This afferent is there twice, and its current counts twice.", remedy="Take one of the two out.",
    )  # fmt: skip
