"""What `sns-mujoco view` does: show an animal in a browser until the user has seen enough."""

import signal
import threading
import webbrowser
from pathlib import Path

from rich.console import Console

from sns_mujoco.models import load


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
    from sns_mujoco.protocols import Protocol
    from sns_mujoco.rendering.live import LiveView

    given = None if protocol is None else Protocol.load(protocol)
    console = Console()
    with LiveView(
        load(name), terrain=terrain, seed=seed, protocol=given, save=save, port=port, renderer=renderer,
        quality=quality, start=not paused,
    ) as view:  # fmt: skip
        console.print(f"[bold]{name}[/] lives at", highlight=False)
        console.print(view.url, style="cyan", highlight=False, soft_wrap=True)
        console.print("Only this machine can open it. Ctrl-C ends it.", style="dim")
        if browser:
            threading.Thread(target=webbrowser.open, args=(view.url,), daemon=True).start()
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        ended.wait()
        for number in (signal.SIGINT, signal.SIGTERM):  # a second Ctrl-C ends it at once
            signal.signal(number, signal.SIG_DFL)
        console.print()
        seed = view.life.seed
        done = view.anything_done
    if save is not None and done:
        where = f" --terrain {terrain}" if terrain else ""
        console.print(f"What was done is in {save}; it replays with", highlight=False, soft_wrap=True)
        replay = f"sns-mujoco run {name}{where} --seed {seed} --protocol {save}"
        console.print(replay, style="cyan", highlight=False, soft_wrap=True)
