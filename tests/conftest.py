"""How random the tests are, and in which order they run.

The same examples every time, unless SNS_MUJOCO_FUZZ is set to look for new ones. Files that take long come first, so
that no process is left alone with one of them in the end.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True)
if not os.environ.get("SNS_MUJOCO_FUZZ"):
    settings.load_profile("steady")

LONG = (
    "rendering/live/test_live_browser.py", "test_examples.py", "cli/test_record.py", "cli/test_cli.py",
    "learning/test_clusters.py", "models/test_hexapod.py", "cli/test_bench_core.py", "cli/test_evolve.py",
    "cosim/population/test_population_processes.py", "learning/evolution/test_killed.py",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Several processes take the files in our order, not those with most tests first."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first."""
    folder = Path(__file__).parent
    places = {folder / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


def pytest_sessionstart() -> None:
    """A file that was renamed must not silently lose its place."""
    gone = [name for name in LONG if not (Path(__file__).parent / name).exists()]
    assert not gone, f"tests/conftest.py names files that are not there: {gone}"
