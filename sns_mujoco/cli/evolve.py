"""What `sns-mujoco evolve` does: begin a run or go on with one, and say what came of it."""

from pathlib import Path
from typing import Any

from rich.console import Console

from sns_mujoco.learning.evolution import Result, evolve, resume

BIGGEST_NOISE = 0.5  # share of the spread of fitness from which noise is worth a line


def run_evolution(
    animal: str | None, *, task: str | None, out: Path | None, again: Path | None, start: str | None, **options: Any
) -> None:
    """Evolve an animal; see `app.evolve` for the options.

    Raises:
        ValueError: Neither a new run nor one to go on with is asked for, or both.
        SnsError: As `evolve` and `resume`.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if (out is None) == (again is None):
        raise ValueError("give --out RUN for a new run, or --resume RUN to go on with one")
    if again is not None:
        if start is not None:
            raise ValueError("--start is for a new run; leave it out to go on with one")
        result = resume(again, animal=animal, task=task, **given)
    else:
        if animal is None:
            raise ValueError("which animal? See sns-mujoco list, or give a run to go on with by --resume RUN")
        if task is None:
            from sns_mujoco.learning.fitness import task_names
            from sns_mujoco.models import load

            known = task_names(load(animal))
            raise ValueError(f"which task? Give --task {'|'.join((*known, 'FILE'))}")
        result = evolve(animal, task, out=out, **({} if start is None else {"start": start}), **given)
    report(result, Console())


def report(result: Result, console: Console) -> None:
    """Say what came of a run."""
    folder = result.folder
    assert folder is not None
    best = f"{result.fitness:.4g}" + (f" ± {result.error:.2g}" if result.error else "")
    lines = [
        ("best fitness", best + (" under fresh seeds" if result.finished else "")),
        ("generations", f"{result.history.sizes['generation']}"),
        ("individuals", f"{int(result.history['individuals'].sum())}, {result.space.size} genes"),
    ]
    seconds, batch = (float(result.history[name].sum()) for name in ("seconds", "seconds_in_batch"))
    steps = int(result.history["steps"].sum())
    if steps and batch:
        lines.append(("animal-steps", f"{steps:.3g}, {steps / seconds:.3g} a second"))
    noise = float(result.history["noise"][-10:].mean())
    if noise > BIGGEST_NOISE:
        lines.append(
            ("noise", f"{noise:.0%} of the differences in the last generations: more seeds or individuals would help")
        )
    width = max(len(name) for name, _ in lines)
    for name, text in lines:
        console.print(f"[bold]{name:{width}}[/]  {text}", highlight=False)
    kept = [name for name in ("best.json", "best.mp4", "history.nc", "progress.png") if (folder / name).exists()]
    console.print(f"wrote {folder}: {', '.join(kept)}", highlight=False, soft_wrap=True)
    if "best.json" in kept:
        console.print(f"try it: sns-mujoco run {folder / 'best.json'}", highlight=False, soft_wrap=True)
