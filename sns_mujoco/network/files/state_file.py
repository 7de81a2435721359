"""The state of a nervous system in a `.npz` file, which belongs to the program that it was taken from.

The archive holds one array for each part of the state, as `StateLayout` names them ("potential", "threshold", ...),
and a "header": what the program was, so that the state of another network is refused.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.files import check_output_path, written_whole
from sns_mujoco.network.files.archives import pack, unpack
from sns_mujoco.network.files.reading import read
from sns_mujoco.network.files.strict_json import parse, shown

if TYPE_CHECKING:
    from sns_mujoco.backends.program import Program

FORMAT = "sns-mujoco state 1"
HEADER = "header"
PORTS = ("input_", "output_")  # fields of a program that have no bearing on its state
NUMBERS = "numbers"  # how fingerprints of arrays of parameters begin; all others are structure
SHOWN = 3  # differences in a message


def save_state(path: str | os.PathLike[str], program: "Program", state: ArrayLike) -> None:
    """Write the state of a nervous system into a file.

    Args:
        path: Where to, ending in .npz; a file that is there is replaced.
        program: What the state belongs to.
        state: As `Model.state` gives it [size], or of many individuals [..., size].

    Raises:
        NetworkError: It is no state of this program.
        OutputPathError: It cannot be written there.
    """
    place = check_output_path(path, (".npz",))
    parts = _parts(program)
    size = sum(part.stop - part.start for part in parts.values())
    try:
        values = np.asarray(state, dtype=np.float64)
    except (TypeError, ValueError):
        raise NetworkError(f"the state is {shown(state)}; give numbers") from None
    if values.shape[-1:] != (size,):
        raise NetworkError(f"the state has shape {values.shape}; this network's has [..., {size}]")
    header = {"format": FORMAT, "neuron_names": program.neuron_names, "program": dict(_fingerprints(program))}
    arrays = {HEADER: np.frombuffer(json.dumps(header).encode(), np.uint8)}
    arrays |= {name: np.ascontiguousarray(values[..., part]) for name, part in parts.items()}
    packed = pack(arrays)
    with written_whole(place) as partial:
        partial.write_bytes(packed)


def load_state(
    path: str | os.PathLike[str], program: "Program", *, other_parameters: bool = False
) -> NDArray[np.float64]:
    """Read the state of a nervous system, to the bit.

    Args:
        path: A file that `save_state` wrote.
        program: The program that is to go on from it: that of the same network, for the same step. Inputs and outputs
            may have changed.
        other_parameters: Whether its numbers (conductances, biases, ...) may have changed as well; names, wiring,
            delays and the step may not.

    Returns:
        The state [size], or [..., size] if it is one of many individuals.

    Raises:
        FileNotFoundError: It is not there.
        NetworkError: It is no state, damaged, or that of another network; says what differs.
    """
    place = Path(path)
    try:
        arrays = unpack(read(place, "state"))
        header = _header(arrays.pop(HEADER, None))
        _require_same(header, program, other_parameters=other_parameters)
        return _assembled(arrays, program)
    except NetworkError as error:
        raise NetworkError(f"{str(place)!r}: {error}") from error


def _parts(program: "Program") -> dict[str, slice]:
    """The named parts of a program's state, in order."""
    from sns_mujoco.backends.state import StateLayout

    layout = StateLayout.of(program)
    values = {field.name: getattr(layout, field.name) for field in fields(layout)}
    return {name: value for name, value in values.items() if isinstance(value, slice)}


