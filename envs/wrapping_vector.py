"""Many Gymnasium MuJoCo environments with nervous systems, stepped together: `wrap_vec`."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from mujoco.batch import SimulationError
from numpy.typing import NDArray

from sns_mujoco.adapters import Afferent, Efferent
from sns_mujoco.cosim.counting import counted
from sns_mujoco.cosim.divergence import BAD
from sns_mujoco.cosim.population.population import NUMBER, processors
from sns_mujoco.cosim.population.rows import Rows
from sns_mujoco.cosim.quiet import quiet
from sns_mujoco.network import Network
from sns_mujoco.network.network import Integrator, Semantics

from .given import checked_action, refuse_closed
from .known import known
from .parts import Array
from .theirs import Ranges, driven, ends_of, make
from .wrapping import DrivenEnv
from .wrapping_known import KnownVectorEnv, agrees


def wrap_vec(
    env: str,
    network: Network,
    adapters: Iterable[Afferent | Efferent],
    *,
    num_envs: int,
    dt: float,
    commands: Ranges | None = None,
    semantics: Semantics = "textbook",
    integrator: Integrator = "euler",
    threads: int = 0,
    autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
    **options: Any,
) -> "KnownVectorEnv | DrivenVectorEnv":
    """Environments as `wrap` makes them, whose simulations are stepped together by MuJoCo's batch.

    Of Ant-v5, HalfCheetah-v5, Hopper-v5, Humanoid-v5, Swimmer-v5 and Walker2d-v5, with any options, observations,
    rewards and ends are computed for all at once. Of others they are computed by the environments' own code, one after
    the other; the same happens to well-known ones that are drawn on the screen, are subclassed or have wrappers of
    their own. All are those of single environments to the last bit.

    Args:
        env: Id of an environment.
        network: The nervous system.
        adapters: Afferents and efferents, each naming what it connects.
        num_envs: How many.
        dt: Neural step, ms.
        commands: See `wrap`.
        semantics: See `wrap`.
        integrator: See `wrap`.
        threads: Threads that step them; 0 for as many as there are processors for this process.
        autoreset_mode: When an episode that has ended begins anew; see `gymnasium.vector.AutoresetMode`.
        **options: Of the environments, for `gymnasium.make`.

    Raises:
        AttachError: See `wrap`.
        UnknownNameError: See `wrap`.
        MissingDependencyError: See `wrap`.
        ValueError: `num_envs` or `threads` is no whole number in range, or see `wrap`.
    """
    num_envs, threads = counted(num_envs, "num_envs", 1), counted(threads, "threads", 0)
    if not isinstance(env, str):
        raise ValueError(f"the environment is {env!r}; give the id of one, of which many can be made")
    adapters = list(adapters)
    ends = ends_of(adapters, commands)
    first = make(env, options)
    mode, threads = AutoresetMode(autoreset_mode), min(threads or processors(), num_envs)
    kind = known(first)
    forces = kind is not None and kind.feels_forces(first.unwrapped)
    model = driven(first, network, adapters, forces=forces, dt=dt, semantics=semantics, integrator=integrator)
    if kind is not None and agrees(kind, driven_first := DrivenEnv(first, model, ends)):
        return KnownVectorEnv(driven_first, kind, num_envs, threads, mode)
    made = [first, *(make(env, options) for _ in range(num_envs - 1))]
    return DrivenVectorEnv([DrivenEnv(each, model, ends) for each in made], threads, mode)


class DrivenVectorEnv(SyncVectorEnv):
    """Environments that `wrap_vec` has given nervous systems; see `DrivenEnv` for each of them.

    Attributes:
        commands: Names of the commands that the actions set, in their order.
    """

    def __init__(self, envs: list[DrivenEnv], threads: int, autoreset_mode: AutoresetMode) -> None:
        """Put environments of one model together; `wrap_vec` does so."""
        constructors = [partial(_itself, env) for env in envs]
        super().__init__(constructors, autoreset_mode=autoreset_mode)
        self._driven, self.commands = envs, envs[0].commands
        model = envs[0].simulation.model
        self._rows: Rows | None = Rows(model, len(envs), threads, persistent=True)
        self._bad = self._rows.warning[:, min(BAD) : max(BAD) + 1, NUMBER]

    def step(self, actions: Array) -> tuple[Array, Array, NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """See `gymnasium.vector.VectorEnv.step`.

        Raises:
            ValueError: The actions have another shape, or are not finite.
            ClosedEnvironmentError: The environments are closed.
        """
        refuse_closed(self)
        values = checked_action(actions, (self.num_envs, len(self.commands)), self.commands)
        self._foresee(values)
        return super().step(values)  # type: ignore[return-value]

    def close_extras(self, **kwargs: Any) -> None:
        """Close the environments, and release threads and memory."""
        super().close_extras(**kwargs)
        self._rows = None

    def _foresee(self, values: Array) -> None:
        """Step all simulations at once; each environment then takes what it finds, or fails by itself."""
        rows = self._rows
        assert rows is not None
        resetting = self._autoreset_envs & (self.autoreset_mode is AutoresetMode.NEXT_STEP)
        going = np.flatnonzero(~resetting).astype(np.int32)
        for i in going.tolist():
            self._driven[i].put(values[i], rows.state[i])
        failed: NDArray[Any] = np.zeros(0, int)
        with quiet():
            try:
                rows.step(going, nstep=self._driven[0].frame_skip)
            except SimulationError as error:
                failed = error.ids
        failed = np.union1d(failed, np.flatnonzero(self._bad.any(axis=1)))
        rows.warning[failed] = 0
        for i in np.setdiff1d(going, failed).tolist():
            self._driven[i].foresee(partial(rows.get_data, i))


def _itself(env: gymnasium.Env) -> gymnasium.Env:
    return env
