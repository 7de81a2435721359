"""The folder of a run: what was asked, every generation, and what follows from them.

    config.json         what was asked, and what it was made with
    space.json          the genes: what a vector means
    generations/        one file each, 00000.npz and so on: the whole truth of the run, from which it resumes
    history.nc          a table over generations
    best.json           the best individual: a network file
    progress.png        the same as pictures
    final.json          the last comparison
    log.txt             what happened when

A generation is on the disk, whole, before the next one is asked for. The rest can be made again from it.
"""

import io
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from zipfile import BadZipFile
from zlib import error as ZlibError

import numpy as np

from sns_mujoco.errors import OutputPathError, RunFolderError
from sns_mujoco.files import is_partial, written_whole
from sns_mujoco.learning.evolution.generation import Generation
from sns_mujoco.learning.evolution.history import Candidate
from sns_mujoco.learning.evolution.lock import Lock
from sns_mujoco.learning.evolution.settings import Settings

FORMAT = "sns_mujoco evolution run, version 1"
BEFORE = ("lock", "log.txt", "space.json", "generations")  # what a run that was killed before config.json has left


class RunFolder:
    """A run folder that is open, and ours alone until it is closed.

    Attributes:
        path: Where it is.
        stored: How many generations it holds.
    """

    def __init__(self, path: Path, lock: Lock) -> None:
        """Take over a folder that is locked; use `create` and `open`."""
        self.path, self._lock = path, lock
        with self._writing():
            (path / "generations").mkdir(exist_ok=True)
        for folder in (path, path / "generations"):  # of a run that was killed as it wrote
            for left in filter(is_partial, folder.iterdir()):
                left.unlink()
        self.stored = self._count()

    @staticmethod
    def check_free(path: Path) -> None:
        """Refuse a place where no new run can be, before any work is done for it.

        Raises:
            RunFolderError: There is something in it already.
            OutputPathError: It cannot be made.
        """
        if not path.parent.is_dir():
            raise OutputPathError(f"{str(path)!r} cannot be made: {str(path.parent)!r} is no folder; make it first")
        if path.exists() and not path.is_dir():
            raise OutputPathError(f"{str(path)!r} is a file; give the name of a folder that is new or empty")
        if (path / "config.json").exists():
            raise RunFolderError(f"{str(path)!r} holds a run already; go on with it by --resume, or choose another")
        others = sorted(p.name for p in path.glob("*") if p.name not in BEFORE and not is_partial(p))
        if others:
            raise RunFolderError(f"{str(path)!r} has {others[0]!r} in it; choose a folder that is new or empty")

    @classmethod
    def create(cls, path: Path) -> "RunFolder":
        """Make a folder for a new run.

        Raises:
            RunFolderError: There is something in it already, or another run uses it.
            OutputPathError: It cannot be made.
        """
        cls.check_free(path)
        try:
            path.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputPathError(f"{str(path)!r} cannot be made: {error.strerror}; choose another") from error
        return cls(path, Lock(path))

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """Open the folder of a run that has begun.

        Raises:
            RunFolderError: It is no run folder, it is damaged, or another run uses it.
        """
        if not (path / "config.json").is_file():
            what = "has no config.json: no run has begun in it" if path.is_dir() else "is no folder"
            raise RunFolderError(f"{str(path)!r} {what}; give the folder that --out named, or begin with --out")
        return cls(path, Lock(path))

    def close(self) -> None:
        """Let others in."""
        self._lock.release()

    def __enter__(self) -> "RunFolder":
        """A folder that is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def begin(self, settings: Settings, space: Mapping[str, Any], made_with: Mapping[str, Any]) -> None:
        """Write what was asked; from then on the run can be resumed.

        Raises:
            OutputPathError: It cannot be written.
        """
        self.write_json("space.json", space)
        self.write_config(settings, made_with)

    def write_config(self, settings: Settings, made_with: Mapping[str, Any]) -> None:
        """Write what was asked, and what the run is made with.

        Raises:
            OutputPathError: It cannot be written.
        """
        told = {"format": FORMAT, "settings": settings.to_dict(), "digest": settings.digest, "made_with": made_with}
        self.write_json("config.json", told)

    def config(self) -> tuple[Settings, dict[str, Any]]:
        """What was asked, and what the run was made with.

        Raises:
            RunFolderError: The file is damaged, changed, or of another version.
        """
        place = self.path / "config.json"
        try:
            config = json.loads(place.read_text())
            if config.get("format") != FORMAT:
                raise RunFolderError(f"{str(place)!r} is {config.get('format')!r}; this version reads {FORMAT!r}")
            settings = Settings.from_dict(config["settings"])
            if config.get("digest", settings.digest) != settings.digest:
                raise RunFolderError(
                    f"the settings in {str(place)!r} were changed after the run had begun; put back what they were, or "
                    "begin another run with --out"
                )
            return settings, dict(config["made_with"])
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            if isinstance(error, RunFolderError):
                raise
            raise RunFolderError(
                f"{str(place)!r} is damaged ({error}); restore it, or begin a run in another folder"
            ) from error

    def add(self, generation: Generation) -> None:
        """Put a generation on the disk, for good.

        Raises:
            OutputPathError: It cannot be written; all before it are safe.
        """
        assert generation.number == self.stored
        packed = io.BytesIO()
        np.savez(packed, **generation.arrays())  # pyright: ignore[reportArgumentType]
        self.write(f"generations/{generation.number:05d}.npz", packed.getvalue())
        self.stored += 1

    def generations(self) -> Iterator[Generation]:
        """All generations, from the first.

        Raises:
            RunFolderError: One is damaged.
        """
        for number in range(self.stored):
            place = self._place(number)
            try:
                with np.load(io.BytesIO(place.read_bytes()), allow_pickle=False) as arrays:
                    generation = Generation.from_arrays({name: arrays[name] for name in arrays.files})
                if generation.number != number:
                    raise ValueError(f"it is generation {generation.number}")
            except (OSError, ValueError, KeyError, BadZipFile, ZlibError, EOFError, NotImplementedError) as error:
                raise RunFolderError(
                    f"{str(place)!r} is damaged ({error}); delete it and all after it: the run then does these "
                    "generations again, with the same result"
                ) from error
            yield generation

    def finals(self, generations: int) -> list[Candidate] | None:
        """The last comparison after so many generations, best first, if there was one.

        Raises:
            RunFolderError: It is damaged.
        """
        place = self.path / "final.json"
        if not place.exists():
            return None
        try:
            told = json.loads(place.read_text())
            if told["generations"] != generations:
                return None
            found = [
                Candidate(
                    vector=np.array(one["vector"], float),
                    fitness=float(one["fitness"]),
                    error=float(one["error"]),
                    generation=int(one["generation"]),
                    individual=int(one["individual"]),
                )
                for one in told["candidates"]
            ]
            if not found:
                raise ValueError("it has no candidates")
            return found
        except (ValueError, TypeError, KeyError) as error:
            raise RunFolderError(
                f"{str(place)!r} is damaged ({error}); delete it: the comparison is then made again"
            ) from error

    def write(self, name: str, content: bytes) -> None:
        """Put a file on the disk, for good: whole or not at all.

        Raises:
            OutputPathError: It cannot be written; what was there before is still there.
        """
        with self._writing(), written_whole(self.path / name, durable=True) as place:
            place.write_bytes(content)

    def write_with(self, name: str, write: Callable[[Path], None]) -> None:
        """The same for what writes to a path by itself, whole or not at all.

        Raises:
            OutputPathError: It cannot be written.
        """
        with self._writing():
            write(self.path / name)

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """The same for what JSON can say.

        Raises:
            OutputPathError: It cannot be written.
        """
        self.write(name, (json.dumps(content, indent=2, allow_nan=False) + "\n").encode())

    def log(self, line: str) -> None:
        """Say when something happened; a log that cannot be written stops nothing."""
        with suppress(OSError), (self.path / "log.txt").open("a") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {line}\n")

    def _place(self, number: int) -> Path:
        return self.path / "generations" / f"{number:05d}.npz"

    def _count(self) -> int:
        numbers = sorted(int(p.stem) for p in (self.path / "generations").glob("*.npz") if p.stem.isdigit())
        if numbers != list(range(len(numbers))):
            missing = next(n for n, number in enumerate(numbers) if n != number)
            self._lock.release()
            raise RunFolderError(
                f"{str(self._place(missing))!r} is missing although later generations are there; restore it, or delete "
                "all after it: the run then does them again, with the same result"
            )
        return len(numbers)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Turn what a full or broken disk says into what to do."""
        try:
            yield
        except OSError as error:
            raise self._refused(error.strerror or str(error)) from error
        except OutputPathError as error:
            raise self._refused(str(error)) from error

    def _refused(self, reason: str) -> OutputPathError:
        return OutputPathError(
            f"{str(self.path)!r} takes no more ({reason}); its {self.stored} generations are safe: make room, then go "
            f"on with --resume {self.path}"
        )
