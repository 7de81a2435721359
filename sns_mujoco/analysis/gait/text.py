"""A gait report in a few lines of text."""

import math
from typing import TYPE_CHECKING

from sns_mujoco.analysis.gait.bootstrap import Interval
from sns_mujoco.analysis.gait.quantities import QUANTITIES

if TYPE_CHECKING:
    from sns_mujoco.analysis.gait.report import GaitReport

Line = tuple[str, str]

_MORE = {"m": (1e3, "mm"), "J": (1e3, "mJ")}  # small units in which small things are told


def text_of(report: "GaitReport") -> str:
    """The report as aligned lines."""
    lines = lines_of(report)
    width = max(len(name) for name, _ in lines)
    return "\n".join(f"{name:{width}}  {text}".rstrip() for name, text in lines)


def lines_of(report: "GaitReport") -> list[Line]:
    """The report as pairs of what and how much."""
    lines = headlines(report)
    lines += [(name, told(interval, QUANTITIES[name].unit)) for name, interval in report.quantities.items()]
    lines += [(f"duty factor of {foot}", told(own["duty factor"], "1")) for foot, own in report.feet.items()]
    lines += [
        (f"lag of {foot} after {reference}", f"{told(lag.interval, '1')}, coherence {lag.coherence:.2f}")
        for (foot, reference), lag in report.lags.items()
    ]
    lines += [
        (f"work of {muscle}", f"{told(put, 'J')}; {told(taken, 'J')}") for muscle, (put, taken) in report.works.items()
    ]
    return lines


def headlines(report: "GaitReport") -> list[Line]:
    """What the gait is called, how many strides there are, changes of gait, and falls."""
    counts, lives = report.strides, len(report.lives)
    lines = [("gait", str(report.name))]
    if report.shares:
        lines.append(("single strides", ", ".join(f"{name} {share:.0%}" for name, share in report.shares.items())))
    if report.order:
        lines.append(("order of touchdowns", ", ".join(" + ".join(group) for group in report.order)))
    lines.append(("strides", f"{sum(counts.values())} ({', '.join(f'{foot} {n}' for foot, n in counts.items())})"
                  + (f" in {lives} lives" if lives > 1 else "")))  # fmt: skip
    for life, changes in enumerate(report.transitions):
        where = f" of life {life}" if lives > 1 else ""
        lines += [(f"change{where}", f"{one.before} to {one.after} at {one.time:.3f} s") for one in changes]
    for life, fell in enumerate(report.falls):
        where = f" of life {life}" if lives > 1 else ""
        lines += [(f"fall{where}", f"at {fell:.3f} s; nothing after it counts")] if math.isfinite(fell) else []
    return lines


def told(interval: Interval, unit: str) -> str:
    """A mean with its interval and its unit; "unknown" without any stride."""
    if math.isnan(interval.value):
        return "unknown"
    scale, shown = 1.0, "" if unit == "1" else f" {unit}"
    if unit in _MORE and abs(interval.value) < 0.1:
        scale, shown = _MORE[unit][0], f" {_MORE[unit][1]}"
    text = f"{scale * interval.value:.4g}"
    if math.isfinite(interval.low):
        text += f" ({scale * interval.low:.4g} to {scale * interval.high:.4g})"
    return text + shown
