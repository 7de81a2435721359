"""Gymnasium's own MuJoCo environments, driven by a nervous system."""

import gymnasium
import mujoco
import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.wrappers import ClipAction, TimeLimit, TransformReward

import sns_mujoco
from sns_mujoco.adapters import Command, Polynomial
from sns_mujoco.errors import AttachError, MissingDependencyError, UnknownNameError
from sns_mujoco.network import Network, NonSpikingNeuron

from .cpg import cpg

BODIES = {
    "Ant-v5": ("hip_1", "hip_2", "hip_3", "hip_4"),
    "HalfCheetah-v5": ("bthigh", "fthigh"),
    "Walker2d-v5": ("thigh_joint", "thigh_left_joint"),
    "Humanoid-v5": ("right_hip_y", "left_hip_y"),
    "Reacher-v5": ("joint0", "joint1"),
}
pytestmark = pytest.mark.filterwarnings("ignore:compiler attribute")  # of Gymnasium's half_cheetah.xml


def driven(name="Ant-v5", noise=0.0, **options):
    return sns_mujoco.wrap(name, *cpg(BODIES[name], noise=noise), dt=1.0, **options)


def silent():
    network = Network("silence")
    network.add_neuron(NonSpikingNeuron(), "silence")
    return network


@pytest.mark.parametrize("name", BODIES)
def test_a_nervous_system_that_drives_nothing_leaves_an_environment_as_it_was(name):
    ours, plain = sns_mujoco.wrap(name, silent(), [], dt=1.0), gymnasium.make(name)
    assert ours.action_space == spaces.Box(np.zeros(0), np.zeros(0), dtype=np.float64)
    assert ours.observation_space == plain.observation_space
    for episode in range(2):
        first, theirs = (env.reset(seed=5) if not episode else env.reset() for env in (ours, plain))
        np.testing.assert_array_equal(first[0], theirs[0])
        for _ in range(30):
            one, other = ours.step(np.zeros(0)), plain.step(np.zeros(plain.action_space.shape))
            np.testing.assert_array_equal(one[0], other[0])
            assert one[1:4] == other[1:4]
            assert one[4].pop("diverged") is False
            np.testing.assert_equal(one[4], other[4])
            if one[2]:
                break
    ours.close()
    plain.close()


@pytest.mark.parametrize("name", BODIES)
def test_the_rhythm_moves_the_body_and_its_controls_are_what_the_reward_charges_for(name):
    env = driven(name)
    assert env.commands == ("quicken", "lean")
    assert env.action_space == spaces.Box(np.array([0.0, -1.0]), np.ones(2), dtype=np.float64)
    env.reset(seed=0)
    potentials, controls = [], []
    for _ in range(round(0.8 / env.unwrapped.dt)):
        *_, info = env.step(np.zeros(2))
        potentials.append(env.simulation.potential("rhythmA"))
        controls.append(env.simulation.data.ctrl.copy())
    assert np.ptp(potentials) > 10.0 and np.ptp(controls, axis=0).max() > 0.5
    if "reward_ctrl" in info:
        weight = {"Ant-v5": 0.5, "Walker2d-v5": 1e-3, "HalfCheetah-v5": 0.1, "Humanoid-v5": 0.1, "Reacher-v5": 1.0}
        assert info["reward_ctrl"] == pytest.approx(-weight[name] * np.square(controls[-1]).sum())
    env.close()


def test_the_action_is_what_descends():
    env = driven()

    def onsets(quicken):
        env.reset(seed=0)
        ahead = []
        for _ in range(40):
            env.step(np.array([quicken, 0.0]))
            ahead.append(env.simulation.potential("rhythmA") > env.simulation.potential("rhythmB"))
        return np.count_nonzero(np.diff(np.array(ahead, int)))

    assert onsets(1.0) > onsets(0.0) > 5
    env.step(np.array([7.0, -3.0]))
    assert dict(env.simulation.commands) == {"quicken": 1.0, "lean": -1.0}  # clipped to their ends
    with pytest.raises(ValueError, match=r"give 2 finite numbers \(quicken, lean\)"):
        env.step(np.zeros(3))
    with pytest.raises(ValueError, match="finite"):
        env.step(np.array([np.nan, 0.0]))
    env.close()


def test_same_seed_same_life_noise_included():
    env = driven(noise=0.3)

    def life(seed):
        env.reset(seed=seed)
        return np.array([env.step(np.array([0.5, 0.0]))[0] for _ in range(10)])

    first = life(3)
    np.testing.assert_array_equal(first, life(3))
    assert (first != life(4)).any()
    quiet = gymnasium.make("Ant-v5")
    env.reset(seed=3)
    np.testing.assert_array_equal(env.reset()[0], [quiet.reset(seed=3), quiet.reset()][1][0])  # its noise is its own
    env.close()


