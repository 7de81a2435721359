"""Circuit diagrams: what is in the SVG, and what is refused."""

import hashlib
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sns_mujoco import models
from sns_mujoco.errors import NetworkError, OutputPathError, UnknownNameError
from sns_mujoco.network import (
    ElectricalSynapse,
    Network,
    NonSpikingMatrixConnection,
    NonSpikingNeuron,
    NonSpikingNeuronWithPersistentSodiumChannel,
    NonSpikingPatternConnection,
    NonSpikingSynapse,
    SpikingNeuron,
)
from sns_mujoco.network.event_synapses import ConductanceSynapse, CurrentSynapse, DeltaSynapse
from sns_mujoco.network.noise import OrnsteinUhlenbeckNoise
from sns_mujoco.network.pictures import to_svg
from sns_mujoco.network.pictures.colors import INK, PAPER, SIGNS, activity_color, color_of, text_on
from sns_mujoco.network.pictures.graph import graph_of
from sns_mujoco.network.plasticity import STDP, TsodyksMarkram
from sns_mujoco.network.sparse import SparseConnection

SVG = "{http://www.w3.org/2000/svg}"


def two(kind, rest=0.0, **options):
    """A network of two neurons with one connection."""
    net = Network("two")
    net.add_neuron(NonSpikingNeuron(), "one")
    net.add_neuron(NonSpikingNeuron(resting_potential=rest), "other")
    net.add_connection(kind, "one", "other", **options)
    return net


def half_centre():
    """Neurons of all looks, an input, an output, a loop, parallel and mutual connections."""
    net = Network("half-centre <&\"'> centre")
    for name in ("flexor", "extensor"):
        net.add_neuron(NonSpikingNeuronWithPersistentSodiumChannel(), name)
    net.add_neuron(NonSpikingNeuron(), "drive", color="gold")
    net.add_neuron(SpikingNeuron(), "MN", color="navy")
    net.add_population(NonSpikingNeuron(), (4, 6), "retina")
    net.add_population(NonSpikingNeuron(), 12, "pool", color="no colour")
    inhibition = NonSpikingSynapse(max_conductance=2.0, reversal_potential=-40.0)
    excitation = NonSpikingSynapse()
    net.add_connection(inhibition, "flexor", "extensor")
    net.add_connection(inhibition, "extensor", "flexor")
    net.add_connection(excitation, "drive", "flexor")
    net.add_connection(excitation, "drive", "flexor", "second", view_label=True)
    net.add_connection(excitation, "MN", "MN")
    signs = np.where(np.arange(12 * 24).reshape(12, 24) % 2, 40.0, -40.0)
    net.add_connection(NonSpikingMatrixConnection(np.ones((12, 24)), signs), "retina", "pool")
    net.add_connection(NonSpikingPatternConnection(np.ones((3, 3)), -100.0), "retina", "retina")
    net.add_connection(ElectricalSynapse(0.5), "flexor", "MN")
    net.add_connection(ElectricalSynapse(0.5, rect=True), "pool", "extensor")
    net.add_input("drive", name="descending")
    net.add_output("MN", "muscle", spiking=True)
    return net


def parsed(text):
    """The picture as a tree; fails if it is no XML."""
    return ElementTree.fromstring(text)


def titles(text):
    """What is shown where the pointer rests."""
    return [element.text for element in parsed(text).iter(f"{SVG}title")]


