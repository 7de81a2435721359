"""SNS-Toolbox's ten tutorials, written anew, with only the imports changed: the same numbers, everywhere.

Each takes the names of a toolbox and returns all arrays that it tells.
"""

import warnings

import numpy as np
import pytest


def run(model, inputs, *watched):
    """Outputs of every step, and arrays of the model after each."""
    rows = []
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "overflow encountered", RuntimeWarning)  # SNS-Toolbox, without spikes
        for x in inputs:
            y = model() if x is None else model(x)
            rows.append([np.copy(y), *(np.copy(getattr(model, name)) for name in watched)])
    return [np.array(column) for column in zip(*rows, strict=True)]


def network_design(t):
    net = t.Network(name="Tutorial 1")
    kind = t.NonSpikingNeuron(
        name="Neuron", color="white", membrane_capacitance=5.0, membrane_conductance=1.0, bias=0.0
    )
    net.add_neuron(kind, name="one", color="blue")
    net.add_neuron(kind, name="two", color="black")
    net.add_connection(t.NonSpikingSynapse(), "one", "two")
    net.add_connection(t.NonSpikingSynapse(reversal_potential=-40.0), "two", "one")
    model = net.compile()
    return [model.g_max_non, model.del_e, model.e_lo, model.e_hi, model.V]


def simulation(t):
    net = t.Network(name="Tutorial 2")
    kind = t.NonSpikingNeuron()
    excites, inhibits, modulates = (t.NonSpikingSynapse(1.0, reversal) for reversal in (50.0, -40.0, 0.0))
    for name, color in zip(
        ("source", "a", "b", "b inhibitor", "c"), ("black", "blue", "orange", "green", "red"), strict=True
    ):
        net.add_neuron(kind, name=name, color=color)
        net.add_output(name, name=f"out {name}", color="grey")
    for synapse, source, destination in (
        (excites, "source", "a"), (excites, "source", "b"), (excites, "b", "b inhibitor"),
        (inhibits, "b inhibitor", "b"), (excites, "source", "c"), (modulates, "a", "c"),
    ):  # fmt: skip
        net.add_connection(synapse, source, destination)
    net.add_input(dest="source", name="Input", color="white")
    return run(net.compile(dt=0.01, backend="numpy", debug=False), np.full((5000, 1), 20.0))


def spiking_networks(t):
    kinds = {
        "m=0": t.SpikingNeuron(color="aqua", threshold_time_constant=5.0, threshold_initial_value=1.0),
        "m<0": t.SpikingNeuron(color="darkorange", threshold_proportionality_constant=-1.0),
        "m>0": t.SpikingNeuron(color="forestgreen", threshold_proportionality_constant=1.0),
    }
    single = t.Network(name="Tutorial 3 neurons")
    for name, kind in kinds.items():
        single.add_neuron(kind, name=name)
        single.add_input(dest=name, name=f"in {name}", color="black")
        single.add_output(name, name=f"V {name}")
        single.add_output(name, name=f"S {name}", spiking=True)
    rows = t.Network(name="Tutorial 3 populations")
    starts = np.linspace(0.0, 1.0, num=5)
    for name, color in (("source", "red"), ("destination", "purple")):
        rows.add_population(kinds["m=0"], shape=[5], color=color, name=name, initial_value=starts)
        rows.add_output(name, spiking=True)
        rows.add_output(name)
    rows.add_input(dest="source")
    rows.add_connection(t.SpikingSynapse(time_constant=1.0), "source", "destination")
    both = t.Network(name="Tutorial 3")
    both.add_network(single)
    both.add_network(rows)
    assert both.get_num_outputs_actual() == 26
    inputs = np.full((1000, both.get_num_inputs()), 20.0)
    # by themselves the populations start where they were told to; added, they do not
    return [*run(both.compile(dt=0.01), inputs, "theta", "g_spike"), *run(rows.compile(dt=0.01), inputs[:, :1])]


def subnetworks(t):
    net = t.Network(name="Tutorial 4")
    parts = {
        "blue": t.AdditionNetwork([1, -1, -0.5, 2]), "orange": t.DivisionNetwork(1, 0.5),
        "green": t.MultiplicationNetwork(), "red": t.DifferentiatorNetwork(), "purple": t.IntegratorNetwork(),
    }  # fmt: skip
    for color, part in parts.items():
        net.add_network(part, color=color)
    for p in range(net.get_num_populations()):
        net.add_input(p)
        net.add_output(p)
    inputs = np.random.default_rng(4).uniform(0, 20, (500, net.get_num_inputs()))
    return run(net.compile(dt=0.1), inputs)


