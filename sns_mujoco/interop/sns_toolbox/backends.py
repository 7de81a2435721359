"""Compiled models under SNS-Toolbox's names: what a script reads and writes while it steps one."""

import warnings
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.model import Model
from sns_mujoco.backends.numba_backend import NumbaModel
from sns_mujoco.backends.program import Program
from sns_mujoco.errors import MissingDependencyError, NetworkError
from sns_mujoco.interop.sns_toolbox.matrices import LARGEST, PARAMETERS, SYNAPSES, matrices
from sns_mujoco.interop.sns_toolbox.parallel import with_parallel_synapses
from sns_mujoco.interop.sns_toolbox.parameters import channel_places, spiking_places, with_parameter
from sns_mujoco.interop.toolbox_network import from_sns_toolbox
from sns_mujoco.interop.toolbox_parameters import plain
from sns_mujoco.network import Network

STATE = ("V", "theta", "g_spike", "b_gate", "c_gate")  # a change counts in the next step
START = {"V": "V_0", "theta": "theta_0", "b_gate": "b_gate_0", "c_gate": "c_gate_0"}
"""Where they are to be had while a network that cannot be stepped has no core."""
SHOWN = ("V_last", "theta_last", "spikes", "b_gate_last", "c_gate_last")  # a change counts for nothing
CHANGEABLE = PARAMETERS | set(STATE)
KEYS = {
    "electrical": "elec", "electrical_rectified": "rect", "num_populations": "numPop", "num_neurons": "numNeurons",
    "num_connections": "numConn", "input_connectivity": "inputConn", "output_voltage_connectivity": "outConnVolt",
    "output_spike_connectivity": "outConnSpike",
}  # fmt: skip
"""Where the parameters that SNS-Toolbox returns are not simply called like the attribute, in camel case."""


