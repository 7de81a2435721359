"""Which channels a recorder takes, how often, and that they are what MuJoCo and the nervous system hold."""

from dataclasses import replace

import mujoco
import numpy as np
import pytest
from sns_mujoco.models import load

import sns_mujoco as sns
from sns_mujoco.analysis.recording import Recorder
from sns_mujoco.cosim import tape
from sns_mujoco.errors import DivergenceError, RecordingError, UnknownNameError
from sns_mujoco.protocols import CurrentClamp, Cut, Protocol, VoltageClamp


def alive(name: str = "antagonist_joint", seed: int = 0) -> sns.Simulation:
    animal = load(name)
    simulation = animal.simulation(seed=seed)
    for command, value in animal.cruise.items():
        simulation.commands[command] = value
    return simulation


def spiking_pair() -> sns.Simulation:
    """A hinge, and a neuron that fires a few hundred times a second."""
    body = mujoco.MjSpec.from_string(
        "<mujoco><worldbody><body><joint name='hinge'/><geom size='.1'/></body></worldbody></mujoco>"
    )
    net = sns.Network("pair")
    net.add_neuron(sns.SpikingNeuron(membrane_capacitance=1.0, bias=60.0), "fast")
    net.add_neuron(sns.NonSpikingNeuron(), "graded")
    return sns.Simulation(sns.attach(body, net, [], dt=0.5))


@pytest.mark.parametrize("name", ["hexapod", "rat_hindlimbs"])
def test_samples_of_the_engine_are_what_python_reads_after_each_step(name):
    recorded, watched = alive(name), alive(name)
    period = round(0.005 / recorded.model.opt.timestep)
    found = recorded.record(0.1, rate=200)
    for k in range(20):
        watched.step(period)
        data, at = watched.data, found.isel(time=k)
        assert at.time == data.time
        np.testing.assert_array_equal(at.potential, watched.potentials)
        np.testing.assert_array_equal(at.control, data.ctrl)
        np.testing.assert_array_equal(at.actuator_force, data.actuator_force)
        np.testing.assert_array_equal(at.afferent_signal, watched.brain.signals(data))
        np.testing.assert_array_equal(at.afferent_current, watched.brain.currents(data))
        for joint in found.joint.values:
            dof = watched.model.joint(joint).dofadr[0]
            assert at.joint_torque.sel(joint=joint) == data.qfrc_actuator[dof]
            assert at.joint_position.sel(joint=joint) == data.joint(joint).qpos[0]
        for foot in watched.animal.feet:
            assert at.foot_load.sel(foot=foot.name) == data.sensor(foot.sensor).data[0]
            site = watched.model.sensor(foot.sensor).objid[0]
            np.testing.assert_array_equal(at.foot_position.sel(foot=foot.name), data.site_xpos[site])
        np.testing.assert_array_equal(at.body_position.values, [data.body(b).xpos for b in found.body.values])
    np.testing.assert_array_equal(recorded.snapshot().state, watched.snapshot().state)


def test_families_and_units_stand_beside_the_numbers():
    found = alive("hexapod").record(0.01)
    family = dict(zip(found.neuron.values, found.family.values, strict=True))
    assert family["L1 swing"] == "L1" and family["R3 stance"] == "R3"
    assert all(variable.attrs["units"] and variable.attrs["long_name"] for variable in found.data_vars.values())


def test_variables_and_channels_are_chosen_by_name_and_pattern():
    simulation = alive("hexapod")
    found = simulation.record(0.02, channels=["potential:L1*", "joint_p*", "ground_force"], joints=["R?_coxa"])
    assert set(found.data_vars) == {"potential", "joint_position", "ground_force"}
    assert found.neuron.size > 5 and all(name.startswith("L1") for name in found.neuron.values)
    assert found.joint.values.tolist() == ["R1_coxa", "R2_coxa", "R3_coxa"]
    assert found.ground_force.dims == ("time", "foot", "axis")
    both = simulation.record(0.02, channels=["joint_position:L1_coxa", "joint_velocity:L2_coxa"])
    assert both.joint.values.tolist() == ["L1_coxa", "L2_coxa"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"channels": ["potentail"]}, "no channel named 'potentail'.*'potential'"),
        ({"channels": ["potential:L9*"]}, "no neuron named 'L9"),
        ({"rates": {"muscles": 50}}, "no recorded channel named 'muscles'"),
        ({"channels": "joint_*", "rates": {"potential": 50}}, "no recorded channel named 'potential'"),
    ],
)
def test_names_that_do_not_exist_are_refused(options, message):
    with pytest.raises(UnknownNameError, match=message):
        Recorder(alive(), **options)


