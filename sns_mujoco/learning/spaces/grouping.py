"""Which names share a gene, and what the gene is called."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sns_mujoco.learning.spaces.vary import Vary


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Names that share a gene.

    Attributes:
        label: What they are called together.
        members: The names.
    """

    label: str
    members: tuple[str, ...]


def grouped(vary: Vary, names: Sequence[str]) -> list[Group]:
    """Names by gene, in the order in which the first of each comes."""
    groups: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for name in names:
        own = min(name, mirrored_name(name, *vary.symmetric)) if vary.symmetric else name
        key, label = _tied(vary, own)
        groups.setdefault(key, []).append(name)
        labels.setdefault(key, label)
    return [
        Group(label=labels[key] if len(members) > 1 else members[0], members=tuple(members))
        for key, members in groups.items()
    ]


def _tied(vary: Vary, name: str) -> tuple[str, str]:
    """What names of one gene have in common, and how that is written."""
    if vary.tie is None:
        return name, name
    if vary.tie == "all":
        return "", vary.pattern
    return re.sub(vary.tie, "", name), re.sub(vary.tie, "*", name)


def with_counterparts(vary: Vary, names: Sequence[str], known: Callable[[str], bool]) -> tuple[list[str], list[str]]:
    """Names with those of the other side that share their genes.

    Args:
        vary: What may vary.
        names: What its pattern matches.
        known: Whether there is something of a name.

    Returns:
        All names, each after its counterpart; and those whose counterpart does not exist.
    """
    if vary.symmetric is None:
        return list(names), []
    pairs = {name: mirrored_name(name, *vary.symmetric) for name in names}
    alone = [name for name, other in pairs.items() if not known(other)]
    return list(dict.fromkeys(one for pair in pairs.items() for one in pair)), alone


def mirrored_name(name: str, left: str, right: str) -> str:
    """The name of the same thing on the other side; the name itself for what stands in the middle.

    A prefix counts where a name begins: at the start, after the arrow of a connection or an adapter, and within the
    quotes of an adapter's label.
    """
    first, second = sorted((left, right), key=len, reverse=True)  # the longer one first, if one begins with the other
    swap = {left: right, right: left}
    begin = r"(^|->\s?|['\"])"
    return re.sub(f"{begin}({re.escape(first)}|{re.escape(second)})", lambda m: m[1] + swap[m[2]], name)
