"""Networks of AnimatLab projects against a transcription of AnimatLab's own equations, written for this test alone."""

import math
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop import animatlab

RAT = Path(__file__).parents[4] / "shared" / "animatlab" / "rat_hindlimbs.asim"


class Transcribed:
    """Integrate-and-fire neurons as AnimatLab steps them, straight from the file, one neuron after the other."""

    def __init__(self, root, dt):
        self.dt = dt
        module = next(m for m in root.iter("NeuralModule") if m.findtext("Type") == "IntegrateFireSimModule")
        number = lambda item, tag, default=0.0: float(item.findtext(tag) or default)  # noqa: E731
        self.neurons = list(module.find("Neurons"))
        self.names = [n.findtext("Name") for n in self.neurons]
        index = {n.findtext("ID"): i for i, n in enumerate(self.neurons)}
        types = {s.findtext("ID"): s for group in module.find("Synapses") for s in group}
        self.synapses = [
            (index[c.findtext("SourceID")], index[c.findtext("TargetID")], types[c.findtext("SynapseTypeID")], c)
            for c in module.find("Connexions")
        ]
        get = lambda tag: [number(n, tag) for n in self.neurons]  # noqa: E731
        self.rest, self.size, self.tau, self.tonic = (
            get(t) for t in ("RestingPot", "Size", "TimeConst", "TonicStimulus")
        )
        self.threshold0, self.accommodation = get("InitialThresh"), get("RelativeAccom")
        self.accommodation_time, self.ahp, self.ahp_time = get("AccomTimeConst"), get("AHPAmp"), get("AHPTimeConst")
        self.calcium = get("GMaxCa")
        self.gates = [[[float(n.find(g).findtext(t)) for t in ("MidPoint", "Slope", "TimeConstant")]
                       for g in ("CaActivation", "CaDeactivation")] if c > 0 else None
                      for n, c in zip(self.neurons, self.calcium, strict=True)]  # fmt: skip
        self.e_ca, self.e_ahp = number(module, "CaEquilPot"), number(module, "AHPEquilPot")
        self.peak, self.wait = number(module, "SpikePeak"), int(number(module, "AbsoluteRefr") / dt + 0.5)
        self.v = [r + (7.408 if c > 0 else 0.0) for r, c in zip(self.rest, self.calcium, strict=True)]
        self.m = [0.0945 if c > 0 else 0.0 for c in self.calcium]
        self.h = [0.0208 if c > 0 else 0.0 for c in self.calcium]
        count = len(self.neurons)
        self.theta, self.gk = list(self.threshold0), [0.0] * count
        self.spike, self.countdown = [False] * count, [0] * count
        self.open = [{} for _ in range(count)]
        self.under_way = [[] for _ in self.synapses]
        self.spikes = [[] for _ in range(count)]

    def step(self, currents, time):
        shown = [self.peak if s else v for s, v in zip(self.spike, self.v, strict=True)]
        conductance, current = [0.0] * len(self.v), [0.0] * len(self.v)
        for place, (source, target, kind, wire) in enumerate(self.synapses):
            value = lambda tag, kind=kind: float(kind.findtext(tag))  # noqa: E731
            which = kind.findtext("Type")
            if which == "NonSpikingChemical":
                low, high = value("ThreshV"), value("SaturateV")
                g = value("SynAmp") * min(max((shown[source] - low) / (high - low), 0.0), 1.0)
                conductance[target] += g
                current[target] += g * (value("Equil") - self.rest[target])
            elif which == "SpikingChemical":
                self.under_way[place] = [left - self.dt for left in self.under_way[place]]
                if self.under_way[place] and self.under_way[place][0] < 0:
                    self.under_way[place].pop(0)
                    opened = self.open[target].setdefault(kind.findtext("ID"), [0.0, value("Equil"), value("Decay")])
                    opened[0] += float(wire.findtext("G"))
            else:
                g = value("LowCoup")
                for one, other in ((source, target), (target, source)):
                    conductance[one] += g / self.size[one]
                    current[one] += g / self.size[one] * (self.v[other] - self.rest[one])
        new = []
        for i, v in enumerate(self.v):
            injected = (self.tonic[i] + currents[i]) / self.size[i]
            total, flow = 1 + conductance[i], injected + current[i]
            for g, equil, _ in self.open[i].values():
                total, flow = total + g, flow + g * (equil - self.rest[i])
            if self.gates[i]:
                g = self.calcium[i] * self.m[i] * self.h[i]
                total, flow = total + g, flow + g * (self.e_ca - self.rest[i])
                (vm, sm, tm), (vh, sh, th) = self.gates[i]
                z = math.exp(-sm * (v - vm))
                self.m[i] += (1 / (1 + z) - self.m[i]) * (1 - math.exp(-self.dt / (math.sqrt(z) / (1 + z) * tm)))
                z = math.exp(-sh * (v - vh)) * 0.5
                self.h[i] += (1 / (1 + z) - self.h[i]) * (1 - math.exp(-self.dt / (math.sqrt(z) / (1 + z) * th)))
            self.gk[i] = self.gk[i] * math.exp(-self.dt / self.ahp_time[i]) + self.spike[i] * self.ahp[i]
            total, flow = total + self.gk[i], flow + self.gk[i] * (self.e_ahp - self.rest[i])
            kept = math.exp(-total * self.dt / self.tau[i])
            e = (v - self.rest[i]) * kept + flow * (1 - kept) / total
            kept = math.exp(-self.dt / self.accommodation_time[i])
            self.theta[i] = (
                self.threshold0[i] + (self.theta[i] - self.threshold0[i]) * kept
                + self.accommodation[i] * e * (1 - kept)
            )  # fmt: skip
            new.append(e + self.rest[i])
        self.v = new
        for i, v in enumerate(self.v):
            self.spike[i] = self.countdown[i] == 0 and v > self.theta[i]
            self.countdown[i] = self.wait if self.spike[i] else max(self.countdown[i] - 1, 0)
            if self.spike[i]:
                self.spikes[i].append(time)
            for opened in self.open[i].values():
                opened[0] *= math.exp(-self.dt / opened[2])
        for place, (source, *_, wire) in enumerate(self.synapses):
            if self.spike[source]:
                self.under_way[place].append(float(wire.findtext("Delay")))


