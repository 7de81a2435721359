"""NIR, the neuromorphic intermediate representation: networks of other simulators and for them."""

from sns_mujoco.interop.nir.exporting import to_nir
from sns_mujoco.interop.nir.importing import from_nir
from sns_mujoco.interop.nir.report import NirNote, NirWarning

__all__ = ["NirNote", "NirWarning", "from_nir", "to_nir"]
