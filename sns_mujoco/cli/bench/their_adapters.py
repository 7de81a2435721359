"""What stands between SNS-Toolbox and MuJoCo in a loop written by hand: sensors to currents, potentials to controls.

The numbers are those of the published rat (Nourse et al. 2023, Biomimetics 8(2):247); of joints without muscles any
ramp will do, since only the time counts.
"""

from collections.abc import Callable
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

PUBLISHED, AT_ONCE = "muscle by muscle", "all channels at once"
CURRENT_PER_FORCE = -0.00105  # nA/N; MuJoCo reports a pull as negative
STEEPNESS, MIDPOINT, OFFSET = 0.1532, -70.0, -0.01  # 1/mV, mV: of the activation of a muscle

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Adapters:
    """Both directions.

    Attributes:
        read: Gives the network's currents, nA.
        act: Sets the controls from the network's outputs, mV.
    """

    read: Callable[[], Array]
    act: Callable[[Array], None]


def ways(body: mujoco.MjModel, data: mujoco.MjData, *, inputs: int, commands: int) -> dict[str, Adapters]:
    """The ways to write them: for muscles as published, and for all with all channels at once.

    Args:
        body: The body.
        data: Its state, which is read and written.
        inputs: Of the network.
        commands: How many of them are descending commands.
    """
    if not (body.actuator_trntype == int(mujoco.mjtTrn.mjTRN_TENDON)).any():
        return {AT_ONCE: _joints(body, data, inputs)}
    return {
        PUBLISHED: _muscle_by_muscle(body, data, inputs, min(commands, inputs)),
        AT_ONCE: _muscles_at_once(body, data, inputs),
    }


def _activation(potential: float | Array) -> float | Array:
    return np.clip(1.0 / (1.0 + np.exp(STEEPNESS * (MIDPOINT - potential))) + OFFSET, 0.0, 1.0)


def _muscle_by_muscle(body: mujoco.MjModel, data: mujoco.MjData, inputs: int, commands: int) -> Adapters:
    given = np.zeros(commands)
    sources = [k % body.nu for k in range(inputs - commands)]

    def read() -> Array:
        tensions = CURRENT_PER_FORCE * np.array([data.actuator_force[muscle] for muscle in sources])
        return np.concatenate([given, tensions])

    def act(outputs: Array) -> None:
        for muscle in range(body.nu):
            data.ctrl[muscle] = _activation(outputs[muscle])

    return Adapters(read, act)


def _muscles_at_once(body: mujoco.MjModel, data: mujoco.MjData, inputs: int) -> Adapters:
    sources = np.arange(inputs) % body.nu

    def act(outputs: Array) -> None:
        data.ctrl[:] = _activation(outputs)

    return Adapters(lambda: CURRENT_PER_FORCE * data.actuator_force[sources], act)


def _joints(body: mujoco.MjModel, data: mujoco.MjData, inputs: int) -> Adapters:
    sources = np.arange(inputs) % body.nq

    def act(outputs: Array) -> None:
        data.ctrl[:] = np.clip(outputs / 20.0, 0.0, 1.0) - 0.5

    return Adapters(lambda: 20.0 * np.clip(data.qpos[sources] + 0.5, 0.0, 1.0), act)