def transmission_delay(t):
    net = t.Network(name="Tutorial 5")
    for name in ("source", 0, 5, 10, 20):
        net.add_neuron(t.SpikingNeuron(), name=str(name))
        net.add_output(str(name), spiking=True)
        if name != "source":
            net.add_connection(t.SpikingSynapse(transmission_delay=name), "source", str(name))
    net.add_input("source")
    return run(net.compile(dt=0.01), np.where(np.arange(1000) < 100, 20.0, 0.0)[:, None], "V", "g_spike")


def matrix_connections(t):
    """Tutorial 6.5; its ramps have no width, so it is never stepped."""
    net = t.Network()
    net.add_population(t.NonSpikingNeuron(), np.array([5]))
    net.add_population(t.NonSpikingNeuron(), np.array([3]))
    conductances = np.random.default_rng(65).random((3, 5))
    for matrix, source, destination in ((conductances, 0, 1), (conductances.T, 1, 0)):
        zero = np.zeros_like(matrix)
        net.add_connection(t.NonSpikingMatrixConnection(matrix, zero, zero, zero), source, destination)
    model = net.compile(backend="numpy")
    return [model.g_max_non, model.del_e, model.e_lo, model.e_hi, model.V]


def connectivity_patterns(t):
    shape, span = (20, 32), 20.0
    kind = t.NonSpikingNeuron()
    net = t.Network(name="Tutorial 6")
    net.add_population(kind, shape, name="Retina")
    net.add_input("Retina", size=640, name="Image")
    net.add_output("Retina", name="Retina Output")
    net.add_population(kind, shape, name="Lamina")
    centre = np.zeros((3, 3), bool)
    centre[1, 1] = True
    gain, reversal = np.where(centre, 1.0, -1 / 9), np.where(centre, 160.0, -80.0)
    conductance = gain * span / (reversal - gain * span)
    high_pass = t.NonSpikingPatternConnection(conductance, reversal, np.zeros((3, 3)), np.full((3, 3), span))
    net.add_connection(high_pass, "Retina", "Lamina", name="HPF")
    net.add_output("Lamina", name="Lamina Output")
    dt = kind.params["membrane_capacitance"] / kind.params["membrane_conductance"]
    image = np.random.default_rng(6).uniform(0, span, 640)
    return run(net.compile(backend="numpy", dt=dt), [image] * 3)


def electrical_synapses(t):
    net = t.Network("Tutorial 7")
    gap, diode = t.ElectricalSynapse(1), t.ElectricalSynapse(1, rect=True)
    synapses = (t.NonSpikingTransmissionSynapse(gain=1), gap, diode, diode)
    for pair, synapse in enumerate(synapses):
        first, second = str(2 * pair), str(2 * pair + 1)
        net.add_neuron(t.NonSpikingNeuron(), name=first)
        net.add_neuron(t.NonSpikingNeuron(), name=second)
        net.add_connection(synapse, first, second)
        net.add_input(second if pair == 3 else first)
        net.add_output(first)
        net.add_output(second)
    return run(net.compile(backend="numpy", dt=0.01, debug=True), np.full((5000, 4), 20.0))


def voltage_gated_ion_channels(t):
    def steady(potential, k, slope, midpoint):
        return 1 / (1 + k * np.exp(slope * (midpoint - potential)))

    def channel(**values):
        return {name: np.array([value]) for name, value in values.items()}

    def active(potential):
        return steady(potential, 1, 0.05, 20) * steady(potential, 0.5, -0.05, 0)

    sodium = 20 / (active(20) * (110 - 20))
    general = channel(
        g_ion=sodium, e_ion=110, pow_a=1, k_a=1, slope_a=0.05, e_a=20, pow_b=1, k_b=0.5, slope_b=-0.05, e_b=0,
        tau_max_b=300, pow_c=0, k_c=1, slope_c=0, e_c=0, tau_max_c=1,
    )  # fmt: skip
    kick = np.zeros((2000, 1))
    kick[1] = 1
    single = t.Network()
    single.add_neuron(t.NonSpikingNeuronWithGatedChannels(membrane_capacitance=5, membrane_conductance=1, **general))
    single.add_input(0)
    single.add_output(0)
    told = run(single.compile(backend="numpy", dt=1), kick, "b_gate")
    own = channel(g_ion=sodium, e_ion=110, k_m=1, slope_m=0.05, e_m=20, k_h=0.5, slope_h=-0.05, e_h=0, tau_max_h=300)
    for delta in (-0.01, 0.01, 0.1):
        conductance = (-delta - delta * sodium * active(delta) + sodium * active(delta) * 110) / (delta + 120)
        inhibits = t.NonSpikingSynapse(max_conductance=conductance, reversal_potential=-120)
        net = t.Network()
        for name in ("HC0", "HC1"):
            net.add_neuron(t.NonSpikingNeuronWithPersistentSodiumChannel(membrane_capacitance=5, **own), name=name)
            net.add_output(name)
        net.add_input("HC0")
        net.add_connection(inhibits, "HC0", "HC1")
        net.add_connection(inhibits, "HC1", "HC0")
        told += run(net.compile(backend="numpy", dt=1), kick, "V", "b_gate")
    return told


