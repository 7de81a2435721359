"""Networks from other packages.

`from_sns_toolbox` reads networks of SNS-Toolbox, and `sns_mujoco.interop.sns_toolbox` stands in for that package: its
scripts run after a change of imports. `from_nir` and `to_nir` read and write NIR, the exchange format of Norse,
snnTorch, Nengo, SpikingJelly and Rockpool; `sns_mujoco.interop.norse` has Norse's cells.
"""

from sns_mujoco.interop.nir import NirNote, NirWarning, from_nir, to_nir
from sns_mujoco.interop.toolbox_differences import Difference, SnsToolboxWarning
from sns_mujoco.interop.toolbox_network import from_sns_toolbox

__all__ = ["Difference", "NirNote", "NirWarning", "SnsToolboxWarning", "from_nir", "from_sns_toolbox", "to_nir"]
