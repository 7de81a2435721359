"""Many states of one network, stepped side by side: the same arithmetic as `step`, with a state in every lane.

Where the lanes of a quantity lie next to each other, nothing has to be gathered and indices are read once for all of
them, which is several times faster than one state after the other. For networks of leaky membranes without spikes:
graded synapses, junctions and ion channels; others are stepped state by state.
"""

import math
from functools import cache

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from sns_mujoco.backends.native.entry import digest
from sns_mujoco.backends.native.exponential import exp
from sns_mujoco.backends.native.graded import unit
from sns_mujoco.backends.native.membranes import moved, to_power
from sns_mujoco.backends.native.sections import inner
from sns_mujoco.backends.program import TauRule

WIDTH = 32  # lanes that are held in registers together


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


@inner
def _open_ramps(v, activation, ramp_source, ramp_lo, ramp_inverse):
    for a in range(len(ramp_source)):
        source, to, low, slope = v[ramp_source[a]], activation[a], ramp_lo[a], ramp_inverse[a]
        for b in range(len(to)):
            to[b] = unit((source[b] - low) * slope)


@inner
def _add_graded(activation, tap, g, reversal, first, end, v, total):
    for lane in range(np.uint64(0), np.uint64(len(v)), np.uint64(WIDTH)):
        _row_sum(activation, tap, g, reversal, np.uint64(first), np.uint64(end), v, total, np.uint64(len(v)), lane)


@inner
def _leak(v, current, factor, leak, rest, bias):
    for b in range(len(v)):
        v[b] = moved(v[b], current[b], factor, leak, rest, bias)


@inner
def _junctions(v, total, row, other, rule, conductance):
    for i in range(len(v)):
        for s in range(row[i], row[i + 1]):
            for b in range(v.shape[1]):
                difference = v[other[s], b] - v[i, b]
                if rule[s] == 0 or (rule[s] == 1 and difference > 0.0) or (rule[s] == 2 and difference < 0.0):
                    total[i, b] += conductance[s] * difference


@inner
def _channels(v, total, gate, row, conductance, reversal, power, gate_k, slope, midpoint, factor, tau_rule):
    count = len(conductance)
    for i in range(len(v)):
        for k in range(row[i], row[i + 1]):
            for b in range(v.shape[1]):
                at = v[i, b]
                open_a = 1.0 / (1.0 + gate_k[0, k] * exp(slope[0, k] * (midpoint[0, k] - at)))
                g = conductance[k] * to_power(open_a, power[0, k])
                for z in range(2):
                    scaled = gate_k[z + 1, k] * exp(slope[z + 1, k] * (midpoint[z + 1, k] - at))
                    steady = 1.0 / (1.0 + scaled)
                    rate = factor[z, k]
                    if tau_rule[z, k] != TauRule.CONSTANT:
                        rate *= (1.0 + scaled) / math.sqrt(scaled)
                        if tau_rule[z, k] == TauRule.LIMITED and not rate < 1.0:
                            rate = 1.0
                    place = z * count + k
                    gate[place, b] += rate * (steady - gate[place, b])
                    g *= to_power(gate[place, b], power[z + 1, k])
                total[i, b] += g * (reversal[k] - at)


@inner
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
    _open_ramps(v, activation, ramp_source, ramp_lo, ramp_inverse)
    flat = activation.ravel()
    if len(element) == 0 and len(junctions[1]) == 0 and len(channels[1]) == 0:
        # without anything else that feeds it, a neuron's total is needed only while it is at hand
        current = total[0]
        for i in range(len(v)):
            current[:] = 0.0
            _add_graded(flat, tap, g, reversal, row[i], row[i + 1], v[i], current)
            _leak(v[i], current, factor[i], leak[i], rest[i], bias[i])
    else:
        total[:] = 0.0
        for e in range(len(element)):
            for b in range(len(x)):
                total[neuron[e], b] += weight[e] * x[b, element[e]]
        for i in range(len(v)):
            _add_graded(flat, tap, g, reversal, row[i], row[i + 1], v[i], total[i])
        if len(junctions[1]):
            _junctions(v, total, *junctions)
        if len(channels[1]):
            _channels(v, total, gate, *channels)
        for i in range(len(v)):
            _leak(v[i], total[i], factor[i], leak[i], rest[i], bias[i])
    for o in range(len(read)):
        for b in range(len(y)):
            y[b, o] = v[read[o], b]


@cache
def runner():
    """The compiled loop over steps, from the cache where it is there.

    Returns:
        A function like `step_lanes` with xs [T, B, M] and ys [T, B, O] for x and y: a step for each of T.
    """
    sources = digest()

    @njit(cache=True, error_model="numpy", nogil=True)
    def run_lanes(v, gate, total, activation, xs, ys, membrane, ports, graded, junctions, channels):
        for t in range(len(xs) if sources else 0):
            step_lanes(v, gate, total, activation, xs[t], ys[t], membrane, ports, graded, junctions, channels)

    return run_lanes
