"""Adapters of AnimatLab projects: from body to neuron, from neuron to body, and between neurons."""

import math

import mujoco
import numpy as np
import pytest

from sns_mujoco import adapters
from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.equations import infix


def sigmoid(v, a=-0.05, b=20, c=100, d=-0.13):
    """Active tension (N) of the small muscles at a potential in V."""
    return max(b / (1 + math.exp(c * (a - v))) + d, 0.0)


def current(simulation, name):
    """What the only synapse of a sensory neuron brings: nA, at its resting potential of -60 mV."""
    return simulation.potential(name) + 60  # 1 uS: 1 nA moves it by 1 mV


@pytest.fixture
def one(asim, read):
    """One adapter of the small leg, read, with a neuron `n` in each of two modules."""

    def make(*wires, rates=(), neurons=(), held=False, **options):
        modules = [asim.fire_module([asim.neuron("n", TimeConst=1), *neurons], adapters=wires)]
        if rates:
            modules.append(asim.rate_module(*rates))
        text = asim.leg(*modules, **options)
        return read(text.replace("<EnableMotor>False", "<EnableMotor>True") if held else text)

    return make


def test_joint_angle_reaches_its_neuron(asim, one):
    """In rad, degrees and rad/s; gains map SI units to amperes."""
    wire = asim.adapter("hip", "JointRotation", "n", asim.gain(c=5e-9, d=2e-9))
    simulation = one(wire, held=True).simulation()
    simulation.data.qpos[0] = 0.4
    simulation.run(0.05)
    assert simulation.data.qpos[0] == pytest.approx(0.4, abs=0.02)
    assert current(simulation, "n") == pytest.approx(5 * float(simulation.data.qpos[0]) + 2, rel=2e-3)
    degrees = one(asim.adapter("hip", "JointRotationDeg", "n")).adapters[0]
    assert degrees.curve(1.0) == pytest.approx(180 / math.pi * 1e9)
    velocity = one(asim.adapter("hip", "JointActualVelocity", "n", asim.gain(c=1e-9))).adapters[0]
    assert isinstance(velocity, adapters.JointVelocity) and velocity.curve(3.0) == pytest.approx(3)


@pytest.mark.parametrize(
    ("source", "signal", "kind", "value"),
    [
        ("receptor", "Ia", adapters.StretchReceptor, 1.0), ("receptor", "II", adapters.StretchReceptor, 1.0),
        ("receptor", "Ib", adapters.StretchReceptor, 1.0), ("extensor", "Ib", adapters.TendonForce, 100.0),
        ("extensor", "Tension", adapters.TendonForce, 1.0), ("extensor", "MuscleLength", adapters.TendonLength, 1.0),
        ("extensor", "Vmuscle", adapters.TendonVelocity, 1.0), ("receptor", "Length", adapters.TendonLength, 1.0),
        ("thigh", "ContactCount", adapters.Cutaneous, 1.0),
        ("thigh", "WorldPositionY", adapters.SensorChannel, 1.0),
        ("thigh", "BodyLinearVelocityZ", adapters.SensorChannel, -1.0),
    ],
)  # fmt: skip
def test_signals(asim, one, source, signal, kind, value):
    project = one(asim.adapter(source, signal, "n", asim.gain(c=3e-9)))
    (afferent,) = project.adapters
    assert type(afferent) is kind and afferent.to == "n"
    assert afferent.curve(1.0) == pytest.approx(3 * value)
    assert project.represented == 1 and not [e for e in project.report.of("unsupported") if e.what == "Adapter"]


def test_stretch_receptor_has_its_own_hill_model(asim, one):
    project = one(asim.adapter("receptor", "Ia", "n", asim.gain(c=1e-9)))
    (afferent,) = project.adapters
    assert (afferent.kse, afferent.kpe, afferent.damping) == (50, 0.01, 0.4)
    assert (afferent.rest_length, afferent.constant, afferent.max_tension) == (0.2, 100, 60)
    assert afferent.series_fraction == pytest.approx(0.1) and afferent.min_parallel == pytest.approx(0.05)


def test_body_positions_are_those_of_animatlabs_axes(asim, one):
    wires = [asim.adapter("thigh", f"WorldPosition{axis}", "n", asim.gain(c=1e-9)) for axis in "XYZ"]
    project = one(*wires)
    model = project.body.compile()
    data = mujoco.MjData(model)
    data.qpos[0] = 0.7
    mujoco.mj_forward(model, data)
    values = [a.curve(float(data.sensor(a.sensor).data[a.channel])) for a in project.adapters]
    x, y, z = data.body("thigh").xpos
    np.testing.assert_allclose(values, (x, z, -y), atol=1e-12)


