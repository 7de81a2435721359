"""What adapters compute, natively: sensors and commands to currents, membrane potentials to controls.

The arithmetic of `afferents.py` and `efferents.py` over flat buffers, called by the plugin once per physics step.
Delay lines hold one value per physics step and are written before the clock advances. A value that is not a number
stays one: it must show, not be clipped into a healthy one.
"""

import math

import numpy as np
from numba import njit

from sns_mujoco.backends.native.random import normal

SENSOR, COMMAND = 0, 1  # kinds of afferent source
LINEAR, SIGMOID = 0, 1  # shapes of efferents
STREAMS = np.uint64(1 << 63)  # the random numbers of afferents begin here, beyond those of neurons
NORM = 0xFFFFFFFF  # channel that asks for the length of the sensor's vector


@njit(error_model="numpy")
def _unit(value):
    """Clip to 0..1; in this order of arguments NaN stays NaN."""
    return min(max(value, 0.0), 1.0)


@njit(error_model="numpy")
def sense(integers, numbers, rings, clock, seed, sensordata, userdata, x):
    """Fill the network's input vector.

    Args:
        integers: uint32 [7, A]: kind, address, channel (or `NORM`), width, input element, delay in steps, clipped.
        numbers: float64 [5, A]: lo, 1 / (hi - lo), gain (nA), offset (nA), noise (sd).
        rings: float64, the delay lines one after the other; changed in place.
        clock: Physics steps since the reset.
        seed: Seed of the noise.
        sensordata: float64, of `mjData`.
        userdata: float64, of `mjData`; the commands.
        x: float64 [M], nA, written here.
    """
    x[:] = 0.0
    start = np.uint64(0)
    for k in range(integers.shape[1]):
        address, channel = integers[1, k], integers[2, k]
        if integers[0, k] == COMMAND:
            value = userdata[address]
        elif channel == NORM:
            squares = 0.0
            for j in range(integers[3, k]):
                squares += sensordata[address + j] * sensordata[address + j]
            value = math.sqrt(squares)
        else:
            value = sensordata[address + channel]
        if numbers[4, k] > 0.0:
            value += numbers[4, k] * normal(seed, clock, STREAMS + np.uint64(k))
        value = (value - numbers[0, k]) * numbers[1, k]
        if integers[6, k]:
            value = _unit(value)
        current = numbers[3, k] + numbers[2, k] * value
        delay = integers[5, k]
        if delay > 0:
            at = start + np.uint64(clock) % delay
            delayed = rings[at]
            rings[at] = current
            current = delayed
            start += delay
        x[integers[4, k]] += current


@njit(error_model="numpy")
def remember(integers, rings, clock, potential):
    """Put the potentials of motor neurons with a conduction delay into their delay lines.

    Args:
        integers: uint32 [4, T]: neuron, slot, shape, delay in steps.
        rings: float64, the delay lines one after the other; changed in place.
        clock: Physics steps since the reset.
        potential: float64 [N], mV.
    """
    start = np.uint64(0)
    for k in range(integers.shape[1]):
        delay = integers[3, k]
        if delay > 0:
            rings[start + np.uint64(clock) % delay] = potential[integers[0, k]]
            start += delay


@njit(error_model="numpy")
def actuate(integers, numbers, actuators, bounded, limits, rings, clock, potential, ctrl):
    """Set the controls that the network drives.

    Args:
        integers: uint32 [4, T]: neuron, slot, shape, delay in steps.
        numbers: float64 [3, T]: linear: least potential, 1 / span; sigmoid: midpoint, slope; and the gain.
        actuators: uint32 [L], the actuator of each slot.
        bounded: uint32 [L], 1 where the control has limits.
        limits: float64 [3, L]: offset, least and greatest control.
        rings: float64, the delay lines one after the other.
        clock: Physics steps since the reset.
        potential: float64 [N], mV.
        ctrl: float64, of `mjData`, written here.
    """
    for j in range(len(actuators)):
        ctrl[actuators[j]] = limits[0, j]
    start = np.uint64(0)
    for k in range(integers.shape[1]):
        v = potential[integers[0, k]]
        delay = integers[3, k]
        if delay > 0:
            v = rings[start + np.uint64(clock) % delay]
            start += delay
        if integers[2, k] == LINEAR:
            activation = _unit((v - numbers[0, k]) * numbers[1, k])
        else:
            activation = 1.0 / (1.0 + math.exp(-numbers[1, k] * (v - numbers[0, k])))
        ctrl[actuators[integers[1, k]]] += numbers[2, k] * activation
    for j in range(len(actuators)):
        if bounded[j]:
            u = ctrl[actuators[j]]
            u = limits[1, j] if u < limits[1, j] else u
            ctrl[actuators[j]] = limits[2, j] if u > limits[2, j] else u
