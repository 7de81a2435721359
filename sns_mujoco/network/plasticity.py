"""How synapses change: short-term plasticity, learning from the timing of spikes, and learning of graded synapses.

Each description is given to a synapse; its parameters are numbers, or arrays with one value for each synapse. Times
are in ms. Under `integrator="euler"` what decays keeps 1 - dt / tau a step, under "exponential" exp(-dt / tau), with
which weights follow the equations below exactly.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.checks import text
from sns_mujoco.network.described import Bounds, Described, checked, settle_columns

TIME: Bounds = {"tau_pre": {"above": 0.0}, "tau_post": {"above": 0.0}}


class Plasticity(Described):
    """What all kinds share: their parameters are checked when they are described."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Check the numbers."""
        settle_columns(self, checked(self.label, self.columns, self.BOUNDS, self.OPTIONAL))


@dataclass(frozen=True, slots=True)
class TsodyksMarkram(Plasticity):
    """Short-term facilitation and depression: a spike delivers w u x instead of w.

    Between spikes du/dt = -u / tau_facilitation and dx/dt = (1 - x) / tau_depression; at a spike, first
    u <- u + U (1 - u), then w u x is delivered with the x before the spike, then x <- x - u x (Tsodyks & Markram 1997,
    PNAS 94:719; Tsodyks, Pawelzik & Markram 1998, Neural Comput 10:821). This is the order of Norse; NEST's
    tsodyks2_synapse lets u of the next spike follow from the interval before it, to the same effect, and others
    (ANNarchy's STP) use u before its jump, which begins a train with another value.

    The defaults are those of NEST's tsodyks2_synapse: a depressing synapse.

    Attributes:
        U: Share of the resources that a first spike uses, 0 to 1.
        tau_facilitation: ms; 0: u falls to 0 within a step, so there is no facilitation.
        tau_depression: ms; 0: x recovers within a step, so there is no depression.
        initial_u: u at the start.
        initial_x: x at the start.
    """

    BOUNDS: ClassVar[Bounds] = {
        "U": {"least": 0.0, "most": 1.0},
        "tau_facilitation": {"least": 0.0},
        "tau_depression": {"least": 0.0},
        "initial_u": {"least": 0.0, "most": 1.0},
        "initial_x": {"least": 0.0, "most": 1.0},
    }

    U: ArrayLike = 0.5
    tau_facilitation: ArrayLike = 0.0
    tau_depression: ArrayLike = 800.0
    initial_u: ArrayLike = 0.0
    initial_x: ArrayLike = 1.0


@dataclass(frozen=True, slots=True)
class STDP(Plasticity):
    """Learning from pairs of spikes: the weight changes by the sum, over all pairs, of a window of their distance.

    For a presynaptic spike that arrives s ms before a postsynaptic one, w += a_pre exp(-s / tau_pre); for one that
    arrives s ms after it, w += a_post exp(-s / tau_post); then w is clipped to its bounds (Song, Miller & Abbott 2000,
    Nat Neurosci 3:919, from whom the defaults' ratio of 1.05 comes). A spike that arrives in the step of a postsynaptic
    one counts as before it.

    Attributes:
        a_pre: What a presynaptic spike right before a postsynaptic one adds, in units of the weight.
        a_post: What a postsynaptic spike right before a presynaptic one adds; negative: depression.
        tau_pre: ms.
        tau_post: ms.
        w_min: Least weight, in its unit.
        w_max: Greatest weight.
    """

    BOUNDS: ClassVar[Bounds] = {"a_pre": {}, "a_post": {}, **TIME, "w_min": {}, "w_max": {}}

    a_pre: ArrayLike = 0.01
    a_post: ArrayLike = -0.0105
    tau_pre: ArrayLike = 20.0
    tau_post: ArrayLike = 20.0
    w_min: ArrayLike = 0.0
    w_max: ArrayLike = 1.0


@dataclass(frozen=True, slots=True)
class TripletSTDP(Plasticity):
    """Learning from triplets of spikes, which explains how pairing depends on the rate.

    With traces r1, r2 of presynaptic spikes (tau_pre, tau_pre_slow) and o1, o2 of postsynaptic ones (tau_post,
    tau_post_slow), each of which jumps by 1 after the spike has been dealt with:
    at an arriving spike w += o1 (a_post + a_post_triplet r2); at a postsynaptic spike w += r1 (a_pre +
    a_pre_triplet o2); then w is clipped to its bounds (Pfister & Gerstner 2006, J Neurosci 26:9673). The defaults are
    their parameters for visual cortex (all-to-all, full model), where a_post is -A2-, a_post_triplet -A3-.

    Attributes:
        a_pre: Pair amplitude at postsynaptic spikes, A2+, in units of the weight.
        a_post: Pair amplitude at arriving spikes, -A2-; negative: depression.
        a_pre_triplet: A3+.
        a_post_triplet: -A3-.
        tau_pre: ms, tau+.
        tau_post: ms, tau-.
        tau_pre_slow: ms, tau_x.
        tau_post_slow: ms, tau_y.
        w_min: Least weight, in its unit.
        w_max: Greatest weight.
    """

    BOUNDS: ClassVar[Bounds] = {
        "a_pre": {}, "a_post": {}, "a_pre_triplet": {}, "a_post_triplet": {}, **TIME,
        "tau_pre_slow": {"above": 0.0}, "tau_post_slow": {"above": 0.0}, "w_min": {}, "w_max": {},
    }  # fmt: skip

    a_pre: ArrayLike = 5e-10
    a_post: ArrayLike = -7e-3
    a_pre_triplet: ArrayLike = 6.2e-3
    a_post_triplet: ArrayLike = -2.3e-4
    tau_pre: ArrayLike = 16.8
    tau_post: ArrayLike = 33.7
    tau_pre_slow: ArrayLike = 101.0
    tau_post_slow: ArrayLike = 125.0
    w_min: ArrayLike = 0.0
    w_max: ArrayLike = 1.0


