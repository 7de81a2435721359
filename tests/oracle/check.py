"""Replay every recorded trajectory of a folder: `python tests/oracle/check.py DIR [--backend NAME]`.

Prints a line for each case and backend (name, largest difference, tolerance, pass or fail) and exits with 1 if one
fails, or if there is none.
"""

import argparse
import sys
from pathlib import Path

from replay import BACKENDS, CaseError, replay


def main() -> int:
    """Replay the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of cases in the format sns-oracle/1")
    parser.add_argument("--backend", choices=BACKENDS, help="only this one; all if left out")
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.glob("*.json"))
    if not paths:
        print(f"there is no case (*.json) in {arguments.folder}", file=sys.stderr)
        return 1
    failed = 0
    for path in paths:
        for backend in (arguments.backend,) if arguments.backend else BACKENDS:
            try:
                result = replay(path, backend)
            except Exception as error:  # a case that cannot be run fails; the others still run
                kind = "unreadable" if isinstance(error, CaseError) else type(error).__name__
                print(f"{path.stem:44} {backend:6} {kind}: {error}  FAIL")
                failed += 1
                continue
            verdict = "pass" if result.passed else "FAIL"
            print(f"{result.name:44} {backend:6} {result.difference:9.2e} of {result.tolerance:7.0e}  {verdict}")
            failed += not result.passed
    print(f"{failed} failed" if failed else "all passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
