"""Efferents resolved against a body and a program: names become places in the flat arrays of `adapters.native`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sns_mujoco.adapters.efferents import Efferent
from sns_mujoco.adapters.motor_pools import TETANUS, MotorPool
from sns_mujoco.adapters.native.layout import (
    MOTOR_NUMBERS,
    MOTOR_WIDTH,
    POOL_WIDTH,
    UNIT_MEMORY,
    UNIT_WIDTH,
    Shape,
    padded,
)
from sns_mujoco.backends.program import Floats, Indices
from sns_mujoco.cosim.clocks import delay_steps
from sns_mujoco.cosim.details import EfferentDetails
from sns_mujoco.cosim.references import ACTUATOR, References
from sns_mujoco.cosim.store import Store
from sns_mujoco.errors import AttachError, unknown_name


@dataclass(slots=True)
class Outputs:
    """Efferents for `adapters.native.driving`, in the shapes of `adapters.native.layout.Tables`."""

    motors: Indices
    gains: Floats
    slots: Indices
    limits: Floats
    pools: Indices
    units: Indices
    details: list[EfferentDetails]


class _Motors:
    """Efferents on their way into arrays."""

    def __init__(self, references: References, store: Store) -> None:
        self.references, self.store = references, store
        self.drivers: dict[str, list[Efferent]] = {}
        self.slots: list[list[int]] = []
        self.limits: list[list[float]] = []
        self.motors: list[list[int]] = []
        self.gains: list[list[float]] = []
        self.pools: list[list[int]] = []
        self.units: list[list[int]] = []

    def slot(self, efferent: Efferent) -> int:
        """Place of the actuator of an efferent among those that are driven."""
        model, label = self.references.model, efferent.label
        control = self.references.control(efferent.drives, label)
        before = self.drivers.setdefault(efferent.drives, [])
        if before and not all(e.combine == "sum" for e in (*before, efferent)):
            raise AttachError(
                f"actuator {efferent.drives!r} is driven by {before[0].label} and by {label}; "
                "give both combine='sum', or use one AntagonistPair"
            )
        if not before:
            bounded = bool(model.actuator_ctrllimited[control])
            place = self.references.place(ACTUATOR, efferent.drives)
            self.references.driven.add(place)
            self.slots.append([place, int(bounded)])
            self.limits.append([0.0, *model.actuator_ctrlrange[control].tolist()])
        before.append(efferent)
        slot = list(self.drivers).index(efferent.drives)
        self.limits[slot][0] += efferent.base
        return slot

    def neurons(self, efferent: Efferent, slot: int, steps: int) -> None:
        """Enter the terms of graded motor neurons."""
        shape = Shape.CURVE if efferent.curve else Shape.SIGMOID if efferent.sigmoid else Shape.RAMP
        room, delay = self.store.line(steps)
        for name, gain in efferent.terms:
            index = self.references.neuron(name, efferent.label)
            self.motors.append([index, slot, shape, room, self.store.curve(efferent.curve), 0, delay])
            self.gains.append([*(efferent.sigmoid or _ramp(efferent)), gain])

    def pool(self, pool: MotorPool, slot: int, steps: int) -> None:
        """Enter a pool, its units, and the one term that its output is."""
        references, store = self.references, self.store
        program, label = references.program, pool.label
        order = {neuron: place for place, neuron in enumerate(program.spiking_neuron.tolist())}
        members: list[int] = []
        for name in pool.names:
            found = references.neurons(name)
            if not found:
                known = dict.fromkeys(n.split("[")[0] for n in program.neuron_names)
                raise unknown_name("neuron or population", name, known, f"network {references.network!r}, for {label}")
            quiet = next((program.neuron_names[i] for i in found if i not in order), None)
            if quiet is not None:
                raise AttachError(f"{label}: {quiet!r} does not spike, so it makes no twitches; use a MotorNeuron")
            members += found
        if len(set(members)) < len(members):
            raise AttachError(f"{label}: a neuron is named twice; name each once")
        times, forces = pool.twitch.per_unit(label, len(members))
        step = 1e3 * references.model.opt.timestep
        first, greatest = len(self.units), TETANUS * float(forces.sum())
        for neuron, time, force in zip(members, times.tolist(), forces.tolist(), strict=True):
            numbers = (math.exp(-step / time), force * math.e * step / time / greatest, time / step)
            self.units.append([order[neuron], store.remember(UNIT_MEMORY), store.keep(numbers)])
        output = store.remember(1)
        self.pools.append([first, len(self.units), output])
        shape = Shape.CURVE if pool.curve else Shape.RAMP
        room, delay = store.line(steps)
        self.motors.append([output, slot, shape, room, store.curve(pool.curve), 1, delay])
        self.gains.append([*_ramp(pool), pool.output[1] - pool.output[0]])


def wire_efferents(
    efferents: Sequence[Efferent], references: References, store: Store, taken: dict[str, str]
) -> Outputs:
    """Resolve efferents; `taken` names the actuators that other nervous systems drive, with theirs."""
    made = _Motors(references, store)
    details = []
    for efferent in efferents:
        slot = made.slot(efferent)
        if efferent.drives in taken:
            raise AttachError(
                f"{efferent.label}: the nervous system {taken[efferent.drives]!r} drives actuator "
                f"{efferent.drives!r} already; one nervous system must own an actuator"
            )
        steps = delay_steps(efferent.delay, references.model.opt.timestep)
        if isinstance(efferent, MotorPool):
            made.pool(efferent, slot, steps)
        else:
            made.neurons(efferent, slot, steps)
        details.append(_details(efferent, steps))
    gains = np.zeros((MOTOR_NUMBERS, padded(len(made.gains))))
    gains[:, : len(made.gains)] = np.reshape(made.gains, (-1, MOTOR_NUMBERS)).T
    return Outputs(
        motors=np.array(made.motors, np.uint32).reshape(-1, MOTOR_WIDTH),
        gains=gains,
        slots=np.array(made.slots, np.uint32).reshape(-1, 2).T.copy(),
        limits=np.array(made.limits, float).reshape(-1, 3).T.copy(),
        pools=np.array(made.pools, np.uint32).reshape(-1, POOL_WIDTH),
        units=np.array(made.units, np.uint32).reshape(-1, UNIT_WIDTH),
        details=details,
    )


def _ramp(efferent: Efferent) -> tuple[float, float]:
    lo, hi = efferent.range
    return lo, 1.0 / (hi - lo)


def _details(efferent: Efferent, steps: int) -> EfferentDetails:
    ramp = efferent.curve is None and efferent.sigmoid is None
    return EfferentDetails(
        label=efferent.label,
        kind=type(efferent).__name__,
        terms=efferent.terms,
        drives=efferent.drives,
        base=efferent.base,
        range=efferent.range if ramp else None,
        sigmoid=efferent.sigmoid,
        curve=None if efferent.curve is None else repr(efferent.curve),
        combine=efferent.combine,
        delay=efferent.delay,
        delay_steps=steps,
    )
