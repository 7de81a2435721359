"""Muscles, stretch receptors and springs: what AnimatLab draws as lines between attachments."""

import math
from dataclasses import dataclass

import mujoco

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.gains import Curve, read_gain
from sns_mujoco.interop.animatlab.parts import Part, Parts
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.settings import GRAM, Settings
from sns_mujoco.interop.animatlab.xml import Item
from sns_mujoco.muscles import LinearHillMuscle

RESTING = -0.15  # V: the membrane of a muscle that no adapter drives
SOURCE = "AnimatLab project; Cofer et al. 2010, J Neurosci Methods 187:280"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hill:
    """What muscles and stretch receptors share.

    Attributes:
        stimulus: Active tension (N) by membrane potential (V), before it is cut off at 0.
        force: Largest active tension, N.
        kse: N/m; likewise kpe.
        damping: N s/m.
        rest_length: m; likewise width.
        max_tension: N.
        series_fraction: Share of the rest length that the slack series elasticity has.
        min_parallel: Least share of it that the parallel elasticity has.
    """

    stimulus: Curve
    force: float
    kse: float
    kpe: float
    damping: float
    rest_length: float
    width: float
    max_tension: float
    series_fraction: float
    min_parallel: float

    def excitation(self, potential: str) -> str:
        """The excitation, from 0, as text, for a membrane potential (V) as text."""
        return f"max({self.stimulus.written(potential)}, 0) / {self.force!r}"


def read_hill(item: Item) -> Hill:
    """The numbers of a muscle or stretch receptor.

    Raises:
        AnimatLabError: One is missing or makes no sense.
    """
    stimulus = read_gain(item.need("StimulusTension"), "sigmoid")
    tension = item.need("LengthTension")
    b, d = stimulus.numbers[1], stimulus.numbers[3]
    parallel = tension.number("PeLength", 90.0, least=0.0) / 100
    least = tension.number("MinPeLength", 5.0, least=0.0) / 100
    if not least <= parallel <= 1 or not parallel > 0 or least >= 1:
        raise AnimatLabError(f"{tension.where}: <MinPeLength> and <PeLength> must rise, and be at most 100 %")
    outputs = stimulus.outputs if stimulus.limits is not None else ()
    return Hill(
        stimulus=stimulus,
        force=max([d, b + d, *outputs, 0.0]) or 1.0,
        kse=item.number("Kse", above=0.0),
        kpe=item.number("Kpe", least=0.0),
        damping=item.number("B", above=0.0),
        rest_length=tension.number("RestingLength", above=0.0),
        width=tension.number("Lwidth", above=0.0),
        max_tension=item.number("MaximumTension", 100.0, above=0.0),
        series_fraction=1 - parallel,
        min_parallel=least,
    )


def add_lines(spec: mujoco.MjSpec, lines: list[Part], parts: Parts, settings: Settings, report: Report) -> list:
    """Add tendons for all lines.

    Returns:
        The muscles, to be added to the body.

    Raises:
        AnimatLabError: An attachment is missing, or a number makes no sense.
    """
    muscles = []
    for part in lines:
        if _tendon(spec, part, parts, report) is None:
            continue
        if part.kind == "spring":
            continue
        hill = read_hill(part.item)
        part.data["hill"] = hill
        if part.kind == "receptor":
            if part.item.flag("ApplyTension", False):
                report.add(
                    "approximated", "Receptor", part.name, "it only senses here, and does not pull", part.item.id
                )
            continue
        if not part.item.flag("Enabled", True):
            report.add("unsupported", "Muscle", part.name, "it is disabled in the file, and left out", part.item.id)
            part.data["absent"] = True
            continue
        idle = max(_value(hill.stimulus, RESTING), 0.0)
        if idle > 1e-6 * hill.force:
            why = f"without an adapter it pulls with {idle:.3g} N in AnimatLab, here with nothing"
            part.data["idle"] = why
        muscles.append(
            LinearHillMuscle(
                name=part.name,
                tendon=part.name,
                force=hill.force,
                kse=hill.kse,
                kpe=hill.kpe,
                damping=hill.damping,
                rest_length=hill.rest_length,
                width=hill.width,
                max_tension=hill.max_tension,
                series_fraction=hill.series_fraction,
                min_parallel=hill.min_parallel,
                source=SOURCE,
            )  # fmt: skip
        )
    _settle_springs(spec, [part for part in lines if part.kind == "spring"], settings, report)
    return muscles


def _tendon(spec: mujoco.MjSpec, part: Part, parts: Parts, report: Report) -> mujoco.MjsTendon | None:
    item = part.item
    points = item.child("Attachments")
    ids = [(element.text or "").strip() for element in points.element] if points is not None else []
    sites = [parts.find(key, item, "attachment") for key in ids]
    wrong = [site.name for site in sites if site.kind != "site"]
    if wrong:
        raise AnimatLabError(f"{item.where}: {wrong[0]!r} is no attachment")
    if len(sites) < 2:
        report.add("unsupported", part.kind.capitalize(), part.name, "it has fewer than two attachments", item.id)
        part.data["absent"] = True
        return None
    color = {"muscle": [0.75, 0.2, 0.2, 1.0], "receptor": [0.3, 0.4, 0.75, 1.0]}.get(part.kind, [0.6, 0.6, 0.6, 1.0])
    tendon = spec.add_tendon(name=part.name, width=5e-4, rgba=color)
    for site in sites:
        tendon.wrap_site(site.name)
    part.data["tendon"] = tendon
    return tendon


def _settle_springs(spec: mujoco.MjSpec, springs: list[Part], settings: Settings, report: Report) -> None:
    """Springs pull and push: stiffness (N/m), and damping in the project's masses."""
    for part in springs:
        tendon, item = part.data.get("tendon"), part.item
        if tendon is None:
            continue
        if not item.flag("Enabled", True):
            report.add("unsupported", "Spring", part.name, "it is disabled in the file, and left out", item.id)
            continue
        length = item.number("NaturalLength", above=0.0)
        tendon.springlength = [length, length]
        tendon.stiffness = [item.number("Stiffness", above=0.0), 0.0, 0.0]
        tendon.damping = [item.number("Damping", 0.0, least=0.0) / (settings.mass / GRAM), 0.0, 0.0]


def _value(curve: Curve, x: float) -> float:
    value = float(curve.gain()(x))
    return value if math.isfinite(value) else 0.0
