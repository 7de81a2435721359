"""Tune the hexapod's parameters: an evolution strategy over walks on flat and rough ground.

    python -m sns_mujoco.models.hexapod.search --minutes 10 --seed 1 --out best.json

A (5/5, 12) strategy with one step size a parameter, multiplied by exp(rate (z^2 - 1)) from the selected steps z (the
diagonal part of the rank-mu update of CMA-ES, Hansen & Ostermeier 2001, Evol Comput 9:159). The score adds up what a
good walk lacks; nothing in it looks at the animal without load feedback.
"""

import argparse
import json
import time
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.attach import attach
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import SnsError

from .adapters import adapters
from .body import body
from .measure import Walk, start, walk
from .nervous_system import nervous_system
from .parameters import Parameters

NEURAL_STEP = 1.0  # ms
TOP_SPEED = 2.3  # body lengths per second at full drive; drive should scale it
SECONDS = 6.0
LOST = 99.0  # score of an animal that cannot be simulated

BOUNDS = {
    "half_stride": (7.0, 10.0), "lift": (0.2, 0.5), "lift_hind": (0.4, 1.2), "lift_capacitance": (3.0, 25.0),
    "lift_end": (2.0, 12.0), "motor_capacitance": (3.0, 12.0), "protraction": (0.1, 0.3), "retraction": (0.05, 0.25),
    "anterior_extreme": (7.0, 14.0), "posterior_stop": (12.0, 17.0), "trigger_bias": (-40.0, 5.0),
    "trigger_retracted": (0.0, 0.5), "trigger_angle": (0.0, 0.4), "rule_1": (0.0, 0.06), "rule_2": (0.0, 0.4),
    "rule_3": (0.0, 0.2), "contralateral": (0.3, 1.3), "hold": (0.05, 1.0), "hold_threshold": (3.0, 14.0),
    "trend_capacitance": (60.0, 400.0), "load_stance": (0.0, 0.4), "support": (0.0, 0.03), "search": (0.0, 0.4),
    "search_threshold": (2.0, 12.0),
}  # fmt: skip


def score(parameters: Parameters) -> float:
    """Score a set of parameters: 0 would be perfect.

    Returns:
        Sum over walks: two at full drive, one each at three lower drives, and three on rough ground.
    """
    try:
        flat, *rough = (
            Simulation(attach(body(*ground), nervous_system(parameters=parameters), adapters(parameters=parameters),
                              dt=NEURAL_STEP))
            for ground in (("flat", 0), ("rough", 0), ("rough", 1))
        )  # fmt: skip
        total = 0.0
        for seed in (0, 1):
            run = _walk(flat, seed, 1.0)
            total += 0.5 * (_lack(run, 1.0) + 3.0 * _lag_error(run) + 2.0 * _scatter(run))
        for drive, weight in ((0.75, 0.5), (0.45, 0.3), (0.15, 0.2)):
            run = _walk(flat, 2, drive)
            total += weight * (_lack(run, drive) + (2.0 * _lag_error(run) if drive > 0.5 else 0.0) + _scatter(run))
        for simulation, seed, drive in ((rough[0], 3, 1.0), (rough[1], 4, 1.0), (rough[1], 5, 0.5)):
            run = _walk(simulation, seed, drive)
            shortfall = max(0.0, 0.9 - run.last_speed / (TOP_SPEED * drive))
            total += (shortfall + 0.1 * run.tilt + float(run.fallen)) / 3
    except SnsError:
        return LOST
    return float(total)


def _walk(simulation: Simulation, seed: int, drive: float) -> Walk:
    start(simulation, seed)
    return walk(simulation, seconds=SECONDS, drive=drive)


def _lack(run: Walk, drive: float) -> float:
    slow = abs(run.speed - TOP_SPEED * drive)
    return 0.6 * slow + run.heave + run.slip + 0.2 * run.tilt + 0.02 * abs(run.turning) + 2.0 * run.fallen


def _lag_error(run: Walk) -> float:
    return 0.5 if np.isnan(run.lag_error) else run.lag_error


def _scatter(run: Walk) -> float:
    return float(np.mean([0.0 if np.isnan(c) else 1.0 - c for c in run.gait.coherence.values()]))


def search(origin: Parameters, *, minutes: float, seed: int, out: str) -> Parameters:
    """Look for better parameters, from where one is.

    Args:
        origin: Where to begin.
        minutes: How long.
        seed: Seed of the search.
        out: File that always holds the best found so far, JSON.

    Returns:
        The best found.
    """
    rng = np.random.default_rng(seed)
    low, high = np.array(list(BOUNDS.values())).T

    def at(place: NDArray[np.float64]) -> Parameters:
        return replace(origin, **dict(zip(BOUNDS, (low + place * (high - low)).tolist(), strict=True)))

    mean = (np.array([getattr(origin, name) for name in BOUNDS]) - low) / (high - low)
    sizes = np.full(len(mean), 0.06)
    offspring, parents, rate = 12, 5, 0.1
    weights = np.log(parents + 0.5) - np.log(np.arange(1, parents + 1))
    weights /= weights.sum()
    best, lowest = origin, score(origin)
    print(f"start {lowest:.3f}", flush=True)
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        steps = rng.standard_normal((offspring, len(mean)))
        places = np.clip(mean + sizes * steps, 0, 1)
        scores = np.array([score(at(place)) for place in places])
        chosen = np.argsort(scores)[:parents]
        mean = weights @ places[chosen]
        sizes = np.clip(sizes * np.exp(rate * (weights @ steps[chosen] ** 2 - 1)), 0.005, 0.2)
        if scores[chosen[0]] < lowest:
            best, lowest = at(places[chosen[0]]), scores[chosen[0]]
            with open(out, "w") as file:
                json.dump(asdict(best), file, indent=1)
        print(f"best {lowest:.3f}  generation {scores.min():.3f} to {scores.max():.3f}", flush=True)
    return best


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Tune the hexapod's nervous system.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="hexapod_parameters.json")
    options = parser.parse_args()
    print(search(Parameters(), minutes=options.minutes, seed=options.seed, out=options.out))
