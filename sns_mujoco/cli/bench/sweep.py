"""Every simulator on the same drawn network, timed in turns: ours, the first peer, the second, and again.

All run on one thread and are timed by the processor time they take: Brian2's compiled programs time themselves so, and
on a machine that others use, too, wall times beside that would flatter them.
"""

import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.backends.model import Model
from sns_mujoco.cli.bench import ours
from sns_mujoco.cli.bench.environments import PeerFailed, Say
from sns_mujoco.cli.bench.networks import Drawn
from sns_mujoco.cli.bench.peers import Peer
from sns_mujoco.cli.bench.process import Process
from sns_mujoco.cli.bench.timing import measured_in_turns, seconds_of

MODES = ("open", "closed")
OURS = "sns-mujoco"
PEERS_FOLDER = Path(__file__).parent / "peers"
PATIENCE = 600.0  # s for one answer: building a network of 100,000 neurons takes some a while
SETTLED = 500  # steps after which the potentials of the non-spiking networks have come to rest
SAME_POTENTIAL, SAME_RATE = 0.05, 0.03  # mV, and share of the rate, within which two networks are the same


@dataclass(slots=True)
class Comparison:
    """One network on every simulator.

    Attributes:
        rows: A row for each simulator and mode: microseconds a step, ratio to ours.
        checks: For each peer, how far its network is from ours.
        failures: For each peer that could not take part, the reason.
        versions: Versions of the peers.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    checks: dict[str, dict[str, float]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)


def compare(
    drawn: Drawn, peers: Mapping[Peer, Path], *, folder: Path, repeats: int, budget: float, say: Say
) -> Comparison:
    """Time one network in both modes.

    Args:
        drawn: The network.
        peers: Who else runs it, each with its interpreter.
        folder: Where peers find the network and build their programs; what is built for one network may save work for
            the next of its kind.
        repeats: Rounds.
        budget: Roughly how long one measurement of ours takes, s; a peer's takes up to four times as long.
        say: Told what is going on.

    Returns:
        Medians, and medians of ratios within rounds.
    """
    result = Comparison()
    tasks: dict[tuple[str, str], OurTask | PeerTask] = {
        (OURS, mode): OurTask(ours.on_one_thread(drawn, ports=mode == "closed"), mode, drawn.inputs, budget)
        for mode in MODES
    }

    def note(task: tuple[str, str], why: Exception) -> None:
        result.failures[task[0]] = str(why)

    with ExitStack() as running:
        case = folder / "network.npz"
        drawn.save(case, built_steps=tasks[OURS, "open"].steps)
        for peer, python in peers.items():
            modes = peer.modes(drawn.kind)
            if modes and drawn.neurons > peer.largest:
                result.failures[peer.name] = f"not asked beyond {peer.largest:,} neurons: {peer.limit}"
            elif modes:
                say(f"{drawn.neurons:,} {drawn.kind} neurons: building in {peer.name}")
                try:
                    process = Process(
                        python, PEERS_FOLDER / f"{peer.script}.py", case, peer.options, folder=folder, patience=PATIENCE
                    )
                    running.callback(process.close)
                    result.versions[peer.name] = process.version
                    result.checks[peer.name] = check(drawn, process, folder)
                    tasks |= {(peer.name, mode): PeerTask(process, mode, 4 * budget) for mode in modes}
                except PeerFailed as failure:
                    result.failures[peer.name] = str(failure)
        say(f"{drawn.neurons:,} {drawn.kind} neurons: measuring")
        times = measured_in_turns(tasks, repeats, failure=PeerFailed, failed=note)
    result.rows = list(_rows(drawn, times))
    return result


class OurTask:
    """Processor seconds for a step of ours, measured over a number of steps."""

    def __init__(self, model: Model, mode: str, inputs: NDArray[np.float64], budget: float) -> None:
        """Choose the number of steps by a short trial."""
        self._model, self._closed, self._rows = model, mode == "closed", list(inputs)
        self.steps = 16
        self()
        self.steps = _steps_for(budget, self())

    def __call__(self) -> float:
        """Measure."""
        if not self._closed:
            return seconds_of(lambda: self._model.run(self.steps), time.process_time) / self.steps
        model, rows = self._model, [self._rows[k % len(self._rows)] for k in range(self.steps)]

        def loop() -> None:
            for x in rows:
                model(x)

        return seconds_of(loop, time.process_time) / self.steps


class PeerTask:
    """Processor seconds for a step of a peer; it measures itself."""

    def __init__(self, process: Process, mode: str, budget: float) -> None:
        """Choose the number of steps by a short trial.

        Raises:
            PeerFailed: It ended.
        """
        self._process, self._mode, self.steps = process, mode, 2
        self()
        self.steps = _steps_for(budget, self())

    def __call__(self) -> float:
        """Have it measure.

        Raises:
            PeerFailed: It ended.
        """
        answer = self._process.ask(self._mode, self.steps)
        return answer["seconds"] / answer["steps"]


def _steps_for(budget: float, seconds: float) -> int:
    return int(np.clip(budget / seconds, 2, 200_000))


def check(drawn: Drawn, process: Process, folder: Path) -> dict[str, float]:
    """Whether a peer runs the same network.

    Args:
        drawn: The network.
        process: The peer, not yet asked for anything.
        folder: For its answer.

    Returns:
        The largest difference of a potential from ours, mV, once they have come to rest; or the rates of both, Hz, and
        by which share they differ.

    Raises:
        PeerFailed: It is another network, or it ended.
    """
    potentials = folder / "potentials.npy"
    asked = SETTLED if drawn.kind == "nonspiking" else int(np.clip(2_000_000 // drawn.neurons, 300, 5000))
    answer = process.ask("check", asked, potentials=str(potentials))
    expected, spikes = ours.reference(drawn, answer["steps"])
    if drawn.kind == "nonspiking":
        apart = float(np.abs(np.load(potentials, allow_pickle=False) - expected).max())
        if not apart <= SAME_POTENTIAL:
            raise PeerFailed(f"it is another network: potentials differ by up to {apart:.3g} mV")
        return {"largest_difference_mV": apart}
    per_hz = drawn.neurons * answer["steps"] * drawn.dt / 1e3
    apart = abs(answer["spikes"] - spikes) / max(spikes, 1)
    if not apart <= SAME_RATE:
        raise PeerFailed(f"it is another network: {answer['spikes'] / per_hz:.1f} Hz against {spikes / per_hz:.1f}")
    return {"rate_hz": answer["spikes"] / per_hz, "our_rate_hz": spikes / per_hz, "difference": apart}


def _rows(drawn: Drawn, times: Mapping[tuple[str, str], NDArray[np.float64]]) -> Iterable[dict[str, Any]]:
    for (name, mode), seconds in times.items():
        step = float(np.median(seconds))
        yield {
            "network": drawn.kind,
            "neurons": drawn.neurons,
            "synapses": drawn.synapses,
            "mode": mode,
            "simulator": name,
            "us_per_step": step * 1e6,
            "ns_per_synapse": step / drawn.synapses * 1e9,
            "ratio": float(np.median(seconds / times[OURS, mode])),
        }
