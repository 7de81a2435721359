"""The whole comparison of cores: every size, both networks, both modes, all peers, and what ours costs alone."""

import os
import platform
from collections.abc import Collection, Sequence
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sns_mujoco.cli.bench import costs, networks, ours, torch_batch
from sns_mujoco.cli.bench.environments import PeerFailed, Say
from sns_mujoco.cli.bench.peers import KEYS, PEERS, Peer
from sns_mujoco.cli.bench.sweep import OURS, compare
from sns_mujoco.errors import NetworkError, unknown_name

SIZES = (10, 100, 1000, 10_000, 100_000)
BUDGET = 0.06  # s, roughly, of one measurement of ours
RATED = 200.0  # ms over which the rate of the spiking networks is taken
RATE = (30.0, 50.0)  # Hz
SPIKING_SIZE = 10_000
TOOLBOX_SIZE = 1000
DRAW = {"nonspiking": networks.nonspiking, "spiking": networks.spiking}

Rows = Sequence[dict[str, Any]]


def chosen_sizes(text: str | None) -> tuple[int, ...]:
    """Numbers of neurons from a list with commas; the usual ones from None.

    Raises:
        NetworkError: One is not a whole number of 10 or more, the least that has ten synapses a neuron.
    """
    if text is None:
        return SIZES
    sizes = []
    for part in text.split(","):
        if not part.strip().isdigit() or int(part) < networks.SYNAPSES_PER_NEURON:
            least = networks.SYNAPSES_PER_NEURON
            raise NetworkError(f"--sizes has {part.strip()!r}; give whole numbers of {least} or more, with commas")
        sizes.append(int(part))
    return tuple(sorted(set(sizes)))


def chosen_peers(text: str | None) -> tuple[Peer, ...]:
    """Peers from a list of their keys with commas; "all" (or None), or "none".

    Raises:
        UnknownNameError: There is no such peer.
    """
    if text is None or text in ("all", "none"):
        return () if text == "none" else PEERS
    keys = [part.strip() for part in text.split(",")]
    for key in keys:
        if key not in KEYS:
            raise unknown_name("peer", key, (*KEYS, "all", "none"), "--peers")
    return tuple(peer for peer in PEERS if peer.key in keys)


def measure(
    *, sizes: Sequence[int], peers: Collection[Peer], repeats: int, budget: float = BUDGET, say: Say = print
) -> dict[str, Any]:
    """All numbers, by the names that the report has.

    Args:
        sizes: Numbers of neurons.
        peers: Who is compared; those without an interpreter that can import them get an environment.
        repeats: Rounds; medians are taken.
        budget: Roughly how long one measurement of ours takes, s.
        say: Told what is going on.
    """
    told: dict[str, Any] = {peer.name: {"version": None, "checks": {}, "reasons": {}} for peer in peers}
    interpreters = _interpreters(peers, told, say)
    rows: list[dict[str, Any]] = []
    rates = {}
    with TemporaryDirectory(prefix="sns-mujoco-bench-") as folder:
        for kind, neurons in product(DRAW, sizes):
            drawn = DRAW[kind](neurons)
            if kind == "spiking":
                rates[neurons] = rate(drawn)
            case = compare(drawn, interpreters, folder=Path(folder), repeats=repeats, budget=budget, say=say)
            rows += case.rows
            for name, version in case.versions.items():
                told[name]["version"] = version
            for name, check in case.checks.items():
                told[name]["checks"][f"{kind} {neurons}"] = check
            for name, reason in case.failures.items():
                told[name]["reasons"][f"{kind} {neurons}"] = reason
    say("batches, compilation, memory, real time")
    alone = _alone(sizes, repeats, budget)
    say("a batch of 1,024 networks in torch")
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "clock": "processor time of one core; wall time for compilation, real time and torch",
        "dt_ms": networks.DT,
        "synapses_per_neuron": networks.SYNAPSES_PER_NEURON,
        "sizes": list(sizes),
        "repeats": repeats,
        **summary(rows),
        **alone,
        "spiking_rate_hz": rates,
        "torch": torch_batch.measure(repeats=repeats, budget=5 * budget),
        "peers": told,
        "table": rows,
    }


