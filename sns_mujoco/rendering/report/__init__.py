"""The one-page report of an animal: body, circuit, all numbers with their sources, and what the doctor says.

The page is one HTML file that asks for nothing else: pictures are inside, no font and no script is from elsewhere.
"""

import os
from html import escape
from importlib.metadata import version

import mujoco

from sns_mujoco.cosim.brain import sole
from sns_mujoco.diagnosis import Diagnosis, doctor
from sns_mujoco.diagnosis.findings import SEVERITIES
from sns_mujoco.errors import MissingDependencyError
from sns_mujoco.files import check_output_path, written_whole
from sns_mujoco.learning.spaces import parameters_in
from sns_mujoco.models import Animal, individual, reference
from sns_mujoco.network import Network
from sns_mujoco.rendering.report import body_tables, circuit_tables, pictures
from sns_mujoco.rendering.report.html import Markup, Section, figure, heading, page, paragraph, table

__all__ = ["REPORT_SUFFIXES", "animal_report"]

REPORT_SUFFIXES = (".html",)
_SHOWN = 4  # names of what has a quantity


def animal_report(
    animal: Animal, path: str | os.PathLike[str] | None = None, *, terrain: str | None = None, seed: int = 0,
    seconds: float = pictures.LIFE, examine: bool = True, renderer: str = "raycaster",
) -> str:  # fmt: skip
    """Make the report of an animal.

    Args:
        animal: The animal.
        path: Where it is written as well: .html.
        terrain: What it lives on; its usual ground if left out.
        seed: Of the life that is pictured.
        seconds: How long it has lived in its picture, s.
        examine: Whether the doctor looks at it, which takes some seconds.
        renderer: Of the picture, see `make_renderer`; the ray caster draws it alike everywhere.

    Returns:
        HTML.

    Raises:
        UnknownNameError: There is no such terrain or renderer.
        OutputPathError: It cannot be written there.
        DivergenceError: The animal diverged within its first seconds.
    """
    place = None if path is None else check_output_path(path, REPORT_SUFFIXES)
    life = pictures.lived(animal, terrain=terrain, seed=seed, seconds=seconds)
    model, brain, network = life.simulation.model, sole(life.simulation.brains), animal.network()
    diagnosis = doctor(animal, terrain=terrain) if examine else None
    sections = [
        _activity(animal, life),
        _circuit(network),
        Section("neurons", "Neurons", *circuit_tables.neurons(animal, network, brain), _sources(animal, "neurons")),
        Section("synapses", "Synapses", *circuit_tables.synapses(network), _sources(animal, "synapses")),
        Section("afferents", "Afferents", *body_tables.afferents(brain), _sources(animal, "afferents")),
        Section("efferents", "Efferents", *body_tables.efferents(brain), _sources(animal, "efferents")),
        _muscles(animal, model),
        Section("body", "Body", body_tables.joints(model), _sources(animal, "body")),
        _varies(animal, terrain),
        *([_doctor(diagnosis)] if diagnosis is not None else []),
        _making(animal, life, seed),
    ]
    html = page(f"{animal.name}: a report", _header(animal, life, network, renderer), sections)
    if place is not None:
        with written_whole(place) as partial:
            partial.write_text(html, encoding="utf-8", newline="\n")
    return html


def _header(animal: Animal, life: pictures.Life, network: Network, renderer: str) -> str:
    model, brain = life.simulation.model, sole(life.simulation.brains)
    moving = int(model.body(animal.torso).id) if animal.torso else 0
    facts = {
        "neurons": f"{network.get_num_neurons():,} ({len(brain.spiking):,} of them spike)"
        if brain.spiking
        else f"{network.get_num_neurons():,}, none of them spikes",
        "connections": f"{network.get_num_connections():,}",
        "afferents, efferents": f"{len(brain.afferent_details):,}, {len(brain.efferent_details):,}",
        "body length": _length(animal.length),
        "mass": _mass(float(model.body_subtreemass[moving])),
        "steps": f"neurons {brain.dt:g} ms, physics {1e3 * model.opt.timestep:g} ms",
        "terrains": ", ".join(animal.terrains),
        **{
            f"command {name}": f"{low:g} to {high:g}, cruises at {animal.cruise.get(name, 0.0):g}"
            for name, (low, high) in animal.commands.items()
        },
    }
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts.items())
    summary = escape(animal.summary[:1].upper() + animal.summary[1:])
    return (
        f"<header><div class=head>{pictures.body(animal, life, renderer=renderer)}"
        f"<div><h1>{escape(animal.name)}</h1><p>{summary}</p><dl>{listed}</dl></div></div></header>"
    )


