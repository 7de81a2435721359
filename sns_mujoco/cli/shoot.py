"""Filming an animal: which of its neurons are shown, in which colours, and when a frame is due."""

from pathlib import Path

import numpy as np

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.models import Animal
from sns_mujoco.rendering import LIMBS, ChaseCamera, Film, Foot, Trace, partner

SAMPLE_RATE = 500.0  # Hz, of recordings, traces and gait
FRAME_RATE = 25.0  # frames per second, as played
WINDOW = 1.0  # s of simulated time that the traces span at a fourfold slowdown
SPEED_OVER = 0.25  # s over which the caption's speed is taken
LOAD_TIME = 0.012  # s, time constant that smooths the load: a foot that bounces at touchdown stands


class Shoot:
    """A film in the making: give it every sample of the animal's life, and it adds the frames.

    Attributes:
        backend: What draws the body.
    """

    def __init__(
        self, animal: Animal, simulation: Simulation, path: Path, *, slow: float, quality: str, renderer: str
    ) -> None:
        """Open the film.

        Args:
            animal: The animal.
            simulation: Its life.
            path: Of the film.
            slow: How many times slower than life it is to be; rounded so that frames fall on samples.
            quality: "draft", "medium" or "high".
            renderer: As `make_renderer` takes it.

        Raises:
            OutputPathError: The film cannot be written there.
            UnknownNameError: There is no such quality or renderer.
        """
        brain, model = simulation.brain, simulation.model
        self._simulation, self._length, self._threshold = simulation, animal.length, animal.stance_load
        self._every = max(1, round(SAMPLE_RATE / (slow * FRAME_RATE)))  # samples for one frame
        self._neurons = [brain.neuron(readout.neuron) for readout in animal.readouts]
        self._loads = np.array([model.sensor(foot.sensor).adr[0] for foot in animal.feet], int)
        self._load = simulation.data.sensordata[self._loads].copy()
        self._torso = model.body(animal.torso).id
        self._potentials: list[np.ndarray] = []
        self._stance: list[np.ndarray] = []
        self._track: list[np.ndarray] = []
        frame_time = self._every / SAMPLE_RATE
        self._film = Film(
            model,
            path,
            traces=_traces(animal),
            feet=[Foot(label=foot.name, color=LIMBS[foot.name]) for foot in animal.feet],
            fps=FRAME_RATE,
            frame_time=frame_time,
            camera=ChaseCamera(model, animal.torso),
            renderer=renderer,
            quality=quality,
            window=WINDOW * 4.0 * frame_time * FRAME_RATE,
        )
        self.backend = self._film.backend

    def sample(self) -> None:
        """Take in what the animal does now; add a frame when one is due."""
        data, brain = self._simulation.data, self._simulation.brain
        self._potentials.append(brain.potentials(data)[self._neurons])
        self._load += (data.sensordata[self._loads] - self._load) / (LOAD_TIME * SAMPLE_RATE)
        self._stance.append(self._load > self._threshold)
        self._track.append(data.xpos[self._torso, :2].copy())
        if len(self._potentials) == self._every:
            self._film.add_frame(data, self._potentials, self._stance, self._caption())
            self._potentials.clear()
            self._stance.clear()

    def close(self) -> None:
        """Finish the film; one without a frame leaves nothing."""
        if self._film.frames:
            self._film.close()
        else:
            self._film.discard()

    def _caption(self) -> str:
        commands = "   ".join(f"{name} {value:g}" for name, value in self._simulation.commands.items())
        recent = np.array(self._track[-round(SPEED_OVER * SAMPLE_RATE) - 1 :])
        if len(recent) < 2:
            return commands
        speed = float(np.linalg.norm(recent[-1] - recent[0])) * SAMPLE_RATE / (len(recent) - 1) / self._length
        return f"{commands}   {speed:.1f} body lengths/s"


def _traces(animal: Animal) -> list[Trace]:
    seen: set[str] = set()
    traces = []
    for readout in animal.readouts:
        color = LIMBS[readout.family]
        lo, hi = readout.range
        traces.append(
            Trace(
                label=readout.label,
                color=partner(color) if readout.lane in seen else color,
                lo=lo,
                hi=hi,
                lane=readout.lane,
                geoms=readout.tints,
            )
        )
        if readout.lane:
            seen.add(readout.lane)
    return traces
