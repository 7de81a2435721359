"""Random networks of any kind of neuron, synapse, learning rule and noise, as descriptions."""

import numpy as np

import sns_mujoco.network as sns

KINDS = (
    "channels",
    "junctions",
    "equations",
    "poisson",
    "events",
    "short_term",
    "stdp",
    "triplet",
    "reward",
    "graded_learning",
    "noise",
    "lists",
    "weighted_inputs",
    "inputs_through",
)
"""What may be in a network besides graded and spiking neurons and their conductance-based synapses."""


def random_network(seed, kinds=KINDS):
    """A network that has what is asked for; `graded` and `spiking` are always there.

    Args:
        seed: Of the numbers.
        kinds: Some of `KINDS`.
    """
    rng, net = np.random.default_rng(seed), sns.Network(f"random {seed}")
    n = int(rng.integers(2, 4))
    net.add_population(sns.NonSpikingNeuron(bias=rng.uniform(-2, 10, n), membrane_capacitance=4.0), n, "graded")
    net.add_population(
        sns.SpikingNeuron(
            bias=rng.uniform(3, 15, n),
            threshold_proportionality_constant=rng.uniform(-0.3, 0.3, n),
            threshold_increment=rng.uniform(0, 1, n),
            refractory_period=rng.choice([0.0, 0.3, 1.2], n),
            reset_mode=str(rng.choice(["value", "subtract"])),
        ),
        n,
        "spiking",
    )
    net.add_population(sns.LIFNeuron(8.0, 1.0, bias=rng.uniform(0.5, 3, n), refractory_period=0.4), n, "lif")
    _plain_synapses(rng, net)
    for kind in KINDS:
        if kind in kinds:
            globals()[f"_{kind}"](rng, net)
    net.add_input("graded", size=n, name="each")
    net.add_input("spiking", name="all")
    for name in net.population_names:
        net.add_output(name)
        if net.populations[net.get_population_index(name)].spikes:
            net.add_output(name, spiking=True)
    net.add_output("spiking", kind="threshold")
    net.add_output("delayed", kind="conductance")
    net.add_output("delayed", kind="current")
    net.add_output("ramps", kind="current")
    return net


