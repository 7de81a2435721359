"""backend="auto": the one measured to be the fastest, and it says so."""

import importlib.util
import subprocess
import sys

import pytest

import sns_mujoco.network as sns
from sns_mujoco.backends import choose
from sns_mujoco.backends.choose import choose_backend, make_model
from sns_mujoco.errors import MissingDependencyError, NetworkError


@pytest.fixture
def network():
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(), 30, "n")
    net.add_connection(sns.NonSpikingSynapse(), "n", "n")
    net.add_output("n")
    return net


def test_what_was_asked_for_is_taken(network):
    for backend in ("numba", "numpy", "torch", "sparse"):
        assert network.compile(0.1, backend).choice.backend == backend


def test_auto_takes_the_fastest_of_the_table_and_says_why(network, monkeypatch):
    model = network.compile(0.1, "auto")
    assert type(model).__name__ == "NumbaModel"
    assert str(model.choice).startswith("numba: 30 neurons and 900 synapses; the nearest measured on the CPU, 100")
    monkeypatch.setitem(choose.MICROSECONDS, 100, {"numba": 9.0, "numpy": 2.0})
    assert type(network.compile(0.1, "auto")).__name__ == "NumpyModel"


def test_auto_goes_by_the_number_of_synapses(network, monkeypatch):
    monkeypatch.setitem(choose.BATCHED, 10_000, {"torch": 1.0, "sparse": 2.0})
    assert choose_backend(network.to_program(0.1), options=["learnable"]).backend == "sparse"
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(), 300, "n")
    net.add_connection(sns.NonSpikingSynapse(), "n", "n")
    assert choose_backend(net.to_program(0.1), options=["learnable"]).backend == "torch"


def test_auto_takes_torch_where_only_torch_can(network):
    model = network.compile(0.1, "auto", learnable="bias")
    assert model.choice.backend in ("torch", "sparse")
    assert "'learnable' is asked for, which only torch can do" in str(model.choice)
    assert "it is to run on 'cuda'" in str(choose_backend(network.to_program(0.1), "cuda"))


def test_the_tables_have_the_same_sizes_and_backends():
    assert list(choose.MICROSECONDS) == list(choose.BATCHED)
    assert {tuple(times) for times in choose.MICROSECONDS.values()} == {("numba", "numpy", "torch", "sparse")}
    assert {tuple(times) for times in choose.BATCHED.values()} == {("torch", "sparse")}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"backend": "jax"}, "backend is 'jax'; give one of 'numba', 'numpy', 'torch', 'sparse', 'auto'"),
        ({"backend": "numba", "device": "cuda"}, "device is 'cuda'; the backend 'numba' runs on the 'cpu'"),
        ({"backend": "numpy", "dtype": None}, "'dtype' is an option of torch; take backend='torch' or 'sparse'"),
        ({"backend": "torch", "lernable": "bias"}, "there is no option 'lernable'; there are dtype, learnable"),
    ],
)
def test_what_does_not_go_together_is_refused(network, arguments, complaint):
    with pytest.raises(NetworkError, match=complaint):
        network.compile(0.1, **arguments)


def test_torch_that_is_not_installed_is_named(network, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"needs torch, which is not installed.*sns-mujoco\[torch\]"):
        make_model(network.to_program(0.1), "torch")


def test_torch_is_not_imported_until_it_is_needed():
    code = (
        "import sys, sns_mujoco.network as s; n = s.Network(); n.add_neuron(s.NonSpikingNeuron()); "
        "n.compile(0.1, 'auto'); n.compile(0.1, 'numpy'); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
