"""The door of a live view: one page and one socket, on this machine only, for those who have the secret.

It listens on 127.0.0.1 and nowhere else. A request must bring the secret of this view in its address, must have been
addressed to 127.0.0.1 or localhost (a page of another host that lets its name point here, DNS rebinding, does not say
so), and, where it comes from a page, from this page. Nothing is read from or written to a path that a request names.
"""

import hmac
import http
import logging
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs
from weakref import WeakSet

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

HOST = "127.0.0.1"
_LARGEST_WISH = 4096  # bytes; wishes of a page are short
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src blob: data:; "
    "connect-src ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Door:
    """Serves the page, and hands its socket over.

    Attributes:
        port: Where it listens.
        url: Address of the page, with its secret.
    """

    def __init__(self, page: str, meet: Callable[[ServerConnection], None], *, port: int = 0) -> None:
        """Open it.

        Args:
            page: The page; "{nonce}" in it marks its own scripts and styles.
            meet: Talks with a page over its socket until either has enough; called in a thread of its own.
            port: Where to listen; 0 for any that is free.

        Raises:
            OSError: The port is taken; the message says which.
        """
        self._page, self._meet = page, meet
        self._secret = secrets.token_urlsafe(24)
        self._connections: WeakSet[ServerConnection] = WeakSet()
        listening = _listen(port)
        self.port = listening.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}/?secret={self._secret}"
        connections = self._connections

        class Connection(ServerConnection):
            """One that is known from its first byte on, so that it can be closed before it has said anything."""

            def __init__(self, *given: Any, **more: Any) -> None:
                super().__init__(*given, **more)
                connections.add(self)

        quiet = logging.getLogger("sns_mujoco.rendering.live")
        quiet.setLevel(logging.CRITICAL)  # a browser that goes away in the middle is nothing to tell
        self._server: Server = serve(
            self._serve, sock=listening, process_request=self._answer, compression=None, server_header=None,
            max_size=_LARGEST_WISH, create_connection=Connection, open_timeout=10, close_timeout=1,
            ping_interval=None, logger=quiet,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._server.serve_forever, name="door", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Shut it. Browsers open connections that they have no use for yet; those are not waited for."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)
        self._server.shutdown()
        self._thread.join()

    def _serve(self, connection: ServerConnection) -> None:
        try:
            self._meet(connection)
        except ConnectionClosed:
            return

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """The page, a refusal, or None for the socket."""
        path, _, query = request.path.partition("?")
        own = {f"{name}:{self.port}" for name in (HOST, "localhost")}
        if request.headers.get_all("Host") not in [[host] for host in own]:
            return _reply(http.HTTPStatus.FORBIDDEN, "This view answers only to the address that it printed.\n")
        origins = request.headers.get_all("Origin")
        if path == "/socket" and origins not in [[f"http://{host}"] for host in own]:
            return _reply(http.HTTPStatus.FORBIDDEN, "This view talks only with its own page.\n")
        if path not in ("/", "/socket"):
            return _reply(http.HTTPStatus.NOT_FOUND, "There is nothing here.\n")
        given = parse_qs(query).get("secret", [""])[-1]
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return _reply(
                http.HTTPStatus.FORBIDDEN, "Open the whole address that sns-mujoco printed, with its secret.\n"
            )
        if path == "/socket":
            return None
        nonce = secrets.token_urlsafe(16)
        reply = _reply(http.HTTPStatus.OK, self._page.replace("{nonce}", nonce), "text/html; charset=utf-8")
        reply.headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce, host=request.headers["Host"])
        return reply


def _reply(status: http.HTTPStatus, text: str, kind: str = "text/plain; charset=utf-8") -> Response:
    body = text.encode()
    headers = Headers(
        {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Connection": "close",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }
    )
    return Response(status.value, status.phrase, headers, body)


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where others could else listen at the same port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise OSError(f"port {port} of {HOST} cannot be used ({error}); choose another, or 0 for any") from None
    listening.listen(16)
    return listening
