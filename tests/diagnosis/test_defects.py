"""Defects put into a sound animal one at a time: each is found by its check, and by no other."""

from dataclasses import replace

import mujoco
import numpy as np
import pytest

import sns_mujoco as sns
from sns_mujoco.adapters import Command, Efferent, JointAngle, JointVelocity, MotorNeuron, SensorChannel
from sns_mujoco.diagnosis import CHECKS, Diagnosis, doctor

from .biped import ARM, RANGES, Biped, body, network, swapped, with_sensor


def examined(animal: Biped) -> Diagnosis:
    return doctor(animal.body, network=animal.network, adapters=animal.adapters, dt=animal.dt)


def alone(diagnosis: Diagnosis, check: str, severity: str, *places: str) -> None:
    """Assert that there is nothing but findings of one check, and one of them at each place."""
    told = [f for f in diagnosis.findings if f.severity in ("error", "warning")]
    assert told, str(diagnosis)
    assert {(f.check, f.severity) for f in told} == {(check, severity)}, str(diagnosis)
    assert diagnosis.ok == (severity != "error")
    for place in places:
        assert any(place in f.place for f in told), str(diagnosis)
    assert all(f.check in CHECKS and f.message.endswith((".", "?")) for f in told)


def motor_neurons(change):
    """A change of adapters that touches motor neurons only."""
    return lambda old: [change(old)] if isinstance(old, MotorNeuron) else [old]


def test_a_sound_animal_has_nothing_wrong():
    diagnosis = examined(Biped())
    assert not diagnosis.findings, str(diagnosis)
    assert diagnosis.ok and diagnosis.facts["motor neurons excited"] == 12 and diagnosis.facts["joints moved"] == 6


def test_exchanged_sides_of_motor_neurons():
    animal = Biped().exchange(motor_neurons(lambda m: replace(m, drives=swapped(m.drives, "L", "R"))))
    diagnosis = examined(animal)
    alone(diagnosis, "sides", "error", "MotorNeuron('L_MN_hip_ext') -> 'R_hip_ext'")
    assert len(diagnosis.by("sides")) == 12


def test_one_exchanged_pair_of_motor_neurons():
    def change(m):
        return replace(m, drives=swapped(m.drives, "L", "R")) if "hip_flx" in m.neuron else m

    diagnosis = examined(Biped().exchange(motor_neurons(change)))
    alone(diagnosis, "sides", "error")
    assert len(diagnosis.by("sides")) == 2


@pytest.mark.parametrize("joint", ["hip", "knee", "ankle"])
def test_exchanged_flexor_and_extensor(joint):
    """Hip by where the leg goes, knee and ankle by how the angle between segments opens."""

    def change(m):
        return replace(m, drives=swapped(m.drives, "ext", "flx")) if f"_{joint}_" in m.neuron else m

    diagnosis = examined(Biped().exchange(motor_neurons(change)))
    alone(diagnosis, "direction", "error", f"MotorNeuron('L_MN_{joint}_ext')")
    assert len(diagnosis.by("direction")) == 4


def test_one_tendon_on_the_wrong_side_of_its_joint():
    animal = Biped()
    spec = mujoco.MjSpec.from_string(body().to_xml().replace(
        f'<joint joint="R_knee" coef="-{ARM}"/>', f'<joint joint="R_knee" coef="{ARM}"/>'
    ))  # fmt: skip
    animal.body = spec
    diagnosis = examined(animal)
    assert {f.check for f in diagnosis.of("error")} == {"direction"}, str(diagnosis)
    assert [f.place for f in diagnosis.by("direction")] == ["MotorNeuron('R_MN_knee_ext') -> 'R_knee_ext'"]


def test_knee_and_ankle_exchanged_in_motor_neurons():
    animal = Biped().exchange(motor_neurons(lambda m: replace(m, drives=swapped(m.drives, "knee", "ankle"))))
    diagnosis = examined(animal)
    alone(diagnosis, "joints", "error", "MotorNeuron('R_MN_ankle_flx') -> 'R_knee_flx'")
    assert len(diagnosis.by("joints")) == 8


def test_knee_and_ankle_exchanged_in_what_is_felt():
    def change(old):
        return [replace(old, joint=swapped(old.joint, "knee", "ankle"))] if isinstance(old, JointAngle) else [old]

    animal = Biped().exchange(change)
    diagnosis = examined(animal)
    alone(diagnosis, "joints", "error", "JointAngle('L_ankle') -> 'L_knee_angle'")
    assert len(diagnosis.by("joints")) == 4


def test_sides_exchanged_in_what_is_felt():
    def change(old):
        if isinstance(old, SensorChannel) and old.sensor.endswith("hip_ext_length"):
            return [with_sensor(old, swapped(old.sensor, "L", "R"))]
        return [old]

    diagnosis = examined(Biped().exchange(change))
    alone(diagnosis, "sides", "error", "SensorChannel('R_hip_ext_length') -> 'L_Ia_hip_ext'")
    assert len(diagnosis.by("sides")) == 2


