"""What the plugin checks of the wiring of a model before it relies on it: a file may have been changed by hand."""

import mujoco
import numpy as np
from numba import njit

from sns_mujoco.adapters.native.layout import (
    LIMITS,
    NONE,
    STRETCH_WIDTH,
    UNIT_EXTRAS,
    UNIT_MEMORY,
    Bend,
    Curve,
    Form,
    Motor,
    Pool,
    Reading,
    Row,
    Shape,
    Source,
    Term,
    Unit,
)
from sns_mujoco.backends.families import Op
from sns_mujoco.backends.native.sections import Count
from sns_mujoco.cosim.block import Wire
from sns_mujoco.cosim.memory import int32_at

QUATERNION = 4  # numbers
SENSOR, ACTUATOR, TENDON = map(
    int, (mujoco.mjtObj.mjOBJ_SENSOR, mujoco.mjtObj.mjOBJ_ACTUATOR, mujoco.mjtObj.mjOBJ_TENDON)
)
LONGEST = 10**6  # neural steps in a physics step, or the reverse


@njit(error_model="numpy")
def counts_fit(w, sizes):
    """Whether the counts of the wiring are those of the network, and such that a step can be made."""
    return (
        w[Wire.STATE] == sizes[Count.STATE]
        and w[Wire.WORK] == sizes[Count.SCRATCH]
        and w[Wire.PARAMETERS] == sizes[Count.PARAMETERS]
        and w[Wire.OUTPUTS] == sizes[Count.OUTPUTS]
        and w[Wire.INITIAL] <= w[Wire.STATE]
        and w[Wire.AFFERENTS] <= w[Wire.INPUTS] <= sizes[Count.STRUCTURE]  # every input has an edge there
        and w[Wire.REGISTERS] <= w[Wire.CODE]
        and 1 <= w[Wire.SUBSTEPS] <= LONGEST
        and 1 <= w[Wire.INTERVAL] <= LONGEST
    )


@njit(error_model="numpy")
def adapters_fit(parts, w, sizes):
    """Whether all indices of adapters, but for what they read, lie within what they point into."""
    afferent_rings, efferent_rings = 0, 0
    for k in range(parts.afferents.shape[0]):
        row = parts.afferents[k]
        afferent_rings += np.int64(row[Row.ROOM])
        form, extra = row[Row.FORM], 0
        if form == Form.SUM or form == Form.RATE:
            extra = 1
        elif form == Form.SWITCH:
            extra = 2
        elif form == Form.STRETCH:
            extra = STRETCH_WIDTH
        if (
            form > Form.STRETCH
            or (form == Form.DIRECT) == (row[Reading.KIND] == Source.NOTHING)
            or row[Row.FIRST] > row[Row.LAST]
            or row[Row.LAST] > w[Wire.TERMS]
            or np.int64(row[Row.EXTRA]) + extra > w[Wire.EXTRAS]
            or (form == Form.STRETCH and np.int64(row[Row.FIRST]) + 2 > row[Row.LAST])
            or (form >= Form.SWITCH and row[Row.MEMORY] >= w[Wire.MEMORY])
            or (row[Row.CURVE] != NONE and row[Row.CURVE] >= w[Wire.CURVES])
            or (row[Row.DELAY] != NONE and row[Row.DELAY] >= w[Wire.EXTRAS])
        ):
            return False
    for k in range(parts.terms.shape[0]):
        row = parts.terms[k]
        if row[Reading.KIND] == Source.NOTHING:
            return False
        if row[Term.MODULATOR] != NONE and row[Term.MODULATOR] >= sizes[Count.NEURONS]:
            return False
    for k in range(parts.motors.shape[0]):
        row = parts.motors[k]
        efferent_rings += np.int64(row[Motor.ROOM])
        if (
            row[Motor.SLOT] >= w[Wire.SLOTS]
            or row[Motor.INDEX] >= (w[Wire.MEMORY] if row[Motor.POOLED] else sizes[Count.NEURONS])
            or row[Motor.SHAPE] > Shape.CURVE
            or (row[Motor.SHAPE] == Shape.CURVE and row[Motor.CURVE] >= w[Wire.CURVES])
            or (row[Motor.DELAY] != NONE and row[Motor.DELAY] >= w[Wire.EXTRAS])
        ):
            return False
    for k in range(parts.pools.shape[0]):
        row = parts.pools[k]
        if row[Pool.FIRST] > row[Pool.LAST] or row[Pool.LAST] > w[Wire.UNITS] or row[Pool.OUTPUT] >= w[Wire.MEMORY]:
            return False
    for k in range(parts.units.shape[0]):
        row = parts.units[k]
        if (
            row[Unit.NEURON] >= sizes[Count.SPIKING]
            or np.int64(row[Unit.MEMORY]) + UNIT_MEMORY > w[Wire.MEMORY]
            or np.int64(row[Unit.EXTRA]) + UNIT_EXTRAS > w[Wire.EXTRAS]
        ):
            return False
    if afferent_rings != w[Wire.AFFERENT_RINGS] or efferent_rings != w[Wire.EFFERENT_RINGS]:
        return False
    return _curves_fit(parts, w)


