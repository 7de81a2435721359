"""The adapters of both sides from the description of one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.adapters.drives import Activation
from sns_mujoco.adapters.efferents import Efferent
from sns_mujoco.errors import AttachError, unknown_name
from sns_mujoco.network.sides import check_sides


def mirrored(
    adapters: Iterable[Afferent | Efferent],
    left: str = "left_",
    right: str = "right_",
    *,
    shared: Sequence[str] = (),
) -> list[Afferent | Efferent]:
    """Adapters of the left side, then those of the right one, as `mirrored` of networks and of muscles name things.

    Everything that an adapter names gets the prefix of its side: neurons and inputs, joints, muscles, tendons, sites,
    sensors, commands, actuators. What they measure stays as it is: where an axis points to the other side, as roll and
    yaw do, change the range of one side.

    Args:
        adapters: Those of one side, named without a side.
        left: Put before every name of the left side.
        right: Put before every name of the right side.
        shared: Names that both sides have in common and that stay as they are, such as those of commands to both, or of
            the trunk.

    Raises:
        AttachError: Both prefixes are the same, or something is no adapter.
        UnknownNameError: No adapter has one of the shared names.
    """
    check_sides(left, right, AttachError)
    adapters = list(adapters)
    known: set[str] = set()
    for adapter in adapters:
        if not isinstance(adapter, Afferent | Efferent):
            raise AttachError(f"{adapter!r} is no adapter; give those of sns_mujoco.adapters")
        known.update(_names(adapter))
    for name in shared:
        if name not in known:
            raise unknown_name("name", name, sorted(known), "the adapters")
    return [_on_side(adapter, prefix, frozenset(shared)) for prefix in (left, right) for adapter in adapters]


def _fields(adapter: Afferent | Efferent) -> tuple[str, ...]:
    """The fields that hold names, or drives that hold one."""
    ends = ("to",) if isinstance(adapter, Afferent) else ("drives",)
    drives = adapter.drive_fields if isinstance(adapter, Afferent) else ()
    return (*adapter.sources, *ends, *drives)


def _names(adapter: Afferent | Efferent) -> list[str]:
    found: list[str] = []
    for field in _fields(adapter):
        value = getattr(adapter, field)
        if isinstance(value, Activation):
            found.append(value.neuron)
        elif isinstance(value, str | tuple):
            found += (value,) if isinstance(value, str) else value
    return found


def _on_side(adapter: Afferent | Efferent, prefix: str, shared: frozenset[str]) -> Afferent | Efferent:
    def named(value: object) -> object:
        if isinstance(value, str):
            return value if value in shared else f"{prefix}{value}"
        if isinstance(value, tuple):
            return tuple(named(name) for name in value)
        if isinstance(value, Activation):
            return replace(value, neuron=named(value.neuron))
        return value

    return replace(adapter, **{field: named(getattr(adapter, field)) for field in _fields(adapter)})  # type: ignore[arg-type]