@dataclass(frozen=True, slots=True)
class RewardSTDP(Plasticity):
    """Learning from pairs of spikes where a reward follows.

    What `STDP` would add to the weight is added to an eligibility e instead, which fades with tau_eligibility; the
    weight changes by dw/dt = rate (V_m - V_rest,m) e and is clipped to its bounds (Izhikevich 2007, Cereb Cortex
    17:2443). V_m is the potential of the modulator, a neuron of the network, at the start of a step: what drives it (a
    command, a sensor, other neurons) is the reward, above rest, or the punishment, below. (The potential of a neuron
    with equations of its own counts from 0.)

    Attributes:
        modulator: Name of the neuron whose potential above its rest is the reward ("reward", or "population[3]").
        a_pre: As in `STDP`.
        a_post: As in `STDP`.
        tau_pre: ms.
        tau_post: ms.
        tau_eligibility: ms.
        rate: Change of the weight per ms, per mV of reward, per unit of eligibility.
        w_min: Least weight, in its unit.
        w_max: Greatest weight.
    """

    BOUNDS: ClassVar[Bounds] = {
        "a_pre": {}, "a_post": {}, **TIME, "tau_eligibility": {"above": 0.0}, "rate": {}, "w_min": {}, "w_max": {},
    }  # fmt: skip

    modulator: str
    a_pre: ArrayLike = 0.01
    a_post: ArrayLike = -0.0105
    tau_pre: ArrayLike = 20.0
    tau_post: ArrayLike = 20.0
    tau_eligibility: ArrayLike = 1000.0
    rate: ArrayLike = 0.01
    w_min: ArrayLike = 0.0
    w_max: ArrayLike = 1.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        text(self.label, "modulator", self.modulator)
        Plasticity.__post_init__(self)


GRADED_RULE: Bounds = {
    "rate": {}, "forget": {"least": 0.0}, "w_min": {}, "w_max": {}, "post_lo": {}, "post_hi": {},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hebb(Plasticity):
    """Learning of a graded synapse: what is active together is wired together.

    After Hebb (1949, The Organization of Behavior), dw/dt = rate a_post a_pre - forget w, clipped to its bounds, where
    a_pre is the share to which the source opens the
    synapse and a_post = clip((V_post - post_lo) / (post_hi - post_lo), 0, 1).

    Attributes:
        rate: In units of the weight per ms; negative: anti-Hebbian.
        forget: 1/ms.
        w_min: Least weight, in its unit.
        w_max: Greatest weight.
        post_lo: Postsynaptic potential of no activity, mV.
        post_hi: Postsynaptic potential of full activity, mV.
    """

    BOUNDS: ClassVar[Bounds] = GRADED_RULE

    rate: ArrayLike = 1e-4
    forget: ArrayLike = 0.0
    w_min: ArrayLike = 0.0
    w_max: ArrayLike = 1.0
    post_lo: ArrayLike = 0.0
    post_hi: ArrayLike = 20.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        Plasticity.__post_init__(self)
        _require_post_width(self)


@dataclass(frozen=True, slots=True)
class Oja(Plasticity):
    """Learning of a graded synapse that normalises itself: weights go to the first principal component of the activity.

    dw/dt = rate a_post (a_pre - a_post w) - forget w, clipped to its bounds (Oja 1982, J Math Biol 15:267), with the
    activities of `Hebb`. The weights of `GradedCurrentSynapse`s to a neuron of 1 uS settle at a length of
    sqrt(post_hi - post_lo), if that is within their bounds and the activity within its range.

    Attributes:
        rate: 1/ms.
        forget: 1/ms.
        w_min: Least weight, in its unit.
        w_max: Greatest weight.
        post_lo: Postsynaptic potential of no activity, mV.
        post_hi: Postsynaptic potential of full activity, mV.
    """

    BOUNDS: ClassVar[Bounds] = GRADED_RULE

    rate: ArrayLike = 1e-4
    forget: ArrayLike = 0.0
    w_min: ArrayLike = 0.0
    w_max: ArrayLike = 1.0
    post_lo: ArrayLike = 0.0
    post_hi: ArrayLike = 20.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        Plasticity.__post_init__(self)
        _require_post_width(self)


def _require_post_width(rule: Hebb | Oja) -> None:
    lo, hi = np.asarray(rule.post_lo), np.asarray(rule.post_hi)
    if lo.shape and hi.shape and lo.shape != hi.shape:
        raise NetworkError(f"{rule.label}: post_lo has shape {lo.shape}, post_hi {hi.shape}; give them alike")
    if (lo == hi).any():
        raise NetworkError(f"{rule.label}: post_lo and post_hi are the same; give the activity a range")
