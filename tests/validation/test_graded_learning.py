"""Hebb's and Oja's rule for graded synapses: one step by hand, where they end, and what Oja's finds."""

import numpy as np
import pytest

from sns_mujoco.network import (
    GradedConductanceSynapse,
    GradedCurrentSynapse,
    Hebb,
    Network,
    NonSpikingNeuron,
    Oja,
    SparseConnection,
)


def joined(rule, pre, post, weight=0.4, synapse=GradedCurrentSynapse):
    """A source and a destination that stand still at their potentials, of 0 to 20 mV."""
    net = Network("joined")
    for name, potential in (("pre", pre), ("post", post)):
        net.add_neuron(NonSpikingNeuron(membrane_capacitance=1e9, resting_potential=potential), name)
    net.add_connection(synapse(weight, plasticity=rule), "pre", "post", "synapse")
    net.add_output("synapse", "w", kind="weight")
    return net


@pytest.mark.parametrize("synapse", [GradedCurrentSynapse, GradedConductanceSynapse])
@pytest.mark.parametrize("pre", [-5.0, 8.0, 25.0])
def test_one_step_by_forward_euler(backend, pre, synapse):
    x, y, w, dt = np.clip(pre / 20.0, 0, 1), (13.0 - 10.0) / 5.0, 0.4, 2.0
    for rule, expected in (
        (Hebb(0.03, 0.01, post_lo=10.0, post_hi=15.0), w + dt * (0.03 * y * x - 0.01 * w)),
        (Oja(0.03, 0.01, post_lo=10.0, post_hi=15.0), w + dt * (0.03 * y * (x - y * w) - 0.01 * w)),
    ):
        model = joined(rule, pre, 13.0, synapse=synapse).compile(dt=dt, backend=backend)
        assert model()[0] == pytest.approx(expected, abs=1e-9)


def test_hebb_solves_its_equation_under_exponential_euler(backend):
    x, y, rate, forget = 0.6, 0.5, 0.01, 0.02
    model = joined(Hebb(rate, forget), 20.0 * x, 20.0 * y).compile(dt=5.0, backend=backend, integrator="exponential")
    w, t = model.run(80)[:, 0], 5.0 * np.arange(1, 81)
    end = rate * x * y / forget
    np.testing.assert_allclose(w, end + (0.4 - end) * np.exp(-forget * t), atol=1e-8)


@pytest.mark.parametrize(("rate", "bound"), [(0.01, 0.9), (-0.01, 0.1)])
def test_hebb_grows_to_its_bounds_and_stays_there(backend, rate, bound):
    w = joined(Hebb(rate, w_min=0.1, w_max=0.9), 15.0, 15.0).compile(dt=1.0, backend=backend).run(300)[:, 0]
    assert (np.diff(w) * np.sign(rate) >= 0).all()
    assert w[-1] == bound and w[-100] == bound


def test_hebb_wires_together_what_is_active_together(backend):
    """Two sources, only one of which is active while the destination is."""
    net = Network("associate")
    net.add_population(NonSpikingNeuron(membrane_capacitance=5.0), 2, "cues")
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=5.0), "response")
    rule = Hebb(rate=0.002, forget=0.0002)
    synapses = SparseConnection(GradedCurrentSynapse(0.0, plasticity=rule), [0, 1], [0, 0])
    net.add_connection(synapses, "cues", "response", "synapses")
    net.add_input("cues", 2)
    net.add_input("response", name="teacher")
    net.add_output("synapses", "w", kind="weight")
    x = np.zeros((1000, 3))
    x[:500] = (20.0, 0.0, 20.0)
    x[500:] = (0.0, 20.0, 0.0)
    w = net.compile(dt=1.0, backend=backend).run(x)[-1]
    assert w[0] > 0.4 and w[1] < 0.05


def oja_network(start):
    """Sources whose share is their input / 20 nA, and a destination whose activity is the weighted sum of shares."""
    net, count = Network("principal component"), len(start)
    net.add_population(NonSpikingNeuron(membrane_capacitance=0.05), count, "sources")
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=0.05), "sum")
    rule = Oja(rate=0.03, post_hi=1.0)
    net.add_connection(GradedCurrentSynapse([start], plasticity=rule), "sources", "sum", "synapses")
    net.add_input("sources", count)
    net.add_output("synapses", "w", kind="weight")
    return net


def test_oja_finds_the_first_principal_component_with_length_one(backend):
    random = np.random.default_rng(7)
    common, own = random.uniform(0, 1, (60, 1)), random.uniform(0, 0.25, (60, 4))
    patterns = 0.35 * common * np.array([1.0, 0.7, 0.4, 0.1]) + own * np.array([0.1, 0.1, 0.3, 0.6])
    x = 20.0 * np.repeat(np.tile(patterns, (3, 1)), 25, axis=0)
    y = oja_network([0.1, 0.1, 0.3, 0.9]).compile(dt=1.0, backend=backend, integrator="exponential").run(x)
    values, vectors = np.linalg.eigh(patterns.T @ patterns)
    assert values[-1] > 3 * values[-2]
    first = vectors[:, -1] * np.sign(vectors[:, -1].sum())
    w = y[-60 * 25 :].mean(axis=0)  # over one round of the patterns
    assert np.linalg.norm(w) == pytest.approx(1.0, abs=0.02)
    assert w @ first / np.linalg.norm(w) > 0.998
    assert y[0] @ first / np.linalg.norm(y[0]) < 0.7
