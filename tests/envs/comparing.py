"""Comparing what environments give, to the last bit and to the type."""

from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv


def assert_same(one: Any, other: Any, where: str = "") -> None:
    """Fail unless two answers of environments are the same in keys, types, shapes and bits."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            assert_same(one[key], other[key], f"{where}[{key!r}]")
    elif isinstance(one, tuple):
        assert len(one) == len(other), where
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{where}[{i}]")
    elif isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), where
        if one.dtype == object:
            assert_same(tuple(one), tuple(other), where)
        else:
            assert one.tobytes() == other.tobytes(), f"{where}: {one[one != other]} and {other[one != other]}"
    else:
        assert type(one) is type(other) and one == other, where


def live(one: VectorEnv, other: VectorEnv, actions: np.ndarray, *, disturb=lambda step: None) -> int:
    """Let two vector environments live through the same; the number of episodes that ended.

    Args:
        one: Of one kind.
        other: Of another kind; every answer must be the same.
        actions: Of all steps, [steps, environments, numbers].
        disturb: Is called before each step.
    """
    assert_same(one.reset(seed=7), other.reset(seed=7), "reset")
    ends = 0
    for step, action in enumerate(actions):
        disturb(step)
        first, second = one.step(action), other.step(action)
        assert_same(first, second, f"step {step}")
        over = first[2] | first[3]
        ends += int(over.sum())
        if one.metadata["autoreset_mode"] is AutoresetMode.DISABLED and over.any():
            again = [env.reset(options={"reset_mask": over.copy()}) for env in (one, other)]
            assert_same(again[0], again[1], f"reset after step {step}")
    return ends
