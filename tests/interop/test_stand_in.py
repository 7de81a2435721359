"""The names and rules of SNS-Toolbox around networks: what is recorded, drawn and designed."""

import builtins
import sys
from pathlib import Path

import numpy as np
import pytest

from sns_mujoco.errors import MissingDependencyError, NetworkError, OutputPathError, UnknownNameError
from sns_mujoco.interop.sns_toolbox.color_utilities import SETOFVALIDCOLORS, set_text_color, valid_color
from sns_mujoco.interop.sns_toolbox.plot_utilities import spike_raster_plot
from sns_mujoco.interop.sns_toolbox.renderer import render
from sns_mujoco.network import Network

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>"


def leg(t):
    net = t.Network("leg")
    net.add_neuron(t.NonSpikingNeuron(), "same", initial_value=5.0)
    net.add_population(t.SpikingNeuron(), [2, 3], "same", "red")
    net.add_input(1, 6, "in")
    net.add_output("same", "out", color="blue")
    net.add_connection(t.NonSpikingSynapse(), 0, 1, "named", True)
    return net


def test_counts_and_places(toolbox):
    net = leg(toolbox)
    counts = ("neurons", "populations", "connections", "inputs", "inputs_actual", "outputs", "outputs_actual")
    assert [getattr(net, f"get_num_{name}")() for name in counts] == [7, 2, 1, 1, 6, 1, 1]
    assert net.get_population_index("same") == 0 and net.get_input_index("in") == 0
    assert net.outputs[0]["source"] == 0 and net.connections[0]["view"] and net.populations[1]["number"] == 6
    assert net.params["spiking"] and not net.params["delay"]


@pytest.mark.parametrize("color", [None, "green"])
def test_added_networks_lose_initial_values_and_names_of_connections(toolbox, color):
    net = toolbox.Network("body")
    net.add_neuron(toolbox.NonSpikingNeuron(), "first")
    net.add_network(leg(toolbox), color=color, suffix="_l")
    assert [p["name"] for p in net.populations] == ["first", "same_l", "same_l"]
    assert [p["color"] for p in net.populations[1:]] == (["green"] * 2 if color else ["white", "red"])
    assert net.populations[1]["initial_value"] == 0.0
    assert (net.inputs[0]["name"], net.inputs[0]["destination"], net.inputs[0]["size"]) == ("in_l", 2, 6)
    assert (net.outputs[0]["name"], net.outputs[0]["color"]) == ("out_l", color or "blue")
    assert (net.connections[0]["name"], net.connections[0]["destination"]) == ("Non-Spiking Connection", 2)


def test_what_the_original_cannot_do(ours):
    net = leg(ours)
    assert net.get_connection_index("named") == 0
    twin = net.copy()
    twin.add_neuron(ours.NonSpikingNeuron())
    assert (net.get_num_populations(), twin.get_num_populations()) == (2, 3)
    row = ours.Network()
    row.add_population(ours.NonSpikingNeuron(resting_potential=-2.0), [4], "a")
    kernel = np.array([0.1, 0.2, 0.3])
    row.add_connection(ours.NonSpikingPatternConnection(kernel, 0 * kernel, 0 * kernel, kernel), 0, 0)
    model = row.compile()
    assert model.g_max_non.tolist() == [[0.2, 0.3, 0, 0], [0.1, 0.2, 0.3, 0], [0, 0.1, 0.2, 0.3], [0, 0, 0.1, 0.2]]
    assert model.e_lo[0].tolist() == [0, 0, -2, -2] and model.e_hi[0].tolist() == [0.2, 0.3, -1, -1]
    assert ours.SpikingTransmissionSynapse().params["synapticTimeConstant"] == pytest.approx(0.1 / np.log(10))
    arrays = {
        name: np.zeros(2) for name in ("pow_c", "slope_c", "e_c", "pow_a", "slope_a", "e_a", "pow_b", "slope_b", "e_b")
    }
    ones = dict.fromkeys(("k_a", "k_b", "k_c", "tau_max_b", "tau_max_c", "g_ion", "e_ion"), np.ones(2))
    assert ours.NonSpikingNeuronWithGatedChannels(**arrays, **ones).params["numChannels"] == 2


def test_parameters_are_kept_as_in_the_original(toolbox):
    spiking = toolbox.SpikingNeuron(resting_potential=-60.0).params
    assert (spiking["threshold_floor"], spiking["reset_potential"], spiking["spiking"]) == (-60.0, -60.0, True)
    sodium = toolbox.NonSpikingNeuronWithPersistentSodiumChannel().params
    assert sodium["gated"] and sodium["numChannels"] == 1 and sodium["Gion"][0] == 1.0485070729908987
    assert (sodium["paramsA"]["reversal"][0], sodium["paramsB"]["TauMax"][0], sodium["paramsC"]["pow"][0]) == (
        20,
        300,
        0,
    )
    synapse = toolbox.SpikingSynapse(0.5, transmission_delay=4).params
    assert (synapse["conductance_increment"], synapse["synapticTransmissionDelay"]) == (0.5, 4)
    assert toolbox.ElectricalSynapse(1).params["rectified"] is False
    modulation = toolbox.NonSpikingModulationSynapse(0.5, reversal_potential=-60.0, e_lo=-60.0).params
    assert (modulation["reversal_potential"], modulation["e_lo"], modulation["e_hi"]) == (0.0, 0.0, 20.0)


