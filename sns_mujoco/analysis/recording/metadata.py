"""What reproduces a recording: versions, hashes of model and nervous systems, seeds, the state of the user's source."""

import hashlib
import json
import os
import platform
import subprocess
from functools import cache
from importlib.metadata import version
from typing import Any

import mujoco
import numpy as np

from sns_mujoco.cosim.brain import ATTRIBUTES, Brain, attribute

GIT_TIME = 5.0  # s, that git may take


def of_model(model: mujoco.MjModel, brains: dict[str, Brain]) -> dict[str, Any]:
    """Attributes that tell the model, its steps, and what it runs with."""
    return {
        "timestep_s": model.opt.timestep,
        "neural_step_ms": json.dumps({name: brain.dt for name, brain in brains.items()}),
        "model_sha256": model_hash(model),
        "network_sha256": json.dumps({name: network_hash(model, brain) for name, brain in brains.items()}),
        **{f"{package.replace('-', '_')}_version": version(package) for package in _PACKAGES},
        "python_version": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }


def model_hash(model: mujoco.MjModel) -> str:
    """SHA-256 of a compiled model as MuJoCo writes it into an MJB file."""
    content = np.zeros(mujoco.mj_sizeModel(model), np.uint8)
    mujoco.mj_saveModel(model, None, content)
    return hashlib.sha256(content.tobytes()).hexdigest()


def network_hash(model: mujoco.MjModel, brain: Brain) -> str:
    """SHA-256 of a nervous system in a model: its structure, its wiring, its parameters and its names."""
    digest = hashlib.sha256()
    for name in ATTRIBUTES:
        digest.update(attribute(model, brain, name).encode() + b"\0")
    numeric = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_NUMERIC, brain.name)
    start, size = int(model.numeric_adr[numeric]), int(model.numeric_size[numeric])
    digest.update(np.asarray(model.numeric_data)[start : start + size].tobytes())
    digest.update("\0".join(brain.neuron_names).encode())
    return digest.hexdigest()


def of_checkout() -> dict[str, Any]:
    """Commit of the git checkout that the user works in, and whether files differ from it; nothing where there is none.

    It is asked once in a process and folder. No hook and no other program of the checkout's own is run.
    """
    return dict(_checkout(os.getcwd()))


@cache
def _checkout(folder: str) -> dict[str, Any]:
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        changed = _git(folder, "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=all")
    except (OSError, subprocess.SubprocessError):
        return {}
    return {"git_commit": commit, "git_dirty": int(bool(changed))}


def _git(folder: str, *arguments: str) -> str:
    # a checkout's configuration may name programs to be run: none of them are
    safe = ["-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"]
    return subprocess.run(
        ["git", "-C", folder, *safe, *arguments], capture_output=True, text=True, check=True, timeout=GIT_TIME,
        env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
    ).stdout.strip()  # fmt: skip


_PACKAGES = ("sns-mujoco", "mujoco", "numpy", "numba")
