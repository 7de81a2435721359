"""The helper networks of SNS-Toolbox: same calls, neuron order and names; same numbers where those are right."""

import json
from pathlib import Path

import pytest

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import Network, NonSpikingNeuron, subnetworks
from sns_mujoco.network.subnetworks import (
    AdditionNetwork,
    DifferentiatorNetwork,
    DivisionNetwork,
    IntegratorNetwork,
    MultiplicationNetwork,
)

TABLE = Path(__file__).parents[4] / "shared" / "oracle" / "extra" / "design_formulas.json"
SYNAPSE = ("max_conductance", "reversal_potential", "e_lo", "e_hi")
CASES = json.loads(TABLE.read_text())["cases"] if TABLE.is_file() else []
CASES = [c for c in CASES if c["kind"].endswith("Network")]


def graded(network):
    """Its synapses but for the companions that balance others: (source, destination) to the four numbers."""
    return {
        (c.source, c.destination): {name: getattr(c.kind, name) for name in SYNAPSE}
        for c in network.connections
        if c.kind.name != "Balance"
    }


def wrong(case, ends, name):
    """Whether SNS-Toolbox computes this number wrongly, so that it differs here on purpose."""
    kind, other_range = case["kind"], "R" in case["args"]
    return (
        # designs for 20 mV whatever R is
        (kind == "AdditionNetwork" and other_range)
        or (kind == "IntegratorNetwork" and other_range and name == "e_hi")
        # without its bias and with e_hi fixed, the product is not reached
        or (kind == "MultiplicationNetwork" and ends != (0, 3))
        # the conductance of the transmission is not counted in the shunt
        or (kind == "DivisionNetwork" and ends == (1, 2))
        # time constants and gain change with the input
        or kind == "DifferentiatorNetwork"
    )


@pytest.mark.skipif(not CASES, reason="the table of SNS-Toolbox's designs is not here")
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['kind']}-{c['args']}")
def test_table(case):
    preset = {"neuron_type": NonSpikingNeuron(**case["neuron"])} if case["neuron"] else {}
    build = getattr(subnetworks, case["kind"])
    if "error" in case:
        with pytest.raises(NetworkError):
            build(**case["args"], **preset)
        return
    network, expected = build(**case["args"], **preset), case["result"]
    assert list(network.population_names) == [n["name"] for n in expected["neurons"]]
    if case["kind"] not in ("DifferentiatorNetwork", "MultiplicationNetwork"):
        for population, neuron in zip(network.populations, expected["neurons"], strict=True):
            for name in ("membrane_capacitance", "membrane_conductance", "resting_potential", "bias"):
                assert getattr(population.neuron, name) == pytest.approx(neuron[name]), name
    ours = graded(network)
    assert list(ours) == [(c["source"], c["target"]) for c in expected["connections"]]
    for connection in expected["connections"]:
        ends = connection["source"], connection["target"]
        for name in SYNAPSE:
            if wrong(case, ends, name):
                continue
            value = connection[name]
            if name == "reversal_potential" and case["neuron"]:  # here counted from rest
                value += case["neuron"].get("resting_potential", 0.0)
            assert ours[ends][name] == pytest.approx(value), (ends, name)


def test_own_numbers():
    """The same without the table, worked out by hand."""
    synapses = graded(AdditionNetwork([1, -1, -0.5, 2]))
    assert [s["max_conductance"] for s in synapses.values()] == pytest.approx([0.25, 1.0, 1 / 3, 2 / 3])
    assert [s["reversal_potential"] for s in synapses.values()] == [100.0, -40.0, -40.0, 100.0]
    assert list(synapses) == [(1, 0), (2, 0), (3, 0), (4, 0)]
    at_r_10 = graded(AdditionNetwork([1.0, -1.0], R=10.0))
    assert [s["max_conductance"] for s in at_r_10.values()] == pytest.approx([10 / 90, 10 / 30])
    assert {s["e_hi"] for s in at_r_10.values()} == {10.0}
    assert graded(MultiplicationNetwork())[0, 3]["max_conductance"] == pytest.approx(1.0)
    assert graded(MultiplicationNetwork())[1, 2]["max_conductance"] == pytest.approx(20.0)
    assert graded(DivisionNetwork(0.5, 0.1, R=10.0))[0, 2]["max_conductance"] == pytest.approx(1 / 7)
    integrator = IntegratorNetwork(0.02, -60.0, 10.0)
    assert integrator.populations[0].neuron.membrane_capacitance == pytest.approx(25.0)
    assert integrator.populations[0].neuron.bias == 10.0
    assert graded(integrator)[0, 1] == {
        "max_conductance": pytest.approx(1 / 6), "reversal_potential": -60.0, "e_lo": 0.0, "e_hi": 10.0
    }  # fmt: skip


def test_arguments_stand_in_the_toolboxs_order():
    neuron = NonSpikingNeuron(resting_potential=-60.0)
    names = {
        AdditionNetwork([1.0], 80.0, -50.0, neuron, "A", 10.0): ["ASum", "ASrc0"],
        MultiplicationNetwork(neuron, "M", 10.0): ["M0", "M1", "MInter", "MResult"],
        DivisionNetwork(1.0, 0.5, "D", neuron, 10.0): ["DTransmit", "DModulate", "DResults"],
        DifferentiatorNetwork(1.0, "Differentiate", 1.0, 20.0): ["Uin", "Ufast", "Uslow", "Uout"],
        IntegratorNetwork(0.1, -40.0, 20.0, "Integrator"): ["Uint", "Neuron"],
    }
    for network, expected in names.items():
        assert list(network.population_names) == expected
    assert graded(next(iter(names)))[1, 0]["reversal_potential"] == -60.0 + 80.0


def test_several_of_a_kind_fit_into_one_network():
    """SNS-Toolbox calls the neurons of every differentiator alike; a name of its own tells them apart."""
    both = Network()
    both.add_network(DifferentiatorNetwork())
    both.add_network(DifferentiatorNetwork(name="knee "))
    both.add_network(IntegratorNetwork())
    both.add_network(IntegratorNetwork(name="hip "))
    assert both.population_names[:8] == (
        "Uin", "Ufast", "Uslow", "Uout", "knee Uin", "knee Ufast", "knee Uslow", "knee Uout"
    )  # fmt: skip
    assert both.population_names[8:] == ("Uint", "Neuron", "hip Uint", "hip Neuron")
    with pytest.raises(NetworkError, match="give 'Differentiate' a prefix or suffix"):
        both.add_network(DifferentiatorNetwork())


def test_toolbox_semantics_leave_the_plain_design():
    """Where the last synapse of a pair replaces the others, the companions are what goes."""
    network = AdditionNetwork([1.0, 0.5], balanced=True)
    program = network.to_program(0.1, semantics="sns-toolbox")
    assert sorted(program.graded_reversal) == [100.0, 100.0]
