"""The page: its text in one piece, and what is under way to one that stands open."""

import json
import struct
import threading
from enum import IntEnum
from html import escape
from importlib.resources import files
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

_AHEAD = 2  # messages of a kind that may be under way to a page that has not said yet that it has drawn them
_SCRIPTS = ("link.js", "traces.js", "circuit.js", "body.js", "main.js")


class Kind(IntEnum):
    """What a binary message begins with."""

    SIGNALS = 1
    PICTURE = 2


class Page:
    """A page that stands open.

    A binary message is two uint32, its kind and the length of its JSON, then the JSON and the numbers or the picture.

    Attributes:
        connection: Its socket.
        open: Whether it is still there.
    """

    def __init__(self, connection: ServerConnection) -> None:
        """Nothing is under way yet."""
        self.connection, self.open = connection, True
        self._room = {kind: threading.Semaphore(_AHEAD) for kind in Kind}

    def tell(self, told: dict[str, Any]) -> None:
        """Send a text message."""
        self.connection.send(json.dumps(told))

    def has_room(self, kind: Kind) -> bool:
        """Take room for a message, if the page has drawn the ones before."""
        return self.open and self._room[kind].acquire(blocking=False)

    def has_drawn(self, kind: Kind) -> None:
        """Give the room of a message back."""
        self._room[kind].release()

    def send(self, kind: Kind, told: dict[str, Any], rest: bytes) -> None:
        """Send a binary message that there is room for."""
        head = json.dumps(told).encode()
        head += b" " * (-(len(head) + 8) % 8)  # numbers begin where arrays of a page may begin
        try:
            self.connection.send(struct.pack("<II", kind, len(head)) + head + rest)
        except ConnectionClosed:
            self.open = False

    def close(self, code: int, reason: str) -> None:
        """Say why, and part."""
        self.open = False
        self.connection.close(code, reason)


def page_text(title: str) -> str:
    """The page in one piece, so that nothing else need be served; "{nonce}" is left for the server.

    Args:
        title: Name of the animal.
    """
    folder = files("sns_mujoco.rendering.live") / "web"
    text = {name: (folder / name).read_text(encoding="utf-8") for name in ("index.html", "style.css", *_SCRIPTS)}
    script = "\n".join(text[name] for name in _SCRIPTS)
    page = text["index.html"].replace("/*style*/", text["style.css"]).replace("/*script*/", script)
    return page.replace("{title}", escape(title))
