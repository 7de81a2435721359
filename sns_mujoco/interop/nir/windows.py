"""Convolutions and poolings of NIR as sparse maps: every window written out, as PyTorch lays them.

Signals are flattened channel by channel and row by row. A 1-D convolution is a 2-D one of height 1, a pooling a
convolution of every channel with itself; windows that reach over the edge see zeros there, which count in an average.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError
from sns_mujoco.interop.nir.nodes import Node, Shape
from sns_mujoco.interop.nir.sparse_maps import SparseMap, require_size

RANK = {"Conv1d": 2, "Conv2d": 3, "SumPool2d": 3, "AvgPool2d": 3}
"""Dimensions of the signals that they take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How a window moves over an image. Pairs are (down, across).

    Attributes:
        owner: Node that it belongs to, for messages.
        flat: Whether the image has only one row, which its shape does not show.
        image: (channels, height, width) of what comes in.
        kernel: [n_out, n_in / groups, height, width]
        groups: Number of groups of channels that do not mix.
        stride: Steps of the window.
        before: Zeros above and to the left.
        dilation: Distance of the kernel's entries.
        result: (height, width) of what leaves.
    """

    owner: str
    flat: bool
    image: tuple[int, int, int]
    kernel: NDArray[np.float64]
    groups: int
    stride: tuple[int, int]
    before: tuple[int, int]
    dilation: tuple[int, int]
    result: tuple[int, int]

    @property
    def result_shape(self) -> Shape:
        """Shape of what leaves."""
        return (len(self.kernel), *self.result[1 if self.flat else 0 :])

    def written_out(self) -> SparseMap:
        """The map [product of result_shape, product of the image]."""
        n_out, per_group, height, width = self.kernel.shape
        require_size(self.owner, float(self.kernel.size) * self.result[0] * self.result[1])
        out, part, down, across, y, x = np.ogrid[
            :n_out, :per_group, :height, :width, : self.result[0], : self.result[1]
        ]
        channel = out // (n_out // self.groups) * per_group + part
        source_y = y * self.stride[0] - self.before[0] + down * self.dilation[0]
        source_x = x * self.stride[1] - self.before[1] + across * self.dilation[1]
        inside = (source_y >= 0) & (source_y < self.image[1]) & (source_x >= 0) & (source_x < self.image[2])
        weight = np.where(inside, self.kernel[..., None, None], 0.0)
        row = (out * self.result[0] + y) * self.result[1] + x
        col = (channel * self.image[1] + source_y) * self.image[2] + source_x
        row, col = np.broadcast_to(row, weight.shape), np.broadcast_to(col, weight.shape)
        return SparseMap.of(row.ravel(), col.ravel(), weight.ravel())


def window_of(node: Node, shape: Shape) -> Window:
    """How the window of a node moves over an image of some shape.

    Raises:
        NetworkError: The image has other dimensions or channels than the node takes, or the window does not fit.
    """
    owner = f"NIR node {node.name!r} ({node.kind})"
    rank = RANK[node.kind]
    if len(shape) != rank:
        raise NetworkError(f"{owner} gets {shape}; it takes {rank} dimensions, channels first")
    image = (shape[0], 1, shape[1]) if rank == 2 else (shape[0], shape[1], shape[2])
    kernel, groups = _kernel(owner, node, image[0])
    stride, dilation = _pair(node, "stride", 1), _pair(node, "dilation", 1)
    reach = tuple(d * (size - 1) for d, size in zip(dilation, kernel.shape[2:], strict=True))
    before, around = _padding(owner, node, stride, reach)
    result = tuple(
        (size + zeros - extent - 1) // step + 1
        for size, zeros, extent, step in zip(image[1:], around, reach, stride, strict=True)
    )
    if min(result) < 1:
        raise NetworkError(f"{owner}: its window is larger than the image {shape} with the padding")
    return Window(
        owner=owner, flat=rank == 2, image=image, kernel=kernel, groups=groups, stride=stride, before=before,
        dilation=dilation, result=(result[0], result[1]),
    )  # fmt: skip


def _kernel(owner: str, node: Node, channels: int) -> tuple[NDArray[np.float64], int]:
    if "weight" not in node.values:
        size = _pair(node, "kernel_size", 1)
        require_size(owner, float(channels) * size[0] * size[1])
        share = 1.0 / (size[0] * size[1]) if node.kind == "AvgPool2d" else 1.0
        return np.full((channels, 1, *size), share), channels
    weight, groups = node.values["weight"], node.values["groups"]
    weight = weight[:, :, None] if node.kind == "Conv1d" else weight
    if channels != weight.shape[1] * groups or len(weight) % groups:
        raise NetworkError(
            f"{owner}: {channels} channels come in; weight of shape {node.values['weight'].shape} in {groups} groups "
            f"takes {weight.shape[1] * groups}, and makes {len(weight)}, which must be a multiple of the groups"
        )
    return weight, groups


def _pair(node: Node, key: str, flat: int) -> tuple[int, int]:
    """Sizes down and across; a 1-D window has `flat` down."""
    sizes = node.values.get(key, (1,))
    if node.kind == "Conv1d":
        return flat, sizes[-1]
    return sizes[0], sizes[-1]


def _padding(
    owner: str, node: Node, stride: tuple[int, int], reach: tuple[int, ...]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Zeros above and to the left, and zeros in both directions altogether."""
    padding = node.values["padding"]
    if padding == "same":
        if stride != (1, 1):
            raise NetworkError(f"{owner}: padding is 'same' and stride {stride}; such a result is defined for stride 1")
        return (reach[0] // 2, reach[1] // 2), (reach[0], reach[1])
    before = (0, 0) if padding == "valid" else _pair(node, "padding", 0)
    return before, (2 * before[0], 2 * before[1])
