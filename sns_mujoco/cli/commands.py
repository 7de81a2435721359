"""Commands and probes of an animal as a user types them: held for the whole run, or for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import unknown_name
from sns_mujoco.models import Animal


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command that is given.

    Attributes:
        name: Of the command or the probe.
        value: What it is set to.
        start: When, s.
        end: When it returns to what it was before, s; infinite for never.
    """

    name: str
    value: float
    start: float = 0.0
    end: float = inf


def parse(text: str) -> Order:
    """An order from `name=value`, `name=value@start` or `name=value@start:end`, times in s.

    Raises:
        ValueError: It is written in another way, or it ends before it starts.
    """
    name, given, rest = text.rpartition("=")
    value, timed, times = rest.partition("@")
    start, ends, end = times.partition(":")
    try:
        order = Order(
            name=name.strip(),
            value=float(value),
            start=float(start) if timed else 0.0,
            end=float(end) if ends else inf,
        )
    except ValueError:
        given = ""
    if not given or not name.strip():
        raise ValueError(
            f"--command is {text!r}; give name=value, name=value@start or name=value@start:end, times in s"
        )
    if not 0.0 <= order.start < order.end:
        raise ValueError(f"--command is {text!r}; its times must rise from 0 on")
    return order


def choose(animal: Animal, given: Sequence[Order], *, seconds: float = inf, period: float = 0.0) -> list[Order]:
    """What the user asked for, after what the animal cruises at.

    Args:
        animal: The animal.
        given: What the user asked for; of two orders about the same command the later counts while it holds.
        seconds: How long the run is, s.
        period: Time between two moments at which orders are given, s.

    Raises:
        UnknownNameError: The animal does not hear such a command.
        ValueError: A value is out of bounds, or a time is, so that the animal would not hear it.
    """
    known = animal.commands | animal.probes
    for order in given:
        if order.name not in known:
            raise unknown_name("command", order.name, known, f"animal {animal.name!r}")
        low, high = known[order.name]
        if not low <= order.value <= high:
            raise ValueError(f"{order.name} is {order.value:g}; give {low:g} to {high:g}")
        if order.start >= seconds:
            raise ValueError(f"{order.name} is to begin at {order.start:g} s, but the run ends at {seconds:g} s")
        if order.end - order.start < period - 1e-9:
            raise ValueError(
                f"{order.name} is to last {1e3 * (order.end - order.start):g} ms; give {1e3 * period:g} ms or more"
            )
    return [*(Order(name=name, value=value) for name, value in animal.cruise.items()), *given]


def give(simulation: Simulation, orders: Sequence[Order]) -> None:
    """Set the commands to what holds now."""
    for name, value in holding(orders, simulation.time).items():
        if simulation.commands[name] != value:
            simulation.commands[name] = value


def holding(orders: Sequence[Order], time: float) -> Mapping[str, float]:
    """Value of every command that is ordered, at a time, s: 0 where nothing holds."""
    values = {order.name: 0.0 for order in orders}
    for order in orders:
        if order.start <= time + 1e-9 < order.end:
            values[order.name] = order.value
    return values
