"""The engine plugin: a nervous system that MuJoCo itself steps, in lockstep with the body and without Python.

A SENSOR plugin of the velocity stage. `compute` runs before actuation: it writes membrane potentials (and, for
spiking neurons, the spikes of the last step) into `sensordata` and the motor output into `ctrl`. `advance` runs when
the sensors of the step are complete: it reads them at time t and integrates the neurons to t + dt. So sensors(t) act
on neurons(t + dt), which act on the actuators from t + dt on; RK4's substeps skip sensors, so under every integrator
the brain is stepped once per step, and the physics state alone is the whole state.

In the model, an instance named B owns
  - its configuration: `state` and `readout` (sizes), `structure` and `wiring` (indices, in decimal);
  - the numeric field B: all numbers, so that `Batch.expand("numeric_data")` gives every individual its own brain;
  - the tuple B: the sensors and actuators it is wired to, in order, resolved by MuJoCo's own compiler;
  - the sensor B: the readout.
`wiring` is a header of `HEADER` counts, then afferents [7, A], efferent terms [4, T] and slots [2, L]; sensors and
actuators are places in the tuple. The numeric field holds the program's parameters, the initial state, the physics
step (s), the noise seed, then afferents [5, A], terms [3, T] and slots [3, L]. `plugin_state` holds the state of
`StateLayout`, the spikes of each neuron in the last physics step [S], the clock (physics steps since the reset), the
noise seed, and the delay lines of afferents and efferents. What an `mjData` needs besides, decoded indices and
scratch, lies in a block of its own behind `plugin_data`, and is no state.
"""

from functools import cache

import mujoco
import numpy as np
from numba import cfunc, njit, types

from sns_mujoco.adapters import kernel as adapters
from sns_mujoco.adapters.kernel import COMMAND, NORM
from sns_mujoco.backends.native import entry, random, sections
from sns_mujoco.backends.native.entry import step_at
from sns_mujoco.backends.native.sections import Count, Scratch, State
from sns_mujoco.cosim import engine, memory
from sns_mujoco.cosim.memory import (
    allocate,
    byte_at,
    double_rows,
    doubles,
    get_config,
    index_rows,
    indices,
    int32_at,
    int64_at,
    integers,
    name_to_id,
    release,
    to_address,
    warn,
)  # fmt: skip

PLUGIN_NAME = "sns_mujoco.nervous_system"
TABLE = "sns_mujoco_nervous_system_table"
ATTRIBUTES = ("state", "readout", "wiring", "structure")
HEADER = 13  # counts at the start of `wiring`
TAIL = 2  # clock and noise seed, which follow the spike counts in the state

# places in the published table; numba freezes them into its cache, which watches this file only
(
    OPT, NSENSOR, NAMES, NAME_PLUGINADR, PLUGIN_STATEADR, NUMERIC_ADR, NUMERIC_SIZE, NUMERIC_DATA, TUPLE_ADR,
    TUPLE_SIZE, TUPLE_OBJID, SENSOR_ADR, SENSOR_DIM, SENSOR_PLUGIN, CTRL, USERDATA, SENSORDATA, PLUGIN_STATE,
    PLUGIN_DATA, TIMESTEP, DISABLEFLAGS, NUSERDATA, STATE_KEY, READOUT_KEY, WIRING_KEY, STRUCTURE_KEY,
) = range(26)  # fmt: skip
assert len(engine.FIELDS) == STATE_KEY and STRUCTURE_KEY - STATE_KEY == len(ATTRIBUTES) - 1

published, field, element = memory.table(TABLE)
NUMERIC_OBJECT = int(mujoco.mjtObj.mjOBJ_NUMERIC)
TUPLE_OBJECT = int(mujoco.mjtObj.mjOBJ_TUPLE)
SENSORS_OFF = int(mujoco.mjtDisableBit.mjDSBL_SENSOR)
BAD_CONTROL = int(mujoco.mjtWarning.mjWARN_BADCTRL)

# int64s at the start of a block: where its arrays begin (bytes) and what was looked up in the model
(B_STRUCTURE, B_WIRING, B_WORK, B_INPUT, B_OUTPUT, B_NUMERIC, B_READOUT, B_NUMBERS, B_SIZE) = range(9)


def wiring_header(
    *, afferents: int, terms: int, slots: int, inputs: int, state: int, work: int, parameters: int, initial: int,
    substeps: int, interval: int, afferent_rings: int, efferent_rings: int, outputs: int,
) -> list[int]:  # fmt: skip
    """The counts at the start of `wiring`, in the order in which the callbacks read them."""
    return [
        afferents, terms, slots, inputs, state, work, parameters, initial, substeps, interval, afferent_rings,
        efferent_rings, outputs,
    ]  # fmt: skip


