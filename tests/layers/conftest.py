"""Torch on one thread, and the recorded references where they are present."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

SHARED = Path(__file__).parents[3] / "shared" / "oracle"


@pytest.fixture(autouse=True)
def seed():
    """The same draws in every run."""
    torch.manual_seed(0)


@pytest.fixture
def reference():
    """Reader of a file of recorded arrays, as tensors."""

    def read(name):
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"the recorded reference {name} is not here")
        arrays = np.load(path)
        return {key: torch.from_numpy(arrays[key]) for key in arrays}

    return read


@pytest.fixture(params=["cpu", pytest.param("cuda", marks=pytest.mark.skipif(
    not torch.cuda.is_available(), reason="there is no CUDA device"
))])  # fmt: skip
def device(request):
    """Every kind of device; CUDA is skipped where there is none."""
    return request.param


@pytest.fixture(params=[torch.float32, torch.float64], ids=["float32", "float64"])
def dtype(request):
    """Both floating point types."""
    return request.param
