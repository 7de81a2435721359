"""Norse's cells: what its equations say, and what the released package was recorded doing."""

import numpy as np
import pytest

from sns_mujoco.errors import NetworkError
from sns_mujoco.interop import norse


def lift(cell, x, backend, kind=None):
    """Output of every step for inputs [T, n], from Norse's step of 1 ms."""
    if kind:
        cell.add_output("cell", "seen", kind=kind)
    return cell.compile(dt=1.0, backend=backend).run(x)[:, -np.shape(x)[1] :]


def test_two_steps_and_a_hundred_of_a_constant_current(backend):
    v = lift(norse.LIFBoxCell(), np.ones((100, 1)), backend, "voltage")
    assert v[1, 0] == pytest.approx(0.19, abs=1e-12)
    assert v[-1, 0] == pytest.approx(1 - 0.9**100, abs=1e-12)  # never above 1: no spike


@pytest.mark.parametrize(("rate", "spikes"), [(100.0, [0, 14, 25]), (200.0, [0, 25, 50])])
def test_lifted_sums(backend, rate, spikes):
    z = lift(norse.LIFBoxCell(3, tau_mem_inv=rate), np.tile([1.0, 2.0, 3.0], (100, 1)), backend)
    assert z.sum(axis=0).tolist() == spikes
    if rate == 100.0:
        assert z.argmax(axis=0)[1:].tolist() == [6, 3]


def test_subtracting_reset_keeps_what_was_above_the_threshold(backend):
    v = lift(norse.LIFBoxCell(reset_mode="subtract"), np.full((20, 1), 4.0), backend, "voltage")[:, 0]
    w, expected = 0.0, []
    for _ in range(20):
        w += 0.1 * (4.0 - w)
        w -= w > 1.0
        expected.append(w)
    np.testing.assert_allclose(v, expected, atol=1e-12)


def test_spikes_of_half_an_input(backend):
    z = lift(norse.LIFCell(), np.full((100, 1), 0.5), backend)[:, 0]
    assert z.sum() == 19
    assert np.flatnonzero(z)[:5].tolist() == [8, 14, 19, 24, 29]


def test_a_constant_input_becomes_five_times_as_large(backend):
    v = lift(norse.LICell(), np.ones((300, 1)), backend)
    assert v[-1, 0] == pytest.approx(5.0, abs=1e-9)


def refractory_cell(x, rho_reset):
    """The equations of LIFRefracCell: spikes and potentials."""
    v = i = rho = 0.0
    rows = []
    for value in x:
        before = v
        i += value
        v += 0.1 * (-v + i)
        i -= 0.2 * i
        z = float(v > 1.0)
        v = (1 - z) * v
        held = float(rho > 0)
        v = (1 - held) * v + held * before
        z = (1 - held) * z
        rho = (1 - z) * max(rho - held, 0.0) + z * rho_reset
        rows.append((z, v))
    return np.array(rows)


@pytest.mark.parametrize("rho_reset", [5.0, 1.0, 0.0])
def test_refractory_cell(backend, rho_reset):
    x = np.random.default_rng(1).uniform(0, 1.5, 400)
    expected = refractory_cell(x, rho_reset)
    assert expected[:, 0].sum() > 30
    cell = norse.LIFRefracCell(rho_reset=rho_reset)
    cell.add_output("cell", "v")
    got = cell.compile(dt=1.0, backend=backend).run(x[:, None])
    np.testing.assert_array_equal(got[:, 0], expected[:, 0])
    np.testing.assert_allclose(got[:, 1], expected[:, 1], atol=1e-12)


def adaptive_cell(x, rate, beta):
    """The equations of LSNNCell: spikes, potentials and thresholds."""
    v, i, b = 0.0, 0.0, 1.0
    rows = []
    for value in x:
        v, i, b = v + 0.1 * (-v + i), i - 0.2 * i, b + 1e-3 * rate * (1.0 - b)
        z = float(v > b)
        v, b, i = (1 - z) * v, b + z * beta, i + value
        rows.append((z, v, b))
    return np.array(rows)


@pytest.mark.parametrize(("rate", "beta"), [(1 / 800, 1.8), (1 / 0.2, 0.4)])
def test_adaptive_cell_with_its_input_one_step_later(backend, rate, beta):
    x = np.random.default_rng(2).uniform(0, 3, 500)
    expected = adaptive_cell(x, rate, beta)
    assert expected[:, 0].sum() >= 3
    cell = norse.LSNNCell(tau_adapt_inv=rate, beta=beta)
    cell.add_output("cell", "v")
    cell.add_output("cell", "b", kind="threshold")
    got = cell.compile(dt=1.0, backend=backend).run(np.append(0.0, x[:-1])[:, None])
    np.testing.assert_array_equal(got[:, 0], expected[:, 0])
    np.testing.assert_allclose(got[:, 1:], expected[:, 1:], atol=1e-11)


def test_cells_find_room_in_another_network():
    net = norse.LIFCell(2)
    net.add_network(norse.LICell(1), prefix="readout ")
    model = net.compile(dt=1.0)
    assert model.program.input_names == ("cell[0]", "cell[1]", "readout cell")
    assert model.program.output_names == ("cell[0]", "cell[1]", "readout cell")


@pytest.mark.parametrize("name", ["LIBoxCell", "LICell", "LIFBoxCell", "LIFCell", "LIFRefracCell", "LSNNCell"])
def test_rates_must_be_positive(name):
    with pytest.raises(NetworkError, match=rf"{name}: tau_mem_inv is 0; it must be more than 0"):
        getattr(norse, name)(tau_mem_inv=0.0)


def test_recorded_box_cells(backend, recorded):
    z = recorded("norse")
    v = lift(norse.LIFBoxCell(), np.ones((100, 1)), backend, "voltage")[:, 0]
    np.testing.assert_allclose(v, z["lifbox_ones_v"], atol=1e-6)
    for rate, key in ((100.0, "lift123_z"), (200.0, "lift123_tau200_z")):
        spikes = lift(norse.LIFBoxCell(3, tau_mem_inv=rate), np.tile([1.0, 2.0, 3.0], (100, 1)), backend)
        np.testing.assert_array_equal(spikes, z[key])
    np.testing.assert_allclose(lift(norse.LIBoxCell(), z["sine"][:, None], backend)[:, 0], z["libox_v"], atol=1e-6)


def test_recorded_cells_behind_a_synaptic_current(backend, recorded):
    z = recorded("norse")
    sine = z["sine"][:, None]
    np.testing.assert_allclose(lift(norse.LICell(), sine, backend)[:, 0], z["li_default_v"], atol=1e-6)
    np.testing.assert_allclose(lift(norse.LICell(tau_syn_inv=100.0), sine, backend)[:, 0], z["li_v"], atol=1e-6)
    half = np.full((100, 1), 0.5)
    np.testing.assert_array_equal(lift(norse.LIFCell(), half, backend)[:, 0], z["lif_half_z"])
    np.testing.assert_allclose(lift(norse.LIFCell(), half, backend, "voltage")[:, 0], z["lif_half_v"], atol=2e-6)
