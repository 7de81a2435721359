"""How the numbers that a nervous system computes with follow from the described values: one form an array of `Program`.

The functions are those of the compiler, so the bits are equal.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.factors import gained, kept, rising
from sns_mujoco.backends.native.apart import COUNTED, DERIVED, RAMP
from sns_mujoco.backends.native.pack_graded import inverse_widths
from sns_mujoco.backends.neuron_arrays import noise_spread, steady_gate, threshold_factor
from sns_mujoco.backends.weighted_arrays import opening
from sns_mujoco.cosim.assembly import DELAYS, OWN_RECEPTORS
from sns_mujoco.errors import AttachError, unknown_name

Floats = NDArray[np.float64]

ALIASES = {"g_max": "max_conductance"}
DELAY = "delay"  # of adapters
COURSE = ("time_constant", "rise_time", "reversal_potential")  # what receptors of event synapses have
# quantities of adapters and muscles, which always stand apart
ALWAYS = frozenset(
    "gain offset noise range_low range_high output_low output_high midpoint slope curve_a curve_b curve_c curve_d on "
    "off margin rate spindle_velocity spindle_exponent spindle_length spindle_threshold spindle_base spindle_alpha "
    "dynamic_effect static_effect static_bias constant series_fraction min_parallel force kse kpe muscle_damping "
    "rest_length width max_tension optimal_length tendon_slack_length pennation max_velocity passive_shape "
    "passive_strain activation_time deactivation_time smoothing lmin lmax vmax fpmax fvmax".split()
)


@dataclass(frozen=True, slots=True)
class Step:
    """The neural step: its length, ms, and whether it is one of exponential Euler."""

    dt: float
    exponential: bool

    def kept(self, time_constant: Floats) -> Floats:
        """What is left after a step of something that decays."""
        return kept(time_constant, self.dt, exponential=self.exponential)


def same(_: Step, value: Floats) -> Floats:
    """The described value itself."""
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What entries of an array follow from.

    Attributes:
        path: The array, as in `backends.entries` or `backends.native.apart.DERIVED`.
        family: Whose entries it has, see `families.py`.
        takes: Quantities that the entry follows from.
        make: Makes entries [..., n] of a step, the quantities' values [..., n], and constants of the family [n].
        constants: Names of these.
        row: Row of the array that its family's entries fill.
        without: Quantity that must be left out in the description for this form to hold.
        share: Makes, of the same, what share of the largest stable step a step of forward Euler takes up.
        what: What is too fast then.
    """

    path: str
    family: str
    takes: tuple[str, ...]
    make: Callable[..., Floats] = same
    constants: tuple[str, ...] = ()
    row: int = 0
    without: str = ""
    share: Callable[..., Floats] | None = None
    what: str = ""


def _same(family: str, path: str, quantity: str, **settings: Any) -> Form:
    return Form(path=path, family=family, takes=(quantity,), **settings)


def _decays(family: str, path: str, quantity: str, what: str) -> Form:
    """Something that keeps a share in every step, and must not change its sign by forward Euler."""
    return Form(
        path=path, family=family, takes=(quantity,), make=Step.kept, share=lambda s, tau: 1.0 - s.kept(tau), what=what
    )


def _shared_out(_: Step, value: Floats, sources: Floats) -> Floats:
    return value / sources


def _noise_keep(step: Step, tau: Floats) -> Floats:
    return kept(tau, step.dt, exponential=True)


def _learning_rate(step: Step, rate: Floats, forget: Floats) -> Floats:
    return gained(forget, step.dt, exponential=step.exponential) * rate


def _forgetting(step: Step, forget: Floats) -> Floats:
    return gained(forget, step.dt, exponential=step.exponential) * forget


NEURONS = (
    Form(path="membrane_factor", family="neurons", takes=("membrane_capacitance",), make=lambda s, c: s.dt / c),
    _same("neurons", "leak_conductance", "membrane_conductance"),
    _same("neurons", "resting_potential", "resting_potential"),
    _same("neurons", "bias", "bias"),
    _same("neurons", "initial_potential", "initial_value"),
    Form(
        path="threshold_factor", family="spiking neurons", takes=("threshold_leak_rate", "threshold_time_constant"),
        make=lambda s, leak, tau: threshold_factor(leak, tau, s.dt, exponential=s.exponential),
        share=lambda s, leak, tau: (
            threshold_factor(leak, tau, s.dt, exponential=s.exponential) * np.abs(leak) / 2.0
        ),
        what="threshold of",
    ),
    _same("spiking neurons", "threshold_leak", "threshold_leak_rate"),
    _same("spiking neurons", "initial_threshold", "threshold_initial_value"),
    _same("spiking neurons", "threshold_proportionality", "threshold_proportionality_constant"),
    _same("spiking neurons", "threshold_increment", "threshold_increment"),
    _same("spiking neurons", "threshold_floor", "threshold_floor"),
    _same("spiking neurons", "threshold_floor", "resting_potential", without="threshold_floor"),
    _same("spiking neurons", "reset_potential", "reset_potential"),
    _same("spiking neurons", "reset_potential", "resting_potential", without="reset_potential"),
)  # fmt: skip


