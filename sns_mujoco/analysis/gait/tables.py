"""Tables of numbers in CSV files, read with every mistake told by its line."""

import csv
import math
import os
from pathlib import Path

from sns_mujoco.errors import GaitError


def rows_of(path: str | os.PathLike[str]) -> list[dict[str, str]]:
    """Rows of a CSV file, each by the names in its header.

    Raises:
        FileNotFoundError: There is no such file.
        GaitError: It is no text, or a row has not as many cells as the header.
    """
    place = Path(path)
    if not place.is_file():
        raise FileNotFoundError(f"there is no file {str(place)!r}")
    try:
        with place.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file, skipinitialspace=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise GaitError(f"{str(place)!r} is no table of text: {error}") from error
    for line, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise GaitError(f"line {line} of {str(place)!r} has not as many cells as its header")
    return [{key.strip(): value.strip() for key, value in row.items()} for row in rows]


def number(text: str, where: str) -> float:
    """A finite number from text.

    Raises:
        GaitError: It is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise GaitError(f"{where} is {text!r}; give a finite number")
    return value
