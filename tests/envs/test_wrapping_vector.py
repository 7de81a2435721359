"""Many of Gymnasium's own MuJoCo environments with nervous systems, stepped together."""

import gymnasium
import mujoco
import numpy as np
import pytest
from gymnasium.envs.mujoco.ant_v5 import AntEnv
from gymnasium.error import ClosedEnvironmentError, ResetNeeded
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from sns_mujoco.envs.wrapping_known import KnownVectorEnv
from sns_mujoco.envs.wrapping_vector import DrivenVectorEnv

import sns_mujoco

from .comparing import assert_same, live
from .cpg import cpg

pytestmark = pytest.mark.filterwarnings("ignore:compiler attribute")  # of Gymnasium's half_cheetah.xml
ACTUATORS = {
    "Ant-v5": ("hip_1", "hip_2"),
    "HalfCheetah-v5": ("bthigh",),
    "Hopper-v5": ("thigh_joint",),
    "Humanoid-v5": ("right_hip_y", "left_hip_y"),
    "Swimmer-v5": ("motor1_rot",),
    "Walker2d-v5": ("thigh_joint", "leg_joint"),
    "Reacher-v5": ("joint0", "joint1"),
}


def pair(name, n, mode=AutoresetMode.NEXT_STEP, **options):
    """Environments in a loop, and ours."""
    wired = {"dt": 1.0, "max_episode_steps": 9, **options}
    one = SyncVectorEnv(
        [lambda: sns_mujoco.wrap(name, *cpg(ACTUATORS[name], noise=0.1), **wired) for _ in range(n)],
        autoreset_mode=mode,
    )
    network, adapters = cpg(ACTUATORS[name], noise=0.1)
    ours = sns_mujoco.wrap_vec(name, network, adapters, num_envs=n, autoreset_mode=mode, threads=2, **wired)
    return one, ours


def assert_equal(one, ours, steps, ends, *, blow_up_at=-1):
    def disturb(step):
        if step == blow_up_at:
            one.envs[1].unwrapped.data.qfrc_applied[0] = 1e15
            if isinstance(ours, KnownVectorEnv):
                ours.data.qfrc_applied[1, 0] = 1e15
            else:
                ours.envs[1].unwrapped.data.qfrc_applied[0] = 1e15

    for space in ("single_action_space", "action_space", "single_observation_space", "observation_space"):
        assert getattr(one, space) == getattr(ours, space)
    actions = np.random.default_rng(0).uniform(size=(steps, *one.action_space.shape))
    assert live(one, ours, actions, disturb=disturb) >= ends
    assert one.np_random_seed == ours.np_random_seed
    assert [r.random() for r in one.np_random] == [r.random() for r in ours.np_random]
    one.close()
    ours.close()


@pytest.mark.parametrize("mode", AutoresetMode)
@pytest.mark.parametrize("name", ["Ant-v5", "Hopper-v5", "Reacher-v5"])
def test_each_is_the_single_environment_to_the_last_bit(name, mode):
    one, ours = pair(name, 3, mode)
    assert isinstance(ours, DrivenVectorEnv if name == "Reacher-v5" else KnownVectorEnv)
    assert_equal(one, ours, 22, 6, blow_up_at=4)


@pytest.mark.parametrize(("name", "options"), [
    ("HalfCheetah-v5", {}),
    ("HalfCheetah-v5", {"ctrl_cost_weight": 0.7, "exclude_current_positions_from_observation": False}),
    ("Swimmer-v5", {"forward_reward_weight": 3, "frame_skip": 2}),
    ("Walker2d-v5", {"healthy_angle_range": (-0.01, 0.01), "healthy_reward": 2}),
    ("Hopper-v5", {"healthy_state_range": (-0.5, 0.5), "reset_noise_scale": 0.1, "max_episode_steps": 50}),
    ("Hopper-v5", {"terminate_when_unhealthy": False, "healthy_z_range": (2.0, 3.0)}),
    ("Ant-v5", {"include_cfrc_ext_in_observation": False, "healthy_z_range": (0.6, 0.8), "main_body": 4}),
    ("Ant-v5", {"contact_cost_weight": 0, "include_cfrc_ext_in_observation": False}),
    ("Ant-v5", {"contact_force_range": (-3.0, 0.5), "healthy_reward": 0.25, "max_episode_steps": 25}),
    ("Humanoid-v5", {"contact_cost_weight": 1e-3, "contact_cost_range": (-np.inf, 2.0), "max_episode_steps": 30}),
    ("Humanoid-v5", {"include_cinert_in_observation": False, "include_cfrc_ext_in_observation": False}),
])  # fmt: skip
def test_options_of_known_bodies_mean_what_they_mean_to_gymnasium(name, options):
    one, ours = pair(name, 3, **options)
    assert isinstance(ours, KnownVectorEnv)
    assert_equal(one, ours, 26, 0)


def test_many_ants_on_the_ground_are_the_single_ones_to_the_last_bit():
    one, ours = pair("Ant-v5", 17, max_episode_steps=60)
    touched = 0.0
    assert_same(one.reset(seed=3), ours.reset(seed=3))
    for action in np.random.default_rng(1).uniform(size=(16, 17, 2)):
        first, second = one.step(action), ours.step(action)
        assert_same(first, second)
        touched = max(touched, float(np.abs(first[0][:, 27:]).max()))
    assert touched == 1.0  # they clip forces there
    ours.close()
    one.close()


