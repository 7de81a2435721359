"""The cells of Norse and the demonstrations of Brian2, described with this package.

The recurrences here are written from the published equations; the recordings of the packages themselves are read where
they are present.
"""

from pathlib import Path

import numpy as np
import pytest

import sns_mujoco.network as sns

GOLDEN = Path(__file__).parents[3] / "shared" / "oracle" / "golden"
RECORDED = pytest.mark.skipif(not GOLDEN.exists(), reason="the recordings of the packages are not here")
SINE = np.sin(np.linspace(0, 10 * np.pi, 100))


def run(neuron, x, backend, dt=1.0, **options):
    """Potentials, and spikes if there are any, of a population with an input of its own for each neuron."""
    x = np.asarray(x, float).reshape(len(x), -1)
    net = sns.Network()
    net.add_population(neuron, x.shape[1], "n")
    net.add_input("n", size=x.shape[1], **options)
    net.add_output("n")
    if neuron.spikes:
        net.add_output("n", spiking=True)
    return np.split(net.compile(dt, backend).run(x), 2 if neuron.spikes else 1, axis=1)


def lif(x, tau=10.0, tau_syn=None, steps_refractory=0, subtract=False):
    """Norse's LIFBoxCell, LIFCell and LIFRefracCell at 1 ms, rest 0, threshold 1."""
    v, i, held, potentials, spikes = 0.0, 0.0, 0, [], []
    for value in x:
        if tau_syn is None:
            i = value
        else:
            i = i + value
        new = v + (i - v) / tau
        if tau_syn is not None:
            i = i - i / tau_syn
        spike = bool(held == 0 and new > 1.0)
        if held:
            held, new = held - 1, v
        if spike:
            held, new = steps_refractory, new - 1.0 if subtract else 0.0
        v = new
        potentials.append(v)
        spikes.append(spike)
    return np.array(potentials), np.array(spikes)


@pytest.mark.parametrize(
    ("neuron", "x", "options", "reference"),
    [
        (sns.LIFNeuron(), np.full(100, 2.0), {}, {}),
        (sns.LIFNeuron(5.0), np.full(100, 3.0), {}, {"tau": 5.0}),
        (sns.LIFNeuron(), np.full(100, 0.5), {"through": sns.CurrentSynapse(1.0, 5.0)}, {"tau_syn": 5.0}),
        (sns.LIFNeuron(refractory_period=5.0), np.full(100, 3.0), {}, {"steps_refractory": 5}),
        (sns.LIFNeuron(reset_mode="subtract"), np.full(100, 3.0), {}, {"subtract": True}),
    ],
    ids=["box", "faster", "current", "refractory", "subtract"],
)
def test_leaky_integrate_and_fire_cells_of_norse(neuron, x, options, reference, backend):
    v, z = run(neuron, x, backend, **options)
    expected, spikes = lif(x, **reference)
    assert spikes.sum() > 5
    np.testing.assert_array_equal(z[:, 0], spikes)
    np.testing.assert_allclose(v[:, 0], expected, rtol=0, atol=1e-12)


@RECORDED
def test_recordings_of_norse(backend):
    golden = np.load(GOLDEN / "golden_norse.npz")
    single = {"rtol": 0, "atol": 1e-6}  # it computes in float32
    v, z = run(sns.LIFNeuron(), np.ones(100), backend)
    np.testing.assert_allclose(v[:, 0], golden["lifbox_ones_v"], **single)
    np.testing.assert_array_equal(z[:, 0], golden["lifbox_ones_z"])
    _, z = run(sns.LIFNeuron(), np.ones((100, 3)) * [1, 2, 3], backend)
    np.testing.assert_array_equal(z, golden["lift123_z"])
    _, z = run(sns.LIFNeuron(5.0), np.ones((100, 3)) * [1, 2, 3], backend)
    np.testing.assert_array_equal(z, golden["lift123_tau200_z"])
    leaky = sns.NonSpikingNeuron(membrane_capacitance=10.0)
    np.testing.assert_allclose(run(leaky, golden["sine"], backend)[0][:, 0], golden["libox_v"], **single)
    for name, tau in (("li_v", 10.0), ("li_default_v", 5.0)):
        (v,) = run(leaky, golden["sine"], backend, through=sns.CurrentSynapse(1.0, tau))
        np.testing.assert_allclose(v[:, 0], golden[name], **single)
    v, z = run(sns.LIFNeuron(), np.full(100, 0.5), backend, through=sns.CurrentSynapse(1.0, 5.0))
    np.testing.assert_allclose(v[:, 0], golden["lif_half_v"], **single)
    np.testing.assert_array_equal(z[:, 0], golden["lif_half_z"])


