"""Descriptions of muscles: plain data, each class one published muscle model.

Every muscle is an actuator on a tendon, and its control is its excitation, 0 to 1. MuJoCo's sign holds for all of
them: a muscle that pulls has a negative force along its tendon.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Muscle:
    """What every muscle has.

    Attributes:
        name: Name of the muscle; its actuator has the same.
        tendon: Name of the tendon of the body that it pulls on.
        force: Largest active force at standstill, N.
        source: Where its numbers are published; tools show it.
    """

    name: str
    tendon: str
    force: float
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MujocoMuscle(Muscle):
    """MuJoCo's own muscle: activation dynamics and force-length-velocity curves on a rigid tendon.

    The optimal length L0 and the tendon's slack length LT follow from `length_range` and `range`: a length LT +
    range * L0 is that of `length_range`. Attributes carry MuJoCo's names where it has one; its documentation has the
    equations (Computation, Muscle actuators).

    Attributes:
        range: Length of the fibre at both ends of `length_range`, in optimal lengths.
        length_range: Shortest and longest length of the tendon, m; None lets MuJoCo's compiler find it by pulling.
        time_constants: Of activation and of deactivation, s.
        smoothing: Width of the change from one time constant to the other, in excitation.
        lmin: Shortest fibre that has active force, in optimal lengths.
        lmax: Longest fibre that has active force, in optimal lengths.
        vmax: Speed of shortening at which no active force is left, optimal lengths per second.
        fpmax: Passive force at `lmax`, in units of `force`.
        fvmax: Active force while lengthening fast, in units of `force`.
    """

    range: tuple[float, float] = (0.75, 1.05)
    length_range: tuple[float, float] | None = None
    time_constants: tuple[float, float] = (0.01, 0.04)
    smoothing: float = 0.0
    lmin: float = 0.5
    lmax: float = 1.6
    vmax: float = 1.5
    fpmax: float = 1.3
    fvmax: float = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearHillMuscle(Muscle):
    """AnimatLab's linear Hill muscle: a series spring behind a parallel spring, a damper and a source of force.

    With the tension T (N), the muscle's length L (m), its velocity v (m/s) and the excitation u,

        dT/dt = (kse / b) (kpe (L - L_rest) + b v - (1 + kpe / kse) T + A)
        A = force u max(0, 1 - ((L - L_rest) / width)^2)

    and it pulls with T, but with no less than nothing and no more than `max_tension`. T itself may be negative while
    the muscle is slack. It is state of the physics, starts from 0, and is solved exactly over each physics step for
    inputs that stand still, so any stiffness is stable by itself. With the body it is stable for physics steps below
    I / (b r^2), for a moment arm r (m) about an inertia I (kg m^2).

    AnimatLab turns a motor neuron's potential into u with a sigmoid; here that is the business of an efferent. Cofer
    et al. 2010, J Neurosci Methods 187:280, after Shadmehr and Arbib 1992, Biol Cybern 66:463.

    Attributes:
        kse: Stiffness of the series spring, N/m.
        kpe: Stiffness of the parallel spring, N/m; 0 for none.
        damping: Of the parallel damper b, N s/m.
        rest_length: Length L_rest at which the parallel spring pulls with nothing and the active force is largest, m.
        width: Distance from the rest length at which the active force is gone, m.
        max_tension: Largest tension, N.
        series_fraction: Share of the rest length that the series spring has when slack; for receptors in the muscle.
        min_parallel: Share of the rest length below which the parallel part does not shorten; for receptors.
    """

    kse: float
    kpe: float
    damping: float
    rest_length: float
    width: float
    max_tension: float
    series_fraction: float = 0.1
    min_parallel: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class HillMuscle(Muscle):
    """A Hill muscle on a rigid tendon, with the curves of De Groote et al. 2016, Ann Biomed Eng 44:2922.

    It pulls with F = force (a f_l(l) f_v(v) + f_p(l) + damping v) cos(pennation), not below 0: l is the fibre's length
    in optimal lengths, v its velocity of lengthening in units of `max_velocity`, and the activation a follows the
    excitation with two time constants as MuJoCo's own muscles do (Millard et al. 2013, J Biomech Eng 135:021005),
    which is state of the physics under every integrator. The fibre keeps its thickness while its angle changes, so
    l = sqrt((L - L_slack)^2 + (L_opt sin pennation)^2) / L_opt for a tendon of length L. A slack tendon pulls nothing.

    The curves have the numbers as printed, rounded: f_l(1) = 0.9993 and f_v(0) = 1.0023. f_v is 1.79 at v = 1.

    MuJoCo's implicit integrators do not see how the force depends on the velocity. With a moment arm r (m) about an
    inertia I (kg m^2), keep the physics step below 2 I max_velocity L_opt / (force (2.6 + damping) r^2).

    Attributes:
        optimal_length: Length of the fibre at which its active force is largest, L_opt, m.
        tendon_slack_length: Length of the rigid tendon, L_slack, m.
        pennation: Angle between fibre and tendon at the optimal length, rad.
        max_velocity: Speed of shortening at which no active force is left, optimal lengths per second.
        damping: Force of a parallel damper at `max_velocity`, in units of `force`.
        activation_time: Time constant of activation, s.
        deactivation_time: Time constant of deactivation, s.
        passive_shape: Steepness of the passive force, k_pe of the source.
        passive_strain: Strain of the fibre at which the passive force is `force`, e_0 of the source.
    """

    optimal_length: float
    tendon_slack_length: float
    pennation: float = 0.0
    max_velocity: float = 10.0
    damping: float = 0.1
    activation_time: float = 0.01
    deactivation_time: float = 0.04
    passive_shape: float = 4.0
    passive_strain: float = 0.6
