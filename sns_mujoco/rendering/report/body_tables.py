"""Tables of a body and of what connects a nervous system with it: joints, muscles, afferents, efferents."""

from collections.abc import Iterable

import mujoco
import numpy as np

from sns_mujoco import adapters
from sns_mujoco.cosim.brain import Brain
from sns_mujoco.cosim.details import AfferentDetails, EfferentDetails
from sns_mujoco.muscles import find_muscles
from sns_mujoco.rendering.report.circuit_tables import kinds_told
from sns_mujoco.rendering.report.html import table

_MUSCLES = {
    "linear_hill": "AnimatLab's linear Hill muscle", "hill": "Hill, rigid tendon", "mujoco": "MuJoCo's own",
}  # fmt: skip
_UNITS = {"mjJNT_HINGE": ("degrees", "N m/rad", "N m s/rad"), "mjJNT_SLIDE": ("mm", "N/m", "N s/m")}


def joints(model: mujoco.MjModel) -> str:
    """Hinges and slide joints: range, passive spring and damper."""
    rows = []
    for joint in range(model.njnt):
        kind = mujoco.mjtJoint(model.jnt_type[joint]).name
        if kind not in _UNITS:
            continue
        unit, stiffness, damping = _UNITS[kind]
        scale = float(np.degrees(1.0)) if unit == "degrees" else 1e3
        low, high = scale * model.jnt_range[joint]
        limits = f"{low:.4g} to {high:.4g} {unit}" if model.jnt_limited[joint] else "without limits"
        spring = float(np.asarray(model.jnt_stiffness[joint]).flat[0])
        damper = float(np.asarray(model.dof_damping[model.jnt_dofadr[joint]]).flat[0])
        body = model.body(int(model.jnt_bodyid[joint])).name
        rows.append((model.joint(joint).name, body, limits, f"{spring:.4g} {stiffness}", f"{damper:.4g} {damping}"))
    return table("joint-table", ("joint", "moves", "range", "spring", "damping"), rows) if rows else ""


def muscles(model: mujoco.MjModel) -> str:
    """Muscles: greatest force, rest length, slack and damping, and where the numbers are published."""
    rows = [
        (
            muscle.name,
            _MUSCLES.get(muscle.kind, muscle.kind),
            muscle.tendon or "",
            muscle.force,
            1e3 * muscle.rest_length,
            1e3 * muscle.slack,
            muscle.damping,
            muscle.source,
        )
        for muscle in find_muscles(model).values()
    ]
    titles = (
        "muscle", "kind", "tendon", "greatest force (N)", "rest length (mm)", "tendon slack (mm)", "damping (N s/m)",
        "source",
    )  # fmt: skip
    return table("muscle-table", titles, rows, numbers=(3, 4, 5, 6)) if rows else ""


def afferents(brain: Brain) -> list[str]:
    """Afferents: what they feel, where they lead, and how a signal becomes a current."""
    rows = [
        (
            known.kind,
            known.source,
            known.to,
            _sensed(known),
            known.curve or (f"{known.range[0]:.4g} to {known.range[1]:.4g}" if known.range else ""),
            f"{known.offset:.4g} to {known.offset + known.gain:.4g}",
            known.noise or None,
            f"{known.delay:.3g} ({known.delay_steps})" if known.delay_steps else None,
        )
        for known in brain.afferent_details
    ]
    titles = ("kind", "of", "feeds", "reads", "signal", "current (nA)", "noise", "delay (ms, steps)")
    if not rows:
        return []
    return [table("afferent-table", titles, rows), *_adapters_told(known.kind for known in brain.afferent_details)]


def efferents(brain: Brain) -> list[str]:
    """Efferents: which neurons drive which actuator, and how a potential becomes a control."""
    rows = [
        (
            known.kind,
            ", ".join(f"{gain:+.4g} × {name}" for name, gain in known.terms),
            known.drives,
            _activation(known),
            known.base,
            f"{known.delay:.3g} ({known.delay_steps})" if known.delay_steps else None,
        )
        for known in brain.efferent_details
    ]
    titles = ("kind", "neurons", "drives", "activation", "at rest", "delay (ms, steps)")
    if not rows:
        return []
    return [
        table("efferent-table", titles, rows, numbers=(4,)),
        *_adapters_told(known.kind for known in brain.efferent_details),
    ]


def _sensed(known: AfferentDetails) -> str:
    parts = [f"{quantity} of {name}" for name, quantity in known.quantities]
    parts += [
        name.rpartition("/")[2] if "/" in name else f"sensor {name}" + (f" ({channel})" if channel != 0 else "")
        for name, channel in known.sensors
    ]
    return ", ".join([*parts, *(f"driven by {name}" for name in known.drives)])


def _activation(known: EfferentDetails) -> str:
    if known.curve:
        return known.curve
    if known.sigmoid:
        return f"sigmoid about {known.sigmoid[0]:.4g} mV, slope {known.sigmoid[1]:.4g}/mV"
    return f"{known.range[0]:.4g} to {known.range[1]:.4g} mV" if known.range else ""


def _adapters_told(kinds: Iterable[str]) -> list[str]:
    """What the adapters of the package say of themselves; those of a user's own are not known by name."""
    return kinds_told(getattr(adapters, name) for name in dict.fromkeys(kinds) if hasattr(adapters, name))
