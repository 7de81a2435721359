"""The engine plugin: a nervous system that MuJoCo itself steps, in lockstep with the body and without Python.

A SENSOR plugin of the position stage. `compute` runs before actuation: it writes membrane potentials (and, for
spiking neurons, the spikes of the last step) into `sensordata` and the motor output into `ctrl`. `advance` runs when
the sensors of the step are complete: it reads them at time t, and lengths, velocities and forces where `mjData` still
has those of time t (`readings.read_quantity`), and integrates the neurons to t + dt. So sensors(t) act
on neurons(t + dt), which act on the actuators from t + dt on; RK4's substeps skip sensors, so under every integrator
the brain is stepped once per step, and the physics state alone is the whole state.

Where an instance keeps its numbers stands in `block.py`.
"""

from functools import cache

import mujoco
import numpy as np
from numba import cfunc, njit, types

from sns_mujoco.adapters.native import curves, driving, layout, sensing
from sns_mujoco.adapters.native.driving import actuate, remember, twitch
from sns_mujoco.adapters.native.layout import PLAIN, Motor, Reading, Shape, Source
from sns_mujoco.adapters.native.sensing import convey, measure
from sns_mujoco.backends.native import entry, exponential, random, sections
from sns_mujoco.backends.native.entry import step_at
from sns_mujoco.backends.native.sections import Count, Scratch, State
from sns_mujoco.cosim import block, checking, engine, memory, tape
from sns_mujoco.cosim.block import (
    BLOCK_HEAD,
    HEADER,
    Block,
    Wire,
    count,
    number,
    numeric_size,
    open_block,
    padded,
    parse,
    split_numbers,
    split_state,
    state_size,
    tables,
    wiring_size,
)
from sns_mujoco.cosim.checking import ACTUATOR, adapters_fit, counts_fit, referred, resolve
from sns_mujoco.cosim.memory import (
    allocate,
    byte_at,
    doubles,
    get_config,
    int32_at,
    int64_at,
    integers,
    name_to_id,
    release,
    to_address,
    warn,
)  # fmt: skip
from sns_mujoco.cosim.rig import kernel as rig
from sns_mujoco.cosim.rig import layout as rig_layout
from sns_mujoco.cosim.rig.kernel import begin_holding, deprive, fail, hold
from sns_mujoco.cosim.tape import run_tapes
from sns_mujoco.muscles import kernel as muscles

PLUGIN_NAME = "sns_mujoco.nervous_system"
TABLE = "sns_mujoco_nervous_system_table"
ATTRIBUTES = ("state", "readout", "wiring", "structure")

# places in the published table; numba freezes them into its cache, which watches this file only
(
    OPT, NSENSOR, NAMES, NAME_PLUGINADR, PLUGIN_STATEADR, NUMERIC_ADR, NUMERIC_SIZE, NUMERIC_DATA, TUPLE_ADR,
    TUPLE_SIZE, TUPLE_OBJID, SENSOR_ADR, SENSOR_DIM, SENSOR_PLUGIN, CTRL, USERDATA, SENSORDATA, PLUGIN_STATE,
    PLUGIN_DATA, TIMESTEP, DISABLEFLAGS, NUSERDATA, ACTUATOR_CTRLADR, ACTUATOR_OUTADR, TUPLE_OBJTYPE, TEN_LENGTH,
    TEN_VELOCITY, ACTUATOR_LENGTH, ACTUATOR_VELOCITY, ACTUATOR_FORCE, INTEGRATOR, STATE_KEY, READOUT_KEY, WIRING_KEY,
    STRUCTURE_KEY,
) = range(35)  # fmt: skip
assert len(engine.FIELDS) == STATE_KEY and STRUCTURE_KEY - STATE_KEY == len(ATTRIBUTES) - 1

