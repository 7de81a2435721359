"""Commands and their options. What they do stands in modules of their own, which are imported when they are used."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="sns-mujoco",
    help="Synthetic nervous systems that live inside MuJoCo physics.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


@app.command("list", help="List the animals.")
def list_animals() -> None:
    """Print every animal with its size in neurons and what it is."""
    from sns_mujoco.cli.show import print_animals

    print_animals()


@app.command(
    help="Show what an animal is made of: what may vary of it, under which names; of an individual's file, its genes. "
    "With [cyan]--out[/], write a page about it: body, circuit, neurons, synapses, muscles, afferents and efferents "
    "with their numbers and sources, and what the doctor finds.",
    epilog="Examples:  [cyan]sns-mujoco show hexapod --out hexapod.html[/]   |   "
    "[cyan]sns-mujoco show hexapod g_max '*->L1 trigger'[/]   |   [cyan]sns-mujoco show runs/rough/best.json[/]",
)
def show(
    what: Annotated[
        str,
        typer.Argument(help="Name of the animal; the file of an individual; the folder of a run; module:ATTRIBUTE."),
    ],
    quantity: Annotated[
        str | None, typer.Argument(help="A quantity, to list all that has it, with what is described.")
    ] = None,
    pattern: Annotated[str, typer.Argument(help="Shell pattern of the names to list.")] = "*",
    terrain: Annotated[str | None, typer.Option(help="What it lives on; its usual ground if left out.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where a page is written instead: .html, one file that needs nothing else.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the life that the page pictures.")] = 0,
    examine: Annotated[
        bool, typer.Option("--doctor/--no-doctor", help="Whether the page has the doctor's findings.")
    ] = True,
    renderer: Annotated[str, typer.Option(help="Of the page's picture: auto, egl, osmesa or raycaster.")] = "raycaster",
) -> None:
    """Show parameters or genes, or write a page."""
    from sns_mujoco.cli.show import print_genes, print_parameters, print_quantities, write_page
    from sns_mujoco.models import individual, load

    animal = load(what)
    found = individual(animal)
    if out is not None:
        if quantity is not None:
            raise ValueError(f"a page has all quantities, and {quantity!r} was asked for; leave it out, or --out")
        write_page(animal, out, terrain=terrain, seed=seed, examine=examine, renderer=renderer)
    elif quantity is not None:
        print_parameters(animal, quantity, pattern, terrain=terrain)
    elif found is not None:
        print_genes(found)
    else:
        print_quantities(animal, terrain=terrain)


@app.command(
    help="Let an animal live for a while, film and record it, and say what it did.",
    epilog="Examples:  [cyan]sns-mujoco run hexapod --video hexapod.mp4[/]   |   "
    "[cyan]sns-mujoco run hexapod --seconds 20 --drive 0.4 --turn 0.5 --record walk.nc[/]   |   "
    "[cyan]sns-mujoco run hexapod --terrain rough --video rough.mp4 --slow 1[/]   |   "
    "[cyan]sns-mujoco run hexapod -c drive=0.5 -c turn=1@1:2[/]   |   "
    "[cyan]sns-mujoco run rat_hindlimbs -c L_RG_extensor=-10@2:2.1 --video pulse.mp4[/]",
)
def run(
    animal: Annotated[
        str,
        typer.Argument(
            help="Name of the animal, see [cyan]sns-mujoco list[/]; the file of an individual, or the folder of a run; "
            "or your own, as module:ATTRIBUTE or file.py:ATTRIBUTE."
        ),
    ],
    seconds: Annotated[float, typer.Option(help="Simulated time, s.")] = 3.0,
    seed: Annotated[int, typer.Option(help="Seed of the initial pose, the noise and the terrain.")] = 0,
    drive: Annotated[float | None, typer.Option(help="Descending drive; what it cruises at if left out.")] = None,
    turn: Annotated[float | None, typer.Option(help="Turn command, positive to the left; 0 if left out.")] = None,
    command: Annotated[
        list[str] | None,
        typer.Option(
            "--command",
            "-c",
            help="Any command or probe of the animal, several times if need be: name=value for the whole run, "
            "name=value@start:end for a pulse, times in s.",
        ),
    ] = None,
    protocol: Annotated[
        Path | None,
        typer.Option(help="What is done to it: a .yaml file of currents, clamps, lesions, pushes, failures."),
    ] = None,
    terrain: Annotated[str | None, typer.Option(help="What it walks on; its usual ground if left out.")] = None,
    video: Annotated[Path | None, typer.Option(help="Film it: .mp4, .gif or .webp.")] = None,
    record: Annotated[
        Path | None,
        typer.Option(help="Record it, into a file that grows: .nc (NetCDF) or .zarr; or in the end .csv or .nwb."),
    ] = None,
    rate: Annotated[
        float | None, typer.Option(help="Samples of the recording per second, Hz; 500 if left out.")
    ] = None,
    channels: Annotated[
        list[str] | None,
        typer.Option(
            help="What to record, several times if need be: names or patterns of variables, as joint_*, or of their "
            "channels, as 'potential:L1*'; everything if left out."
        ),
    ] = None,
    slow: Annotated[
        float | None,
        typer.Option(help="How many times slower than life the film is; what suits the animal if left out."),
    ] = None,
    quality: Annotated[str, typer.Option(help="Of the film: draft, medium or high.")] = "medium",
    renderer: Annotated[str, typer.Option(help="auto, egl, osmesa or raycaster (needs no OpenGL).")] = "auto",
    panels: Annotated[
        str | None,
        typer.Option(
            help="Of the film, beside the body, with commas between: traces, raster, stance, circuit, muscles, phase, "
            "commands, events; or none. What suits the animal if left out."
        ),
    ] = None,
    camera: Annotated[
        str,
        typer.Option(
            help="Of the film: chase, left, right, front, back, top, fixed, orbit, or a camera of the model by name."
        ),
    ] = "chase",
    phase: Annotated[
        list[str] | None,
        typer.Option(
            help="Two signals of a phase portrait, several times if need be: names of neurons or hinges, or "
            "HINGE.velocity, as 'L_hip,L_hip.velocity'."
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="Of the film, above the body.")] = "",
    caption: Annotated[str, typer.Option(help="Of the film, a line below the title.")] = "",
) -> None:
    """Run an animal."""
    from sns_mujoco.cli.commands import Order, parse
    from sns_mujoco.cli.run import run_animal
    from sns_mujoco.cli.style import style_of

    named = {"drive": drive, "turn": turn}
    orders = [Order(name=name, value=value) for name, value in named.items() if value is not None]
    orders += [parse(text) for text in command or ()]
    run_animal(
        animal, seconds=seconds, seed=seed, orders=orders, terrain=terrain, video=video, record=record, slow=slow,
        quality=quality, renderer=renderer, rate=rate, channels=channels,
        style=style_of(panels, camera, title, caption, phase), protocol=protocol,
    )  # fmt: skip


@app.command(
    help="Examine the wiring between a nervous system and its body, statically and by short experiments: names, "
    "ranges, swapped sides, muscles against their names, delays and time steps.",
    epilog="Examples:  [cyan]sns-mujoco doctor rat_hindlimbs[/]   |   [cyan]sns-mujoco doctor model.xml --json[/]",
)
def doctor(
    what: Annotated[
        str,
        typer.Argument(
            help="Name of the animal, or the file of an individual, the folder of a run, module:ATTRIBUTE; or a model "
            "with a nervous system: .xml or .mjb."
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
    terrain: Annotated[str | None, typer.Option(help="Of an animal; its usual ground if left out.")] = None,
) -> None:
    """Examine a model; the exit code is 1 where there are errors."""
    from sns_mujoco.cli.doctor import run as examine

    raise typer.Exit(examine(what, as_json=json, terrain=terrain))


@app.command(
    help="Evolve an animal for a task, and keep everything in one folder: what was asked, every generation, the best "
    "individual as a file that [cyan]run[/] and the others take, pictures, a film. What is killed or stopped goes on "
    "with [cyan]--resume[/] and ends as if it never had been.",
    epilog="Examples:  [cyan]sns-mujoco evolve hexapod --task speed --out runs/fast[/]   |   "
    "[cyan]sns-mujoco evolve hexapod --task rough --generations 50 --popsize 32 --minutes 60 --out runs/rough[/]   |   "
    "[cyan]sns-mujoco evolve --resume runs/rough[/]   |   [cyan]sns-mujoco run runs/rough/best.json[/]",
)
def evolve(
    animal: Annotated[
        str | None,
        typer.Argument(
            help="Name of the animal, see [cyan]sns-mujoco list[/]; an individual's file; or your own, as "
            "module:ATTRIBUTE or file.py:ATTRIBUTE."
        ),
    ] = None,
    task: Annotated[
        str | None, typer.Option(help="What it is to do: one of its tasks, or a file: .toml or .json.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of a new run.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Folder of a run to go on with.")] = None,
    algorithm: Annotated[str | None, typer.Option(help="cma-es, map-elites or random; cma-es if left out.")] = None,
    generations: Annotated[int | None, typer.Option(help="How many, in all; 100 if left out.")] = None,
    popsize: Annotated[
        int | None, typer.Option(help="Individuals a generation; what the algorithm holds for good if left out.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of all random numbers; 0 if left out.")] = None,
    start: Annotated[
        str | None,
        typer.Option(
            help="Where it starts: the file of an individual, or the folder of a run; as described if left out."
        ),
    ] = None,
    sigma: Annotated[
        float | None, typer.Option(help="First step size, as a share of a gene's range; 0.2 if left out.")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(help="Wall time after which it ends with the generation under way.")
    ] = None,
    threads: Annotated[int, typer.Option(help="Threads that step the animals; as many as cores if 0.")] = 0,
    ray: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster that evaluations are spread over, or local.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="On the cluster, each with so many threads; one a machine if left out.")
    ] = None,
    video: Annotated[bool, typer.Option(help="Whether the best animal is filmed in the end.")] = True,
) -> None:
    """Evolve an animal."""
    from sns_mujoco.cli.evolve import run_evolution

    run_evolution(
        animal, task=task, out=out, again=resume, start=start, algorithm=algorithm, generations=generations,
        popsize=popsize, seed=seed, sigma=sigma, minutes=minutes, threads=threads, ray=ray, workers=workers,
        video=video,
    )  # fmt: skip


@app.command(
    "import-animatlab",
    help="Turn an AnimatLab project into a body (MJCF), a network, adapters and stimuli, and list what it could not "
    "represent.",
    epilog="Examples:  [cyan]sns-mujoco import-animatlab rat_Standalone.asim[/]   |   "
    "[cyan]sns-mujoco import-animatlab rat_Standalone.asim -o rat && python rat/run.py[/]",
)
def import_animatlab(
    file: Annotated[Path, typer.Argument(help="A standalone simulation (.asim), or its project (.aproj).")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write; only a report is printed if left out.")
    ] = None,
    timestep: Annotated[float | None, typer.Option(help="Physics step, s; the file's if left out.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")] = False,
) -> None:
    """Import an AnimatLab project."""
    from sns_mujoco.cli.import_animatlab import import_animatlab as read_and_write

    read_and_write(file, output, timestep=timestep, json=json)


@app.command(
    help="Measure speed, side by side in one run. Of an animal: closed loop over open loop, and against SNS-Toolbox "
    "where it is installed ([cyan]pip install 'sns-mujoco\\[sns-toolbox]'[/]). Of the core alone: against Brian2, "
    "ANNarchy, NEST, Nengo, Norse, snnTorch and SNS-Toolbox; those that are not installed get virtual environments in "
    "your cache folder. Of populations: against their bodies alone, vector environments of Gymnasium and EnvPool's, "
    "what a generation of an evolution costs besides, and threads and Ray workers.",
    epilog="Examples:  [cyan]sns-mujoco bench[/]   |   [cyan]sns-mujoco bench hexapod --json[/]   |   "
    "[cyan]sns-mujoco bench rat_hindlimbs[/]   |   "
    "[cyan]sns-mujoco bench core[/]   |   [cyan]sns-mujoco bench core --sizes 100,1000 --peers brian2,nest[/]   |   "
    "[cyan]sns-mujoco bench population[/]",
)
def bench(
    what: Annotated[str, typer.Argument(help="Name of the animal, core, or population.")] = "hexapod",
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
    repeats: Annotated[int, typer.Option(help="Measurements of each thing; medians are taken.", min=1)] = 11,
    seconds: Annotated[
        float | None, typer.Option(help="Of an animal: simulated time of a measurement, s; 5 if left out.")
    ] = None,
    sizes: Annotated[
        str | None, typer.Option(help="Of the core: numbers of neurons, with commas; 10 to 100,000 if left out.")
    ] = None,
    peers: Annotated[
        str | None,
        typer.Option(
            help="Of the core: who is compared, with commas: brian2, annarchy, nest, nengo, norse, snntorch, "
            "sns-toolbox; all if left out, or none."
        ),
    ] = None,
) -> None:
    """Run the benchmarks."""
    from sns_mujoco.cli.bench.report import run

    run(what, as_json=json, repeats=repeats, seconds=seconds, sizes=sizes, peers=peers)
