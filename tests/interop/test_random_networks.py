"""Random networks of everything that SNS-Toolbox can compile, built with it and with its stand-in."""

import warnings

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sns_mujoco.interop import from_sns_toolbox

SHOWN = (
    "V", "V_last", "theta", "theta_last", "spikes", "g_spike", "outputs", "time_factor_membrane", "g_max_non", "del_e",
    "e_lo", "e_hi", "g_max_spike", "g_increment", "tau_syn", "time_factor_synapse", "g_electrical", "g_rectified",
    "input_connectivity", "output_voltage_connectivity", "output_spike_connectivity", "V_reset", "theta_0",
)  # fmt: skip
SEEDS = st.integers(0, 2**32 - 1)


def neuron(t, rng, gates):
    common = {
        "membrane_capacitance": rng.uniform(2, 8), "membrane_conductance": rng.choice([1.0, 0.7, 2.0]),
        "resting_potential": rng.choice([0.0, -60.0]), "bias": rng.uniform(0, 8), "color": rng.choice(["red", "blue"]),
    }  # fmt: skip
    rest = common["resting_potential"]
    kind = rng.integers(5 if gates else 3)
    if kind == 0:
        return t.NonSpikingNeuron(**common)
    if kind < 3:
        given = {"threshold_initial_value": rest + 1.0, "threshold_proportionality_constant": rng.uniform(-0.5, 1)}
        if kind == 2:
            given |= {"threshold_increment": 0.2, "threshold_floor": rest, "reset_potential": rest - 1.0}
        return t.SpikingNeuron(**given, **common)
    if kind == 3:
        return t.NonSpikingNeuronWithPersistentSodiumChannel(
            e_ion=[rest + 110], e_m=[rest + 20], e_h=[rest], tau_max_h=[rng.uniform(50, 300)], **common
        )
    channels = {"g_ion": rng.uniform(0, 1, gates), "e_ion": rest + rng.uniform(-20, 50, gates)}
    for z in "abc":
        channels |= {f"pow_{z}": rng.integers(0, 4, gates), f"k_{z}": rng.uniform(0.5, 1, gates)}
        channels |= {f"slope_{z}": rng.uniform(-0.1, 0.1, gates), f"e_{z}": rest + rng.uniform(-5, 20, gates)}
    channels |= {"tau_max_b": rng.uniform(5, 50, gates), "tau_max_c": rng.uniform(5, 50, gates)}
    return t.NonSpikingNeuronWithGatedChannels(**{name: list(value) for name, value in channels.items()}, **common)


def connection(t, rng, kinds, sizes, source, destination, matrices):
    rest = kinds[source].params["resting_potential"]
    reversal = kinds[destination].params["resting_potential"] + rng.choice([-40.0, 0.0, 60.0])
    kind = rng.integers(5 if matrices else 4)
    if kind == 0:
        return t.NonSpikingSynapse(rng.uniform(0, 1), reversal, rest, rest + 20)
    if kind == 1:
        delay = int(source + destination) % 4  # parallel ones of different delays are too much for SNS-Toolbox
        return t.SpikingSynapse(rng.uniform(0.1, 1), reversal, rng.uniform(1, 3), delay, rng.choice([None, 0.05]))
    if kind < 4:
        return t.ElectricalSynapse(rng.uniform(0, 0.3), rect=bool(kind == 3))
    conductances = rng.uniform(0, 0.3, (sizes[destination], sizes[source])) * rng.integers(0, 2, (1, sizes[source]))
    full = np.full_like(conductances, reversal)
    return t.NonSpikingMatrixConnection(conductances, full, np.full_like(full, rest), np.full_like(full, rest + 10))


def build(t, seed, *, gates=2, matrices=True):
    rng = np.random.default_rng(seed)
    net = t.Network("random")
    kinds, sizes = [], []
    for p in range(rng.integers(2, 6)):
        kinds.append(neuron(t, rng, rng.choice([1, gates]) if gates else 0))
        shape = [int(n) for n in rng.integers(1, 3, rng.integers(1, 3))]
        sizes.append(int(np.prod(shape)))
        start = rng.choice([None, kinds[-1].params["resting_potential"] + 3.0])
        net.add_population(kinds[-1], shape, name=rng.choice(["A", "B", f"C{p}"]), initial_value=start)
    for _ in range(rng.integers(2, 9)):
        source, destination = (int(p) for p in rng.integers(len(kinds), size=2))
        synapse = connection(t, rng, kinds, sizes, source, destination, matrices)
        net.add_connection(synapse, source, destination, name=rng.choice([None, "named"]))
    for p, size in enumerate(sizes):
        net.add_input(p, size=int(rng.choice([1, size])))
        net.add_output(p)
        if net.params["spiking"]:
            net.add_output(p, spiking=True)
    return net, rng.uniform(0, 15, (60, net.get_num_inputs_actual()))


def run(model, inputs, reset=True):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "overflow encountered", RuntimeWarning)  # SNS-Toolbox, without spikes
        rows = []
        for step, x in enumerate(inputs):
            if step == 40 and reset:
                model.reset()
            y = model(x)
            rows.append(np.copy(y.numpy() if hasattr(y, "numpy") else y))
        return np.array(rows)


def quiet(compile_it):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparse|sparse", UserWarning)
        return compile_it()


@given(seed=SEEDS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_number_of_a_model_is_the_same(ours, theirs, seed):
    (mine, inputs), (original, _) = build(ours, seed), build(theirs, seed)
    mine, original = mine.compile(dt=0.1), original.compile(dt=0.1)
    np.testing.assert_allclose(run(mine, inputs), run(original, inputs), rtol=0, atol=1e-9)
    for name in SHOWN:
        assert hasattr(mine, name) == hasattr(original, name), name
        if hasattr(original, name):
            np.testing.assert_allclose(
                getattr(mine, name), getattr(original, name), rtol=1e-12, atol=1e-9, err_msg=name
            )


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_network_that_was_read_computes_the_numbers_of_the_original(theirs, seed):
    original, inputs = build(theirs, seed)
    read = from_sns_toolbox(original, report=[])
    model = read.compile(dt=0.1, semantics="sns-toolbox")
    np.testing.assert_allclose(run(model, inputs), run(original.compile(dt=0.1), inputs), rtol=0, atol=1e-9)


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_iterative_adds_parallel_synapses_up(ours, theirs, capsys, seed):
    (mine, inputs), (original, _) = build(ours, seed), build(theirs, seed)
    mine, original = mine.compile(dt=0.1, backend="iterative"), original.compile(dt=0.1, backend="iterative")
    np.testing.assert_allclose(run(mine, inputs), run(original, inputs), rtol=0, atol=1e-9)
    capsys.readouterr()


@given(seed=SEEDS, backend=st.sampled_from(["torch", "sparse"]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tensors_are_those_of_the_original(ours, theirs, double, seed, backend):
    """In float64; with lists for ion channels, SNS-Toolbox's own backends of tensors fail."""
    nets = [build(t, seed, gates=0)[0] for t in (ours, theirs)]
    inputs = double.as_tensor(build(ours, seed, gates=0)[1])
    mine, original = (quiet(lambda net=net: net.compile(dt=0.1, backend=backend)) for net in nets)
    got, wanted = run(mine, inputs), quiet(lambda: run(original, inputs))
    np.testing.assert_allclose(got, wanted, rtol=0, atol=1e-9)
    assert (
        type(mine.outputs) is type(original.outputs) and mine.outputs.dtype == original.outputs.dtype == double.float64
    )
    for name in ("V", "g_max_non"):
        a, b = (getattr(model, name).to_dense().numpy() for model in (mine, original))
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-9)
