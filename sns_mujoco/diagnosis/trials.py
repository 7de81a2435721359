"""Short experiments on a copy of a model: the joints moved one by one, the motor neurons excited one by one, and life.

The animal is held as a physiologist would hold it: its trunk and all joints but the one that is looked at stay where
they are, nothing touches anything, gravity and the muscles are as they are, and sensors are computed. A motor neuron is
excited by holding its potential at the highest value that it can reach, while all others are held at their lowest.
Whatever is compared is compared with the same time lived without the intervention, with the same random numbers.
"""

import copy
import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.block import BLOCK_HEAD, Block
from sns_mujoco.cosim.brain import Brain
from sns_mujoco.diagnosis.anatomy import Joint

Floats = NDArray[np.float64]

SWEEP = 0.25  # s, from where a joint stands to both ends of its range and back
EXCITATION = 0.12  # s that a motor neuron is excited; muscles take some 0.05 s to pull
RELEASE = 0.08  # s that a joint is let go meanwhile
MARGIN = 0.1  # share of its range that a held joint keeps from its limits
_STATE = mujoco.mjtState.mjSTATE_INTEGRATION
_BAD = [int(w) for w in (mujoco.mjtWarning.mjWARN_BADQPOS, mujoco.mjtWarning.mjWARN_BADQVEL,
                         mujoco.mjtWarning.mjWARN_BADQACC, mujoco.mjtWarning.mjWARN_BADCTRL)]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clamp:
    """Potentials that are held: places in `plugin_state`, and their values, mV."""

    places: NDArray[np.int64]
    potentials: Floats


@dataclass(frozen=True, slots=True)
class Trace:
    """What was seen at every step of an experiment, [T, .] each.

    Attributes:
        currents: Currents of the afferents, nA, one nervous system after the other.
        torques: Forces of the actuators on the degrees of freedom, N m or N.
        angles: `qpos`.
        potentials: Membrane potentials, mV, one nervous system after the other.
        controls: `ctrl`.
        lost: Whether the simulation became unstable.
    """

    currents: Floats
    torques: Floats
    angles: Floats
    potentials: Floats
    controls: Floats
    lost: bool