def test_what_is_slow_may_have_a_rate_and_a_time_of_its_own():
    found = alive().record(0.1, rate=500, rates={"muscle_*": 50, "joint_torque": 50})
    every = alive().record(0.1, rate=500)
    assert found.sizes["time"] == 50 and found.sizes["time_50Hz"] == 5
    assert found.muscle_length.dims == ("time_50Hz", "muscle") and found.potential.dims == ("time", "neuron")
    np.testing.assert_array_equal(found.time_50Hz, every.time[9::10])
    np.testing.assert_array_equal(found.joint_torque, every.joint_torque[9::10])
    np.testing.assert_array_equal(found.muscle_force, every.muscle_force[9::10])
    np.testing.assert_array_equal(found.potential, every.potential)
    with pytest.raises(ValueError, match="does not divide"):
        alive().record(0.1, rates={"muscle_*": 300})


def test_no_spike_is_lost_between_samples():
    every = spiking_pair().record(0.2, rate=500)
    step = spiking_pair().model.opt.timestep
    assert step == 0.002 and every.spikes.sum() > 20
    few = spiking_pair().record(0.2, rate=50)
    np.testing.assert_array_equal(few.spikes, every.spikes.values.reshape(10, 10, -1).sum(axis=1))
    in_pieces = Recorder(spiking_pair(), rate=50)
    for steps in (3, 30, 7, 60):
        in_pieces.step(steps)
    np.testing.assert_array_equal(in_pieces.dataset().spikes, few.spikes)


def test_without_a_place_for_tapes_the_same_is_recorded_from_outside(monkeypatch):
    native = alive().record(0.1, rate=250)
    monkeypatch.setattr(tape, "_places", {})
    assert alive().record(0.1, rate=250).identical(native)


def test_a_recording_ends_with_the_last_good_step():
    def diverging() -> sns.Simulation:
        simulation = alive()
        simulation.run(0.05)
        simulation.data.qvel[0] = 1e5
        simulation.data.userdata[:] = 0.0
        return simulation

    watched, good = diverging(), []
    with pytest.raises(DivergenceError) as stepwise:
        while True:
            watched.step()
            good.append(watched.potentials.copy())
    with pytest.raises(DivergenceError) as whole:
        diverging().record(0.5, rate=1.0 / watched.model.opt.timestep)
    found = whole.value.recording
    assert whole.value.time == stepwise.value.time and found.sizes["time"] == len(good)
    np.testing.assert_array_equal(found.potential, np.reshape(good, found.potential.shape))


def test_the_recorder_goes_on_after_a_divergence():
    simulation = alive()
    recorder = Recorder(simulation, rate=500)
    recorder.run(0.02)
    start = simulation.snapshot()
    simulation.data.qvel[0] = np.nan
    with pytest.raises(DivergenceError):
        recorder.run(0.02)
    kept = recorder.samples
    simulation.restore(start)
    recorder.run(0.02)
    assert recorder.samples == kept + 10


def test_only_the_last_seconds_are_kept_where_that_is_asked_for():
    simulation = alive()
    recorder = Recorder(simulation, rate=1000, channels="potential", last=0.2)
    recorder.run(4.5)
    found = recorder.dataset()
    assert 200 <= found.sizes["time"] <= 2000
    assert found.time.values[-1] == simulation.time and (np.diff(found.time) > 0).all()


def test_a_sample_by_hand_is_of_now():
    simulation = alive("hexapod")
    recorder = Recorder(simulation, rate=100)
    recorder.sample()
    found = recorder.dataset()
    assert found.time.values.tolist() == [0.0]
    np.testing.assert_array_equal(found.potential[0], simulation.potentials)


