"""The published curves at tabulated points, and the force that is made of them."""

import math

import mujoco
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco.muscles import add_muscles, find_muscles, kernel

# De Groote et al. 2016, the printed numbers evaluated in decimal arithmetic of 40 digits
ACTIVE = {0.4: 0.025482, 0.6: 0.299686, 0.8: 0.834809, 1.0: 0.999333, 1.2: 0.792488, 1.4: 0.378079, 1.6: 0.122793}
VELOCITY = {-1.0: 0.012082, -0.5: 0.243834, -0.1: 0.74998, 0.0: 1.002321, 0.1: 1.206814, 0.5: 1.585, 1.0: 1.78891}
PASSIVE = {0.7: -0.016132, 1.0: 0.0, 1.2: 0.052122, 1.4: 0.249858, 1.6: 1.0}


@pytest.mark.parametrize(("length", "expected"), ACTIVE.items())
def test_active_force_over_length(length, expected):
    assert kernel.active_force_length(length) == pytest.approx(expected, abs=6e-7)


@pytest.mark.parametrize(("velocity", "expected"), VELOCITY.items())
def test_force_over_velocity_falls_while_shortening(velocity, expected):
    assert kernel.force_velocity(velocity) == pytest.approx(expected, abs=6e-7)


@pytest.mark.parametrize(("length", "expected"), PASSIVE.items())
def test_passive_force_over_length(length, expected):
    assert kernel.passive_force_length(length, 4.0, 0.6) == pytest.approx(expected, abs=6e-7)


def independent(muscle, activation, length, velocity):
    """The force once more, from its description, in other words."""
    straight = (length - muscle.tendon_slack_length) / muscle.optimal_length
    fibre = math.hypot(straight, math.sin(muscle.pennation))
    cosine = straight / fibre
    v = velocity * cosine / muscle.optimal_length / muscle.max_velocity
    rows = ((0.815, 1.055, 0.162, 0.063), (0.433, 0.717, -0.030, 0.200), (0.1, 1.0, 0.125**0.5, 0.0))
    active = sum(b1 * math.exp(-((fibre - b2) ** 2) / (2 * (b3 + b4 * fibre) ** 2)) for b1, b2, b3, b4 in rows)
    speed = 0.886 - 0.318 * math.asinh(-8.149 * v - 0.374)
    shape = muscle.passive_shape
    passive = (math.exp(shape * (fibre - 1) / muscle.passive_strain) - 1) / (math.exp(shape) - 1)
    return max(0.0, muscle.force * cosine * (activation * active * speed + passive + muscle.damping * v))


def test_the_model_pulls_with_the_curves_force(sled, hill):
    muscle = hill(damping=0.3, max_velocity=8.0, passive_strain=0.5)
    model = add_muscles(sled(), [muscle]).compile()
    data = mujoco.MjData(model)
    for length in (0.12, 0.148, 0.16, 0.175):
        for velocity in (-0.3, -0.02, 0.0, 0.1):
            data.qpos[0], data.qvel[0], data.act[0] = length, velocity, 0.6
            mujoco.mj_forward(model, data)
            expected = independent(muscle, 0.6, length, velocity)
            assert data.actuator_force[0] == pytest.approx(-expected, rel=1e-12)
            assert data.qfrc_actuator[0] == data.actuator_force[0]


def test_activation_is_mujocos_own_and_isometric_force_follows_it(sled, hill):
    muscle = hill(activation_time=0.015, deactivation_time=0.06, pennation=0.0)
    model = add_muscles(sled(timestep=1e-3), [muscle]).compile()
    info = find_muscles(model)["muscle"]
    data = mujoco.MjData(model)
    data.qpos[0] = 0.15
    activation = 0.0
    for step in range(200):
        data.ctrl[0] = 0.8 if step < 120 else 0.0
        mujoco.mj_step(model, data)
        # Millard et al. 2013, in Euler's step
        tau = 0.015 * (0.5 + 1.5 * activation) if data.ctrl[0] > activation else 0.06 / (0.5 + 1.5 * activation)
        activation += 1e-3 * (data.ctrl[0] - activation) / tau
        assert data.act[info.activation] == pytest.approx(activation, rel=1e-12)
        if step == 119:
            mujoco.mj_forward(model, data)
            held = 8.0 * activation * kernel.active_force_length(1.0) * kernel.force_velocity(0.0)
            assert data.actuator_force[info.output] == pytest.approx(-held, rel=1e-6)


SOME = st.floats(0.01, 1.0)


@settings(deadline=None)  # the first one is compiled
@given(SOME, SOME, st.floats(-3.0, 3.0), st.floats(0.0, 1.5), SOME)
def test_no_muscle_pushes_and_more_activation_never_pulls_less(activation, length, velocity, pennation, more):
    numbers = (50.0, 0.2, 0.1, pennation, 10.0, 0.1, 4.0, 0.6)
    low, high = sorted((activation, more))
    assert 0.0 <= kernel.hill_force(low, length, velocity, *numbers) < math.inf
    if abs(velocity) < 1.9:  # beyond the fastest shortening the factor is below 0
        assert kernel.hill_force(low, length, velocity, *numbers) <= kernel.hill_force(high, length, velocity, *numbers)


def test_a_slack_tendon_pulls_nothing():
    assert kernel.hill_force(1.0, 0.09, 0.0, 50.0, 0.2, 0.1, 0.3, 10.0, 0.1, 4.0, 0.6) == 0.0


def test_what_is_no_number_stays_none():
    assert np.isnan(kernel.hill_force(np.nan, 0.3, 0.0, 50.0, 0.2, 0.1, 0.3, 10.0, 0.1, 4.0, 0.6))
    assert np.isnan(kernel.hill_force(0.5, 0.3, 0.0, np.nan, 0.2, 0.1, 0.3, 10.0, 0.1, 4.0, 0.6))
    assert np.isnan(kernel.applied_tension(np.nan, 10.0)) and np.isnan(kernel.applied_tension(np.inf, 10.0))
