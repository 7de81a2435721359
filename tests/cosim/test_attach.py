"""What can be wrong when a nervous system is attached is said before anything runs, with culprit and remedy."""

import mujoco
import numpy as np
import pytest
from leg import AFFERENTS, EFFERENTS, animal, body, network

import sns_mujoco as sns
from sns_mujoco.adapters import (
    AntagonistPair,
    Command,
    ContactForce,
    JointAngle,
    JointVelocity,
    MotorNeuron,
    SensorChannel,
    Touch,
)
from sns_mujoco.cosim.brain import find_brains
from sns_mujoco.errors import AttachError, TimeStepError, UnknownNameError


def attach(*adapters, dt=0.5, **options):
    return sns.attach(options.pop("body", body()), network(), adapters, dt=dt, **options)


@pytest.mark.parametrize(
    ("adapter", "message"),
    [
        (
            JointAngle("hipp", to="angle", range=(0, 1)),
            r"no joint named 'hipp' in the body, .*did you mean 'hip'",
        ),
        (JointVelocity("nee", to="angle", range=(0, 1)), "did you mean 'knee'"),
        (Touch("foots", to="touch", range=(0, 1)), "no site named 'foots'.*'foot'"),
        (ContactForce("shnk", to="touch", range=(0, 1)), "no geom or body named 'shnk'.*'shank'"),
        (SensorChannel("gyro", to="touch", range=(0, 1)), "no sensor named 'gyro'"),
        (JointAngle("hip", to="extenser", range=(0, 1)), "no input or neuron named 'extenser'.*'extensor'"),
        (MotorNeuron("flexor motr", drives="knee"), "no neuron named 'flexor motr'.*'flexor motor'"),
        (MotorNeuron("flexor", drives="ankle"), "no actuator named 'ankle'.*'knee'"),
    ],
)
def test_unknown_names_come_with_the_closest(adapter, message):
    with pytest.raises(UnknownNameError, match=message):
        attach(adapter)


def test_actuator_with_two_drivers_needs_a_rule():
    with pytest.raises(AttachError, match=r"'hip' is driven by MotorNeuron\('extensor'\) and by .*combine='sum'"):
        attach(MotorNeuron("extensor", drives="hip"), MotorNeuron("flexor", drives="hip"))
    sns.Simulation(
        attach(
            MotorNeuron("extensor", drives="hip", combine="sum"),
            MotorNeuron("flexor", drives="hip", output=(0.25, -0.5), combine="sum"),
        )
    )


def test_combined_drivers_add_up():
    net = sns.Network()
    for name, bias in (("a", 5.0), ("b", 10.0)):
        net.add_neuron(sns.NonSpikingNeuron(bias=bias), name, initial_value=bias)
    adapters = [
        MotorNeuron("a", drives="knee", output=(0.0, 1.0), combine="sum"),
        MotorNeuron("b", drives="knee", output=(0.1, 0.5), combine="sum"),
    ]
    simulation = sns.Simulation(sns.attach(body(), net, adapters, dt=0.5))
    simulation.step(3)
    assert simulation.data.ctrl[1] == pytest.approx(0.0 + 0.1 + 0.25 * 1.0 + 0.5 * 0.4)


def test_spiking_motor_neuron_is_refused_with_a_way_out():
    with pytest.raises(AttachError, match="'load\\[0\\]' spikes.*non-spiking"):
        attach(MotorNeuron("load[0]", drives="hip"))


def test_name_used_twice():
    spec = attach(name="brain")
    with pytest.raises(AttachError, match="a nervous system named 'brain' is attached already"):
        sns.attach(spec, network(), [], dt=0.5, name="brain")


def test_name_that_the_body_uses():
    spec = mujoco.MjSpec.from_string(body())
    spec.add_numeric(name="brain", size=1, data=[0.0])
    with pytest.raises(AttachError, match="numeric field named 'brain'"):
        attach(body=spec, name="brain")


def test_the_users_spec_is_not_changed():
    spec = mujoco.MjSpec.from_string(body())
    before = spec.to_xml()
    attach(*AFFERENTS, *EFFERENTS, body=spec)
    with pytest.raises(UnknownNameError):
        attach(JointAngle("nowhere", to="angle", range=(0, 1)), body=spec)
    assert spec.to_xml() == before


def test_neural_step_must_fit_the_physics_step():
    with pytest.raises(TimeStepError, match="0.3 ms does not divide the physics step of 1 ms.*dt=0.33"):
        attach(dt=0.3)


def test_unstable_neural_step():
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuron(membrane_capacitance=2.0), "quick")
    with pytest.raises(TimeStepError, match="membrane of 'quick' can change too fast; the largest safe step is 4 ms"):
        sns.attach(body(), net, [], dt=5.0)


