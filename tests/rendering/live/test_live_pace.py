"""How simulated time keeps step with the clock on the wall."""

import pytest

from sns_mujoco.rendering.live.pace import MOST_BEHIND, Pace


def test_as_much_is_due_as_passed_on_the_wall() -> None:
    pace = Pace()
    pace.start(10.0)
    assert pace.due(10.02) == pytest.approx(0.02)
    pace.lived(0.015, 10.02)
    assert pace.due(10.03) == pytest.approx(0.015)


def test_speed_scales_what_is_due() -> None:
    pace = Pace(speed=0.25)
    pace.start(0.0)
    assert pace.due(0.08) == pytest.approx(0.02)


def test_what_a_busy_machine_missed_is_let_go() -> None:
    pace = Pace()
    pace.start(0.0)
    assert pace.due(5.0) == pytest.approx(MOST_BEHIND)


def test_the_factor_is_simulated_over_wall_time() -> None:
    pace = Pace()
    pace.start(0.0)
    assert pace.factor == 0.0
    for tick in range(1, 40):
        pace.lived(0.02, tick * 0.04)  # half as fast as life
    assert pace.factor == pytest.approx(0.5)


def test_a_pause_does_not_count() -> None:
    pace = Pace()
    pace.start(0.0)
    pace.due(0.05)
    pace.start(60.0)
    assert pace.due(60.01) == pytest.approx(0.01)
