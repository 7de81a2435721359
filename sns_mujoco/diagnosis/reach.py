"""How far every neuron's potential can go, whatever its synapses and inputs do.

In the steady state a membrane stands where its currents cancel:

    V = (G_m V_rest + bias + I + sum g E) / (G_m + sum g)

so its highest potential is that with all synapses open whose reversal potential lies above it and all others shut, and
the highest current. How far a synapse opens follows from where its source can go; that is worked out again and again
from the widest bounds, in which every synapse may be anything from shut to open, until nothing becomes narrower. The
bounds hold for all that the network can do once its initial state is forgotten. They may be wider than what it does.
"""

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.diagnosis.circuit import Circuit

Floats = NDArray[np.float64]

ROUNDS = 200
HALVINGS = 80
SIGMAS = 5.0  # standard deviations of noise that count


def reachable(circuit: Circuit, currents: Floats) -> tuple[Floats, Floats]:
    """Lowest and highest steady potential of every neuron [N] each, mV; infinite where nothing bounds it.

    Args:
        circuit: The nervous system.
        currents: Least and greatest current that comes in from outside, nA [N, 2].
    """
    low, high = np.full(len(circuit.names), -np.inf), np.full(len(circuit.names), np.inf)
    for _ in range(ROUNDS):
        new_low, new_high = (_extreme(circuit, currents, low, high, sign) for sign in (-1.0, 1.0))
        new_low, new_high = np.maximum(new_low, low), np.minimum(new_high, high)
        with np.errstate(invalid="ignore"):
            narrowed = max(np.nanmax(new_low - low, initial=0.0), np.nanmax(high - new_high, initial=0.0))
        low, high = new_low, new_high
        if narrowed < 1e-6:
            break
    return low, high


def openness(circuit: Circuit, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Least and greatest opening of every connection [E] each, 0 to 1, where potentials lie between two bounds."""
    edges = circuit.edges
    graded = ~np.isnan(edges.lo)
    least, most = np.zeros(len(edges)), np.ones(len(edges))
    with np.errstate(invalid="ignore"):
        ends = [np.clip((v[edges.source] - edges.lo) / (edges.hi - edges.lo), 0.0, 1.0) for v in (low, high)]
    least[graded], most[graded] = np.minimum(*ends)[graded], np.maximum(*ends)[graded]
    electrical = np.array([kind == "electrical" for kind in edges.kind], bool)
    least[electrical] = 0.0  # a rectifying junction may be shut
    silent = np.isnan(edges.lo) & ~electrical & (high[edges.source] <= circuit.threshold[edges.source])
    most[silent] = 0.0
    return least, most


def _extreme(circuit: Circuit, currents: Floats, low: Floats, high: Floats, sign: float) -> Floats:
    """Highest (sign 1) or lowest (-1) steady potential, mirrored to a highest one in between."""
    n, edges = len(circuit.names), circuit.edges
    least, most = openness(circuit, low, high)
    electrical = np.array([kind == "electrical" for kind in edges.kind], bool)
    limit = high if sign > 0 else low
    reversal = np.where(electrical, limit[edges.source], edges.reversal)
    conducts = ~np.isnan(reversal)
    with np.errstate(invalid="ignore"):
        g_least, g_most = (np.nan_to_num(a * edges.strength, nan=0.0, posinf=np.inf) for a in (least, most))

    drive = sign * (currents[:, 1 if sign > 0 else 0] + circuit.bias)
    for neuron, mean, deviation in circuit.noise:
        drive[int(neuron)] += sign * mean + SIGMAS * deviation
    plain = ~conducts
    with np.errstate(invalid="ignore"):
        pushed = np.maximum(sign * np.where(plain, g_least, 0.0), sign * np.where(plain, g_most, 0.0))
    drive = drive + np.bincount(edges.target, np.nan_to_num(pushed, nan=np.inf, posinf=np.inf), n)

    target = np.concatenate([edges.target[conducts], circuit.channels[:, 0].astype(np.int64)])
    goal = sign * np.concatenate([reversal[conducts], circuit.channels[:, 2]])
    shut = np.concatenate([g_least[conducts], np.zeros(len(circuit.channels))])
    open_ = np.concatenate([g_most[conducts], circuit.channels[:, 1]])
    free = circuit.custom | np.isinf(drive) | (np.bincount(target, np.isinf(goal) & (open_ > 0), n) > 0)
    endless = np.isinf(open_)  # spikes may add up without a bound: as far as to the reversal potential
    known = ~free[target] & (open_ > 0) & np.isfinite(goal)

    rest = sign * circuit.rest
    passive = np.where(free, 0.0, drive) / np.maximum(circuit.leak, 1e-12)
    top = rest + np.maximum(passive, 0.0)
    bottom = rest + np.minimum(passive, 0.0)
    np.maximum.at(top, target[known], goal[known])
    np.minimum.at(bottom, target[known], goal[known])
    for _ in range(HALVINGS):
        middle = 0.5 * (top + bottom)
        gap = goal - middle[target]
        g = np.where(gap > 0, np.where(endless, 1e9, open_), shut)
        current = (
            np.bincount(target[known], (g * gap)[known], n)
            + circuit.leak * (rest - middle)
            + np.where(free, 0.0, drive)
        )
        above = current > 0
        bottom, top = np.where(above, middle, bottom), np.where(above, top, middle)
    return sign * np.where(free, np.inf, 0.5 * (top + bottom)) + 0.0  # no -0