def both(text, project, inputs, steps, drive):
    """Potentials [steps, N] here and as AnimatLab has them; `drive(step)` gives the currents of the inputs, nA."""
    network = project.network.copy()
    for name in inputs:
        network.add_input(name, name=f"into {name}")
    for population in network.populations:
        network.add_output(population.name, name=f"of {population.name}")
    model = network.compile(project.dt, "numba", integrator=project.integrator)
    reference = Transcribed(ET.fromstring(text), project.dt)
    assert reference.names == [population.name for population in network.populations]
    places = [reference.names.index(name) for name in inputs]
    ours, theirs = np.empty((steps, len(reference.names))), np.empty((steps, len(reference.names)))
    for k in range(steps):
        x = drive(k)
        ours[k] = model(x)
        currents = np.zeros(len(reference.names))
        currents[places] = x
        reference.step(currents, k * project.dt)
        theirs[k] = reference.v
    return ours, theirs, reference


def test_graded_network_is_exact(asim, read):
    """Leaky membranes, graded and electrical synapses, sizes: the same numbers, step by step."""
    neurons = [
        asim.neuron("a", TonicStimulus=3),
        asim.neuron("b", Size=2, TimeConst=8),
        asim.neuron("c", RestingPot=-100),
    ]
    module = asim.fire_module(
        neurons,
        [asim.graded("excite"), asim.graded("inhibit", -100, 2, -60, -50), asim.electrical("gap")],
        [asim.connexion("a", "b", "excite"), asim.connexion("b", "c", "inhibit"), asim.connexion("c", "a", "excite"),
         asim.connexion("a", "c", "gap", kind=2)],
    )  # fmt: skip
    text = asim.simulation("", module)
    project = read(text)
    assert project.integrator == "exponential" and project.dt == pytest.approx(0.2)
    ours, theirs, _ = both(text, project, ["a", "b"], 1500, lambda k: np.array([10 * math.sin(k / 90), 8.0]))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)
    assert np.ptp(theirs[500:], axis=0).min() > 1


def test_burster_begins_and_bursts_as_in_animatlab(asim, read):
    """Calcium current with both gates; currents of synapses are explicit in such neurons, so a small step is taken."""
    neurons = [asim.neuron(name, asim.calcium(), GMaxCa=1.5, TonicStimulus=2 + 0.3 * k) for k, name in enumerate("ab")]
    module = asim.fire_module(
        [*neurons, *(asim.neuron(f"{name} in") for name in "ab")],
        [asim.graded("excite", -40, 2.7494, -60, -25), asim.graded("inhibit", -70, 2.7494, -60, -25)],
        [asim.connexion("a", "a in", "excite"), asim.connexion("b", "b in", "excite"),
         asim.connexion("a in", "b", "inhibit"), asim.connexion("b in", "a", "inhibit")],
        step=2e-5,
    )  # fmt: skip
    text = asim.simulation("", module, step=2e-5)
    project = read(text)
    ours, theirs, _ = both(text, project, [], 25000, lambda k: np.zeros(0))
    assert theirs[0, 0] == pytest.approx(-60 + 7.408, abs=0.1)
    assert np.ptp(theirs[10000:, 0]) > 5  # it oscillates
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=0.4)


