"""Functional subnetworks compute what their closed forms say (Szczecinski, Hunt & Quinn 2017).

The paper derives conductances from the operation wanted, so that the steady state of the subnetwork is known in closed
form: addition and subtraction, sum g_i u_i dE_i / (G + sum g_i u_i) with u = U / R; a gain k that holds where the input
is at R; division by 1 + (1 / c - 1) u; the product U_0 U_1 / R; R / s dU/dt of a ramp; k_i I as rate of an integrator.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.network import Network
from sns_mujoco.network.subnetworks import (
    AdditionNetwork,
    DifferentiatorNetwork,
    IntegratorNetwork,
    ModulationNetwork,
    MultiplicationNetwork,
    SubtractionNetwork,
    TransmissionNetwork,
)
from sns_mujoco.reproduce.drawing import OURS, PUBLISHED, label
from sns_mujoco.reproduce.experiment import Comparison, Data, Experiment, Measured, near

if TYPE_CHECKING:
    from matplotlib.figure import Figure

R = 20.0  # mV
EXCITATION, INHIBITION = 194.0, -40.0  # mV above rest, the paper's reversal potentials
PAPER = "section on arithmetic subnetworks"
DYNAMIC = "section on dynamic networks"
DT, SETTLED = 0.1, 400.0  # ms
SLOPE, SLEW_RATE = 0.015, 0.1  # mV/ms, of the ramp, and that at which the differentiator is at R

Floats = NDArray[np.float64]


def steady(network: Network, inputs: tuple[str, ...], output: str, currents: Floats) -> Floats:
    """Potential of a neuron [B] in the end, under constant currents (nA) into others [B, inputs]."""
    for name in inputs:
        network.add_input(name)
    network.add_output(output)
    model = network.compile(DT, batch=len(currents))
    steps = round(SETTLED / DT)
    return model.run(np.ascontiguousarray(np.broadcast_to(currents, (steps, *currents.shape))))[-1, :, 0]


def arithmetic(u: Floats, v: Floats) -> dict[str, tuple[Floats, Floats]]:
    """What subnetworks give and their closed forms, mV, for inputs of u R and v R [B]."""
    both, one = R * np.stack([u, v], axis=1), R * u[:, None]
    add = EXCITATION, EXCITATION
    g = np.array([R / (EXCITATION - R), 0.5 * R / (EXCITATION - 0.5 * R)])
    plus = R / (EXCITATION - R)
    minus = plus * EXCITATION / -INHIBITION
    sums = g[0] * u + g[1] * v
    difference = (plus * u * EXCITATION + minus * v * INHIBITION) / (1.0 + plus * u + minus * v)
    return {
        "addition, gains 1 and 0.5": (
            steady(AdditionNetwork([1.0, 0.5], *add[:1]), ("AddSrc0", "AddSrc1"), "AddSum", both),
            sums * EXCITATION / (1.0 + sums),
        ),
        "subtraction": (
            steady(
                SubtractionNetwork(add_del_e=EXCITATION, sub_del_e=INHIBITION), ("SubtractPlus", "SubtractMinus"),
                "SubtractDifference", both,
            ),
            difference,
        ),
        "division, c = 0.2": (
            steady(ModulationNetwork(0.2), ("ModulationModulator", "ModulationTarget"), "ModulationTarget",
                   both[:, ::-1].copy()),
            R * u / (1.0 + 4.0 * v),
        ),
        "multiplication": (
            steady(MultiplicationNetwork(), ("Multiply0", "Multiply1"), "MultiplyResult", both),
            R * u * v,
        ),
        "transmission, k = 1": (
            steady(TransmissionNetwork(del_e=EXCITATION), ("TransmitIn",), "TransmitOut", one),
            plus * u * EXCITATION / (1.0 + plus * u),
        ),
    }  # fmt: skip


def ramp() -> tuple[Floats, Floats, float]:
    """A differentiator's input and output along a ramp (mV, each ms), and its answer in the end, mV."""
    network = DifferentiatorNetwork(slew_rate=SLEW_RATE)
    network.add_input("Uin")
    network.add_output("Uin")
    network.add_output("Uout")
    current = SLOPE * np.clip(DT * np.arange(round(1500.0 / DT)) - 200.0, 0.0, None)
    y = network.compile(DT).run(current[:, None])
    return y[::10, 0], y[::10, 1], float(y[-1, 1])


