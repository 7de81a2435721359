"""Left and right copies that are not copies: muscles and adapters."""

from collections.abc import Iterator, Mapping

import mujoco
import numpy as np

from sns_mujoco.diagnosis.findings import Finding
from sns_mujoco.diagnosis.subject import Subject
from sns_mujoco.diagnosis.wires import AfferentWire, EfferentWire
from sns_mujoco.muscles import find_muscles

ALIKE = 1e-3  # share by which two copies may differ
LENGTH_RANGE = 0.02  # the same for what MuJoCo's compiler finds by pulling


def muscles(subject: Subject) -> Iterator[Finding]:
    """Find muscles and other actuators whose left and right copies differ: parameters, length, moment arms."""
    model, sides = subject.model, subject.sides
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    names = subject.names("actuator")
    known = find_muscles(model)
    twins = {sides.parts(name): name for name in names}
    for name in names:
        twin = twins.get(sides.mirrored(name))
        if sides.of_name(name) != "left" or twin is None or twin == name:
            continue
        ids = model.actuator(name).id, model.actuator(twin).id
        here, there = (_numbers(model, data, i) for i in ids)
        if name in known and twin in known and known[name].kind == known[twin].kind:
            here, there = here | known[name].parameters, there | known[twin].parameters
        arms = [_arms(subject, data, i) for i in ids]
        mirrored_arms = {sides.mirrored(joint): arm for joint, arm in arms[1].items()}
        for joint in {*map(sides.parts, arms[0]), *mirrored_arms}:
            label = "moment arm about " + " ".join(w for w in joint if w not in sides.mirror)
            here[label] = next((abs(a) for j, a in arms[0].items() if sides.parts(j) == joint), 0.0)
            there[label] = abs(mirrored_arms.get(joint, 0.0))
        unlike = [key for key in here if _differ(key, here[key], there.get(key, np.nan), here)]
        if unlike:
            told = ", ".join(f"{key} {here[key]:.5g} and {there[key]:.5g}" for key in unlike[:4])
            yield Finding(
                check="unequal-muscles", severity="warning", place=f"{name} and {twin}",
                message=f"The left and the right copy differ: {told}" + (", and more." if len(unlike) > 4 else "."),
                remedy="Describe one side, and make the other one from it by rule.",
            )  # fmt: skip


def adapters(subject: Subject) -> Iterator[Finding]:
    """Find afferents and efferents whose left and right copies differ, or of which only one is there."""
    sides = subject.sides
    for nerves in subject.nerves:
        for wires in (nerves.afferents, nerves.efferents):
            twins: dict[tuple, AfferentWire | EfferentWire] = {}
            for wire in wires:
                twins.setdefault(_key(wire, sides.parts), wire)
            for wire in wires:
                own, mirrored = _key(wire, sides.parts), _key(wire, sides.mirrored)
                if own == mirrored:
                    continue
                twin = twins.get(mirrored)
                if twin is None:
                    yield Finding(
                        check="unequal-adapters", severity="warning", place=wire.place,
                        message="It has no copy on the other side.",
                        remedy="Add the copy, or describe one side and mirror it.",
                    )  # fmt: skip
                elif sides.of_name(wire.place) == "left" or (sides.of_name(wire.place) is None and own < mirrored):
                    yield from _compared(wire, twin)


def _compared(wire: AfferentWire | EfferentWire, twin: AfferentWire | EfferentWire) -> Iterator[Finding]:
    here, there = _settings(wire), _settings(twin)
    unlike = [
        f"{key} {_told(here[key])} and {_told(there[key])}"
        for key in here
        if not _close(here[key], there[key], mirror=key in ("range", "current", "control"))
    ]
    if isinstance(wire, AfferentWire) and isinstance(twin, AfferentWire) and wire.curve != twin.curve:
        # the curve of a joint may be turned round with it
        if None in (wire.curve, twin.curve) or not wire.kind.startswith("Joint"):
            unlike.append(f"curve {wire.curve or 'none'} and {twin.curve or 'none'}")
    if unlike:
        told = ", ".join(unlike)
        yield Finding(
            check="unequal-adapters", severity="warning", place=f"{wire.place} and {twin.place}",
            message=f"The left and the right copy differ: {told}.",
            remedy="Describe one side, and make the other one from it by rule.",
        )  # fmt: skip


