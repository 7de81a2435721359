"""Neurons with equations of their own, as the compiled step has them: code with registers that are used again."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.families import NONE, Code, Op
from sns_mujoco.backends.native.equations import INSTRUCTION
from sns_mujoco.backends.native.sections import Count, Group, Index, Number
from sns_mujoco.backends.program import Program

# how many of a, b, c are values of earlier instructions
OPERANDS = dict.fromkeys(Op, 2) | {
    Op.CONSTANT: 0, Op.PARAMETER: 0, Op.VARIABLE: 0, Op.CURRENT: 0, Op.UNIFORM: 0, Op.NORMAL: 0, Op.SELECT: 3,
    Op.NOT: 1, Op.NEGATIVE: 1, Op.ABSOLUTE: 1, Op.EXPONENTIAL: 1, Op.LOGARITHM: 1, Op.SQUARE_ROOT: 1, Op.SINE: 1,
    Op.COSINE: 1, Op.HYPERBOLIC_TANGENT: 1, Op.FLOOR: 1, Op.RELATIVE_GROWTH: 1,
}  # fmt: skip

Sections = dict[Any, NDArray[Any]]


def pack_equations(program: Program, counts: dict, index: Sections, number: Sections) -> int:
    """Enter all groups; the number of registers that the largest one needs."""
    groups, code, parameters, constants = [], [], [], []
    at = {"code": 0, "parameters": 0, "constants": 0, "variables": 0}
    most = 0
    for group in program.equations:
        instructions, results, spike, registers = _with_registers(group.code)
        most = max(most, registers)
        end = at["code"] + INSTRUCTION * len(instructions)
        record = {
            Group.FIRST: group.first,
            Group.COUNT: group.count,
            Group.FIRST_SPIKING: group.first_spiking,
            Group.CODE: at["code"],
            Group.CODE_END: end,
            Group.PARAMETERS: at["parameters"],
            Group.CONSTANTS: at["constants"],
            Group.VARIABLES: at["variables"],
            Group.VARIABLE_COUNT: len(group.initial),
            Group.SPIKE: spike,
            Group.SPIKE_AT_ZERO: int(group.code.spike_at_zero),
            Group.NEW: end,
        }
        groups.append([record[entry] for entry in Group])
        code += [*np.ravel(instructions).tolist(), *results]
        parameters.append(group.parameters.ravel())
        constants.append(group.code.constants)
        at = {
            "code": len(code),
            "parameters": at["parameters"] + group.parameters.size,
            "constants": at["constants"] + len(group.code.constants),
            "variables": at["variables"] + group.initial.size,
        }
    counts[Count.GROUPS] = len(groups)
    index |= {Index.GROUP: np.array(groups, np.int64), Index.CODE: np.array(code, np.int64)}
    number |= {
        Number.GROUP_PARAMETERS: np.concatenate([np.empty(0), *parameters]),
        Number.GROUP_CONSTANTS: np.concatenate([np.empty(0), *constants]),
        Number.GROUP_BIAS: program.bias if groups else np.empty(0),
    }
    return most


def _with_registers(code: Code) -> tuple[list[list[int]], list[int], int, int]:
    """Instructions with a destination and operands that are registers, each free again after its last use.

    Returns:
        Instructions [Op, destination, a, b, c]; registers of the new values and of those after a spike; that of the
        spike's value; how many registers there are.
    """
    given = code.instructions.tolist()
    results = [*code.new.tolist(), *code.after_spike.tolist()]
    kept = {*results, code.spike} - {NONE}
    last = {value: len(given) for value in kept}
    for k, (op, *operands) in enumerate(given):
        for value in operands[: OPERANDS[Op(op)]]:
            last[value] = max(last.get(value, k), k)
    register: dict[int, int] = {}
    free: list[int] = []
    used = 0
    instructions = []
    for k, (op, *operands) in enumerate(given):
        count = OPERANDS[Op(op)]
        placed = [register[value] for value in operands[:count]] + operands[count:]
        for value in set(operands[:count]):
            if last[value] == k:
                free.append(register[value])
        if free:
            register[k] = free.pop()
        else:
            register[k] = used
            used += 1
        if k not in last:  # a value that nobody reads
            free.append(register[k])
        instructions.append([op, register[k], *placed])
    spike = NONE if code.spike == NONE else register[code.spike]
    return instructions, [register[value] for value in results], spike, used
