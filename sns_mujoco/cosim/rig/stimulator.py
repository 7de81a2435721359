"""The second engine plugin: what a protocol does to an animal in every step, without Python.

A plugin of sensors and of passive forces, whose sensor has no numbers. Its instance comes behind that of the nervous
system that it belongs to, and is called after it. As a sensor of the position stage it sets, before actuation, currents
of electrodes, commands and controls (`userdata`, `ctrl`), and leaves for the nervous system, in that one's block, which
neurons are held and which afferents fail in this step. As a passive force it adds pushes and torques to
`qfrc_passive`, which MuJoCo begins anew in every step. In `advance`, after the nervous system's, it notes what has
begun. Which step it is follows from the simulated time; all that must be remembered is in `plugin_state`.

Instance S of nervous system B owns the configuration `system` (B), `rows` and `samples` (how many there is room for),
and the numeric field S, see `layout.py`.
"""

from functools import cache

import mujoco
import numpy as np
from numba import cfunc, njit, types

from sns_mujoco.backends.native import random
from sns_mujoco.backends.native.sections import Count
from sns_mujoco.cosim import block, engine, memory, tape
from sns_mujoco.cosim.block import Block, Wire, number, open_block, split_state
from sns_mujoco.cosim.memory import (
    allocate,
    apply_force,
    byte_at,
    double_rows,
    doubles,
    get_config,
    int64_at,
    integers,
    name_to_id,
    release,
    to_address,
)
from sns_mujoco.cosim.rig import kernel, layout
from sns_mujoco.cosim.rig.kernel import next_noise, value_of
from sns_mujoco.cosim.rig.layout import (
    AWAY,
    COME,
    FAULT,
    HEAD,
    HOLD,
    MEMORY,
    ON,
    ROW,
    Col,
    Fault,
    Head,
    Hold,
    Kind,
    Memory,
    Shape,
)
from sns_mujoco.cosim.tape import run_tapes

PLUGIN_NAME = "sns_mujoco.stimulator"
TABLE = "sns_mujoco_stimulator_table"
ATTRIBUTES = ("system", "rows", "samples")
FIELDS = (
    "model.opt", "model.names", "model.name_pluginadr", "model.plugin_stateadr", "model.numeric_adr",
    "model.numeric_size", "model.numeric_data", "data.ctrl", "data.userdata", "data.plugin_state", "data.plugin_data",
    "data.qfrc_passive", "data.xipos", "data.xmat", "data.time", "model.nuserdata", "model.nu", "model.nv",
    "model.nbody", "option.timestep",
)  # fmt: skip
# places in the published table; numba freezes them into its cache, which watches this file only
(
    OPT, NAMES, NAME_PLUGINADR, PLUGIN_STATEADR, NUMERIC_ADR, NUMERIC_SIZE, NUMERIC_DATA, CTRL, USERDATA, PLUGIN_STATE,
    PLUGIN_DATA, QFRC_PASSIVE, XIPOS, XMAT, TIME, NUSERDATA, NU, NV, NBODY, TIMESTEP, SYSTEM_KEY, ROWS_KEY, SAMPLES_KEY,
) = range(23)  # fmt: skip
assert len(FIELDS) == SYSTEM_KEY and SAMPLES_KEY - SYSTEM_KEY == len(ATTRIBUTES) - 1

published, field, element = memory.table(TABLE)
NUMERIC_OBJECT, PLUGIN_OBJECT = int(mujoco.mjtObj.mjOBJ_NUMERIC), int(mujoco.mjtObj.mjOBJ_PLUGIN)
PASSIVE = int(mujoco.mjtPluginCapabilityBit.mjPLUGIN_PASSIVE)

# int64s at the start of a block; behind them the clamps, and behind these the failing afferents, each with a count
(B_SYSTEM, B_NUMERIC, B_ROWS, B_SAMPLES, B_STEP, B_TAPES, B_SIZE) = range(7)


@njit(error_model="numpy")
def _lists(address, rows):
    """Where the clamps and the failing afferents of a block stand."""
    holds = address + 8 * B_SIZE
    return holds, holds + 8 * (1 + HOLD * rows)