def test_recurrent_spikes_arrive_in_the_next_step_as_in_norse(backend):
    """LIFCell with recurrent weights: i <- i + W_in x + W_rec z of the step before, then as ever."""
    rng = np.random.default_rng(3)
    w_in, w_rec = rng.uniform(0, 0.6, (4, 2)), rng.normal(0, 0.4, (4, 4))
    x = rng.uniform(0, 1, (120, 2))
    net = sns.Network()
    net.add_population(sns.LIFNeuron(), 4, "n")
    synapse = sns.CurrentSynapse(1.0, 5.0)
    net.add_input("n", size=2, weights=w_in, through=synapse)
    net.add_connection(sns.CurrentSynapse(w_rec, 5.0), "n", "n")
    net.add_output("n")
    net.add_output("n", spiking=True)
    program = net.to_program(1.0)
    assert len(program.receptors.kind) == 4  # inputs and synapses of the same time course share them
    v, i, z, expected = np.zeros(4), np.zeros(4), np.zeros(4), []
    for row in x:
        i = i + w_in @ row + w_rec @ z
        v = v + 0.1 * (i - v)
        i = i - i / 5.0
        z = (v > 1.0) * 1.0
        v = (1 - z) * v
        expected.append([*v, *z])
    assert np.sum(expected, 0)[4:].sum() > 20
    np.testing.assert_allclose(net.compile(1.0, backend).run(x), expected, rtol=0, atol=1e-12)


def test_the_adaptive_neuron_of_norse(backend):
    """LSNN: its input acts one step later than here, and its threshold jumps by beta and decays."""
    beta, tau_b, x = 1.8, 80.0, np.full(300, 0.6)
    neuron = sns.SpikingNeuron(
        membrane_capacitance=10.0, threshold_time_constant=tau_b, threshold_increment=beta, threshold_floor=-1e9
    )
    v, z = run(neuron, x, backend, through=sns.CurrentSynapse(1.0, 5.0))
    u, i, b, expected, spikes = 0.0, 0.0, 1.0, [], []
    for value in np.append(x[:1] * 0, x):
        new = u + (i - u) / 10.0
        b_new = b + (1.0 - b) / tau_b
        spike = new > b_new
        i = i - i / 5.0 + (value if expected else x[0])
        u, b = (0.0, b_new + beta) if spike else (new, b_new)
        expected.append(u)
        spikes.append(spike)
    assert 3 < sum(spikes) < 60  # without adaptation there would be over a hundred
    np.testing.assert_array_equal(z[:, 0], spikes[1:])
    np.testing.assert_allclose(v[:, 0], expected[1:], rtol=0, atol=1e-12)


