"""What names promise."""

import pytest

from sns_mujoco.diagnosis.naming import JointWords, Sides, action_of, role_of, words


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("L1_coxa", ("l", "1", "coxa")), ("left knee ext", ("left", "knee", "ext")),
        ("LeftKneeExt", ("left", "knee", "ext")),
        ("MN_hip_flx", ("mn", "hip", "flx")), ("IaIN_hip", ("ia", "in", "hip")), ("ankle[2]", ("ankle", "2")),
    ],
)  # fmt: skip
def test_names_come_apart(name, parts):
    assert words(name) == parts


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("L_hip", "R_hip"), ("hip_L", "hip_R"), ("left hip", "right hip"), ("LH_hip", "RH_hip"), ("HL_hip", "HR_hip"),
        ("L3 coxa", "R3 coxa"), ("leftHip", "rightHip"), ("hip.l", "hip.r"), ("lhip", "rhip"),
    ],
)  # fmt: skip
def test_the_rule_of_sides_is_inferred(left, right):
    sides = Sides.of([[left, right, left.replace("hip", "knee"), right.replace("hip", "knee"), "torso"]])
    assert sides.of_name(left) == "left" and sides.of_name(right) == "right" and sides.of_name("torso") is None
    assert sides.mirrored(left) == sides.parts(right) and sides.neutral(left) == sides.neutral(right)


def test_letters_without_a_twin_are_no_sides():
    sides = Sides.of([["R wave", "T wave", "hip", "LG", "MG"], ["load", "rest"]])
    assert not sides.mirror and sides.of_name("R wave") is None


def test_words_of_joints():
    names = ["L_hip_joint", "R_hip_joint", "L_knee_joint", "R_knee_joint", "L_hip_flexion_joint"]
    joints = JointWords.of(names, Sides.of([names]))
    assert joints.vocabulary == {"hip", "knee"}
    assert joints.of_name("R_MN_knee_ext") == {"knee"} and not joints.of_name("drive")


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("L extensor", "extension"), ("MN_knee_flx", "flexion"), ("R2 protractor", "protraction"),
        ("ankle dorsiflexor", "flexion"), ("ext_flx", None), ("next", None), ("levator trochanteris", "levation"),
    ],
)  # fmt: skip
def test_actions(name, action):
    assert action_of(name) == action


@pytest.mark.parametrize(
    ("name", "role"), [("Ia_hip", "Ia"), ("L_IbIN_knee", "Ib"), ("II hip", "II"), ("hip angle", "angle"), ("hip", None)]
)
def test_roles(name, role):
    assert role_of(name) == role