def test_currents_of_synapses_are_those_of_the_described_ones():
    simulation = alive("hexapod")
    found = simulation.record(0.1, rate=500, channels=["potential", "synaptic_*"])
    network = simulation.animal.network()
    program = network.to_program(dt=simulation.animal.dt)
    assert found.connection.values.tolist() == list(program.synapse_names) and found.synaptic_current.units == "nA"
    v = found.potential.values
    target = np.repeat(np.arange(len(v.T)), np.diff(program.graded_row.astype(int)))
    for k in (0, 7, len(target) - 1):
        source = v[:, program.graded_source[k]]
        share = np.clip((source - program.graded_e_lo[k]) / (program.graded_e_hi[k] - program.graded_e_lo[k]), 0, 1)
        conductance = program.graded_conductance[k] * share
        np.testing.assert_allclose(found.synaptic_conductance[:, k], conductance)
        current = conductance * (program.graded_reversal[k] - v[:, target[k]])
        np.testing.assert_allclose(found.synaptic_current[:, k], current)
    name = found.connection.values[7]
    one = alive("hexapod").record(0.1, rate=500, channels=[f"synaptic_current:{name}"])
    np.testing.assert_array_equal(one.synaptic_current[:, 0], found.synaptic_current[:, 7])
    assert "synaptic_current" not in alive().record(0.01)


def test_conductances_of_spiking_synapses_are_their_states():
    body = mujoco.MjSpec.from_string(
        "<mujoco><worldbody><body><joint name='hinge'/><geom size='.1'/></body></worldbody></mujoco>"
    )

    def network() -> sns.Network:
        net = sns.Network("pair")
        net.add_neuron(sns.SpikingNeuron(membrane_capacitance=5.0, bias=1.05), "fast")
        net.add_neuron(sns.NonSpikingNeuron(), "follower")
        synapse = sns.SpikingSynapse(max_conductance=1.0, reversal_potential=100.0, time_constant=10.0)
        net.add_connection(synapse, "fast", "follower", name="excitation")
        return net

    animal = replace(load("antagonist_joint"), name="pair", network=network, adapters=lambda: [], feet=())
    simulation = sns.Simulation(sns.attach(body, network(), [], dt=0.5))
    found = simulation.record(0.1, rate=500, channels=["potential", "synaptic_*"], animal=animal)
    conductance = found.synaptic_conductance.sel(connection="excitation").values
    assert conductance.max() > 0.0 and (conductance <= 1.0).all() and np.ptp(conductance) > 0.0
    driven = conductance * (100.0 - found.potential.sel(neuron="follower").values)
    np.testing.assert_allclose(found.synaptic_current.sel(connection="excitation"), driven)


def test_currents_of_synapses_that_cannot_be_told_are_refused():
    with pytest.raises(RecordingError, match="whose network is known"):
        Recorder(spiking_pair(), channels=["synaptic_current"])
    with sns.Population("antagonist_joint", 2, threads=1) as limbs, pytest.raises(RecordingError, match="population"):
        Recorder(limbs, channels=["synaptic_*"])
    cut = load("antagonist_joint").simulation(protocol=Protocol([Cut("*")]))
    with pytest.raises(RecordingError, match="has a Cut"):
        Recorder(cut, channels=["synaptic_*"])
    by_hand = load("antagonist_joint").simulation(rig=True)
    recorder = Recorder(by_hand, channels=["synaptic_*"])
    recorder.step()
    by_hand.rig.cut("*")
    with pytest.raises(RecordingError, match="has a Cut"):
        recorder.step()


def test_what_a_protocol_does_is_recorded_and_kept(tmp_path):
    protocol = Protocol(
        [
            CurrentClamp("flexor motor", current=5.0, start=0.05, stop=0.1),
            VoltageClamp("extensor motor", potential=-50.0, start=0.02, stop=0.06),
        ]
    )
    found = load("antagonist_joint").simulation(protocol=protocol).record(0.15, rate=500)
    injected = found.injected_current.sel(neuron="flexor motor").values
    assert (injected == 5.0).sum() == 25 and injected.sum() == 125.0
    assert found.stimulus.sizes["stimulus_name"] == 2 and set(found.stimulus_unit.values) == {"nA"}
    assert (found.stimulus.values[12:28] != 0.0).any(axis=0).any()
    (tmp_path / "told.yaml").write_text(found.attrs["protocol"])
    assert Protocol.load(tmp_path / "told.yaml") == protocol
    by_hand = load("antagonist_joint").simulation(rig=True)
    recorder = Recorder(by_hand, rate=500)
    recorder.run(0.02)
    by_hand.rig.inject("flexor motor", 3.0)
    recorder.run(0.02)
    assert "flexor motor" in recorder.dataset().attrs["protocol"]
