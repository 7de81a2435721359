"""Half-centre oscillators have the period wanted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.subnetworks import AdaptiveHalfCentreNetwork, HalfCentreNetwork, onsets, phase_lag
from sns_mujoco.network.subnetworks.rhythm import solve


def halves(network, dt, duration, current=0.0):
    """Potential of A less that of B, and that of A."""
    for side in "AB":
        network.add_output(f"{network.name}{side}")
        network.add_input(f"{network.name}{side}")
    y = network.compile(dt).run(np.full((int(duration / dt), 2), float(current)))
    return y[:, 0] - y[:, 1], y[:, 0]


@pytest.mark.parametrize(("R", "rest"), [(20.0, 0.0), (5.0, -60.0)])
@pytest.mark.parametrize("period", [20.0, 400.0, 1000.0, 8000.0])
def test_period(R, rest, period):
    network = HalfCentreNetwork(period, R=R, resting_potential=rest)
    capacitance = float(network.populations[0].neuron.membrane_capacitance)
    assert capacitance <= 5.0
    for step, tolerance in ((0.1, 0.003), (0.2, 0.005)):
        a_less_b, a = halves(HalfCentreNetwork(period, R=R, resting_potential=rest), step * capacitance, 5 * period)
        starts, ends = onsets(a_less_b, step * capacitance), onsets(-a_less_b, step * capacitance)
        np.testing.assert_allclose(np.diff(starts)[1:], period, rtol=tolerance)
        assert starts[0] < 0.1 * period
        assert (ends[-1] - starts[-1]) / period % 1 == pytest.approx(0.5, abs=0.004)  # both equally long
    assert a.max() - rest > R and a.min() - rest < 0.1 * R  # it swings over the range


@pytest.mark.parametrize("delta", [0.012, 0.2, 4.0])
def test_period_at_other_deltas(delta):
    a_less_b, _ = halves(HalfCentreNetwork(900.0, delta=delta), 0.5, 4000)
    np.testing.assert_allclose(np.diff(onsets(a_less_b, 0.5))[1:], 900.0, rtol=0.01)


def test_all_scales_with_the_range():
    small, _ = halves(HalfCentreNetwork(500.0, R=4.0, resting_potential=-70.0), 0.25, 2000)
    large, _ = halves(HalfCentreNetwork(500.0, R=20.0), 0.25, 2000)
    np.testing.assert_allclose(5 * small, large, atol=1e-6)


def test_the_toolboxs_tutorial():
    """delta 0.1 mV and tau_h 300 ms have a period of 1092 ms at steps of 1 ms there."""
    network = HalfCentreNetwork(1092.0, delta=0.1)
    assert float(network.populations[0].neuron.tau_max_h) == pytest.approx(300.0, rel=0.01)
    assert float(network.connections[0].kind.max_conductance) == pytest.approx(0.171534, abs=1e-6)
    assert float(network.populations[0].neuron.g_ion) == pytest.approx(1.0485070729908987)


def test_a_drive_shortens_the_period():
    driven, _ = halves(HalfCentreNetwork(1000.0), 0.5, 5000, current=1.0)
    assert np.diff(onsets(driven, 0.5))[-1] == pytest.approx(900.0, rel=0.03)


@settings(max_examples=10, deadline=None)
@given(st.floats(5.0, 20_000.0), st.floats(0.01, 0.19))
def test_any_period(period, share):
    network = HalfCentreNetwork(period, R=10.0, delta=10.0 * share, resting_potential=-50.0)
    dt = 0.1 * float(network.populations[0].neuron.membrane_capacitance)
    a_less_b, _ = halves(network, dt, 3.2 * period)
    assert np.diff(onsets(a_less_b, dt))[-1] == pytest.approx(period, rel=0.004)


@pytest.mark.parametrize(("R", "rest"), [(20.0, 0.0), (5.0, -60.0)])
@pytest.mark.parametrize(("period", "phase"), [(50.0, 0.0), (1000.0, 0.25), (9000.0, 0.7)])
def test_adaptive_period_and_phase(R, rest, period, phase):
    network = AdaptiveHalfCentreNetwork(period, R=R, phase=phase, resting_potential=rest)
    for dt, tolerance in ((period / 500, 0.002), (period / 100, 0.01)):
        network = AdaptiveHalfCentreNetwork(period, R=R, phase=phase, resting_potential=rest)
        a_less_b, a = halves(network, dt, 5.3 * period)
        starts = onsets(a_less_b, dt)
        np.testing.assert_allclose(np.diff(starts), period, rtol=tolerance)  # from the first cycle on
        assert starts[0] / period == pytest.approx(1 - phase, abs=0.01)
        assert a.max() - rest == pytest.approx(0.9 * R, rel=0.06)


def test_a_drive_scales_the_adaptive_one_and_leaves_its_period():
    plain, a = halves(AdaptiveHalfCentreNetwork(400.0), 0.2, 3000)
    bias = float(AdaptiveHalfCentreNetwork(400.0).populations[0].neuron.bias)
    driven, b = halves(AdaptiveHalfCentreNetwork(400.0), 0.2, 3000, current=-0.5 * bias)
    assert np.diff(onsets(driven, 0.2))[-1] == pytest.approx(np.diff(onsets(plain, 0.2))[-1], rel=1e-4)
    assert b[-4000:].max() == pytest.approx(0.5 * a[-4000:].max(), rel=1e-3)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: HalfCentreNetwork(100.0, membrane_capacitance=5.0), "187.8 ms, or more, or less membrane_capacitance"),
        (lambda: HalfCentreNetwork(0.0), "period is 0"),
        (lambda: HalfCentreNetwork(np.nan), "period is nan"),
        (lambda: HalfCentreNetwork(500.0, delta=0.0), "delta is 0"),
        (lambda: HalfCentreNetwork(500.0, delta=5.0), "at most R / 5 = 4 mV"),
        (lambda: HalfCentreNetwork(500.0, R=-1.0), "R is -1"),
        (lambda: AdaptiveHalfCentreNetwork(500.0, inhibition=4.0), "between 1 \\+ 1 / slowness"),
        (lambda: AdaptiveHalfCentreNetwork(500.0, inhibition=1.0), "does not oscillate"),
        (lambda: AdaptiveHalfCentreNetwork(-500.0), "period is -500"),
        (lambda: onsets([[1.0, 2.0]], 0.1), "one row"),
        (lambda: phase_lag([1.0, 2.0], [1.0, 2.0], 0.1), "two cycles of both"),
    ],
)
def test_refusals(build, message):
    with pytest.raises(NetworkError, match=message):
        build()


def test_onsets_and_lags_of_a_sine():
    t = np.arange(0.0, 1000.0, 0.7)
    first, second = np.sin(2 * np.pi * (t + 1) / 80), np.sin(2 * np.pi * (t + 1 - 30) / 80)
    np.testing.assert_allclose(onsets(first, 0.7), 79.0 + 80.0 * np.arange(12), atol=0.01)
    assert phase_lag(first, second, 0.7) == pytest.approx(30 / 80, abs=1e-3)


@given(st.floats(0.7, 3.0), st.floats(-5.0, 5.0))
def test_solve_finds_the_place(power, target):
    found = solve(lambda x: np.sign(x) * abs(x) ** power, target, -200.0, 210.0, 1e-7)
    assert np.sign(found) * abs(found) ** power == pytest.approx(target, abs=1e-6)