def test_delay_below_half_a_step_is_none_and_the_model_says_so():
    adapters = [JointAngle("hip", to="angle", range=(0, 1), delay=delay) for delay in (0.2, 0.6)]
    brain = find_brains(sns.attach(body(), network(), adapters, dt=0.5).compile())["nervous_system"]
    assert [(d.delay, d.delay_steps) for d in brain.afferent_details] == [(0.2, 0), (0.6, 1)]


def test_sensors_disabled():
    spec = mujoco.MjSpec.from_string(body())
    spec.option.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_SENSOR)
    with pytest.raises(AttachError, match="disables sensors"):
        attach(body=spec)
    model = animal()
    model.opt.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_SENSOR)
    with pytest.raises(AttachError, match="disables sensors"):
        sns.Simulation(model)


def test_timestep_changed_after_attaching():
    model = animal()
    model.opt.timestep = 0.002
    with pytest.raises(AttachError, match="attached for a physics step of 0.001 s, but the model has 0.002 s"):
        sns.Simulation(model)


def test_ball_joints_are_read_through_sensors():
    text = '<mujoco><worldbody><body><joint name="b" type="ball"/><geom size="1"/></body></worldbody></mujoco>'
    with pytest.raises(AttachError, match="ball or free joint"):
        attach(JointAngle("b", to="angle", range=(0, 1)), body=text)


def test_channel_beyond_the_sensor():
    spec = mujoco.MjSpec.from_string(body())
    spec.add_sensor(
        name="v", type=mujoco.mjtSensor.mjSENS_FRAMELINVEL, objtype=mujoco.mjtObj.mjOBJ_BODY, objname="shank"
    )
    with pytest.raises(AttachError, match=r"channel is 3, but the sensor has 3 \(0 to 2\)"):
        attach(SensorChannel("v", to="angle", range=(0, 1), channel=3), body=spec)


def test_bodies_that_cannot_be_read(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no body at"):
        attach(body=str(tmp_path / "missing.xml"))
    with pytest.raises(AttachError, match="MuJoCo cannot read the body"):
        attach(body="<mujoco><worldbody><boddy/></worldbody></mujoco>")


def test_things_that_are_no_adapters():
    with pytest.raises(AttachError, match="is no adapter"):
        attach("hip")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: JointAngle("hip", to="x", range=(1, 1)), r"range is \(1, 1\); its two ends must differ"),
        (lambda: JointAngle("hip", to="x", range=(0, np.inf)), "give a finite number"),
        (lambda: JointAngle("hip", to="x", range=3), "give two numbers"),
        (lambda: JointAngle("hip", to="x", range=(0, 1), gain=np.nan), "gain is nan"),
        (lambda: JointAngle("hip", to="x", range=(0, 1), delay=-1), "delay is -1; it cannot be negative"),
        (lambda: JointAngle("hip", to="x", range=(0, 1), noise=-1), "noise is -1; it cannot be negative"),
        (lambda: JointAngle(3, to="x", range=(0, 1)), "joint is 3; give its name"),
        (lambda: SensorChannel("s", to="x", range=(0, 1), channel=-1), "channel is -1"),
        (lambda: MotorNeuron("m", drives="a", range=(5, 5)), "its two ends must differ"),
        (lambda: MotorNeuron("m", drives="a", delay=-2), "delay is -2"),
        (lambda: MotorNeuron("m", drives="a", sigmoid=(1,)), r"give two numbers \(midpoint, slope\)"),
        (lambda: MotorNeuron("m", drives="a", combine="max"), "combine is 'max'; give 'sum'"),
        (lambda: AntagonistPair("m", "m", drives="a"), "both sides are the same neuron"),
        (lambda: AntagonistPair("m", "n", drives="a", gain=np.inf), "gain is inf"),
    ],
)
def test_adapters_check_themselves(make, message):
    with pytest.raises(AttachError, match=message):
        make()


def test_two_nervous_systems_live_in_one_model():
    spec = sns.attach(body(), network(), [*AFFERENTS, EFFERENTS[0]], dt=0.5, name="first")
    spec = sns.attach(spec, network(0.7), [*AFFERENTS, EFFERENTS[1]], dt=0.1, name="second")
    simulation = sns.Simulation(spec)
    assert list(simulation.brains) == ["first", "second"]
    assert list(simulation.commands) == ["drive"]  # both hear the same command
    simulation.commands["drive"] = 1.0
    recording = simulation.record(0.2, rate=100)
    assert {"first/extensor", "second/extensor"} <= set(recording.neuron.values)
    first, second = (brain.potentials(simulation.data) for brain in simulation.brains.values())
    assert np.isfinite(first).all() and (first != second).any()
    assert simulation.data.ctrl.all()
    with pytest.raises(UnknownNameError, match="several nervous systems"):
        simulation.brain  # noqa: B018


