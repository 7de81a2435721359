"""Many states of one network, stepped side by side: the same arithmetic as `step`, with a state in every lane.

Where the lanes of a quantity lie next to each other, nothing has to be gathered and indices are read once for all of
them, which is several times faster than one state after the other. For networks of leaky membranes without spikes:
graded synapses, junctions and ion channels; others are stepped state by state.
"""

import math

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

WIDTH = 32  # lanes that are held in registers together
CONSTANT, LIMITED = 1, 2  # of program.TauRule


@intrinsic
def _row_sum(typingctx, activation, tap, g, reversal, first, end, v, total, stride, lane):
    """Add the currents of one neuron's graded synapses to `WIDTH` of its lanes, from `lane` on."""
    signature = types.void(
        activation, tap, g, reversal, types.uint64, types.uint64, v, total, types.uint64, types.uint64
    )

    def generate(context, builder, signature, args):
        double, wide = ir.DoubleType(), ir.IntType(64)
        lanes = ir.VectorType(double, WIDTH)
        arrays = [
            context.make_array(kind)(context, builder, value).data
            for kind, value in zip(signature.args, args, strict=True)
            if isinstance(kind, types.Array)
        ]
        activation, tap, g, reversal, v, total = arrays
        first, end, stride, lane = args[4], args[5], args[8], args[9]

        def address(pointer, place):
            return builder.bitcast(builder.gep(pointer, [place]), lanes.as_pointer())

        def every_lane(value):
            vector = builder.insert_element(ir.Constant(lanes, ir.Undefined), value, ir.IntType(32)(0))
            mask = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
            return builder.shuffle_vector(vector, ir.Constant(lanes, ir.Undefined), mask)

        own = builder.load(address(v, lane), align=8)
        current = cgutils.alloca_once_value(builder, builder.load(address(total, lane), align=8))
        with cgutils.for_range_slice(builder, first, end, wide(1), wide) as (p, _):
            source = builder.zext(builder.load(builder.gep(tap, [p])), wide)
            place = builder.add(builder.mul(source, stride), lane)
            share = builder.fmul(
                every_lane(builder.load(builder.gep(g, [p]))), builder.load(address(activation, place), align=8)
            )
            driving = builder.fsub(every_lane(builder.load(builder.gep(reversal, [p]))), own)
            builder.store(builder.fadd(builder.load(current), builder.fmul(share, driving)), current)
        builder.store(builder.load(current), address(total, lane), align=8)
        return context.get_dummy_value()

    return signature, generate


@njit(cache=True, error_model="numpy", nogil=True)
def _open_ramps(v, activation, ramp_source, ramp_lo, ramp_inverse):
    for a in range(len(ramp_source)):
        source, to, low, slope = v[ramp_source[a]], activation[a], ramp_lo[a], ramp_inverse[a]
        for b in range(len(to)):
            to[b] = min(max((source[b] - low) * slope, 0.0), 1.0)


@njit(cache=True, error_model="numpy", nogil=True)
def _junctions(v, total, row, other, rule, conductance):
    for i in range(len(v)):
        for s in range(row[i], row[i + 1]):
            for b in range(v.shape[1]):
                difference = v[other[s], b] - v[i, b]
                if rule[s] == 0 or (rule[s] == 1 and difference > 0.0) or (rule[s] == 2 and difference < 0.0):
                    total[i, b] += conductance[s] * difference


@njit(cache=True, error_model="numpy", nogil=True)
def _channels(v, total, gate, row, conductance, reversal, power, gate_k, slope, midpoint, factor, tau_rule):
    count = len(conductance)
    for i in range(len(v)):
        for k in range(row[i], row[i + 1]):
            for b in range(v.shape[1]):
                at = v[i, b]
                g = (
                    conductance[k]
                    * (1.0 / (1.0 + gate_k[0, k] * math.exp(slope[0, k] * (midpoint[0, k] - at)))) ** (power[0, k])
                )
                for z in range(2):
                    scaled = gate_k[z + 1, k] * math.exp(slope[z + 1, k] * (midpoint[z + 1, k] - at))
                    steady = 1.0 / (1.0 + scaled)
                    rate = factor[z, k]
                    if tau_rule[z, k] != CONSTANT:
                        rate /= steady * math.sqrt(scaled)
                        if tau_rule[z, k] == LIMITED and not rate < 1.0:
                            rate = 1.0
                    place = z * count + k
                    gate[place, b] += rate * (steady - gate[place, b])
                    g *= gate[place, b] ** power[z + 1, k]
                total[i, b] += g * (reversal[k] - at)


@njit(cache=True, error_model="numpy", nogil=True)
def step_lanes(v, gate, total, activation, x, y, membrane, ports, graded, junctions, channels):
    """Advance every lane by one step.

    Args:
        v: Potentials [N, lanes], changed in place; lanes is a multiple of `WIDTH`.
        gate: Gates [2 K, lanes], changed in place.
        total: Scratch [N, lanes].
        activation: Scratch [taps, lanes].
        x: Input of each state [B, M], nA; B may be less than lanes.
        y: Output of each state [B, O], written here.
        membrane: Factor, leak, rest, bias, each [N].
        ports: Element, neuron and weight of every input edge [U], neuron of every output [O].
        graded: Row [N + 1], source, e_lo and inverse width of every ramp, tap, conductance and reversal of synapses.
        junctions: Row, other neuron, rule, conductance.
        channels: Row, conductance, reversal, power, k, slope, midpoint, factor, rule.
    """
    factor, leak, rest, bias = membrane
    element, neuron, weight, read = ports
    row, ramp_source, ramp_lo, ramp_inverse, tap, g, reversal = graded
    # without anything else that feeds it, a neuron's total is needed only while it is at hand
    alone = len(element) == 0 and len(junctions[1]) == 0 and len(channels[1]) == 0
    if not alone:
        total[:] = 0.0
        for e in range(len(element)):
            for b in range(len(x)):
                total[neuron[e], b] += weight[e] * x[b, element[e]]
    _open_ramps(v, activation, ramp_source, ramp_lo, ramp_inverse)
    if len(junctions[1]):
        _junctions(v, total, *junctions)
    if len(channels[1]):
        _channels(v, total, gate, *channels)
    flat, stride = activation.ravel(), np.uint64(v.shape[1])
    for i in range(len(v)):
        own, current = v[i], total[0 if alone else i]
        if alone:
            current[:] = 0.0
        first, end = np.uint64(row[i]), np.uint64(row[i + 1])
        if first < end:
            for lane in range(np.uint64(0), stride, np.uint64(WIDTH)):
                _row_sum(flat, tap, g, reversal, first, end, own, current, stride, lane)
        f, m, r, c = factor[i], leak[i], rest[i], bias[i]
        for b in range(len(own)):
            own[b] = own[b] + f * (c + current[b] - m * (own[b] - r))
    for o in range(len(read)):
        for b in range(len(y)):
            y[b, o] = v[read[o], b]


@njit(cache=True, error_model="numpy", nogil=True)
def run_lanes(v, gate, total, activation, xs, ys, membrane, ports, graded, junctions, channels):
    """Advance every lane by a step for each xs [T, B, M], and write ys [T, B, O]; see `step_lanes`."""
    for t in range(len(xs)):
        step_lanes(v, gate, total, activation, xs[t], ys[t], membrane, ports, graded, junctions, channels)