@pytest.mark.parametrize("name", ["Ant-v5", "HalfCheetah-v5"])
def test_external_forces_are_computed_only_where_they_are_needed_and_change_no_bit(name):
    network, adapters = cpg(ACTUATORS[name], noise=0.1)
    states = []
    for options in ({}, {"include_cfrc_ext_in_observation": False, "contact_cost_weight": 0.0}):
        options = options if name == "Ant-v5" else {}
        envs = sns_mujoco.wrap_vec(name, network, adapters, num_envs=2, dt=1.0, **options)
        assert (b"sns_mujoco.external_forces" in envs.data.model.names) == (name == "Ant-v5" and not options)
        envs.reset(seed=1)
        for _ in range(20):
            envs.step(np.zeros((2, 2)))
        states.append(envs.data.state.copy())
        envs.close()
    assert states[0].tobytes() == states[1].tobytes()


class TallAnt(AntEnv):
    """Whose health is another one; Gymnasium's own code has to judge it."""

    @property
    def is_healthy(self):
        """Never."""
        return False


def test_environments_that_are_not_quite_gymnasiums_are_judged_by_their_own_code():
    gymnasium.register("sns_mujoco_tests/TallAnt-v0", TallAnt, max_episode_steps=9)
    gymnasium.register("sns_mujoco_tests/Wrapped-v0", AntEnv, additional_wrappers=(
        gymnasium.wrappers.TransformReward.wrapper_spec(func=lambda reward: 2.0 * reward),
    ))  # fmt: skip
    network, adapters = cpg(ACTUATORS["Ant-v5"])
    for name in ("TallAnt", "Wrapped"):
        envs = sns_mujoco.wrap_vec(f"sns_mujoco_tests/{name}-v0", network, adapters, num_envs=2, dt=1.0)
        assert isinstance(envs, DrivenVectorEnv)
        envs.reset(seed=0)
        assert envs.step(np.zeros((2, 2)))[2].all() == (name == "TallAnt")
        envs.close()


def test_another_gymnasium_that_rewards_otherwise_is_believed(monkeypatch):
    monkeypatch.setattr(AntEnv, "control_cost", lambda self, action: 0.125)
    network, adapters = cpg(ACTUATORS["Ant-v5"])
    envs = sns_mujoco.wrap_vec("Ant-v5", network, adapters, num_envs=2, dt=1.0)
    assert isinstance(envs, DrivenVectorEnv)
    assert envs.np_random_seed != (0, 0)  # what it was tried with
    envs.reset(seed=0)
    assert (envs.step(np.zeros((2, 2)))[4]["reward_ctrl"] == -0.125).all()
    envs.close()


def test_one_of_them_can_be_taken_out_and_goes_on_as_it_would():
    network, adapters = cpg(ACTUATORS["Ant-v5"], noise=0.1)
    envs = sns_mujoco.wrap_vec(
        "Ant-v5", network, adapters, num_envs=2, dt=1.0, render_mode="rgb_array", width=64, height=48
    )
    envs.reset(seed=0)
    envs.step(np.ones((2, 2)))
    alone = envs.simulation(1)
    first, second = envs.render()
    assert first.shape == (48, 64, 3) and (first != second).any()
    envs.step(np.ones((2, 2)))
    mujoco.mj_step(alone.model, alone.data, 5)
    np.testing.assert_array_equal(alone.data.qpos, envs.data.qpos[1])
    envs.close()


def test_bad_input():
    network, adapters = cpg(["hip_1"])
    for options, said in (({"num_envs": 0}, "num_envs is 0"), ({"num_envs": 1, "threads": 1.5}, "threads is 1.5")):
        with pytest.raises(ValueError, match=said):
            sns_mujoco.wrap_vec("Ant-v5", network, adapters, dt=1.0, **options)
    envs = sns_mujoco.wrap_vec("Ant-v5", network, adapters, dt=1.0, num_envs=2, autoreset_mode="Disabled",
                               max_episode_steps=1)  # fmt: skip
    with pytest.raises(ResetNeeded, match=r"environments \[0, 1\] must be reset"):
        envs.step(np.zeros((2, 2)))
    envs.reset(seed=0)
    for actions in (np.zeros(2), np.full((2, 2), np.inf), "go"):
        with pytest.raises(ValueError, match=r"\(2, 2\): for each environment 2 finite numbers \(quicken, lean\)"):
            envs.step(actions)
    with pytest.raises(ValueError, match="there are 1 seeds for 2 environments"):
        envs.reset(seed=[1])
    for mask, error in (([True, False], TypeError), (np.zeros(2, bool), ValueError), (np.ones(3, bool), ValueError)):
        with pytest.raises(error, match="reset_mask"):
            envs.reset(options={"reset_mask": mask})
    envs.step(np.zeros((2, 2)))
    envs.reset(options={"reset_mask": np.array([True, False])})
    with pytest.raises(ResetNeeded, match=r"environments \[1\] must be reset"):
        envs.step(np.zeros((2, 2)))
    envs.close()
    others = sns_mujoco.wrap_vec("Reacher-v5", *cpg(["joint0"]), dt=1.0, num_envs=1)
    others.close()
    calls = [envs.reset, lambda: envs.simulation(0)]
    for call in (*calls, lambda: envs.step(np.zeros((2, 2))), lambda: others.step(np.zeros((1, 2)))):
        with pytest.raises(ClosedEnvironmentError, match="is closed; make another one"):
            call()


def test_many_are_made_by_an_id():
    with pytest.raises(ValueError, match="give the id of one, of which many can be made"):
        sns_mujoco.wrap_vec(gymnasium.make("Reacher-v5"), *cpg(["joint0"]), dt=1.0, num_envs=2)