def _key(wire: AfferentWire | EfferentWire, parts) -> tuple:
    if isinstance(wire, AfferentWire):
        read = (f"{name} {what}" for name, what in (*wire.sensors, *wire.quantities))
        ends = (wire.to, wire.source, *read, *wire.driven_by)
    else:
        ends = (wire.drives, wire.label)
    return (wire.kind, *(parts(end) for end in ends))


def _settings(wire: AfferentWire | EfferentWire) -> Mapping[str, tuple[float, ...]]:
    if isinstance(wire, AfferentWire):
        return {
            "range": wire.ramp or (), "current": wire.bounds, "delay": (wire.delay,), "noise": (wire.noise,),
        }  # fmt: skip
    return {
        "range": tuple(end for term in wire.terms for end in term.active or ()),
        "control": tuple(term.gain for term in wire.terms),
        "delay": (wire.delay,),
    }


def _close(a: tuple[float, ...], b: tuple[float, ...], *, mirror: bool) -> bool:
    """Whether numbers are alike; or opposite, or swapped and opposite, as joints may turn the other way round."""
    if len(a) != len(b):
        return False
    images = [b] + ([tuple(-x for x in b), tuple(-x for x in reversed(b))] if mirror else [])
    scale = max((abs(x) for x in (*a, *b) if np.isfinite(x)), default=0.0)
    return any(np.allclose(a, image, rtol=ALIKE, atol=ALIKE * scale * 1e-3) for image in images)


def _told(numbers: tuple[float, ...]) -> str:
    return " to ".join(f"{x:.5g}" for x in numbers) if numbers else "none"


def _numbers(model: mujoco.MjModel, data: mujoco.MjData, actuator: int) -> dict[str, float]:
    found = {}
    output = int(model.actuator_outadr[actuator])
    for name in ("gainprm", "biasprm", "dynprm"):
        for i, value in enumerate(getattr(model, f"actuator_{name}")[actuator]):
            found[f"{name}[{i}]"] = abs(float(value))
    for name in ("forcerange", "lengthrange"):
        values = getattr(model, f"actuator_{name}")
        row = values[output if len(values) != model.nactuator else actuator]
        found |= {f"{name}[{i}]": abs(float(value)) for i, value in enumerate(row)}
    if model.actuator_trntype[actuator] == mujoco.mjtTrn.mjTRN_TENDON:
        found["length"] = float(data.actuator_length[output])
    return found


def _arms(subject: Subject, data: mujoco.MjData, actuator: int) -> dict[str, float]:
    """Moment arms about joints with a name."""
    model = subject.model
    output = int(model.actuator_outadr[actuator])
    moment = np.zeros((model.nactuator, model.nv))
    mujoco.mju_sparse2dense(moment, data.actuator_moment, data.moment_rownnz, data.moment_rowadr, data.moment_colind)
    arms = {joint.name: float(moment[output, joint.dof]) for joint in subject.joints}
    return {name: arm for name, arm in arms.items() if abs(arm) > 1e-9}


def _differ(key: str, a: float, b: float, among: Mapping[str, float]) -> bool:
    tolerance = LENGTH_RANGE if key.startswith("lengthrange") else ALIKE
    arms = [abs(value) for name, value in among.items() if name.startswith("moment arm")]
    floor = ALIKE * max(arms, default=0.0) if key.startswith("moment arm") else 1e-12
    return not np.isclose(a, b, rtol=tolerance, atol=floor)
