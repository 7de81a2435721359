"""What a live view shows of an animal, sample by sample, and how the page is told what it is."""

from collections import deque
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.families import families_of, family_colors
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.cosim.tape import Tape, hung, slot_of
from sns_mujoco.models import Animal
from sns_mujoco.network import Network
from sns_mujoco.network.pictures.activity import ranges_of
from sns_mujoco.rendering.look import Color
from sns_mujoco.rendering.panel_layout import Trace
from sns_mujoco.rendering.shoot import LOAD_TIME, traces_of

SPIKE = 1e3
"""What a potential is told as where the neuron has spiked since the last sample, mV: above all, it is seen."""
NEUTRAL: Color = (0.72, 0.75, 0.80)  # of neurons that are of no family
_RATE = 250.0  # Hz of simulated time
_MOST_NUMBERS = 100_000  # a second; of larger networks fewer samples are taken
_LEAST_RATE = 25.0
_SPEED_OVER = 0.4  # s of simulated time over which the speed is taken
_KEPT = 2500  # samples that wait for a page to be opened
_BREAK = 0.03  # s between two bursts at least; shorter ones are notches in one
_QUIET = 3.0  # s in which a rhythm has to begin after its first burst
_ENDED = 2.5  # periods after which a rhythm that does not go on has ended


