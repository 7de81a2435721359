"""How well the hexapod walks, over seeds of pose, sensor noise and rough ground, intact and without load feedback.

python tests/benchmarks/hexapod_walk.py                    # 20 seeds of 20 s in every condition: minutes
python tests/benchmarks/hexapod_walk.py --seeds 2 --seconds 6 --json walk.json
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sns_mujoco.models.hexapod import NEURAL_STEP, adapters, body, nervous_system
from sns_mujoco.models.hexapod.measure import Walk, start, walk

from sns_mujoco import Simulation, attach

STILL = 0.005  # body lengths per second: a standing animal
GOES_ON = 1.0  # body lengths per second in the last quarter of a run over rough ground: walking goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What is done to the animal."""

    name: str
    drive: float = 1.0
    turn: float = 0.0
    terrain: str = "flat"
    load_feedback: bool = True


CONDITIONS = (
    *(Condition(name=f"drive {drive:g}", drive=drive) for drive in (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)),
    *(Condition(name=f"turn {turn:+g}", turn=turn) for turn in (-1.0, -0.5, 0.5, 1.0)),
    Condition(name="rough", terrain="rough"),
    Condition(name="rough, drive 0.5", terrain="rough", drive=0.5),
    Condition(name="lesion", load_feedback=False),
    Condition(name="lesion, rough", load_feedback=False, terrain="rough"),
)

COLUMNS: dict[str, Callable[[list[Walk]], float]] = {
    "falls": lambda walks: sum(w.fallen for w in walks),
    "speed": lambda walks: _mean(w.speed for w in walks),
    "path": lambda walks: _mean(w.path_speed for w in walks),
    "slowest": lambda walks: min(w.last_speed for w in walks),
    "yaw": lambda walks: _mean(w.turning for w in walks),
    "lag error": lambda walks: max(w.lag_error for w in walks),
    "coherence": lambda walks: _mean(np.mean(list(w.gait.coherence.values())) for w in walks),
    "period": lambda walks: _mean(w.gait.period for w in walks),
    "spread": lambda walks: _mean(w.gait.period_spread for w in walks),
    "duty": lambda walks: _mean(w.gait.duty_factor for w in walks),
    "swing": lambda walks: _mean(w.gait.swing for w in walks),
    "heave": lambda walks: _mean(w.heave for w in walks),
    "tilt": lambda walks: _mean(w.tilt for w in walks),
    "slip": lambda walks: _mean(w.slip for w in walks),
}


def main() -> None:
    """Measure, print a table and the verdicts, and write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--json", help="file for the results")
    options = parser.parse_args()
    print("speed (ends of the path), path (along it), slowest (run, last quarter): body lengths/s; yaw: degrees/s")
    print(
        "lag error: largest distance of a mean phase lag from 0.5; period, spread, swing: s; heave: mm; tilt: degrees"
    )
    print(f"{'':18}" + "".join(f"{column:>10}" for column in COLUMNS))
    results = {}
    for condition in CONDITIONS:
        walks = results[condition.name] = measure(condition, seeds=options.seeds, seconds=options.seconds)
        print(f"{condition.name:18}" + "".join(f"{column(walks):10.3g}" for column in COLUMNS.values()), flush=True)
    answers = verdicts(results)
    for claim, answer in answers.items():
        print(f"{claim}: {answer}")
    if options.json:
        table = {name: {key: column(walks) for key, column in COLUMNS.items()} for name, walks in results.items()}
        with open(options.json, "w") as file:
            json.dump(
                {"seeds": options.seeds, "seconds": options.seconds, "table": table, "verdicts": answers},
                file,
                indent=1,
            )


def measure(condition: Condition, *, seeds: int, seconds: float) -> list[Walk]:
    """Walk once with every seed."""
    network = nervous_system(load_feedback=condition.load_feedback)
    walks, simulation = [], None
    for seed in range(seeds):
        if simulation is None or condition.terrain == "rough":
            ground = body(condition.terrain, seed)
            simulation = Simulation(attach(ground, network, adapters(), dt=NEURAL_STEP))
        start(simulation, seed)
        walks.append(walk(simulation, seconds=seconds, drive=condition.drive, turn=condition.turn))
    return walks


def verdicts(results: dict[str, list[Walk]]) -> dict[str, object]:
    """Answer what was asked of the animal."""
    full, rough = results["drive 1"], results["rough"]
    speeds = [_mean(w.speed for w in results[f"drive {drive:g}"]) for drive in (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)]
    lesion, lesion_rough = results["lesion"], results["lesion, rough"]
    return {
        "runs that fell on flat ground": sum(
            w.fallen for name in results if name[:5] in ("drive", "turn ") for w in results[name]
        ),
        "largest distance of a phase lag from 0.5 at full drive": max(w.lag_error for w in full),
        "slowest run at full drive, body lengths/s": min(w.speed for w in full),
        "speed rises with drive": bool(np.all(np.diff(speeds) > 0)),
        "stands at zero drive in every run": all(w.speed < STILL for w in results["drive 0"]),
        "left and right turn, degrees/s": [_mean(w.turning for w in results[f"turn {t}"]) for t in ("+1", "-1")],
        "walking goes on over rough ground, runs": sum(not w.fallen and w.last_speed >= GOES_ON for w in rough),
        "speed left by the lesion, flat and rough": [
            _mean(w.last_speed for w in a) / _mean(w.last_speed for w in b)
            for a, b in ((lesion, full), (lesion_rough, rough))
        ],
        "heave with lesion over intact, flat": _mean(w.heave for w in lesion) / _mean(w.heave for w in full),
        "coherence of phase lags intact and with lesion, flat": [
            COLUMNS["coherence"](full),
            COLUMNS["coherence"](lesion),
        ],
    }


def _mean(values: object) -> float:
    return float(np.mean(list(values)))  # type: ignore[call-overload]


if __name__ == "__main__":
    main()
