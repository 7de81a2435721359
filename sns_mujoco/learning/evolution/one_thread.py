"""Linear algebra on one thread: the same bits on machines with other numbers of cores."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()  # looks at every loaded library: once is enough


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep BLAS to one thread: on several it sums in another order, and the last bits of an eigenvector differ."""
    with _controller().limit(limits=1, user_api="blas"):
        yield
