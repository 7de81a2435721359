"""Run every benchmark and print what came out."""

import os
import platform
from typing import Any

from sns_mujoco.cli.bench import closed_loop, core, core_report, recording, toolbox
from sns_mujoco.cli.bench.population.report import run_population_benchmarks
from sns_mujoco.cli.bench.printing import run_and_print
from sns_mujoco.models import load

SECONDS = 5.0  # s of simulated time of a measurement
LEAST = 0.1
RECORDED = 0.5  # s at most that are recorded at a time
BATCH = 64
BATCH_SHARE = 0.04  # of the time that one animal lives, for each in a batch
WANTED = {
    "hexapod": {"closed": "at most 1.10", "batched": "at most 1.10", "loop": "at least 3", "brain": "at least 30"},
    "rat_hindlimbs": {"closed": "at most 1.25", "batched": "at most 1.20", "loop": "at least 15"},
}


def run(what: str, *, as_json: bool, repeats: int, seconds: float | None, sizes: str | None, peers: str | None) -> None:
    """Measure an animal or the core, and print.

    Args:
        what: Name of the animal, "core", or "population".
        as_json: JSON and nothing else on standard output.
        repeats: Measurements; medians are taken.
        seconds: Of an animal: simulated time of a measurement; 5 s if left out.
        sizes: Of the core: numbers of neurons, with commas; all if left out.
        peers: Of the core: who is compared, with commas; all if left out.

    Raises:
        ValueError: An option of the core is given for an animal, or the other way round, or a number is out of bounds.
    """
    if what == "core":
        if seconds is not None:
            raise ValueError(f"--seconds is {seconds:g}; it belongs to an animal: leave it out for the core")
        core_report.run_core_benchmarks(as_json=as_json, sizes=sizes, peers=peers, repeats=repeats)
        return
    if what == "population":
        for option, given in (("--seconds", seconds), ("--sizes", sizes), ("--peers", peers)):
            if given is not None:
                raise ValueError(f"{option} is {given!r}; leave it out for the population")
        run_population_benchmarks(as_json=as_json, repeats=repeats)
        return
    for option, given in (("--sizes", sizes), ("--peers", peers)):
        if given is not None:
            raise ValueError(
                f"{option} is {given!r}; it belongs to `sns-mujoco bench core`: leave it out for an animal"
            )
    seconds = SECONDS if seconds is None else seconds
    if not seconds >= LEAST:
        raise ValueError(f"--seconds is {seconds:g}; give at least {LEAST:g}")
    run_benchmarks(what, as_json=as_json, repeats=repeats, seconds=seconds)


def run_benchmarks(name: str, *, as_json: bool, repeats: int, seconds: float) -> None:
    """Measure and print, as a table or as JSON."""

    def remarks(results: dict[str, Any]) -> list[str]:
        missing = "SNS-Toolbox is not installed, so it was not compared: pip install 'sns-mujoco[sns-toolbox]'"
        return [] if results["sns_toolbox"] else [missing]

    run_and_print(lambda say: measure(name, repeats=repeats, seconds=seconds, say=say), rows, remarks, as_json=as_json)


def measure(name: str, *, repeats: int, seconds: float, say: Any = print) -> dict[str, Any]:
    """All numbers, by the names that the report has.

    Args:
        name: Name of the animal.
        repeats: Measurements of each thing.
        seconds: Simulated time of a measurement.
        say: Told what is being measured.
    """
    animal = load(name)
    threads = os.cpu_count() or 1
    say("closed loop over open loop, one animal")
    single = closed_loop.closed_over_open(animal, individuals=1, seconds=seconds, repeats=repeats, threads=1)
    shorter = BATCH_SHARE * seconds
    say(f"closed loop over open loop, a batch of {BATCH}")
    batched = closed_loop.closed_over_open(animal, individuals=BATCH, seconds=shorter, repeats=repeats, threads=threads)
    say("recording over stepping alone")
    recorded = recording.recording_over_stepping(animal, seconds=min(seconds, RECORDED), repeats=repeats)
    results: dict[str, Any] = {
        "animal": name,
        "machine": f"{platform.machine()}, {threads} cores",
        "neural_step_ms": animal.dt,
        "simulated_s": seconds,
        "closed_over_open": single["ratio"],
        "closed_over_open_batched": batched["ratio"],
        "realtime_factor": single["closed_realtime"],
        "realtime_factor_batched": batched["closed_realtime"],
        "brain_us_per_physics_step": single["brain_us_per_step"],
        "recording_over_stepping": recorded["ratio"],
        "recorded_numbers": recorded["numbers"],
        "sns_toolbox": toolbox.available(),
    }
    if toolbox.available():
        say("the same animal around SNS-Toolbox")
        against = closed_loop.against_toolbox(animal, seconds=seconds, repeats=max(2, repeats // 4))
        results["speedup_over_sns_toolbox"] = against["end_to_end"]
        results["speedup_over_sns_toolbox_all_channels_at_once"] = against["end_to_end_all_channels_at_once"]
        results["sns_toolbox_models"] = against["their_models"]
        results["brain_speedup_over_sns_toolbox"] = against["their_brain_us_per_step"] / single["brain_us_per_step"]
    say("the backend alone")
    results["core"] = core.measure(max(3, repeats // 2))
    return results


def rows(results: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Lines of the report: what, how much, and the least or most that is wanted."""
    wanted = WANTED.get(results["animal"], {})
    lines = [
        ("neural step (ms)", f"{results['neural_step_ms']:g}", ""),
        ("closed loop over open loop", f"{results['closed_over_open']:.3f}", wanted.get("closed", "")),
        (f"the same in a batch of {BATCH}", f"{results['closed_over_open_batched']:.3f}", wanted.get("batched", "")),
        ("nervous system, us per physics step", f"{results['brain_us_per_physics_step']:.2f}", ""),
        ("simulated seconds per second", f"{results['realtime_factor']:.1f}", ""),
        (f"the same in a batch of {BATCH}", f"{results['realtime_factor_batched']:.1f}", ""),
        (
            f"recording {results['recorded_numbers']} numbers at 1 kHz over stepping alone",
            f"{results['recording_over_stepping']:.3f}",
            "at most 1.15",
        ),
    ]
    if results["sns_toolbox"]:
        lines += [
            (
                "times faster than SNS-Toolbox, whole loop",
                f"{results['speedup_over_sns_toolbox']:.1f}",
                wanted.get("loop", ""),
            ),
            (
                "the same, its adapters on all channels at once",
                f"{results['speedup_over_sns_toolbox_all_channels_at_once']:.1f}",
                "",
            ),
            (
                "times faster than SNS-Toolbox, nervous system",
                f"{results['brain_speedup_over_sns_toolbox']:.1f}",
                wanted.get("brain", ""),
            ),
        ]
    least = {10: "at least 5", 100: "at least 10", 1000: "at least 300"}
    for neurons, microseconds in results["core"]["call_us"].items():
        lines.append((f"{neurons} neurons, us per call of one step", f"{microseconds:.2f}", ""))
        if neurons in results["core"]["speedup"]:
            ratio = results["core"]["speedup"][neurons]
            lines.append((f"{neurons} neurons, times faster than SNS-Toolbox", f"{ratio:.1f}", least[neurons]))
        per_synapse = results["core"]["ns_per_synapse"][neurons]
        lines.append((f"{neurons} neurons, ns per synapse in one call of many steps", f"{per_synapse:.2f}", ""))
    return lines
