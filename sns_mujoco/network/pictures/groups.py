"""Which nodes belong together, by what their names begin or end with.

A name is cut at its separators: "leg1.hip.flexor" may belong to "leg1" or to "leg1.hip". Of all such ways to cut, the
one is taken whose groups hold together best, measured by the modularity of the connections (Newman 2006, PNAS
103:8577); where no way is better than none, nothing is grouped. So "L1 swing" and "L1 stance" make a group "L1" of a
leg, while "MN flexor" and "MN extensor", which have nothing to do with one another, make none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.pictures.graph import Graph

Group = bool | str | Mapping[str, str] | Callable[[str], str | None] | None

_SEPARATOR = re.compile(r"[\s._/:\-]+")
_DEPTHS = 3
_LEAST_MODULARITY = 0.1
_CLEARLY_BETTER = 0.05  # endings group only where beginnings do not


def grouped(graph: Graph, group: Group) -> Graph:
    """The same graph, with every node in its group and labels that do not repeat the group's name.

    Args:
        graph: What to group.
        group: See `to_svg`.

    Raises:
        NetworkError: It is nothing that groups.
    """
    neurons = [node for node in graph.nodes if node.role == "neurons"]
    names = [node.name for node in neurons]
    pairs = [(edge.source, edge.target) for edge in graph.edges if edge.sign != "link"]
    of_name = dict(zip(names, _groups(names, pairs, group), strict=True))
    neighbour = {}
    for edge in graph.edges:
        if edge.sign == "link":
            for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
                neighbour.setdefault(one, graph.nodes[other].name)
    nodes = []
    for index, node in enumerate(graph.nodes):
        name = of_name[node.name] if node.role == "neurons" else of_name[neighbour[index]]
        nodes.append(replace(node, group=name, label=_without(node.name, name)))
    return replace(graph, nodes=tuple(nodes))


def mirrored(names: Sequence[str]) -> dict[str, str]:
    """For each group of the left side its partner on the right, where both exist."""
    known = set(names)
    partners = {}
    for name in names:
        for twin in _twins(name):
            if twin in known:
                partners[name] = twin
                break
    return partners


def _groups(names: list[str], pairs: list[tuple[int, int]], group: Group) -> list[str]:
    if group is None or group is True:
        return best_groups(names, pairs)
    if group is False:
        return [""] * len(names)
    if isinstance(group, str) and group:
        return _clear_singles([name.split(group, 1)[0] if group in name else "" for name in names])
    if isinstance(group, Mapping):
        return [_checked(name, group.get(name)) for name in names]
    if callable(group):
        return [_checked(name, group(name)) for name in names]
    raise NetworkError(
        f"group is {group!r}; give a separator such as '_', a dictionary from names to groups, a function from a name "
        "to its group, or False for none"
    )


def _checked(name: str, value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise NetworkError(f"group of {name!r} is {value!r}; give a text, or None for no group")


def best_groups(names: list[str], pairs: list[tuple[int, int]]) -> list[str]:
    """The group of each name, "" for none.

    Args:
        names: What to group.
        pairs: Connections, by indices of names.
    """
    ways: list[Callable[[list[str]], list[str]]] = [_prefix(depth) for depth in range(1, _DEPTHS + 1)]
    best = [""] * len(names)
    if not pairs:
        return _clear_singles(ways[0](names))
    reached = _LEAST_MODULARITY
    for way in [*ways, _suffix]:
        found = _clear_singles(way(names))
        value = _modularity(found, pairs)
        if value > reached + (_CLEARLY_BETTER if way is _suffix else 0.0):
            best, reached = found, value
    held = {best[source] for source, target in pairs if best[source] == best[target]}
    return [name if name in held else "" for name in best]


def _prefix(depth: int) -> Callable[[list[str]], list[str]]:
    def cut(names: list[str]) -> list[str]:
        groups = []
        for name in names:
            cuts = list(_SEPARATOR.finditer(name))
            cuts = [c for c in cuts if 0 < c.start() and c.end() < len(name)]
            groups.append(name[: cuts[min(depth, len(cuts)) - 1].start()] if cuts else "")
        return groups

    return cut


def _suffix(names: list[str]) -> list[str]:
    groups = []
    for name in names:
        cuts = [c for c in _SEPARATOR.finditer(name) if 0 < c.start() and c.end() < len(name)]
        groups.append(name[cuts[-1].end() :] if cuts else "")
    return groups


def _clear_singles(groups: list[str]) -> list[str]:
    count = Counter(groups)
    return [name if count[name] > 1 else "" for name in groups]


def _modularity(groups: list[str], pairs: list[tuple[int, int]]) -> float:
    """Share of the connections that stay within groups, less what chance would give; single nodes are groups too."""
    named = [name or f"\0{index}" for index, name in enumerate(groups)]
    ends: dict[str, int] = defaultdict(int)
    within = 0
    for source, target in pairs:
        ends[named[source]] += 1
        ends[named[target]] += 1
        within += named[source] == named[target]
    return within / len(pairs) - sum((count / (2 * len(pairs))) ** 2 for count in ends.values())


def _without(name: str, group: str) -> str:
    """A name without its group's, where it begins or ends with that."""
    if not group or name == group:
        return name
    if name.startswith(group):
        return _SEPARATOR.sub("", name[len(group) :], count=1) if _starts_apart(name[len(group) :]) else name
    if name.endswith(group):
        rest = name[: -len(group)]
        cut = re.search(_SEPARATOR.pattern + r"$", rest)
        return rest[: cut.start()] if cut and cut.start() else name
    return name


def _starts_apart(rest: str) -> bool:
    cut = _SEPARATOR.match(rest)
    return bool(cut and cut.end() < len(rest))


def _twins(name: str) -> list[str]:
    """What the right-hand partner of a group with this name may be called."""
    twins = []
    for left, right in (("left", "right"), ("Left", "Right"), ("LEFT", "RIGHT")):
        if left in name:
            twins.append(name.replace(left, right, 1))
    for letter, other in (("L", "R"), ("l", "r")):
        for place in re.finditer(rf"(?<![A-Za-z]){letter}|{letter}(?![A-Za-z])", name):
            twins.append(name[: place.start()] + other + name[place.end() :])
    return twins