class Backend:
    """A model: `y = model(x)` advances it by one step.

    Its arrays are made when they are read. A script may change them or put others in their place: the potentials `V`
    [N] mV, the thresholds `theta` [N] mV, the conductances of spiking synapses `g_spike` [N, N] uS and the gates
    `b_gate` and `c_gate` [channels, N], and all parameters (`g_max_non`, `del_e`, `i_b`, ...), as long as no synapse is
    needed that the network has not. What comes after the next step is another array, so what was kept stays as it was.
    For neurons without a threshold or a channel, `theta` is the largest number there is and the gates are 0. Spikes are
    -1 in `spikes`, as SNS-Toolbox keeps them, and 1 in outputs.

    Attributes:
        outputs: What the last step returned.
        dt: Neural step, ms.
        name: Name of the network.
        num_neurons: Number of neurons N; likewise num_populations, num_connections, num_inputs.
        num_outputs: Number of output elements O.
        spiking: Whether anything spikes; likewise delay, electrical, electrical_rectified, gated.
        num_channels: The largest number of ion channels of a neuron.
    """

    outputs: Any
    _on_device: ClassVar[bool] = False
    _absent: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, network: Any, dt: float = 0.01, device: str = "cpu") -> None:
        """Compile a network.

        Args:
            network: The network.
            dt: Neural step, ms.
            device: Where its arrays lie.

        Raises:
            NetworkError: The network is empty, or a parameter makes no sense.
            TimeStepError: The step is no positive number.
        """
        if device != "cpu" and not self._on_device:
            warnings.warn(f"{type(self).__name__} runs on the 'cpu', not on {device!r}", stacklevel=4)
        params = dict(network.params)
        self.dt, self.name = dt, params["name"]
        self.spiking, self.delay, self.gated = params["spiking"], params["delay"], params["gated"]
        self.electrical, self.electrical_rectified = params["electrical"], params["electricalRectified"]
        self.num_channels = params["numChannels"]
        self.num_populations, self.num_connections = len(network.populations), len(network.connections)
        self.num_neurons = network.get_num_neurons()
        self.num_inputs, self.num_outputs = len(network.inputs), network.get_num_outputs_actual()
        parts = {name: list(getattr(network, name)) for name in ("populations", "connections", "inputs", "outputs")}
        self._network = SimpleNamespace(params=params, **parts)  # what is added to the network later is not ours
        self._model: Model | None = None
        self._before: NDArray[np.float64] | None = None
        self._arrays: dict[str, NDArray[np.float64]] | None = None
        self._given: dict[str, NDArray[np.float64]] = {}
        self._bare = len(vars(self)) + 1  # with more attributes than these, some array has been read or set
        if not any(_flat(connection["params"]) for connection in network.connections):
            _ = self._core  # which says what is wrong, if anything is

    def __call__(self, x: Any = None) -> Any:
        """Advance by one step; see `forward`."""
        return self.forward(x)

    def forward(self, x: Any = None) -> Any:
        """Advance by one step.

        Args:
            x: Input [M], nA; zero if left out.

        Returns:
            Output after the step [O].

        Raises:
            NetworkError: The input has another size or is not finite, a changed parameter makes no sense, or a ramp
                of the network has no width.
        """
        held = vars(self)
        shown = len(held) - ("outputs" in held) > self._bare
        if shown:
            self._take_changes()
        core = self._core
        before = core.state
        y = core(None if x is None else np.ravel(plain(x)))
        self._before = before
        if shown:
            self._forget()
        self.outputs = self._give(y)
        return self.outputs

    def reset(self) -> None:
        """Go back to the start, but, as in SNS-Toolbox, not the conductances of spiking synapses and delayed spikes."""
        self._take_changes()
        self._core.reset()
        self._before = self._core.state
        self._forget()

    def get_params(self) -> dict[str, Any]:
        """Everything that it holds, under the names of SNS-Toolbox's `return_params`. Changes of parameters count."""
        arrays = sorted(name for name in CHANGEABLE | set(SHOWN) if self._look_up(name) is not None)
        names = [name for name in vars(self) if name not in (*arrays, "outputs") and not name.startswith("_")] + arrays
        return {KEYS.get(name, _camel(name)): getattr(self, name) for name in names}

    def __getattr__(self, name: str) -> Any:
        """Make an array that is read for the first time since it last changed."""
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        value = self._look_up(name)
        if value is None:
            raise AttributeError(
                f"{type(self).__name__!r} has no attribute {name!r}; a network without spiking neurons or ion channels "
                "has no arrays for them"
            )
        self._given[name] = value
        given = self._give(value.copy())
        setattr(self, name, given)
        return given

    @property
    def _core(self) -> Model:
        """The compiled core, made when it is first needed."""
        if self._model is None:
            network = from_sns_toolbox(self._network, report=[])
            self._model = NumbaModel(self._program(network))
        return self._model

    def _program(self, network: Network) -> Program:
        return network.to_program(self.dt, "sns-toolbox")

    def _give(self, value: NDArray[np.float64]) -> Any:
        """An array as scripts of this backend expect it."""
        return value

    def _look_up(self, name: str) -> NDArray[np.float64] | None:
        """The array of a name, or nothing if there is none."""
        if name in PARAMETERS - self._absent:
            if self._arrays is None:
                self._arrays = matrices(self._network, self.dt)
            return self._arrays.get(name)
        if self._model is None and name.removesuffix("_last") in START:
            return self._look_up(START[name.removesuffix("_last")])
        if name in SHOWN and self._before is not None and name.endswith("_last"):
            return self._from_state(name.removesuffix("_last"), self._before)
        if name in (*STATE, *SHOWN) and name not in self._absent:
            return self._from_state(name.removesuffix("_last"), self._core.state)
        return None

    def _from_state(self, name: str, state: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """An array as SNS-Toolbox keeps it, from a state of the core."""
        program, layout = self._core.program, self._core.layout
        if name == "V":
            return state[layout.potential].copy()
        if name in ("theta", "spikes") and self.spiking:
            full = np.full(self.num_neurons, LARGEST if name == "theta" else 0.0)
            full[program.spiking_neuron] = state[layout.threshold] if name == "theta" else -state[layout.spike]
            return full
        if name == "g_spike" and self.spiking:
            full = np.zeros((self.num_neurons, self.num_neurons))
            full[spiking_places(program)] = state[layout.conductance]
            return full
        if name in ("b_gate", "c_gate") and self.gated:
            full = np.zeros((self.num_channels, self.num_neurons))
            full[channel_places(program)] = state[layout.gate].reshape(2, -1)["bc".index(name[0])]
            return full
        return None

    def _take_changes(self) -> None:
        """Carry over what a script has changed since the last step."""
        held = vars(self)
        program, state = None, None
        for name in held.keys() & CHANGEABLE:
            known = self._given[name] if name in self._given else self._look_up(name)
            if known is None:
                raise NetworkError(
                    f"{name} of the model is set, but this network has nothing of the kind; take it away"
                )
            value = np.array(plain(held[name]), float)
            if value.shape != known.shape:
                raise NetworkError(f"{name} of the model has shape {value.shape}; give {known.shape}")
            if np.array_equal(value, np.asarray(plain(self._give(known)), float), equal_nan=True):
                continue
            if name in PARAMETERS:
                program = with_parameter(program or self._core.program, name, value)
                assert self._arrays is not None
                self._arrays[name] = self._given[name] = value
            else:
                state = self._into_state(name, value, self._core.state if state is None else state)
        if program is not None:
            kept, self._model = self._core.state, NumbaModel(program)
            self._model.state = kept
        if state is not None:
            self._core.state = state

    def _into_state(self, name: str, value: NDArray[np.float64], state: NDArray[np.float64]) -> NDArray[np.float64]:
        """A state of the core in which one array is another."""
        program, layout = self._core.program, self._core.layout
        if name == "V":
            state[layout.potential] = value
        elif name == "theta":
            state[layout.threshold] = value[program.spiking_neuron]
        elif name == "g_spike":
            state[layout.conductance] = value[spiking_places(program)]
        else:
            gates = state[layout.gate].reshape(2, -1)  # a view
            gates["bc".index(name[0])] = value[channel_places(program)]
        return state

    def _forget(self) -> None:
        """Let go of what shows the state, so that it is made anew when it is next read."""
        for name in (*STATE, *SHOWN):
            if vars(self).pop(name, None) is not None:
                self._given.pop(name, None)


class SNS_Numpy(Backend):
    """What `compile(backend="numpy")` makes: NumPy arrays of float64."""


class SNS_Iterative(Backend):
    """What `compile(backend="iterative")` makes: parallel synapses add up, and there are no matrices of synapses."""

    _absent = frozenset((*SYNAPSES, "g_spike"))

    def _program(self, network: Network) -> Program:
        return with_parallel_synapses(super()._program(network), network)


class SNS_Torch(Backend):
    """What `compile(backend="torch")` makes: tensors of torch's default dtype on the device asked for.

    It computes in float64 on the processor, whatever the tensors are, and carries no gradients.
    """

    _on_device = True

    def __init__(self, network: Any, dt: float = 0.01, device: str = "cpu") -> None:
        """Compile a network; see `Backend`.

        Raises:
            MissingDependencyError: There is no torch.
        """
        try:
            import torch
        except ImportError as error:
            message = "the backends 'torch' and 'sparse' need torch; pip install 'sns-mujoco[torch]'"
            raise MissingDependencyError(message) from error
        dtype = torch.get_default_dtype()
        self._largest = torch.finfo(dtype).max
        self._as_tensor = partial(torch.tensor, dtype=dtype, device=torch.device(device))
        super().__init__(network, dt, device)

    def _give(self, value: NDArray[np.float64]) -> Any:
        fits = np.where(np.abs(value) == LARGEST, np.copysign(self._largest, value), value)
        return self._as_tensor(fits)


class SNS_Sparse(SNS_Torch):
    """What `compile(backend="sparse")` makes: the same; its tensors are dense."""


BACKENDS: dict[str, type[Backend]] = {
    "numpy": SNS_Numpy, "torch": SNS_Torch, "sparse": SNS_Sparse, "iterative": SNS_Iterative,
}  # fmt: skip


def _flat(params: dict[str, Any]) -> bool:
    """Whether graded synapses from matrices have ramps without width."""
    if not params["matrix"] or params["spiking"]:
        return False
    return bool(np.any((params["e_lo"] == params["e_hi"]) & (params["max_conductance"] > 0)))


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first.lower() + "".join(other[0].upper() + other[1:] for other in others)