def rate(drawn: networks.Drawn) -> float:
    """Mean rate of a spiking network, Hz; what is compared at another one would be another task."""
    steps = round(RATED / drawn.dt)
    _, spikes = ours.reference(drawn, steps)
    hertz = spikes / drawn.neurons / RATED * 1e3
    assert RATE[0] <= hertz <= RATE[1], f"{drawn.neurons} neurons spike at {hertz:.1f} Hz"
    return hertz


def summary(rows: Rows) -> dict[str, float | None]:
    """What a table comes down to; None where the sizes or peers that it takes are missing.

    Args:
        rows: As `sweep.Comparison` has them, of all cases.
    """
    nonspiking = [row for row in rows if row["network"] == "nonspiking"]
    spiking = [row for row in rows if row["network"] == "spiking"]
    ours_open = [row for row in rows if row["simulator"] == OURS and row["mode"] == "open"]
    middle = [r["ns_per_synapse"] for r in ours_open if r["network"] == "nonspiking" and 1000 <= r["neurons"] <= 10_000]
    events = [r["ns_per_synapse"] for r in ours_open if r["network"] == "spiking" and r["neurons"] == SPIKING_SIZE]
    smallest = {(r["network"], r["mode"], r["simulator"]): r for r in rows if r["neurons"] == 10}
    call = smallest.get(("nonspiking", "closed", OURS))
    toolbox = [r["ratio"] for r in rows if r["simulator"] == "SNS-Toolbox" and r["neurons"] >= TOOLBOX_SIZE]
    return {
        "nonspiking_ns_per_synapse": max(middle, default=None),
        "spiking_ns_per_synapse": max(events, default=None),
        "call_overhead_us": call["us_per_step"] if call else None,
        "best_peer_ratio_open": least_ratio(nonspiking, "open"),
        "best_peer_ratio_closed": least_ratio(nonspiking, "closed"),
        "best_peer_ratio_closed_to_100": least_ratio(nonspiking, "closed", most=100),
        "best_peer_ratio_closed_from_1000": least_ratio(nonspiking, "closed", least=1000),
        "spiking_best_peer_ratio_open": least_ratio(spiking, "open"),
        "spiking_best_peer_ratio_closed": least_ratio(spiking, "closed"),
        "sns_toolbox_ratio": min(toolbox, default=None),
    }


def least_ratio(rows: Rows, mode: str, *, least: int = 0, most: int = 10**9) -> float | None:
    """The smallest ratio of a peer to ours, over peers and sizes; None without peers."""
    ratios = (
        row["ratio"]
        for row in rows
        if row["mode"] == mode and row["simulator"] != OURS and least <= row["neurons"] <= most
    )
    return min(ratios, default=None)


def _interpreters(peers: Collection[Peer], told: dict[str, Any], say: Say) -> dict[Peer, Path]:
    """An interpreter for each peer that there can be one for; the others are told why not."""
    found: dict[Peer, Path] = {}
    for peer in peers:
        try:
            found[peer] = peer.environment.python(say)
        except PeerFailed as failure:
            told[peer.name]["reasons"]["all"] = str(failure)
    return found


def _alone(sizes: Sequence[int], repeats: int, budget: float) -> dict[str, Any]:
    """What is measured of ours without anyone beside it; large things only where large sizes are asked for."""
    memory = {n: costs.bytes_per_synapse(n) for n in sizes if n >= 1000}
    large = costs.LARGE in sizes
    return {
        "batched_ns_per_synapse": costs.batched_ns_per_synapse(min(1000, max(sizes)), repeats=repeats, budget=budget),
        "compile_seconds": costs.compile_seconds(repeats) if costs.COMPILED in sizes else None,
        "bytes_per_synapse": memory,
        "realtime_factor": {
            kind: costs.realtime_factor(kind, costs.LARGE, repeats=repeats, budget=budget) if large else None
            for kind in DRAW
        },
    }
