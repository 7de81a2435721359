"""What the learning rules are for: tasks that are learned because of them, and not without."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from sns_mujoco.backends.state import StateLayout

EXAMPLES = Path(__file__).parents[2] / "examples"
ANIMALS, TRIALS = 8, 20


@pytest.fixture(scope="module")
def arm():
    """The functions of the example in which an arm learns by reward."""
    return runpy.run_path(str(EXAMPLES / "learn_by_reward.py"), run_name="example")


def likely(share, count, standard_deviations=4.0):
    """Whether a share of right trials may well be chance."""
    return abs(share - 0.5) < standard_deviations * 0.5 / np.sqrt(count)


def test_every_arm_learns_from_reward_which_way_to_move(arm):
    before, after = arm["lives"](ANIMALS, np.random.default_rng(1), lambda right: np.where(right, 1.0, -1.0))
    assert likely(before.mean(), ANIMALS * TRIALS)
    assert after.min() >= 0.75  # by chance in one of 48 for a single animal, here in all of eight
    assert after.mean() >= 0.9


def test_punishing_what_is_right_teaches_the_opposite(arm):
    _, after = arm["lives"](ANIMALS, np.random.default_rng(2), lambda right: np.where(right, -1.0, 1.0))
    assert after.max() < 0.5 and after.mean() <= 0.15


def test_random_rewards_teach_nothing(arm):
    random = np.random.default_rng(3)
    before, after = arm["lives"](ANIMALS, random, lambda right: random.choice([-1.0, 1.0], right.size))
    assert likely(before.mean(), ANIMALS * TRIALS)
    # a single animal may come to prefer some way, so animals count here, not trials
    assert abs(after.mean() - 0.5) < 4 * after.std(ddof=1) / np.sqrt(ANIMALS)


def test_without_reward_no_weight_moves(arm):
    batch = arm["Batch"](arm["model"], 3)
    arm["trials"](batch, 5, np.random.default_rng(4), lambda right: 0.0)
    layout = StateLayout.of(arm["net"].to_program(dt=1.0))
    begin = arm["brain"].state.start
    weights = batch.plugin_state[:, begin + layout.weight.start : begin + layout.weight.stop]
    assert weights.shape[1] == 128
    np.testing.assert_array_equal(weights, 0.4)
    eligibility = batch.plugin_state[:, begin + layout.eligibility.start : begin + layout.eligibility.stop]
    assert np.abs(eligibility).max() > 0
