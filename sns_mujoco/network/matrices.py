"""Connections whose synapses are given one by one: matrices, and kernels moved over two populations.

A matrix says every pair itself, [n_destination, n_source], and its entries are used as they are; zero
conductance is no synapse. A pattern is a kernel that is moved over two populations of the same shape (see
`patterns.py`).
Units: uS, mV, ms.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from numpy.typing import ArrayLike

from sns_mujoco.network.checks import text
from sns_mujoco.network.described import Bounds, settle_columns
from sns_mujoco.network.synapse_checks import (
    GRADED,
    SPIKING,
    check_graded,
    check_spiking,
    kernel_shape,
    matrix_shape,
)
from sns_mujoco.network.synapses import Connection


@dataclass(frozen=True, slots=True)
class NonSpikingMatrixConnection(Connection):
    """Graded synapses from a matrix, entries used as they are.

    Attributes:
        max_conductance: uS [n_destination, n_source].
        reversal_potential: mV, the same shape or a number; likewise e_lo and e_hi.
        e_lo: mV.
        e_hi: mV.
    """

    FAMILY: ClassVar[str] = "graded"
    LAYOUT: ClassVar[str] = "matrix"
    BOUNDS: ClassVar[Bounds] = GRADED

    max_conductance: ArrayLike
    reversal_potential: ArrayLike = 40.0
    e_lo: ArrayLike = 0.0
    e_hi: ArrayLike = 20.0
    name: str = "Non-Spiking Matrix"

    def __post_init__(self) -> None:
        """Check the numbers and shapes."""
        text(type(self).__name__, "name", self.name)
        shape = matrix_shape(self.label, "max_conductance", self.max_conductance, (2,))
        settle_columns(self, check_graded(self.label, self.columns, shape))


@dataclass(frozen=True, slots=True)
class SpikingMatrixConnection(Connection):
    """Spiking synapses from a matrix, entries used as they are.

    Attributes:
        max_conductance: uS [n_destination, n_source].
        reversal_potential: mV, the same shape or a number; likewise all others.
        time_constant: ms.
        transmission_delay: Neural steps.
        conductance_increment: uS; the maximal conductance if left out.
        transmission_delay_ms: The delay in ms instead of steps.
    """

    FAMILY: ClassVar[str] = "spiking"
    LAYOUT: ClassVar[str] = "matrix"
    BOUNDS: ClassVar[Bounds] = SPIKING

    max_conductance: ArrayLike
    reversal_potential: ArrayLike = 194.0
    time_constant: ArrayLike = 1.0
    transmission_delay: ArrayLike = 0
    conductance_increment: ArrayLike | None = None
    transmission_delay_ms: ArrayLike | None = None
    name: str = "Spiking Matrix"

    def __post_init__(self) -> None:
        """Check the numbers and shapes."""
        text(type(self).__name__, "name", self.name)
        shape = matrix_shape(self.label, "max_conductance", self.max_conductance, (2,))
        settle_columns(self, check_spiking(self.label, self.columns, shape))


@dataclass(frozen=True, slots=True)
class NonSpikingPatternConnection(Connection):
    """Graded synapses from a kernel that is moved over two populations of the same shape.

    Attributes:
        max_conductance_kernel: uS [rows, columns] or [n], odd sizes.
        reversal_potential_kernel: mV, the same shape or a number; likewise the others.
        e_lo_kernel: mV.
        e_hi_kernel: mV.
    """

    FAMILY: ClassVar[str] = "graded"
    LAYOUT: ClassVar[str] = "pattern"
    BOUNDS: ClassVar[Bounds] = GRADED

    max_conductance_kernel: ArrayLike
    reversal_potential_kernel: ArrayLike = 40.0
    e_lo_kernel: ArrayLike = 0.0
    e_hi_kernel: ArrayLike = 20.0
    name: str = "Non-Spiking Pattern"

    def __post_init__(self) -> None:
        """Check the numbers and shapes."""
        text(type(self).__name__, "name", self.name)
        shape = kernel_shape(self.label, self.max_conductance_kernel)
        settle_columns(self, check_graded(self.label, self.columns, shape, "_kernel"), "_kernel")

    @property
    def columns(self) -> dict[str, Any]:
        """See `Described.columns`."""
        return {name: getattr(self, f"{name}_kernel") for name in GRADED}


@dataclass(frozen=True, slots=True)
class SpikingPatternConnection(Connection):
    """Spiking synapses from a kernel that is moved over two populations of the same shape.

    Attributes:
        max_conductance_kernel: uS [rows, columns] or [n], odd sizes.
        reversal_potential_kernel: mV, the same shape or a number; likewise all others.
        time_constant_kernel: ms.
        transmission_delay_kernel: Neural steps.
        conductance_increment_kernel: uS; the maximal conductance if left out.
        transmission_delay_ms_kernel: The delay in ms instead of steps.
    """

    FAMILY: ClassVar[str] = "spiking"
    LAYOUT: ClassVar[str] = "pattern"
    BOUNDS: ClassVar[Bounds] = SPIKING

    max_conductance_kernel: ArrayLike
    reversal_potential_kernel: ArrayLike = 194.0
    time_constant_kernel: ArrayLike = 1.0
    transmission_delay_kernel: ArrayLike = 0
    conductance_increment_kernel: ArrayLike | None = None
    transmission_delay_ms_kernel: ArrayLike | None = None
    name: str = "Spiking Pattern"

    def __post_init__(self) -> None:
        """Check the numbers and shapes."""
        text(type(self).__name__, "name", self.name)
        shape = kernel_shape(self.label, self.max_conductance_kernel)
        settle_columns(self, check_spiking(self.label, self.columns, shape, "_kernel"), "_kernel")

    @property
    def columns(self) -> dict[str, Any]:
        """See `Described.columns`."""
        return {name: getattr(self, f"{name}_kernel") for name in SPIKING}
