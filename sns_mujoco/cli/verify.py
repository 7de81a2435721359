"""What `sns-mujoco verify` does: print whether an animal's lives repeat bit for bit."""

import json
from collections.abc import Sequence

from rich.console import Console

from sns_mujoco.analysis.verification import Verification, verify
from sns_mujoco.models import load


def verify_animal(
    name: str, *, seconds: float, seeds: Sequence[int], threads: int, terrain: str | None, as_json: bool
) -> int:  # fmt: skip
    """Verify an animal; the exit code, 1 where lives differ.

    Raises:
        UnknownNameError: No such animal or terrain.
        ValueError: A number is out of bounds.
        SnsError: A life ended early.
    """
    console = Console()
    if as_json:
        found = verify(load(name), seconds=seconds, seeds=seeds, threads=threads, terrain=terrain)
        print(json.dumps(found.to_dict(), indent=2))
        return 0 if found.identical else 1
    with console.status("living, again and again"):
        found = verify(load(name), seconds=seconds, seeds=seeds, threads=threads, terrain=terrain)
    for line in lines(found):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    return 0 if found.identical else 1


def lines(found: Verification) -> list[str]:
    """What was found, in words."""
    seeds = ", ".join(map(str, found.seeds))
    told = [
        f"{found.animal} on {found.terrain}: {found.seconds:g} s each of seed {seeds}, {found.channels} numbers at "
        "every physics step, held against"
    ]  # fmt: skip
    width = max(len(check.name) for check in found.checks)
    for check in found.checks:
        apart = check.difference
        if apart is None:
            told.append(f"  {check.name:{width}}  identical")
        else:
            told.append(
                f"  {check.name:{width}}  DIFFERENT from step {apart.step} ({apart.time:.6g} s) of seed {apart.seed} "
                f"on: {apart.channel} is {apart.values[0]!r} and {apart.values[1]!r}"
            )  # fmt: skip
    told.append("identical in every bit" if found.identical else "not identical")
    return told
