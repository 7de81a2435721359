"""Synapses given one by one, as lists: from which neuron, to which, and what differs from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.network.checks import text, whole_numbers
from sns_mujoco.network.synapses import Connection


@dataclass(frozen=True, slots=True, init=False)
class SparseConnection(Connection):
    """Synapses of one kind between neurons that are listed, of which there may be millions.

        SparseConnection(CurrentSynapse(0.5, 5.0), source=[0, 0, 7], target=[3, 4, 3], weight=[0.5, 0.2, 0.1])

    Entry k joins neuron source[k] of the source population with neuron target[k] of the destination, both counted row
    by row. Values are used as they are, not shared out; a pair may be listed several times, and its synapses add up.
    Each entry is a synapse whatever its weight; only synapses without conductance (`NonSpikingSynapse`,
    `SpikingSynapse`, `ElectricalSynapse`) are left out.

    Attributes:
        synapse: The kind, with what all have in common: any chemical or electrical synapse that is not itself made of
            matrices or kernels.
        source: Presynaptic neurons [n_synapses].
        target: Postsynaptic neurons [n_synapses].
        parameters: What differs: parameters of the synapse, or of its plasticity, by name; each a number, or
            [n_synapses].
    """

    LAYOUT: ClassVar[str] = "list"

    synapse: Connection
    source: ArrayLike
    target: ArrayLike
    parameters: Mapping[str, ArrayLike]
    name: str

    def __init__(
        self,
        synapse: Connection,
        source: ArrayLike,
        target: ArrayLike,
        parameters: Mapping[str, ArrayLike] | None = None,
        name: str | None = None,
        **further: ArrayLike,
    ) -> None:
        """List the synapses.

        Args:
            synapse: Their kind.
            source: Presynaptic neurons [n_synapses].
            target: Postsynaptic neurons [n_synapses].
            parameters: What differs, by name.
            name: Name of the kind; that of the synapse if left out.
            **further: The same as `parameters`, by keyword.

        Raises:
            NetworkError: The lists differ in length, or a parameter is wrong.
            UnknownNameError: The synapse has no parameter of that name.
        """
        if not isinstance(synapse, Connection) or synapse.layout != "all":
            raise NetworkError(
                f"SparseConnection: synapse is {synapse!r}; give a synapse whose parameters are single numbers"
            )
        label = f"SparseConnection of {synapse.label}"
        given = {**(parameters or {}), **further}
        unknown = [key for key in given if key not in synapse.columns]
        if unknown:
            raise unknown_name("parameter", unknown[0], synapse.columns, label)
        ends = {"source": whole_numbers(label, "source", source), "target": whole_numbers(label, "target", target)}
        for key, value in ends.items():
            if value.ndim != 1 or len(value) != len(ends["source"]):
                raise NetworkError(
                    f"{label}: {key} has shape {value.shape}; give two lists of indices of the same length"
                )
            value.setflags(write=False)
        object.__setattr__(self, "synapse", synapse)
        object.__setattr__(self, "source", ends["source"])
        object.__setattr__(self, "target", ends["target"])
        object.__setattr__(self, "name", text(label, "name", synapse.name if name is None else name))
        columns = synapse.check(label, {**synapse.columns, **given}, ends["source"].shape)
        object.__setattr__(self, "parameters", {key: _plain(columns[key]) for key in given})

    @property
    def family(self) -> str:
        """See `Connection.family`."""
        return self.synapse.family

    @property
    def columns(self) -> dict[str, Any]:
        """All parameters of the synapses, see `Described.columns`."""
        return {**self.synapse.columns, **self.parameters}

    @property
    def strength(self) -> Any:
        """See `Connection.strength`."""
        return self.columns[self.synapse.STRENGTH]


def _plain(value: NDArray[Any] | None) -> Any:
    """A number, or an array that no one else can change."""
    if value is None:
        return None
    value.setflags(write=False)
    return value.item() if not np.ndim(value) else value
