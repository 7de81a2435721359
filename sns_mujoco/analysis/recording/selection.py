"""Which channels are recorded, and how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sns_mujoco.analysis.recording.channels import Names, choose
from sns_mujoco.analysis.recording.groups import Catalogue, Group
from sns_mujoco.errors import unknown_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Variables that are sampled together.

    Attributes:
        dimension: Their dimension of time.
        period: Physics steps between samples.
        groups: The variables.
    """

    dimension: str
    period: int
    groups: tuple[Group, ...]

    @property
    def width(self) -> int:
        """Numbers in a sample, with its time."""
        return 1 + sum(len(group.places) for group in self.groups)


def select(known: Catalogue, channels: Names, named: Mapping[str, Names]) -> list[Group]:
    """The variables that are wanted, each with the channels that are.

    Args:
        known: What there is.
        channels: Names or shell patterns of variables; "potential:L1*" means those channels of it. All if left out.
        named: Names or patterns of channels by dimension; all where there is None.

    Raises:
        UnknownNameError: There is no such variable or channel.
    """
    wanted: dict[str, list[str] | None] = {}
    for pattern in ["*"] if channels is None else choose_text(channels):
        variables, _, labels = pattern.partition(":")
        for name in choose("channel", [variables], known.groups):
            if labels and wanted.get(name, ()) is not None:
                kept = wanted.get(name) or []
                wanted[name] = [*kept, *_labels(known.groups[name], labels)]
            elif not labels:
                wanted[name] = None
    chosen: dict[str, list[str]] = {}
    for dimension in dict.fromkeys(group.dimension for group in known.groups.values()):
        own = [name for name in wanted if known.groups[name].dimension == dimension]
        every = list(
            dict.fromkeys(label for g in known.groups.values() if g.dimension == dimension for label in g.labels)
        )
        names = named.get(dimension)
        if names is not None:
            every = choose(_KINDS.get(dimension, dimension), names, every, grouped=dimension == "channel")
        if own and all(wanted[name] is not None for name in own):
            some = {label for name in own for label in wanted[name] or ()}
            every = [label for label in every if label in some]
        chosen[dimension] = every
    groups = [
        known.groups[name].chosen(chosen[known.groups[name].dimension]) for name in known.groups if name in wanted
    ]
    if "neuron" in chosen and named.get("neuron") is not None:
        groups = [g.chosen(chosen["neuron"]) if g.dimension == "spiking_neuron" else g for g in groups]
    return [group for group in groups if group.has is None or group.has.any()]


def clocks(groups: list[Group], rate: float, rates: Mapping[str, float] | None, timestep: float) -> list[Clock]:
    """When what is sampled.

    Args:
        groups: The variables.
        rate: Of all others, Hz.
        rates: By name or pattern of variables, Hz.
        timestep: Physics step, s.

    Raises:
        ValueError: A rate does not divide the physics rate.
        UnknownNameError: A pattern fits no variable that is recorded.
    """
    names = [group.name for group in groups]
    own = dict.fromkeys(names, rate)
    for pattern, wanted in (rates or {}).items():
        found = [name for name in names if fnmatchcase(name, pattern)]
        if not found:
            raise unknown_name("recorded channel", pattern, names, "the recording")
        own |= dict.fromkeys(found, wanted)
    periods = {name: period_of(hertz, timestep) for name, hertz in own.items()}
    main = period_of(rate, timestep)
    found = []
    for period in dict.fromkeys([main, *periods.values()]):
        hertz = 1.0 / (period * timestep)
        found.append(
            Clock(
                dimension="time" if period == main else f"time_{hertz:g}Hz",
                period=period,
                groups=tuple(group for group in groups if periods[group.name] == period),
            )
        )
    return found


def period_of(rate: float, timestep: float) -> int:
    """Physics steps between two samples.

    Raises:
        ValueError: The rate does not divide the physics rate.
    """
    steps = 1.0 / (rate * timestep) if rate > 0 else 0.0
    period = round(steps)
    if period < 1 or abs(steps - period) > 1e-6 * steps:
        raise ValueError(
            f"a rate of {rate:g} Hz does not divide the physics rate of {1.0 / timestep:g} Hz; "
            f"take {1.0 / (timestep * max(1, period)):g} Hz"
        )
    return period


def choose_text(patterns: Names) -> list[str]:
    """Patterns as a list; a single text is one of them."""
    return [patterns] if isinstance(patterns, str) else list(patterns or ())


def _labels(group: Group, pattern: str) -> list[str]:
    return choose(_KINDS.get(group.dimension, group.dimension), [pattern], group.labels, grouped=True)


_KINDS = {"channel": "sensor", "command_name": "command", "spiking_neuron": "spiking neuron"}
