"""One meaning: every backend computes the same steps, from any state of another, to the digits that its dtype has.

The numpy backend, whose lines are the equations, makes a trajectory. Backends of torch then take all its states at once
as a batch, each with a clock of its own, and make one step from each, which must be the next state: nothing can hide in
what went before, and a mistake is found where it is made. Compiled code and the native plugin run the whole trajectory.
"""

import mujoco
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import KINDS, random_inputs, random_network
from random_programs import FAMILIES, enrich
from replay import build, read
from single_synapses import expand
from test_cases import CASES

import sns_mujoco as sns
from sns_mujoco.adapters import Command
from sns_mujoco.backends.choose import make_model
from sns_mujoco.backends.numpy_backend import NumpyModel

DT = 0.05  # ms
STEPS = 60
SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=6, deadline=None, derandomize=True, database=None)
DEVICES = [
    "cpu",
    pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA here")),
]
EXACT = {torch.float64: 1e-10, torch.float32: 1e-4}  # of a step, relative to the largest value of its kind

BODY = """
<mujoco>
  <option timestep="{timestep}"/>
  <worldbody><body><joint name="hinge"/><geom size=".1"/></body></worldbody>
</mujoco>"""


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def trajectory(program, x, seed=3):
    """What numpy makes of an input: the states before and after every step [T + 1, size], and the outputs."""
    model = NumpyModel(program)
    model.state = model.layout.initial(program, seed)
    states, outputs = [model.state], []
    for row in x:
        outputs.append(model(row))
        states.append(model.state)
    return np.array(states), np.array(outputs)


def scale_of(layout, states):
    """The largest value of each part of the state [size], at least 1."""
    scale = np.ones(states.shape[-1])
    for name in ("potential", "threshold", "variables", "receptor", "weight"):
        part = getattr(layout, name)
        if part.stop > part.start:
            scale[part] = max(1.0, np.abs(states[:, part]).max())
    return scale


def check_single_steps(program, backend, dtype, device="cpu", steps=STEPS, x=None):
    """One step from every state of a trajectory, as a batch."""
    x = random_inputs(program, steps) if x is None else x
    states, outputs = trajectory(program, x)
    model = make_model(program, backend, device, dtype=dtype)
    y, after = model(torch.tensor(x), model.from_flat(states[:-1]))
    after, y = model.flat(after).cpu().numpy(), y.double().cpu().numpy()
    layout, exact = model.layout, EXACT[dtype]
    gap = np.abs(after - states[1:]) / scale_of(layout, states)
    decided = np.ones(len(x), bool)
    if dtype == torch.float32:
        # a potential that reaches its threshold to the last digit of float32 may be decided either way
        decided = (after[:, layout.spike] == states[1:, layout.spike]).all(1)
        assert decided.mean() > 0.9
    assert gap[decided].max(initial=0.0) <= exact, f"{backend} {dtype}"
    error = np.abs(y - outputs) / np.maximum(1.0, np.abs(outputs).max(0, initial=1.0))
    assert error[decided].max(initial=0.0) <= exact


