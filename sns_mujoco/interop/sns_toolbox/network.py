"""`Network` under SNS-Toolbox's names and rules: a record of lists and dictionaries, which compiles.

What is recorded is read by `from_sns_toolbox`, exactly as a network of the original is.
"""

import copy
from collections.abc import Sequence
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.interop.sns_toolbox.backends import BACKENDS, Backend
from sns_mujoco.interop.sns_toolbox.color_utilities import known_color
from sns_mujoco.interop.sns_toolbox.connections import Connection
from sns_mujoco.interop.sns_toolbox.neurons import Neuron
from sns_mujoco.interop.toolbox_parameters import plain
from sns_mujoco.network.checks import text, truth

BackendName = Literal["numpy", "torch", "sparse", "iterative"]


class Network:
    """A nervous system as SNS-Toolbox records it. Names may repeat; the first one that fits is found.

    Attributes:
        params: Its name, and what it holds: spiking, delay, electrical, electricalRectified, gated, numChannels.
        populations: Dictionaries with type, number, shape, name, color, initial_value.
        inputs: Dictionaries with name, size, destination, color.
        outputs: Dictionaries with name, source, spiking, color.
        connections: Dictionaries with name, source, destination, params, type, view.
    """

    def __init__(self, name: str = "Network") -> None:
        """Begin an empty nervous system."""
        self.params: dict[str, Any] = {
            "name": text("Network", "name", name), "spiking": False, "delay": False, "electrical": False,
            "electricalRectified": False, "gated": False, "numChannels": 0,
        }  # fmt: skip
        self.populations: list[dict[str, Any]] = []
        self.inputs: list[dict[str, Any]] = []
        self.outputs: list[dict[str, Any]] = []
        self.connections: list[dict[str, Any]] = []

    def add_neuron(
        self, neuron_type: Neuron, name: str | None = None, color: str | None = None, initial_value: Any = None
    ) -> None:
        """Add a single neuron; see `add_population`."""
        self.add_population(neuron_type, [1], name, color, initial_value)

    def add_population(
        self,
        neuron_type: Neuron,
        shape: Sequence[int],
        name: str | None = None,
        color: str | None = None,
        initial_value: ArrayLike | None = None,
    ) -> None:
        """Add neurons of one kind.

        Args:
            neuron_type: Their kind; it is copied.
            shape: [n] or [rows, columns].
            name: Name; that of the kind if left out.
            color: Colour in pictures; that of the kind if left out.
            initial_value: Membrane potential at the start, mV: one, or one for each neuron; the resting potential if
                left out.

        Raises:
            NetworkError: It is no neuron.
        """
        if not isinstance(neuron_type, Neuron):
            raise NetworkError(f"{neuron_type!r} is no neuron; give one of sns_mujoco.interop.sns_toolbox.neurons")
        number = prod(int(size) for size in plain(shape))
        rest = neuron_type.params["resting_potential"]
        if initial_value is None:
            initial_value = np.full(number, rest) if number > 1 else rest
        self.populations.append(
            {
                "type": copy.deepcopy(neuron_type),
                "number": number,
                "shape": shape,
                "name": neuron_type.name if name is None else text("population", "name", name),
                "color": neuron_type.color if color is None else known_color(color, neuron_type.color),
                "initial_value": initial_value,
            }
        )
        self.params["spiking"] |= neuron_type.params["spiking"]
        self.params["gated"] |= neuron_type.params["gated"]
        self.params["numChannels"] = max(self.params["numChannels"], neuron_type.params.get("numChannels", 0))

    def add_input(self, dest: int | str, size: int = 1, name: str = "Input", color: str = "white") -> None:
        """Let current in from outside.

        Args:
            dest: Name or index of a population.
            size: 1: the same current (nA) to every neuron of it; otherwise its number of neurons.
            name: Name.
            color: Colour in pictures.

        Raises:
            UnknownNameError: There is no such population.
            NetworkError: The size does not fit.
        """
        place = self._place(dest)
        number = self.populations[place]["number"]
        if size not in (1, number):
            raise NetworkError(f"input {name!r}: size is {size!r}; give 1, or {number} for its population")
        name = text("input", "name", name)
        self.inputs.append({"name": name, "size": int(size), "destination": place, "color": known_color(color)})

    def add_output(self, source: int | str, name: str = "Output", spiking: bool = False, color: str = "white") -> None:
        """Read the potentials or spikes of a population, one element for each neuron.

        Args:
            source: Name or index of the population.
            name: Name.
            spiking: Whether it reads spikes.
            color: Colour in pictures.

        Raises:
            UnknownNameError: There is no such population.
        """
        place, spiking, name = self._place(source), truth("output", "spiking", spiking), text("output", "name", name)
        self.outputs.append({"name": name, "source": place, "spiking": spiking, "color": known_color(color)})

    def add_connection(
        self,
        connection_type: Connection,
        source: int | str,
        destination: int | str,
        name: str | None = None,
        view_label: bool = False,
    ) -> None:
        """Connect two populations.

        Args:
            connection_type: The kind of synapses; it is copied.
            source: Name or index of the presynaptic population.
            destination: Name or index of the postsynaptic one.
            name: Name; that of the kind if left out.
            view_label: Whether pictures show the name.

        Raises:
            UnknownNameError: There is no such population.
            NetworkError: It is no connection.
        """
        if not isinstance(connection_type, Connection):
            raise NetworkError(
                f"{connection_type!r} is no connection; give one of sns_mujoco.interop.sns_toolbox.connections"
            )
        params = connection_type.params
        self.connections.append(
            {
                "name": params["name"] if name is None else text("connection", "name", name),
                "source": self._place(source),
                "destination": self._place(destination),
                "params": copy.deepcopy(params),
                "type": copy.deepcopy(connection_type),
                "view": truth("connection", "view_label", view_label),
            }
        )
        if params["electrical"]:
            self.params["electricalRectified" if params["rectified"] else "electrical"] = True
        if params["spiking"]:
            self.params["spiking"] = True
            self.params["delay"] |= bool(np.any(params["transmissionDelay"]))

    def add_network(self, network: "Network", color: str | None = None, suffix: str | None = None) -> None:
        """Add everything of another network, but, as SNS-Toolbox has it, not its initial values and connections' names.

        Args:
            network: What to add; it stays as it is.
            color: Colour for its populations, inputs and outputs; their own if left out.
            suffix: Put behind every name of these.

        Raises:
            NetworkError: It is no network.
        """
        if not isinstance(network, Network):
            raise NetworkError(f"{network!r} is no network; give one of sns_mujoco.interop.sns_toolbox.networks")
        color = color and known_color(color)
        first, end = len(self.populations), suffix or ""
        for p in network.populations:
            self.add_population(p["type"], p["shape"], p["name"] + end, color or p["color"])
        for i in network.inputs:
            self.add_input(i["destination"] + first, i["size"], i["name"] + end, color or i["color"])
        for o in network.outputs:
            self.add_output(o["source"] + first, o["name"] + end, o["spiking"], color or o["color"])
        for c in network.connections:
            self.add_connection(c["type"], c["source"] + first, c["destination"] + first, view_label=c["view"])

    def copy(self) -> "Network":
        """An independent copy."""
        return copy.deepcopy(self)

    def get_num_neurons(self) -> int:
        """Number of neurons."""
        return sum(p["number"] for p in self.populations)

    def get_num_connections(self) -> int:
        """Number of connections."""
        return len(self.connections)

    def get_num_populations(self) -> int:
        """Number of populations."""
        return len(self.populations)

    def get_num_inputs(self) -> int:
        """Number of inputs."""
        return len(self.inputs)

    def get_num_inputs_actual(self) -> int:
        """Number of elements of the input vector."""
        return sum(i["size"] for i in self.inputs)

    def get_num_outputs(self) -> int:
        """Number of outputs."""
        return len(self.outputs)

    def get_num_outputs_actual(self) -> int:
        """Number of elements of the output vector."""
        return sum(self.populations[o["source"]]["number"] for o in self.outputs)

    def get_population_index(self, name: str) -> int:
        """Index of the first population of this name.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return self._index("population", self.populations, name)

    def get_connection_index(self, name: str) -> int:
        """Index of the first connection of this name.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return self._index("connection", self.connections, name)

    def get_input_index(self, name: str) -> int:
        """Index of the first input of this name.

        Raises:
            UnknownNameError: There is none; the closest names are suggested.
        """
        return self._index("input", self.inputs, name)

    def compile(
        self,
        dt: float = 0.01,
        backend: BackendName = "numpy",
        device: str = "cpu",
        debug: bool = False,
        return_params: bool = False,
    ) -> Any:
        """Make it ready to be stepped.

        Args:
            dt: Neural step, ms.
            backend: Which of SNS-Toolbox's backends to stand in for: "numpy", "torch", "sparse", or "iterative", whose
                parallel synapses add up.
            device: Where the tensors of "torch" and "sparse" lie.
            debug: Whether to print everything that the model holds.
            return_params: Whether to return its parameters too.

        Returns:
            A model, `y = model(x)`; or the model and its arrays under SNS-Toolbox's names.

        Raises:
            NetworkError: The network is empty, a parameter makes no sense, or there is no such backend.
            TimeStepError: The step is no positive number.
            MissingDependencyError: The backend needs torch.
        """
        if backend not in BACKENDS:
            raise NetworkError(f"backend is {backend!r}; give {', '.join(map(repr, BACKENDS))}")
        model: Backend = BACKENDS[backend](self, dt, device)
        if debug:
            for name, value in model.get_params().items():
                print(f"{name}:\n{value}")
        return (model, model.get_params()) if return_params else model

    def _place(self, which: int | str) -> int:
        """Index of a population by its name; an index is passed on, -1 as the last."""
        if isinstance(which, str):
            return self.get_population_index(which)
        count = len(self.populations)
        if isinstance(which, int | np.integer) and not isinstance(which, bool) and -1 <= which < count and count:
            return int(which) % count
        raise unknown_name("population", which, [p["name"] for p in self.populations], self._label())

    def _index(self, kind: str, records: list[dict[str, Any]], name: str) -> int:
        names = [record["name"] for record in records]
        if name not in names:
            raise unknown_name(kind, name, names, self._label())
        return names.index(name)

    def _label(self) -> str:
        return f"network {self.params['name']!r}"
