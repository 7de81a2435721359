"""How well the quadruped stands, walks and trots, over seeds of pose and sensor noise.

python tests/benchmarks/quadruped_walk.py                    # 20 seeds of 12 s at every drive: minutes
python tests/benchmarks/quadruped_walk.py --seeds 2 --seconds 6 --json walk.json
python tests/benchmarks/quadruped_walk.py --animal runs/walk/best.json
"""

import argparse
import json
from collections.abc import Callable, Iterable

import numpy as np
from sns_mujoco.models import Animal, load
from sns_mujoco.models.quadruped.measure import Walk, walk

STILL = 0.02  # m/s: a standing animal
WALK, TROT = 0.3, 0.5  # homolateral lags: a walk in lateral sequence, a trot
NEAR = 0.1  # of a lag


DRIVES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def _mean(values: Iterable[float]) -> float:
    found = [value for value in values if not np.isnan(value)]
    return float(np.mean(found)) if found else float("nan")


def _lag(walks: list[Walk], *pairs: tuple[str, str]) -> float:
    """Circular mean of the mean lags of pairs of feet over runs, 0 to 1."""
    lags = [w.gait.lags[pair] for w in walks for pair in pairs if not np.isnan(w.gait.lags[pair])]
    return float(np.angle(np.mean(np.exp(2j * np.pi * np.array(lags)))) / (2 * np.pi) % 1.0) if lags else float("nan")


HOMOLATERAL = (("LF", "LH"), ("RF", "RH"))

COLUMNS: dict[str, Callable[[list[Walk]], float]] = {
    "falls": lambda walks: sum(not np.isnan(w.fell) for w in walks),
    "speed": lambda walks: _mean(w.speed for w in walks),
    "slowest": lambda walks: min(w.speed for w in walks),
    "Froude": lambda walks: _mean(w.froude for w in walks),
    "yaw": lambda walks: _mean(w.turning for w in walks),
    "period": lambda walks: _mean(w.gait.period for w in walks),
    "duty": lambda walks: _mean(w.gait.duty_factor for w in walks),
    "swing": lambda walks: _mean(w.gait.swing for w in walks),
    "homo": lambda walks: _lag(walks, *HOMOLATERAL),
    "hind": lambda walks: _lag(walks, ("RH", "LH")),
    "diagonal": lambda walks: _lag(walks, ("RF", "LH")),
    "coherence": lambda walks: _mean(np.mean(list(w.gait.coherence.values())) for w in walks),
    "heave": lambda walks: _mean(w.heave for w in walks),
    "tilt": lambda walks: _mean(w.tilt for w in walks),
}


def main() -> None:
    """Measure, print a table and the verdicts, and write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--animal", default="quadruped", help="an individual's file instead")
    parser.add_argument("--json", help="file for the results")
    options = parser.parse_args()
    print("speed between the ends of the path, and of the slowest run: m/s; yaw: degrees/s; period, swing: s")
    print("lags: fore behind hind of a side, right behind left hind, right fore behind left hind; heave: mm")
    print(f"{'':12}" + "".join(f"{column:>10}" for column in COLUMNS))
    animal, results = load(options.animal), {}
    for drive in DRIVES:
        name = f"drive {drive:g}"
        walks = results[name] = measure(animal, drive, seeds=options.seeds, seconds=options.seconds)
        print(f"{name:12}" + "".join(f"{column(walks):10.3g}" for column in COLUMNS.values()), flush=True)
    answers = verdicts(results)
    for claim, answer in answers.items():
        print(f"{claim}: {answer}")
    if options.json:
        table = {name: {key: column(walks) for key, column in COLUMNS.items()} for name, walks in results.items()}
        with open(options.json, "w") as file:
            json.dump({"table": table, "verdicts": answers}, file, indent=1)


def measure(animal: Animal, drive: float, *, seeds: int, seconds: float) -> list[Walk]:
    """Runs of all seeds at a drive."""
    simulation, walks = animal.simulation(), []
    for seed in range(seeds):
        animal.start(simulation, seed)
        walks.append(walk(simulation, seconds=seconds, drive=drive))
    return walks


def verdicts(results: dict[str, list[Walk]]) -> dict[str, str]:
    """What is claimed of the animal, and what was found."""
    driven = dict(results)
    standing = driven.pop("drive 0")
    steady = {name: sum(np.isnan(w.fell) and w.froude >= 0.1 for w in walks) for name, walks in driven.items()}
    best = max(steady, key=steady.__getitem__)
    speeds = {name: _mean(w.speed for w in walks) for name, walks in driven.items()}
    lags = {name: COLUMNS["homo"](walks) for name, walks in driven.items()}
    walking = [name for name, lag in lags.items() if abs(lag - WALK) < NEAR]
    trotting = [name for name, lag in lags.items() if abs(lag - TROT) < NEAR and name not in walking]
    return {
        "stands at drive 0": f"{sum(np.isnan(w.fell) and w.speed < STILL for w in standing)} of {len(standing)}",
        "walks without a fall at a Froude number of 0.1 or more": f"{steady[best]} of {len(driven[best])} at {best}",
        "drive changes speed": f"{min(speeds.values()):.2f} to {max(speeds.values()):.2f} m/s",
        "walks in lateral sequence at": ", ".join(walking) or "no drive",
        "trots at": ", ".join(trotting) or "no drive",
    }


if __name__ == "__main__":
    main()