def _fingerprints(record: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """What each field of a program is, short enough to be kept: sizes and digests of arrays."""
    for field in fields(record):
        name, value = prefix + field.name, getattr(record, field.name)
        if name.startswith(PORTS):
            continue
        if is_dataclass(value):
            yield from _fingerprints(value, f"{name}.")
        elif isinstance(value, tuple) and any(map(is_dataclass, value)):
            for k, entry in enumerate(value):
                yield from _fingerprints(entry, f"{name}[{k}].")
        elif isinstance(value, np.ndarray):
            kind = NUMBERS if value.dtype.kind == "f" else "indices"
            yield name, f"{kind} {list(value.shape)} {hashlib.sha256(value.tobytes()).hexdigest()}"
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield name, f"names [{len(value)}] {hashlib.sha256(json.dumps(list(value)).encode()).hexdigest()}"
        else:
            yield name, repr(value)


def _header(stored: NDArray | None) -> dict[str, Any]:
    if stored is None or stored.dtype != np.uint8:
        raise NetworkError("it is no state: it has no header; states are made by save_state")
    header = parse(stored.tobytes())
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        given = header.get("format") if isinstance(header, dict) else header
        raise NetworkError(f"its format is {shown(given)}, and this sns-mujoco reads {FORMAT!r}; is it a newer one?")
    names, program = header.get("neuron_names"), header.get("program")
    if not isinstance(names, list) or not isinstance(program, dict):
        raise NetworkError("its header is damaged; it does not say what the state belongs to")
    return header


def _require_same(header: dict[str, Any], program: "Program", *, other_parameters: bool) -> None:
    """Refuse the state of another network."""
    theirs, ours = header["neuron_names"], list(program.neuron_names)
    found = []
    if len(theirs) != len(ours):
        found.append(f"it has {len(theirs)} neurons, this network has {len(ours)}")
    elif theirs != ours:
        k = next(k for k, (their, our) in enumerate(zip(theirs, ours, strict=True)) if their != our)
        found.append(f"its neuron {k} is {shown(theirs[k])}, here it is {ours[k]!r}")
    there, here = header["program"], dict(_fingerprints(program))
    differ = [name for name in here if there.get(name) != here[name] and name != "neuron_names"]
    numbers = [name for name in differ if _only_numbers(there.get(name), here[name])]
    found += [_difference(name, there.get(name), here[name]) for name in differ if name not in numbers]
    if found:
        raise NetworkError(
            f"it is the state of another network: {_listed(found)}; load it into the one it was saved of"
        )
    if numbers and not other_parameters:
        raise NetworkError(
            f"it is the state of a network with other parameters: {_listed(numbers)} differ; give "
            "other_parameters=True to go on from it all the same"
        )


def _only_numbers(there: Any, here: str) -> bool:
    """Whether two fingerprints are of arrays of parameters of the same shape."""
    return isinstance(there, str) and here.startswith(NUMBERS) and there.rpartition(" ")[0] == here.rpartition(" ")[0]


def _difference(name: str, there: Any, here: str) -> str:
    if not isinstance(there, str):
        return f"{name} is not known of it"
    sizes = [value.rpartition(" ")[0] or value for value in (there, here)]  # without the digests
    return f"{name} differs" if sizes[0] == sizes[1] else f"{name} is {sizes[0][:40]} there and {sizes[1][:40]} here"


def _listed(items: list[str]) -> str:
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more


def _assembled(arrays: dict[str, NDArray], program: "Program") -> NDArray[np.float64]:
    """The state from its parts, wherever they lay when it was saved."""
    parts = _parts(program)
    if arrays.keys() != parts.keys():
        odd = sorted(arrays.keys() ^ parts.keys())
        raise NetworkError(f"its parts are not those of a state of this version: {_listed(odd)}")
    many = arrays["potential"].shape[:-1]
    for name, part in parts.items():
        wanted = (*many, part.stop - part.start)
        if arrays[name].shape != wanted or arrays[name].dtype != np.float64:
            raise NetworkError(
                f"its part {name!r} is {arrays[name].dtype} {arrays[name].shape}; this network's is float64 {wanted}"
            )
    in_order = sorted(parts, key=lambda name: parts[name].start)
    return np.concatenate([arrays[name] for name in in_order], axis=-1)
