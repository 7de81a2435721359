"""A row of elementary motion detectors (Hassenstein & Reichardt 1956) tells which way a grating moves.

Run: `python examples/motion_detector.py`.
"""

import math

import numpy as np

from sns_mujoco.network.subnetworks import MotionDetectorNetwork

R, TAU, RECEPTORS, DT = 20.0, 30.0, 8, 0.1  # mV, ms, number, ms
PHASE, CONTRAST = math.pi / 4, 0.5  # of the grating: from receptor to receptor, and around R / 2


def answer(frequency: float) -> float:
    """Mean potential of the detectors, mV, while so many bars a second pass each of them; negative to the left."""
    net = MotionDetectorNetwork(TAU, RECEPTORS, R=R)
    net.add_input("MotionReceptors", size=RECEPTORS)
    net.add_output("MotionMotion")
    cycle = 1000.0 / abs(frequency)  # ms
    time = np.arange(0.0, 3 * cycle + 300.0, DT)[:, None]
    wave = np.sin(2 * math.pi * frequency * time / 1000 - PHASE * np.arange(RECEPTORS))
    potentials = net.compile(DT).run(R * (0.5 + CONTRAST * wave))
    return float(potentials[-round(cycle / DT) :].mean())


print("bars a second   mean answer, mV (formula, for receptors without delay)")
answers = {}
for frequency in (-20.0, -5.0, -2.0, -0.5, 0.5, 2.0, 5.0, 20.0):
    answers[frequency] = answer(frequency)
    omega = 2 * math.pi * frequency / 1000
    formula = R * CONTRAST**2 * math.sin(PHASE) * omega * TAU / (1 + (omega * TAU) ** 2)
    side = "left" if answers[frequency] < 0 else "right"
    print(f"{frequency:10.1f}   {answers[frequency]:8.3f} ({formula:6.3f})   {side}")
print(f"strongest near {1000 / (2 * math.pi * TAU):.1f} bars a second, 1 / (2 pi tau)")
