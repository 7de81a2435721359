"""What `sns-mujoco figure` does: one figure of a recording, of an experiment's results, or of an animal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from sns_mujoco.analysis import figures
from sns_mujoco.errors import unknown_name
from sns_mujoco.files import check_output_path
from sns_mujoco.models import Animal, load, names

if TYPE_CHECKING:
    import xarray

NEEDS_ANIMAL = ("stance_diagram", "hildebrand", "polar_lags", "moment_arms", "circuit")
WITHOUT_FILE = ("moment_arms", "circuit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for; None and () where nothing was said.

    Attributes:
        channels: Names or patterns.
        window: From when to when, s.
        reference: The foot, neuron or joint that others are compared with.
        joint: A hinge.
        at: A moment, s.
    """

    channels: tuple[str, ...] = ()
    window: tuple[float, float] | None = None
    reference: str | None = None
    joint: str | None = None
    at: float | None = None

    @property
    def given(self) -> dict[str, Any]:
        """What was said, by the names of the options."""
        options = {
            "--channels": self.channels or None, "--from or --to": self.window, "--reference": self.reference,
            "--joint": self.joint, "--at": self.at,
        }  # fmt: skip
        return {name: value for name, value in options.items() if value is not None}


Draw = Callable[[Any, Any, Wanted, Path], object]  # of the recording and the animal
_TIMED = ("--channels", "--from or --to")
KINDS: Mapping[str, tuple[Draw, tuple[str, ...]]] = {
    "traces": (lambda r, a, w, out: figures.traces(r, a, w.channels or None, window=w.window, path=out), _TIMED),
    "raster": (lambda r, a, w, out: figures.raster(r, a, w.channels or None, window=w.window, path=out), _TIMED),
    "stance_diagram": (lambda r, a, w, out: figures.stance_diagram(r, a, window=w.window, path=out), _TIMED[1:]),
    "hildebrand": (
        lambda r, a, w, out: figures.hildebrand(r, a, reference=w.reference, window=w.window, path=out),
        ("--reference", *_TIMED[1:]),
    ),
    "phase_plot": (lambda r, a, w, out: figures.phase_plot(r, a, *_two(w), window=w.window, path=out), _TIMED),
    "polar_lags": (
        lambda r, a, w, out: figures.polar_lags(
            r, a, w.channels or None, reference=w.reference, window=w.window, path=out
        ),
        ("--reference", *_TIMED),
    ),
    "spectrogram": (lambda r, a, w, out: figures.spectrogram(r, a, _one(w), window=w.window, path=out), _TIMED),
    "muscle_lengths": (
        lambda r, a, w, out: figures.muscle_lengths(r, a, w.channels or None, window=w.window, path=out),
        _TIMED,
    ),
    "moment_arms": (
        lambda r, a, w, out: figures.moment_arms(
            a, w.joint, recording=r, muscles=w.channels or None, window=w.window, path=out
        ),
        ("--joint", *_TIMED),
    ),
    "circuit": (lambda r, a, w, out: figures.circuit(a, r, at=w.at, path=out), ("--at",)),
    "lesion_table": (lambda r, a, w, out: figures.lesion_table(r, w.channels or None, path=out), ("--channels",)),
}  # fmt: skip


def draw_figure(
    kind: str, file: Path | None, *, animal: str | None, out: Path, individual: int | None, wanted: Wanted
) -> None:  # fmt: skip
    """Draw one figure and say where it is; see `instruments.figure` for the options.

    Raises:
        UnknownNameError: There is no such kind, animal, individual, channel, foot or joint.
        ValueError: An option does not belong to this kind, or what it needs is missing.
        FileNotFoundError: There is no such file.
        OutputPathError: The figure cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    kind = kind.replace("-", "_")
    if kind not in KINDS:
        raise unknown_name("figure", kind, KINDS, "sns-mujoco figure")
    draw, options = KINDS[kind]
    for option in wanted.given:
        if option not in options:
            raise ValueError(f"{option} says nothing to {kind}; it takes {', '.join(options)}")
    check_output_path(out, figures.FIGURE_SUFFIXES)
    if file is None and kind not in WITHOUT_FILE:
        raise ValueError(f"{kind} is drawn of a file; give a recording, as sns-mujoco run --record walk.nc makes it")
    recording = None if file is None else _read(file, results=kind == "lesion_table")
    if recording is not None and individual is not None:
        recording = _of_one(recording, individual, str(file))
    found = _animal(animal, recording)
    if found is None and kind in NEEDS_ANIMAL:
        raise ValueError(
            f"{kind} needs the animal, and {file or 'no file'} names none of the repository; give --animal"
        )
    draw(recording, found, wanted, out)
    Console().print(f"wrote {out} ({out.stat().st_size / 1e3:.0f} kB)", highlight=False)


def _animal(name: str | None, recording: "xarray.Dataset | None") -> Animal | None:
    """The animal that is named, or that the recording says; no code is run because a file says so."""
    if name is not None:
        return load(name)
    said = "" if recording is None else str(recording.attrs.get("animal", ""))
    return load(said) if said.partition(":")[0] in names() else None


def _read(file: Path, *, results: bool) -> "xarray.Dataset":
    if not results:
        from sns_mujoco.analysis.recording import load as load_recording

        return load_recording(file)
    if not file.is_file():
        raise FileNotFoundError(f"there is no file {str(file)!r}; give the results.nc of a lesion sweep")
    import xarray

    try:
        return xarray.load_dataset(file, engine="h5netcdf")
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{str(file)!r} is damaged or no NetCDF file; give the results.nc of a lesion sweep"
        ) from error


def _of_one(recording: "xarray.Dataset", individual: int, file: str) -> "xarray.Dataset":
    count = recording.sizes.get("individual", 0)
    if not 0 <= individual < count:
        raise ValueError(f"--individual is {individual}, and {file!r} has {count} individuals, counted from 0")
    return recording.isel(individual=individual)


def _one(wanted: Wanted) -> str | None:
    if len(wanted.channels) > 1:
        raise ValueError(f"--channels names {len(wanted.channels)} channels, and a spectrogram is of one")
    return wanted.channels[0] if wanted.channels else None


def _two(wanted: Wanted) -> Sequence[str | None]:
    if len(wanted.channels) not in (0, 2):
        raise ValueError(
            f"a phase plot is of two channels, got {len(wanted.channels)}; give --channels twice, or never"
        )
    return wanted.channels or (None, None)
