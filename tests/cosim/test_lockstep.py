"""The native plugin is the network in lockstep with the body: the same bits as a plain Python loop, everywhere."""

import copy

import mujoco
import numpy as np
import pytest
from leg import animal, drive, native_loop, plain_loop
from mujoco import rollout
from mujoco.batch import Batch

import sns_mujoco as sns

STEPS = 400


@pytest.mark.parametrize("integrator", ["Euler", "RK4", "implicit", "implicitfast"])
def test_native_loop_is_the_plain_loop_bit_for_bit(integrator):
    native = native_loop(animal(integrator=integrator), STEPS, seed=7)
    plain = plain_loop(0.001, integrator, 0.5, STEPS, seed=7)
    assert np.abs(native[0]).max() > 0.05  # the leg moves
    np.testing.assert_array_equal(native[0], plain[0])
    np.testing.assert_array_equal(native[1], plain[1])


def test_numpy_backend_is_the_same_loop_to_rounding():
    native = native_loop(animal(), 100)
    plain = plain_loop(0.001, "Euler", 0.5, 100, backend="numpy")
    np.testing.assert_allclose(native[1], plain[1], atol=1e-9)


@pytest.mark.parametrize(("timestep", "dt"), [(0.002, 0.5), (0.001, 1.0), (0.001, 0.1), (0.0005, 1.5)])
def test_clocks_of_any_whole_ratio(timestep, dt):
    native = native_loop(animal(timestep, dt=dt), 200)
    plain = plain_loop(timestep, "Euler", dt, 200)
    np.testing.assert_array_equal(native[0], plain[0])
    np.testing.assert_array_equal(native[1], plain[1])


@pytest.mark.parametrize("threads", [1, 2])
def test_batch_is_the_single_animal(threads):
    model = animal()
    alone = native_loop(model, STEPS)
    batch = Batch(model, 5, threads)
    for step in range(STEPS):
        batch.userdata[:] = drive(step)
        batch.step()
    for individual in range(5):
        np.testing.assert_array_equal(batch.qpos[individual], alone[0][-1])
        np.testing.assert_array_equal(batch.plugin_state[individual, : alone[1].shape[1]], alone[1][-1])


@pytest.mark.parametrize("threads", [1, 2])
def test_rollout_from_the_middle_is_the_single_animal(threads):
    model = animal()
    alone = native_loop(model, STEPS)
    simulation = sns.Simulation(model)
    for step in range(STEPS // 2):
        simulation.commands["drive"] = drive(step)
        simulation.step()
    physics = mujoco.mjtState.mjSTATE_FULLPHYSICS
    middle = np.empty(mujoco.mj_stateSize(model, physics))
    mujoco.mj_getState(model, simulation.data, middle, physics)
    commands = np.array([[drive(step)] for step in range(STEPS // 2, STEPS)])
    with rollout.Rollout(nthread=threads) as pool:
        states, _ = pool.rollout(
            model,
            [mujoco.MjData(model) for _ in range(threads)],
            np.tile(middle, (3, 1)),
            np.tile(commands, (3, 1, 1)),
            control_spec=int(mujoco.mjtState.mjSTATE_USERDATA),
            initial_warmstart=np.tile(simulation.data.qacc_warmstart, (3, 1)),
        )
    for state in states:
        np.testing.assert_array_equal(state[-1, 1 : 1 + model.nq], alone[0][-1])


def test_snapshot_brings_back_spikes_in_their_delay_lines():
    simulation = sns.Simulation(animal(), seed=3)
    simulation.commands["drive"] = 0.8
    ring = slice(simulation.brain.state.start, simulation.brain.state.stop)
    while not (simulation.data.plugin_state[ring] == 1.0).any() or simulation.time < 0.1:
        simulation.step()
    snapshot = simulation.snapshot()
    first = simulation.record(0.3, rate=1000)
    simulation.restore(snapshot)
    second = simulation.record(0.3, rate=1000)
    assert first.spikes.sum() > 5
    assert first.identical(second)


def test_snapshot_of_another_model_is_refused():
    snapshot = sns.Simulation(animal(dt=0.5)).snapshot()
    other = sns.Simulation(animal(dt=0.1))
    with pytest.raises(ValueError, match="taken from another model"):
        other.restore(snapshot)


def test_copies_of_the_data_live_on_their_own():
    simulation = sns.Simulation(animal())
    simulation.run(0.1)
    twin = copy.copy(simulation.data)
    third = mujoco.MjData(simulation.model)
    mujoco.mj_copyData(third, simulation.model, simulation.data)
    for data in (simulation.data, twin, third):
        mujoco.mj_step(simulation.model, data, nstep=50)
    del third
    np.testing.assert_array_equal(simulation.data.plugin_state, twin.plugin_state)
    mujoco.mj_step(simulation.model, simulation.data)
    assert (simulation.data.plugin_state != twin.plugin_state).any()


def test_individuals_with_brains_of_their_own():
    strengths = [1.0, 0.6, 1.3]
    models = [animal(strength=s) for s in strengths]
    alone = [native_loop(model, STEPS) for model in models]
    batch = Batch(models[0], 3, 2)
    numbers = batch.expand("numeric_data")
    for individual, model in enumerate(models):
        numbers[individual] = model.numeric_data
    for step in range(STEPS):
        batch.userdata[:] = drive(step)
        batch.step()
    for individual in range(3):
        np.testing.assert_array_equal(batch.qpos[individual], alone[individual][0][-1])
    assert (alone[0][0][-1] != alone[1][0][-1]).any()


def test_mjb_round_trip_is_exact(tmp_path):
    model = animal()
    path = str(tmp_path / "leg.mjb")
    mujoco.mj_saveModel(model, path)
    again = mujoco.MjModel.from_binary_path(path)
    assert sns.find_brains(again) == sns.find_brains(model)
    for a, b in zip(native_loop(model, STEPS), native_loop(again, STEPS), strict=True):
        np.testing.assert_array_equal(a, b)


def test_xml_round_trip_to_print_precision():
    from leg import AFFERENTS, EFFERENTS, body, network

    spec = sns.attach(body(), network(), AFFERENTS + EFFERENTS, dt=0.5, name="brain")
    model = spec.compile()
    again = mujoco.MjModel.from_xml_string(spec.to_xml())
    np.testing.assert_allclose(again.numeric_data, model.numeric_data, rtol=1e-5)
    assert sns.find_brains(again) == sns.find_brains(model)
    np.testing.assert_allclose(native_loop(again, 50)[1], native_loop(model, 50)[1], rtol=1e-3, atol=1e-3)


def test_seeds_make_the_noise():
    model = animal()
    same, again, other = (native_loop(model, 50, seed=seed)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(same, again)
    assert (same != other).any()


def test_many_lives_leak_no_memory():
    import resource

    model = animal()

    def lives(count):
        for _ in range(count):
            copy.copy(mujoco.MjData(model))
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = lives(200)
    assert lives(3000) - before < 2000  # kB: the block of one life is 2 kB
