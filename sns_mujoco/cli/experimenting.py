"""What every `sns-mujoco experiment` does: make the experiment under a bar, say what was found, write it down."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from sns_mujoco.cli.commands import parse
from sns_mujoco.experiments import Result
from sns_mujoco.experiments.results import check_folder, plain


def run(
    experiment: Callable[..., Result], *subject: Any, out: Path | None, json: bool, commands: Sequence[str] | None,
    **options: Any,
) -> None:  # fmt: skip
    """Make an experiment, and print and write what came of it.

    Args:
        experiment: One of `sns_mujoco.experiments`.
        *subject: What it is made of: the animal and so on.
        out: Folder for the results, if any.
        json: Whether JSON is printed and nothing else.
        commands: Commands as they were typed.
        **options: Of the experiment.

    Raises:
        OutputPathError: The folder cannot be made.
        ValueError: A command is written in another way; or as the experiment.
        SnsError: As the experiment.
    """
    if out is not None:
        check_folder(out)
    console = Console()
    bar = Progress(
        TextColumn("living"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), console=console,
        disable=json or not console.is_terminal, transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("", total=1.0)
        result = experiment(
            *subject, commands=_commands(commands or ()), progress=lambda done: bar.update(task, completed=done),
            **options,
        )  # fmt: skip
    files = [] if out is None else result.save(out)
    if json:
        print(as_json(result))
        return
    console.print(result.summary(), highlight=False, markup=False, soft_wrap=True)
    if out is not None:
        console.print(f"wrote {out}: {', '.join(file.name for file in files)}", highlight=False, soft_wrap=True)


def as_json(result: Result) -> str:
    """What came of an experiment, as JSON: what was asked, the table and the summary."""
    told = {"config": result.config, "table": result.table(), "summary": result.summary()}
    return json.dumps(plain(told), indent=2, allow_nan=False)


def numbers(text: str | None, option: str) -> NDArray[np.float64] | None:
    """Numbers as they are typed: `first:last:count`, or with commas.

    Raises:
        ValueError: They are written in another way.
    """
    if text is None:
        return None
    try:
        if ":" in text:
            first, last, count = text.split(":")
            return np.linspace(float(first), float(last), int(count))
        return np.array([float(part) for part in text.split(",")])
    except ValueError:
        raise ValueError(f"{option} is {text!r}; give first:last:count, as 0:1:11, or numbers with commas") from None


def count_or_numbers(text: str, option: str) -> Any:
    """A whole number for how many, or numbers as in `numbers`."""
    return int(text) if text.isdecimal() else numbers(text, option)


def words(text: str | None) -> list[str] | None:
    """Words with commas between."""
    return None if text is None else [part.strip() for part in text.split(",")]


def _commands(given: Sequence[str]) -> dict[str, float]:
    orders = [parse(text) for text in given]
    for text, order in zip(given, orders, strict=True):
        if "@" in text.rpartition("=")[2]:
            raise ValueError(f"--command is {text!r}; an experiment holds its commands: give {order.name}=value")
    return {order.name: order.value for order in orders}
