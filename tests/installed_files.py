"""Compare the installed package with the tracked files: `python installed_files.py CHECKOUT`, where it is installed.

Exits with 1 and names what is missing: `packages` in pyproject.toml is a list kept by hand.
"""

import subprocess
import sys
from pathlib import Path

import sns_mujoco

FOLDERS = {"sns_mujoco": "", "models": "models", "envs": "envs"}


def main(checkout: str) -> int:
    """Name every tracked file of the package that the installation lacks."""
    tracked = subprocess.run(
        ["git", "-C", checkout, "ls-files", *FOLDERS], capture_output=True, text=True, check=True
    ).stdout.split()
    installed = Path(sns_mujoco.__file__).parent
    if installed.is_relative_to(Path(checkout).resolve()):
        print(f"sns_mujoco is not installed but imported from {installed}")
        return 1
    missing = []
    for file in tracked:
        top, *rest = Path(file).parts
        if not (installed / FOLDERS[top] / Path(*rest)).is_file():
            missing.append(file)
    print(f"{len(tracked) - len(missing)} of {len(tracked)} files are installed")
    print("\n".join(f"missing: {file}" for file in missing))
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
