"""Neurons of AnimatLab's integrate-and-fire module.

With E the potential (mV) above rest, AnimatLab advances a membrane by

    E' = E exp(-G dt / tau) + I / G (1 - exp(-G dt / tau)),   G = 1 + all conductances, I = all currents from rest

with conductances in those of the membrane at rest. This is exponential Euler of a membrane with `Size` uS and
tau * `Size` nF, so a network is to be compiled with integrator="exponential". A spike leaves the potential where it is:
it opens a potassium conductance (AHP), and for some time there is no other. The threshold follows the potential
(accommodation). Bursting neurons have calcium channels; further channels have gates of any shape.
"""

from dataclasses import dataclass

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.gains import read_gain
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.xml import Item
from sns_mujoco.network import EquationNeuron, NonSpikingNeuron
from sns_mujoco.network.neurons import Neuron

BOTTOM = {"potential": 7.408, "m": 0.0945, "h": 0.0208}
"""Where a burster begins: at the bottom of a burst, mV above rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What all neurons of a module share.

    Attributes:
        spike_peak: mV that a neuron shows to others while it spikes.
        ahp_potential: Reversal potential of the AHP, mV.
        calcium_potential: Of calcium, mV.
        refractory: ms.
        spikes: False under tetrodotoxin, or in Hodgkin-Huxley mode.
        chemical: False under cadmium: no chemical synapses, no calcium.
    """

    spike_peak: float
    ahp_potential: float
    calcium_potential: float
    refractory: float
    spikes: bool
    chemical: bool


def read_module(item: Item, report: Report) -> Module:
    """Read what holds for a whole module.

    Raises:
        AnimatLabError: A number makes no sense.
    """
    hodgkin = item.flag("HH", False)
    if hodgkin:
        why = "Hodgkin-Huxley mode: its neurons are leaky membranes here that do not spike by themselves"
        report.add("approximated", "NeuralModule", item.name, why, item.id)
    return Module(
        spike_peak=item.number("SpikePeak", 0.0),
        ahp_potential=item.number("AHPEquilPot", -70.0),
        calcium_potential=item.number("CaEquilPot", 200.0),
        refractory=item.number("AbsoluteRefr", 2.0, least=0.0),
        spikes=not (item.flag("TTX", False) or hodgkin),
        chemical=not item.flag("Cd", False),
    )


def read_membrane(item: Item, module: Module, name: str, report: Report) -> tuple[Neuron, float, bool]:
    """A neuron: its description, the potential that it begins with (mV), and whether it can spike.

    Raises:
        AnimatLabError: A number is missing or makes no sense.
    """
    size, tau = item.number("Size", 1.0, above=0.0), item.number("TimeConst", above=0.0)
    rest, threshold = item.number("RestingPot"), item.number("InitialThresh")
    common = {"name": name, "resting_potential": rest, "bias": item.number("TonicStimulus", 0.0)}
    noise = item.number("Noise", 0.0)
    spikes = module.spikes and threshold < module.spike_peak
    if module.spikes and not spikes:
        why = f"its threshold of {threshold:g} mV is above the peak of spikes: it does not spike"
        report.add("note", "Neuron", name, why, item.id)
    burster = module.chemical and item.number("GMaxCa", 0.0) > 0
    channels = [c for c in item.children("IonChannels") if c.flag("Enabled", True) and c.number("Gmax") != 0]
    if any(c.whole("TonicInputPeriod", 0) for c in item.children("NeuronTonicInputs")):
        report.add("unsupported", "Neuron", name, "spontaneous synaptic input is left out", item.id)
    if not (spikes or burster or channels or noise):
        neuron = NonSpikingNeuron(membrane_capacitance=tau * size, membrane_conductance=size, **common)
        return neuron, rest, False
    parts = _Parts(size, tau, rest)
    begins = rest
    if spikes:
        parts.spiking(item, module, threshold)
    if burster:
        begins = parts.burster(item, module, rest)
    for number, channel in enumerate(channels):
        parts.channel(channel, number)
    if noise:
        parts.add("noise * (uniform() - 0.5) * C / dt", noise=noise)
    return parts.neuron(common), begins, spikes


