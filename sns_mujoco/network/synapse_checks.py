"""Checks of what describes synapses: one by one, by a matrix, or by a kernel."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import numbers, settle, text, whole_numbers


def matrix_shape(connection: Any, name: str, dimensions: tuple[int, ...]) -> tuple[int, ...]:
    """Shape of a matrix or kernel, which must have one of these numbers of dimensions."""
    array = numbers(connection.label, name, getattr(connection, name), least=0.0)
    if array.ndim not in dimensions or not array.size:
        wanted = " or ".join(f"{d}-D" for d in dimensions)
        raise NetworkError(
            f"{connection.label}: {name} has shape {array.shape}; give a {wanted} array that is not empty"
        )
    return array.shape


def kernel_shape(connection: Any) -> tuple[int, ...]:
    """Shape of a kernel, which must have a middle."""
    shape = matrix_shape(connection, "max_conductance_kernel", (1, 2))
    if any(size % 2 == 0 for size in shape):
        raise NetworkError(f"{connection.label}: the kernel has shape {shape}; every size must be odd")
    return shape


def _fit(connection: Any, name: str, value: NDArray, shape: tuple[int, ...]) -> NDArray:
    """Keep a checked parameter if it is one number or has the shape of the conductances."""
    if value.shape not in ((), shape):
        wanted = f"{shape} like the conductances, or a number" if shape else "one number"
        raise NetworkError(f"{connection.label}: {name} has shape {value.shape}; give {wanted}")
    settle(connection, name, value)
    return value


def _settle(connection: Any, name: str, shape: tuple[int, ...], **bounds: float) -> NDArray[np.float64]:
    return _fit(connection, name, numbers(connection.label, name, getattr(connection, name), **bounds), shape)


def settle_graded(connection: Any, shape: tuple[int, ...] = (), suffix: str = "") -> None:
    """Check the four parameters of graded synapses.

    Raises:
        NetworkError: Not finite, negative, of another shape, or a ramp without width.
    """
    text(type(connection).__name__, "name", connection.name)
    conductance = _settle(connection, f"max_conductance{suffix}", shape, least=0.0)
    _settle(connection, f"reversal_potential{suffix}", shape)
    e_lo = _settle(connection, f"e_lo{suffix}", shape)
    e_hi = _settle(connection, f"e_hi{suffix}", shape)
    flat = (e_lo == e_hi) & (conductance > 0)
    if flat.any():
        value = np.broadcast_to(e_lo, flat.shape)[flat].flat[0]
        raise NetworkError(
            f"{connection.label}: e_lo{suffix} and e_hi{suffix} are both {value:g}; give the ramp a width"
        )


def settle_spiking(connection: Any, shape: tuple[int, ...] = (), suffix: str = "") -> None:
    """Check the parameters of spiking synapses.

    Raises:
        NetworkError: Not finite, negative, of another shape, or a delay given twice.
    """
    text(type(connection).__name__, "name", connection.name)
    conductance = _settle(connection, f"max_conductance{suffix}", shape, least=0.0)
    _settle(connection, f"reversal_potential{suffix}", shape)
    time_constant = _settle(connection, f"time_constant{suffix}", shape, least=0.0)
    if ((time_constant == 0) & (conductance > 0)).any():
        raise NetworkError(f"{connection.label}: time_constant{suffix} is 0; it must be more than 0")
    increment, delay, delay_ms = (
        f"{name}{suffix}" for name in ("conductance_increment", "transmission_delay", "transmission_delay_ms")
    )
    if getattr(connection, increment) is not None:
        _settle(connection, increment, shape, least=0.0)
    steps = _fit(connection, delay, whole_numbers(connection.label, delay, getattr(connection, delay)), shape)
    if getattr(connection, delay_ms) is not None:
        _settle(connection, delay_ms, shape, least=0.0)
        if steps.any():
            raise NetworkError(f"{connection.label}: the delay is given in steps and in ms; give one of them")
