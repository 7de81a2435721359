"""What muscles compute, natively: one step of each muscle model."""

import math

import numpy as np
from numba import njit

from sns_mujoco.backends.native.exponential import exp


@njit(error_model="numpy", inline="always")
def relaxation(kse, kpe, damping, dt):
    """Share of a stretch that the parallel elasticity takes up at last, and what a step leaves of the way to there."""
    return kse / (kse + kpe), exp(-(kse + kpe) / damping * dt)


@njit(error_model="numpy", inline="always")
def linear_hill_tension(tension, length, velocity, active, share, keep, kpe, damping, rest_length):
    """Internal tension of AnimatLab's linear Hill muscle one step later, N.

    dT/dt = (kse / b) (kpe (L - L_rest) + b v - (1 + kpe / kse) T + A), solved exactly over the step for inputs that
    stand still: kse / b is often faster than the physics (Cofer et al. 2010, J Neurosci Methods 187:280).

    Args:
        tension: Now, N; it may be negative, what pulls is `max(tension, 0)`.
        length: Of the muscle, m.
        velocity: Of lengthening, m/s.
        active: Active tension A, N.
        share: From `relaxation`, as is `keep`.
        keep: See `share`.
        kpe: Stiffness of the parallel elasticity, N/m.
        damping: Parallel damping b, N s/m.
        rest_length: Length at which the parallel elasticity pulls with nothing, m.
    """
    settled = share * (kpe * (length - rest_length) + damping * velocity + active)
    return settled + (tension - settled) * keep


@njit(error_model="numpy")
def active_tension(force, excitation, length, rest_length, width):
    """Active tension A of AnimatLab's linear Hill muscle, N: largest at the rest length, gone `width` away from it."""
    distance = (length - rest_length) / width
    overlap = 1.0 - distance * distance
    # neither here nor below max() or min(): they would hide a number that is none
    return 0.0 if overlap < 0.0 else force * excitation * overlap


@njit(error_model="numpy")
def applied_tension(tension, max_tension):
    """What an internal tension pulls with, N: a muscle does not push; a number that is none stays so."""
    if not abs(tension) < np.inf:
        return np.nan
    pull = 0.0 if tension < 0.0 else tension
    return pull if pull <= max_tension else max_tension


@njit(error_model="numpy")
def excited(control):
    """An excitation, 0 to 1, from a control; 0 for one that is no number, of which MuJoCo warns itself."""
    return min(max(control, 0.0), 1.0) if abs(control) < np.inf else 0.0


@njit(error_model="numpy")
def active_force_length(length):
    """Active force f_l of a fibre, in units of the largest, over its length in optimal lengths.

    De Groote et al. 2016, Ann Biomed Eng 44:2922, supplement; numbers as printed there, to three digits.
    """
    first = (length - 1.055) / (0.162 + 0.063 * length)
    second = (length - 0.717) / (-0.030 + 0.200 * length)
    third = (length - 1.0) / (0.5 * math.sqrt(0.5))
    return (
        0.815 * math.exp(-0.5 * first * first)
        + 0.433 * math.exp(-0.5 * second * second)
        + 0.100 * math.exp(-0.5 * third * third)
    )


@njit(error_model="numpy")
def force_velocity(velocity):
    """Factor f_v on the active force, over the velocity of lengthening in units of the largest; source as above."""
    x = -8.149 * velocity - 0.374
    return -0.318 * math.log(x + math.sqrt(x * x + 1.0)) + 0.886


@njit(error_model="numpy")
def passive_force_length(length, shape, strain):
    """Passive force f_p of a fibre, in units of the largest active force; source as above."""
    return math.expm1(shape * (length - 1.0) / strain) / math.expm1(shape)


@njit(error_model="numpy")
def hill_force(
    activation, length, velocity, force, optimal_length, tendon_slack_length, pennation, max_velocity, damping, shape,
    strain,
):  # fmt: skip
    """Force along a rigid tendon, N, not below 0.

    Args:
        activation: 0 to 1.
        length: Of muscle and tendon together, m.
        velocity: Of its lengthening, m/s.
        force: Largest active force, N.
        optimal_length: Of the fibre, m.
        tendon_slack_length: Of the tendon, m.
        pennation: At the optimal length, rad.
        max_velocity: Optimal lengths per second.
        damping: In units of `force`, at `max_velocity`.
        shape: See `passive_force_length`.
        strain: See `passive_force_length`.
    """
    along = (length - tendon_slack_length) / optimal_length
    if along <= 0.0:
        return 0.0
    across = math.sin(pennation)
    fibre = math.sqrt(along * along + across * across)
    cosine = along / fibre
    speed = velocity * cosine / (optimal_length * max_velocity)
    pull = activation * active_force_length(fibre) * force_velocity(speed)
    pull += passive_force_length(fibre, shape, strain) + damping * speed
    return 0.0 if pull < 0.0 else force * pull * cosine
