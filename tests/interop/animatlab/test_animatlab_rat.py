"""The hindlimbs of Deng et al. 2019 from their AnimatLab file, against the joint angles that AnimatLab recorded.

The file and the recording are not part of this package; the tests are skipped where they are not beside the checkout.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sns_mujoco.interop import animatlab

DATA = Path(__file__).parents[4] / "shared" / "animatlab"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="shared/animatlab is not beside the checkout")

JOINTS = "hip", "knee", "ankle"


@pytest.fixture(scope="module")
def project():
    return animatlab.read(DATA / "rat_hindlimbs.asim")


@pytest.fixture(scope="module")
def recorded():
    """Time (s) and hip, knee and ankle of the left leg (rad)."""
    table = np.genfromtxt(DATA / "rat_joint_angles.csv", delimiter=",", names=True)
    return table["time_s"], np.stack([table[f"{name}_rad"] for name in JOINTS], axis=1)


def left_joints(model):
    """Names of hip, knee and ankle of the left leg."""
    names = [model.joint(i).name for i in range(model.njnt)]
    return [next(n for n in names if n.startswith("LH_") and joint in n.lower()) for joint in JOINTS]


def walked(simulation, seconds, every=0.001):
    """Angles of the left leg, rad, at the end of every ms."""
    places = [simulation.model.joint(name).qposadr[0] for name in left_joints(simulation.model)]
    angles = []
    for _ in range(round(seconds / every)):
        simulation.run(every)
        angles.append(simulation.data.qpos[places])
    return np.array(angles)


def periods(angle, every=0.001):
    """Time between rises through the mean, s."""
    level = angle - angle.mean()
    ups = np.flatnonzero((level[1:] > 0) & (level[:-1] <= 0))
    ups = ups[np.insert(np.diff(ups) > 0.1 / every, 0, True)]  # jitter about the mean is no step
    return np.diff(ups) * every, ups


def test_everything_is_there(project):
    model = project.body.compile()
    assert (model.nu, project.represented, len(project.network.populations)) == (12, 42, 90)
    assert len(project.network.connections) == 196
    assert project.dt == pytest.approx(0.1) and project.integrator == "exponential"
    assert not [entry for entry in project.report.of("unsupported") if entry.what in ("Adapter", "Muscle", "Neuron")]
    hinges = [model.joint(i).name for i in range(model.njnt) if model.joint(i).type[0] == 3]
    assert len(hinges) == 6
    assert any("fitted" in entry.why for entry in project.report.of("approximated"))


def test_first_steps_are_animatlabs(recorded):
    """Until the rat, which falls, meets the ground at 62 ms; with the step that the recording was made with."""
    project = animatlab.read(DATA / "rat_hindlimbs.asim", timestep=5e-5)
    ours = walked(project.simulation(), 0.06)
    time, theirs = recorded
    at = np.arange(1, len(ours) + 1) * 1e-3
    expected = np.stack([np.interp(at, time, column) for column in theirs.T], axis=1)
    assert np.ptp(expected, axis=0).min() > 0.01
    np.testing.assert_allclose(ours, expected, rtol=0, atol=0.004)


def test_walks_with_animatlabs_period_and_ranges(project, recorded):
    """Five seconds: period within 5 %, spans of all joints within 20 %, ankle before knee before hip."""
    ours = walked(project.simulation(), 5.0)[1500:]
    time, theirs = recorded
    at = np.arange(1.0, time[-1], 1e-3)
    theirs = np.stack([np.interp(at, time, column) for column in theirs.T], axis=1)
    lasts, _ = periods(ours[:, 0])
    assert np.mean(lasts) == pytest.approx(0.230, rel=0.05)
    assert np.std(lasts) < 0.01
    spans, expected = (np.ptp(angles[-1200:], axis=0) for angles in (ours, theirs))
    np.testing.assert_allclose(spans, expected, rtol=0.2)
    leads, expected = phases(ours), phases(theirs)
    assert 0 < leads[0] < leads[1] < 0.4 and 0 < expected[0] < expected[1] < 0.4
    np.testing.assert_allclose(leads, expected, atol=0.1)


def phases(angles):
    """Phases of knee and ankle ahead of the hip, in shares of the period, from the first harmonic."""
    lasts, ups = periods(angles[:, 0])
    cycle = angles[ups[0] : ups[-1]]
    wave = np.exp(-2j * np.pi * np.arange(len(cycle)) * (len(ups) - 1) / len(cycle))
    first = (cycle - cycle.mean(axis=0)).T @ wave
    return (np.angle(first[1:] / first[0]) / (2 * np.pi)) % 1


def test_both_legs_step(project):
    simulation = project.simulation()
    names = left_joints(simulation.model)
    right = [name.replace("LH_", "RH_", 1) for name in names]
    hips = [simulation.model.joint(name).qposadr[0] for name in (names[0], right[0])]
    seen = []
    for _ in range(80):
        simulation.run(0.01)
        seen.append(simulation.data.qpos[hips])
    assert np.ptp(np.array(seen)[30:], axis=0).min() > 0.15


def test_written_folder_walks(project, tmp_path):
    folder = project.write(tmp_path / "rat")
    done = subprocess.run(
        [sys.executable, "run.py", "0.3"], cwd=folder, capture_output=True, text=True, timeout=120, check=True
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == 6 and all(float(line[-1]) - float(line[-3]) > 0.1 for line in lines)
