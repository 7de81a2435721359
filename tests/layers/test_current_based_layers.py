"""Norse's cells, with its numbers, bit for bit."""

import pytest
import torch

from sns_mujoco.errors import NetworkError, UnknownNameError
from sns_mujoco.layers import LIBoxCell, LICell, LIFBoxCell, LIFCell, Lift, unroll


def run(cell, inputs):
    """Outputs and states of all steps, one tensor for each."""
    state, rows = None, []
    with torch.no_grad():
        for x in inputs:
            output, state = cell(x, state)
            rows.append((output, *state))
    return [torch.stack(part) for part in zip(*rows, strict=True)]


def test_recorded_cells(reference):
    z = reference("golden/golden_norse.npz")
    ones, half = torch.ones(100), torch.full((100,), 0.5)
    for cell, inputs, names in (
        (LIFBoxCell(), ones, ("lifbox_ones_z", "lifbox_ones_v")),
        (LIBoxCell(), z["sine"], ("libox_v",)),
        (LICell(tau_syn_inv=100.0), z["sine"], ("li_v",)),
        (LICell(), z["sine"], ("li_default_v",)),
        (LIFCell(), half, ("lif_half_z", "lif_half_v", "lif_half_i")),
    ):
        for got, name in zip(run(cell, inputs), names, strict=False):
            assert torch.equal(got, z[name].float()), name


@pytest.mark.parametrize(("rate", "name"), [(100.0, "lift123_z"), (200.0, "lift123_tau200_z")])
def test_recorded_lift(reference, rate, name):
    z = reference("golden/golden_norse.npz")
    spikes, state = Lift(LIFBoxCell(tau_mem_inv=rate))(torch.ones(100, 3) * torch.tensor([1.0, 2.0, 3.0]))
    assert torch.equal(spikes, z[name])
    if rate == 100.0:
        assert torch.equal(state.v.detach(), z["lift123_vfinal"])


@pytest.mark.parametrize(("rate", "counts"), [(100.0, [0, 14, 25]), (200.0, [0, 25, 50])])
def test_lifted_box_cell_counts(rate, counts):
    spikes, _ = Lift(LIFBoxCell(tau_mem_inv=rate))(torch.ones(100, 3) * torch.tensor([1.0, 2.0, 3.0]))
    assert spikes.sum(0).tolist() == counts
    if rate == 100.0:
        assert spikes.argmax(0)[1:].tolist() == [6, 3]


def test_cells_are_their_equations():
    x = torch.randn(30, 4, dtype=torch.float64) * 3
    p = {"tau_syn_inv": 150.0, "tau_mem_inv": 90.0, "v_leak": 0.2}
    outputs, _ = unroll(LICell(**p, dt=2e-3, dtype=torch.float64), x)
    v, i = torch.full((4,), 0.2, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
    for row, output in zip(x, outputs, strict=True):
        j = i + row
        v, i = v + 0.002 * 90 * (0.2 - v + j), j - 0.002 * 150 * j
        torch.testing.assert_close(output.detach(), v, rtol=0, atol=1e-12)
    held = run(LICell(), torch.ones(400))[2][-1].item() / (1 - 0.2)
    assert held == pytest.approx(5.0)  # before its decay in a step: spikes add up, see the docstring


def test_default_integrate_and_fire_spikes():
    spikes, v, _ = run(LIFCell(), torch.full((100,), 0.5))
    assert spikes.sum() == 19 and spikes.nonzero().flatten()[:5].tolist() == [8, 14, 19, 24, 29]
    assert (v[spikes > 0] == 0).all()


def test_reset_by_subtraction_keeps_what_is_above_threshold():
    spikes, v = run(LIFBoxCell(tau_mem_inv=1000.0, reset="subtract"), torch.full((3,), 1.75))
    assert spikes.tolist() == [1, 1, 1] and v.tolist() == pytest.approx([0.75] * 3)


@pytest.mark.parametrize("cell", [LIFBoxCell, LIFCell])
def test_gradients_pass_the_reset_unless_it_is_detached(cell):
    module = cell(learnable=("v_th",), alpha=1.0)
    _, state = unroll(module, torch.full((40, 1), 2.0))
    state.v.sum().backward()
    assert module.params.raw("v_th").grad.item() != 0.0
    _, state = unroll(cell(learnable=("v_th",), alpha=1.0, detach_reset=True), torch.full((40, 1), 2.0))
    assert not state.v.requires_grad


def test_parameters_are_learnable_on_request_and_bounded():
    assert not list(p for p in LIFCell().parameters() if p.requires_grad)
    cell = LIFCell(learnable=("tau_mem_inv", "tau_syn_inv"), size=3, tau_mem_inv=torch.full((3,), 100.0))
    trainer = torch.optim.SGD([p for p in cell.parameters() if p.requires_grad], lr=1e7)
    for _ in range(30):
        trainer.zero_grad()
        _, state = unroll(cell, torch.rand(5, 3))
        (state.v * torch.randn(3)).sum().backward()
        trainer.step()
        assert (cell.params["tau_mem_inv"] >= 0).all() and (cell.params["tau_mem_inv"] <= 1980.001).all()
        assert 0 <= cell.params["tau_syn_inv"] <= 1000.001
    assert cell.params["v_th"] == 1.0


def test_initial_state_is_at_rest():
    assert LIFCell(v_leak=0.5).initial_state((2, 3)).v.tolist() == [[0.5] * 3] * 2
    assert LIBoxCell(v_leak=0.5).initial_state(3).v.tolist() == [0.5] * 3
    assert LICell().initial_state(2).i.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LIFCell(tau_mem_inv=2500.0), "LIFCell: tau_mem_inv is 2500; it must be at most 1980: .* smaller dt"),
        (lambda: LICell(tau_syn_inv=1500.0), "LICell: tau_syn_inv is 1500; it must be at most 1000"),
        (lambda: LIBoxCell(tau_mem_inv=-1.0), "LIBoxCell: tau_mem_inv is -1"),
        (lambda: LIFBoxCell(dt=0.0), "LIFBoxCell: dt is 0.0; give a step in s"),
        (lambda: LIFBoxCell(reset="soft"), "LIFBoxCell: reset is 'soft'; give 'value' or 'subtract'"),
        (lambda: LIFBoxCell(v_th=[1.0, 2.0]), r"v_th has shape \(2,\); give \(\)"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(NetworkError, match=message):
        make()


def test_unknown_names_are_refused():
    with pytest.raises(UnknownNameError, match="no parameter named 'v_thr' in LIFCell; did you mean 'v_th'"):
        LIFCell(learnable=("v_thr",))
    with pytest.raises(UnknownNameError, match="no surrogate named 'super'"):
        LIFCell(spike="super")
