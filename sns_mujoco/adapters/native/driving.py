"""Efferents, natively: membrane potentials and spikes become the controls of actuators."""

import math

import numpy as np
from numba import njit

from sns_mujoco.adapters.native.curves import evaluate
from sns_mujoco.adapters.native.layout import Motor, Pool, Shape, Unit
from sns_mujoco.adapters.native.sensing import steps_late, unit
from sns_mujoco.backends.native.exponential import exp

FUSION = 0.4  # contraction time over interval of spikes, above which twitches fuse
FUSED = 1.0 - math.exp(-2.0 * FUSION**3)


@njit(error_model="numpy")
def _heard(motors, k, memory, potential):
    """What a motor term hears without delay: a potential, or a pool's output."""
    index = motors[k, Motor.INDEX]
    return memory[index] if motors[k, Motor.POOLED] else potential[index]


@njit(error_model="numpy")
def remember(tables, memory, rings, clock, potential):
    """Put what motor terms with a conduction delay hear into their delay lines.

    Args:
        tables: Where everything is.
        memory: float64, of motor pools.
        rings: float64, the delay lines one after the other; changed in place.
        clock: Physics steps since the reset.
        potential: float64 [N], mV.
    """
    motors = tables.motors
    start = np.uint64(0)
    for k in range(motors.shape[0]):
        room = np.uint64(motors[k, Motor.ROOM])
        if room > 0:
            rings[start + np.uint64(clock) % room] = _heard(motors, k, memory, potential)
            start += room


@njit(error_model="numpy")
def _sigmoids(to, heard, midpoint, slope):
    """The sigmoids of all motor terms; a loop of its own so that the compiler takes several at a time."""
    for k in range(np.uint64(len(to))):
        to[k] = 1.0 / (1.0 + exp(-slope[k] * (heard[k] - midpoint[k])))


@njit(error_model="numpy", inline="always")  # see sensing.sense
def actuate(tables, memory, rings, clock, potential, sigmoid, ctrl):
    """Set the controls that the network drives.

    Args:
        tables: Where everything is.
        memory: float64, of motor pools.
        rings: float64, the delay lines one after the other.
        clock: Physics steps since the reset.
        potential: float64 [N], mV.
        sigmoid: Whether a motor term is one.
        ctrl: float64, of `mjData`, written here.
    """
    motors, gains, slots, limits = tables.motors, tables.gains, tables.slots, tables.limits
    curves, code, extras, registers = tables.curves, tables.code, tables.extras, tables.registers
    heard, sigmoids = tables.heard[0], tables.heard[1]
    n, n_slot = np.uint64(motors.shape[0]), np.uint64(slots.shape[1])
    for j in range(n_slot):
        ctrl[slots[0, j]] = limits[0, j]
    start = np.uint64(0)
    for k in range(n):
        room = np.uint64(motors[k, Motor.ROOM])
        delay = np.uint64(0)
        if room > 0:
            delay = steps_late(motors[k, Motor.DELAY], room, extras)
        if delay > 0:
            heard[k] = rings[start + (np.uint64(clock) + room - delay) % room]
        else:
            heard[k] = _heard(motors, k, memory, potential)
        start += room
    if sigmoid:
        _sigmoids(sigmoids, heard, gains[0], gains[1])
    for k in range(n):
        if motors[k, Motor.SHAPE] == Shape.RAMP:
            activation = unit((heard[k] - gains[0, k]) * gains[1, k])
        elif motors[k, Motor.SHAPE] == Shape.SIGMOID:
            activation = sigmoids[k]
        else:
            activation = evaluate(motors[k, Motor.CURVE], curves, code, extras, registers, heard[k])
        ctrl[slots[0, motors[k, Motor.SLOT]]] += gains[2, k] * activation
    for j in range(n_slot):
        if slots[1, j]:
            u = ctrl[slots[0, j]]
            u = limits[1, j] if u < limits[1, j] else u
            ctrl[slots[0, j]] = limits[2, j] if u > limits[2, j] else u


@njit(error_model="numpy")
def fusion(rate):
    """What a twitch counts for in a train, by contraction time over interval of spikes; see `motor_pools.py`."""
    if rate < FUSION:
        return 1.0
    return (1.0 - math.exp(-2.0 * rate**3)) / rate * (FUSION / FUSED)


@njit(error_model="numpy")
def twitch(tables, memory, clock, spikes):
    """Let the forces of motor pools go on by a physics step, at whose end the spikes arrive.

    Args:
        tables: Where everything is.
        memory: float64, of motor pools; changed in place.
        clock: Physics steps since the reset, before this one.
        spikes: float64 [S], the spikes of each spiking neuron in this step.
    """
    for k in range(tables.pools.shape[0]):
        total = 0.0
        for j in range(tables.pools[k, Pool.FIRST], tables.pools[k, Pool.LAST]):
            at, place = tables.units[j, Unit.EXTRA], tables.units[j, Unit.MEMORY]
            keep, kick, contraction = tables.extras[at], tables.extras[at + 1], tables.extras[at + 2]
            drive = memory[place]
            force = keep * (memory[place + 1] + drive)
            drive = keep * drive
            count = spikes[tables.units[j, Unit.NEURON]]
            if count > 0.0:
                now, last = clock + 1.0, memory[place + 2]
                share = fusion(contraction * count / (now - last)) if last > 0.0 else 1.0
                drive += share * kick * count
                memory[place + 2] = now
            memory[place], memory[place + 1] = drive, force
            total += force
        memory[tables.pools[k, Pool.OUTPUT]] = total
