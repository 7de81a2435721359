"""Neurons with equations of their own, instead of the leaky membrane.

    net.add_neuron(
        EquationNeuron(
            equations={"V": "0.04 * V**2 + 5 * V + 140 - u + I", "u": "a * (b * V - u)"},
            parameters={"a": 0.02, "b": 0.2},
            initial={"u": "b * V"},
            spike="V >= 30",
            reset={"V": "-65", "u": "u + 8"},
            resting_potential=-70.0,
        ),
        "izhikevich",
    )

Every equation is the derivative of a variable per ms, as text in the language of
`sns_mujoco.network.equations.language`; texts are parsed, never executed. They know the variables, the parameters, the
definitions, `I` (nA: all that flows into the neuron, its bias included) and `dt` (ms). The potential V, mV, is what
other neurons, synapses and outputs see of it.

In every step all variables advance at once from their old values: x <- x + dt f by forward Euler, or, under
`compile(integrator="exponential")`, x <- x + dt f (exp(J dt) - 1) / (J dt) with J = df/dx at the old values, found by
symbolic differentiation (exponential Euler: exact where f is linear in x, while everything else stands still). Synaptic
conductances enter through I, at the old potential. Whether a step is small enough for such equations is not checked:
compare with a smaller one. Then the condition of a spike is tested on the new values, and where
it holds, and the neuron is not refractory, the variables named in the reset become what it says, all from the new
values; `previous(V)` is the value at the start of the step. While refractory the potential stands still and the other
variables go on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import NetworkError, SnsError, unknown_name
from sns_mujoco.network.checks import numbers
from sns_mujoco.network.equations.dynamics import POTENTIAL, Dynamics
from sns_mujoco.network.equations.tracing import traced
from sns_mujoco.network.neurons import Neuron, settle_numbers

Floats = NDArray[np.float64]


class NeuronWithEquations(Neuron):
    """What all neurons with equations share."""

    __slots__ = ()
    refractory_period: ArrayLike

    @property
    def dynamics(self) -> Dynamics:
        """The equations: what does not differ from neuron to neuron."""
        raise NotImplementedError

    @property
    def values(self) -> dict[str, Any]:
        """The parameters in the equations, and the variables that begin with a number: one, or one for each neuron."""
        raise NotImplementedError

    @property
    def spikes(self) -> bool:
        """See `Neuron.spikes`."""
        return self.dynamics.spike is not None

    @property
    def variables(self) -> tuple[str, ...]:
        """See `Neuron.variables`."""
        return self.dynamics.variables[1:]

    @property
    def per_neuron(self) -> dict[str, Any]:
        """See `Neuron.per_neuron`."""
        own = {name: value for name, value in self.values.items() if name not in self.PER_NEURON}
        common = {name: getattr(self, name) for name in (*self.PER_NEURON, "refractory_period")}
        return own | common

    def start(self, potential: Floats) -> Floats:
        """The variables besides the potential at the start [variables, n_neurons], from the potentials [n_neurons].

        Raises:
            NetworkError: One is not finite.
        """
        given = {**dict.fromkeys(self.variables, 0.0), **self.values}
        given = {name: np.ravel(value) for name, value in given.items()} | {POTENTIAL: potential}
        found = self.dynamics.start({k: v for k, v in given.items() if k not in dict(self.dynamics.initial)})
        start = np.empty((len(self.variables), len(potential)))
        for row, name in enumerate(self.variables):
            start[row] = found.get(name, given[name])
            if not np.isfinite(start[row]).all():
                raise NetworkError(f"{self.label}: the initial value of {name!r} is not finite; give another")
        return start


@dataclass(frozen=True, slots=True, kw_only=True)
class EquationNeuron(NeuronWithEquations):
    """A neuron that follows the equations that it is given; see the top of this module.

    Attributes:
        equations: Derivative of every variable per ms, the potential V among them, as text.
        parameters: Numbers by name; each one, or one for each neuron.
        definitions: Further expressions by name, for what occurs several times.
        initial: Variables at the start, besides V: numbers (one, or one for each neuron), or expressions of V and the
            parameters; 0 where left out.
        spike: When it spikes: a comparison such as "V >= v_peak"; where several are joined by "and", all must hold, and
            the first is the one whose margin is differentiated. It never spikes if this is left out.
        reset: What variables become at a spike, as text.
        refractory_period: ms after a spike in which the potential stands still.

    Raises:
        NetworkError: A text is no expression, a name is taken, a number is not finite, or something is not used.
        UnknownNameError: A text has a name that does not exist.
    """

    equations: Mapping[str, str]
    parameters: Mapping[str, ArrayLike] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    initial: Mapping[str, float | str | NDArray] = field(default_factory=dict)
    spike: str | None = None
    reset: Mapping[str, str] = field(default_factory=dict)
    refractory_period: ArrayLike = 0.0

    def __post_init__(self) -> None:
        """Check the texts and numbers."""
        Neuron.__post_init__(self)
        settle_numbers(self, "refractory_period", least=0.0)
        if self.spike is None and np.any(self.refractory_period):
            raise NetworkError(
                f"{self.label}: it has a refractory period, but nothing makes a spike; give its condition"
            )
        for name in ("equations", "parameters", "definitions", "initial", "reset"):
            value = getattr(self, name)
            if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
                raise NetworkError(f"{self.label}: {name} is {value!r}; give a dictionary by name")
            kept = dict(value)
            for key, entry in value.items():
                if name == "parameters" or (name == "initial" and not isinstance(entry, str)):
                    kept[key] = _plain(numbers(self.label, key, entry))
            object.__setattr__(self, name, kept)
        if self.spike is not None and not isinstance(self.spike, str):
            raise NetworkError(f"{self.label}: spike is {self.spike!r}; give a comparison as text")
        if POTENTIAL in self.initial:
            raise NetworkError(
                f"{self.label}: initial has the potential 'V'; give it as initial_value of the population, or as "
                "resting_potential"
            )
        try:
            self.dynamics.check()
            unknown = [name for name in self.initial if name not in self.variables]
            if unknown:
                raise unknown_name("variable", unknown[0], self.variables, "the equations, to begin with a value")
        except SnsError as error:
            raise type(error)(f"{self.label}: {error}") from None

    @classmethod
    def from_function(
        cls,
        function: Callable[[Any, Any, Any, Any], Mapping[str, Any]],
        *,
        parameters: Mapping[str, ArrayLike] | None = None,
        initial: Mapping[str, float | str | NDArray] | None = None,
        **further: Any,
    ) -> "EquationNeuron":
        """Make it from the equations as one pure function, which is called once, with symbols instead of numbers.

            def fitzhugh_nagumo(s, p, I, m):
                return {"V": s.V - s.V**3 / 3 - s.w + I, "w": (s.V + p.a - p.b * s.w) / p.tau}

            EquationNeuron.from_function(
                fitzhugh_nagumo, parameters={"a": 0.7, "b": 0.8, "tau": 12.5}, initial={"w": -0.62}
            )

        What the function computes becomes text, so it is saved, compiled and differentiated like any other, and the
        function itself is forgotten. Its limits: arithmetic and comparisons of its arguments, and the functions of `m`
        (those of the language of equations); no `if`, `and`, `or` or `while` on their values (`m.where`, `&`, `|` and
        `~` instead), no `math` or `numpy` functions of them, nothing that remembers or depends on anything else.

        Args:
            function: f(s, p, I, m), of the variables s.V, ..., the parameters p.name, the current I (nA) and functions
                such as m.exp; returns the derivative of every variable per ms by name.
            parameters: As in the class.
            initial: As in the class; it names all variables besides V.
            **further: Other arguments of the class: spike, reset, ...

        Raises:
            NetworkError: The function returns something else, or does with symbols what only numbers can do.
            UnknownNameError: It has a variable, parameter or function that does not exist.
        """
        equations, definitions = traced(function, (POTENTIAL, *(initial or {})), tuple(parameters or {}))
        given = {**definitions, **further.pop("definitions", {})}
        return cls(
            equations=equations, definitions=given, parameters=parameters or {}, initial=initial or {}, **further
        )

    @property
    def dynamics(self) -> Dynamics:
        """See `NeuronWithEquations.dynamics`."""
        first = {POTENTIAL: self.equations[POTENTIAL]} if POTENTIAL in self.equations else {}
        return _dynamics(
            tuple({**first, **self.equations}.items()),
            tuple(self.definitions.items()),
            tuple(self.parameters),
            self.spike,
            tuple(self.reset.items()),
            tuple((name, text) for name, text in self.initial.items() if isinstance(text, str)),
        )

    @property
    def values(self) -> dict[str, Any]:
        """See `NeuronWithEquations.values`."""
        return {**self.parameters, **{k: v for k, v in self.initial.items() if not isinstance(v, str)}}


class ModelNeuron(NeuronWithEquations):
    """A model of the literature: its class has the equations, its fields are the parameters.

    Attributes:
        BOUNDS: The parameters in the equations, with their bounds.
        EQUATIONS: As in `EquationNeuron`; likewise the others.
    """

    __slots__ = ()
    BOUNDS: ClassVar[Mapping[str, Mapping[str, float]]] = {}
    EQUATIONS: ClassVar[Mapping[str, str]] = {}
    DEFINITIONS: ClassVar[Mapping[str, str]] = {}
    INITIAL: ClassVar[Mapping[str, str]] = {}
    SPIKE: ClassVar[str | None] = None
    refractory_period = 0.0
    RESET: ClassVar[Mapping[str, str]] = {}

    def __post_init__(self) -> None:
        """Check the numbers."""
        Neuron.__post_init__(self)
        for name, bounds in self.BOUNDS.items():
            settle_numbers(self, name, **bounds)
        if "refractory_period" in type(self).__slots__:
            settle_numbers(self, "refractory_period", least=0.0)

    @property
    def dynamics(self) -> Dynamics:
        """See `NeuronWithEquations.dynamics`."""
        cls = type(self)
        return _dynamics(
            tuple(cls.EQUATIONS.items()), tuple(cls.DEFINITIONS.items()), tuple(cls.BOUNDS), cls.SPIKE,
            tuple(cls.RESET.items()), tuple(cls.INITIAL.items()),
        )  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        """See `NeuronWithEquations.values`."""
        return {name: getattr(self, name) for name in self.BOUNDS}


@cache
def _dynamics(
    equations: Any, definitions: Any, parameters: Any, spike: str | None, reset: Any, initial: Any
) -> Dynamics:
    """Equations that were given before: their trees and steps are kept."""
    return Dynamics(
        equations=equations, definitions=definitions, parameters=parameters, spike=spike, reset=reset, initial=initial
    )


def _plain(value: Floats) -> Any:
    value.setflags(write=False)
    return value.item() if not value.ndim else value
