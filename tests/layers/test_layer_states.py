"""Spiking, electrical, gated and spiking-synapse layers: shapes, states, delays, refusals."""

import pytest
import torch

from sns_mujoco.errors import NetworkError
from sns_mujoco.layers import (
    ElectricalSynapseLinear,
    Gate,
    GatedChannelLayer,
    SpikingChemicalSynapseLinear,
    SpikingLayer,
    unroll,
)

DOUBLE = torch.float64


@pytest.mark.parametrize("batch", [(), (4,), (2, 3)])
def test_states_have_the_batch_of_their_inputs(batch):
    layer = SpikingLayer((2, 3), refractory_steps=1)
    spikes, state = layer(torch.rand(*batch, 2, 3))
    assert spikes.shape == state.potential.shape == state.refractory.shape == (*batch, 2, 3)
    assert all(part.shape == (*batch, 2, 3) for part in layer.initial_state(batch))

    synapse = SpikingChemicalSynapseLinear(3, 2, delay=torch.tensor([[0, 1, 2], [3, 0, 5]]))
    current, state = synapse(torch.ones(*batch, 3), torch.zeros(*batch, 2))
    assert current.shape == (*batch, 2)
    assert state.conductance.shape == (*batch, 2, 3) and state.under_way.shape == (*batch, 5, 3)

    into_pre, into_post = ElectricalSynapseLinear(3, 2, rect=True)(torch.rand(*batch, 3), torch.rand(*batch, 2))
    assert into_pre.shape == (*batch, 3) and into_post.shape == (*batch, 2)

    channels = GatedChannelLayer(3, 2, params={"g_ion": 0.5, "k_m": 2.0, "slope_m": 1.0, "e_m": 0.0})
    current, gates = channels(torch.rand(*batch, 3))
    assert current.shape == (*batch, 3) and {gate.shape for gate in gates.values()} == {(*batch, 2, 3)}


def test_refractory_neurons_are_held():
    params = {"tau": 0.5, "leak": 0.1, "reset": -0.25, "bias": 0.0, "init": 0.0}
    layer = SpikingLayer(2, params, refractory_steps=torch.tensor([0, 3]))
    x, state, potentials = torch.full((12, 2), 10.0), None, []
    spikes, _ = unroll(layer, x)
    assert spikes[:, 0].tolist() == [1.0] * 12
    assert spikes[:, 1].tolist() == [1.0, 0.0, 0.0, 0.0] * 3
    for row in x:
        _, state = layer(row, state)
        potentials.append(state.potential[1].item())
    assert potentials == [-0.25] * 12


def test_reset_by_subtraction_keeps_what_is_above_threshold():
    params = {
        "tau": 0.5, "leak": 0.5, "rest": 0.1, "bias": 0.0, "init": 0.3, "reset": -0.2, "threshold_tau": 0.4,
        "threshold_init": 0.8, "threshold_gain": 0.3, "threshold_increment": 0.25, "threshold_floor": 0.9,
    }  # fmt: skip
    layer = SpikingLayer(1, params, reset_mode="subtract", dtype=DOUBLE)
    v, theta, state, count = 0.3, 0.8, None, 0
    for x in torch.linspace(0.0, 4.0, 60, dtype=DOUBLE):
        spikes, state = layer(x.reshape(1), state)
        moved = theta + 0.4 * ((0.8 - theta) + 0.3 * (v - 0.1))
        v = v + 0.5 * (-0.5 * (v - 0.1) + float(x))
        spiked = v > moved
        v, theta = (v - moved - 0.2, moved + max(0.25, 0.9 - moved)) if spiked else (v, moved)
        count += spiked
        assert spikes.item() == spiked
        assert (state.potential.item(), state.threshold.item()) == pytest.approx((v, theta), abs=1e-12)
    assert 5 < count < 60


def test_each_synapse_has_its_own_delay_increment_and_cap():
    delay = torch.tensor([[0, 3], [1, 0]])
    params = {
        "conductance": [[1.0, 0.5], [0.4, 2.0]], "increment": [[0.6, 0.5], [0.9, 0.1]], "tau": 0.25, "reversal": 1.0,
    }  # fmt: skip
    synapse = SpikingChemicalSynapseLinear(2, 2, params, delay, dtype=DOUBLE)
    train = torch.zeros(8, 2, dtype=DOUBLE)
    train[0] = train[1] = 1.0
    state, rows = None, []
    for spikes in train:
        current, state = synapse(spikes, torch.zeros(2, dtype=DOUBLE), state)
        rows.append(state.conductance.detach())
        torch.testing.assert_close(current, state.conductance.sum(-1))
    for post in range(2):
        for pre in range(2):
            g, expected = 0.0, []
            for step in range(8):
                if step - int(delay[post, pre]) in (0, 1):
                    g = min(g + params["increment"][post][pre], params["conductance"][post][pre])
                g *= 0.75
                expected.append(g)
            assert [float(row[post, pre]) for row in rows] == pytest.approx(expected, abs=1e-15)


