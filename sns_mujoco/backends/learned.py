"""Learnable parameters of a nervous system, in the units of its description, within bounds while they train.

Each quantity is a leaf that optimisers move, from the construction of the model on. What the step uses is worked out
from the leaves anew: values are kept within their bounds as `sns_mujoco.layers.bounded` does it, and leaves that a step
took beyond are brought back to them, so a conductance never becomes negative and no time constant shorter than forward
Euler can take:

- Time constants of spiking synapses, and constant ones of gates: at least the step.
- Time constants of thresholds: at least half the step times the leak rate.
- Membranes: the capacitance is at least dt / 2 times all conductances of the neuron when open (`stability.py`). Where
  only conductances learn and would go beyond what a capacitance can take, they are scaled down together.

Exponential Euler needs none of these; there time constants only stay above a hundredth of the step.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from sns_mujoco.backends.families import Rule
from sns_mujoco.backends.learnable import Chosen
from sns_mujoco.backends.program import TauRule
from sns_mujoco.backends.vectorised.arrays import Arrays, replaced
from sns_mujoco.errors import NetworkError
from sns_mujoco.layers.bounded import keep_within

EDGE = 1.0 - 1e-6  # of the limit of stability, so that what is written back compiles
NARROWEST = 0.01  # share of its first width that a ramp keeps at least

RAMP = ("e_lo", "e_hi")
CONDUCTANCES = {"leak_conductance", "graded_conductance", "spiking_conductance", "channel_conductance"}
CONDUCTANCES |= {"junction_conductance", "weighted.weight"}


class Learned(nn.Module):
    """The learnable parameters of a program.

    Attributes:
        chosen: What is learned, by the keys of `leaves`.
        leaves: The leaves [m], in the units of the description.
    """

    def __init__(self, chosen: list[Chosen], p: Arrays) -> None:
        """Start at the values that a program has.

        Args:
            chosen: What is learned.
            p: Arrays of the program, tensors.

        Raises:
            NetworkError: A value is out of its bounds.
        """
        super().__init__()
        self.chosen = {part.key: part for part in chosen}
        self.leaves = nn.ParameterDict()
        both = np.concatenate([np.empty(0, int), *(c.entry for c in chosen if c.quantity.name == "e_hi")])
        for part in chosen:
            first = np.unique(part.value, return_index=True)[1]
            width = (p.graded_e_hi - p.graded_e_lo).cpu().numpy()[part.entry] if part.quantity.name in RAMP else ()
            held = ~np.isin(part.entry, both) if part.quantity.name == "e_lo" else np.ones(len(width), bool)
            places = {"entry": part.entry, "value": part.value, "first": first}
            numbers = {"low": part.low, "high": part.high, "least": NARROWEST * np.asarray(width) * held}
            for name, array in places.items():
                self.register_buffer(f"{part.key}_{name}", torch.tensor(array, device=p.bias.device), persistent=False)
            for name, array in numbers.items():
                self.register_buffer(f"{part.key}_{name}", torch.tensor(array).to(p.bias), persistent=False)
            start = self._read(part, p)
            self._check(part, p, start)
            self.leaves[part.key] = nn.Parameter(start.clone())

    def forward(self, p: Arrays) -> Arrays:
        """The arrays with what has been learned put into its places, differentiable."""
        made: dict[str, Tensor] = {}
        for part in self._in_order():
            now, leaf = replaced(p, made), self.leaves[part.key]
            low, high = self._bounds(part, now)
            with torch.no_grad():
                # however far a step took it beyond a bound, the next one may lead back
                if bool(((leaf < low) | (leaf > high)).any()):
                    leaf.copy_(leaf.clamp(low, high))
            self._put(part, now, made, keep_within(leaf, low, high))
        if not p.exponential:
            self._hold_back(replaced(p, made), made)
        return replaced(p, made)

    def values(self, p: Arrays) -> dict[str, Tensor]:
        """What has been learned, in the units of the description, by the keys of `leaves`: as the step uses it."""
        now = self(p)
        return {part.key: self._read(part, now) for part in self.chosen.values()}

    def _in_order(self) -> Iterator[Chosen]:
        """Those first on which the bounds of others depend: capacitances come last."""
        parts = self.chosen.values()
        return iter(sorted(parts, key=lambda part: part.quantity.name == "membrane_capacitance"))

    def _buffer(self, part: Chosen, name: str) -> Tensor:
        return self.get_buffer(f"{part.key}_{name}")

    def _read(self, part: Chosen, p: Arrays) -> Tensor:
        """The values that the arrays have [m]."""
        entry = self._buffer(part, "entry")
        return _value_of(part, p, self._row(part, p)[entry], entry)[self._buffer(part, "first")]

    def _row(self, part: Chosen, p: Arrays) -> Tensor:
        """The array that a part lies in."""
        array = _find(p, part.quantity.path)
        return array if part.quantity.row is None else array[part.quantity.row]

    def _bounds(self, part: Chosen, p: Arrays) -> tuple[Tensor, Tensor]:
        """Least and greatest value as things are now [m]."""
        low, high = self._buffer(part, "low"), self._buffer(part, "high")
        entry = self._buffer(part, "entry")
        with torch.no_grad():
            name, dt = part.quantity.name, p.dt
            if name == "membrane_capacitance" and not p.exponential:
                low = torch.maximum(low, 0.5 * dt / EDGE * conductance_when_open(p)[entry])
            if name == "threshold_time_constant" and not p.exponential:
                low = torch.maximum(low, 0.5 * dt / EDGE * p.threshold_leak[entry].abs())
            if name == "time_constant" and not p.exponential:
                low = low.clamp(min=dt)
            if name.startswith("tau_max") and not p.exponential:
                constant = p.gate_tau_rule[part.quantity.row, entry] == TauRule.CONSTANT
                low = torch.where(constant, low.clamp(min=dt), low)
            if part.quantity.form != "value":
                low = low.clamp(min=0.01 * dt)
            if name in RAMP:
                low, high = _beside(name, entry, p, self._buffer(part, "least"), low, high)
        return low, high

    def _check(self, part: Chosen, p: Arrays, start: Tensor) -> None:
        """Refuse values that are out of bounds; what compiled at the very limit of stability is not."""
        low, high = self._bounds(part, p)
        low = torch.where(low > self._buffer(part, "low"), low - 2.0 * (1.0 - EDGE) * low.abs(), low)
        outside = torch.nonzero((start < low) | (start > high))
        if len(outside):
            k = int(outside[0, 0])
            raise NetworkError(
                f"{part.quantity.name} of {part.names[part.owner[k]]!r} is {float(start[k]):g}; to be learned it must "
                f"be between {float(low[k]):g} and {float(high[k]):g}: give other bounds, or another value"
            )

    def _put(self, part: Chosen, p: Arrays, made: dict[str, Tensor], value: Tensor) -> None:
        """Put values into the array that they belong to."""
        array = _find(p, part.quantity.path)
        entries = _array_of(part, p, value[self._buffer(part, "value")], self._buffer(part, "entry"))
        row = self._row(part, p).index_copy(0, self._buffer(part, "entry"), entries)
        if part.quantity.row is not None:
            rows = list(array)
            rows[part.quantity.row] = row
            row = torch.stack(rows)
        made[part.quantity.path] = row

    def _hold_back(self, p: Arrays, made: dict[str, Tensor]) -> None:
        """Scale learned conductances down where a membrane could not take them in forward Euler."""
        learned = [
            (part.quantity.path, self._conducting(part, p))
            for part in self.chosen.values()
            if part.quantity.path in CONDUCTANCES
        ]
        if not learned:
            return
        without: dict[str, Tensor] = {}
        for path, entry in learned:
            without[path] = without.get(path, _find(p, path)).index_fill(0, entry, 0.0)
        fixed = conductance_when_open(replaced(p, without))
        own = conductance_when_open(p) - fixed
        room = 2.0 * EDGE / p.membrane_factor - fixed
        share = torch.where(own > room, room.clamp(min=0.0) / own, 1.0)
        if bool((share < 1.0).any()):
            for path, entry in learned:
                least = share[_neurons(p, path)[entry]]
                if path == "junction_conductance":
                    least = torch.minimum(least, share[p.junction_other[entry]])
                made[path] = made[path].index_copy(0, entry, made[path][entry] * least)

    def _conducting(self, part: Chosen, p: Arrays) -> Tensor:
        """The entries of a part that are conductances."""
        entry = self._buffer(part, "entry")
        return entry[p.weighted.driven[entry]] if part.quantity.path == "weighted.weight" else entry


def conductance_when_open(p: Arrays) -> Tensor:
    """What a membrane conducts with all synapses and channels fully open, junctions counted twice: uS [N]."""
    total = p.leak_conductance
    total = total.index_add(0, p.graded_target, p.graded_conductance)
    total = total.index_add(0, p.spiking_target, p.spiking_conductance)
    total = total.index_add(0, p.junction_target, 2.0 * p.junction_conductance)
    total = total.index_add(0, p.channel_target, p.channel_conductance)
    fixed = p.weighted.rule == Rule.FIXED
    most = torch.where(fixed, p.weighted.weight, torch.maximum(p.weighted.weight, p.weighted.highest))
    return total.index_add(0, p.weighted.target, torch.where(p.weighted.driven, most, 0.0))


def _neurons(p: Arrays, path: str) -> Tensor:
    """The neuron of each entry of an array of conductances."""
    if path == "leak_conductance":
        return torch.arange(p.n_neurons, device=p.bias.device)
    return _find(p, path.replace("conductance", "target").replace(".weight", ".target"))


def _beside(name: str, entry: Tensor, p: Arrays, least: Tensor, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
    """Bounds that keep a ramp from turning round; `least` is the width it keeps, with its sign, 0 where it is free."""
    edge = p.graded_e_lo[entry] + least if name == "e_hi" else p.graded_e_hi[entry] - least
    from_below = least > 0.0 if name == "e_hi" else least < 0.0
    from_above = least < 0.0 if name == "e_hi" else least > 0.0
    return (
        torch.where(from_below, torch.maximum(low, edge), low),
        torch.where(from_above, torch.minimum(high, edge), high),
    )


def _array_of(part: Chosen, p: Arrays, value: Tensor, entry: Tensor) -> Tensor:
    """Entries of the program's array from values; see `Quantity.form`."""
    form, dt = part.quantity.form, p.dt
    if form == "value":
        return value
    if form == "per step":
        return dt / value
    if form == "kept":
        return torch.exp(-dt / value) if p.exponential else 1.0 - dt / value
    leak = p.threshold_leak[entry]
    if not p.exponential:
        return dt / value
    still = leak == 0.0
    return torch.where(still, dt / value, -torch.expm1(-leak * dt / value) / torch.where(still, 1.0, leak))


def _value_of(part: Chosen, p: Arrays, entries: Tensor, entry: Tensor) -> Tensor:
    """Values from entries of the program's array: the reverse of `_array_of`."""
    form, dt = part.quantity.form, p.dt
    if form == "value":
        return entries
    if form == "kept":
        return -dt / torch.log(entries) if p.exponential else dt / (1.0 - entries)
    if form == "per step" or not p.exponential:
        return dt / entries
    leak = p.threshold_leak[entry]
    return torch.where(leak == 0.0, dt / entries, -leak * dt / torch.log1p(-leak * entries))


def _find(p: Any, path: str) -> Tensor:
    """The array at a path."""
    for name in path.split("."):
        p = getattr(p, name)
    return p
