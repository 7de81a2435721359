"""Filters of leaky neurons: the frequencies that a low-pass and a band-pass let through, against the textbook.

Run: `python examples/filters.py`.
"""

import math

import numpy as np

from sns_mujoco.network.subnetworks import BandPassNetwork, LowPassNetwork

R, DT = 20.0, 0.05  # mV, ms
CUTOFF, LOW, HIGH = 5.0, 1.0, 20.0  # Hz


def gain(net, frequency):
    """Amplitude of the last neuron over that of the first, for a sinusoid from 0 to R."""
    first, last = net.population_names[0], net.population_names[-1]
    net.add_input(first)
    net.add_output(first, name="in")
    net.add_output(last, name="out")
    steps = round(1000.0 / frequency / DT)  # of a cycle
    cycles = math.ceil(1.0 * frequency) + 2  # a second for transients
    wave = np.tile(2 * math.pi * np.arange(steps) / steps, cycles)
    potentials = net.compile(DT).run(R / 2 * (1 + np.sin(wave))[:, None])[-steps:]
    before, after = np.abs(np.exp(-1j * wave[-steps:]) @ potentials)
    return after / before


print(" frequency   low-pass (formula)   band-pass (formula)")
worst = 0.0
for frequency in (0.5, 1.0, 2.0, math.sqrt(LOW * HIGH), 10.0, 20.0, 40.0):
    low_pass = gain(LowPassNetwork(CUTOFF, R=R), frequency)
    band_pass = gain(BandPassNetwork(LOW, HIGH, R=R, tau_relay=0.2), frequency)
    low_wanted = 1 / math.hypot(1, frequency / CUTOFF)
    band_wanted = 1 / math.hypot(1, (frequency**2 - LOW * HIGH) / (frequency * (HIGH - LOW)))
    worst = max(worst, abs(low_pass - low_wanted), abs(band_pass - band_wanted))
    print(
        f"{frequency:7.2f} Hz   {low_pass:8.3f} ({low_wanted:5.3f})   {'#' * round(12 * low_pass):12}"
        f"   {band_pass:8.3f} ({band_wanted:5.3f})   {'#' * round(12 * band_pass)}"
    )
print(f"off by at most {worst:.3f}")
