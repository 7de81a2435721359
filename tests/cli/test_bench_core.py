"""`sns-mujoco bench core`: the networks, the protocol with peers, the summary and the report."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from sns_mujoco.cli.app import app
from sns_mujoco.cli.bench import core_suite, costs, environments, networks, ours, sweep, torch_batch
from sns_mujoco.cli.bench.core_report import WANTED, report
from sns_mujoco.cli.bench.core_suite import chosen_peers, chosen_sizes, measure, summary
from sns_mujoco.cli.bench.environments import Environment, PeerFailed, cache_folder
from sns_mujoco.cli.bench.peers import KEYS, PEERS, Peer
from sns_mujoco.cli.bench.process import Process
from sns_mujoco.errors import NetworkError, UnknownNameError

HERE = Environment(name="here", module="numpy", installs=())

# steps both networks by the equations in `networks.py`, and prints as simulators do
HONEST = """
import os
import numpy as np
VERSION = "1.2"
class Simulator:
    def __init__(self, case, factor="1"):
        print("hello"); os.system("echo hello from a child")
        self.case, n = case, len(case.bias)
        self.v, self.i, self.factor = case.initial.copy(), np.zeros(n), float(factor)
        self.w, self.e = (a.reshape(n, -1) for a in (case.weight * self.factor, case.reversal))
        self.source = case.source.reshape(n, -1)
    def _step(self, x):
        case, v = self.case, self.v
        if case.kind == "nonspiking":
            g = self.w * np.clip((v[self.source] - case.e_lo) / (case.e_hi - case.e_lo), 0, 1)
            current = (g * (self.e - v[:, None])).sum(1)
            self.v = v + case.dt / case.capacitance * (-case.leak * v + case.bias + x + current)
            return 0
        v = v + case.dt / case.tau * (case.bias * self.factor + x + self.i - v)
        spikes = v > 1
        self.v = np.where(spikes, 0, v)
        self.i = self.i * (1 - case.dt / case.tau_s) + (self.w * spikes[self.source]).sum(1)
        return spikes.sum()
    def check(self, steps):
        spikes = sum(self._step(0) for _ in range(steps))
        return steps, self.v, spikes
    def open(self, steps):
        return 2 * steps, 0.5
    def closed(self, steps):
        for k in range(steps):
            self._step(self.case.inputs[k % len(self.case.inputs)])
"""
BROKEN = """
VERSION = "0"
class Simulator:
    def __init__(self, case):
        raise RuntimeError("no licence for this network")
"""
FLEETING = (
    HONEST
    + """
    def closed(self, steps):
        raise RuntimeError("ran out of cells")
