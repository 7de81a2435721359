"""What an agent's action does to its animal: the action modes.

| mode | action | for |
|---|---|---|
| "descending" | the animal's descending commands | an agent that is the brain above the nervous system |
| "parameters" | numbers of the nervous system, within bounds | modulation: which conductances suit the moment |
| "actuators" | controls of the actuators, excitations of the muscles | the body without a brain: the usual baseline |

In "parameters" mode the action has, behind the commands that `commands` names (none by default), one number from -1 to
1 for each gene of `vary`: -1 is its lower bound and 1 its upper one, on the gene's scale. `env.neutral_action` leaves
the nervous system as it was described. What is set holds for the whole step; an episode begins with the described
values. A number that the action sets is what the action says, whatever `randomise` has drawn for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, Protocol

import mujoco
import numpy as np

from sns_mujoco.adapters import Command
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import unknown_name
from sns_mujoco.network import Network, NonSpikingNeuron

from .parts import Array
from .tasks import Rows

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

    from sns_mujoco.cosim.population import Population

ActionMode = Literal["descending", "parameters", "actuators"]
MODES: tuple[ActionMode, ...] = ("descending", "parameters", "actuators")


class Actions(Protocol):
    """A way to act.

    Attributes:
        names: What each number of the action is.
        least: Of each number.
        greatest: Of each number.
        neutral: An action that changes nothing: 0, or what is closest to it, and parameters as described.
    """

    names: tuple[str, ...]
    least: Array
    greatest: Array
    neutral: Array

    def end(self, rows: Rows) -> None:
        """Undo in animals that are about to be put at their start what a start leaves as it was."""
        ...

    def begin(self, rows: Rows) -> None:
        """Prepare animals that have just been put at their start, before anything is observed."""
        ...

    def give(self, values: Array) -> None:
        """Act on all animals, with values [..., k] within bounds."""
        ...


class Descending:
    """Actions that are descending commands; other commands are held at values of their own."""

    def __init__(
        self,
        life: "Simulation | Population",
        ranges: Mapping[str, tuple[float, float]],
        commands: Sequence[str],
        held: Mapping[str, float],
    ) -> None:
        """Choose commands by name, of those in `ranges`, and which others are held at which value.

        Raises:
            UnknownNameError: There is no such command.
            ValueError: One is both, or its value is not finite or outside its range.
        """
        self.names = tuple(commands)
        for name in (*self.names, *held):
            if name not in ranges:
                raise unknown_name("command", name, ranges, "the animal")
        for name, value in held.items():
            low, high = ranges[name]
            if name in self.names:
                raise ValueError(f"command {name!r} is held at {value!r} and set by the action; choose one of the two")
            if not isinstance(value, Real) or not low <= value <= high:
                raise ValueError(f"command {name!r} is held at {value!r}; give a number from {low:g} to {high:g}")
        ends = np.array([ranges[name] for name in self.names], float).reshape(-1, 2)
        self.least, self.greatest = ends.T.copy()
        self.neutral = np.clip(0.0, self.least, self.greatest)
        places = life.commands.places
        self._userdata = life.data.userdata
        self._places = [places[name] for name in self.names]
        self._held, self._values = [places[name] for name in held], np.array(list(held.values()), float)

    def end(self, rows: Rows) -> None:
        """A start sets all commands to 0."""

    def begin(self, rows: Rows) -> None:
        """Set the commands that are held; the others are 0."""
        columns = self._held if rows is ... else (rows[:, None], self._held)
        self._userdata[columns] = self._values

    def give(self, values: Array) -> None:
        """Set the chosen commands."""
        self._userdata[..., self._places] = values


class Actuating:
    """Actions that are controls of actuators in the body's order, and excitations (0 to 1) where they are muscles."""

    def __init__(self, life: "Simulation | Population", where: str) -> None:
        """Take all actuators of a body.

        Raises:
            ValueError: A control has no range, or there are no actuators.
        """
        model = life.model
        free = np.flatnonzero(~np.asarray(model.actuator_ctrllimited, bool))
        names = control_names(model)
        if not names:
            raise ValueError(f"{where} has no actuators; there is nothing to act on in action mode 'actuators'")
        if free.size:
            raise ValueError(f"the control of actuator {names[free[0]]!r} of {where} has no range; give it a ctrlrange")
        self.names = names
        self.least, self.greatest = model.actuator_ctrlrange.T.astype(float)
        self.neutral = np.clip(0.0, self.least, self.greatest)
        self._controls = life.data.ctrl

    def end(self, rows: Rows) -> None:
        """A start sets all controls to 0."""

    def begin(self, rows: Rows) -> None:
        """Controls are 0 at the start."""

    def give(self, values: Array) -> None:
        """Set the controls."""
        self._controls[...] = values


def control_names(model: mujoco.MjModel) -> tuple[str, ...]:
    """Names of the actuators in the order of the controls; of one with several, name[0], name[1] ..."""
    names = []
    for actuator in np.argsort(model.actuator_ctrladr, kind="stable").tolist():
        name, count = model.actuator(actuator).name, int(model.actuator_ctrlnum[actuator])
        names += [name] if count == 1 else [f"{name}[{i}]" for i in range(count)]
    return tuple(names)


def cut_off(animal: "Animal") -> "Animal":
    """The animal with its body alone: one silent neuron is left, which hears the commands and drives nothing."""

    def silence() -> Network:
        network = Network("cut off")
        # slow enough to be stable at any neural step
        network.add_neuron(NonSpikingNeuron(membrane_capacitance=1e3 * animal.dt), "silence")
        return network

    def ears() -> list[Command]:
        names = (*animal.commands, *animal.probes)
        return [Command(name, to="silence", range=(0.0, 1.0), gain=0.0) for name in names]

    return replace(animal, network=silence, adapters=ears)


def refuse_misplaced(mode: str, given: Mapping[str, Any]) -> None:
    """Refuse an action mode that there is not, and options that it does not have.

    Raises:
        ValueError: As said.
    """
    if mode not in MODES:
        raise ValueError(f"action_mode is {mode!r}; give one of {', '.join(map(repr, MODES))}")
    options = {"vary": ("parameters",), "commands": MODES[:2], "held": MODES[:2], "observe_neurons": MODES[:2]}
    for option, modes in options.items():
        if given.get(option) and mode not in modes:
            belongs = " and ".join(map(repr, modes))
            raise ValueError(f"{option} is given in action mode {mode!r}; it belongs to {belongs}")
    if mode == "parameters" and not given.get("vary"):
        raise ValueError("action mode 'parameters' has nothing to act on; give vary=[Vary(...), ...]")