def test_names_of_sides_exchanged_in_the_body():
    """One joint of the right leg is called left: only where things are can tell."""
    text = body().to_xml()
    for one, other in (("L_ankle", "X_ankle"), ("R_ankle", "L_ankle"), ("X_ankle", "R_ankle")):
        text = text.replace(f'<joint name="{one}"', f'<joint name="{other}"')
    animal = Biped()
    animal.body = mujoco.MjSpec.from_string(text)
    diagnosis = examined(animal)
    assert any(f.place == "L_ankle and R_ankle" for f in diagnosis.by("sides")), str(diagnosis)


def test_one_tension_to_both_ia_and_ib():
    def change(old):
        if isinstance(old, SensorChannel) and "Ia" in old.to:
            return [replace(old, sensor=old.sensor.replace("_length", "_force"), range=(0.0, -60.0))]
        return [old]

    diagnosis = examined(Biped().exchange(change))
    told = [f for f in diagnosis.findings if f.check != "unused-sensor"]
    assert {(f.check, f.severity) for f in told} == {("same-signal", "error")}, str(diagnosis)
    assert len(told) == 12 and "Ia" in told[0].message and "Ib" in told[0].message


def test_an_afferent_that_is_there_twice():
    animal = Biped().exchange(lambda old: [old, old] if getattr(old, "joint", "").endswith("knee") else [old])
    diagnosis = examined(animal)
    alone(diagnosis, "same-signal", "warning", "JointAngle('L_knee') -> 'L_knee_angle'")
    assert len(diagnosis.by("same-signal")) == 2


def test_two_synapses_of_one_kind_on_a_pair():
    animal = Biped()
    animal.network.add_connection(sns.NonSpikingSynapse(0.1, 80.0), "L_RG_ext", "L_MN_hip_ext", name="again")
    diagnosis = examined(animal)
    alone(diagnosis, "parallel-synapses", "warning", "L_RG_ext -> L_MN_hip_ext")
    message = diagnosis.by("parallel-synapses")[0].message
    assert "'L_RG_ext to L_MN_hip_ext', 'again'" in message and "0.5 uS to 60 mV" in message and "0.1 uS" in message


def test_two_synapses_of_different_kinds_on_a_pair_are_a_note():
    animal = Biped()
    animal.network.add_connection(sns.NonSpikingSynapse(0.1, -80.0), "L_RG_ext", "L_MN_hip_ext", name="brake")
    diagnosis = examined(animal)
    assert [(f.check, f.severity) for f in diagnosis.findings] == [("parallel-synapses", "note")]


def test_synapses_that_the_semantics_of_sns_toolbox_lose():
    animal = Biped()
    animal.network.add_connection(sns.NonSpikingSynapse(0.1, 80.0), "L_RG_ext", "L_MN_hip_ext", name="again")
    spec = sns.attach(animal.body, animal.network, animal.adapters, dt=animal.dt, semantics="sns-toolbox")
    diagnosis = doctor(spec, network=animal.network)
    alone(diagnosis, "parallel-synapses", "error", "L_RG_ext -> L_MN_hip_ext")
    assert "only the last one, 'again'" in diagnosis.by("parallel-synapses")[0].message


def test_a_delay_that_is_none():
    animal = Biped().exchange(motor_neurons(lambda m: replace(m, delay=0.3)))
    diagnosis = examined(animal)
    alone(diagnosis, "vanishing-delay", "warning", "MotorNeuron('L_MN_hip_ext')")
    assert "0.3 ms" in diagnosis.by("vanishing-delay")[0].message


def test_a_delay_that_rounding_changes_is_a_note():
    diagnosis = examined(Biped().exchange(motor_neurons(lambda m: replace(m, delay=1.4))))
    assert {(f.check, f.severity) for f in diagnosis.findings} == {("vanishing-delay", "note")}


@pytest.mark.parametrize(("ends", "says"), [((2.0, 3.0), "never reaches"), ((-3.0, -2.0), "always saturated")])
def test_a_range_out_of_reach(ends, says):
    def change(old):
        return [replace(old, range=ends)] if isinstance(old, JointAngle) and "knee" in old.joint else [old]

    diagnosis = examined(Biped().exchange(change))
    alone(diagnosis, "afferent-range", "warning", "JointAngle('R_knee')")
    assert len(diagnosis.by("afferent-range")) == 2 and says in diagnosis.by("afferent-range")[0].message


def test_an_unused_neuron():
    animal = Biped()
    animal.network.add_neuron(sns.NonSpikingNeuron(), "forgotten")
    alone(examined(animal), "unused-neuron", "warning", "forgotten")


