"""What is refused of a muscle's own parameters."""

import math
from numbers import Real

from sns_mujoco.errors import MuscleError
from sns_mujoco.muscles.descriptions import HillMuscle, LinearHillMuscle, MujocoMuscle, Muscle

_POSITIVE = {
    MujocoMuscle: ("lmin", "vmax"),
    LinearHillMuscle: ("kse", "damping", "rest_length", "width"),
    HillMuscle: (
        "optimal_length", "max_velocity", "activation_time", "deactivation_time", "passive_shape", "passive_strain",
    ),
}  # fmt: skip
_NOT_NEGATIVE = {
    MujocoMuscle: ("smoothing", "fpmax"),
    LinearHillMuscle: ("kpe", "max_tension"),
    HillMuscle: ("tendon_slack_length", "damping"),
}


def check_muscle(muscle: Muscle) -> None:
    """Refuse a muscle with parameters that make no sense.

    Raises:
        MuscleError: Names the muscle, the parameter, its value and what is allowed.
    """
    for field in ("name", "tendon"):
        value = getattr(muscle, field)
        if not isinstance(value, str) or not value:
            raise MuscleError(f"muscle {muscle.name!r} has the {field} {value!r}; give a text")
    if not isinstance(muscle.source, str):
        raise MuscleError(f"muscle {muscle.name!r} has the source {muscle.source!r}; give a text")
    for field in ("force", *_POSITIVE[type(muscle)]):
        _check(muscle, field, _number(getattr(muscle, field)) > 0.0, "a number above 0")
    for field in _NOT_NEGATIVE[type(muscle)]:
        _check(muscle, field, _number(getattr(muscle, field)) >= 0.0, "a number not below 0")
    if isinstance(muscle, LinearHillMuscle):
        for field in ("series_fraction", "min_parallel"):
            _check(muscle, field, 0.0 <= _number(getattr(muscle, field)) < 1.0, "a share of the rest length, 0 to 1")
    elif isinstance(muscle, HillMuscle):
        _check(muscle, "pennation", 0.0 <= _number(muscle.pennation) < math.pi / 2, "an angle in rad, 0 to pi/2")
    elif isinstance(muscle, MujocoMuscle):
        _check(muscle, "range", _rises(muscle.range), "two numbers above 0, the smaller first")
        allowed = muscle.length_range is None or _rises(muscle.length_range)
        _check(muscle, "length_range", allowed, "two lengths in m, the smaller first, or None")
        times = muscle.time_constants
        _check(muscle, "time_constants", _pair(times) and min(map(_number, times)) > 0.0, "two times in s, above 0")
        _check(muscle, "lmin", muscle.lmin < 1.0, "a length between 0 and 1")
        _check(muscle, "lmax", _number(muscle.lmax) > 1.0, "a length above 1")
        _check(muscle, "fvmax", _number(muscle.fvmax) > 1.0, "a force above 1")


def _number(value: object) -> float:
    """A finite number, or one that passes no check."""
    given = isinstance(value, Real) and not isinstance(value, bool)
    return float(value) if given and math.isfinite(value) else math.nan  # type: ignore[arg-type]


def _pair(value: object) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2


def _rises(value: object) -> bool:
    return _pair(value) and 0.0 < _number(value[0]) < _number(value[1])  # type: ignore[index]


def _check(muscle: Muscle, field: str, passed: bool, allowed: str) -> None:
    if not passed:
        raise MuscleError(f"{field} of muscle {muscle.name!r} is {getattr(muscle, field)!r}; give {allowed}")
