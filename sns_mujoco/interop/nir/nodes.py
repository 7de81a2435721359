"""The nodes of NIR 1 with their parameters, checked.

The equations are those of NIR's documentation (Pedersen et al. 2024, Nat Commun 15:8122); times are in seconds.

    I         dv/dt = r x
    LI        tau dv/dt = (v_leak - v) + r x
    IF, LIF   likewise; where v > v_threshold: a spike, and v goes to v_reset
    CubaLI, CubaLIF   tau_syn di/dt = -i + w_in x;   tau_mem dv/dt = (v_leak - v) + r i
    Threshold   1 where x > threshold, else 0
    Delay     y(t) = x(t - delay);   Scale   y = scale x;   Linear, Affine   y = W x + b
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError, SnsError
from sns_mujoco.interop.nir.raw_graph import PORT, RawGraph
from sns_mujoco.interop.nir.report import listed, refuse
from sns_mujoco.network.checks import numbers

Shape = tuple[int, ...]

LARGEST = 20_000_000
"""Most elements of a shape."""
ELEMENTWISE: dict[str, tuple[str, ...]] = {
    "I": ("r",),
    "IF": ("r", "v_threshold", "v_reset"),
    "LI": ("tau", "r", "v_leak"),
    "LIF": ("tau", "r", "v_leak", "v_threshold", "v_reset"),
    "CubaLI": ("tau_syn", "tau_mem", "r", "v_leak", "w_in"),
    "CubaLIF": ("tau_syn", "tau_mem", "r", "v_leak", "v_threshold", "v_reset", "w_in"),
    "Threshold": ("threshold",),
    "Scale": ("scale",),
    "Delay": ("delay",),
}
OTHERS: dict[str, tuple[str, ...]] = {
    "Input": ("shape",),
    "Output": ("shape",),
    PORT: ("shape",),
    "Linear": ("weight",),
    "Affine": ("weight", "bias"),
    "Conv1d": ("input_shape", "weight", "stride", "padding", "dilation", "groups", "bias"),
    "Conv2d": ("input_shape", "weight", "stride", "padding", "dilation", "groups", "bias"),
    "SumPool2d": ("kernel_size", "stride", "padding"),
    "AvgPool2d": ("kernel_size", "stride", "padding"),
    "Flatten": ("input_type", "start_dim", "end_dim"),
}
DEFAULTS: dict[str, Any] = {
    "v_reset": 0.0, "w_in": 1.0, "shape": None, "input_shape": None, "input_type": None, "start_dim": 1, "end_dim": -1,
}  # fmt: skip
WITHOUT_BIAS = ("Conv1d", "Conv2d")  # may have None there
ABOVE_ZERO = ("tau", "tau_syn", "tau_mem")
SUPPORTED = (*sorted({*ELEMENTWISE, *OTHERS} - {PORT}), "NIRGraph")
SPIKING = ("IF", "LIF", "CubaLIF", "Threshold")
CUBA = ("CubaLI", "CubaLIF")
READABLE = ("I", "LI", "CubaLI")
"""Nodes whose signal is a potential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node.

    Attributes:
        name: Its name.
        kind: Its type in NIR.
        values: Its parameters: float64 arrays, of one shape for nodes that work element by element; shapes (tuples)
            and other whole numbers as they are.
        shape: Shape of its elements where its parameters say so, else None.
    """

    name: str
    kind: str
    values: Mapping[str, Any]
    shape: Shape | None


def read_nodes(graph: RawGraph) -> dict[str, Node]:
    """Check every node of a graph.

    Raises:
        NetworkError: Lists all nodes of unknown type, or says what is wrong with the first of the others.
    """
    unknown = [f"node {name!r} is of type {kind!r}" for name, kind in graph.kinds.items() if kind not in _known()]
    if unknown:
        raise refuse(
            "the NIR graph has nodes that cannot be run here:", unknown, f"supported are {', '.join(SUPPORTED)}"
        )
    if not graph.kinds:
        raise NetworkError("the NIR graph has no nodes")
    return {name: _read(name, kind, graph.fields[name]) for name, kind in graph.kinds.items()}


def _known() -> set[str]:
    return {*ELEMENTWISE, *OTHERS}


def _read(name: str, kind: str, fields: Mapping[str, Any]) -> Node:
    owner = f"NIR node {name!r} ({kind})"
    wanted = ELEMENTWISE.get(kind) or OTHERS[kind]
    unknown = sorted(set(fields) - set(wanted) - {"input_type", "output_type"})
    if unknown:
        raise NetworkError(
            f"{owner} has {unknown[0]!r}, which such a node of NIR 1 does not have; it has {listed(wanted)}"
        )
    optional = {*DEFAULTS, *(("bias",) if kind in WITHOUT_BIAS else ())}
    missing = [key for key in wanted if key not in fields and key not in optional]
    if missing:
        raise NetworkError(f"{owner} lacks {listed(missing)}")
    given = {key: fields.get(key) for key in wanted}
    given = {key: DEFAULTS.get(key) if value is None else value for key, value in given.items()}
    if kind in ELEMENTWISE:
        return _elementwise(name, kind, owner, given)
    values = {key: _READERS.get(key, _array)(owner, key, value) for key, value in given.items()}
    return Node(name=name, kind=kind, values=values, shape=values.get("shape"))


def _elementwise(name: str, kind: str, owner: str, given: Mapping[str, Any]) -> Node:
    """Parameters of one shape; each may be a single number instead."""
    arrays = {key: _array(owner, key, value) for key, value in given.items()}
    for key, array in arrays.items():
        if not array.size:
            raise NetworkError(f"{owner}: {key} is empty")
        if key in ABOVE_ZERO and (array <= 0).any():
            raise NetworkError(f"{owner}: {key} is {array.min():g} s; it must be more than 0")
        if key == "delay" and (array < 0).any():
            raise NetworkError(f"{owner}: {key} is {array.min():g} s; it must be 0 or more")
    shapes = sorted({array.shape for array in arrays.values() if array.size > 1})
    if len(shapes) > 1:
        raise NetworkError(f"{owner}: its parameters have shapes {', '.join(map(str, shapes))}; give them one shape")
    single = max((array.shape for array in arrays.values()), key=len)
    shape = shapes[0] if shapes else (single or None)
    values = {key: array.reshape(()) if array.size == 1 else array for key, array in arrays.items()}
    return Node(name=name, kind=kind, values=values, shape=shape)


def _array(owner: str, key: str, value: Any) -> NDArray[np.float64]:
    """Finite numbers, from whatever holds them: tensors of torch, too."""
    try:
        value = value.detach().cpu().numpy() if hasattr(value, "detach") else value
        return numbers(owner, key, value)
    except SnsError:
        raise
    except Exception as error:  # objects may raise anything when they are asked for numbers
        raise NetworkError(f"{owner}: {key} is {type(value).__name__}; give an array of numbers") from error


def whole(owner: str, key: str, value: Any, least: int = 0) -> tuple[int, ...]:
    """Whole numbers in a row."""
    array = _array(owner, key, value).ravel()
    if (array != np.round(array)).any() or (array < least).any() or (array > LARGEST).any():
        raise NetworkError(f"{owner}: {key} is {array.tolist()}; give whole numbers from {least} to {LARGEST}")
    return tuple(int(entry) for entry in array)


def _shape(owner: str, key: str, value: Any) -> Shape | None:
    if isinstance(value, Mapping):
        value = next(iter(value.values()), None)
    if value is None or isinstance(value, str) and value == "None":
        return None
    shape = whole(owner, key, value, 1)
    if not shape or np.prod(np.array(shape, float)) > LARGEST:
        raise NetworkError(f"{owner}: {key} is {shape}; give the shape of at most {LARGEST} elements")
    return shape


def _one_or_two(least: int):
    """Whole numbers, one for each direction or one for both."""

    def read(owner: str, key: str, value: Any) -> tuple[int, ...]:
        sizes = whole(owner, key, value, least)
        if len(sizes) not in (1, 2):
            raise NetworkError(f"{owner}: {key} has {len(sizes)} numbers; give one, or one for each direction")
        return sizes

    return read


def _padding(owner: str, key: str, value: Any) -> tuple[int, ...] | str:
    text = value.item() if isinstance(value, np.ndarray) and value.dtype.kind in "OSU" and value.size == 1 else value
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if isinstance(text, str):
        if text not in ("same", "valid"):
            raise NetworkError(f"{owner}: padding is {text!r}; give 'same', 'valid', or numbers")
        return text
    return _one_or_two(0)(owner, key, text)


def _groups(owner: str, key: str, value: Any) -> int:
    sizes = whole(owner, key, value, 1)
    if len(sizes) != 1:
        raise NetworkError(f"{owner}: groups has {len(sizes)} numbers; give one")
    return sizes[0]


def _dimension(owner: str, key: str, value: Any) -> int:
    array = _array(owner, key, value)
    if array.size != 1 or array.item() != round(array.item()) or abs(array.item()) > 64:
        raise NetworkError(f"{owner}: {key} is {array.tolist()}; give the number of a dimension")
    return int(array.item())


def _bias(owner: str, key: str, value: Any) -> NDArray[np.float64] | None:
    return None if value is None else _array(owner, key, value)


_READERS = {
    "shape": _shape,
    "input_shape": _shape,
    "input_type": _shape,
    "stride": _one_or_two(1),
    "dilation": _one_or_two(1),
    "kernel_size": _one_or_two(1),
    "padding": _padding,
    "groups": _groups,
    "bias": _bias,
    "start_dim": _dimension,
    "end_dim": _dimension,
}
