"""Parameters of muscles, ours and MuJoCo's own."""

import mujoco
import numpy as np

from sns_mujoco.cosim.parameters.collected import Collected, Value
from sns_mujoco.cosim.parameters.columns import Floats
from sns_mujoco.muscles import MuscleInfo

KIND = "muscles"
POSITIVE, NOT_NEGATIVE = {"above": 0.0}, {"least": 0.0}
NAMES = {"damping": "muscle_damping"}  # what joints have a damping of, too
BOUNDS = {
    **dict.fromkeys(
        (
            "force", "kse", "rest_length", "width", "optimal_length", "max_velocity", "activation_time",
            "deactivation_time", "passive_shape", "passive_strain", "lmin", "vmax", "range_low", "range_high",
        ),
        POSITIVE,
    ),
    **dict.fromkeys(("kpe", "max_tension", "tendon_slack_length", "smoothing", "fpmax"), NOT_NEGATIVE),
    "pennation": {"least": 0.0, "most": float(np.nextafter(np.pi / 2, 0.0))},
    "lmax": {"above": 1.0},
    "fvmax": {"above": 1.0},
}  # fmt: skip
DAMPING = {"linear_hill": POSITIVE, "hill": NOT_NEGATIVE}
GAINS = ("range_low", "range_high", "force", "scale", "lmin", "lmax", "vmax", "fpmax", "fvmax")  # of MuJoCo's own
TIMES = ("activation_time", "deactivation_time", "smoothing")


def same(value: Floats) -> Floats:
    """The described value itself."""
    return value


def collect_muscles(into: Collected, model: mujoco.MjModel, muscles: dict[str, MuscleInfo]) -> None:
    """Enter all muscles of a model."""
    for index, muscle in enumerate(muscles.values()):
        values = {name: _value(into, index, muscle, name) for name in muscle.parameters if _varies(model, muscle, name)}
        for name, place in muscle.places.items():
            into.number(place, same, values[name])
        for column, name in enumerate(TIMES):
            if name in values:
                width = model.actuator_dynprm.shape[1]
                into.number(width * muscle.actuator + column, same, values[name], field="actuator_dynprm")
        if muscle.kind == "mujoco":
            for column, name in enumerate(GAINS):
                if name in values:
                    for field in ("actuator_gainprm", "actuator_biasprm"):
                        width = getattr(model, field).shape[1]
                        into.number(width * muscle.actuator + column, same, values[name], field=field)
            into.check(_descending, "range_low must be below range_high", values["range_low"], values["range_high"])
            into.check(_too_long, "lmin must be below 1", values["lmin"])


def muscle_value(muscles: dict[str, MuscleInfo], name: str, parameter: str) -> Value:
    """A parameter of a muscle."""
    return Value(KIND, NAMES.get(parameter, parameter), list(muscles).index(name))


def _varies(model: mujoco.MjModel, muscle: MuscleInfo, name: str) -> bool:
    """Whether a parameter is a number of the model that can be changed by itself."""
    if muscle.kind == "mujoco":
        # where no force is given, MuJoCo makes one of its acceleration
        given = name != "force" or model.actuator_gainprm[muscle.actuator, GAINS.index("force")] >= 0.0
        return name in (*GAINS, *TIMES) and given
    return name in muscle.places or name in TIMES


def _value(into: Collected, index: int, muscle: MuscleInfo, name: str) -> Value:
    bounds = DAMPING[muscle.kind] if name == "damping" else BOUNDS[name]
    return into.value(KIND, NAMES.get(name, name), index, muscle.name, muscle.parameters[name], bounds=bounds)


def _descending(low: Floats, high: Floats) -> np.ndarray:
    return low >= high


def _too_long(lmin: Floats) -> np.ndarray:
    return lmin >= 1.0
