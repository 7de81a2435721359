"""A nervous system as an actor: from observations to actions, in torch, exactly as it will live in a body.

    observation -> afferents -> currents -> neurons -> potentials -> efferents -> action

Afferents and efferents are the adapters that attach the network to the body later. Here every afferent takes its signal
from an element of the observation, and every actuator is an element of the action. What learns is the network: its
conductances, biases, weights of its inputs ... Weights of inputs are a linear encoder; the ramps of afferents before it
bring signals into nA.

An action lasts one or several neural steps. Natively, what is sensed at a physics step acts on the actuators at the
next one. So there are two kinds of environments:

- A step of the environment is one physics step: take `latency=1`. An action comes from the potentials at its beginning,
  and what was observed there acts on the next one. The deployed animal does exactly the same, step by step.
- A step of the environment is a frame of many physics steps: take `latency=0`. What is observed acts on the action at
  once. For the same signals the deployed animal has the same outputs; but it hears its body more often than in
  training, once in each physics step.
"""

from collections.abc import Sequence
from typing import Any

import mujoco
import torch
from torch import Tensor, nn

from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.adapters.efferents import Efferent
from sns_mujoco.backends.learnable import QUANTITIES, Bounds, Learnable, Origins
from sns_mujoco.backends.torch_backend import State, TorchModel
from sns_mujoco.cosim.attach import attach
from sns_mujoco.cosim.body import Body
from sns_mujoco.errors import NetworkError
from sns_mujoco.learning.reinforcement.ports import Ports, wired
from sns_mujoco.learning.reinforcement.tensor_adapters import columns
from sns_mujoco.network.network import Integrator, Network

LEARNABLE = ("max_conductance", "conductance_increment", "weight", "bias", "input_weight")
NEXT_EPISODE = 2**20  # from the seed of one episode of an animal to that of its next; animals of a batch lie between