published, field, element = memory.table(TABLE)
NUMERIC_OBJECT = int(mujoco.mjtObj.mjOBJ_NUMERIC)
TUPLE_OBJECT = int(mujoco.mjtObj.mjOBJ_TUPLE)
SENSORS_OFF = int(mujoco.mjtDisableBit.mjDSBL_SENSOR)
BAD_CONTROL = int(mujoco.mjtWarning.mjWARN_BADCTRL)
RK4 = int(mujoco.mjtIntegrator.mjINT_RK4)
NOT_FINITE = entry.NOT_FINITE


@njit(error_model="numpy")
def _config(m, instance, key):
    """Address of the text of a configuration attribute; 0 if it is not set."""
    text = get_config(m, instance, published(key))
    return text if text != 0 and byte_at(text) != 0 else 0


@njit(error_model="numpy")
def _numeric(m, head):
    """Address of the instance's numbers in the model."""
    return field(m, NUMERIC_DATA) + 8 * np.int64(element(m, NUMERIC_ADR, head[Block.NUMERIC]))


@njit(error_model="numpy")
def _lost(potentials):
    """The first neuron whose potential is not finite, or -1."""
    lost = np.uint64(0)
    bits = potentials.view(np.uint64)
    for i in range(np.uint64(len(bits))):  # in whole numbers and without a way out, so that it goes several at a time
        lost |= np.uint64((bits[i] & np.uint64(NOT_FINITE)) == np.uint64(NOT_FINITE))
    if lost:
        for i in range(len(potentials)):
            if not abs(potentials[i]) < np.inf:
                return i
    return -1


