"""A wave travels down a chain of six half-centres, as along the cord of a swimming lamprey: one full wave on the body.

The period and the lags are given; everything else follows from them. Run: `python examples/travelling_wave.py`.
"""

from itertools import pairwise

import numpy as np

from sns_mujoco.network.subnetworks import ChainNetwork, onsets, phase_lag

PERIOD, SEGMENTS, DT = 800.0, 6, 0.5  # ms, number, ms

net = ChainNetwork(PERIOD, lags=[1 / SEGMENTS] * (SEGMENTS - 1), name="segment ", resting_potential=-60.0)
for segment in range(SEGMENTS):
    net.add_output(f"segment {segment}A", name=f"left {segment}")
    net.add_output(f"segment {segment}B", name=f"right {segment}")

potentials = net.compile(DT).run(int(8000 / DT))
left_less_right = potentials[:, 0::2] - potentials[:, 1::2]  # [time, segment]

period = float(np.diff(onsets(left_less_right[:, 0], DT)).mean())
lags = [phase_lag(one, following, DT) for one, following in pairwise(left_less_right.T)]
print(f"{net.get_num_neurons()} neurons; wanted a period of {PERIOD:.0f} ms, got {period:.1f} ms")
print(f"wanted a lag of {1 / SEGMENTS:.3f} cycles from segment to segment, got", *(f"{lag:.3f}" for lag in lags))

print("\ntwo cycles, from head (top) to tail; # where the left side is active")
shown = left_less_right[-int(2 * PERIOD / DT) :: int(25 / DT)]
for segment in shown.T:
    print("".join("#" if value > 0 else "." for value in segment))
