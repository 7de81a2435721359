"""Mermaid flowcharts."""

import re

import pytest

from sns_mujoco import models
from sns_mujoco.network import (
    ElectricalSynapse,
    Network,
    NonSpikingModulationSynapse,
    NonSpikingNeuron,
    NonSpikingSynapse,
)
from sns_mujoco.network.pictures import to_mermaid
from sns_mujoco.network.pictures.mermaid import MOST_CHARACTERS, MOST_EDGES, escaped

NODE = r'n\d+(?:\(\("[^"]*"\)\)|\[\["[^"]*"\]\]|>"[^"]*"\]|\(\["[^"]*"\]\)|\{\{"[^"]*"\}\})'
LINES = [
    r"flowchart LR", r"accTitle: .*", r"%% .*", NODE, r'subgraph g\d+\["[^"]*"\]', r"end",
    r"n\d+ (?:-->|--o|-\.-o|-\.->|---) n\d+", r'n\d+ -- "[^"]*" (?:-->|--o|---) n\d+',
    r'n\d+ -\. "[^"]*" \.-(?:o|>) n\d+', r"style g\d+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}",
    r"classDef c\d+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}", r"class n\d+(?:,n\d+)* c\d+",
    r"linkStyle \d+(?:,\d+)* stroke:#[0-9a-f]{6}",
]  # fmt: skip


def all_kinds():
    """Every kind of node and arrow, and a name that Mermaid would stumble over."""
    net = Network("all kinds\nin two lines")
    for name in ("left a", "left b", 'right "c" # <end>; `x`', "right d"):
        net.add_neuron(NonSpikingNeuron(), name, color="gold")
    net.add_population(NonSpikingNeuron(), (2, 3), "grid")
    net.add_connection(NonSpikingSynapse(), 0, 1)
    net.add_connection(NonSpikingSynapse(1.0, -40.0), 1, 0)
    net.add_connection(NonSpikingModulationSynapse(0.5), 2, 3, "halves", view_label=True)
    net.add_connection(ElectricalSynapse(1.0), 3, 2)
    net.add_connection(ElectricalSynapse(1.0, rect=True), 4, 0)
    net.add_input("grid")
    net.add_output("left b", "motor")
    return net


@pytest.mark.parametrize("make", [Network, all_kinds, lambda: models.load("hexapod").network()])
def test_every_line_is_one_that_mermaid_knows(make):
    for line in to_mermaid(make()).splitlines():
        assert any(re.fullmatch(pattern, line.strip()) for pattern in LINES), line


def test_what_is_drawn():
    text = to_mermaid(all_kinds())
    for part in ("n0 --> n1", "n1 --o n0", 'n2 -. "halves" .-o n3', 'n3 -- "electrical" --- n2',
                 'n4 -- "rectified" --> n0', "n5 -.-> n4", "n1 -.-> n6", 'n4[["grid<br/>2 × 3"]]', 'n6(["motor"])',
                 'subgraph g0["left"]', 'n0(("a"))', "fill:#ffd700"):  # fmt: skip
        assert part in text


def test_names_are_escaped():
    assert escaped('a "b" #1; <c>\n`d`') == "a #34;b#34; #35;1#59; #60;c#62; #96;d#96;"


def test_large_networks_stay_within_the_limits_of_mermaid():
    net = Network("large")
    for index in range(300):
        net.add_neuron(NonSpikingNeuron(), f"segment{index // 10}.{'long' * 10}{index % 10}")
    for index in range(900):
        net.add_connection(NonSpikingSynapse(), index % 300, (7 * index + 1) % 300)
    text = to_mermaid(net)
    assert len(re.findall(r"n\d+ --> n\d+", text)) <= MOST_EDGES and len(text) <= MOST_CHARACTERS
    assert "%% 300 populations and 900 lines are too many" in text