@pytest.mark.parametrize(
    ("gain", "expected"),
    [
        (dict(kind="Bell", a=0.1, b=2e-9, c=3, d=1e-9), lambda x: 2 * math.exp(-3 * (x - 0.1) ** 2) + 1),
        (dict(kind="Sigmoid", a=0.1, b=2e-9, c=3, d=1e-9), lambda x: 2 / (1 + math.exp(3 * (0.1 - x))) + 1),
        (dict(a=1e-9, b=2e-9, c=3e-9, d=4e-9), lambda x: x**3 + 2 * x**2 + 3 * x + 4),
        (dict(kind="Equation", Equation="x,2,^,3,*,0.5,-,0.000000001,*"), lambda x: 3 * x**2 - 0.5),
        (dict(UseLimits=True, LowerLimit=-0.2, UpperLimit=0.3, LowerOutput=-5e-9, UpperOutput=7e-9, c=1e-9),
         lambda x: -5 if x < -0.2 else 7 if x > 0.3 else x),
    ],
)  # fmt: skip
def test_gains(asim, one, gain, expected):
    (afferent,) = one(asim.adapter("hip", "JointRotation", "n", asim.gain(**gain))).adapters
    for x in (-0.9, -0.21, 0.0, 0.1, 0.29, 0.8):
        assert float(afferent.curve(x)) == pytest.approx(expected(x), abs=1e-9)


def test_muscle_is_excited_by_the_tension_that_its_membrane_gives(asim, one):
    """A straight gain folds into the sigmoid of the muscle; another makes an equation of both."""
    straight = asim.adapter("n", "MembraneVoltage", "extensor", kind="NodeToPhysical")
    bent = asim.adapter("n", "MembraneVoltage", "flexor", asim.gain(b=-10.0), kind="NodeToPhysical")
    project = one(straight, bent)
    first, second = project.adapters
    assert (first.drives, second.drives) == ("extensor", "flexor")
    assert isinstance(first.curve, adapters.Sigmoid)
    force = 20 - 0.13
    for v in (-90, -75, -60, -50, -40, 0):
        assert max(float(first.curve(v)), 0) * force == pytest.approx(sigmoid(v / 1000), abs=1e-9)
        bent_v = -10 * (v / 1000) ** 2 + v / 1000
        assert float(second.curve(v)) * force == pytest.approx(sigmoid(bent_v), abs=1e-9)


def test_muscle_pulls_when_its_neuron_is_active(asim, one):
    wire = asim.adapter("n", "MembraneVoltage", "extensor", kind="NodeToPhysical")
    on = asim.stimulus("Current", "on", TargetNodeID="id-n", CurrentOn=3e-8)
    simulation = one(wire, held=True, stimuli=[on]).simulation()
    simulation.run(0.1)
    before = -simulation.data.actuator("extensor").force[0]
    simulation.run(0.1)
    after = -simulation.data.actuator("extensor").force[0]
    assert before > 1 and after / before == pytest.approx(sigmoid(-0.03) / sigmoid(-0.06), rel=0.1)


def test_motors_follow_neurons(asim, one):
    """The gain says which velocity (rad/s) or position (rad) a potential asks for."""
    wire = asim.adapter("n", "MembraneVoltage", "hip", asim.gain(c=10, d=0.8), kind="NodeToPhysical")
    project = one(wire)
    assert project.adapters[0].drives == "hip motor"
    assert float(project.adapters[0].curve(-60.0)) == pytest.approx(0.2)
    simulation = project.simulation()
    simulation.run(0.1)
    assert simulation.data.qvel[0] == pytest.approx(0.2, rel=0.05)
    place = asim.adapter("n", "MembraneVoltage", "hip", asim.gain(c=10, d=0.8), kind="NodeToPhysical",
                         TargetDataType="DesiredPosition")  # fmt: skip
    simulation = one(place).simulation()
    simulation.run(1.5)
    assert simulation.data.qpos[0] == pytest.approx(0.2, abs=0.02)


def test_between_neurons(asim, one):
    """Straight gains become one synapse, others straight pieces, and rates of the other module ramps."""
    second = asim.neuron("m", TimeConst=1)
    project = one(asim.adapter("n", "MembraneVoltage", "m", asim.gain(c=2e-7, d=15e-9), kind="NodeToNode"),
                  neurons=[second])  # fmt: skip
    simulation = project.simulation()
    simulation.run(0.05)
    assert current(simulation, "m") == pytest.approx(0.2 * -60 + 15, abs=1e-3)
    assert project.represented == 1
    bent = asim.gain("Bell", a=-0.055, b=8e-9, c=20000, d=0)
    project = one(asim.adapter("n", "MembraneVoltage", "m", bent, kind="NodeToNode"), neurons=[second])
    simulation = project.simulation()
    simulation.run(0.05)
    expected = 8 * math.exp(-20000 * 0.005**2)
    assert current(simulation, "m") == pytest.approx(expected, abs=0.2)
    assert any("straight lines" in entry.why for entry in project.report.of("approximated"))
    rate = asim.rate_neuron("r", ExternalI=2.4e-9, Fmin=0.1)  # 24 mV above its threshold
    project = one(asim.adapter("r", "FiringFrequency", "n", asim.gain(c=2e-8), kind="NodeToNode"), rates=[rate])
    simulation = project.simulation()
    simulation.run(1.0)
    assert current(simulation, "n") == pytest.approx(20 * (20 * 0.024 + 0.1), rel=1e-2)


