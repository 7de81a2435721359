"""Networks in files: `brain.json`, and beside it `brain.arrays.npz` where it has long arrays."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError, SnsError
from sns_mujoco.files import check_output_path, written_whole
from sns_mujoco.network.files.archives import pack, unpack
from sns_mujoco.network.files.contents import decode_network, encode_network
from sns_mujoco.network.files.forms import Arrays, misfit
from sns_mujoco.network.files.notes import annotations as annotations_of
from sns_mujoco.network.files.notes import plain
from sns_mujoco.network.files.reading import read
from sns_mujoco.network.files.strict_json import parse, render
from sns_mujoco.network.files.versions import WRITER, upgraded
from sns_mujoco.network.network import Network


def save_network(
    network: Network, path: str | os.PathLike[str], *, annotations: Mapping[str, Any] | None = None
) -> None:
    """Write a network into a file that people can read, compare and edit; see FORMAT.md.

    Numbers are exact. Arrays of more than 1,000 numbers go into a sidecar beside it, "brain.arrays.npz" for
    "brain.json", which belongs to it. Whatever interrupts this, the file that was there before can still be read, or
    the new one can.

    Args:
        network: The network.
        path: Where to, ending in .json; a file that is there is replaced.
        annotations: What else the file shall hold, as JSON can say it; see `load_annotations`.

    Raises:
        NetworkError: It has a description that no file can hold, or an annotation is nothing that JSON can say; names
            it.
        OutputPathError: It cannot be written there.
    """
    place = check_output_path(path, (".json",))
    arrays: Arrays = {}
    content = encode_network(network, arrays)
    data: dict[str, Any] = {"format": content.pop("format"), "written_by": WRITER}
    if annotations:
        data["annotations"] = plain(annotations, "annotations")
    sidecar, coming = _sidecars(place)
    if arrays:
        packed = pack(arrays)
        data["arrays"] = {"file": sidecar.name, "sha256": hashlib.sha256(packed).hexdigest()}
        with written_whole(coming) as partial:  # beside the old one, which the old file still needs
            partial.write_bytes(packed)
    with written_whole(place) as partial:
        partial.write_bytes(render(data | content))
    if arrays:
        coming.replace(sidecar)
    else:
        sidecar.unlink(missing_ok=True)


def load_network(path: str | os.PathLike[str]) -> Network:
    """Read a network from a file that `save_network` wrote, in this version or an earlier one, or that was edited.

    Nothing in a file is executed: it names descriptions out of a fixed list, and holds numbers and texts.

    Args:
        path: The file.

    Raises:
        FileNotFoundError: It is not there, or its sidecar is not.
        NetworkError: It is no network, damaged, of a newer version, or something in it is wrong; names the place.
        UnknownNameError: A population, field or class of a name does not exist.
    """
    place = Path(path)
    written_by = WRITER
    try:
        data = upgraded(parse(read(place, "network")))
        written_by = data.get("written_by", WRITER)
        return decode_network(data, _arrays(place, data))
    except SnsError as error:
        other = isinstance(written_by, str) and written_by != WRITER
        note = f" (it was written by {written_by[:40]}, this is {WRITER})" if other else ""
        raise type(error)(f"{str(place)!r}: {error}{note}") from error


def load_annotations(path: str | os.PathLike[str]) -> dict[str, Any]:
    """What a file of a network holds besides the network; `load_network` passes it over.

    Args:
        path: The file.

    Returns:
        Plain data by name; empty where there is none.

    Raises:
        FileNotFoundError: It is not there.
        NetworkError: It is no network, or damaged.
    """
    place = Path(path)
    try:
        return annotations_of(upgraded(parse(read(place, "network"))))
    except SnsError as error:
        raise type(error)(f"{str(place)!r}: {error}") from error


def _sidecars(place: Path) -> tuple[Path, Path]:
    """Where the sidecar of a file is, and where a new one waits until the file itself has been replaced."""
    return place.with_name(f"{place.stem}.arrays.npz"), place.with_name(f"{place.stem}.arrays.new.npz")


def _arrays(place: Path, data: dict[str, Any]) -> dict[str, NDArray]:
    """The long arrays of a file."""
    if "arrays" not in data:
        return {}
    entry = data["arrays"]
    if not isinstance(entry, dict) or set(map(type, entry.values())) != {str} or entry.keys() != {"file", "sha256"}:
        raise misfit("arrays", entry, "the 'file' and its 'sha256'")
    name = entry["file"]
    if not name or Path(name).name != name:
        raise NetworkError(f"arrays.file is {name!r}; give the name of a file in the same directory")
    recorded = place.with_name(name)
    candidates = [recorded, recorded.with_name(f"{name.removesuffix('.npz')}.new.npz"), *_sidecars(place)]
    found = [read(candidate, "sidecar") for candidate in candidates if os.path.isfile(candidate)]
    if not found:
        raise FileNotFoundError(
            f"{str(place)!r} has its long arrays in {name!r}, which is not beside it; copy both files"
        )
    for packed in found:
        if hashlib.sha256(packed).hexdigest() == entry["sha256"]:
            try:
                return unpack(packed)
            except NetworkError as error:
                raise NetworkError(f"the sidecar {name!r}: {error}") from error
    raise NetworkError(f"the sidecar {name!r} is not the one that was saved with it, or it is damaged (sha256 differs)")
