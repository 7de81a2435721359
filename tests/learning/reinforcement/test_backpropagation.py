"""Truncated backpropagation: it learns, its gradients are those of its windows, bad input is refused."""

import numpy as np
import pytest
import torch
from actors import JOINT, MOTORS, SENSES, Joint, actor

from sns_mujoco import Network, NonSpikingMatrixConnection, NonSpikingNeuron, Simulation
from sns_mujoco.errors import DivergenceError, NetworkError
from sns_mujoco.learning.reinforcement import Actor, truncated_backpropagation
from sns_mujoco.learning.reinforcement.rates import parameter_groups


def teacher(observations):
    """Commands that a nervous system could give: a servo towards the target, with damping."""
    return 1.5 * (observations[..., :1] - observations[..., 1:2]) - 0.1 * observations[..., 2:]


def recordings(steps=160, batch=16, seed=0):
    """Observations of a joint that is moved about, and what the teacher would have done a step ago."""
    rng = np.random.default_rng(seed)
    slow = np.repeat(rng.uniform(-0.8, 0.8, (steps // 40, batch, 3)), 40, axis=0) * [1.0, 1.0, 3.0]
    return slow, 0.5 * teacher(slow)


@pytest.mark.parametrize("spiking", [False, True], ids=["graded", "spiking"])
def test_an_actor_learns_a_teacher_and_lives_by_it_in_a_body(spiking):
    module = actor(spiking=spiking, hidden=16, latency=1, steps=1)
    x, y = recordings()
    heard = []
    losses = truncated_backpropagation(
        module, x, y, window=10, epochs=6, learning_rate=0.05, washout=10,
        progress=lambda epoch, loss: heard.append((epoch, loss)),
    )  # fmt: skip
    assert losses[-1] < 0.45 * y.var() and losses[-1] < 0.6 * losses[0]
    assert heard == list(enumerate(losses))
    living = Actor(module.to_network(), SENSES, MOTORS, dt=2.0, steps=2, latency=1, learnable=())  # 4 ms in the body
    native, joint, state, apart = Simulation(living.attach(JOINT)), Joint(), living.initial_state(1), 0.0
    native.commands["target"] = 0.3
    for _ in range(500):
        action, state = living(joint.observe(0.3), state)
        joint.step(float(action[0, 0]))
        native.step()
        apart = max(apart, abs(joint.data.ctrl[0] - native.data.ctrl[0]))
    assert apart < 1e-6
    assert native.data.qpos[0] > 0.03  # it goes to where the teacher would have led it


def rhythm():
    """Two neurons that inhibit each other, and a current for each."""
    net = Network("pair")
    net.add_population(NonSpikingNeuron(), 2, "n")
    net.add_connection(NonSpikingMatrixConnection([[0.0, 0.4], [0.4, 0.0]], -40.0), "n", "n", "inhibition")
    net.add_input("n", 2)
    net.add_output("n")
    return net


def test_in_one_window_the_step_is_that_of_backpropagation_through_all_time():
    x = 10.0 * np.random.default_rng(0).random((30, 3, 2))
    y = np.ones((30, 3, 2))
    once, by_hand = (rhythm().compile(1.0, "torch", learnable=["bias", "max_conductance"]) for _ in range(2))
    (loss,) = truncated_backpropagation(once, x, y, window=30, learning_rate=0.01, max_gradient=np.inf)
    outputs, _ = by_hand.run(x, by_hand.initial_state(3))
    wanted = ((outputs - torch.tensor(y)) ** 2).mean()
    wanted.backward()
    torch.optim.Adam(parameter_groups(by_hand, 0.01)).step()
    assert loss == pytest.approx(float(wanted.detach()))
    for one, other in zip(once.parameters(), by_hand.parameters(), strict=True):
        torch.testing.assert_close(one, other)
    biases = once.learned.leaves["bias_of_neurons"].detach()
    assert float(biases.abs().max()) == pytest.approx(20 * 0.01, rel=1e-4)  # Adam's first step, scaled to nA


def test_gradients_do_not_reach_beyond_a_window_but_states_do():
    first = np.zeros((20, 1, 2))
    first[0] = 30.0  # only the first step has an input
    whole = rhythm().compile(1.0, "torch", learnable=["bias"])
    windows, seen = [], []

    def loss(outputs):
        windows.append(len(outputs))
        seen.append(float(outputs.detach()[0, 0, 0]))
        return outputs.mean()

    truncated_backpropagation(whole, first, window=5, loss=loss, learning_rate=1e-9)
    assert windows == [5, 5, 5, 5]
    free, _ = whole.run(first, whole.initial_state(1))
    np.testing.assert_allclose(seen, free.detach()[::5, 0, 0], rtol=1e-4)
    assert seen[1] > 0.1


def test_what_is_washed_out_does_not_count():
    model = rhythm().compile(1.0, "torch", learnable=["bias"])
    lengths = []
    (mean,) = truncated_backpropagation(
        model, np.zeros((20, 1, 2)), window=8, washout=11, loss=lambda y: lengths.append(len(y)) or (y**2).mean()
    )
    assert lengths == [5, 4]  # of 8 to 15 the last five, and 16 to 19
    assert mean >= 0.0


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"window": 0}, "window is 0; give a whole number of 1 or more"),
        ({"epochs": 1.5}, "epochs is 1.5"),
        ({"washout": 20}, "washout is 20, and there are 20 steps"),
        ({"learning_rate": 0.0}, "learning_rate is 0.0"),
        ({"inputs": np.zeros((20, 2))}, r"inputs have shape \(20, 2\); give \[steps, batch, elements\]"),
        ({"inputs": np.full((20, 1, 2), np.nan)}, "inputs have a number that is not finite"),
        ({"inputs": [["a"]]}, "give numbers"),
        ({"targets": np.zeros((19, 1, 2))}, r"targets have shape \(19, 1, 2\); give \[20, 1, ...\]"),
        ({"targets": None}, "neither targets nor a loss"),
        ({"starts": np.zeros((20, 1), bool)}, "starts are for actors"),
        ({"loss": lambda y, t: y - t}, "it must give one number"),
    ],
)
def test_recordings_and_numbers_that_make_no_sense_are_refused(changes, complaint):
    model = rhythm().compile(1.0, "torch", learnable=["bias"])
    given = {"inputs": np.zeros((20, 1, 2)), "targets": np.zeros((20, 1, 2)), "window": 5} | changes
    with pytest.raises(NetworkError, match=complaint):
        truncated_backpropagation(model, given.pop("inputs"), given.pop("targets"), **given)


def test_starts_of_another_shape_and_networks_that_learn_nothing_are_refused():
    with pytest.raises(NetworkError, match=r"starts have shape \(3,\); give \(5, 1\)"):
        truncated_backpropagation(actor(), np.zeros((5, 1, 3)), np.zeros((5, 1, 1)), window=5, starts=[True] * 3)
    with pytest.raises(NetworkError, match="nothing to learn"):
        truncated_backpropagation(rhythm().compile(1.0, "torch"), np.zeros((5, 1, 2)), np.zeros((5, 1, 2)), window=5)


def test_a_loss_that_is_not_finite_stops_it_before_it_spoils_the_parameters():
    model = rhythm().compile(1.0, "torch", learnable=["bias"])
    with pytest.raises(DivergenceError, match="in pass 0, at the window that begins at step 0, the loss is inf"):
        truncated_backpropagation(model, np.zeros((5, 1, 2)), window=5, loss=lambda y: y.sum() + torch.inf)
    assert all(bool(torch.isfinite(p).all()) for p in model.parameters())
