"""Neuron models of the literature, on equations of their own (see `equation_neurons.py`).

Their defaults are published ones, in the units of this package: nF, uS, mV, nA, ms. Where a publication counts per
square centimetre, in uF, mS and uA, the same numbers stand here for nF, uS and nA, which is a membrane of 0.001 cm2.
Every parameter takes one value, or one for each neuron of a population.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from numpy.typing import ArrayLike

from sns_mujoco.network.equation_neurons import ModelNeuron

Texts = Mapping[str, str]
Bounds = Mapping[str, Mapping[str, float]]
CROSSING = "V >= spike_potential and previous(V) < spike_potential"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptiveExponentialNeuron(ModelNeuron):
    """The adaptive exponential integrate-and-fire neuron (Brette & Gerstner 2005, J Neurophysiol 94:3637).

        C dV/dt = -G (V - V_rest) + G D exp((V - V_T) / D) - w + I
        tau_w dw/dt = a (V - V_rest) - w
        at V >= V_peak a spike: V <- V_reset, w <- w + b

    The defaults are theirs, and those of NEST's aeif_cond_exp but for its V_reset of -60 mV. Within a step the
    exponential is that of V_peak at most.

    Attributes:
        membrane_capacitance: C, nF.
        membrane_conductance: G, uS.
        threshold: V_T, mV, where the upstroke begins.
        slope_factor: D, mV.
        adaptation_conductance: a, uS.
        adaptation_increment: b, nA.
        adaptation_time_constant: tau_w, ms.
        spike_potential: V_peak, mV.
        reset_potential: V_reset, mV.
        refractory_period: ms.
    """

    BOUNDS: ClassVar[Bounds] = {
        "membrane_capacitance": {"above": 0.0}, "membrane_conductance": {"least": 0.0}, "resting_potential": {},
        "threshold": {}, "slope_factor": {"above": 0.0}, "adaptation_conductance": {}, "adaptation_increment": {},
        "adaptation_time_constant": {"above": 0.0}, "spike_potential": {}, "reset_potential": {},
    }  # fmt: skip
    EQUATIONS: ClassVar[Texts] = {
        "V": "(leak + upstroke - w + I) / membrane_capacitance",
        "w": "(adaptation_conductance * (V - resting_potential) - w) / adaptation_time_constant",
    }
    DEFINITIONS: ClassVar[Texts] = {
        "leak": "membrane_conductance * (resting_potential - V)",
        "upstroke": "membrane_conductance * slope_factor * exp((min(V, spike_potential) - threshold) / slope_factor)",
    }
    SPIKE: ClassVar[str] = "V >= spike_potential"
    RESET: ClassVar[Texts] = {"V": "reset_potential", "w": "w + adaptation_increment"}

    resting_potential: ArrayLike = -70.6
    membrane_capacitance: ArrayLike = 0.281
    membrane_conductance: ArrayLike = 0.03
    threshold: ArrayLike = -50.4
    slope_factor: ArrayLike = 2.0
    adaptation_conductance: ArrayLike = 0.004
    adaptation_increment: ArrayLike = 0.0805
    adaptation_time_constant: ArrayLike = 144.0
    spike_potential: ArrayLike = 0.0
    reset_potential: ArrayLike = -70.6
    refractory_period: ArrayLike = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IzhikevichNeuron(ModelNeuron):
    """The simple model of spiking neurons (Izhikevich 2003, IEEE Trans Neural Netw 14:1569).

        dV/dt = 0.04 V^2 + 5 V + 140 - u + I,   du/dt = a (b V - u)
        at V >= spike_potential a spike: V <- c, u <- u + d

    I counts as the dimensionless current of the publication. The defaults are a regularly spiking cell; u begins where
    it stands still. Fast spiking: a 0.1, d 2; intrinsically bursting: c -55, d 4; chattering: c -50, d 2.

    Attributes:
        a: 1/ms, how fast u recovers.
        b: How far u follows V.
        c: Reset potential, mV.
        d: What a spike adds to u.
        spike_potential: mV.
        refractory_period: ms.
    """

    BOUNDS: ClassVar[Bounds] = {"a": {}, "b": {}, "c": {}, "d": {}, "spike_potential": {}}
    EQUATIONS: ClassVar[Texts] = {"V": "0.04 * V**2 + 5 * V + 140 - u + I", "u": "a * (b * V - u)"}
    INITIAL: ClassVar[Texts] = {"u": "b * V"}
    SPIKE: ClassVar[str] = "V >= spike_potential"
    RESET: ClassVar[Texts] = {"V": "c", "u": "u + d"}

    resting_potential: ArrayLike = -70.0
    a: ArrayLike = 0.02
    b: ArrayLike = 0.2
    c: ArrayLike = -65.0
    d: ArrayLike = 8.0
    spike_potential: ArrayLike = 30.0
    refractory_period: ArrayLike = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FitzHughNagumoNeuron(ModelNeuron):
    """The relaxation oscillator of FitzHugh (1961, Biophys J 1:445) and Nagumo et al. (1962, Proc IRE 50:2061).

        T dV/dt = V - V^3 / 3 - w + I,   T tau dw/dt = V + a - b w

    V, w and I have no unit; T is the time scale. It oscillates for I between about 0.33 and 1.42. A spike is sent where
    V comes up through spike_potential; nothing is reset.

    Attributes:
        a: Threshold of w.
        b: Leak of w.
        tau: How much slower w is.
        time_scale: T, ms.
        spike_potential: In the unit of V.
    """

    BOUNDS: ClassVar[Bounds] = {
        "a": {}, "b": {}, "tau": {"above": 0.0}, "time_scale": {"above": 0.0}, "spike_potential": {},
    }  # fmt: skip
    EQUATIONS: ClassVar[Texts] = {
        "V": "(V - V**3 / 3 - w + I) / time_scale",
        "w": "(V + a - b * w) / (tau * time_scale)",
    }
    INITIAL: ClassVar[Texts] = {"w": "where(b == 0, 0, (V + a) / b)"}
    SPIKE: ClassVar[str] = CROSSING

    resting_potential: ArrayLike = -1.1994080352440
    a: ArrayLike = 0.7
    b: ArrayLike = 0.8
    tau: ArrayLike = 12.5
    time_scale: ArrayLike = 1.0
    spike_potential: ArrayLike = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MorrisLecarNeuron(ModelNeuron):
    """The barnacle muscle fibre of Morris & Lecar (1981, Biophys J 35:193).

        C dV/dt = -g_L (V - E_L) - g_Ca m_inf (V - E_Ca) - g_K n (V - E_K) + I
        dn/dt = phi cosh((V - V3) / (2 V4)) (n_inf - n)
        m_inf = (1 + tanh((V - V1) / V2)) / 2,   n_inf = (1 + tanh((V - V3) / V4)) / 2

    The defaults are the Hopf regime of Rinzel & Ermentrout (in Koch & Segev, Methods in Neuronal Modeling, 1989): it
    oscillates at currents around 100. A spike is sent where V comes up through spike_potential; nothing is reset.

    Attributes:
        membrane_capacitance: C, nF.
        membrane_conductance: g_L, uS; its reversal potential E_L is leak_potential.
        leak_potential: E_L, mV.
        calcium_conductance: g_Ca, uS.
        calcium_potential: E_Ca, mV.
        potassium_conductance: g_K, uS.
        potassium_potential: E_K, mV.
        v1: mV, midpoint of the calcium channels.
        v2: mV, their width.
        v3: mV, midpoint of the potassium channels.
        v4: mV, their width.
        phi: 1/ms, rate of the potassium channels.
        spike_potential: mV.
    """

    BOUNDS: ClassVar[Bounds] = {
        "membrane_capacitance": {"above": 0.0}, "membrane_conductance": {"least": 0.0}, "leak_potential": {},
        "calcium_conductance": {"least": 0.0}, "calcium_potential": {}, "potassium_conductance": {"least": 0.0},
        "potassium_potential": {}, "v1": {}, "v2": {"above": 0.0}, "v3": {}, "v4": {"above": 0.0},
        "phi": {"above": 0.0}, "spike_potential": {},
    }  # fmt: skip
    EQUATIONS: ClassVar[Texts] = {
        "V": "(membrane_conductance * (leak_potential - V) + calcium + potassium + I) / membrane_capacitance",
        "n": "phi * (exp((V - v3) / (2 * v4)) + exp((v3 - V) / (2 * v4))) / 2 * (n_inf - n)",
    }
    DEFINITIONS: ClassVar[Texts] = {
        "calcium": "calcium_conductance * (0.5 + 0.5 * tanh((V - v1) / v2)) * (calcium_potential - V)",
        "potassium": "potassium_conductance * n * (potassium_potential - V)",
        "n_inf": "0.5 + 0.5 * tanh((V - v3) / v4)",
    }
    INITIAL: ClassVar[Texts] = {"n": "n_inf"}
    SPIKE: ClassVar[str] = CROSSING

    resting_potential: ArrayLike = -60.855
    membrane_capacitance: ArrayLike = 20.0
    membrane_conductance: ArrayLike = 2.0
    leak_potential: ArrayLike = -60.0
    calcium_conductance: ArrayLike = 4.4
    calcium_potential: ArrayLike = 120.0
    potassium_conductance: ArrayLike = 8.0
    potassium_potential: ArrayLike = -84.0
    v1: ArrayLike = -1.2
    v2: ArrayLike = 18.0
    v3: ArrayLike = 2.0
    v4: ArrayLike = 30.0
    phi: ArrayLike = 0.04
    spike_potential: ArrayLike = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HodgkinHuxleyNeuron(ModelNeuron):
    """The squid axon of Hodgkin & Huxley (1952, J Physiol 117:500), with potentials counted as today.

        C dV/dt = g_Na m^3 h (E_Na - V) + g_K n^4 (E_K - V) + g_L (E_L - V) + I
        dx/dt = alpha_x(V) (1 - x) - beta_x(V) x    for x = m, h, n
        alpha_m = 0.1 (V + 40) / (1 - exp(-(V + 40) / 10)),   beta_m = 4 exp(-(V + 65) / 18)
        alpha_h = 0.07 exp(-(V + 65) / 20),                   beta_h = 1 / (1 + exp(-(V + 35) / 10))
        alpha_n = 0.01 (V + 55) / (1 - exp(-(V + 55) / 10)),  beta_n = 0.125 exp(-(V + 65) / 80)

    A spike is sent where V comes up through spike_potential; nothing is reset. It fires repeatedly from a current of
    about 6.3 on. Forward Euler needs steps of 0.01 to 0.05 ms; with integrator="exponential" 0.1 ms is stable.

    Attributes:
        membrane_capacitance: C, nF.
        sodium_conductance: g_Na, uS.
        sodium_potential: E_Na, mV.
        potassium_conductance: g_K, uS.
        potassium_potential: E_K, mV.
        membrane_conductance: g_L, uS.
        leak_potential: E_L, mV.
        spike_potential: mV.
    """

    BOUNDS: ClassVar[Bounds] = {
        "membrane_capacitance": {"above": 0.0}, "sodium_conductance": {"least": 0.0}, "sodium_potential": {},
        "potassium_conductance": {"least": 0.0}, "potassium_potential": {}, "membrane_conductance": {"least": 0.0},
        "leak_potential": {}, "spike_potential": {},
    }  # fmt: skip
    EQUATIONS: ClassVar[Texts] = {
        "V": "(sodium + potassium + membrane_conductance * (leak_potential - V) + I) / membrane_capacitance",
        "m": "alpha_m * (1 - m) - beta_m * m",
        "h": "alpha_h * (1 - h) - beta_h * h",
        "n": "alpha_n * (1 - n) - beta_n * n",
    }
    DEFINITIONS: ClassVar[Texts] = {
        "sodium": "sodium_conductance * m**3 * h * (sodium_potential - V)",
        "potassium": "potassium_conductance * n**4 * (potassium_potential - V)",
        "alpha_m": "1 / exprel(-(V + 40) / 10)",
        "beta_m": "4 * exp(-(V + 65) / 18)",
        "alpha_h": "0.07 * exp(-(V + 65) / 20)",
        "beta_h": "1 / (1 + exp(-(V + 35) / 10))",
        "alpha_n": "0.1 / exprel(-(V + 55) / 10)",
        "beta_n": "0.125 * exp(-(V + 65) / 80)",
    }
    INITIAL: ClassVar[Texts] = {
        "m": "alpha_m / (alpha_m + beta_m)",
        "h": "alpha_h / (alpha_h + beta_h)",
        "n": "alpha_n / (alpha_n + beta_n)",
    }
    SPIKE: ClassVar[str] = CROSSING

    resting_potential: ArrayLike = -65.0
    membrane_capacitance: ArrayLike = 1.0
    sodium_conductance: ArrayLike = 120.0
    sodium_potential: ArrayLike = 50.0
    potassium_conductance: ArrayLike = 36.0
    potassium_potential: ArrayLike = -77.0
    membrane_conductance: ArrayLike = 0.3
    leak_potential: ArrayLike = -54.387
    spike_potential: ArrayLike = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RateNeuron(ModelNeuron):
    """A population rate that follows a sigmoid of its input (after Wilson & Cowan 1972, Biophys J 12:1).

        tau dr/dt = -r + max_rate / (1 + exp(-gain (I - threshold)))

    Its potential V is the rate r, between 0 and max_rate. Connect such neurons by `GradedCurrentSynapse(weight,
    e_lo=0.0, e_hi=max_rate)`, which brings weight * r / max_rate, in either direction of sign; inputs and biases are
    currents like any other. (The other form of rate models, tau dV/dt = -V + sum w f(V), needs `NonSpikingNeuron`s and
    `GradedCurrentSynapse(weight, curve="sigmoid")`.)

    Attributes:
        time_constant: tau, ms.
        max_rate: In any unit.
        gain: 1/nA.
        threshold: Input of half the highest rate, nA.
    """

    BOUNDS: ClassVar[Bounds] = {
        "time_constant": {"above": 0.0}, "max_rate": {"above": 0.0}, "gain": {}, "threshold": {},
    }  # fmt: skip
    EQUATIONS: ClassVar[Texts] = {"V": "(max_rate * sigmoid(gain * (I - threshold)) - V) / time_constant"}

    time_constant: ArrayLike = 10.0
    max_rate: ArrayLike = 1.0
    gain: ArrayLike = 1.0
    threshold: ArrayLike = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PoissonNeuron(ModelNeuron):
    """A neuron that spikes at random, at a rate that its input modulates.

    In every step it spikes with the probability 1 - exp(-dt max(rate + gain I, 0)), independently of all that was
    before, except for a refractory period. Its potential stays where it was. With event synapses it makes Poisson
    inputs. The random numbers follow from the seed in the state, the step and the neuron alone.

    Attributes:
        rate: Hz.
        gain: Hz/nA.
        refractory_period: ms.
    """

    BOUNDS: ClassVar[Bounds] = {"rate": {"least": 0.0}, "gain": {}}
    EQUATIONS: ClassVar[Texts] = {"V": "0"}
    SPIKE: ClassVar[str] = "uniform() < 1 - exp(-dt * max(rate + gain * I, 0) / 1000)"

    rate: ArrayLike = 10.0
    gain: ArrayLike = 0.0
    refractory_period: ArrayLike = 0.0
