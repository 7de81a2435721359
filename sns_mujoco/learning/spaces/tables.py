"""What is in a space, for people: rows, text, HTML."""

from collections.abc import Mapping, Sequence
from html import escape
from textwrap import shorten
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.learning.spaces.genes import Gene

MOST = 40  # genes that a text shows
WIDE = 40  # characters of the names of their parameters


def rows(genes: Sequence[Gene], values: NDArray[np.float64] | None = None) -> list[dict[str, Any]]:
    """One dict a gene; with values [d], what an individual has, too."""
    made = []
    for k, gene in enumerate(genes):
        row: dict[str, Any] = {
            "gene": gene.name, "quantity": gene.quantity, "unit": unit(gene), "described": _described(gene),
            "least": gene.bounds[0], "greatest": gene.bounds[1], "scale": gene.scale, "relative": gene.relative,
            "members": gene.members, "exact": gene.exact,
        }  # fmt: skip
        if values is not None:
            row["value"] = float(values[k])
        made.append(row)
    return made


def unit(gene: Gene) -> str:
    """Unit of a gene's value: a factor has none of its own."""
    return "factor" if gene.relative is True or gene.quantity in ("size", "length") else gene.unit


def text(title: str, genes: Sequence[Gene], values: NDArray[np.float64] | None = None) -> str:
    """A table that fits a terminal."""
    headings, cells = _cells(genes, values)
    widths = [max(len(row[k]) for row in (headings, *cells)) for k in range(len(headings))]
    lines = [title, "  ".join(heading.ljust(width) for heading, width in zip(headings, widths, strict=True)).rstrip()]
    for row in cells[:MOST]:
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if len(cells) > MOST:
        lines.append(f"... and {len(cells) - MOST} more genes; .table() has all of them")
    if any(not gene.exact for gene in genes):
        lines.append("* out of bounds, or different where tied: the described animal itself is not in the space")
    return "\n".join(lines)


def of_stored(genes: Sequence[Mapping[str, Any]], values: Mapping[str, float]) -> str:
    """The table of an individual whose genes were written down."""
    made = [Gene.from_dict(gene) for gene in genes]
    return text("", made, np.array([values[gene.name] for gene in made])).lstrip("\n")


def html(title: str, genes: Sequence[Gene]) -> str:
    """The same for notebooks."""
    headings, cells = _cells(genes, None)
    head = "".join(f"<th style='text-align:left'>{escape(heading)}</th>" for heading in headings)
    body = "".join(
        "<tr>" + "".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in row) + "</tr>" for row in cells
    )
    return f"<table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(genes: Sequence[Gene], values: NDArray[np.float64] | None) -> tuple[list[str], list[list[str]]]:
    headings = [
        "gene",
        "unit",
        "described",
        *([] if values is None else ["value"]),
        "from",
        "to",
        "scale",
        "parameters",
    ]
    cells = []
    for k, gene in enumerate(genes):
        described = _range(gene) + ("" if gene.exact else " *")
        value = [] if values is None else [f"{values[k]:.4g}"]
        low, high = (f"{end:.4g}" for end in gene.bounds)
        cells.append([gene.name, unit(gene), described, *value, low, high, gene.scale, _members(gene)])
    return headings, cells


def _described(gene: Gene) -> float | tuple[float, float]:
    low, high = min(gene.described), max(gene.described)
    return low if low == high else (low, high)


def _range(gene: Gene) -> str:
    """Described values in the unit of the quantity; of several, from the least to the greatest."""
    found = _described(gene)
    value = f"{found[0]:.4g} to {found[1]:.4g}" if isinstance(found, tuple) else f"{found:.4g}"
    return f"{value} {gene.unit}".rstrip() if gene.relative is True and gene.unit != "1" else value


def _members(gene: Gene) -> str:
    if len(gene.members) == 1:
        return "1"
    return f"{len(gene.members)}: {shorten(', '.join(gene.members), WIDE, placeholder=' ...')}"