def all_numbers(text):
    """Every number of a coordinate or size."""
    found = re.findall(r'(?: d| x| y| cx| cy| r| width| height| transform)="([^"]*)"', text)
    assert not re.search("nan|inf", "".join(found))
    return [float(n) for part in found for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", part)]


@pytest.mark.parametrize(
    ("kind", "rest", "sign"),
    [
        (NonSpikingSynapse(reversal_potential=40.0), 0.0, "excitation"),
        (NonSpikingSynapse(reversal_potential=-40.0), 0.0, "inhibition"),
        (NonSpikingSynapse(reversal_potential=-40.0), -60.0, "excitation"),  # the rest counts, not 0
        (NonSpikingSynapse(reversal_potential=-60.0), -60.0, "modulation"),
        (NonSpikingSynapse(reversal_potential=0.0), 20.0, "inhibition"),
        (ElectricalSynapse(1.0), 0.0, "electrical"),
        (ElectricalSynapse(1.0, rect=True), 0.0, "rectified"),
        (NonSpikingMatrixConnection([[1.0]], -50.0), -40.0, "inhibition"),
    ],
)
def test_connections_are_judged_by_the_rest_of_their_destination(kind, rest, sign):
    net = two(kind, rest)
    assert [edge.sign for edge in graph_of(net).edges] == [sign]
    text = to_svg(net)
    assert f'stroke="{SIGNS[sign]}"' in text
    for other in set(SIGNS) - {sign, "link"}:
        assert SIGNS[other] == SIGNS[sign] or SIGNS[other] not in text


@pytest.mark.parametrize(
    ("kind", "sign", "unit", "mark"),
    [
        (CurrentSynapse(0.5, plasticity=STDP()), "excitation", "nA", "learns"),
        (CurrentSynapse(-0.5, short_term=TsodyksMarkram()), "inhibition", "nA", "short-term plasticity"),
        (ConductanceSynapse(0.5, reversal_potential=-80.0), "inhibition", "uS", None),
        (DeltaSynapse(0.5), "excitation", "mV", None),
        (SparseConnection(CurrentSynapse(), [0, 0], [0, 0], weight=[1.0, -2.0]), "mixed", "nA", "listed synapses"),
        (CurrentSynapse(0.0, plasticity=STDP()), "excitation", "nA", "learns"),  # what it can become
        (DeltaSynapse(0.0), "unknown", "mV", None),
    ],
)
def test_kinds_beyond_sns_toolbox(kind, sign, unit, mark):
    net = Network()
    net.add_neuron(SpikingNeuron(), "one")
    net.add_neuron(SpikingNeuron(), "other")
    net.add_connection(kind, "one", "other")
    (edge,) = graph_of(net).edges
    assert (edge.sign, edge.unit) == (sign, unit)
    words = [element.text for element in parsed(to_svg(net)).iter(f"{SVG}text")]
    for legend in ("learns", "short-term plasticity", "listed synapses"):
        assert (legend in words) == (legend == mark)


def test_noise_and_inputs_through_synapses_are_drawn():
    net = Network()
    net.add_neuron(NonSpikingNeuron(), "one")
    net.add_noise("one", OrnsteinUhlenbeckNoise(), "thermal")
    net.add_output("thermal", "out", kind="noise")
    net.add_input("one", name="spikes", through=CurrentSynapse())
    shown = " | ".join(title or "" for title in titles(to_svg(net)))
    assert "noise thermal: OrnsteinUhlenbeckNoise on one" in shown
    assert "output out: noise in nA of thermal" in shown
    assert "input spikes: through CurrentSynapse into one" in shown


def test_signs_differ_between_neurons_of_one_population():
    net = Network()
    net.add_neuron(NonSpikingNeuron(), "a")
    net.add_population(NonSpikingNeuron(resting_potential=[-60.0, 0.0]), 2, "b")
    net.add_connection(NonSpikingSynapse(reversal_potential=-30.0), "a", "b")
    net.add_connection(NonSpikingMatrixConnection([[1.0], [0.0]], -30.0), "a", "b")
    assert [edge.sign for edge in graph_of(net).edges] == ["mixed", "excitation"]


def test_a_picture_shows_everything_by_name():
    text = to_svg(half_centre())
    shown = " | ".join(title or "" for title in titles(text))
    expected = (
        "flexor:", "retina: 4 × 6 neurons", "pool: 12 neurons", "second: excitation", "retina->pool: mixed",
        "retina->retina: inhibition", "electrical", "rectified", "input descending", "output muscle: spike",
    )  # fmt: skip
    for name in expected:
        assert name in shown
    words = [element.text for element in parsed(text).iter(f"{SVG}text")]
    for word in ("second", "×12", "4 × 6", "excitation", "ion channels", "spiking", "matrix of synapses",
                 "kernel moved over both", "input", "output", "2 µS"):  # fmt: skip
        assert word in words
    assert "drive->flexor" not in words  # its view_label is not set
    assert words[0].startswith("half-centre <&\"'>")
    tree = parsed(text)
    assert tree.get("role") == "img" and "half-centre" in tree.get("aria-label")
    assert tree.find(f"{SVG}desc").text.startswith("40 neurons, 6 populations, 9 connections, 1 input, 1 output")


def test_colours_come_from_the_description_and_unknown_ones_fall_back():
    assert color_of("gold") == "#ffd700" and color_of("rebecca's") == PAPER
    text = to_svg(half_centre())
    assert 'fill="#ffd700"' in text and 'fill="#000080"' in text
    assert text_on(color_of("navy")) == PAPER and text_on(color_of("gold")) == INK


def test_the_paper_is_part_of_the_picture():
    assert f'fill="{PAPER}"' in to_svg(Network()).splitlines()[3]


def test_parallel_and_mutual_connections_are_drawn_apart():
    text = to_svg(half_centre())
    paths = [e.get("d") for e in parsed(text).iter(f"{SVG}path") if e.find(f"{SVG}title") is not None]
    assert len(paths) == len(set(paths)) == 9


def test_wider_lines_are_stronger():
    net = Network()
    for name in "abc":
        net.add_neuron(NonSpikingNeuron(), name)
    net.add_connection(NonSpikingSynapse(max_conductance=0.1), "a", "b", "weak")
    net.add_connection(NonSpikingSynapse(max_conductance=2.0), "a", "c", "strong")
    width = {
        e.find(f"{SVG}title").text.split(":")[0]: float(e.get("stroke-width"))
        for e in parsed(to_svg(net)).iter(f"{SVG}path")
        if e.find(f"{SVG}title") is not None
    }
    assert width["strong"] > 1.5 * width["weak"]


def test_activity_colours_neurons():
    net = two(NonSpikingSynapse(e_lo=-60.0, e_hi=-40.0))
    silent, active = activity_color(0.0), activity_color(1.0)
    assert f'r="22" fill="{active}"' in to_svg(net, activity={"one": -40.0})
    assert f'r="22" fill="{silent}"' in to_svg(net, activity=[-70.0, 0.0])
    middle = activity_color(0.5)
    assert to_svg(net, activity=[-50.0, 10.0]).count(f'r="22" fill="{middle}"') == 2
    assert f'r="22" fill="{activity_color(0.25)}"' in to_svg(net, activity=[5.0, 0.0], scale=(0.0, 20.0))
    assert f'r="22" fill="{active}"' in to_svg(net, activity=[5.0, 0.0], scale={"one": (0.0, 5.0)})
    assert "now -50 mV" in to_svg(net, activity=[-50.0, 10.0])


def test_a_spiking_neuron_is_fully_active_at_its_threshold():
    net = Network()
    net.add_neuron(SpikingNeuron(threshold_initial_value=4.0), "a")
    assert f'r="22" fill="{activity_color(0.5)}"' in to_svg(net, activity=[2.0])


def test_a_grid_shows_its_own_activity():
    net = Network()
    net.add_population(NonSpikingNeuron(), (2, 3), "grid")
    text = to_svg(net, activity=np.linspace(0, 20, 6))
    for fraction in np.linspace(0, 1, 6):
        assert f'fill="{activity_color(fraction)}"' in text


def test_closed_synapses_are_pale():
    net = two(NonSpikingSynapse(max_conductance=2.0))
    assert 'stroke-opacity="0.18"' in to_svg(net, conductances=[0.0])
    assert 'stroke-opacity="0.59"' in to_svg(net, conductances={"one->other": 1.0})
    assert "stroke-opacity" not in to_svg(net, conductances=[2.0])


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"activity": [1.0]}, NetworkError, "activity has 1 values; give one for each of the 2 neurons"),
        ({"activity": [1.0, np.nan]}, NetworkError, "nan at neuron 1"),
        ({"activity": {"on": 1.0}}, UnknownNameError, "did you mean 'one'"),
        ({"activity": {"one": "high"}}, NetworkError, "give numbers"),
        ({"activity": [0, 0], "scale": (1.0, 1.0)}, NetworkError, "the lower first"),
        ({"activity": [0, 0], "scale": {"nobody": (0.0, 1.0)}}, UnknownNameError, "nobody"),
        ({"activity": [0, 0], "scale": 3}, NetworkError, "two potentials"),
        ({"conductances": []}, NetworkError, "one for each of the 1 connections"),
        ({"conductances": {"nothing": 1.0}}, UnknownNameError, "no connection named 'nothing'"),
        ({"group": 3}, NetworkError, "give a separator"),
        ({"group": {"one": 3}}, NetworkError, "group of 'one' is 3"),
        ({"path": "picture.png"}, OutputPathError, "may end in .svg"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(options, error, words):
    with pytest.raises(error, match=re.escape(words)):
        to_svg(two(NonSpikingSynapse()), **options)


def test_files_are_written_whole(tmp_path):
    place = tmp_path / "two.svg"
    text = to_svg(half_centre(), place)
    assert place.read_bytes() == text.encode()
    assert list(tmp_path.iterdir()) == [place]


def test_names_are_escaped_and_control_characters_go():
    net = Network("a\x00b")
    net.add_neuron(NonSpikingNeuron(), "x<y>&\"z'\x0b")
    words = [element.text for element in parsed(to_svg(net)).iter(f"{SVG}text")]
    assert words[0] == "a\ufffdb"
    assert any("<" in word for word in words)


def test_the_same_network_gives_the_same_bytes_in_every_process():
    script = (
        "import hashlib; from sns_mujoco import models; from sns_mujoco.network.pictures import to_svg;"
        "print(hashlib.sha256(to_svg(models.load('hexapod').network()).encode()).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()
    assert hashlib.sha256(to_svg(models.load("hexapod").network()).encode()).hexdigest() == other


def test_a_large_network_is_drawn_by_groups_and_says_so():
    net = Network("large")
    for segment in range(60):
        for cell in range(8):
            net.add_neuron(NonSpikingNeuron(), f"seg{segment}.n{cell}")
        for cell in range(7):
            net.add_connection(NonSpikingSynapse(), f"seg{segment}.n{cell}", f"seg{segment}.n{cell + 1}")
        if segment:
            net.add_connection(NonSpikingSynapse(), f"seg{segment - 1}.n7", f"seg{segment}.n0")
    net.add_input("seg0.n0")
    text = to_svg(net, activity=np.zeros(480))
    assert "480 populations and 480 lines are too many to be drawn one by one: shown as 60 nodes" in text
    shown = " | ".join(title or "" for title in titles(text))
    assert "seg7: 8 neurons in 8 populations, NonSpikingNeuron" in shown
    assert "7 connections: excitation, up to 1 uS" in shown


def test_a_large_network_without_groups_is_drawn_too():
    net = Network("heap")
    for index in range(500):
        net.add_neuron(NonSpikingNeuron() if index % 2 else SpikingNeuron())
    assert "shown as one node" in to_svg(net)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_network_makes_a_picture_that_lies_on_its_paper(data):
    names = data.draw(st.lists(st.text(min_size=1, max_size=14), min_size=1, max_size=9, unique=True))
    prefixes = data.draw(st.sampled_from([("",), ("L1 ", "R1 "), ("left_", "right_"), ("seg.1.", "seg.2.", "seg.3.")]))
    net = Network("any")
    for prefix in prefixes:
        for name in names:
            net.add_population(NonSpikingNeuron(), data.draw(st.sampled_from([1, 3, (2, 2)])), prefix + name)
    count = net.get_num_populations()
    place = st.integers(0, count - 1)
    for source, target in data.draw(st.lists(st.tuples(place, place), max_size=30)):
        kind = data.draw(st.sampled_from([NonSpikingSynapse(), NonSpikingSynapse(1.0, -40.0), ElectricalSynapse(1.0)]))
        net.add_connection(kind, source, target)
    for target in data.draw(st.lists(place, max_size=4)):
        net.add_input(target)
        net.add_output(target)
    text = to_svg(net, activity=np.zeros(net.get_num_neurons()))
    tree = parsed(text)
    width, height = float(tree.get("width")), float(tree.get("height"))
    frame = tree.find(f"{SVG}g")
    dx, dy = (float(n) for n in re.findall(r"[\d.]+", frame.get("transform")))
    for circle in frame.iter(f"{SVG}circle"):
        x, y, r = (float(circle.get(key)) for key in ("cx", "cy", "r"))
        assert 0 <= x + dx - r and x + dx + r <= width and 0 <= y + dy - r and y + dy + r <= height
    assert all(abs(n) < 1e5 for n in all_numbers(text))