@njit(error_model="numpy")
def _open(m, d, address, instance):
    """Used rows, samples, and the state of every row."""
    head = integers(address, B_SIZE)
    numbers = field(m, NUMERIC_DATA) + 8 * np.int64(element(m, NUMERIC_ADR, head[B_NUMERIC]))
    used = min(max(np.int64(doubles(numbers, HEAD)[Head.USED]), 0), head[B_ROWS])
    rows = double_rows(numbers + 8 * HEAD, used, ROW)
    samples = doubles(numbers + 8 * (HEAD + ROW * head[B_ROWS]), head[B_SAMPLES])
    at = field(d, PLUGIN_STATE) + 8 * np.int64(element(m, PLUGIN_STATEADR, instance))
    return rows, samples, double_rows(at, used, MEMORY), at


@njit(error_model="numpy")
def _acts(row, step):
    return row[Col.START] <= step < row[Col.STOP]


@njit(error_model="numpy")
def _seed(m, d, system, block_address):
    """The seed of the nervous system's random numbers, and how many neurons and afferents it has."""
    head, structure, wiring, _, _, _ = open_block(block_address)
    at = field(d, PLUGIN_STATE) + 8 * np.int64(element(m, PLUGIN_STATEADR, system))
    tail = split_state(at, structure, wiring)[2]
    return tail[1], np.int64(structure[Count.NEURONS]), np.int64(wiring[Wire.AFFERENTS])


