"""Recordings on disk: NetCDF (.nc) and Zarr (.zarr), loaded back equal."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sns_mujoco.errors import MissingDependencyError, OutputPathError, RecordingError
from sns_mujoco.files import check_output_path, written_whole

if TYPE_CHECKING:
    import xarray

FORMATS = (".nc", ".zarr")
MARK = "sns_mujoco_version"
ORDER = "_order_of_variables"


def save(recording: "xarray.Dataset", path: str | Path) -> None:
    """Write a recording, whole or not at all; what was there is replaced.

    Args:
        recording: The recording.
        path: A file ending in .nc, for NetCDF, or a folder ending in .zarr, for Zarr.

    Raises:
        OutputPathError: It cannot be written there, or the name ends in something else.
        MissingDependencyError: It is to be Zarr, and zarr is not installed.
    """
    if Path(path).suffix.lower() == ".zarr":
        require_zarr()
        with written_folder(Path(path)) as temporary:
            write_zarr(recording, temporary)
        return
    target = check_output_path(path, FORMATS)
    with written_whole(target) as temporary:
        recording.to_netcdf(temporary, engine="h5netcdf")


def load(path: str | Path, *, lazy: bool = False) -> "xarray.Dataset":
    """Read a recording, as it was saved, or as far as it was written when its process was killed.

    Args:
        path: A .nc file or a .zarr folder.
        lazy: Whether to leave the numbers on the disk until they are used; close it then.

    Raises:
        FileNotFoundError: There is nothing of that name.
        RecordingError: It is damaged, or no recording.
        MissingDependencyError: It is Zarr, and zarr is not installed.
    """
    import xarray

    place = Path(path)
    if place.suffix.lower() not in FORMATS:
        raise RecordingError(
            f"{str(place)!r} is no recording by its name; give one that ends in {' or '.join(FORMATS)}"
        )
    if not place.exists():
        raise FileNotFoundError(f"no recording {str(place)!r}; look for its name")
    if place.suffix.lower() == ".zarr":
        require_zarr()
    try:
        if place.suffix.lower() == ".zarr":
            found = read_zarr(place)
        else:
            found = xarray.open_dataset(place, engine="h5netcdf", decode_times=False, decode_timedelta=False)
        recording = _tidied(found if lazy else found.load())
        if not lazy:
            found.close()
    except Exception as error:  # the libraries raise anything on bytes that make no sense
        raise RecordingError(
            f"{str(place)!r} cannot be read as a recording: it is damaged or none ({error})"
        ) from error
    if MARK not in recording.attrs or "time" not in recording.coords:
        raise RecordingError(
            f"{str(place)!r} is no recording of this package: it has no attribute {MARK!r} or no time; open it with "
            "xarray"
        )
    return recording


def require_zarr() -> None:
    """Refuse Zarr where it is not installed.

    Raises:
        MissingDependencyError: It is not; names the extra.
    """
    if find_spec("zarr") is None:
        raise MissingDependencyError("Zarr recordings need zarr; install it with pip install 'sns-mujoco[zarr]'")


def write_zarr(recording: "xarray.Dataset", folder: Path) -> None:
    """Write a dataset as a Zarr group of format 2, which needs nothing that is not in the format's definition."""
    plain = recording.assign_coords({name: _fixed(coordinate) for name, coordinate in _texts(recording).items()})
    for variable in plain.variables.values():
        variable.encoding = {}
    plain.attrs = plain.attrs | {ORDER: [str(name) for name in recording.data_vars]}  # a group has none
    plain.to_zarr(folder, mode="w", consolidated=False, zarr_format=2)


