"""AnimatLab's linear Hill muscle in the engine against its published equation, solved by somebody else."""

import mujoco
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from sns_mujoco.muscles import add_muscles, find_muscles, kernel

# (kse, kpe, damping): slow, middling, as stiff as a rat's (kse / damping > 4000 1/s), and stiffer than its step
STIFFNESSES = [(600.0, 90.0, 30.0), (600.0, 90.0, 3.0), (5870.0, 6.5e-4, 1.35), (9e4, 10.0, 2.0)]


def published(muscle, length, velocity, excitation, times):
    """Tension at some times from 0 N on, of the differential equation as AnimatLab prints it."""

    def rate(t, tension):
        displacement = length + velocity * t - muscle.rest_length
        overlap = max(0.0, 1.0 - displacement**2 / muscle.width**2)
        active = overlap * muscle.force * excitation
        elastic = muscle.kpe * displacement + muscle.damping * velocity
        return muscle.kse / muscle.damping * (elastic - (1.0 + muscle.kpe / muscle.kse) * tension + active)

    return solve_ivp(rate, (0.0, times[-1]), [0.0], "LSODA", times, rtol=1e-10, atol=1e-12).y[0]


def tensions(model, length, velocity, excitation, steps):
    data, info = mujoco.MjData(model), find_muscles(model)["muscle"]
    data.qpos[0], data.qvel[0] = length, velocity
    rows = []
    for _ in range(steps):
        data.ctrl[info.control] = excitation
        mujoco.mj_step(model, data)
        rows.append((data.plugin_state[info.tension], data.actuator_force[info.output]))
    return np.array(rows)


@pytest.mark.parametrize(("kse", "kpe", "damping"), STIFFNESSES)
@pytest.mark.parametrize("integrator", ["Euler", "RK4", "implicitfast"])
def test_step_response_at_a_held_length_is_exact(sled, linear_hill, kse, kpe, damping, integrator):
    muscle = linear_hill(kse=kse, kpe=kpe, damping=damping)
    model = add_muscles(sled(integrator=integrator), [muscle]).compile()
    found = tensions(model, 0.17, 0.0, 0.7, 400)
    times = 1e-4 * np.arange(1, 401)
    np.testing.assert_allclose(found[:, 0], published(muscle, 0.17, 0.0, 0.7, times), rtol=1e-7)
    np.testing.assert_array_equal(found[1:, 1], -found[:-1, 0])  # a step's force is the tension that it began with


@pytest.mark.parametrize(("kse", "kpe", "damping"), STIFFNESSES)
@pytest.mark.parametrize("velocity", [0.3, -0.3])
def test_ramps_are_followed_to_first_order(sled, linear_hill, kse, kpe, damping, velocity):
    muscle = linear_hill(kse=kse, kpe=kpe, damping=damping)
    errors = []
    for timestep in (1e-4, 5e-5):
        model = add_muscles(sled(timestep), [muscle]).compile()
        steps = round(0.04 / timestep)
        found = tensions(model, 0.15, velocity, 0.7, steps)[:, 0]
        expected = published(muscle, 0.15, velocity, 0.7, timestep * np.arange(1, steps + 1))
        errors.append(np.abs(found - expected).max())
    assert errors[0] < 0.01
    assert errors[0] / errors[1] == pytest.approx(2.0, abs=0.4)


def test_isometric_tension_in_the_end(sled, linear_hill):
    model = add_muscles(sled(), [linear_hill()]).compile()
    # (kpe d + force u (1 - (d / width)^2)) / (1 + kpe / kse), at the rest length, 0.03 m beyond, and out of reach
    for length, expected in ((0.15, 4.0 / 1.15), (0.18, (2.7 + 3.0) / 1.15), (0.22, 90 * 0.07 / 1.15)):
        assert tensions(model, length, 0.0, 0.5, 4000)[-1, 0] == pytest.approx(expected, rel=1e-7)


def test_a_slack_muscle_does_not_push_and_remembers(sled, linear_hill):
    model = add_muscles(sled(), [linear_hill()]).compile()
    found = tensions(model, 0.13, -0.5, 0.0, 300)
    assert found[-1, 0] < -0.5
    assert (found[:, 1] == 0.0).all()


def test_tension_has_a_largest_value(sled, linear_hill):
    model = add_muscles(sled(), [linear_hill(max_tension=2.5)]).compile()
    found = tensions(model, 0.15, 0.0, 1.0, 3000)
    assert found[-1, 0] == pytest.approx(8.0 / 1.15, rel=1e-6)
    assert found[:, 1].min() == -2.5


def test_excitation_is_0_to_1_and_none_where_it_is_no_number(sled, linear_hill):
    model = add_muscles(sled(), [linear_hill()]).compile()
    np.testing.assert_array_equal(tensions(model, 0.15, 0, 7.0, 50), tensions(model, 0.15, 0, 1.0, 50))
    np.testing.assert_array_equal(tensions(model, 0.15, 0, -1.0, 50), tensions(model, 0.15, 0, 0.0, 50))
    np.testing.assert_array_equal(tensions(model, 0.15, 0, np.nan, 50), tensions(model, 0.15, 0, 0.0, 50))


@pytest.mark.parametrize(("share", "grows"), [(0.95, False), (1.05, True)])
def test_the_longest_stable_step_is_the_documented_one(sled, linear_hill, share, grows):
    muscle = linear_hill(kpe=0.0, force=1.0, damping=0.4, max_tension=1e9)
    mass = 0.002
    model = add_muscles(sled(share * mass / 0.4, mass=mass), [muscle]).compile()
    model.opt.gravity[0] = 500.0  # 1 N on the sled keeps the muscle taut: it is drawn out at 1 N / damping in the end
    data = mujoco.MjData(model)
    speeds = []
    for _ in range(1000):
        mujoco.mj_step(model, data)
        speeds.append(data.qvel[0])
    if grows:
        assert np.ptp(speeds[-100:]) > 2.0
    else:
        assert speeds[-1] == pytest.approx(1.0 / 0.4, rel=1e-3)


@settings(deadline=None)  # the first one is compiled
@given(st.floats(-50, 50), st.floats(0.0, 1.0), st.floats(-10, 10), st.floats(0.1, 1e6), st.floats(0.0, 1e4),
       st.floats(1e-3, 1e3), st.floats(1e-5, 1e-2))  # fmt: skip
def test_two_half_steps_are_one_step(tension, length, velocity, kse, kpe, damping, dt):
    def step(start, time):
        share, keep = kernel.relaxation(kse, kpe, damping, time)
        return kernel.linear_hill_tension(start, length, velocity, 2.0, share, keep, kpe, damping, 0.15)

    once = step(tension, dt)
    assert step(step(tension, dt / 2), dt / 2) == pytest.approx(once, rel=1e-9, abs=1e-6)
