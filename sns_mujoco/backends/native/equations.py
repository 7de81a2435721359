"""Neurons with equations of their own: their code, instruction by instruction, each over many neurons side by side.

The equations are data, not compiled code, so a model file carries them, and a loop over `CHUNK` neurons hides what it
costs to look at an instruction.
"""

import math

import numpy as np

from sns_mujoco.backends.families import NONE, Op
from sns_mujoco.backends.native.random import normal, uniform
from sns_mujoco.backends.native.sections import (
    CHUNK,
    GROUP_SIZE,
    Count,
    Group,
    Index,
    Number,
    Scratch,
    State,
    indices,
    inner,
    memory,
    numbers,
    scratch,
)

INSTRUCTION = 5  # Op, destination, a, b, c
DRAWS = 1 << 32  # streams of random numbers of one draw, one for each neuron


@inner
def equations(structure, parameters, state, work, spikes, counts):
    """New potentials and variables of all groups, and their spikes. Says how many neurons have spiked so far."""
    n_group = structure[Count.GROUPS]
    groups = indices(structure, Index.GROUP, n_group * np.uint64(GROUP_SIZE))
    for g in range(n_group):
        at = np.uint64(g) * np.uint64(GROUP_SIZE)
        group = groups[at : at + np.uint64(GROUP_SIZE)]
        count = np.uint64(group[Group.COUNT])
        done = np.uint64(0)
        while done < count:
            size = min(np.uint64(CHUNK), count - done)
            _compute(structure, parameters, state, work, group, done, size)
            spikes = _settle(structure, parameters, state, work, group, done, size, spikes, counts)
            done += size
    return spikes


@inner
def _compute(structure, parameters, state, work, group, done, size):
    """Run the code of a group for `size` of its neurons, from the `done`-th on."""
    n, count = structure[Count.NEURONS], np.uint64(group[Group.COUNT])
    first = np.uint64(group[Group.FIRST]) + done
    v = memory(structure, state, State.POTENTIAL, n)
    variables = memory(structure, state, State.VARIABLES, 1)
    clock = np.uint64(memory(structure, state, State.STEP, 1)[0])
    seed = np.uint64(memory(structure, state, State.SEED, 1)[0])
    own = numbers(structure, parameters, Number.GROUP_PARAMETERS, 1)
    constants = numbers(structure, parameters, Number.GROUP_CONSTANTS, 1)
    bias = numbers(structure, parameters, Number.GROUP_BIAS, n)
    total = scratch(structure, work, Scratch.TOTAL, n)
    registers = scratch(structure, work, Scratch.REGISTERS, 1)
    code = indices(structure, Index.CODE, 1)
    width = np.uint64(CHUNK)
    for at in range(np.uint64(group[Group.CODE]), np.uint64(group[Group.CODE_END]), np.uint64(INSTRUCTION)):
        op = code[at]
        to = np.uint64(code[at + np.uint64(1)]) * width
        place = np.uint64(code[at + np.uint64(2)])
        a, b = place * width, np.uint64(code[at + np.uint64(3)]) * width
        c = np.uint64(code[at + np.uint64(4)]) * width
        if op == Op.ADD:
            for k in range(size):
                registers[to + k] = registers[a + k] + registers[b + k]
        elif op == Op.SUBTRACT:
            for k in range(size):
                registers[to + k] = registers[a + k] - registers[b + k]
        elif op == Op.MULTIPLY:
            for k in range(size):
                registers[to + k] = registers[a + k] * registers[b + k]
        elif op == Op.DIVIDE:
            for k in range(size):
                registers[to + k] = registers[a + k] / registers[b + k]
        elif op == Op.CONSTANT:
            value = constants[np.uint64(group[Group.CONSTANTS]) + place]
            for k in range(size):
                registers[to + k] = value
        elif op == Op.PARAMETER:
            start = np.uint64(group[Group.PARAMETERS]) + place * count + done
            for k in range(size):
                registers[to + k] = own[start + k]
        elif op == Op.VARIABLE:
            if place == 0:
                for k in range(size):
                    registers[to + k] = v[first + k]
            else:
                start = np.uint64(group[Group.VARIABLES]) + (place - np.uint64(1)) * count + done
                for k in range(size):
                    registers[to + k] = variables[start + k]
        elif op == Op.CURRENT:
            for k in range(size):
                i = first + k
                registers[to + k] = bias[i] + total[i]
        elif op == Op.UNIFORM:
            for k in range(size):
                stream = (place + np.uint64(1)) * np.uint64(DRAWS) + first + k
                registers[to + k] = uniform(seed, clock, stream)
        elif op == Op.NORMAL:
            for k in range(size):
                stream = (place + np.uint64(1)) * np.uint64(DRAWS) + first + k
                registers[to + k] = normal(seed, clock, stream)
        elif op == Op.POWER:
            for k in range(size):
                registers[to + k] = registers[a + k] ** registers[b + k]
        elif op == Op.MINIMUM:
            for k in range(size):
                registers[to + k] = min(registers[a + k], registers[b + k])
        elif op == Op.MAXIMUM:
            for k in range(size):
                registers[to + k] = max(registers[a + k], registers[b + k])
        elif op == Op.LESS:
            for k in range(size):
                registers[to + k] = 1.0 if registers[a + k] < registers[b + k] else 0.0
        elif op == Op.LESS_EQUAL:
            for k in range(size):
                registers[to + k] = 1.0 if registers[a + k] <= registers[b + k] else 0.0
        elif op == Op.EQUAL:
            for k in range(size):
                registers[to + k] = 1.0 if registers[a + k] == registers[b + k] else 0.0
        elif op == Op.AND:
            for k in range(size):
                registers[to + k] = 1.0 if registers[a + k] != 0.0 and registers[b + k] != 0.0 else 0.0
        elif op == Op.OR:
            for k in range(size):
                registers[to + k] = 1.0 if registers[a + k] != 0.0 or registers[b + k] != 0.0 else 0.0
        elif op == Op.NOT:
            for k in range(size):
                registers[to + k] = 1.0 if registers[a + k] == 0.0 else 0.0
        elif op == Op.SELECT:
            for k in range(size):
                registers[to + k] = registers[b + k] if registers[a + k] != 0.0 else registers[c + k]
        elif op == Op.NEGATIVE:
            for k in range(size):
                registers[to + k] = -registers[a + k]
        elif op == Op.ABSOLUTE:
            for k in range(size):
                registers[to + k] = abs(registers[a + k])
        elif op == Op.EXPONENTIAL:
            for k in range(size):
                registers[to + k] = math.exp(registers[a + k])
        elif op == Op.LOGARITHM:
            for k in range(size):
                registers[to + k] = np.log(registers[a + k])
        elif op == Op.SQUARE_ROOT:
            for k in range(size):
                registers[to + k] = np.sqrt(registers[a + k])
        elif op == Op.SINE:
            for k in range(size):
                registers[to + k] = math.sin(registers[a + k])
        elif op == Op.COSINE:
            for k in range(size):
                registers[to + k] = math.cos(registers[a + k])
        elif op == Op.HYPERBOLIC_TANGENT:
            for k in range(size):
                registers[to + k] = math.tanh(registers[a + k])
        elif op == Op.FLOOR:
            for k in range(size):
                registers[to + k] = np.floor(registers[a + k])
        elif op == Op.RELATIVE_GROWTH:
            for k in range(size):
                x = registers[a + k]
                registers[to + k] = math.expm1(x) / x if x != 0.0 else 1.0


