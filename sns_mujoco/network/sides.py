"""The rule by which the two sides of an animal are named: a prefix before every name of the side that is described."""

from sns_mujoco.errors import NetworkError


def check_sides(left: str, right: str, error: type[Exception] = NetworkError) -> None:
    """Refuse prefixes that do not tell the sides apart.

    Raises:
        NetworkError: They are the same, or no text (or the error that is given).
    """
    if not isinstance(left, str) or not isinstance(right, str):
        raise error(f"left and right are {left!r} and {right!r}; give texts")
    if left == right:
        raise error(f"left and right are both {left!r}; give different prefixes")
