"""What every compiled nervous system can do, whichever backend steps it."""

import os
from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.backends.program import Program
from sns_mujoco.backends.state import StateLayout
from sns_mujoco.errors import DivergenceError, NetworkError

Floats = NDArray[np.float64]


class Model(ABC):
    """A nervous system with its state: `y = model(x)` advances it by one step.

    Attributes:
        program: What it steps.
        layout: Where everything lies in its state.
    """

    def __init__(self, program: Program) -> None:
        """Start at the initial state."""
        self.program = program
        self.layout = StateLayout.of(program)
        self._state = self.layout.initial(program)
        self._silence = np.zeros(program.n_inputs)

    @abstractmethod
    def _run(self, x: Floats, y: Floats) -> None:
        """Advance by a step for each row of x [T, M] and write the outputs into the rows of y [T, O]."""

    def __call__(self, x: ArrayLike | None = None) -> Floats:
        """Advance by one step.

        Args:
            x: Input [M], nA; zero if left out.

        Returns:
            Output after the step [O], float64.

        Raises:
            NetworkError: x has another shape, or is not finite.
        """
        row = self._silence if x is None else floats("x", x)
        if row.shape != self._silence.shape:
            raise NetworkError(f"x has shape {row.shape}; give {self._silence.shape}: {named_inputs(self.program)}")
        return self._advance(row[None])[0]

    def forward(self, x: ArrayLike | None = None) -> Floats:
        """The same as calling the model."""
        return self(x)

    def run(self, x: ArrayLike | int) -> Floats:
        """Advance by many steps in one call.

        Args:
            x: Input of every step [T, M], nA; or the number of steps T, without input.

        Returns:
            Output after every step [T, O], float64.

        Raises:
            NetworkError: x has another shape, or is not finite.
            DivergenceError: A potential is no longer finite at the end.
        """
        if isinstance(x, int | np.integer) and not isinstance(x, bool):
            if x < 0:
                raise NetworkError(f"x is {x}; give a number of steps of 0 or more")
            x = np.zeros((int(x), len(self._silence)))
        rows = floats("x", x)
        if rows.ndim != 2 or rows.shape[1] != len(self._silence):
            raise NetworkError(
                f"x has shape {rows.shape}; give [steps, {len(self._silence)}]: {named_inputs(self.program)}"
            )
        y = self._advance(rows)
        require_finite(self.program, self._state[self.layout.potential], self._state[self.layout.step][0])
        return y

    def _advance(self, rows: Floats) -> Floats:
        if not np.isfinite(rows).all():
            bad = self.program.input_names[int(np.argwhere(~np.isfinite(rows))[0][1])]
            raise NetworkError(f"x is not finite at input {bad!r}; give finite currents")
        y = np.empty((len(rows), self.program.n_outputs))
        self._run(rows, y)
        return y

    def reset(self, *, seed: int | None = None) -> None:
        """Go back to the initial state (with SNS-Toolbox's semantics: as much of it as its reset does).

        Args:
            seed: Seed of the random numbers; the one before, which is 0 at first, if left out.

        Raises:
            NetworkError: The seed is negative or not a whole number.
        """
        self._state[:] = self.layout.after_reset(self.program, self._state, checked_seed(seed))

    @property
    def state(self) -> Floats:
        """Everything it remembers, a copy; the same for every backend (see `StateLayout`)."""
        return self._state.copy()

    @state.setter
    def state(self, value: ArrayLike) -> None:
        array = floats("the state", value)
        if array.shape != self._state.shape:
            raise NetworkError(f"the state has shape {array.shape}; this network's has {self._state.shape}")
        self._state[:] = array

    def save_state(self, path: str | os.PathLike[str]) -> None:
        """Write everything it remembers to a `.npz` file.

        Raises:
            OutputPathError: The file cannot be written there.
        """
        from sns_mujoco.network.files import save_state

        save_state(path, self.program, self.state)

    def load_state(self, path: str | os.PathLike[str], *, other_parameters: bool = False) -> None:
        """Go on from a state in a file.

        Args:
            path: The file.
            other_parameters: Take the state of a network that differs in its numbers only, too.

        Raises:
            FileNotFoundError: There is no such file.
            NetworkError: It is damaged, or of another network; the message says what differs.
        """
        from sns_mujoco.network.files import load_state

        self.state = load_state(path, self.program, other_parameters=other_parameters)

    @property
    def potentials(self) -> Floats:
        """Membrane potentials, a copy [N], mV."""
        return self._state[self.layout.potential].copy()

    @property
    def thresholds(self) -> Floats:
        """Thresholds of the spiking neurons, a copy [S], mV."""
        return self._state[self.layout.threshold].copy()

    @property
    def spikes(self) -> NDArray[np.bool_]:
        """Which of the spiking neurons spiked in the last step [S]."""
        return self._state[self.layout.spike] > 0


def named_inputs(program: Program) -> str:
    """The inputs by name, for messages."""
    names = program.input_names
    shown = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
    return f"the inputs are {shown}" if names else "the network has no inputs"


def require_finite(program: Program, potential: Floats, steps: float) -> None:
    """Refuse potentials [N] that are lost.

    Raises:
        DivergenceError: One is no longer finite; names the neuron and the time.
    """
    lost = np.flatnonzero(~np.isfinite(potential))
    if lost.size:
        name, end = program.neuron_names[lost[0]], steps * program.dt
        raise DivergenceError(
            f"the potential of neuron {name!r} is no longer finite {end:g} ms after the start ({lost.size} of "
            f"{program.n_neurons} neurons are lost); take a smaller step, or less input"
        )


def checked_seed(seed: int | None) -> int | None:
    """A seed that a state can hold exactly.

    Raises:
        NetworkError: It is negative, too large, or not a whole number.
    """
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**53):
        raise NetworkError(f"seed is {seed!r}; give a whole number from 0 to 2**53 - 1")
    return seed


def floats(name: str, value: ArrayLike) -> Floats:
    """What was given as float64, contiguous and writable: the only kind that the kernel is compiled for.

    Raises:
        NetworkError: It is not numeric.
    """
    try:
        return np.require(value, np.float64, ["C", "W"])
    except (TypeError, ValueError):
        raise NetworkError(f"{name} is {value!r}; give numbers") from None
