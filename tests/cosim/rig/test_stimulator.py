"""What protocols do natively: at the exact step, by the exact value, and nothing else."""

import mujoco
import numpy as np
import pytest
from mujoco import rollout
from sns_mujoco.models import load

import sns_mujoco as sns
from sns_mujoco.adapters import Command as Descending
from sns_mujoco.adapters import JointAngle, MotorNeuron
from sns_mujoco.cosim.rig.described import Described
from sns_mujoco.cosim.rig.plan import room_for
from sns_mujoco.errors import ProtocolError
from sns_mujoco.protocols import (
    ActuatorFailure,
    Command,
    CurrentClamp,
    Deprive,
    Excite,
    Noise,
    Protocol,
    Pulses,
    Push,
    Ramp,
    Samples,
    SensorFailure,
    Silence,
    Sine,
    Step,
    Torque,
    VoltageClamp,
)

DT = 0.001  # s, the physics step

BODY = """
<mujoco>
  <option timestep="0.001" gravity="0 0 0" integrator="{integrator}"/>
  <worldbody>
    <body name="box" pos="0 0 1" euler="0 0 90"><freejoint/><geom name="box" size=".1" mass="2"/></body>
    <body name="arm"><joint name="hinge" axis="0 1 0"/><geom name="arm" size=".1" pos="0 0 1" mass="1" contype="0"
      conaffinity="0"/></body>
    <body name="leg" pos="3 0 0"><joint name="knee" axis="0 1 0"/><geom size=".1" pos="0 0 1" mass="1"/></body>
  </worldbody>
  <actuator><motor name="motor" joint="hinge"/><position name="servo" joint="knee" kp="5" kv="1"/></actuator>
</mujoco>"""


def network() -> sns.Network:
    net = sns.Network("toy")
    cell = sns.NonSpikingNeuron(membrane_capacitance=5.0, membrane_conductance=2.0, resting_potential=-50.0)
    for name in ("driver", "follower", "feeling"):
        net.add_neuron(cell, name)
    net.add_connection(
        sns.NonSpikingSynapse(max_conductance=1.5, reversal_potential=100.0, e_lo=-60.0, e_hi=-20.0),
        "driver", "follower",
    )  # fmt: skip
    net.add_neuron(sns.SpikingNeuron(threshold_initial_value=1.0), "spiker")
    return net


def adapters():
    return [
        Descending("drive", to="driver", range=(0.0, 1.0), gain=10.0),
        JointAngle("hinge", to="feeling", range=(-1.0, 1.0), gain=4.0, delay=5.0),
        MotorNeuron("follower", drives="motor", range=(-50.0, 0.0), output=(0.0, 2.0)),
        MotorNeuron("driver", drives="servo", range=(-50.0, 0.0), output=(0.1, 1.0)),
    ]


def toy(
    protocol: Protocol | None = None, *, dt: float = 0.1, integrator: str = "Euler", rig: bool = True, seed: int = 0
):
    spec = sns.attach(BODY.format(integrator=integrator), network(), adapters(), dt=dt, rig=rig)
    simulation = sns.Simulation(spec, seed=seed, described=Described(network, adapters))
    if protocol is not None:
        simulation.protocol = protocol
    return simulation


def electrode(simulation: sns.Simulation, neuron: str) -> float:
    return float(simulation.data.userdata[simulation.brain.electrodes][simulation.brain.neuron(neuron)])


def history(simulation: sns.Simulation, steps: int, read) -> np.ndarray:
    """What is read after each of some steps."""
    found = []
    for _ in range(steps):
        simulation.step()
        found.append(read(simulation))
    return np.array(found)


@pytest.mark.parametrize("name", ["hexapod", "antagonist_joint", "rat_hindlimbs", "quadruped"])
def test_a_rig_that_does_nothing_changes_no_bit(name):
    animal = load(name)
    plain, rigged = animal.simulation(seed=3), animal.simulation(seed=3, rig=True)
    idle = animal.simulation(
        seed=3, protocol=Protocol([Silence("*", start=10.0), Push("*", force=(1, 0, 0), start=10)])
    )
    for simulation in (plain, rigged, idle):
        for command, value in animal.cruise.items():
            simulation.commands[command] = value
        simulation.run(0.05)
        assert list(simulation.commands) == list(plain.commands)
        np.testing.assert_array_equal(simulation.data.qpos, plain.data.qpos)
        np.testing.assert_array_equal(simulation.potentials, plain.potentials)
        np.testing.assert_array_equal(simulation.data.ctrl, plain.data.ctrl)


