"""One animal at the level of its user: names, commands, resets, recordings, divergence."""

import mujoco
import numpy as np
import pytest
import xarray
from leg import animal

import sns_mujoco as sns
from sns_mujoco.analysis.recording import save
from sns_mujoco.errors import AttachError, DivergenceError, OutputPathError, UnknownNameError


@pytest.fixture
def simulation():
    return sns.Simulation(animal(), seed=2)


def test_names_that_do_not_exist(simulation):
    with pytest.raises(UnknownNameError, match="no command named 'drve'.*'drive'"):
        simulation.commands["drve"] = 1.0
    with pytest.raises(UnknownNameError, match="no neuron named 'extensr'.*'extensor'"):
        simulation.potential("extensr")
    with pytest.raises(UnknownNameError, match="no keyframe named 'stand'"):
        simulation.reset(keyframe="stand")
    with pytest.raises(UnknownNameError, match="no joint named 'hop'.*'hip'"):
        simulation.record(0.1, joints=["hop"])


def test_values_that_make_no_sense(simulation):
    with pytest.raises(ValueError, match="finite"):
        simulation.commands["drive"] = np.nan
    with pytest.raises(ValueError, match="seed is -1"):
        simulation.reset(seed=-1)
    with pytest.raises(ValueError, match="300 Hz does not divide the physics rate of 1000 Hz"):
        simulation.record(0.1, rate=300)


def test_body_without_a_nervous_system():
    model = mujoco.MjModel.from_xml_string("<mujoco><worldbody/></mujoco>")
    with pytest.raises(AttachError, match="no nervous system.*attach"):
        sns.Simulation(model)


def test_reset_brings_back_the_beginning(simulation):
    def life():
        simulation.commands["drive"] = 0.7
        return simulation.record(0.3)

    first = life()
    simulation.reset()
    assert simulation.commands["drive"] == 0.0
    assert first.identical(life())
    simulation.reset(seed=3)
    assert not first.identical(life())


def test_recording_has_names_units_and_survives_the_disk(simulation, tmp_path):
    recording = simulation.record(0.2, rate=200)
    assert recording.potential.units == "mV"
    assert recording.time.values[-1] == pytest.approx(0.2)
    assert recording.sizes["time"] == 40
    np.testing.assert_array_equal(recording.potential.sel(neuron="extensor")[-1], simulation.potential("extensor"))
    np.testing.assert_array_equal(recording.joint_position.sel(joint="hip")[-1], simulation.data.qpos[0])
    path = tmp_path / "leg.nc"
    save(recording, path)
    with xarray.open_dataset(path, engine="h5netcdf") as again:
        assert again.load().identical(recording)
    assert [file.name for file in tmp_path.iterdir()] == ["leg.nc"]


def test_recording_does_not_disturb(simulation):
    simulation.record(0.2, rate=1000)
    recorded = simulation.potentials.copy()
    simulation.reset()
    simulation.run(0.2)
    np.testing.assert_array_equal(simulation.potentials, recorded)


def test_recording_of_some_channels(simulation):
    recording = simulation.record(0.05, neurons=["flexor"], joints=[], bodies=["shank"], sensors=[])
    assert recording.neuron.values.tolist() == ["flexor"]
    assert recording.sizes["joint"] == recording.sizes["channel"] == 0
    assert recording.body.values.tolist() == ["shank"]


@pytest.mark.parametrize("name", ["leg.txt", "missing/leg.nc"])
def test_recordings_that_cannot_be_written(simulation, tmp_path, name):
    recording = simulation.record(0.01)
    with pytest.raises(OutputPathError, match=r"may end in \.nc|make it first"):
        save(recording, tmp_path / name)


def test_lost_neuron_is_named_with_its_time_and_the_recording_is_kept(simulation):
    simulation.run(0.1)
    simulation.model.numeric("brain").data[2] = 5.0  # the flexor's membrane: its factors lead the numbers
    with pytest.raises(DivergenceError, match=r"neuron 'flexor' of 'brain' .* the last good step") as caught:
        simulation.record(0.5, rate=1000)
    recording = caught.value.recording
    assert np.isfinite(recording.potential.values).all()
    assert recording.sizes["time"] >= 1
    assert np.isfinite(simulation.potentials).all()
    assert simulation.time == pytest.approx(recording.time.values[-1])


def test_lost_joint_is_named(simulation):
    simulation.run(0.05)
    simulation.data.qvel[1] = 1e12
    with pytest.raises(DivergenceError, match="velocity of joint 'knee' is too large"):
        simulation.run(0.05)


def test_lost_neuron_is_a_warning_of_mujocos_own(capfd):
    model = animal()
    data = mujoco.MjData(model)
    brain = sns.find_brains(model)["brain"]
    data.plugin_state[brain.state.start] = np.nan
    mujoco.mj_step(model, data)
    assert data.warning.number[int(mujoco.mjtWarning.mjWARN_BADCTRL)] > 0


def test_timestep_changed_under_a_living_animal_is_no_silent_error(simulation):
    simulation.run(0.01)
    simulation.model.opt.timestep = 0.0005
    with pytest.raises(DivergenceError, match="attached for a physics step of 0.001 s, and the model has 0.0005 s"):
        simulation.run(0.01)
