"""The engine plugin: muscles that MuJoCo itself steps, without Python.

An ACTUATOR plugin; one instance drives all muscles of one call of `add_muscles`. `compute` writes the forces, from
tensions in `plugin_state` and activations in `act`. `advance` steps the tensions, once per physics step under every
integrator, from the lengths, velocities and excitations of the step; RK4 leaves those of its last stage, which is at
the end of the step. Activations are MuJoCo's own (dyntype "muscle"), so RK4's stages see them change.

In the model, an instance named M owns
  - its configuration `kinds`: one letter per muscle, of `KINDS`;
  - the tuple M: the actuators of the muscles, in order, resolved by MuJoCo's own compiler;
  - the numeric field M: `WIDTH` numbers per muscle (`NUMBERS`), so that `Batch.expand("numeric_data")` gives every
    individual its own muscles;
  - the text M: a description, which is not read here.
`plugin_state` holds the tension of each linear Hill muscle. The addresses in the model and the data that an `mjData`
needs lie decoded in a block of its own behind `plugin_data`, and are no state.
"""

from functools import cache

import mujoco
import numpy as np
from numba import cfunc, njit, types

from sns_mujoco.backends.native import exponential
from sns_mujoco.cosim import engine, memory
from sns_mujoco.cosim.memory import (
    allocate,
    byte_at,
    double_rows,
    doubles,
    get_config,
    index_rows,
    int32_at,
    int64_at,
    integers,
    name_to_id,
    release,
    to_address,
    warn,
)  # fmt: skip
from sns_mujoco.muscles import kernel
from sns_mujoco.muscles.kernel import (
    active_tension,
    applied_tension,
    excited,
    hill_force,
    linear_hill_tension,
    relaxation,
)

PLUGIN_NAME = "sns_mujoco.muscles"
TABLE = "sns_mujoco_muscles_table"
ATTRIBUTES = ("kinds",)
KINDS = {"mujoco": "m", "linear_hill": "l", "hill": "h"}
WIDTH = 8
NUMBERS = {
    "linear_hill": ("force", "kse", "kpe", "damping", "rest_length", "width", "max_tension"),
    "hill": (
        "force", "optimal_length", "tendon_slack_length", "pennation", "max_velocity", "damping", "passive_shape",
        "passive_strain",
    ),
}  # fmt: skip

FIELDS = (
    "model.opt", "model.names", "model.name_pluginadr", "model.plugin_stateadr", "model.numeric_adr",
    "model.numeric_size", "model.numeric_data", "model.tuple_adr", "model.tuple_size", "model.tuple_objid",
    "model.actuator_plugin", "model.actuator_group", "model.actuator_ctrladr", "model.actuator_outadr",
    "model.actuator_actadr", "data.ctrl", "data.act", "data.actuator_length", "data.actuator_velocity",
    "data.actuator_force", "data.plugin_state", "data.plugin_data", "option.timestep", "option.disableflags",
    "option.disableactuator", "model.nactuator",
)  # fmt: skip
# places in the published table; numba freezes them into its cache, which watches this file only
(
    OPT, NAMES, NAME_PLUGINADR, PLUGIN_STATEADR, NUMERIC_ADR, NUMERIC_SIZE, NUMERIC_DATA, TUPLE_ADR, TUPLE_SIZE,
    TUPLE_OBJID, ACTUATOR_PLUGIN, ACTUATOR_GROUP, ACTUATOR_CTRLADR, ACTUATOR_OUTADR, ACTUATOR_ACTADR, CTRL, ACT,
    LENGTH, VELOCITY, FORCE, PLUGIN_STATE, PLUGIN_DATA, TIMESTEP, DISABLEFLAGS, DISABLEACTUATOR, NACTUATOR, KINDS_KEY,
) = range(27)  # fmt: skip
assert len(FIELDS) == KINDS_KEY

published, field, element = memory.table(TABLE)
NUMERIC_OBJECT = int(mujoco.mjtObj.mjOBJ_NUMERIC)
TUPLE_OBJECT = int(mujoco.mjtObj.mjOBJ_TUPLE)
ACTUATION_OFF = int(mujoco.mjtDisableBit.mjDSBL_ACTUATION)
BAD_CONTROL = int(mujoco.mjtWarning.mjWARN_BADCTRL)
MUJOCO, LINEAR, HILL = (ord(letter) for letter in KINDS.values())

# int64s at the start of a block, and the rows of uint32 behind them, a column for each of our muscles
(B_COUNT, B_LISTED, B_NUMBERS, B_STATE, B_SIZE) = range(5)
(R_KIND, R_PLACE, R_ACTUATOR, R_GROUP, R_CONTROL, R_OUTPUT, R_ACTIVATION, R_STATE, R_SIZE) = range(9)


