"""What a run shows on the screen while it lasts."""

import time
from collections import deque
from types import TracebackType

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sns_mujoco.learning.evolution.generation import Generation
from sns_mujoco.learning.evolution.history import History


class Display:
    """A bar with the generation, the best and median fitness, evaluations per second and the time left.

    Where there is no terminal but a file or a pipe, a line for each generation takes its place.
    """

    def __init__(self, generations: int, *, shown: bool) -> None:
        """Prepare it.

        Args:
            generations: How many there will be.
            shown: Whether anything is shown at all.
        """
        self._console = Console(quiet=not shown)
        self._bar = Progress(
            MofNCompleteColumn(),
            BarColumn(bar_width=8),
            TextColumn("{task.fields[told]}"),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
            speed_estimate_period=1800.0,  # a generation may take minutes
            refresh_per_second=2.0,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=generations, told="", start=False)
        self._recent: deque[tuple[int, float]] = deque(maxlen=10)
        self._began = time.perf_counter()

    def __enter__(self) -> "Display":
        """Show it."""
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave it standing as it is."""
        self._bar.stop()

    def resumed(self, done: int) -> None:
        """So many generations were there already: they tell nothing about the time left."""
        self._bar.update(self._task, completed=done)
        self._bar.start_task(self._task)
        self._began = time.perf_counter()

    def advance(self, generation: Generation, history: History, status: str) -> str:
        """Another generation is done.

        Args:
            generation: The one.
            history: Of all so far.
            status: Of the optimiser.

        Returns:
            A line that says it all.
        """
        now = time.perf_counter()
        self._recent.append((len(generation.vectors), now - self._began))
        self._began = now
        rate = sum(n for n, _ in self._recent) / max(sum(s for _, s in self._recent), 1e-9)
        best = f"best {history.best.fitness:.4g}"
        if history.noisy:
            best += f" ± {history.best.error:.2g}"
        told = f"{best}  median {np.median(generation.fitness):.4g}  {rate:.3g} evals/s"
        self._bar.update(self._task, completed=generation.number + 1, told=told)
        line = f"generation {generation.number + 1}: {told}" + (f"   {status}" if status else "")
        if not self._console.is_terminal:
            self.say(line)
        return line

    def say(self, line: str) -> None:
        """A line above the bar."""
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)
