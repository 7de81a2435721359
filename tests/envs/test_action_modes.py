"""What actions do: descending commands, parameters of the nervous system, or actuators without a brain."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode
from sns_mujoco.models import load

import sns_mujoco  # noqa: F401 - registers the environments
from sns_mujoco.errors import ParameterError, UnknownNameError
from sns_mujoco.learning.spaces.vary import Vary

from .comparing import live

HEXAPOD, RAT, JOINT = "sns_mujoco/Hexapod-v0", "sns_mujoco/RatHindlimbs-v0", "sns_mujoco/AntagonistJoint-v0"
RHYTHM = Vary("g_max", "*hold->*trigger", bounds=(0.2, 2.0), relative=True, tie="all")
BIAS = Vary("bias", "*levator", bounds=(-3.0, 3.0), tie="all")


def walked(env, action, steps=100, seed=0):
    env.reset(seed=seed)
    return [env.step(action)[4]["position"][0] for _ in range(steps)][-1]


# Descending


def test_commands_that_the_action_does_not_set_are_held():
    env = gymnasium.make(HEXAPOD, commands=("turn",), held={"drive": 0.7})
    assert env.action_space.shape == (1,)
    for _ in range(2):
        env.reset(seed=0)
        assert env.unwrapped.simulation.commands["drive"] == 0.7
        env.step(np.array([0.5]))
        assert dict(env.unwrapped.simulation.commands) == {"drive": 0.7, "turn": 0.5}
    envs = gymnasium.make_vec(HEXAPOD, num_envs=2, commands=("turn",), held={"drive": 0.7})
    envs.reset(seed=0)
    np.testing.assert_array_equal(envs.population.commands["drive"], 0.7)
    np.testing.assert_array_equal(envs.neutral_action, np.zeros((2, 1)))


@pytest.mark.parametrize(("options", "error", "said"), [
    ({"action_mode": "torques"}, ValueError, "action_mode is 'torques'; give one of 'descending', 'parameters'"),
    ({"held": {"drive": 0.5}}, ValueError, "command 'drive' is held at 0.5 and set by the action"),
    ({"commands": (), "held": {"drive": 2.0}}, ValueError, "'drive' is held at 2.0; give a number from 0 to 1"),
    ({"commands": (), "held": {"drive": np.nan}}, ValueError, "'drive' is held at nan"),
    ({"held": {"speed": 0.5}}, UnknownNameError, "no command named 'speed'"),
    ({"vary": [RHYTHM]}, ValueError, "vary is given in action mode 'descending'; it belongs to 'parameters'"),
    ({"action_mode": "parameters"}, ValueError, "nothing to act on; give vary"),
    ({"action_mode": "actuators", "commands": ("turn",)}, ValueError, "commands is given in action mode 'actuators'"),
    ({"action_mode": "actuators", "observe_neurons": True}, ValueError, "observe_neurons is given"),
])  # fmt: skip
def test_options_that_make_no_sense(options, error, said):
    for make in (gymnasium.make, gymnasium.make_vec):
        with pytest.raises(error, match=said):
            make(HEXAPOD, **options)


# Actuators


@pytest.mark.filterwarnings("ignore:.*symmetric and normalized")
def test_actions_are_controls_of_the_body_alone():
    env = gymnasium.make(HEXAPOD, action_mode="actuators")
    check_env(env.unwrapped, skip_render_check=True)
    model = env.unwrapped.simulation.model
    body = load("hexapod").body("flat", 0).compile()
    np.testing.assert_array_equal(np.stack([env.action_space.low, env.action_space.high], 1), body.actuator_ctrlrange)
    env.reset(seed=0)
    action = env.action_space.sample()
    env.step(action)
    data = env.unwrapped.simulation.data
    np.testing.assert_array_equal(data.ctrl, action)
    assert len(env.unwrapped.simulation.brain.neuron_names) == 1 and model.nu == 18
    env.step(env.action_space.high + 1.0)
    np.testing.assert_array_equal(data.ctrl, env.action_space.high)
    with pytest.raises(ValueError, match="give 18 finite numbers"):
        env.step(np.zeros(2))


def test_without_its_brain_a_body_does_not_walk_and_with_it_does():
    with_brain, without = gymnasium.make(HEXAPOD), gymnasium.make(HEXAPOD, action_mode="actuators")
    assert walked(with_brain, np.array([1.0, 0.0])) > 0.05
    assert abs(walked(without, without.unwrapped.neutral_action)) < 0.01


def test_muscles_are_excited_from_0_to_1():
    env = gymnasium.make(RAT, action_mode="actuators", terrain="air")
    np.testing.assert_array_equal(env.action_space.low, 0.0)
    np.testing.assert_array_equal(env.action_space.high, 1.0)
    assert env.observation_space == gymnasium.make(RAT).observation_space

    def pull(muscle):
        env.reset(seed=0)
        for _ in range(10):
            observation, *_ = env.step(np.eye(12)[muscle])
        return observation[36:48]  # N

    assert all(pull(muscle).argmax() == muscle for muscle in range(0, 12, 5))


def test_an_actuator_without_a_range_is_named():
    from dataclasses import replace

    from sns_mujoco.envs.locomotion import LocomotionEnv

    def unlimited(terrain, seed):
        spec = load("hexapod").body(terrain, seed)
        spec.actuators[1].ctrllimited = False
        return spec

    name = load("hexapod").body("flat", 0).actuators[1].name
    with pytest.raises(ValueError, match=f"the control of actuator '{name}' of animal 'hexapod' has no range"):
        LocomotionEnv(replace(load("hexapod"), body=unlimited), action_mode="actuators")


# Parameters


def test_parameters_are_set_in_every_step_and_given_back_at_the_start():
    env = gymnasium.make(HEXAPOD, action_mode="parameters", vary=[RHYTHM, BIAS], commands=("turn",))
    check_env(env.unwrapped, skip_render_check=True)
    assert env.unwrapped.simulation.commands["drive"] == 1.0  # as in a good first look
    np.testing.assert_array_equal(env.action_space.low, -1.0)
    numbers = env.unwrapped.simulation.model.numeric_data

    def after(action, steps=1):
        env.reset(seed=0)
        described = numbers.copy()
        for _ in range(steps):
            observation, *_ = env.step(action)
        return observation, described, numbers.copy()

    neutral = env.unwrapped.neutral_action
    plain, first, same = after(neutral, 20)
    np.testing.assert_allclose(same, first, rtol=1e-12)
    other, second, changed = after(np.array([0.0, 1.0, 1.0]), 20)
    np.testing.assert_array_equal(second, first)
    assert (changed != first).any() and (other != plain).any()
    np.testing.assert_array_equal(after(neutral)[1], first)
    usual = gymnasium.make(HEXAPOD)
    usual.reset(seed=0)
    for _ in range(20):
        walking, *_ = usual.step(np.array([1.0, 0.0]))
    np.testing.assert_allclose(plain, walking, atol=1e-9)


@pytest.mark.parametrize("mode", AutoresetMode)
def test_many_with_parameters_of_their_own_are_single_ones_to_the_last_bit(mode):
    options = dict(action_mode="parameters", vary=[RHYTHM, BIAS], max_episode_steps=4)
    sync = gymnasium.make_vec(
        HEXAPOD, num_envs=2, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode}, **options
    )
    ours = gymnasium.make_vec(HEXAPOD, num_envs=2, autoreset_mode=mode, **options)
    assert live(sync, ours, np.random.default_rng(1).uniform(-1.0, 1.0, (10, 2, 2))) >= 4
    sync.close()
    ours.close()


def test_bodies_do_not_grow_while_they_live():
    for make in (gymnasium.make, gymnasium.make_vec):
        with pytest.raises(ParameterError, match="a body stays as it is in action mode 'parameters'"):
            make(HEXAPOD, action_mode="parameters", vary=[Vary("mass", "torso", bounds=(0.5, 2.0), relative=True)])


# Randomisation


def test_what_is_randomised_follows_from_the_seed_of_each_environment():
    from sns_mujoco.learning.randomisation.random import Random
    from sns_mujoco.learning.randomisation.randomisation import Randomisation

    drawn = Randomisation([Random("mass", "torso", bounds=(0.8, 1.25))])
    envs = gymnasium.make_vec(HEXAPOD, num_envs=3, randomise=drawn)

    def masses(seed):
        envs.reset(seed=seed)
        return envs.population["mass", "torso"][:, 0]

    first = masses(5)
    assert len(set(first)) == 3
    np.testing.assert_array_equal(masses(6)[:2], first[1:])
    np.testing.assert_array_equal(masses(5), first)
    envs.close()
