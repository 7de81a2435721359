"""What a model knows of the muscles inside it, ours and MuJoCo's own, read from the model alone: `find_muscles`."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import mujoco
import numpy as np

from sns_mujoco.cosim.body import load_body
from sns_mujoco.errors import MuscleError
from sns_mujoco.muscles.adding import FORMAT
from sns_mujoco.muscles.plugin import NUMBERS, PLUGIN_NAME, WIDTH, register

Kind = Literal["mujoco", "linear_hill", "hill"]
_ACTUATOR = int(mujoco.mjtObj.mjOBJ_ACTUATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class MuscleInfo:
    """One muscle of a model.

    Attributes:
        name: Its name, and that of its actuator.
        kind: "mujoco" (MuJoCo's own), "linear_hill" or "hill".
        actuator: Id of the actuator.
        control: Index of its excitation in `mjData.ctrl`.
        output: Index of its length (m), velocity (m/s) and force (N, negative when it pulls) in
            `mjData.actuator_length`, `actuator_velocity` and `actuator_force`.
        tendon: Name of the tendon that it pulls on; None where one of MuJoCo's own pulls on something else.
        force: Largest active force, N.
        rest_length: Optimal length of the fibre, or rest length of a linear Hill muscle, m.
        slack: Slack length of the tendon behind the fibre, m; 0 for linear Hill muscles.
        damping: Largest change of its force with velocity, N s/m. A physics step (s) below I / (damping r^2) is stable
            for a moment arm r (m) about an inertia I (kg m^2).
        parameters: All parameters by the names of its description.
        places: Index in `mjModel.numeric_data` of each parameter that may differ from individual to individual.
        tension: Index in `mjData.plugin_state` of the tension of a linear Hill muscle, else None.
        activation: Index in `mjData.act` of the activation of the others, else None.
        source: Where its numbers are published.
    """

    name: str
    kind: Kind
    actuator: int
    control: int
    output: int
    tendon: str | None
    force: float
    rest_length: float
    slack: float
    damping: float
    parameters: dict[str, float]
    places: dict[str, int]
    tension: int | None
    activation: int | None
    source: str = ""


def find_muscles(model: mujoco.MjModel | mujoco.MjSpec | str | Path) -> dict[str, MuscleInfo]:
    """All muscles of a model by name, in the order of the actuators: ours and MuJoCo's own.

    Muscles of MuJoCo's own that have no name are left out: nothing can refer to them.

    Args:
        model: A compiled model, or an `MjSpec`, MJCF text, an MJCF file or an MJB file.

    Raises:
        MuscleError: A muscle of ours has no description, or one of another version.
        AttachError: MuJoCo cannot read the file.
        FileNotFoundError: There is no such file.
    """
    slot = register()
    model = _compiled(model)
    described = _descriptions(model)
    ours = np.flatnonzero(np.asarray(model.plugin) == slot)
    muscles = {}
    for actuator in range(model.nactuator):
        name = mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_ACTUATOR, actuator)
        if model.actuator_plugin[actuator] in ours:
            if described.get(actuator, {}).get("kind") not in NUMBERS:
                raise MuscleError(
                    f"the model has a muscle {name!r} of {PLUGIN_NAME} without a description of format {FORMAT!r}; "
                    "make it anew with sns_mujoco.muscles.add_muscles"
                )
            muscles[name] = _native(model, actuator, name, described[actuator])
        elif model.actuator_gaintype[actuator] == mujoco.mjtGain.mjGAIN_MUSCLE and name:
            muscles[name] = _mujocos(model, actuator, name, described.get(actuator, {}))
    return muscles


def _compiled(model: mujoco.MjModel | mujoco.MjSpec | str | Path) -> mujoco.MjModel:
    if isinstance(model, mujoco.MjModel):
        return model
    if isinstance(model, str | Path) and str(model).lower().endswith(".mjb") and Path(model).is_file():
        try:
            return mujoco.MjModel.from_binary_path(str(model))
        except ValueError as error:
            raise MuscleError(f"MuJoCo cannot read {str(model)!r}: {error}") from error
    return load_body(model).compile()


def _descriptions(model: mujoco.MjModel) -> dict[int, dict[str, Any]]:
    """What the texts of the model say of actuators, by actuator id; with the muscle's place among those of its text."""
    found = {}
    for text in range(model.ntext):
        start, size = model.text_adr[text], model.text_size[text]
        try:
            known = json.loads(model.text_data[start : start + size - 1])
        except ValueError:
            continue
        if not isinstance(known, dict) or known.get("format") != FORMAT:
            continue
        name = mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_TEXT, text)
        group = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_TUPLE, name)
        if group < 0 or model.tuple_size[group] != len(known["muscles"]):
            continue
        for place, muscle in enumerate(known["muscles"]):
            at = model.tuple_adr[group] + place
            if model.tuple_objtype[at] == _ACTUATOR:
                found[int(model.tuple_objid[at])] = muscle | {"group": name, "place": place, "of": known["muscles"]}
    return found


