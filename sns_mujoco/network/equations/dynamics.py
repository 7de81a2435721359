"""The equations of a kind of neuron, and what they come to in one step."""

import ast
import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.network.equations.derivative import derivative
from sns_mujoco.network.equations.graph import Graph
from sns_mujoco.network.equations.language import COMPARISONS, RESERVED, Lookup, Reader, parse

POTENTIAL = "V"
Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What equations come to in one step: nodes of a graph.

    Attributes:
        graph: Its symbols are PARAMETER and VARIABLE by name (the old values), CURRENT, UNIFORM and NORMAL by number.
        new: The value of each variable at the end of the step, the potential first.
        spike: What makes a spike where it is above 0, or None.
        spike_at_zero: Whether 0 makes a spike, too.
        after_spike: The value of each variable where the neuron spiked; empty without spikes.
    """

    graph: Graph
    new: tuple[int, ...]
    spike: int | None
    spike_at_zero: bool
    after_spike: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Dynamics:
    """Equations as texts, in the language of `language.py`.

    Attributes:
        equations: dx/dt of every variable, per ms, the potential "V" first.
        definitions: Further expressions by name.
        parameters: Names of the parameters.
        spike: A comparison that holds where the neuron spikes, or None.
        reset: What variables become then.
    """

    equations: Texts
    definitions: Texts = ()
    parameters: tuple[str, ...] = ()
    spike: str | None = None
    reset: Texts = ()
    initial: Texts = field(default=())

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables, the potential first."""
        return tuple(name for name, _ in self.equations)

    def check(self) -> None:
        """Refuse what cannot be computed.

        Raises:
            NetworkError: A name is taken or no name, an expression is none, or something is not used.
            UnknownNameError: An expression has a name that does not exist.
        """
        if not self.equations or self.equations[0][0] != POTENTIAL:
            raise NetworkError("there is no equation of the potential 'V'; give one, as 'V': '(I - V) / tau'")
        taken: set[str] = set()
        for name in (*self.variables, *self.parameters, *(name for name, _ in self.definitions)):
            if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
                raise NetworkError(f"{name!r} is no name for a variable, parameter or definition")
            if name in RESERVED:
                raise NetworkError(f"{name!r} means something else in equations; give another name")
            if name in taken:
                raise NetworkError(f"{name!r} is the name of two things; give one of them another name")
            taken.add(name)
        for name, _ in (*self.reset, *self.initial):
            if name not in self.variables:
                raise unknown_name("variable", name, self.variables, "the equations")
        if self.reset and self.spike is None:
            raise NetworkError("there is a reset, but nothing makes a spike; give the condition of one")
        building = _Building(self, 1.0)
        building.step(exponential=True)
        given = [name for name in self.variables if name not in dict(self.initial)]
        building.initial({name: np.zeros(1) for name in (*self.parameters, *given)})
        unused = building.unused()
        if unused:
            raise NetworkError(f"{unused[0]!r} appears in no equation; use it, or leave it out")

    def step(self, dt: float, *, exponential: bool) -> Step:
        """What they come to in one step.

        Forward Euler: x <- x + dt f. Exponential Euler: x <- x + dt f (exp(J dt) - 1) / (J dt) with J = df/dx, which is
        exact where f is linear in x and all else stands still.

        Args:
            dt: Neural step, ms.
            exponential: Which of them.
        """
        return _step(self, dt, exponential)

    def start(self, values: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
        """The values of the variables at the start, of which expressions are given.

        Args:
            values: The potential, the parameters, and the variables that are given as numbers, by name.

        Raises:
            NetworkError: One is not finite.
        """
        return _Building(self, 1.0).initial(values)

    @cached_property
    def trees(self) -> dict[str, ast.expr]:
        """The syntax tree of every expression, by how messages call it."""
        texts = {f"the equation of {name!r}": text for name, text in self.equations}
        texts |= {f"the definition of {name!r}": text for name, text in self.definitions}
        texts |= {f"the reset of {name!r}": text for name, text in self.reset}
        texts |= {f"the initial value of {name!r}": text for name, text in self.initial}
        texts |= {} if self.spike is None else {"the condition of a spike": self.spike}
        return {what: parse(text, what) for what, text in texts.items()}


@cache
def _step(dynamics: Dynamics, dt: float, exponential: bool) -> Step:
    return _Building(dynamics, dt).step(exponential=exponential)


class _Building:
    """Equations on their way into a graph."""

    def __init__(self, dynamics: Dynamics, dt: float) -> None:
        self._dynamics = dynamics
        self._graph = Graph()
        self._dt = self._graph.constant(dt)
        self._reader = Reader(self._graph, {})
        self._used: set[str] = set()
        self._old = {name: self._graph.symbol("VARIABLE", name) for name in dynamics.variables}

    def step(self, *, exponential: bool) -> Step:
        d, do = self._dynamics, self._graph.apply
        lookup = self._lookup(self._old)
        new: dict[str, int] = {}
        for name in d.variables:
            what = f"the equation of {name!r}"
            slope = self._read(what, lookup, {})
            change = do("MULTIPLY", self._dt, slope)
            if exponential:
                rate = do("MULTIPLY", self._dt, derivative(self._graph, slope, self._old[name]))
                change = do("MULTIPLY", change, do("RELATIVE_GROWTH", rate))
            new[name] = do("ADD", self._old[name], change)
        if d.spike is None:
            return Step(graph=self._graph, new=tuple(new.values()), spike=None, spike_at_zero=False, after_spike=())
        lookup = self._lookup(new)
        spike, at_zero = self._condition(lookup)
        after = new | {name: self._read(f"the reset of {name!r}", lookup, self._old) for name, _ in d.reset}
        return Step(
            graph=self._graph,
            new=tuple(new.values()),
            spike=spike,
            spike_at_zero=at_zero,
            after_spike=tuple(after.values()),
        )

    def initial(self, values: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
        d = self._dynamics
        symbols = {("PARAMETER", name): values[name] for name in d.parameters}
        symbols |= {("VARIABLE", name): value for name, value in values.items() if name in d.variables}
        given = {name: self._old[name] for name in d.variables if name in values}
        lookup = self._lookup(given)
        found = {}
        for name, _ in d.initial:
            node = self._read(f"the initial value of {name!r}", lookup, {})
            if any(self._graph.nodes[n][0] in ("CURRENT", "UNIFORM", "NORMAL") for n in self._graph.needed([node])):
                raise NetworkError(
                    f"the initial value of {name!r} depends on a current or a random number; give another"
                )
            found[name] = self._graph.evaluate(node, symbols)
        return found

    def unused(self) -> list[str]:
        """Parameters and definitions that no expression has."""
        d = self._dynamics
        return [name for name in (*d.parameters, *(name for name, _ in d.definitions)) if name not in self._used]

    def _read(self, what: str, lookup: Lookup, previous: Mapping[str, int]) -> int:
        return self._reader.read(self._dynamics.trees[what], what, lookup, previous)

    def _lookup(self, variables: Mapping[str, int]) -> Lookup:
        """What names mean, with variables of a certain time."""
        d = self._dynamics
        definitions = dict(d.definitions)
        made: dict[str, int] = {}
        making: list[str] = []

        def lookup(name: str) -> int:
            self._used.add(name)
            if name in variables:
                return variables[name]
            if name in d.parameters:
                return self._graph.symbol("PARAMETER", name)
            if name == "I":
                return self._graph.symbol("CURRENT")
            if name == "dt":
                return self._dt
            if name not in definitions:
                known = (*variables, *d.parameters, *definitions, "I", "dt")
                raise unknown_name("variable, parameter or definition", name, known, "the equations")
            if name in making:
                raise NetworkError(f"the definition of {name!r} needs itself: {' -> '.join((*making, name))}")
            if name not in made:
                making.append(name)
                made[name] = self._read(f"the definition of {name!r}", lookup, {})
                making.pop()
            return made[name]

        return lookup

    def _condition(self, lookup: Lookup) -> tuple[int, bool]:
        """What makes a spike above 0, and whether at 0, too: the left side of a comparison minus the right one.

        Of several conditions, the first one is compared where all others hold.
        """
        what = "the condition of a spike"
        tree = self._dynamics.trees[what]
        others: list[ast.expr] = []
        if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
            tree, *others = tree.values
        if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or isinstance(tree.ops[0], ast.Eq | ast.NotEq):
            raise NetworkError(
                f"{what} is {self._dynamics.spike!r}; give a comparison such as 'V >= threshold', or several joined by "
                "'and' of which the first is one"
            )
        if type(tree.ops[0]) not in COMPARISONS:
            raise NetworkError(f"{what} is {self._dynamics.spike!r}; compare by <, <=, > or >=")
        do = self._graph.apply
        operation, turned, _ = COMPARISONS[type(tree.ops[0])]
        sides = (tree.left, tree.comparators[0]) if turned else (tree.comparators[0], tree.left)
        value = self._reader.read(ast.BinOp(sides[0], ast.Sub(), sides[1]), what, lookup, self._old)
        if others:
            joined = others[0] if len(others) == 1 else ast.BoolOp(ast.And(), others)
            holds = self._reader.read(joined, f"{what} (second part)", lookup, self._old)
            value = do("SELECT", holds, value, self._graph.constant(-1.0))
        return value, operation == "LESS_EQUAL"
