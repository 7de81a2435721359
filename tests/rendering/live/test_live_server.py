"""Who may come in: this machine, with the secret, from the view's own page."""

import http.client
import socket
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection

from sns_mujoco.rendering.live.server import Door


def echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.send(message)


@pytest.fixture
def door() -> Iterator[Door]:
    opened = Door("<p>the page {nonce}</p>", echo)
    yield opened
    opened.close()


def get(door: Door, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    connection.putrequest("GET", path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return reply.status, text, dict(reply.getheaders())


def path_of(door: Door) -> str:
    return door.url.removeprefix(f"http://127.0.0.1:{door.port}")


def test_the_page_is_served_to_who_has_the_secret(door: Door) -> None:
    status, text, headers = get(door, path_of(door))
    assert status == 200 and "the page" in text and "{nonce}" not in text
    assert headers["Cache-Control"] == "no-store" and headers["X-Frame-Options"] == "DENY"
    nonce = text.removeprefix("<p>the page ").removesuffix("</p>")
    assert f"script-src 'nonce-{nonce}'" in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["/", "/?secret=", "/?secret=wrong", "/socket?secret=wrong", "/?secret=%ff%fe"])
def test_nobody_comes_in_without_the_secret(door: Door, path: str) -> None:
    status, text, _ = get(door, path, Origin=f"http://127.0.0.1:{door.port}")
    assert status == 403 and "secret" in text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", ""])
def test_another_host_is_refused(door: Door, host: str) -> None:
    """A page of evil.example whose name was made to point here comes with its own name."""
    status, text, _ = get(door, path_of(door), Host=host.format(port=door.port))
    assert status == 403 and "address" in text


@pytest.mark.parametrize("path", ["/etc/passwd", "/../../etc/passwd", "/view.py", "//socket/", "/favicon.ico"])
def test_no_file_is_served(door: Door, path: str) -> None:
    secret = path_of(door).removeprefix("/")
    assert get(door, path + secret)[0] in (403, 404)


def socket_url(door: Door) -> str:
    return door.url.replace("http://", "ws://").replace("/?", "/socket?")


def test_the_socket_talks_with_the_views_own_page(door: Door) -> None:
    with connect(socket_url(door), origin=f"http://127.0.0.1:{door.port}", proxy=None) as page:  # type: ignore[arg-type]
        page.send("hello")
        assert page.recv(timeout=10) == "hello"


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "https://127.0.0.1:{port}"])
def test_the_socket_does_not_talk_with_other_pages(door: Door, origin: str | None) -> None:
    given = None if origin is None else origin.format(port=door.port)
    with pytest.raises(InvalidStatus, match="403"), connect(socket_url(door), origin=given, proxy=None):  # type: ignore[arg-type]
        pass


def test_it_listens_on_this_machine_only(door: Door) -> None:
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    for other in {"127.0.0.2"} | {str(other) for other in others}:  # 127.0.0.2 would answer if it listened on all
        with pytest.raises(OSError), socket.create_connection((other, door.port), timeout=2):
            pass


def test_a_port_that_is_taken_is_named(door: Door) -> None:
    with pytest.raises(OSError, match=f"port {door.port} of 127.0.0.1 cannot be used"):
        Door("", echo, port=door.port)
    with pytest.raises(OSError, match="port 70000"):
        Door("", echo, port=70000)


def test_secrets_differ() -> None:
    one, other = Door("", echo), Door("", echo)
    assert one.url.partition("secret=")[2] != other.url.partition("secret=")[2]
    assert len(one.url.partition("secret=")[2]) >= 32
    one.close(), other.close()
