"""What muscles compute, natively: one step of each muscle model."""

import math

from numba import njit


@njit(error_model="numpy")
def linear_hill_tension(tension, length, velocity, active, kse, kpe, damping, rest_length, dt):
    """Internal tension of AnimatLab's linear Hill muscle one step later, N.

    dT/dt = (kse / b) (kpe (L - L_rest) + b v - (1 + kpe / kse) T + A), solved exactly over the step for inputs that
    stand still: kse / b is often faster than the physics (Cofer et al. 2010, J Neurosci Methods 187:280).

    Args:
        tension: Now, N; it may be negative, what pulls is `max(tension, 0)`.
        length: Of the muscle, m.
        velocity: Of lengthening, m/s.
        active: Active tension A, N.
        kse: Stiffness of the series elasticity, N/m.
        kpe: Stiffness of the parallel elasticity, N/m.
        damping: Parallel damping b, N s/m.
        rest_length: Length at which the parallel elasticity pulls with nothing, m.
        dt: Step, s.
    """
    share = kse / (kse + kpe)
    settled = share * (kpe * (length - rest_length) + damping * velocity + active)
    return settled + (tension - settled) * math.exp(-(kse + kpe) / damping * dt)
