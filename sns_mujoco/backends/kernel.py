"""The fast CPU step: one numba function over the flat buffers of `layout.py`, the equations of `program.py`.

Sums run in the order of the arrays and floating point is strict, so the same input gives the same bits in every
caller: the numba backend and the native plugin. Indices are unsigned because signed ones cost a wrap-around check
at every gather. The state is laid out by `state.py`. A division by zero gives an infinity (`error_model="numpy"`): an
exception could not leave the engine's threads.
"""

import math

import numpy as np
from llvmlite import ir
from numba import carray, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from sns_mujoco.backends.program import OutputKind, TauRule

# numba folds these into the compiled code, and its cache only watches this file: they are spelled out here
CONSTANT, LIMITED = 1, 2
assert (CONSTANT, LIMITED) == (TauRule.CONSTANT, TauRule.LIMITED)
VOLTAGE, SPIKE, THRESHOLD, GATE_B, GATE_C, GRADED_G, GRADED_I, SPIKING_G, SPIKING_I, ZERO = range(10)
assert [VOLTAGE, SPIKE, THRESHOLD, GATE_B, GATE_C, GRADED_G, GRADED_I, SPIKING_G, SPIKING_I, ZERO] == list(OutputKind)[
    :10
]

HEADER = 11  # counts at the start of the structure


@intrinsic
def _pointer(typingctx, address):
    """An address as a pointer."""
    return types.voidptr(address), lambda ctx, b, sig, args: b.inttoptr(args[0], cgutils.voidptr_t)


@njit(cache=True, error_model="numpy")
def _indices(buffer, start, count):
    """A section of a uint32 buffer. A slice would check its ends, and fifty of them cost a third of a small step."""
    return carray(_pointer(buffer.ctypes.data + np.int64(4) * np.int64(start)), (np.int64(count),), np.uint32)


@njit(cache=True, error_model="numpy")
def _numbers(buffer, start, count):
    """A section of a float64 buffer."""
    return carray(_pointer(buffer.ctypes.data + np.int64(8) * np.int64(start)), (np.int64(count),), np.float64)


@njit(cache=True, error_model="numpy")
def _power(base, exponent):
    """Gate to its power, without the cost of `pow` for the powers that occur."""
    if exponent == 1.0:
        return base
    if exponent == 0.0:
        return 1.0
    if exponent == 2.0:
        return base * base
    if exponent == 3.0:
        return base * base * base
    if exponent == 4.0:
        return (base * base) * (base * base)
    return base**exponent


@njit(cache=True, error_model="numpy")
def _exponential(slope, midpoint, v):
    """The exp(slope (e - V)) of a gate, without the cost of exp for a gate that is switched off."""
    if slope == 0.0:
        return 1.0
    return math.exp(slope * (midpoint - v))


@intrinsic
def _two_graded(typingctx, total, v_post, v, source, e_lo, inverse_span, conductance, reversal, first):
    """Add the currents of two graded synapses to a sum, one after the other; computed side by side in one register.

    The same operations as `_graded` and its caller, in the same order, so the same bits; a fifth faster.
    """
    buffers = v, source, e_lo, inverse_span, conductance, reversal
    signature = types.float64(types.float64, types.float64, *buffers, types.uint64)

    def generate(context, builder, signature, args):
        double, index = ir.DoubleType(), ir.IntType(32)
        pair = ir.VectorType(double, 2)
        total, v_post, *_, first = args
        data = [
            context.make_array(kind)(context, builder, value).data
            for kind, value in zip(signature.args[2:8], args[2:8], strict=True)
        ]

        def both(first_value, second_value):
            vector = builder.insert_element(ir.Constant(pair, ir.Undefined), first_value, index(0))
            return builder.insert_element(vector, second_value, index(1))

        def load(pointer):
            return builder.load(builder.bitcast(builder.gep(pointer, [first]), pair.as_pointer()), align=8)

        potentials = []
        for k in range(2):
            place = builder.load(builder.gep(data[1], [builder.add(first, ir.IntType(64)(k))]))
            potentials.append(builder.load(builder.gep(data[0], [builder.zext(place, ir.IntType(64))])))
        low, inverse, maximal, e_rev = (load(pointer) for pointer in data[2:])
        zero, one = ir.Constant(pair, [double(0.0)] * 2), ir.Constant(pair, [double(1.0)] * 2)
        share = builder.fmul(builder.fsub(both(*potentials), low), inverse)
        share = builder.select(builder.fcmp_ordered("<", share, zero), zero, share)
        share = builder.select(builder.fcmp_ordered(">", share, one), one, share)
        current = builder.fmul(builder.fmul(maximal, share), builder.fsub(e_rev, both(v_post, v_post)))
        for k in range(2):
            total = builder.fadd(total, builder.extract_element(current, index(k)))
        return total

    return signature, generate


