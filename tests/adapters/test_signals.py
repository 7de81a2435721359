"""Ramps, delays and noise of any afferent; joints, balance and skin against the body."""

import math

import mujoco
import numpy as np
import pytest
from limb import animal, measured, swing

import sns_mujoco as sns
from sns_mujoco.adapters import (
    AngularVelocity,
    Command,
    Cutaneous,
    GolgiTendonOrgan,
    JointLimit,
    LinearAcceleration,
    Orientation,
    Polynomial,
    SensorChannel,
    TendonForce,
)


def currents(value, **settings):
    """The current of a command afferent for one value."""
    simulation = animal(Command("x", to="sum", **settings))
    simulation.commands["x"] = value
    simulation.step()
    return simulation.brain.currents(simulation.data)[0]


def test_ramp_is_clipped_or_goes_on():
    assert currents(0.25, range=(0, 1), gain=8.0, offset=1.0) == 3.0
    assert currents(-5.0, range=(0, 1), gain=8.0, offset=1.0) == 1.0
    assert currents(5.0, range=(0, 1), gain=8.0) == 8.0
    assert currents(5.0, range=(0, 1), gain=8.0, clip=False) == 40.0
    assert currents(0.25, range=(1, 0), gain=8.0) == 6.0  # a falling ramp


def test_delay_holds_the_current_and_not_the_signal():
    plain = Command("x", to="sum", range=(0, 100), gain=100.0)
    late = Command("x", to="sum", curve=Polynomial(0, 0, 1, 2), delay=3.0)
    simulation = animal(plain, late)
    found = []
    for value in range(1, 9):
        simulation.commands["x"] = value
        simulation.step()
        found.append(simulation.brain.currents(simulation.data))
        np.testing.assert_array_equal(simulation.brain.signals(simulation.data), [value, value])
    np.testing.assert_allclose(np.transpose(found), [range(1, 9), [0, 0, 0, 3, 4, 5, 6, 7]], rtol=1e-12)


def test_noise_is_the_seeds_and_each_afferents_own():
    noisy = dict(to="sum", noise=0.5)
    adapters = [
        Command("x", range=(0, 1), **noisy), Command("x", curve=Polynomial(0, 0, 1, 0), **noisy),
        GolgiTendonOrgan("extensor", **noisy), Cutaneous("bone", on=1.0, **noisy),
    ]  # fmt: skip
    a, b, c = (measured(animal(*adapters, seed=seed), 300) for seed in (3, 3, 4))
    np.testing.assert_array_equal(a, b)
    assert (a != c).all()
    clean = measured(animal(*(type(x)(x.source, to="sum", **_other(x)) for x in adapters)), 300)
    noise = a - clean
    assert np.abs(np.corrcoef(noise.T) - np.eye(4)).max() < 0.2
    np.testing.assert_allclose(noise.std(0), 0.5, rtol=0.15)


def _other(adapter):
    return dict(on=1.0) if isinstance(adapter, Cutaneous) else dict(range=(0, 1))


@pytest.mark.parametrize("integrator", ["Euler", "RK4", "implicitfast"])
def test_every_signal_is_of_the_time_at_which_the_step_begins(integrator):
    adapters = [
        LinearAcceleration("palm", "x", to="sum", range=(0, 1)), SensorChannel("own", 2, to="sum", range=(0, 1)),
        SensorChannel("own", "norm", to="sum", range=(0, 1)), AngularVelocity("palm", "y", to="sum", range=(0, 1)),
        TendonForce("extensor", to="sum", range=(0, 1)), TendonForce("third", to="sum", range=(0, 1)),
    ]  # fmt: skip
    simulation = animal(*adapters, integrator=integrator)
    now = mujoco.MjData(simulation.model)
    for step in range(20):
        simulation.data.ctrl[:] = 0.5 + 0.02 * step
        mujoco.mj_copyData(now, simulation.model, simulation.data)
        mujoco.mj_forward(simulation.model, now)
        simulation.step()
        own, gyro = now.sensor("own").data, now.sensor("nervous_system/palm/angular velocity").data
        expected = [own[0], own[2], np.linalg.norm(own), gyro[1], -now.actuator_force[1], -now.actuator_force[2]]
        np.testing.assert_allclose(simulation.brain.signals(simulation.data), expected, rtol=1e-9, atol=1e-9)
    assert abs(own[0]) > 0.1


def test_joint_limits_begin_at_their_margin():
    limits = [JointLimit("elbow", side=side, margin=0.4, to="sum") for side in ("upper", "lower")]
    wide = JointLimit("elbow", side="upper", margin=0.4, to="sum", range=(0, 2), gain=10.0)
    simulation = animal(*limits, wide)
    limit = math.radians(60)
    for angle in (-1.2, -1.0, -0.7, 0.0, 0.7, 0.9, 1.0, 1.2):
        simulation.data.qpos[0], simulation.data.qvel[:] = angle, 0.0
        simulation.step()
        upper, lower = max(0.0, (angle - limit + 0.4) / 0.4), max(0.0, (-angle - limit + 0.4) / 0.4)
        np.testing.assert_allclose(simulation.brain.signals(simulation.data), [upper, lower, upper], atol=1e-12)
        expected = [20.0 * min(upper, 1.0), 20.0 * min(lower, 1.0), 5.0 * upper]
        np.testing.assert_allclose(simulation.brain.currents(simulation.data), expected, atol=1e-9)


