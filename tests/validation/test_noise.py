"""Noise: its statistics against theory, and that seed, step and stream alone determine it."""

import numpy as np
import pytest
from scipy import stats

from sns_mujoco.backends.numba_batch import NumbaBatch
from sns_mujoco.errors import NetworkError
from sns_mujoco.network import (
    CurrentSynapse,
    LIFNeuron,
    Network,
    NonSpikingNeuron,
    OrnsteinUhlenbeckNoise,
    PoissonNeuron,
)

COUNT = 150


def noisy(kind, count=COUNT):
    net = Network("noisy")
    net.add_population(NonSpikingNeuron(), count, "neurons")
    net.add_noise("neurons", kind, "noise")
    net.add_output("noise", kind="noise")
    return net


def poisson(neuron, count=COUNT, current=None):
    net = Network("poisson")
    net.add_population(neuron, count, "neurons")
    net.add_output("neurons", spiking=True)
    if current is not None:
        net.add_input("neurons")
    return net


def seeded(net, seed, dt, backend="numba"):
    model = net.compile(dt=dt, backend=backend)
    model.state = model.layout.initial(model.program, seed)
    return model


@pytest.mark.parametrize(("seed", "dt", "tau"), [(1, 0.5, 5.0), (2, 10.0, 5.0), (3, 0.1, 2.0)])
def test_ornstein_uhlenbeck_statistics_are_exact_at_any_step(seed, dt, tau):
    mean, sigma = 1.5, 0.8
    apart = int(np.ceil(8 * tau / dt))  # steps after which what is left of the past does not show
    x = seeded(noisy(OrnsteinUhlenbeckNoise(sigma, tau, mean)), seed, dt).run(41 * apart)
    sample = x[apart::apart].ravel()
    assert abs(sample.mean() - mean) < 4 * sigma / np.sqrt(sample.size)
    assert stats.chi2.sf(sample.size * sample.var() / sigma**2, sample.size) == pytest.approx(0.5, abs=0.4999)
    assert stats.kstest(sample, "norm", (mean, sigma)).pvalue > 1e-3
    for lag in (1, 2, 5):
        later = x[apart + lag :: apart].ravel()
        rho = np.exp(-lag * dt / tau)
        z = np.arctanh(np.corrcoef(sample[: later.size], later)[0, 1]) - np.arctanh(rho)
        assert abs(z) < 4 / np.sqrt(later.size)


def test_sources_are_independent_and_begin_where_they_should():
    kind = OrnsteinUhlenbeckNoise(1.0, 0.0, [0.0, 5.0, -1.0], initial=[2.0, 3.0, 4.0])
    model = noisy(kind, 3).compile(dt=1.0)
    np.testing.assert_array_equal(model.state[model.layout.noise], [2.0, 3.0, 4.0])
    x = model.run(4000)
    correlation = np.corrcoef(x.T)[np.triu_indices(3, 1)]
    assert np.abs(np.arctanh(correlation)).max() < 4 / np.sqrt(4000)
    np.testing.assert_allclose(x.mean(axis=0), [0.0, 5.0, -1.0], atol=4 / np.sqrt(4000))
    successive = np.corrcoef(x[:-1, 0], x[1:, 0])[0, 1]  # without a time constant it is white
    assert abs(np.arctanh(successive)) < 4 / np.sqrt(4000)


def test_the_current_reaches_the_membrane(backend):
    """V of a perfect integrator is the sum of the currents before each step."""
    net = Network("integrator")
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=2.0, membrane_conductance=0.0), "neuron")
    net.add_noise("neuron", OrnsteinUhlenbeckNoise(1.0, 3.0, 0.5), "noise")
    net.add_output("neuron")
    net.add_output("noise", kind="noise")
    y = net.compile(dt=0.4, backend=backend).run(200)
    flowed = np.append(0.5, y[:-1, 1])
    np.testing.assert_allclose(y[:, 0], np.cumsum(flowed) * 0.4 / 2.0, atol=1e-12)