@njit(cache=True, error_model="numpy")
def _graded(conductance, e_lo, inverse_span, v):
    """Conductance of a graded synapse: a linear ramp from e_lo to e_hi."""
    # in this order of arguments NaN stays NaN, and it compiles without a branch that potentials would mispredict
    return conductance * min(max((v - e_lo) * inverse_span, 0.0), 1.0)


@njit(cache=True, error_model="numpy")
def step(structure, parameters, state, work, x, y, repeats):
    """Advance a nervous system by `repeats` steps under a held input.

    Args:
        structure: uint32, from `layout.pack_structure`.
        parameters: float64, from `layout.pack_parameters`.
        state: float64, from `StateLayout`; changed in place.
        work: float64 [`layout.work_size`], scratch; its last S elements return the spikes of each neuron in this call.
        x: float64 [M], nA.
        y: float64 [O], the outputs after the last step, written here.
        repeats: Number of steps.
    """
    n, n_spiking, n_channel = structure[0], structure[1], structure[2]
    n_graded, n_chemical, n_junction = structure[3], structure[4], structure[5]
    n_edge, n_output, n_ring, n_monitored = structure[6], structure[7], structure[8], structure[9]
    all_potentials = structure[10]

    # structure, in the order of layout.pack_structure
    a = np.uint64(HEADER)
    graded_row = _indices(structure, a, n + np.uint64(1))
    a += n + np.uint64(1)
    graded_source = _indices(structure, a, n_graded)
    a += n_graded
    chemical_row = _indices(structure, a, n + np.uint64(1))
    a += n + np.uint64(1)
    chemical_source = _indices(structure, a, n_chemical)
    a += n_chemical
    chemical_delay = _indices(structure, a, n_chemical)
    a += n_chemical
    junction_row = _indices(structure, a, n + np.uint64(1))
    a += n + np.uint64(1)
    junction_other = _indices(structure, a, n_junction)
    a += n_junction
    junction_rule = _indices(structure, a, n_junction)
    a += n_junction
    channel_row = _indices(structure, a, n + np.uint64(1))
    a += n + np.uint64(1)
    tau_rule = _indices(structure, a, np.uint64(2) * n_channel)
    a += np.uint64(2) * n_channel
    spiking_neuron = _indices(structure, a, n_spiking)
    a += n_spiking
    refractory_steps = _indices(structure, a, n_spiking)
    a += n_spiking
    ring_depth = _indices(structure, a, n_spiking)
    a += n_spiking
    ring_start = _indices(structure, a, n_spiking)
    a += n_spiking
    input_element = _indices(structure, a, n_edge)
    a += n_edge
    input_neuron = _indices(structure, a, n_edge)
    a += n_edge
    output_kind = _indices(structure, a, n_output)
    a += n_output
    output_index = _indices(structure, a, n_output)

    # parameters, in the order of layout.pack_parameters
    a = np.uint64(0)
    factor = _numbers(parameters, a, n)
    a += n
    leak = _numbers(parameters, a, n)
    a += n
    rest = _numbers(parameters, a, n)
    a += n
    bias = _numbers(parameters, a, n)
    a += n
    graded_g = _numbers(parameters, a, n_graded)
    a += n_graded
    graded_e = _numbers(parameters, a, n_graded)
    a += n_graded
    graded_lo = _numbers(parameters, a, n_graded)
    a += n_graded
    graded_inv = _numbers(parameters, a, n_graded)
    a += n_graded
    chemical_max = _numbers(parameters, a, n_chemical)
    a += n_chemical
    chemical_increment = _numbers(parameters, a, n_chemical)
    a += n_chemical
    chemical_e = _numbers(parameters, a, n_chemical)
    a += n_chemical
    chemical_decay = _numbers(parameters, a, n_chemical)
    a += n_chemical
    junction_g = _numbers(parameters, a, n_junction)
    a += n_junction
    channel_g = _numbers(parameters, a, n_channel)
    a += n_channel
    channel_e = _numbers(parameters, a, n_channel)
    a += n_channel
    power = _numbers(parameters, a, np.uint64(3) * n_channel)
    a += np.uint64(3) * n_channel
    gate_k = _numbers(parameters, a, np.uint64(3) * n_channel)
    a += np.uint64(3) * n_channel
    slope = _numbers(parameters, a, np.uint64(3) * n_channel)
    a += np.uint64(3) * n_channel
    midpoint = _numbers(parameters, a, np.uint64(3) * n_channel)
    a += np.uint64(3) * n_channel
    gate_factor = _numbers(parameters, a, np.uint64(2) * n_channel)
    a += np.uint64(2) * n_channel
    theta0 = _numbers(parameters, a, n_spiking)
    a += n_spiking
    theta_factor = _numbers(parameters, a, n_spiking)
    a += n_spiking
    theta_leak = _numbers(parameters, a, n_spiking)
    a += n_spiking
    theta_m = _numbers(parameters, a, n_spiking)
    a += n_spiking
    theta_increment = _numbers(parameters, a, n_spiking)
    a += n_spiking
    theta_floor = _numbers(parameters, a, n_spiking)
    a += n_spiking
    v_reset = _numbers(parameters, a, n_spiking)

    # state, in the order of StateLayout
    a = np.uint64(0)
    v = _numbers(state, a, n)
    a += n
    theta = _numbers(state, a, n_spiking)
    a += n_spiking
    gate = _numbers(state, a, np.uint64(2) * n_channel)
    a += np.uint64(2) * n_channel
    spike = _numbers(state, a, n_spiking)
    a += n_spiking
    refractory = _numbers(state, a, n_spiking)
    a += n_spiking
    chemical_g = _numbers(state, a, n_chemical)
    a += n_chemical
    ring = _numbers(state, a, n_ring)
    a += n_ring
    clock = _numbers(state, a, np.uint64(1))

    v_new = _numbers(work, np.uint64(0), n)
    applied = _numbers(work, np.uint64(n), n)
    count = _numbers(work, np.uint64(n) + n, n_spiking)
    applied[:] = 0.0
    count[:] = 0.0
    for e in range(n_edge):
        applied[input_neuron[e]] += x[input_element[e]]

    for _ in range(repeats):
        for o in range(n_output if n_monitored > 0 else n_monitored):
            if output_kind[o] == GRADED_G or output_kind[o] == GRADED_I or output_kind[o] == SPIKING_I:
                _monitor(
                    o, output_kind[o], output_index[o], y, v, graded_row, graded_source, graded_g, graded_e, graded_lo,
                    graded_inv, chemical_row, chemical_g, chemical_e, chemical_decay,
                )  # fmt: skip
        p = np.uint64(0)  # walks through the graded synapses of all neurons
        for i in range(n):
            vi = v[i]
            total = 0.0
            end = np.uint64(graded_row[i + 1])
            while p + np.uint64(1) < end:
                total = _two_graded(total, vi, v, graded_source, graded_lo, graded_inv, graded_g, graded_e, p)
                p += np.uint64(2)
            if p < end:
                g = _graded(graded_g[p], graded_lo[p], graded_inv[p], v[graded_source[p]])
                total += g * (graded_e[p] - vi)
                p += np.uint64(1)
            if n_chemical > 0:
                for s in range(chemical_row[i], chemical_row[i + 1]):
                    g = chemical_g[s] * chemical_decay[s]
                    chemical_g[s] = g
                    total += g * (chemical_e[s] - vi)
            if n_junction > 0:
                for s in range(junction_row[i], junction_row[i + 1]):
                    difference = v[junction_other[s]] - vi
                    rule = junction_rule[s]
                    if rule == 0 or (rule == 1 and difference > 0.0) or (rule == 2 and difference < 0.0):
                        total += junction_g[s] * difference
            for k in range(channel_row[i], channel_row[i + 1] if n_channel > 0 else channel_row[i]):
                exp_a = _exponential(slope[k], midpoint[k], vi)
                open_a = 1.0 / (1.0 + gate_k[k] * exp_a)
                current = channel_g[k] * _power(open_a, power[k])
                for z in range(2):
                    j = k + z * n_channel
                    g = j + n_channel
                    scaled = gate_k[g] * _exponential(slope[g], midpoint[g], vi)
                    steady = 1.0 / (1.0 + scaled)
                    rate = gate_factor[j]
                    if tau_rule[j] != CONSTANT:
                        rate /= steady * math.sqrt(scaled)
                        if tau_rule[j] == LIMITED and not rate < 1.0:
                            rate = 1.0
                    gate[j] += rate * (steady - gate[j])
                    current *= _power(gate[j], power[g])
                total += current * (channel_e[k] - vi)
            v_new[i] = vi + factor[i] * (bias[i] + applied[i] + total - leak[i] * (vi - rest[i]))

        spikes = 0
        now = np.uint64(clock[0])
        for s in range(n_spiking):
            i = spiking_neuron[s]
            t = theta[s] + theta_factor[s] * (theta_leak[s] * (theta0[s] - theta[s]) + theta_m[s] * (v[i] - rest[i]))
            spike[s] = 0.0
            if refractory[s] > 0.0:
                refractory[s] -= 1.0
                v_new[i] = v_reset[s]
            elif v_new[i] > t:
                spike[s] = 1.0
                count[s] += 1.0
                spikes += 1
                v_new[i] = v_reset[s]
                t += max(theta_increment[s], theta_floor[s] - t)
                refractory[s] = refractory_steps[s]
            theta[s] = t
            if ring_depth[s] > 0:
                ring[ring_start[s] + now % ring_depth[s]] = spike[s]
        if spikes > 0 or n_ring > 0:
            for q in range(n_chemical):
                s = chemical_source[q]
                arriving = spike[s]
                if chemical_delay[q] > 0:
                    depth = ring_depth[s]
                    arriving = ring[ring_start[s] + (now + depth - chemical_delay[q]) % depth]
                if arriving > 0.0:
                    chemical_g[q] += min(chemical_increment[q], chemical_max[q] - chemical_g[q])
        clock[0] += 1.0
        v[:] = v_new

    if all_potentials:
        y[:] = v
        return
    for o in range(n_output):
        kind, j = output_kind[o], output_index[o]
        if kind == VOLTAGE:
            y[o] = v[j]
        elif kind == SPIKE:
            y[o] = spike[j]
        elif kind == THRESHOLD:
            y[o] = theta[j]
        elif kind == GATE_B:
            y[o] = gate[j]
        elif kind == GATE_C:
            y[o] = gate[j + n_channel]
        elif kind == SPIKING_G:
            y[o] = chemical_g[j]
        elif kind == ZERO:
            y[o] = 0.0