def demonstration(backend, number, initial=None):
    """Demonstrations of Brian2, 0.1 ms: potentials as it records them, at the start of each step, and spikes."""
    net = sns.Network()
    if number == 1:
        net.add_neuron(sns.LIFNeuron(10.0, 0.8, bias=1.0), "n")
    elif number == 2:
        net.add_population(sns.LIFNeuron([10.0, 100.0, 100.0], bias=[2.0, 0.0, 0.0]), 3, "n")
        further = {"weight": [0.2, 0.4], "delay": [2.0, 4.0]}
        net.add_connection(sns.SparseConnection(sns.DeltaSynapse(), [0, 0], [1, 2], **further), "n", "n")
    else:
        net.add_population(sns.LIFNeuron(10.0, bias=2.0), len(initial), "n", initial_value=initial)
    net.add_output("n")
    net.add_output("n", spiking=True)
    v, z = np.split(net.compile(0.1, backend, integrator="exponential").run(500), 2, axis=1)
    start = net.to_program(0.1).initial_potential
    return np.vstack([start, v[:-1]]).T, np.nonzero(z)


def test_demonstrations_of_brian(backend):
    """Times of spikes of the first by its exact solution; those of the second as Brian2 2.9 has them."""
    _, (step, _) = demonstration(backend, 1)
    interval = int(np.floor(-np.log(0.2) * 100)) + 1  # steps until 1 - exp(-t / 10 ms) exceeds 0.8
    assert step.tolist() == [k * interval - 1 for k in (1, 2, 3)]
    _, (step, neuron) = demonstration(backend, 2)
    times = [(step[neuron == k] / 10).tolist() for k in range(3)]
    assert times == [[6.9, 13.9, 20.9, 27.9, 34.9, 41.9, 48.9], [44.0], [25.0, 46.0]]


@RECORDED
def test_recordings_of_brian(backend):
    golden = np.load(GOLDEN / "golden_brian.npz")
    for number in (1, 2):
        v, _ = demonstration(backend, number)
        np.testing.assert_allclose(v.squeeze(), golden[f"b{number}_v"], rtol=0, atol=1e-12)
    _, (step, neuron) = demonstration(backend, 3, golden["b3_v0"])
    np.testing.assert_array_equal(neuron, golden["b3_i"])
    np.testing.assert_allclose(step * 0.1, golden["b3_t"], rtol=0, atol=1e-9)


def tsodyks_markram(spikes, use, tau_f, tau_d, dt=1.0):
    """Norse's stp_step: what each spike delivers, of a weight of 1."""
    u, x, delivered = 0.0, 1.0, []
    for spike in spikes:
        u = u - dt * u / tau_f + use * (1 - u) * spike
        out = u * x * spike
        x = x + dt * (1 - x) / tau_d - out
        delivered.append(out)
    return np.array(delivered)


@pytest.mark.parametrize("delay", [0.0, 3.0])
def test_short_term_plasticity(backend, delay):
    """A train of 20 Hz and a spike after a rest, with the order of update of Norse."""
    spikes = np.zeros(1500)
    spikes[np.append(np.arange(0, 500, 50), 1200)] = 1.0
    net = sns.Network()
    net.add_neuron(sns.LIFNeuron(1.0, 0.5), "source")
    net.add_neuron(sns.NonSpikingNeuron(membrane_capacitance=1.0), "target")
    net.add_input("source")
    dynamics = sns.TsodyksMarkram(U=0.45, tau_facilitation=50.0, tau_depression=750.0)
    net.add_connection(sns.CurrentSynapse(2.0, 0.0, short_term=dynamics, delay=delay), "source", "target", "synapse")
    net.add_output("synapse", kind="current")
    received = net.compile(1.0, backend).run(spikes[:, None])[:, 0]
    expected = 2.0 * tsodyks_markram(spikes, 0.45, 50.0, 750.0)
    later = 1 + int(delay)
    np.testing.assert_allclose(received[later:], expected[:-later], rtol=0, atol=1e-14)
    np.testing.assert_allclose(expected[spikes > 0][:3], [0.9, 0.6232, 0.3490], atol=1e-4)
    if GOLDEN.exists():
        golden = np.load(GOLDEN / "golden_norse.npz")
        reference = tsodyks_markram(golden["tm_z"], 0.45, 50.0, 750.0)
        np.testing.assert_allclose(golden["tm_out"], reference, rtol=0, atol=1e-6)