@njit(error_model="numpy")
def _open(m, d, address):
    """A block's rows, the numbers of its muscles in the model, and its state."""
    head = integers(address, B_SIZE)
    rows = index_rows(address + 8 * B_SIZE, R_SIZE, head[B_COUNT])
    numbers = double_rows(field(m, NUMERIC_DATA) + 8 * head[B_NUMBERS], head[B_LISTED], WIDTH)
    return rows, numbers, doubles(field(d, PLUGIN_STATE) + 8 * head[B_STATE], head[B_COUNT])


@njit(error_model="numpy")
def _disabled(m, group):
    """Whether the actuators of a group are switched off in the model's options."""
    bits = int32_at(m + published(OPT) + published(DISABLEACTUATOR))
    return bits != 0 and group <= 30 and (bits >> group) & 1 == 1


def _callbacks(fingerprint: int) -> dict[str, int]:
    """Addresses of the callbacks, compiled or taken from numba's cache.

    The cache watches this file only. `fingerprint`, a digest of the other files whose code is compiled in, is a
    closure variable of the callbacks and thereby part of the cache's key.
    """

    @cfunc(types.int32(types.voidptr, types.int32), cache=True, error_model="numpy")
    def nstate(model, instance):
        text, states = get_config(to_address(model), instance, published(KINDS_KEY)), 0
        while text != 0 and byte_at(text) != 0 and fingerprint:
            states += byte_at(text) == LINEAR
            text += 1
        return states

    @cfunc(types.int32(types.voidptr, types.voidptr, types.int32), cache=True, error_model="numpy")
    def init(model, data, instance):
        m, d = to_address(model), to_address(data)
        slot = integers(field(d, PLUGIN_DATA) + 8 * instance, 1)
        slot[0] = 0
        kinds = get_config(m, instance, published(KINDS_KEY))
        listed, ours = 0, 0
        while kinds != 0 and byte_at(kinds + listed) != 0:
            ours += byte_at(kinds + listed) != MUJOCO
            listed += 1
        # a bare instance, as the check of the offsets makes one
        if listed == 0 or not fingerprint:
            return 0
        name = field(m, NAMES) + element(m, NAME_PLUGINADR, instance)
        numeric, group = name_to_id(m, NUMERIC_OBJECT, name), name_to_id(m, TUPLE_OBJECT, name)
        if numeric < 0 or group < 0:
            return -1
        if element(m, NUMERIC_SIZE, numeric) != WIDTH * listed or element(m, TUPLE_SIZE, group) != listed:
            return -1
        address = allocate(8 * B_SIZE + 4 * R_SIZE * ours)
        if address == 0:
            return -1
        head, rows = integers(address, B_SIZE), index_rows(address + 8 * B_SIZE, R_SIZE, ours)
        head[B_COUNT] = ours
        head[B_LISTED] = listed
        head[B_NUMBERS] = element(m, NUMERIC_ADR, numeric)
        head[B_STATE] = element(m, PLUGIN_STATEADR, instance)
        slot[0] = address
        column, states = 0, 0
        for k in range(listed):
            kind = byte_at(kinds + k)
            if kind == MUJOCO:
                continue
            actuator = element(m, TUPLE_OBJID, element(m, TUPLE_ADR, group) + k)
            activation = element(m, ACTUATOR_ACTADR, actuator)
            if element(m, ACTUATOR_PLUGIN, actuator) != instance or (kind == HILL) != (activation >= 0):
                return -1
            if kind != HILL and kind != LINEAR:
                return -1
            rows[R_KIND, column] = kind
            rows[R_PLACE, column] = k
            rows[R_ACTUATOR, column] = actuator
            # as unsigned numbers, negative groups, which cannot be disabled, are beyond all others
            rows[R_GROUP, column] = element(m, ACTUATOR_GROUP, actuator)
            rows[R_CONTROL, column] = element(m, ACTUATOR_CTRLADR, actuator)
            rows[R_OUTPUT, column] = element(m, ACTUATOR_OUTADR, actuator)
            rows[R_ACTIVATION, column] = max(activation, 0)
            rows[R_STATE, column] = states
            states += kind == LINEAR
            column += 1
        # an actuator of ours that is not listed would never pull
        for actuator in range(int64_at(m + published(NACTUATOR))):
            column -= element(m, ACTUATOR_PLUGIN, actuator) == instance
        return 0 if column == 0 else -1

    @cfunc(types.void(types.voidptr, types.int32), cache=True, error_model="numpy")
    def destroy(data, instance):
        slot = integers(field(to_address(data), PLUGIN_DATA) + 8 * instance, 1)
        if fingerprint:
            release(slot[0])
        slot[0] = 0

    @cfunc(types.void(types.voidptr, types.voidptr, types.voidptr, types.int32), cache=True, error_model="numpy")
    def reset(model, plugin_state, plugin_data, instance):
        address = to_address(plugin_data)
        if address == 0 or not fingerprint:
            return
        count = integers(address, B_SIZE)[B_COUNT]
        rows, state = index_rows(address + 8 * B_SIZE, R_SIZE, count), doubles(to_address(plugin_state), 1 << 30)
        for i in range(count):
            if rows[R_KIND, i] == LINEAR:
                state[rows[R_STATE, i]] = 0.0

    @cfunc(types.void(types.voidptr, types.voidptr, types.int32, types.int32), cache=True, error_model="numpy")
    def compute(model, data, instance, capability):
        m, d = to_address(model), to_address(data)
        address = int64_at(field(d, PLUGIN_DATA) + 8 * instance)
        if address == 0 or not fingerprint:
            return
        rows, numbers, state = _open(m, d, address)
        act, force = doubles(field(d, ACT), 1 << 30), doubles(field(d, FORCE), 1 << 30)
        length, velocity = doubles(field(d, LENGTH), 1 << 30), doubles(field(d, VELOCITY), 1 << 30)
        for i in range(rows.shape[1]):
            if _disabled(m, rows[R_GROUP, i]):
                continue
            out, p = rows[R_OUTPUT, i], rows[R_PLACE, i]
            if rows[R_KIND, i] == LINEAR:
                force[out] = 0.0 - applied_tension(state[rows[R_STATE, i]], numbers[p, 6])
            else:
                force[out] = 0.0 - hill_force(
                    act[rows[R_ACTIVATION, i]], length[out], velocity[out], numbers[p, 0], numbers[p, 1],
                    numbers[p, 2], numbers[p, 3], numbers[p, 4], numbers[p, 5], numbers[p, 6], numbers[p, 7],
                )  # fmt: skip

    @cfunc(types.void(types.voidptr, types.voidptr, types.int32), cache=True, error_model="numpy")
    def advance(model, data, instance):
        m, d = to_address(model), to_address(data)
        address = int64_at(field(d, PLUGIN_DATA) + 8 * instance)
        if address == 0 or not fingerprint:
            return
        # where MuJoCo keeps activations as they are, tensions stay too
        if int32_at(m + published(OPT) + published(DISABLEFLAGS)) & ACTUATION_OFF:
            return
        rows, numbers, state = _open(m, d, address)
        ctrl = doubles(field(d, CTRL), 1 << 30)
        length, velocity = doubles(field(d, LENGTH), 1 << 30), doubles(field(d, VELOCITY), 1 << 30)
        dt = doubles(m + published(OPT) + published(TIMESTEP), 1)[0]
        for i in range(rows.shape[1]):
            if rows[R_KIND, i] != LINEAR or _disabled(m, rows[R_GROUP, i]):
                continue
            p, at, out = rows[R_PLACE, i], rows[R_STATE, i], rows[R_OUTPUT, i]
            active = active_tension(
                numbers[p, 0], excited(ctrl[rows[R_CONTROL, i]]), length[out], numbers[p, 4], numbers[p, 5]
            )
            share, keep = relaxation(numbers[p, 1], numbers[p, 2], numbers[p, 3], dt)
            state[at] = linear_hill_tension(
                state[at], length[out], velocity[out], active, share, keep, numbers[p, 2], numbers[p, 3], numbers[p, 4]
            )
            # nothing can be raised here: what is wrong must show as a warning of MuJoCo's and in the forces
            if not abs(state[at]) < np.inf:
                warn(d, BAD_CONTROL, rows[R_ACTUATOR, i])

    callbacks = {
        "nstate": nstate, "init": init, "destroy": destroy, "reset": reset, "compute": compute, "advance": advance,
    }  # fmt: skip
    return {name: callback.address for name, callback in callbacks.items()}


@cache
def register() -> int:
    """Register the plugin with the engine, once a process; its slot.

    Raises:
        ImportError: The installed MuJoCo lays out its structs in a way that cannot be relied upon.
    """
    engine.publish(TABLE, FIELDS, ATTRIBUTES)
    slot = engine.register_plugin(
        PLUGIN_NAME, ATTRIBUTES, mujoco.mjtPluginCapabilityBit.mjPLUGIN_ACTUATOR,
        _callbacks(engine.fingerprint(kernel, exponential, memory, engine)),
    )  # fmt: skip
    extension = f'<extension><plugin plugin="{PLUGIN_NAME}"><instance name="bare"/></plugin></extension>'
    actuator = f'<plugin joint="j" plugin="{PLUGIN_NAME}" instance="bare"/>'
    engine.check_offsets(engine.offset_table(FIELDS), engine.probe_model(extension, actuator=actuator))
    return slot
