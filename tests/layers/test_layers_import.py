"""The layers are there when asked for, and cost nothing before."""

import subprocess
import sys

import sns_mujoco.layers


def test_missing_torch_is_named_with_its_extra():
    code = "import sys; sys.modules['torch'] = None\nimport sns_mujoco\nimport sns_mujoco.layers"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "MissingDependencyError: sns_mujoco.layers needs PyTorch: pip install 'sns-mujoco[torch]'" in run.stderr


def test_everything_public_is_documented():
    for name in sns_mujoco.layers.__all__:
        if isinstance(getattr(sns_mujoco.layers, name), type) or not name.isupper():
            assert getattr(sns_mujoco.layers, name).__doc__
