"""Parameters that only some afferents have: receptors of skin, joints, tendons and muscles.

The numbers of those in muscles follow from the muscle's parameters, too.
"""

import math
from collections.abc import Callable
from typing import Any

import mujoco
import numpy as np

from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.adapters.contacts import Cutaneous
from sns_mujoco.adapters.drives import Activation, Excitation
from sns_mujoco.adapters.joints import JointLimit
from sns_mujoco.adapters.native.layout import Factor, Row, Stretch
from sns_mujoco.adapters.spindles import SpindleIa, SpindleII
from sns_mujoco.adapters.stretch_receptor import StretchReceptor
from sns_mujoco.adapters.tendons import GolgiTendonOrgan
from sns_mujoco.cosim.parameters.collected import Collected, Make, Value
from sns_mujoco.cosim.parameters.columns import Floats
from sns_mujoco.cosim.parameters.of_muscles import NAMES, NOT_NEGATIVE, POSITIVE, muscle_value, same
from sns_mujoco.cosim.parameters.wired import Wired
from sns_mujoco.muscles import MuscleInfo

# the same bits as where receptors are wired
_cosine = np.vectorize(math.cos, otypes=[float])
_exponential = np.vectorize(math.exp, otypes=[float])

Enter = Callable[..., Value]


class Receptors:
    """Receptors on their way into values and numbers."""

    def __init__(self, into: Collected, wired: Wired, model: mujoco.MjModel, muscles: dict[str, MuscleInfo]) -> None:
        """Begin; see `of_adapters.Adapters`."""
        self._into, self._wired, self._model, self._muscles = into, wired, model, muscles
        self._kinds: dict[type, Callable[[int, Any, Enter], None]] = {
            Cutaneous: self._cutaneous,
            JointLimit: self._limit,
            GolgiTendonOrgan: self._golgi,
            SpindleIa: self._spindle,
            SpindleII: self._spindle,
            StretchReceptor: self._stretch,
        }

    def enter(self, k: int, afferent: Afferent, value: Enter) -> None:
        """Enter what the k-th afferent has besides what all have; `value` enters a value of it."""
        for cls in type(afferent).__mro__:
            if cls in self._kinds:
                self._kinds[cls](k, afferent, value)
                return

    def _extra(self, k: int, rank: int = 0) -> int:
        return self._wired.extra(int(self._wired.afferents[k, Row.EXTRA]) + rank)

    def _factor(self, number: Factor, k: int, rank: int = 0) -> int:
        return self._wired.factor(number, self._wired.term(k, rank))

    def _cutaneous(self, k: int, afferent: Cutaneous, value: Enter) -> None:
        on, off = value(k, afferent, "on", afferent.on), value(k, afferent, "off", afferent.off)
        self._into.number(self._extra(k), same, on)
        self._into.number(self._extra(k, 1), same, off)
        self._into.check(_above, "off is above on; it must switch off below `on`", off, on)

    def _limit(self, k: int, afferent: JointLimit, value: Enter) -> None:
        margin = value(k, afferent, "margin", afferent.margin, POSITIVE)
        upper = afferent.side == "upper"
        limit = float(self._model.joint(afferent.joint).range[1 if upper else 0])
        sign = 1.0 if upper else -1.0
        self._into.number(self._factor(Factor.ORIGIN, k), _before, margin, constants=(limit, sign))
        self._into.number(self._factor(Factor.UNIT, k), _per, margin, constants=(sign,))

    def _golgi(self, k: int, afferent: GolgiTendonOrgan, value: Enter) -> None:
        rate = value(k, afferent, "rate", afferent.rate, POSITIVE)
        force = muscle_value(self._muscles, afferent.muscle, "force")
        place = self._factor(Factor.COEFFICIENT, k)
        if self._into.has(force):
            self._into.number(place, _pull, rate, force)
        else:
            self._into.number(place, _pull, rate, constants=(self._muscles[afferent.muscle].force,))

    def _spindle(self, k: int, afferent: SpindleIa | SpindleII, value: Enter) -> None:
        model, muscle = afferent.model, self._muscles[afferent.muscle]
        rank = 0
        gamma, effect = getattr(afferent, "gamma_dynamic", None), "dynamic_effect"
        if model.velocity:
            coefficient = value(k, afferent, "spindle_velocity", model.velocity)
            self._modulated(k, rank, afferent, value, coefficient, gamma, effect)
            exponent = value(k, afferent, "spindle_exponent", model.exponent, POSITIVE)
            self._into.number(self._factor(Factor.EXPONENT, k, rank), same, exponent)
            self._unit(k, rank, muscle, model.unit)
            rank += 1
        gamma, effect = afferent.gamma_static, "static_effect"
        if model.length:
            coefficient = value(k, afferent, "spindle_length", model.length)
            self._modulated(k, rank, afferent, value, coefficient, gamma, effect)
            self._unit(k, rank, muscle, model.unit)
            threshold = value(k, afferent, "spindle_threshold", model.threshold)
            make, values, constants = _origin_of(muscle, self._muscles)
            self._into.number(self._factor(Factor.ORIGIN, k, rank), make, threshold, *values, constants=constants)
            rank += 1
        base = [value(k, afferent, "spindle_base", model.base)]
        numbers: list[float] = []
        drives = ((afferent.alpha, "spindle_alpha", model.alpha), (gamma, "static_bias", afferent.static_bias))
        for drive, quantity, number in drives:
            if drive is None or not number:
                continue
            coefficient = value(k, afferent, quantity, number)
            if isinstance(drive, Activation | Excitation):
                self._into.number(self._factor(Factor.COEFFICIENT, k, rank), same, coefficient)
                rank += 1
            else:
                base.append(coefficient)
                numbers.append(float(drive))  # type: ignore[arg-type]
        self._into.number(self._extra(k), _SUMS[len(numbers)], *base, constants=tuple(numbers))

    def _modulated(
        self, k: int, rank: int, afferent: Afferent, value: Enter, coefficient: Value, gamma: Any, effect: str
    ) -> None:
        """Enter the coefficient of a term that gamma neurons may raise."""
        place = self._factor(Factor.COEFFICIENT, k, rank)
        if gamma is None:
            self._into.number(place, same, coefficient)
            return
        strength = value(k, afferent, effect, getattr(afferent, effect))
        if isinstance(gamma, Activation):
            self._into.number(place, same, coefficient)
            self._into.number(self._factor(Factor.EFFECT, k, rank), same, strength)
        else:
            self._into.number(place, _raised, coefficient, strength, constants=(float(gamma),))

    def _unit(self, k: int, rank: int, muscle: MuscleInfo, unit: str) -> None:
        """Enter the unit of lengths and velocities, where it is the muscle's rest length."""
        if unit == "mm":
            return
        place = self._factor(Factor.UNIT, k, rank)
        if muscle.kind == "mujoco":
            low, high = (muscle_value(self._muscles, muscle.name, f"range_{side}") for side in ("low", "high"))
            ends = (muscle.parameters["shortest"], muscle.parameters["longest"])
            self._into.number(place, _mujocos_unit, low, high, constants=ends)
        else:
            name = "rest_length" if muscle.kind == "linear_hill" else "optimal_length"
            self._into.number(place, _reciprocal, muscle_value(self._muscles, muscle.name, name))

    def _stretch(self, k: int, afferent: StretchReceptor, value: Enter) -> None:
        def entered(name: str, bounds: dict[str, float]) -> Value:
            return value(k, afferent, NAMES.get(name, name), getattr(afferent, name), bounds)

        kse, kpe = entered("kse", POSITIVE), entered("kpe", NOT_NEGATIVE)
        damping, rest = entered("damping", POSITIVE), entered("rest_length", POSITIVE)
        plain = {
            Stretch.KSE: kse, Stretch.KPE: kpe, Stretch.DAMPING: damping, Stretch.REST_LENGTH: rest,
            Stretch.MAX_TENSION: entered("max_tension", POSITIVE),
            Stretch.CONSTANT: entered("constant", NOT_NEGATIVE),
        }  # fmt: skip
        if afferent.force is not None:
            plain[Stretch.WIDTH] = entered("width", POSITIVE)
            force = entered("force", NOT_NEGATIVE)
            given = isinstance(afferent.excitation, float)
            drive = afferent.excitation if isinstance(afferent.excitation, float) else 1.0
            self._into.number(
                self._extra(k, Stretch.FORCE), _times if given else same, force, constants=(drive,) * given
            )
        for number, described in plain.items():
            self._into.number(self._extra(k, number), same, described)
        series, parallel = entered("series_fraction", NOT_NEGATIVE), entered("min_parallel", NOT_NEGATIVE)
        self._into.number(self._extra(k, Stretch.SERIES_REST), _product, series, rest)
        self._into.number(self._extra(k, Stretch.MIN_PARALLEL), _product, parallel, rest)
        self._into.number(self._extra(k, Stretch.SHARE), _share, kse, kpe)
        step = (float(self._model.opt.timestep),)
        self._into.number(self._extra(k, Stretch.KEEP), _keep, kse, kpe, damping, constants=step)


