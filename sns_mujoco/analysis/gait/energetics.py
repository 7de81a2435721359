"""Energy of walking: work of muscles and joints, cost of transport, Froude number, exchange of energy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import GaitError

Floats = NDArray[np.floating]

GRAVITY = 9.81  # m/s^2


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Mechanical work over some time, of each muscle, joint or actuator.

    Attributes:
        positive: What each put into the body [M], J.
        negative: What each took out of it [M], J, 0 or less.
    """

    positive: Floats
    negative: Floats

    @property
    def net(self) -> Floats:
        """Both together [M], J."""
        return self.positive + self.negative


def muscle_power(force: Floats, velocity: Floats) -> Floats:
    """Mechanical power of muscles, W: positive as they shorten under tension (Winter 2009, Biomechanics, ch. 6).

    Args:
        force: Pull of each muscle over time [T, M], N, positive as it pulls.
        velocity: Its velocity [T, M], m/s, positive as it lengthens.
    """
    return -np.asarray(force, float) * np.asarray(velocity, float)


def work(power: Floats, period: float) -> Work:
    """Work from power, its positive and negative parts apart, by the trapezoidal rule.

    Args:
        power: Over time [T, M], W.
        period: Time between samples, s.
    """
    power = np.asarray(power, float)
    positive, negative = np.clip(power, 0.0, None), np.clip(power, None, 0.0)
    return Work(
        positive=np.asarray(np.trapezoid(positive, dx=period, axis=0)),
        negative=np.asarray(np.trapezoid(negative, dx=period, axis=0)),
    )


def cost_of_transport(energy: float, mass: float, distance: float, *, gravity: float = GRAVITY) -> float:
    """Energy per weight and distance, E / (m g d): dimensionless (Tucker 1975, Am Sci 63:413).

    Here energy is mechanical, usually the positive work of all muscles. Published costs of living animals are mostly
    metabolic, and several times as high.

    Args:
        energy: J.
        mass: kg.
        distance: m.
        gravity: m/s^2.

    Returns:
        The cost; nan without any distance.

    Raises:
        GaitError: Mass or gravity is not positive.
    """
    if not (mass > 0.0 and gravity > 0.0):
        raise GaitError(f"mass is {mass!r} kg and gravity {gravity!r} m/s^2; give positive ones")
    return energy / (mass * gravity * distance) if distance > 0.0 else float("nan")


def froude(speed: float, height: float, *, gravity: float = GRAVITY) -> float:
    """Froude number v^2 / (g h): animals of different size walk alike where it is alike.

    Alexander & Jayes 1983, J Zool 201:135. Mammals change from walk to trot near 0.5, from trot to gallop between 2
    and 3.

    Args:
        speed: m/s.
        height: Of the hip above the ground, m.
        gravity: m/s^2.

    Raises:
        GaitError: Height or gravity is not positive.
    """
    if not (height > 0.0 and gravity > 0.0):
        raise GaitError(f"height is {height!r} m and gravity {gravity!r} m/s^2; give positive ones")
    return speed * speed / (gravity * height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """How height and speed of the centre of mass exchange energy.

    Attributes:
        recovery: Share of the energy of the centre of mass that is recovered, 0 to 1: high as in an inverted pendulum,
            near 0 as in a bouncing ball; nan where nothing rises.
        vertical: Work against gravity and of vertical speed, J.
        forward: Work of horizontal speed, J.
        external: Work of both together, J.
    """

    recovery: float
    vertical: float
    forward: float
    external: float


def exchange(center: Floats, mass: float, period: float, *, gravity: float = GRAVITY) -> Exchange:
    """Exchange of energy of the centre of mass, over whole strides.

    Recovery is (Wf + Wv - Wext) / (Wf + Wv), each W the sum of the increments of an energy (Cavagna, Heglund & Taylor
    1977, Am J Physiol 233:R243).

    Args:
        center: Place of the centre of mass on the ground over time [T, 3], m.
        mass: kg.
        period: Time between samples, s.
        gravity: m/s^2.

    Raises:
        GaitError: There are fewer than three samples.
    """
    center = np.asarray(center, float)
    if center.ndim != 2 or center.shape[1] != 3 or len(center) < 3:
        raise GaitError(
            f"places of the centre of mass have the shape {center.shape}; give [T, 3] with three samples or more"
        )
    velocity = np.gradient(center, period, axis=0)
    along = 0.5 * mass * (velocity[:, :2] ** 2).sum(axis=1)
    up = mass * gravity * center[:, 2] + 0.5 * mass * velocity[:, 2] ** 2
    forward, vertical, external = (float(np.clip(np.diff(e), 0.0, None).sum()) for e in (along, up, along + up))
    spent = forward + vertical
    return Exchange(
        recovery=(spent - external) / spent if spent > 1e-9 * np.abs(along + up).max() else float("nan"),
        vertical=vertical, forward=forward, external=external,
    )  # fmt: skip
