"""Layers made from descriptions give what the numpy backend gives, step by step."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from sns_mujoco.errors import NetworkError, TimeStepError
from sns_mujoco.layers import (
    EULER_LIMIT,
    channel_layer,
    neuron_layer,
    synapse_layer,
)
from sns_mujoco.network import (
    ElectricalSynapse,
    Network,
    NonSpikingMatrixConnection,
    NonSpikingNeuron,
    NonSpikingNeuronWithGatedChannels,
    NonSpikingNeuronWithPersistentSodiumChannel,
    NonSpikingSynapse,
    SpikingNeuron,
    SpikingSynapse,
)

DOUBLE = torch.float64
DT = 0.1
DRIVE = np.random.default_rng(5).uniform(0.0, 15.0, (300, 3))


def agree(got, expected):
    torch.testing.assert_close(torch.stack(got).detach(), torch.from_numpy(expected), rtol=0, atol=1e-9)


def compiled(first, connections=(), second=None, spiking=False):
    """What the numpy backend gives for one population of three and perhaps a second of two, all connected."""
    net = Network()
    net.add_population(first, 3, "first")
    net.add_input("first", size=3)
    if second is not None:
        net.add_population(second, 2, "second")
    for kind, source, target in connections:
        net.add_connection(kind, source, target)
    for name in ("first", "second")[: 1 if second is None else 2]:
        net.add_output(name)
    if spiking:
        net.add_output("first", spiking=True)
    return net.compile(dt=DT, backend="numpy").run(DRIVE)


def test_non_spiking_neurons_and_synapses():
    first = NonSpikingNeuron(membrane_capacitance=[2.0, 5.0, 8.0], membrane_conductance=1.5, resting_potential=-1.0)
    second = NonSpikingNeuron(bias=[0.5, -0.5])
    forth, back = NonSpikingSynapse(2.0, 60.0, 1.0, 12.0), NonSpikingSynapse(0.9, -40.0, 15.0, 3.0)
    expected = compiled(first, [(forth, "first", "second"), (back, "second", "first")], second)
    a, b = (neuron_layer(n, k, DT, dtype=DOUBLE) for n, k in ((first, 3), (second, 2)))
    ab, ba = synapse_layer(forth, 3, 2, DT, dtype=DOUBLE), synapse_layer(back, 2, 3, DT, dtype=DOUBLE)
    va, vb, rows = a.initial_state(), b.initial_state(), []
    for x in torch.from_numpy(DRIVE):
        va, vb = a(x + ba(vb, va), va), b(ab(va, vb), vb)
        rows.append(torch.cat([va, vb]))
    agree(rows, expected)


@pytest.mark.parametrize("rect", [False, True])
def test_electrical_synapses(rect):
    first, second = NonSpikingNeuron(), NonSpikingNeuron(bias=[12.0, 3.0])
    expected = compiled(first, [(ElectricalSynapse(0.6, rect=rect), "first", "second")], second)
    a, b = neuron_layer(first, 3, DT, dtype=DOUBLE), neuron_layer(second, 2, DT, dtype=DOUBLE)
    junctions = synapse_layer(ElectricalSynapse(0.6, rect=rect), 3, 2, DT, dtype=DOUBLE)
    va, vb, rows = a.initial_state(), b.initial_state(), []
    for x in torch.from_numpy(DRIVE):
        into_a, into_b = junctions(va, vb)
        va, vb = a(x + into_a, va), b(into_b, vb)
        rows.append(torch.cat([va, vb]))
    agree(rows, expected)


VALUES = {
    "membrane_capacitance": 4.0, "resting_potential": -1.0, "threshold_time_constant": 3.0,
    "threshold_initial_value": 1.5, "threshold_proportionality_constant": [0.3, 0.0, -0.2], "threshold_leak_rate": 0.8,
    "threshold_increment": 0.6, "threshold_floor": -0.5, "reset_potential": -2.0,
}  # fmt: skip
ADAPTING = SpikingNeuron(**VALUES)


@pytest.mark.parametrize("extra", [{}, {"refractory_period": 0.7}, {"reset_mode": "subtract"}])
def test_spiking_neurons(extra):
    neuron = SpikingNeuron(**VALUES, **extra)
    expected = compiled(neuron, spiking=True)
    layer, state, rows = neuron_layer(neuron, 3, DT, dtype=DOUBLE), None, []
    for x in torch.from_numpy(DRIVE):
        spikes, state = layer(x, state)
        rows.append(torch.cat([state.potential, spikes]))
    assert expected[:, 3:].sum() > 20
    agree(rows, expected)


@pytest.mark.parametrize("delay", [{}, {"transmission_delay": 4}, {"transmission_delay_ms": 0.3}])
def test_spiking_synapses(delay):
    synapse = SpikingSynapse(0.9, 60.0, 2.5, conductance_increment=0.5, **delay)
    expected = compiled(ADAPTING, [(synapse, "first", "second")], NonSpikingNeuron())
    a, b = neuron_layer(ADAPTING, 3, DT, dtype=DOUBLE), neuron_layer(NonSpikingNeuron(), 2, DT, dtype=DOUBLE)
    ab = synapse_layer(synapse, 3, 2, DT, dtype=DOUBLE)
    state, vb, g, rows = None, b.initial_state(), None, []
    spikes = torch.zeros(3, dtype=DOUBLE)
    for x in torch.from_numpy(DRIVE):
        current, g = ab(spikes, vb, g)
        spikes, state = a(x, state)
        vb = b(current, vb)
        rows.append(torch.cat([state.potential, vb]))
    assert expected[:, 3:].max() > 1.0
    agree(rows, expected)


SODIUM_AND_POTASSIUM = NonSpikingNeuronWithGatedChannels(
    g_ion=[4.0, 2.0], e_ion=[60.0, -20.0], pow_a=[3.0, 0.0], slope_a=0.3, e_a=12.0, pow_b=[1.0, 0.0], k_b=0.7,
    slope_b=-0.2, e_b=8.0, tau_max_b=6.0, pow_c=[0.0, 4.0], slope_c=0.15, e_c=10.0, tau_max_c=9.0,
    tau_mode_c="constant",
)  # fmt: skip


@pytest.mark.parametrize(
    "neuron",
    [
        NonSpikingNeuronWithPersistentSodiumChannel(),
        NonSpikingNeuronWithPersistentSodiumChannel(tau_mode_h="constant", tau_max_h=[100.0, 200.0, 300.0]),
        NonSpikingNeuronWithPersistentSodiumChannel(slope_h=-1.5, tau_max_h=2.0),  # faster than a step at its ends
        SODIUM_AND_POTASSIUM,
    ],
    ids=["default", "constant", "steep", "two channels"],
)
def test_ion_channels(neuron):
    expected = compiled(neuron)
    layer, channels = neuron_layer(neuron, 3, DT, dtype=DOUBLE), channel_layer(neuron, 3, DT, dtype=DOUBLE)
    v, rows = layer.initial_state(), []
    gates = channels.initial_state(v)
    for x in torch.from_numpy(DRIVE):
        current, gates = channels(v, gates)
        v = layer(x + current, v)
        rows.append(v)
    agree(rows, expected)


def test_each_neuron_and_synapse_can_be_learned_on_its_own():
    layer = neuron_layer(NonSpikingNeuron(), 4, DT)
    assert all(value.shape == (4,) and value.requires_grad for value in layer.params.values())
    assert synapse_layer(NonSpikingSynapse(), 2, 3, DT).params["conductance"].shape == (3, 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: neuron_layer(NonSpikingNeuron(), 2, 0.0), "dt is 0.0; give a neural step in ms"),
        (lambda: neuron_layer(NonSpikingNeuron(), 2, 10.0), f"tau.* is 2; it must be at most {EULER_LIMIT}"),
        (lambda: channel_layer(NonSpikingNeuron(), 2, 0.1), "has no ion channels"),
        (
            lambda: synapse_layer(NonSpikingMatrixConnection([[1.0]], [[1.0]], 0.0, 1.0), 1, 1, 0.1),
            "is no NonSpikingSynapse, SpikingSynapse or ElectricalSynapse",
        ),
        (lambda: neuron_layer(3, 2, 0.1), "3 has equations that no layer has"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(NetworkError, match=message):
        make()


def test_what_no_layer_has_is_refused_rather_than_left_out():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Tired(NonSpikingNeuron):
        fatigue: float = 0.0

    assert neuron_layer(Tired(), 2, 0.1).size == (2,)
    with pytest.raises(NetworkError, match="fatigue is 0.5, which no layer has; leave it at its default"):
        neuron_layer(Tired(fatigue=0.5), 2, 0.1)


def test_periods_that_vanish_are_refused():
    with pytest.raises(TimeStepError, match="refractory period"):
        neuron_layer(SpikingNeuron(refractory_period=0.01), 2, 0.1)
    with pytest.raises(TimeStepError, match="a delay"):
        synapse_layer(SpikingSynapse(transmission_delay_ms=0.01), 1, 1, 0.1)