def _origin_of(muscle: MuscleInfo, muscles: dict[str, MuscleInfo]) -> tuple[Make, tuple[Value, ...], tuple[float, ...]]:
    """How the length from which a spindle counts follows from its threshold and the muscle."""
    match muscle.kind:
        case "linear_hill":
            return _linear_origin, (muscle_value(muscles, muscle.name, "rest_length"),), ()
        case "hill":
            names = ("optimal_length", "tendon_slack_length", "pennation")
            return _hill_origin, tuple(muscle_value(muscles, muscle.name, name) for name in names), ()
    ends = (muscle.parameters["shortest"], muscle.parameters["longest"])
    return _mujocos_origin, tuple(muscle_value(muscles, muscle.name, f"range_{s}") for s in ("low", "high")), ends


def _above(one: Floats, other: Floats) -> np.ndarray:
    return one > other


def _before(margin: Floats, limit: Floats, sign: Floats) -> Floats:
    return limit - sign * margin


def _per(margin: Floats, sign: Floats) -> Floats:
    return sign / margin


def _pull(rate: Floats, force: Floats) -> Floats:
    return -rate / force


def _raised(coefficient: Floats, effect: Floats, gamma: Floats) -> Floats:
    return coefficient * (1.0 + effect * gamma)


def _one(base: Floats) -> Floats:
    return base