def _gates() -> tuple[Form, ...]:
    """The gates a, b and c of ion channels; neurons with one sodium channel call the first two m and h."""
    forms = [
        _same("channels", "channel_conductance", "g_ion"),
        _same("channels", "channel_reversal", "e_ion"),
    ]
    for row, gates in enumerate(("am", "bh", "c")):
        for gate in gates:
            forms += [
                _same("channels", "gate_power", f"pow_{gate}", row=row),
                _same("channels", "gate_k", f"k_{gate}", row=row),
                _same("channels", "gate_slope", f"slope_{gate}", row=row),
                _same("channels", "gate_midpoint", f"e_{gate}", row=row),
            ]
            if row:
                forms += [
                    Form(
                        path="gate_factor", family="channels", takes=(f"tau_max_{gate}",), row=row - 1,
                        make=lambda s, tau, _: s.dt / tau, constants=(f"rules {row}",),
                        share=lambda s, tau, bounded: np.where(bounded != 0.0, s.dt / tau, 0.0), what="gate of",
                    ),
                    Form(
                        path="initial_gate", family="channels", row=row - 1,
                        takes=(f"k_{gate}", f"slope_{gate}", f"e_{gate}", "initial_value"),
                        make=lambda _, k, slope, e, start: steady_gate(k, slope, e - start),
                    ),
                ]  # fmt: skip
    return tuple(forms)


SYNAPSES = (
    Form(
        path="graded_conductance", family="graded", takes=("max_conductance",), make=_shared_out, constants=("sources",)
    ),
    _same("graded", "graded_reversal", "reversal_potential"),
    _same("graded", "graded_e_lo", "e_lo"),
    _same("graded", "graded_e_hi", "e_hi"),
    Form(
        path="ramp_inverse", family="graded", takes=("e_lo", "e_hi"), make=lambda _, lo, hi: inverse_widths(lo, hi)
    ),
    Form(
        path="spiking_conductance", family="spiking", takes=("max_conductance",), make=_shared_out,
        constants=("sources",),
    ),
    Form(
        path="spiking_increment", family="spiking", takes=("conductance_increment",), make=_shared_out,
        constants=("sources",),
    ),
    Form(
        path="spiking_increment", family="spiking", takes=("max_conductance",), make=_shared_out,
        constants=("sources",), without="conductance_increment",
    ),
    _same("spiking", "spiking_reversal", "reversal_potential"),
    _same("spiking", "spiking_delay", "transmission_delay", without="transmission_delay_ms"),
    Form(
        path="spiking_delay", family="spiking", takes=("transmission_delay_ms",),
        make=lambda s, delay: np.floor(delay / s.dt + 0.5),
    ),
    _decays("spiking", "spiking_decay", "time_constant", "conductance of synapse"),
    Form(
        path="junction_conductance", family="junctions", takes=("conductance",), make=_shared_out,
        constants=("sources",),
    ),
    _same("weighted", "weighted.weight", "weight"),
    _same("weighted", "weighted.reversal", "reversal_potential"),
    Form(
        path="weighted.midpoint", family="weighted", takes=("e_lo", "e_hi"), constants=("sigmoid",),
        make=lambda _, lo, hi, sigmoid: opening(lo, hi, sigmoid)[0],
    ),
    Form(
        path="weighted.slope", family="weighted", takes=("e_lo", "e_hi"), constants=("sigmoid",),
        make=lambda _, lo, hi, sigmoid: opening(lo, hi, sigmoid)[1],
    ),
    Form(path="weighted.rate", family="weighted", takes=("rate", "forget"), make=_learning_rate),
    Form(
        path="weighted.forget", family="weighted", takes=("forget",), make=_forgetting, share=_forgetting,
        what="weight of synapse",
    ),
    _same("weighted", "weighted.post_midpoint", "post_lo"),
    Form(
        path="weighted.post_slope", family="weighted", takes=("post_lo", "post_hi"),
        make=lambda _, lo, hi: 1.0 / (hi - lo),
    ),
    _same("weighted", "weighted.lowest", "w_min"),
    _same("weighted", "weighted.highest", "w_max"),
    _same("weighted", "weighted.lowest", "weight", without="w_min"),
    _same("weighted", "weighted.highest", "weight", without="w_max"),
)  # fmt: skip

RECEPTORS = (
    _same("receptors", "receptors.reversal", "reversal_potential"),
    _decays("receptors", "receptors.decay", "time_constant", "receptor of"),
    _decays("receptors", "receptors.rise", "rise_time", "receptor of"),
    Form(
        path="receptors.coupling", family="receptors", takes=COURSE[:2],
        make=lambda s, tau, rise: rising(tau, rise, s.dt, exponential=s.exponential)[0],
    ),
    Form(
        path="receptors.gain", family="receptors", takes=COURSE[:2],
        make=lambda s, tau, rise: rising(tau, rise, s.dt, exponential=s.exponential)[1],
    ),
    _same("event", "events.weight", "weight"),
    Form(
        path="event_weight", family="event", takes=("weight", *COURSE[:2]),
        make=lambda s, w, tau, rise: rising(tau, rise, s.dt, exponential=s.exponential)[1] * w,
    ),
    _same("event", "event_weight", "weight", without="rise_time"),
)  # fmt: skip

