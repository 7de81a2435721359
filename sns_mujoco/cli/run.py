"""What `sns-mujoco run` does: let an animal live, film and record it, and say what it did."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from sns_mujoco.analysis.recording import Recorder
from sns_mujoco.cli import commands
from sns_mujoco.cli.bench.closed_loop import closed_over_open
from sns_mujoco.cli.record import Record, size_of
from sns_mujoco.cli.report import life_lines, told_of
from sns_mujoco.cli.style import tell_left_out
from sns_mujoco.learning.evolution.stopping import Stopped, Stopping
from sns_mujoco.models import Animal, individual, load
from sns_mujoco.protocols import Protocol
from sns_mujoco.rendering.shoot import SAMPLE_RATE, Shoot, Style

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.cosim.simulation import Simulation

COMPARED = 1000  # physics steps over which the closed loop is compared with the open one
REPORTED = 300.0  # s at the end of a run that its report is about: memory does not grow with what is longer
REPORT_CHANNELS = ("potential", "joint_position", "command", "sensor")
Place = tuple[float, float]  # m, on the ground


def run_animal(
    name: str, *, seconds: float, seed: int, orders: Sequence[commands.Order], terrain: str | None,
    video: Path | None, record: Path | None, slow: float | None, quality: str, renderer: str,
    rate: float | None = None, channels: Sequence[str] | None = None, style: Style | None = None,
    protocol: Path | None = None,
) -> None:  # fmt: skip
    """Run an animal; see `app.run` for the options.

    Raises:
        UnknownNameError: No such animal, terrain, command or channel, or nothing of a name in the protocol.
        FileNotFoundError: No such file of an individual, of code or of a protocol.
        ProtocolError: The protocol is damaged, or cannot be done to the animal.
        TimeStepError: Times or waveforms of the protocol do not fit the physics step.
        ParameterError: The file has no individual in it.
        ValueError: A number is out of bounds.
        OutputPathError: A file cannot be written where it was asked for.
        DivergenceError: The animal diverged; what was filmed and recorded until then has been saved.
        RecordingError: The recording cannot be written any further, as on a full disk; the same holds.
        KeyboardInterrupt: The user stopped it; the same holds. SIGTERM ends the process likewise.
    """
    animal = load(name)
    reported = told_of(animal)
    if not seconds > 0:
        raise ValueError(f"--seconds is {seconds:g}; give more than 0")
    if record is None and (rate is not None or channels):
        raise ValueError("--rate and --channels are about a recording; say where it is to go with --record")
    chosen = commands.choose(animal, orders, seconds=seconds, period=1.0 / SAMPLE_RATE)
    slow = animal.slow if slow is None else slow
    if not slow > 0:
        raise ValueError(f"--slow is {slow:g}; give more than 0")
    console = Console()
    found = individual(animal)
    if found is not None:
        console.print(found.summary, highlight=False, markup=False, soft_wrap=True)
    given = None if protocol is None else Protocol.load(protocol)
    simulation = animal.simulation(terrain=terrain, seed=seed, protocol=given)
    commands.give(simulation, chosen)
    recorder = Recorder(
        simulation, rate=SAMPLE_RATE, channels=REPORT_CHANNELS, neurons=reported.rhythm, joints=reported.joints,
        sensors=[foot.sensor for foot in animal.feet], last=REPORTED,
    )  # fmt: skip
    grounded = animal.grounded(terrain)
    shoot, recording, stopping = None, None, Stopping()
    track: list[Place] = []
    failure: BaseException | None = None
    stepping = 0.0
    with stopping.listening():
        try:
            if video:
                shoot = Shoot(
                    animal, simulation, video, grounded=grounded, slow=slow, quality=quality, renderer=renderer,
                    style=style, protocol=given,
                )  # fmt: skip
            if shoot is not None:
                tell_left_out(console, shoot.left_out)
            if record is not None:
                recording = Record(simulation, record, rate=rate or SAMPLE_RATE, channels=channels)
            advance = simulation.step if recording is None else recording.recorder.step
            for step in live(simulation, advance, recorder, shoot, seconds, console, stopping):
                stepping += step
                commands.give(simulation, chosen)
                if grounded and animal.moves:
                    track[1:] = [animal.whereabouts(simulation)]
        except BaseException as error:  # whatever ended it, what was lived until then is kept
            failure = error
        failure = _close(console, shoot, recording, failure)
    kept = [path for path in (video, record) if path is not None and path.exists()]
    if failure is not None:
        if 0.0 < simulation.time < seconds:
            console.print(f"ended at {simulation.time:.3f} s of {seconds:g} s", highlight=False)
        for path in kept:
            console.print(f"kept what there was in {path}", highlight=False, soft_wrap=True)
        if isinstance(failure, Stopped):
            stopping.pass_on()
            raise KeyboardInterrupt  # where the signal's usual effect is none
        raise failure
    compared = COMPARED * simulation.model.opt.timestep
    loops = closed_over_open(animal, individuals=1, seconds=compared, repeats=21, threads=1)
    told = simulation.time / stepping
    report(
        console,
        reported,
        simulation,
        recorder.dataset(),
        track,
        grounded=grounded,
        simulated_per_wall=told,
        loops=loops,
    )
    for path in kept:
        console.print(f"wrote {path} ({size_of(path) / 1e6:.1f} MB)", highlight=False)


def _close(
    console: Console, shoot: Shoot | None, recording: Record | None, failure: BaseException | None
) -> BaseException | None:
    """Finish film and recording, each even if the other cannot be; the first thing that went wrong."""
    for what in (recording, shoot):
        try:
            if what is not None:
                what.close()
        except Exception as error:
            if failure is not None and not isinstance(failure, Stopped):
                console.print(f"and: {error}", highlight=False, soft_wrap=True)
            failure = failure or error
    return failure


def live(
    simulation: "Simulation", advance: Callable[[int], None], recorder: Recorder, shoot: Shoot | None, seconds: float,
    console: Console, stopping: Stopping,
) -> Iterator[float]:  # fmt: skip
    """Step, sample and film; after each sample, the wall time that its steps alone took, s.

    Raises:
        DivergenceError: The animal diverged; everything before is recorded and filmed.
        RecordingError: The recording cannot be written any further.
        Stopped: A signal came; the sample is complete.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.1f} of {task.total:.1f} s"),
        TimeRemainingColumn(),
        console=console,
    )
    watched = shoot.watch if shoot is not None and simulation.brain.spiking else None
    with bar:
        task = bar.add_task("living" if shoot is None else f"filming ({shoot.backend})", total=seconds)
        for sample in range(1, round(seconds * SAMPLE_RATE) + 1):
            start = time.perf_counter()
            if watched is None:
                advance(recorder.period)
            else:  # step by step, so that the film misses no spike
                for _ in range(recorder.period):
                    advance(1)
                    watched()
            stepping = time.perf_counter() - start
            recorder.sample()
            if shoot is not None:
                shoot.sample()
            if sample % 10 == 0:
                bar.update(task, completed=simulation.time)
            yield stepping
            if stopping.heard is not None:
                raise Stopped
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
        console.print(f"[bold]{name:{width}}[/]  {text}", highlight=False, soft_wrap=True)
