"""Sums over synapses as products of sparse matrices with a few values per neuron, for large networks.

The current of a graded synapse is g a(V_pre) (E - V_post), and a depends on its source and ramp only. So the ramps of
all distinct (source, e_lo, e_hi) are worked out once each, and with the matrices C of conductances g and D of g E, rows
neurons and columns ramps, the current into all neurons is D a - V (C a). Spiking synapses likewise, with a column each.
D stands above C in one matrix in compressed rows (CSR). Events that never change take what spikes arrive from each
source after each delay to receptors and potentials.
"""

import math
import warnings
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sns_mujoco.backends.vectorised.arrays import Arrays
from sns_mujoco.backends.vectorised.currents import Currents
from sns_mujoco.backends.vectorised.events import arriving
from sns_mujoco.backends.vectorised.torch_operations import TorchOperations

Places = NDArray[np.int64]
State = dict[str, Tensor]

AT_ONCE = 1 << 22  # products of a gradient that are kept at a time


def pattern(row: Places, column: Places, rows: int, columns: int) -> Arrays:
    """Where the entries of a matrix lie, in compressed rows.

    Args:
        row: Row of every synapse [n].
        column: Its column [n].
        rows: Number of rows.
        columns: Number of columns.

    Returns:
        entry: Which entry each synapse adds to [n]; entries: their number; row and column of each; row_start; the order
        of the entries in the transposed matrix, with its turned_column and turned_start; rows and columns.
    """
    key, entry = np.unique(row * columns + column, return_inverse=True)
    up, across = np.divmod(key, max(columns, 1))
    turned = np.argsort(across, kind="stable")
    return Arrays(
        entry=entry.ravel(),
        entries=len(key),
        rows=rows,
        columns=columns,
        row=up.astype(np.int32),
        column=across.astype(np.int32),
        row_start=_starts(up, rows),
        turned=turned,
        turned_column=up[turned].astype(np.int32),
        turned_start=_starts(across, columns),
    )


def add_patterns(p: Arrays) -> None:
    """Give the arrays of a program the matrices of its graded and spiking synapses, without their values."""
    ramps = np.stack([p.graded_source.astype(float), p.graded_e_lo, p.graded_e_hi])
    distinct, ramp = np.unique(ramps, axis=1, return_inverse=True)
    p.ramp_source, p.ramp_e_lo, p.ramp_e_hi = distinct[0].astype(int), distinct[1], distinct[2]
    p.graded_matrix = _both(p.graded_target, ramp.ravel(), p.n_neurons, distinct.shape[1])
    count = len(p.spiking_source)
    p.spiking_matrix = _both(p.spiking_target, np.arange(count), p.n_neurons, count)


def add_event_pattern(p: Arrays) -> None:
    """Likewise for event synapses that never change: a column for each source and delay, rows receptors and neurons."""
    events, count = p.events, len(p.receptors.kind)
    pair, column = np.unique(np.stack([events.source, events.delay]), axis=1, return_inverse=True)
    first = np.unique(column.ravel(), return_index=True)[1]
    p.event_arrival = Arrays(
        **{name: getattr(events.arrival, name)[first] for name in ("source", "delay", "depth", "offset")},
        delayed=events.arrival.delayed,
    )
    row = np.empty(len(events.receptor), int)
    for to, start in ((events.to_value, 0), (events.to_rise, count), (events.to_potential, 2 * count)):
        row[to.event] = start + to.target
    p.event_gain = np.where(row < 2 * count, p.receptors.gain[events.receptor], 1.0)
    p.event_matrix = pattern(row, column.ravel(), 2 * count + p.n_neurons, pair.shape[1])


def with_values(p: Arrays) -> Arrays:
    """The arrays with the matrices worked out from the parameters as they are now."""
    driven = torch.cat([p.graded_conductance * p.graded_reversal, p.graded_conductance])
    open_ones = torch.cat([p.spiking_reversal, torch.ones_like(p.spiking_reversal)])
    made: dict[str, Any] = {
        "ramp_inverse_span": 1.0 / (p.ramp_e_hi - p.ramp_e_lo),
        "graded_sums": Matrix(p.graded_matrix, driven),
        "spiking_sums": Matrix(p.spiking_matrix, open_ones),
    }
    if hasattr(p, "event_matrix"):
        made["event_sums"] = Matrix(p.event_matrix, p.event_gain * p.events.weight)
    return Arrays(**vars(p) | made)


