"""The whole report, on motions that are made up and on animals whose gait is known."""

import numpy as np
import pytest
import xarray
from sns_mujoco.models import load

from sns_mujoco.analysis import gait
from sns_mujoco.errors import GaitError

PERIOD = 0.002
TRIPOD = {"L1": 0.0, "L2": 0.5, "L3": 0.0, "R1": 0.5, "R2": 0.0, "R3": 0.5}
PLACES = {"1": 0.02, "2": 0.0, "3": -0.02}  # m ahead of the body


def cockroach(walker, *, period=0.2, duty=0.5, speed=0.1, seed=0):
    """A motion whose every number is known: it slides along at an even speed and height on a tripod."""
    rng = np.random.default_rng(seed)
    phases = {foot: phase + rng.normal(0, 0.005) for foot, phase in TRIPOD.items()}
    standing = walker(phases, period=period, duty=duty, seconds=4.0)
    time = PERIOD * np.arange(len(standing))
    place = np.column_stack((speed * time, np.zeros_like(time)))
    center = np.column_stack((place, np.full_like(time, 0.01)))
    foot = np.zeros((len(time), 6, 3))
    for k, name in enumerate(phases):
        foot[:, k, 0] = place[:, 0] + PLACES[name[1]]
        foot[:, k, 1] = 0.02 if name[0] == "L" else -0.02
    power = np.column_stack((np.full_like(time, 3e-3), np.full_like(time, -1e-3)))
    return gait.Motion(
        feet=tuple(phases), standing=standing, period=PERIOD, begin=1.0, layout=gait.layout_of(tuple(phases)),
        pairs=(("R3", "L3"), ("L2", "L3")), foot=foot, center=center, place=place, length=0.05, height=0.01,
        mass=0.002, power=power, working=("flexor", "extensor"), commands={"drive": time / 4.0},
    )  # fmt: skip


@pytest.fixture(scope="module")
def report(walker):
    return gait.gait_report([cockroach(walker, seed=seed) for seed in range(3)])


def test_a_tripod_of_known_numbers(report):
    expected = {
        "stride period": 0.2, "stride frequency": 5.0, "duty factor": 0.5, "swing duration": 0.1, "stride length": 0.02,
        "step length": 0.01, "speed": 0.1, "relative speed": 2.0, "Froude number": 0.01 / (9.81 * 0.01),
        "positive work": 6e-4, "negative work": -2e-4, "cost of transport": 6e-4 / (0.002 * 9.81 * 0.02),
    }  # fmt: skip
    for name, value in expected.items():
        own = report.quantities[name]
        assert own.value == pytest.approx(value, rel=0.02), name
        assert own.low <= own.value + 1e-12 and own.value - 1e-12 <= own.high and own.lives == 3
    assert str(report.name) == "tripod" and report.shares == {"tripod": 1.0}
    assert [set(group) for group in report.order] == [{"L1", "L3", "R2"}, {"L2", "R1", "R3"}]
    assert report.lags["R3", "L3"].interval.value == pytest.approx(0.5, abs=0.02)
    assert report.lags["R3", "L3"].coherence > 0.99 and report.lags["R3", "L3"].rayleigh.p < 1e-6
    assert report.works["flexor"][0].value == pytest.approx(6e-4, rel=0.02) and report.works["flexor"][1].value == 0.0
    assert report.quantities["tripod strength"].value > 0.85
    assert np.isnan(report.quantities["recovery"].value)  # nothing rises


def test_margins_of_a_tripod_are_those_of_its_triangle(report):
    """Both triangles have a base of 40 mm at 20 mm and an apex at -20 mm: the centre is 8.9 mm from their sides."""
    side = 20.0 * 20.0 / np.hypot(20.0, 40.0)
    assert report.quantities["static margin"].value == pytest.approx(1e-3 * side, abs=1e-3)
    assert report.quantities["statically stable"].value > 0.9
    lead = 0.1 / np.sqrt(9.81 / 0.01)
    assert report.quantities["dynamic margin"].value < report.quantities["static margin"].value + lead


