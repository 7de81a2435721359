"""Parameters of all individuals by name: those of nervous systems and muscles, and those of bodies."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.cosim.bodies import BODY_QUANTITIES, BodyParameter, BodyRows
from sns_mujoco.cosim.parameters import Parameter, ParameterRows, ParameterTable, parameters_of
from sns_mujoco.cosim.parameters.table import ALIASES
from sns_mujoco.cosim.population.origin import Origin
from sns_mujoco.cosim.population.rows import Rows
from sns_mujoco.errors import ParameterError, UnknownNameError, unknown_name

Owner = ParameterRows | BodyRows


class Numbers:
    """Where the parameters of a population are kept, made when they are first asked for."""

    def __init__(self, origin: Origin, data: Rows) -> None:
        """Begin with individuals that are all as described."""
        self._origin, self._data = origin, data

    @cached_property
    def rows(self) -> ParameterRows:
        """Those of the nervous system, its adapters and our muscles.

        Raises:
            ParameterError: The population was made from a model alone.
        """
        origin = self._origin
        if origin.network is None:
            raise ParameterError(
                "the population was made from a model, which does not tell what its numbers follow from; make it from "
                "an animal, or give network= and adapters= with the model"
            )
        table = parameters_of(origin.model, origin.network, origin.adapters)
        return ParameterRows(table, self._data.nsim, self._data.expand)

    @cached_property
    def body(self) -> BodyRows:
        """Those of the body.

        Raises:
            ParameterError: The population was made from a model.
        """
        if self._origin.body is None:
            raise ParameterError(
                "the population was made from a model, of which the body alone is not known; make it from an animal, "
                "or write fields of the model (population.data.expand)"
            )
        return BodyRows(self._origin.body, self._origin.model, self._data.nsim, self._data.expand)

    def find(self, quantity: str, pattern: str) -> tuple[Owner, Parameter | BodyParameter]:
        """Who keeps a quantity of what a pattern names, and the parameter.

        Raises:
            UnknownNameError: Nothing has such a quantity, or nothing that has it matches.
            ParameterError: The pattern names parts of the nervous system or muscles, and of the body; or the population
                was made from a model.
        """
        owners = self._owners(quantity)
        found, missed = [], []
        for owner in owners:
            try:
                found.append((owner, owner.find(quantity, pattern)))
            except UnknownNameError as error:
                missed.append(error)
        if not found:
            raise missed[0]
        if len(found) > 1:
            both = " and ".join(repr(parameter.names[0]) for _, parameter in found)
            raise ParameterError(
                f"{quantity!r} of {pattern!r} is of parts of the body and of muscles, as {both}; give a pattern of one "
                "of the two, or use .rows or .body"
            )
        return found[0]

    def used(self, names: Iterable[str] = ()) -> Mapping[str, Owner]:
        """What has been asked for so far, and what is named, by name."""
        return {name: getattr(self, name) for name in ("rows", "body") if name in self.__dict__ or name in names}

    def _owners(self, quantity: str) -> list[Owner]:
        known = self._origin.body is not None and quantity in BODY_QUANTITIES
        owners: list[Owner] = [self.body] if known else []
        if self._origin.network is not None or not known:
            try:
                self.rows.table.names(quantity)
                owners.insert(0, self.rows)
            except UnknownNameError:
                if not known:
                    every = [
                        *self.rows.table.quantities,
                        *ALIASES,
                        *(BODY_QUANTITIES if self._origin.body is not None else ()),
                    ]
                    raise unknown_name("quantity", quantity, every, "the population") from None
        return owners


class Parameters:
    """Parameters of a population by name."""

    @property
    def _numbers(self) -> Numbers:
        raise NotImplementedError

    @property
    def rows(self) -> ParameterRows:
        """Described values of nervous systems, adapters and our muscles, and what follows from them.

        Raises:
            ParameterError: The population was made from a model alone.
        """
        return self._numbers.rows

    @property
    def body(self) -> BodyRows:
        """Described values of bodies, and what follows from them.

        Raises:
            ParameterError: The population was made from a model.
        """
        return self._numbers.body

    @property
    def parameters(self) -> ParameterTable:
        """What can differ between nervous systems, adapters and our muscles, by name.

        Raises:
            ParameterError: The population was made from a model alone.
        """
        return self.rows.table

    def find(self, quantity: str, pattern: str = "*") -> tuple[Owner, Parameter | BodyParameter]:
        """Where a quantity of what a pattern names is kept (`rows` or `body`), and the parameter.

        Raises:
            UnknownNameError: Nothing has such a quantity, or nothing that has it matches.
            ParameterError: The population was made from a model alone, or the pattern matches in `rows` and in `body`.
        """
        return self._numbers.find(quantity, pattern)

    def __getitem__(self, key: tuple[str, str]) -> NDArray[np.float64]:
        """Values of a quantity of what a pattern names, `population["g_max", "stance->swing"]`: a copy, [n, k].

        Raises:
            UnknownNameError: See `find`.
            ParameterError: See `find`; or it is no quantity with a pattern.
        """
        owner, parameter = self.find(*_pair(key))
        return owner.get(parameter)  # type: ignore[arg-type]

    def __setitem__(self, key: tuple[str, str], values: ArrayLike) -> None:
        """Set a quantity of what a pattern names, to what can be broadcast to [n, k]; the next step uses it.

        Raises:
            UnknownNameError: See `find`.
            ParameterError: See `find`; or it is no quantity with a pattern, a value is not finite or physically
                impossible, there are not as many as individuals, or all individuals share it. Nothing has changed then.
            TimeStepError: The neural step would be unstable with it.
        """
        owner, parameter = self.find(*_pair(key))
        owner.set(parameter, values)  # type: ignore[arg-type]


def _pair(key: Any) -> tuple[str, str]:
    if not isinstance(key, tuple) or len(key) != 2:
        raise ParameterError(
            f"parameters are asked for by {key!r}; give a quantity and a pattern, as in "
            "population['g_max', 'stance->swing'], where '*' is everything that has it"
        )
    return key
