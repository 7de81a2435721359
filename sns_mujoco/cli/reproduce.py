"""What `sns-mujoco reproduce` does: run published experiments, and print, compare and write what came out."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.status import Status
from rich.table import Table

from sns_mujoco.reproduce.experiment import Comparison, Reproduction, plain
from sns_mujoco.reproduce.experiment import Status as Outcome
from sns_mujoco.reproduce.running import check_folder, chosen, report, run, save

STYLES: dict[Outcome, str] = {"reproduced": "green", "not reproduced": "yellow", "failed": "bold red"}


def list_experiments(*, as_json: bool = False) -> None:
    """Print every experiment with what it shows and where it was published.

    Args:
        as_json: Print JSON and nothing else.
    """
    found = chosen()
    if as_json:
        rows = [{"name": e.name, "title": e.title, "citations": e.citations, "method": e.method} for e in found]
        print(json.dumps(plain(rows), indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("experiment", "what it shows", "published in"):
        table.add_column(heading)
    for experiment in found:
        table.add_row(f"[bold]{experiment.name}[/]", escape(experiment.title), escape("; ".join(experiment.citations)))
    Console().print(table)


def reproduce(names: Sequence[str], *, as_json: bool = False, out: Path | None = None) -> int:
    """Run experiments.

    Args:
        names: Which; all if none is named.
        as_json: Print JSON and nothing else; see `sns_mujoco.reproduce.report`, without the figures' data.
        out: A new folder for results, tables and figures.

    Returns:
        The exit code: 1 where something failed that is not known not to reproduce, else 0.

    Raises:
        UnknownNameError: There is no such experiment.
        OutputPathError: The folder cannot be made.
        MissingDependencyError: Figures are asked for, and matplotlib is not installed.
    """
    experiments = chosen(names)
    if out is not None:
        check_folder(out)
    console = Console(stderr=as_json)
    found = []
    for experiment in experiments:
        with Status(f"running {experiment.name}", console=console):
            found.append(run(experiment))
        if not as_json:
            _print(found[-1], console)
    if as_json:
        print(json.dumps(report(found, data=False), indent=2))
    else:
        _conclude(found, console)
    if out is not None:
        console.print(f"wrote {save(found, out)}", highlight=False)
    return 0 if all(reproduction.ok for reproduction in found) else 1


def _print(found: Reproduction, console: Console) -> None:
    """One experiment: what it shows, its table, where the published numbers stand, and what was tried."""
    experiment = found.experiment
    console.print(f"\n[bold]{experiment.name}[/]  {escape(experiment.title)}", highlight=False)
    for citation in experiment.citations:
        console.print(f"[dim]{escape(citation)}[/]", highlight=False)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("quantity", "published", "allowed", "measured", ""):
        table.add_column(heading, header_style="dim")
    notes = {where: str(k + 1) for k, where in enumerate(dict.fromkeys(c.where for c in found.comparisons))}
    for c in found.comparisons:
        unit = f" {c.unit}" if c.unit else ""
        table.add_row(
            escape(c.quantity), f"{escape(c.published)} [dim]({notes[c.where]})[/]", f"{c.allowed}{unit}",
            f"{c.measured:.6g}{unit}", f"[{STYLES[c.status]}]{c.status}[/]",
        )  # fmt: skip
    console.print(table)
    console.print("[dim]" + "   ".join(f"({k}) {escape(where)}" for where, k in notes.items()) + "[/]", highlight=False)
    for tried, quantities in _tried(found.comparisons).items():
        console.print(f"[yellow]{escape('; '.join(quantities))}[/]: what was tried", highlight=False)
        console.print(Padding(escape(tried), (0, 0, 0, 4)), style="dim", highlight=False)


def _tried(comparisons: Sequence[Comparison]) -> dict[str, list[str]]:
    """Quantities that are known not to reproduce, by what was tried."""
    found: dict[str, list[str]] = {}
    for comparison in comparisons:
        if comparison.status == "not reproduced":
            found.setdefault(comparison.tried, []).append(comparison.quantity)
    return found


def _conclude(found: Sequence[Reproduction], console: Console) -> None:
    """How many experiments and quantities came out how."""
    every = [c.status for reproduction in found for c in reproduction.comparisons]
    told = ", ".join(f"[{STYLES[status]}]{every.count(status)} {status}[/]" for status in STYLES if status in every)
    seconds = sum(reproduction.cpu_seconds for reproduction in found)
    console.print(
        f"\n[bold]{len(found)} experiment{'s' if len(found) > 1 else ''}[/], quantities: {told}  "
        f"[dim]({seconds:.0f} s of processor time)[/]",
        highlight=False,
    )
