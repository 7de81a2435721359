"""Actors in torch: the same as in a body, step by step; stretches of episodes; what cannot be one is refused."""

import numpy as np
import pytest
import torch
from actors import JOINT, MOTORS, NAMES, SENSES, Joint, actor, disturb
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco import Network, NonSpikingNeuron, Simulation
from sns_mujoco.adapters import (
    AntagonistPair,
    Bell,
    Command,
    Equation,
    JointAngle,
    LengthTension,
    MotorNeuron,
    MotorPool,
    Polynomial,
    Sigmoid,
)
from sns_mujoco.errors import AttachError, NetworkError, UnknownNameError
from sns_mujoco.learning.reinforcement import Actor, policy_network
from sns_mujoco.learning.reinforcement.tensor_adapters import activation, current, curve
from sns_mujoco.network import OrnsteinUhlenbeckNoise


def swing(k):
    """A target that moves, rad."""
    return 0.5 * np.sin(0.02 * k) + 0.3


@pytest.mark.parametrize("spiking", [False, True], ids=["graded", "spiking"])
@pytest.mark.parametrize("integrator", ["euler", "exponential"])
def test_a_deployed_actor_lives_exactly_as_in_torch(spiking, integrator):
    module = actor(spiking=spiking, integrator=integrator)
    disturb(module)
    joint, native = Joint(), Simulation(module.attach(JOINT))
    state, actions, apart = module.initial_state(1), [], 0.0
    for k in range(300):
        native.commands["target"] = target = swing(k)
        with torch.no_grad():
            action, state = module(joint.observe(target), state)
        joint.step(float(action[0, 0]))
        native.step()
        actions.append(joint.data.ctrl[0])
        apart = max(apart, *(abs(getattr(joint.data, what)[0] - getattr(native.data, what)[0])
                             for what in ("ctrl", "qpos", "qvel")))  # fmt: skip
    assert apart < 1e-6
    assert np.std(actions) > 1e-3  # it does something
    if spiking:
        assert state["spike"].shape[-1] == 8


def test_for_the_signals_of_a_deployed_animal_the_outputs_are_the_same_though_it_hears_its_body_more_often():
    module = actor(spiking=True, dt=4.0, steps=5, latency=0, integrator="exponential")
    disturb(module, seed=1)
    native = Simulation(module.attach(JOINT))
    signals, controls = [], []
    for k in range(400):
        native.commands["target"] = swing(k)
        native.step()
        signals.append(native.brain.signals(native.data))
        controls.append(native.data.ctrl[0])
    same = Actor(module.to_network(), SENSES, MOTORS, dt=4.0, latency=1, integrator="exponential", learnable=())
    actions, _ = same.run(torch.tensor(np.array(signals))[:, None], same.initial_state(1))
    np.testing.assert_allclose(actions[:, 0, 0].clamp(-2, 2), controls, atol=1e-6)


def test_an_action_takes_as_many_neural_steps_as_it_is_told_and_acts_when_it_is_told():
    observation = torch.tensor([[[0.4, 0.1, -0.2]], [[-0.3, 0.2, 0.1]]])
    coarse, fine = actor(steps=3, latency=0), actor(steps=1, latency=0)
    thrice, _ = fine.run(observation.repeat_interleave(3, 0), fine.initial_state(1))
    once, after = coarse.run(observation, coarse.initial_state(1))
    assert torch.equal(once, thrice[2::3])
    late = actor(steps=3, latency=1)
    delayed, same = late.run(observation, late.initial_state(1))
    assert torch.equal(delayed[1], once[0]) and float(delayed[0].detach()) == 0.0  # both motor neurons rest at 10 mV
    assert all(torch.equal(after[name], same[name]) for name in after)