PLASTICITY = (
    _same("short term", "short_term.use", "U"),
    _decays("short term", "short_term.facilitation", "tau_facilitation", "short-term plasticity of synapse"),
    _decays("short term", "short_term.depression", "tau_depression", "short-term plasticity of synapse"),
    _same("short term", "short_term.initial_use", "initial_u"),
    _same("short term", "short_term.initial_resource", "initial_x"),
    _same("plastic", "plastic.amplitude_pre", "a_pre"),
    _same("plastic", "plastic.amplitude_post", "a_post"),
    _same("plastic", "plastic.triplet_pre", "a_pre_triplet"),
    _same("plastic", "plastic.triplet_post", "a_post_triplet"),
    _decays("plastic", "plastic.keep_pre", "tau_pre", "trace of synapse"),
    _decays("plastic", "plastic.keep_post", "tau_post", "trace of synapse"),
    _decays("plastic", "plastic.keep_slow_pre", "tau_pre_slow", "trace of synapse"),
    _decays("plastic", "plastic.keep_slow_post", "tau_post_slow", "trace of synapse"),
    _same("plastic", "plastic.lowest", "w_min"),
    _same("plastic", "plastic.highest", "w_max"),
    _decays("plastic", "plastic.keep_eligibility", "tau_eligibility", "trace of synapse"),
    Form(path="plastic.reward_rate", family="plastic", takes=("rate",), make=lambda s, rate: s.dt * rate),
)

PORTS = (
    Form(
        path="input_weight", family="inputs", takes=("input_weight",), make=lambda _, w, through: w * through,
        constants=("through",),
    ),
    _same("noises", "noise.mean", "mean"),
    Form(path="noise.keep", family="noises", takes=("time_constant",), make=_noise_keep),
    Form(
        path="noise.spread", family="noises", takes=("sigma", "time_constant"),
        make=lambda s, sigma, tau: noise_spread(sigma, _noise_keep(s, tau)),
    ),
    _same("noises", "noise.initial", "initial"),
    _same("noises", "noise.initial", "mean", without="initial"),
)  # fmt: skip

FORMS = (*NEURONS, *_gates(), *SYNAPSES, *RECEPTORS, *PLASTICITY, *PORTS)
"""All of a network."""

QUANTITIES = frozenset(quantity for form in FORMS for quantity in form.takes)
"""All quantities of networks whose numbers may stand apart."""


def settled(apart: bool | Collection[str], greatest_delay: float | None = None) -> frozenset[str]:
    """The quantities that are meant by `attach(apart=...)`, and `OWN_RECEPTORS` where those of receptors are named.

    Raises:
        UnknownNameError: There is no such quantity.
        TypeError: It is neither True or False nor a collection of names.
        AttachError: Delays are to stand apart without a greatest one, or there is one and they do not.
    """
    if greatest_delay is not None and not (np.isfinite(greatest_delay) and greatest_delay > 0.0):
        raise AttachError(f"greatest_delay is {greatest_delay!r}; give a number of ms above 0, or leave it out")
    delays = DELAYS | {DELAY}
    if isinstance(apart, bool):
        found = QUANTITIES | delays if apart else frozenset[str]()
        found = found if greatest_delay is not None else found - delays
    else:
        found = _named(apart)
    if not found.isdisjoint(delays) and greatest_delay is None:
        raise AttachError("delays are to stand apart; give greatest_delay, the longest one that there is room for, ms")
    if greatest_delay is not None and found.isdisjoint(delays):
        raise AttachError(
            f"greatest_delay is {greatest_delay:g} ms, and no delays stand apart; add 'delay' to apart, or leave it out"
        )
    return found


def _named(apart: Collection[str]) -> frozenset[str]:
    """The quantities that were named."""
    if isinstance(apart, str) or not isinstance(apart, Collection):
        raise TypeError(f"apart is {apart!r}; give True, False, or a collection of names of quantities")
    names = {ALIASES.get(name, name) for name in apart}
    known = QUANTITIES | ALWAYS | {DELAY}
    for name in sorted(names - known):
        raise unknown_name("quantity", name, sorted(known), "nervous systems, to stand apart")
    found = names & (QUANTITIES | {DELAY})
    if "time_constant" in found:
        found |= {"membrane_capacitance"}  # with which that of a membrane changes
    return frozenset(found | ({OWN_RECEPTORS} if found.intersection(COURSE) else set()))


def paths_of(quantities: frozenset[str]) -> tuple[str, ...]:
    """The arrays whose numbers have to stay apart so that some quantities may be changed."""
    paths = dict.fromkeys(form.path for form in FORMS if not quantities.isdisjoint(form.takes))
    if not paths.keys().isdisjoint(RAMP):
        paths |= dict.fromkeys(RAMP)
    return tuple(path for path in paths if path not in DERIVED and path != COUNTED)