@pytest.mark.parametrize(("seed", "rate", "dt"), [(4, 40.0, 1.0), (5, 200.0, 0.1)])
def test_poisson_rate_and_fano_factor(seed, rate, dt):
    steps, window = 4000, 100
    z = seeded(poisson(PoissonNeuron(rate=rate)), seed, dt).run(steps)
    p = -np.expm1(-rate * dt / 1000.0)
    n = z.size
    assert abs(z.sum() - n * p) < 4 * np.sqrt(n * p * (1 - p))
    counts = z.reshape(-1, window, COUNT).sum(axis=1).ravel()
    fano = counts.var(ddof=1) / counts.mean()
    assert abs(fano - (1 - p)) < 4 * np.sqrt(2 / counts.size) * (1 - p)  # 1 in the limit of short steps
    intervals = np.concatenate([np.diff(np.flatnonzero(column)) for column in z.T])
    assert intervals.mean() == pytest.approx(1 / p, rel=0.05)
    assert intervals.std() / intervals.mean() == pytest.approx(np.sqrt(1 - p), rel=0.05)
    pairs = np.corrcoef(z[:, :30].T)[np.triu_indices(30, 1)]
    assert np.abs(pairs).max() < 5 / np.sqrt(steps)


def test_poisson_rate_follows_the_current_and_the_refractory_period():
    neuron = PoissonNeuron(rate=20.0, gain=30.0)
    net = poisson(neuron, current=True)
    for current, rate in ((2.0, 80.0), (-5.0, 0.0)):
        z = net.compile(dt=1.0).run(np.full((2000, 1), current))
        p = -np.expm1(-rate / 1000.0)
        assert abs(z.sum() - z.size * p) <= 4 * np.sqrt(z.size * p)
    z = poisson(PoissonNeuron(rate=500.0, refractory_period=4.0)).compile(dt=1.0).run(2000)
    gaps = np.concatenate([np.diff(np.flatnonzero(column)) for column in z.T])
    p = -np.expm1(-0.5)
    assert gaps.min() == 5
    assert gaps.mean() == pytest.approx(4 + 1 / p, rel=0.02)


def everything_random():
    """Poisson neurons drive spiking ones, which are noisy."""
    net = Network("random")
    net.add_population(PoissonNeuron(rate=80.0), 6, "inputs")
    net.add_population(LIFNeuron(), 4, "neurons")
    net.add_connection(CurrentSynapse(0.7, 5.0, delay=2.0), "inputs", "neurons")
    net.add_noise("neurons", OrnsteinUhlenbeckNoise(0.5), "noise")
    net.add_output("inputs", spiking=True)
    net.add_output("neurons", "neurons")
    net.add_output("noise", "noise", kind="noise")
    return net


def test_a_seed_determines_everything(backend):
    first, again, other = (seeded(everything_random(), seed, 0.5, backend).run(300) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert (first[:, :6] != other[:, :6]).any(axis=0).all() and (first[:, 10:] != other[:, 10:]).all()


def test_both_backends_draw_the_same_numbers():
    ours, reference = (seeded(everything_random(), 9, 0.5, backend).run(300) for backend in ("numba", "numpy"))
    np.testing.assert_array_equal(ours[:, :6], reference[:, :6])
    np.testing.assert_allclose(ours, reference, atol=1e-12)


def test_a_state_from_the_middle_goes_on_with_the_same_numbers(backend):
    model = seeded(everything_random(), 10, 0.5, backend)
    model.run(100)
    middle = model.state
    rest = model.run(100)
    fresh = everything_random().compile(dt=0.5, backend=backend)
    fresh.state = middle
    np.testing.assert_array_equal(fresh.run(100), rest)


def test_a_reset_begins_again(backend):
    model = everything_random().compile(dt=0.5, backend=backend)
    first = model.run(100)
    model.reset()
    np.testing.assert_array_equal(model.run(100), first)


@pytest.mark.parametrize("threads", [1, 2])
def test_states_side_by_side_have_the_noise_of_their_seeds(threads):
    program = everything_random().to_program(dt=0.5)
    batch = NumbaBatch(program, 130, threads)
    batch.reset(np.arange(130) % 100)
    y = batch.run(np.zeros((60, 130, 0)))
    for seed in (0, 1, 77):
        np.testing.assert_array_equal(y[:, seed], seeded(everything_random(), seed, 0.5).run(60))
    np.testing.assert_array_equal(y[:, 5], y[:, 105])
    assert (y[:, 5] != y[:, 6]).any()


def test_noise_without_a_population_is_refused():
    net = noisy(OrnsteinUhlenbeckNoise(), 3)
    with pytest.raises(NetworkError, match="sigma has 2 values for 3 neurons"):
        net.add_noise("neurons", OrnsteinUhlenbeckNoise([1.0, 2.0]))
