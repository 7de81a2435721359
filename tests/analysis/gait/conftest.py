"""Gaits that are made up, so that every answer is known."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

PERIOD = 0.002


def steps(
    phases: Mapping[str, float], *, period: float = 0.25, duty: float | Mapping[str, float] = 0.5, seconds: float = 5.0
) -> np.ndarray:
    """Stance [T, F] of feet that touch down at their phase of every stride."""
    time = np.arange(round(seconds / PERIOD)) * PERIOD
    shares = duty if isinstance(duty, Mapping) else dict.fromkeys(phases, duty)
    return np.stack([((time / period - phase + 1e-9) % 1.0) < shares[foot] for foot, phase in phases.items()], axis=1)


@pytest.fixture(scope="session")
def walker() -> Callable[..., np.ndarray]:
    return steps
