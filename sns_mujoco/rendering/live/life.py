"""The life that a live view shows: it goes on in a thread of its own, in step with the clock on the wall."""

import threading
import time
from collections.abc import Callable
from fnmatch import fnmatchcase

from sns_mujoco.errors import DivergenceError, unknown_name
from sns_mujoco.models import Animal
from sns_mujoco.protocols import Command, Protocol
from sns_mujoco.rendering.live.deeds import Deed, Past, tell
from sns_mujoco.rendering.live.pace import Pace
from sns_mujoco.rendering.live.signals import Signals

_TICK = 0.004  # s between two looks at the clock
_TURN = 0.02  # s that stepping may hold the lock, so that the page's wishes and its pictures come in between


class Life:
    """An animal that lives while it is watched.

    All methods may be called from any thread. What is done to the animal acts from the next physics step on, and is
    kept as a `Protocol`.

    Attributes:
        animal: The animal.
        terrain: What it lives on; None for its usual ground.
        seed: Of the present life.
        simulation: The present life; use it with `lock` held.
        signals: What is shown of it; use them with `lock` held.
        number: Lives so far, this one included.
        playing: Whether time passes.
        trouble: Why the animal cannot go on, "" if it can.
        deeds: What was done in this life, for people.
        silenced: Neurons that are silenced.
        injected: Current that neurons are given, nA.
        cut: Connections that are cut.
        pushes: Until when bodies are pushed, s of simulated time.
        earlier: Lives before this one in which something was done.
    """

    def __init__(
        self, animal: Animal, *, terrain: str | None = None, seed: int = 0, protocol: Protocol | None = None
    ) -> None:
        """Be born, and wait.

        Args:
            animal: The animal.
            terrain: One of its terrains; the usual one if left out.
            seed: Of its pose, its noise and the terrain.
            protocol: What is done to it in every life, besides what the viewer does.

        Raises:
            UnknownNameError: There is no such terrain, or the protocol names what the animal has not.
            ProtocolError: The protocol does not fit the animal.
        """
        self.animal, self.terrain, self.lock = animal, terrain, threading.RLock()
        self._given = protocol
        self.playing, self.number = False, 0
        self.earlier: list[Past] = []
        self._pace = Pace()
        self._begin(seed)
        self._changed = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._live, name="life", daemon=True)
        self._thread.start()

    def _begin(self, seed: int) -> None:
        simulation = self.animal.simulation(terrain=self.terrain, seed=seed, rig=True, protocol=self._given)
        self.seed, self.simulation = seed, simulation
        self.number += 1
        self.trouble = ""
        self.deeds: list[Deed] = []
        self.silenced: set[str] = set()
        self.injected: dict[str, float] = {}
        self.cut: set[str] = set()
        self.pushes: dict[str, float] = {}
        self._asked: dict[str, tuple[float, float]] = {}
        for name, value in self.animal.cruise.items():
            if not self._is_given(name):
                self._command(name, value)
        self.signals = Signals(self.animal, simulation, grounded=self.animal.grounded(self.terrain))
        self._since = 0  # physics steps since the last sample

    def _is_given(self, command: str) -> bool:
        """Whether the protocol has a say in a command."""
        items = self._given.items if self._given is not None else ()
        return any(isinstance(item, Command) and fnmatchcase(command, item.pattern) for item in items)

    @property
    def factor(self) -> float:
        """Simulated over wall time; 0 while paused."""
        return self._pace.factor if self.playing else 0.0

    @property
    def speed(self) -> float:
        """Simulated seconds that a second on the wall is to bring."""
        return self._pace.speed

    @property
    def commands(self) -> dict[str, float]:
        """All commands and probes: what they are, or from the next step on will be."""
        life, known = self.simulation, self.animal.commands | self.animal.probes
        asked = {name: value for name, (time, value) in self._asked.items() if time == life.time}
        return {name: asked[name] if name in asked else life.commands[name] for name in known}

    def play(self) -> None:
        """Let time pass."""
        with self.lock:
            if not self.playing and not self.trouble:
                self._pace.start(time.perf_counter())
                self.playing = True
        self._changed.set()

    def pause(self) -> None:
        """Hold time."""
        with self.lock:
            self.playing = False

    def set_speed(self, value: float) -> None:
        """Let time pass at another rate: 0.1 is ten times slower than life.

        Raises:
            ValueError: It is not between 0.001 and 10.
        """
        if not 0.001 <= value <= 10.0:
            raise ValueError(f"the speed is {value!r}; give 0.001 to 10")
        with self.lock:
            self._pace.speed = value

    def step(self, n: int = 1) -> None:
        """Pause, and advance by some physics steps.

        Raises:
            ValueError: There are none, or more than a second's.
        """
        most = round(1.0 / self.simulation.model.opt.timestep)
        if not 1 <= n <= most:
            raise ValueError(f"a step of {n!r} physics steps is asked for; give 1 to {most}")
        with self.lock:
            self.playing = False
            while n and not self.trouble:
                n -= self._advance(n)

    def reset(self, seed: int | None = None) -> None:
        """Begin a new life; what was done in this one is kept in `earlier`.

        Args:
            seed: Of the new life; the same if left out.

        Raises:
            ValueError: The seed is negative or not a whole number.
        """
        with self.lock:
            done = self.past() if self.deeds else None
            self._begin(self.seed if seed is None else seed)
            if done is not None:
                self.earlier.append(done)
            self._pace.start(time.perf_counter())

    def command(self, name: str, value: float) -> None:
        """Set a descending command, or a probe.

        Raises:
            UnknownNameError: The animal does not hear such a command.
            ValueError: The value is out of its bounds.
        """
        known = self.animal.commands | self.animal.probes
        if name not in known:
            raise unknown_name("command", name, known, f"animal {self.animal.name!r}")
        low, high = known[name]
        if not low <= value <= high:
            raise ValueError(f"{name} is {value:g}; give {low:g} to {high:g}")
        with self.lock:
            self._command(name, value)
            self._done(f"{name} {value:g}", f"command {name}")

    def inject(self, neuron: str, current: float) -> None:
        """Give a neuron a current, nA, until it is released or given another.

        Raises:
            UnknownNameError: There is no such neuron.
        """
        with self.lock:
            self._let_go(neuron)
            self.simulation.rig.inject(neuron, current)
            if current:
                self.injected[neuron] = current
            self._done(f"{neuron} {current:+g} nA", f"neuron {neuron}")

    def silence(self, neuron: str) -> None:
        """Silence a neuron until it is released.

        Raises:
            UnknownNameError: There is no such neuron.
        """
        with self.lock:
            self._let_go(neuron)
            self.simulation.rig.silence(neuron)
            self.silenced.add(neuron)
            self._done(f"{neuron} silenced", f"silence {neuron}")

    def release(self, neuron: str) -> None:
        """Leave a neuron alone again."""
        with self.lock:
            if self._let_go(neuron):
                self._done(f"{neuron} released", f"release {neuron}")

    def lesion(self, connection: str, *, intact: bool = False) -> None:
        """Cut a connection, or make it whole again.

        Raises:
            UnknownNameError: There is no such connection.
        """
        with self.lock:
            if intact == (connection not in self.cut):
                return
            if intact:
                self.simulation.rig.restore(connection)
                self.cut.discard(connection)
            else:
                self.simulation.rig.cut(connection)
                self.cut.add(connection)
            self._done(f"{connection} {'restored' if intact else 'cut'}", f"synapse {connection} {intact}")

    def push(self, body: str, force: tuple[float, float, float], seconds: float = 0.1) -> None:
        """Push a body for a while.

        Args:
            body: Its name.
            force: In axes of the world, N.
            seconds: How long, s of simulated time.

        Raises:
            UnknownNameError: There is no such body.
            ValueError: A number is not finite, or the time is not positive.
        """
        with self.lock:
            self.simulation.rig.push(body, force, seconds)
            self.pushes[body] = self.simulation.time + seconds
            strength = sum(part * part for part in force) ** 0.5
            self._done(f"{body} pushed, {strength:.3g} N for {1e3 * seconds:.4g} ms", "")

    def past(self) -> Past:
        """This life; if nothing was done in it, the last in which there was something."""
        with self.lock:
            if self.earlier and not self.deeds:
                return self.earlier[-1]
            name = f"{self.animal.name} on {self.terrain or self.animal.terrains[0]}, seed {self.seed}"
            return Past(self.seed, Protocol(self.simulation.rig.log.items, name))

    def close(self) -> None:
        """End the thread."""
        self._ending = True
        self._changed.set()
        self._thread.join()

    def _command(self, name: str, value: float) -> None:
        self.simulation.rig.set_command(name, value)
        self._asked[name] = (self.simulation.time, value)

    def _let_go(self, neuron: str) -> bool:
        """End what is done to a neuron; tells whether that was anything."""
        if neuron not in self.injected and neuron not in self.silenced:
            return False
        self.simulation.rig.release(neuron)
        self.injected.pop(neuron, None)
        self.silenced.discard(neuron)
        return True

    def _done(self, what: str, topic: str) -> None:
        tell(self.deeds, Deed(self.simulation.time, what, topic))

    def _live(self) -> None:
        while not self._ending:
            if not self.playing:
                self._changed.wait(timeout=0.2)
                self._changed.clear()
                continue
            begun = time.perf_counter()
            with self.lock:
                self._catch_up(lambda begun=begun: time.perf_counter() - begun > _TURN)
            time.sleep(max(_TICK - (time.perf_counter() - begun), 0.0005))

    def _catch_up(self, tired: Callable[[], bool]) -> None:
        """Live what is due, or as much of it as there is time for."""
        timestep = self.simulation.model.opt.timestep
        while self.playing and not tired():
            due = int(self._pace.due(time.perf_counter()) / timestep)
            if due < 1:
                return
            lived = self._advance(due)
            self._pace.lived(lived * timestep, time.perf_counter())

    def _advance(self, most: int) -> int:
        """Live until the next sample is due, and take it; returns physics steps."""
        n = min(most, self.signals.every - self._since)
        try:
            with self.signals.stepping():
                self.simulation.step(n)
        except DivergenceError as error:
            self.playing, self.trouble = False, str(error)
        self._since += n
        if self._since == self.signals.every:
            self._since = 0
            self.signals.sample()
        return n
