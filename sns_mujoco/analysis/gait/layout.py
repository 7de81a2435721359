"""Where feet are on an animal: which are left and right, and in which order from front to hind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import GaitError

_SIDES = {"l": "left", "left": "left", "r": "right", "right": "right"}
_RANKS = {
    "f": 1, "fore": 1, "front": 1, "m": 2, "mid": 2, "middle": 2, "h": 3, "hind": 3, "rear": 3, "back": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the feet of an animal are.

    Attributes:
        left: Names of the left feet, front to hind.
        right: Names of the right feet, front to hind.

    Raises:
        GaitError: There are not as many left as right ones, none, or one twice.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what is no animal of two sides."""
        if not self.left or len(self.left) != len(self.right) or len(set(self.feet)) != len(self.feet):
            raise GaitError(f"left feet are {self.left} and right ones {self.right}; give as many on either side, "
                            "one or more, each once, front to hind")  # fmt: skip

    @property
    def feet(self) -> tuple[str, ...]:
        """All of them, left ones first."""
        return (*self.left, *self.right)

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return len(self.left)


def layout_of(feet: Sequence[str], places: NDArray[np.float64] | None = None) -> Layout | None:
    """Where feet are, by their names or, where those do not tell, by where they stand.

    Names tell if each has a side ("L", "left", "R", "right") and, with more than one pair, a place on it ("F", "fore",
    "front", "M", "mid", "middle", "H", "hind", "rear", "back", or numbers that count from the front): "LF", "L1",
    "front_left_foot".

    Args:
        feet: Their names [F].
        places: Where each stands on average, m ahead of the body and to its left [F, 2].

    Returns:
        The layout; None where neither tells, or the sides have different numbers of feet.
    """
    told = [_told(foot) for foot in feet]
    sides = [side for side, _ in told]
    ranks = [rank for _, rank in told]
    several = len(feet) > 2
    if not all(sides) or (several and None in ranks) or (several and len(set(told)) < len(told)):
        if places is None or not np.isfinite(places).all():
            return None
        sides = ["left" if left > 0.0 else "right" for _, left in places]
        ranks = [-ahead for ahead, _ in places]
    ordered = {
        side: tuple(
            foot
            for _, foot in sorted(
                (rank or 0, foot) for foot, s, rank in zip(feet, sides, ranks, strict=True) if s == side
            )
        )
        for side in ("left", "right")
    }
    if not feet or len(ordered["left"]) != len(ordered["right"]):
        return None
    return Layout(left=ordered["left"], right=ordered["right"])


def _told(foot: str) -> tuple[str, int | None]:
    """Side ("" if untold) and rank (None if untold) that a name tells."""
    side, rank = "", None
    for part in re.findall(r"\d+|[A-Z]?[a-z]+|[A-Z]+", foot):
        word = part.lower()
        letters = list(word) if len(word) == 2 and word not in _RANKS else [word]
        if len(letters) == 2 and not (any(c in _SIDES for c in letters) and any(c in _RANKS for c in letters)):
            continue
        for token in letters:
            side = side or _SIDES.get(token, "")
            if rank is None:
                rank = int(token) if token.isdigit() else _RANKS.get(token)
    return side, rank