def test_parameters_can_be_changed_before_they_are_used(toolbox):
    kind = toolbox.NonSpikingNeuron()
    kind.params["bias"] = 3.0
    net = toolbox.Network()
    net.add_neuron(kind)
    net.populations[0]["type"].params["membrane_capacitance"] = 0.5
    net.add_output(0)
    assert net.compile(dt=0.1)()[0] == pytest.approx(0.1 / 0.5 * 3.0)


def test_subnetworks_have_the_numbers_of_the_original(ours, theirs):
    gains = [0.3, -0.7, 1]
    for kind, arguments in (
        ("AdditionNetwork", {"gains": gains, "add_del_e": 60, "sub_del_e": -80, "R": 10.0, "name": "Sum"}),
        ("MultiplicationNetwork", {"R": 10.0}),
        ("DivisionNetwork", {"gain": 0.5, "ratio": 0.1, "R": 10.0}),
        ("DifferentiatorNetwork", {"slew_rate": 4.0, "tau_fast": 2.0, "R": 10.0}),
        ("IntegratorNetwork", {"integration_gain": 0.02, "relative_reversal_potential": -60.0, "R": 10.0}),
    ):
        mine, original = (getattr(t, kind)(**arguments) for t in (ours, theirs))
        assert mine.params["name"] == original.params["name"]
        for p, q in zip(mine.populations, original.populations, strict=True):
            assert p["name"] == q["name"] and p["type"].params == q["type"].params
        for c, d in zip(mine.connections, original.connections, strict=True):
            assert (c["source"], c["destination"]) == (d["source"], d["destination"])
            for name in ("max_conductance", "reversal_potential", "e_lo", "e_hi"):
                assert c["params"][name] == pytest.approx(d["params"][name], rel=1e-15), (kind, name)


def test_subnetworks_have_these_numbers(ours):
    """Worked out by hand, for machines without SNS-Toolbox."""
    at_rest = ours.NonSpikingNeuron(resting_potential=-60.0)
    add = ours.AdditionNetwork([1, -0.5], neuron_type=at_rest, R=10.0)
    assert [c["params"]["max_conductance"] for c in add.connections] == [20 / 80, 10 / 30]
    assert [(c["params"]["e_lo"], c["params"]["e_hi"]) for c in add.connections] == [(-60.0, -40.0)] * 2
    assert [p["name"] for p in add.populations] == ["AddSum", "AddSrc0", "AddSrc1"]
    multiply = ours.MultiplicationNetwork(R=10.0)
    assert [c["params"]["max_conductance"] for c in multiply.connections] == [10 / 30, 10.0, 10.0]
    differentiate = ours.DifferentiatorNetwork(slew_rate=4.0, tau_fast=2.0, R=10.0)
    assert [p["type"].params["membrane_capacitance"] for p in differentiate.populations] == [2.0, 2.0, 4.5, 2.0]
    assert [c["params"]["max_conductance"] for c in differentiate.connections] == [1 / 3] * 4
    integrate = ours.IntegratorNetwork()
    assert [p["type"].params["bias"] for p in integrate.populations] == [20.0, 20.0]
    assert [c["params"]["max_conductance"] for c in integrate.connections] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("attempt", "complaint"),
    [
        (lambda t, net: net.add_neuron("x"), "'x' is no neuron"),
        (lambda t, net: net.add_connection("x", 0, 1), "'x' is no connection"),
        (lambda t, net: net.add_network("x"), "'x' is no network"),
        (lambda t, net: net.add_connection(t.NonSpikingSynapse(), "sam", 1), "did you mean 'same'"),
        (lambda t, net: net.add_connection(t.NonSpikingSynapse(), 0, 2), "no population named 2"),
        (lambda t, net: net.add_input("none"), "no population named 'none' in network 'leg'"),
        (lambda t, net: net.add_input("same", size=3), "size is 3; give 1, or 1"),
        (lambda t, net: net.add_output(0, spiking="yes"), "spiking is 'yes'"),
        (lambda t, net: net.add_neuron(t.NonSpikingNeuron(), name=3), "name is 3"),
        (lambda t, net: net.get_connection_index("nam"), "did you mean 'named'"),
        (lambda t, net: t.Network(name=3), "name is 3"),
        (lambda t, net: t.NonSpikingNeuron(membrane_capacitance=0.0), "membrane_capacitance is 0"),
        (lambda t, net: t.SpikingNeuron(refractory_period=2.0), "SpikingNeuron has no 'refractory_period'"),
        (lambda t, net: t.NonSpikingModulationSynapse(2.0), "ratio is 2"),
        (lambda t, net: t.NonSpikingTransmissionSynapse(2.0), "gain"),
        (lambda t, net: t.IntegratorNetwork(relative_reversal_potential=1.0), "is 1; give less than 0"),
        (lambda t, net: t.MultiplicationNetwork(R=40.0), "gain of 1"),
        (lambda t, net: render("x"), "'x' is no network"),
    ],
)
def test_mistakes_are_named(ours, attempt, complaint):
    with pytest.raises((NetworkError, UnknownNameError), match=complaint):
        attempt(ours, leg(ours))