def advanced_spiking(t):
    old = {"threshold_proportionality_constant": 1.0, "bias": 20.0}
    new = old | {
        "threshold_leak_rate": 2.0, "threshold_floor": 0.0, "reset_potential": -0.1, "threshold_increment": 0.1,
    }  # fmt: skip
    net = t.Network()
    for name, values in (("old", old), ("new", new)):
        net.add_neuron(t.SpikingNeuron(**values), name)
        net.add_output(name)
        net.add_output(name, spiking=True)
    synapses = t.Network()
    for name in ("pre", "post old", "post new"):
        synapses.add_neuron(t.SpikingNeuron(**new), name)
    synapses.add_connection(t.SpikingSynapse(), "pre", "post old")
    synapses.add_connection(t.SpikingSynapse(conductance_increment=0.2), "pre", "post new")
    silence = [None] * 1000
    told = run(net.compile(dt=0.01), silence, "theta", "spikes")
    return told + run(synapses.compile(dt=0.01), silence, "g_spike")[1:]


TUTORIALS = (
    network_design, simulation, spiking_networks, subnetworks, transmission_delay, connectivity_patterns,
    matrix_connections, electrical_synapses, voltage_gated_ion_channels, advanced_spiking,
)  # fmt: skip

# Taken from SNS-Toolbox 1.5.2: for each array that a tutorial tells, its sum and the sum of its squares
RECORDED = {
    "network_design": [(2.0, 2.0), (0.0, 3200.0), (0.0, 0.0), (42.0, 802.0), (0.0, 0.0)],
    "simulation": [(372371.0350052251, 6565281.712814256)],
    "spiking_networks": [
        (7751.29314694877, 5889.445310770527),
        (13145.34052227723, 13516.00723405345),
        (4315.441291105142, 768.3516752431835),
        (6127.796861783005, 4622.018859969508),
    ],
    "subnetworks": [(95624.33936365733, 1227483.8023134558)],
    "transmission_delay": [
        (203.0, 203.0),
        (1938.3934713096949, 1063.3254044715),
        (583.9244867014507, 364.6366023382161),
    ],
    "connectivity_patterns": [(23001.619919019315, 327737.96861471434)],
    "matrix_connections": [(10.676891511345428, 6.365798864098899), (0.0, 0.0), (0.0, 0.0), (34.0, 34.0), (0.0, 0.0)],
    "electrical_synapses": [(446919.9099940245, 6950154.419250831)],
    "voltage_gated_ion_channels": [
        (41200.69075081308, 857798.8075040071),
        (868.0259049810034, 379.1637901737043),
        (41079.270467412905, 843843.9168623476),
        (41079.270467412905, 843843.9168623476),
        (2203.601302953411, 1269.521214600627),
        (41682.21673944758, 953663.9478543825),
        (41682.21673944758, 953663.9478543825),
        (2197.7479144421927, 1253.077786226027),
        (42116.01681271709, 1006037.5808258856),
        (42116.01681271709, 1006037.5808258856),
        (2193.5363851425464, 1243.2666360883209),
    ],
    "advanced_spiking": [
        (1530.151692048946, 1609.7862141043015),
        (3069.0126651523515, 4856.246040397034),
        (-49.0, 49.0),
        (1168.8020330809181, 797.6600745600556),
    ],
}


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda tutorial: tutorial.__name__)
def test_numbers_are_those_of_sns_toolbox(ours, theirs, tutorial):
    mine, original = tutorial(ours), tutorial(theirs)
    assert len(mine) == len(original)
    for got, wanted in zip(mine, original, strict=True):
        assert got.shape == wanted.shape
        np.testing.assert_allclose(got, wanted, rtol=0, atol=1e-9)


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda tutorial: tutorial.__name__)
def test_numbers_are_those_recorded(ours, tutorial):
    """For machines without SNS-Toolbox."""
    sums = [(float(a.sum()), float((a * a).sum())) for a in tutorial(ours)]
    np.testing.assert_allclose(sums, RECORDED[tutorial.__name__], rtol=1e-9, atol=1e-9)
