"""Neurons and synapses of AnimatLab's firing-rate module.

    C dV/dt = I_synapses + I_intrinsic + I_external - G (V - V_rest)
    rate f = 0 below the threshold, else min(Gain (V - V_th) + Fmin, 1);   a synapse brings weight * f

A rate that jumps to `Fmin` at the threshold is two graded synapses: a ramp, and one that opens within `JUMP` mV.
"""

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.xml import Item
from sns_mujoco.network import EquationNeuron, GradedCurrentSynapse, NonSpikingNeuron
from sns_mujoco.network.neurons import Neuron

JUMP = 1e-3  # mV
KINDS = {"regular", "tonic", "bistable", "pacemaker", "random"}


def read_rate_neuron(item: Item, name: str, report: Report) -> tuple[Neuron, float]:
    """A neuron, and its resting potential, mV.

    Raises:
        AnimatLabError: Its type is unknown, or a number makes no sense.
    """
    kind = item.text("Type", "Regular").lower()
    if kind not in KINDS:
        raise AnimatLabError(f"{item.where}: neuron type {item.text('Type')!r} is unknown to AnimatLab")
    capacitance, conductance = item.number("Cn", above=0.0) * 1e9, item.number("Gn", above=0.0) * 1e6
    rest = item.number("Vrest", 0.0) * 1e3
    bias = item.number("ExternalI", 0.0) * 1e9
    for tag, why in (("RelativeAccom", "its threshold does not accommodate here"),
                     ("Iinit", "its initial current is left out")):  # fmt: skip
        if item.number(tag, 0.0):
            report.add("unsupported", "Neuron", name, why, item.id)
    noise = abs(item.number("VNoiseMax", 1e-5)) * 1e3
    common = {"name": name, "resting_potential": rest}
    if kind == "tonic":
        bias += item.number("Ih") * 1e9
    if kind == "random":
        report.add("unsupported", "Neuron", name, "its random bursts of current are left out", item.id)
    if kind in ("regular", "tonic", "random") and not noise:
        return NonSpikingNeuron(
            membrane_capacitance=capacitance, membrane_conductance=conductance, bias=bias, **common
        ), rest
    currents, parameters = ["G * (rest - V)"], {"C": capacitance, "G": conductance, "rest": rest}
    equations, initial, extra = {}, {}, {}
    if kind == "bistable":
        currents.append("where(V >= switch, high, low)")
        parameters |= {
            "switch": rest + item.number("Vsth") * 1e3, "high": item.number("Ih") * 1e9, "low": item.number("Il") * 1e9,
        }  # fmt: skip
    if kind == "pacemaker":
        equations, initial, given = _pacemaker(item, rest)
        currents.append("where(bursting > 0.5, high, low)")
        parameters |= given
        extra = {"spike": "timer <= 0", "reset": {"bursting": "1 - bursting", "timer": NEXT}}
        report.add("approximated", "Neuron", name, "its bursts go by their timers only, not by crossings", item.id)
    if noise:
        currents.append("noise * (2 * uniform() - 1) * C / dt")
        parameters["noise"] = noise
    equation = {"V": f"({' + '.join(currents)} + I) / C", **equations}
    neuron = EquationNeuron(equations=equation, parameters=parameters, initial=initial, bias=bias, **extra, **common)
    return neuron, rest


NEXT = "where(bursting > 0.5, where(V - rest >= least, max(slope * (V - rest) + longest, 0), 0), burst)"


def _pacemaker(item: Item, rest: float) -> tuple[dict[str, str], dict[str, float], dict[str, float]]:
    """High current for `Th`, then low current for `Mtl` V + `Btl`; its timer runs down in ms."""
    parameters = {
        "high": item.number("Ih") * 1e9, "low": item.number("Il") * 1e9, "least": item.number("Vssm") * 1e3,
        "slope": item.number("Mtl"), "longest": item.number("Btl") * 1e3, "burst": item.number("Th", above=0.0) * 1e3,
    }  # fmt: skip
    return {"timer": "-1", "bursting": "0"}, {"timer": parameters["burst"], "bursting": 1.0}, parameters


def rate_ramps(neuron: Item, weight: float) -> list[GradedCurrentSynapse]:
    """Synapses (nA) that bring `weight` times the rate of a neuron.

    Raises:
        AnimatLabError: The gain is not positive, or Fmin not between 0 and 1.
    """
    gain, least = neuron.number("Gain"), neuron.number("Fmin", 0.0)
    threshold = neuron.number("Vth") * 1e3
    if gain <= 0 or not 0 <= least <= 1:
        raise AnimatLabError(f"{neuron.where}: <Gain> must be above 0 and <Fmin> between 0 and 1")
    top = threshold + (1 - least) / gain * 1e3
    ramps = []
    if least < 1:
        ramps.append(GradedCurrentSynapse(weight * (1 - least), e_lo=threshold, e_hi=top))
    if least > 0:
        ramps.append(GradedCurrentSynapse(weight * least, e_lo=threshold - JUMP, e_hi=threshold))
    return ramps


def rate_text(neuron: Item, potential: str) -> str:
    """The rate of a neuron as text, for its potential (mV) as text."""
    gain, least = neuron.number("Gain"), neuron.number("Fmin", 0.0)
    threshold = neuron.number("Vth") * 1e3
    rising = f"min({gain!r} * 0.001 * (({potential}) - {threshold!r}) + {least!r}, 1)"
    return f"where(({potential}) < {threshold!r}, 0, {rising})"
