"""What a published experiment is, and what came of repeating it.

A paper's claim becomes `Comparison`s: a quantity, what was published of it and where, the interval within which ours
counts as the same, and what we measured. What is known not to reproduce keeps its place in the table: it says what was
tried, and does not make the whole set fail; everything else that lies outside its interval does.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Status = Literal["reproduced", "not reproduced", "failed"]
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A published quantity beside ours.

    Attributes:
        quantity: What it is.
        unit: Of it; empty for none.
        published: What the source says of it, as text.
        where: Where the source says so, and how we know if not from there.
        low: Least value that counts as the same; -inf for none.
        high: Greatest one; inf for none.
        measured: Ours; nan where there is nothing to measure.
        tried: Where it is known not to reproduce: why, and what was tried. Empty where it is to reproduce.
    """

    quantity: str
    unit: str = ""
    published: str
    where: str
    low: float = -math.inf
    high: float = math.inf
    measured: float
    tried: str = ""

    @property
    def inside(self) -> bool:
        """Whether ours lies within the interval."""
        return self.low <= self.measured <= self.high

    @property
    def status(self) -> Status:
        """Reproduced; not reproduced, as is known; or failed, which it should not."""
        if self.inside:
            return "reproduced"
        return "not reproduced" if self.tried else "failed"

    @property
    def allowed(self) -> str:
        """The interval as text."""
        if math.isinf(self.high):
            return f"{self.low:.6g} or more"
        if math.isinf(self.low):
            return f"{self.high:.6g} or less"
        return f"{self.low:.6g} to {self.high:.6g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a run gave.

    Attributes:
        comparisons: With what was published.
        data: What the figure shows: arrays and numbers by name.
    """

    comparisons: tuple[Comparison, ...]
    data: Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A published experiment that can be run here.

    Attributes:
        name: Its name on the command line.
        title: What it shows, in a line.
        citations: Where it was published.
        method: What is run here, and what is different from the source.
        measure: Runs it: the same numbers every time.
        draw: Draws a figure from its data.
    """

    name: str
    title: str
    citations: tuple[str, ...]
    method: str
    measure: Callable[[], Measured]
    draw: "Callable[[Data], Figure]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """What came of repeating an experiment.

    Attributes:
        experiment: The experiment.
        comparisons: Published quantities beside ours.
        data: What the figure shows.
        cpu_seconds: Processor time that the run took, s.
    """

    experiment: Experiment
    comparisons: tuple[Comparison, ...]
    data: Data
    cpu_seconds: float

    @property
    def ok(self) -> bool:
        """Whether nothing failed but what is known not to reproduce."""
        return all(comparison.status != "failed" for comparison in self.comparisons)

    @property
    def status(self) -> Status:
        """The worst of its comparisons."""
        found = {comparison.status for comparison in self.comparisons}
        return "failed" if "failed" in found else "not reproduced" if "not reproduced" in found else "reproduced"

    def table(self) -> list[dict[str, Any]]:
        """A row for each comparison: quantity, unit, published, where, low, high, measured, status, tried."""
        return [
            {
                "quantity": c.quantity, "unit": c.unit, "published": c.published, "where": c.where, "low": c.low,
                "high": c.high, "measured": c.measured, "status": c.status, "tried": c.tried,
            }
            for c in self.comparisons
        ]  # fmt: skip

    def to_dict(self, *, data: bool = True) -> dict[str, Any]:
        """Everything as plain numbers, texts and lists, for JSON: what is not finite becomes None.

        Args:
            data: Whether what the figure shows is among it.
        """
        return plain(
            {
                "name": self.experiment.name,
                "title": self.experiment.title,
                "citations": list(self.experiment.citations),
                "method": self.experiment.method,
                "status": self.status,
                "ok": self.ok,
                "cpu_seconds": self.cpu_seconds,
                "comparisons": self.table(),
            }
            | ({"data": self.data} if data else {})
        )

    def summary(self) -> str:
        """The table as text, with what was tried where something does not reproduce."""
        lines = [f"{self.experiment.name}: {self.status}", f"  {self.experiment.title}"]
        lines += [f"  {citation}" for citation in self.experiment.citations]
        for c in self.comparisons:
            unit = f" {c.unit}" if c.unit else ""
            told = f"published {c.published}, allowed {c.allowed}{unit}"
            lines.append(f"  [{c.status}] {c.quantity}: {c.measured:.6g}{unit}; {told}")
            if c.status != "reproduced" and c.tried:
                lines.append(f"      {c.tried}")
        return "\n".join(lines)

    def plot(self) -> "Figure":
        """Draw the figure.

        Raises:
            MissingDependencyError: matplotlib is not installed.
        """
        return self.experiment.draw(self.data)


def plain(value: Any) -> Any:
    """A value as JSON has it: arrays as lists, what is not finite as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def first(values: Sequence[float] | NDArray[np.float64]) -> float:
    """The first of some numbers; nan where there is none, which compares with nothing."""
    return float(values[0]) if len(values) else math.nan


def near(
    quantity: str, measured: float, published: float, *, where: str, unit: str = "", relative: float = 0.0,
    absolute: float = 0.0, tried: str = "",
) -> Comparison:  # fmt: skip
    """Compare with a published number.

    Args:
        quantity: What it is.
        measured: Ours.
        published: The source's.
        where: Where it stands.
        unit: Of both.
        relative: By which share of the published number ours may be off.
        absolute: And by how much.
        tried: See `Comparison`.
    """
    margin = relative * abs(published) + absolute
    return Comparison(
        quantity=quantity, unit=unit, published=f"{published:.6g}", where=where, low=published - margin,
        high=published + margin, measured=float(measured), tried=tried,
    )  # fmt: skip