def _native(model: mujoco.MjModel, actuator: int, name: str, known: dict[str, Any]) -> MuscleInfo:
    kind, place = known["kind"], known["place"]
    start = int(model.numeric_adr[model.numeric(known["group"]).id]) + WIDTH * place
    places = {field: start + i for i, field in enumerate(NUMBERS[kind])}
    parameters = {field: float(model.numeric_data[i]) for field, i in places.items()}
    tension = None
    if kind == "linear_hill":
        parameters |= {field: known[field] for field in ("series_fraction", "min_parallel")}
        before = sum(muscle["kind"] == "linear_hill" for muscle in known["of"][:place])
        tension = int(model.plugin_stateadr[model.actuator_plugin[actuator]]) + before
    else:
        times = model.actuator_dynprm[actuator]
        parameters |= {"activation_time": float(times[0]), "deactivation_time": float(times[1])}
    linear = kind == "linear_hill"
    return MuscleInfo(
        kind=kind,
        force=parameters["force"],
        rest_length=parameters["rest_length" if linear else "optimal_length"],
        slack=0.0 if linear else parameters["tendon_slack_length"],
        damping=parameters["damping"] if linear else _steepest(parameters),
        parameters=parameters,
        places=places,
        tension=tension,
        **_common(model, actuator, name, known),
    )


def _steepest(hill: dict[str, float]) -> float:
    """Damping of a Hill muscle where its force-velocity curve is steepest, N s/m; there f_v rises by d_1 d_2."""
    slope = 0.318 * 8.149 + hill["damping"]
    return hill["force"] * slope / (hill["max_velocity"] * hill["optimal_length"])


def _mujocos(model: mujoco.MjModel, actuator: int, name: str, known: dict[str, Any]) -> MuscleInfo:
    numbers, times = model.actuator_gainprm[actuator], model.actuator_dynprm[actuator]
    output = int(model.actuator_outadr[actuator])
    shortest, longest = (float(x) for x in model.actuator_lengthrange[output])
    low, high, force, scale, *rest = (float(x) for x in numbers[:9])
    rest_length = (longest - shortest) / (high - low)
    # as MuJoCo does where no force is given
    force = scale / float(model.actuator_acc0[output]) if force < 0.0 else force
    names = "force range_low range_high shortest longest lmin lmax vmax fpmax fvmax".split()
    parameters: dict[str, float] = dict(zip(names, (force, low, high, shortest, longest, *rest), strict=True))
    names = "activation_time deactivation_time smoothing".split()
    parameters |= {field: float(time) for field, time in zip(names, times, strict=False)}
    return MuscleInfo(
        kind="mujoco",
        force=force,
        rest_length=rest_length,
        slack=shortest - low * rest_length,
        # the parabolas of its force-velocity curve meet at a slope of 2 in vmax
        damping=2.0 * force / (rest[2] * rest_length) if rest_length > 0.0 else math.inf,
        parameters=parameters,
        places={},
        tension=None,
        **_common(model, actuator, name, known),
    )


def _common(model: mujoco.MjModel, actuator: int, name: str, known: dict[str, Any]) -> dict[str, Any]:
    on_tendon = model.actuator_trntype[actuator] == mujoco.mjtTrn.mjTRN_TENDON
    activation = int(model.actuator_actadr[actuator])
    return {
        "name": name,
        "actuator": actuator,
        "control": int(model.actuator_ctrladr[actuator]),
        "output": int(model.actuator_outadr[actuator]),
        "tendon": model.tendon(int(model.actuator_trnid[actuator, 0])).name if on_tendon else None,
        "activation": activation if activation >= 0 else None,
        "source": known.get("source", ""),
    }
