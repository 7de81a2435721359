"""Text on pictures, with Pillow's own font."""

from functools import lru_cache
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
    from PIL import Image, ImageDraw

    font = _font(size)
    left, top, right, bottom = font.getbbox(text, anchor=anchor)
    x0, y0 = max(int(place[0] + left) - 1, 0), max(int(place[1] + top) - 1, 0)
    x1, y1 = min(int(place[0] + right) + 2, picture.shape[1]), min(int(place[1] + bottom) + 2, picture.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    cover = Image.new("L", (x1 - x0, y1 - y0))
    ImageDraw.Draw(cover).text((place[0] - x0, place[1] - y0), text, fill=255, font=font, anchor=anchor)
    under = picture[y0:y1, x0:x1]
    share = np.asarray(cover, np.float32)[..., None] / 255.0
    under[:] = (under + share * (255.0 * np.array(color, np.float32) - under) + 0.5).astype(np.uint8)
