"""`Network`: a nervous system as plain data. Populations, connections, inputs and outputs, all by name.

Its methods are those of SNS-Toolbox, so that its users are at home. What differs: names are unique (a second
neuron of the same default name gets a number, a given name that is taken is refused), parallel synapses add
up, and its parts are only read: what is added stays as it is.
"""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.building import Builder
from sns_mujoco.network.merging import renamed

if TYPE_CHECKING:
    from sns_mujoco.backends.model import Model
    from sns_mujoco.backends.program import Program
    from sns_mujoco.network.pictures.activity import Activity, Scale
    from sns_mujoco.network.pictures.groups import Group

Semantics = Literal["textbook", "sns-toolbox"]
Integrator = Literal["euler", "exponential"]


class Network(Builder):
    """A nervous system.

    Attributes:
        name: Its name.
    """

    def add_network(
        self, network: "Network", color: str | None = None, suffix: str | None = None, *, prefix: str = ""
    ) -> None:
        """Add everything of another network, with its names between a prefix and a suffix.

        Connections that were named after their populations follow the new names of these.

        Args:
            network: What to add; it stays as it is.
            color: Colour for its populations; their own if left out.
            suffix: Put behind every name of it.
            prefix: Put before every name of it.

        Raises:
            NetworkError: A name is taken; nothing has been added then.
        """
        if not isinstance(network, Network):
            raise NetworkError(f"{network!r} is no network; give a Network")
        parts = renamed(network, self, lambda name: f"{prefix}{name}{suffix or ''}", color)
        added = {
            "populations": (self._population_names, self._populations),
            "connections": (self._connection_names, self._connections),
            "inputs": (self._input_names, self._inputs),
            "outputs": (self._output_names, self._outputs),
            "noises": (self._noise_names, self._noises),
        }
        for what, (names, _) in added.items():
            names.require_free(
                [part.name for part in getattr(parts, what)], f"give {network.name!r} a prefix or suffix"
            )
        for what, (names, own) in added.items():
            names.extend([part.name for part in getattr(parts, what)])
            own += getattr(parts, what)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a `.json` file that can be read and compared; large arrays go into a file beside it.

        Raises:
            OutputPathError: The file cannot be written there.
            NetworkError: A description is not one of this package's, nor registered.
        """
        from sns_mujoco.network.files import save_network

        save_network(self, path)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> "Network":
        """Read a network from a file.

        Raises:
            FileNotFoundError: There is no such file.
            NetworkError: It is damaged, of another format, or of a newer version; the message says where.
        """
        from sns_mujoco.network.files import load_network

        return load_network(path)

    def to_svg(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        activity: "Activity | None" = None,
        scale: "Scale" = None,
        conductances: Mapping[str, Any] | Sequence[Any] | None = None,
        group: "Group" = None,
    ) -> str:
        """A circuit diagram, readable for a hundred neurons; see `sns_mujoco.network.pictures.to_svg`.

        Args:
            path: A `.svg` file to write it to as well.
            activity: Membrane potentials, mV, to colour the neurons by: [N], or by population.
            scale: Lowest and highest potential of the colours, mV; from the synapses if left out.
            conductances: Of connections, by name or in order, to draw the closed ones pale.
            group: How names fall into groups: chosen if left out, False for none, a separator, a mapping or a function.

        Returns:
            SVG.
        """
        from sns_mujoco.network.pictures import to_svg

        return to_svg(self, path, activity=activity, scale=scale, conductances=conductances, group=group)

    def to_mermaid(self, *, group: "Group" = None) -> str:
        """A Mermaid flowchart; see `sns_mujoco.network.pictures.to_mermaid`."""
        from sns_mujoco.network.pictures import to_mermaid

        return to_mermaid(self, group=group)

    def _repr_svg_(self) -> str:
        """What notebooks show."""
        return self.to_svg()

    def __str__(self) -> str:
        """What is in it, as a table."""
        from sns_mujoco.network.pictures import summary

        return summary(self)

    def copy(self) -> "Network":
        """An independent copy."""
        twin = Network(self.name)
        twin.add_network(self)
        return twin

    def to_program(
        self, dt: float = 0.01, semantics: Semantics = "textbook", integrator: Integrator = "euler"
    ) -> "Program":
        """The flat arrays that every backend steps; see `compile`."""
        from sns_mujoco.backends.compiler import compile_network

        return compile_network(self, dt, semantics, integrator)

    def compile(
        self,
        dt: float = 0.01,
        backend: Literal["numba", "numpy", "torch", "sparse", "auto"] = "numba",
        device: Any = "cpu",
        *,
        semantics: Semantics = "textbook",
        integrator: Integrator = "euler",
        **options: Any,
    ) -> "Model | Any":
        """Make it ready to be stepped.

        Args:
            dt: Neural step, ms.
            backend: "numba", the fast one; "numpy", the readable reference; "torch", batched and differentiable, or
                "sparse", the same for large networks; or "auto", the fastest measured that can do what is asked for.
            device: Where it runs: "cpu", or for torch also another of its devices.
            semantics: "textbook", or "sns-toolbox" to get the numbers of SNS-Toolbox with its peculiarities
                (see `sns_mujoco.backends.compiler`).
            integrator: "euler", forward Euler, as SNS-Toolbox and Norse have it; or "exponential", exponential Euler:
                exact for leaky membranes whose conductances and currents stand still, and for all that only decays;
                potentials stay bounded at every step, but a loop of strong inhibition may swing at long ones.
            **options: Of the backends of torch: dtype, learnable, bounds, surrogate, detach_reset; see `TorchModel`.
                Of numba: batch, a number of states that are stepped together, see `NumbaBatch`; and threads.

        Returns:
            A `Model`, with torch a `TorchModel`, with a batch a `NumbaBatch`: `y = model(x)` advances it by one step.
            Its `choice` says which backend it has, and why.

        Raises:
            TimeStepError: The step is too large for explicit Euler; the message has the largest safe one.
            NetworkError: The network is empty, or an argument is unknown.
            UnknownNameError: What is to be learned does not exist.
            MissingDependencyError: torch is asked for and not installed.
        """
        from sns_mujoco.backends.choose import make_model

        return make_model(self.to_program(dt, semantics, integrator), backend, device, network=self, **options)
