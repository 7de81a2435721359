"""Parameters of afferents and efferents: ramps, gains, noise, and curves of four parameters."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import mujoco
import numpy as np

from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.adapters.efferents import AntagonistPair, Efferent, MotorNeuron
from sns_mujoco.adapters.gains import Bell, Gain, Polynomial, Sigmoid
from sns_mujoco.adapters.motor_pools import MotorPool
from sns_mujoco.adapters.native.layout import Motor, Ramp, Row
from sns_mujoco.cosim.parameters.collected import Collected, Value
from sns_mujoco.cosim.parameters.columns import Floats
from sns_mujoco.cosim.parameters.of_muscles import NOT_NEGATIVE, same
from sns_mujoco.cosim.parameters.of_receptors import Receptors
from sns_mujoco.cosim.parameters.wired import Wired
from sns_mujoco.muscles import MuscleInfo

Adapter = Afferent | Efferent

AFFERENTS, EFFERENTS = "afferents", "efferents"
CURVES = ("curve_a", "curve_b", "curve_c", "curve_d")


def names_of(adapters: Sequence[Adapter]) -> list[str]:
    """Names of afferents or of efferents, "label -> to"; the second one of the same name ends in " (2)", and so on."""
    seen: Counter[str] = Counter()
    names = []
    for adapter in adapters:
        name = f"{adapter.label} -> {adapter.to if isinstance(adapter, Afferent) else adapter.drives}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def inverse(low: Floats, high: Floats) -> Floats:
    """1 / (high - low)."""
    return 1.0 / (high - low)


def span(low: Floats, high: Floats) -> Floats:
    """What is between two ends."""
    return high - low


def negative(value: Floats) -> Floats:
    """With the other sign."""
    return -value


def total(*values: Floats) -> Floats:
    """All of them, added to zero one after the other."""
    result: Any = 0.0
    for value in values:
        result = result + value
    return result


def steps(delay: Floats, step: Floats) -> Floats:
    """A delay (ms) in physics steps (ms), see `clocks.delay_steps`."""
    return np.floor(delay / step + 0.5)


def flat(low: Floats, high: Floats) -> np.ndarray:
    """Where a range is empty."""
    return low == high


class Adapters:
    """Adapters on their way into values and numbers."""

    def __init__(
        self,
        into: Collected,
        adapters: Sequence[Adapter],
        wired: Wired,
        model: mujoco.MjModel,
        muscles: dict[str, MuscleInfo],
        room: float | None,
    ) -> None:
        """Begin.

        Args:
            into: Where values and numbers are entered.
            adapters: All of them.
            wired: The wiring inside the model.
            model: The model.
            muscles: All its muscles.
            room: Greatest delay, ms; None where delays do not stand apart.
        """
        self._into, self._wired, self._room = into, wired, room
        self._step = float(model.opt.timestep) * 1e3
        self._receptors = Receptors(into, wired, model, muscles)
        found = Counter([*wired.afferents[:, Row.CURVE].tolist(), *wired.motors[:, Motor.CURVE].tolist()])
        self._shared = {curve for curve, count in found.items() if count > 1}

        self._ways = [a for a in adapters if isinstance(a, Afferent)], [a for a in adapters if isinstance(a, Efferent)]
        self._afferents, self._efferents = map(names_of, self._ways)

    def enter(self) -> None:
        """Enter all of them."""
        afferents, efferents = self._ways
        for k, afferent in enumerate(afferents):
            self._afferent(k, afferent)
        self._enter_efferents(efferents)

    def _afferent(self, k: int, afferent: Afferent) -> None:
        """Enter the k-th afferent."""
        wired, into = self._wired, self._into
        noise = self.value(k, afferent, "noise", afferent.noise, NOT_NEGATIVE)
        into.number(wired.ramp(Ramp.NOISE, k), same, noise)
        if afferent.curve is None:
            assert afferent.range is not None
            low, high = self._ends(k, afferent, "range", afferent.range)
            into.number(wired.ramp(Ramp.LOW, k), same, low)
            into.number(wired.ramp(Ramp.SCALE, k), inverse, low, high)
            into.number(wired.ramp(Ramp.GAIN, k), same, self.value(k, afferent, "gain", afferent.gain))
            into.number(wired.ramp(Ramp.OFFSET, k), same, self.value(k, afferent, "offset", afferent.offset))
        else:
            self._curve(k, afferent, afferent.curve, int(wired.afferents[k, Row.CURVE]))
        self._delay(k, afferent, [int(wired.afferents[k, Row.DELAY])])
        self._receptors.enter(k, afferent, self.value)

    def _enter_efferents(self, efferents: list[Efferent]) -> None:
        """Enter all efferents."""
        motor = 0
        bases: dict[int, list[Value]] = {}
        for k, efferent in enumerate(efferents):
            slot = int(self._wired.motors[motor, Motor.SLOT])
            count = 1 if isinstance(efferent, MotorPool) else len(efferent.terms)
            bases.setdefault(slot, []).append(self._efferent(k, efferent, motor, count))
            motor += count
        for slot, values in bases.items():
            self._into.number(self._wired.base(slot), total, *values)

    def _efferent(self, k: int, efferent: Efferent, motor: int, count: int) -> Value:
        """Enter an efferent whose terms begin at one of the motor terms; the value that is its control at rest."""
        wired, into = self._wired, self._into
        terms = range(motor, motor + count)
        self._delay(k, efferent, [int(delay) for delay in wired.motors[motor : motor + count, Motor.DELAY]])
        if efferent.sigmoid is not None:
            middle = self.value(k, efferent, "midpoint", efferent.sigmoid[0])
            slope = self.value(k, efferent, "slope", efferent.sigmoid[1])
            for term in terms:
                into.number(wired.gain(0, term), same, middle)
                into.number(wired.gain(1, term), same, slope)
        elif efferent.curve is None:
            low, high = self._ends(k, efferent, "range", efferent.range)
            for term in terms:
                into.number(wired.gain(0, term), same, low)
                into.number(wired.gain(1, term), inverse, low, high)
        else:
            self._curve(k, efferent, efferent.curve, int(wired.motors[motor, Motor.CURVE]))
        if isinstance(efferent, AntagonistPair):
            gain = self.value(k, efferent, "gain", efferent.gain)
            into.number(wired.gain(2, motor), same, gain)
            into.number(wired.gain(2, motor + 1), negative, gain)
            return self.value(k, efferent, "offset", efferent.offset)
        assert isinstance(efferent, MotorNeuron | MotorPool)
        low, high = self._ends(k, efferent, "output", efferent.output)
        into.number(wired.gain(2, motor), span, low, high)
        return low

    def _delay(self, k: int, adapter: Adapter, places: list[int]) -> None:
        """Enter a delay, which is a number where there is room for others."""
        bounds = {"least": 0.0} if self._room is None else {"least": 0.0, "most": self._room}
        delay = self.value(k, adapter, "delay", adapter.delay, bounds, shared=self._room is None)
        if self._room is not None:
            for place in places:
                self._into.number(self._wired.extra(place), steps, delay, constants=(self._step,))

    def value(
        self,
        k: int,
        adapter: Adapter,
        quantity: str,
        value: float,
        bounds: dict[str, float] | None = None,
        *,
        shared: bool = False,
    ) -> Value:
        """Enter a value of the k-th afferent or efferent."""
        kind, names = (AFFERENTS, self._afferents) if isinstance(adapter, Afferent) else (EFFERENTS, self._efferents)
        return self._into.value(kind, quantity, k, names[k], value, bounds=bounds, label=adapter.label, shared=shared)

    def _ends(
        self, k: int, adapter: Afferent | Efferent, quantity: str, ends: tuple[float, float]
    ) -> tuple[Value, Value]:
        """Enter both ends of a range."""
        low, high = (
            self.value(k, adapter, f"{quantity}_{side}", end) for side, end in zip(("low", "high"), ends, strict=True)
        )
        self._into.check(flat, f"{quantity}_low and {quantity}_high are the same; they must differ", low, high)
        return low, high

    def _curve(self, k: int, adapter: Afferent | Efferent, curve: Gain, place: int) -> None:
        """Enter a curve of four parameters that no other adapter has."""
        if place in self._shared or not isinstance(curve, Polynomial | Sigmoid | Bell):
            return
        for parameter, (quantity, number) in enumerate(zip(CURVES, curve.numbers, strict=True)):
            self._into.number(self._wired.curve(place, parameter), same, self.value(k, adapter, quantity, number))
