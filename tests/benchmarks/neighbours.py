"""What a closed loop costs over its body alone, here and in FlyGym and MyoSuite, one after the other in one run.

    python3 -m venv fly && fly/bin/pip install flygym==1.2.1 networkx
    python3 -m venv myo && myo/bin/pip install myosuite==3.0.0
    python tests/benchmarks/neighbours.py --flygym fly/bin/python --myosuite myo/bin/python

Each is stepped with all that it does in a step, and then its MuJoCo model alone (`mj_step`, no Python in between), from
the same state; the medians over repeats of the processor time of a physics step, and their ratio. The bodies differ, so
only the ratios say something of the loops. FlyGym's fly has its hybrid controller (six oscillators and rules, in
Python, every physics step of 0.1 ms); MyoSuite's environments have no nervous system and run Python every tenth step.
"""

import argparse
import json
import subprocess
import sys

OURS = """
import json, sys
from sns_mujoco.cli.bench.closed_loop import closed_over_open
from sns_mujoco.models import load
for name in ("hexapod", "rat_hindlimbs", "quadruped"):
    loop = closed_over_open(load(name), individuals=1, seconds=1.0, repeats=int(sys.argv[1]), threads=1)
    print(json.dumps({"what": f"sns-mujoco {name}", "ratio": loop["ratio"]}))
"""
MEASURE = """
import json, statistics, sys, time, warnings
warnings.simplefilter("ignore")
import mujoco, numpy as np
STATE = mujoco.mjtState.mjSTATE_INTEGRATION

def compare(what, step, m, d, steps, skip):
    state = np.empty(mujoco.mj_stateSize(m, STATE))
    closed, alone = [], []
    for repeat in range(int(sys.argv[1]) + 1):
        mujoco.mj_getState(m, d, state, STATE)
        start = time.process_time()
        mujoco.mj_step(m, d, nstep=steps * skip)
        alone.append(time.process_time() - start)
        mujoco.mj_setState(m, d, state, STATE)
        mujoco.mj_forward(m, d)
        start = time.process_time()
        for _ in range(steps):
            step()
        closed.append(time.process_time() - start)
    ratio = statistics.median(a / b for a, b in zip(closed[1:], alone[1:]))
    print(json.dumps({"what": what, "ratio": ratio, "us": statistics.median(closed[1:]) / steps / skip * 1e6}))
"""
FLYGYM = """
from flygym import Fly
from flygym.examples.locomotion import HybridTurningController
ends = ("Tibia", "Tarsus1", "Tarsus2", "Tarsus3", "Tarsus4", "Tarsus5")
felt = [leg + end for leg in ("LF", "LM", "LH", "RF", "RM", "RH") for end in ends]
fly = Fly(enable_adhesion=True, contact_sensor_placements=felt, spawn_pos=(0, 0, 0.2))
life = HybridTurningController(fly=fly, cameras=[], timestep=1e-4)
life.reset(seed=0)
ahead = np.ones(2)
for _ in range(500):
    life.step(ahead)
compare("FlyGym, hybrid controller", lambda: life.step(ahead), life.physics.model.ptr, life.physics.data.ptr, 500, 1)
"""
MYOSUITE = """
import gymnasium, myosuite
for name in ("myoLegWalk-v0", "myoElbowPose1D6MRandom-v0"):
    env = gymnasium.make(name)
    env.reset(seed=0)
    own = env.unwrapped
    still = np.zeros(env.action_space.shape, env.action_space.dtype)
    compare(f"MyoSuite {name}", lambda: own.step(still), own.model, own.data, 50, own.frame_skip)
"""


def main() -> None:
    """Measure what is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flygym", help="a Python that has FlyGym")
    parser.add_argument("--myosuite", help="a Python that has MyoSuite")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    given = parser.parse_args()
    runs = [(sys.executable, OURS), (given.flygym, MEASURE + FLYGYM), (given.myosuite, MEASURE + MYOSUITE)]
    found = []
    for python, program in runs:
        if python is None:
            continue
        done = subprocess.run([python, "-c", program, str(given.repeats)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{python} could not be measured:\n{done.stderr[-2000:]}")
        found += [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if given.json:
        print(json.dumps(found))
        return
    for row in found:
        print(f"{row['what']:40} closed loop over body alone {row['ratio']:.2f}")


if __name__ == "__main__":
    main()
