"""Text on pictures, with Pillow's own font."""

from functools import lru_cache
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.rendering.look import Color


@lru_cache(maxsize=32)
def _font(size: float) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def text_width(text: str, size: float) -> float:
    """How wide a line of text is, pixels."""
    return float(_font(size).getlength(text))


def draw_text(
    picture: NDArray[np.uint8], text: str, place: tuple[float, float], size: float, color: Color, anchor: str = "ls"
) -> None:
    """Draw a line of text into a picture.

    Args:
        picture: [height, width, 3], changed.
        text: One line.
        place: Where its anchor stands, x and y, pixels.
        size: Of the font, pixels.
        color: Of the text.
        anchor: Which point of the text stands there, as Pillow names it: first l, m or r (left, middle, right), then
            a, m, s (top, middle, baseline).
    """
    left, top = floor(place[0]), floor(place[1])
    cover, dx, dy = _cover(text, size, anchor, round(place[0] - left, 2), round(place[1] - top, 2))
    left, top = left + dx, top + dy
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + cover.shape[1], picture.shape[1]), min(top + cover.shape[0], picture.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    under, share = picture[y0:y1, x0:x1], cover[y0 - top : y1 - top, x0 - left : x1 - left, None]
    under[:] = (under + share * (255.0 * np.array(color, np.float32) - under) + 0.5).astype(np.uint8)


@lru_cache(maxsize=128)  # most lines stay the same from frame to frame
def _cover(text: str, size: float, anchor: str, x: float, y: float) -> tuple[NDArray[np.float32], int, int]:
    """How much of each pixel a line covers, 0 to 1, and where its corner stands from the whole pixel of its anchor."""
    from PIL import Image, ImageDraw

    font = _font(size)
    left, top, right, bottom = font.getbbox(text, anchor=anchor)
    dx, dy = floor(left) - 1, floor(top) - 1
    sheet = Image.new("L", (ceil(right) + 2 - dx, ceil(bottom) + 2 - dy))
    ImageDraw.Draw(sheet).text((x - dx, y - dy), text, fill=255, font=font, anchor=anchor)
    return np.asarray(sheet, np.float32) / 255.0, dx, dy