class Laboratory:
    """A copy of an animal that experiments are made on."""

    def __init__(
        self, model: mujoco.MjModel, brains: Sequence[Brain], afferents: Sequence[slice], start: Floats,
        joints: Sequence[Joint],
    ) -> None:  # fmt: skip
        """Copy it.

        Args:
            model: The animal; it is not changed.
            brains: Its nervous systems.
            afferents: Where the elements of their afferents lie in the input vector of each.
            start: Integration state that every experiment begins from.
            joints: The joints that may be moved.
        """
        self.model = copy.copy(model)
        self._own_flags = int(self.model.opt.disableflags)
        self.data = mujoco.MjData(self.model)
        self.brains, self.start = list(brains), start
        self._inputs = [
            input_vector(self.model, self.data, brain)[own] for brain, own in zip(brains, afferents, strict=True)
        ]
        self._potentials = [brain.potentials(self.data) for brain in brains]
        mujoco.mj_setState(self.model, self.data, start, _STATE)
        self.pose = self.data.qpos.copy()
        for joint in joints:
            low, high = joint.range
            margin = MARGIN * (high - low)
            self.pose[joint.qpos] = np.clip(self.pose[joint.qpos], low + margin, high - margin)

    def alive(self, seconds: float, commands: Mapping[int, float]) -> Trace:
        """Let it live from its start under commands (place in userdata, value), touching what it touches."""
        self._begin(contacts=True)
        for place, value in commands.items():
            self.data.userdata[place] = value
        per_sample = max(1, round(0.001 / self.model.opt.timestep))
        return self._watch(round(seconds / self.model.opt.timestep / per_sample), per_sample, None, None, None)

    def swept(self, clamp: Clamp, joint: Joint | None, wait: float) -> Trace:
        """Move a joint through its range, everything else held; or, without one, hold everything as long.

        Args:
            clamp: Potentials of the motor neurons.
            joint: The joint.
            wait: Time to wait afterwards for what is delayed, s.
        """
        self._begin(contacts=False)
        steps = round(SWEEP / self.model.opt.timestep)
        rest = round(wait / self.model.opt.timestep) + 1
        if joint is None:
            return self._watch(steps + rest, 1, clamp, None, None)
        low, high = joint.range
        now = self.pose[joint.qpos]
        # to the lower end in a quarter of the time, to the upper one in half of it, and back
        knots, places = [0.0, 0.25, 0.75, 1.0], [now, low, high, now]
        phase = np.arange(steps) / steps
        path = np.append(np.interp(phase, knots, places), np.full(rest, now))
        return self._watch(steps + rest, 1, clamp, (joint, path), None)

    def excited(self, clamp: Clamp, free: Joint | None, wait: float) -> Trace:
        """Hold everything, or everything but one joint, with the motor neurons at given potentials.

        Args:
            clamp: Potentials of the motor neurons.
            free: The joint that may move.
            wait: Longest conduction delay to the muscles, s.
        """
        self._begin(contacts=False)
        seconds = wait + (EXCITATION if free is None else RELEASE)
        return self._watch(max(5, round(seconds / self.model.opt.timestep)), 1, clamp, None, free)

    def _begin(self, *, contacts: bool) -> None:
        flag = int(mujoco.mjtDisableBit.mjDSBL_CONTACT)
        flags = self.model.opt.disableflags
        self.model.opt.disableflags = flags & ~flag if contacts and not self._without_contacts else flags | flag
        mujoco.mj_resetData(self.model, self.data)
        mujoco.mj_setState(self.model, self.data, self.start, _STATE)
        if not contacts:
            self.data.qpos[:] = self.pose
            self.data.qvel[:] = 0.0
        mujoco.mj_forward(self.model, self.data)
        self.data.warning.number[:] = 0

    @property
    def _without_contacts(self) -> bool:
        return self._own_flags & int(mujoco.mjtDisableBit.mjDSBL_CONTACT) != 0

    def _watch(
        self, samples: int, steps: int, clamp: Clamp | None, path: tuple[Joint, Floats] | None, free: Joint | None
    ) -> Trace:
        """Step and look; with a clamp everything is held but a free joint and one on a path."""
        model, data = self.model, self.data
        seen: list[list[Floats]] = [[], [], [], [], []]
        lost = False
        for i in range(samples):
            if clamp is not None:
                self._hold(free)
                if path is not None:
                    joint, places = path
                    data.qpos[joint.qpos] = places[i]
                    data.qvel[joint.dof] = (places[min(i + 1, samples - 1)] - places[i]) / model.opt.timestep
                data.plugin_state[clamp.places] = clamp.potentials
            mujoco.mj_step(model, data, nstep=steps)
            lost = bool(data.warning.number[_BAD].any())
            if lost:
                break
            rows = (
                np.concatenate(self._inputs), data.qfrc_actuator, data.qpos, np.concatenate(self._potentials), data.ctrl
            )  # fmt: skip
            for column, row in zip(seen, rows, strict=True):
                column.append(row.copy())
        widths = (sum(map(len, self._inputs)), model.nv, model.nq, sum(map(len, self._potentials)), len(data.ctrl))
        currents, torques, angles, potentials, controls = (
            np.array(column).reshape(len(column), width) for column, width in zip(seen, widths, strict=True)
        )
        return Trace(currents, torques, angles, potentials, controls, lost)

    def _hold(self, free: Joint | None) -> None:
        data = self.data
        if free is None:
            data.qpos[:], data.qvel[:] = self.pose, 0.0
            return
        angle, speed = data.qpos[free.qpos], data.qvel[free.dof]
        data.qpos[:], data.qvel[:] = self.pose, 0.0
        data.qpos[free.qpos], data.qvel[free.dof] = angle, speed


def input_vector(model: mujoco.MjModel, data: mujoco.MjData, brain: Brain) -> Floats:
    """The currents that a nervous system received in the last step, nA: a live view of the plugin's own memory."""
    address = int(data.plugin_data[mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_PLUGIN, brain.name)])
    head = (ctypes.c_int64 * BLOCK_HEAD).from_address(address)
    count = (head[Block.OUTPUT] - head[Block.INPUT]) // 8
    return np.frombuffer((ctypes.c_double * count).from_address(address + head[Block.INPUT]))
