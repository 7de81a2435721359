"""What one environment and a vector of them share: an animal, or many, that live in steps of a frame."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from gymnasium import spaces

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import unknown_name

from .actions import ActionMode, Actions, Actuating, Descending, cut_off, refuse_misplaced
from .given import checked_action
from .modulating import Modulating
from .parts import Array
from .tasks import Task

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

    from sns_mujoco.cosim.population import Population
    from sns_mujoco.learning.randomisation.randomisation import Randomisation

FRAMES = 50  # steps of the environment per second


class Choice:
    """Which animal, where, and how it is acted on.

    Attributes:
        animal: As it was given.
        lived: As it lives: without its brain where it is cut off.
        terrain: What it lives on.
        mode: The action mode.
        space: The parameters that the action sets, or None.
    """

    def __init__(
        self,
        animal: "str | PathLike[str] | Animal",
        task: Task,
        *,
        terrain: str | None = None,
        terrain_seed: int = 0,
        action_mode: ActionMode = "descending",
        commands: Sequence[str] | None = None,
        usual_commands: Sequence[str] | None = None,
        held: Mapping[str, float] | None = None,
        vary: Sequence[Any] = (),
    ) -> None:
        """Choose.

        Args:
            animal: An animal, or its name.
            task: What is asked of it.
            terrain: One of its terrains; its usual one if left out.
            terrain_seed: Seed of the terrain.
            action_mode: "descending", "parameters" or "actuators"; see `sns_mujoco.envs.actions`.
            commands: Those of its commands that the action sets; `usual_commands` in mode "descending" if left out,
                none in mode "parameters". The others, and its probes, stay 0 unless they are held or `commands` of the
                simulation or population sets them.
            usual_commands: See `commands`; all if left out. With this an environment is registered.
            held: Values at which other commands are held; in mode "parameters" those of a good first look
                (`animal.cruise`) if left out.
            vary: Which parameters the action sets in mode "parameters", a list of `sns_mujoco.Vary`.

        Raises:
            UnknownNameError: There is no such animal, terrain, command or parameter.
            ParameterError: What is to vary cannot; see `ParameterSpace`.
            ValueError: An unknown action mode, an option that it does not have, or commands that are no list.
        """
        from sns_mujoco.models import load

        if isinstance(commands, str):
            raise ValueError(f"commands is {commands!r}; give a list of names")
        given = {"vary": vary, "commands": commands, "held": held, "observe_neurons": task.observe_neurons}
        refuse_misplaced(action_mode, given)
        self.animal = load(animal)
        if terrain is not None and terrain not in self.animal.terrains:
            raise unknown_name("terrain", terrain, self.animal.terrains, f"animal {self.animal.name!r}")
        self.terrain, self.terrain_seed = terrain or self.animal.terrains[0], terrain_seed
        self.mode, self.space = action_mode, None
        if action_mode == "parameters":
            from sns_mujoco.learning.spaces.space import ParameterSpace

            self.space = ParameterSpace(self.animal, vary, terrain=self.terrain)
        self.lived = cut_off(self.animal) if action_mode == "actuators" else self.animal
        usual = tuple(self.animal.commands) if usual_commands is None else tuple(usual_commands)
        if commands is not None:
            self.commands = tuple(commands)
        else:
            self.commands = usual if action_mode == "descending" else ()
        cruise = {c: v for c, v in self.animal.cruise.items() if c not in self.commands}
        self.held = (cruise if action_mode == "parameters" else {}) if held is None else dict(held)

    def simulation(self) -> Simulation:
        """One animal, at its start."""
        wanted: dict[str, Any] = {} if self.space is None else {"apart": self.space.apart}
        if self.space is not None and self.space.greatest_delay is not None:
            wanted["greatest_delay"] = self.space.greatest_delay
        simulation = Simulation(self.lived.build(terrain=self.terrain, seed=self.terrain_seed, **wanted))
        self.lived.start(simulation, self.terrain_seed)
        return simulation

    def population(self, n: int, threads: int, randomise: "Randomisation | None") -> "Population":
        """Many animals, at their start."""
        from sns_mujoco.cosim.population import Population

        return Population(
            self.lived, n, terrain=self.terrain, seed=self.terrain_seed, threads=threads, apart=False, space=self.space,
            randomise=randomise,
        )  # fmt: skip

    def actions(self, life: "Simulation | Population") -> Actions:
        """The way to act on a life of it."""
        if self.mode == "actuators":
            return Actuating(life, f"animal {self.animal.name!r}")
        descending = Descending(life, self.animal.commands, self.commands, self.held)
        return descending if self.space is None else Modulating(life, self.animal, descending, self.space)


class World:
    """A life in frames, acted on and observed: one animal, or many at once.

    Attributes:
        life: Simulation or population.
        actions: How it is acted on.
        task: What is asked.
        frame_skip: Physics steps in a frame.
        dt: Time of a frame, s.
        action_space: Of one animal.
        observation_space: Of one animal.
    """

    def __init__(self, choice: Choice, life: "Simulation | Population", task: Task) -> None:
        """Put a life to a task.

        Raises:
            UnknownNameError: There is no such command.
            ValueError: The physics step does not divide a frame, or the task does not fit the animal.
        """
        self.life, self.task, self.actions = life, task, choice.actions(life)
        timestep = life.model.opt.timestep
        steps = 1.0 / (FRAMES * timestep)
        self.frame_skip = round(steps)
        if abs(steps - self.frame_skip) > 1e-6:
            raise ValueError(f"the physics step of {timestep:g} s does not divide a frame of 1/{FRAMES} s")
        self.dt = self.frame_skip * timestep
        self.action_space = spaces.Box(self.actions.least, self.actions.greatest, dtype=np.float64)
        self._parts = task.enter(choice.animal, life, terrain=choice.terrain, dt=self.dt)
        ends = (np.concatenate([np.full(p.size, p.bounds[end], float) for p in self._parts]) for end in (0, 1))
        self._least, self._most = ends
        self.observation_space = spaces.Box(self._least, self._most, dtype=np.float64)

    def act(self, action: Any) -> None:
        """Let an action begin to act, float [..., k]; what goes beyond its bounds is clipped to them.

        Raises:
            ValueError: It has another shape, or is not finite.
        """
        values = checked_action(action, (*self.task.lead, *self.actions.least.shape), self.actions.names)
        self.actions.give(np.clip(values, self.actions.least, self.actions.greatest))

    def observe(self) -> Array:
        """What is observed now, float64 [..., k], a copy."""
        observed = np.concatenate([part.read() for part in self._parts], axis=-1)
        np.nan_to_num(observed, copy=False)  # of an animal that was put into a state that is none
        return np.clip(observed, self._least, self._most, out=observed)
