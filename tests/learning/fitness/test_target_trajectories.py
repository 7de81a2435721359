"""Targets of joints, in time and locked to the stride, from numbers and from files."""

import numpy as np
import pytest

from sns_mujoco.errors import TaskError, UnknownNameError
from sns_mujoco.learning.fitness import TargetTrajectory

TIMES = tuple(np.linspace(0.0, 2.0, 21).tolist())
TARGETS = tuple((float(np.sin(t)), 0.5) for t in TIMES)


def hinge(m, name):
    return m.data.qpos[:, m.model.joint(name).qposadr[0]]


def test_error_in_time(motion):
    m = motion(3)
    term = TargetTrajectory(joints=("left", "right"), at=TIMES, targets=TARGETS)

    def at(time):
        hinge(m, "left")[:] = np.interp(time, TIMES, np.sin(TIMES))
        hinge(m, "right")[:] = 0.5
        hinge(m, "left")[1] += 0.2

    np.testing.assert_allclose(m.play(term, at, 2.0), [0.0, 0.2 / np.sqrt(2), 0.0], atol=1e-12)
    # nothing counts after the end of the targets, and lying is as far as can be
    np.testing.assert_allclose(m.play(term, at, 3.0)[0], 0.0, atol=1e-12)
    fallen = m.play(term, at, 2.0, fall=np.array([1.0, 9.0, 9.0]))[0]
    assert fallen == pytest.approx(np.pi / np.sqrt(2))


def test_error_in_the_stride_whatever_its_duration(motion):
    m, periods = motion(3), np.array([0.4, 0.5, 0.4])
    phases = tuple(np.linspace(0.0, 1.0, 11).tolist())
    targets = tuple((float(p),) for p in phases)
    term = TargetTrajectory(joints=("left",), at=phases, targets=targets, foot="left")

    def at(time):
        phase = (time + 1e-9) / periods % 1.0
        hinge(m, "left")[:] = phase + [0.0, 0.0, 0.1]
        m.data.sensordata[:, m.model.sensor("left").adr[0]] = np.where(phase < 0.6, 3.0, 0.0)

    np.testing.assert_allclose(m.play(term, at, 3.0), [0.0, 0.0, 0.1], atol=1e-7)
    m.animal.stance_load = 100.0  # nobody steps
    np.testing.assert_allclose(m.play(term, at, 3.0), term.most)


def test_targets_of_a_table(tmp_path):
    path = tmp_path / "angles.csv"
    path.write_text("time, left, right\n0, 10, 20\n0.5, 30, 40\n")
    term = TargetTrajectory.from_file(path, joints=("right",), unit="deg", weight=2.0)
    assert term.joints == ("right",) and term.at == (0.0, 0.5) and term.weight == 2.0
    np.testing.assert_allclose(term.targets, np.radians([[20.0], [40.0]]))
    both = TargetTrajectory.from_file(path)
    assert both.joints == ("left", "right") and both.targets[1] == (30.0, 40.0)
    with pytest.raises(UnknownNameError, match="no joint named 'lft'"):
        TargetTrajectory.from_file(path, joints=("lft",))


def test_targets_of_a_recording(tmp_path):
    import xarray

    path = tmp_path / "run.nc"
    angles = ("time", "joint"), np.array([[0.1, 0.2], [0.3, 0.4]])
    xarray.Dataset({"joint_position": angles}, {"time": [2.0, 2.5], "joint": ["left", "right"]}).to_netcdf(path)
    term = TargetTrajectory.from_file(path, joints=("right",))
    assert term.at == (0.0, 0.5) and term.targets == ((0.2,), (0.4,))


@pytest.mark.parametrize("text", ["", "time\n1\n", "time,a\n0,1\n1\n", "time,a\n0,1\n1,x\n", "time,a\n0,1\n"])
def test_a_damaged_table_is_refused(tmp_path, text):
    path = tmp_path / "angles.csv"
    path.write_text(text)
    with pytest.raises(TaskError):
        TargetTrajectory.from_file(path)


@pytest.mark.parametrize(
    "fields, message",
    [
        (dict(at=(0.0, 0.0), targets=(1.0, 1.0)), "do not rise"),
        (dict(at=(-1.0, 0.0), targets=(1.0, 1.0)), "do not rise from 0"),
        (dict(at=(0.0, 1.0), targets=(1.0, 1.0, 2.0)), "give K places"),
        (dict(at=(0.0, 1.0), targets=(1.0, float("nan"))), "not finite"),
        (dict(at=(0.0, 2.0), targets=(1.0, 1.0), foot="left"), "phases of a stride run from 0 to 1"),
        (dict(at=(0.0, 1.0), targets=(1.0, 1.0), most=0.0), "bounce and most"),
    ],
)
def test_what_makes_no_sense_is_refused(fields, message):
    with pytest.raises(TaskError, match=message):
        TargetTrajectory(joints=("left",), **fields)


def test_unknown_joints_and_feet_are_refused(motion):
    for fields, message in (
        (dict(joints=("torso",)), "no joint with one degree of freedom named 'torso'"),
        (dict(joints=("left",), foot="lft"), "no foot named 'lft'"),
    ):
        with pytest.raises(UnknownNameError, match=message):
            TargetTrajectory(at=(0.0, 1.0), targets=(0.0, 1.0), **fields).begin(motion(1), 1.0, 0.02)


@pytest.mark.parametrize("name", ["targets.nc", "targets.csv"])
def test_files_that_are_not_there_or_damaged_are_named(tmp_path, name):
    with pytest.raises(FileNotFoundError, match=f"there is no file '.*{name}'"):
        TargetTrajectory.from_file(tmp_path / name)
    (tmp_path / name).write_text("nothing of the kind")
    with pytest.raises(TaskError, match=f"{name}' is (damaged or no NetCDF file|no table of a time and joints)"):
        TargetTrajectory.from_file(tmp_path / name)
