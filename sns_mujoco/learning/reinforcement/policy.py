"""A nervous system as the actor of Stable-Baselines3: mean actions from its efferents, values from a perceptron."""

from typing import Any, NamedTuple

import numpy as np
import torch
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.distributions import Distribution
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from torch import Tensor

from sns_mujoco.backends.torch_backend import State
from sns_mujoco.errors import NetworkError
from sns_mujoco.learning.reinforcement.actor import Actor
from sns_mujoco.learning.reinforcement.rates import parameter_groups


class Windows(NamedTuple):
    """Stretches of rollouts, each lived by one animal without a gap.

    Attributes:
        observations: [window, batch, K].
        starts: Where an episode begins, bool [window, batch].
        states: Flat states of the animals at the beginning of each stretch, float64 [batch, size].
    """

    observations: Tensor
    starts: Tensor
    states: Tensor


class Standardised(BaseFeaturesExtractor):
    """Observations for the critic: each element less its mean, over its standard deviation, clipped to -10 to 10.

    Signals of a body come in radians, newtons and metres per second; a perceptron learns from numbers around 1. The
    actor is not given these, but the signals themselves, as its afferents will have them in the body.
    """

    def __init__(self, observation_space: spaces.Box) -> None:
        """Begin without knowing anything: observations go through as they are."""
        size = int(np.prod(observation_space.shape))
        super().__init__(observation_space, size)
        self.register_buffer("count", torch.zeros((), dtype=torch.float64))
        self.register_buffer("mean", torch.zeros(size, dtype=torch.float64))
        self.register_buffer("variance", torch.ones(size, dtype=torch.float64))

    def update(self, observations: Tensor) -> None:
        """Take note of further observations [n, K] (Chan, Golub & LeVeque 1983, Am Stat 37:242)."""
        rows = observations.to(torch.float64).reshape(-1, self.features_dim)
        count, mean, variance = (self.get_buffer(name) for name in ("count", "mean", "variance"))
        new, total = len(rows), float(count) + len(rows)
        shift = rows.mean(0) - mean
        squares = variance * count + rows.var(0, correction=0) * new + shift**2 * float(count) * new / total
        mean += shift * new / total
        variance.copy_(squares / total)
        count.fill_(total)

    def forward(self, observations: Tensor) -> Tensor:
        """Standardised observations, float32 [batch, K]."""
        rows = observations.flatten(1).to(torch.float64)
        deviation = torch.sqrt(self.get_buffer("variance") + 1e-8)
        return ((rows - self.get_buffer("mean")) / deviation).clamp(-10.0, 10.0).to(torch.float32)


