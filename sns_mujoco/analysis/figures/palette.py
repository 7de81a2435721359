"""Colours of figures: those that families of neurons have in films, made dark enough for white paper."""

from collections.abc import Iterable, Sequence

from sns_mujoco.analysis.families import Color, families_in, families_of, family_colors, own_families
from sns_mujoco.models import Animal

NO_FAMILY: Color = (0.42, 0.45, 0.50)
_CONTRAST = 3.2  # with white; WCAG 2.1 asks for 3 of graphical objects


def colors(what: "Animal | Iterable[str]") -> dict[str, Color]:
    """Colours on paper of the families of an animal, or of families by their names.

    Args:
        what: An animal, for the families of its readouts and its feet, with the hues that a film of it has; or names
            of families, in which L and left are warm, R and right cool.

    Returns:
        sRGB, 0 to 1, for each family.
    """
    names = own_families(what) if isinstance(what, Animal) else what
    return {family: on_paper(color) for family, color in family_colors(names).items()}


def name_colors(names: Sequence[str], animal: Animal | None = None) -> dict[str, Color]:
    """A colour on paper for each neuron, joint, muscle or foot, by its family; grey for what has none.

    Args:
        names: The names.
        animal: Whose; without one, the first word of a name of several words is its family.
    """
    if animal is None:
        families = families_of(names)
        known = colors(families)
    else:
        families = families_in(animal, names)
        known = colors(animal)
    return {name: known[family] if family else NO_FAMILY for name, family in zip(names, families, strict=True)}


def on_paper(color: Color) -> Color:
    """The same hue, dark enough to be seen on white."""
    low, high = 0.0, 1.0
    if _contrast(color) >= _CONTRAST:
        return color
    for _ in range(24):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _contrast(_dimmed(color, middle)) < _CONTRAST else (middle, high)
    return _dimmed(color, low)


def paler(color: Color, share: float = 0.5) -> Color:
    """On the way from a colour to white: an antagonist's, or the inside of an area."""
    return tuple(part + share * (1.0 - part) for part in color)  # pyright: ignore[reportReturnType]


def _dimmed(color: Color, share: float) -> Color:
    return color[0] * share, color[1] * share, color[2] * share


def _contrast(color: Color) -> float:
    """Contrast with white, by relative luminance (WCAG 2.1)."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
