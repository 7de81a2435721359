"""What adapters compute, natively: sensors and commands to currents, membrane potentials to controls.

The arithmetic of `afferents.py` and `efferents.py` over flat buffers, called by the plugin once per physics step.
Delay lines hold one value per physics step and are written before the clock advances. A value that is not a number
stays one: it must show, not be clipped into a healthy one.
"""

import math

import numpy as np
from numba import njit

SENSOR, COMMAND = 0, 1  # kinds of afferent source
LINEAR, SIGMOID = 0, 1  # shapes of efferents
NORM = 0xFFFFFFFF  # channel that asks for the length of the sensor's vector


@njit(cache=True, error_model="numpy")
def _unit(value):
    """Clip to 0..1; in this order of arguments NaN stays NaN."""
    return min(max(value, 0.0), 1.0)


@njit(cache=True, error_model="numpy")
def _mix(z):
    """Finaliser of SplitMix64 (Steele, Lea & Flood 2014, OOPSLA): a bijection that scrambles 64 bits."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True, error_model="numpy")
def _quantile(p):
    """Standard normal quantile to seven digits: algorithm AS 241, PPND7 (Wichura 1988, Appl Stat 37:477)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        numerator = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
        return q * numerator / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0)
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        numerator = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777
        value = numerator / ((0.12021132975 * r + 0.73700164250) * r + 1.0)
    else:
        r -= 5.0
        numerator = ((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150
        value = numerator / ((0.012258202635 * r + 0.24197894225) * r + 1.0)
    return -value if q < 0.0 else value


@njit(cache=True, error_model="numpy")
def normal(seed, clock, stream):
    """Standard normal number of a seed, a step and a stream: counter-based, so it has no state to share.

    The three are hashed to a uniform number of 53 bits, whose quantile it is; six in seven cost no logarithm.
    """
    golden = np.uint64(0x9E3779B97F4A7C15)
    key = _mix(np.uint64(seed) * golden + np.uint64(stream) * np.uint64(0xD1B54A32D192ED03))
    bits = _mix(key + np.uint64(clock) * golden) >> np.uint64(11)
    return _quantile((np.float64(bits) + 0.5) * 2.0**-53)


@njit(cache=True, error_model="numpy")
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
            value += numbers[4, k] * normal(seed, clock, k)
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


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
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