@njit(error_model="numpy")
def _config(m, instance, key):
    """Address of the text of a configuration attribute; 0 if it is not set."""
    text = get_config(m, instance, published(key))
    return text if text != 0 and byte_at(text) != 0 else 0


@njit(error_model="numpy")
def _number(text):
    """The decimal number at the start of a text, and where the next one starts."""
    value = 0
    while byte_at(text) > 32:
        value = value * 10 + (np.int64(byte_at(text)) - 48)
        text += 1
    return value, text + (byte_at(text) == 32)


@njit(error_model="numpy")
def _count(text):
    """How many numbers a text holds."""
    n = 0
    while text != 0 and byte_at(text) != 0:
        text = _number(text)[1]
        n += 1
    return n


@njit(error_model="numpy")
def _parse(text, into):
    """Read as many numbers as fit."""
    for i in range(len(into)):
        into[i], text = _number(text)


@njit(error_model="numpy")
def _open_block(address):
    """Header, structure, wiring, scratch, input and output of a block."""
    head = integers(address, B_SIZE)
    structure = indices(address + head[B_STRUCTURE], (head[B_WIRING] - head[B_STRUCTURE]) // 4)
    wiring = indices(address + head[B_WIRING], (head[B_WORK] - head[B_WIRING]) // 4)
    work = doubles(address + head[B_WORK], np.int64(wiring[5]))
    x = doubles(address + head[B_INPUT], np.int64(wiring[3]))
    y = doubles(address + head[B_OUTPUT], np.int64(wiring[12]))
    return head, structure, wiring, work, x, y


@njit(error_model="numpy")
def _split_wiring(address, head, wiring):
    """Afferents [7, A], efferent terms [4, T] and slots [2, L] of a block."""
    a, t, s = np.int64(wiring[0]), np.int64(wiring[1]), np.int64(wiring[2])
    at = address + head[B_WIRING] + 4 * HEADER
    return index_rows(at, 7, a), index_rows(at + 28 * a, 4, t), index_rows(at + 28 * a + 16 * t, 2, s)


@njit(error_model="numpy")
def _split_numbers(m, head, wiring):
    """The instance's numbers in the model: parameters, initial state, step and seed, afferents, terms, slots."""
    a, t, s = np.int64(wiring[0]), np.int64(wiring[1]), np.int64(wiring[2])
    at = field(m, NUMERIC_DATA) + 8 * np.int64(element(m, NUMERIC_ADR, head[B_NUMERIC]))
    n_parameters, n_initial = np.int64(wiring[6]), np.int64(wiring[7])
    initial = at + 8 * n_parameters
    general = initial + 8 * n_initial
    afferents = general + 16
    terms = afferents + 40 * a
    return (
        doubles(at, n_parameters), doubles(initial, n_initial), doubles(general, 2), double_rows(afferents, 5, a),
        double_rows(terms, 3, t), double_rows(terms + 24 * t, 3, s),
    )  # fmt: skip


@njit(error_model="numpy")
def _split_state(address, structure, wiring):
    """State of the neurons, spike counts, clock and seed [2], delay lines of afferents and efferents."""
    n, s = np.int64(wiring[4]), np.int64(structure[Count.SPIKING])
    a, e = np.int64(wiring[10]), np.int64(wiring[11])
    tail = address + 8 * (n + s)
    rings = tail + 8 * TAIL
    return (
        doubles(address, n), doubles(address + 8 * n, s), doubles(tail, TAIL), doubles(rings, a),
        doubles(rings + 8 * a, e),
    )  # fmt: skip


def _callbacks(fingerprint: int) -> dict[str, int]:
    """Addresses of the callbacks, compiled or taken from numba's cache.

    The cache watches this file only. `fingerprint`, a digest of the other files whose code is compiled in, is a
    closure variable of the callbacks and thereby part of the cache's key.
    """

    @cfunc(types.int32(types.voidptr, types.int32), cache=True, error_model="numpy")
    def nstate(model, instance):
        # the sizes that MuJoCo asks for while it compiles come from the configuration: numerics are not filled yet
        text = _config(to_address(model), instance, STATE_KEY)
        return _number(text)[0] if text != 0 and fingerprint else 0

    @cfunc(types.int32(types.voidptr, types.int32, types.int32), cache=True, error_model="numpy")
    def nsensordata(model, instance, sensor):
        text = _config(to_address(model), instance, READOUT_KEY)
        return _number(text)[0] if text != 0 and fingerprint else 0

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
        n_structure, n_wiring = _count(structure_text), _count(wiring_text)
        name = field(m, NAMES) + np.int64(element(m, NAME_PLUGINADR, instance))
        numeric_id = name_to_id(m, NUMERIC_OBJECT, name)
        tuple_id = name_to_id(m, TUPLE_OBJECT, name)
        if n_wiring < HEADER or n_structure < sections.HEADER or numeric_id < 0:
            return -1
        counts, sizes = np.zeros(HEADER, np.int64), np.zeros(sections.HEADER, np.int64)
        _parse(wiring_text, counts)
        _parse(structure_text, sizes)
        state_size = counts[4] + sizes[Count.SPIKING] + TAIL + counts[10] + counts[11]
        if (
            n_wiring != HEADER + 7 * counts[0] + 4 * counts[1] + 2 * counts[2]
            or n_structure != sizes[Count.STRUCTURE]
            or counts[4] != sizes[Count.STATE]
            or counts[5] != sizes[Count.SCRATCH]
            or counts[6] != sizes[Count.PARAMETERS]
            or counts[12] != sizes[Count.OUTPUTS]
            or _number(_config(m, instance, STATE_KEY))[0] != state_size
            or _number(_config(m, instance, READOUT_KEY))[0] != sizes[Count.NEURONS] + sizes[Count.SPIKING]
        ):
            return -1

        # all arrays of the block, each starting at a multiple of eight bytes
        head = np.zeros(B_SIZE, np.int64)
        head[B_STRUCTURE] = 8 * B_SIZE
        head[B_WIRING] = head[B_STRUCTURE] + 4 * (n_structure + n_structure % 2)
        head[B_WORK] = head[B_WIRING] + 4 * (n_wiring + n_wiring % 2)
        head[B_INPUT] = head[B_WORK] + 8 * counts[5]
        head[B_OUTPUT] = head[B_INPUT] + 8 * counts[3]
        head[B_NUMERIC] = numeric_id
        head[B_READOUT] = -1
        head[B_NUMBERS] = counts[6] + counts[7] + 2 + 5 * counts[0] + 3 * counts[1] + 3 * counts[2]
        if head[B_NUMBERS] != element(m, NUMERIC_SIZE, numeric_id):
            return -1
        address = allocate(head[B_OUTPUT] + 8 * counts[12])
        if address == 0:
            return -1
        integers(address, B_SIZE)[:] = head
        head, structure, wiring, work, x, y = _open_block(address)
        _parse(structure_text, structure[:n_structure])
        _parse(wiring_text, wiring[:n_wiring])
        slot[0] = address

        for sensor in range(int64_at(m + published(NSENSOR))):
            if element(m, SENSOR_PLUGIN, sensor) == instance:
                head[B_READOUT] = element(m, SENSOR_ADR, sensor)

        # places in the tuple become addresses in sensordata and actuator ids
        afferents, terms, slots = _split_wiring(address, head, wiring)
        n_references = element(m, TUPLE_SIZE, tuple_id) if tuple_id >= 0 else 0
        for k in range(afferents.shape[1]):
            if afferents[4, k] >= counts[3]:
                return -1
            if afferents[0, k] == COMMAND:
                if afferents[1, k] >= int64_at(m + published(NUSERDATA)):
                    return -1
            else:
                if afferents[1, k] >= n_references:
                    return -1
                sensor = element(m, TUPLE_OBJID, element(m, TUPLE_ADR, tuple_id) + afferents[1, k])
                width = element(m, SENSOR_DIM, sensor)
                if afferents[2, k] != NORM and afferents[2, k] >= width:
                    return -1
                afferents[1, k] = element(m, SENSOR_ADR, sensor)
                afferents[3, k] = width
        for j in range(slots.shape[1]):
            if slots[0, j] >= n_references:
                return -1
            slots[0, j] = element(m, TUPLE_OBJID, element(m, TUPLE_ADR, tuple_id) + slots[0, j])
        for k in range(terms.shape[1]):
            if terms[0, k] >= sizes[Count.NEURONS] or terms[1, k] >= counts[2]:
                return -1
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
        head, structure, wiring, _, _, _ = _open_block(address)
        parts = _split_numbers(to_address(model), head, wiring)
        initial, general = parts[1], parts[2]
        state, spikes, tail, afferent_rings, efferent_rings = _split_state(to_address(plugin_state), structure, wiring)
        state[:] = 0.0
        state[: len(initial)] = initial
        spikes[:] = 0.0
        tail[0] = 0.0
        tail[1] = general[1]
        afferent_rings[:] = 0.0
        terms = _split_wiring(address, head, wiring)[1]
        start = np.uint64(0)
        # until its first signal arrives, a muscle hears a neuron at its initial potential
        for k in range(terms.shape[1]):
            for _ in range(terms[3, k]):
                efferent_rings[start] = state[terms[0, k]]
                start += np.uint64(1)

    @cfunc(types.void(types.voidptr, types.voidptr, types.int32, types.int32), cache=True, error_model="numpy")
    def compute(model, data, instance, capability):
        m, d = to_address(model), to_address(data)
        address = int64_at(field(d, PLUGIN_DATA) + 8 * instance)
        if address == 0 or not fingerprint:
            return
        head, structure, wiring, _, _, _ = _open_block(address)
        parts = _split_numbers(m, head, wiring)
        at = field(d, PLUGIN_STATE) + 8 * np.int64(element(m, PLUGIN_STATEADR, instance))
        state, spikes, tail, _, efferent_rings = _split_state(at, structure, wiring)
        n = np.int64(structure[Count.NEURONS])
        if head[B_READOUT] >= 0:
            readout = doubles(field(d, SENSORDATA) + 8 * head[B_READOUT], n + len(spikes))
            readout[:n] = state[:n]
            readout[n:] = spikes
        _, terms, slots = _split_wiring(address, head, wiring)
        ctrl = doubles(field(d, CTRL), 1 << 30)
        adapters.actuate(terms, parts[4], slots[0], slots[1], parts[5], efferent_rings, tail[0], state[:n], ctrl)

    @cfunc(types.void(types.voidptr, types.voidptr, types.int32), cache=True, error_model="numpy")
    def advance(model, data, instance):
        m, d = to_address(model), to_address(data)
        address = int64_at(field(d, PLUGIN_DATA) + 8 * instance)
        if address == 0 or not fingerprint:
            return
        head, structure, wiring, work, x, y = _open_block(address)
        parameters, _, general, numbers, _, _ = _split_numbers(m, head, wiring)
        at = field(d, PLUGIN_STATE) + 8 * np.int64(element(m, PLUGIN_STATEADR, instance))
        state, spikes, tail, afferent_rings, efferent_rings = _split_state(at, structure, wiring)
        n = np.int64(structure[Count.NEURONS])
        afferents, terms, _ = _split_wiring(address, head, wiring)
        clock, interval = np.int64(tail[0]), np.int64(wiring[9])
        sensordata, userdata = doubles(field(d, SENSORDATA), 1 << 30), doubles(field(d, USERDATA), 1 << 30)
        adapters.remember(terms, efferent_rings, clock, state[:n])
        adapters.sense(afferents, numbers, afferent_rings, clock, tail[1], sensordata, userdata, x)
        # a neural step longer than the physics step is made when its time is over, so that it sees no future
        spikes[:] = 0.0
        if clock % interval == interval - 1:
            # adapters and neurons draw from one seed
            sections.memory(structure, state, State.SEED, 1)[0] = tail[1]
            step_at(
                structure.ctypes.data, parameters.ctypes.data, state.ctypes.data, work.ctypes.data, x.ctypes.data,
                y.ctypes.data, np.int64(wiring[8]), 0, 0, 1,
            )  # fmt: skip
            if wiring[8] > 1:
                spikes[:] = sections.scratch(structure, work, Scratch.COUNT, len(spikes))
            else:
                spikes[:] = sections.memory(structure, state, State.SPIKE, len(spikes))
        tail[0] += 1.0
        # nothing can be raised here: what is wrong must show as a warning of MuJoCo's and as lost potentials
        if doubles(m + published(OPT) + published(TIMESTEP), 1)[0] != general[0]:
            state[:n] = np.nan
        for i in range(n):
            if not abs(state[i]) < np.inf:
                warn(d, BAD_CONTROL, np.int32(i))
                break

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
    fingerprint = engine.fingerprint(adapters, random, sections, entry, memory, engine)
    slot = engine.register_plugin(
        PLUGIN_NAME, ATTRIBUTES, mujoco.mjtPluginCapabilityBit.mjPLUGIN_SENSOR, _callbacks(fingerprint),
        needstage=mujoco.mjtStage.mjSTAGE_VEL,
    )  # fmt: skip
    extension = f'<extension><plugin plugin="{PLUGIN_NAME}"><instance name="bare"/></plugin></extension>'
    readout = f'<plugin name="bare" plugin="{PLUGIN_NAME}" instance="bare"/>'
    engine.check_offsets(engine.offset_table(), engine.probe_model(extension, readout))
    return slot