def test_lives_that_differ_have_wider_intervals_than_their_strides(walker):
    alike = gait.gait_report([cockroach(walker, period=0.2) for _ in range(4)], resamples=200)
    apart = gait.gait_report([cockroach(walker, period=p) for p in (0.16, 0.18, 0.22, 0.24)], resamples=200)
    width = [own.high - own.low for own in (r.quantities["stride period"] for r in (alike, apart))]
    assert width[0] < 0.002 < 0.02 < width[1]


def test_the_table_and_the_dataset_hold_the_same(report):
    rows = report.table()
    assert all({"value", "low", "high", "unit", "meaning", "source"} <= set(row) for row in rows)
    assert {"speed", "phase lag"} <= {row["quantity"] for row in rows}
    data = report.to_dataset()
    assert float(data["mean"].sel(quantity="speed")) == report.quantities["speed"].value
    assert float(data.lag.sel(pair="R3 after L3")) == report.lags["R3", "L3"].interval.value
    assert data.sizes["stride"] == sum(report.strides.values()) and data.stride_start.min() >= 1.0
    assert float(data.stride_period.mean()) == pytest.approx(0.2, abs=0.002)
    assert float(data.positive_work.sel(muscle="flexor")) == report.works["flexor"][0].value


def test_the_text_says_it(report):
    text = str(report)
    told = {line[:26].strip(): line[26:] for line in text.splitlines()}
    assert "tripod" in text.splitlines()[0] and text.count(" + ") == 4
    (period,) = [line for line in text.splitlines() if line.startswith("stride period")]
    assert float(period.split()[2]) == pytest.approx(0.2, abs=0.002) and period.endswith(" s") and len(told) > 20


def test_what_is_unknown_is_left_out(walker):
    bare = gait.Motion(feet=("a", "b", "c"), standing=walker({"a": 0, "b": 0.3, "c": 0.6}), period=PERIOD)
    report = gait.gait_report(bare)
    assert {"speed", "cost of transport", "static margin"}.isdisjoint(report.quantities)
    assert report.quantities["stride period"].value == pytest.approx(0.25, abs=0.002)
    assert report.name.name == "unnamed" and list(report.lags) == [("b", "a"), ("c", "a")]
    still = gait.gait_report(gait.Motion(feet=("a", "b"), standing=np.ones((100, 2), bool), period=PERIOD))
    assert still.name.name == "none" and np.isnan(still.quantities["stride period"].value)
    assert "unknown" in str(still) and still.to_dataset().sizes["stride"] == 0


def test_motions_that_do_not_fit_are_refused(walker):
    standing = walker({"a": 0, "b": 0.5})
    with pytest.raises(GaitError, match=r"foot of the motion has the shape \(3, 2, 3\)"):
        gait.Motion(feet=("a", "b"), standing=standing, period=PERIOD, foot=np.zeros((3, 2, 3)))
    with pytest.raises(LookupError, match="no foot named 'c'"):
        gait.Motion(feet=("a", "b"), standing=standing, period=PERIOD, pairs=(("c", "a"),))
    with pytest.raises(GaitError, match="give its animal"):
        gait.gait_report(xarray.Dataset())
    with pytest.raises(GaitError, match="of one animal"):
        gait.gait_report([])
    with pytest.raises(LookupError, match="no foot named 'x'"):
        gait.gait_report(gait.Motion(feet=("a", "b"), standing=standing, period=PERIOD), reference="x")


def test_a_changing_gait_is_told_with_its_time(walker):
    """A walk becomes a trot after 4 s while a command rises."""
    walk, trot = {"LF": 0.25, "RF": 0.75, "LH": 0.0, "RH": 0.5}, {"LF": 0.5, "RF": 0.0, "LH": 0.0, "RH": 0.5}
    standing = np.concatenate([walker(walk, duty=0.7, seconds=4.0), walker(trot, duty=0.4, seconds=4.0)])
    drive = np.linspace(0, 1, len(standing))
    motion = gait.Motion(
        feet=tuple(walk), standing=standing, period=PERIOD, begin=10.0, layout=gait.layout_of(tuple(walk)),
        pairs=(("RH", "LH"),), commands={"drive": drive},
    )  # fmt: skip
    report = gait.gait_report(motion)
    ((change,),) = report.transitions
    assert (change.before, change.after) == ("lateral-sequence walk", "trot")
    assert change.time == pytest.approx(14.0, abs=0.3)
    life = report.lives[0]
    trotting = life.course_of("duty factor") < 0.5
    assert life.command("drive")[trotting].min() == pytest.approx(0.5, abs=0.05)
    assert np.isnan(life.course_of("speed")).all()
    with pytest.raises(LookupError, match="no command named 'drift'"):
        life.command("drift")


