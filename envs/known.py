"""What Gymnasium's well-known bodies observe and earn, computed for many of them at once.

Each class does with arrays [n, ...] what a class of `gymnasium.envs.mujoco` does for one body: the same operations in
the same order, so that every number is the same to the last bit. Weights, ranges and the other options are those of an
environment that Gymnasium has made.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import gymnasium
import numpy as np
from gymnasium.wrappers import OrderEnforcing, PassiveEnvChecker, TimeLimit
from numpy.typing import NDArray

from .parts import Array

Flags = NDArray[np.bool_]


class Judgement(NamedTuple):
    """What a step has brought: rewards [n], whose episode ended by itself [n], and information, arrays [n, ...]."""

    reward: Array
    terminated: Flags
    info: dict[str, Array]


class Body:
    """Many bodies of a kind; this one goes as far as it can along x, and cannot fall.

    Attributes:
        places: How many of the first positions are its place.
    """

    places = 1

    def __init__(self, base: Any, field: Callable[[str], Array]) -> None:
        """Take options from an environment, and live fields [n, ...] of the bodies by their names in `MjData`."""
        self.base = base
        self.qpos, self.qvel, self.ctrl = field("qpos"), field("qvel"), field("ctrl")

    @staticmethod
    def feels_forces(base: Any) -> bool:
        """Whether an environment observes external forces (`cfrc_ext`), or charges for them."""
        return False

    def where(self) -> Array:
        """Where the bodies are, from which their velocity follows, a copy [n, 1 or 2]."""
        return self.qpos[:, : self.places].copy()

    def observe(self) -> Array:
        """What is observed, a copy [n, k]."""
        hidden = self.places if self.base._exclude_current_positions_from_observation else 0
        return np.concatenate([self.qpos[:, hidden:], *self.felt()], axis=1)

    def judge(self, before: Array) -> Judgement:
        """Judge a step that began at a place."""
        base = self.base
        velocity = (self.where() - before) / base.dt
        forward, control = base._forward_reward_weight * velocity[:, 0], self.control_cost()
        reward, cost, earned = forward, control, {"reward_forward": forward, "reward_ctrl": -control}
        terminated = np.zeros(len(reward), bool)
        healthy, contact = self.healthy(), self.contact_cost()
        if healthy is not None:
            earned["reward_survive"] = healthy * base._healthy_reward
            reward = reward + earned["reward_survive"]
            terminated = ~healthy & bool(base._terminate_when_unhealthy)
        if contact is not None:
            earned["reward_contact"] = -contact
            cost = cost + contact
        names = ("x_velocity", "y_velocity")[: self.places]
        return Judgement(
            reward - cost, terminated, {**self.told(), **dict(zip(names, velocity.T, strict=True)), **earned}
        )

    def felt(self) -> list[Array]:
        """What is observed beside positions, each [n, ...]."""
        return [self.qvel]

    def told(self) -> dict[str, Array]:
        """Information on where the bodies are."""
        place = {"x_position": self.qpos[:, 0]}
        if self.places == 2:
            place["y_position"] = self.qpos[:, 1]
            # the dot product of each row, as the norm of one is made
            place["distance_from_origin"] = np.sqrt(np.vecdot(self.qpos[:, :2], self.qpos[:, :2]))
        return place

    def control_cost(self) -> Array:
        """What is charged for controls, [n]."""
        return self.base._ctrl_cost_weight * np.sum(np.square(self.ctrl), axis=1)

    def contact_cost(self) -> Array | None:
        """What is charged for contacts, [n]; None where nothing ever is."""
        return None

    def healthy(self) -> Flags | None:
        """Which are healthy, [n]; None for bodies that always are."""
        return None


class Swimmer(Body):
    """Swimmer-v5."""

    places = 2


class Walker(Body):
    """Walker2d-v5, and what it shares with Hopper-v5: an upright body that may fall."""

    def felt(self) -> list[Array]:
        """See `Body.felt`."""
        return [np.clip(self.qvel, -10, 10)]

    def told(self) -> dict[str, Array]:
        """See `Body.told`."""
        return {**super().told(), "z_distance_from_origin": self.qpos[:, 1] - self.base.init_qpos[1]}

    def healthy(self) -> Flags | None:
        """See `Body.healthy`."""
        z, angle = self.qpos[:, 1], self.qpos[:, 2]
        return _between(z, self.base._healthy_z_range) & _between(angle, self.base._healthy_angle_range)


class Hopper(Walker):
    """Hopper-v5."""

    def healthy(self) -> Flags | None:
        """See `Body.healthy`."""
        state = np.concatenate([self.qpos, self.qvel], axis=1)[:, 2:]
        upright = super().healthy()
        assert upright is not None
        return upright & _between(state, self.base._healthy_state_range).all(axis=1)


class Ant(Body):
    """Ant-v5."""

    places = 2

    def __init__(self, base: Any, field: Callable[[str], Array]) -> None:
        """See `Body`."""
        super().__init__(base, field)
        self._xpos, self._forces = field("xpos"), field("cfrc_ext")
        self._torso = base.model.body(base._main_body).id

    @staticmethod
    def feels_forces(base: Any) -> bool:
        """See `Body.feels_forces`."""
        return bool(base._include_cfrc_ext_in_observation or base._contact_cost_weight)

    def where(self) -> Array:
        """See `Body.where`."""
        return self._xpos[:, self._torso, :2].copy()

    def felt(self) -> list[Array]:
        """See `Body.felt`."""
        if not self.base._include_cfrc_ext_in_observation:
            return [self.qvel]
        return [self.qvel, _flat(np.clip(self._forces[:, 1:], *self.base._contact_force_range))]

    def contact_cost(self) -> Array | None:
        """See `Body.contact_cost`."""
        forces = np.clip(self._forces, *self.base._contact_force_range)
        return self.base._contact_cost_weight * np.sum(_flat(np.square(forces)), axis=1)

    def healthy(self) -> Flags | None:
        """See `Body.healthy`."""
        low, high = self.base._healthy_z_range
        finite = np.isfinite(self.qpos).all(axis=1) & np.isfinite(self.qvel).all(axis=1)
        return finite & (low <= self.qpos[:, 2]) & (self.qpos[:, 2] <= high)


class Humanoid(Body):
    """Humanoid-v5."""

    places = 2

    def __init__(self, base: Any, field: Callable[[str], Array]) -> None:
        """See `Body`."""
        super().__init__(base, field)
        self._centres, self._forces, self._muscles = field("xipos"), field("cfrc_ext"), field("qfrc_actuator")
        self._tendons = {"tendon_length": field("ten_length"), "tendon_velocity": field("ten_velocity")}
        self._inertia, self._velocity = field("cinert"), field("cvel")

    @staticmethod
    def feels_forces(base: Any) -> bool:
        """See `Body.feels_forces`."""
        return bool(base._include_cfrc_ext_in_observation or base._contact_cost_weight)

    def where(self) -> Array:
        """See `Body.where`; the centre of mass, as `gymnasium.envs.mujoco.humanoid_v5.mass_center` finds it."""
        masses = self.base.model.body_mass
        return (np.einsum("b,nbj->nj", masses, self._centres) / masses.sum())[:, :2].copy()

    def felt(self) -> list[Array]:
        """See `Body.felt`."""
        base = self.base
        parts = (
            (base._include_cinert_in_observation, self._inertia[:, 1:]),
            (base._include_cvel_in_observation, self._velocity[:, 1:]),
            (base._include_qfrc_actuator_in_observation, self._muscles[:, 6:]),
            (base._include_cfrc_ext_in_observation, self._forces[:, 1:]),
        )
        return [self.qvel, *(_flat(part) for included, part in parts if included is True)]

    def told(self) -> dict[str, Array]:
        """See `Body.told`."""
        return {**super().told(), **self._tendons}

    def contact_cost(self) -> Array | None:
        """See `Body.contact_cost`."""
        cost = self.base._contact_cost_weight * np.sum(_flat(np.square(self._forces)), axis=1)
        return np.clip(cost, *self.base._contact_cost_range)

    def healthy(self) -> Flags | None:
        """See `Body.healthy`."""
        return _between(self.qpos[:, 2], self.base._healthy_z_range)


_KINDS: dict[str, type[Body]] = {
    "ant_v5.AntEnv": Ant,
    "half_cheetah_v5.HalfCheetahEnv": Body,
    "hopper_v5.HopperEnv": Hopper,
    "humanoid_v5.HumanoidEnv": Humanoid,
    "swimmer_v5.SwimmerEnv": Swimmer,
    "walker2d_v5.Walker2dEnv": Walker,
}  # by name: Gymnasium imports what it needs for drawing with them
_USUAL = (TimeLimit, OrderEnforcing, PassiveEnvChecker)  # wrappers that `gymnasium.make` puts around an environment


def known(env: gymnasium.Env) -> type[Body] | None:
    """How to compute for many what an environment computes for one; None if its own code has to do it."""
    if env.render_mode not in (None, "rgb_array"):
        return None  # each step of such an environment draws
    while isinstance(env, gymnasium.Wrapper):
        if type(env) not in _USUAL:
            return None
        env = env.env
    module, _, name = f"{type(env).__module__}.{type(env).__qualname__}".partition("gymnasium.envs.mujoco.")
    return None if module else _KINDS.get(name)


def limit_of(env: gymnasium.Env) -> int | None:
    """Steps after which an environment truncates an episode."""
    limits = []
    while isinstance(env, gymnasium.Wrapper):
        if isinstance(env, TimeLimit):
            limits.append(env._max_episode_steps)
        env = env.env
    return min(limits, default=None)


def _between(values: Array, ends: tuple[float, float]) -> Flags:
    return (ends[0] < values) & (values < ends[1])


def _flat(values: Array) -> Array:
    return values.reshape(len(values), -1)
