"""Contact forces on bodies (`cfrc_ext`) in a batch, as Gymnasium's environments compute them after a step.

They call `mj_rnePostConstraint` when a step is over. A batch has no place for such a call, and a sensor that asks for
external forces has them of the step's beginning: RK4's substeps skip sensors. MuJoCo's `advance` of a plugin runs when
all forces of the step are known, so an engine plugin makes the call there. It changes no state: external forces follow
from contacts and constraints, and nothing in MuJoCo's step follows from them.
"""

import ctypes
from functools import cache

import mujoco
from llvmlite import binding as llvm
from numba import cfunc, types

from sns_mujoco.cosim import engine

PLUGIN_NAME = "sns_mujoco.external_forces"


def keep_external_forces(spec: mujoco.MjSpec) -> None:
    """Let every step of a body end with its external forces known, in `cfrc_ext`."""
    _register()
    spec.activate_plugin(PLUGIN_NAME)
    spec.add_plugin(name=PLUGIN_NAME, plugin_name=PLUGIN_NAME, active=True)


@cache
def _register() -> int:
    function = ctypes.cast(engine.library().mj_rnePostConstraint, ctypes.c_void_p)
    llvm.add_symbol("mj_rnePostConstraint", function.value)
    after_constraints = types.ExternalFunction("mj_rnePostConstraint", types.void(types.voidptr, types.voidptr))

    @cfunc(types.int32(types.voidptr, types.int32))
    def nothing(model, instance):
        return 0

    @cfunc(types.void(types.voidptr, types.voidptr, types.int32, types.int32))
    def compute(model, data, instance, capability):
        pass

    @cfunc(types.void(types.voidptr, types.voidptr, types.int32))
    def advance(model, data, instance):
        after_constraints(model, data)

    _kept.extend([nothing, compute, advance])
    callbacks = {"nstate": nothing, "compute": compute, "advance": advance}
    addresses = {name: callback.address or 0 for name, callback in callbacks.items()}
    return engine.register_plugin(PLUGIN_NAME, (), mujoco.mjtPluginCapabilityBit.mjPLUGIN_PASSIVE, addresses)


_kept: list[object] = []
