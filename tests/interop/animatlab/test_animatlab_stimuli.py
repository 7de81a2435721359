"""AnimatLab's external stimuli, and the simulation that plays them."""

import math

import numpy as np
import pytest

from sns_mujoco.errors import AnimatLabError, UnknownNameError


@pytest.fixture
def stimulated(asim, read):
    """The small leg with a neuron `n` and stimuli."""

    def make(*stimuli, held=False):
        text = asim.leg(asim.fire_module([asim.neuron("n", TimeConst=1)]), stimuli=stimuli)
        return read(text.replace("<EnableMotor>False", "<EnableMotor>True") if held else text)

    return make


def played(project, seconds=0.5, step=0.005, **options):
    """Potential of `n` above its rest at the end of every step of 5 ms: what is injected, nA."""
    simulation = project.simulation(**options)
    values = []
    for _ in range(round(seconds / step)):
        simulation.run(step)
        values.append(simulation.potential("n") + 60)
    return np.array(values)


def test_tonic_current(asim, stimulated):
    project = stimulated(asim.stimulus("Current", "push", TargetNodeID="id-n", CurrentType="Tonic", CurrentOn=4e-9))
    values = played(project)
    np.testing.assert_allclose(values[:20], 0, atol=1e-6)
    np.testing.assert_allclose(values[21:60], 4, atol=0.05)
    np.testing.assert_allclose(values[62:], 0, atol=0.05)
    (stimulus,) = project.stimuli
    assert (stimulus.name, stimulus.kind, stimulus.target, stimulus.start, stimulus.end) == (
        "push", "current", "n", 0.1, 0.3,
    )  # fmt: skip
    assert stimulus.command.name == "push" and stimulus.command.to == "n"


def test_repetitive_and_burst_currents(asim, stimulated):
    cycle = {"TargetNodeID": "id-n", "CurrentOn": 4e-9, "CurrentOff": -1e-9, "CycleOnDuration": 0.02,
             "CycleOffDuration": 0.03}  # fmt: skip
    values = played(stimulated(asim.stimulus("Current", "push", CurrentType="Repetitive", **cycle)), step=0.01)
    np.testing.assert_allclose(values[11:30], ([4, -1, -1, -1, 4] * 4)[:19], atol=0.01)
    burst = asim.stimulus("Current", "push", CurrentType="Burst", CurrentBurstOff=2e-9, BurstOnDuration=0.05,
                          BurstOffDuration=0.04, **cycle)  # fmt: skip
    values = played(stimulated(burst), step=0.01)
    np.testing.assert_allclose(values[10:28], [4, 4, -1, -1, -1, 2, 2, 2, 2] * 2, atol=0.01)


def test_current_by_an_equation(asim, stimulated):
    """In nA, by the time since the stimulus began; with cycles, by the time when each began."""
    push = asim.stimulus("Current", "push", TargetNodeID="id-n", CurrentType="Tonic",
                         CurrentOnEquation="t,10,*,sin,5,*")  # fmt: skip
    values = played(stimulated(push))
    expected = [5 * math.sin(10 * (0.005 * (k + 1) - 0.001)) for k in range(39)]
    np.testing.assert_allclose(values[20:59], expected, atol=0.1)
    push = asim.stimulus("Current", "push", TargetNodeID="id-n", CurrentType="Repetitive", CurrentOnEquation="t,10,*",
                         CurrentOff=-1e-9, CycleOnDuration=0.02, CycleOffDuration=0.03)  # fmt: skip
    values = played(stimulated(push), step=0.01)
    np.testing.assert_allclose(values[16:30], [0.5, -1, -1, -1, 1, 1, -1, -1, -1, 1.5, 1.5, -1, -1, -1], atol=0.01)


def test_voltage_clamp(asim, stimulated):
    clamp = asim.stimulus("VoltageClamp", "hold", TargetNodeID="id-n", Vtarget=-0.045)
    values = played(stimulated(clamp))
    np.testing.assert_allclose(values[22:59], 15, atol=0.1)
    np.testing.assert_allclose(values[70:], 0, atol=0.05)


