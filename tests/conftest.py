"""How random the tests are: the same examples every time, unless SNS_MUJOCO_FUZZ is set to look for new ones."""

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True)
if not os.environ.get("SNS_MUJOCO_FUZZ"):
    settings.load_profile("steady")
