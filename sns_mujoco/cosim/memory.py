"""Raw memory in numba: the engine's structs, read and written through their published offsets.

Everything here works on addresses as int64 and is meant to be called from the plugin's callbacks only.
"""

import numba as nb
from llvmlite import ir
from numba import carray, njit, types
from numba.core import cgutils
from numba.extending import intrinsic


@intrinsic
def to_pointer(typingctx, address):
    """An address as a pointer."""
    return types.voidptr(address), lambda ctx, b, sig, args: b.inttoptr(args[0], cgutils.voidptr_t)


@intrinsic
def to_address(typingctx, pointer):
    """A pointer as an address."""
    return types.int64(pointer), lambda ctx, b, sig, args: b.ptrtoint(args[0], ir.IntType(64))


@njit(inline="always")
def int64_at(address):
    """The 64-bit integer (or pointer) at an address."""
    return carray(to_pointer(address), (1,), nb.int64)[0]


@njit(inline="always")
def int32_at(address):
    """The 32-bit integer at an address."""
    return carray(to_pointer(address), (1,), nb.int32)[0]


@njit(inline="always")
def byte_at(address):
    """The byte at an address."""
    return carray(to_pointer(address), (1,), nb.uint8)[0]


@njit(inline="always")
def doubles(address, count):
    """`count` doubles at an address, as an array."""
    return carray(to_pointer(address), (count,), nb.float64)


@njit(inline="always")
def integers(address, count):
    """`count` int64 at an address, as an array."""
    return carray(to_pointer(address), (count,), nb.int64)


@njit(inline="always")
def indices(address, count):
    """`count` uint32 at an address, as an array."""
    return carray(to_pointer(address), (count,), nb.uint32)


def table(symbol):
    """What reads the table that `engine.publish` put behind a symbol: `published`, `field` and `element`.

    `published(i)` is entry i of the table: byte offsets, then addresses of texts. `field(struct, i)` is the address
    that a pointer field of a struct holds, and `element(struct, i, k)` element k of the int array that it points to.
    """

    @intrinsic
    def published(typingctx, index):
        def generate(context, builder, signature, args):
            entries = builder.module.globals.get(symbol)
            if entries is None:
                entries = ir.GlobalVariable(builder.module, ir.ArrayType(ir.IntType(64), 0), symbol)
                entries.linkage = "external"
            return builder.load(builder.gep(entries, [ir.IntType(64)(0), args[0]]))

        return types.int64(types.int64), generate

    @njit(inline="always")
    def field(struct, index):
        return int64_at(struct + published(index))

    @njit(inline="always")
    def element(struct, index, i):
        return int32_at(field(struct, index) + 4 * i)

    return published, field, element


@njit(inline="always")
def double_rows(address, rows, columns):
    """A matrix of doubles at an address; made there because reshaping an array is slow in compiled code."""
    return carray(to_pointer(address), (rows, columns), nb.float64)


@njit(inline="always")
def index_rows(address, rows, columns):
    """A matrix of uint32 at an address."""
    return carray(to_pointer(address), (rows, columns), nb.uint32)


# the engine's and the C library's functions, behind the symbols that `engine.publish` defines; pointers as integers
get_config = types.ExternalFunction("mj_getPluginConfig", types.int64(types.int64, types.int32, types.int64))
name_to_id = types.ExternalFunction("mj_name2id", types.int32(types.int64, types.int32, types.int64))
apply_force = types.ExternalFunction("mj_applyFT", types.void(*[types.int64] * 5, types.int32, types.int64))
warn = types.ExternalFunction("mj_warning", types.void(types.int64, types.int32, types.int32))
contact_force = types.ExternalFunction(
    "mj_contactForce", types.void(types.int64, types.int64, types.int32, types.int64)
)
allocate = types.ExternalFunction("sns_mujoco_malloc", types.int64(types.int64))
release = types.ExternalFunction("sns_mujoco_free", types.void(types.int64))
