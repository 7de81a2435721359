"""Gymnasium's own MuJoCo environments: how they are made, and their bodies with a nervous system."""

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import gymnasium
import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.adapters import Afferent, Command, Efferent
from sns_mujoco.cosim.attach import attach
from sns_mujoco.cosim.quiet import quiet
from sns_mujoco.errors import AttachError, MissingDependencyError
from sns_mujoco.network import Network

from .external_forces import keep_external_forces

Ranges = Mapping[str, tuple[float, float]]
"""Lower and upper ends of commands, by name."""


def driven(
    env: gymnasium.Env,
    network: Network,
    adapters: Iterable[Afferent | Efferent],
    *,
    forces: bool = False,
    **attachment: Any,
) -> mujoco.MjModel:
    """The model of an environment with a nervous system.

    Args:
        env: The environment.
        network: The nervous system.
        adapters: Of it.
        forces: Whether external forces are to be known in a batch; see `keep_external_forces`.
        **attachment: See `attach`.

    Raises:
        AttachError: See `wrap`.
        UnknownNameError: See `wrap`.
    """
    with quiet(), warnings.catch_warnings():
        # what MuJoCo says of attributes in Gymnasium's files, it said when the environment was made
        warnings.filterwarnings("ignore", "compiler attribute", UserWarning)
        body = attach(body_of(base_of(env)), network, adapters, **attachment)
        if forces:
            keep_external_forces(body)
        return body.compile()


def make(env: str | gymnasium.Env, options: Mapping[str, Any]) -> gymnasium.Env:
    """The environment of an id, or the one that was given.

    Raises:
        MissingDependencyError: A library that it needs is not there.
        ValueError: Options are given with an environment.
    """
    if not isinstance(env, str):
        if options:
            raise ValueError(f"{', '.join(map(repr, options))} given with an environment; give its id, or make it so")
        return env
    try:
        return gymnasium.make(env, **options)
    except (ImportError, gymnasium.error.DependencyNotInstalled) as error:
        raise MissingDependencyError(
            f"{env!r} cannot be made: {error}. Gymnasium's MuJoCo environments need `pip install imageio`"
        ) from error


def base_of(env: gymnasium.Env) -> Any:
    """The environment without its wrappers, if it is one of Gymnasium's kind for MuJoCo.

    Raises:
        AttachError: It is none, or one of its wrappers changes actions.
    """
    base, wrapper = env.unwrapped, env
    needed = ("model", "data", "fullpath", "mujoco_renderer", "_step_mujoco_simulation")
    if not all(hasattr(base, name) for name in needed):
        raise AttachError(
            f"{type(base).__name__} is no MuJoCo environment of Gymnasium's kind (gymnasium.envs.mujoco.MujocoEnv); to "
            "attach a nervous system to a body of your own, use sns_mujoco.attach"
        )
    while isinstance(wrapper, gymnasium.Wrapper):
        if isinstance(wrapper, gymnasium.ActionWrapper):
            raise AttachError(
                f"{type(wrapper).__name__} changes actions, and the action of a nervous system is its commands; wrap "
                f"the environment without it, and put it around the result"
            )
        wrapper = wrapper.env
    return base


def body_of(base: Any) -> mujoco.MjSpec:
    """The body of an environment, every actuator with a name.

    Raises:
        AttachError: Its model is not that of its file any more.
    """
    spec = mujoco.MjSpec.from_file(base.fullpath)
    theirs = base.model
    for size in ("offwidth", "offheight"):
        setattr(spec.visual.global_, size, getattr(theirs.vis.global_, size))
    if not np.array_equal(_bytes(spec.compile()), _bytes(theirs)):
        raise AttachError(
            f"the model of {type(base).__name__} is not that of {base.fullpath!r} any more; write what you changed "
            "into a file of your own and give it as xml_file"
        )
    taken = {actuator.name for actuator in spec.actuators}
    for actuator in spec.actuators:
        if not actuator.name and actuator.target and actuator.target not in taken:
            actuator.name = actuator.target
            taken.add(actuator.name)
    return spec


def ends_of(adapters: Iterable[Afferent | Efferent], chosen: Ranges | None) -> dict[str, tuple[float, float]]:
    """Lower and upper ends of commands: as they were chosen, or all that adapters have ramps for.

    Raises:
        ValueError: A command has no range, or one that does not rise.
    """
    ends: dict[str, tuple[float, float]] = {}
    for adapter in adapters if chosen is None else ():
        if not isinstance(adapter, Command):
            continue
        if adapter.range is None:
            raise ValueError(f"command {adapter.name!r} has a curve and no range; give commands={{name: (low, high)}}")
        low, high = sorted(adapter.range)
        before = ends.get(adapter.name, (low, high))
        ends[adapter.name] = (min(low, before[0]), max(high, before[1]))
    if not isinstance(chosen, Mapping | None):
        raise ValueError(f"commands are {chosen!r}; give a dict of (low, high) by name")
    for name, given in (chosen or {}).items():
        try:
            low, high = (float(end) for end in given)
        except (TypeError, ValueError):
            low = high = np.nan
        if not (np.isfinite((low, high)).all() and low < high):
            raise ValueError(f"the range of command {name!r} is {given!r}; give two finite numbers that rise")
        ends[name] = (low, high)
    return ends


def _bytes(model: mujoco.MjModel) -> NDArray[np.uint8]:
    held = np.zeros(mujoco.mj_sizeModel(model), np.uint8)
    mujoco.mj_saveModel(model, None, held)
    return held
