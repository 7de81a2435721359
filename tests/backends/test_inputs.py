"""What a compiled model is given: inputs and states of any layout, and what it refuses."""

import numpy as np
import pytest

import sns_mujoco.network as sns
from sns_mujoco.errors import NetworkError

BACKENDS = pytest.mark.parametrize("backend", ["numpy", "numba"])


def two_inputs(backend="numba"):
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(), 2, "a")
    net.add_input("a", name="left")
    net.add_input("a", name="right")
    net.add_output("a")
    return net.compile(0.1, backend)


@BACKENDS
def test_no_input_is_zero_input(backend):
    one, other = two_inputs(backend), two_inputs(backend)
    np.testing.assert_array_equal(one(), other([0.0, 0.0]))
    np.testing.assert_array_equal(one.forward([1, 2]), other(np.array([1.0, 2.0])))
    np.testing.assert_array_equal(one.run(3), other.run(np.zeros((3, 2))))


@BACKENDS
@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([1.0], r"x has shape \(1,\); give \(2,\): the inputs are left, right"),
        (1.0, r"x has shape \(\)"),
        ([[1.0, 2.0]], r"x has shape \(1, 2\)"),
        ([1.0, np.nan], "x is not finite at input 'right'"),
        ([np.inf, 0.0], "x is not finite at input 'left'"),
        ([None, 0.0], "x is not finite at input 'left'"),
        (["a", "b"], r"x is \['a', 'b'\]; give numbers"),
        ([[1.0], 2.0], "give numbers"),
    ],
)
def test_a_wrong_input_is_refused_and_changes_nothing(backend, x, message):
    model = two_inputs(backend)
    before = model.state
    with pytest.raises(NetworkError, match=message):
        model(x)
    np.testing.assert_array_equal(model.state, before)


@BACKENDS
@pytest.mark.parametrize("x", [np.zeros((3, 1)), np.zeros(2), [[1.0, np.nan]], -1, True, "x"])
def test_wrong_inputs_of_many_steps_are_refused(backend, x):
    with pytest.raises(NetworkError, match="x has shape|x is not finite|number of steps|give numbers"):
        two_inputs(backend).run(x)


def test_a_network_without_inputs_says_so():
    net = sns.Network()
    net.add_neuron(sns.NonSpikingNeuron())
    with pytest.raises(NetworkError, match="the network has no inputs"):
        net.compile(0.1)([1.0])


@BACKENDS
def test_inputs_of_any_layout_are_the_same(backend):
    x = np.arange(40.0).reshape(10, 4)
    frozen = x[:, ::2].copy()
    frozen.setflags(write=False)
    expected = two_inputs(backend).run(x[:, ::2].copy())
    np.testing.assert_array_equal(two_inputs(backend).run(x[:, ::2]), expected)
    np.testing.assert_array_equal(two_inputs(backend).run(frozen), expected)
    for kind in (x[:, ::2], frozen, frozen.astype(np.float32), frozen.tolist()):
        model = two_inputs(backend)
        np.testing.assert_array_equal([model(row) for row in kind], expected)


@BACKENDS
def test_state_is_a_copy_and_outputs_are_too(backend):
    model = two_inputs(backend)
    y = model([1.0, 1.0])
    kept, state = y.copy(), model.state
    state[:] = 99.0
    model.potentials[:] = 99.0
    model([5.0, 5.0])
    np.testing.assert_array_equal(y, kept)
    assert (model.potentials < 1.0).all()


@BACKENDS
def test_a_state_of_another_size_is_refused(backend):
    model = two_inputs(backend)
    with pytest.raises(NetworkError, match=r"the state has shape \(1,\); this network's has \(4,\)"):
        model.state = [0.0]