def check_trajectory(program, backend, x=None):
    """The whole trajectory in one call, from the same state."""
    x = random_inputs(program, STEPS) if x is None else x
    states, outputs = trajectory(program, x)
    model = make_model(program, backend)
    model.state = states[0]
    y = np.asarray(model.run(x))
    np.testing.assert_allclose(y, outputs, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(model.state, states[-1], rtol=1e-8, atol=1e-8)


def check_plugin(network, program, x, semantics="textbook", integrator="euler"):
    """The trajectory as MuJoCo steps it: the bits of compiled code."""
    commands = [
        Command(f"input {k}", to=name, range=(0, 1), gain=1.0, clip=False) for k, name in enumerate(program.input_names)
    ]
    body = BODY.format(timestep=program.dt / 1000)
    spec = sns.attach(body, network, commands, dt=program.dt, semantics=semantics, integrator=integrator)
    simulation = sns.Simulation(spec.compile())
    model = make_model(program)
    own = simulation.data.plugin_state[simulation.brain.state][: model.layout.size]
    states, _ = trajectory(program, x, seed=0)
    np.testing.assert_array_equal(own, states[0])
    for row in x:
        for k, value in enumerate(row):
            simulation.commands[f"input {k}"] = value
        mujoco.mj_step(simulation.model, simulation.data)
        model(row)
    own = simulation.data.plugin_state[simulation.brain.state][: model.layout.size]
    np.testing.assert_array_equal(own, model.state)
    np.testing.assert_allclose(own, states[-1], rtol=1e-8, atol=1e-8)


def of_case(path):
    """Network, program and the first inputs of a recorded case."""
    spec, arrays = read(path)
    x = arrays["inputs"][:STEPS]
    if spec.get("oracle_basis") == "expanded":
        spec, columns = expand(spec)
        x = x[:, columns]
    network = build(spec)
    return network, network.to_program(spec["dt"], "sns-toolbox"), x


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_recorded_networks(path):
    network, program, x = of_case(path)
    check_trajectory(program, "numba", x)
    for backend in ("torch", "sparse"):
        for dtype in (torch.float64, torch.float32):
            check_single_steps(program, backend, dtype, x=x)
    check_plugin(network, program, x, "sns-toolbox")


@FEW
@given(SEEDS, st.sets(st.sampled_from(KINDS)), st.sampled_from(["euler", "exponential"]))
def test_random_networks(seed, kinds, integrator):
    network = random_network(seed, kinds)
    program = network.to_program(DT, integrator=integrator)
    for backend in ("numba", "torch", "sparse"):
        check_trajectory(program, backend)
    for backend in ("torch", "sparse"):
        check_single_steps(program, backend, torch.float64)
    check_plugin(network, program, random_inputs(program, STEPS), integrator=integrator)


@FEW
@given(SEEDS, st.sets(st.sampled_from(FAMILIES), min_size=1))
def test_random_programs(seed, families):
    """With every number of every family drawn at random, whether or not a description could say it."""
    program = enrich(random_network(seed, ("channels", "junctions")).to_program(DT), seed, families)
    check_trajectory(program, "numba")
    for backend in ("torch", "sparse"):
        check_single_steps(program, backend, torch.float64)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_by_itself(family):
    program = enrich(random_network(1, ()).to_program(DT), 5, {family})
    check_trajectory(program, "numba")
    for backend in ("torch", "sparse"):
        check_single_steps(program, backend, torch.float64)


@pytest.mark.parametrize("seed", range(6))
def test_a_jump_in_the_step_of_a_spike_stays_where_the_threshold_is_subtracted(seed):
    program = enrich(random_network(seed, ()).to_program(DT), seed, {"subtracts", "jumps"})
    check_trajectory(program, "numba")


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("backend", ["torch", "sparse"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_everything_at_once_on_a_device(backend, dtype, device):
    for program in (
        random_network(2).to_program(DT),
        enrich(random_network(2, ()).to_program(DT), 2, set(FAMILIES) - {"equations"}),
    ):
        check_single_steps(program, backend, dtype, device)


@FEW
@given(SEEDS, st.permutations(["numba", "numpy", "torch", "sparse"]))
def test_a_state_goes_from_backend_to_backend_in_the_middle_of_a_run(seed, backends):
    program = enrich(
        random_network(seed, ("channels",)).to_program(DT),
        seed,
        {"equations", "delays", "short_term", "triplet", "reward", "noise"},
    )
    x = random_inputs(program, STEPS)
    states, outputs = trajectory(program, x)
    state, made = states[0], []
    for backend, rows in zip(backends, np.array_split(x, 4), strict=True):
        model = make_model(program, backend)
        model.state = state
        made.append(np.asarray(model.run(rows)))
        state = model.state
    np.testing.assert_allclose(np.concatenate(made), outputs, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(state, states[-1], rtol=1e-8, atol=1e-8)
