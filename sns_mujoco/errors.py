"""The errors of the package, each over the built-in type its caller would expect.

Every message names the object, what it got, what is allowed, and what to do about it.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


class SnsError(Exception):
    """Base of every error that this package raises on purpose."""


class NetworkError(SnsError, ValueError):
    """A nervous system is described wrongly: a parameter, a shape, a delay, a duplicate name."""


class UnknownNameError(SnsError, LookupError):
    """A name that nothing carries; the message suggests the closest ones that exist."""


class TimeStepError(SnsError, ValueError):
    """A neural time step that is unstable, or does not fit the physics step."""


class AttachError(SnsError, ValueError):
    """A nervous system cannot be attached to a body as asked."""


class MuscleError(SnsError, ValueError):
    """A muscle is described wrongly, or does not fit the body: a parameter, a duplicate name."""


class ParameterError(SnsError, ValueError):
    """A parameter space makes no sense, or a value or vector does not belong to it: bounds, shapes, limits, files."""


class TaskError(SnsError, ValueError):
    """What individuals are asked to do is described wrongly: a trial, a term of the fitness, a task or its file."""


class ExperimentError(SnsError, ValueError):
    """An experiment that makes no sense with this animal, this ground or this stimulus, or that found no rhythm."""


class GaitError(SnsError, ValueError):
    """A gait cannot be measured or compared from what is given: a recording, feet, a table of references."""


class ProtocolError(SnsError, ValueError):
    """What is to be done to an animal is described wrongly, or cannot be done to it: times, numbers, two at once."""


class AnimatLabError(SnsError, ValueError):
    """An AnimatLab project cannot be read: damaged, not AnimatLab's, or with something that makes no sense."""


class DivergenceError(SnsError, ArithmeticError):
    """A simulation left the finite numbers; the message names the first neuron or joint and the time.

    Attributes:
        culprit: The neuron, joint or actuator and what became of it.
        time: Of the last good step, s.
        recording: Where one was being made, the `xarray.Dataset` of all that was good.
    """

    culprit: str = ""
    time: float = float("nan")
    recording: Any = None


class ProcessError(SnsError, RuntimeError):
    """A population is used in a process in which its threads do not exist."""


class ClusterError(SnsError, RuntimeError):
    """A cluster cannot be reached, has no room, or loses the same work again and again."""


class OutputPathError(SnsError, ValueError):
    """A file cannot be written where it was asked for."""


class RunFolderError(SnsError, ValueError):
    """The folder of an evolution run is in use, damaged, or of another configuration than asked for."""


class MissingDependencyError(SnsError, ImportError):
    """An optional library is not there; the message names the extra or the system package to install."""


def unknown_name(kind: str, name: object, known: Iterable[str], where: str) -> UnknownNameError:
    """Build the error for a name that does not exist.

    Args:
        kind: What was looked for, as a reader would say it ("neuron", "joint").
        name: What was given.
        known: The names that exist.
        where: Where it was looked for ("network 'leg'").

    Returns:
        The error, to be raised by the caller.
    """
    names = list(known)
    close = get_close_matches(str(name), names, n=3, cutoff=0.5)
    if close:
        hint = "did you mean " + " or ".join(repr(c) for c in close) + "?"
    elif names:
        shown = ", ".join(repr(n) for n in names[:8]) + (", ..." if len(names) > 8 else "")
        hint = f"it has {shown}"
    else:
        hint = f"it has no {kind} with a name"
    return UnknownNameError(f"no {kind} named {name!r} in {where}; {hint}")
