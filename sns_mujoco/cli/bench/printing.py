"""How the results of a benchmark are shown."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from rich.console import Console
from rich.table import Table

Results = dict[str, Any]


def run_and_print(
    measure: Callable[[Callable[[str], None]], Results],
    rows: Callable[[Results], Iterable[tuple[str, str, str]]],
    remarks: Callable[[Results], Iterable[str]],
    *,
    as_json: bool,
) -> None:
    """Measure, and print a table or JSON.

    Args:
        measure: Measures; it is given what to tell of its progress.
        rows: Lines of the table: what, how much, and the least or most that is wanted.
        remarks: What is said below the table.
        as_json: JSON and nothing else on standard output.
    """
    console = Console(stderr=as_json)
    with console.status("measuring") as status:
        results = measure(status.update)
    if as_json:
        print(json.dumps(results, indent=2))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("measured", "value", "wanted"):
        table.add_column(title)
    for row in rows(results):
        table.add_row(*row)
    console.print(table)
    for remark in remarks(results):
        console.print(remark)