@njit(error_model="numpy")
def _curves_fit(parts, w):
    for k in range(parts.curves.shape[0]):
        row = parts.curves[k]
        kind, n = row[Bend.KIND], np.int64(row[Bend.COUNT])
        if (
            kind > Curve.EQUATION
            or np.int64(row[Bend.EXTRA]) + LIMITS + n > w[Wire.EXTRAS]
            or (kind <= Curve.BELL and n != 4)
            or (kind == Curve.LENGTH_TENSION and n != 2)
            or (kind == Curve.TABLE and (n < 2 or n % 2 == 1))
        ):
            return False
        if kind == Curve.EQUATION:
            first, last = np.int64(row[Bend.FIRST]), np.int64(row[Bend.LAST])
            if first >= last or last > w[Wire.CODE] or last - first > w[Wire.REGISTERS]:
                return False
            for i in range(first, last):
                op = parts.code[i, 0]
                if op == Op.CONSTANT:
                    if parts.code[i, 1] >= n:
                        return False
                elif op != Op.VARIABLE:
                    # operands are results of earlier instructions
                    for j in range(1, 4):
                        if np.int64(parts.code[i, j]) > max(i - first - 1, 0):
                            return False
    return True


@njit(error_model="numpy")
def referred(objects, types, references, place, kind):
    """Id of the object at a place of the tuple; -1 if it is not there, or not of that kind."""
    if place >= references or int32_at(types + 4 * place) != kind:
        return -1
    return int32_at(objects + 4 * place)


@njit(error_model="numpy")
def resolve(row, objects, types, references, addresses, widths, controls, outputs, userdata, neurons):
    """Turn what an afferent or a term reads from a place in the tuple into one in an array; whether it is there.

    Args:
        row: Of an afferent or a term, changed in place.
        objects: Address of the ids that the tuple holds.
        types: Address of their types.
        references: Their number.
        addresses: Address of the model's `sensor_adr`.
        widths: Address of the model's `sensor_dim`.
        controls: Address of the model's `actuator_ctrladr`.
        outputs: Address of the model's `actuator_outadr`.
        userdata: Numbers in userdata.
        neurons: Number of neurons.
    """
    kind, place = row[Reading.KIND], np.int64(row[Reading.ADDRESS])
    if kind == Source.NOTHING:
        return True
    if kind == Source.COMMAND:
        return place < userdata
    if kind == Source.POTENTIAL:
        return place < neurons
    if kind == Source.TENDON_LENGTH or kind == Source.TENDON_VELOCITY:
        wanted = TENDON
    elif kind == Source.CONTROL or Source.MUSCLE_LENGTH <= kind <= Source.MUSCLE_FORCE:
        wanted = ACTUATOR
    else:
        wanted = SENSOR
    found = np.int64(referred(objects, types, references, place, wanted))
    if found < 0 or kind > Source.YAW:
        return False
    if wanted == TENDON:
        row[Reading.ADDRESS] = found
    elif wanted == ACTUATOR:
        row[Reading.ADDRESS] = int32_at((controls if kind == Source.CONTROL else outputs) + 4 * found)
    else:
        width, first = int32_at(widths + 4 * found), int32_at(addresses + 4 * found)
        if kind == Source.SENSOR and row[Reading.CHANNEL] >= width:
            return False
        if Source.ROLL <= kind <= Source.YAW and width != QUATERNION:
            return False
        row[Reading.ADDRESS] = first + row[Reading.CHANNEL] if kind == Source.SENSOR else first
        row[Reading.WIDTH] = width
    return True
