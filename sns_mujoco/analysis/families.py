"""Families of neurons, as those of a limb, and the colour of each: the same in films, figures and live views."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

Color = tuple[float, float, float]
"""sRGB, 0 to 1."""

# Warm on the left, cool on the right, in the order in which families come: of legs, front to hind.
LEFT: tuple[Color, ...] = ((1.00, 0.42, 0.38), (1.00, 0.63, 0.32), (0.98, 0.83, 0.36), (1.00, 0.56, 0.68))
RIGHT: tuple[Color, ...] = ((0.36, 0.86, 0.71), (0.36, 0.70, 1.00), (0.69, 0.57, 1.00), (0.45, 0.83, 0.95))
OTHER: tuple[Color, ...] = (
    (0.36, 0.70, 1.00), (1.00, 0.63, 0.32), (0.55, 0.85, 0.50), (0.90, 0.55, 0.85), (0.98, 0.83, 0.36),
)  # fmt: skip

_SIDE = re.compile(r"(L|R|left|right)(?:[ _]|(?=\d)|$)(.*)")
_WORD = re.compile(r"[^\s._/:\-]+")


def family_colors(families: Iterable[str]) -> dict[str, Color]:
    """A colour for each family.

    Args:
        families: Their names, in any number of repetitions; the order of their first appearance counts. Names that
            begin with L or left, R or right, followed by nothing, a digit, a space or an underscore, are of a side;
            "L", "L_" and "left" are the same family.
    """
    colors: dict[str, Color] = {}
    known: dict[str, Color] = {}
    taken = {LEFT: 0, RIGHT: 0, OTHER: 0}
    for family in families:
        side = _SIDE.match(family)
        name = f"{side[1][0].upper()}{side[2]}" if side else family
        if name not in known:
            colors_of = {"L": LEFT, "R": RIGHT}[name[0]] if side else OTHER
            known[name] = colors_of[taken[colors_of] % len(colors_of)]
            taken[colors_of] += 1
        colors[family] = known[name]
    return colors


def families_of(names: Sequence[str], families: Iterable[str] | None = None) -> list[str]:
    """The family that each name belongs to, "" for none.

    A name belongs to the family whose every word is among its own: "L1 load" to "L1", "L_MN_hip_flexor" to "L_hip"
    rather than to "L_", as that has fewer words.

    Args:
        names: Names of neurons, joints or muscles.
        families: Names of families, such as those of an animal's readouts; if left out, the first word of a name of
            several words is its family.
    """
    if families is None:
        words = [_WORD.findall(name.replace("_", " ")) for name in names]
        return [own[0] if len(own) > 1 else "" for own in words]
    of_family = {family: set(_WORD.findall(family.replace("_", " "))) for family in families}
    ordered = sorted(of_family, key=lambda family: -len(of_family[family]))  # stable: the first of equals
    found = []
    for name in names:
        own = set(_WORD.findall(name.replace("_", " ")))
        found.append(next((family for family in ordered if of_family[family] and of_family[family] <= own), ""))
    return found


def families_in(animal: "Animal", names: Sequence[str]) -> list[str]:
    """The family of an animal that each of its neurons, joints, muscles or feet belongs to, "" for none.

    Args:
        animal: The animal; what it has readouts of has their families, the rest goes by its words, see `families_of`.
        names: Their names.
    """
    own = {readout.neuron or readout.joint: readout.family for readout in animal.readouts}
    return [own.get(name, found) for name, found in zip(names, families_of(names, own_families(animal)), strict=True)]


def own_families(animal: "Animal") -> list[str]:
    """Families of an animal, in the order that gives them their colours."""
    return list(dict.fromkeys([*(readout.family for readout in animal.readouts), *(foot.name for foot in animal.feet)]))
