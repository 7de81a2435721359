"""A life shown again from its recording: the body is put where it was, and nothing is computed anew."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import mujoco
import numpy as np

from sns_mujoco.analysis.recording import channels
from sns_mujoco.errors import RecordingError
from sns_mujoco.models import Animal
from sns_mujoco.muscles import find_muscles
from sns_mujoco.rendering.subject import SAMPLE_RATE

if TYPE_CHECKING:
    import xarray

_NEEDED = ("potential", "joint_position", "body_position", "body_orientation", "command")


class Replay:
    """Puts an animal into the states of a recording.

    Attributes:
        simulation: The animal, for a `Shoot` to look at. It is not to be stepped.
    """

    def __init__(self, animal: Animal, recording: "xarray.Dataset") -> None:
        """Find everything that was recorded.

        Args:
            animal: The animal that was recorded.
            recording: Its recording, with all potentials, joints, bodies and commands; with `sensor`, `muscle_force`,
                `muscle_activation` and `spikes` feet, muscles and spikes are shown, too.

        Raises:
            RecordingError: Something is missing, it is one of several individuals, or it is another animal's.
        """
        if "individual" in recording.dims:
            raise RecordingError("the recording is of several individuals; choose one with .isel(individual=...)")
        missing = [name for name in _NEEDED if name not in recording]
        missing = missing or [name for name in _NEEDED if recording[name].dims[0] != "time"]
        if missing or recording.sizes.get("time", 0) == 0:
            raise RecordingError(
                f"a film needs {', '.join(_NEEDED)} at the rate of the recording, which lacks "
                f"{', '.join(missing) or 'any sample'}; record it with all channels"
            )
        seed, terrain = int(recording.attrs.get("seed") or 0), recording.attrs.get("terrain") or None
        self.simulation = simulation = animal.simulation(terrain=terrain, seed=seed)
        self._time = np.asarray(recording["time"].values, float)
        model, brain, muscles = simulation.model, simulation.brain, find_muscles(simulation.model)
        first = brain.readout.start + len(brain.neuron_names)
        spiking = {brain.neuron_names[n]: first + k for k, n in enumerate(brain.spiking)}
        commands = dict(simulation.commands.places)
        self._parts: list[tuple[str, np.ndarray, np.ndarray]] = []  # field of mjData, where in it, values [time, ...]
        self._take(
            recording,
            "joint_position",
            "joint",
            "qpos",
            {name: int(model.jnt_qposadr[joint]) for name, joint in channels.joints(model).items()},
        )
        self._take(
            recording,
            "potential",
            "neuron",
            "plugin_state",
            {name: brain.state.start + n for n, name in enumerate(brain.neuron_names)},
        )
        self._take(recording, "command", "command_name", "userdata", commands)
        if "sensor" in recording:
            self._take(recording, "sensor", "channel", "sensordata", _sensors(model))
        if "spikes" in recording:
            self._take(recording, "spikes", "spiking_neuron", "sensordata", spiking)
        if "muscle_force" in recording:
            self._take(
                recording,
                "muscle_force",
                "muscle",
                "actuator_force",
                {name: muscle.output for name, muscle in muscles.items()},
                sign=-1.0,
            )
        if "muscle_activation" in recording:
            self._take(
                recording,
                "muscle_activation",
                "muscle",
                "act",
                {name: muscle.activation for name, muscle in muscles.items() if muscle.activation is not None},
            )
        self._roots(recording)

    def __iter__(self) -> Iterator[None]:
        """Go through the recording at the rate at which films sample, 500 Hz."""
        start, end = self._time[0], self._time[-1]
        count = round((end - start) * SAMPLE_RATE) + 1
        for n in range(count):
            self._put(int(np.abs(self._time - (start + n / SAMPLE_RATE)).argmin()))
            yield

    def _take(
        self, recording: "xarray.Dataset", variable: str, dimension: str, field: str, places: dict[str, int],
        sign: float = 1.0,
    ) -> None:  # fmt: skip
        names = [str(name) for name in recording[dimension].values]
        known = [n for n, name in enumerate(names) if name in places]
        if variable in _NEEDED and len({names[n] for n in known}) < len(places):
            lost = next(name for name in places if name not in names)
            raise RecordingError(f"the recording has no {variable} of {lost!r}; is it another animal's, or a choice?")
        values = np.asarray(recording[variable].values, float)
        if values.shape[0] == len(self._time) and known:
            self._parts.append((field, np.array([places[names[n]] for n in known]), sign * values[:, known]))

    def _roots(self, recording: "xarray.Dataset") -> None:
        """Where bodies with a free joint were."""
        model = self.simulation.model
        names = [str(name) for name in recording["body"].values]
        for joint in np.flatnonzero(model.jnt_type == mujoco.mjtJoint.mjJNT_FREE):
            body = model.body(model.jnt_bodyid[joint]).name
            if body not in names:
                raise RecordingError(f"the recording has no place of the body {body!r}; is it another animal's?")
            n, start = names.index(body), int(model.jnt_qposadr[joint])
            pose = np.concatenate(
                [recording["body_position"].values[:, n], recording["body_orientation"].values[:, n]], axis=1
            )
            self._parts.append(("qpos", np.arange(start, start + 7), pose))

    def _put(self, row: int) -> None:
        model, data = self.simulation.model, self.simulation.data
        data.time = self._time[row]
        for field, places, values in self._parts:
            getattr(data, field)[places] = values[row]
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_camlight(model, data)
        mujoco.mj_tendon(model, data)


def _sensors(model: mujoco.MjModel) -> dict[str, int]:
    """Address of each scalar sensor that has a name."""
    named = [model.sensor(s) for s in range(model.nsensor)]
    return {sensor.name: int(sensor.adr[0]) for sensor in named if sensor.name and sensor.dim[0] == 1}
