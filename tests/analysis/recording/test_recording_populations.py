"""Populations are recorded as their individuals would be alone."""

import numpy as np
import pytest
from sns_mujoco.models import load

import sns_mujoco as sns
from sns_mujoco.analysis.recording import Recorder
from sns_mujoco.errors import UnknownNameError


@pytest.mark.parametrize("threads", [1, 2])
def test_every_row_is_the_recording_of_one_animal(threads):
    animal = load("hexapod")
    with sns.Population(animal, 3, seeds=[4, 5, 6], threads=threads) as many:
        for command, value in animal.cruise.items():
            many.commands[command] = value
        recorder = Recorder(many, rate=250, rates={"joint_*": 50})
        recorder.step(60)
        found = recorder.dataset()
    assert found.potential.dims == ("individual", "time", "neuron") and found.individual_seed.values.tolist() == [
        4,
        5,
        6,
    ]
    assert found.joint_position.dims == ("individual", "time_50Hz", "joint")
    assert "afferent_signal" not in found and "ground_force" not in found
    for k, seed in enumerate((4, 5, 6)):
        one = animal.simulation(seed=seed)
        for command, value in animal.cruise.items():
            one.commands[command] = value
        alone = one.record(0.06, rate=250, rates={"joint_*": 50})
        for name in found.data_vars:
            np.testing.assert_array_equal(found[name].isel(individual=k), alone[name], err_msg=name)
        np.testing.assert_array_equal(found.time, alone.time)


def test_individuals_that_fail_are_not_numbers_from_then_on():
    with sns.Population("antagonist_joint", 3, threads=1) as limbs:
        recorder = Recorder(limbs, rate=500, channels=["potential", "joint_position"])
        recorder.step(10)
        limbs.data.qvel[1] = np.nan
        recorder.step(10)
        found = recorder.dataset()
    assert np.isfinite(found.potential[[0, 2]]).all()
    assert np.isfinite(found.potential[1, :5]).all() and np.isnan(found.potential[1, 5:]).all()
    assert np.isnan(found.joint_position[1, 5:]).all() and np.isfinite(found.time).all()


def test_what_a_batch_cannot_tell_is_refused():
    with sns.Population("antagonist_joint", 2, threads=1) as limbs:
        with pytest.raises(UnknownNameError, match="no channel named 'afferent_signal'"):
            Recorder(limbs, channels=["afferent_signal"])
        limbs.step(1, ids=[0])
        with pytest.raises(ValueError, match="stand at"):
            Recorder(limbs)


def test_a_sample_of_a_population_by_hand_is_of_now():
    with sns.Population("antagonist_joint", 2, threads=1) as limbs:
        recorder = Recorder(limbs, rate=500)
        recorder.sample()
        recorder.step(4)
        found = recorder.dataset()
        assert found.time.values == pytest.approx([0.0, 0.002, 0.004])
        np.testing.assert_array_equal(found.potential[:, -1], limbs.potentials)


def test_times_are_those_at_which_the_individuals_stand():
    with sns.Population("antagonist_joint", 3, threads=1) as limbs:
        recorder = Recorder(limbs, rate=1000, channels=["potential"])
        limbs.step(5)
        recorder.step(2)
        np.testing.assert_array_equal(recorder.dataset().time, limbs.time[0] - [limbs.model.opt.timestep, 0.0])
        limbs.step(1, [1])
        with pytest.raises(ValueError, match="the individuals stand at .* and a recording has one time"):
            recorder.step()
        limbs.reset()
        recorder.step()
        np.testing.assert_array_equal(recorder.dataset().time[-1], limbs.model.opt.timestep)