def test_increment_is_the_conductance_unless_given():
    synapse = SpikingChemicalSynapseLinear(2, 1, {"conductance": [[0.3, 0.4]]})
    assert torch.equal(synapse.params["increment"], synapse.params["conductance"])
    assert synapse.params.raw("increment") is not synapse.params.raw("conductance")


def test_electrical_synapses_conserve_current_and_rectify():
    pre, post = torch.randn(5, 3, dtype=DOUBLE), torch.randn(5, 2, dtype=DOUBLE)
    for rect in (False, True):
        synapse = ElectricalSynapseLinear(3, 2, rect=rect, dtype=DOUBLE)
        into_pre, into_post = synapse(pre, post)
        torch.testing.assert_close(into_pre.sum(-1), -into_post.sum(-1))
        difference = pre[:, None, :] - post[:, :, None]
        expected = synapse.params["conductance"] * (difference.clamp(min=0) if rect else difference)
        torch.testing.assert_close(into_post, expected.sum(-1))
    assert (synapse(pre, post + 100.0)[1] == 0).all()


def test_gates_go_to_their_steady_state_without_overshoot():
    gates = {"n": Gate(power=4.0, mode="voltage"), "m": Gate(power=3.0, mode="constant")}
    layer = GatedChannelLayer(4, gates=gates, dtype=DOUBLE)
    v = torch.tensor([-30.0, -1.0, 1.0, 30.0], dtype=DOUBLE)
    steady = layer.initial_state(v)
    state = {name: torch.full_like(gate, 0.5) for name, gate in steady.items()}
    last = {name: (gate - steady[name]).abs() for name, gate in state.items()}
    for _ in range(2000):
        _, state = layer(v, state)
        distance = {name: (gate - steady[name]).abs() for name, gate in state.items()}
        assert all((distance[name] <= last[name] + 1e-15).all() for name in distance)
        last = distance
    assert all((d < 1e-3).all() for d in last.values())
    current, _ = layer(v, steady)
    p = layer.params
    expected = p["g_ion"] * (p["e_ion"] - v) * steady["n"] ** 4 * steady["m"] ** 3
    torch.testing.assert_close(current, expected.sum(0))


def test_gradients_of_gates_are_finite_far_from_their_midpoints(dtype):
    layer = GatedChannelLayer(2, dtype=dtype)
    v = torch.tensor([-1e4, 1e4], dtype=dtype, requires_grad=True)
    gates = {name: gate.detach() for name, gate in layer.initial_state(torch.zeros(2, dtype=dtype)).items()}
    current, gates = layer(v, gates)
    (current.sum() + gates["h"].sum()).backward()
    assert all(torch.isfinite(p.grad).all() for p in layer.parameters()) and torch.isfinite(v.grad).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SpikingLayer(2, refractory_steps=-1), "refractory_steps is -1; give whole steps of 0 or more"),
        (lambda: SpikingLayer(2, refractory_steps=1.5), "refractory_steps is 1.5"),
        (lambda: SpikingLayer(2, refractory_steps=torch.ones(3).int()), r"refractory_steps has shape \(3,\)"),
        (lambda: SpikingLayer(2, reset_mode="soft"), "reset_mode is 'soft'; give 'value' or 'subtract'"),
        (
            lambda: SpikingLayer(2, {"threshold_tau": 3.0}),
            "threshold_tau is 3; it must be at most 1.98: explicit Euler",
        ),
        (lambda: SpikingLayer(2)(torch.zeros(2), SpikingLayer(3).initial_state()), r"state has shape \(3,\)"),
        (lambda: SpikingChemicalSynapseLinear(2, 1, delay=-1), "delay is -1; give whole steps of 0 or more"),
        (lambda: SpikingChemicalSynapseLinear(2, 1, delay=torch.ones(3).int()), r"delay has shape \(3,\); give one"),
        (lambda: SpikingChemicalSynapseLinear(2, 1, {"tau": 1.5}), "tau is 1.5; it must be at most 1"),
        (lambda: SpikingChemicalSynapseLinear(2, 1)(torch.zeros(3), torch.zeros(1)), "spikes has shape"),
        (lambda: ElectricalSynapseLinear(2, 1, {"conductance": -1.0}), "conductance is -1; it must be at least 0"),
        (lambda: ElectricalSynapseLinear(2, 1)(torch.zeros(3), torch.zeros(1)), "state_pre has shape"),
        (lambda: GatedChannelLayer(2, gates={"m": Gate(mode="slow")}), "gate 'm' is .* give a Gate of mode instant"),
        (lambda: GatedChannelLayer(2, gates={"ion": Gate()}), "a gate is named 'ion'"),
        (lambda: GatedChannelLayer(2, gates={"m": Gate(power=(1, 2))}), r"power of gate 'm' is \(1, 2\); give one"),
        (lambda: GatedChannelLayer(2, gates={"m": Gate(power=-1)}), "power of gate 'm' is -1"),
        (lambda: GatedChannelLayer(2, params={"k_m": 0.0}), "k_m is 0; it must be at least 1e-06"),
        (lambda: GatedChannelLayer(2)(torch.zeros(3)), r"state has shape \(3,\); its last axes must be \(2,\)"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(NetworkError, match=message):
        make()
