"""Conduction delays from the length of a nerve and the velocity of its fibres."""

from sns_mujoco.adapters import checks
from sns_mujoco.errors import unknown_name

VELOCITIES: dict[str, tuple[float, float]] = {
    "Ia": (72.0, 120.0),
    "Ib": (72.0, 120.0),
    "II": (24.0, 72.0),
}
"""Slowest and fastest fibres of muscle nerves of the cat, m/s (Hunt 1954, J Gen Physiol 38:117)."""


def conduction_delay(*, length: float, velocity: float | str) -> float:
    """The time that a spike takes along a nerve.

    Args:
        length: Of the nerve, m.
        velocity: Of conduction, m/s; or a group of `VELOCITIES`, "Ia", "Ib" or "II", of which the middle is taken.

    Returns:
        Delay, ms, for the `delay` of an adapter.

    Raises:
        AttachError: The length is negative, or the velocity not above 0.
        UnknownNameError: There is no such group of fibres.
    """
    checks.not_negative("conduction_delay", "length", length)
    if isinstance(velocity, str):
        if velocity not in VELOCITIES:
            raise unknown_name("group of fibres", velocity, VELOCITIES, "VELOCITIES; or give a velocity in m/s")
        velocity = sum(VELOCITIES[velocity]) / 2
    checks.positive("conduction_delay", "velocity", velocity)
    return 1e3 * length / velocity