def test_colours():
    assert len(SETOFVALIDCOLORS) == 147 and valid_color("papayawhip") and not valid_color("rebeccapurple")
    assert not valid_color(None)
    assert set_text_color("navy") == "white" and set_text_color("gold") == "black" == set_text_color("no colour")


def test_unknown_colours_are_replaced_with_a_warning(ours):
    for add in (
        lambda: ours.NonSpikingNeuron(color="blurple").color,
        lambda: leg(ours).add_input(0, color="blurple"),
        lambda: leg(ours).add_output(0, color="blurple"),
        lambda: leg(ours).add_network(leg(ours), color="blurple"),
    ):
        with pytest.warns(UserWarning, match="'blurple' is no colour of SVG; 'white' is taken"):
            add()
    net = ours.Network()
    with pytest.warns(UserWarning, match="'red' is taken"):
        net.add_neuron(ours.NonSpikingNeuron(color="red"), color="blurple")
    assert net.populations[0]["color"] == "red"


@pytest.fixture
def drawing(monkeypatch, tmp_path):
    """Drawing replaced by a square, no screen, and an empty folder to be in."""
    monkeypatch.setattr(Network, "to_svg", lambda net: SVG.replace("svg'/>", f"{net.name}'/>"), raising=False)
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path


def test_pictures_are_written_where_they_were(ours, drawing):
    assert render(leg(ours), view=False)._repr_svg_() == SVG and not list(drawing.iterdir())
    render(leg(ours))
    render(leg(ours), view=False, save=True, filename="other")
    assert sorted(path.name for path in drawing.iterdir()) == ["leg.svg", "other.svg"]
    assert (drawing / "leg.svg").read_text() == SVG


def test_pictures_open_where_there_is_a_screen(ours, drawing, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    render(leg(ours))
    assert not opened
    monkeypatch.setenv("DISPLAY", ":0")
    render(leg(ours))
    assert opened == [(drawing / "leg.svg").as_uri()]


def test_pictures_of_other_formats(ours, drawing, monkeypatch):
    with pytest.raises(OutputPathError, match=".svg, .png, .pdf"):
        render(leg(ours), img_format="jpg")
    with pytest.raises(OutputPathError, match="does not exist"):
        render(leg(ours), filename="nowhere/leg")
    monkeypatch.setitem(sys.modules, "cairosvg", None)
    with pytest.raises(MissingDependencyError, match="cairosvg"):
        render(leg(ours), img_format="png")
    assert not list(drawing.iterdir())
    written = type(sys)("cairosvg")
    written.svg2png = lambda bytestring, write_to: Path(write_to).write_bytes(b"PNG of " + bytestring)
    monkeypatch.setitem(sys.modules, "cairosvg", written)
    render(leg(ours), img_format="png")
    assert (drawing / "leg.png").read_bytes() == b"PNG of " + SVG.encode()


def test_a_real_picture(ours):
    assert render(leg(ours), view=False).svg.lstrip().startswith(("<svg", "<?xml"))


def test_rasters():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("Agg")
    figure, axes = pyplot.subplots()
    t = np.arange(5.0)
    spikes = np.array([[0, 1, 0, 0, 1], [1, 0, 0, 0, 0]])
    spike_raster_plot(t, spikes, colors=["red", "blue"], offset=2)
    spike_raster_plot(t, spikes[0])
    rows = [(c.get_positions(), c.get_lineoffset(), tuple(np.ravel(c.get_color())[:3])) for c in axes.collections]
    assert [row[1] for row in rows] == [3, 4, 1]
    np.testing.assert_array_equal(rows[0][0], [1, 4])
    np.testing.assert_array_equal(rows[2][0], [1, 4])
    assert [row[2] for row in rows] == [(1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 1.0)]
    pyplot.close(figure)


def test_rasters_without_matplotlib(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingDependencyError, match="pip install matplotlib"):
        spike_raster_plot([0.0], [1.0])