def random_inputs(program, steps, seed=0):
    """Inputs [steps, M] that jump now and then."""
    rng = np.random.default_rng(seed)
    return np.repeat(rng.uniform(-1, 4, (steps // 10 + 1, program.n_inputs)), 10, axis=0)[:steps]


def _plain_synapses(rng, net):
    n = net.populations[0].size
    net.add_connection(sns.NonSpikingSynapse(rng.uniform(0.1, 0.5), 80.0, 0.0, 15.0), "graded", "spiking", "ramps")
    net.add_connection(sns.NonSpikingSynapse(0.3, -40.0, 12.0, -3.0), "graded", "graded")
    net.add_connection(
        sns.SpikingMatrixConnection(
            rng.uniform(0.05, 0.3, (n, n)), rng.uniform(-60, 90, (n, n)), rng.uniform(1, 8, (n, n)),
            rng.integers(0, 6, (n, n)), rng.uniform(0.02, 0.2, (n, n)),
        ),
        "spiking",
        "graded",
        "delayed",
    )  # fmt: skip


def _channels(rng, net):
    net.add_neuron(sns.NonSpikingNeuronWithPersistentSodiumChannel(tau_max_h=rng.uniform(20, 80)), "sodium")
    net.add_population(
        sns.NonSpikingNeuronWithGatedChannels(
            rng.uniform(0.1, 0.5, 2), [60.0, -70.0], pow_a=[1, 2], slope_a=0.1, e_a=5.0, pow_b=[1, 0], slope_b=-0.08,
            e_b=3.0, tau_max_b=20.0, pow_c=[0, 1], slope_c=0.05, tau_max_c=30.0, tau_mode_c="constant",
        ),
        2,
        "gated",
    )  # fmt: skip
    net.add_connection(sns.NonSpikingSynapse(0.1, -60.0), "sodium", "gated")
    net.add_output("gated", kind="gate_b", channel=0)
    net.add_output("gated", kind="gate_c", channel=1)


def _junctions(rng, net):
    net.add_connection(sns.ElectricalSynapse(rng.uniform(0.05, 0.3)), "graded", "spiking")
    net.add_connection(sns.ElectricalSynapse(0.2, rect=True), "graded", "graded")


def _equations(rng, net):
    kinds = [
        sns.AdaptiveExponentialNeuron(bias=0.7),
        sns.IzhikevichNeuron(bias=12.0),
        sns.HodgkinHuxleyNeuron(bias=9.0),
        sns.FitzHughNagumoNeuron(bias=0.5),
        sns.MorrisLecarNeuron(bias=90.0),
        sns.RateNeuron(bias=1.0),
    ]
    for k in rng.choice(len(kinds), 3, replace=False):
        net.add_population(kinds[k], 2, f"own {k}")
        net.add_connection(sns.GradedCurrentSynapse(0.2, e_lo=-80.0, e_hi=20.0), f"own {k}", "graded")


def _poisson(rng, net):
    net.add_population(sns.PoissonNeuron(rate=rng.uniform(100, 900, 4)), 4, "poisson")
    net.add_connection(sns.CurrentSynapse(0.8, 3.0), "poisson", "lif")


def _events(rng, net):
    n = net.populations[0].size
    net.add_connection(sns.CurrentSynapse(rng.uniform(-1, 2, (n, n)), 4.0, rise_time=1.5), "lif", "spiking")
    net.add_connection(sns.ConductanceSynapse(0.1, -50.0, 6.0, delay=0.7), "lif", "graded", "open")
    net.add_connection(sns.DeltaSynapse(rng.uniform(-0.2, 0.4, (n, n)), delay=0.3), "spiking", "lif")
    net.add_output("open", kind="current")
    net.add_output("open", kind="conductance")


def _short_term(rng, net):
    net.add_connection(
        sns.CurrentSynapse(1.0, 3.0, delay=0.2, short_term=sns.TsodyksMarkram(0.3, 40.0, 80.0, 0.1, 0.9)),
        "lif",
        "graded",
    )


def _stdp(rng, net):
    net.add_connection(
        sns.CurrentSynapse(0.5, 3.0, plasticity=sns.STDP(0.05, -0.06, 5.0, 7.0)), "spiking", "lif", "stdp"
    )
    net.add_output("stdp", kind="weight")


def _triplet(rng, net):
    net.add_connection(
        sns.ConductanceSynapse(0.1, 60.0, delay=0.5, plasticity=sns.TripletSTDP(0.02, -0.01, w_max=0.3)),
        "lif",
        "spiking",
        "triplet",
    )
    net.add_output("triplet", kind="weight")


def _reward(rng, net):
    net.add_neuron(sns.NonSpikingNeuron(bias=2.0), "reward")
    rule = sns.RewardSTDP("reward", 0.05, -0.04, 6.0, 8.0, 50.0, 0.02)
    net.add_connection(sns.CurrentSynapse(0.4, 3.0, plasticity=rule), "spiking", "lif", "rewarded")
    net.add_output("rewarded", kind="weight")


def _graded_learning(rng, net):
    hebb, oja = sns.Hebb(1e-3, 1e-4, 0.0, 0.3), sns.Oja(1e-2, 0.0, -2.0, 2.0)
    net.add_connection(sns.GradedConductanceSynapse(0.1, 50.0, plasticity=hebb), "graded", "spiking", "hebb")
    net.add_connection(sns.GradedCurrentSynapse(0.5, curve="sigmoid", plasticity=oja), "spiking", "graded", "oja")
    net.add_connection(sns.SigmoidSynapse(0.05, -30.0, 5.0, 0.3), "graded", "graded")
    net.add_output("hebb", kind="weight")
    net.add_output("oja", kind="weight")


def _noise(rng, net):
    net.add_noise("graded", sns.OrnsteinUhlenbeckNoise(sigma=0.5, time_constant=5.0), "noise")
    net.add_output("noise", kind="noise")


def _lists(rng, net):
    n = net.populations[0].size
    source, target = rng.integers(0, n, 5), rng.integers(0, n, 5)
    net.add_connection(
        sns.SparseConnection(sns.NonSpikingSynapse(0.1), source, target, reversal_potential=rng.uniform(-50, 80, 5)),
        "graded",
        "graded",
    )
    net.add_connection(
        sns.SparseConnection(sns.CurrentSynapse(0.3), source, target, weight=rng.uniform(-1, 1, 5)), "spiking", "lif"
    )


def _weighted_inputs(rng, net):
    net.add_input("lif", size=3, name="mixed", weights=rng.uniform(-0.5, 1, (net.populations[0].size, 3)))


def _inputs_through(rng, net):
    net.add_input("lif", name="spikes", through=sns.CurrentSynapse(0.1, 4.0))
    net.add_input("graded", name="shunt", through=sns.ConductanceSynapse(0.01, -40.0, 4.0))
