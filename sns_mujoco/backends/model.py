"""What every compiled nervous system can do, whichever backend steps it."""

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
            raise NetworkError(f"x has shape {row.shape}; give {self._silence.shape}: {self._inputs()}")
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
            raise NetworkError(f"x has shape {rows.shape}; give [steps, {len(self._silence)}]: {self._inputs()}")
        y = self._advance(rows)
        lost = np.flatnonzero(~np.isfinite(self._state[self.layout.potential]))
        if lost.size:
            name, end = self.program.neuron_names[lost[0]], self._state[self.layout.step][0] * self.program.dt
            raise DivergenceError(
                f"the potential of neuron {name!r} is no longer finite {end:g} ms after the start ({lost.size} of "
                f"{self.program.n_neurons} neurons are lost); take a smaller step, or less input"
            )
        return y

    def _advance(self, rows: Floats) -> Floats:
        if not np.isfinite(rows).all():
            bad = self.program.input_names[int(np.argwhere(~np.isfinite(rows))[0][1])]
            raise NetworkError(f"x is not finite at input {bad!r}; give finite currents")
        y = np.empty((len(rows), self.program.n_outputs))
        self._run(rows, y)
        return y

    def reset(self) -> None:
        """Go back to the initial state (with SNS-Toolbox's semantics: as much of it as its reset does)."""
        self._state[:] = self.layout.after_reset(self.program, self._state)

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

    def _inputs(self) -> str:
        names = self.program.input_names
        shown = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
        return f"the inputs are {shown}" if names else "the network has no inputs"


def floats(name: str, value: ArrayLike) -> Floats:
    """What was given as float64, contiguous and writable: the only kind that the kernel is compiled for.

    Raises:
        NetworkError: It is not numeric.
    """
    try:
        return np.require(value, np.float64, ["C", "W"])
    except (TypeError, ValueError):
        raise NetworkError(f"{name} is {value!r}; give numbers") from None