def test_an_actuator_has_one_nervous_system():
    spec = sns.attach(body(), network(), EFFERENTS, dt=0.5, name="first")
    with pytest.raises(AttachError, match="'first' drives actuator 'hip' already"):
        sns.attach(spec, network(), EFFERENTS, dt=0.5, name="second")


def test_bodies_with_numerics_and_userdata_of_their_own():
    spec = mujoco.MjSpec.from_string(body())
    spec.add_numeric(name="mine", size=3, data=[1.0, 2.0, 3.0])
    spec.nuserdata = 4
    simulation = sns.Simulation(sns.attach(spec, network(), AFFERENTS + EFFERENTS, dt=0.5))
    assert simulation.brain.commands == {"drive": 4}
    simulation.commands["drive"] = 1.0
    simulation.run(0.05)
    np.testing.assert_array_equal(simulation.data.userdata, [0, 0, 0, 0, 1])
    plain = sns.Simulation(animal())
    plain.commands["drive"] = 1.0
    plain.run(0.05)
    np.testing.assert_array_equal(simulation.potentials, plain.potentials)


def test_contact_and_vector_afferents():
    net = sns.Network()
    for name in ("contact", "norm"):
        net.add_neuron(sns.NonSpikingNeuron(membrane_capacitance=0.5), name)
    text = """<mujoco><option timestep="0.001"/><worldbody><geom name="floor" type="plane" size="1 1 .1"/>
      <body name="box" pos="0 0 .1"><freejoint/><geom name="cube" type="box" size=".1 .1 .1" mass="1"/>
      <site name="middle"/></body></worldbody>
      <sensor><accelerometer name="accelerometer" site="middle"/></sensor></mujoco>"""
    adapters = [
        ContactForce("cube", to="contact", range=(0, 20), gain=20.0),
        SensorChannel("accelerometer", to="norm", range=(0, 20), channel="norm"),
    ]
    simulation = sns.Simulation(sns.attach(text, net, adapters, dt=0.5))
    simulation.run(1.0)
    assert simulation.potential("contact") == pytest.approx(9.81, abs=0.05)
    assert simulation.potential("norm") == pytest.approx(9.81, abs=0.05)


def test_afferent_to_a_population_reaches_all_of_it():
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(membrane_capacitance=0.5), 3, "pool")
    simulation = sns.Simulation(sns.attach(body(), net, [Command("go", to="pool", range=(0, 1), gain=7.0)], dt=0.5))
    simulation.commands["go"] = 1.0
    simulation.run(0.1)
    np.testing.assert_allclose(simulation.potentials, 7.0, atol=1e-6)


def test_animals_can_be_put_into_a_scene_of_several():
    leg = sns.attach(body(), network(), AFFERENTS + EFFERENTS, dt=0.5, name="brain")
    scene = mujoco.MjSpec.from_string('<mujoco><option timestep="0.001"/><worldbody/></mujoco>')
    scene.nuserdata = 1
    for k in range(2):
        frame = scene.worldbody.add_frame(pos=[0, 3 * k, 0])
        scene.attach(leg.copy(), frame=frame, prefix=f"{k}_")
    simulation = sns.Simulation(scene)
    assert list(simulation.brains) == ["0_brain", "1_brain"]
    simulation.commands["drive"] = 1.0
    simulation.run(0.05)
    first, second = (brain.potentials(simulation.data) for brain in simulation.brains.values())
    assert first[0] > 16.0  # the command has reached it
    np.testing.assert_allclose(first, second, atol=0.1)


def test_a_scene_without_room_for_commands_is_refused():
    leg = sns.attach(body(), network(), AFFERENTS, dt=0.5, name="brain")
    scene = mujoco.MjSpec.from_string('<mujoco><option timestep="0.001"/><worldbody/></mujoco>')
    scene.attach(leg, frame=scene.worldbody.add_frame(), prefix="a_")
    with pytest.raises(AttachError, match="give that one the nuserdata"):
        sns.Simulation(scene)


@pytest.mark.parametrize("field", ["state", "readout", "wiring", "structure"])
def test_a_damaged_configuration_is_refused_and_not_run(field):
    text = sns.attach(body(), network(), AFFERENTS + EFFERENTS, dt=0.5, name="brain").to_xml()
    start = text.index(f'key="{field}" value="') + len(f'key="{field}" value="')
    damaged = text[:start] + "9" + text[start:]
    with pytest.raises(ValueError, match="init failed"):
        mujoco.MjModel.from_xml_string(damaged)
    damaged = text[:start] + "3 " + text[start:]
    with pytest.raises(ValueError, match="init failed"):
        mujoco.MjModel.from_xml_string(damaged)
