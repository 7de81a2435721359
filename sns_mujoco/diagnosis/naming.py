"""What names promise: a side, a joint, a direction of movement, a class of afferent.

Names are taken apart at everything that is no letter or digit, between digits and letters, and at capitals inside a
word: "L1_coxa", "left knee ext", "LeftKneeExt", "lh_hip" give "l 1 coxa", "left knee ext", ...
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# a left marker and its right one; which of them are markers, the names themselves tell, see `Sides.of`
_MARKERS = (
    ("left", "right"), ("l", "r"), ("lf", "rf"), ("lm", "rm"), ("lh", "rh"), ("lb", "rb"), ("fl", "fr"), ("ml", "mr"),
    ("hl", "hr"), ("rl", "rr"), ("bl", "br"),
)  # fmt: skip

# words of movement: the way they point in, and the pair of opposites that they belong to
_ACTIONS = {
    "extension": ("ext", "extensor", "extensors", "extend", "extends", "extension", "plantarflexor", "plantarflexion"),
    "flexion": ("flx", "flex", "flexor", "flexors", "flexes", "flexion", "dorsiflexor", "dorsiflexion"),
    "protraction": ("pro", "protract", "protractor", "protraction", "promotor"),
    "retraction": ("ret", "retract", "retractor", "retraction", "remotor"),
    "levation": ("lev", "levate", "levator", "levation", "elevator", "elevation"),
    "depression": ("dep", "depress", "depressor", "depression"),
    "abduction": ("abd", "abduct", "abductor", "abduction"),
    "adduction": ("adduct", "adductor", "adduction"),
}
_ACTION_OF = {word: action for action, words in _ACTIONS.items() for word in words}
_PAIRS = (
    ("extension", "flexion"), ("protraction", "retraction"), ("levation", "depression"), ("abduction", "adduction"),
)  # fmt: skip
OPPOSITE = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}

_ROLES = {
    "Ia": ("ia", "1a"),
    "Ib": ("ib", "gto", "golgi", "1b"),
    "II": ("ii",),
    "angle": ("angle", "position", "pos"),
    "velocity": ("velocity", "vel", "speed"),
    "load": ("load", "touch", "contact", "pressure", "force"),
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words}


def words(name: str) -> tuple[str, ...]:
    """A name in its parts, small letters."""
    return tuple(part.lower() for part in _PARTS.findall(name))


def action_of(name: str) -> str | None:
    """The movement that a name promises, or None where it promises none, or more than one."""
    found = {_ACTION_OF[word] for word in words(name) if word in _ACTION_OF}
    return found.pop() if len(found) == 1 else None


def role_of(name: str) -> str | None:
    """The class of afferent that a name promises, or None."""
    found = {_ROLE_OF[word] for word in words(name) if word in _ROLE_OF}
    return found.pop() if len(found) == 1 else None


def without_role(name: str) -> tuple[str, ...]:
    """A name in its parts, without those that tell the class of an afferent."""
    return tuple(word for word in words(name) if word not in _ROLE_OF)


@dataclass(frozen=True, slots=True)
class Sides:
    """How a model's names tell left from right.

    Attributes:
        mirror: Marker and the marker of the other side, both ways; empty where names tell nothing of sides.
        side: "left" or "right" of every marker.
        glued: Whether the first letter of a name is the marker, without anything behind it ("lhip", "rhip").
    """

    mirror: dict[str, str] = field(default_factory=dict)
    side: dict[str, str] = field(default_factory=dict)
    glued: bool = False

    @classmethod
    def of(cls, families: Iterable[Iterable[str]]) -> "Sides":
        """Infer the rule: a pair of markers counts where some name has a twin with the other marker in its place.

        Args:
            families: Names of joints, of neurons, of actuators ...: twins are looked for within each.
        """
        sets = [{words(name) for name in family if name} for family in families]
        found = []
        for left, right in _MARKERS:
            swap = {left: right, right: left}
            lefts = ((name, names) for names in sets for name in names if left in name)
            if any(tuple(swap.get(word, word) for word in name) in names for name, names in lefts):
                found.append((left, right))
        if found:
            mirror = {a: b for left, right in found for a, b in ((left, right), (right, left))}
            side = {marker: where for pair in found for marker, where in zip(pair, ("left", "right"), strict=True)}
            return cls(mirror, side)
        firsts = [(name, names) for names in sets for name in names if name and name[0][0] in "lr" and len(name[0]) > 2]
        twinned = sum(("r" if n[0][0] == "l" else "l") + n[0][1:] in {m[0] for m in names if m} for n, names in firsts)
        if twinned >= 2 and 2 * twinned >= len(firsts):
            return cls({"l": "r", "r": "l"}, {"l": "left", "r": "right"}, True)
        return cls()

    def of_name(self, name: str) -> str | None:
        """The side that a name tells: "left", "right", or None where it tells none, or both."""
        found = {self.side[word] for word in self._split(name) if word in self.side}
        return found.pop() if len(found) == 1 else None

    def mirrored(self, name: str) -> tuple[str, ...]:
        """The name of the twin on the other side, in its parts."""
        return tuple(self.mirror.get(word, word) for word in self._split(name))

    def neutral(self, name: str) -> tuple[str, ...]:
        """The name without its markers."""
        return tuple(word for word in self._split(name) if word not in self.mirror)

    def parts(self, name: str) -> tuple[str, ...]:
        """The name in its parts, the marker one of them."""
        return self._split(name)

    def _split(self, name: str) -> tuple[str, ...]:
        parts = words(name)
        if self.glued and parts and parts[0][0] in self.mirror and len(parts[0]) > 2:
            return (parts[0][0], parts[0][1:], *parts[1:])
        return parts


@dataclass(frozen=True, slots=True)
class JointWords:
    """Which words name a joint: those of the joints' names that are not the same for all, sides and numbers apart."""

    vocabulary: frozenset[str]
    sides: Sides

    @classmethod
    def of(cls, joints: Iterable[str], sides: Sides) -> "JointWords":
        """From the names of the joints."""
        neutral = [set(sides.neutral(joint)) for joint in joints]
        kinds = {frozenset(own) for own in neutral}
        common = frozenset.intersection(*kinds) if len(kinds) > 1 else frozenset()
        vocabulary = {word for own in neutral for word in own - common if not word.isdigit() and word not in _ACTION_OF}
        return cls(frozenset(vocabulary), sides)

    def of_name(self, name: str) -> frozenset[str]:
        """The joints' words in a name."""
        return frozenset(self.sides.neutral(name)) & self.vocabulary
