"""What `--record` writes: a recording that is on the disk as it grows, and in the end what was asked for."""

from collections.abc import Sequence
from pathlib import Path

from sns_mujoco.analysis.recording import Recorder, export_csv, export_nwb, load
from sns_mujoco.analysis.recording.storage import FORMATS
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.files import PartialFile, check_output_path

EXPORTS = {".csv": export_csv, ".nwb": export_nwb}


class Record:
    """A recording of a run.

    NetCDF and Zarr are written into their place as the run goes. CSV and NWB are made in the end, from a NetCDF file
    beside, which vanishes then.

    Attributes:
        recorder: What records.
    """

    def __init__(self, simulation: Simulation, path: Path, *, rate: float, channels: Sequence[str] | None) -> None:
        """Begin.

        Args:
            simulation: The animal.
            path: Where: .nc, .zarr, .csv or .nwb.
            rate: Samples per simulated second, Hz.
            channels: As `Recorder` takes them; all if left out.

        Raises:
            OutputPathError: It cannot be written there.
            ValueError: The rate does not divide the physics rate.
            UnknownNameError: There is no such channel.
        """
        self._path = path
        self._beside: PartialFile | None = None
        if path.suffix.lower() != ".zarr":
            check_output_path(path, (*FORMATS, *EXPORTS))
        if path.suffix.lower() in EXPORTS:
            self._beside = PartialFile(path.with_suffix(".nc"))
        try:
            to = path if self._beside is None else self._beside.path
            self.recorder = Recorder(simulation, rate=rate, channels=channels or None, to=to)
        except BaseException:
            self._discard()
            raise

    def close(self) -> None:
        """Write what is left, and make what was asked for.

        Raises:
            RecordingError: It cannot be written; what was written before is kept.
            OutputPathError: Likewise.
        """
        try:
            self.recorder.close()
        finally:
            if self._beside is not None and self.recorder.samples:
                recording = load(self._beside.path, lazy=True)
                try:
                    EXPORTS[self._path.suffix.lower()](recording, self._path)
                finally:
                    recording.close()
                self._discard()

    def _discard(self) -> None:
        if self._beside is not None:
            self._beside.discard()


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(file.stat().st_size for file in path.rglob("*")) if path.is_dir() else path.stat().st_size