def read_zarr(folder: Path) -> "xarray.Dataset":
    """Read what `write_zarr` or a stream wrote; variables that a killed process left longer than others are cut."""
    import xarray
    import zarr

    group = zarr.open_group(folder, mode="r", zarr_format=2)
    lengths: dict[str, int] = {}
    arrays: dict[str, Any] = dict(group.arrays())
    for array in arrays.values():
        for name, size in zip(array.attrs["_ARRAY_DIMENSIONS"], array.shape, strict=True):
            lengths[name] = min(lengths.get(name, size), size)
    variables, coordinates = {}, {}
    listed = str(group.attrs.get("coordinates", "")).split()
    order = [name for name in group.attrs.get(ORDER, ()) if name in arrays]  # type: ignore[union-attr]
    for name, array in {name: arrays[name] for name in (*order, *arrays)}.items():
        about = dict(array.attrs)
        dimensions = about.pop("_ARRAY_DIMENSIONS")
        listed += str(about.pop("coordinates", "")).split()
        values = np.asarray(array[tuple(slice(lengths[d]) for d in dimensions)])
        variables[name] = (dimensions, values, about)
    for name in list(variables):
        if name in lengths or name in listed:
            coordinates[name] = variables.pop(name)
    attrs = {name: value for name, value in group.attrs.items() if name not in ("coordinates", ORDER)}
    return xarray.Dataset(variables, coords=coordinates, attrs=attrs)


@contextmanager
def written_folder(place: Path) -> Iterator[Path]:
    """A folder to write into, which takes its place if all goes well and vanishes if not.

    Raises:
        OutputPathError: There is something that is no recording, or it cannot be made.
    """
    check_folder(place)
    temporary = Path(tempfile.mkdtemp(prefix=f".{place.stem}-", suffix=place.suffix, dir=place.parent))
    try:
        yield temporary
        temporary.chmod(0o755)
        if place.exists():
            shutil.rmtree(place)
        temporary.replace(place)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def check_folder(place: Path) -> None:
    """Refuse a place where a Zarr folder cannot be written.

    Raises:
        OutputPathError: See `written_folder`.
    """
    if place.is_symlink():
        raise OutputPathError(
            f"{str(place)!r} is a link, and a folder is to be made there; give {str(place.resolve())!r}"
        )
    if place.exists() and not (place / ".zgroup").is_file() and (not place.is_dir() or any(place.iterdir())):
        raise OutputPathError(f"{str(place)!r} is there and no Zarr recording; choose another name, or remove it")
    check_output_path(place.parent / "folder.zarr", (".zarr",))


def ordered(recording: "xarray.Dataset") -> "xarray.Dataset":
    """The same with its coordinates in the order in which the variables have them, then the others by name."""
    import xarray

    names = dict.fromkeys(str(d) for v in recording.data_vars.values() for d in v.dims if d in recording.coords)
    names |= dict.fromkeys(sorted(str(name) for name in recording.coords))
    found = xarray.Dataset({name: v.variable for name, v in recording.data_vars.items()}, attrs=recording.attrs)
    for name in names:  # one by one: all at once, they are sorted
        found = found.assign_coords({name: recording.coords[name].variable})
    return found


def _texts(recording: "xarray.Dataset") -> dict[str, "xarray.DataArray"]:
    return {str(name): c for name, c in recording.coords.items() if c.dtype.kind in "OUT"}


def _nothing(recording: "xarray.Dataset") -> dict[str, "xarray.DataArray"]:
    """Coordinates without an entry, whose type no file keeps: they are names, as of muscles where there are none."""
    found = {str(name): c for name, c in recording.coords.items()}
    return {name: c for name, c in found.items() if c.size == 0 and not is_time(name)}


def is_time(name: str) -> bool:
    """Whether a dimension is one of time: "time", or "time_50Hz" of what has a rate of its own."""
    return name == "time" or name.startswith("time_")


def _fixed(coordinate: "xarray.DataArray") -> "xarray.DataArray":
    longest = max((len(text) for text in coordinate.values.tolist()), default=1)
    return coordinate.astype(f"<U{max(longest, 1)}")


def _tidied(found: "xarray.Dataset") -> "xarray.Dataset":
    """Types as they were, and without rows that a killed process left without a time."""
    for name, coordinate in (_texts(found) | _nothing(found)).items():
        found = found.assign_coords({name: (coordinate.dims, coordinate.values.astype(object), coordinate.attrs)})
    for name in [str(d) for d in found.dims if is_time(str(d))]:
        known = np.isfinite(found[name].values)
        if not known.all():
            found = found.isel({name: known})
    found = ordered(found)
    found.attrs = {
        name: value.item() if isinstance(value, np.generic) else value for name, value in found.attrs.items()
    }
    return found