@pytest.mark.parametrize("latency", [0, 1])
def test_episodes_begin_afresh_wherever_they_begin(latency):
    module = actor(spiking=True, latency=latency)
    disturb(module)
    x = torch.rand(12, 2, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    starts = torch.zeros(12, 2, dtype=torch.bool)
    starts[5, 0] = starts[9, 1] = True
    together, _ = module.run(x, module.initial_state(2), starts)
    for animal, cut in ((0, 5), (1, 9)):
        for part in (slice(0, cut), slice(cut, 12)):
            alone, _ = module.run(x[part, animal : animal + 1], module.initial_state(1))
            torch.testing.assert_close(together[part, animal], alone[:, 0], rtol=0, atol=1e-12)


def test_the_next_episode_has_other_noise_and_reruns_have_the_same():
    network = policy_network(*NAMES, hidden=4)
    network.add_noise("inner", OrnsteinUhlenbeckNoise(2.0, 5.0))
    module = Actor(network, SENSES, MOTORS, dt=2.0)
    x, starts = torch.zeros(8, 1, 3), torch.zeros(8, 1, dtype=torch.bool)
    starts[4] = True
    first, _ = module.run(x, module.initial_state(1), starts)
    again, _ = module.run(x, module.initial_state(1), starts)
    assert torch.equal(first, again)
    assert not torch.equal(first[:4], first[4:])


@pytest.mark.parametrize("spiking", [False, True], ids=["graded", "spiking"])
def test_gradients_reach_every_kind_of_parameter_through_time(spiking):
    module = actor(spiking=spiking, latency=0)
    x = torch.rand(20, 2, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    actions, _ = module.run(x, module.initial_state(2))
    actions[-1].sum().backward()
    gradients = {name.split(".")[-1]: p.grad for name, p in module.named_parameters()}
    wanted = ["bias_of_neurons", "conductance_increment_of_spiking" if spiking else "max_conductance_of_graded"]
    for name in (*wanted, "input_weight_of_inputs"):
        assert gradients[name] is not None and int((gradients[name] != 0).sum()) > 3, name


def test_afferents_feed_inputs_populations_and_single_neurons():
    network = Network()
    network.add_population(NonSpikingNeuron(), 2, "p")
    network.add_neuron(NonSpikingNeuron(), "q")
    network.add_input("q", 1, "into q", weights=[[3.0]])
    senses = [
        Command("a", to="p", range=(0, 1), gain=1.0), Command("b", to="p[1]", range=(0, 1), gain=2.0),
        Command("c", to="into q", range=(0, 1), gain=5.0),
    ]  # fmt: skip
    unit = {"curve": Polynomial(0.0, 0.0, 1.0, 0.0)}
    motors = [MotorNeuron("p[0]", drives="x", **unit), MotorNeuron("p[1]", drives="y", **unit)]
    motors += [MotorNeuron("q", drives="z", output=(1.0, 3.0), **unit)]
    module = Actor(network, senses, motors, dt=1.0, steps=400, observed=[2, 0, 1], learnable=())
    actions, _ = module(torch.tensor([[0.5, 0.25, 0.75, 9.0]]), module.initial_state(1))
    np.testing.assert_allclose(actions[0], [0.75, 0.75 + 1.0, 1.0 + 2 * 3.0 * 1.25], rtol=1e-9)
    assert module.actuators == ("x", "y", "z")


NUMBER = st.floats(-3, 3)


@given(a=NUMBER, b=NUMBER, c=st.floats(-2, 2), d=NUMBER, x=st.lists(st.floats(-5, 5), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_curves_in_torch_are_those_of_the_adapters(a, b, c, d, x):
    gains = [Polynomial(a, b, c, d), Sigmoid(a, b, c, d), Bell(a, b, abs(c), d), LengthTension(a, 0.5 + abs(c))]
    gains += [Sigmoid(a, b, c, d, limits=(-1.0, 2.0), limit_outputs=(d, a))]
    for gain in gains:
        np.testing.assert_allclose(curve("it", gain)(torch.tensor(x, dtype=torch.float64)), gain(x), atol=1e-9)


def test_ramps_end_at_their_ends_and_sigmoids_are_those_of_animatlab():
    x = torch.tensor([-1.0, 0.25, 3.0])
    ramp = current(JointAngle("hip", to="n", range=(0, 1), gain=4.0, offset=1.0))
    np.testing.assert_allclose(ramp(x), [1.0, 2.0, 5.0])
    falling = activation(AntagonistPair("a", "b", drives="m", range=(1.0, 0.0)))
    np.testing.assert_allclose(falling(x), [1.0, 0.75, 0.0])
    sigmoid = activation(MotorNeuron("a", drives="m", sigmoid=(0.25, 2.0)))
    np.testing.assert_allclose(sigmoid(x), 1 / (1 + np.exp(-2.0 * (x.numpy() - 0.25))))


def _with(**changes):
    given = {"network": policy_network(*NAMES), "afferents": SENSES, "efferents": MOTORS, "dt": 2.0} | changes
    return Actor(given.pop("network"), given.pop("afferents"), given.pop("efferents"), **given)


@pytest.mark.parametrize(
    ("changes", "error", "complaint"),
    [
        ({"steps": 0}, NetworkError, "steps is 0; give a whole number of 1 or more"),
        ({"latency": 2}, NetworkError, "latency is 2; give 0 or 1"),
        ({"observed": [0, 1]}, NetworkError, "observed has 2 elements; give one for each of 3 afferents"),
        ({"observed": [0, 1, -1]}, NetworkError, "element of observed is -1"),
        ({"efferents": ()}, AttachError, "an actor without efferents has no actions"),
        ({"efferents": SENSES}, AttachError, "is no efferent"),
        ({"afferents": ["hip"]}, AttachError, "'hip' is no afferent"),
        ({"afferents": [Command("hip", to="angel", range=(0, 1))]}, UnknownNameError, "'angel'.*did you mean 'angle'"),
        ({"afferents": [Command("hip", to="angle", range=(0, 1), delay=3.0)]}, AttachError, "delay is 3.0; .* synapse"),
        ({"afferents": [JointAngle("hip", to="angle", range=(0, 1), noise=0.1)]}, AttachError, "noise is 0.1"),
        ({"afferents": [JointAngle("hip", to="angle", curve=Equation("x"))]}, AttachError, "curve is a Equation"),
        ({"efferents": [MotorNeuron("flexr", drives="hip")]}, UnknownNameError, "'flexr'.*did you mean 'flexor'"),
        ({"efferents": [MotorNeuron("flexor", drives="hip", delay=1.0)]}, AttachError, "delay is 1.0"),
        ({"efferents": [MotorPool("inner", drives="hip")]}, AttachError, "its output depends on its past"),
        ({"efferents": [MotorNeuron(n, drives="hip") for n in NAMES[1]]}, AttachError, "give both combine='sum'"),
        ({"learnable": "g_ion"}, NetworkError, "nothing in network 'policy' has a 'g_ion'"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_actor_is_refused(changes, error, complaint):
    with pytest.raises(error, match=complaint):
        _with(**changes)


def test_the_potential_of_a_spiking_neuron_is_no_output():
    spiking = policy_network(*NAMES, spiking=True)
    with pytest.raises(AttachError, match="spikes, so its potential says little"):
        _with(network=spiking, efferents=[MotorNeuron("inner[0]", drives="hip")])


def test_observations_that_are_too_short_are_refused():
    module = actor()
    with pytest.raises(NetworkError, match="observations have 2 elements; an afferent takes element 2"):
        module(torch.zeros(1, 2), module.initial_state(1))


@pytest.mark.parametrize("numbers", [{"hidden": 0}, {"motors": []}])
def test_a_policy_network_of_nothing_is_refused(numbers):
    with pytest.raises(NetworkError):
        policy_network(["a"], numbers.pop("motors", ["b"]), **numbers)
