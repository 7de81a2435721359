"""`parameters_of`: the table of parameters of a nervous system inside a model."""

from collections.abc import Iterable

import mujoco
import numpy as np

from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.backends.compiler import compile_network
from sns_mujoco.backends.learnable import Origins
from sns_mujoco.cosim.assembly import Assembled, assemble, room_of
from sns_mujoco.cosim.brain import Brain, find_brains
from sns_mujoco.cosim.parameters.checks import membrane, network_checks
from sns_mujoco.cosim.parameters.collected import Collected
from sns_mujoco.cosim.parameters.columns import Column
from sns_mujoco.cosim.parameters.described import columns, shared_values
from sns_mujoco.cosim.parameters.families import families
from sns_mujoco.cosim.parameters.forms import DELAY, paths_of
from sns_mujoco.cosim.parameters.of_adapters import Adapter, Adapters
from sns_mujoco.cosim.parameters.of_muscles import collect_muscles
from sns_mujoco.cosim.parameters.ratios import Ratio
from sns_mujoco.cosim.parameters.rules import network_rules
from sns_mujoco.cosim.parameters.table import ParameterTable
from sns_mujoco.cosim.parameters.wired import read_wiring
from sns_mujoco.errors import AttachError, unknown_name
from sns_mujoco.muscles import find_muscles
from sns_mujoco.network.network import Network


def parameters_of(
    model: mujoco.MjModel, network: Network, adapters: Iterable[Adapter], *, name: str | None = None
) -> ParameterTable:
    """The parameters of a nervous system inside a model, found by name.

    Args:
        model: A model with the nervous system.
        network: What it was attached from.
        adapters: What it was attached with.
        name: Its name in the model; needed where there are several.

    Raises:
        AttachError: The model has no nervous system, or one of another network or other adapters.
        UnknownNameError: It has none of that name.
        NetworkError: The network itself is wrong.
    """
    brains = find_brains(model)
    if name is None and len(brains) != 1:
        raise AttachError(f"the model has {len(brains)} nervous systems; give the name of one")
    name = next(iter(brains)) if name is None else name
    if name not in brains:
        raise unknown_name("nervous system", name, brains, "the model")
    brain = brains[name]
    if brain.semantics != "textbook":
        raise AttachError(f"parameters are found under textbook semantics only, not {brain.semantics!r}")
    adapters = list(adapters)
    room = room_of(brain.apart, brain.greatest_delay, brain.dt)
    program = compile_network(network, brain.dt, brain.semantics, brain.integrator, room=room)
    assembled = assemble(
        program, network.name, [a for a in adapters if isinstance(a, Afferent)], paths_of(brain.apart),
        electrodes=brain.electrodes.stop > brain.electrodes.start,
    )  # fmt: skip
    first = _checked(model, brain, assembled)

    origins = Origins(network, program, room)
    of = families(origins)
    described = columns(origins, of)
    for column in described.values():
        column.shared = shared_values(column, origins, of) if column.quantity in brain.apart else ~column.shared
    rules = network_rules(origins, of, described, assembled.spots, first)
    every: list[Column | Ratio] = list(described.values())
    if ("populations", "membrane_capacitance") in described:
        over, under = (described["populations", f"membrane_{what}"] for what in ("capacitance", "conductance"))
        every.insert(0, Ratio("time_constant", over, under))
    further = _collected(model, brain, adapters)
    others = further.columns()
    table = ParameterTable(
        [*every, *others.values()],
        [*(rule for of_path in rules.values() for rule in of_path), *further.rules(others)],
        [*network_checks(of, described), *further.checks(others)],
        membrane(origins, of, described, rules),
    )
    _require_same(model, brain, table)
    return table


def _collected(model: mujoco.MjModel, brain: Brain, adapters: list[Adapter]) -> Collected:
    """Values and numbers of muscles and adapters."""
    into = Collected()
    muscles = find_muscles(model)
    collect_muscles(into, model, muscles)
    longest = brain.greatest_delay if DELAY in brain.apart else None
    Adapters(into, adapters, read_wiring(model, brain), model, muscles, longest).enter()
    return into


def _require_same(model: mujoco.MjModel, brain: Brain, table: ParameterTable) -> None:
    """Hold the described values against the numbers of the model.

    Raises:
        AttachError: They are others.
    """
    for rule in table.rules:
        made = rule.make(*(c.values[pick] for c, pick in zip(rule.columns, rule.picks, strict=True)), *rule.constants)
        stored = np.asarray(getattr(model, rule.field)).ravel()[rule.place]
        # files of XML keep six digits
        wrong = np.flatnonzero(~np.isclose(made[rule.source], stored, rtol=1e-4, atol=1e-12))
        if len(wrong):
            column, pick = rule.columns[0], rule.picks[0]
            name = column.names[int(pick[rule.source[wrong[0]]])]
            raise AttachError(
                f"{column.quantity!r} of {name!r} is another one in the nervous system {brain.name!r} of the model; "
                "give the network and the adapters that it was attached from"
            )


def _checked(model: mujoco.MjModel, brain: Brain, assembled: Assembled) -> int:
    """Where the numbers of a nervous system begin in `numeric_data`.

    Raises:
        AttachError: They are not those of this network.
    """
    field = model.numeric(brain.name)
    first = int(model.numeric_adr[field.id])
    same = brain.neuron_names == assembled.program.neuron_names
    stored = np.array(model.numeric_data[first : first + int(model.numeric_size[field.id])])
    fits = same and len(stored) >= len(assembled.numbers)
    # files of XML keep six digits
    if not fits or not np.allclose(stored[: len(assembled.numbers)], assembled.numbers, rtol=1e-4, atol=1e-12):
        raise AttachError(
            f"the nervous system {brain.name!r} in the model is not of this network with these "
            "adapters; give those that it was attached from"
        )
    return first
