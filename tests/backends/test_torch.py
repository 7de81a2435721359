"""The torch backend as a module: explicit state, batches, its own state, devices and dtypes, and what it refuses."""

import numpy as np
import pytest
import torch
from random_networks import random_inputs, random_network

import sns_mujoco.network as sns
from sns_mujoco.backends.torch_backend import TorchModel
from sns_mujoco.errors import DivergenceError, NetworkError, UnknownNameError

torch.set_num_threads(1)

DT = 0.05
BACKENDS = pytest.mark.parametrize("backend", ["torch", "sparse"])


@pytest.fixture(scope="module")
def network():
    return random_network(7, ("channels", "events", "short_term", "stdp", "noise"))


@BACKENDS
def test_it_is_a_module_that_steps(network, backend):
    model = network.compile(DT, backend)
    assert isinstance(model, torch.nn.Module) and not list(model.parameters())
    x = random_inputs(model.program, 5)
    state = model.initial_state()
    made = []
    for row in torch.tensor(x):
        y, state = model(row, state)
        made.append(y)
    y, after = model.run(x, model.initial_state())
    torch.testing.assert_close(y, torch.stack(made), rtol=0, atol=0)
    for name, value in after.items():
        torch.testing.assert_close(value, state[name], rtol=0, atol=0)
    np.testing.assert_allclose(y.numpy(), network.compile(DT, "numpy").run(x), rtol=1e-9, atol=1e-9)


@BACKENDS
def test_each_of_a_batch_is_the_animal_alone(network, backend):
    model = network.compile(DT, backend)
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 4, (30, 2, 3, model.program.n_inputs))
    seeds = np.arange(6).reshape(2, 3)
    y, state = model.run(x, model.initial_state((2, 3), seed=seeds))
    assert y.shape == (30, 2, 3, model.program.n_outputs)
    for i in range(2):
        for j in range(3):
            alone, own = model.run(x[:, i, j], model.initial_state(seed=seeds[i, j]))
            torch.testing.assert_close(y[:, i, j], alone)
            torch.testing.assert_close(model.flat(state)[i, j], model.flat(own))
    assert not torch.allclose(y[:, 0, 0], y[:, 0, 1])


@BACKENDS
def test_an_empty_batch_and_no_steps(network, backend):
    model = network.compile(DT, backend)
    y, state = model.run(np.zeros((4, 0, model.program.n_inputs)), model.initial_state(0))
    assert y.shape == (4, 0, model.program.n_outputs) and state["potential"].shape == (0, model.program.n_neurons)
    y, _ = model.run(0, model.initial_state(2))
    assert y.shape == (0, 2, model.program.n_outputs)


def test_the_given_state_stays_as_it_is(network):
    model = network.compile(DT, "torch")
    state = model.initial_state(2)
    before = {name: value.clone() for name, value in state.items()}
    model.run(20, state)
    for name, value in state.items():
        assert torch.equal(value, before[name])


