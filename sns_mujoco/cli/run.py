"""What `sns-mujoco run` does: let an animal live, film and record it, and say what it did."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from sns_mujoco.analysis import gait
from sns_mujoco.analysis.recording import Recorder, save
from sns_mujoco.cli.bench.closed_loop import closed_over_open
from sns_mujoco.cli.shoot import SAMPLE_RATE, Shoot
from sns_mujoco.errors import DivergenceError, unknown_name
from sns_mujoco.files import check_output_path
from sns_mujoco.models import Animal, load

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.cosim.simulation import Simulation

BOUNCE = 15  # samples: a foot that is off the ground for less than 30 ms has not swung
START = 0.25  # share of a run in which it gets going; its gait is measured afterwards


def run_animal(
    name: str, *, seconds: float, seed: int, commands: dict[str, float | None], terrain: str | None, video: Path | None,
    record: Path | None, slow: float, quality: str, renderer: str,
) -> None:  # fmt: skip
    """Run an animal; see `app.run` for the options.

    Raises:
        UnknownNameError: No such animal, terrain or command.
        ValueError: A number is out of bounds.
        OutputPathError: A file cannot be written where it was asked for.
        DivergenceError: The animal diverged; what was filmed and recorded until then has been saved.
        KeyboardInterrupt: The user stopped it; the same holds.
    """
    animal = load(name)
    chosen = choose_commands(animal, commands)
    if not seconds > 0:
        raise ValueError(f"--seconds is {seconds:g}; give more than 0")
    if not slow > 0:
        raise ValueError(f"--slow is {slow:g}; give more than 0")
    if record is not None:
        check_output_path(record, (".nc",))
    console = Console()
    simulation = animal.simulation(terrain=terrain, seed=seed)
    for command, value in chosen.items():
        simulation.commands[command] = value
    recorder = Recorder(simulation, rate=SAMPLE_RATE)
    shoot = Shoot(animal, simulation, video, slow=slow, quality=quality, renderer=renderer) if video else None
    failure: DivergenceError | KeyboardInterrupt | None = None
    stepping = 0.0
    try:
        stepping = live(simulation, recorder, shoot, seconds, console)
    except (DivergenceError, KeyboardInterrupt) as error:  # what was lived until then is kept
        failure = error
    finally:
        if shoot is not None:
            shoot.close()
    recording = recorder.dataset()
    if record is not None:
        save(recording, record)
    kept = [path for path in (video, record) if path is not None and path.exists()]
    if failure is not None:
        for path in kept:
            console.print(f"kept what there was in {path}", highlight=False)
        raise failure
    loops = closed_over_open(animal, individuals=1, seconds=0.5, repeats=21, threads=1)
    report(console, animal, simulation, recording, simulated_per_wall=simulation.time / stepping, loops=loops)
    for path in kept:
        console.print(f"wrote {path} ({path.stat().st_size / 1e6:.1f} MB)", highlight=False)


def choose_commands(animal: Animal, given: dict[str, float | None]) -> dict[str, float]:
    """What the user asked for, and what the animal cruises at for the rest.

    Raises:
        UnknownNameError: The animal does not hear such a command.
        ValueError: A value is out of bounds.
    """
    chosen = dict(animal.cruise)
    for name, value in given.items():
        if value is None:
            continue
        if name not in animal.commands:
            raise unknown_name("command", name, animal.commands, f"animal {animal.name!r}")
        low, high = animal.commands[name]
        if not low <= value <= high:
            raise ValueError(f"{name} is {value:g}; give {low:g} to {high:g}")
        chosen[name] = value
    return chosen


def live(simulation: "Simulation", recorder: Recorder, shoot: Shoot | None, seconds: float, console: Console) -> float:
    """Step, sample and film; the wall time that the stepping alone took, s.

    Raises:
        DivergenceError: The animal diverged; everything before is recorded and filmed.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.1f} of {task.total:.1f} s"),
        TimeRemainingColumn(),
        console=console,
    )
    stepping = 0.0
    with bar:
        task = bar.add_task("living" if shoot is None else f"filming ({shoot.backend})", total=seconds)
        for sample in range(1, round(seconds * SAMPLE_RATE) + 1):
            start = time.perf_counter()
            simulation.step(recorder.period)
            stepping += time.perf_counter() - start
            recorder.sample()
            if shoot is not None:
                shoot.sample()
            if sample % 10 == 0:
                bar.update(task, completed=simulation.time)
        bar.update(task, completed=seconds)
    return stepping


def report(
    console: Console, animal: Animal, simulation: "Simulation", recording: "xarray.Dataset", *,
    simulated_per_wall: float, loops: dict[str, float],
) -> None:  # fmt: skip
    """Say what happened."""
    pose = recording.body_position.sel(body=animal.torso).values
    distance = float(np.linalg.norm(pose[-1, :2] - pose[0, :2]))
    elapsed = float(recording.time[-1] - recording.time[0])
    walking = recording.isel(time=recording.time.values > recording.time.values[0] + START * elapsed)
    load = walking.sensor.sel(channel=[foot.sensor for foot in animal.feet]).values
    standing = gait.stance(load, animal.stance_load, gap=BOUNCE, shortest=BOUNCE)
    measured = gait.analyse(standing, [foot.name for foot in animal.feet], 1.0 / SAMPLE_RATE, pairs=animal.lag_pairs)
    strides = sum(measured.strides.values())
    lines = [
        ("distance", f"{distance:.3f} m ({distance / animal.length:.1f} body lengths)"),
        ("speed", f"{distance / elapsed:.3f} m/s ({distance / elapsed / animal.length:.2f} body lengths/s)"),
        ("stride period", f"{measured.period:.3f} s ({strides} strides)" if strides else "none: it stood"),
        ("duty factor", f"{measured.duty_factor:.2f}" if strides else "1: it stood"),
    ]
    if strides and measured.lags:
        lags = list(measured.lags.values())
        lines.append(("phase lags of neighbours", f"{np.nanmin(lags):.2f} to {np.nanmax(lags):.2f} of a stride"))
    if animal.fallen(simulation):
        lines.append(("posture", "it has fallen"))
    lines += [
        ("simulated seconds per wall second", f"{simulated_per_wall:.1f}"),
        ("closed loop over open loop", f"{loops['ratio']:.2f} (time with its nervous system over time without)"),
    ]
    width = max(len(name) for name, _ in lines)
    for name, text in lines:
        console.print(f"[bold]{name:{width}}[/]  {text}", highlight=False)