"""
)


def a_peer(script, *options, key="fake", modes=("open", "closed"), **more):
    name = " ".join((script, *options))
    return Peer(
        name=name, key=key, script=script, options=options, environment=HERE, nonspiking=modes, spiking=modes, **more
    )


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scripts")
    for name, text in (("honest", HONEST), ("broken", BROKEN), ("fleeting", FLEETING)):
        (folder / f"{name}.py").write_text(text)
    return folder


@pytest.fixture(scope="module")
def results(scripts):
    peers = (
        a_peer("honest"),
        a_peer("honest", "1.5"),
        a_peer("broken"),
        a_peer("fleeting"),
        a_peer("honest", "1.0", largest=9, limit="it is small"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "PEERS_FOLDER", scripts)
        patch.setattr(torch_batch, "NETWORKS", 16)
        return measure(sizes=(10, 40), peers=peers, repeats=2, budget=0.002, say=lambda _: None)


@pytest.mark.parametrize("neurons", [10, 11, 41, 3000])
@pytest.mark.parametrize("draw", [networks.nonspiking, networks.spiking])
def test_every_neuron_has_ten_synapses_from_different_sources(draw, neurons):
    drawn = draw(neurons)
    rows = drawn.source.reshape(neurons, 10).astype(int)
    assert (np.diff(rows, axis=1) > 0).all()
    assert rows.min() >= 0 and rows.max() < neurons
    assert (np.bincount(drawn.target) == 10).all()
    assert len(np.unique(rows)) > 0.99 * neurons


@pytest.mark.parametrize("neurons", [10, 100, 1000])
def test_spiking_networks_fire_at_about_forty_hertz(neurons):
    assert 35 < core_suite.rate(networks.spiking(neurons)) < 46


def test_a_network_at_another_rate_is_not_compared(monkeypatch):
    drawn = networks.spiking(10)
    monkeypatch.setattr(core_suite, "RATE", (60.0, 90.0))
    with pytest.raises(AssertionError, match="10 neurons spike at 4"):
        core_suite.rate(drawn)


def test_non_spiking_networks_come_to_rest_within_their_range():
    drawn = networks.nonspiking(1000)
    early, _ = ours.reference(drawn, sweep.SETTLED)
    late, _ = ours.reference(drawn, 2 * sweep.SETTLED)
    assert np.abs(early - late).max() < sweep.SAME_POTENTIAL / 2
    inside = (late > 0) & (late < 20)
    assert inside.mean() > 0.6, "networks that only saturate would flatter code without branches"


def test_inputs_reach_their_neurons():
    drawn = networks.nonspiking(20)
    quiet, driven = (ours.model(drawn, ports=True) for _ in range(2))
    moved = driven(np.eye(20)[7]) - quiet()
    assert np.flatnonzero(moved).tolist() == [7]


def test_a_peer_that_runs_the_same_network_is_timed(results):
    rows = {(r["network"], r["mode"], r["simulator"], r["neurons"]): r for r in results["table"]}
    for kind in ("nonspiking", "spiking"):
        for neurons in (10, 40):
            # it said that steps take half a second for twice as many as it was asked for
            claimed = rows[kind, "open", "honest", neurons]
            assert claimed["us_per_step"] > 0 and claimed["ratio"] > 1
            assert rows[kind, "closed", "honest", neurons]["ratio"] > 1
            assert rows[kind, "closed", sweep.OURS, neurons]["ratio"] == 1.0
    told = results["peers"]["honest"]
    assert told["version"] == "1.2" and not told["reasons"]
    assert told["checks"]["nonspiking 40"]["largest_difference_mV"] < 1e-9
    assert told["checks"]["spiking 40"]["difference"] == 0.0


def test_a_peer_that_runs_another_network_is_left_out_with_the_reason(results):
    reasons = results["peers"]["honest 1.5"]["reasons"]
    assert "it is another network: potentials differ by up to" in reasons["nonspiking 10"]
    assert "it is another network" in reasons["spiking 10"] and "Hz against" in reasons["spiking 10"]
    assert not [row for row in results["table"] if row["simulator"] == "honest 1.5"]


def test_a_peer_that_fails_is_no_failure_of_the_benchmark(results):
    assert "ended with status 1" in results["peers"]["broken"]["reasons"]["nonspiking 10"]
    assert "no licence for this network" in results["peers"]["broken"]["reasons"]["nonspiking 10"]
    assert "ran out of cells" in results["peers"]["fleeting"]["reasons"]["spiking 40"]
    assert "not asked beyond 9 neurons: it is small" in results["peers"]["honest 1.0"]["reasons"]["spiking 10"]


def test_a_peer_that_does_not_answer_is_given_up(scripts, tmp_path):
    script = tmp_path / "slow.py"
    script.write_text("import time\nVERSION = '0'\ntime.sleep(60)\n")
    networks.nonspiking(10).save(tmp_path / "network.npz", built_steps=5)
    with pytest.raises(PeerFailed, match="no answer within 1 s"):
        Process(Path(sys.executable), script, tmp_path / "network.npz", folder=tmp_path, patience=1.0)


def test_summary_takes_the_worst_over_sizes_and_the_best_over_peers():
    def row(simulator, neurons, mode, ratio, network="nonspiking", ns=0.0):
        return {
            "network": network, "neurons": neurons, "mode": mode, "simulator": simulator, "us_per_step": 1.25,
            "ns_per_synapse": ns, "ratio": ratio,
        }  # fmt: skip

    numbers = summary([
        row(sweep.OURS, 10, "open", 1.0, ns=9.0), row(sweep.OURS, 1000, "open", 1.0, ns=0.6),
        row(sweep.OURS, 10_000, "open", 1.0, ns=0.7), row(sweep.OURS, 100_000, "open", 1.0, ns=2.0),
        row(sweep.OURS, 10, "closed", 1.0), row(sweep.OURS, 10_000, "open", 1.0, "spiking", ns=0.1),
        row("A", 10, "open", 5.0), row("B", 10, "open", 3.0), row("A", 1000, "open", 4.0),
        row("A", 100, "closed", 3.5), row("B", 1000, "closed", 6.0), row("A", 10_000, "closed", 5.5),
        row("B", 10, "open", 1.5, "spiking"), row("SNS-Toolbox", 100, "closed", 20.0),
        row("SNS-Toolbox", 1000, "closed", 700.0),
    ])  # fmt: skip
    assert numbers == {
        "nonspiking_ns_per_synapse": 0.7, "spiking_ns_per_synapse": 0.1, "call_overhead_us": 1.25,
        "best_peer_ratio_open": 3.0, "best_peer_ratio_closed": 3.5, "best_peer_ratio_closed_to_100": 3.5,
        "best_peer_ratio_closed_from_1000": 5.5, "spiking_best_peer_ratio_open": 1.5,
        "spiking_best_peer_ratio_closed": None, "sns_toolbox_ratio": 700.0,
    }  # fmt: skip
    assert not any(summary([]).values())


def test_report_has_wanted_beside_measured(results):
    console = Console(width=160)
    with console.capture() as shown:
        for part in report(results):
            console.print(part)
    text = shown.get()
    for line in WANTED:
        assert line.what in text
    assert f"{results['call_overhead_us']:.3g}" in text and "at most 2.5" in text
    assert "not measured" in text, "no size of 10,000 was asked for"
    assert "honest 1.0, nonspiking 10, nonspiking 40, spiking 10, spiking 40: not asked beyond 9 neurons" in text
    assert "broken, nonspiking 10" in text and "no licence for this network" in text
    assert "no CUDA device" in text or "of the bandwidth of its memory" in text or "torch is not installed" in text


def test_json_has_every_key(monkeypatch):
    monkeypatch.setattr(torch_batch, "NETWORKS", 16)
    command = ["bench", "core", "--json", "--sizes", "10", "--peers", "none", "--repeats", "1"]
    run = CliRunner().invoke(app, command, catch_exceptions=False)
    numbers = json.loads(run.stdout)
    for line in WANTED:
        line.value(numbers)
    for key in ("call_overhead_us", "batched_ns_per_synapse"):
        assert 0 < numbers[key] < 1000
    for key in ("best_peer_ratio_open", "best_peer_ratio_closed", "compile_seconds", "sns_toolbox_ratio"):
        assert numbers[key] is None
    assert numbers["torch"]["numba"] > 0
    assert {row["simulator"] for row in numbers["table"]} == {sweep.OURS}


def test_large_things_are_measured_where_large_sizes_are_asked_for(monkeypatch):
    monkeypatch.setattr(torch_batch, "NETWORKS", 16)
    monkeypatch.setattr(costs, "COMPILED", 1000)
    monkeypatch.setattr(costs, "LARGE", 2000)
    numbers = measure(sizes=(1000, 2000), peers=(), repeats=1, budget=0.001, say=lambda _: None)
    assert 0 < numbers["compile_seconds"] < 60
    held = [memory["held"] for memory in numbers["bytes_per_synapse"].values()]
    assert len(held) == 2 and 20 < held[1] < 1.1 * held[0]
    assert numbers["nonspiking_ns_per_synapse"] > 0
    assert min(numbers["realtime_factor"].values()) > 0


@pytest.mark.parametrize("text", ["9", "100,x", "", "-5", "1e3"])
def test_sizes_that_are_none_are_refused(text):
    with pytest.raises(NetworkError, match="--sizes has .*; give whole numbers of 10 or more"):
        chosen_sizes(text)


def test_sizes_and_peers_are_chosen_by_name():
    assert chosen_sizes("1000, 10,1000") == (10, 1000)
    assert chosen_sizes(None) == core_suite.SIZES
    assert chosen_peers(None) == chosen_peers("all") == PEERS
    assert chosen_peers("none") == ()
    assert [peer.name for peer in chosen_peers("nest, brian2")] == [
        "Brian2 C++ standalone", "Brian2 cython", "NEST", "NEST rate neurons", "NEST step by step",
    ]  # fmt: skip
    with pytest.raises(UnknownNameError, match="no peer named 'brain2' in --peers; did you mean 'brian2'"):
        chosen_peers("brain2")


def test_every_peer_has_a_script_that_can_be_read():
    assert set(KEYS) == {"brian2", "annarchy", "nest", "nengo", "norse", "snntorch", "sns-toolbox"}
    for peer in PEERS:
        text = (sweep.PEERS_FOLDER / f"{peer.script}.py").read_text()
        compile(text, peer.script, "exec")
        for mode in {*peer.nonspiking, *peer.spiking}:
            assert f"def {mode}(self, " in text
        assert "def check(self, steps)" in text and "\nVERSION = " in text


@pytest.mark.parametrize(("option", "value"), [("--sizes", "10"), ("--peers", "none")])
def test_an_animal_takes_no_options_of_the_core(option, value):
    run = CliRunner().invoke(app, ["bench", "hexapod", option, value])
    assert isinstance(run.exception, ValueError)
    assert f"{option} is '{value}'; it belongs to `sns-mujoco bench core`: leave it out" in str(run.exception)


def test_an_environment_is_made_once(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said = []
    recipe = Environment(name="fake", module="no_module_of_this_name", installs=())
    python = recipe.python(said.append)
    assert python.is_relative_to(tmp_path / "sns-mujoco" / "bench" / "fake") and python.exists()
    assert said == ["making a virtual environment for fake"]
    assert recipe.python(said.append) == python and len(said) == 1


def test_an_environment_that_was_not_finished_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    ran = []

    def run(command):
        ran.append(command)
        (tmp_path / "sns-mujoco" / "bench" / "fake").mkdir(exist_ok=True)
        if "--left-pad" in command:
            raise PeerFailed("its installation failed: no wheel")

    monkeypatch.setattr(environments, "_run", run)
    recipe = Environment(name="fake", module="no_module_of_this_name", installs=(("one",), ("--left-pad", "two")))
    for tries in (1, 2):
        said = []
        with pytest.raises(PeerFailed, match="no wheel"):
            recipe.python(said.append)
        assert len(ran) == 3 * tries and ran[-1][-2:] == ["--left-pad", "two"]
        assert said[1:] == ["installing one for the comparison", "installing two for the comparison"]
    other = Environment(name="fake", module="no_module_of_this_name", installs=(("one",),))
    other.python(print)
    other.python(print)
    assert len(ran) == 8
    with pytest.raises(PeerFailed):  # the same folder, but another recipe
        recipe.python(print)
    assert len(ran) == 11


def test_what_pip_says_is_the_reason(monkeypatch):
    with pytest.raises(PeerFailed, match="its installation failed: no wheel for you"):
        environments._run([sys.executable, "-c", "import sys; sys.exit('no wheel for you')"])
    with pytest.raises(PeerFailed, match="its installation cannot run"):
        environments._run(["no-program-of-this-name"])
    monkeypatch.setattr(environments, "PATIENCE", 0.1)
    with pytest.raises(PeerFailed, match="its installation took more than 0 s"):
        environments._run([sys.executable, "-c", "import time; time.sleep(5)"])


def test_an_interpreter_that_can_import_a_peer_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert HERE.python(print) == Path(sys.executable)
    assert not list(tmp_path.iterdir())
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert cache_folder() == tmp_path / "local" / "sns-mujoco" / "bench"