@pytest.mark.parametrize(
    "wave",
    [
        3.0, Step(2.0, at=0.004, before=-1.0, until=0.009), Ramp(-1.0, 4.0, 0.01), Sine(2.0, 37.0, 30.0, 0.5),
        Pulses(5.0, 0.002, 0.005, count=3, base=-1.0), Samples([1.0, -2.0, 3.5], 0.003),
    ],
    ids=str,
)  # fmt: skip
def test_currents_follow_their_waveform_at_the_exact_step(wave):
    simulation = toy(Protocol([CurrentClamp("driver", wave, start=0.005, stop=0.025)]))
    found = history(simulation, 30, lambda s: electrode(s, "driver"))
    age = DT * np.arange(20)
    expected = np.full(20, wave) if isinstance(wave, float) else wave.values(age)
    np.testing.assert_array_equal(found[:5], 0.0)
    np.testing.assert_allclose(found[5:25], expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(found[25:], 0.0)


def test_a_current_acts_in_the_step_that_it_begins_in():
    plain, clamped = toy(dt=1.0), toy(Protocol([CurrentClamp("driver", 4.0, start=0.003)]), dt=1.0)
    before, after = (history(s, 4, lambda s: s.potential("driver")) for s in (plain, clamped))
    np.testing.assert_array_equal(before[:3], after[:3])
    assert after[3] - before[3] == pytest.approx(1.0 / 5.0 * 4.0)  # dt / C times the current, of one Euler step


def test_currents_add_up_and_bring_a_leaky_membrane_to_rest_plus_current_over_conductance():
    simulation = toy(Protocol([CurrentClamp("follower", 4.0), Excite("foll*", 6.0), CurrentClamp("driver", -20.0)]))
    simulation.run(0.1)
    assert simulation.potential("driver") == pytest.approx(-60.0)
    assert simulation.potential("follower") == pytest.approx(-50.0 + 10.0 / 2.0)  # its synapse begins to open at -60


def test_times_between_steps_are_those_of_the_next_step():
    simulation = toy(Protocol([CurrentClamp("driver", 1.0, start=0.0021, stop=0.0049)]))
    np.testing.assert_array_equal(history(simulation, 7, lambda s: electrode(s, "driver")), [0, 0, 0, 1, 1, 0, 0])


@pytest.mark.parametrize("dt", [0.1, 1.0, 2.0])  # several neural steps in a physics step, one, and the reverse
def test_a_voltage_clamp_holds_in_every_neural_step_and_tells_its_current(dt):
    simulation = toy(Protocol([VoltageClamp("driver", -30.0, start=0.002, stop=0.3)]), dt=dt)
    potentials = history(simulation, 290, lambda s: s.potential("driver"))
    np.testing.assert_array_equal(potentials[:2], -50.0)
    np.testing.assert_array_equal(potentials[2:], -30.0)
    opened = 1.5 * (-30.0 + 60.0) / 40.0
    follower = (2.0 * -50.0 + opened * 100.0) / (2.0 + opened)
    assert simulation.potential("follower") == pytest.approx(follower, rel=1e-9)
    (channel,) = simulation.rig.channels
    assert channel.unit == "nA"
    told = history(simulation, 3, lambda s: s.data.plugin_state[channel.place])  # also between two neural steps
    np.testing.assert_allclose(told, 2.0 * (-30.0 + 50.0))
    simulation.run(0.2)
    assert simulation.potential("driver") == pytest.approx(-50.0)
    assert simulation.data.plugin_state[channel.place] == 0.0


def test_a_voltage_clamp_takes_waveforms_and_stands_against_currents():
    clamp = VoltageClamp("driver", Ramp(-50.0, -40.0, 0.01))
    simulation = toy(Protocol([clamp, CurrentClamp("driver", 1000.0)]))
    np.testing.assert_allclose(history(simulation, 12, lambda s: s.potential("driver")), np.r_[-50.0:-39.5:1.0, -40.0])


def test_silence_is_where_no_synapse_opens():
    simulation = toy(Protocol([Silence("driver"), CurrentClamp("driver", 50.0)]))
    simulation.run(0.05)
    assert simulation.potential("driver") == -60.0  # below its rest of -50: there its synapse begins to open
    assert simulation.potential("follower") == pytest.approx(-50.0)


def test_silent_neurons_do_not_spike_and_currents_make_them():
    counts = []
    for items in ([], [CurrentClamp("spiker", 20.0)], [CurrentClamp("spiker", 20.0), Silence("spiker")]):
        simulation = toy(Protocol(items))
        last = len(simulation.brain.neuron_names)
        read = history(simulation, 100, lambda s, last=last: s.data.sensordata[s.brain.readout][last])
        counts.append(read.sum())
    assert counts[0] == 0 and counts[1] > 5 and counts[2] == 0


def test_spikes_are_counted_as_without_a_clamp_on_another_neuron():
    read = []
    for extra in ([], [VoltageClamp("feeling", -50.0)]):
        simulation = toy(Protocol([CurrentClamp("spiker", 35.0), *extra]))
        last = len(simulation.brain.neuron_names)
        read.append(history(simulation, 60, lambda s, last=last: s.data.sensordata[s.brain.readout][last]))
    np.testing.assert_array_equal(*read)
    assert read[0].max() > 1


def noise_of(seed: int, chunk: int, place: int = 0, tau: float = 0.01, steps: int = 400) -> np.ndarray:
    items = [Deprive("hinge", start=99.0)] * place
    simulation = toy(Protocol([*items, CurrentClamp("driver", Noise(2.0, 1.0, tau))]), seed=seed)
    found = []
    for _ in range(steps // chunk):
        simulation.step(chunk)
        found.append(electrode(simulation, "driver"))
    return np.array(found)


def test_noise_is_seeded_by_animal_and_item_and_does_not_depend_on_how_it_is_stepped():
    one = noise_of(1, 1)
    np.testing.assert_array_equal(one[3::4], noise_of(1, 4))
    assert not np.any(one == noise_of(2, 1))
    assert not np.any(one == noise_of(1, 1, place=1))


def test_noise_has_its_moments_and_its_correlation():
    # the standard errors of these moments for 4,000 samples correlated over 10 are about 0.1 and 0.05
    slow, white = noise_of(5, 1, steps=4000) - 1.0, noise_of(5, 1, tau=0.0, steps=4000) - 1.0
    for values in (slow, white):
        assert abs(values.mean()) < 0.5 and abs(values.std() - 2.0) < 0.25
    assert np.corrcoef(slow[1:], slow[:-1])[0, 1] == pytest.approx(np.exp(-0.1), abs=0.03)
    assert abs(np.corrcoef(white[1:], white[:-1])[0, 1]) < 0.06


def test_two_neurons_of_a_pattern_have_noise_of_their_own():
    simulation = toy(Protocol([CurrentClamp("*", Noise(1.0))]))
    simulation.step(3)
    assert len(np.unique(simulation.data.userdata[simulation.brain.electrodes])) == 4


def test_a_command_returns_to_what_it_was_set_to():
    simulation = toy(Protocol([Command("drive", Ramp(0.0, 1.0, 0.01), start=0.002, stop=0.008)]))
    simulation.commands["drive"] = 0.3
    seen = history(simulation, 5, lambda s: s.commands["drive"])
    np.testing.assert_allclose(seen, [0.3, 0.3, 0.0, 0.1, 0.2])
    simulation.commands["drive"] = 0.7  # the protocol goes on, and afterwards this holds
    np.testing.assert_allclose(history(simulation, 5, lambda s: s.commands["drive"]), [0.3, 0.4, 0.5, 0.7, 0.7])


def test_a_push_changes_the_momentum_by_force_times_time():
    simulation = toy(Protocol([Push("box", force=(4.0, 0.0, 0.0), torque=(0.0, 0.0, 0.1), start=0.01, stop=0.06)]))
    simulation.step(10)
    assert not simulation.data.qvel[:6].any()
    simulation.step(100)
    np.testing.assert_allclose(simulation.data.qvel[:3], [4.0 * 0.05 / 2.0, 0.0, 0.0], rtol=1e-9, atol=1e-12)
    inertia = simulation.model.body("box").inertia[2]
    assert simulation.data.qvel[5] == pytest.approx(0.1 * 0.05 / inertia)
    assert not simulation.data.xfrc_applied.any()


def test_a_push_may_go_with_the_heading():
    simulation = toy(Protocol([Push("box", force=(4.0, 0.0, 1.0), frame="heading", stop=0.05)]))
    simulation.step(100)  # its x axis points to the world's y
    np.testing.assert_allclose(simulation.data.qvel[:3], [0.0, 0.1, 0.025], rtol=1e-9, atol=1e-12)


def test_a_torque_turns_a_hinge():
    simulation = toy(Protocol([Torque("hinge", Step(0.5, at=0.01), stop=0.03), ActuatorFailure("motor")]))
    simulation.step(40)
    inertia = 1.0 + 0.4 * 0.1**2  # of a ball on a rod
    assert simulation.data.joint("hinge").qvel[0] == pytest.approx(0.5 * 0.02 / inertia)


def test_actuators_go_limp_stick_and_weaken():
    def control(mode: str, **settings) -> np.ndarray:
        failure = ActuatorFailure("motor", mode, start=0.005, stop=0.01, **settings)
        simulation = toy(Protocol([CurrentClamp("follower", 40.0), failure]))
        return history(simulation, 15, lambda s: s.data.actuator("motor").ctrl[0])

    healthy = history(toy(Protocol([CurrentClamp("follower", 40.0)])), 15, lambda s: s.data.actuator("motor").ctrl[0])
    assert np.all(np.diff(healthy) > 0.0)
    for mode, settings, expected in (
        ("limp", {}, np.zeros(5)), ("weak", {"factor": 0.25}, 0.25 * healthy[5:10]), ("stuck", {}, [healthy[5]] * 5),
    ):  # fmt: skip
        found = control(mode, **settings)
        np.testing.assert_array_equal(found[:5], healthy[:5])
        np.testing.assert_array_equal(found[5:10], expected)
        np.testing.assert_array_equal(found[10:], healthy[10:])


def test_a_limp_servo_neither_holds_nor_damps():
    simulation = toy(Protocol([ActuatorFailure("servo", "limp", start=0.005, stop=0.01)]))
    force = history(simulation, 15, lambda s: s.data.actuator("servo").force[0])
    assert np.all(force[:5] != 0.0) and np.all(force[5:10] == 0.0) and np.all(force[10:] != 0.0)
    assert simulation.model.actuator("servo").gainprm[0] == 5.0


def test_deprived_and_failing_afferents():
    def run(*items, steps: int = 60):
        simulation = toy(Protocol(items))
        currents, signals = [], []
        simulation.data.joint("hinge").qvel[0] = 5.0
        for _ in range(steps):
            simulation.step()
            signals.append(simulation.brain.signals(simulation.data)[1])
            currents.append(simulation.brain.currents(simulation.data)[1])
        return np.array(signals), np.array(currents)

    signals, currents = run()
    assert np.all(np.diff(signals) >= 0.0) and signals[-1] > 0.1
    _, deprived = run(Deprive("hinge", start=0.02, stop=0.03))
    np.testing.assert_array_equal(deprived, np.where((np.arange(60) >= 20) & (np.arange(60) < 30), 0.0, currents))
    stuck, late = run(SensorFailure("JointAngle*", "stuck", start=0.02, stop=0.03))
    np.testing.assert_array_equal(stuck[20:30], signals[20])
    np.testing.assert_array_equal(np.r_[stuck[:20], stuck[30:]], np.r_[signals[:20], signals[30:]])
    np.testing.assert_array_equal(late[25:35], currents[25])  # the failure goes through the delay line of 5 ms
    zero, _ = run(SensorFailure("feeling", "zero", start=0.02, stop=0.03))
    np.testing.assert_array_equal(zero[20:30], 0.0)
    noisy, _ = run(SensorFailure("JointAngle('hinge') -> feeling", "noise", 0.5, start=0.01))
    assert 0.3 < np.std((noisy - signals)[10:]) < 0.7
    np.testing.assert_array_equal(noisy[:10], signals[:10])


ALL = Protocol(
    [
        CurrentClamp("driver", Noise(3.0, 5.0, 0.004), start=0.004, stop=0.04),
        VoltageClamp("feeling", Sine(5.0, 20.0, offset=-50.0), start=0.01, stop=0.03),
        Command("drive", 0.5, start=0.006, stop=0.03),
        Push("box", force=(1.0, 2.0, 3.0), start=0.01, stop=0.02),
        Torque("hinge", Pulses(1.0, 0.002, 0.004), start=0.003, stop=0.03),
        ActuatorFailure("motor", "stuck", start=0.012, stop=0.03),
        SensorFailure("hinge", "stuck", start=0.008, stop=0.02),
        SensorFailure("hinge", "noise", 0.1, start=0.022, stop=0.04),
        Silence("spiker", start=0.02),
    ]
)


@pytest.mark.parametrize("integrator", ["Euler", "implicitfast", "RK4"])
def test_mujoco_itself_steps_a_protocol_alike(integrator):
    whole, single = toy(ALL, integrator=integrator), toy(ALL, integrator=integrator)
    whole.step(50)
    start = np.empty(mujoco.mj_stateSize(single.model, mujoco.mjtState.mjSTATE_FULLPHYSICS))
    mujoco.mj_getState(single.model, single.data, start, mujoco.mjtState.mjSTATE_FULLPHYSICS)
    state, _ = rollout.rollout(single.model, mujoco.MjData(single.model), start, nstep=50)
    for _ in range(50):
        mujoco.mj_step(single.model, single.data)
    np.testing.assert_array_equal(single.snapshot().state, whole.snapshot().state)
    full = np.empty(len(start))
    mujoco.mj_getState(whole.model, whole.data, full, mujoco.mjtState.mjSTATE_FULLPHYSICS)
    np.testing.assert_array_equal(state[0, -1], full)


@pytest.mark.parametrize("at", [3, 7, 11, 15, 25])
def test_a_protocol_goes_on_from_a_snapshot_a_copy_and_a_file(at, tmp_path):
    simulation = toy(ALL)
    simulation.step(at)
    snapshot = simulation.snapshot()
    branch = simulation.branch()
    copied = mujoco.MjData(simulation.model)
    mujoco.mj_copyData(copied, simulation.model, simulation.data)
    mujoco.mj_saveModel(simulation.model, str(tmp_path / "rigged.mjb"))
    loaded = sns.Simulation(mujoco.MjModel.from_binary_path(str(tmp_path / "rigged.mjb")))
    loaded.restore(snapshot)
    simulation.step(45 - at)
    expected = simulation.snapshot().state
    mujoco.mj_step(simulation.model, copied, 45 - at)
    simulation.restore(snapshot)
    for other in (simulation, branch, loaded):
        other.step(45 - at)
        np.testing.assert_array_equal(other.snapshot().state, expected)
    np.testing.assert_array_equal(copied.qpos, simulation.data.qpos)


def test_a_rig_in_a_model_without_room_or_with_a_second_nervous_system():
    spec = sns.attach(
        BODY.format(integrator="Euler"), network(), adapters(), dt=0.1, rig=sns.RigRoom(rows=0, samples=0)
    )
    second = sns.Network("second")
    second.add_neuron(sns.NonSpikingNeuron(), "other")
    simulation = sns.Simulation(sns.attach(spec, second, [], dt=0.1, name="second", rig=sns.RigRoom(rows=3, samples=2)))
    simulation.protocol = Protocol([CurrentClamp("other", Samples([5.0, 6.0], 0.001)), CurrentClamp("other", 1.0)])
    simulation.step(2)
    brain = simulation.brains["second"]
    np.testing.assert_array_equal(simulation.data.userdata[brain.electrodes], [7.0])
    with pytest.raises(
        sns.errors.ProtocolError, match="needs 1 rows and 0 samples, and the model has room for 0 and 0"
    ):
        simulation.protocol = Protocol([CurrentClamp("driver", 1.0)])


def test_of_two_nervous_systems_with_equal_names_each_or_both_are_meant():
    one = sns.attach(BODY.format(integrator="Euler"), network(), adapters(), dt=0.1, rig=True, name="one")
    both = sns.attach(one, network(), [], dt=0.1, rig=True, name="two")
    simulation = sns.Simulation(both, described=Described(network, adapters))
    for pattern, currents in (("driver", [3.0, 3.0]), ("two/driver", [0.0, 3.0]), ("one/*", [12.0, 0.0])):
        simulation.protocol = Protocol([CurrentClamp(pattern, 3.0)])
        simulation.step()
        assert [simulation.data.userdata[b.electrodes].sum() for b in simulation.brains.values()] == currents
    with pytest.raises(ProtocolError, match="or there are several"):
        simulation.protocol = Protocol([Silence("driver")])
    simulation.protocol = Protocol([VoltageClamp("*", -30.0)])
    simulation.step()
    assert all((brain.potentials(simulation.data) == -30.0).all() for brain in simulation.brains.values())


def test_there_is_room_for_all_neurons_of_a_great_network():
    net = sns.Network("many")
    net.add_population(sns.NonSpikingNeuron(), 300, "many")
    assert room_for([Protocol([Silence("many")])], net).rows == 300
    assert room_for([Protocol([Silence("*")])], net).rows == 300
