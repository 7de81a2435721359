"""Filming an animal: which of its signals are shown, in which colours, and when a frame is due."""

from pathlib import Path

import mujoco
import numpy as np

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.models import Animal
from sns_mujoco.rendering import ChaseCamera, Film, Foot, Trace, family_colors, partner

SAMPLE_RATE = 500.0  # Hz, of recordings, traces and gait
FRAME_RATE = 25.0  # frames per second, as played
WINDOW = 1.0  # s of simulated time that the traces span at a fourfold slowdown
SPEED_OVER = 0.25  # s over which the caption's speed is taken
MOST_PROBES = 3  # that a film names at once
LOAD_TIME = 0.012  # s, time constant that smooths the load: a foot that bounces at touchdown stands


class Shoot:
    """A film in the making: give it every sample of the animal's life, and it adds the frames.

    Attributes:
        backend: What draws the body.
    """

    def __init__(
        self, animal: Animal, simulation: Simulation, path: Path, *, grounded: bool, slow: float, quality: str,
        renderer: str,
    ) -> None:  # fmt: skip
        """Open the film.

        Args:
            animal: The animal.
            simulation: Its life.
            path: Of the film.
            grounded: Whether there is ground under it: if not, its speed and its stance are not shown.
            slow: How many times slower than life it is to be; rounded so that frames fall on samples.
            quality: "draft", "medium" or "high".
            renderer: As `make_renderer` takes it.

        Raises:
            OutputPathError: The film cannot be written there.
            UnknownNameError: There is no such quality or renderer.
        """
        model = simulation.model
        self._animal, self._simulation, self._moves = animal, simulation, grounded and animal.moves
        self._every = max(1, round(SAMPLE_RATE / (slow * FRAME_RATE)))  # samples for one frame
        shown = enumerate(animal.readouts)
        self._neurons = {n: simulation.brain.neuron(readout.neuron) for n, readout in shown if readout.neuron}
        shown = enumerate(animal.readouts)
        self._angles = {n: model.joint(readout.joint).qposadr[0] for n, readout in shown if readout.joint}
        feet = animal.feet if grounded else ()
        self._loads = np.array([model.sensor(foot.sensor).adr[0] for foot in feet], int)
        self._load = simulation.data.sensordata[self._loads].copy()
        self._signals: list[np.ndarray] = []
        self._stance: list[np.ndarray] = []
        self._probes: dict[str, float] = {}  # those that acted since the last frame, with their values
        self._probed: list[bool] = []
        self._track: list[tuple[float, float]] = []
        frame_time = self._every / SAMPLE_RATE
        colors = family_colors([readout.family for readout in animal.readouts] + [foot.name for foot in feet])
        view = animal.view
        self._film = Film(
            model,
            path,
            traces=_traces(animal, model),
            feet=[Foot(label=foot.name, color=colors[foot.name]) for foot in feet],
            fps=FRAME_RATE,
            frame_time=frame_time,
            camera=ChaseCamera(
                model, animal.torso or None, azimuth=view.azimuth, elevation=view.elevation, distance=view.distance,
                rise=view.rise,
            ),
            renderer=renderer,
            quality=quality,
            window=WINDOW * 4.0 * frame_time * FRAME_RATE,
        )  # fmt: skip
        self.backend = self._film.backend

    def sample(self) -> None:
        """Take in what the animal does now; add a frame when one is due."""
        data, brain = self._simulation.data, self._simulation.brain
        signals = np.empty(len(self._animal.readouts))
        signals[list(self._neurons)] = brain.potentials(data)[list(self._neurons.values())]
        signals[list(self._angles)] = np.degrees(data.qpos[list(self._angles.values())])
        self._signals.append(signals)
        self._load += (data.sensordata[self._loads] - self._load) / (LOAD_TIME * SAMPLE_RATE)
        self._stance.append(self._load > self._animal.stance_load)
        commands = self._simulation.commands
        acting = {name: commands[name] for name in self._animal.probes if commands[name]}
        self._probes |= acting
        self._probed.append(bool(acting))
        if self._moves:
            self._track.append(self._animal.whereabouts(self._simulation))
        if len(self._signals) == self._every:
            self._film.add_frame(
                data, self._signals, self._stance, self._caption(), notice=self._notice(), marks=self._probed
            )
            for samples in (self._signals, self._stance, self._probes, self._probed):
                samples.clear()

    def close(self) -> None:
        """Finish the film; one without a frame leaves nothing."""
        if self._film.frames:
            self._film.close()
        else:
            self._film.discard()

    def _caption(self) -> str:
        """The commands that it cruises by, and those that are given; its speed."""
        animal = self._animal
        given = [(name, self._simulation.commands[name]) for name in animal.commands]
        commands = "   ".join(f"{name} {value:g}" for name, value in given if value or name in animal.cruise)
        recent = np.array(self._track[-round(SPEED_OVER * SAMPLE_RATE) - 1 :])
        if len(recent) < 2:
            return commands
        way = float(np.linalg.norm(recent[-1] - recent[0]))
        speed = way * SAMPLE_RATE / (len(recent) - 1) / animal.length
        return f"{commands}   {speed:.1f} body lengths/s"

    def _notice(self) -> str:
        """The probes that acted since the last frame."""
        told = [f"{name} {value:g}" for name, value in self._probes.items()]
        more = f"   and {len(told) - MOST_PROBES} more" if len(told) > MOST_PROBES else ""
        return "   ".join(told[:MOST_PROBES]) + more


def _traces(animal: Animal, model: mujoco.MjModel) -> list[Trace]:
    tendons = {model.tendon(t).name for t in range(model.ntendon)}
    colors = family_colors(readout.family for readout in animal.readouts)
    seen: set[tuple[str, str]] = set()
    traces = []
    for readout in animal.readouts:
        color = colors[readout.family]
        lo, hi = readout.range
        traces.append(
            Trace(
                label=readout.label,
                color=partner(color) if (readout.lane, readout.family) in seen else color,
                lo=lo,
                hi=hi,
                unit="mV" if readout.neuron else "degrees",
                lane=readout.lane,
                section=readout.section,
                geoms=tuple(name for name in readout.tints if name not in tendons),
                muscles=tuple(name for name in readout.tints if name in tendons),
            )
        )
        if readout.lane:
            seen.add((readout.lane, readout.family))
    return traces
