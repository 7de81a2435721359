"""Commands of the bench: what an experimenter does with an animal. What they do stands in modules of their own."""

from pathlib import Path
from typing import Annotated

import typer

from sns_mujoco.cli import experiment
from sns_mujoco.cli.app import app

__all__ = ["app"]

app.add_typer(experiment.app)


@app.command(
    help="Show an animal in a browser in real time, its nervous system beside it: start, pause and step it, move its "
    "commands, click neurons to stimulate or silence them, cut connections, push it. What was done is a protocol that "
    "replays. Only this machine can open the page.",
    epilog="Examples:  [cyan]sns-mujoco view hexapod[/]   |   "
    "[cyan]sns-mujoco view rat_hindlimbs --save done.yaml[/]   |   "
    "[cyan]sns-mujoco view hexapod --protocol done.yaml --seed 3 --port 8080 --no-browser[/]",
)
def view(
    animal: Annotated[
        str,
        typer.Argument(
            help="Name of the animal, see [cyan]sns-mujoco list[/]; the file of an individual, or the folder of a run; "
            "or your own, as module:ATTRIBUTE or file.py:ATTRIBUTE."
        ),
    ],
    terrain: Annotated[str | None, typer.Option(help="What it lives on; its usual ground if left out.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the initial pose, the noise and the terrain.")] = 0,
    protocol: Annotated[
        Path | None, typer.Option(help="A protocol (.yaml) that is applied in every life, besides what you do.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="Where what was done is saved, when asked for and in the end: .yaml.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port of the page on 127.0.0.1; any that is free if 0.", min=0)] = 0,
    browser: Annotated[bool, typer.Option(help="Whether to open a browser, besides printing the address.")] = True,
    paused: Annotated[bool, typer.Option("--paused", help="Wait for the start button.")] = False,
    renderer: Annotated[
        str, typer.Option(help="auto, egl, osmesa or raycaster; auto takes OpenGL where it is fast.")
    ] = "auto",
    quality: Annotated[str, typer.Option(help="Of the pictures: draft, medium or high.")] = "medium",
) -> None:
    """Show an animal live."""
    from sns_mujoco.cli.view import view_animal

    view_animal(
        animal, terrain=terrain, seed=seed, protocol=protocol, save=save, port=port, browser=browser, paused=paused,
        renderer=renderer, quality=quality,
    )  # fmt: skip


@app.command(
    help="Draw a figure for a paper, in vectors or pixels: [cyan]traces[/], [cyan]raster[/], "
    "[cyan]stance_diagram[/], [cyan]hildebrand[/], [cyan]phase_plot[/], [cyan]polar_lags[/], [cyan]spectrogram[/] and "
    "[cyan]muscle_lengths[/] of a recording; [cyan]moment_arms[/] and [cyan]circuit[/] of an animal, with or without "
    "one; [cyan]lesion_table[/] of the results of a lesion sweep.",
    epilog="Examples:  [cyan]sns-mujoco figure traces walk.nc --out traces.pdf --from 1 --to 2[/]   |   "
    "[cyan]sns-mujoco figure traces walk.nc --out knee.svg --channels 'joint_position:*knee' --channels 'L_MN_*'[/]   "
    "|   [cyan]sns-mujoco figure polar_lags walk.nc --out lags.pdf --reference R1[/]   |   "
    "[cyan]sns-mujoco figure moment_arms --animal rat_hindlimbs --joint L_knee --out arms.pdf[/]",
)
def figure(
    kind: Annotated[str, typer.Argument(help="Which figure.")],
    file: Annotated[
        Path | None, typer.Argument(help="A recording, or the results.nc of a lesion sweep.", show_default=False)
    ] = None,
    out: Annotated[Path, typer.Option(help="Where it is written: .pdf, .svg or .png.")] = Path("figure.pdf"),
    animal: Annotated[
        str | None,
        typer.Option(
            help="Whose recording it is, for feet, readouts and colours; if left out, the animal of the repository "
            "that the recording says."
        ),
    ] = None,
    channels: Annotated[
        list[str] | None,
        typer.Option(
            help="What is drawn, several times if need be: names or shell patterns of neurons, muscles or measures, or "
            "variable:pattern. A phase plot takes two, a spectrogram one."
        ),
    ] = None,
    start: Annotated[float | None, typer.Option("--from", help="Time from which it is drawn, s.")] = None,
    stop: Annotated[float | None, typer.Option("--to", help="Time until which it is drawn, s.")] = None,
    reference: Annotated[str | None, typer.Option(help="Foot or neuron that others are compared with.")] = None,
    joint: Annotated[str | None, typer.Option(help="Hinge whose moment arms are drawn; all if left out.")] = None,
    at: Annotated[float | None, typer.Option(help="Moment whose potentials colour a circuit, s.")] = None,
    individual: Annotated[int | None, typer.Option(help="Which of the individuals of a batch, from 0.")] = None,
) -> None:
    """Draw a figure."""
    from sns_mujoco.cli.figure import Wanted, draw_figure

    window = None if start is None and stop is None else (start or 0.0, float("inf") if stop is None else stop)
    wanted = Wanted(channels=tuple(channels or ()), window=window, reference=reference, joint=joint, at=at)
    draw_figure(kind, file, animal=animal, out=out, individual=individual, wanted=wanted)


@app.command(
    help="Say what recordings of a walking animal tell of its gait: strides, duty factor, phase lags, the gait's name, "
    "speed, cost of transport, work of the muscles, stability, with confidence intervals over strides and, with "
    "several recordings, over lives; beside published numbers if they are given.",
    epilog="Examples:  [cyan]sns-mujoco run quadruped --seconds 8 --record walk.nc && sns-mujoco gait walk.nc[/]   |   "
    "[cyan]sns-mujoco gait seed*.nc --animal hexapod --compare cockroach.csv --out gait.json[/]   |   "
    "[cyan]sns-mujoco gait ramp.nc --along drive[/]",
)
def gait(
    files: Annotated[list[Path], typer.Argument(help="Recordings of one animal, as of several seeds.")],
    animal: Annotated[
        str | None, typer.Option(help="Whose they are, as for [cyan]run[/]; what they say if left out.")
    ] = None,
    terrain: Annotated[str | None, typer.Option(help="What it walked on; what they say if left out.")] = None,
    start: Annotated[
        float | None, typer.Option("--from", help="Time from which strides count, s; the first quarter is left out.")
    ] = None,
    stop: Annotated[float | None, typer.Option("--to", help="Time until which strides count, s.")] = None,
    events: Annotated[
        str,
        typer.Option(
            help="What tells stance: the load on the feet, their speed over the ground, or reversal of their path."
        ),
    ] = "load",
    reference: Annotated[
        str | None, typer.Option(help="Foot whose strides are the animal's; that of the first phase lag if left out.")
    ] = None,
    level: Annotated[float, typer.Option(help="Of the confidence intervals.")] = 0.95,
    compare: Annotated[
        Path | None, typer.Option(help="Published numbers: .csv with quantity, mean, sd and, if need be, of, source.")
    ] = None,
    trajectories: Annotated[
        Path | None, typer.Option(help="Published joint angles over a stride: .csv with phase (0 to 1) and joints.")
    ] = None,
    degrees: Annotated[bool, typer.Option("--degrees", help="These angles are in degrees.")] = False,
    along: Annotated[
        str | None, typer.Option(help="A command that rises and falls: how the gait follows it, up and down.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write it: .csv, .json, or .nc with all single strides.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Analyse the gait of recordings."""
    from typing import cast

    from sns_mujoco.analysis.gait.reading import Events
    from sns_mujoco.cli.gait import analyse_files

    analyse_files(
        files, animal=animal, terrain=terrain, start=start, stop=stop, events=cast(Events, events), reference=reference,
        level=level, compare=compare, trajectories=trajectories, degrees=degrees, along=along, out=out, as_json=json,
    )  # fmt: skip


@app.command(
    help="Run published experiments with what is built here, and compare with what was published: a table each, with "
    "figures where a folder is given. What is known not to reproduce is marked as such, with what was tried; the exit "
    "code is 1 where anything else does not.",
    epilog="Examples:  [cyan]sns-mujoco reproduce --list[/]   |   [cyan]sns-mujoco reproduce half_centre_delta[/]   "
    "|   [cyan]sns-mujoco reproduce --out reproduced[/]   |   [cyan]sns-mujoco reproduce deletions walk_trot --json[/]",
)
def reproduce(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Which experiments; all if none is named.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the experiments and run none.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="A new folder for results.json, table.md and a figure each, .pdf and .png.")
    ] = None,
) -> None:
    """Repeat published experiments."""
    from sns_mujoco.cli.reproduce import list_experiments
    from sns_mujoco.cli.reproduce import reproduce as repeat

    if listed:
        list_experiments(as_json=json)
    else:
        raise typer.Exit(repeat(names or (), as_json=json, out=out))


@app.command(
    help="Prove that an animal lives the same life again, bit for bit: in two processes, alone and as rows of a "
    "population on one thread and several, recorded or not, and from a snapshot. Otherwise the first step and channel "
    "that differ are named, and the exit code is 1.",
    epilog="Examples:  [cyan]sns-mujoco verify hexapod[/]   |   "
    "[cyan]sns-mujoco verify quadruped --seconds 5 --json[/]",
)
def verify(
    animal: Annotated[
        str,
        typer.Argument(help="Name of the animal; the file of an individual, the folder of a run; module:ATTRIBUTE."),
    ],
    seconds: Annotated[float, typer.Option(help="How long each lives, s.")] = 1.0,
    seeds: Annotated[list[int] | None, typer.Option(help="Of the lives, several times; 0 and 1 if left out.")] = None,
    threads: Annotated[int, typer.Option(help="Of the population on several.")] = 2,
    terrain: Annotated[str | None, typer.Option(help="What it lives on; its usual ground if left out.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Verify an animal."""
    from sns_mujoco.cli.verify import verify_animal

    raise typer.Exit(
        verify_animal(animal, seconds=seconds, seeds=seeds or (0, 1), threads=threads, terrain=terrain, as_json=json)
    )


@app.command(
    help="Film an animal, or a recording of one, alone or beside another: two animals, two seeds, two grounds, with "
    "and without a lesion, at the same time of their lives.",
    epilog="Examples:  [cyan]sns-mujoco film hexapod --out walk.mp4 --panels circuit,traces --camera orbit[/]   |   "
    "[cyan]sns-mujoco film walk.nc --out walk.webp --slow 8[/]   |   "
    "[cyan]sns-mujoco film hexapod --beside hexapod:rough --terrain rough --out both.mp4[/]   |   "
    "[cyan]sns-mujoco film quadruped --beside quadruped -c drive=0.4 -d drive=0.9 --out speed.mp4[/]",
)
def film(
    what: Annotated[
        str,
        typer.Argument(
            help="Name of the animal, see [cyan]sns-mujoco list[/]; the file of an individual, or the folder of a run; "
            "or your own, as module:ATTRIBUTE or file.py:ATTRIBUTE; or a recording: .nc or .zarr."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The film: .mp4, .gif or .webp.")],
    beside: Annotated[str | None, typer.Option(help="What is shown to the right of it.")] = None,
    seconds: Annotated[float, typer.Option(help="Simulated time, s; a recording may end earlier.")] = 3.0,
    seed: Annotated[int, typer.Option(help="Seed of its initial pose, its noise and its terrain.")] = 0,
    seed_beside: Annotated[int | None, typer.Option(help="That of the other; the same if left out.")] = None,
    command: Annotated[
        list[str] | None,
        typer.Option("--command", "-c", help="Command or probe: name=value or name=value@start:end, times in s."),
    ] = None,
    command_beside: Annotated[
        list[str] | None, typer.Option("--command-beside", "-d", help="Those of the other; the same if left out.")
    ] = None,
    terrain: Annotated[str | None, typer.Option(help="What it lives on; its usual ground if left out.")] = None,
    terrain_beside: Annotated[str | None, typer.Option(help="What the other lives on; the same if left out.")] = None,
    protocol: Annotated[Path | None, typer.Option(help="What is done to it: .yaml.")] = None,
    protocol_beside: Annotated[Path | None, typer.Option(help="What is done to the other, if anything.")] = None,
    animal: Annotated[
        str | None, typer.Option(help="Whose recording it is; if left out, the animal of the repository that it says.")
    ] = None,
    slow: Annotated[
        float | None, typer.Option(help="How many times slower than life; what suits the animal if left out.")
    ] = None,
    panels: Annotated[
        str | None,
        typer.Option(
            help="Beside the body, with commas between: traces, raster, stance, circuit, muscles, phase, commands, "
            "events; or none. What suits the animal if left out."
        ),
    ] = None,
    camera: Annotated[
        str,
        typer.Option(help="chase, left, right, front, back, top, fixed, orbit, or a camera of the model by name."),
    ] = "chase",
    phase: Annotated[
        list[str] | None,
        typer.Option(
            help="Two signals of a phase portrait, several times if need be: names of neurons or hinges, or "
            "HINGE.velocity, as 'L_hip,L_hip.velocity'."
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="Above the body.")] = "",
    title_beside: Annotated[str, typer.Option(help="Above the other.")] = "",
    caption: Annotated[str, typer.Option(help="A line below the title.")] = "",
    size: Annotated[str, typer.Option(help="Width and height, pixels.")] = "1280x720",
    quality: Annotated[str, typer.Option(help="draft, medium or high.")] = "medium",
    renderer: Annotated[str, typer.Option(help="auto, egl, osmesa or raycaster (needs no OpenGL).")] = "auto",
) -> None:
    """Film one life or two."""
    from sns_mujoco.cli.commands import parse
    from sns_mujoco.cli.film import Part
    from sns_mujoco.cli.film import film as shoot
    from sns_mujoco.cli.style import style_of

    orders = [parse(text) for text in command or ()]
    parts = [
        Part(
            what=what, animal=animal, seed=seed, terrain=terrain, orders=orders, protocol=protocol, title=title,
        )
    ]  # fmt: skip
    if beside is not None:
        others = orders if command_beside is None else [parse(text) for text in command_beside]
        parts.append(
            Part(
                what=beside, animal=animal, seed=seed if seed_beside is None else seed_beside,
                terrain=terrain_beside or terrain, orders=others, protocol=protocol_beside, title=title_beside,
            )
        )  # fmt: skip
    shoot(
        parts, out, seconds=seconds, slow=slow, quality=quality, renderer=renderer,
        style=style_of(panels, camera, "", caption, phase, size),
    )  # fmt: skip
