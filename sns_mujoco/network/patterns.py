"""Which neurons a kernel connects when it is moved over two populations of the same shape.

The entry (a, b) of a kernel of odd size [rows, columns] connects the destination (r, c) with the source
(r + a - (rows - 1) / 2, c + b - (columns - 1) / 2): no flip, no wrapping, nothing beyond the border. In one
dimension it is the same. A kernel of a single entry connects all to all.
"""

from math import prod

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]


def pattern_pairs(kernel_shape: tuple[int, ...], shape: tuple[int, ...]) -> tuple[Places, Places, Places]:
    """All pairs that a kernel connects.

    Args:
        kernel_shape: Shape of the kernel, (n,) or (rows, columns).
        shape: Shape of both populations, as many dimensions.

    Returns:
        For each pair the destination neuron, the source neuron (both counted row by row) and the kernel's
        entry (likewise), sorted by destination and then entry.
    """
    size = prod(shape)
    if prod(kernel_shape) == 1:
        destination, source = np.divmod(np.arange(size * size), size)
        return destination, source, np.zeros(size * size, np.int64)
    rows, columns = (1, *shape)[-2:]
    height, width = (1, *kernel_shape)[-2:]
    r, c = np.divmod(np.arange(size)[:, None], columns)
    a, b = np.divmod(np.arange(height * width)[None, :], width)
    row, column = r + a - (height - 1) // 2, c + b - (width - 1) // 2
    destination, entry = np.nonzero((row >= 0) & (row < rows) & (column >= 0) & (column < columns))
    return destination, (row * columns + column)[destination, entry], entry
