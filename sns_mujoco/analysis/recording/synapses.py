"""Conductances and currents of synapses, on request: from recorded potentials, and from the state of spiking ones.

A graded synapse's conductance follows from the presynaptic potential alone (`backends.program`, step 2), a spiking
one's is a state; the current of both is g (E - V) of the postsynaptic potential, all at the time of the sample.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.recording.groups import Group
from sns_mujoco.backends.compiler import compile_network
from sns_mujoco.backends.state import StateLayout
from sns_mujoco.cosim.assembly import room_of
from sns_mujoco.cosim.brain import Brain
from sns_mujoco.cosim.parameters import parameters_of
from sns_mujoco.errors import RecordingError

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]
NAMES = ("synaptic_conductance", "synaptic_current")
GRADED, SPIKING = 0.0, 1.0
LESIONS = ("Cut", "Scale")  # items of a protocol that change conductances


def asked_for(patterns: Iterable[str]) -> bool:
    """Whether patterns of variables mean conductances or currents of synapses."""
    return any(fnmatchcase(name, pattern.partition(":")[0]) for name in NAMES for pattern in patterns)


def of_synapses(model: mujoco.MjModel, brains: dict[str, Brain], animal: "Animal | None") -> list[Group]:
    """Conductances and currents of all graded and spiking conductance synapses of an animal.

    Args:
        model: Its model.
        brains: Its nervous systems.
        animal: What it is: its network says which synapses there are.

    Raises:
        RecordingError: The network is not known, or there are several nervous systems.
        AttachError: The model's numbers are no longer those of the animal's network.
    """
    if animal is None or len(brains) != 1:
        raise RecordingError(
            "conductances and currents of synapses need one nervous system whose network is known; record an animal's "
            "simulation, as animal.simulation() makes it, or give animal=..."
        )
    (brain,) = brains.values()
    network = animal.network()
    parameters_of(model, network, animal.adapters(), name=brain.name)  # refuses a model with other numbers
    room = room_of(brain.apart, brain.greatest_delay, brain.dt)
    program = compile_network(network, brain.dt, brain.semantics, brain.integrator, room=room)
    layout = StateLayout.of(program)
    start, graded = brain.state.start, len(program.graded_source)
    post = np.concatenate([_targets(program.graded_row), _targets(program.spiking_row)])
    source = np.concatenate(
        [program.graded_source.astype(np.int64), layout.conductance.start + np.arange(len(program.spiking_source))]
    )
    none = np.zeros(len(program.spiking_source))
    numbers = np.stack(
        [
            np.repeat([GRADED, SPIKING], [graded, len(none)]),
            np.concatenate([program.graded_conductance, none]),
            np.concatenate([program.graded_e_lo, none]),
            np.concatenate([program.graded_e_hi, none + 1.0]),
            np.concatenate([program.graded_reversal, program.spiking_reversal]),
        ],
        axis=1,
    )
    places = start + np.stack([source, post], axis=1).reshape(-1)
    labels = tuple(program.synapse_names)
    about = {"dimension": "connection", "labels": labels, "field": "plugin_state", "places": places, "reads": 2}
    return [
        Group(
            name="synaptic_conductance", unit="uS", meaning="conductance of the synapse", numbers=numbers,
            finish_with=_conductance, **about,
        ),
        Group(
            name="synaptic_current", unit="nA", meaning="current through the synapse into its neuron", numbers=numbers,
            finish_with=_current, **about,
        ),
    ]  # fmt: skip


def _targets(row: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The neuron of each entry, by the slices of all neurons."""
    return np.repeat(np.arange(len(row) - 1), np.diff(row.astype(np.int64)))


def _conductance(columns: Floats, numbers: Floats) -> Floats:
    source = columns[..., ::2]
    kind, greatest, low, high, _ = numbers.T
    return np.where(kind == GRADED, greatest * np.clip((source - low) / (high - low), 0.0, 1.0), source)


def _current(columns: Floats, numbers: Floats) -> Floats:
    return _conductance(columns, numbers) * (numbers[:, 4] - columns[..., 1::2])
