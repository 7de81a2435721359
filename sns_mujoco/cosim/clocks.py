"""Two clocks that must fit: the neural step (ms) and the physics step (s), and delays counted in them."""

from sns_mujoco.errors import TimeStepError


def neural_steps(dt: float, timestep: float) -> tuple[int, int]:
    """How the two steps divide each other.

    Args:
        dt: Neural step, ms.
        timestep: Physics step, s.

    Returns:
        Neural steps per physics step, and physics steps per neural step; one of them is 1.

    Raises:
        TimeStepError: Neither divides the other.
    """
    physics = timestep * 1e3
    for ratio, answer in ((physics / dt, lambda n: (n, 1)), (dt / physics, lambda n: (1, n))):
        whole = round(ratio)
        if whole >= 1 and abs(ratio - whole) < 1e-6 * whole:
            return answer(whole)
    near = max(1, round(physics / dt))
    raise TimeStepError(
        f"a neural step of {dt:g} ms does not divide the physics step of {physics:g} ms, nor the reverse; "
        f"take dt={physics / near:g} or dt={physics / (near + 1):g}, or another timestep in the body's <option>"
    )


def delay_steps(delay: float, timestep: float) -> int:
    """A conduction delay (ms) in physics steps, rounded; less than half a step is none."""
    return int(delay / (timestep * 1e3) + 0.5)
