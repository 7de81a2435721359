"""Chains, rings and other nets of half-centres keep the lags wanted."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.subnetworks import ChainNetwork, CoupledOscillatorsNetwork, RingNetwork, onsets, phase_lag


def rhythms(network, count, period, cycles, step=0.1):
    """A less B of every oscillator, and the step."""
    for i in range(count):
        for side in "AB":
            network.add_output(f"{network.name}{i}{side}")
    dt = step * float(network.populations[0].neuron.membrane_capacitance)
    y = network.compile(dt).run(int(cycles * period / dt))
    return [y[:, 2 * i] - y[:, 2 * i + 1] for i in range(count)], dt


def check(network, links, period, cycles=12, tolerance=0.005):
    count = 1 + max(max(link[:2]) for link in links)
    waves, dt = rhythms(network, count, period, cycles)
    for wave in waves:
        assert np.diff(onsets(wave, dt))[-1] == pytest.approx(period, rel=0.005)
    for source, target, lag in links:
        off = (phase_lag(waves[source], waves[target], dt) - lag + 0.5) % 1 - 0.5
        assert abs(off) < tolerance, (source, target, lag, off)
    return waves, dt


@pytest.mark.parametrize("period", [60.0, 1000.0, 4000.0])
def test_chain(period):
    lags = (0.25, 0.16, 0.65, 0.99, 0.05)
    check(ChainNetwork(period, lags), [(i, i + 1, lag) for i, lag in enumerate(lags)], period)


def test_chain_at_another_rest_range_and_delta():
    lags = (0.1, 0.5)
    network = ChainNetwork(700.0, lags, "spinal ", R=6.0, delta=0.6, resting_potential=-60.0, membrane_capacitance=3.0)
    assert network.population_names[:2] == ("spinal 0A", "spinal 0B")
    check(network, [(0, 1, 0.1), (1, 2, 0.5)], 700.0)


@pytest.mark.parametrize(("count", "turns"), [(2, 1), (3, 1), (4, 1), (5, 2), (6, 1), (10, 1)])
def test_ring(count, turns):
    lag = turns / count
    links = [(i, (i + 1) % count, lag) for i in range(count)]
    check(RingNetwork(1000.0, [lag] * count), links, 1000.0, cycles=40)


def test_ring_of_uneven_lags():
    lags = (0.1, 0.2, 0.3, 0.4)
    check(RingNetwork(800.0, lags), [(i, (i + 1) % 4, lag) for i, lag in enumerate(lags)], 800.0, cycles=25)


def test_lags_are_there_after_five_cycles():
    waves, dt = rhythms(ChainNetwork(1000.0, [0.25] * 3), 4, 1000.0, 5)
    for one, next_one in pairwise(waves):
        assert phase_lag(one, next_one, dt) == pytest.approx(0.25, abs=0.01)


def test_a_disturbed_chain_comes_back():
    """A pulse into one oscillator shifts it; the link brings the lag back. Without links it would stay."""
    network = ChainNetwork(1000.0, [0.25])
    network.add_input("Chain1B")
    for name in ("Chain0A", "Chain0B", "Chain1A", "Chain1B"):
        network.add_output(name)
    x = np.zeros((40_000, 1))
    x[12_000:12_400] = 10.0
    y = network.compile(0.5).run(x)
    one, two = y[:, 0] - y[:, 1], y[:, 2] - y[:, 3]
    assert abs(phase_lag(one[:13_500], two[:13_500], 0.5) - 0.25) > 0.02
    assert phase_lag(one, two, 0.5) == pytest.approx(0.25, abs=0.003)


def test_a_net_of_any_form():
    """A trot: each leg half a cycle from its neighbours, two links into the last."""
    links = [(0, 1, 0.5), (0, 2, 0.5), (1, 3, 0.5), (2, 3, 0.5)]
    check(CoupledOscillatorsNetwork(600.0, links, "leg "), links, 600.0)
    against_the_numbers = [(2, 1, 0.2), (1, 0, 0.3)]
    check(CoupledOscillatorsNetwork(600.0, against_the_numbers), against_the_numbers, 600.0)


@settings(max_examples=6, deadline=None)
@given(st.lists(st.floats(-1.0, 2.0), min_size=1, max_size=2), st.floats(300.0, 3000.0))
def test_any_lags(lags, period):
    check(ChainNetwork(period, lags), [(i, i + 1, lag) for i, lag in enumerate(lags)], period, 15, tolerance=0.01)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: RingNetwork(1000.0, [0.3, 0.3]), "around a ring the lags must add up to whole cycles"),
        (lambda: RingNetwork(1000.0, [0.0]), "oscillator 0 is linked to itself"),
        (lambda: RingNetwork(1000.0, []), "there are no links"),
        (lambda: ChainNetwork(1000.0, []), "there are no links"),
        (lambda: ChainNetwork(1000.0, [np.inf]), "lag is inf"),
        (lambda: ChainNetwork(10.0, [0.2], membrane_capacitance=5.0), "too short"),
        (lambda: CoupledOscillatorsNetwork(1000.0, [(0, 1, 0.2), (3, 2, 0.1)]), "oscillator 2 is not linked"),
        (lambda: CoupledOscillatorsNetwork(1000.0, [(0, 10**9, 0.2)]), "oscillator 1 is not linked"),
        (lambda: CoupledOscillatorsNetwork(1000.0, [(0, 1, 0.2), (0, 1, 0.2)]), "two links from 0 to 1"),
        (lambda: CoupledOscillatorsNetwork(1000.0, [(0, 1)]), "from, to, lag in cycles"),
        (lambda: CoupledOscillatorsNetwork(1000.0, [(0, -1, 0.5)]), "must be 0 or more"),
        (lambda: CoupledOscillatorsNetwork(1000.0, [(0, 1.5, 0.5)]), "1.5"),
    ],
)
def test_refusals(build, message):
    with pytest.raises(NetworkError, match=message):
        build()
