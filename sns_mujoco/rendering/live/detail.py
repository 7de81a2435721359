"""How large the pictures are: as large as the page has room for, and as the machine can draw in time."""

from collections import deque

import numpy as np

LARGEST = (1280, 960)  # pixels
_SMALLEST = (160, 120)
_GRAIN = 16  # pixels, of which sides are multiples
_SHARES = (1.0, 0.8, 0.6, 0.45)
_TOO_SLOW, FAST = 0.055, 0.016  # s for a picture, beyond which the detail changes
_PATIENCE = 12  # pictures between two changes


class Detail:
    """The size of the next picture."""

    def __init__(self) -> None:
        """Begin with a usual page's room."""
        self._room = (800, 600)
        self._share = 0
        self._costs: deque[float] = deque(maxlen=_PATIENCE)

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self._room[0] / self._room[1]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        share = _SHARES[self._share]
        return _whole(self._room[0] * share, _SMALLEST[0]), _whole(self._room[1] * share, _SMALLEST[1])

    def fit(self, width: float, height: float) -> None:
        """Fit into a page's room, pixels."""
        shrunk = min(1.0, LARGEST[0] / max(width, 1.0), LARGEST[1] / max(height, 1.0))
        self._room = _whole(width * shrunk, _SMALLEST[0]), _whole(height * shrunk, _SMALLEST[1])

    def judge(self, cost: float) -> None:
        """Take note of what a picture took, s: where that is long, the next are smaller, and larger again where not."""
        self._costs.append(cost)
        if len(self._costs) < _PATIENCE:
            return
        usual = float(np.median(self._costs))
        change = (usual > _TOO_SLOW and self._share < len(_SHARES) - 1) - (usual < FAST and self._share > 0)
        if change:
            self._share += change
            self._costs.clear()


def _whole(side: float, least: int) -> int:
    return max(_GRAIN * round(side / _GRAIN), _GRAIN * -(-least // _GRAIN))
