"""The hexapod evolved for rough ground against the one tuned by hand, on grounds that neither has seen.

python tests/benchmarks/hexapod_rough.py [--individual hexapod:rough] [--lives 20] [--seconds 10]
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from itertools import product

import numpy as np
from sns_mujoco.models import load
from sns_mujoco.models.hexapod.measure import Walk, walk

FIRST = 1000  # seed of the first held-out ground, pose and noise


def life(what: str, terrain: str, seed: int, seconds: float) -> Walk:
    """One walk at full drive."""
    simulation = load(what).simulation(terrain=terrain, seed=seed)
    return walk(simulation, seconds=seconds, drive=1.0)


def main() -> None:
    """Compare and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--individual", default="hexapod:rough")
    parser.add_argument("--lives", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    animals, seeds = ("hexapod", options.individual), range(FIRST, FIRST + options.lives)
    lives = list(product(animals, ("rough", "flat"), seeds))
    with ProcessPoolExecutor() as pool:
        walks = list(pool.map(life, *zip(*lives, strict=True), [options.seconds] * len(lives)))
    found = {}
    for terrain in ("rough", "flat"):
        own = {a: [w for w, (b, t, _) in zip(walks, lives, strict=True) if (b, t) == (a, terrain)] for a in animals}
        speeds = {a: np.array([w.speed for w in own[a]]) for a in animals}
        gain = speeds[animals[1]] - speeds[animals[0]]
        found[terrain] = {
            "speed, body lengths/s": {a: round(float(speeds[a].mean()), 3) for a in animals},
            "gain": round(float(gain.mean()), 3),
            "standard error": round(float(gain.std(ddof=1) / np.sqrt(len(gain))), 3),
            "faster in": f"{int((gain > 0).sum())} of {len(gain)}",
            "falls": {a: sum(w.fallen for w in own[a]) for a in animals},
            "tilt, degrees": {a: round(float(np.mean([w.tilt for w in own[a]])), 2) for a in animals},
            "heave, mm": {a: round(float(np.mean([w.heave for w in own[a]])), 2) for a in animals},
            "turning, degrees/s": {a: round(float(np.mean([abs(w.turning) for w in own[a]])), 2) for a in animals},
        }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
