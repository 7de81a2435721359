"""Terms of travel and cost, on motions that are made up."""

import numpy as np
import pytest

from sns_mujoco.errors import TaskError
from sns_mujoco.learning.fitness import CostOfTransport, Distance, Froude, Power, Speed, Straightness


def line(motion, speeds):
    """Animals that go along x at some speeds, m/s."""

    def at(time):
        motion.data.xpos[:, motion.torso, 0] = 3.0 + np.asarray(speeds) * time

    return at


def test_speed_is_progress_in_body_lengths_per_second(motion):
    m = motion(3)
    np.testing.assert_allclose(m.play(Speed(), line(m, [0.5, 0.0, -0.25]), 2.0), [1.0, 0.0, -0.5], atol=1e-12)


def test_sideways_is_distance_but_no_progress(motion):
    m = motion(1)

    def at(time):
        m.data.xpos[:, m.torso, 1] = -time

    assert m.play(Speed(), at, 2.0) == 0.0
    assert m.play(Distance(), at, 2.0) == pytest.approx(4.0)  # of 0.5 m


def test_whoever_falls_stays_there_while_time_goes_on(motion):
    m = motion(2)
    speed = m.play(Speed(), line(m, [0.5, 0.5]), 2.0, fall=np.array([0.5, 9.0]))
    np.testing.assert_allclose(speed, [0.25, 1.0])


def test_straightness_of_a_line_a_corner_and_a_circle(motion):
    m = motion(4)

    def at(time):
        x, y = m.data.xpos[:, m.torso, 0], m.data.xpos[:, m.torso, 1]
        x[0], y[0] = time, 0.005 * np.sin(2 * np.pi * 4 * time)  # sways with every stride
        x[1], y[1] = min(time, 1.0), max(time - 1.0, 0.0)
        x[2], y[2] = np.cos(np.pi * time), np.sin(np.pi * time)
        x[3] = 1e-4 * np.sin(time)  # stands

    value = m.play(Straightness(every=0.2), at, 2.0)
    np.testing.assert_allclose(value, [1.0, np.sqrt(0.5), 0.0, 0.0], atol=2e-3)


def test_the_end_of_the_path_counts_though_no_corner_falls_on_it(motion):
    m = motion(1)
    assert m.play(Straightness(every=0.3), line(m, [1.0]), 1.0) == pytest.approx(1.0)
    assert m.play(Straightness(every=5.0), line(m, [1.0]), 1.0) == pytest.approx(1.0)


def test_froude_number(motion):
    m = motion(2)
    value = m.play(Froude(), line(m, [1.0, -1.0]), 1.0)
    np.testing.assert_allclose(value, [1.0 / (9.81 * 0.2), 0.0])
    assert m.play(Froude(hip_height=0.1), line(m, [2.0, 0.0]), 1.0)[0] == pytest.approx(4.0 / 0.981)


def test_cost_of_transport_is_work_over_weight_times_progress(motion):
    m = motion(4)

    def at(time):
        line(m, [0.5, 0.5, 0.0, -0.5])(time)
        m.data.actuator_force[:] = [[-10.0, 4.0]] * 4
        m.data.actuator_velocity[:] = [[-0.3, -0.5]] * 4  # a muscle that shortens: 3 W; one that is drawn out: -2 W

    weight = 2.0 * 9.81  # without the belt
    most = CostOfTransport().most
    positive = m.play(CostOfTransport(), at, 1.0)
    np.testing.assert_allclose(positive, [3.0 / (weight * 0.5)] * 2 + [most] * 2)
    absolute = m.play(CostOfTransport(work="absolute"), at, 1.0)
    np.testing.assert_allclose(absolute[:2], 5.0 / (weight * 0.5))
    np.testing.assert_allclose(m.play(Power(), at, 1.0, fall=np.array([0.5, 9, 9, 9])), 3.0)


def test_an_individual_has_its_own_mass(motion):
    m = motion(2)
    masses = np.tile(m.model.body_mass, (2, 1))
    masses[1] *= 2
    m.data.expanded = {"body_mass": masses}.get

    def at(time):
        line(m, [0.5, 0.5])(time)
        m.data.actuator_force[:] = m.data.actuator_velocity[:] = 1.0

    one, two = m.play(CostOfTransport(), at, 1.0)
    assert one == pytest.approx(2 * two)


def test_merit_of_more_less_and_a_target():
    values = np.array([0.5, 1.0, 2.0])
    np.testing.assert_array_equal(Speed().merit(values), values)
    np.testing.assert_array_equal(CostOfTransport().merit(values), -values)
    np.testing.assert_array_equal(Speed(target=2.0).merit(values), [-0.75, -0.5, 0.0])
    np.testing.assert_array_equal(Speed(target=0.0).merit(values), -values)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: Speed(weight=-1.0), "weight of 'speed' is -1.0; give a finite number, 0 or more"),
        (lambda: Speed(weight=float("nan")), "weight of 'speed' is nan"),
        (lambda: Speed(target=float("inf")), "target of 'speed' is inf; give a finite number .body lengths/s"),
        (lambda: Straightness(every=0.0), "a corner every 0.0 s"),
        (lambda: Froude(hip_height=-1.0), "hip_height of 'froude' is -1.0"),
        (lambda: CostOfTransport(work="negative"), "'negative'; it can be 'positive' or 'absolute'"),
        (lambda: CostOfTransport(most=0.0), "most of 'cost_of_transport' is 0.0"),
        (lambda: Power(work="none"), "work of 'power' is 'none'"),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(TaskError, match=message):
        make()


def test_what_does_not_move_about_has_no_speed(motion):
    m = motion(1)
    m.animal.torso, m.animal.moves = "", False
    for term in (Speed(), Froude(hip_height=0.1)):
        with pytest.raises(TaskError, match=f"'{term.name}' needs an animal that moves about, and 'walker' does not"):
            term.begin(m, 1.0, 0.02)
    with pytest.raises(TaskError, match="'cost_of_transport' needs an animal with a torso, and 'walker' has none"):
        CostOfTransport().begin(m, 1.0, 0.02)