@inner
def _settle(structure, parameters, state, work, group, done, size, spikes, counts):
    """Take over new values, or those after a spike."""
    n, n_spiking, count = structure[Count.NEURONS], structure[Count.SPIKING], np.uint64(group[Group.COUNT])
    first = np.uint64(group[Group.FIRST]) + done
    v = memory(structure, state, State.POTENTIAL, n)
    new = v if structure[Count.EARLY] else scratch(structure, work, Scratch.TOTAL, n)
    variables = memory(structure, state, State.VARIABLES, 1)
    spike = memory(structure, state, State.SPIKE, n_spiking)
    refractory = memory(structure, state, State.REFRACTORY, n_spiking)
    refractory_steps = indices(structure, Index.REFRACTORY_STEPS, n_spiking)
    held = scratch(structure, work, Scratch.HELD, n)
    tally = scratch(structure, work, Scratch.COUNT, n_spiking)
    spiked = scratch(structure, work, Scratch.SPIKED, n_spiking)
    registers = scratch(structure, work, Scratch.REGISTERS, 1)
    code = indices(structure, Index.CODE, 1)
    width = np.uint64(CHUNK)
    results = np.uint64(group[Group.NEW])
    after = results + np.uint64(group[Group.VARIABLE_COUNT]) + np.uint64(1)
    spiking = group[Group.FIRST_SPIKING] != NONE
    for k in range(size):
        i = first + k
        j = np.uint64(group[Group.FIRST_SPIKING]) + done + k
        fires, waits = False, False
        if spiking:
            spike[j], held[i] = 0.0, 0.0
            if refractory[j] > 0.0:
                refractory[j] -= 1.0
                waits, held[i] = True, 1.0
            else:
                value = registers[np.uint64(group[Group.SPIKE]) * width + k]
                fires = value > 0.0 or (value == 0.0 and group[Group.SPIKE_AT_ZERO] != 0)
        at = after if fires else results
        if not waits:
            new[i] = registers[np.uint64(code[at]) * width + k]
        else:
            new[i] = v[i]
        for m in range(np.uint64(group[Group.VARIABLE_COUNT])):
            place = np.uint64(group[Group.VARIABLES]) + m * count + done + k
            variables[place] = registers[np.uint64(code[at + np.uint64(1) + m]) * width + k]
        if fires:
            spike[j], held[i] = 1.0, 1.0
            if counts:
                tally[j] += 1.0
            spiked[spikes] = j
            spikes += 1
            refractory[j] = refractory_steps[j]
    return spikes
