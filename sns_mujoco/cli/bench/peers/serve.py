"""Runs one simulator on request: `python -P serve.py SCRIPT NETWORK.npz [OPTION]`, JSON line by line.

    {"do": "check", "steps": n, "potentials": path}  ->  {"steps": n, "spikes": count}   without input; asked first
    {"do": "open", "steps": n}                       ->  {"steps": n, "seconds": s}      many steps in one call
    {"do": "closed", "steps": n}                     ->  {"steps": n, "seconds": s}      one call a step, new input

Seconds are those of the processor, not of the clock on the wall. It imports nothing of this package, which is not
installed where it runs. `-P` keeps this folder off the module path, so that no script is taken for what it imports.
"""

import importlib.util
import json
import os
import sys
import time
from types import SimpleNamespace

import numpy as np


def main(script: str, case_file: str, *options: str) -> None:
    """Load a simulator, build its network, and answer requests until there are no more.

    Args:
        script: Python file that defines `VERSION` and `Simulator`.
        case_file: The network, from `networks.Drawn.save`.
        options: What else `Simulator` takes.
    """
    # what simulators print, in C too, must not get between the answers
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    with np.load(case_file, allow_pickle=False) as file:
        case = SimpleNamespace(**{name: file[name][()] for name in file.files})
    spec = importlib.util.spec_from_file_location("simulator", script)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["simulator"] = module
    spec.loader.exec_module(module)
    start = time.perf_counter()
    simulator = module.Simulator(case, *options)
    built = {"version": module.VERSION, "build_seconds": time.perf_counter() - start}
    answers.write(json.dumps(built) + "\n")
    for line in sys.stdin:
        answers.write(json.dumps(_answer(simulator, json.loads(line))) + "\n")


def _answer(simulator, request):
    steps = request["steps"]
    if request["do"] == "check":
        steps, potentials, spikes = simulator.check(steps)
        np.save(request["potentials"], np.asarray(potentials, float), allow_pickle=False)
        return {"steps": int(steps), "spikes": int(spikes)}
    run = getattr(simulator, request["do"])
    start = time.process_time()
    own = run(steps)
    seconds = time.process_time() - start
    # compiled programs run for as long as they were built for, and time their own loop
    steps, seconds = own or (steps, seconds)
    return {"steps": int(steps), "seconds": float(seconds)}


if __name__ == "__main__":
    main(*sys.argv[1:])