def _callbacks(fingerprint: int) -> dict[str, int]:
    """Addresses of the callbacks; see `cosim.plugin`."""

    @cfunc(types.int32(types.voidptr, types.int32), cache=True, error_model="numpy")
    def nstate(model, instance):
        text = get_config(to_address(model), instance, published(ROWS_KEY))
        return MEMORY * number(text)[0] if text != 0 and byte_at(text) != 0 and fingerprint else 0

    @cfunc(types.int32(types.voidptr, types.int32, types.int32), cache=True, error_model="numpy")
    def nsensordata(model, instance, sensor):
        return 0 if fingerprint else 1

    @cfunc(types.int32(types.voidptr, types.voidptr, types.int32), cache=True, error_model="numpy")
    def init(model, data, instance):
        m, d = to_address(model), to_address(data)
        slot = integers(field(d, PLUGIN_DATA) + 8 * instance, 1)
        slot[0] = 0
        rows_text = get_config(m, instance, published(ROWS_KEY))
        samples_text = get_config(m, instance, published(SAMPLES_KEY))
        system_text = get_config(m, instance, published(SYSTEM_KEY))
        # a bare instance, as the check of the offsets makes one
        if rows_text == 0 or byte_at(rows_text) == 0 or not fingerprint:
            return 0
        rows, samples = number(rows_text)[0], number(samples_text)[0] if samples_text != 0 else 0
        numeric = name_to_id(m, NUMERIC_OBJECT, field(m, NAMES) + np.int64(element(m, NAME_PLUGINADR, instance)))
        system = name_to_id(m, PLUGIN_OBJECT, system_text) if system_text != 0 else -1
        if numeric < 0 or system < 0 or element(m, NUMERIC_SIZE, numeric) != HEAD + ROW * rows + samples:
            return -1
        size = 8 * (B_SIZE + 2 + (HOLD + FAULT) * rows)
        address = allocate(size)
        if address == 0:
            return -1
        integers(address, size // 8)[:] = 0
        head = integers(address, B_SIZE)
        head[B_SYSTEM] = system
        head[B_NUMERIC] = numeric
        head[B_ROWS] = rows
        head[B_SAMPLES] = samples
        slot[0] = address
        return 0

    @cfunc(types.void(types.voidptr, types.int32), cache=True, error_model="numpy")
    def destroy(data, instance):
        d = to_address(data)
        slot = integers(field(d, PLUGIN_DATA) + 8 * instance, 1)
        if fingerprint:
            release(slot[0])
        slot[0] = 0

    @cfunc(types.void(types.voidptr, types.voidptr, types.voidptr, types.int32), cache=True, error_model="numpy")
    def reset(model, plugin_state, plugin_data, instance):
        address = to_address(plugin_data)
        if address == 0 or not fingerprint:
            return
        doubles(to_address(plugin_state), MEMORY * integers(address, B_SIZE)[B_ROWS])[:] = 0.0

    @cfunc(types.void(types.voidptr, types.voidptr, types.int32, types.int32), cache=True, error_model="numpy")
    def compute(model, data, instance, capability):
        m, d = to_address(model), to_address(data)
        address = int64_at(field(d, PLUGIN_DATA) + 8 * instance)
        if address == 0 or not fingerprint:
            return
        head = integers(address, B_SIZE)
        nerve = int64_at(field(d, PLUGIN_DATA) + 8 * head[B_SYSTEM])
        if nerve == 0:
            return
        rows, samples, state, at = _open(m, d, address, instance)
        seed, neurons, afferents = _seed(m, d, head[B_SYSTEM], nerve)
        if capability == PASSIVE:
            step = np.float64(head[B_STEP])
            passive = doubles(field(d, QFRC_PASSIVE), int64_at(m + published(NV)))
            for k in range(rows.shape[0]):
                kind, target = np.int64(rows[k, Col.KIND]), np.int64(rows[k, Col.TARGET])
                if not _acts(rows[k], step) or target < 0:
                    continue
                if kind == Kind.TORQUE and target < len(passive):
                    passive[target] += value_of(rows[k], samples, state[k], seed, step)
                elif kind == Kind.PUSH and target < int64_at(m + published(NBODY)):
                    given = rows[k, Col.FIRST :]
                    wrench = np.empty(6)
                    wrench[:] = given[:6]
                    if rows[k, Col.FACTOR] != 0.0:
                        axes = doubles(field(d, XMAT) + 72 * target, 9)
                        length = np.sqrt(axes[0] * axes[0] + axes[3] * axes[3])
                        c, s = (axes[0] / length, axes[3] / length) if length > 0.0 else (1.0, 0.0)
                        for j in (0, 3):
                            wrench[j] = c * given[j] - s * given[j + 1]
                            wrench[j + 1] = s * given[j] + c * given[j + 1]
                    apply_force(
                        m, d, wrench.ctypes.data, wrench.ctypes.data + 24, field(d, XIPOS) + 24 * target,
                        np.int32(target), field(d, QFRC_PASSIVE),
                    )  # fmt: skip
            return

        timestep = doubles(m + published(OPT) + published(TIMESTEP), 1)[0]
        step = np.floor(doubles(d + published(TIME), 1)[0] / timestep + 0.5)
        head[B_STEP] = np.int64(step)
        userdata = doubles(field(d, USERDATA), int64_at(m + published(NUSERDATA)))
        controls = doubles(field(d, CTRL), int64_at(m + published(NU)))
        holds, faults = _lists(address, head[B_ROWS])
        n_hold, n_fault = 0, 0
        for k in range(rows.shape[0]):
            target = np.int64(rows[k, Col.TARGET])
            if np.int64(rows[k, Col.KIND]) == Kind.CURRENT and 0 <= target < len(userdata):
                userdata[target] = 0.0
        for k in range(rows.shape[0]):
            kind, target, own = np.int64(rows[k, Col.KIND]), np.int64(rows[k, Col.TARGET]), state[k]
            if target < 0:
                continue
            if not _acts(rows[k], step):
                if kind == Kind.COMMAND and own[Memory.MARK] != AWAY and target < len(userdata):
                    if userdata[target] == own[Memory.WRITTEN]:
                        userdata[target] = own[Memory.KEPT]
                own[Memory.MARK] = AWAY
                own[Memory.OUTPUT] = 0.0
                continue
            if kind == Kind.CURRENT and target < len(userdata):
                value = value_of(rows[k], samples, own, seed, step)
                userdata[target] += value
                own[Memory.OUTPUT] = value
            elif kind == Kind.COMMAND and target < len(userdata):
                # whoever else sets the command in the meantime decides what it returns to
                if own[Memory.MARK] == AWAY or userdata[target] != own[Memory.WRITTEN]:
                    own[Memory.KEPT] = userdata[target]
                value = value_of(rows[k], samples, own, seed, step)
                userdata[target] = value
                own[Memory.WRITTEN] = value
                own[Memory.OUTPUT] = value
            elif kind == Kind.HOLD and target < neurons:
                entry = holds + 8 * (1 + HOLD * n_hold)
                integers(entry, HOLD)[Hold.NEURON] = target
                doubles(entry, HOLD)[Hold.POTENTIAL] = value_of(rows[k], samples, own, seed, step)
                doubles(entry, HOLD)[Hold.FACTOR] = rows[k, Col.FACTOR]
                integers(entry, HOLD)[Hold.OUTPUT] = at + 8 * (MEMORY * k + np.int64(Memory.OUTPUT))
                n_hold += 1
            elif kind == Kind.CONTROL_STUCK and target < len(controls):
                if own[Memory.MARK] != ON:
                    own[Memory.KEPT] = controls[target]
                controls[target] = own[Memory.KEPT]
            elif kind == Kind.CONTROL_SCALED and target < len(controls):
                controls[target] *= rows[k, Col.FACTOR]
            elif Kind.SIGNAL_STUCK <= kind <= Kind.DEPRIVED and target < afferents:
                entry = faults + 8 * (1 + FAULT * n_fault)
                integers(entry, FAULT)[Fault.AFFERENT] = target
                integers(entry, FAULT)[Fault.KIND] = kind
                doubles(entry, FAULT)[Fault.FACTOR] = rows[k, Col.FACTOR]
                integers(entry, FAULT)[Fault.STATE] = at + 8 * MEMORY * k
                integers(entry, FAULT)[Fault.STREAM] = np.int64(rows[k, Col.STREAM])
                n_fault += 1
            elif kind == Kind.TORQUE:
                own[Memory.OUTPUT] = value_of(rows[k], samples, own, seed, step)
            if own[Memory.MARK] == AWAY:
                own[Memory.MARK] = COME
            if kind >= Kind.CONTROL_STUCK and kind != Kind.TORQUE:
                own[Memory.OUTPUT] = 1.0
        integers(holds, 1)[0] = n_hold
        integers(faults, 1)[0] = n_fault
        integers(nerve, Block.FAULTS + 1)[Block.HOLDS] = holds if n_hold else 0
        integers(nerve, Block.FAULTS + 1)[Block.FAULTS] = faults if n_fault else 0

    @cfunc(types.void(types.voidptr, types.voidptr, types.int32), cache=True, error_model="numpy")
    def advance(model, data, instance):
        m, d = to_address(model), to_address(data)
        address = int64_at(field(d, PLUGIN_DATA) + 8 * instance)
        if address == 0 or not fingerprint:
            return
        head = integers(address, B_SIZE)
        nerve = int64_at(field(d, PLUGIN_DATA) + 8 * head[B_SYSTEM])
        if nerve == 0:
            return
        rows, samples, state, _ = _open(m, d, address, instance)
        seed, step = _seed(m, d, head[B_SYSTEM], nerve)[0], np.float64(head[B_STEP])
        for k in range(rows.shape[0]):
            if _acts(rows[k], step) and np.int64(rows[k, Col.KIND]) != Kind.NOTHING:
                if np.int64(rows[k, Col.SHAPE]) == Shape.NOISE:
                    now = value_of(rows[k], samples, state[k], seed, step)
                    state[k, Memory.NOISE] = next_noise(rows[k], now, seed, step)
                state[k, Memory.MARK] = ON
        run_tapes(m, d, head[B_TAPES])  # it comes last, see `cosim.tape`

    callbacks = {
        "nstate": nstate, "nsensordata": nsensordata, "init": init, "destroy": destroy, "reset": reset,
        "compute": compute, "advance": advance,
    }  # fmt: skip
    return {name: callback.address for name, callback in callbacks.items()}


@cache
def register() -> int:
    """Register the plugin with the engine, once a process; its slot.

    Raises:
        ImportError: The installed MuJoCo lays out its structs in a way that cannot be relied upon.
    """
    engine.publish(TABLE, FIELDS, ATTRIBUTES)
    capability = mujoco.mjtPluginCapabilityBit.mjPLUGIN_SENSOR | mujoco.mjtPluginCapabilityBit.mjPLUGIN_PASSIVE
    fingerprint = engine.fingerprint(kernel, layout, random, memory, engine, block, tape)
    slot = engine.register_plugin(
        PLUGIN_NAME, ATTRIBUTES, capability, _callbacks(fingerprint),
        needstage=mujoco.mjtStage.mjSTAGE_POS,
    )  # fmt: skip
    tape.hold(slot, 8 * B_TAPES)
    extension = f'<extension><plugin plugin="{PLUGIN_NAME}"><instance name="bare"/></plugin></extension>'
    engine.check_offsets(engine.offset_table(FIELDS), engine.probe_model(extension))
    return slot
