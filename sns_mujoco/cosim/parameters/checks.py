"""What values must not be together: ramps without width, weights beyond their bounds, membranes too fast for a step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sns_mujoco.backends.learnable import Origins
from sns_mujoco.cosim.parameters.columns import Column, Floats, Places
from sns_mujoco.cosim.parameters.families import Family
from sns_mujoco.cosim.parameters.rules import Rule, too_fast

ROUNDING = 1e-9  # by which `backends.stability` lets a step go beyond its limit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Check:
    """Values of several quantities that must fit together.

    Attributes:
        columns: The quantities.
        picks: Which value of each column belongs to each thing that is looked at [n] each.
        wrong: Tells where values [..., n] of the columns do not fit.
        text: What is wrong then, and what is allowed.
    """

    columns: tuple[Column, ...]
    picks: tuple[Places, ...]
    wrong: Callable[..., np.ndarray]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    family: str
    quantities: tuple[str, ...]
    wrong: Callable[..., np.ndarray]
    text: str


_PAIRS = (
    _Pair(
        family="graded", quantities=("e_lo", "e_hi", "max_conductance"), wrong=lambda lo, hi, g: (lo == hi) & (g != 0),
        text="e_lo and e_hi are the same; give the ramp a width",
    ),
    _Pair(
        family="weighted", quantities=("e_lo", "e_hi", "weight"), wrong=lambda lo, hi, w: (lo == hi) & (w != 0),
        text="e_lo and e_hi are the same; give the curve a width",
    ),
    _Pair(
        family="weighted", quantities=("post_lo", "post_hi"), wrong=lambda lo, hi: lo == hi,
        text="post_lo and post_hi are the same; give the activity a width",
    ),
    _Pair(
        family="spiking", quantities=("time_constant", "max_conductance"), wrong=lambda tau, g: (tau == 0) & (g != 0),
        text="time_constant is 0; it must be more than 0",
    ),
    _Pair(
        family="event", quantities=("rise_time", "time_constant"), wrong=lambda rise, tau: rise > tau,
        text="rise_time is longer than time_constant; exchange them, which makes the same curve",
    ),
    _Pair(
        family="spiking", quantities=("transmission_delay",), wrong=lambda steps: steps != np.round(steps),
        text="transmission_delay is no whole number of steps; give one",
    ),
    *(
        _Pair(
            family=family, quantities=("w_min", "weight", "w_max"), wrong=lambda lo, w, hi: (lo > w) | (w > hi),
            text="the weight is beyond its bounds; w_min <= weight <= w_max must hold",
        )
        for family in ("weighted", "event")
    ),
)  # fmt: skip


def network_checks(families: Mapping[str, Family], columns: Mapping[tuple[str, str], Column]) -> list[Check]:
    """The checks of a network."""
    found = []
    for pair in _PAIRS:
        family = families[pair.family]
        taken = [columns.get((family.kind, quantity)) for quantity in pair.quantities]
        there = [column for column in taken if column is not None]
        if len(there) < len(taken):
            continue
        picks = [column.at(family.owner, family.cell) for column in there]
        entries = np.flatnonzero(np.all([pick >= 0 for pick in picks], axis=0))
        if len(entries):
            found.append(
                Check(
                    columns=tuple(there),
                    picks=tuple(pick[entries] for pick in picks),
                    wrong=pair.wrong,
                    text=pair.text,
                )
            )
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Membrane:
    """What forward Euler asks of membranes: dt / C times all conductances when open, at most 2; see `stability.py`.

    Attributes:
        factor: Makes dt / C.
        neuron: Neuron of each of its numbers.
        terms: Make conductances; each with the neuron of every number, and how much it counts.
        names: Names of the neurons.
        dt: Neural step, ms.
    """

    factor: Rule
    neuron: Places
    terms: tuple[tuple[Rule, Places, float], ...]
    names: tuple[str, ...]
    dt: float

    def refusal(self, neuron: int, share: float) -> str:
        """What is said of a neuron that would need a shorter step."""
        return too_fast(f"membrane of {self.names[neuron]!r}", self.dt, share)


_CONDUCTANCES = {
    "leak_conductance": 1.0, "graded_conductance": 1.0, "spiking_conductance": 1.0, "junction_conductance": 2.0,
    "channel_conductance": 1.0,
}  # fmt: skip


def membrane(
    origins: Origins,
    families: Mapping[str, Family],
    columns: Mapping[tuple[str, str], Column],
    rules: Mapping[str, list[Rule]],
) -> Membrane | None:
    """What forward Euler asks of the membranes of a network; None where no step is refused, or none has a membrane."""
    program = origins.program
    if program.exponential or "membrane_factor" not in rules:
        return None
    terms = [(rule, _target(rule), weight) for path, weight in _CONDUCTANCES.items() for rule in rules.get(path, ())]
    terms += _weighted(origins, families["weighted"], columns)
    factor = rules["membrane_factor"][0]
    return Membrane(
        factor=factor, neuron=_target(factor), terms=tuple(terms), names=program.neuron_names, dt=program.dt
    )


def _target(rule: Rule) -> Places:
    assert rule.target is not None
    return rule.target


def _weighted(
    origins: Origins, family: Family, columns: Mapping[tuple[str, str], Column]
) -> list[tuple[Rule, Places, float]]:
    """The conductances of weighted synapses: the greatest ones that they may learn."""
    weight, most = columns.get(("connections", "weight")), columns.get(("connections", "w_max"))
    driving = origins.program.weighted.driving == 1
    if weight is None or family.target is None:
        return []
    picks = weight.at(family.owner, family.cell)
    limits = np.full(len(family), -1) if most is None else most.at(family.owner, family.cell)
    terms = []
    nowhere = np.empty(0, np.int64)
    for learns in (False, True):
        entries = np.flatnonzero(driving & ((limits >= 0) == learns))
        if len(entries):
            rule = Rule(
                columns=(weight, most) if learns and most is not None else (weight,),
                picks=(picks[entries], limits[entries]) if learns else (picks[entries],),
                make=_greatest, source=nowhere, place=nowhere, target=family.target[entries],
            )  # fmt: skip
            terms.append((rule, family.target[entries], 1.0))
    return terms


def _greatest(*values: Floats) -> Floats:
    return values[0] if len(values) == 1 else np.maximum(*values)
