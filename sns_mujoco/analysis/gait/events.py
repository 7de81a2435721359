"""When feet stand: from the load on them, from how fast they move, or from where they turn back.

A foot is in stance while it carries load (Alexander 2003, Principles of Animal Locomotion, ch. 7). Where no load is
known, kinematics tell: a foot that stands hardly moves over the ground, and a foot is furthest ahead of the body when
it touches down and furthest behind when it lifts off (the two methods of Zeni, Richards & Higginson 2008, Gait
Posture 27:710; in insects the anterior and posterior extreme positions of Cruse 1976, J Comp Physiol 112:235).
"""

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.floating]
Ints = NDArray[np.intp]


def stance(load: Floats, threshold: float, *, gap: int = 1, shortest: int = 1) -> Bools:
    """Stance of each foot from its load.

    Args:
        load: Load on each foot over time [T, F], N.
        threshold: Load above which a foot stands, N.
        gap: Samples that a foot must be unloaded to swing; in a briefer time it only bounces.
        shortest: Samples that a foot must then be loaded to stand; in a briefer time it only brushes the ground.

    Returns:
        [T, F], true in stance.
    """
    return _debounced(np.asarray(load) > threshold, gap, shortest)


def stance_by_speed(
    feet: Floats, period: float, *, speed: float, height: float = np.inf, gap: int = 1, shortest: int = 1
) -> Bools:
    """Stance of each foot from how fast it moves over the ground.

    Args:
        feet: Places of the feet on the ground over time [T, F, 3], m; on a treadmill, on its belt.
        period: Time between samples, s.
        speed: Speed below which a foot may stand, m/s; some third of the animal's own is a good one.
        height: How far above the lowest point of its path a foot may stand, m.
        gap: See `stance`.
        shortest: See `stance`.

    Returns:
        [T, F], true in stance.

    Raises:
        ValueError: There are fewer than two samples, or the feet have no three coordinates.
    """
    feet = np.asarray(feet, float)
    if feet.ndim != 3 or feet.shape[2] != 3 or len(feet) < 2:
        raise ValueError(f"places of feet have the shape {feet.shape}; give [T, F, 3] with two samples or more")
    moving = np.linalg.norm(np.gradient(feet, period, axis=0), axis=2)
    rise = feet[:, :, 2] - feet[:, :, 2].min(axis=0)
    return _debounced((moving < speed) & (rise <= height), gap, shortest)


def stance_by_reversal(ahead: Floats, *, least: float) -> Bools:
    """Stance of each foot from where it turns back: it stands from its foremost to its rearmost place.

    Args:
        ahead: How far each foot is ahead of the body, along its heading, over time [T, F], m.
        least: Way between two turns, m; what is smaller is no step.

    Returns:
        [T, F], true in stance; false before the first turn of a foot and after its last one.
    """
    ahead = np.asarray(ahead, float)
    standing = np.zeros(ahead.shape, bool)
    for k, path in enumerate(ahead.T):
        turns = reversals(path, least)
        for start, end in zip(turns, turns[1:], strict=False):
            standing[start:end, k] = path[start] > path[end]
    return standing


def reversals(path: Floats, least: float) -> Ints:
    """Samples [K] at which a signal [T] turns, maxima and minima by turns, with `least` or more between them."""
    turns: list[int] = []
    low = high = 0  # where the extremes since the last turn are
    rising = 0
    for i, value in enumerate(path):
        if value > path[high]:
            high = i
        if value < path[low]:
            low = i
        if rising >= 0 and path[high] - value >= least:
            turns += [high] if rising else [high] * (high > 0)
            rising, low = -1, i
        elif rising <= 0 and value - path[low] >= least:
            turns += [low] if rising else [low] * (low > 0)
            rising, high = 1, i
    return np.array(turns, np.intp)


def touchdowns(standing: Bools) -> Ints:
    """Samples [K] at which a foot begins its stance; [T] in."""
    return np.flatnonzero(~standing[:-1] & standing[1:]) + 1


def liftoffs(standing: Bools) -> Ints:
    """Samples [K] at which a foot begins its swing; [T] in."""
    return np.flatnonzero(standing[:-1] & ~standing[1:]) + 1


def _debounced(standing: Bools, gap: int, shortest: int) -> Bools:
    for column in standing.T:
        _absorb(column, False, gap)
        _absorb(column, True, shortest)
    return standing


def _absorb(column: Bools, state: bool, shortest: int) -> None:
    """Give intervals of a state that are too short, and lie between two others, to what surrounds them."""
    edges = np.flatnonzero(np.diff(column)) + 1
    for start, end in zip(edges, edges[1:], strict=False):
        if column[start] == state and end - start < shortest:
            column[start:end] = not state
