"""What `sns-mujoco run` does: let an animal live, film and record it, and say what it did."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from sns_mujoco.analysis.recording import Recorder, save
from sns_mujoco.cli import commands
from sns_mujoco.cli.bench.closed_loop import closed_over_open
from sns_mujoco.cli.report import life_lines
from sns_mujoco.errors import DivergenceError
from sns_mujoco.files import check_output_path
from sns_mujoco.models import Animal, individual, load
from sns_mujoco.rendering.shoot import SAMPLE_RATE, Shoot

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.cosim.simulation import Simulation

COMPARED = 1000  # physics steps over which the closed loop is compared with the open one
Place = tuple[float, float]  # m, on the ground


def run_animal(
    name: str, *, seconds: float, seed: int, orders: Sequence[commands.Order], terrain: str | None,
    video: Path | None, record: Path | None, slow: float | None, quality: str, renderer: str,
) -> None:  # fmt: skip
    """Run an animal; see `app.run` for the options.

    Raises:
        UnknownNameError: No such animal, terrain or command.
        FileNotFoundError: No such file of an individual, or of code.
        ParameterError: The file has no individual in it.
        ValueError: A number is out of bounds.
        OutputPathError: A file cannot be written where it was asked for.
        DivergenceError: The animal diverged; what was filmed and recorded until then has been saved.
        KeyboardInterrupt: The user stopped it; the same holds.
    """
    animal = load(name)
    if not seconds > 0:
        raise ValueError(f"--seconds is {seconds:g}; give more than 0")
    chosen = commands.choose(animal, orders, seconds=seconds, period=1.0 / SAMPLE_RATE)
    slow = animal.slow if slow is None else slow
    if not slow > 0:
        raise ValueError(f"--slow is {slow:g}; give more than 0")
    if record is not None:
        check_output_path(record, (".nc",))
    console = Console()
    found = individual(animal)
    if found is not None:
        console.print(found.summary, highlight=False, markup=False, soft_wrap=True)
    simulation = animal.simulation(terrain=terrain, seed=seed)
    commands.give(simulation, chosen)
    recorder = Recorder(simulation, rate=SAMPLE_RATE)
    grounded = animal.grounded(terrain)
    shoot = None
    if video:
        shoot = Shoot(
            animal, simulation, video, grounded=grounded, slow=slow, quality=quality, renderer=renderer
        )  # fmt: skip
    track: list[Place] = []
    failure: DivergenceError | KeyboardInterrupt | None = None
    stepping = 0.0
    try:
        for step in live(simulation, recorder, shoot, seconds, console):
            stepping += step
            commands.give(simulation, chosen)
            if grounded and animal.moves:
                track.append(animal.whereabouts(simulation))
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
    compared = COMPARED * simulation.model.opt.timestep
    loops = closed_over_open(animal, individuals=1, seconds=compared, repeats=21, threads=1)
    rate = simulation.time / stepping
    report(console, animal, simulation, recording, track, grounded=grounded, simulated_per_wall=rate, loops=loops)
    for path in kept:
        console.print(f"wrote {path} ({path.stat().st_size / 1e6:.1f} MB)", highlight=False)


def live(
    simulation: "Simulation", recorder: Recorder, shoot: Shoot | None, seconds: float, console: Console
) -> Iterator[float]:
    """Step, sample and film; after each sample, the wall time that its steps alone took, s.

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
    with bar:
        task = bar.add_task("living" if shoot is None else f"filming ({shoot.backend})", total=seconds)
        for sample in range(1, round(seconds * SAMPLE_RATE) + 1):
            start = time.perf_counter()
            simulation.step(recorder.period)
            stepping = time.perf_counter() - start
            recorder.sample()
            if shoot is not None:
                shoot.sample()
            if sample % 10 == 0:
                bar.update(task, completed=simulation.time)
            yield stepping
        bar.update(task, completed=seconds)


def report(
    console: Console, animal: Animal, simulation: "Simulation", recording: "xarray.Dataset", track: list[Place], *,
    grounded: bool, simulated_per_wall: float, loops: dict[str, float],
) -> None:  # fmt: skip
    """Say what happened."""
    lines = life_lines(animal, recording, track, grounded=grounded)
    if animal.fallen(simulation):
        lines.append(("posture", "it has fallen"))
    lines += [
        ("simulated seconds per wall second", f"{simulated_per_wall:.1f}"),
        ("closed loop over open loop", f"{loops['ratio']:.2f} (time with its nervous system over time without)"),
    ]
    width = max(len(name) for name, _ in lines)
    for name, text in lines:
        console.print(f"[bold]{name:{width}}[/]  {text}", highlight=False)
