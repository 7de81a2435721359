"""Circuit diagrams as Mermaid flowcharts, which Markdown pages on many sites draw by themselves."""

import re
from collections import defaultdict

from sns_mujoco.network.contents import Contents
from sns_mujoco.network.pictures.collapse import collapsed
from sns_mujoco.network.pictures.colors import FAMILIES, INK, SIGNS, color_of, text_on, tint
from sns_mujoco.network.pictures.graph import Edge, Graph, Node, graph_of, shape_text
from sns_mujoco.network.pictures.groups import Group, grouped

MOST_NODES, MOST_EDGES = 400, 500
"""Mermaid refuses more than 500 edges unless a page is set up for it."""
MOST_CHARACTERS = 50_000
"""Likewise for the length of the text."""

_ARROWS = {
    "excitation": "-->",
    "inhibition": "--o",
    "modulation": "-.-o",
    "mixed": '-- "mixed" -->',
    "electrical": '-- "electrical" ---',
    "rectified": '-- "rectified" -->',
    "unknown": "-->",
    "link": "-.->",
}


def to_mermaid(network: Contents, *, group: Group = None) -> str:
    """Draw a network as a Mermaid flowchart.

    An arrow excites, a line with a circle inhibits, a dotted one modulates; groups are subgraphs. Large networks are
    drawn with what belongs together as one, as Mermaid draws no more than 500 edges and 50,000 characters.

    Args:
        network: What to draw.
        group: What belongs together, see `to_svg`.

    Returns:
        The text of the flowchart.

    Raises:
        NetworkError: `group` is nothing that groups.
    """
    whole = grouped(graph_of(network, detailed=False), group)
    drawn = _flowchart(collapsed(whole, MOST_NODES, MOST_EDGES))
    if len(drawn) > MOST_CHARACTERS:
        drawn = _flowchart(collapsed(whole, MOST_NODES // 4, MOST_EDGES // 4))
    return drawn


def _flowchart(graph: Graph) -> str:
    lines = ["flowchart LR", f"    accTitle: Circuit diagram of {_one_line(graph.name)}"]
    if graph.note:
        lines.append(f"    %% {_one_line(graph.note)}")
    members: dict[str, list[int]] = defaultdict(list)
    for index, node in enumerate(graph.nodes):
        members[node.group].append(index)
    for index in members.pop("", []):
        lines.append(f"    {_node(index, graph.nodes[index])}")
    for number, (name, found) in enumerate(members.items()):
        lines.append(f'    subgraph g{number}["{escaped(name)}"]')
        lines += [f"        {_node(index, graph.nodes[index])}" for index in found]
        lines.append("    end")
    lines += [f"    {_edge(edge)}" for edge in graph.edges]
    for number in range(len(members)):
        family = FAMILIES[number % len(FAMILIES)]
        lines.append(f"    style g{number} fill:{tint(family, 0.06)},stroke:{tint(family, 0.45)},color:{INK}")
    fills: dict[str, list[str]] = defaultdict(list)
    for index, node in enumerate(graph.nodes):
        fills[color_of(node.color)].append(f"n{index}")
    for number, (fill, nodes) in enumerate(fills.items()):
        lines.append(f"    classDef c{number} fill:{fill},stroke:{INK},color:{text_on(fill)}")
        lines.append(f"    class {','.join(nodes)} c{number}")
    signs: dict[str, list[str]] = defaultdict(list)
    for index, edge in enumerate(graph.edges):
        signs[edge.sign].append(str(index))
    lines += [f"    linkStyle {','.join(found)} stroke:{SIGNS[sign]}" for sign, found in signs.items()]
    return "\n".join(lines) + "\n"


def escaped(words: str) -> str:
    """A text as it may stand between quotes: characters that mean something to Mermaid as codes."""
    return re.sub(r"[^\w .,:+*/()\-]", lambda found: f"#{ord(found[0])};", _one_line(words))


def _one_line(words: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _node(index: int, node: Node) -> str:
    label = escaped(node.label)
    if node.role == "input":
        return f'n{index}>"{label}"]'
    if node.role == "noise":
        return f'n{index}{{{{"{label}"}}}}'
    if node.role == "output":
        return f'n{index}(["{label}"])'
    if node.shape == (1,):
        return f'n{index}(("{label}"))'
    size = shape_text(node.shape)
    return f'n{index}[["{label}<br/>{size}"]]'


def _edge(edge: Edge) -> str:
    arrow = _ARROWS[edge.sign]
    if edge.label:
        line, _, _ = arrow.partition(" ")
        end = arrow.rsplit(" ", 1)[-1]
        label = escaped(edge.label)
        arrow = f'-. "{label}" {end.removeprefix("-")}' if line in ("-.-o", "-.->") else f'-- "{label}" {end}'
    return f"n{edge.source} {arrow} n{edge.target}"
