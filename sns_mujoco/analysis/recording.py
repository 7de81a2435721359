"""Recordings: named channels with units over simulated time, as an `xarray.Dataset`, saved as NetCDF.

Potentials, joints and commands are those at the time of the sample. Sensors are those of the physics step that led to
it, as everywhere in MuJoCo: reading them anew would disturb the simulation.
"""

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mujoco
import numpy as np

from sns_mujoco.errors import unknown_name
from sns_mujoco.files import check_output_path, written_whole

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.cosim.simulation import Simulation

Names = Sequence[str] | None

_SENSOR_UNITS = {
    "mjSENS_TOUCH": "N", "mjSENS_CONTACT": "N", "mjSENS_FORCE": "N", "mjSENS_TORQUE": "N m",
    "mjSENS_ACTUATORFRC": "N or N m", "mjSENS_ACCELEROMETER": "m/s^2", "mjSENS_GYRO": "rad/s",
    "mjSENS_VELOCIMETER": "m/s", "mjSENS_JOINTPOS": "rad or m", "mjSENS_JOINTVEL": "rad/s or m/s",
    "mjSENS_TENDONPOS": "m", "mjSENS_TENDONVEL": "m/s", "mjSENS_FRAMEPOS": "m", "mjSENS_FRAMELINVEL": "m/s",
    "mjSENS_FRAMEANGVEL": "rad/s",
}  # fmt: skip


class Recorder:
    """Samples an animal at a fixed rate.

    Channels, each a variable over `time` (s): `potential` (neuron), `spikes` (spiking_neuron), `joint_position`,
    `joint_velocity` (joint), `control` (actuator), `command` (command_name), `sensor` (channel), `body_position` (body,
    axis), `body_orientation` (body, component).
    """

    def __init__(
        self, simulation: "Simulation", *, rate: float = 100.0, neurons: Names = None, joints: Names = None,
        sensors: Names = None, bodies: Names = None,
    ) -> None:  # fmt: skip
        """Choose what is sampled.

        Args:
            simulation: The animal.
            rate: Samples per simulated second, Hz.
            neurons: Names of the neurons whose potential is taken; all if left out, none if empty.
            joints: The same for joints with one degree of freedom.
            sensors: The same for sensors of the body.
            bodies: The same for bodies.

        Raises:
            ValueError: The rate is not a divisor of the physics rate.
            UnknownNameError: A name does not exist.
        """
        model, brains = simulation.model, simulation.brains
        steps = 1.0 / (rate * model.opt.timestep) if rate > 0 else 0.0
        self.period = round(steps)
        if self.period < 1 or abs(steps - self.period) > 1e-6 * steps:
            raise ValueError(
                f"a rate of {rate:g} Hz does not divide the physics rate of {1.0 / model.opt.timestep:g} Hz; "
                f"take {1.0 / (model.opt.timestep * max(1, self.period)):g} Hz"
            )
        self._simulation = simulation
        several = len(brains) > 1
        prefix = {name: f"{name}/" if several else "" for name in brains}
        places = {
            prefix[name] + neuron: brain.state.start + i
            for name, brain in brains.items()
            for i, neuron in enumerate(brain.neuron_names)
        }
        spikes = {
            prefix[name] + brain.neuron_names[i]: brain.readout.start + len(brain.neuron_names) + k
            for name, brain in brains.items()
            for k, i in enumerate(brain.spiking)
        }
        own = {brain.readout.start for brain in brains.values()}
        self._neurons = _choose("neuron", neurons, places)
        self._spikes = {n: i for n, i in spikes.items() if n in self._neurons}
        self._joints = _choose("joint", joints, _joints(model))
        self._sensors = _choose("sensor", sensors, _sensors(model, own), grouped=True)
        self._bodies = _choose(
            "body", bodies, {model.body(i).name: i for i in range(1, model.nbody) if model.body(i).name}
        )
        self._rows: list[tuple[np.ndarray, ...]] = []

        # resolved once: sampling is the hot path of a recorded run
        joint_ids = _indices(self._joints.values())
        self._at_potential = _indices(self._neurons.values())
        self._at_spike = _indices(self._spikes.values())
        self._at_position, self._at_velocity = model.jnt_qposadr[joint_ids], model.jnt_dofadr[joint_ids]
        self._at_command = _indices(simulation.commands.places.values())
        self._at_sensor = _indices(address for address, _ in self._sensors.values())
        self._at_body = _indices(self._bodies.values())

    def sample(self) -> None:
        """Take one sample of every channel."""
        data = self._simulation.data
        self._rows.append(
            (
                np.array(data.time),
                data.plugin_state[self._at_potential],
                data.sensordata[self._at_spike],
                data.qpos[self._at_position],
                data.qvel[self._at_velocity],
                data.ctrl.copy(),
                data.userdata[self._at_command],
                data.sensordata[self._at_sensor],
                data.xpos[self._at_body],
                data.xquat[self._at_body],
            )
        )

    def dataset(self) -> "xarray.Dataset":
        """Everything sampled so far."""
        import xarray

        simulation, model = self._simulation, self._simulation.model
        columns = [np.stack(column) for column in zip(*self._rows, strict=True)] if self._rows else self._empty()
        time, potential, spikes, angle, velocity, control, command, sensor, position, orientation = columns

        def channel(dimensions: tuple[str, ...], values: np.ndarray, unit: str, meaning: str) -> Any:
            return (("time", *dimensions), values, {"units": unit, "long_name": meaning})

        return xarray.Dataset(
            {
                "potential": channel(("neuron",), potential, "mV", "membrane potential"),
                "spikes": channel(("spiking_neuron",), spikes, "1", "spikes in the last physics step"),
                "joint_position": channel(("joint",), angle, "rad or m", "joint position"),
                "joint_velocity": channel(("joint",), velocity, "rad/s or m/s", "joint velocity"),
                "control": channel(("actuator",), control, "unit of the actuator", "actuator control"),
                "command": channel(("command_name",), command, "1", "descending command"),
                "sensor": channel(("channel",), sensor, "see sensor_unit", "sensor reading, of the step before"),
                "body_position": channel(("body", "axis"), position, "m", "position of the body frame"),
                "body_orientation": channel(("body", "component"), orientation, "1", "orientation quaternion"),
            },
            coords={
                "time": ("time", time, {"units": "s", "long_name": "simulated time"}),
                "neuron": _text(self._neurons),
                "spiking_neuron": _text(self._spikes),
                "joint": _text(self._joints),
                "actuator": _text(model.actuator(i).name or f"actuator {i}" for i in range(model.nu)),
                "command_name": _text(simulation.commands),
                "channel": _text(self._sensors),
                "sensor_unit": ("channel", _text(unit for _, unit in self._sensors.values())),
                "body": _text(self._bodies),
                "axis": _text("xyz"),
                "component": _text("wxyz"),
            },
            attrs={
                "seed": simulation.seed,
                "timestep_s": model.opt.timestep,
                "neural_step_ms": json.dumps({name: brain.dt for name, brain in simulation.brains.items()}),
                "sns_mujoco_version": version("sns-mujoco"),
                "mujoco_version": mujoco.__version__,
            },
        )

    def _empty(self) -> list[np.ndarray]:
        self.sample()
        row = self._rows.pop()
        return [np.empty((0, *np.shape(value))) for value in row]


