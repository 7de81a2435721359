"""What a run is made with: versions, machine, and the state of the source."""

import platform
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import sns_mujoco

PACKAGES = ("sns-mujoco", "mujoco", "numpy", "numba", "cma", "ribs")


def made_with() -> dict[str, Any]:
    """Versions, machine, source and command line of this moment, as plain data."""
    return {
        "versions": versions(),
        "machine": f"{platform.system()} {platform.machine()}",
        "source": _source(),
        "command": sys.argv,
        "begun": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }


def versions() -> dict[str, str]:
    """Versions that a result may depend on; of what is installed."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _source() -> dict[str, Any] | None:
    """The commit that the package is run from, and whether files differ from it; None if it is no checkout."""
    place = Path(sns_mujoco.__file__).parent

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", str(place), *arguments], capture_output=True, text=True, check=True, timeout=10.0
        ).stdout.strip()

    try:
        if not git("ls-files", "--", "__init__.py"):  # installed inside somebody else's checkout
            return None
        return {"commit": git("rev-parse", "HEAD"), "changed": bool(git("status", "--porcelain", "-uno"))}
    except (OSError, subprocess.SubprocessError):
        return None
