"""Sums over the graded synapses of several neurons at a time, in vector registers.

Every lane does what a plain loop over the synapses of its neuron would do, in the same order: the same bits, in less
than half the time. Vectors wider than the machine's are split by the compiler.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from sns_mujoco.backends.native.sections import LANES


@intrinsic
def fetch_early(typingctx, array, place):
    """Ask for an element of an array before it is needed."""

    def generate(context, builder, signature, args):
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        address = builder.bitcast(builder.gep(data, [args[1]]), cgutils.voidptr_t)
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(prefetch, [address, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.uint64), generate


PALETTE_BITS = 24  # below them: the tap


def _lanes(builder, pointer, place, kind):
    """Address of LANES numbers of a kind from a place of an array on."""
    return builder.bitcast(builder.gep(pointer, [place]), ir.VectorType(kind, LANES).as_pointer())


def _data(context, builder, signature, args):
    """Where the numbers of the arrays among the arguments begin."""
    return [
        context.make_array(kind)(context, builder, value).data
        for kind, value in zip(signature.args, args, strict=True)
        if isinstance(kind, types.Array)
    ]


@intrinsic
def are_neighbours(typingctx, neuron, at):
    """Whether the neurons of a block, whose lanes begin at a place, follow one another."""

    def generate(context, builder, signature, args):
        number = ir.IntType(32)
        (neuron,) = _data(context, builder, signature, args)
        own = builder.load(_lanes(builder, neuron, args[1], number), align=4)
        first, undefined = builder.extract_element(own, number(0)), ir.Constant(own.type, ir.Undefined)
        first = builder.insert_element(undefined, first, number(0))
        first = builder.shuffle_vector(first, undefined, ir.Constant(own.type, [0] * LANES))
        expected = builder.add(first, ir.Constant(own.type, list(range(LANES))))
        alike = builder.bitcast(builder.icmp_unsigned("==", own, expected), ir.IntType(LANES))
        return builder.icmp_unsigned("==", alike, ir.IntType(LANES)((1 << LANES) - 1))

    return types.boolean(neuron, at), generate


def _gathered(builder, source, neuron, at):
    """One number for each neuron of a block, in a register."""
    word = ir.IntType(64)
    vector = ir.Constant(ir.VectorType(ir.DoubleType(), LANES), ir.Undefined)
    for lane in range(LANES):
        place = builder.zext(builder.load(builder.gep(neuron, [builder.add(at, word(lane))])), word)
        vector = builder.insert_element(vector, builder.load(builder.gep(source, [place])), ir.IntType(32)(lane))
    return vector


def _scatter(builder, vector, to, neuron, at):
    """The reverse; the last of several lanes for the same place counts."""
    word = ir.IntType(64)
    for lane in range(LANES):
        place = builder.zext(builder.load(builder.gep(neuron, [builder.add(at, word(lane))])), word)
        builder.store(builder.extract_element(vector, ir.IntType(32)(lane)), builder.gep(to, [place]))


@intrinsic
def gather_lanes(typingctx, to, source, neuron, at):
    """Put one number for each of LANES neurons side by side, in one go: lane by lane, the next look would wait."""

    def generate(context, builder, signature, args):
        to, source, neuron = _data(context, builder, signature, args)
        vector = _gathered(builder, source, neuron, args[3])
        builder.store(vector, _lanes(builder, to, ir.IntType(64)(0), ir.DoubleType()), align=8)
        return context.get_dummy_value()

    return types.void(to, source, neuron, at), generate


@intrinsic
def open_lanes(typingctx, to, v, neuron, lo, inverse, at):
    """How far LANES ramps are open, from a place on; a potential that is no number stays one."""

    def generate(context, builder, signature, args):
        double = ir.DoubleType()
        to, v, neuron, lo, inverse = _data(context, builder, signature, args)
        low, slope = (builder.load(_lanes(builder, own, args[5], double), align=8) for own in (lo, inverse))
        share = builder.fmul(builder.fsub(_gathered(builder, v, neuron, args[5]), low), slope)
        for limit, beyond in ((0.0, "<"), (1.0, ">")):
            bound = ir.Constant(share.type, [double(limit)] * LANES)
            share = builder.select(builder.fcmp_ordered(beyond, share, bound), bound, share)
        builder.store(share, _lanes(builder, to, args[5], double), align=8)
        return context.get_dummy_value()

    return types.void(to, v, neuron, lo, inverse, at), generate


def _block_sum(*, palette: bool, conductance: bool, scattered: bool):
    """An intrinsic that adds the currents of a block to its totals, and sums its open conductances if wanted.

    Where its neurons follow one another, `v`, `total` and `opened` begin with them; else they are looked up one by one,
    and stay in registers in between: what has just been written lane by lane would have to be waited for.
    """

    @intrinsic
    def block_sum(typingctx, activation, v, neuron, tap, g, reversal, at, first, end, total, opened):
        places = (at, first, end)
        signature = types.void(activation, v, neuron, tap, g, reversal, *places, total, opened)

        def generate(context, builder, signature, args):
            double, index, word = ir.DoubleType(), ir.IntType(32), ir.IntType(64)
            lanes = ir.VectorType(double, LANES)
            activation, v, neuron, tap, g, reversal, total, opened = _data(context, builder, signature, args)
            at, first, end = args[6:9]

            def load(pointer, place):
                return builder.load(_lanes(builder, pointer, place, double), align=8)

            def own(pointer):
                return _gathered(builder, pointer, neuron, at) if scattered else load(pointer, word(0))

            def gather(pointer, places):
                vector = ir.Constant(lanes, ir.Undefined)
                for lane, place in enumerate(places):
                    value = builder.load(builder.gep(pointer, [builder.zext(place, word)]))
                    vector = builder.insert_element(vector, value, index(lane))
                return vector

            v_post = own(v)
            nothing = ir.Constant(lanes, [double(0.0)] * LANES)
            current = cgutils.alloca_once_value(builder, own(total))
            open_sum = cgutils.alloca_once_value(builder, nothing)
            with cgutils.for_range_slice(builder, first, end, word(LANES), word) as (place, _):
                sources = [builder.load(builder.gep(tap, [builder.add(place, word(lane))])) for lane in range(LANES)]
                if palette:
                    mask, shift = index((1 << PALETTE_BITS) - 1), index(PALETTE_BITS)
                    e_rev = gather(reversal, [builder.lshr(source, shift) for source in sources])
                    sources = [builder.and_(source, mask) for source in sources]
                else:
                    e_rev = load(reversal, place)
                share = builder.fmul(load(g, place), gather(activation, sources))
                driven = builder.fmul(share, builder.fsub(e_rev, v_post))
                builder.store(builder.fadd(builder.load(current), driven), current)
                if conductance:
                    builder.store(builder.fadd(builder.load(open_sum), share), open_sum)
            for sums, pointer in ((current, total), (open_sum, opened))[: 1 + conductance]:
                if scattered:
                    _scatter(builder, builder.load(sums), pointer, neuron, at)
                else:
                    builder.store(builder.load(sums), _lanes(builder, pointer, word(0), double), align=8)
            return context.get_dummy_value()

        return signature, generate

    return block_sum


block_current = _block_sum(palette=False, conductance=False, scattered=False)
block_current_by_palette = _block_sum(palette=True, conductance=False, scattered=False)
block_both = _block_sum(palette=False, conductance=True, scattered=False)
block_both_by_palette = _block_sum(palette=True, conductance=True, scattered=False)
scattered_current = _block_sum(palette=False, conductance=False, scattered=True)
scattered_current_by_palette = _block_sum(palette=True, conductance=False, scattered=True)
scattered_both = _block_sum(palette=False, conductance=True, scattered=True)
scattered_both_by_palette = _block_sum(palette=True, conductance=True, scattered=True)
