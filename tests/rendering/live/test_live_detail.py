"""How large pictures are, by the room of the page and the strength of the machine."""

from hypothesis import given
from hypothesis import strategies as st

from sns_mujoco.rendering.live.detail import LARGEST, Detail


def test_pictures_grow_smaller_on_a_slow_machine_and_large_again() -> None:
    detail = Detail()
    detail.fit(960, 720)
    assert detail.size == (960, 720)
    for _ in range(200):
        detail.judge(0.2)
    assert detail.size == (432, 320)  # and no smaller than can be looked at
    for _ in range(5):
        detail.judge(0.001)
    assert detail.size == (432, 320)  # a few fast ones say nothing
    for _ in range(200):
        detail.judge(0.001)
    assert detail.size == (960, 720)


def test_a_middling_machine_is_left_alone() -> None:
    detail = Detail()
    for _ in range(100):
        detail.judge(0.03)
    assert detail.size == (800, 608)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_any_room_gives_a_picture_that_can_be_drawn(width: float, height: float) -> None:
    detail = Detail()
    detail.fit(width, height)
    assert 160 <= detail.size[0] <= LARGEST[0] and 120 <= detail.size[1] <= LARGEST[1]
    assert detail.size[0] % 16 == detail.size[1] % 16 == 0
