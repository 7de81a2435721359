"""What protocols change of a model: at the exact step, as if it had been described so, and undone to the bit."""

import mujoco
import numpy as np
import pytest
from sns_mujoco.models import load

import sns_mujoco as sns
from sns_mujoco.adapters import MotorNeuron
from sns_mujoco.cosim.rig.described import Described
from sns_mujoco.errors import UnknownNameError
from sns_mujoco.protocols import (
    ActuatorFailure,
    BlockChannel,
    CurrentClamp,
    Cut,
    Friction,
    Gravity,
    Load,
    Protocol,
    Scale,
    Slope,
)

BODY = """
<mujoco>
  <option timestep="0.001"/>
  <worldbody>
    <geom name="floor" type="plane" size="1 1 .1"/>
    <body name="box" pos="0 0 .099"><freejoint/><geom name="box" type="box" size=".1 .1 .1" mass="2"/></body>
    <body name="arm" pos="2 0 1"><joint name="hinge" axis="0 1 0"/><geom size=".1" pos="0 0 -.5" mass="1"/></body>
  </worldbody>
  <actuator><motor name="motor" joint="hinge"/></actuator>
  <contact><pair geom1="floor" geom2="box" friction="1 1 .005 .0001 .0001"/></contact>
</mujoco>"""


def network(strength: float = 1.5, jump: float = 0.2, weight: float = 3.0, sodium: float = 120.0) -> sns.Network:
    net = sns.Network("toy")
    for name in ("a", "b"):
        net.add_neuron(sns.NonSpikingNeuron(bias=10.0), name)
    net.add_connection(sns.NonSpikingSynapse(max_conductance=strength, reversal_potential=100.0), "a", "b")
    net.add_neuron(sns.SpikingNeuron(bias=20.0), "spiker")
    spiking = sns.SpikingSynapse(max_conductance=1.0, conductance_increment=jump, reversal_potential=50.0)
    net.add_connection(spiking, "spiker", "a")
    net.add_connection(sns.CurrentSynapse(weight=weight), "spiker", "b", name="event")
    net.add_neuron(sns.HodgkinHuxleyNeuron(sodium_conductance=sodium, bias=15.0), "axon")
    return net


def adapters():
    return [MotorNeuron("b", drives="motor", range=(0.0, 50.0), output=(0.0, 3.0))]


def toy(net=network, body: str = BODY) -> sns.Simulation:
    spec = sns.attach(body, net(), adapters(), dt=0.025, integrator="exponential", rig=True)
    return sns.Simulation(spec, described=Described(net, adapters, lambda: mujoco.MjSpec.from_string(body)))


CHANGES = [
    (Scale("a->b", 0.5), lambda: network(strength=0.75)),
    (Cut("a->b"), lambda: network(strength=0.0)),
    (Scale("event", 2.0), lambda: network(weight=6.0)),
    (BlockChannel("axon", "sodium_conductance", 0.75), lambda: network(sodium=30.0)),
]


@pytest.mark.parametrize(("item", "described"), CHANGES, ids=lambda x: getattr(x, "label", ""))
def test_a_lesion_is_what_a_lesioned_description_does(item, described):
    lesioned, other, plain = toy(), toy(described), toy()
    lesioned.protocol = Protocol([item])
    for simulation in (lesioned, other, plain):
        simulation.step(60)
    np.testing.assert_array_equal(lesioned.potentials, other.potentials)
    np.testing.assert_array_equal(lesioned.data.qpos, other.data.qpos)
    assert not np.array_equal(lesioned.potentials, plain.potentials)


BODIES = [
    (Load("box", 1.0), BODY.replace('mass="2"', 'mass="3"')),
    (Friction("*", 0.5), BODY.replace('"1 1 .005', '".5 .5 .005')),
    (Gravity(0.5), BODY.replace('timestep="0.001"', 'timestep="0.001" gravity="0 0 -4.905"')),
]


@pytest.mark.parametrize(("item", "body"), BODIES, ids=lambda x: getattr(x, "label", ""))
def test_a_changed_body_is_what_a_body_described_so_does(item, body):
    changed, other, plain = toy(), toy(body=body), toy()
    changed.protocol = Protocol([item])
    for simulation in (changed, other, plain):
        simulation.data.qvel[0] = 0.5
        simulation.step(60)
    np.testing.assert_array_equal(changed.data.qpos, other.data.qpos)
    assert not np.array_equal(changed.data.qpos, plain.data.qpos)


def test_a_slope_turns_gravity_against_the_rise():
    simulation = toy()
    simulation.protocol = Protocol([Slope(30.0, 90.0, start=0.001)])
    simulation.step()
    np.testing.assert_array_equal(simulation.model.opt.gravity, [0, 0, -9.81])
    simulation.step()
    np.testing.assert_allclose(simulation.model.opt.gravity, 9.81 * np.array([0, -0.5, -np.sqrt(0.75)]), atol=1e-12)