class Matrix:
    """A sparse matrix with values that may have gradients; `matrix(vectors)` multiplies.

    Attributes:
        pattern: Where its entries lie, see `pattern`.
        values: The entries.
    """

    def __init__(self, pattern: Arrays, of_each: Tensor) -> None:
        """Add up what the synapses have at each place [n]."""
        self.pattern = pattern
        self.values = of_each.new_zeros(pattern.entries).index_add(0, pattern.entry, of_each)
        self._upright = _compressed(pattern.row_start, pattern.column, self.values, pattern.columns)
        self._turned: Tensor | None = None

    def __call__(self, vectors: Tensor) -> Tensor:
        """The product [..., rows] with vectors [..., columns], differentiable in both."""
        flat = vectors.reshape(math.prod(vectors.shape[:-1]), self.pattern.columns)
        made = _Product.apply(self, self.values, flat)
        assert isinstance(made, Tensor)
        return made.reshape(*vectors.shape[:-1], self.pattern.rows)

    def times(self, flat: Tensor) -> Tensor:
        """The product without gradients: [B, columns] to [B, rows]."""
        return _times(self._upright, flat)

    def turned_times(self, flat: Tensor) -> Tensor:
        """The product of the transposed matrix: [B, rows] to [B, columns]."""
        p = self.pattern
        if self._turned is None:
            self._turned = _compressed(p.turned_start, p.turned_column, self.values[p.turned], p.rows)
        return _times(self._turned, flat)


def graded(xp: TorchOperations, p: Arrays, v: Tensor, currents: Currents) -> None:
    """Graded chemical synapses; see `currents.graded`."""
    share = (xp.gather(v, p.ramp_source) - p.ramp_e_lo) * p.ramp_inverse_span
    _flow(p.graded_sums, share.clamp(0.0, 1.0), v, currents)


def spiking(xp: TorchOperations, p: Arrays, conductance: Tensor, currents: Currents) -> None:
    """Spiking chemical synapses; see `currents.spiking`."""
    _flow(p.spiking_sums, conductance, currents.v, currents)


def events(xp: TorchOperations, p: Arrays, state: State, new: State, v_star: Tensor, now: Tensor) -> Tensor:
    """Event synapses without plasticity; see `step.arrive`."""
    del state
    arrived = arriving(xp, p.event_arrival, new["spike"], new, now)
    amount, size = p.event_sums(arrived), 2 * len(p.receptors.kind)
    new["receptor"] = new["receptor"] + amount[..., :size]
    return v_star + amount[..., size:]


def _flow(matrix: Matrix, openings: Tensor, v: Tensor, currents: Currents) -> None:
    """Add D a - V (C a)."""
    both, n = matrix(openings), matrix.pattern.rows // 2
    currents.total = currents.total + (both[..., :n] - v * both[..., n:])
    if currents.open is not None:
        currents.open = currents.open + both[..., n:]


class _Product(torch.autograd.Function):
    """torch's own gradient of such a product would build the matrix of all pairs, or is missing on some devices."""

    @staticmethod
    def forward(matrix: Matrix, values: Tensor, flat: Tensor) -> Tensor:
        return matrix.times(flat)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Tensor) -> None:
        ctx.matrix, _, flat = inputs
        ctx.save_for_backward(flat)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[None, Tensor | None, Tensor | None]:
        matrix, (flat,), gradient = ctx.matrix, ctx.saved_tensors, gradients[0]
        return (
            None,
            _to_values(matrix.pattern, gradient, flat) if ctx.needs_input_grad[1] else None,
            matrix.turned_times(gradient) if ctx.needs_input_grad[2] else None,
        )


def _to_values(pattern: Arrays, gradient: Tensor, flat: Tensor) -> Tensor:
    """Gradient with respect to the entries, a part of the batch at a time, so that memory stays linear."""
    total, some = 0.0, max(1, AT_ONCE // max(1, pattern.entries))
    for above, below in zip(gradient.split(some), flat.split(some), strict=True):
        total = total + (above[:, pattern.row] * below[:, pattern.column]).sum(0)
    return total  # pyright: ignore[reportReturnType]


def _times(matrix: Tensor, flat: Tensor) -> Tensor:
    """A matrix times vectors [B, columns]."""
    if len(flat) == 1:
        return (matrix @ flat[0])[None]
    return (matrix @ flat.T).T


def _compressed(start: Tensor, column: Tensor, values: Tensor, columns: int) -> Tensor:
    """A matrix in compressed rows."""
    _hear_warning_once()
    shape = (len(start) - 1, columns)
    return torch.sparse_csr_tensor(start, column, values.detach(), shape, check_invariants=False)


@cache
def _hear_warning_once() -> None:
    """Torch warns once in a process that these matrices are new; what is used of them here is tested here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.zeros(1, 1).to_sparse_csr()


def _both(row: Places, column: Places, rows: int, columns: int) -> Arrays:
    """The places of two matrices that are alike, one above the other."""
    return pattern(np.concatenate([row, row + rows]), np.concatenate([column, column]), 2 * rows, columns)


def _starts(row: Places, rows: int) -> NDArray[np.int32]:
    """Where each row's entries begin, and where the last one's end."""
    return np.append(0, np.cumsum(np.bincount(row, minlength=rows))).astype(np.int32)
