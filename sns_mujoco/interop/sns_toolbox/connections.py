"""Connections under SNS-Toolbox's names, with their parameters in a dictionary `params`."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco import network as sns
from sns_mujoco.interop.toolbox_parameters import connection_params, plain
from sns_mujoco.network import synapses


class Connection:
    """What every connection has. Arguments and defaults are those of its namesake in `sns_mujoco.network`.

    Attributes:
        params: Its parameters; changes count until it is added to a network.

    Raises:
        NetworkError: A parameter makes no sense.
    """

    _kind: ClassVar[type[synapses.Connection]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Describe a connection."""
        kind = self._kind(*map(plain, args), **{name: plain(value) for name, value in kwargs.items()})
        self.params: dict[str, Any] = connection_params(kind)


class ElectricalSynapse(Connection):
    """A gap junction; see `sns_mujoco.network.ElectricalSynapse`."""

    _kind = sns.ElectricalSynapse


class NonSpikingConnection(Connection):
    """What every graded connection has."""


class SpikingConnection(Connection):
    """What every spiking connection has."""


class NonSpikingSynapse(NonSpikingConnection):
    """A graded synapse; see `sns_mujoco.network.NonSpikingSynapse`."""

    _kind = sns.NonSpikingSynapse


class NonSpikingTransmissionSynapse(NonSpikingSynapse):
    """A graded synapse of a given gain; see `sns_mujoco.network.NonSpikingTransmissionSynapse`."""

    _kind = sns.NonSpikingTransmissionSynapse


class NonSpikingModulationSynapse(NonSpikingSynapse):
    """A graded synapse that divides; see `sns_mujoco.network.NonSpikingModulationSynapse`."""

    _kind = sns.NonSpikingModulationSynapse

    def __init__(
        self, ratio: float, name: str = "Modulate", *, reversal_potential: float = 0.0, e_lo: float = 0.0,
        e_hi: float = 20.0,
    ) -> None:  # fmt: skip
        """Describe it.

        Args:
            ratio: Response with modulation over that without.
            name: Name of the kind.
            reversal_potential: Replaced by 0 mV, as in SNS-Toolbox, whose scripts may give one.
            e_lo: Likewise.
            e_hi: Presynaptic potential of full modulation, mV.
        """
        super().__init__(ratio, name, e_hi=e_hi)


class SpikingSynapse(SpikingConnection):
    """A spiking synapse; see `sns_mujoco.network.SpikingSynapse`."""

    _kind = sns.SpikingSynapse


class SpikingTransmissionSynapse(SpikingSynapse):
    """A spiking synapse of a given gain; see `sns_mujoco.network.SpikingTransmissionSynapse`."""

    _kind = sns.SpikingTransmissionSynapse


class NonSpikingMatrixConnection(NonSpikingConnection):
    """Graded synapses from matrices; see `sns_mujoco.network.NonSpikingMatrixConnection`.

    The numbers are checked when a network compiles. Ramps without width (e_lo = e_hi), of which SNS-Toolbox makes NaN
    in the first step, compile here too and are refused in the first step.
    """

    _pattern: ClassVar[bool] = False

    def __init__(
        self, max_conductance: ArrayLike, reversal_potential: ArrayLike, e_lo: ArrayLike, e_hi: ArrayLike,
        name: str = "Non-Spiking Connection",
    ) -> None:  # fmt: skip
        """Describe it.

        Args:
            max_conductance: uS [n_destination, n_source].
            reversal_potential: mV, the same shape or a number; likewise the others.
            e_lo: mV.
            e_hi: mV.
            name: Name of the kind.
        """
        numbers = {
            "max_conductance": max_conductance, "reversal_potential": reversal_potential, "e_lo": e_lo, "e_hi": e_hi,
        }  # fmt: skip
        self.params = {"name": name, "spiking": False, "pattern": self._pattern, "matrix": True, "electrical": False}
        self.params |= {key: np.array(plain(value), float) for key, value in numbers.items()}


class NonSpikingPatternConnection(NonSpikingMatrixConnection):
    """Graded synapses from a kernel; see `sns_mujoco.network.NonSpikingPatternConnection`."""

    _pattern = True

    def __init__(
        self, max_conductance_kernel: ArrayLike, reversal_potential_kernel: ArrayLike, e_lo_kernel: ArrayLike,
        e_hi_kernel: ArrayLike, name: str = "Non-Spiking Connection",
    ) -> None:  # fmt: skip
        """Describe it.

        Args:
            max_conductance_kernel: uS [rows, columns] or [n], odd sizes.
            reversal_potential_kernel: mV, the same shape or a number; likewise the others.
            e_lo_kernel: mV.
            e_hi_kernel: mV.
            name: Name of the kind.
        """
        super().__init__(max_conductance_kernel, reversal_potential_kernel, e_lo_kernel, e_hi_kernel, name)


class SpikingMatrixConnection(SpikingConnection):
    """Spiking synapses from matrices; see `sns_mujoco.network.SpikingMatrixConnection`."""

    _kind = sns.SpikingMatrixConnection


class SpikingPatternConnection(SpikingMatrixConnection):
    """Spiking synapses from a kernel; see `sns_mujoco.network.SpikingPatternConnection`."""

    _kind = sns.SpikingPatternConnection
