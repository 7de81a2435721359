"""Where the fields of MuJoCo's C structs lie in the installed version, and how compiled code reaches them.

MuJoCo's engine hands a plugin raw pointers to `mjModel` and `mjData`. The offsets of the few fields that the plugin
uses are worked out from the struct declarations that MuJoCo ships (`mujoco.introspect`), and checked against the
arrays that its Python bindings show: they are never guessed. Compiled code finds them in a table behind a symbol, so
that they are not baked into numba's on-disk cache, which would outlive an upgrade of MuJoCo.
"""

import ctypes
import sys
import zlib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import llvmlite.binding as llvm
import mujoco
import numpy as np
from mujoco.introspect import structs

# of the nervous system, in the order of its table; the plugin's compiled code counts on it
FIELDS = (
    "model.opt", "model.nsensor", "model.names", "model.name_pluginadr", "model.plugin_stateadr", "model.numeric_adr",
    "model.numeric_size", "model.numeric_data", "model.tuple_adr", "model.tuple_size", "model.tuple_objid",
    "model.sensor_adr", "model.sensor_dim", "model.sensor_plugin", "data.ctrl", "data.userdata", "data.sensordata",
    "data.plugin_state", "data.plugin_data", "option.timestep", "option.disableflags", "model.nuserdata",
    "model.actuator_ctrladr", "model.actuator_outadr", "model.tuple_objtype", "data.ten_length", "data.ten_velocity",
    "data.actuator_length", "data.actuator_velocity", "data.actuator_force", "option.integrator",
)  # fmt: skip

_SCALARS = {
    "int": ctypes.c_int, "mjtNum": ctypes.c_double, "mjtSize": ctypes.c_int64, "size_t": ctypes.c_size_t,
    "uintptr_t": ctypes.c_size_t, "mjtByte": ctypes.c_uint8, "float": ctypes.c_float, "double": ctypes.c_double,
    "uint64_t": ctypes.c_uint64, "int64_t": ctypes.c_int64, "mjtBool": ctypes.c_bool, "char": ctypes.c_char,
    "unsigned char": ctypes.c_uint8,
}  # fmt: skip


@cache
def library() -> ctypes.CDLL:
    """The engine's shared library, already in the process through the bindings."""
    pattern = {"win32": "mujoco.dll", "darwin": "libmujoco*.dylib"}.get(sys.platform, "libmujoco.so*")
    folder = Path(mujoco.__file__).parent
    found = sorted(folder.glob(pattern))
    if not found:
        raise ImportError(f"no {pattern} in {folder}; reinstall the mujoco package")
    return ctypes.CDLL(str(found[0]))


@cache
def mirror(name: str) -> type[ctypes.Structure]:
    """The ctypes mirror of one of MuJoCo's structs."""
    members = [(f.name, _ctype(f.type)) for f in structs.STRUCTS[name].fields if hasattr(f, "type")]
    return type(name, (ctypes.Structure,), {"_fields_": members})


def _ctype(declaration: Any) -> Any:
    kind = type(declaration).__name__
    if kind == "PointerType":
        return ctypes.c_void_p
    if kind == "ArrayType":
        result = _ctype(declaration.inner_type)
        for extent in reversed(declaration.extents):
            result = result * extent
        return result
    if kind in ("AnonymousStructDecl", "AnonymousUnionDecl"):
        base = ctypes.Structure if "Struct" in kind else ctypes.Union
        return type("anonymous", (base,), {"_fields_": [(f.name, _ctype(f.type)) for f in declaration.fields]})
    name = declaration.name.replace("struct ", "")
    if name in _SCALARS:
        return _SCALARS[name]
    return mirror(name) if name in structs.STRUCTS else ctypes.c_int  # what is left are enums


def offset_table(fields: tuple[str, ...] = FIELDS) -> dict[str, int]:
    """Byte offset of every field, in the given order."""
    structures = {"model": mirror("mjModel"), "data": mirror("mjData"), "option": mirror("mjOption")}
    return {key: getattr(structures[key.split(".")[0]], key.split(".")[1]).offset for key in fields}


def check_offsets(table: dict[str, int], probe: mujoco.MjModel) -> None:
    """Hold every offset against the arrays of a probe model as the bindings show them.

    An array of size zero shows no address: the probe must have at least one of everything that is to be checked.

    Raises:
        ImportError: An offset is wrong: this MuJoCo is built in a way its own introspection does not tell.
    """
    data = mujoco.MjData(probe)
    owners = {"model": (probe, probe._address), "data": (data, data._address)}
    owners["option"] = (probe.opt, probe._address + table["model.opt"])
    for key, offset in table.items():
        owner, field = key.split(".")
        value, at = getattr(owners[owner][0], field), owners[owner][1] + offset
        if isinstance(value, np.ndarray):
            right = value.size == 0 or ctypes.c_size_t.from_address(at).value == value.ctypes.data
        elif isinstance(value, bytes):
            right = ctypes.string_at(ctypes.c_size_t.from_address(at).value, len(value)) == value
        elif isinstance(value, float):
            right = ctypes.c_double.from_address(at).value == value
        elif isinstance(value, int):
            right = (ctypes.c_int64 if owner == "model" else ctypes.c_int).from_address(at).value == value
        else:
            right = field == "opt"  # a struct within the struct, held by the checks of what it contains
        if not right:
            raise ImportError(
                f"{key} is not at byte {offset} of MuJoCo {mujoco.__version__}, as its introspection says; "
                "install a MuJoCo release from PyPI"
            )