class SnsPolicy(ActorCriticPolicy):
    """An actor-critic policy whose actor is a nervous system; `SnsPPO` trains it.

    Actions are drawn from a normal distribution around what the efferents say, with a standard deviation for each
    actuator that is learned as well. The actor has a state, which is given and returned explicitly: `forward`,
    `predict` and `evaluate_actions` take it, and where episodes begin.

    Attributes:
        actor: The nervous system with its adapters.
    """

    def __init__(
        self,
        observation_space: spaces.Space,
        action_space: spaces.Space,
        lr_schedule: Any,
        *,
        actor: Actor | None = None,
        critic: tuple[int, ...] = (64, 64),
        log_std_init: float = -1.0,
        features_extractor_class: type[BaseFeaturesExtractor] = Standardised,
        use_sde: bool = False,
        **options: Any,
    ) -> None:
        """Make a policy; Stable-Baselines3 does.

        Args:
            observation_space: A `Box` of one dimension, of which the actor's afferents take elements.
            action_space: A `Box` with one element for each of the actor's actuators.
            lr_schedule: Learning rate by remaining progress.
            actor: The nervous system; it must be given.
            critic: Widths of the hidden layers of the value network.
            log_std_init: Logarithm of the standard deviation of actions at the start, in the unit of the controls.
            features_extractor_class: What prepares observations for the value network.
            use_sde: Must be False: noise of actions is drawn in every step.
            **options: Of `ActorCriticPolicy`.

        Raises:
            NetworkError: The spaces do not fit the actor, or state-dependent exploration is asked for.
        """
        _check_spaces(observation_space, action_space, actor)
        assert isinstance(actor, Actor)
        if use_sde:
            raise NetworkError("use_sde is True; a nervous system explores by noise on its actions, leave it out")
        net_arch = {"pi": [], "vf": list(critic)}
        super().__init__(
            observation_space, action_space, lr_schedule, net_arch, log_std_init=log_std_init,
            features_extractor_class=features_extractor_class, **options,
        )  # fmt: skip
        del self.action_net  # the actor takes its place
        self.actor = actor
        groups = parameter_groups(self, lr_schedule(1))
        self.optimizer = self.optimizer_class(groups, **self.optimizer_kwargs)  # pyright: ignore[reportCallIssue]

    def forward(  # type: ignore[override]
        self, obs: Tensor, state: State, starts: Tensor, deterministic: bool = False
    ) -> tuple[Tensor, Tensor, Tensor, State]:
        """Act.

        Args:
            obs: Observations [batch, K].
            state: Of the actors, from `actor.initial_state` or of the action before.
            starts: Which animals begin an episode, bool [batch].
            deterministic: Whether to take the means.

        Returns:
            Actions [batch, U], values [batch, 1], log probabilities [batch], and the new state.
        """
        means, after = self.actor.run(obs[None], state, starts[None])
        distribution = self._around(means[0])
        actions = distribution.get_actions(deterministic=deterministic)
        return actions, self.predict_values(obs), distribution.log_prob(actions), after

    def evaluate_actions(self, obs: Windows, actions: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:  # type: ignore[override]
        """Values, log probabilities and entropies of actions that were taken, the stretches lived through anew.

        Args:
            obs: Stretches of rollouts.
            actions: [window * batch, U], all animals of a step together.

        Returns:
            Values [window * batch, 1], log probabilities and entropies [window * batch].
        """
        means, _ = self.actor.run(obs.observations, self.actor.model.from_flat(obs.states), obs.starts)
        distribution = self._around(means.flatten(0, 1))
        values = self.predict_values(obs.observations.flatten(0, 1))
        return values, distribution.log_prob(actions), distribution.entropy()

    def get_distribution(self, obs: Tensor) -> Distribution:  # type: ignore[override]
        """Distribution of the first action of an episode."""
        return self._around(self.actor(obs, self.actor.initial_state(len(obs)))[0])

    def predict(  # type: ignore[override]
        self,
        observation: Any,
        state: tuple[NDArray[np.float64], ...] | None = None,
        episode_start: NDArray[np.bool_] | None = None,
        deterministic: bool = False,
    ) -> tuple[NDArray[Any], tuple[NDArray[np.float64], ...]]:
        """Actions as Stable-Baselines3 asks for them, clipped to their ranges.

        Args:
            observation: [K] or [batch, K].
            state: What was returned last; None at first.
            episode_start: Which animals begin an episode, bool [batch].
            deterministic: Whether to take the means.

        Returns:
            Actions [U] or [batch, U], and the state: one flat array [batch, size].
        """
        self.set_training_mode(False)
        obs, many = self.obs_to_tensor(observation)
        model = self.actor.model
        with torch.no_grad():
            lives = self.actor.initial_state(len(obs)) if state is None else model.from_flat(state[0])
            starts = torch.zeros(len(obs), dtype=torch.bool, device=self.device)
            if state is not None and episode_start is not None:
                starts |= torch.as_tensor(episode_start, dtype=torch.bool, device=self.device)
            means, after = self.actor.run(obs[None], lives, starts[None])  # pyright: ignore[reportArgumentType, reportCallIssue]
            actions = self._around(means[0]).get_actions(deterministic=deterministic).cpu().numpy()
        space = self.action_space
        assert isinstance(space, spaces.Box)
        actions = np.clip(actions, space.low, space.high)
        return actions if many else actions[0], (model.flat(after).cpu().numpy(),)

    def _around(self, means: Tensor) -> Distribution:
        return self.action_dist.proba_distribution(means, self.log_std)  # pyright: ignore[reportCallIssue]


def _check_spaces(observations: spaces.Space, actions: spaces.Space, actor: Any) -> None:
    """Refuse spaces that do not fit an actor.

    Raises:
        NetworkError: Names the space, and what would fit.
    """
    if not isinstance(actor, Actor):
        raise NetworkError(f"the actor is {actor!r}; give an sns_mujoco.learning.reinforcement.Actor")
    if not isinstance(observations, spaces.Box) or len(observations.shape) != 1:
        raise NetworkError(f"the observation space is {observations}; an actor takes a Box of one dimension")
    if actor.observed and max(actor.observed) >= observations.shape[0]:
        raise NetworkError(
            f"an afferent takes element {max(actor.observed)} of the observation, which has {observations.shape[0]}; "
            "say with observed=[...] which each takes"
        )
    if not isinstance(actions, spaces.Box) or actions.shape != (len(actor.actuators),):
        raise NetworkError(
            f"the action space is {actions}; the actor drives {', '.join(actor.actuators)}, so it takes a Box of shape "
            f"{(len(actor.actuators),)}"
        )
