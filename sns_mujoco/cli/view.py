"""What `sns-mujoco view` does: show an animal in a browser until the user has seen enough."""

import signal
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from sns_mujoco.models import load
from sns_mujoco.protocols import Protocol

_ENDINGS = (signal.SIGINT, signal.SIGTERM)


def view_animal(
    name: str, *, terrain: str | None, seed: int, protocol: Path | None, save: Path | None, port: int, browser: bool,
    renderer: str, quality: str, paused: bool,
) -> None:  # fmt: skip
    """Show an animal; see `instruments.view` for the options.

    Raises:
        UnknownNameError: No such animal, terrain, renderer or quality, or the protocol names what is not there.
        ProtocolError: The protocol does not fit the animal, or its file is damaged.
        OutputPathError: What was done cannot be saved where it was asked for.
        OSError: The port is taken, or there is no such file.
    """
    from sns_mujoco.rendering.live import LiveView

    given = None if protocol is None else Protocol.load(protocol)
    console = Console()
    with _until_ended() as ended:
        with LiveView(
            load(name), terrain=terrain, seed=seed, protocol=given, save=save, port=port, renderer=renderer,
            quality=quality, start=not paused,
        ) as view:  # fmt: skip
            console.print(f"[bold]{name}[/] lives at", highlight=False)
            console.print(view.url, style="cyan", highlight=False, soft_wrap=True)
            console.print("Only this machine can open it. Ctrl-C ends it.", style="dim")
            if browser:
                threading.Thread(target=webbrowser.open, args=(view.url,), daemon=True).start()
            ended.wait()
    console.print()
    if save is not None and view.anything_done:
        where = f" --terrain {terrain}" if terrain else ""
        console.print(f"What was done is in {save}; it replays with", highlight=False, soft_wrap=True)
        replay = f"sns-mujoco run {name}{where} --seed {view.life.past().seed} --protocol {save}"
        console.print(replay, style="cyan", highlight=False, soft_wrap=True)


@contextmanager
def _until_ended() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, so that the view is closed in order and saves what was done."""
    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in _ENDINGS}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
