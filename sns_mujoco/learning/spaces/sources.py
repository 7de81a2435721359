"""Where parameters of an animal are found: in its brain (network, adapters, muscles) and in its body."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from sns_mujoco.cosim.bodies import BODY_QUANTITIES, BodyTable
from sns_mujoco.cosim.parameters import parameters_of
from sns_mujoco.cosim.parameters.ratios import Ratio
from sns_mujoco.errors import UnknownNameError, unknown_name
from sns_mujoco.learning.spaces.vary import Of, Part, Vary

if TYPE_CHECKING:
    from sns_mujoco.models import Animal


PARTS: dict[str, Part] = {"afferents": "adapters", "efferents": "adapters", "muscles": "muscles"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Parameters that are set together.

    Attributes:
        of: Which of the two tables has them.
        parameter: Their names, values and limits, see `ParameterTable` and `BodyTable`.
    """

    of: Of
    parameter: Any

    @property
    def keys(self) -> list[Any]:
        """One for each parameter: the same where two of them set the same thing."""
        if self.of == "body":
            return [(self.parameter.quantity, name) for name in self.parameter.names]
        keys = []
        for part in self.parameter.parts:
            ratio = isinstance(part.column, Ratio)
            index = part.column.over_index[part.index] if ratio else part.index
            keys += [(id(part.column.over if ratio else part.column), place) for place in index.tolist()]
        return keys

    @property
    def parts(self) -> tuple[Part, ...]:
        """In which description each parameter stands."""
        if self.of == "body":
            return ("body",) * len(self.parameter.names)
        found: list[Part] = []
        for part in self.parameter.parts:
            column = part.column.over if isinstance(part.column, Ratio) else part.column
            found.extend(PARTS.get(column.kind, "network") for _ in range(len(part.index)))
        return tuple(found)

    @property
    def holds(self) -> bool:
        """Whether what is set holds other parameters, as a time constant does the conductance of its membrane."""
        return self.of == "brain" and any(isinstance(part.column, Ratio) for part in self.parameter.parts)


class Sources:
    """What an animal has of parameters.

    Attributes:
        body: Its body, without the nervous system.
        model: Its body with the nervous system, every number that may vary standing apart.
        tables: Its parameters.
    """

    def __init__(self, animal: "Animal", terrain: str, room: float | None) -> None:
        """Build the animal.

        Args:
            animal: The animal.
            terrain: One of its terrains.
            room: Longest delay that is asked for, ms; None where no delays vary.
        """
        self.model = animal.build(terrain=terrain, apart=True, greatest_delay=room).compile()
        self.body = animal.body(terrain, 0)
        brain = parameters_of(self.model, animal.network(), animal.adapters())
        self.tables: dict[Of, Any] = {"brain": brain, "body": BodyTable(self.body)}

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names of all quantities that something has."""
        return tuple(dict.fromkeys(name for table in self.tables.values() for name in table.quantities))

    def find(self, quantity: str, pattern: str | Sequence[str], where: str) -> list[Target]:
        """Everything that has a quantity and matches a pattern, or one of several.

        Args:
            quantity: The quantity.
            pattern: The pattern or patterns.
            where: What messages say asks for it.

        Raises:
            UnknownNameError: Nothing has such a quantity, or nothing that has it matches; the closest are suggested.
        """
        found = []
        for of, table in self.tables.items():
            if of == "body" and quantity not in BODY_QUANTITIES:
                continue
            with suppress(UnknownNameError):
                found.append(Target(of=of, parameter=table.find(quantity, pattern)))
        if not found:
            known = [name for of in self.tables for name in self._names(of, quantity)]
            if not known:
                raise unknown_name("quantity", quantity, self.quantities, where)
            raise unknown_name(quantity, pattern if isinstance(pattern, str) else pattern[0], known, where)
        return found

    def _names(self, of: Of, quantity: str) -> tuple[str, ...]:
        try:
            return self.tables[of].names(quantity)
        except UnknownNameError:
            return ()

    def known(self, quantity: str) -> Callable[[str], bool]:
        """Tells whether something of a name has a quantity."""
        names = {name for of in self.tables for name in self._names(of, quantity)}
        return names.__contains__


def room_for_delays(animal: "Animal", varied: Sequence[Vary]) -> float | None:
    """Longest delay, ms, of those that are described and those that genes may ask for; None where no delays vary."""
    units = {"delay": 1.0, "transmission_delay_ms": 1.0, "transmission_delay": animal.dt}  # in ms
    wanted = [vary for vary in varied if vary.quantity in units]
    if not wanted:
        return None
    described = {"delay": [adapter.delay for adapter in animal.adapters()]}
    for wire in animal.network().connections:
        for quantity in units.keys() & wire.kind.columns.keys():
            if (delay := wire.kind.columns[quantity]) is not None:
                described.setdefault(quantity, []).append(float(np.max(delay)))
    longest = {quantity: max(delays, default=0.0) for quantity, delays in described.items()}
    room = [units[quantity] * delay for quantity, delay in longest.items()]
    for vary in wanted:
        end, now = vary.bounds[1], longest.get(vary.quantity, 0.0)
        value = now + end if vary.relative == "difference" else now * end if vary.relative else end
        room.append(units[vary.quantity] * value)
    return max(room)


def parameters_in(
    animal: "Animal | str | PathLike[str]",
    quantity: str | None = None,
    pattern: str = "*",
    *,
    terrain: str | None = None,
) -> list[Any]:
    """What may vary of an animal, to look names up in.

    Args:
        animal: An animal, or what `sns_mujoco.models.load` finds one by.
        quantity: A quantity; all if left out.
        pattern: A shell pattern of the names of what has it.
        terrain: One of the animal's terrains; its first if left out.

    Returns:
        Parameters: each has `quantity`, `unit`, `names` and described `values` [k], and the `least` and `greatest`
        values that are physically possible [k].

    Raises:
        UnknownNameError: There is no such animal, terrain or quantity, or nothing matches.
    """
    from sns_mujoco.models import load

    animal = load(animal)
    sources = Sources(animal, terrain or animal.terrains[0], None)
    wanted = sources.quantities if quantity is None else (quantity,)
    return [target.parameter for name in wanted for target in sources.find(name, pattern, f"animal {animal.name!r}")]
