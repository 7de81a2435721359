"""The vectorised step itself: batches in numpy, random numbers with the compiled bits, nothing changed in place."""

import numpy as np
import pytest
import torch
from random_networks import random_inputs, random_network
from random_programs import FAMILIES, enrich

from sns_mujoco.backends import random
from sns_mujoco.backends.native import random as compiled
from sns_mujoco.backends.numpy_backend import NumpyModel
from sns_mujoco.backends.vectorised.arrays import arrays, parts
from sns_mujoco.backends.vectorised.operations import NumpyOperations
from sns_mujoco.backends.vectorised.step import prepared, step
from sns_mujoco.backends.vectorised.torch_operations import TorchOperations

torch.set_num_threads(1)


@pytest.mark.parametrize("seed", [0, 7, 2**53 - 1])
@pytest.mark.parametrize("clock", [0, 1, 10**12])
def test_random_numbers_have_the_compiled_bits(seed, clock):
    streams = np.concatenate([np.arange(500), 2**32 * 3 + np.arange(500)])
    xp = NumpyOperations()
    uniform = random.uniform(xp, np.array([seed]), np.array([clock]), streams)
    np.testing.assert_array_equal(uniform, [compiled.uniform(seed, clock, s) for s in streams.tolist()])
    np.testing.assert_array_equal(
        random.normal(xp, uniform), [compiled.normal(seed, clock, s) for s in streams.tolist()]
    )
    of_torch = TorchOperations(torch.float32, torch.sign, detach_reset=True)
    given = (torch.tensor([value]) for value in (seed, clock))
    there = random.uniform(of_torch, *given, torch.tensor(streams))
    np.testing.assert_array_equal(there.numpy(), uniform)
    np.testing.assert_allclose(random.normal(of_torch, there).numpy(), random.normal(xp, uniform), rtol=1e-13)


def test_uniform_numbers_stay_below_one_in_float32():
    xp = TorchOperations(torch.float32, torch.sign, detach_reset=True)
    assert xp.unit(torch.tensor([1.0 - 2.0**-54], dtype=torch.float64)) < 1.0


@pytest.fixture(scope="module")
def program():
    return enrich(random_network(3, ("channels", "junctions")).to_program(0.05), 3, FAMILIES)


def test_numpy_takes_batches(program):
    models = [NumpyModel(program) for _ in range(6)]
    xp, p = NumpyOperations(), prepared(arrays(program, models[0].layout))
    x = random_inputs(program, 6 * 20).reshape(20, 2, 3, -1)
    flat = np.array([m.layout.initial(program, seed) for seed, m in enumerate(models)]).reshape(2, 3, -1)
    state = {name: flat[..., place] for name, place in parts(models[0].layout).items()}
    for row in x:
        state, y = step(xp, p, state, row)
    for k, model in enumerate(models):
        i, j = divmod(k, 3)
        model.state = flat[i, j]
        np.testing.assert_array_equal(model.run(x[:, i, j])[-1], y[i, j])
        np.testing.assert_array_equal(model.state, np.concatenate([part[i, j] for part in state.values()]))


def test_a_step_changes_nothing_in_place(program):
    model = NumpyModel(program)
    xp, p = NumpyOperations(), prepared(arrays(program, model.layout))
    for array in (flat := model.state, x := random_inputs(program, 1)[0]):
        array.setflags(write=False)
    state = {name: flat[place] for name, place in parts(model.layout).items()}
    for _ in range(3):
        state, _ = step(xp, p, state, x)
        for part in state.values():
            part.setflags(write=False)


def test_what_a_program_lacks_is_not_computed():
    """The operations of a step of a plain network, counted; families that are absent would add to them."""

    class Counting(NumpyOperations):
        calls = 0

        def gather(self, values, index):
            Counting.calls += 1
            return super().gather(values, index)

        def add_at(self, total, index, values):
            Counting.calls += 1
            return super().add_at(total, index, values)

    import sns_mujoco.network as sns

    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(), 3, "n")
    net.add_connection(sns.NonSpikingSynapse(), "n", "n")
    net.add_output("n")
    model = NumpyModel(net.to_program(0.1))
    p = prepared(arrays(model.program, model.layout))
    state = {name: model.state[place] for name, place in parts(model.layout).items()}
    assert list(state) == ["potential", "step", "seed"]
    step(Counting(), p, state, np.empty(0))
    assert Counting.calls == 4  # both ends of the synapses, their sum, and the outputs
