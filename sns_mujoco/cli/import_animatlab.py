"""`sns-mujoco import-animatlab`: an AnimatLab project, read, reported on, and written as a folder that runs."""

import json as json_
from dataclasses import asdict
from pathlib import Path


def import_animatlab(
    path: Path, output: Path | None = None, *, timestep: float | None = None, json: bool = False
) -> None:
    """Import a project and say what became of it.

    Args:
        path: An `.asim` file, or the `.aproj` that it was exported from.
        output: Folder to write; only a report is printed if left out.
        timestep: Physics step instead of the file's, s.
        json: Print the report as JSON and nothing else.

    Raises:
        FileNotFoundError: There is no such file.
        AnimatLabError: It cannot be read.
        OutputPathError: The folder is there already and not empty, or cannot be written.
    """
    from sns_mujoco.interop.animatlab import read
    from sns_mujoco.interop.animatlab.writing import check_folder

    if output is not None:
        check_folder(output)
    project = read(path, timestep=timestep)
    written = None if output is None else project.write(output)
    if json:
        entries = [asdict(entry) for entry in project.report]
        print(json_.dumps({"project": str(project), "folder": written and str(written), "report": entries}))
        return
    print(str(project))
    for kind, heading in (
        ("unsupported", "Not in the result:"), ("approximated", "Approximated:"), ("note", "Said otherwise here:"),
    ):  # fmt: skip
        lines = [line for line in str(project.report).splitlines() if line.startswith(f"{kind}: ")]
        if lines:
            print("\n".join(["", heading, *(f"  {line.removeprefix(f'{kind}: ')}" for line in lines)]))
    if written is not None:
        print(f"\nwritten to {written}; try: python {written / 'run.py'}")
