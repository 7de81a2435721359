"""Vector environments on a population: each environment of them is the single one, to the last bit."""

import gc
import os

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode
from gymnasium.wrappers.vector import DictInfoToList, RecordEpisodeStatistics

import sns_mujoco  # noqa: F401 - registers the environments

from .comparing import assert_same, live

HEXAPOD, RAT, JOINT = "sns_mujoco/Hexapod-v0", "sns_mujoco/RatHindlimbs-v0", "sns_mujoco/AntagonistJoint-v0"


def both(name, mode, **options):
    sync = gymnasium.make_vec(
        name, num_envs=3, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode}, **options
    )
    return sync, gymnasium.make_vec(name, num_envs=3, autoreset_mode=mode, **options)


def native_threads():
    return len(os.listdir("/proc/self/task"))


@pytest.fixture
def envs():
    envs = gymnasium.make_vec(HEXAPOD, num_envs=3, render_mode="rgb_array", width=64, height=48)
    yield envs
    envs.close()


@pytest.mark.parametrize("mode", AutoresetMode)
@pytest.mark.parametrize(("name", "steps", "options"), [
    (HEXAPOD, 12, {}), (HEXAPOD, 7, {"action_mode": "actuators"}), (RAT, 7, {"observe_neurons": True}), (JOINT, 12, {}),
])  # fmt: skip
def test_each_is_the_single_environment_to_the_last_bit(name, mode, steps, options):
    sync, ours = both(name, mode, max_episode_steps=5, **options)
    assert type(ours).__name__.endswith("VectorEnv") and type(ours).__module__.startswith("sns_mujoco.envs")
    for space in ("observation_space", "action_space", "single_observation_space", "single_action_space"):
        assert getattr(sync, space) == getattr(ours, space)
    sync.action_space.seed(0)

    def blow_up(step):  # a force beyond all numbers, on one of them, in mid-episode
        if step == 2:
            sync.envs[1].unwrapped.simulation.data.qfrc_applied[0] = 1e15
            ours.unwrapped.population.data.qfrc_applied[1, 0] = 1e15

    actions = np.array([sync.action_space.sample() for _ in range(steps)])
    assert live(sync, ours, actions, disturb=blow_up) >= 3
    assert sync.np_random_seed == ours.np_random_seed == (7, 8, 9)
    sync.close()
    ours.close()


def test_every_animal_has_an_environment_and_a_vector_of_them():
    from sns_mujoco.models import names

    specs = [spec for spec in gymnasium.registry.values() if spec.namespace == "sns_mujoco"]
    assert {spec.kwargs["animal"] for spec in specs} >= set(names())
    assert all(spec.vector_entry_point and spec.max_episode_steps for spec in specs)


def test_a_fall_ends_one_episode_and_no_other():
    sync, ours = both(HEXAPOD, AutoresetMode.SAME_STEP)
    fell = []

    def turn_over(step):
        if step == 3:
            for data in (sync.envs[2].unwrapped.simulation.data, None):
                qpos = data.qpos if data is not None else ours.population.data.qpos[2]
                qpos[2:7] = 0.03, 0.0, 1.0, 0.0, 0.0
        fell.append(ours.population.data.body("torso").xmat[:, 8].copy())

    assert live(sync, ours, np.zeros((6, 3, 2)), disturb=turn_over) == 1
    assert np.min(fell[4]) > 0.9  # the new episode stands
    sync.close()
    ours.close()


def test_results_do_not_depend_on_the_number_of_threads():
    one, two = (gymnasium.make_vec(HEXAPOD, num_envs=5, threads=threads, max_episode_steps=4) for threads in (1, 2))
    assert (one.population.threads, two.population.threads) == (1, 2)
    live(one, two, np.random.default_rng(0).uniform(size=(8, 5, 2)))
    one.close()
    two.close()


def test_seeds_as_gymnasium_gives_them(envs):
    assert_same(envs.reset(seed=3), envs.reset(seed=[3, 4, 5]))
    first, _ = envs.reset(seed=3)
    np.testing.assert_array_equal(envs.reset(seed=4)[0][:2], first[1:])
    envs.reset(seed=3)
    onward, _ = envs.reset(seed=[None, None, 5])  # the first two go on drawing
    assert (onward[:2] != first[:2]).any(axis=1).all()
    np.testing.assert_array_equal(onward[2], first[2])
    with pytest.raises(ValueError, match="2 seeds for 3 environments"):
        envs.reset(seed=[1, 2])
    assert_same(envs.reset(seed=3), envs.reset(seed=np.array([3, 4, 5])))
    with pytest.raises(gymnasium.error.Error, match="greater or equal to zero"):
        envs.reset(seed=[7, 8, -1])
    assert envs.np_random_seed == (3, 4, 5)  # and no other was seeded anew


def test_without_a_seed_environments_differ():
    envs = gymnasium.make_vec(JOINT, num_envs=2)
    observations, infos = envs.reset()
    assert infos["target"][0] != infos["target"][1]
    assert len(set(envs.np_random_seed)) == 2
    envs.close()


def test_nothing_that_is_handed_out_changes_later(envs):
    answers = [*envs.reset(seed=0)]
    answers += envs.step(np.ones((3, 2)))
    kept = [dict(a) if isinstance(a, dict) else a.copy() for a in answers]
    infos = [{key: value.copy() for key, value in a.items()} for a in answers if isinstance(a, dict)]
    for _ in range(3):
        envs.step(np.ones((3, 2)))
    for before, after in zip(kept, answers, strict=True):
        assert_same(before, after)
    for before, after in zip(infos, (a for a in answers if isinstance(a, dict)), strict=True):
        assert_same(before, after)


