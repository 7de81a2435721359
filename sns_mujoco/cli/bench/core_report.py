"""`sns-mujoco bench core`: the comparison as tables, what is wanted beside what was measured, or as JSON."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from sns_mujoco.cli.bench.core_suite import chosen_peers, chosen_sizes, measure
from sns_mujoco.cli.bench.sweep import OURS

TITLES = {"nonspiking": "non-spiking", "spiking": "integrate-and-fire at about 40 Hz"}
MODES = {"open": "many steps in one call", "closed": "one call a step, new input"}


class Wanted(NamedTuple):
    """A line of the report: what, under which key of the results, and the bound that is wanted."""

    what: str
    key: tuple[str, ...]
    bound: float
    least: bool = True
    unit: str = ""

    def value(self, results: dict[str, Any]) -> float | None:
        """What was measured; None where it was not."""
        value: Any = results
        for part in self.key:
            value = value[part]
        return value

    def met(self, value: float) -> bool:
        """Whether that is enough."""
        return value >= self.bound if self.least else value <= self.bound


WANTED = (
    Wanted("non-spiking, 1,000 to 10,000 neurons, ns per synapse", ("nonspiking_ns_per_synapse",), 0.8, False),
    Wanted("spiking, 10,000 neurons, ns per synapse", ("spiking_ns_per_synapse",), 0.15, False),
    Wanted("64 states in one batch, ns per synapse and state", ("batched_ns_per_synapse",), 0.15, False),
    Wanted("one call of 10 neurons, us", ("call_overhead_us",), 2.5, False),
    Wanted("non-spiking, over the best peer, open loop", ("best_peer_ratio_open",), 2.5),
    Wanted("the same, one call a step, up to 100 neurons", ("best_peer_ratio_closed_to_100",), 3.0),
    Wanted("the same, one call a step, from 1,000 neurons", ("best_peer_ratio_closed_from_1000",), 4.5),
    Wanted("spiking, over the best peer, open loop", ("spiking_best_peer_ratio_open",), 1.0),
    Wanted("the same, one call a step", ("spiking_best_peer_ratio_closed",), 1.0),
    Wanted("over SNS-Toolbox, from 1,000 neurons", ("sns_toolbox_ratio",), 500.0),
    Wanted("compilation of 10,000 neurons, s", ("compile_seconds",), 1.0, False),
    Wanted("100,000 neurons, 1 ms steps, over real time", ("realtime_factor", "nonspiking"), 1.0),
    Wanted("the same, spiking", ("realtime_factor", "spiking"), 1.0),
)


def run_core_benchmarks(*, as_json: bool, sizes: str | None, peers: str | None, repeats: int) -> None:
    """Measure and print.

    Args:
        as_json: JSON and nothing else on standard output.
        sizes: Numbers of neurons, with commas.
        peers: Keys of the simulators that are compared, with commas; "all" or "none".
        repeats: Rounds; medians are taken.

    Raises:
        NetworkError: A size is none.
        UnknownNameError: There is no such peer.
    """
    neurons, others = chosen_sizes(sizes), chosen_peers(peers)
    console = Console(stderr=as_json)
    with console.status("measuring") as status:
        results = measure(sizes=neurons, peers=others, repeats=repeats, say=status.update)
    if as_json:
        print(json.dumps(results, indent=2))
    else:
        for part in report(results):
            console.print(part)


def report(results: dict[str, Any]) -> Iterator[Table | str]:
    """The tables and lines that are printed."""
    yield _wanted(results)
    yield f"\n{results['machine']}; {results['clock']}; medians of {results['repeats']}"
    for kind, mode in ((kind, mode) for kind in TITLES for mode in MODES):
        yield f"\n[bold]{TITLES[kind]}, {MODES[mode]}[/]: us a step (times ours)"
        yield _times(results, kind, mode)
    yield ""
    yield from _further(results)
    for name, peer in results["peers"].items():
        for reason in dict.fromkeys(peer["reasons"].values()):
            cases = ", ".join(case for case, why in peer["reasons"].items() if why == reason)
            yield f"{name}, {cases}: {reason}"


def _wanted(results: dict[str, Any]) -> Table:
    table = _table("measured", "value", "wanted")
    for line in WANTED:
        value = line.value(results)
        bound = f"at {'least' if line.least else 'most'} {line.bound:g}"
        if value is None:
            table.add_row(line.what, "not measured", bound)
        else:
            colour = "green" if line.met(value) else "red"
            table.add_row(line.what, f"[{colour}]{value:.3g}[/]", bound)
    return table


def _times(results: dict[str, Any], kind: str, mode: str) -> Table:
    """Microseconds a step of every simulator, and how many times ours that is."""
    sizes = results["sizes"]
    table = _table("", *(f"{n:,}" for n in sizes))
    cells: dict[str, dict[int, str]] = {}
    for row in results["table"]:
        if (row["network"], row["mode"]) == (kind, mode):
            times = "" if row["simulator"] == OURS else f" ({row['ratio']:.1f})"
            cells.setdefault(row["simulator"], {})[row["neurons"]] = f"{row['us_per_step']:.4g}{times}"
    for simulator, by_size in cells.items():
        table.add_row(simulator, *(by_size.get(n, "-") for n in sizes))
    return table


def _further(results: dict[str, Any]) -> Iterator[str]:
    rates = ", ".join(f"{rate:.1f}" for rate in results["spiking_rate_hz"].values())
    yield f"the spiking networks fire at {rates} Hz"
    for neurons, memory in results["bytes_per_synapse"].items():
        held, peak = memory["held"], memory["peak"]
        yield f"{neurons:,} neurons hold {held:.0f} bytes per synapse, {peak:.0f} while they are compiled"
    torch = results["torch"]
    what = f"{torch['networks']:,} networks of {torch['neurons']} neurons"
    yield f"{what}, numba on {torch['threads']} threads: {torch['numba']:.3g} steps of networks a second"
    for place in ("cpu", "cuda"):
        rates = torch[place]
        if isinstance(rates, str):
            yield f"{what}, {place}: {rates}"
            continue
        for name, rate in rates.items():
            line = f"{what}, {place}, {name}: {rate['per_second']:.3g}, {rate['over_numba']:.2g} times numba"
            if "bandwidth_share" in rate:
                line += f", {100 * rate['bandwidth_share']:.1f} % of the bandwidth of its memory"
            yield line


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first)
    for title in others:
        table.add_column(title, justify="right")
    return table
