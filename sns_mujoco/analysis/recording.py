"""Recordings: named channels with units over simulated time, as an `xarray.Dataset`, saved as NetCDF.

Potentials, joints, commands, and tensions and activations of muscles are those at the time of the sample. Sensors,
afferents, and lengths, velocities and forces of muscles are those of the physics step that led to it, as everywhere in
MuJoCo: reading them anew would disturb the simulation.
"""

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mujoco
import numpy as np

from sns_mujoco.analysis import channels
from sns_mujoco.analysis.channels import Names
from sns_mujoco.files import check_output_path, written_whole
from sns_mujoco.muscles import MuscleInfo, find_muscles

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.cosim.simulation import Simulation


class Recorder:
    """Samples an animal at a fixed rate.

    Channels, each a variable over `time` (s): `potential` (neuron), `spikes` (spiking_neuron), `joint_position`,
    `joint_velocity` (joint), `control` (actuator), `command` (command_name), `sensor` (channel), `body_position` (body,
    axis), `body_orientation` (body, component); of muscles, of every kind alike, `muscle_length` (m), `muscle_velocity`
    (m/s, positive as it lengthens), `muscle_force` (N, positive as it pulls) and `muscle_excitation` (0 to 1), and,
    where some have such a state, `muscle_activation` (0 to 1) and `muscle_tension` (N), nan for the others; of
    afferents, `afferent_signal` (what it measures, with noise, in its own unit) and `afferent_current` (nA, after its
    delay), with `afferent_kind`, `afferent_source` and `afferent_target` beside.
    """

    def __init__(
        self, simulation: "Simulation", *, rate: float = 100.0, neurons: Names = None, joints: Names = None,
        sensors: Names = None, bodies: Names = None, muscles: Names = None, afferents: Names = None,
    ) -> None:  # fmt: skip
        """Choose what is sampled.

        Args:
            simulation: The animal.
            rate: Samples per simulated second, Hz.
            neurons: Names of the neurons whose potential is taken; all if left out, none if empty.
            joints: The same for joints with one degree of freedom.
            sensors: The same for sensors of the body.
            bodies: The same for bodies.
            muscles: The same for muscles that have a name, those of `find_muscles`.
            afferents: The same for afferents, by label and target as in `Brain.afferents`:
                "JointAngle('knee') -> stretch".

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
        self._neurons = channels.choose("neuron", neurons, places)
        self._spikes = {n: i for n, i in spikes.items() if n in self._neurons}
        self._joints = channels.choose("joint", joints, channels.joints(model))
        self._sensors = channels.choose("sensor", sensors, channels.sensors(model, own), grouped=True)
        self._bodies = channels.choose(
            "body", bodies, {model.body(i).name: i for i in range(1, model.nbody) if model.body(i).name}
        )
        self._muscles: dict[str, MuscleInfo] = channels.choose("muscle", muscles, find_muscles(model))
        self._afferents = channels.choose("afferent", afferents, channels.afferents(simulation, prefix))
        self._rows: list[tuple[np.ndarray, ...]] = []

        # resolved once: sampling is the hot path of a recorded run
        joint_ids = channels.indices(self._joints.values())
        self._at_potential = channels.indices(self._neurons.values())
        self._at_spike = channels.indices(self._spikes.values())
        self._at_position, self._at_velocity = model.jnt_qposadr[joint_ids], model.jnt_dofadr[joint_ids]
        self._at_command = channels.indices(simulation.commands.places.values())
        self._at_sensor = channels.indices(address for address, _ in self._sensors.values())
        self._at_body = channels.indices(self._bodies.values())
        self._at_muscle = channels.indices(muscle.output for muscle in self._muscles.values())
        self._at_excitation = channels.indices(muscle.control for muscle in self._muscles.values())
        self._at_tension, self._has_tension = channels.some_indices(muscle.tension for muscle in self._muscles.values())
        self._at_activation, self._has_activation = channels.some_indices(
            muscle.activation for muscle in self._muscles.values()
        )
        self._at_afferent = channels.indices(place for place, _ in self._afferents.values())

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
                data.actuator_length[self._at_muscle],
                data.actuator_velocity[self._at_muscle],
                0.0 - data.actuator_force[self._at_muscle],  # and not -0 of what is slack
                data.ctrl[self._at_excitation].clip(0.0, 1.0),
                data.plugin_state[self._at_tension],
                data.act[self._at_activation],
                *self._sensed(),
            )
        )

    def _sensed(self) -> tuple[np.ndarray, np.ndarray]:
        """Signals and currents of the afferents that are taken."""
        if not self._afferents:
            return np.empty(0), np.empty(0)
        data, brains = self._simulation.data, self._simulation.brains.values()
        signals = np.concatenate([brain.signals(data) for brain in brains])
        currents = np.concatenate([brain.currents(data) for brain in brains])
        return signals[self._at_afferent], currents[self._at_afferent]

    def dataset(self) -> "xarray.Dataset":
        """Everything sampled so far."""
        import xarray

        simulation, model = self._simulation, self._simulation.model
        own = list(self._afferents.values())
        columns = [np.stack(column) for column in zip(*self._rows, strict=True)] if self._rows else self._empty()
        time, potential, spikes, angle, velocity, control, command, sensor, position, orientation, *more = columns
        length, lengthening, force, excitation, tension, activation, signal, current = more

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
                "muscle_length": channel(("muscle",), length, "m", "length of the muscle with its tendon"),
                "muscle_velocity": channel(("muscle",), lengthening, "m/s", "velocity, positive as it lengthens"),
                "muscle_force": channel(("muscle",), force, "N", "force, positive as it pulls"),
                "muscle_excitation": channel(("muscle",), excitation, "1", "excitation"),
                "afferent_signal": channel(("afferent",), signal, "unit of the signal", "signal with its noise"),
                "afferent_current": channel(("afferent",), current, "nA", "current into its target"),
                **{
                    name: channel(("muscle",), channels.spread(values, has), unit, meaning)
                    for name, values, has, unit, meaning in (
                        ("muscle_tension", tension, self._has_tension, "N", "tension, a state of linear Hill muscles"),
                        ("muscle_activation", activation, self._has_activation, "1", "activation, a state"),
                    )
                    if has.any()
                },
            },
            coords={
                "time": ("time", time, {"units": "s", "long_name": "simulated time"}),
                "neuron": channels.text(self._neurons),
                "spiking_neuron": channels.text(self._spikes),
                "joint": channels.text(self._joints),
                "actuator": channels.text(model.actuator(i).name or f"actuator {i}" for i in range(model.nu)),
                "command_name": channels.text(simulation.commands),
                "channel": channels.text(self._sensors),
                "sensor_unit": ("channel", channels.text(unit for _, unit in self._sensors.values())),
                "body": channels.text(self._bodies),
                "muscle": channels.text(self._muscles),
                "afferent": channels.text(self._afferents),
                **{
                    f"afferent_{what}": ("afferent", channels.text(getattr(known, field) for _, known in own))
                    for what, field in (("kind", "kind"), ("source", "source"), ("target", "to"))
                },
                "axis": channels.text("xyz"),
                "component": channels.text("wxyz"),
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