def test_commands_may_be_chosen():
    env = driven(commands={"lean": (0.0, 0.5)})
    assert env.action_space == spaces.Box(np.zeros(1), np.array([0.5]), dtype=np.float64)
    env.reset(seed=0)
    env.simulation.commands["quicken"] = 0.25
    env.step(np.array([0.4]))
    assert dict(env.simulation.commands) == {"quicken": 0.25, "lean": 0.4}
    env.close()


def test_time_limit_and_wrappers_stay_and_more_can_be_put_around():
    env = driven(max_episode_steps=3)
    env.reset(seed=0)
    assert [env.step(np.zeros(2))[3] for _ in range(3)] == [False, False, True]
    inside = TransformReward(gymnasium.make("Reacher-v5"), lambda _: 7.0)
    around = ClipAction(TimeLimit(sns_mujoco.wrap(inside, *cpg(BODIES["Reacher-v5"]), dt=1.0), 2))
    around.reset(seed=0)
    assert [around.step(np.zeros(2))[1:4:2] for _ in range(2)] == [(7.0, False), (7.0, True)]


def test_a_diverging_simulation_ends_the_episode_at_its_last_good_step():
    env = driven()
    env.reset(seed=0)
    env.step(np.zeros(2))
    stood = env.simulation.time
    env.simulation.data.qfrc_applied[0] = 1e15
    observation, reward, terminated, _, info = env.step(np.zeros(2))
    assert terminated and info["diverged"] and np.isfinite(reward)
    assert env.simulation.time == stood and np.isfinite(observation).all()
    observation, info = env.reset()
    assert not info["diverged"] and not env.step(np.zeros(2))[4]["diverged"]
    env.close()


def test_frames_need_no_display():
    env = driven(render_mode="rgb_array", width=80, height=60)
    env.reset(seed=0)
    frame = env.render()
    assert frame.shape == (60, 80, 3) and frame.dtype == np.uint8 and frame.std() > 5
    env.close()


def test_the_body_may_be_changed_in_a_file_and_not_behind_its_back(tmp_path):
    plain = gymnasium.make("Ant-v5")
    spec = mujoco.MjSpec.from_file(plain.unwrapped.fullpath)
    spec.actuators[0].name = "swing"
    path = tmp_path / "ant.xml"
    path.write_text(spec.to_xml())
    env = sns_mujoco.wrap("Ant-v5", *cpg(["swing", "hip_1"]), dt=1.0, xml_file=str(path))
    env.reset(seed=0)
    env.step(np.zeros(2))
    assert env.simulation.data.ctrl[0] != 0.0
    plain.unwrapped.model.body_mass[1] *= 2.0
    with pytest.raises(AttachError, match="is not that of .* any more"):
        sns_mujoco.wrap(plain, *cpg(BODIES["Ant-v5"]), dt=1.0)


def test_what_cannot_be_wrapped():
    network, adapters = cpg(BODIES["Ant-v5"])
    with pytest.raises(AttachError, match="CartPoleEnv is no MuJoCo environment"):
        sns_mujoco.wrap("CartPole-v1", network, adapters, dt=1.0)
    with pytest.raises(AttachError, match="ClipAction changes actions"):
        sns_mujoco.wrap(ClipAction(gymnasium.make("Ant-v5")), network, adapters, dt=1.0)
    with pytest.raises(UnknownNameError, match="no actuator named 'hip_5'"):
        sns_mujoco.wrap("Ant-v5", *cpg(["hip_5"]), dt=1.0)
    with pytest.raises(UnknownNameError, match="no command named 'quicker'"):
        driven(commands={"quicker": (0.0, 1.0)})
    with pytest.raises(ValueError, match=r"commands are \['lean'\]; give a dict"):
        sns_mujoco.wrap("Ant-v5", network, adapters, dt=1.0, commands=["lean"])
    with pytest.raises(ValueError, match="the range of command 'lean' is 'wide'; give two finite numbers"):
        sns_mujoco.wrap("Ant-v5", network, adapters, dt=1.0, commands={"lean": "wide"})
    with pytest.raises(ValueError, match="the range of command 'lean' is"):
        driven(commands={"lean": (1.0, 0.0)})
    with pytest.raises(ValueError, match="'frame_skip' given with an environment"):
        sns_mujoco.wrap(gymnasium.make("Ant-v5"), network, adapters, dt=1.0, frame_skip=2)
    curved = [*adapters, Command("bend", to="rhythmA", curve=Polynomial(0.0, 0.0, 1.0, 0.0))]
    with pytest.raises(ValueError, match="command 'bend' has a curve and no range"):
        sns_mujoco.wrap("Ant-v5", network, curved, dt=1.0)


def test_a_missing_library_is_named(monkeypatch):
    def imageio_is_not_there(name, **options):
        raise ModuleNotFoundError("No module named 'imageio'", name="imageio")

    monkeypatch.setattr(gymnasium, "make", imageio_is_not_there)
    with pytest.raises(MissingDependencyError, match="'Ant-v5' cannot be made: No module named 'imageio'.*pip install"):
        driven()