FREE = """
<mujoco><option gravity="0 0 0"/><worldbody><body name="trunk"><freejoint/>
  <inertial pos=".1 0 0" mass="1" diaginertia="1 2 3" quat="1 1 0 0"/><site name="head" euler="0 0 90"/>
</body></worldbody></mujoco>"""


def test_orientation_is_roll_pitch_and_yaw():
    net = sns.Network("vestibular")
    net.add_neuron(sns.NonSpikingNeuron(), "n")
    axes = [Orientation("trunk", axis, to="n", range=(-1, 1)) for axis in ("roll", "pitch", "yaw")]
    ear = Orientation("head", "yaw", to="n", range=(-1, 1))
    simulation = sns.Simulation(sns.attach(FREE, net, [*axes, ear], dt=1.0))
    random = np.random.default_rng(1)
    for _ in range(50):
        roll, yaw = random.uniform(-math.pi, math.pi, 2)
        pitch = random.uniform(-1.57, 1.57)
        turns = [((0, 0, 1), yaw), ((0, 1, 0), pitch), ((1, 0, 0), roll)]
        quaternion = np.array([1.0, 0.0, 0.0, 0.0])
        for axis, angle in turns:
            turn = np.concatenate([[math.cos(angle / 2)], math.sin(angle / 2) * np.array(axis)])
            mujoco.mju_mulQuat(quaternion, quaternion.copy(), turn)
        simulation.data.qpos[3:] = quaternion
        simulation.step()
        np.testing.assert_allclose(simulation.brain.signals(simulation.data)[:3], [roll, pitch, yaw], atol=1e-9)
    simulation.data.qpos[3:] = math.sqrt(0.5), 0.0, math.sqrt(0.5), 0.0
    simulation.step()
    assert simulation.brain.signals(simulation.data)[1] == pytest.approx(math.pi / 2)  # the nose points down
    simulation.data.qpos[3:] = 1.0, 0.0, 0.0, 0.0
    simulation.step()
    assert simulation.brain.signals(simulation.data)[3] == pytest.approx(math.pi / 2)


def test_balance_organs_feel_turning_and_gravity():
    net = sns.Network("vestibular")
    net.add_neuron(sns.NonSpikingNeuron(), "n")
    organs = [
        kind("head", axis, to="n", range=(-1, 1)) for kind in (AngularVelocity, LinearAcceleration) for axis in "xyz"
    ]
    body = FREE.replace('gravity="0 0 0"', "").replace("<freejoint/>", "<joint axis='1 0 0' damping='1e9'/>")
    simulation = sns.Simulation(sns.attach(body, net, organs, dt=1.0))
    simulation.step()
    np.testing.assert_allclose(simulation.brain.signals(simulation.data), [0, 0, 0, 0, 0, 9.81], atol=1e-6)
    simulation = sns.Simulation(sns.attach(FREE, net, organs, dt=1.0))
    simulation.data.qvel[3:] = 0.5, 0.0, 0.2
    simulation.step()
    np.testing.assert_allclose(simulation.brain.signals(simulation.data)[:3], [0.0, -0.5, 0.2], atol=1e-9)


SKIN = """
<mujoco><worldbody><geom type="plane" size="1 1 .1"/>
<body name="foot" pos="0 0 .05"><joint name="lift" type="slide" axis="0 0 1"/>
  <geom name="sole" size=".05" mass=".1"/><site name="toe" size=".06"/></body></worldbody>
<actuator><motor name="push" joint="lift"/></actuator></mujoco>"""


@pytest.mark.parametrize("of", ["sole", "foot", "toe"])
def test_skin_switches_with_hysteresis(of):
    net = sns.Network("skin")
    net.add_neuron(sns.NonSpikingNeuron(), "n")
    skin, plain = Cutaneous(of, on=2.0, off=1.0, to="n"), Cutaneous(of, on=2.0, to="n")
    force = SensorChannel("force", to="n", range=(0, 1))
    body = SKIN.replace("</mujoco>", '<sensor><touch name="force" site="toe"/></sensor></mujoco>')
    simulation = sns.Simulation(sns.attach(body, net, [skin, plain, force], dt=1.0))
    state, seen = 0.0, set()
    for step in range(800):
        simulation.data.ctrl[0] = -0.6 - 0.9 * math.sin(0.02 * step)
        simulation.step()
        switch, simple, pressure = simulation.brain.signals(simulation.data)
        state = 1.0 if pressure >= 2.0 else 0.0 if pressure < 1.0 else state
        assert switch == state
        assert simple == float(pressure >= 2.0)
        seen.add((switch, simple))
    assert seen == {(0.0, 0.0), (1.0, 1.0), (1.0, 0.0)}


def test_a_lost_signal_shows():
    simulation = animal(Cutaneous("bone", on=1.0, to="sum"), GolgiTendonOrgan("flexor", to="sum"))
    for _ in swing(simulation, 3):
        pass
    simulation.data.qvel[0] = np.nan
    mujoco.mj_step(simulation.model, simulation.data)
    assert simulation.data.warning[mujoco.mjtWarning.mjWARN_BADQVEL].number > 0