def test_force_on_a_body(asim, stimulated):
    """Along AnimatLab's axes, by the time of the simulation; a force beside the centre turns."""
    push = asim.stimulus("ForceInput", "shove", asim.vector("RelativePosition", (0, 0.1, 0)), BodyID="id-thigh",
                         ForceX="t,2,*", ForceY="0", ForceZ="3", TorqueX="0", TorqueY="0.5", TorqueZ="0")  # fmt: skip
    simulation = stimulated(push).simulation()
    simulation.run(0.05)
    np.testing.assert_allclose(simulation.data.body("thigh").xfrc_applied, 0)
    simulation.run(0.15)
    force = 0.4, -3, 0
    torque = np.array([0, 0, 0.5]) + np.cross((0, 0, 0.1), force)
    np.testing.assert_allclose(simulation.data.body("thigh").xfrc_applied, (*force, *torque), atol=1e-3)
    simulation.run(0.2)
    np.testing.assert_allclose(simulation.data.body("thigh").xfrc_applied, 0)


def test_motor_stimulus(asim, stimulated):
    turn = asim.stimulus("MotorVelocity", "turn", JointID="id-hip", Velocity="1.5")
    simulation = stimulated(turn, held=True).simulation()
    simulation.run(0.2)
    assert simulation.data.qvel[0] == pytest.approx(1.5, rel=0.05)
    simulation.run(0.2)
    assert simulation.data.qvel[0] == pytest.approx(0, abs=0.05)
    assert stimulated(turn).body.compile().actuator("hip motor").id >= 0  # made for the stimulus alone


def test_which_stimuli_are_played(asim, stimulated):
    """Those that are enabled, or those that are asked for."""
    stimuli = [
        asim.stimulus("Current", name, TargetNodeID="id-n", CurrentOn=value, AlwaysActive=True, Enabled=on)
        for name, value, on in (("on", 2e-9, True), ("off", 3e-9, False))
    ]
    project = stimulated(*stimuli)
    assert [s.name for s in project.stimuli] == ["on", "off"]
    for names, value in ((None, 2), (["off"], 3), (["on", "off"], 5), ([], 0)):
        assert played(project, 0.05, stimuli=names)[-1] == pytest.approx(value, abs=1e-3)
    with pytest.raises(UnknownNameError, match="of[f]?"):
        project.simulation(stimuli=["offf"])


def test_steps_end_where_stimuli_change(asim, stimulated):
    """One long call steps as many short ones do."""
    project = stimulated(asim.stimulus("Current", "push", TargetNodeID="id-n", CurrentOn=4e-9))
    one, many = project.simulation(), project.simulation()
    one.run(0.25)
    for _ in range(1250):
        many.step()
    assert one.potential("n") == many.potential("n") and one.data.qpos[0] == many.data.qpos[0]


def test_what_is_left_out_is_listed(asim, stimulated):
    project = stimulated(
        asim.stimulus("EnablerInput", "switch", BodyID="id-thigh"),
        asim.stimulus("PropertyControlStimulus", "knob", TargetID="id-thigh"),
        asim.stimulus("Current", "astray", TargetNodeID="id-thigh", CurrentOn=1e-9),
    )
    assert {e.name for e in project.report.of("unsupported") if e.what == "Stimulus"} == {"switch", "knob", "astray"}
    assert {s.kind for s in project.stimuli} == {"unsupported"}
    project.simulation().run(0.01)


def test_broken_stimuli_are_refused(asim, stimulated):
    for stimulus, message in (
        (asim.stimulus("Current", "push", TargetNodeID="id-gone", CurrentOn=1), "target 'id-gone' is no ID"),
        (asim.stimulus("Curse", "push"), "stimulus type 'Curse' is unknown"),
        (asim.stimulus("Current", "push", TargetNodeID="id-n", CurrentType="Strange"), "<CurrentType> is 'strange'"),
        (asim.stimulus("Current", "push", TargetNodeID="id-n", CurrentOn="inf"), "give a finite number"),
        (asim.stimulus("MotorVelocity", "turn", JointID="id-hip", Velocity="p,2,*"), "joint's own movement"),
    ):
        with pytest.raises(AnimatLabError, match=message):
            stimulated(stimulus)
