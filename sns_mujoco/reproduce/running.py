"""Running published experiments, and writing what came of it into a folder."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sns_mujoco.errors import OutputPathError, unknown_name
from sns_mujoco.reproduce.catalogue import EXPERIMENTS
from sns_mujoco.reproduce.experiment import Experiment, Reproduction


def chosen(names: Iterable[str] = ()) -> list[Experiment]:
    """Experiments by name; all of them if none is named.

    Raises:
        UnknownNameError: There is no such experiment.
    """
    wanted = list(dict.fromkeys(names)) or list(EXPERIMENTS)
    for name in wanted:
        if name not in EXPERIMENTS:
            raise unknown_name("experiment", name, EXPERIMENTS, "sns_mujoco.reproduce")
    return [EXPERIMENTS[name] for name in wanted]


def run(experiment: str | Experiment) -> Reproduction:
    """Repeat a published experiment and compare.

    Args:
        experiment: It, or its name.

    Raises:
        UnknownNameError: There is no such experiment.
    """
    found = chosen([experiment])[0] if isinstance(experiment, str) else experiment
    start = time.process_time()
    measured = found.measure()
    return Reproduction(
        experiment=found,
        comparisons=measured.comparisons,
        data=measured.data,
        cpu_seconds=time.process_time() - start,
    )


def report(reproductions: Sequence[Reproduction], *, data: bool = True) -> dict[str, Any]:
    """Everything that came out, for JSON.

    Args:
        reproductions: What came out.
        data: Whether what the figures show is among it.

    Returns:
        "ok" (whether nothing failed but what is known not to reproduce) and "experiments", see
        `Reproduction.to_dict`.
    """
    return {"ok": all(r.ok for r in reproductions), "experiments": [r.to_dict(data=data) for r in reproductions]}


def check_folder(folder: str | os.PathLike[str]) -> Path:
    """Refuse a place where the folder cannot be made, before anything runs.

    Returns:
        The folder.

    Raises:
        OutputPathError: There is something at this place, or no folder that could hold it, or no permission.
    """
    place = Path(folder).absolute()
    if place.is_dir() and not any(place.iterdir()):
        return place
    if place.exists():
        raise OutputPathError(f"{str(folder)!r} is there already and not empty; give a new folder")
    if not place.parent.is_dir():
        raise OutputPathError(f"{str(folder)!r} cannot be made: {str(place.parent)!r} does not exist; make it first")
    if not os.access(place.parent, os.W_OK | os.X_OK):
        raise OutputPathError(f"{str(folder)!r} cannot be made: no permission in {str(place.parent)!r}; choose another")
    return place


def save(reproductions: Sequence[Reproduction], folder: str | os.PathLike[str]) -> Path:
    """Write results, table and figures into a new folder, whole or not at all.

    It holds `results.json`, `table.md`, and each experiment's figure as `<name>.pdf` and `<name>.png`.

    Args:
        reproductions: What came out.
        folder: Where; it must be new or empty.

    Returns:
        The folder.

    Raises:
        OutputPathError: It cannot be written there.
        MissingDependencyError: matplotlib is not installed.
    """
    from sns_mujoco.analysis import figures

    place = check_folder(folder)
    try:
        making = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as error:
        raise OutputPathError(f"{str(folder)!r} cannot be made: {error.strerror}; choose another") from error
    try:
        (making / "results.json").write_text(json.dumps(report(reproductions), indent=1) + "\n")
        (making / "table.md").write_text(markdown(reproductions))
        for found in reproductions:
            figure = found.plot()
            for suffix in (".pdf", ".png"):
                figures.save(figure, making / f"{found.experiment.name}{suffix}")
        umask = os.umask(0)
        os.umask(umask)
        making.chmod(0o777 & ~umask)
        if place.is_dir():
            place.rmdir()
        making.replace(place)
    except OSError as error:
        raise OutputPathError(
            f"{str(folder)!r} cannot be written: {error.strerror or error}; choose another"
        ) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)  # it has gone where all went well
    return place


def markdown(reproductions: Sequence[Reproduction]) -> str:
    """The tables of all of them, with citations and what was tried."""
    lines = ["# Published experiments, repeated", ""]
    for found in reproductions:
        experiment = found.experiment
        lines += [f"## {experiment.name}: {found.status}", "", experiment.title, ""]
        lines += [f"- {citation}" for citation in experiment.citations]
        lines += ["", experiment.method, "", f"![{experiment.name}]({experiment.name}.png)", ""]
        lines += ["| quantity | published | where | allowed | measured | |", "|---|---|---|---|---|---|"]
        for c in found.comparisons:
            unit = f" {c.unit}" if c.unit else ""
            published = f"{c.published}{unit}" if c.published[-1].isdigit() else c.published
            lines.append(
                f"| {c.quantity} | {published} | {c.where} | {c.allowed}{unit} | {c.measured:.6g}{unit} | {c.status} |"
            )
        tried = [c for c in found.comparisons if c.status == "not reproduced"]
        lines += ["", *(f"- {c.quantity}, tried: {c.tried}" for c in tried), ""]
    return "\n".join(lines)
