"""How the rat's hindlimbs step, over seeds of pose: in the air, on ground and treadmill, lesioned, and disturbed.

python tests/benchmarks/rat_walk.py                    # 20 seeds of 10 s in every condition: a quarter of an hour
python tests/benchmarks/rat_walk.py --seeds 4 --seconds 5 --json rat.json
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sns_mujoco.models.rat_hindlimbs import HALF_CENTRES, NEURAL_STEP, adapters, body, nervous_system, start
from sns_mujoco.models.rat_hindlimbs.anatomy import JOINTS
from sns_mujoco.models.rat_hindlimbs.measure import Disturbance, Walk, disturb, walk

from sns_mujoco import Simulation, attach

PHASES = 8  # pulses per cycle


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What is done to the animal."""

    terrain: str
    drive: float
    afferents: bool = True
    commissures: bool = True

    @property
    def name(self) -> str:
        """Of its row."""
        lesions = ["" if self.afferents else ", deafferented", "" if self.commissures else ", no commissures"]
        return f"{self.terrain} {self.drive:g}" + "".join(lesions)


CONDITIONS = (
    *(Condition(terrain="air", drive=drive) for drive in (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)),
    *(Condition(terrain="ground", drive=drive) for drive in (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)),
    *(Condition(terrain="treadmill", drive=drive) for drive in (0.6, 0.8, 1.0)),
    Condition(terrain="air", drive=1.0, afferents=False),
    Condition(terrain="ground", drive=1.0, afferents=False),
    Condition(terrain="ground", drive=1.0, commissures=False),
)

COLUMNS: dict[str, Callable[[list[Walk]], float]] = {
    "speed": lambda walks: _mean(w.speed for w in walks),
    "slowest": lambda walks: min(w.speed for w in walks),
    "period": lambda walks: _mean(w.period for w in walks),
    "spread": lambda walks: _mean(w.spread for w in walks),
    "lag": lambda walks: _mean(w.lag for w in walks),
    "lag error": lambda walks: max(abs(w.lag - 0.5) for w in walks),
    "duty": lambda walks: _mean(w.gait.duty_factor for w in walks),
    "swing": lambda walks: _mean(w.gait.swing for w in walks),
    "lift": lambda walks: _mean(w.swing_height for w in walks),
    "slip": lambda walks: _mean(w.slip for w in walks),
    "scuff": lambda walks: _mean(w.scuff for w in walks),
    "load": lambda walks: _mean(w.load for w in walks),
    "lowest": lambda walks: 1e3 * min(w.lowest for w in walks),
}


def main() -> None:
    """Measure, print the tables, and write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--json", help="file for the results")
    options = parser.parse_args()
    print("speed: m/s; slowest: run; period, spread, swing: s; lift, lowest: mm; load: N; joints: rad")
    print(f"{'':26}" + "".join(f"{column:>10}" for column in COLUMNS) + "".join(f"{joint:>16}" for joint in JOINTS))
    results = {}
    for condition in CONDITIONS:
        walks = measure(condition, seeds=options.seeds, seconds=options.seconds)
        row = {key: column(walks) for key, column in COLUMNS.items()}
        ranges = {joint: np.mean([w.ranges[joint] for w in walks], axis=0).tolist() for joint in JOINTS}
        print(
            f"{condition.name:26}" + "".join(f"{value:10.3g}" for value in row.values())
            + "".join(f"{low:8.2f}{high:8.2f}" for low, high in ranges.values()), flush=True,
        )  # fmt: skip
        results[condition.name] = row | ranges
    pulses = {}
    for terrain in ("air", "ground"):
        print(f"{terrain}: shift of the rhythm (cycles) by a pulse at {PHASES} phases; burst lost (mV), the most")
        for half_centre in HALF_CENTRES:
            found = pulse(terrain, f"L_{half_centre}")
            shifts = [d.shift for d in found]
            lost = max(d.lost for d in found)
            print(f"{half_centre:22}" + "".join(f"{shift:8.2f}" for shift in shifts) + f"{lost:8.0f}", flush=True)
            pulses[f"{terrain} {half_centre}"] = {"shifts": shifts, "lost": lost}
    if options.json:
        found = {"seeds": options.seeds, "seconds": options.seconds, "table": results, "pulses": pulses}
        with open(options.json, "w") as file:
            json.dump(found, file, indent=1)


def measure(condition: Condition, *, seeds: int, seconds: float) -> list[Walk]:
    """Walk once with every seed."""
    network = nervous_system(afferents=condition.afferents, commissures=condition.commissures)
    simulation = Simulation(attach(body(condition.terrain), network, adapters(), dt=NEURAL_STEP))
    walks = []
    for seed in range(seeds):
        start(simulation, seed)
        walks.append(walk(simulation, seconds=seconds, drive=condition.drive))
    return walks


def pulse(terrain: str, half_centre: str) -> list[Disturbance]:
    """Disturb a half-centre at phases all over a cycle, at full drive."""
    simulation = Simulation(attach(body(terrain), nervous_system(), adapters(), dt=NEURAL_STEP))
    start(simulation, 0)
    period = walk(simulation, seconds=2.0).period
    return [disturb(simulation, half_centre, at=k * period / PHASES) for k in range(PHASES)]


def _mean(values: object) -> float:
    return float(np.mean(list(values)))  # type: ignore[call-overload]


if __name__ == "__main__":
    main()
