"""`sns-mujoco experiment KIND ANIMAL`: a command for each kind of experiment of `sns_mujoco.experiments`."""

from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    name="experiment",
    help="Experiments of a physiologist on an animal. With [cyan]--out FOLDER[/] numbers (results.nc), table.csv, "
    "figures (.png, .pdf), summary.txt and config.json are written, whole or not at all.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Animal = Annotated[
    str,
    typer.Argument(
        help="Name of the animal, see [cyan]sns-mujoco list[/]; the file of an individual, or the folder of a run; or "
        "your own, as module:ATTRIBUTE or file.py:ATTRIBUTE."
    ),
]
Out = Annotated[Path | None, typer.Option(help="Folder for the results, new or empty.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Seeds = Annotated[int, typer.Option(help="How many repetitions, with seeds from 0 on.", min=1)]
Threads = Annotated[int, typer.Option(help="Threads that step the animals; as many as cores if 0.", min=0)]
Terrain = Annotated[str | None, typer.Option(help="What it lives on; its usual ground if left out.")]
Settle = Annotated[float, typer.Option(help="Simulated time before anything is done or measured, s.")]
Seconds = Annotated[float, typer.Option(help="Simulated time that each life is watched then, s.")]
Commands = Annotated[
    list[str] | None,
    typer.Option("--command", "-c", help="A command or probe of the animal, name=value, several times if need be."),
]
Levels = Annotated[
    str | None, typer.Option(help="Levels of the command: first:last:count, or with commas; 11 if left out.")
]
Phases = Annotated[
    str, typer.Option(help="Phases of the rhythm's cycle: how many, first:last:count, or with commas, 0 to below 1.")
]
Reference = Annotated[
    str | None, typer.Option(help="Neuron whose bursts tell the rhythm; the animal's own if left out.")
]
Measures = Annotated[
    str | None,
    typer.Option(help="With commas: speed, straightness, fell, frequency, variation, duty_factor, coherence, turning; "
                 "all if left out."),
]  # fmt: skip


@app.command(
    "phase-response",
    help="How far a stimulus shifts the rhythm, at each phase at which it comes.",
    epilog="Example:  [cyan]sns-mujoco experiment phase-response rat_hindlimbs --terrain air --neuron "
    "L_RG_extensor --current -10 --out prc[/]",
)
def phase_response(
    animal: Animal,
    neuron: Annotated[str | None, typer.Option(help="Neuron that receives a pulse of current.")] = None,
    current: Annotated[float, typer.Option(help="Of the pulse, nA.")] = 5.0,
    duration: Annotated[float, typer.Option(help="Of the pulse, s.")] = 0.05,
    stimulus: Annotated[
        Path | None, typer.Option(help="Instead of a pulse, a protocol (.yaml) with times from its beginning on.")
    ] = None,
    phases: Phases = "16", reference: Reference = None, seconds: Seconds = 5.0, settle: Settle = 2.0,
    seeds: Seeds = 1, terrain: Terrain = None, command: Commands = None, threads: Threads = 0, out: Out = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Measure a phase response curve."""
    from sns_mujoco.cli.experimenting import run
    from sns_mujoco.experiments import phase_response as experiment
    from sns_mujoco.protocols import CurrentClamp, Item, Protocol

    if (neuron is None) == (stimulus is None):
        raise ValueError("which stimulus? Give --neuron NAME for a pulse of current, or --stimulus FILE, and not both")
    what: Item | Protocol
    if stimulus is not None:
        what = Protocol.load(stimulus)
    else:
        what = CurrentClamp(str(neuron), current, stop=duration)
    run(
        experiment, animal, what, out=out, json=json, phases=_phases(phases), reference=reference, seconds=seconds,
        settle=settle, seeds=seeds, terrain=terrain, commands=command, threads=threads,
    )  # fmt: skip


@app.command(
    "f-i",
    help="How a neuron of an animal answers steps of injected current.",
    epilog="Example:  [cyan]sns-mujoco experiment f-i antagonist_joint 'flexor RG' --currents 0:30:16 -c drive=0[/]",
)
def f_i(
    animal: Animal,
    neuron: Annotated[str, typer.Argument(help="Name of the neuron.")],
    currents: Annotated[str | None, typer.Option(help="nA: first:last:count, or with commas; 0:20:21.")] = None,
    seconds: Annotated[float, typer.Option(help="Duration of the step, s.")] = 1.0,
    settle: Settle = 1.0, seeds: Seeds = 1, terrain: Terrain = None, command: Commands = None, threads: Threads = 0,
    out: Out = None, json: Json = False,
) -> None:  # fmt: skip
    """Measure a curve of frequency against current."""
    from sns_mujoco.cli.experimenting import numbers, run
    from sns_mujoco.experiments import f_i_curve

    run(
        f_i_curve, animal, neuron, out=out, json=json, currents=numbers(currents, "--currents"), seconds=seconds,
        settle=settle, seeds=seeds, terrain=terrain, commands=command, threads=threads,
    )  # fmt: skip


@app.command("frequency-drive", help="How fast the rhythm is at levels of a command, and which phase gives way.")
def frequency_drive(
    animal: Animal,
    of: Annotated[str, typer.Option(help="The command (or probe) whose levels these are.")] = "drive",
    levels: Levels = None,
    neuron: Annotated[list[str] | None, typer.Option(help="Neurons whose bursts are measured.")] = None,
    seconds: Seconds = 5.0, settle: Settle = 2.0, seeds: Seeds = 3, terrain: Terrain = None,
    command: Commands = None, threads: Threads = 0, out: Out = None, json: Json = False,
) -> None:  # fmt: skip
    """Measure a curve of frequency against drive."""
    from sns_mujoco.cli.experimenting import numbers, run
    from sns_mujoco.experiments import frequency_drive_curve

    run(
        frequency_drive_curve, animal, out=out, json=json, levels=numbers(levels, "--levels"), command=of,
        neurons=neuron, seconds=seconds, settle=settle, seeds=seeds, terrain=terrain, commands=command,
        threads=threads,
    )  # fmt: skip


@app.command(
    "drive-map",
    help="Speed, rhythm and gait at levels of a command; with --ramp up and down, for hysteresis.",
    epilog="Example:  [cyan]sns-mujoco experiment drive-map quadruped --ramp --out map[/]",
)
def drive_map(
    animal: Animal,
    of: Annotated[str, typer.Option(help="The command (or probe) whose levels these are.")] = "drive",
    levels: Levels = None,
    ramp: Annotated[bool, typer.Option("--ramp", help="Each life goes up through all levels and down again.")] = False,
    measures: Measures = None, reference: Reference = None,
    seconds: Annotated[float, typer.Option(help="Simulated time at each level, s.")] = 4.0,
    settle: Settle = 2.0, seeds: Seeds = 3, terrain: Terrain = None, command: Commands = None, threads: Threads = 0,
    out: Out = None, json: Json = False,
) -> None:  # fmt: skip
    """Map a command to speed and gait."""
    from sns_mujoco.cli.experimenting import numbers, run, words
    from sns_mujoco.experiments import drive_map as experiment

    run(
        experiment, animal, out=out, json=json, levels=numbers(levels, "--levels"), command=of, ramp=ramp,
        measures=words(measures), reference=reference, seconds=seconds, settle=settle, seeds=seeds, terrain=terrain,
        commands=command, threads=threads,
    )  # fmt: skip


@app.command(
    help="The gain of the loop through a joint's afferents, and how soon motor neurons answer.",
    epilog="Example:  [cyan]sns-mujoco experiment reflex antagonist_joint hip --seconds 2[/]",
)
def reflex(
    animal: Animal,
    joint: Annotated[str | None, typer.Argument(help="The joint; the first of its report if left out.")] = None,
    muscle: Annotated[str | None, typer.Option(help="Instead of a joint, a muscle that is to be stretched.")] = None,
    torque: Annotated[
        float | None, typer.Option(help="N m; a tenth of the animal's weight times its length if left out.")
    ] = None,
    afferent: Annotated[
        list[str] | None, typer.Option(help="Afferents that are stuck in the open loop; all if left out.")
    ] = None,
    seconds: Annotated[float, typer.Option(help="How long the torque lasts, s.")] = 0.5,
    settle: Settle = 2.0, seeds: Seeds = 3, terrain: Terrain = None, command: Commands = None, threads: Threads = 0,
    out: Out = None, json: Json = False,
) -> None:  # fmt: skip
    """Measure the gain of a reflex."""
    from sns_mujoco.cli.experimenting import run
    from sns_mujoco.experiments import reflex_gain

    run(
        reflex_gain, animal, joint, out=out, json=json, muscle=muscle, torque=torque, afferents=afferent,
        seconds=seconds, settle=settle, seeds=seeds, terrain=terrain, commands=command, threads=threads,
    )  # fmt: skip


@app.command(
    help="Pulses into half-centres at phases of the rhythm: resetting or non-resetting deletions of bursts.",
    epilog="Example:  [cyan]sns-mujoco experiment deletions rat_hindlimbs --terrain air -c drive=1[/]",
)
def deletions(
    animal: Animal,
    target: Annotated[
        list[str] | None, typer.Option(help="Neurons that receive the pulse, one at a time; its probes if left out.")
    ] = None,
    current: Annotated[float, typer.Option(help="Of the pulse, nA.")] = -10.0,
    duration: Annotated[float, typer.Option(help="Of the pulse, s.")] = 0.1,
    phases: Phases = "8", reference: Reference = None, seconds: Seconds = 4.0, settle: Settle = 2.0,
    seeds: Seeds = 1, terrain: Terrain = None, command: Commands = None, threads: Threads = 0, out: Out = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Tell resetting from non-resetting deletions."""
    from sns_mujoco.cli.experimenting import run
    from sns_mujoco.experiments import deletions as experiment

    run(
        experiment, animal, target or None, out=out, json=json, current=current, duration=duration,
        phases=_phases(phases), reference=reference, seconds=seconds, settle=settle, seeds=seeds, terrain=terrain,
        commands=command, threads=threads,
    )  # fmt: skip


@app.command(
    help="Each synapse cut in a life of its own, ranked by what the animal loses.",
    epilog="Examples:  [cyan]sns-mujoco experiment lesions hexapod --out lesions[/]   |   "
    "[cyan]sns-mujoco experiment lesions hexapod -s '?? touchdown->*' -s '?? load->*' --together[/]",
)
def lesions(
    animal: Animal,
    synapses: Annotated[
        list[str] | None,
        typer.Option("--synapses", "-s", help="Names or shell patterns of synapses; each of all if left out."),
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help="Cut all that a pattern names at once, instead of one at a time.")
    ] = False,
    measures: Measures = None,
    rank_by: Annotated[str | None, typer.Option(help="Measure that ranks; speed or frequency if left out.")] = None,
    reference: Reference = None, seconds: Seconds = 3.0, settle: Settle = 2.0, seeds: Seeds = 3,
    terrain: Terrain = None, command: Commands = None, threads: Threads = 0, out: Out = None, json: Json = False,
) -> None:  # fmt: skip
    """Sweep lesions over synapses."""
    from sns_mujoco.cli.experimenting import run, words
    from sns_mujoco.experiments import lesion_sweep

    patterns = synapses or ["*"]
    run(
        lesion_sweep, animal, {name: name for name in patterns} if together else patterns, out=out, json=json,
        measures=words(measures), rank_by=rank_by, reference=reference, seconds=seconds, settle=settle, seeds=seeds,
        terrain=terrain, commands=command, threads=threads,
    )  # fmt: skip


@app.command(
    help="Which pushes the animal survives, by direction, size and phase of its rhythm.",
    epilog="Example:  [cyan]sns-mujoco experiment basin hexapod --sizes 1,2,5,10,20 --phases 4[/]",
)
def basin(
    animal: Animal,
    directions: Annotated[
        str, typer.Option(help="How many, from ahead on, or with commas: degrees from its heading to the left.")
    ] = "8",
    sizes: Annotated[
        str | None, typer.Option(help="Forces in body weights: first:last:count, or with commas; 0.1 to 20.")
    ] = None,
    phases: Phases = "2",
    duration: Annotated[float, typer.Option(help="Of a push, s.")] = 0.1,
    body: Annotated[str | None, typer.Option(help="Body that is pushed; the torso if left out.")] = None,
    reference: Reference = None, seconds: Seconds = 4.0, settle: Settle = 2.0, seeds: Seeds = 1,
    terrain: Terrain = None, command: Commands = None, threads: Threads = 0, out: Out = None, json: Json = False,
) -> None:  # fmt: skip
    """Measure the basin of stability."""
    from sns_mujoco.cli.experimenting import count_or_numbers, numbers, run
    from sns_mujoco.experiments import basin as experiment

    given: dict[str, Any] = {} if sizes is None else {"sizes": numbers(sizes, "--sizes")}
    run(
        experiment, animal, out=out, json=json, directions=count_or_numbers(directions, "--directions"),
        phases=_phases(phases), duration=duration, body=body, reference=reference, seconds=seconds, settle=settle,
        seeds=seeds, terrain=terrain, commands=command, threads=threads, **given,
    )  # fmt: skip


def _phases(text: str) -> Any:
    from sns_mujoco.cli.experimenting import count_or_numbers

    return count_or_numbers(text, "--phases")
