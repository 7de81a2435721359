"""Checks of what describes synapses: one by one, by a matrix, by a kernel, or by a list.

Each check takes the parameters by name, the shape of those that have one value for each synapse, and the suffix that
they bear in their description; and returns them as finite numbers.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import numbers, whole_numbers
from sns_mujoco.network.described import Bounds, checked, require_shape

Columns = dict[str, NDArray | None]

GRADED: Bounds = {"max_conductance": {"least": 0.0}, "reversal_potential": {}, "e_lo": {}, "e_hi": {}}
SPIKING: Bounds = {
    "max_conductance": {"least": 0.0},
    "reversal_potential": {},
    "time_constant": {"least": 0.0},
    "transmission_delay": {},
    "conductance_increment": {"least": 0.0},
    "transmission_delay_ms": {"least": 0.0},
}


def matrix_shape(label: str, name: str, value: Any, dimensions: tuple[int, ...]) -> tuple[int, ...]:
    """Shape of a matrix or kernel, which must have one of these numbers of dimensions."""
    array = numbers(label, name, value)
    if array.ndim not in dimensions or not array.size:
        wanted = " or ".join(f"{d}-D" if d else "number or a" for d in dimensions).replace("a or", "a")
        raise NetworkError(f"{label}: {name} has shape {array.shape}; give a {wanted} array that is not empty")
    return array.shape


def kernel_shape(label: str, kernel: Any) -> tuple[int, ...]:
    """Shape of a kernel, which must have a middle."""
    shape = matrix_shape(label, "max_conductance_kernel", kernel, (1, 2))
    if any(size % 2 == 0 for size in shape):
        raise NetworkError(f"{label}: the kernel has shape {shape}; every size must be odd")
    return shape


def check_graded(label: str, given: Mapping[str, Any], shape: tuple[int, ...] = (), suffix: str = "") -> Columns:
    """Check the four parameters of graded synapses.

    Raises:
        NetworkError: Not finite, negative, of another shape, or a ramp without width.
    """
    columns = checked(label, given, GRADED, frozenset(), suffix)
    require_shape(label, columns, shape, suffix)
    require_width(label, columns["e_lo"], columns["e_hi"], columns["max_conductance"], suffix)
    return columns


def require_width(label: str, e_lo: Any, e_hi: Any, strength: Any, suffix: str = "") -> None:
    """Refuse ramps whose ends are the same, except of synapses that do nothing.

    Raises:
        NetworkError: Names the potential.
    """
    flat = (e_lo == e_hi) & (strength != 0)
    if flat.any():
        value = np.broadcast_to(e_lo, flat.shape)[flat].flat[0]
        raise NetworkError(f"{label}: e_lo{suffix} and e_hi{suffix} are both {value:g}; give the ramp a width")


def check_spiking(label: str, given: Mapping[str, Any], shape: tuple[int, ...] = (), suffix: str = "") -> Columns:
    """Check the parameters of spiking synapses.

    Raises:
        NetworkError: Not finite, negative, of another shape, or a delay given twice.
    """
    columns: Columns = checked(
        label, given, SPIKING, frozenset({"conductance_increment", "transmission_delay_ms"}), suffix
    )
    steps = whole_numbers(label, f"transmission_delay{suffix}", given["transmission_delay"])
    columns["transmission_delay"] = steps
    require_shape(label, columns, shape, suffix)
    if ((columns["time_constant"] == 0) & (columns["max_conductance"] != 0)).any():
        raise NetworkError(f"{label}: time_constant{suffix} is 0; it must be more than 0")
    if columns["transmission_delay_ms"] is not None and steps.any():
        raise NetworkError(f"{label}: the delay is given in steps and in ms; give one of them")
    return columns


def require_kind(label: str, name: str, value: Any, kinds: tuple[type, ...]) -> None:
    """Refuse what is neither left out nor a description of one of some kinds.

    Raises:
        NetworkError: Names them.
    """
    if value is not None and not isinstance(value, kinds):
        raise NetworkError(f"{label}: {name} is {value!r}; give a {' or '.join(kind.__name__ for kind in kinds)}")


def require_room(label: str, columns: Columns, *, least: float | None = None) -> None:
    """Refuse bounds of a weight that leave no room, or that it breaks at the start.

    Raises:
        NetworkError: Names the bound, or the weight.
    """
    weight, w_min, w_max = (columns.get(name) for name in ("weight", "w_min", "w_max"))
    if weight is None or w_min is None or w_max is None:
        return
    if (w_min > w_max).any():
        raise NetworkError(f"{label}: w_min is above w_max; weights need room between them")
    if least is not None and (w_min < least).any():
        raise NetworkError(f"{label}: w_min is {w_min.min():g}; a conductance cannot be negative: give 0 or more")
    there = weight != 0 if weight.ndim == 2 else True  # in a matrix, zero is no synapse
    outside = ((weight < w_min) | (weight > w_max)) & there
    if np.any(outside):
        value = float(np.broadcast_to(weight, outside.shape)[outside].flat[0])
        raise NetworkError(f"{label}: weight is {value:g}, outside w_min and w_max of its plasticity; widen them")
