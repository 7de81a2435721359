"""What `sns-mujoco gait` does: say what recordings tell of a gait, beside what others measured if they are given."""

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from sns_mujoco.analysis import gait
from sns_mujoco.analysis.gait.bootstrap import Interval
from sns_mujoco.analysis.gait.quantities import QUANTITIES
from sns_mujoco.analysis.gait.reading import Events
from sns_mujoco.analysis.gait.text import headlines
from sns_mujoco.errors import GaitError
from sns_mujoco.files import check_output_path, written_whole
from sns_mujoco.models import Animal, load, names

if TYPE_CHECKING:
    import xarray

OUTPUTS = (".csv", ".json", ".nc")
ALONG = ("stride period", "duty factor", "stride length", "speed")  # what is told along a command


def analyse_files(
    files: Sequence[Path], *, animal: str | None, terrain: str | None, start: float | None, stop: float | None,
    events: Events, reference: str | None, level: float, compare: Path | None, trajectories: Path | None,
    degrees: bool, along: str | None, out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Analyse recordings of one animal; see `instruments.gait` for the options.

    Raises:
        UnknownNameError: No such animal, foot, terrain, command, or quantity of the references.
        FileNotFoundError: No such file.
        GaitError: There is nothing to measure in a recording, or a table of references makes no sense.
        OutputPathError: The file cannot be written where it was asked for.
    """
    if out is not None:
        check_output_path(out, OUTPUTS)
    references = gait.load_references(compare) if compare else []
    wanted = gait.load_trajectories(trajectories, unit="deg" if degrees else "rad") if trajectories else []
    recordings = [_opened(file) for file in files]
    chosen = _animal(animal, recordings, files)
    report = gait.gait_report(
        recordings, chosen, terrain=terrain, start=start, stop=stop, events=events, reference=reference, level=level
    )
    compared = gait.compare(report, references)
    followed = [gait.compare_trajectory(report, report.reference, trajectory) for trajectory in wanted]
    loops = _loops(report, along) if along else {}
    if as_json:
        print(json.dumps(_plain(report, compared, followed, loops), indent=2, allow_nan=False))
    else:
        _print(report, compared, followed, loops, along)
    if out is not None:
        _write(report, out, _plain(report, compared, followed, loops))
        if not as_json:
            Console().print(f"wrote {out}", highlight=False)


def _opened(file: Path) -> "xarray.Dataset":
    """A recording from its file."""
    from sns_mujoco.analysis.recording import load as load_recording

    return load_recording(file)


def _animal(name: str | None, recordings: Sequence["xarray.Dataset"], files: Sequence[Path]) -> Animal:
    """The animal that is named, or that the recordings name if it is one of the repository."""
    if name is not None:
        return load(name)
    said = {str(recording.attrs.get("animal", "")) for recording in recordings}
    if len(said) > 1:
        raise GaitError(f"recordings are of {sorted(said)}; give recordings of one animal, or say which with --animal")
    (own,) = said
    if own.partition(":")[0] not in names():  # no code is run because a file says so
        what = f"says that it is of {own!r}, an animal of your own" if own else "does not say of which animal it is"
        raise GaitError(f"{str(files[0])!r} {what}; name the animal with --animal")
    return load(own)


def _loops(report: gait.GaitReport, command: str) -> dict[str, gait.Hysteresis]:
    """Quantities along a command that goes up and down, of all lives together."""
    import numpy as np

    commands = [life.command(command) for life in report.lives]
    given, direction = np.concatenate(commands), np.concatenate([gait.directions(own) for own in commands])
    return {
        quantity: gait.hysteresis(
            given, np.concatenate([life.course_of(quantity) for life in report.lives]), direction=direction
        )
        for quantity in ALONG
    }


def _print(
    report: gait.GaitReport, compared: Sequence[gait.Compared], followed: Sequence[gait.Followed],
    loops: dict[str, gait.Hysteresis], along: str | None,
) -> None:  # fmt: skip
    console = Console()
    width = max(len(name) for name, _ in headlines(report))
    for name, text in headlines(report):
        console.print(f"[bold]{name:{width}}[/]  {text}", highlight=False, soft_wrap=True)
    ends = f"{report.level:.0%} interval"
    table = _table("quantity", "mean", ends, "unit", "n")
    for name, interval in report.quantities.items():
        unit = QUANTITIES[name].unit
        table.add_row(name, _number(interval.value), _ends(interval), "" if unit == "1" else unit, str(interval.n))
    console.print(table)
    table = _table("foot", *(f"{name}{_in(name)}" for name in report.feet[report.reference]))
    for foot, own in report.feet.items():
        table.add_row(foot, *(_number(interval.value) for interval in own.values()))
    console.print(table)
    if report.lags:
        table = _table("phase lag", "mean", ends, "coherence", "Rayleigh p")
        for (foot, other), lag in report.lags.items():
            values = (_number(lag.interval.value), _ends(lag.interval), f"{lag.coherence:.2f}", f"{lag.rayleigh.p:.2g}")
            table.add_row(f"{foot} after {other}", *values)
        console.print(table)
    if report.works:
        table = _table("work in a stride, mJ", "positive", "negative")
        for muscle, own in report.works.items():
            table.add_row(muscle, *(_number(1e3 * interval.value) for interval in own))
        console.print(table)
    if compared:
        table = _table("reference", "measured", "published", "z", "ratio", "source")
        for one in compared:
            known = one.reference
            table.add_row(
                f"{known.quantity} of {known.of}" if known.of else known.quantity, f"{one.value:.4g}",
                f"{known.mean:.4g} ± {known.sd:.4g}", f"{one.z:+.2f}", f"{one.ratio:.2f}", known.source,
            )  # fmt: skip
        console.print(table)
    if followed:
        table = _table(
            "joint over the stride", "RMSE, rad", "of the range", "offset, rad", "RMSE without", "r", "within sd"
        )
        for one in followed:
            numbers = (one.rmse, one.normalised, one.offset, one.rmse_without_offset, one.correlation, one.within)
            table.add_row(one.joint, *(f"{number:.3f}" for number in numbers))
        console.print(table)
    for quantity, loop in loops.items():
        table = _table(f"{along}", f"{quantity}, rising", "falling")
        for row in zip(loop.levels, loop.up, loop.down, strict=True):
            table.add_row(*(f"{value:.4g}" for value in row))
        console.print(table)
        console.print(f"area of the loop  {loop.area:.4g}", highlight=False)


def _number(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else "unknown"


def _ends(interval: Interval) -> str:
    return f"{interval.low:.4g} to {interval.high:.4g}" if math.isfinite(interval.low) else ""


def _in(quantity: str) -> str:
    unit = QUANTITIES[quantity].unit
    return "" if unit == "1" else f", {unit}"


def _table(*columns: str) -> Table:
    table = Table(title="", box=None, pad_edge=False, header_style="bold", title_justify="left")
    for column in columns:
        table.add_column(column)
    return table


def _plain(
    report: gait.GaitReport, compared: Sequence[gait.Compared], followed: Sequence[gait.Followed],
    loops: dict[str, gait.Hysteresis],
) -> dict[str, Any]:  # fmt: skip
    """Everything as JSON takes it; what is unknown is null."""
    lags = {f"{foot} after {other}": lag for (foot, other), lag in report.lags.items()}
    return _finite(
        {
            "gait": report.name.name,
            "detail": report.name.detail,
            "shares": report.shares,
            "order": [list(group) for group in report.order],
            "reference": report.reference,
            "strides": report.strides,
            "level": report.level,
            "falls": report.falls,
            "transitions": [
                [{"time": one.time, "before": one.before, "after": one.after} for one in changes]
                for changes in report.transitions
            ],
            "quantities": report.table(),
            "coherence": {name: lag.coherence for name, lag in lags.items()},
            "rayleigh": {name: lag.rayleigh.p for name, lag in lags.items()},
            "references": [
                {
                    "quantity": one.reference.quantity, "of": one.reference.of, "value": one.value,
                    "mean": one.reference.mean, "sd": one.reference.sd, "z": one.z, "ratio": one.ratio,
                    "source": one.reference.source,
                }
                for one in compared
            ],
            "trajectories": [{field: getattr(one, field) for field in one.__slots__} for one in followed],
            "along": {
                quantity: {
                    "levels": loop.levels.tolist(), "up": loop.up.tolist(), "down": loop.down.tolist(),
                    "area": loop.area,
                }
                for quantity, loop in loops.items()
            },
        }
    )  # fmt: skip


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(own) for key, own in value.items()}
    if isinstance(value, list):
        return [_finite(own) for own in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _write(report: gait.GaitReport, out: Path, plain: dict[str, Any]) -> None:
    with written_whole(out) as partial:
        if out.suffix.lower() == ".nc":
            report.to_dataset().to_netcdf(partial, engine="h5netcdf")
        elif out.suffix.lower() == ".json":
            partial.write_text(json.dumps(plain, indent=2, allow_nan=False) + "\n")
        else:
            with partial.open("w", newline="") as file:
                rows = report.table()
                writer = csv.DictWriter(file, fieldnames=list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
