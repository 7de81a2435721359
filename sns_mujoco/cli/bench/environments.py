"""Virtual environments of the simulators that are compared: made once, in the user's cache folder, and used again."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sns_mujoco.errors import SnsError

Say = Callable[[str], object]
PATIENCE = 1800.0  # s for one installation


class PeerFailed(SnsError):
    """A simulator that is compared cannot be installed, built or run; the message is the reason. Never fatal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What has to be installed for a simulator.

    Attributes:
        name: Of its folder.
        module: What must be importable.
        installs: Arguments of `pip install`, one call after the other.
    """

    name: str
    module: str
    installs: tuple[tuple[str, ...], ...]

    def python(self, say: Say) -> Path:
        """An interpreter that can import the simulator: this one, or that of an environment made for it.

        Args:
            say: Told what is being installed.

        Raises:
            PeerFailed: It cannot be installed.
        """
        found = find_spec(self.module)
        if found and found.origin:  # without one it is a folder that happens to bear the name
            return Path(sys.executable)
        folder = cache_folder() / self.name
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        recipe = json.dumps({"python": sys.version, "installs": self.installs})
        done = folder / "installed.json"  # written last: a folder without it was never finished
        if not (done.is_file() and done.read_text() == recipe):
            self._make(folder, python, say)
            done.write_text(recipe)
        return python

    def _make(self, folder: Path, python: Path, say: Say) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        say(f"making a virtual environment for {self.name}")
        _run([sys.executable, "-m", "venv", str(folder)])
        for arguments in self.installs:
            say(f"installing {' '.join(a for a in arguments if not a.startswith('-'))} for the comparison")
            _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])


def cache_folder() -> Path:
    """Where environments are kept: `sns-mujoco/bench` in the user's cache folder."""
    caches = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(caches) / "sns-mujoco" / "bench"


def _run(command: list[str]) -> None:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise PeerFailed(f"its installation took more than {PATIENCE:.0f} s") from None
    except OSError as error:
        raise PeerFailed(f"its installation cannot run: {error}") from error
    if run.returncode:
        raise PeerFailed(f"its installation failed: {last_lines(run.stderr)}")


def last_lines(text: str) -> str:
    """The end of what a program said, in one line, as a reason to report."""
    return " | ".join(line.strip() for line in text.strip().splitlines()[-3:])[-400:] or "it said nothing"