def test_delays(asim, one):
    """A delay buffer delays, in s, if it is switched on."""
    buffered = asim.adapter("hip", "JointRotation", "n", asim.gain(), DelayBufferMode=1, DelayBufferInterval=0.02)
    assert one(buffered).adapters[0].delay == pytest.approx(20)
    assert one(buffered.replace("Mode>1<", "Mode>0<")).adapters[0].delay == 0
    with pytest.raises(AnimatLabError, match="up to 10 is read"):
        one(buffered.replace("0.02", "20"))


def test_adapters_that_add_up(asim, one):
    wires = [
        asim.adapter("hip", signal, "n", asim.gain(d=2e-9, c=0)) for signal in ("JointRotation", "JointRotationDeg")
    ]
    simulation = one(*wires).simulation()
    simulation.run(0.05)
    assert current(simulation, "n") == pytest.approx(4, rel=1e-3)


def test_what_is_left_out_is_listed(asim, one):
    wires = {
        "disabled": asim.adapter("hip", "JointRotation", "n", Enabled=False),
        "the signal": asim.adapter("hip", "JointMoonPhase", "n"),
        "receptive fields": asim.adapter("thigh", "ContactCount", "n", kind="Contact"),
        "property": asim.adapter("n", "MembraneVoltage", "thigh", kind="PropertyControlAdapter"),
        "cannot be driven": asim.adapter("n", "MembraneVoltage", "thigh", kind="NodeToPhysical"),
        "neither end": asim.adapter("hip", "JointRotation", "extensor"),
        "not excited": asim.adapter("n", "MembraneVoltage", "receptor", kind="NodeToPhysical"),
    }
    for why, wire in wires.items():
        project = one(wire)
        (entry,) = [e for e in project.report.of("unsupported") if e.what == "Adapter"]
        assert why in entry.why and project.represented == 0 and not project.adapters
    twice = [asim.adapter(n, "MembraneVoltage", "extensor", kind="NodeToPhysical") for n in ("n", "m")]
    project = one(*twice, neurons=[asim.neuron("m")])
    assert [a.neuron for a in project.adapters] == ["n"]
    assert any("'n' drives it already" in entry.why for entry in project.report.of("unsupported"))


def test_muscle_without_adapter_that_pulls_all_the_same(asim, read):
    """AnimatLab's muscles begin at -150 mV; whatever they would pull with there is told."""
    text = asim.leg(asim.fire_module([asim.neuron("n")]))
    assert "without an adapter" not in str(read(text).report)
    report = read(text.replace("<D>-0.13</D>", "<D>2</D>")).report.of("approximated")
    assert [e.name for e in report if "without an adapter it pulls with 2" in e.why] == ["extensor", "flexor"]


def test_broken_adapters_are_refused(asim, one):
    for wire, message in (
        (asim.adapter("gone", "JointRotation", "n"), "source 'id-gone' is no ID"),
        (asim.adapter("hip", "JointRotation", "gone"), "target 'id-gone' is no ID"),
        (asim.adapter("hip", "JointRotation", "n", kind="Telepathy"), "adapter type 'Telepathy' is unknown"),
        (asim.adapter("hip", "JointRotation", "n", asim.gain("Wavelet")), "gain type 'wavelet' is unknown"),
        (asim.adapter("hip", "JointRotation", "n", "<Gain><Type>Bell</Type></Gain>"), "has no <A>"),
        (asim.adapter("hip", "JointRotation", "n", asim.gain(c="NaN")), "<C> is 'NaN'; give a finite number"),
        (asim.adapter("hip", "JointRotation", "n", asim.gain("Equation", Equation="x,+")), "too few operands"),
        (asim.adapter("hip", "JointRotation", "n", asim.gain(UseLimits=True, LowerLimit=2, UpperLimit=1, LowerOutput=0,
                                                             UpperOutput=0)), "in the wrong order"),
    ):  # fmt: skip
        with pytest.raises(AnimatLabError, match=message):
            one(wire)


def test_equations_in_postfix():
    """AnimatLab's evaluator, number by number."""
    for text, x, value in (
        ("x,2,^,3,+", 3, 12), ("10,x,-", 4, 6), ("x,cos,x,sin,+", 0.3, math.cos(0.3) + math.sin(0.3)),
        ("x,tan,x,exp,/", 0.3, math.tan(0.3) / math.exp(0.3)), ("x,sqrt", 9, 3), ("-1.5e-3,x,*", 2, -0.003),
        ("x,3,%", 7, 1), ("x,3,%", -7, -1),
    ):  # fmt: skip
        assert float(adapters.Equation(infix(text, {"x": "x"}, "it"))(x)) == pytest.approx(value)
    for text, message in (
        ("x,acos", "acos has no counterpart"), ("rnd", "random"), ("x,y,+", "'y'; give a finite number"),
        ("x,x", "no expression"), ("", "no expression"), ("+", "too few operands"), ("1," * 3000, "characters"),
        (",".join(["x"] + ["x,%"] * 12), "too long"),
    ):  # fmt: skip
        with pytest.raises(AnimatLabError, match=message):
            infix(text, {"x": "x"}, "it")
