"""What may vary: plain data whose mistakes are named, and names that share a gene."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sns_mujoco import Vary
from sns_mujoco.errors import ParameterError, UnknownNameError
from sns_mujoco.learning.spaces.genes import gene
from sns_mujoco.learning.spaces.grouping import grouped, mirrored_name
from sns_mujoco.learning.spaces.vectors import Coding, folded


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(bounds=(2.0, 1.0)), r"Vary\('bias', '\*'\): the bounds \(2.0, 1.0\) are reversed"),
        (dict(bounds=(1.0, 1.0)), "are equal, so that nothing varies"),
        (dict(bounds=(0.0, float("inf"))), "give finite numbers"),
        (dict(bounds=(float("nan"), 1.0)), "give finite numbers"),
        (dict(bounds="12"), "the bounds are '12'; give"),
        (dict(bounds=3.0), r"the bounds are 3.0; give \(least, greatest\)"),
        (dict(bounds=(0.0, 1.0), scale="log"), "has none at 0 or below"),
        (dict(bounds=(0.0, 1.0), scale="logarithmic"), "scale is 'logarithmic'; give one of 'linear', 'log'"),
        (dict(bounds=(0.0, 1.0), relative="factor"), "relative is 'factor'; give one of False, True, 'difference'"),
        (dict(bounds=(0.0, 1.0), relative=1), "relative is 1"),
        (dict(bounds=(0.0, 1.0), tie="[LR"), "is no regular expression"),
        (dict(bounds=(0.0, 1.0), tie=max), "give 'all', a regular expression, or leave it out"),
        (dict(bounds=(0.0, 1.0), symmetric=("L", "L")), "left and right are both 'L'"),
        (dict(bounds=(0.0, 1.0), symmetric="L"), "give the prefixes of both sides"),
        (dict(bounds=(0.0, 1.0), symmetric=("", "R")), "give a prefix for each side"),
        (dict(bounds=(0.0, 1.0), pattern=""), "the pattern of a Vary is ''"),
    ],
)
def test_what_makes_no_sense_is_refused(options, message):
    with pytest.raises(ParameterError, match=message):
        Vary("bias", **options)


@pytest.mark.parametrize(
    "vary",
    [
        Vary("bias", bounds=(0, 1)),
        Vary("g_max", "a->b", bounds=(0.1, 2), relative=True, scale="log", tie=r"^[LR]\d", symmetric=("L", "R")),
        Vary("e_lo", "x*", bounds=(-5, 5), relative="difference", tie="all"),
    ],
)
def test_it_is_plain_data(vary):
    data = json.loads(json.dumps(vary.to_dict()))
    assert Vary.from_dict(data) == vary
    assert hash(Vary.from_dict(data)) == hash(vary)


def test_damaged_data_is_refused():
    with pytest.raises(UnknownNameError, match="no field named 'bound'.*did you mean 'bounds'"):
        Vary.from_dict({"quantity": "bias", "bound": [0, 1]})
    with pytest.raises(ParameterError, match="has no 'bounds'"):
        Vary.from_dict({"quantity": "bias"})
    with pytest.raises(ParameterError, match="give an object"):
        Vary.from_dict(["bias"])


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("L1 swing->R1 trigger", "R1 swing->L1 trigger"),
        ("JointAngle('L1_coxa') -> L1 coxa angle", "JointAngle('R1_coxa') -> R1 coxa angle"),
        ("AntagonistPair('L1 levator', 'L1 depressor') -> L1_femur",
         "AntagonistPair('R1 levator', 'R1 depressor') -> R1_femur"),
        ("drive->L1 position", "drive->R1 position"),
        ("drive", "drive"),
        ("load L", "load L"),
    ],
)  # fmt: skip
def test_names_of_the_other_side(name, other):
    assert mirrored_name(name, "L", "R") == other
    assert mirrored_name(other, "L", "R") == name


def test_prefixes_of_which_one_begins_with_the_other():
    assert mirrored_name("left x", "left", "leftover") == "leftover x"
    assert mirrored_name("leftover x", "left", "leftover") == "left x"


def test_what_shares_a_gene():
    names = ["L1 a->L1 b", "R1 a->R1 b", "L2 a->L2 b", "R2 a->R2 b", "L1 a->R1 b", "R1 a->L1 b"]

    def of(**options):
        groups = grouped(Vary("g_max", "* a->* b", bounds=(0, 1), **options), names)
        return {group.label: group.members for group in groups}

    assert of() == {name: (name,) for name in names}
    assert of(tie="all") == {"* a->* b": tuple(names)}
    assert of(tie=r"\d") == {
        "L* a->L* b": (names[0], names[2]), "R* a->R* b": (names[1], names[3]), names[4]: (names[4],),
        names[5]: (names[5],),
    }  # fmt: skip
    assert of(symmetric=("L", "R")) == {
        names[0]: (names[0], names[1]), names[2]: (names[2], names[3]), names[4]: (names[4], names[5]),
    }  # fmt: skip
    assert of(symmetric=("L", "R"), tie=r"\d") == {
        "L* a->L* b": tuple(names[:4]), "L* a->R* b": tuple(names[4:]),
    }  # fmt: skip


finite = st.floats(-1e6, 1e6)


@given(
    bounds=st.tuples(finite, finite).filter(lambda b: b[1] - b[0] > 1e-3), described=finite, unit=st.floats(0, 1),
    scale=st.sampled_from(["linear", "log"]),
)  # fmt: skip
def test_values_stay_in_bounds_and_come_back(bounds, described, unit, scale):
    if scale == "log":
        bounds = tuple(abs(end) + 1e-6 for end in bounds)
        bounds = (min(bounds), max(bounds) + 1.0)
    vary = Vary("bias", bounds=bounds, scale=scale)
    coding = Coding([gene("g", "bias", "nA", [("a", described)], vary)])
    value = coding.to_values(np.array([unit]))
    assert bounds[0] <= value[0] <= bounds[1]
    assert coding.to_unit(value) == pytest.approx(unit, abs=1e-6)
    if 0.0 < coding.origin[0] < 1.0:
        assert tuple(coding.to_values(np.array([[0.0], [1.0]])).ravel()) == bounds  # to the bit
    origin = coding.to_values(coding.origin)
    assert origin[0] == min(max(described, bounds[0]), bounds[1])  # to the bit
    assert (coding.to_unit(origin) == coding.origin).all()


def test_the_middle_of_a_logarithmic_gene_is_the_geometric_mean():
    coding = Coding([gene("g", "x", "", [("a", 5.0)], Vary("x", bounds=(1.0, 100.0), scale="log"))])
    assert coding.to_values(np.array([0.5])) == pytest.approx(10.0)


@given(st.floats(-50, 50))
def test_folding_reflects(x):
    folds = folded(np.array([x]))[0]
    assert 0.0 <= folds <= 1.0
    assert folds == pytest.approx(folded(np.array([-x]))[0], abs=1e-12)
    assert folds == pytest.approx(folded(np.array([2.0 - x]))[0], abs=1e-12)
    assert x < 0 or x > 1 or folds == pytest.approx(x)
