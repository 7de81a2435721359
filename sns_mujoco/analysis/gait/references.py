"""Comparison of a gait with what others measured: a table of means and standard deviations.

It is a CSV file with the columns `quantity`, `mean` and `sd`, and if need be `of` (a foot, a muscle, "LF after LH" of a
phase lag), `unit`, `n` and `source`; quantities are those of `GaitReport.table`.
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sns_mujoco.analysis.gait.circular import difference
from sns_mujoco.analysis.gait.tables import number, rows_of
from sns_mujoco.errors import GaitError, unknown_name

if TYPE_CHECKING:
    from sns_mujoco.analysis.gait.report import GaitReport

COLUMNS = ("quantity", "of", "mean", "sd", "n", "unit", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A quantity as others measured it.

    Attributes:
        quantity: Its name, as in `GaitReport.table`.
        of: The foot, muscle or pair that it is of; "" of the animal.
        mean: Its mean.
        sd: Its standard deviation between animals or strides, positive.
        n: Of how many; nan if untold.
        unit: Its unit; that of the report if untold.
        source: Where it is published.
    """

    quantity: str
    of: str = ""
    mean: float
    sd: float
    n: float = math.nan
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A quantity beside its reference.

    Attributes:
        reference: The reference.
        value: What was measured.
        z: How many standard deviations of the reference the value is above its mean.
        ratio: The value over the reference's mean.
    """

    reference: Reference
    value: float
    z: float
    ratio: float


def load_references(path: str | os.PathLike[str]) -> list[Reference]:
    """A table of reference data.

    Raises:
        FileNotFoundError: There is no such file.
        GaitError: It is no such table, or a number in it makes no sense.
    """
    rows = rows_of(path)
    header = list(rows[0]) if rows else []
    if not {"quantity", "mean", "sd"} <= set(header) or not set(header) <= set(COLUMNS):
        raise GaitError(f"{str(path)!r} has the columns {', '.join(map(repr, header)) or 'none'}; give 'quantity', "
                        f"'mean' and 'sd', and of the others only {', '.join(map(repr, COLUMNS))}")  # fmt: skip
    found = []
    for line, row in enumerate(rows, 2):
        where = f"line {line} of {str(path)!r}"
        mean, sd = number(row["mean"], f"mean in {where}"), number(row["sd"], f"sd in {where}")
        n = number(row["n"], f"n in {where}") if row.get("n") else math.nan
        if not sd > 0.0:
            raise GaitError(f"sd in {where} is {row['sd']!r}; give a positive number")
        texts = {key: row[key] for key in ("of", "unit", "source") if key in row}
        found.append(Reference(quantity=row["quantity"], mean=mean, sd=sd, n=n, **texts))
    return found


def compare(report: "GaitReport", references: Sequence[Reference]) -> list[Compared]:
    """A gait beside reference data.

    Phase lags differ the short way round the circle.

    Args:
        report: The gait.
        references: The data.

    Returns:
        An entry for each reference.

    Raises:
        UnknownNameError: The report does not have a quantity.
        GaitError: A unit is not that of the report.
    """
    rows = {(row["quantity"], row["of"]): row for row in report.table()}
    compared = []
    for reference in references:
        key = (reference.quantity, reference.of)
        if key not in rows:
            known = [f"{name} of {of}" if of else name for name, of in rows]
            called = f"{reference.quantity} of {reference.of}" if reference.of else reference.quantity
            raise unknown_name("quantity", called, known, "the gait report")
        row = rows[key]
        if reference.unit and reference.unit != row["unit"]:
            raise GaitError(f"{reference.quantity!r} is in {reference.unit!r} in the references and in {row['unit']!r} "
                            "in the report; give the references in that unit")  # fmt: skip
        lag = reference.quantity == "phase lag"
        off = float(difference(row["value"], reference.mean)) if lag else row["value"] - reference.mean
        ratio = row["value"] / reference.mean if reference.mean else math.nan
        compared.append(Compared(reference=reference, value=row["value"], z=off / reference.sd, ratio=ratio))
    return compared
