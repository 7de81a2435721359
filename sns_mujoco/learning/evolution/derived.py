"""What follows from the generations: the table, the pictures, the best individual's file, its film.

All of it can be made again, so it is made only as often as it costs next to nothing.
"""

import io
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from sns_mujoco.errors import MissingDependencyError
from sns_mujoco.learning.evolution.folder import RunFolder
from sns_mujoco.learning.evolution.history import Candidate, History
from sns_mujoco.learning.evolution.optimiser import Optimiser
from sns_mujoco.learning.evolution.plots import map_picture, progress_picture
from sns_mujoco.learning.evolution.settings import Settings

SHARE = 0.01  # of the wall time that refreshing may take
FILM = "best.mp4"
EVERY = 5.0  # s, at least between two refreshments


class Derived:
    """Keeps what follows from a run's generations up to date."""

    def __init__(
        self, folder: RunFolder | None, settings: Settings, space: Any, history: History, optimiser: Optimiser, *,
        say: Callable[[str], None], video: bool,
    ) -> None:  # fmt: skip
        """Prepare it.

        Args:
            folder: Where it all goes; None for nowhere.
            settings: Of the run.
            space: What vectors mean.
            history: The course of the run.
            optimiser: Whose `tables` are written, if it has any.
            say: Says a line.
            video: Whether the best animal is filmed in the end.
        """
        self._folder, self._settings, self._space, self._history = folder, settings, space, history
        self._optimiser, self._say, self._video = optimiser, say, video
        self._plots = True
        self._due = time.monotonic() + EVERY

    def refresh_if_due(self, best: Candidate) -> None:
        """Make everything anew if that was long enough ago."""
        if time.monotonic() >= self._due:
            self.refresh(best)

    def refresh(self, best: Candidate, *, last: bool = False) -> None:
        """Make everything anew.

        Args:
            best: The best individual.
            last: Whether the run is over.

        Raises:
            OutputPathError: The disk is full.
        """
        if self._folder is None:
            return
        start = time.monotonic()
        history = self._history.dataset()
        self._folder.write("history.nc", _netcdf(history))
        self._best(best, last=last)
        tables = getattr(self._optimiser, "tables", {})
        for name, table in tables.items():
            self._folder.write(f"{name}.nc", _netcdf(table))
        if self._plots:
            self._draw(history, tables)
        now = time.monotonic()
        self._due = now + max(EVERY, (now - start) / SHARE)

    def discard_film(self) -> None:
        """Forget the film of the best animal of fewer generations."""
        if self._folder is not None:
            (self._folder.path / FILM).unlink(missing_ok=True)

    def film(self, best: Candidate) -> None:
        """Film the best animal."""
        task = self._settings.task
        if self._folder is None or not self._video or task is None or (self._folder.path / FILM).exists():
            return
        from sns_mujoco.learning.evolution.film import film
        from sns_mujoco.learning.fitness import task_from_dict

        self._say(f"filming the best animal: {self._folder.path / FILM}")
        animal = self._space.animal(best.vector)
        self._folder.write_with(FILM, partial(film, animal, task_from_dict(dict(task)), seed=self._settings.seed))

    def _best(self, best: Candidate, *, last: bool) -> None:
        assert self._folder is not None
        told = {
            "fitness": best.fitness,
            "error": best.error,
            "generation": best.generation,
            "individual": best.individual,
            "compared_under_fresh_seeds": last,
            "settings": self._settings.to_dict(),
        }
        if hasattr(self._space, "animal"):
            from sns_mujoco.learning.spaces import save_individual

            save = partial(save_individual, space=self._space, vector=best.vector, extra=told)
            self._folder.write_with("best.json", save)
        else:
            genes = {"genes": list(self._space.names), "vector": best.vector.tolist()}
            self._folder.write_json("best.json", genes | told)

    def _draw(self, history: Any, tables: dict[str, Any]) -> None:
        assert self._folder is not None
        settings = self._settings
        title = f"{settings.animal or 'evolution'}: {settings.algorithm}, seed {settings.seed}"
        try:
            self._folder.write("progress.png", progress_picture(history, title))
            if "archive" in tables:
                self._folder.write("map.png", map_picture(tables["archive"], title))
        except MissingDependencyError as error:
            self._plots = False
            self._say(f"no pictures of the run are drawn: {error}")


def _netcdf(table: Any) -> bytes:
    packed = io.BytesIO()  # whole in memory first: the library does not bear a disk that is full
    table.to_netcdf(packed, engine="h5netcdf")
    return packed.getvalue()
