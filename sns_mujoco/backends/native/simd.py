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


def _block_sum(*, palette: bool, conductance: bool):
    """An intrinsic that adds the currents of a block to its totals, and sums its open conductances if wanted."""

    @intrinsic
    def block_sum(typingctx, activation, own, tap, g, reversal, first, end, total, open_sum):
        buffers = (activation, own, tap, g, reversal)
        signature = types.void(*buffers, types.uint64, types.uint64, total, open_sum)

        def generate(context, builder, signature, args):
            double, index = ir.DoubleType(), ir.IntType(32)
            lanes = ir.VectorType(double, LANES)
            data = [
                context.make_array(kind)(context, builder, value).data
                for kind, value in zip(signature.args, args, strict=True)
                if isinstance(kind, types.Array)
            ]
            activation, own, tap, g, reversal, total, open_sum = data
            first, end = args[5], args[6]

            def load(pointer, place):
                address = builder.bitcast(builder.gep(pointer, [place]), lanes.as_pointer())
                return builder.load(address, align=8)

            def gather(pointer, places):
                vector = ir.Constant(lanes, ir.Undefined)
                for lane, place in enumerate(places):
                    value = builder.load(builder.gep(pointer, [builder.zext(place, ir.IntType(64))]))
                    vector = builder.insert_element(vector, value, index(lane))
                return vector

            v_post = load(own, ir.IntType(64)(0))
            nothing = ir.Constant(lanes, [double(0.0)] * LANES)
            current = cgutils.alloca_once_value(builder, load(total, ir.IntType(64)(0)))
            opened = cgutils.alloca_once_value(builder, nothing)
            step = ir.IntType(64)(LANES)
            with cgutils.for_range_slice(builder, first, end, step, ir.IntType(64)) as (place, _):
                sources = [
                    builder.load(builder.gep(tap, [builder.add(place, ir.IntType(64)(lane))])) for lane in range(LANES)
                ]
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
                    builder.store(builder.fadd(builder.load(opened), share), opened)
            for sums, pointer in ((current, total), (opened, open_sum))[: 1 + conductance]:
                builder.store(builder.load(sums), builder.bitcast(pointer, lanes.as_pointer()), align=8)
            return context.get_dummy_value()

        return signature, generate

    return block_sum


block_current = _block_sum(palette=False, conductance=False)
block_current_by_palette = _block_sum(palette=True, conductance=False)
block_both = _block_sum(palette=False, conductance=True)
block_both_by_palette = _block_sum(palette=True, conductance=True)