def probe_model(extra: str = "", sensor: str = "", actuator: str = "") -> mujoco.MjModel:
    """A model with one of everything whose offset is checked, and telling values."""
    return mujoco.MjModel.from_xml_string(f"""
<mujoco model="probe">
  <option timestep="0.00390625" integrator="implicit"><flag energy="enable" contact="disable"/></option>
  <size nuserdata="3"/>{extra}
  <custom><numeric name="n" data="1 2"/><tuple name="t"><element objtype="joint" objname="j"/></tuple></custom>
  <worldbody><body><joint name="j"/><geom size="1"/></body></worldbody>
  <tendon><fixed><joint joint="j" coef="1"/></fixed></tendon>
  <actuator><motor joint="j"/><general joint="j" dyntype="filter"/>{actuator}</actuator>
  <sensor><jointpos joint="j"/><jointvel joint="j"/>{sensor}</sensor>
</mujoco>""")


def publish(symbol: str, fields: tuple[str, ...], texts: tuple[str, ...]) -> None:
    """Put a plugin's table, and the engine's functions, where compiled code links to them.

    Args:
        symbol: What the table is called there (`memory.table`).
        fields: The fields whose offsets it begins with; they are checked first.
        texts: The texts whose addresses follow.

    Raises:
        ImportError: See `check_offsets`.
    """
    offsets = offset_table(fields)
    check_offsets(offsets, probe_model())
    buffers = [ctypes.create_string_buffer(text.encode()) for text in texts]
    entries = [*offsets.values(), *(ctypes.addressof(buffer) for buffer in buffers)]
    published = (ctypes.c_int64 * len(entries))(*entries)
    llvm.add_symbol(symbol, ctypes.addressof(published))
    _kept.extend([published, *buffers])  # compiled code holds bare addresses
    for name in ("mj_getPluginConfig", "mj_name2id", "mj_warning", "mj_applyFT", "mj_contactForce"):
        llvm.add_symbol(name, _address(getattr(library(), name)))
    c_library = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
    llvm.add_symbol("sns_mujoco_malloc", _address(c_library.malloc))
    llvm.add_symbol("sns_mujoco_free", _address(c_library.free))


def _address(function: Any) -> int:
    return ctypes.cast(function, ctypes.c_void_p).value or 0


_kept: list[Any] = []


class Plugin(ctypes.Structure):
    """`mjpPlugin` of MuJoCo's mjplugin.h."""

    _fields_ = [
        ("name", ctypes.c_char_p),
        ("nattribute", ctypes.c_int),
        ("attributes", ctypes.POINTER(ctypes.c_char_p)),
        ("capabilityflags", ctypes.c_int),
        ("needstage", ctypes.c_int),
        *(
            (name, ctypes.c_void_p)
            for name in (
                "nstate nsensordata init destroy copy reset compute advance visualize actuator_act_dot "
                "sdf_distance sdf_gradient sdf_staticdistance sdf_attribute sdf_aabb"
            ).split()
        ),
    ]


def fingerprint(*modules: ModuleType) -> int:
    """A digest, never 0, of the source of modules whose code is compiled into callbacks."""
    return zlib.crc32(b"".join(Path(module.__file__ or "").read_bytes() for module in modules)) | 1


def register_plugin(
    name: str, attributes: tuple[str, ...], capability: int, callbacks: dict[str, int], *, needstage: int = 0
) -> int:
    """Register a plugin with the engine; its slot.

    Args:
        name: Unique name of the plugin.
        attributes: Names of the configuration attributes that its instances may have.
        capability: Which of MuJoCo's mjtPluginCapabilityBit it has.
        callbacks: Address of each callback, by its name in `Plugin`.
        needstage: After which of MuJoCo's mjtStage its sensors are computed.

    Raises:
        ImportError: MuJoCo refuses it.
    """
    plugin = Plugin()
    library().mjp_defaultPlugin(ctypes.byref(plugin))
    plugin.name = name.encode()
    plugin.nattribute = len(attributes)
    plugin.attributes = (ctypes.c_char_p * len(attributes))(*(text.encode() for text in attributes))
    plugin.capabilityflags = int(capability)
    plugin.needstage = int(needstage)
    for callback, address in callbacks.items():
        setattr(plugin, callback, address)
    slot = library().mjp_registerPlugin(ctypes.byref(plugin))
    if slot < 0:
        raise ImportError(f"MuJoCo {mujoco.__version__} did not register the engine plugin {name!r}")
    return slot
