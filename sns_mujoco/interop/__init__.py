"""Networks from other packages.

`from_sns_toolbox` reads networks of SNS-Toolbox, and `sns_mujoco.interop.sns_toolbox` stands in for that package: its
scripts run after a change of imports.
"""

from sns_mujoco.interop.toolbox_differences import Difference, SnsToolboxWarning
from sns_mujoco.interop.toolbox_network import from_sns_toolbox

__all__ = ["Difference", "SnsToolboxWarning", "from_sns_toolbox"]
