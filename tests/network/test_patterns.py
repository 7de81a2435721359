"""Kernels moved over populations."""

import numpy as np
import pytest

from sns_mujoco.network import (
    Network,
    NonSpikingNeuron,
    NonSpikingPatternConnection,
    SpikingNeuron,
    SpikingPatternConnection,
)
from sns_mujoco.network.patterns import pattern_pairs


def spelled_out(kernel, shape):
    """The [destination, source] matrix of a 2-D kernel, one pair after the other."""
    rows, columns = shape
    up, left = (kernel.shape[0] - 1) // 2, (kernel.shape[1] - 1) // 2
    matrix = np.zeros((rows * columns, rows * columns))
    for r in range(rows):
        for c in range(columns):
            for a in range(kernel.shape[0]):
                for b in range(kernel.shape[1]):
                    y, x = r + a - up, c + b - left
                    if 0 <= y < rows and 0 <= x < columns:
                        matrix[r * columns + c, y * columns + x] = kernel[a, b]
    return matrix


def compiled(kernel, shape):
    """The same, as the compiler makes it."""
    net = Network()
    net.add_population(NonSpikingNeuron(), shape)
    net.add_population(NonSpikingNeuron(), shape)
    net.add_connection(NonSpikingPatternConnection(kernel), 0, 1)
    program, size = net.to_program(dt=1e-3), int(np.prod(shape))
    matrix = np.zeros((size, size))
    target = np.repeat(np.arange(2 * size), np.diff(program.graded_row.astype(int)))
    matrix[target - size, program.graded_source] = program.graded_conductance
    return matrix


@pytest.mark.parametrize("shape", [(4, 5), (1, 6), (6, 1), (2, 2)])
@pytest.mark.parametrize("kernel_shape", [(3, 3), (1, 3), (5, 3), (7, 7)])
def test_two_dimensions(kernel_shape, shape):
    kernel = np.random.default_rng(0).uniform(0.1, 1.0, kernel_shape)
    np.testing.assert_array_equal(compiled(kernel, shape), spelled_out(kernel, shape))


def test_one_dimension():
    expected = [[2, 3, 0, 0], [1, 2, 3, 0], [0, 1, 2, 3], [0, 0, 1, 2]]
    np.testing.assert_array_equal(compiled([1, 2, 3], (4,)), expected)


def test_a_kernel_of_one_entry_connects_all_to_all():
    np.testing.assert_array_equal(compiled([[0.5]], (2, 2)), np.full((4, 4), 0.5))
    np.testing.assert_array_equal(compiled([0.5], 3), np.full((3, 3), 0.5))


def test_large_fields_take_little_memory():
    target, source, entry = pattern_pairs((3, 3), (200, 200))
    assert len(target) == len(source) == len(entry) == 9 * 200**2 - 2 * 3 * 200 * 2 + 4


def test_every_parameter_of_a_spiking_pattern_follows_its_kernel():
    net = Network()
    net.add_population(SpikingNeuron(), 3)
    net.add_connection(
        SpikingPatternConnection(
            [0.1, 0.0, 0.3], [10, 20, 30], [1.0, 2.0, 4.0], conductance_increment_kernel=0.05,
            transmission_delay_ms_kernel=[0.2, 0.4, 0.6],
        ),
        0,
        0,
    )  # fmt: skip
    program = net.to_program(dt=0.1)
    assert program.spiking_row.tolist() == [0, 1, 3, 4]
    assert program.spiking_source.tolist() == [1, 0, 2, 1]
    assert program.spiking_conductance.tolist() == [0.3, 0.1, 0.3, 0.1]
    assert program.spiking_increment.tolist() == [0.05] * 4
    assert program.spiking_reversal.tolist() == [30, 10, 30, 10]
    assert program.spiking_decay == pytest.approx(1 - 0.1 / np.array([4, 1, 4, 1]))
    assert program.spiking_delay.tolist() == [6, 2, 6, 2]