def test_spikes_come_when_animatlab_fires_them(asim, read):
    """Accommodation, AHP and refractory period; spikes open synapses, also after a delay."""
    neurons = [
        asim.neuron("source", InitialThresh=-50, RelativeAccom=0.3, TonicStimulus=20, AHPAmp=0.5),
        asim.neuron("other", InitialThresh=-45, AHPTimeConst=8, TonicStimulus=14), asim.neuron("target"),
    ]  # fmt: skip
    module = asim.fire_module(
        neurons, [asim.spiking("epsp"), asim.spiking("slow", -70, 20)],
        [asim.connexion("source", "target", "epsp", 0, 0.6), asim.connexion("other", "target", "slow", 0, 0.3, delay=5),
         asim.connexion("source", "other", "epsp", 0, 0.4)],
        step=0.00005,
    )  # fmt: skip
    text = asim.simulation("", module, step=0.00005)
    project = read(text)
    ours, theirs, reference = both(text, project, [], 12000, lambda k: np.zeros(0))
    assert min(len(reference.spikes[0]), len(reference.spikes[1])) > 20
    assert np.ptp(theirs[4000:, 2]) > 3
    rest = np.abs(ours - theirs)
    assert rest[:, 2].max() < 0.5 and rest.mean() < 0.05


def test_ion_channels_follow_their_gates(asim, read):
    """A sodium-like channel with sigmoid gates, integrated by hand with small steps."""
    sigmoid = lambda tag, **n: asim.gain("Sigmoid", **n).replace("Gain>", f"{tag}>")  # noqa: E731
    channel = asim.element(
        "IonChannel",
        sigmoid("Minf", a=-0.04, b=1, c=200, d=0), sigmoid("Tm", a=0, b=0, c=0, d=0.002),
        sigmoid("Hinf", a=-0.06, b=1, c=-600, d=0), sigmoid("Th", a=-0.05, b=-0.2, c=200, d=0.25),
        ID="id-channel", Enabled=True, Gmax=4e-6, MPower=1, HPower=2, EqPot=0.05, Minit=0.1, Nm=1, Hinit=0.6, Nh=1,
    )  # fmt: skip
    module = asim.fire_module([asim.neuron("a", f"<IonChannels>{channel}</IonChannels>")], step=2e-5)
    project = read(asim.simulation("", module, step=2e-5))
    network = project.network
    network.add_output("a")
    model = network.compile(project.dt, "numba", integrator=project.integrator)
    v, m, h, dt, highest = -60.0, 0.1, 0.6, 0.002, -60.0
    of = lambda v, a, b, c, d: b / (1 + math.exp(c * (a - v * 1e-3))) + d  # noqa: E731
    for k in range(50_000):
        if k % 10 == 0:
            assert float(model()[0]) == pytest.approx(v, abs=0.5)
        m, h = (m + dt * (of(v, -0.04, 1, 200, 0) - m) / 2.0,
                h + dt * (of(v, -0.06, 1, -600, 0) - h) / (1e3 * of(v, -0.05, -0.2, 200, 0.25)))  # fmt: skip
        v += dt * (-60 - v + 4 * m * h**2 * (50 - v)) / 5
        highest = max(highest, v)
    assert highest > -45


def test_firing_rate_network(asim, read):
    """Rates with a jump at the threshold and a ceiling, by forward Euler as in AnimatLab."""
    neurons = (
        asim.rate_neuron("a", Vth=-0.06, Fmin=0.25, Gain=20, ExternalI=1.4e-9),
        asim.rate_neuron("b", asim.rate_synapse("a", 2e-9), asim.rate_synapse("c", -1e-9), Cn=2e-8),
        asim.rate_neuron("c", asim.rate_synapse("b", 1e-9), kind="Tonic", Ih=1e-9),
    )
    project = read(asim.simulation("", asim.rate_module(*neurons)))
    assert project.integrator == "euler"
    network = project.network
    for name in "abc":
        network.add_output(name)
    model = network.compile(project.dt, "numba")
    v, c, threshold = np.zeros(3), np.array([1e-8, 2e-8, 1e-8]), np.array([0.01, 0.0, 0.0])
    least = np.array([0.25, 0, 0])
    for _ in range(3000):
        f = np.where(v < threshold, 0, np.clip(20 * (v - threshold) + least, 0, 1))
        current = np.array([1.4e-9, 2e-9 * f[0] - 1e-9 * f[2], 1e-9 * f[1] + 1e-9])
        v = v + 0.0002 / c * (current - v * 1e-7)
        np.testing.assert_allclose(model(), (v - 0.07) * 1e3, atol=1e-6)
    assert f[0] > 0.25