def _activity(animal: Animal, life: pictures.Life) -> Section:
    stop = float(life.recording["time"].values[-1])
    given = ", ".join(f"{name} {value:g}" for name, value in animal.cruise.items())
    told = f"From {stop / 3.0:.3g} to {stop:.3g} s of a life on {life.terrain!r}" + (
        f", with {given}." if given else "."
    )
    try:
        drawing = pictures.activity(animal, life)
    except MissingDependencyError as error:
        return Section("activity", "Activity", paragraph(f"Not drawn: {error}.", quiet=True))
    return Section("activity", "Activity", paragraph(told, quiet=True), figure(drawing) if drawing else "")


def _circuit(network: Network) -> Section:
    return Section(
        "circuit",
        "Circuit",
        Markup('<label class="full" for="actual">actual size</label><input class="full" type="checkbox" id="actual">'),
        paragraph("Rest the pointer on a neuron or a line for its numbers.", quiet=True),
        figure(network.to_svg()),
    )


def _muscles(animal: Animal, model: mujoco.MjModel) -> Section:
    rows = body_tables.muscles(model)
    none = paragraph("It has none: its actuators drive the joints directly.", quiet=True)
    return Section("muscles", "Muscles", rows or none, _sources(animal, "muscles"))


def _varies(animal: Animal, terrain: str | None) -> Section:
    rows = [
        (
            known.quantity,
            known.unit,
            len(known.names),
            float(known.values.min()),
            float(known.values.max()),
            ", ".join(known.names[:_SHOWN]) + (", ..." if len(known.names) > _SHOWN else ""),
        )
        for known in parameters_in(animal, terrain=terrain)
    ]
    titles = ("quantity", "unit", "how many", "from", "to", "of")
    parts = [paragraph("Described values of what a ParameterSpace can vary, in evolution and in sweeps.", quiet=True)]
    found = individual(animal)
    if found is not None:
        parts.append(Markup(f"<p>{escape(found.summary)}</p>"))
    return Section("varies", "What may vary", *parts, table("varies-table", titles, rows, numbers=(2, 3, 4)))


def _doctor(diagnosis: Diagnosis) -> Section:
    items = "".join(
        f'<li><span class="{severity}">{severity}</span> <b>{escape(found.check)}</b>, {escape(found.place)}: '
        f"{escape(found.message)}{f' <span class=quiet>{escape(found.remedy)}</span>' if found.remedy else ''}</li>"
        for severity in SEVERITIES
        for found in diagnosis.of(severity)
    )
    left_out = "; ".join(f"{check} ({reason})" for check, reason in diagnosis.skipped.items())
    return Section(
        "doctor",
        "Doctor",
        Markup(f'<ul class="plain">{items}</ul>') if items else paragraph("Nothing to be found."),
        paragraph(f"Not checked: {left_out}.", quiet=True) if left_out else "",
        beside=diagnosis.headline().removeprefix(f"{diagnosis.model}: "),
    )


def _sources(animal: Animal, of: str) -> Markup:
    """Where the numbers of a table come from."""
    known = [source for source in animal.sources if source.of == of]
    if not known:
        return Markup("") if animal.sources else paragraph("Animal(sources=...) names no source of these.", quiet=True)
    items = "".join(f"<li>{escape(source.what)}: {escape(source.citation)}</li>" for source in known)
    return Markup(heading("Sources") + f'<ul class="plain">{items}</ul>')


def _making(animal: Animal, life: pictures.Life, seed: int) -> Section:
    """What the page was made of and with, so that it can be made again."""
    found = reference(animal)
    command = f"sns-mujoco show {found or animal.name} --out report.html --terrain {life.terrain} --seed {seed}"
    made = f"sns-mujoco {version('sns-mujoco')}, MuJoCo {mujoco.__version__}."
    again = Markup(
        f"<p>Made with {escape(made)}" + (f" Again: <code>{escape(command)}</code></p>" if found else "</p>")
    )
    return Section("making", "How it was made", again)


def _length(metres: float) -> str:
    return f"{metres:.3g} m" if metres >= 1.0 else f"{1e3 * metres:.3g} mm"


def _mass(kilograms: float) -> str:
    return f"{kilograms:.3g} kg" if kilograms >= 1.0 else f"{1e3 * kilograms:.3g} g"