class Actor(nn.Module):
    """A network with its adapters, from observations to actions.

    Attributes:
        network: The network as it was given; `to_network` has what was learned.
        afferents: Its senses.
        efferents: Its outputs.
        observed: Element of the observation that each afferent takes [A].
        actuators: Names of the actuators, in the order of the action [U].
        dt: Neural step, ms.
        steps: Neural steps in an action.
        latency: 0, an observation acts on the action at once; 1, on the next one.
        model: The network as a torch module: its inputs are those of the network and of the afferents, its outputs the
            potentials (mV) of the terms of the efferents.
    """

    def __init__(
        self,
        network: Network,
        afferents: Sequence[Afferent],
        efferents: Sequence[Efferent],
        *,
        dt: float,
        steps: int = 1,
        latency: int = 0,
        observed: Sequence[int] | None = None,
        integrator: Integrator = "euler",
        learnable: Learnable | None = None,
        bounds: Bounds | None = None,
        **options: Any,
    ) -> None:
        """Make an actor of a network.

        Args:
            network: The nervous system. It is copied.
            afferents: Adapters that feed it; the signal of each is an element of the observation, in its own unit.
            efferents: Adapters that drive actuators. Actions are in the order in which they first name an actuator.
            dt: Neural step, ms.
            steps: Neural steps in an action.
            latency: 0 or 1, see above.
            observed: Which element of the observation is the signal of each afferent; the first, the second ... if left
                out.
            integrator: "euler" or "exponential", see `Network.compile`.
            learnable: What can be learned, see `TorchModel`; if left out, all that the network has of
                "max_conductance", "conductance_increment", "weight", "bias" and "input_weight".
            bounds: Of what is learned, see `TorchModel`.
            **options: Of `TorchModel`: surrogate, detach_reset, dtype, device.

        Raises:
            NetworkError: The network, steps, latency, an observed element or something learnable is wrong.
            AttachError: An adapter is none, or cannot be used here (delays, noise, pools of motor neurons, ...).
            UnknownNameError: An adapter names a neuron, population or input that does not exist.
            TimeStepError: The neural step is unstable.
        """
        super().__init__()
        self.network, self.dt = network.copy(), dt
        self.integrator: Integrator = integrator
        self.afferents, self.efferents = tuple(afferents), tuple(efferents)
        self.steps, self.latency = _whole("steps", steps, 1), _whole("latency", latency, 0, 1)
        places = range(len(self.afferents)) if observed is None else observed
        self.observed = tuple(_whole("an element of observed", place, 0) for place in places)
        if len(self.observed) != len(self.afferents):
            raise NetworkError(
                f"observed has {len(self.observed)} elements; give one for each of {len(self.afferents)} afferents"
            )
        program = self.network.to_program(dt, integrator=integrator)
        self._ports: Ports = wired(self.network.name, program, self.afferents, self.efferents)
        if learnable is None:
            origins = Origins(self.network, program)
            found = [q.name for q in QUANTITIES if q.name in LEARNABLE and origins.has(q).any()]
            learnable = list(dict.fromkeys(found))
        self.model = TorchModel(self._ports.program, self.network, learnable=learnable, bounds=bounds, **options)
        for name in ("element", "share", "base"):
            tensor = torch.tensor(getattr(self._ports, name), device=self.model.device, dtype=self.model.dtype)
            self.register_buffer(name, tensor, persistent=False)
        self.actuators = self._ports.actuators

    def initial_state(self, batch: int, *, seed: int = 0) -> State:
        """The state of animals at rest at their initial potentials.

        Args:
            batch: Number of animals.
            seed: Of the random numbers of the first; the others follow.

        Returns:
            Tensors [batch, size], see `TorchModel.initial_state`.
        """
        return self.model.initial_state(batch, seed=list(range(seed, seed + batch)))

    def encode(self, observations: Tensor) -> Tensor:
        """Currents that the afferents make of observations [..., K]: nA [..., A].

        Raises:
            NetworkError: An afferent takes an element that the observations do not have.
        """
        if self.observed and observations.shape[-1] <= max(self.observed):
            raise NetworkError(
                f"observations have {observations.shape[-1]} elements; an afferent takes element {max(self.observed)}"
            )
        return columns(self._ports.currents, observations.to(self.model.dtype)[..., list(self.observed)])

    def decode(self, potentials: Tensor) -> Tensor:
        """Actions that the efferents make of the potentials of their terms [..., terms], mV: [..., U], not clipped."""
        return self.get_buffer("base") + columns(self._ports.activations, potentials) @ self.get_buffer("share")

    def forward(self, observations: Tensor, state: State) -> tuple[Tensor, State]:
        """One action.

        Args:
            observations: [batch, K].
            state: From `initial_state`, or of the action before.

        Returns:
            Actions [batch, U] in the units of the controls, not clipped to their ranges; and the new state.
        """
        actions, after = self.run(observations[None], state)
        return actions[0], after

    def run(self, observations: Tensor, state: State, starts: Tensor | None = None) -> tuple[Tensor, State]:
        """Many actions, differentiable from the first to the last within each episode.

        Args:
            observations: [T, batch, K].
            state: From `initial_state`, or of the action before.
            starts: Where an episode begins, bool [T, batch]: there an animal starts from the initial state.

        Returns:
            Actions [T, batch, U] in the units of the controls, not clipped to their ranges; and the new state.

        Raises:
            NetworkError: Shapes do not fit.
        """
        count = len(observations)
        currents = self.encode(observations) @ self.get_buffer("element")
        begin = [] if starts is None else torch.nonzero(starts.any(-1)).flatten().tolist()
        cuts = sorted({0, *begin, count})
        made = []
        for first, last in zip(cuts[:-1], cuts[1:], strict=True):
            if starts is not None and first in begin:
                state = self.restarted(state, starts[first])
            before = state["potential"][..., list(self._ports.neurons)]
            x = currents[first:last].repeat_interleave(self.steps, 0)
            potentials, state = self.model.run(x, state)
            potentials = potentials[self.steps - 1 :: self.steps]
            if self.latency:
                potentials = torch.cat([before[None], potentials[:-1]])
            made.append(potentials)
        if not made:
            made.append(currents.new_zeros((0, *currents.shape[1:-1], len(self._ports.neurons))))
        return self.decode(torch.cat(made)), state

    def restarted(self, state: State, starts: Tensor) -> State:
        """The state with some animals at the initial one, with the random numbers of their next episode.

        Args:
            state: Of a batch.
            starts: Which, bool [batch].
        """
        fresh = self.model.initial_state(len(starts))
        fresh["seed"] = state["seed"] + NEXT_EPISODE
        chosen = starts[:, None]
        return {name: torch.where(chosen, fresh[name], value) for name, value in state.items()}

    def detach(self, state: State) -> State:
        """The same state without a past: gradients do not reach beyond it."""
        return self.model.detach(state)

    def to_network(self) -> Network:
        """The network with what was learned, to be compiled for any backend, attached to a body, or saved."""
        return self.model.to_network()

    def attach(self, body: Body, *, name: str = "nervous_system") -> mujoco.MjSpec:
        """Make what was learned the nervous system of a body; see `sns_mujoco.attach`.

        Args:
            body: Has the parts that the adapters name.
            name: Name of the nervous system in the model.

        Returns:
            The body with its nervous system.
        """
        adapters = (*self.afferents, *self.efferents)
        return attach(body, self.to_network(), adapters, dt=self.dt, name=name, integrator=self.integrator)


def _whole(name: str, value: Any, least: int, most: int | None = None) -> int:
    """A whole number between two others.

    Raises:
        NetworkError: It is none.
    """
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):
        allowed = f"a whole number of {least} or more" if most is None else f"{least} or {most}"
        raise NetworkError(f"{name} is {value!r}; give {allowed}")
    return value
