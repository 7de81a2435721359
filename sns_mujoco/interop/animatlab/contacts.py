"""What touches what, and with how much friction.

Bullet multiplies the friction of both materials and takes at most 10, and it lets a contact resist sliding in a single
direction per step, which is weaker than a cone of friction. It multiplies their angular friction, too, 6.3 times each
for AnimatLab, as a lever in the project's unit of length. MuJoCo has the cone. Three numbers here are fitted, and to
one recording: with `STICKY`, `ANGULAR` and `SOFT` the rat of Deng et al. (2022, Biomimetics 7:226), which lies on two
bars and steps on the ground, has nearly the period and the ranges that AnimatLab recorded; with Bullet's own
coefficients its feet stick.
"""

import itertools
from dataclasses import dataclass

import mujoco

from sns_mujoco.interop.animatlab.parts import Parts
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.settings import Settings
from sns_mujoco.interop.animatlab.xml import Item

STICKY = 0.75
"""Coefficient of friction of contacts that have more than 1 in the file; fitted. Others keep theirs."""
ANGULAR = 1 / 16
"""Share of AnimatLab's torsional and rolling friction that a contact has; fitted."""
SOFT = 10.0
"""Time constant of a contact, in physics steps; fitted (Bullet takes a fifth of an overlap away in a step)."""
CONVERTED = 6.3  # AnimatLab's factor of a material's angular friction
HARD = 10.0  # how much harder friction is than contacts are: `impratio`
PAIRS = 3000  # contacts whose friction is given one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """A geom that can touch.

    Attributes:
        geom: Its name.
        body: The body that it is of.
        material: What it is like.
        fixed: Whether it stands still in the world.
    """

    geom: str
    body: str
    material: "Material"
    fixed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a surface is like.

    Attributes:
        friction: Against sliding.
        angular: Against turning, in AnimatLab's number.
        restitution: Of contacts.
    """

    friction: float
    angular: float
    restitution: float

    def against(self, other: "Material", distance: float) -> list[float]:
        """MuJoCo's friction of a contact of two: sliding, torsional (m), rolling (m)."""
        angular = ANGULAR * self.angular * other.angular * CONVERTED**2 * distance
        product = self.friction * other.friction
        return [product if product <= 1 else STICKY, angular, angular]


def read_materials(environment: Item) -> dict[str, Material]:
    """Materials by ID, in lower case.

    Raises:
        AnimatLabError: A number makes no sense.
    """
    found = {"defaultmaterial": Material(friction=1.0, angular=0.0, restitution=0.0)}
    materials = environment.child("Materials")
    for item in materials.children("MaterialTypes") if materials is not None else ():
        found[item.id] = Material(
            friction=item.number("FrictionLinearPrimary", 1.0, least=0.0),
            angular=item.number("FrictionAngularPrimary", 0.0, least=0.0),
            restitution=item.number("Restitution", 0.0, least=0.0),
        )
    return found


def solref(settings: Settings) -> list[float]:
    """How fast a contact gives way."""
    return [SOFT * settings.timestep, 1.0]


def add_pairs(
    spec: mujoco.MjSpec, surfaces: list[Surface], apart: set[frozenset[str]], settings: Settings, report: Report
) -> None:
    """Give contacts the friction of both materials together, where MuJoCo would have another.

    Args:
        spec: The body.
        surfaces: All that can touch.
        apart: Pairs of bodies that never touch.
        settings: Of the project.
        report: Where differences are put down.
    """
    distance, named = settings.distance, 0
    strong: dict[str, float] = {}
    for a, b in itertools.combinations(surfaces, 2):
        if a.body == b.body or (a.fixed and b.fixed) or frozenset((a.body, b.body)) in apart:
            continue
        one, other = a.material, b.material
        if one.friction * other.friction > 1:
            strong[f"{a.geom} on {b.geom}"] = min(one.friction * other.friction, 10.0)
        friction = one.against(other, distance)
        if friction == [max(pair) for pair in zip(*(m.against(m, distance) for m in (one, other)), strict=True)]:
            continue  # what MuJoCo takes by itself
        named += 1
        if named > PAIRS:
            report.add("approximated", "Material", "friction", f"of more than {PAIRS} contacts: the larger one holds")
            break
        pair = spec.add_pair(geomname1=a.geom, geomname2=b.geom)
        pair.friction = [friction[0], *friction, friction[2]]
        pair.condim, pair.solref = 6, solref(settings)
    touching = [s for s in surfaces if not s.fixed]
    if len(surfaces) > 1 and touching:
        why = f"they give way within {SOFT:g} steps, fitted to a recording of AnimatLab, and do not bounce"
        report.add("approximated", "Material", "contacts", why)
    if any(surface.material.angular for surface in touching):
        why = f"1/{1 / ANGULAR:g} of AnimatLab's, fitted to a recording"
        report.add("approximated", "Material", "angular friction", why)
    if strong:
        first, most = next(iter(strong)), max(strong.values())
        report.add(
            "approximated", "Material", "friction",
            f"contacts with a coefficient of up to {most:g} ({first} and {len(strong) - 1} more) have {STICKY:g}, "
            "fitted to a recording of AnimatLab: Bullet holds in one direction at a time",
        )  # fmt: skip


def separate(spec: mujoco.MjSpec, apart: set[frozenset[str]]) -> None:
    """Keep pairs of bodies from touching."""
    for pair in sorted(tuple(sorted(pair)) for pair in apart if len(pair) == 2):
        if "world" not in pair:
            spec.add_exclude(bodyname1=pair[0], bodyname2=pair[1])


def read_exclusions(structure: Item, parts: Parts) -> set[frozenset[str]]:
    """Pairs of bodies that the file excludes from touching each other.

    Raises:
        AnimatLabError: One of them does not exist.
    """
    found = set()
    for item in structure.children("CollisionExclusionPairs"):
        ends = [parts.find(item.text(tag), item, tag) for tag in ("Part1ID", "Part2ID")]
        found.add(frozenset(end.data.get("body", end.name) for end in ends))
    return found
