"""The arrays of a `Program` that describe event synapses: where they arrive, and how they change."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.edges import Columns, Edges
from sns_mujoco.backends.factors import kept
from sns_mujoco.backends.families import NONE, Events, Plastic, ShortTerm
from sns_mujoco.errors import NetworkError, unknown_name
from sns_mujoco.network.network import Network
from sns_mujoco.network.plasticity import RewardSTDP, TripletSTDP

Places = NDArray[np.int64]


def order_of_events(edges: Edges) -> Places:
    """Event synapses sorted by source, then by delay."""
    return np.lexsort((edges.values["delay"], edges.source))


def event_arrays(
    network: Network,
    edges: Edges,
    receptor: Places,
    spiking_index: Places,
    neuron_names: Sequence[str],
    dt: float,
    *,
    exponential: bool,
) -> dict[str, Any]:
    """Events, short-term plasticity and learning.

    Args:
        network: The network.
        edges: Its event synapses, sorted as in the program.
        receptor: The receptor of each.
        spiking_index: Which spiking neuron each neuron is [N], and -1 for those that never spike.
        neuron_names: Names of the neurons.
        dt: Neural step, ms.
        exponential: Whether what decays does so exactly.

    Raises:
        NetworkError: A synapse is to learn from the spikes of a neuron that never spikes, or has no modulator.
        UnknownNameError: A modulator does not exist.
    """
    short, short_place = _with(network, edges, "short_term")
    plastic, plastic_place = _with(network, edges, "plasticity")
    spiking = int((spiking_index >= 0).sum())
    outgoing = np.bincount(spiking_index[edges.source], minlength=spiking)
    events = Events(
        row=np.append(0, np.cumsum(outgoing)).astype(np.uint32),
        receptor=receptor.astype(np.uint32),
        weight=edges.values["weight"],
        delay=edges.values["delay"].astype(np.uint32),
        short_term=short_place,
        plastic=plastic_place,
    )
    return {
        "events": events,
        "short_term": _short_term(network, edges.take(short), dt, exponential=exponential),
        "plastic": _plastic(network, edges, plastic, spiking_index, neuron_names, dt, exponential=exponential),
    }


def _with(network: Network, edges: Edges, part: str) -> tuple[Places, NDArray[np.uint32]]:
    """Places of the synapses that have some kind of plasticity, and the place of each synapse among them, or NONE."""
    has = np.array([_synapse(wire.kind, part) is not None for wire in network.connections], bool)
    which = np.flatnonzero(has[edges.owner]) if len(edges.owner) else np.empty(0, np.int64)
    place = np.full(len(edges.owner), NONE, np.uint32)
    place[which] = np.arange(len(which))
    return which, place


def _synapse(kind: Any, part: str) -> Any:
    """The description of a kind of plasticity that an event synapse has, or None."""
    if kind.family != "event":
        return None
    return getattr(kind.synapse if kind.layout == "list" else kind, part)


def _columns(network: Network, edges: Edges) -> Columns:
    owners = np.unique(edges.owner).tolist()
    return Columns(edges, {index: network.connections[index].kind.columns for index in owners})


def _short_term(network: Network, edges: Edges, dt: float, *, exponential: bool) -> ShortTerm:
    columns = _columns(network, edges)
    return ShortTerm(
        use=columns["U"],
        facilitation=kept(columns["tau_facilitation"], dt, exponential=exponential),
        depression=kept(columns["tau_depression"], dt, exponential=exponential),
        initial_use=columns["initial_u"],
        initial_resource=columns["initial_x"],
    )


def _plastic(
    network: Network,
    edges: Edges,
    which: Places,
    spiking_index: Places,
    neuron_names: Sequence[str],
    dt: float,
    *,
    exponential: bool,
) -> Plastic:
    """Event synapses that learn; `which` says which of the edges do."""
    edges = edges.take(which)
    columns = _columns(network, edges)
    rules = {
        index: _synapse(network.connections[index].kind, "plasticity") for index in np.unique(edges.owner).tolist()
    }
    post = spiking_index[edges.target]
    if (post < 0).any():
        wire = network.connections[edges.owner[np.argmax(post < 0)]]
        silent = network.populations[wire.destination].name
        raise NetworkError(
            f"connection {wire.name!r}: it is to learn from the spikes of {silent!r}, which never spikes; use a "
            "spiking neuron, or no plasticity"
        )
    triplet, rewarded = (_are(edges, rules, kind) for kind in (TripletSTDP, RewardSTDP))

    def where(mask: NDArray[np.bool_], name: str, default: float) -> NDArray[np.float64]:
        """A parameter that some rules have."""
        values = np.full(len(mask), default)
        values[mask] = _columns(network, edges.take(mask))[name]
        return values

    return Plastic(
        event=which.astype(np.uint32),
        post=post.astype(np.uint32),
        amplitude_pre=columns["a_pre"],
        amplitude_post=columns["a_post"],
        triplet_pre=where(triplet, "a_pre_triplet", 0.0),
        triplet_post=where(triplet, "a_post_triplet", 0.0),
        keep_pre=kept(columns["tau_pre"], dt, exponential=exponential),
        keep_post=kept(columns["tau_post"], dt, exponential=exponential),
        keep_slow_pre=kept(where(triplet, "tau_pre_slow", 0.0), dt, exponential=exponential),
        keep_slow_post=kept(where(triplet, "tau_post_slow", 0.0), dt, exponential=exponential),
        lowest=columns["w_min"],
        highest=columns["w_max"],
        modulator=_modulators(network, edges, rules, neuron_names),
        keep_eligibility=kept(where(rewarded, "tau_eligibility", 0.0), dt, exponential=exponential),
        reward_rate=dt * where(rewarded, "rate", 0.0),
    )


def _are(edges: Edges, rules: dict[int, Any], kind: type) -> NDArray[np.bool_]:
    """Which edges have one kind of rule."""
    table = np.zeros(max(rules, default=0) + 1, bool)
    for index, rule in rules.items():
        table[index] = isinstance(rule, kind)
    return table[edges.owner]


def _modulators(
    network: Network, edges: Edges, rules: dict[int, Any], neuron_names: Sequence[str]
) -> NDArray[np.uint32]:
    """The neuron whose potential rewards each edge, or NONE."""
    table = np.full(max(rules, default=0) + 1, NONE, np.uint32)
    places: dict[str, int] = {}
    for index, rule in rules.items():
        if isinstance(rule, RewardSTDP):
            places = places or {name: place for place, name in enumerate(neuron_names)}
            if rule.modulator not in places:
                name = network.connections[index].name
                raise unknown_name(
                    "neuron", rule.modulator, places, f"network {network.name!r}, as modulator of connection {name!r}"
                )
            table[index] = places[rule.modulator]
    return table[edges.owner]
