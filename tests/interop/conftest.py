"""The stand-in for SNS-Toolbox, and SNS-Toolbox itself where it is installed, each as one bag of names."""

import importlib
import importlib.util
from types import SimpleNamespace

import pytest


def bag(package):
    names = {}
    for module in ("neurons", "connections", "networks"):
        found = vars(importlib.import_module(f"{package}.{module}"))
        names |= {name: value for name, value in found.items() if isinstance(value, type)}
    return SimpleNamespace(**names)


@pytest.fixture(scope="session")
def ours():
    return bag("sns_mujoco.interop.sns_toolbox")


@pytest.fixture(scope="session")
def theirs():
    if importlib.util.find_spec("sns_toolbox") is None:
        pytest.skip("SNS-Toolbox is not installed")
    return bag("sns_toolbox")


@pytest.fixture(scope="session", params=["stand-in", "SNS-Toolbox"])
def toolbox(request):
    """Either of the two: what reads the one must read the other."""
    return request.getfixturevalue({"stand-in": "ours", "SNS-Toolbox": "theirs"}[request.param])


@pytest.fixture
def double():
    """Tensors of float64, so that SNS-Toolbox computes in it."""
    torch = pytest.importorskip("torch")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # with more, small tensors wait for busy cores
    torch.set_default_dtype(torch.float64)
    yield torch
    torch.set_default_dtype(torch.float32)
    torch.set_num_threads(threads)
