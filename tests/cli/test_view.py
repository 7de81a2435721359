"""`sns-mujoco view`, as its users type it."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest
from sns_mujoco.models import load
from websockets.sync.client import connect

from sns_mujoco.cli import main
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


def test_it_prints_its_address_and_saves_in_the_end(tmp_path: Path) -> None:
    place = tmp_path / "done.yaml"
    with viewing("antagonist_joint", "--paused", "--seed", 4, "--save", place) as (process, url):
        assert url.startswith("http://127.0.0.1:")
        page = build_opener(ProxyHandler({})).open(url, timeout=20).read().decode()
        assert "antagonist_joint, live" in page
        assert "/*script*/" not in page and "http" not in page.replace("http://www.w3.org/2000/svg", "")
        address = url.replace("http://", "ws://").replace("/?", "/socket?")
        origin = url.partition("/?")[0]
        with connect(address, origin=origin, proxy=None, max_size=None) as link:  # type: ignore[arg-type]
            hello = json.loads(link.recv(timeout=20))
            assert hello["hello"] == "antagonist_joint" and len(hello["neurons"]) == 18
            link.send('{"do": "command", "name": "drive", "value": 0.3}')
            link.send('{"do": "silence", "neuron": "nobody"}')
            told = next(text for text in iter(lambda: link.recv(timeout=20), None) if isinstance(text, str))
            assert "no neuron named 'nobody'" in json.loads(told)["notice"]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert f"sns-mujoco run antagonist_joint --seed 4 --protocol {place}" in out
    again = load("antagonist_joint").simulation(seed=4, protocol=Protocol.load(place))
    again.step()
    assert again.commands["drive"] == 0.3


def test_sigterm_ends_it_in_order_and_nothing_done_saves_nothing(tmp_path: Path) -> None:
    place = tmp_path / "done.yaml"
    with viewing("antagonist_joint", "--save", place) as (process, url):
        assert url
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert not place.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hexapodd"], "no animal named 'hexapodd'"),
        (["antagonist_joint", "--terrain", "moon"], "no terrain named 'moon'"),
        (["antagonist_joint", "--save", "done.txt"], "ends in '.txt'; it may end in .yaml, .yml"),
        (["antagonist_joint", "--renderer", "crayon"], "no renderer named 'crayon'"),
        (["antagonist_joint", "--quality", "best"], "no quality named 'best'"),
        (["antagonist_joint", "--port", "taken"], "of 127.0.0.1 cannot be used"),
        (["antagonist_joint", "--protocol", "missing.yaml"], "missing.yaml"),
        (["antagonist_joint", "--protocol", "wrong.yaml"], "no neuron"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str],
    message: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Protocol([Silence("no such neuron")]).save("wrong.yaml")
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        given = [str(taken.getsockname()[1]) if word == "taken" else word for word in arguments]
        monkeypatch.setattr(sys, "argv", ["sns-mujoco", "view", *given, "--no-browser"])
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == 1
    assert message in capsys.readouterr().err
    assert {number: signal.getsignal(number) for number in before} == before
