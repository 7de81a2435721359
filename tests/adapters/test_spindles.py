"""Spindles and tendon organs against their published equations, on muscles that move."""

import math

import numpy as np
import pytest
from limb import animal, measured, swing

from sns_mujoco.adapters import (
    FARMS_IA,
    FARMS_II,
    MORAUD_2016_IA,
    MORAUD_2016_II,
    PROCHAZKA_GORASSINI_1998,
    Activation,
    Excitation,
    GolgiTendonOrgan,
    MotorNeuron,
    SpindleIa,
    SpindleII,
    SpindleModel,
    TendonForce,
    TendonLength,
    TendonVelocity,
)
from sns_mujoco.muscles import find_muscles

RATE = (0.0, 300.0)
MUSCLES = ["flexor", "extensor", "third"]


def power(v, p):
    return math.copysign(abs(v) ** p, v)


def along(muscle):
    """Rest length along the tendon."""
    return muscle.rest_length * math.cos(muscle.parameters.get("pennation", 0.0))


def compared(simulation, formula, *, name, steps=400):
    """Signals of the first afferent, and the formula of length, velocity, pull and excitation of a muscle."""
    muscle = find_muscles(simulation.model)[name]
    found, expected = [], []
    for data in swing(simulation, steps):
        state = (
            data.actuator_length[muscle.output], data.actuator_velocity[muscle.output],
            -data.actuator_force[muscle.output], data.ctrl[muscle.control],
        )  # fmt: skip
        found.append(simulation.brain.signals(data)[0])
        expected.append(formula(muscle, *state))
    assert np.std(expected) > 0.02 * np.max(np.abs(expected))  # it moves
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)
    return np.array(found)


@pytest.mark.parametrize("name", MUSCLES)
def test_prochazka_and_gorassini(name):
    simulation = animal(SpindleIa(name, to="sum", range=RATE))

    def rate(muscle, length, velocity, pull, excitation):
        stretch = 1e3 * (length - muscle.slack - along(muscle))
        return max(0.0, 82.0 + 4.3 * power(1e3 * velocity, 0.6) + 2.0 * stretch)

    compared(simulation, rate, name=name)


def test_published_numbers_of_prochazka_and_gorassini():
    m = PROCHAZKA_GORASSINI_1998
    rates = [m.base + m.velocity * power(v, m.exponent) + m.length * d for v, d in ((100, 5), (-50, 3), (0, 0))]
    np.testing.assert_allclose(
        rates, [82 + 4.3 * 15.848931924611133 + 10, 82 - 4.3 * 10.456395525912732 + 6, 82], rtol=1e-8
    )


@pytest.mark.parametrize("name", MUSCLES)
def test_farms_is_normalised_and_hears_the_muscles_excitation(name):
    ia = animal(SpindleIa(name, model=FARMS_IA, to="sum", range=(0, 1), alpha=Excitation()))
    ii = animal(SpindleII(name, model=FARMS_II, to="sum", range=(0, 1), alpha=Excitation()))

    def lengths(muscle, length, velocity):
        return (length - muscle.slack - 0.85 * along(muscle)) / muscle.rest_length, velocity / muscle.rest_length

    def primary(muscle, length, velocity, pull, excitation):
        stretch, speed = lengths(muscle, length, velocity)
        return max(0.0, power(speed, 0.6) / 6.2 + 2 / 6.2 * stretch + 0.06 * excitation)

    def secondary(muscle, length, velocity, pull, excitation):
        return max(0.0, 1.5 * lengths(muscle, length, velocity)[0] + 0.06 * excitation)

    compared(ia, primary, name=name)
    compared(ii, secondary, name=name)


def test_moraud_hears_motor_neurons():
    names = dict(to="sum", range=RATE)
    a = animal(SpindleIa("flexor", model=MORAUD_2016_IA, alpha=Activation("alpha", (0.0, 10.0)), **names))
    b = animal(SpindleII("flexor", model=MORAUD_2016_II, alpha=0.25, **names))

    def primary(muscle, length, velocity, pull, excitation):
        stretch = 1e3 * (length - muscle.slack - muscle.rest_length)
        return max(0.0, 50 + 2 * stretch + 4.3 * power(1e3 * velocity, 0.6) + 50 * 0.5)

    def secondary(muscle, length, velocity, pull, excitation):
        return max(0.0, 80 + 13.5 * 1e3 * (length - muscle.slack - muscle.rest_length) + 20 * 0.25)

    compared(a, primary, name="flexor")
    compared(b, secondary, name="flexor")


def test_gamma_neurons_raise_what_they_are_known_to_raise():
    gamma = dict(gamma_dynamic="dynamic", dynamic_effect=2.0, gamma_static=Activation("static", (0.0, 60.0)))
    driven = animal(SpindleIa("flexor", to="sum", range=RATE, static_effect=3.0, static_bias=40.0, **gamma))
    numbers = dict(gamma_dynamic=0.6, dynamic_effect=2.0, gamma_static=0.5, static_effect=3.0, static_bias=40.0)
    fixed = animal(SpindleIa("flexor", to="sum", range=RATE, **numbers))

    def rate(muscle, length, velocity, pull, excitation):
        stretch = 1e3 * (length - muscle.slack - muscle.rest_length)
        dynamic, static = 12.0 / 20.0, 30.0 / 60.0
        moving = 4.3 * power(1e3 * velocity, 0.6) * (1 + 2.0 * dynamic)
        return max(0.0, 82.0 + moving + 2.0 * stretch * (1 + 3.0 * static) + 40.0 * static)

    compared(driven, rate, name="flexor")
    compared(fixed, rate, name="flexor")


def test_own_models():
    model = SpindleModel(citation="made up", unit="rest lengths", base=1.0, length=2.0, threshold=0.5)
    simulation = animal(SpindleII("extensor", model=model, to="sum", range=(0, 5)))
    compared(simulation, lambda m, length, *_: max(0, 1 + 2 * (length / m.rest_length - 0.5)), name="extensor")


@pytest.mark.parametrize("name", MUSCLES)
def test_tendon_organ_is_the_share_of_the_peak_force(name):
    simulation = animal(GolgiTendonOrgan(name, rate=200.0, to="sum"))
    compared(simulation, lambda m, length, velocity, pull, u: max(0.0, 200.0 * pull / m.force), name=name)


def test_length_velocity_and_pull_of_muscles_and_tendons():
    wide = dict(to="sum", range=(0, 1))
    kinds = (TendonLength, TendonVelocity, TendonForce)
    simulation = animal(*(kind(of, **wide) for of in ("extensor", "back") for kind in kinds))
    for data in swing(simulation, 60):
        signals = simulation.brain.signals(data).reshape(2, 3)
        np.testing.assert_array_equal(signals[0], signals[1])
        expected = data.ten_length[1], data.ten_velocity[1], -data.actuator_force[1]
        np.testing.assert_allclose(signals[1], expected, rtol=1e-14)
    assert signals[1, 2] > 0.1  # it pulls


def test_excitation_counts_at_once_when_a_motor_neuron_makes_it():
    spindle = SpindleII("flexor", model=MORAUD_2016_II, alpha=Excitation(), to="sum", range=RATE)
    still = animal(SpindleII("flexor", to="sum", range=RATE), MotorNeuron("alpha", drives="flexor"))
    heard = animal(spindle, MotorNeuron("alpha", drives="flexor"))
    difference = measured(heard, 5, excite=False) - measured(still, 5, excite=False)
    np.testing.assert_allclose(difference, 20.0 * 0.25, rtol=1e-9)