class _Parts:
    """Equations in the making: currents (nA) that add up, and variables."""

    def __init__(self, size: float, tau: float, rest: float) -> None:
        self.currents = ["G * (rest - V)"]
        self.equations: dict[str, str] = {}
        self.parameters: dict[str, float] = {"C": tau * size, "G": size, "rest": rest}
        self.initial: dict[str, float | str] = {}
        self.spike: str | None = None
        self.reset: dict[str, str] = {}

    def add(self, current: str, **parameters: float) -> None:
        self.currents.append(current)
        self.parameters |= parameters

    def spiking(self, item: Item, module: Module, threshold: float) -> None:
        """Threshold with accommodation, AHP, refractory period."""
        accommodation = item.number("RelativeAccom", 0.0)
        self.parameters["threshold"] = threshold
        bound = "threshold"
        if accommodation:
            bound = "theta"
            self.equations["theta"] = "(threshold + accommodation * (V - rest) - theta) / accommodation_time"
            self.parameters |= {
                "accommodation": accommodation, "accommodation_time": item.number("AccomTimeConst", above=0.0),
            }  # fmt: skip
            self.initial["theta"] = "threshold"
        self.equations |= {"ahp": "-ahp / ahp_time", "waiting": "where(waiting > -1, -1, 0)"}
        self.add(
            "G * ahp * (ahp_potential - V)",
            ahp_potential=module.ahp_potential, ahp_time=item.number("AHPTimeConst", above=0.0),
            ahp_step=item.number("AHPAmp", least=0.0), refractory=module.refractory,
        )  # fmt: skip
        self.initial |= {"ahp": 0.0, "waiting": -1.0}
        self.spike = f"V > {bound} and waiting < -0.5 * dt"
        self.reset = {"ahp": "ahp + ahp_step", "waiting": "refractory"}

    def burster(self, item: Item, module: Module, rest: float) -> float:
        """A calcium current with an activation m and an inactivation h; returns the potential at the start."""
        active, inactive = item.need("CaActivation"), item.need("CaDeactivation")
        for gate, given, factor in (("m", active, "1"), ("h", inactive, "0.5")):
            z = f"{factor} * exp({gate}_slope * ({gate}_middle - V))"
            steady = f"1 / (1 + {z})"
            self.equations[gate] = f"({steady} - {gate}) / ({gate}_time * {steady} * sqrt({z}))"
            self.parameters |= {
                f"{gate}_slope": given.number("Slope"), f"{gate}_middle": given.number("MidPoint"),
                f"{gate}_time": given.number("TimeConstant", above=0.0),
            }  # fmt: skip
        self.add("G * calcium * m * h * (calcium_potential - V)", calcium=item.number("GMaxCa"),
                 calcium_potential=module.calcium_potential)  # fmt: skip
        bottom = item.flag("BurstInitAtBottom", True)
        self.initial |= {"m": BOTTOM["m"] if bottom else 0.0, "h": BOTTOM["h"] if bottom else 0.0}
        return rest + (BOTTOM["potential"] if bottom else 0.0)

    def channel(self, item: Item, number: int) -> None:
        """An ion channel: potentials in V and currents in A, as the file has them."""
        open_ = []
        for gate in ("M", "H"):
            power = item.number(f"{gate}Power", 0.0, least=0.0)
            if not power:
                continue
            name = f"{gate.lower()}_{number}"
            steady, time = read_gain(item.need(f"{gate}inf")), read_gain(item.need(f"T{gate.lower()}"))
            scale = 1e3 * item.number(f"N{gate.lower()}", 1.0, above=0.0)
            x = "(0.001 * V)"
            self.equations[name] = f"({steady.written(x)} - {name}) / ({scale!r} * {time.written(x)})"
            self.initial[name] = item.number(f"{gate}init", 0.0)
            open_.append(f"{name} ** {power!r}" if power != 1 else name)
        product = " * ".join([f"channel_{number}", *open_])
        self.add(
            f"{product} * (channel_potential_{number} - V)",
            **{
                f"channel_{number}": item.number("Gmax") * 1e6,
                f"channel_potential_{number}": item.number("EqPot") * 1e3,
            },
        )  # fmt: skip

    def neuron(self, common: dict) -> Neuron:
        potential = f"({' + '.join(self.currents)} + I) / C"
        try:
            return EquationNeuron(
                equations={"V": potential, **self.equations}, parameters=self.parameters, initial=self.initial,
                spike=self.spike, reset=self.reset, **common,
            )  # fmt: skip
        except ValueError as error:
            raise AnimatLabError(f"neuron {common['name']!r} cannot be described: {error}") from None
