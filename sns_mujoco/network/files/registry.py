"""Which classes a file may hold: those that `sns_mujoco.network` exports, and those that are registered here.

A name in a file is only ever looked up in this list; nothing is imported because a file says so.
"""

from dataclasses import is_dataclass
from functools import cache

from sns_mujoco.errors import NetworkError, unknown_name

_registered: dict[str, type] = {}


def register_description(cls: type) -> type:
    """Let files hold descriptions of a class of your own; also a decorator, above `@dataclass`.

    Register it before files with it are loaded. They name it by its class name alone.

    Args:
        cls: A frozen dataclass whose fields are annotated: str, bool, int, float, arrays, Literal, descriptions, and
            tuples, dicts by name or unions of these.

    Returns:
        The class.

    Raises:
        NetworkError: It is no frozen dataclass, or another class has its name.
    """
    if not isinstance(cls, type) or not _is_own_dataclass(cls) or not cls.__dataclass_params__.frozen:
        raise NetworkError(f"{cls!r} is no frozen dataclass; give a class decorated with @dataclass(frozen=True)")
    if descriptions().get(cls.__name__, cls) is not cls:
        raise NetworkError(f"there is another description named {cls.__name__!r}; give the class another name")
    _registered[cls.__name__] = cls
    return cls


def descriptions() -> dict[str, type]:
    """All classes that a file may hold, by name."""
    return _exported() | _registered


def find_description(name: str) -> type:
    """The class of a name.

    Raises:
        UnknownNameError: There is none.
    """
    cls = _exported().get(name) or _registered.get(name)
    if cls is None:
        raise unknown_name("description", name, descriptions(), "this version of sns_mujoco.network")
    return cls


@cache
def saved_class(cls: type) -> type:
    """What a description of a class is saved as: that class, or the dataclass behind it where it only designs numbers.

    A NonSpikingTransmissionSynapse, say, is a NonSpikingSynapse whose conductance was computed from a gain.

    Raises:
        NetworkError: It is no description, or a file would lose what makes it special.
    """
    line = [base for base in cls.__mro__ if is_dataclass(base)]
    saved = next((base for base in line if _is_own_dataclass(base)), None)
    if saved is None or descriptions().get(saved.__name__) is not saved:
        raise NetworkError(
            f"a {cls.__name__} cannot be saved: files hold the descriptions of sns_mujoco.network; pass the class to "
            "register_description first, wherever such files are saved or loaded"
        )
    for base in line[: line.index(saved)]:
        changed = [name for name in vars(base) if _matters(name) and hasattr(saved, name)]
        if changed:
            raise NetworkError(
                f"a {cls.__name__} cannot be saved as the {saved.__name__} that it is: it changes {changed[0]!r}; make "
                "it a frozen dataclass of its own and pass it to register_description"
            )
    return saved


@cache
def _exported() -> dict[str, type]:
    import sns_mujoco.network as network  # which imports this module

    exported = {name: getattr(network, name) for name in network.__all__}
    return {name: cls for name, cls in exported.items() if isinstance(cls, type) and _is_own_dataclass(cls)}


def _is_own_dataclass(cls: type) -> bool:
    """Whether a class is a dataclass itself, and not only through its base."""
    return "__dataclass_fields__" in vars(cls)


def _matters(name: str) -> bool:
    return name == "__post_init__" or not (name.startswith("__") or name == "_abc_impl")
