"""Make muscles part of a body: `add_muscles`.

Everything that can be wrong is found here, before anything runs, because nothing can be raised inside the engine.
"""

import json
from collections.abc import Iterable
from itertools import count

import mujoco

from sns_mujoco.cosim.body import Body, load_body
from sns_mujoco.errors import MuscleError, unknown_name
from sns_mujoco.muscles.checks import check_muscle
from sns_mujoco.muscles.descriptions import HillMuscle, LinearHillMuscle, MujocoMuscle, Muscle
from sns_mujoco.muscles.plugin import KINDS, NUMBERS, PLUGIN_NAME, WIDTH, register

FORMAT = "sns-mujoco muscles 1"
NAME = "muscles"
_KIND = {MujocoMuscle: "mujoco", LinearHillMuscle: "linear_hill", HillMuscle: "hill"}


def add_muscles(body: Body, muscles: Iterable[Muscle]) -> mujoco.MjSpec:
    """Make muscles part of a body.

    Args:
        body: What to add them to: an `MjSpec` (it is not changed), the path of an MJCF file, or MJCF text. It has the
            tendons that they pull on.
        muscles: The muscles; each becomes an actuator of its name, whose control is its excitation, 0 to 1.

    Returns:
        The body with its muscles: compile it, save it, attach a nervous system to it, or add more muscles. Tensions of
        linear Hill muscles are part of `mjData.plugin_state`, activations of the others of `mjData.act`.

    Raises:
        MuscleError: A parameter makes no sense, a name is taken or used twice, MuJoCo refuses a muscle of its own.
        UnknownNameError: There is no tendon of that name; the closest are suggested.
        AttachError: MuJoCo cannot read the body.
        FileNotFoundError: There is no such MJCF file.
    """
    register()
    spec = load_body(body)
    muscles = list(muscles)
    if not muscles:
        raise MuscleError("there are no muscles to add; give at least one")
    taken = {actuator.name: "the body has an actuator" for actuator in spec.actuators}
    tendons = [tendon.name for tendon in spec.tendons if tendon.name]
    for muscle in muscles:
        if type(muscle) not in _KIND:
            raise MuscleError(f"{muscle!r} is no muscle; give those of sns_mujoco.muscles")
        check_muscle(muscle)
        if muscle.name in taken:
            raise MuscleError(f"{taken[muscle.name]} named {muscle.name!r} already; give the muscle another name")
        taken[muscle.name] = "there is a muscle"
        if muscle.tendon not in tendons:
            raise unknown_name("tendon", muscle.tendon, tendons, f"the body, for muscle {muscle.name!r}")

    name = _free_name(spec)
    kinds = [_KIND[type(muscle)] for muscle in muscles]
    if set(kinds) != {"mujoco"}:
        spec.activate_plugin(PLUGIN_NAME)
        instance = spec.add_plugin(name=name, plugin_name=PLUGIN_NAME, active=True)
        instance.config = {"kinds": "".join(KINDS[kind] for kind in kinds)}
        numbers = [number for muscle, kind in zip(muscles, kinds, strict=True) for number in _numbers(muscle, kind)]
        spec.add_numeric(name=name, size=len(numbers), data=numbers)
    for muscle in muscles:
        _add_actuator(spec, muscle, name)
    spec.add_tuple(
        name=name,
        objtype=[mujoco.mjtObj.mjOBJ_ACTUATOR] * len(muscles),
        objname=[muscle.name for muscle in muscles],
        objprm=[0.0] * len(muscles),
    )
    described = [_description(muscle, kind) for muscle, kind in zip(muscles, kinds, strict=True)]
    spec.add_text(name=name, data=json.dumps({"format": FORMAT, "muscles": described}, separators=(",", ":")))
    try:
        spec.compile()
    except ValueError as error:
        raise MuscleError(f"MuJoCo cannot compile the body with these muscles: {error}") from error
    return spec


def _free_name(spec: mujoco.MjSpec) -> str:
    """The first of "muscles", "muscles_2" ... that nothing in the body has that we need to name."""
    families = (spec.plugins, spec.numerics, spec.tuples, spec.texts)
    taken = {member.name for family in families for member in family}
    return next(name for i in count(1) if (name := NAME if i == 1 else f"{NAME}_{i}") not in taken)


def _numbers(muscle: Muscle, kind: str) -> list[float]:
    """The numbers of a muscle as the plugin reads them."""
    known = [float(getattr(muscle, field)) for field in NUMBERS.get(kind, ())]
    return known + [0.0] * (WIDTH - len(known))


def _description(muscle: Muscle, kind: str) -> dict:
    """What the model is told of a muscle beside what it computes with."""
    described: dict = {"kind": kind}
    if muscle.source:
        described["source"] = muscle.source
    if isinstance(muscle, LinearHillMuscle):
        described |= {"series_fraction": muscle.series_fraction, "min_parallel": muscle.min_parallel}
    return described


def _add_actuator(spec: mujoco.MjSpec, muscle: Muscle, instance: str) -> None:
    # excitation is limited for everybody who asks the model, learning environments for example
    actuator = spec.add_actuator(
        name=muscle.name, trntype=mujoco.mjtTrn.mjTRN_TENDON, target=muscle.tendon, ctrlrange=[0.0, 1.0], ctrllimited=1
    )
    if isinstance(muscle, MujocoMuscle):
        actuator.set_to_muscle(
            timeconst=list(muscle.time_constants), tausmooth=muscle.smoothing, range=list(muscle.range),
            force=muscle.force, scale=1.0, lmin=muscle.lmin, lmax=muscle.lmax, vmax=muscle.vmax, fpmax=muscle.fpmax,
            fvmax=muscle.fvmax,
        )  # fmt: skip
        if muscle.length_range is not None:
            actuator.lengthrange = list(muscle.length_range)
        return
    actuator.plugin.name, actuator.plugin.plugin_name, actuator.plugin.active = instance, PLUGIN_NAME, True
    if isinstance(muscle, HillMuscle):
        actuator.dyntype = mujoco.mjtDyn.mjDYN_MUSCLE
        actuator.dynprm[:3] = muscle.activation_time, muscle.deactivation_time, 0.0
        actuator.actrange, actuator.actlimited = [0.0, 1.0], 1
