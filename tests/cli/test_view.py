"""`sns-mujoco view`, as its users type it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest
from websockets.sync.client import connect

from sns_mujoco.models import load
from sns_mujoco.protocols import Protocol, Silence

COMMAND = [sys.executable, "-c", "from sns_mujoco.cli import main; main()", "view"]


@contextmanager
def viewing(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, running, and the address that it printed."""
    command = [*COMMAND, *map(str, arguments), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = next((line.strip() for line in process.stdout if line.startswith("http://")), "")
            yield process, url
        finally:
            process.kill()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_and_saves_in_the_end(tmp_path: Path, ending: signal.Signals) -> None:
    place = tmp_path / "done.yaml"
    with viewing("antagonist_joint", "--paused", "--seed", 4, "--save", place) as (process, url):
        assert url.startswith("http://127.0.0.1:")
        page = build_opener(ProxyHandler({})).open(url, timeout=20).read().decode()
        assert "antagonist_joint, live" in page
        assert "/*script*/" not in page and "http" not in page.replace("http://www.w3.org/2000/svg", "")
        address = url.replace("http://", "ws://").replace("/?", "/socket?")
        origin = url.partition("/?")[0]
        with connect(address, origin=origin, proxy=None, max_size=None) as socket:  # type: ignore[arg-type]
            hello = json.loads(socket.recv(timeout=20))
            assert hello["hello"] == "antagonist_joint" and len(hello["neurons"]) == 18
            socket.send('{"do": "command", "name": "drive", "value": 0.3}')
            socket.send('{"do": "silence", "neuron": "nobody"}')
            told = next(text for text in iter(lambda: socket.recv(timeout=20), None) if isinstance(text, str))
            assert "no neuron named 'nobody'" in json.loads(told)["notice"]
        process.send_signal(ending)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert f"sns-mujoco run antagonist_joint --seed 4 --protocol {place}" in out
    again = load("antagonist_joint").simulation(seed=4, protocol=Protocol.load(place))
    again.step()
    assert again.commands["drive"] == 0.3


def test_nothing_done_saves_nothing(tmp_path: Path) -> None:
    place = tmp_path / "done.yaml"
    with viewing("antagonist_joint", "--save", place) as (process, url):
        assert url
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 0 and not place.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hexapodd"], "no animal named 'hexapodd'"),
        (["antagonist_joint", "--terrain", "moon"], "no terrain named 'moon'"),
        (["antagonist_joint", "--save", "done.txt"], "ends in '.txt'; it may end in .yaml, .yml"),
        (["antagonist_joint", "--renderer", "crayon"], "no renderer named 'crayon'"),
        (["antagonist_joint", "--quality", "best"], "no quality named 'best'"),
        (["antagonist_joint", "--port", "1"], "port 1 of 127.0.0.1 cannot be used"),
        (["antagonist_joint", "--protocol", "missing.yaml"], "missing.yaml"),
        (["antagonist_joint", "--protocol", "wrong.yaml"], "no neuron"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    Protocol([Silence("no such neuron")]).save(tmp_path / "wrong.yaml")
    if "--port" in arguments and can_bind_low_ports():
        pytest.skip("this user may listen on every port")
    run = subprocess.run(
        [*COMMAND, *arguments, "--no-browser"], capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert run.returncode == 1
    assert message in run.stderr and "Traceback" not in run.stderr


def can_bind_low_ports() -> bool:
    import socket

    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", 1))
        except PermissionError:
            return False
        return True