def integrated(gain: float = 0.01) -> tuple[Floats, float, float]:
    """An integrator's difference (mV, each ms) under a pulse: rate over the one wanted, and drift after it, mV/s."""
    network = IntegratorNetwork(gain, balanced=True, start=5.0)
    network.add_input("Uint")
    network.add_output("Uint")
    pulse, rest = round(500.0 / DT), round(2000.0 / DT)
    current = np.concatenate([np.zeros(rest), np.ones(pulse), np.zeros(rest)])
    u = network.compile(DT).run(current[:, None])[:, 0]
    rise = (u[rest + pulse + rest // 4] - u[rest - 1]) / 500.0
    drift = (u[-1] - u[rest + pulse + rest // 4]) / 1.5
    return u[::10], float(rise / gain), float(drift)


def measure() -> Measured:
    """Hold each subnetwork against its closed form on a grid of inputs, and against its design at full input."""
    axis = np.linspace(0.0, 1.0, 11)
    u, v = (grid.ravel() for grid in np.meshgrid(axis, axis, indexing="ij"))
    found = arithmetic(u, v)
    comparisons = []
    for name, (ours, closed) in found.items():
        exact = name != "multiplication"
        comparisons.append(
            Comparison(
                quantity=f"{name}: largest distance from the closed form", unit="% of R",
                published="0" if exact else "the product, but for the remnant of a finite shunt",
                where=PAPER, high=0.01 if exact else 2.5, measured=float(np.abs(ours - closed).max()) / R * 100,
            )
        )  # fmt: skip
    transmitted = found["transmission, k = 1"][0]
    full, equal = (u == 1.0) & (v == 0.0), u == v
    network = SubtractionNetwork(add_del_e=EXCITATION, sub_del_e=INHIBITION)
    plus, minus = (float(c.kind.max_conductance) * 1e3 for c in network.connections)  # type: ignore[attr-defined]
    u_in, u_out, answer = ramp()
    u_int, rate, drift = integrated()
    memory = f"{PAPER}; the number from memory"
    comparisons += [
        near("gain at full input, k = 1", float(transmitted[full][0]) / R, 1.0, where=PAPER, relative=1e-4),
        near("conductance for k = 1, dE = 194 mV", plus, 115.0, where=memory, unit="nS", absolute=0.5),
        near("conductance that subtracts it, dE = -40 mV", minus, 558.0, where=memory, unit="nS", absolute=1.0),
        near("difference of equal inputs, largest", float(np.abs(found["subtraction"][0][equal]).max()), 0.0,
             where=PAPER, unit="mV", absolute=1e-3),
        near("answer to a ramp, R slope / slew rate", answer, R * SLOPE / SLEW_RATE, where=DYNAMIC, unit="mV",
             relative=0.01),
        near("rate of integration over k_i I", rate, 1.0, where=DYNAMIC, relative=0.02),
        near("drift of what is held", drift, 0.0, where=DYNAMIC, unit="mV/s", absolute=0.01),
    ]  # fmt: skip
    shape = (len(axis), len(axis))
    data = {"axis": axis, "ramp": {"input": u_in, "output": u_out}, "integrator": u_int} | {
        name: {"ours": ours.reshape(shape), "closed": closed.reshape(shape)} for name, (ours, closed) in found.items()
    }
    return Measured(comparisons=tuple(comparisons), data=data)


def draw(data: Data) -> "Figure":
    """Each operation over one input, for some values of the other, ours as dots on the closed form; ramp and hold."""
    from sns_mujoco.analysis import figures

    figure, axes = figures.canvas(180, 100, rows=2, columns=3)
    with figures.style():
        panels = ("addition, gains 1 and 0.5", "subtraction", "division, c = 0.2", "multiplication")
        for ax, name in zip(axes.flat, panels, strict=False):
            for k in (0, 5, 10):
                ax.plot(R * data["axis"], data[name]["closed"][:, k], color=PUBLISHED, lw=0.9)
                ax.plot(R * data["axis"], data[name]["ours"][:, k], "o", color=OURS, ms=2.5)
                ax.text(R * 1.02, data[name]["closed"][-1, k], f"{R * data['axis'][k]:g}", fontsize=6.5, va="center")
            label(ax, "first input (mV)", "result (mV)", name.capitalize())
        time = np.arange(len(data["ramp"]["input"])) * 1e-3
        axes[1, 1].plot(time, data["ramp"]["input"], color=PUBLISHED, label="input")
        axes[1, 1].plot(time, data["ramp"]["output"], color=OURS, label="output")
        label(axes[1, 1], "time (s)", "potential (mV)", "Differentiation")
        axes[1, 1].legend()
        axes[1, 2].plot(np.arange(len(data["integrator"])) * 1e-3, data["integrator"], color=OURS)
        axes[1, 2].axvspan(2.0, 2.5, color=PUBLISHED, alpha=0.12, lw=0)
        axes[1, 2].text(2.6, data["integrator"][0], "1 nA", fontsize=7)
        label(axes[1, 2], "time (s)", "potential (mV)", "Integration")
    return figure


EXPERIMENT = Experiment(
    name="functional_subnetworks",
    title="Subnetworks add, subtract, divide, multiply, differentiate and integrate as their closed forms say",
    citations=("Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37",),
    method="Each subnetwork with R = 20 mV and the paper's reversal potentials (194 and -40 mV above rest) is run "
    "to its steady state on a grid of 11 by 11 input currents, a ramp and a pulse. Multiplication and the "
    "integrator are our designs of the same circuits: a tonic bias keeps the interneuron of the product active, and "
    "the integrator's synapses are balanced.",
    measure=measure,
    draw=draw,
)  # fmt: skip