def test_an_input_that_nothing_feeds():
    animal = Biped()
    animal.network.add_input("drive", name="wish")
    alone(examined(animal), "unfed-input", "warning", "wish")


def test_a_neuron_whose_input_is_forgotten_cannot_leave_rest():
    def change(old):
        return [] if isinstance(old, SensorChannel) and old.to.endswith("Ib_knee_ext") else [old]

    diagnosis = examined(Biped().exchange(change))
    told = [f for f in diagnosis.findings if f.check != "unused-sensor"]
    assert {(f.check, f.severity, f.place) for f in told} == {
        ("stuck-neuron", "warning", f"{side}_Ib_knee_ext") for side in "LR"
    }


@pytest.mark.parametrize(("bias", "says"), [(90.0, "always saturated"), (-90.0, "never")])
def test_a_neuron_that_is_always_saturated_or_silent(bias, says):
    animal = Biped()
    animal.network.add_neuron(sns.NonSpikingNeuron(bias=bias), "tone")
    animal.network.add_connection(sns.NonSpikingSynapse(0.5, 60.0), "drive", "tone")
    animal.network.add_connection(sns.NonSpikingSynapse(0.01, 60.0), "tone", "L_RG_ext")
    diagnosis = examined(animal)
    alone(diagnosis, "stuck-neuron", "warning", "tone")
    assert says in diagnosis.by("stuck-neuron")[0].message


def test_a_neuron_that_can_never_spike():
    animal = Biped()
    animal.network.add_neuron(sns.SpikingNeuron(threshold_initial_value=50.0), "spiker")
    animal.network.add_connection(sns.NonSpikingSynapse(0.5, 40.0), "drive", "spiker")
    animal.network.add_connection(sns.SpikingSynapse(0.1, 60.0, 5.0), "spiker", "L_RG_ext")
    diagnosis = examined(animal)
    alone(diagnosis, "stuck-neuron", "warning", "spiker")
    assert "never spike" in diagnosis.by("stuck-neuron")[0].message


def test_motor_neurons_that_start_where_they_never_are_again():
    """As in the published script, whose muscles hear 0 mV at first, far above all that motor neurons do."""
    diagnosis = examined(Biped(network=network(motor_start=90.0)))
    alone(diagnosis, "initial-state", "warning", "L_MN_hip_ext")
    assert len(diagnosis.by("initial-state")) == 12


def test_a_neural_step_that_jumps_over_its_goal():
    animal = Biped(dt=2.0)
    diagnosis = examined(animal)
    alone(diagnosis, "coarse-step", "warning", "membrane")
    assert "1.28 ms" in diagnosis.by("coarse-step")[0].message


def test_a_neural_step_that_is_unstable():
    diagnosis = examined(Biped(dt=10.0))
    alone(diagnosis, "coarse-step", "error")


def test_a_physics_step_that_is_too_coarse():
    text = body().to_xml().replace('joint name="L_knee"', 'joint stiffness="9000" name="L_knee"').replace(
        'joint name="R_knee"', 'joint stiffness="9000" name="R_knee"'
    )  # fmt: skip
    animal = Biped()
    animal.body = mujoco.MjSpec.from_string(text)
    diagnosis = examined(animal)
    assert any(f.check == "coarse-step" and "knee" in f.place for f in diagnosis.findings), str(diagnosis)


def test_an_actuator_that_nothing_drives():
    def change(old):
        return [] if isinstance(old, Efferent) and "ankle_flx" in old.drives else [old]

    diagnosis = examined(Biped().exchange(change))
    alone(diagnosis, "unreachable-actuator", "warning", "L_ankle_flx")
    assert [f.place for f in diagnosis.by("unreachable-actuator")] == ["L_ankle_flx", "R_ankle_flx"]


def test_a_motor_neuron_that_never_reaches_its_range():
    change = motor_neurons(lambda m: replace(m, range=(80.0, 90.0)) if "knee_ext" in m.neuron else m)
    diagnosis = examined(Biped().exchange(change))
    alone(diagnosis, "unreachable-actuator", "warning", "MotorNeuron('L_MN_knee_ext')")


def test_an_actuator_that_moves_nothing():
    text = body().to_xml()
    for side in "LR":
        text = text.replace(f'<joint joint="{side}_hip" coef="{ARM}"/>', f'<joint joint="{side}_hip" coef="0"/>')
    animal = Biped()
    animal.body = mujoco.MjSpec.from_string(text)
    diagnosis = examined(animal)
    assert any(f.check == "unreachable-actuator" and "hip_flx" in f.place for f in diagnosis.findings), str(diagnosis)


def test_muscles_whose_copies_differ():
    animal = Biped()
    animal.body.actuator("R_hip_ext").gainprm[2] = 50.0
    diagnosis = examined(animal)
    alone(diagnosis, "unequal-muscles", "warning", "L_hip_ext and R_hip_ext")
    assert "60 and 50" in diagnosis.by("unequal-muscles")[0].message