def life_of(name, *, terrain=None, drive=1.0, seconds=1.5, rate=500):
    simulation = load(name).simulation(terrain=terrain, seed=1)
    simulation.commands["drive"] = drive
    return simulation, simulation.record(seconds, rate=rate)


@pytest.fixture(scope="module")
def hexapod():
    return life_of("hexapod")


def test_the_hexapod_walks_on_a_tripod(hexapod):
    simulation, recording = hexapod
    report = gait.gait_report(recording, load("hexapod"), start=0.5)
    assert report.name.name == "tripod" and report.quantities["tripod strength"].value > 0.6
    assert report.quantities["relative speed"].value == pytest.approx(2.33, abs=0.15)  # as its README says
    assert report.quantities["duty factor"].value == pytest.approx(0.56, abs=0.03)
    assert report.quantities["statically stable"].value > 0.95
    assert report.quantities["static margin"].value < 0.015  # m; its feet stand 20 mm from the middle
    motion = report.lives[0].motion
    assert motion.mass == pytest.approx(0.0026) and motion.layout == gait.layout_of(motion.feet)
    data = simulation.data
    assert motion.center[-1] == pytest.approx(data.subtree_com[1], abs=5e-4)
    feet = [data.site(f"{foot}_foot").xpos for foot in motion.feet]
    assert motion.foot[-1] == pytest.approx(np.array(feet), abs=5e-4)


def test_kinematics_find_the_stances_of_the_load(hexapod):
    by_load, by_speed = (
        gait.gait_report(hexapod[1], load("hexapod"), start=0.5, events=events, resamples=1)
        for events in ("load", "speed")
    )
    assert by_speed.name.name == "tripod"
    assert by_speed.quantities["duty factor"].value == pytest.approx(by_load.quantities["duty factor"].value, abs=0.06)


def test_a_recording_of_feet_alone_still_has_a_gait(hexapod):
    bare = hexapod[1][["sensor"]]
    report = gait.gait_report(bare, load("hexapod"), start=0.5)
    assert report.name.name == "tripod" and "speed" not in report.quantities
    with pytest.raises(GaitError, match="no places of feet"):
        gait.gait_report(bare, load("hexapod"), events="speed")


def test_individuals_are_lives(hexapod):
    both = xarray.concat([hexapod[1], hexapod[1]], dim="individual")
    both["foot_load"][1, 600:] = np.nan  # the second one diverged
    report = gait.gait_report(both, load("hexapod"), start=0.5, resamples=1)
    assert len(report.lives) == 2
    assert len(report.lives[1].motion.standing) < len(report.lives[0].motion.standing)


def test_the_rat_on_a_treadmill_goes_with_its_belt():
    _, recording = life_of("rat_hindlimbs", terrain="treadmill", seconds=1.2)
    report = gait.gait_report(recording, load("rat_hindlimbs"), terrain="treadmill", start=0.5)
    assert report.name.name == "walk" and report.quantities["speed"].value == pytest.approx(0.3, abs=0.02)
    assert report.lags["right", "left"].interval.value == pytest.approx(0.5, abs=0.02)
    assert report.works["L_hip_extensor"][0].value > 0.0 > report.works["L_hip_extensor"][1].value


def test_what_cannot_be_measured_is_said(hexapod):
    animal = load("hexapod")
    with pytest.raises(GaitError, match="nothing of it lies between 9 s and its end"):
        gait.gait_report(hexapod[1], animal, start=9.0)
    with pytest.raises(LookupError, match="no terrain named 'moon'"):
        gait.gait_report(hexapod[1], animal, terrain="moon")
    with pytest.raises(LookupError, match="no way to tell stance named 'smell'"):
        gait.gait_report(hexapod[1], animal, events="smell")
    with pytest.raises(LookupError, match="no sensor of a foot's load named 'LF_touch'"):
        gait.gait_report(hexapod[1], load("quadruped"), terrain="ground")
