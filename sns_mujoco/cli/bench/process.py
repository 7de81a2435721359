"""A simulator in a process of its own that stays alive between measurements, so that all are timed in turns."""

import json
import os
import queue
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sns_mujoco.cli.bench.environments import PeerFailed, last_lines

SERVE = Path(__file__).parent / "peers" / "serve.py"
# one core for everyone
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


class Process:
    """A running simulator: requests as `peers/serve.py` has them.

    Attributes:
        version: Of the simulator.
        build_seconds: Time that it took to build the network.
    """

    def __init__(
        self, python: Path, script: Path, case: Path, options: Sequence[str] = (), *, folder: Path, patience: float
    ) -> None:
        """Start it and wait until its network is built.

        Args:
            python: Interpreter that can import the simulator.
            script: What defines the `Simulator`.
            case: The network (.npz).
            options: What the `Simulator` takes besides.
            folder: Where it works, and may keep what it builds.
            patience: Longest time for one answer, s.

        Raises:
            PeerFailed: It did not come up; the message has the end of what it said.
        """
        self._patience = patience
        self._said = tempfile.TemporaryFile("w+", errors="replace")
        place = python.parent
        # as in an activated environment: compilers are looked up along the path
        path = os.pathsep.join([str(place), os.environ.get("PATH", "")])
        environment = os.environ | ONE_THREAD | {"PATH": path, "VIRTUAL_ENV": str(place.parent)}
        environment.pop("PYTHONPATH", None)
        self._process = subprocess.Popen(
            [str(python), "-P", str(SERVE), str(script), str(case), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            env=environment,
            cwd=folder,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            built = self._answer()
        except PeerFailed:
            self.close()
            raise
        self.version: str = built["version"]
        self.build_seconds: float = built["build_seconds"]

    def ask(self, do: str, steps: int, **more: Any) -> dict[str, Any]:
        """Have something done: "check", "open" or "closed".

        Raises:
            PeerFailed: It ended, or took too long.
        """
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended: the answer says how
            self._process.stdin.write(json.dumps({"do": do, "steps": steps, **more}) + "\n")
            self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with suppress(OSError):  # what was still to be written has no reader
            self._process.stdin.close()
        try:
            self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        self._process.stdout.close()
        self._said.close()

    def _answer(self) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=self._patience)
        except queue.Empty:
            raise PeerFailed(f"it gave no answer within {self._patience:.0f} s") from None
        if not line:
            code = self._process.wait()
            self._said.seek(0)
            raise PeerFailed(f"it ended with status {code}: {last_lines(self._said.read())}")
        return json.loads(line)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")