def test_without_a_state_it_remembers_its_own_like_the_other_backends(network):
    model, other = network.compile(DT, "torch"), network.compile(DT, "numpy")
    x = random_inputs(model.program, 40)
    np.testing.assert_allclose(model.run(x[:20]).numpy(), other.run(x[:20]), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(model(x[20]).numpy(), other(x[20]), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(model().numpy(), other(), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(model.state, other.state, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(model.potentials, other.potentials, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(model.thresholds, other.thresholds, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(model.spikes, other.spikes)
    saved, y = model.state, model.run(5)
    model.state = saved
    torch.testing.assert_close(model.run(5), y, rtol=0, atol=0)
    model.reset()
    np.testing.assert_array_equal(model.state, network.compile(DT, "numpy").state)


def test_its_own_state_has_no_past():
    net = random_network(1, ())
    model = net.compile(DT, "torch", learnable="bias")
    for _ in range(2):  # a second time would fail if the graph of the first were still needed
        model.run(3).sum().backward()


def test_truncated_backpropagation_ends_where_a_state_is_detached():
    net = random_network(1, ())
    model = net.compile(DT, "torch")
    start = model.initial_state()
    start["potential"] = start["potential"].clone().requires_grad_()
    _, state = model.run(4, start)
    y, _ = model.run(4, model.detach(state))
    assert not y.requires_grad
    y, _ = model.run(4, state)
    assert y.requires_grad


def test_a_flat_state_goes_there_and_back(network):
    model = network.compile(DT, "torch", dtype=torch.float32)
    state = model.initial_state(3, seed=[1, 2, 2**53 - 1])
    vector = model.flat(state)
    assert vector.dtype == torch.float64 and vector.shape == (3, model.layout.size)
    assert vector[2, model.layout.seed] == 2**53 - 1
    for name, value in model.from_flat(vector.numpy()).items():
        assert torch.equal(value, state[name]) and value.dtype == state[name].dtype


def test_steps_are_counted_exactly_in_float32():
    net = random_network(2, ("noise",))
    model = net.compile(DT, "torch", dtype=torch.float32)
    far = model.flat(model.initial_state())
    far[model.layout.step] = 2.0**24 + 1
    _, state = model.run(2, model.from_flat(far))
    assert state["step"].item() == 2**24 + 3


def test_dtype_follows_to(network):
    model = network.compile(DT, "torch")
    model.run(3)
    model.to(torch.float32)
    assert model.dtype == torch.float32 and model(None).dtype == torch.float32
    with pytest.raises(NetworkError, match=r"dtype is torch.float16; give torch.float64 or torch.float32"):
        model.half()


@BACKENDS
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA here")
def test_on_a_gpu(network, backend):
    model, there = network.compile(DT, backend), network.compile(DT, backend, "cuda")
    x = random_inputs(model.program, 30)
    y, state = there.run(np.repeat(x[:, None], 8, 1), there.initial_state(8))
    assert y.is_cuda and all(value.is_cuda for value in state.values())
    np.testing.assert_allclose(y[:, 3].cpu().numpy(), model.run(x).numpy(), rtol=1e-7, atol=1e-7)
    moved = model.to("cuda")
    assert moved.device.type == "cuda" and moved(x[0]).is_cuda


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"device": "nowhere"}, "device is 'nowhere'; give 'cpu', 'cuda'"),
        ({"device": 1.5}, "device is 1.5; give"),
        ({"device": "meta"}, "device 'meta' cannot be used here .*; take device='cpu'"),
        ({"dtype": torch.float16}, "dtype is torch.float16; give torch.float64 or torch.float32"),
        ({"dtype": "float32"}, "dtype is 'float32'"),
        ({"surrogate": 3}, "a surrogate is 3; give one of the names"),
    ],
)
def test_what_cannot_be_used_is_refused(network, options, complaint):
    with pytest.raises(NetworkError, match=complaint):
        network.compile(DT, "torch", **options)


@pytest.mark.skipif(torch.cuda.is_available(), reason="CUDA is here")
def test_a_device_that_is_not_there_is_refused(network):
    with pytest.raises(NetworkError, match="device 'cuda' cannot be used here .*; take device='cpu'"):
        network.compile(DT, "torch", "cuda")


def test_an_unknown_surrogate_is_refused(network):
    with pytest.raises(UnknownNameError, match="no surrogate named 'superspik'.*did you mean 'superspike'"):
        network.compile(DT, "torch", surrogate="superspik")


def test_inputs_and_states_of_another_shape_are_refused(network):
    model = network.compile(DT, "torch")
    inputs = model.program.n_inputs
    with pytest.raises(NetworkError, match=rf"x has shape \(2,\); give \[{inputs}\]: the inputs are each"):
        model([0.0, 1.0])
    with pytest.raises(NetworkError, match=rf"x has shape \(4, {inputs}\); give \[steps, 3, {inputs}\]"):
        model.run(np.zeros((4, inputs)), model.initial_state(3))
    with pytest.raises(NetworkError, match="x is 'a'; give numbers"):
        model("a")
    with pytest.raises(NetworkError, match="x is -1; give a number of steps of 0 or more"):
        model.run(-1)
    with pytest.raises(NetworkError, match=rf"the state has shape \(3,\); give \[\*batch, {model.layout.size}\]"):
        model.from_flat(np.zeros(3))
    with pytest.raises(NetworkError, match=rf"the state has shape \(3,\); this network's has \({model.layout.size},\)"):
        model.state = np.zeros(3)
    with pytest.raises(NetworkError, match="batch_shape is 2.5; give a whole number"):
        model.initial_state(2.5)
    with pytest.raises(NetworkError, match="seed is -1; give one whole number of 0 or more"):
        model.initial_state(seed=-1)
    with pytest.raises(NetworkError, match=r"seed is \[1, 2\]; give .*one for each of \(3,\)"):
        model.initial_state(3, seed=[1, 2])


def test_a_lost_potential_of_its_own_is_named():
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(), 2, "n")
    net.add_input("n", size=2)
    net.add_output("n")
    model = net.compile(0.1, "torch")
    with pytest.raises(DivergenceError, match=r"the potential of neuron 'n\[1\]' is no longer finite 0.3 ms"):
        model.run([[0, 0], [0, np.inf], [0, 0]])
    y, _ = model.run([[0.0, np.inf]], model.initial_state())  # one of a batch must not stop the others
    assert y[0, 0] == 0.0


def test_a_program_alone_makes_a_model_that_cannot_learn():
    program = random_network(0, ()).to_program(DT)
    model = TorchModel(program)
    assert model.run(3).shape == (3, program.n_outputs)
    with pytest.raises(NetworkError, match="made from a program alone"):
        model.to_network()