@njit(cache=True, error_model="numpy")
def _monitor(
    o, kind, j, y, v, graded_row, graded_source, graded_g, graded_e, graded_lo, graded_inv, chemical_row, chemical_g,
    chemical_e, chemical_decay,
):  # fmt: skip
    """Read a synapse as it acts in the step about to be made: later its potentials are gone."""
    row = chemical_row if kind == SPIKING_I else graded_row
    target = np.searchsorted(row, j, side="right") - 1
    if kind == SPIKING_I:
        y[o] = chemical_g[j] * chemical_decay[j] * (chemical_e[j] - v[target])
        return
    g = _graded(graded_g[j], graded_lo[j], graded_inv[j], v[graded_source[j]])
    y[o] = g if kind == GRADED_G else g * (graded_e[j] - v[target])


@njit(cache=True, error_model="numpy")
def structure_length(counts):
    """Length of the structure that a header (`HEADER` counts) announces."""
    n, s, k, p, q, e, u, o = counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7]
    return HEADER + 4 * (n + 1) + p + 2 * q + 2 * e + 2 * k + 4 * s + 2 * u + 2 * o


@njit(cache=True, error_model="numpy")
def run(structure, parameters, state, work, xs, ys):
    """Advance by one step for every row of xs [T, M], nA, and write the outputs into the rows of ys [T, O]."""
    for t in range(len(xs)):
        step(structure, parameters, state, work, xs[t], ys[t], 1)


@njit(cache=True, error_model="numpy")
def call(structure, parameters, state, work, x, y):
    """One step, unless the input is not finite; says whether it was made."""
    for value in x:
        if not abs(value) < np.inf:
            return False
    step(structure, parameters, state, work, x, y, 1)
    return True