def _callbacks(fingerprint: int) -> dict[str, int]:
    """Addresses of the callbacks, compiled or taken from numba's cache.

    The cache watches this file only. `fingerprint`, a digest of the other files whose code is compiled in, is a
    closure variable of the callbacks and thereby part of the cache's key.
    """

    @cfunc(types.int32(types.voidptr, types.int32), cache=True, error_model="numpy")
    def nstate(model, instance):
        # the sizes that MuJoCo asks for while it compiles come from the configuration: numerics are not filled yet
        text = _config(to_address(model), instance, STATE_KEY)
        return number(text)[0] if text != 0 and fingerprint else 0

    @cfunc(types.int32(types.voidptr, types.int32, types.int32), cache=True, error_model="numpy")
    def nsensordata(model, instance, sensor):
        text = _config(to_address(model), instance, READOUT_KEY)
        return number(text)[0] if text != 0 and fingerprint else 0

    @cfunc(types.int32(types.voidptr, types.voidptr, types.int32), cache=True, error_model="numpy")
    def init(model, data, instance):
        m, d = to_address(model), to_address(data)
        where = field(d, PLUGIN_DATA) + 8 * instance
        slot = integers(where, 1)
        slot[0] = 0
        structure_text, wiring_text = _config(m, instance, STRUCTURE_KEY), _config(m, instance, WIRING_KEY)
        # a bare instance, as the check of the offsets makes one
        if structure_text == 0 or wiring_text == 0 or not fingerprint:
            return 0
        if int32_at(m + published(OPT) + published(DISABLEFLAGS)) & SENSORS_OFF:
            return -1
        n_structure, n_wiring = count(structure_text), count(wiring_text)
        name = field(m, NAMES) + np.int64(element(m, NAME_PLUGINADR, instance))
        numeric_id = name_to_id(m, NUMERIC_OBJECT, name)
        tuple_id = name_to_id(m, TUPLE_OBJECT, name)
        if n_wiring < HEADER or n_structure < sections.HEADER or numeric_id < 0:
            return -1
        w, sizes = np.zeros(HEADER, np.int64), np.zeros(sections.HEADER, np.int64)
        parse(wiring_text, w)
        parse(structure_text, sizes)
        if (
            n_wiring != wiring_size(w)
            or n_structure != sizes[Count.STRUCTURE]
            or not counts_fit(w, sizes)
            or number(_config(m, instance, STATE_KEY))[0] != state_size(w, sizes[Count.SPIKING])
            or number(_config(m, instance, READOUT_KEY))[0] != sizes[Count.NEURONS] + sizes[Count.SPIKING]
            or numeric_size(w) != element(m, NUMERIC_SIZE, numeric_id)
        ):
            return -1

        # all arrays of the block, each starting at a multiple of eight bytes
        head = np.zeros(BLOCK_HEAD, np.int64)
        head[Block.STRUCTURE] = 8 * BLOCK_HEAD
        head[Block.WIRING] = head[Block.STRUCTURE] + 4 * (n_structure + n_structure % 2)
        head[Block.WORK] = head[Block.WIRING] + 4 * (n_wiring + n_wiring % 2)
        head[Block.INPUT] = head[Block.WORK] + 8 * w[Wire.WORK]
        # the currents of afferents are the last part of the input
        head[Block.CURRENTS] = head[Block.INPUT] + 8 * (w[Wire.INPUTS] - w[Wire.AFFERENTS])
        head[Block.OUTPUT] = head[Block.CURRENTS] + 8 * padded(w[Wire.AFFERENTS])
        head[Block.REGISTERS] = head[Block.OUTPUT] + 8 * w[Wire.OUTPUTS]
        head[Block.SIGNALS] = head[Block.REGISTERS] + 8 * w[Wire.REGISTERS]
        head[Block.HEARD] = head[Block.SIGNALS] + 8 * padded(w[Wire.AFFERENTS])
        head[Block.SOURCES] = head[Block.HEARD] + 16 * padded(w[Wire.MOTORS])
        head[Block.END] = head[Block.SOURCES] + 8 * PLAIN
        head[Block.NUMERIC] = numeric_id
        head[Block.READOUT] = -1
        address = allocate(head[Block.END])
        if address == 0:
            return -1
        integers(address, BLOCK_HEAD)[:] = head
        head, structure, wiring, _, x, _ = open_block(address)
        x[:] = 0.0
        doubles(address + head[Block.SIGNALS], (head[Block.SOURCES] - head[Block.SIGNALS]) // 8)[:] = 0.0
        parse(structure_text, structure[:n_structure])
        parse(wiring_text, wiring[:n_wiring])
        slot[0] = address

        for sensor in range(int64_at(m + published(NSENSOR))):
            if element(m, SENSOR_PLUGIN, sensor) == instance:
                head[Block.READOUT] = element(m, SENSOR_ADR, sensor)

        # places in the tuple become places in the arrays that are read and written
        parts = tables(address, _numeric(m, head), head, wiring)
        if not adapters_fit(parts, w, sizes):
            return -1
        references = element(m, TUPLE_SIZE, tuple_id) if tuple_id >= 0 else 0
        first = 4 * np.int64(element(m, TUPLE_ADR, tuple_id)) if references else 0
        objects, types_of = field(m, TUPLE_OBJID) + first, field(m, TUPLE_OBJTYPE) + first
        userdata = int64_at(m + published(NUSERDATA))
        addresses, widths, controls = field(m, SENSOR_ADR), field(m, SENSOR_DIM), field(m, ACTUATOR_CTRLADR)
        for rows in (parts.afferents, parts.terms):
            for k in range(rows.shape[0]):
                if not resolve(
                    rows[k], objects, types_of, references, addresses, widths, controls, field(m, ACTUATOR_OUTADR),
                    userdata, sizes[Count.NEURONS],
                ):  # fmt: skip
                    return -1
                kind = rows[k, Reading.KIND]
                head[Block.UNSENSED] |= Source.TENDON_LENGTH <= kind <= Source.MUSCLE_FORCE
        for j in range(parts.slots.shape[1]):
            found = referred(objects, types_of, references, np.int64(parts.slots[0, j]), ACTUATOR)
            if found < 0:
                return -1
            parts.slots[0, j] = int32_at(controls + 4 * np.int64(found))
        for k in range(parts.motors.shape[0]):
            head[Block.SIGMOID] |= parts.motors[k, Motor.SHAPE] == Shape.SIGMOID
        return 0

    @cfunc(types.void(types.voidptr, types.int32), cache=True, error_model="numpy")
    def destroy(data, instance):
        where = integers(field(to_address(data), PLUGIN_DATA) + 8 * instance, 1)
        if fingerprint:
            release(where[0])
        where[0] = 0

    @cfunc(types.void(types.voidptr, types.voidptr, types.voidptr, types.int32), cache=True, error_model="numpy")
    def reset(model, plugin_state, plugin_data, instance):
        address = to_address(plugin_data)
        if address == 0 or not fingerprint:
            return
        head, structure, wiring, _, _, _ = open_block(address)
        numeric = _numeric(to_address(model), head)
        _, initial, general = split_numbers(numeric, wiring)
        state, spikes, tail, own, afferent_rings, efferent_rings = split_state(
            to_address(plugin_state), structure, wiring
        )
        state[:] = 0.0
        state[: len(initial)] = initial
        spikes[:] = 0.0
        tail[0] = 0.0
        tail[1] = general[1]
        own[:] = 0.0
        afferent_rings[:] = 0.0
        # until its first signal arrives, a muscle hears a neuron at its initial potential, and a pool at rest
        motors = tables(address, numeric, head, wiring).motors
        start = np.uint64(0)
        for k in range(motors.shape[0]):
            first = 0.0 if motors[k, Motor.POOLED] else state[motors[k, Motor.INDEX]]
            for _ in range(motors[k, Motor.ROOM]):
                efferent_rings[start] = first
                start += np.uint64(1)

    @cfunc(types.void(types.voidptr, types.voidptr, types.int32, types.int32), cache=True, error_model="numpy")
    def compute(model, data, instance, capability):
        m, d = to_address(model), to_address(data)
        address = int64_at(field(d, PLUGIN_DATA) + 8 * instance)
        if address == 0 or not fingerprint:
            return
        head, structure, wiring, _, _, _ = open_block(address)
        at = field(d, PLUGIN_STATE) + 8 * np.int64(element(m, PLUGIN_STATEADR, instance))
        state, spikes, tail, own, _, efferent_rings = split_state(at, structure, wiring)
        n = np.int64(structure[Count.NEURONS])
        if head[Block.READOUT] >= 0:
            readout = doubles(field(d, SENSORDATA) + 8 * head[Block.READOUT], n + len(spikes))
            for i in range(np.uint64(n)):
                readout[i] = state[i]
            for i in range(np.uint64(len(spikes))):
                readout[np.uint64(n) + i] = spikes[i]
        parts = tables(address, _numeric(m, head), head, wiring)
        actuate(parts, own, efferent_rings, tail[0], state, head[Block.SIGMOID] != 0, doubles(field(d, CTRL), 1 << 30))

    @cfunc(types.void(types.voidptr, types.voidptr, types.int32), cache=True, error_model="numpy")
    def advance(model, data, instance):
        m, d = to_address(model), to_address(data)
        address = int64_at(field(d, PLUGIN_DATA) + 8 * instance)
        if address == 0 or not fingerprint:
            return
        head, structure, wiring, work, x, y = open_block(address)
        numeric = _numeric(m, head)
        parameters, _, general = split_numbers(numeric, wiring)
        parts = tables(address, numeric, head, wiring)
        at = field(d, PLUGIN_STATE) + 8 * np.int64(element(m, PLUGIN_STATEADR, instance))
        state, spikes, tail, own, afferent_rings, efferent_rings = split_state(at, structure, wiring)
        n = np.int64(structure[Count.NEURONS])
        clock, interval = np.int64(tail[0]), np.int64(wiring[Wire.INTERVAL])
        sources = integers(address + head[Block.SOURCES], PLAIN)
        sources[Source.SENSOR], sources[Source.COMMAND] = field(d, SENSORDATA), field(d, USERDATA)
        sources[Source.CONTROL], sources[Source.POTENTIAL] = field(d, CTRL), at
        sources[Source.TENDON_LENGTH], sources[Source.TENDON_VELOCITY] = field(d, TEN_LENGTH), field(d, TEN_VELOCITY)
        sources[Source.MUSCLE_LENGTH] = field(d, ACTUATOR_LENGTH)
        sources[Source.MUSCLE_VELOCITY] = field(d, ACTUATOR_VELOCITY)
        sources[Source.MUSCLE_FORCE] = field(d, ACTUATOR_FORCE)
        width = padded(np.int64(wiring[Wire.AFFERENTS]))
        signals = doubles(address + head[Block.SIGNALS], width)
        currents = doubles(address + head[Block.CURRENTS], width)
        if wiring[Wire.EFFERENT_RINGS]:
            remember(parts, own, efferent_rings, clock, state)
        measure(parts, own, clock, tail[1], sources, signals)
        holds, faults = head[Block.HOLDS], head[Block.FAULTS]  # of a stimulator, see `rig.stimulator`
        if faults:
            fail(faults, signals, tail[1], clock)
        convey(parts, afferent_rings, clock, signals, currents)
        if faults:
            deprive(faults, currents)
        if holds:
            begin_holding(holds, state, clock % interval == interval - 1)
        # a neural step longer than the physics step is made when its time is over, so that it sees no future
        spikes[:] = 0.0
        if clock % interval == interval - 1:
            # adapters and neurons draw from one seed
            sections.memory(structure, state, State.SEED, 1)[0] = tail[1]
            # clamped neurons are brought back after every neural step
            at_once = 1 if holds else np.int64(wiring[Wire.SUBSTEPS])
            for _ in range(np.int64(wiring[Wire.SUBSTEPS]) // at_once):
                step_at(
                    structure.ctypes.data, parameters.ctypes.data, state.ctypes.data, work.ctypes.data, x.ctypes.data,
                    y.ctypes.data, at_once, 0, 0, 1,
                )  # fmt: skip
                if holds:
                    spikes += sections.memory(structure, state, State.SPIKE, len(spikes))
                    hold(holds, state, 1.0 / wiring[Wire.SUBSTEPS])
            if at_once > 1:
                spikes[:] = sections.scratch(structure, work, Scratch.COUNT, len(spikes))
            elif not holds:
                spikes[:] = sections.memory(structure, state, State.SPIKE, len(spikes))
        if wiring[Wire.POOLS]:
            twitch(parts, own, clock, spikes)
        tail[0] += 1.0
        # nothing can be raised here: what is wrong must show as a warning of MuJoCo's and as lost potentials
        option = m + published(OPT)
        if doubles(option + published(TIMESTEP), 1)[0] != general[0] or (
            head[Block.UNSENSED] and int32_at(option + published(INTEGRATOR)) == RK4
        ):
            state[:n] = np.nan
        lost = _lost(doubles(at, n))
        if lost >= 0:
            warn(d, BAD_CONTROL, np.int32(lost))
        run_tapes(m, d, head[Block.TAPES])

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
    engine.publish(TABLE, engine.FIELDS, ATTRIBUTES)
    entry.publish()
    fingerprint = engine.fingerprint(
        curves, driving, layout, sensing, exponential, random, sections, entry, memory, engine, block, checking,
        muscles, rig, rig_layout, tape,
    )  # fmt: skip
    slot = engine.register_plugin(
        PLUGIN_NAME, ATTRIBUTES, mujoco.mjtPluginCapabilityBit.mjPLUGIN_SENSOR, _callbacks(fingerprint),
        needstage=mujoco.mjtStage.mjSTAGE_POS,
    )  # fmt: skip
    extension = f'<extension><plugin plugin="{PLUGIN_NAME}"><instance name="bare"/></plugin></extension>'
    readout = f'<plugin name="bare" plugin="{PLUGIN_NAME}" instance="bare"/>'
    engine.check_offsets(engine.offset_table(), engine.probe_model(extension, readout))
    tape.hold(slot, 8 * Block.TAPES)
    return slot