def test_a_mask_resets_some_and_leaves_the_others(envs):
    envs.reset(seed=0)
    before = envs.step(np.ones((3, 2)))[0]
    after, infos = envs.reset(options={"reset_mask": np.array([False, True, False])})
    np.testing.assert_array_equal(after[[0, 2]], before[[0, 2]])
    assert (after[1] != before[1]).any()
    assert infos["_speed"].tolist() == [False, True, False]
    for mask, error in (([True] * 3, TypeError), (np.ones(2, bool), ValueError), (np.zeros(3, bool), ValueError)):
        with pytest.raises(error, match="reset_mask"):
            envs.reset(options={"reset_mask": mask})
    with pytest.raises(ValueError, match="options are"):
        envs.reset(options={"a": 1})


def test_gymnasiums_own_wrappers_take_it(envs):
    limited = gymnasium.make_vec(HEXAPOD, num_envs=2, max_episode_steps=3)
    wrapped = DictInfoToList(RecordEpisodeStatistics(limited))
    wrapped.reset(seed=0)
    for _ in range(3):
        *_, infos = wrapped.step(np.ones((2, 2)))
    assert [info["episode"]["l"] for info in infos] == [3, 3]
    wrapped.close()


def test_frames_of_all(envs):
    envs.reset(seed=0)
    frames = envs.render()
    assert len(frames) == 3
    assert all(frame.shape == (48, 64, 3) and frame.dtype == np.uint8 and frame.std() > 5 for frame in frames)
    assert gymnasium.make_vec(HEXAPOD, num_envs=1).render() is None


def test_bad_actions(envs):
    with pytest.raises(gymnasium.error.ResetNeeded, match="environment 0 was not reset yet"):
        envs.step(np.zeros((3, 2)))
    envs.reset(seed=0)
    many = r"give an array of shape \(3, 2\): for each environment 2 finite numbers \(drive, turn\)"
    for actions in (
        np.zeros(2),
        np.zeros((2, 2)),
        np.zeros((3, 3)),
        np.full((3, 2), np.nan),
        [[1.0], [1.0, 2.0]],
        "go",
    ):
        with pytest.raises(ValueError, match=many):
            envs.step(actions)
    np.testing.assert_array_equal(envs.population.time, 0.0)  # and nobody has moved


@pytest.mark.parametrize(("options", "said"), [
    ({"num_envs": 0}, "num_envs is 0; give a whole number from 1 on"),
    ({"num_envs": 2.5}, "num_envs is 2.5"),
    ({"num_envs": 2, "max_episode_steps": 0}, "max_episode_steps is 0"),
    ({"num_envs": 2, "threads": -1}, "threads is -1"),
    ({"num_envs": 2, "width": 0}, "width is 0; give a whole number from 1 on"),
    ({"num_envs": 2, "height": 2.5}, "height is 2.5"),
    ({"num_envs": 2, "commands": "flex"}, "commands is 'flex'; give a list of names"),
    ({"num_envs": 2, "held": {"drive": "much"}}, "command 'drive' is held at 'much'"),
    ({"num_envs": 2, "render_mode": "human"}, "render_mode is 'human'; give None or 'rgb_array'"),
    ({"num_envs": 2, "autoreset_mode": "Never"}, "'Never' is not a valid AutoresetMode"),
])  # fmt: skip
def test_bad_options(options, said):
    with pytest.raises(ValueError, match=said):
        gymnasium.make_vec(JOINT, **options)


def test_stepping_beyond_the_end_of_an_episode_is_refused_where_nothing_resets():
    envs = gymnasium.make_vec(JOINT, num_envs=2, autoreset_mode="Disabled", max_episode_steps=1)
    envs.reset(seed=0)
    envs.step(np.zeros((2, 2)))
    with pytest.raises(gymnasium.error.ResetNeeded, match="environment 0 is at the end of its episode"):
        envs.step(np.zeros((2, 2)))
    envs.close()


def test_an_animal_that_reads_one_individual_only_is_named():
    from dataclasses import replace

    from sns_mujoco.envs.locomotion import LocomotionVectorEnv
    from sns_mujoco.models import load

    blind = replace(load("hexapod"), fallen=lambda life: life.data.body("torso").xpos < 0.01)
    envs = LocomotionVectorEnv(blind, num_envs=2)
    envs.reset(seed=0)
    with pytest.raises(ValueError, match=r"`fallen` of animal 'hexapod' gives \(2, 3\) values for a population of 2"):
        envs.step(np.zeros((2, 2)))
    envs.close()


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads are counted by Linux")
def test_closing_gives_back_threads_and_is_noticed():
    gc.collect()
    before = native_threads()
    envs = gymnasium.make_vec(HEXAPOD, num_envs=3, threads=3)
    envs.reset(seed=0)
    envs.step(np.zeros((3, 2)))
    assert native_threads() >= before + 2
    envs.close()
    envs.close()
    gc.collect()
    assert native_threads() == before
    for call in (envs.reset, lambda: envs.step(np.zeros((3, 2))), lambda: envs.neutral_action):
        with pytest.raises(gymnasium.error.ClosedEnvironmentError, match="is closed; make another one"):
            call()