def _two(base: Floats, first: Floats, drive: Floats) -> Floats:
    return base + first * drive


def _three(base: Floats, first: Floats, second: Floats, drive: Floats, other: Floats) -> Floats:
    return base + first * drive + second * other


_SUMS = (_one, _two, _three)


def _reciprocal(length: Floats) -> Floats:
    return 1.0 / length


def _mujocos_rest(low: Floats, high: Floats, shortest: Floats, longest: Floats) -> Floats:
    return (longest - shortest) / (high - low)


def _mujocos_unit(low: Floats, high: Floats, shortest: Floats, longest: Floats) -> Floats:
    return 1.0 / _mujocos_rest(low, high, shortest, longest)


def _linear_origin(threshold: Floats, rest: Floats) -> Floats:
    return 0.0 + threshold * rest


def _hill_origin(threshold: Floats, rest: Floats, slack: Floats, pennation: Floats) -> Floats:
    return slack + threshold * (rest * _cosine(pennation))


def _mujocos_origin(threshold: Floats, low: Floats, high: Floats, shortest: Floats, longest: Floats) -> Floats:
    rest = _mujocos_rest(low, high, shortest, longest)
    return (shortest - low * rest) + threshold * rest


def _times(force: Floats, drive: Floats) -> Floats:
    return force * drive


def _product(one: Floats, other: Floats) -> Floats:
    return one * other


def _share(kse: Floats, kpe: Floats) -> Floats:
    return kse / (kse + kpe)


def _keep(kse: Floats, kpe: Floats, damping: Floats, timestep: Floats) -> Floats:
    return _exponential(-(kse + kpe) / damping * timestep)
