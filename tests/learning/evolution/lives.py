"""Lives a run twice: whole, and killed by SIGKILL at random moments and resumed until it is done.

    python lives.py FOLDER ALGORITHM WHAT GENERATIONS KILLS LONGEST

WHAT is "toy", or animal:task. FOLDER gets `whole` and `broken`. A life is killed after up to 2 generations and then up
to LONGEST s, so that it comes forward however busy the machine is. Each broken life is a forked child, so that imports
are paid for once.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

# what runs import when they need it: here once, so that no life has to
import cma  # noqa: F401
import h5netcdf  # noqa: F401
import matplotlib.backends.backend_agg  # noqa: F401
import numpy as np
import xarray  # noqa: F401
from toy import Toy

import sns_mujoco.learning.fitness  # noqa: F401
from sns_mujoco.learning.evolution import evolve, resume


def live(out: Path, algorithm: str, what: str, generations: int) -> None:
    quiet = {"progress": False, "video": False}
    toy = {"evaluator": Toy(sleep=0.015)} if what == "toy" else {}
    if (out / "config.json").exists():
        resume(out, **toy, **quiet)
        return
    animal = {} if what == "toy" else dict(zip(("animal", "task"), what.split(":"), strict=True))
    evolve(**toy, **animal, algorithm=algorithm, generations=generations, popsize=8, seed=7, out=out, **quiet)


def forked(*arguments) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        live(*arguments)
        status = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        os._exit(status)


def count(folder: Path) -> int:
    return len(list((folder / "generations").glob("[0-9]*.npz")))


def main() -> None:
    folder, algorithm, what, generations, kills, longest = sys.argv[1:]
    broken, moments, stood = Path(folder) / "broken", np.random.default_rng(0), []
    if what == "toy":
        live(Path(folder) / "whole", algorithm, what, int(generations))
    else:  # a Batch of the parent would hang its children
        os.waitpid(forked(Path(folder) / "whole", algorithm, what, int(generations)), 0)
    while True:
        child = forked(broken, algorithm, what, int(generations))
        status = None
        if len(stood) < int(kills):
            enough = count(broken) + int(moments.integers(0, 3))
            while count(broken) < enough and status is None:
                time.sleep(0.005)
                ended, told = os.waitpid(child, os.WNOHANG)
                status = told if ended else None
            time.sleep(float(moments.uniform(0.0, float(longest))))
            if status is None:
                os.kill(child, signal.SIGKILL)
        if status is None:
            _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break
        stood.append(count(broken))
    print(json.dumps(stood))
    sys.exit(os.WEXITSTATUS(status))


main()