def save(recording: "xarray.Dataset", path: str | Path) -> None:
    """Write a recording as NetCDF, whole or not at all.

    Raises:
        OutputPathError: It cannot be written there, or the name does not end in .nc.
    """
    target = check_output_path(path, (".nc",))
    with written_whole(target) as temporary:
        recording.to_netcdf(temporary, engine="h5netcdf")


def _text(names: Iterable[str]) -> np.ndarray:
    return np.array(list(names), dtype=object)


def _indices(places: Iterable[int]) -> np.ndarray:
    return np.array(list(places), dtype=int)


def _joints(model: mujoco.MjModel) -> dict[str, int]:
    single = (int(mujoco.mjtJoint.mjJNT_HINGE), int(mujoco.mjtJoint.mjJNT_SLIDE))
    return {model.joint(i).name: i for i in range(model.njnt) if int(model.jnt_type[i]) in single}


def _sensors(model: mujoco.MjModel, own: set[int]) -> dict[str, tuple[int, str]]:
    """Address and unit of every channel of the body's sensors, but the readouts of nervous systems."""
    channels = {}
    for i in range(model.nsensor):
        address, width = int(model.sensor_adr[i]), int(model.sensor_dim[i])
        if address in own:
            continue
        name = model.sensor(i).name or f"sensor {i}"
        unit = _SENSOR_UNITS.get(mujoco.mjtSensor(model.sensor_type[i]).name, "SI")
        for k in range(width):
            channels[name if width == 1 else f"{name}[{k}]"] = (address + k, unit)
    return channels


def _choose(kind: str, wanted: Names, known: dict[str, Any], *, grouped: bool = False) -> dict[str, Any]:
    if wanted is None:
        return known
    chosen = {}
    for name in wanted:
        found = {k: v for k, v in known.items() if k == name or (grouped and k.startswith(f"{name}["))}
        if not found:
            raise unknown_name(kind, name, known, "the model")
        chosen |= found
    return chosen
