"""An animal in front of the camera: what a film needs to know of its life, sample by sample."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.models import Animal
from sns_mujoco.protocols import Protocol
from sns_mujoco.rendering.choice import Choice, Signal
from sns_mujoco.rendering.marks import Mark, marks_of

SAMPLE_RATE = 500.0  # Hz, of recordings, traces and gait
SPEED_OVER = 0.25  # s over which the caption's speed is taken
MOST_TOLD = 3  # probes and items of a protocol that a film names at once
LOAD_TIME = 0.012  # s, time constant that smooths the load: a foot that bounces at touchdown stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was sampled for a frame, as `Film.add_frame` takes it.

    Attributes:
        signals: [samples, traces].
        stance: [samples, feet].
        marked: [samples].
        levels: For each band [samples, rows].
        phases: For each portrait [samples, 2].
        neurons: [neurons], mV, at the end.
        events: Of the lane of events.
        caption: Its commands and its speed.
        notice: What is being done to it.
    """

    signals: np.ndarray
    stance: np.ndarray
    marked: np.ndarray
    levels: list[np.ndarray]
    phases: list[np.ndarray]
    neurons: np.ndarray
    events: list[Mark]
    caption: str
    notice: str


class Subject:
    """Samples an animal's life for a film."""

    def __init__(
        self,
        animal: Animal,
        simulation: Simulation,
        choice: Choice,
        *,
        grounded: bool,
        protocol: Protocol | None = None,
    ) -> None:
        """Begin.

        Args:
            animal: The animal.
            simulation: Its life.
            choice: What is shown of it.
            grounded: Whether there is ground under it: if not, its speed is not told.
            protocol: What is done to it.
        """
        self._animal, self._simulation, self._choice = animal, simulation, choice
        self._moves = grounded and animal.moves
        self._load = simulation.data.sensordata[choice.loads].copy()
        self._rows: list[tuple[np.ndarray, ...]] = []
        self._probes: dict[str, float] = {}  # those that acted since the last frame, with their values
        self._probed: list[bool] = []
        self._track: deque[tuple[float, float]] = deque(maxlen=round(SPEED_OVER * SAMPLE_RATE) + 1)
        self._planned = marks_of(protocol)
        self._given: list[Mark] = []  # of probes, as they act
        self._acting: dict[str, tuple[float, float]] = {}  # since when, and their value
        brain = simulation.brain
        self._spiking = np.array(brain.spiking, int)
        first = brain.readout.start + len(brain.neuron_names)
        self._spikes = slice(first, first + len(self._spiking))
        self._fired = np.zeros(len(self._spiking), bool)

    def __len__(self) -> int:
        """Samples since the last frame."""
        return len(self._rows)

    def watch(self) -> None:
        """Keep the spikes of the physics step that was just made until the next sample."""
        self._fired |= self._simulation.data.sensordata[self._spikes] > 0.0

    def sample(self) -> None:
        """Take in what the animal does now.

        Spikes are those of the last physics step and of the steps that were watched since the last sample.
        """
        data, choice = self._simulation.data, self._choice
        self.watch()
        potentials = self._simulation.brain.potentials(data).copy()
        self._load += (data.sensordata[choice.loads] - self._load) / (LOAD_TIME * SAMPLE_RATE)
        self._rows.append(
            (
                np.array([self._value(signal, potentials) for signal in choice.signals]),
                self._load > self._animal.stance_load,
                np.array([self._value(signal, potentials) for pair in choice.portraits for signal in pair]),
                potentials,
                self._fired.copy(),
                self._muscles(),
            )
        )
        self._fired[:] = False
        self._note_probes(data.time)
        if self._moves:
            self._track.append(self._animal.whereabouts(self._simulation))

    def take(self) -> Taken:
        """What was sampled since the last frame; sampling begins anew."""
        signals, stance, phases, potentials, fired, muscles = (np.array(part) for part in zip(*self._rows, strict=True))
        levels = []
        if self._choice.raster:
            low, high = self._choice.ranges.T
            activity = (potentials - low) / (high - low)
            activity[:, self._spiking] = fired
            levels.append(activity)
        if self._choice.muscles:
            levels.append(muscles)
        time = self._simulation.time
        taken = Taken(
            signals=signals, stance=stance, marked=np.array(self._probed), levels=levels,
            phases=[phases[:, n : n + 2] for n in range(0, phases.shape[1], 2)],
            neurons=potentials[-1] if self._choice.content.network is not None else np.zeros(0),
            events=self._events(time), caption=self._caption(), notice=self._notice(time),
        )  # fmt: skip
        self._rows.clear()
        self._probes.clear()
        self._probed.clear()
        return taken

    def _value(self, signal: Signal, potentials: np.ndarray) -> float:
        data = self._simulation.data
        match signal.kind:
            case "neuron":
                return potentials[signal.place]
            case "command":
                return data.userdata[signal.place]
            case "angle":
                return np.degrees(data.qpos[signal.place])
            case _:
                return np.degrees(data.qvel[signal.place])

    def _muscles(self) -> np.ndarray:
        """Activation of each muscle, 0 to 1: its state where it has one, else the share of its peak force."""
        data = self._simulation.data
        return np.array([
            data.act[muscle.activation] if muscle.activation is not None
            else max(-data.actuator_force[muscle.output], 0.0) / muscle.force
            for muscle in self._choice.muscles
        ])  # fmt: skip

    def _note_probes(self, time: float) -> None:
        commands = self._simulation.commands
        acting = {name: commands[name] for name in self._animal.probes if commands[name]}
        for name, (since, value) in list(self._acting.items()):
            if acting.get(name) != value:
                self._given.append(Mark(label=f"{name} {value:g}", start=since, stop=time))
                del self._acting[name]
        for name, value in acting.items():
            self._acting.setdefault(name, (time, value))
        self._probes |= acting
        self._probed.append(bool(acting) or any(mark.acts(time) and mark.passes for mark in self._planned))

    def _events(self, time: float) -> list[Mark]:
        going_on = [Mark(label=f"{name} {value:g}", start=since) for name, (since, value) in self._acting.items()]
        return [mark for mark in self._planned if mark.start <= time] + self._given + going_on

    def _caption(self) -> str:
        """The commands that it cruises by, and those that are given; its speed."""
        animal = self._animal
        given = [(name, self._simulation.commands[name]) for name in animal.commands]
        commands = "   ".join(f"{name} {value:g}" for name, value in given if value or name in animal.cruise)
        recent = np.array(self._track)
        if len(recent) < 2:
            return commands
        way = float(np.linalg.norm(recent[-1] - recent[0]))
        speed = way * SAMPLE_RATE / (len(recent) - 1) / animal.length
        return f"{commands}   {speed:.1f} body lengths/s"

    def _notice(self, time: float) -> str:
        """The probes that acted since the last frame, and what the protocol does now."""
        told = [f"{name} {value:g}" for name, value in self._probes.items()]
        told += [mark.label for mark in self._planned if mark.acts(time)]
        more = f"   and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
        return "   ".join(told[:MOST_TOLD]) + more
