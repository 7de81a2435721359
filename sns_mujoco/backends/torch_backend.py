"""The torch backend: a nervous system as an `nn.Module`, batched, on any device, differentiable end to end.

The state is passed explicitly, so truncated backpropagation through time is natural:

    model = net.compile(dt=0.1, backend="torch", learnable=["max_conductance"])
    optimiser = torch.optim.Adam(model.parameters())
    state = model.initial_state(32)  # 32 animals
    for x, target in chunks:  # x [T, 32, M]
        y, state = model.run(x, state)
        loss = ((y - target) ** 2).mean()
        optimiser.zero_grad(); loss.backward(); optimiser.step()
        state = model.detach(state)

A state is a dictionary from the names of `StateLayout` to tensors [*batch, size], in the dtype of the model; only
`step`, `seed`, `plastic_time` and `short_time` are always float64, because they count. `flat` and `from_flat` turn it
into the state vector that all other backends and the native plugin share, and back.

Without a state the model remembers its own, as the other backends do: `y = model(x)`, `model.run(x)`, `model.reset()`,
`model.state`. Gradients then reach back to the start of each call only.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from sns_mujoco.backends.learnable import Bounds, Chosen, Learnable, Origins, choose
from sns_mujoco.backends.learned import Learned
from sns_mujoco.backends.model import Floats, checked_seed, floats, named_inputs, require_finite
from sns_mujoco.backends.program import Program
from sns_mujoco.backends.state import StateLayout
from sns_mujoco.backends.torch_checks import batch_dimensions, seeds, usable_device, usable_dtype
from sns_mujoco.backends.vectorised.arrays import Arrays, arrays, leaves, mapped, parts
from sns_mujoco.backends.vectorised.currents import steady_gates
from sns_mujoco.backends.vectorised.step import Sums, prepared, step
from sns_mujoco.backends.vectorised.torch_operations import TorchOperations
from sns_mujoco.backends.writing_back import written_back
from sns_mujoco.errors import NetworkError
from sns_mujoco.layers.surrogates import surrogate as make_surrogate
from sns_mujoco.network.network import Network

State = dict[str, Tensor]
COUNTS = ("step", "seed", "plastic_time", "short_time")


class TorchModel(nn.Module):
    """A nervous system stepped by torch.

    Attributes:
        program: What it steps.
        layout: Where everything lies in the flat state vector.
    """

    sums = Sums()

    def __init__(
        self,
        program: Program,
        network: Network | None = None,
        *,
        device: str | torch.device = "cpu",
        dtype: torch.dtype = torch.float64,
        learnable: Learnable = (),
        bounds: Bounds | None = None,
        surrogate: str | Callable[[Tensor], Tensor] = "superspike",
        detach_reset: bool = True,
    ) -> None:
        """Put the arrays of a program on a device.

        Args:
            program: What to step.
            network: What it was compiled from; only needed to learn.
            device: Where.
            dtype: torch.float64 or torch.float32.
            learnable: What can be learned, in the terms of the descriptions: "max_conductance", a list of such names,
                or a dictionary from names to the connections, populations or inputs meant, None for all:
                {"max_conductance": ["a->b"], "bias": None}. See `learnable.py` for all names.
            bounds: Least and greatest value by name, {"bias": (-5, 5)}; None on a side for no bound. Conductances stay
                non-negative and time constants stable without it, see `learned.py`.
            surrogate: Gradient of spikes: a name or a callable, see `sns_mujoco.layers.surrogates`.
            detach_reset: Whether resets are left out of the gradient: the potential after a spike then does not pass
                gradients to the spike that reset it, as snnTorch does and Norse does not.

        Raises:
            NetworkError: The device or dtype cannot be used, the surrogate is none, there is nothing to learn of that
                kind, or a value is out of its bounds.
            UnknownNameError: There is no learnable parameter, connection, population or input of that name.
        """
        super().__init__()
        self.program = program
        self.layout = StateLayout.of(program)
        self._places = parts(self.layout)
        self._spike, self._detach_reset = make_surrogate(surrogate), detach_reset
        place, kind = usable_device(device), usable_dtype(dtype)
        self._origins = None if network is None else Origins(network, program)
        chosen = self._choose(learnable, bounds)
        self._host = self._arrays_of(program, {part.quantity.path for part in chosen})
        for path, array in leaves(self._host):
            tensor = torch.tensor(array, device=place)
            self.register_buffer(_buffer(path), tensor.to(kind) if tensor.is_floating_point() else tensor, False)
        self._base: Arrays | None = None
        self._held: Arrays | None = None
        self._state: State | None = None
        self.learned = Learned(chosen, self._fixed())

    def _choose(self, learnable: Learnable, bounds: Bounds | None) -> list[Chosen]:
        """What is to be learned."""
        if not learnable:
            return []
        origins = self._require_origins()
        if self.program.semantics != "textbook":
            raise NetworkError(
                "only networks compiled with semantics='textbook' can learn: under those of SNS-Toolbox, synapses "
                "replace one another, and what is learned could not be written back"
            )
        return choose(origins, learnable, bounds)

    def _arrays_of(self, program: Program, learned: set[str]) -> Arrays:
        """The arrays that the step uses, on the host, given which of them are learned."""
        del learned
        return arrays(program, self.layout)

    def _prepared(self, base: Arrays) -> Arrays:
        """What is worked out once for many steps."""
        return prepared(base)

    @property
    def dtype(self) -> torch.dtype:
        """Floating point type of everything but counts."""
        return self.get_buffer("bias").dtype

    @property
    def device(self) -> torch.device:
        """Where it is computed."""
        return self.get_buffer("bias").device

    def forward(self, x: Any = None, state: State | None = None) -> Any:
        """Advance by one step.

        Args:
            x: Input [*batch, M], nA; zero if left out.
            state: From `initial_state`, or of the step before; the model's own if left out.

        Returns:
            With a state: the output after the step [*batch, O], and the new state. Without one: the output [O].

        Raises:
            NetworkError: x or the state has another shape.
        """
        given = self._own() if state is None else state
        batch = given["potential"].shape[:-1]
        row = self._input(x, batch) if x is not None else self.get_buffer("bias").new_zeros((*batch, self._n_inputs))
        after, y = step(self._operations(), self._now(), given, row, self.sums)
        if state is not None:
            return y, after
        self._state = self.detach(after)
        return y

    def run(self, x: Any, state: State | None = None) -> Any:
        """Advance by many steps.

        Args:
            x: Input of every step [T, *batch, M], nA; or the number of steps T, without input.
            state: From `initial_state`, or of the step before; the model's own if left out.

        Returns:
            With a state: the output after every step [T, *batch, O], and the new state. Without one: the output [T, O].

        Raises:
            NetworkError: x or the state has another shape.
            DivergenceError: The model's own state is no longer finite at the end.
        """
        given = self._own() if state is None else state
        batch = given["potential"].shape[:-1]
        if isinstance(x, int | np.integer) and not isinstance(x, bool):
            if x < 0:
                raise NetworkError(f"x is {x}; give a number of steps of 0 or more")
            rows = self.get_buffer("bias").new_zeros((1, *batch, self._n_inputs)).expand(int(x), *batch, -1)
        else:
            rows = self._input(x, (None, *batch))
        xp, p, after = self._operations(), self._now(), given
        outputs = []
        for row in rows:
            after, y = step(xp, p, after, row, self.sums)
            outputs.append(y)
        made = torch.stack(outputs) if outputs else self.get_buffer("bias").new_zeros((0, *batch, self._n_outputs))
        if state is not None:
            return made, after
        self._state = self.detach(after)
        require_finite(self.program, self.potentials, self.state[self.layout.step][0])
        return made

    def initial_state(self, batch_shape: int | Sequence[int] = (), *, seed: ArrayLike = 0) -> State:
        """The state of animals at rest at their initial potentials.

        Args:
            batch_shape: Shape of the batch; () for a single animal without a batch dimension.
            seed: Of the random numbers: one for all, or one for each animal [*batch].

        Returns:
            Tensors [*batch, size] by the names of `StateLayout`.

        Raises:
            NetworkError: The shape is none, or a seed is no whole number of 0 or more.
        """
        shape, p = batch_dimensions(batch_shape), self._now()
        state = self.from_flat(torch.tensor(self.layout.initial(self.program), device=self.device))
        started = {
            "potential": p.initial_potential,
            "threshold": p.initial_threshold,
            "weight": p.events.weight[p.plastic.event],
            "graded_weight": p.weighted.weight[p.weighted.learning],
        }
        if self.learned.chosen:
            state |= {name: value for name, value in started.items() if name in state}
            if "gate" in state:
                state["gate"] = steady_gates(self._operations(), p)
        state = {name: value.expand(*shape, -1) for name, value in state.items()}
        return state | {"seed": torch.tensor(seeds(seed, shape), device=self.device)[..., None]}

    def learned_values(self) -> dict[str, dict[str, Tensor]]:
        """What has been learned, in the units of the descriptions, as the step uses it.

        Returns:
            Values [n] by the name of the parameter and that of the connection, population or input, detached.
        """
        found: dict[str, dict[str, Tensor]] = {}
        with torch.no_grad():
            values = self.learned.values(self._fixed())
        for key, part in self.learned.chosen.items():
            own = found.setdefault(part.quantity.name, {})
            for k in np.unique(part.owner).tolist():
                own[part.names[k]] = values[key][torch.tensor(part.owner == k, device=self.device)]
        return found

    def to_network(self) -> Network:
        """The network with what has been learned in it, to be compiled for any backend, attached to a body, or saved.

        Raises:
            NetworkError: The model was not made from a network.
        """
        origins = self._require_origins()
        with torch.no_grad():
            values = self.learned.values(self._fixed())
        numbers = {key: value.to(torch.float64).cpu().numpy() for key, value in values.items()}
        return written_back(origins, list(self.learned.chosen.values()), numbers)

    def detach(self, state: State) -> State:
        """The same state without a past: gradients do not reach beyond it."""
        return {name: value.detach() for name, value in state.items()}

    def flat(self, state: State) -> Tensor:
        """A state as the vector that every backend shares: float64 [*batch, size], differentiable."""
        return torch.cat([state[name].to(torch.float64) for name in self._places], -1)

    def from_flat(self, vector: ArrayLike | Tensor) -> State:
        """The state of a vector [*batch, size] of this or any other backend.

        Raises:
            NetworkError: It has another size.
        """
        flat = torch.as_tensor(vector, device=self.device)
        if flat.ndim == 0 or flat.shape[-1] != self.layout.size:
            raise NetworkError(f"the state has shape {tuple(flat.shape)}; give [*batch, {self.layout.size}]")
        return {
            name: flat[..., place].to(torch.float64 if name in COUNTS else self.dtype)
            for name, place in self._places.items()
        }

    def reset(self, *, seed: int | None = None) -> None:
        """Take the model's own state back to the initial one (or as far as SNS-Toolbox's reset does).

        Args:
            seed: Seed of the random numbers; the one before, which is 0 at first, if left out.

        Raises:
            NetworkError: The seed is negative or not a whole number.
        """
        before, given = self.state, checked_seed(seed)
        if self.program.reset_keeps_synapses:
            self.state = self.layout.after_reset(self.program, before, given)
        else:
            kept = before[self.layout.seed][0] if given is None else given
            self._state = self.detach(self.initial_state(seed=kept))

    @property
    def state(self) -> Floats:
        """The model's own state, a copy: float64 [size], the same for every backend."""
        return self.flat(self._own()).cpu().numpy()

    @state.setter
    def state(self, value: ArrayLike) -> None:
        array = floats("the state", value)
        if array.shape != (self.layout.size,):
            raise NetworkError(f"the state has shape {array.shape}; this network's has {(self.layout.size,)}")
        self._state = self.from_flat(array.copy())

    @property
    def potentials(self) -> Floats:
        """Membrane potentials of the model's own state, a copy [N], mV."""
        return self._own_part("potential")

    @property
    def thresholds(self) -> Floats:
        """Thresholds of its spiking neurons, a copy [S], mV."""
        return self._own_part("threshold")

    @property
    def spikes(self) -> NDArray[np.bool_]:
        """Which of its spiking neurons spiked in the last step [S]."""
        return self._own_part("spike") > 0

    def _own_part(self, name: str) -> Floats:
        """A part of the model's own state, which may have no elements."""
        part = self._own().get(name)
        return np.empty(0) if part is None else part.to("cpu", torch.float64, copy=True).numpy()

    @property
    def _n_inputs(self) -> int:
        return self.program.n_inputs

    @property
    def _n_outputs(self) -> int:
        return self.program.n_outputs

    def _own(self) -> State:
        """The state that the model keeps by itself."""
        if self._state is None:
            self._state = self.detach(self.initial_state())
        return self._state

    def _operations(self) -> TorchOperations:
        return TorchOperations(self.dtype, self._spike, detach_reset=self._detach_reset)

    def _require_origins(self) -> Origins:
        if self._origins is None:
            raise NetworkError(
                "this model was made from a program alone; to learn, make it with net.compile(backend='torch')"
            )
        return self._origins

    def _fixed(self) -> Arrays:
        """The arrays as they were compiled."""
        if self._base is None:
            self._base = mapped(self._host, lambda path, _: self.get_buffer(_buffer(path)))
        return self._base

    def _now(self) -> Arrays:
        """The arrays with the parameters as they are now."""
        if self.learned.chosen:
            return self._prepared(self.learned(self._fixed()))
        if self._held is None:
            self._held = self._prepared(self._fixed())
        return self._held

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "TorchModel":
        """Move to another device or dtype."""
        moved = super()._apply(fn, recurse)
        self._base = self._held = None
        usable_dtype(self.dtype)
        if self._state is not None:
            self._state = self.from_flat(self.flat(self._state))
        return moved

    def _input(self, x: Any, shape: tuple[int | None, ...]) -> Tensor:
        """What came in, as a tensor; None stands for any size."""
        try:
            rows = torch.as_tensor(x, dtype=self.dtype, device=self.device)
        except (TypeError, ValueError, RuntimeError):
            raise NetworkError(f"x is {x!r}; give numbers") from None
        wanted = (*shape, self._n_inputs)
        if rows.ndim != len(wanted) or any(w not in (None, n) for w, n in zip(wanted, rows.shape, strict=True)):
            shown = ", ".join("steps" if w is None else str(w) for w in wanted)
            raise NetworkError(f"x has shape {tuple(rows.shape)}; give [{shown}]: {named_inputs(self.program)}")
        return rows


def _buffer(path: str) -> str:
    """The name under which a module keeps an array: dots would be those of submodules."""
    return path.replace(".", "__")