def test_moment_arms_that_differ():
    animal = Biped()
    animal.body = mujoco.MjSpec.from_string(
        body().to_xml().replace(f'<joint joint="R_hip" coef="{ARM}"/>', '<joint joint="R_hip" coef="0.03"/>')
    )
    diagnosis = examined(animal)
    alone(diagnosis, "unequal-muscles", "warning", "L_hip_flx and R_hip_flx")
    assert "moment arm about hip" in diagnosis.by("unequal-muscles")[0].message


def test_adapters_whose_copies_differ():
    def change(old):
        return [replace(old, gain=15.0)] if getattr(old, "joint", "") == "L_knee" else [old]

    diagnosis = examined(Biped().exchange(change))
    alone(diagnosis, "unequal-adapters", "warning", "JointAngle('L_knee')")


def test_an_adapter_without_a_copy():
    animal = Biped()
    animal.adapters.append(JointVelocity("R_knee", to="R_knee_angle", range=(-5, 5), gain=1.0))
    alone(examined(animal), "unequal-adapters", "warning", "JointVelocity('R_knee')")


def test_joints_may_turn_the_other_way_round_on_the_other_side():
    """Exchanged ends of a range, and opposite ones, are no difference."""
    animal = Biped()
    text = body().to_xml()
    start = text.index('<joint name="R_hip"')
    end = text.index("/>", start)
    text = text[:start] + text[start:end].replace('axis="0 1 0"', 'axis="0 -1 0"') + text[end:]
    for coef in (ARM, -ARM):
        text = text.replace(f'joint="R_hip" coef="{coef}"', f'joint="R_hip" coef="{-coef}x"')
    animal.body = mujoco.MjSpec.from_string(text.replace('x"/>', '"/>'))

    def change(old):
        return [replace(old, range=tuple(-r for r in old.range))] if getattr(old, "joint", "") == "R_hip" else [old]

    diagnosis = examined(animal.exchange(change))
    assert not diagnosis.findings, str(diagnosis)


def test_limits_in_degrees():
    animal = Biped()
    text = body().to_xml()
    for joint, half in RANGES.items():
        for side in "LR":
            text = text.replace("</actuator>", f'<position name="{side}_{joint}_servo" joint="{side}_{joint}" kp="1" '
                                f'ctrlrange="-{half} {half}"/></actuator>')  # fmt: skip
    animal.body = mujoco.MjSpec.from_string(text)
    for joint in animal.body.joints:
        joint.range = np.radians(joint.range)
    diagnosis = examined(animal)
    assert [f.severity for f in diagnosis.by("joint-limits")] == ["warning"], str(diagnosis)


def test_unknown_names_are_all_told_at_once():
    def change(old):
        if isinstance(old, JointAngle):
            return [replace(old, joint=old.joint.replace("knee", "kneee"))]
        return [replace(old, neuron="L_MN_hipp_ext")] if getattr(old, "neuron", "") == "L_MN_hip_ext" else [old]

    diagnosis = examined(Biped().exchange(change))
    alone(diagnosis, "unknown-name", "error", "JointAngle('L_kneee')", "JointAngle('R_kneee')", "L_MN_hipp_ext")
    assert len(diagnosis.findings) == 3
    assert any("did you mean 'L_knee'" in f.message for f in diagnosis.findings)


def test_an_actuator_that_is_driven_twice():
    animal = Biped()
    animal.adapters.append(MotorNeuron(neuron="L_MN_hip_flx", drives="L_hip_ext"))
    alone(examined(animal), "refused", "error", "MotorNeuron('L_MN_hip_flx')")


def test_a_model_tells_as_much_without_its_description():
    animal = Biped().exchange(motor_neurons(lambda m: replace(m, drives=swapped(m.drives, "L", "R"))))
    assert [f.place for f in doctor(animal.attached().compile()).by("sides")] == [
        f.place for f in examined(animal).by("sides")
    ]


def test_nothing_of_what_is_examined_changes():
    animal = Biped()
    simulation = sns.Simulation(animal.attached())
    simulation.commands["drive"] = 0.5
    simulation.step(20)
    before, flags = simulation.snapshot().state, simulation.model.opt.disableflags
    numbers = np.array(simulation.model.numeric_data)
    first, second = doctor(simulation).to_json(), doctor(simulation).to_json()
    assert np.array_equal(before, simulation.snapshot().state) and flags == simulation.model.opt.disableflags
    assert np.array_equal(numbers, simulation.model.numeric_data)
    assert first == second


def test_network_and_command_reach_every_part():
    """The sound animal of these tests is no empty one."""
    assert network().get_num_neurons() == 47 and isinstance(Biped().adapters[0], Command)
