"""What is wrong with an afferent is said before anything runs, with culprit and remedy."""

from dataclasses import replace

import pytest
from limb import animal, body

from sns_mujoco.adapters import (
    FARMS_IA,
    Activation,
    AngularVelocity,
    Cutaneous,
    Excitation,
    GolgiTendonOrgan,
    JointLimit,
    LinearAcceleration,
    MotorNeuron,
    Orientation,
    SpindleIa,
    SpindleII,
    SpindleModel,
    StretchReceptor,
    TendonLength,
    conduction_delay,
)
from sns_mujoco.errors import AttachError, UnknownNameError
from sns_mujoco.muscles import find_muscles

TO = dict(to="sum", range=(0, 1))
HILL = dict(kse=900.0, kpe=150.0, damping=6.0, rest_length=0.165, max_tension=3.0, **TO)


@pytest.mark.parametrize(
    ("adapter", "message"),
    [
        (SpindleIa("flexr", **TO), r"no muscle named 'flexr' .*SpindleIa\('flexr'\); did you mean 'flexor'"),
        (GolgiTendonOrgan("front", **TO), "no muscle named 'front'"),
        (TendonLength("frnt", **TO), "no muscle or tendon named 'frnt'.*'front'"),
        (StretchReceptor("flexor", **HILL), "no tendon named 'flexor'"),
        (SpindleIa("flexor", gamma_dynamic="dynamik", **TO), "no neuron named 'dynamik'.*'dynamic'"),
        (SpindleIa("flexor", gamma_static="pool[1]", **TO), r"SpindleIa\('flexor'\): 'pool\[1\]' spikes"),
        (SpindleIa("flexor", model=FARMS_IA, alpha="pool[0]", **TO), "spikes, so its potential says little"),
        (JointLimit("wrist", side="upper", margin=0.1, **TO), "the joint has no limits; give it a range"),
        (JointLimit("elbw", side="upper", margin=0.1, **TO), "no joint named 'elbw'"),
        (Cutaneous("palmm", on=1.0, **TO), "no geom, body or site named 'palmm'.*'palm'"),
        (Orientation("bone", "yaw", **TO), "no site or body named 'bone'"),
        (AngularVelocity("hand", "x", **TO), "no site named 'hand'"),
        (MotorNeuron("alpha", drives="flexr"), "no actuator named 'flexr'"),
    ],
)  # fmt: skip
def test_names_that_are_not_there_and_things_of_the_wrong_kind(adapter, message):
    with pytest.raises((AttachError, UnknownNameError), match=message):
        animal(adapter)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SpindleIa("m", to="n"), "neither a range nor a curve"),
        (lambda: SpindleIa("m", model="fast", **TO), "model is 'fast'; give a SpindleModel"),
        (lambda: SpindleIa("m", alpha="n", **TO), "its model does not heed alpha"),
        (lambda: SpindleIa("m", model=FARMS_IA, alpha=-1, **TO), "alpha is -1; it cannot be negative"),
        (lambda: SpindleIa("m", model=FARMS_IA, alpha=[], **TO), "give the name of a neuron, an Activation"),
        (lambda: SpindleII("m", gamma_static=Excitation(), **TO), "gamma_static is an Excitation"),
        (lambda: SpindleIa("m", static_effect=2.0, **TO), "need a gamma_static"),
        (lambda: SpindleIa("m", dynamic_effect=2.0, **TO), "needs a gamma_dynamic"),
        (lambda: SpindleII("m", gamma_dynamic="n", **TO), None),
        (lambda: SpindleModel(citation="", unit="mm"), "citation is ''"),
        (lambda: SpindleModel(citation="x", unit="inch"), "unit is 'inch'; give 'mm' or 'rest lengths'"),
        (lambda: SpindleModel(citation="x", unit="mm", exponent=0.0), "exponent is 0.0; it must be above 0"),
        (lambda: Activation("n", (1, 1)), "its two ends must differ"),
        (lambda: GolgiTendonOrgan("m", rate=0.0, to="n"), "rate is 0.0"),
        (lambda: Cutaneous("f", on=0.0, to="n"), "on is 0.0; it must be above 0"),
        (lambda: Cutaneous("f", on=1.0, off=2.0, to="n"), "it must switch off below `on`"),
        (lambda: JointLimit("j", side="left", margin=1.0, to="n"), "side is 'left'; give 'upper' or 'lower'"),
        (lambda: JointLimit("j", side="upper", margin=0.0, to="n"), "margin is 0.0"),
        (lambda: Orientation("s", "up", **TO), "axis is 'up'; give 'roll', 'pitch' or 'yaw'"),
        (lambda: LinearAcceleration("s", 0, **TO), "axis is 0; give 'x', 'y' or 'z'"),
        (lambda: StretchReceptor("t", "III", **HILL), "ending is 'III'"),
        (lambda: StretchReceptor("t", **HILL | {"kse": 0.0}), "kse is 0.0; it must be above 0"),
        (lambda: StretchReceptor("t", **HILL | {"rest_length": 0.0}), "rest_length is 0.0"),
        (lambda: StretchReceptor("t", excitation=0.5, **HILL), "excitation, force and width belong together"),
        (lambda: StretchReceptor("t", excitation=Excitation(), force=1, width=1, **HILL), "no excitation of its own"),
        (lambda: conduction_delay(length=-1.0, velocity=80.0), "length is -1.0"),
        (lambda: conduction_delay(length=1.0, velocity=0.0), "velocity is 0.0"),
        (lambda: conduction_delay(length=1.0, velocity="III"), "no group of fibres named 'III'.*'II'"),
    ],
)  # fmt: skip
def test_adapters_check_themselves(make, message):
    with pytest.raises((AttachError, UnknownNameError, TypeError), match=message):
        make()


def test_conduction_delays():
    assert conduction_delay(length=0.24, velocity=80.0) == pytest.approx(3.0)
    assert conduction_delay(length=0.096, velocity="Ia") == pytest.approx(1.0)
    assert conduction_delay(length=0.48, velocity="II") == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("damage", "message"), [({"force": 0.0}, "peak force 0 N"), ({"rest_length": 0.0}, "rest length 0 m; give it one")]
)
def test_a_muscle_without_length_or_force_is_refused(monkeypatch, damage, message):
    found = {name: replace(muscle, **damage) for name, muscle in find_muscles(body()).items()}
    monkeypatch.setattr("sns_mujoco.cosim.references.find_muscles", lambda model: found)
    with pytest.raises(AttachError, match=rf"GolgiTendonOrgan\('flexor'\): muscle 'flexor' has the {message}"):
        animal(GolgiTendonOrgan("flexor", **TO))
