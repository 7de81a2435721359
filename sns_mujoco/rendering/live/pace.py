"""How fast the simulated time passes: in step with the clock on the wall, as far as the machine can."""

from collections import deque

MOST_BEHIND = 0.1  # s on the wall that are made up for; more is let go, so that a busy machine does not stutter
_WINDOW = 1.0  # s on the wall over which the real-time factor is taken


class Pace:
    """Says how much simulated time is due, and measures how much really passed.

    Attributes:
        speed: Simulated seconds that a second on the wall is to bring.
    """

    def __init__(self, speed: float = 1.0) -> None:
        """Begin to wait.

        Args:
            speed: See the attribute.
        """
        self.speed = speed
        self._due = 0.0
        self._last: float | None = None
        self._passed: deque[tuple[float, float]] = deque()  # (wall, simulated seconds lived until then)
        self._lived = 0.0

    def start(self, now: float) -> None:
        """Begin to count, at a time on the wall, s."""
        self._last, self._due = now, 0.0
        self._passed.clear()
        self._lived = 0.0

    def due(self, now: float) -> float:
        """Simulated time that is to pass now, s."""
        if self._last is None:
            self.start(now)
        assert self._last is not None
        self._due = min(self._due + (now - self._last) * self.speed, MOST_BEHIND * self.speed)
        self._last = now
        return self._due

    def lived(self, seconds: float, now: float) -> None:
        """Take note that simulated time passed, s, until a time on the wall, s."""
        self._due -= seconds
        self._lived += seconds
        self._passed.append((now, self._lived))
        while now - self._passed[0][0] > _WINDOW:
            self._passed.popleft()

    @property
    def factor(self) -> float:
        """Simulated over wall time, over the last second; 0 while too little passed to tell."""
        if len(self._passed) < 2:
            return 0.0
        (begin, before), (end, after) = self._passed[0], self._passed[-1]
        return (after - before) / (end - begin) if end > begin else 0.0
