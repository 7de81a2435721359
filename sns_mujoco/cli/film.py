"""What `sns-mujoco film` does: film an animal or a recording, alone or two side by side, without a report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from sns_mujoco.analysis import recording as recordings
from sns_mujoco.cli import commands
from sns_mujoco.cli.style import tell_left_out
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import RecordingError
from sns_mujoco.models import Animal, load, names
from sns_mujoco.protocols import Protocol
from sns_mujoco.rendering.duet import Duet
from sns_mujoco.rendering.replay import Replay
from sns_mujoco.rendering.shoot import SAMPLE_RATE, Shoot, Style

RECORDINGS = (".nc", ".zarr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the lives of a film, as it is asked for.

    Attributes:
        what: An animal as `models.load` finds it, or the file of a recording.
        animal: The animal of a recording; the one of the repository that the recording says if left out.
        seed: Of an animal's life.
        terrain: Of an animal's life; its usual ground if left out.
        orders: Commands and probes.
        protocol: What is done to it.
        title: Above it.
    """

    what: str
    animal: str | None = None
    seed: int = 0
    terrain: str | None = None
    orders: Sequence[commands.Order] = ()
    protocol: Path | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Life:
    """A life that can be filmed; each step of `moments` leads to the next sample."""

    animal: Animal
    simulation: Simulation
    grounded: bool
    protocol: Protocol | None
    moments: Callable[[float, Callable[[], None]], Iterator[None]]


def film(
    parts: Sequence[Part], out: Path, *, seconds: float, slow: float | None, quality: str, renderer: str, style: Style
) -> None:
    """Film one life, or two side by side.

    Args:
        parts: One or two.
        out: The film: .mp4, .gif or .webp.
        seconds: Simulated time, s; a recording may end earlier.
        slow: How many times slower than life; what suits the first animal if left out.
        quality: "draft", "medium" or "high".
        renderer: As `make_renderer` takes it.
        style: What it looks like.

    Raises:
        UnknownNameError: No such animal, terrain, command, panel, camera or signal.
        ValueError: A number is out of bounds.
        OutputPathError: The film cannot be written there.
        RecordingError: A recording does not hold what a film needs, or is none.
        DivergenceError: An animal diverged; what was filmed until then has been saved.
        KeyboardInterrupt: The user stopped it; the same holds.
    """
    if not seconds > 0:
        raise ValueError(f"--seconds is {seconds:g}; give more than 0")
    if not any(_is_recording(part.what) for part in parts) and parts[0].animal is not None:
        raise ValueError("--animal says whose a recording is, and none is filmed; leave it out")
    lives = [_life(part, seconds) for part in parts]
    slow = lives[0].animal.slow if slow is None else slow
    if not slow > 0:
        raise ValueError(f"--slow is {slow:g}; give more than 0")
    titled = [replace(style, title=part.title or style.title) for part in parts]
    if len(lives) == 1:
        life = lives[0]
        shoot = Shoot(
            life.animal, life.simulation, out, grounded=life.grounded, slow=slow, quality=quality, renderer=renderer,
            style=titled[0], protocol=life.protocol,
        )  # fmt: skip
        watches: list[Callable[[], None]] = [shoot.watch]
    else:
        one, other = lives
        shoot = Duet(
            (one.animal, other.animal), (one.simulation, other.simulation), out,
            grounded=(one.grounded, other.grounded), slow=slow, quality=quality, renderer=renderer,
            styles=(titled[0], titled[1]), protocols=(one.protocol, other.protocol),
        )  # fmt: skip
        watches = [lambda: shoot.watch(0), lambda: shoot.watch(1)]
    console = Console()
    tell_left_out(console, shoot.left_out)
    try:
        for _ in _shown(lives, watches, seconds, shoot.backend, console):
            shoot.sample()
    finally:  # what was filmed until something went wrong is kept
        shoot.close()
    console.print(f"wrote {out} ({out.stat().st_size / 1e6:.1f} MB)", highlight=False, soft_wrap=True)


def _shown(
    lives: Sequence[_Life], watches: Sequence[Callable[[], None]], seconds: float, backend: str, console: Console
) -> Iterator[None]:
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.1f} of {task.total:.1f} s"),
        TimeRemainingColumn(), console=console,
    )  # fmt: skip
    moments = [life.moments(seconds, watch) for life, watch in zip(lives, watches, strict=True)]
    with bar:
        task = bar.add_task(f"filming ({backend})", total=seconds)
        for n, _ in enumerate(zip(*moments, strict=False), start=1):
            yield
            if n % 10 == 0:
                bar.update(task, completed=n / SAMPLE_RATE)
        bar.update(task, completed=seconds)


def _is_recording(what: str) -> bool:
    return Path(what).suffix.lower() in RECORDINGS


def _life(part: Part, seconds: float) -> _Life:
    if _is_recording(part.what):
        return _recorded(part)
    animal = load(part.what)
    orders = commands.choose(animal, part.orders, seconds=seconds, period=1.0 / SAMPLE_RATE)
    protocol = Protocol.load(part.protocol) if part.protocol is not None else None
    simulation = animal.simulation(terrain=part.terrain, seed=part.seed, protocol=protocol)
    commands.give(simulation, orders)

    def moments(seconds: float, watch: Callable[[], None]) -> Iterator[None]:
        steps = max(1, round(1.0 / (SAMPLE_RATE * simulation.model.opt.timestep)))
        spikes = bool(simulation.brain.spiking)
        for _ in range(round(seconds * SAMPLE_RATE)):
            if spikes:  # step by step, so that no spike is missed
                for _ in range(steps):
                    simulation.step()
                    watch()
            else:
                simulation.step(steps)
            yield
            commands.give(simulation, orders)

    return _Life(
        animal=animal, simulation=simulation, grounded=animal.grounded(part.terrain), protocol=protocol, moments=moments
    )


def _recorded(part: Part) -> _Life:
    if part.orders or part.protocol is not None or part.terrain is not None or part.seed:
        raise ValueError(f"{part.what!r} is a recording: it has its seed, terrain, commands and protocol already")
    recording = recordings.load(part.what)
    said = str(recording.attrs.get("animal") or "")
    if part.animal is None and said.partition(":")[0] not in names():  # no code is run because a file says so
        what = f"says that it is of {said!r}, an animal of your own" if said else "does not say which animal it is of"
        raise RecordingError(f"{part.what!r} {what}; name the animal with --animal")
    animal = load(part.animal or said)
    replay = Replay(animal, recording)
    told = str(recording.attrs.get("protocol") or "")
    terrain = str(recording.attrs.get("terrain") or "") or None

    def moments(seconds: float, _: Callable[[], None]) -> Iterator[None]:
        for n, _moment in enumerate(replay):
            if n >= round(seconds * SAMPLE_RATE):
                return
            yield

    return _Life(
        animal=animal, simulation=replay.simulation, grounded=animal.grounded(terrain),
        protocol=Protocol.from_dict(yaml.safe_load(told)) if told else None, moments=moments,
    )  # fmt: skip