def test_bistable_and_pacemaker_neurons(asim, read):
    neurons = (
        asim.rate_neuron("switch", kind="Bistable", Vsth=0.01, Il=0, Ih=3e-9),
        asim.rate_neuron("clock", kind="Pacemaker", Il=-2e-9, Ih=2e-9, Vssm=-0.02, Mtl=0, Btl=0.1, Th=0.05),
    )
    project = read(asim.simulation("", asim.rate_module(*neurons)))
    network = project.network
    for name in ("switch", "clock"):
        network.add_input(name)
        network.add_output(name)
    model = network.compile(project.dt, "numba")
    x = lambda k: np.array([2.0 if 1000 < k < 2000 else 0.0, 0.0])  # noqa: E731
    v = np.array([model(x(k)) for k in range(5000)])
    assert v[900, 0] < -65 and v[4500, 0] == pytest.approx(-70 + 30, abs=1)  # it stays up
    ups = np.flatnonzero((v[1:, 1] > -70) & (v[:-1, 1] <= -70))
    assert np.diff(ups).mean() * 0.2 == pytest.approx(150, rel=0.05)


def test_what_is_not_represented_is_listed(asim, read):
    module = asim.fire_module(
        [asim.neuron("a", InitialThresh=-50), asim.neuron("b"), asim.neuron("off", Enabled=False)],
        [asim.spiking("learning", Hebbian=True, VoltDep=True, RelFacil=1.5), asim.electrical("bent", 0.1, 0.3)],
        [asim.connexion("a", "b", "learning", 0), asim.connexion("b", "a", "learning", 0),
         asim.connexion("a", "b", "bent", 2), asim.connexion("off", "b", "learning", 0)],
    )  # fmt: skip
    project = read(asim.simulation("", module))
    whys = " ".join(entry.why for entry in project.report.of("approximated"))
    for word in ("learn", "facilitation", "depend on the potential", "coupling"):
        assert word in whys
    assert {entry.name for entry in project.report.of("unsupported")} == {"off", "off to b"}
    assert any("never spikes" in entry.why for entry in project.report.of("note"))
    assert "a to b" in str(project.report)


def test_broken_networks_are_refused(asim, read):
    neurons, synapses = [asim.neuron("a")], [asim.graded("excite")]
    for wires, message in (
        ([asim.connexion("a", "gone", "excite")], "target 'id-gone' is no ID"),
        ([asim.connexion("a", "a", "gone")], "synapse type 'id-gone'"),
        ([asim.connexion("a", "a", "excite", 0)], "is not that of synapse 'excite'"),
    ):
        with pytest.raises(AnimatLabError, match=message):
            read(asim.simulation("", asim.fire_module(neurons, synapses, wires)))
    late = asim.connexion("a", "a", "epsp", 0, delay=1e18)
    with pytest.raises(AnimatLabError, match="<Delay> is 1e[+]18; up to 10000 is read"):
        read(
            asim.simulation("", asim.fire_module([asim.neuron("a", InitialThresh=-50)], [asim.spiking("epsp")], [late]))
        )
    with pytest.raises(AnimatLabError, match="<TimeConst> is 0; it must be above 0"):
        read(asim.simulation("", asim.fire_module([asim.neuron("a", TimeConst=0)])))
    with pytest.raises(AnimatLabError, match="has the <ID> 'id-a', which"):
        read(asim.simulation("", asim.fire_module([asim.neuron("a"), asim.neuron("a")])))


def test_rat_network_driven_by_recorded_inputs():
    """All 90 neurons of the rat, with currents into its 30 sensory neurons, follow AnimatLab's equations."""
    if not RAT.is_file():
        pytest.skip("shared/animatlab is not there")
    project = animatlab.read(RAT)
    assert (len(project.network.populations), len(project.network.connections)) == (90, 196)
    names = [name for name in (p.name for p in project.network.populations) if name.split()[-1] in ("Ia", "Ib", "II")]
    names = [name for name in names if "IN" not in name]
    random = np.random.default_rng(0)
    phase, size = random.uniform(0, 6, len(names)), random.uniform(0, 8, len(names))
    recorded = lambda k: size * (1 + np.sin(2 * np.pi * k * 0.1 / 230 + phase))  # noqa: E731
    ours, theirs, _ = both(RAT.read_text(), project, names, 3000, recorded)
    assert np.ptp(theirs, axis=0).max() > 30
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1.5)
    assert np.abs(ours - theirs).mean() < 0.05
