"""Ctrl-C and SIGTERM: heard at once while individuals are tried, never while something is written."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(Exception):
    """Raised where a run may be left."""


class Stopping:
    """Listens while a run lasts.

    Attributes:
        heard: The signal that came; None so far.
    """

    def __init__(self) -> None:
        """Listen to nothing yet."""
        self.heard: int | None = None
        self._may_leave = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the two signals over; outside the main thread they belong to others."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._hear) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def may_leave(self) -> Iterator[None]:
        """Within it a signal is an exception.

        Raises:
            Stopped: A signal came, just now or before.
        """
        self._may_leave = True
        try:
            if self.heard is not None:
                raise Stopped
            yield
        finally:
            self._may_leave = False

    def pass_on(self) -> None:
        """Let what was heard have its usual effect, now that all is in order."""
        if self.heard is not None:
            signal.raise_signal(self.heard)

    def _hear(self, number: int, _: FrameType | None) -> None:
        if self.heard is not None and number == signal.SIGINT:
            raise KeyboardInterrupt  # whoever presses twice does not want to wait; files are whole all the same
        self.heard = number
        if self._may_leave:
            self._may_leave = False
            raise Stopped
