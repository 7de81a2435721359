"""Adapters of both sides from those of one."""

import pytest

from sns_mujoco.adapters import (
    FARMS_IA,
    Activation,
    AntagonistPair,
    Command,
    Cutaneous,
    Excitation,
    JointAngle,
    MotorNeuron,
    MotorPool,
    Orientation,
    SensorChannel,
    SpindleIa,
    StretchReceptor,
    mirrored,
)
from sns_mujoco.errors import AttachError, UnknownNameError

R = dict(range=(0, 1))
HILL = dict(kse=900.0, kpe=150.0, damping=6.0, rest_length=0.165, max_tension=3.0, to="II", **R)
SIDE = [
    JointAngle("hip", to="hip angle", delay=2.0, noise=0.1, range=(-0.5, 1.0)),
    SpindleIa(
        "flexor",
        model=FARMS_IA,
        to="Ia",
        alpha=Excitation(),
        gamma_dynamic="gamma",
        gamma_static=Activation("g", (1, 9)),
        **R,
    ),
    StretchReceptor("cord", "II", excitation="motor", force=1.0, width=1.0, **HILL),
    Cutaneous("foot", on=1.0, to="touch"),
    Orientation("trunk", "pitch", to="tilt", **R),
    SensorChannel("load", 2, to="load", **R),
    Command("drive", to="rhythm", **R),
    MotorNeuron("motor", drives="flexor"),
    AntagonistPair("up", "down", drives="servo", gain=0.3),
    MotorPool(("pool", "other"), drives="extensor"),
]


def test_every_name_gets_the_prefix_of_its_side():
    both = mirrored(SIDE, "L_", "R_", shared=["trunk", "drive"])
    assert len(both) == 2 * len(SIDE)
    for side, prefix in ((both[: len(SIDE)], "L_"), (both[len(SIDE) :], "R_")):
        joint, ia, receptor, skin, tilt, load, command, motor, pair, pool = side
        assert (joint.joint, joint.to, joint.delay, joint.range) == (
            f"{prefix}hip",
            f"{prefix}hip angle",
            2.0,
            (-0.5, 1.0),
        )
        assert (ia.muscle, ia.to, ia.alpha) == (f"{prefix}flexor", f"{prefix}Ia", Excitation())
        assert ia.gamma_dynamic == Activation(f"{prefix}gamma")
        assert ia.gamma_static == Activation(f"{prefix}g", (1, 9))
        assert (receptor.tendon, receptor.excitation) == (f"{prefix}cord", Activation(f"{prefix}motor"))
        assert (skin.of, tilt.of, tilt.to) == (f"{prefix}foot", "trunk", f"{prefix}tilt")
        assert (load.sensor, load.channel) == (f"{prefix}load", 2)
        assert (command.name, command.to) == ("drive", f"{prefix}rhythm")
        assert (motor.neuron, motor.drives) == (f"{prefix}motor", f"{prefix}flexor")
        assert (pair.agonist, pair.antagonist, pair.drives) == (f"{prefix}up", f"{prefix}down", f"{prefix}servo")
        assert (pool.neurons, pool.drives) == ((f"{prefix}pool", f"{prefix}other"), f"{prefix}extensor")


def test_prefixes_are_those_of_networks_if_none_are_given():
    left, right = mirrored(SIDE[:1])
    assert (left.joint, right.joint) == ("left_hip", "right_hip")


def test_what_cannot_be_mirrored():
    with pytest.raises(AttachError, match="both 'L'; give different prefixes"):
        mirrored(SIDE, "L", "L")
    with pytest.raises(AttachError, match="3 is no adapter"):
        mirrored([3])
    with pytest.raises(UnknownNameError, match="no name named 'trunkk' in the adapters; did you mean 'trunk'"):
        mirrored(SIDE, shared=["trunkk"])
