"""Comparison with tables and trajectories of others."""

import numpy as np
import pytest

from sns_mujoco.analysis import gait
from sns_mujoco.errors import GaitError

PERIOD = 0.002


@pytest.fixture(scope="module")
def report(walker):
    standing = walker({"left": 0.0, "right": 0.97}, period=0.5, duty=0.6, seconds=6.0)
    time = PERIOD * np.arange(len(standing))
    knee = 0.4 + 0.3 * np.cos(2 * np.pi * time / 0.5)
    place = np.column_stack((0.5 * time, np.zeros_like(time)))
    motion = gait.Motion(
        feet=("left", "right"), standing=standing, period=PERIOD, place=place, length=0.25, angles={"knee": knee},
        layout=gait.layout_of(("left", "right")),
    )  # fmt: skip
    return gait.gait_report(motion)


def test_z_is_how_many_standard_deviations_off(report, tmp_path):
    path = tmp_path / "reference.csv"
    path.write_text(
        "quantity, of, mean, sd, unit, source\n"
        "stride period,,0.4,0.05,s,someone\nduty factor,left,0.5,0.2,,\nphase lag,right after left,0.02,0.01,,\n"
    )
    period, duty, lag = gait.compare(report, gait.load_references(path))
    assert period.z == pytest.approx(2.0) and period.ratio == pytest.approx(1.25)
    assert period.reference.source == "someone"
    assert duty.z == pytest.approx(0.5, abs=0.02)
    assert lag.value == pytest.approx(0.97, abs=0.005) and lag.z == pytest.approx(-5.0, abs=0.5)  # the short way round


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("quantity,mean\nspeed,1\n", "has the columns 'quantity', 'mean'; give"),
        ("quantity,mean,sd,colour\nspeed,1,1,red\n", "'colour'"),
        ("quantity,mean,sd\nspeed,1,0\n", "sd in line 2 .* is '0'"),
        ("quantity,mean,sd\nspeed,1,1\nduty factor,x,1\n", "mean in line 3 .* is 'x'"),
        ("quantity,mean,sd\nspeed,inf,1\n", "give a finite number"),
        ("quantity,mean,sd\nspeed,1\n", "line 2 .* has not as many cells"),
        ("", "has the columns none"),
    ],
)
def test_tables_that_make_no_sense_are_refused(tmp_path, text, message):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(GaitError, match=message):
        gait.load_references(path)


def test_quantities_that_are_not_there(report, tmp_path):
    with pytest.raises(LookupError, match="did you mean 'stride period'"):
        gait.compare(report, [gait.Reference(quantity="stride periode", mean=1.0, sd=1.0)])
    with pytest.raises(GaitError, match="'ms' in the references and in 's'"):
        gait.compare(report, [gait.Reference(quantity="stride period", mean=1.0, sd=1.0, unit="ms")])
    with pytest.raises(FileNotFoundError, match="there is no file"):
        gait.load_references(tmp_path / "none.csv")
    with pytest.raises(GaitError, match="no table of text"):
        (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00quantity")
        gait.load_references(tmp_path / "bytes.csv")


def cosine(offset, *, unit="rad", sd=0.1):
    scale = 180 / np.pi if unit == "deg" else 1.0
    phase = np.linspace(0, 1, 201)
    angle = scale * (0.4 + offset + 0.3 * np.cos(2 * np.pi * phase))
    lines = [f"{p},{a},{scale * sd}" for p, a in zip(phase, angle, strict=True)]
    return "\n".join(["phase,knee,knee sd", *lines])


@pytest.mark.parametrize("unit", ["rad", "deg"])
def test_a_trajectory_that_is_the_same_and_one_that_is_shifted(report, tmp_path, unit):
    path = tmp_path / "knee.csv"
    for offset, within in ((0.0, 1.0), (0.2, 0.0)):
        path.write_text(cosine(offset, unit=unit))
        (knee,) = gait.load_trajectories(path, unit=unit)
        followed = gait.compare_trajectory(report, "left", knee)
        assert followed.rmse == pytest.approx(offset, abs=0.005) and followed.offset == pytest.approx(
            -offset, abs=0.005
        )
        assert followed.rmse_without_offset < 0.005 and followed.correlation > 0.999
        assert followed.normalised == pytest.approx(offset / 0.6, abs=0.01) and followed.within == within


def test_trajectories_that_make_no_sense_are_refused(report, tmp_path):
    path = tmp_path / "bad.csv"
    for text, message in (
        ("phase,knee\n0,1\n", "2 columns and 1 rows"),
        ("phase,knee\n0,1\n0.9,1\n", "rise from 0 to 1"),
        ("phase,knee\n0,1\n1,x\n", "'knee' in line 3"),
    ):
        path.write_text(text)
        with pytest.raises(GaitError, match=message):
            gait.load_trajectories(path)
    nobody = gait.Trajectory(joint="elbow", phase=np.array([0.0, 1.0]), mean=np.zeros(2))
    with pytest.raises(LookupError, match="no joint named 'elbow'"):
        gait.compare_trajectory(report, "left", nobody)


def test_strides_of_any_length_become_alike():
    standing = np.zeros((400, 1), bool)
    for start in (50, 150, 290):
        standing[start : start + 40] = True
    own = gait.strides(standing, ["a"], PERIOD).of("a")
    ramps = np.concatenate([np.zeros(50), np.linspace(0, 1, 101)[:-1], np.linspace(0, 1, 141)[:-1], np.zeros(110)])
    whole = gait.stride_normalised(ramps, own, points=11)
    assert whole.shape == (2, 11)
    assert whole[:, :10] == pytest.approx(np.tile(np.linspace(0, 0.9, 10), (2, 1)), abs=1e-9)
