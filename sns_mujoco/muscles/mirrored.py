"""The muscles of both sides from the description of one."""

from collections.abc import Iterable
from dataclasses import replace

from sns_mujoco.errors import MuscleError
from sns_mujoco.muscles.descriptions import Muscle
from sns_mujoco.network.sides import check_sides


def mirrored(muscles: Iterable[Muscle], left: str = "left_", right: str = "right_") -> list[Muscle]:
    """Muscles of the left side, then those of the right one, each on the tendon of its side.

    Args:
        muscles: Those of one side, named without a side.
        left: Put before every name of the left side, of muscles and tendons.
        right: Put before every name of the right side.

    Raises:
        MuscleError: Both prefixes are the same, or something is no muscle.
    """
    check_sides(left, right, MuscleError)
    muscles = list(muscles)
    for muscle in muscles:
        if not isinstance(muscle, Muscle):
            raise MuscleError(f"{muscle!r} is no muscle; give those of sns_mujoco.muscles")
    return [
        replace(muscle, name=f"{side}{muscle.name}", tendon=f"{side}{muscle.tendon}")
        for side in (left, right)
        for muscle in muscles
    ]