class Signals:
    """The signals of one life: the time, all membrane potentials, the joints that traces show, and the feet.

    Attributes:
        every: Physics steps from one sample to the next.
        traces: What the traces show, in the colours of films.
        columns: For each trace the column of its samples.
        speed: How fast the animal goes, body lengths/s; None if it stays where it is.
        rhythm: Cycles per second of the first neuron that is shown, Hz; 0 while it has no rhythm.
    """

    def __init__(self, animal: Animal, simulation: Simulation, *, grounded: bool) -> None:
        """Begin at the start of a life.

        Args:
            animal: Whose.
            simulation: Its life.
            grounded: Whether there is ground under it.
        """
        model = simulation.model
        self._animal, self._simulation = animal, simulation
        self.feet = animal.feet if grounded else ()
        self.traces: list[Trace] = traces_of(animal, model)
        brain = simulation.brain
        self.neurons = len(brain.neuron_names)
        self._joints = [r.joint for r in animal.readouts if r.joint]
        self._angles = np.array([model.joint(joint).qposadr[0] for joint in self._joints], int)
        self.columns = [
            1 + (brain.neuron(r.neuron) if r.neuron else self.neurons + self._joints.index(r.joint))
            for r in animal.readouts
        ]
        self._loads = np.array([model.sensor(foot.sensor).adr[0] for foot in self.feet], int)
        self._load = simulation.data.sensordata[self._loads].copy()
        width = 1 + self.neurons + len(self._joints) + len(self.feet)
        rate = min(_RATE, max(_LEAST_RATE, _MOST_NUMBERS / width))
        self.every = max(1, round(1.0 / (rate * model.opt.timestep)))
        self._width = width
        self._forget = min(1.0, self.every * model.opt.timestep / LOAD_TIME)
        self._tape = _counting_spikes(simulation, self.every)
        self._spiking = 1 + np.array(brain.spiking, int)
        self._samples: deque[NDArray[np.float32]] = deque(maxlen=_KEPT)
        self._fresh = 0  # samples that were not taken yet
        self._track: list[tuple[float, float, float]] = []
        self._moves = grounded and animal.moves
        self.speed = 0.0 if self._moves else None
        self._lead = next((n for n, r in enumerate(animal.readouts) if r.neuron), None)
        self._rises: list[float] = []
        self._last_high = 0.0
        self.sample()

    def sample(self) -> None:
        """Take in what the animal does now."""
        data = self._simulation.data
        row = np.empty(self._width, np.float32)
        row[0] = data.time
        row[1 : 1 + self.neurons] = self._simulation.potentials
        if self._tape is not None and len(self._tape.taken):
            row[self._spiking[self._tape.taken[-1] > 0]] = SPIKE
            self._tape.load(1)
        row[1 + self.neurons : self._width - len(self.feet)] = np.degrees(data.qpos[self._angles])
        self._load += (data.sensordata[self._loads] - self._load) * self._forget
        row[self._width - len(self.feet) :] = self._load > self._animal.stance_load
        self._samples.append(row)
        self._fresh += 1
        if self._moves:
            self._track.append((data.time, *self._animal.whereabouts(self._simulation)))
            self._find_speed()
        if self._lead is not None:
            self._find_rhythm(float(row[self.columns[self._lead]]), data.time)

    def take(self) -> NDArray[np.float32]:
        """Samples [n, columns] since the last call: time, potentials, joint angles (degrees), feet on the ground."""
        fresh, self._fresh = min(self._fresh, len(self._samples)), 0
        rows = list(islice(self._samples, len(self._samples) - fresh, None))
        return np.array(rows, np.float32).reshape(-1, self._width)

    def rewind(self) -> None:
        """Let the samples of the last seconds be taken once more, as for a page that has just been opened."""
        self._fresh = len(self._samples)

    def stepping(self) -> AbstractContextManager[None]:
        """Within it the animal is stepped: spikes are counted between samples."""
        slot = slot_of(self._simulation.model, self._simulation.data)
        return nullcontext() if self._tape is None or slot is None else hung(slot, [self._tape])

    def shown(self) -> NDArray[np.float64]:
        """What each trace shows now [traces]."""
        data, neurons = self._simulation.data, self._simulation.potentials
        angles = np.degrees(data.qpos[self._angles])
        return np.concatenate((neurons, angles))[np.array(self.columns, int) - 1]

    def _find_speed(self) -> None:
        now = self._track[-1]
        while now[0] - self._track[0][0] > _SPEED_OVER:
            del self._track[0]
        then = self._track[0]
        passed = now[0] - then[0]
        way = float(np.hypot(now[1] - then[1], now[2] - then[2]))
        self.speed = way / passed / self._animal.length if passed > 0 else 0.0

    def _find_rhythm(self, value: float, time: float) -> None:
        trace = self.traces[self._lead or 0]
        share = (value - trace.lo) / (trace.hi - trace.lo)
        if share > 0.5:
            if time - self._last_high > _BREAK:
                self._rises = [*self._rises[-3:], time]
            self._last_high = time
        if self._rises and time - self._rises[-1] > (_ENDED / self.rhythm if self.rhythm else _QUIET):
            self._rises.clear()

    @property
    def rhythm(self) -> float:
        """See the attributes of the class."""
        if len(self._rises) < 2:
            return 0.0
        return (len(self._rises) - 1) / (self._rises[-1] - self._rises[0])

    def described(self, network: Network) -> dict[str, Any]:
        """What the page is told of the columns: neurons, traces, feet.

        Args:
            network: The nervous system, for the potentials between which its neurons are silent and active.
        """
        families = dict.fromkeys([r.family for r in self._animal.readouts] + [foot.name for foot in self.feet])
        colors = family_colors(families)
        names = self._simulation.brain.neuron_names
        ends = [
            ends
            for population, ends in zip(network.populations, ranges_of(network, None), strict=True)
            for _ in range(population.size)
        ]
        first_foot = self._width - len(self.feet)
        return {
            "neurons": [
                {"name": name, "color": css(colors.get(family, NEUTRAL)), "lo": lo, "hi": hi}
                for name, family, (lo, hi) in zip(names, families_of(names, families), ends, strict=True)
            ],
            "traces": [
                {
                    "label": trace.label, "color": css(trace.color), "lo": trace.lo, "hi": trace.hi,
                    "unit": trace.unit, "lane": trace.lane, "section": trace.section, "column": column,
                }
                for trace, column in zip(self.traces, self.columns, strict=True)
            ],
            "feet": [
                {"label": foot.name, "color": css(colors[foot.name]), "column": first_foot + n}
                for n, foot in enumerate(self.feet)
            ],
            "columns": self._width,
        }  # fmt: skip


def _counting_spikes(simulation: Simulation, every: int) -> Tape | None:
    """A tape of how often each spiking neuron has spiked since the last sample; None where none spikes."""
    brain = simulation.brain
    spiking = np.arange(len(brain.spiking))
    if not spiking.size:
        return None
    first = simulation.data.sensordata.ctypes.data + 8 * (brain.readout.start + len(brain.neuron_names))
    tape = Tape(simulation.model, simulation.data, -1 - spiking, every=every, totals=first + 8 * spiking)
    tape.load(1)
    return tape


def bodies_of(model: mujoco.MjModel) -> list[str]:
    """Names of the bodies that can be pushed: those that have one, and are not fixed to the world."""
    return [name for body in np.flatnonzero(model.body_weldid) if (name := model.body(body).name)]


def css(color: Color) -> str:
    """A colour as a page has it."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in color)
