"""What the validation tests share: both backends, recordings of other simulators, neurons that spike on demand."""

from pathlib import Path

import numpy as np
import pytest

from sns_mujoco.network import LIFNeuron, Network

RECORDINGS = Path(__file__).parents[3] / "shared" / "oracle" / "golden"


@pytest.fixture(scope="session", params=["numba", "numpy"])
def backend(request):
    return request.param


@pytest.fixture(scope="session")
def recorded():
    """Arrays recorded from another simulator by its name; the test is skipped where they are not at hand."""

    def load(simulator):
        path = RECORDINGS / f"golden_{simulator}.npz"
        if not path.is_file():
            pytest.skip(f"the recordings of {simulator} are not at hand")
        return np.load(path)

    return load


@pytest.fixture(scope="session")
def add_relays():
    """Add a population that spikes in the very step in which its input is 1."""

    def add(net: Network, name: str, count: int) -> None:
        net.add_population(LIFNeuron(10.0, threshold=1e6), count, name)
        net.add_input(name, count, name, weights=1e12 * np.eye(count))

    return add
