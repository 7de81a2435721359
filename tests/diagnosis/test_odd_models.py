"""Models that are unlike the usual: pools, several nervous systems, nothing to examine, unstable ones, name clashes."""

from dataclasses import replace

import mujoco
import pytest
from sns_mujoco.models import load

import sns_mujoco as sns
from sns_mujoco.adapters import Command, JointAngle, MotorNeuron, MotorPool
from sns_mujoco.diagnosis import doctor

ARM = """
<mujoco model="arm">
  <compiler angle="radian"/>
  <option timestep=".001"/>
  <worldbody>
    <body pos="0 0 1">
      <joint name="elbow" axis="0 1 0" range="-1 1" damping=".1" armature=".01"/>
      <geom type="capsule" fromto="0 0 0 0 0 -.3" size=".02"/>
      <body pos="0 0 -.3"><joint type="ball"/><geom size=".03"/></body>
    </body>
    <body pos="1 0 1"><freejoint/><geom size=".1"/></body>
  </worldbody>
  <actuator><motor name="motor" joint="elbow" ctrlrange="-5 5" ctrllimited="true"/></actuator>
</mujoco>"""


def relay(first: str, second: str) -> sns.Network:
    """A neuron that excites another one."""
    net = sns.Network("relay")
    for name in (first, second):
        net.add_neuron(sns.NonSpikingNeuron(), name)
    net.add_connection(sns.NonSpikingSynapse(0.5, 60.0), first, second)
    return net


def reflex() -> mujoco.MjSpec:
    adapters = [JointAngle("elbow", to="angle", range=(-1, 1)), MotorNeuron("motor neuron", drives="motor")]
    return sns.attach(ARM, relay("angle", "motor neuron"), adapters, dt=0.5, name="reflex")


def alarms(diagnosis):
    return [(f.check, f.severity, f.place) for f in diagnosis.findings if f.severity != "note"]


@pytest.mark.parametrize(("threshold", "found"), [(5.0, []), (50.0, ["stuck-neuron"] * 5)])
def test_a_pool_of_spiking_motor_neurons_is_excited(threshold, found):
    net = sns.Network("pool")
    net.add_population(sns.SpikingNeuron(threshold_initial_value=threshold), 5, "pool")
    adapters = [Command("go", to="pool", range=(0, 1)), MotorPool("pool", drives="motor", output=(0, 5))]
    spec = sns.attach(ARM, net, adapters, dt=0.5)
    diagnosis = doctor(spec, network=net)
    assert diagnosis.facts["motor neurons excited"] == 1
    assert [f[0] for f in alarms(diagnosis)] == found, str(diagnosis)


def test_several_nervous_systems():
    net = relay("will", "deed")
    net.add_neuron(sns.NonSpikingNeuron(), "forgotten")
    spec = sns.attach(reflex(), net, [Command("go", to="will", range=(0, 1))], dt=1.0, name="mind")
    diagnosis = doctor(spec)
    assert alarms(diagnosis) == [("unused-neuron", "warning", "forgotten")], str(diagnosis)
    assert diagnosis.facts["neurons"] == 5 and diagnosis.facts["neural step, ms"] == 0.5


def test_a_nervous_system_without_adapters_and_a_body_without_joints():
    diagnosis = doctor(sns.attach(ARM, relay("a", "b"), [], dt=1.0))
    assert alarms(diagnosis) == [("unreachable-actuator", "warning", "motor"), ("stuck-neuron", "warning", "a")]
    stone = "<mujoco><worldbody><geom size='.1'/></worldbody></mujoco>"
    assert [f[0] for f in alarms(doctor(sns.attach(stone, relay("a", "b"), [], dt=1.0)))] == ["stuck-neuron"]


def test_an_unstable_animal_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # MuJoCo leaves a log where it stands
    spec = reflex()
    actuator = spec.actuator("motor")
    actuator.biastype, actuator.biasprm[2] = mujoco.mjtBias.mjBIAS_AFFINE, 900.0
    actuator.ctrllimited = False
    actuator.gainprm[0] = 1e6
    diagnosis = doctor(spec)
    assert [f.severity for f in diagnosis.by("unstable")] == ["error"] and not diagnosis.ok, str(diagnosis)


def test_neurons_that_stand_still_in_the_tests_are_noted():
    net = relay("will", "deed")
    spec = sns.attach(ARM, net, [Command("go", to="will", range=(2, 3)), MotorNeuron("deed", drives="motor")], dt=1.0)
    simulation = sns.Simulation(spec)
    animal = replace(
        load("antagonist_joint"), name="arm", body=lambda *_: mujoco.MjSpec.from_string(ARM), network=lambda: net,
        adapters=lambda: [Command("go", to="will", range=(2, 3)), MotorNeuron("deed", drives="motor")], dt=1.0,
        start=lambda simulation, seed: simulation.reset(seed=seed), commands={"go": (0.0, 1.0)}, cruise={"go": 1.0},
        readouts=(),
    )  # fmt: skip
    notes = doctor(animal).by("stuck-neuron")
    assert [(f.severity, f.place) for f in notes] == [("note", "'will', 'deed'")]
    assert not doctor(simulation).by("stuck-neuron")  # whose command goes as far as its afferent hears it


def test_names_that_are_taken_are_told():
    def network() -> sns.Network:
        net = relay("a", "b")
        net.add_neuron(sns.NonSpikingNeuron(), "a")
        return net

    joint = load("antagonist_joint")
    assert [f.check for f in doctor(replace(joint, network=network)).findings] == ["duplicate-name"]

    def body(terrain: str, seed: int) -> mujoco.MjSpec:
        spec = joint.body(terrain, seed)
        for _ in range(2):
            spec.worldbody.add_site(name="twice")
        return spec

    assert [f.check for f in doctor(replace(joint, body=body)).findings] == ["duplicate-name"]


def test_commands_that_are_said_and_not_heard():
    joint = load("antagonist_joint")
    diagnosis = doctor(replace(joint, commands=dict(joint.commands) | {"jump": (0.0, 1.0)}))
    assert alarms(diagnosis) == [("unused-command", "warning", "jump")]
    quiet = doctor(replace(joint, commands={"drive": (0.0, 1.0)}, cruise={"drive": 0.8}))
    assert [f.severity for f in quiet.by("unused-command")] == ["note"]
    ends = {"flex": (0.0, 1.0), "extend": (0.0, 1.0)}
    assert not doctor(replace(joint, commands={"drive": (0.0, 1.0)}, probes=ends, cruise={})).by("unused-command")
    found = doctor(replace(joint, probes={"kick": (-1.0, 1.0)})).by("unused-command")
    assert [(f.severity, f.place) for f in found] == [("warning", "kick")] and "from its probes" in found[0].remedy
