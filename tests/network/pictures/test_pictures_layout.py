"""Where things stand: layers, groups, mirror images, and room between nodes."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco import models
from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingSynapse
from sns_mujoco.network.pictures.graph import graph_of
from sns_mujoco.network.pictures.groups import best_groups, grouped, mirrored
from sns_mujoco.network.pictures.layering import layers
from sns_mujoco.network.pictures.ordering import ordered
from sns_mujoco.network.pictures.page import lay_out
from sns_mujoco.network.pictures.sizes import sizes_for, text_width
from sns_mujoco.network.pictures.spacing import spread

EXCITATION, INHIBITION = NonSpikingSynapse(), NonSpikingSynapse(reversal_potential=-40.0)


def laid_out(net, group=None):
    """Places of the nodes by name, the page, and the graph."""
    graph = grouped(graph_of(net), group)
    page = lay_out(graph, sizes_for(graph))
    return {node.name: place for node, place in zip(graph.nodes, page.places, strict=True)}, page, graph


def network(edges):
    """A network from (source, target, kind)."""
    net = Network()
    for name in dict.fromkeys(name for edge in edges for name in edge[:2]):
        net.add_neuron(NonSpikingNeuron(), name)
    for source, target, kind in edges:
        net.add_connection(kind, source, target)
    return net


def test_excitation_flows_to_the_right_and_inhibition_does_not_count():
    net = network([("a", "b", EXCITATION), ("b", "c", EXCITATION), ("c", "a", INHIBITION), ("b", "a", INHIBITION)])
    net.add_input("a", name="in")
    net.add_output("c", name="out")
    place, _, _ = laid_out(net)
    x = [place[name][0] for name in ("in", "a", "b", "c", "out")]
    assert x == sorted(x) and len(set(x)) == 5


def test_half_centres_stand_above_one_another():
    net = network([("d", "f", EXCITATION), ("d", "e", EXCITATION), ("f", "e", INHIBITION), ("e", "f", INHIBITION)])
    place, _, _ = laid_out(net)
    assert place["f"][0] == place["e"][0] > place["d"][0]
    alone, _, _ = laid_out(network([("f", "e", INHIBITION), ("e", "f", INHIBITION)]))
    assert alone["f"][0] == alone["e"][0]


def test_cycles_are_opened_where_fewest_edges_turn_round():
    ring = [(0, 1), (1, 2), (2, 3), (3, 1)]
    assert layers(4, ring, [], 9)[0] == 0
    found = layers(4, ring, [], 9)
    assert sum(found[s] >= found[t] for s, t in ring) == 1


def test_a_tall_layer_is_shared_out():
    found = layers(20, [(i, 19) for i in range(19)], [], 5)
    assert max(np.bincount(found)) <= 5 and found[19] == max(found)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40), st.integers(1, 12))
def test_layers_have_no_gaps_and_are_never_too_tall(pairs, tallest):
    found = layers(12, pairs, [], tallest)
    count = np.bincount(found)
    assert count.min() > 0 and count.max() <= tallest


def test_crossings_that_need_not_be_are_taken_out():
    assert ordered([0, 0, 1, 1], [(0, 3), (1, 2)]) in ([[0, 1], [3, 2]], [[1, 0], [2, 3]])
    links = [(0, 5), (1, 4), (2, 3), (3, 8), (4, 7), (5, 6)]
    rows = ordered([0, 0, 0, 1, 1, 1, 2, 2, 2], links)
    at = {node: index for row in rows for index, node in enumerate(row)}
    assert all(at[one] == at[other] for one, other in links)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_spread_keeps_distances_and_is_nearest(data):
    number = st.floats(-100, 100)
    wishes = data.draw(st.lists(number, min_size=1, max_size=7))
    gaps = data.draw(st.lists(st.floats(0, 30), min_size=len(wishes) - 1, max_size=len(wishes) - 1))
    weights = data.draw(st.lists(st.floats(0.1, 5), min_size=len(wishes), max_size=len(wishes)))
    places = spread(wishes, weights, gaps)
    assert all(b - a >= gap - 1e-6 for (a, b), gap in zip(pairwise(places), gaps, strict=True))

    def cost(given):
        return sum(w * (p - wish) ** 2 for w, p, wish in zip(weights, given, wishes, strict=True))

    other = [max(wishes) + sum(gaps[:i]) for i in range(len(wishes))]  # also allowed
    assert cost(places) <= cost(other) + 1e-6
    assert spread([0.0, 0.0], [1.0, 1.0], [10.0]) == [-5.0, 5.0]


@pytest.mark.parametrize(
    ("names", "pairs", "groups"),
    [
        (["left_a", "left_b", "right_a", "right_b"], [(0, 1), (1, 0), (2, 3), (0, 2)], ["left"] * 2 + ["right"] * 2),
        (["leg.1.hip", "leg.1.knee", "leg.2.hip", "leg.2.knee"], [(0, 1), (2, 3)], ["leg.1"] * 2 + ["leg.2"] * 2),
        (["a left", "b left", "a right", "b right"], [(0, 1), (2, 3)], ["left"] * 2 + ["right"] * 2),
        (["MN a", "MN b", "IN a", "IN b"], [(0, 3), (1, 2), (2, 1), (3, 0)], [""] * 4),
        (["a", "b"], [(0, 1)], ["", ""]),
        (["L x", "L y", "R x"], [], ["L", "L", ""]),
    ],
)  # fmt: skip
def test_groups_are_what_holds_together(names, pairs, groups):
    assert best_groups(names, pairs) == groups


def test_groups_can_be_given():
    net = network([("a_x", "a_y", EXCITATION), ("b_x", "b_y", EXCITATION), ("a_x", "b_y", EXCITATION)])
    net.add_input("a_x")

    def groups(group):
        return [node.group for node in grouped(graph_of(net), group).nodes]

    assert groups("_") == ["a", "a", "b", "b", "a"]
    assert groups(False) == [""] * 5
    assert groups({"a_x": "here", "b_y": "here"}) == ["here", "", "", "here", "here"]
    assert groups(lambda name: name[-1]) == ["x", "y", "x", "y", "x"]
    assert [node.label for node in grouped(graph_of(net), "_").nodes][:4] == ["x", "y", "x", "y"]


def test_partners_are_found_by_name():
    assert mirrored(["L1", "R1", "L2", "head"]) == {"L1": "R1"}
    assert mirrored(["hind left", "hind right"]) == {"hind left": "hind right"}
    assert mirrored(["lf", "rf", "lm", "rm"]) == {"lf": "rf", "lm": "rm"}


def test_the_hexapod_is_a_mirror_image():
    place, page, graph = laid_out(models.load("hexapod").network())
    boxes = {box.name: box for box in page.boxes}
    assert list(boxes) == ["L1", "R1", "L2", "R2", "L3", "R3"]
    middle = (boxes["L1"].x + boxes["R1"].x + boxes["R1"].width) / 2
    for name, (x, y) in place.items():
        if name.startswith("L"):
            other = place["R" + name[1:]]
            assert x + other[0] == pytest.approx(2 * middle)
            assert y == pytest.approx(other[1])
    box = boxes["L2"]
    for node, (x, y) in zip(graph.nodes, page.places, strict=True):
        inside = box.x < x < box.x + box.width and box.y < y < box.y + box.height
        assert inside == (node.group == "L2")


def test_no_two_nodes_and_no_two_boxes_touch():
    net = Network("swimmer")
    for segment in range(10):
        for name in ("SR", "HC", "IN", "MN"):
            net.add_neuron(NonSpikingNeuron(), f"seg{segment}.{name}")
        for one, other in pairwise(("SR", "HC", "IN", "MN")):
            net.add_connection(EXCITATION, f"seg{segment}.{one}", f"seg{segment}.{other}")
        net.add_connection(INHIBITION, f"seg{segment}.MN", f"seg{segment}.SR")
        if segment:
            net.add_connection(EXCITATION, f"seg{segment - 1}.HC", f"seg{segment}.HC")
        net.add_input(f"seg{segment}.SR", name=f"seg{segment}.stretch")
    _, page, graph = laid_out(net)
    assert len(page.boxes) == 10
    sizes = sizes_for(graph)
    rectangles = [
        (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
        for node, (x, y) in zip(graph.nodes, page.places, strict=True)
        for w, h in [sizes.box(node, 0)]
    ]
    boxes = [(b.x, b.y, b.x + b.width, b.y + b.height) for b in page.boxes]
    for group in (rectangles, boxes):
        for index, one in enumerate(group):
            for other in group[:index]:
                assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_lines_between_groups_run_outside_the_boxes():
    _, page, graph = laid_out(models.load("hexapod").network())
    checked = 0
    for edge, route in zip(graph.edges, page.routes, strict=True):
        if graph.nodes[edge.source].group != graph.nodes[edge.target].group:
            for corner in (stop for stop in route if stop.ux == stop.uy == 0.0):
                checked += 1
                for box in page.boxes:
                    inside = box.x < corner.x < box.x + box.width and box.y < corner.y < box.y + box.height
                    assert not inside
    assert checked > 100


@pytest.mark.parametrize("name", ["a", "propulsion", "levator trochanteris", "MN_left_flexor", "x" * 80])
def test_names_fit_into_their_circles(name):
    net = Network()
    net.add_neuron(NonSpikingNeuron(), name)
    sizes = sizes_for(graph_of(net))
    label = sizes.label(name)
    assert label.lines and 8.0 <= label.font
    assert all(text_width(line, label.font) < 2 * sizes.radius for line in label.lines)
    assert "".join(label.lines).replace(" ", "")[:5] == name.replace(" ", "").replace("_", "")[:5]
