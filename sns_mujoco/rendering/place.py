"""Rectangles of a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A rectangle of a picture, pixels.

    Attributes:
        left: Its first column.
        top: Its first row.
        width: Columns.
        height: Rows.
    """

    left: int
    top: int
    width: int
    height: int

    def part(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The part of a picture [height, width, 3] that it is, as a view."""
        return picture[self.top : self.top + self.height, self.left : self.left + self.width]
