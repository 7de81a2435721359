"""Reinforcement learning and training by gradient: a nervous system as the actor, trained in torch, deployed natively.

- `Actor`: a `Network` with its adapters as a torch module, from observations to actions.
- `policy_network`: a nervous system to begin with.
- `truncated_backpropagation`: trains an actor, or any compiled torch model, on recordings.
- `SnsPPO` and `SnsPolicy`: PPO of Stable-Baselines3 with such an actor.
- `Sb3VecEnv`: Gymnasium's vector environments for Stable-Baselines3.
- `LearningCurve` and `plot_curves`: what came of it.

Actors and their training on recordings need PyTorch (`pip install "sns-mujoco[torch]"`), what has to do with
Stable-Baselines3 needs that as well (`pip install "sns-mujoco[rl]"`). Nothing is imported before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sns_mujoco.errors import MissingDependencyError

if TYPE_CHECKING:
    from sns_mujoco.learning.reinforcement.actor import Actor
    from sns_mujoco.learning.reinforcement.backpropagation import truncated_backpropagation
    from sns_mujoco.learning.reinforcement.controllers import policy_network
    from sns_mujoco.learning.reinforcement.curve import LearningCurve
    from sns_mujoco.learning.reinforcement.pictures import plot_curves
    from sns_mujoco.learning.reinforcement.policy import SnsPolicy
    from sns_mujoco.learning.reinforcement.ppo import SnsPPO
    from sns_mujoco.learning.reinforcement.vec_env import Sb3VecEnv

__all__ = [
    "Actor",
    "LearningCurve",
    "Sb3VecEnv",
    "SnsPPO",
    "SnsPolicy",
    "plot_curves",
    "policy_network",
    "truncated_backpropagation",
]

_MODULES = {
    "Actor": "actor",
    "LearningCurve": "curve",
    "Sb3VecEnv": "vec_env",
    "SnsPPO": "ppo",
    "SnsPolicy": "policy",
    "plot_curves": "pictures",
    "policy_network": "controllers",
    "truncated_backpropagation": "backpropagation",
}
_LIBRARIES = {"torch": ("PyTorch", "torch"), "stable_baselines3": ("Stable-Baselines3", "rl")}


def __getattr__(name: str) -> Any:
    """What is asked for, imported when it is.

    Raises:
        MissingDependencyError: The library that it needs is not installed.
    """
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    try:
        module = import_module(f"{__name__}.{_MODULES[name]}")
    except ModuleNotFoundError as error:
        if error.name not in _LIBRARIES:
            raise
        library, extra = _LIBRARIES[error.name]
        raise MissingDependencyError(
            f"{name} needs {library}, which is not installed; install it with pip install 'sns-mujoco[{extra}]'"
        ) from error
    return getattr(module, name)