FIELDS = (
    "numeric_data", "geom_friction", "pair_friction", "body_mass", "body_inertia", "actuator_gainprm",
    "actuator_biasprm", "dof_invweight0", "body_subtreemass",
)  # fmt: skip


def test_everything_is_undone_to_the_bit_however_it_overlaps():
    animal = load("hexapod")
    simulation = animal.simulation(rig=True)
    before = {name: getattr(simulation.model, name).copy() for name in FIELDS if name != "numeric_data"}
    gravity = simulation.model.opt.gravity.copy()
    strengths = simulation.rig.subject.table.find("g_max", "*").values
    simulation.protocol = Protocol(
        [
            Scale("L1*", 0.5, start=0.002, stop=0.02), Cut("L1 swing->*", start=0.004, stop=0.01),
            Scale("*", 2.0, start=0.006, stop=0.03), Load("torso", 0.001, start=0.003, stop=0.021),
            ActuatorFailure("L1_*", "weak", 0.5, start=0.002, stop=0.02), Friction("*", 0.5, start=0.005, stop=0.01),
            Slope(5.0, start=0.002, stop=0.02), Gravity(0.5, start=0.01, stop=0.03),
            ActuatorFailure("R*", "limp", start=0.01, stop=0.03),
        ]
    )  # fmt: skip
    factors = []
    names = simulation.rig.subject.table.find("g_max", "*").names
    place = names.index("L1 swing->L1 stance")
    for _ in range(40):
        simulation.step()
        rows = simulation.rig._keeper.rows
        factors.append(rows.get(rows.find("g_max", names[place]))[0, 0] / strengths[place])
    np.testing.assert_array_equal(factors, [1] * 2 + [0.5] * 2 + [0] * 6 + [1.0] * 10 + [2] * 10 + [1] * 10)
    for name, values in before.items():
        np.testing.assert_array_equal(getattr(simulation.model, name), values, err_msg=name)
    np.testing.assert_array_equal(simulation.model.opt.gravity, gravity)
    first, last = toy(), toy()
    last.protocol = Protocol(
        [Scale("*", 3.0, start=0.002, stop=0.004), BlockChannel("axon", "sodium_conductance", stop=0.1)]
    )
    last.step(10)
    last.protocol = Protocol()
    first.protocol = Protocol()
    np.testing.assert_array_equal(last.model.numeric_data, first.model.numeric_data)


def test_what_is_set_by_hand_before_a_lesion_comes_back_after_it():
    population = sns.Population("hexapod", 2, rig=True, threads=1)
    population["g_max", "L1 swing->L1 stance"] = [[0.3], [0.4]]
    cut = Protocol([Cut("L1 swing->*", start=0.002, stop=0.004)])
    population.protocols = [cut, Protocol()]
    seen = []
    for _ in range(6):
        population.step()
        seen.append(population["g_max", "L1 swing->L1 stance"][:, 0])
    np.testing.assert_array_equal(np.array(seen)[:, 0], [0.3, 0.3, 0.0, 0.0, 0.3, 0.3])
    np.testing.assert_array_equal(np.array(seen)[:, 1], 0.4)


def test_channels_that_are_counted():
    animal = load("antagonist_joint")
    simulation = animal.simulation(protocol=Protocol([BlockChannel("flexor RG", 1, 0.5), BlockChannel("* RG", 0)]))
    simulation.step()
    rows = simulation.rig._keeper.rows
    described = simulation.rig.subject.table.find("g_ion", "*")
    found = dict(zip(described.names, rows.get(rows.find("g_ion", "*"))[0] / described.values, strict=True))
    assert found == {"flexor RG[0]": 0.0, "flexor RG[1]": 0.5, "extensor RG[0]": 0.0, "extensor RG[1]": 1.0}
    with pytest.raises(
        UnknownNameError, match="no channel named 7 in the neurons of BlockChannel.'flexor RG'.; it has '0'"
    ):
        simulation.protocol = Protocol([BlockChannel("flexor RG", 7)])
    toy_one = toy()
    with pytest.raises(UnknownNameError, match="it has .*'sodium_conductance'"):
        toy_one.protocol = Protocol([BlockChannel("axon")])


def test_a_diverged_animal_stands_with_its_changes():
    simulation = toy()
    simulation.protocol = Protocol([CurrentClamp("a", 1e308), CurrentClamp("a", 1e308), Gravity(0.5)])
    with pytest.raises(sns.errors.DivergenceError, match="neuron 'a'"):
        simulation.step(5)
    assert simulation.time == 0.0
