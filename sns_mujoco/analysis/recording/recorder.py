"""What records an animal or a population: steps it, and samples it natively on the way."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.recording import metadata
from sns_mujoco.analysis.recording.channels import Names
from sns_mujoco.analysis.recording.dataset import Layout
from sns_mujoco.analysis.recording.feet import feet_of
from sns_mujoco.analysis.recording.groups import Catalogue, Group, catalogue
from sns_mujoco.analysis.recording.rows import Rows
from sns_mujoco.analysis.recording.sampling import CHUNK, IN_BATCHES, PopulationSampler, SimulationSampler
from sns_mujoco.analysis.recording.selection import choose_text, clocks, select
from sns_mujoco.analysis.recording.synapses import LESIONS, asked_for, of_synapses
from sns_mujoco.analysis.recording.synapses import NAMES as SYNAPTIC
from sns_mujoco.cosim.population import Population
from sns_mujoco.cosim.rig.rig import Channel
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import DivergenceError, RecordingError

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.analysis.recording.streams import Stream
    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]


class Recorder:
    """Samples an animal, or all individuals of a population, while it steps them.

        with Recorder(simulation, rate=1000, to="walk.nc") as recorder:
            recorder.run(3600.0)

    Without `to` it keeps its samples in memory, for `dataset()`. What happens is bit for bit what would happen without
    it: an animal is sampled natively, inside the physics step.

    Variables, over `time` (s) and after `individual` for a population: `potential` (neuron), `spikes` (spiking_neuron;
    since the sample before), `joint_position`, `joint_velocity`, `joint_torque` (joint; the torque is that of all
    actuators and muscles along it), `control`, `actuator_force` (actuator), `command` (command_name), `sensor`
    (channel), `body_position` (body, axis), `body_orientation` (body, component); of muscles, of every kind alike,
    `muscle_length` (m), `muscle_velocity` (m/s, positive as it lengthens), `muscle_force` (N, positive as it pulls) and
    `muscle_excitation` (0 to 1), and, where some have such a state, `muscle_activation` (0 to 1) and `muscle_tension`
    (N), nan for the others; of afferents, `afferent_signal` (what it measures, with noise, in its own unit) and
    `afferent_current` (nA, after its delay), with `afferent_kind`, `afferent_source` and `afferent_target` beside; of
    the feet that the animal names, `foot_load` (N), `foot_contact`, `foot_position` (m) and `ground_force` (N, along
    the world's axes); where it was built with a rig, `injected_current` (nA, neuron) and, of an animal, `stimulus`
    (stimulus_name): what the protocol does that it had when the recorder was made; and, of an animal, only where they
    are asked for, `synaptic_conductance` (uS) and `synaptic_current` (nA) of graded and of spiking conductance synapses
    (connection). Afferents, contacts and ground forces cannot be told of a population. Individuals that failed are nan
    from then on.

    Attributes:
        period: Physics steps between samples.
        samples: How many were taken at the main rate.
    """

    def __init__(
        self, life: Simulation | Population, *, rate: float = 100.0, channels: Names | str = None,
        rates: Mapping[str, float] | None = None, neurons: Names = None, joints: Names = None, sensors: Names = None,
        bodies: Names = None, muscles: Names = None, afferents: Names = None, animal: "Animal | None" = None,
        to: str | Path | None = None, last: float | None = None, notes: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Choose what is sampled, everything by default.

        Args:
            life: The animal, or the population.
            rate: Samples per simulated second, Hz.
            channels: Names or shell patterns of variables, "potential:L1*" for some channels of one. Variables of the
                same kind of thing, as of joints, are recorded of the same things.
            rates: Other rates, Hz, by name or pattern of variables, as {"muscle_*": 50}: they have a time of their own,
                `time_50Hz`.
            neurons: Names or patterns of the neurons; all if left out, none if empty.
            joints: The same for joints with one degree of freedom.
            sensors: The same for sensors of the body.
            bodies: The same for bodies.
            muscles: The same for muscles that have a name, those of `find_muscles`.
            afferents: The same for afferents, by label and target as in `Brain.afferents`:
                "JointAngle('knee') -> stretch".
            animal: What it is, where the simulation was not made by the animal: its feet and families are told.
            to: A file, .nc or .zarr, into which samples are written as they come; memory stays as it is.
            last: Without a file: how much is kept in memory at least, s; what is older is forgotten. All if left out.
            notes: Further attributes of the recording.

        Raises:
            ValueError: A rate is not a divisor of the physics rate, or individuals stand at different times.
            UnknownNameError: A name does not exist.
            OutputPathError: The file cannot be written there.
            RecordingError: Currents of synapses are asked for, and cannot be told.
            AttachError: Likewise: the model's numbers are no longer those of the animal's network.
        """
        model = life.model
        self.animal, self._life = animal or life.animal, life
        feet = feet_of(self.animal, model)
        places = {name: place for brain in life.brains.values() for name, place in brain.commands.items()}
        known = catalogue(model, life.brains, places, feet, _stimuli(life))
        if channels is not None and asked_for(choose_text(channels)):
            known = replace(known, groups=known.groups | {g.name: g for g in self._synapses()})
        if isinstance(life, Population):
            known = _without(known, IN_BATCHES)
        named = {
            "neuron": neurons, "joint": joints, "channel": sensors, "body": bodies, "muscle": muscles,
            "afferent": afferents,
        }  # fmt: skip
        groups = select(known, channels, named)
        self._synaptic = any(group.name in SYNAPTIC for group in groups)
        self._clocks = clocks(groups, rate, rates, model.opt.timestep)
        self.period = self._clocks[0].period
        self.samples = 0
        if isinstance(life, Population):
            self._sampler: SimulationSampler | PopulationSampler = PopulationSampler(life, self._clocks)
        else:
            self._sampler = SimulationSampler(life, self._clocks, feet)
        self._layout = Layout(
            clocks=self._clocks, known=known, animal=self.animal,
            seeds=life.seeds.copy() if isinstance(life, Population) else None,
            attrs=self._attributes(rate) | dict(notes or {}),
        )  # fmt: skip
        steps = None if last is None else max(1, round(last / model.opt.timestep))
        self._rows = [Rows(None if steps is None else -(-steps // clock.period)) for clock in self._clocks]
        self._stream: Stream | None = None
        if to is not None:
            from sns_mujoco.analysis.recording.streams import open_stream

            self._stream = open_stream(to, self._layout.dataset(self._empty()))

    def step(self, n: int = 1) -> None:
        """Advance by n physics steps and sample on the way.

        Raises:
            DivergenceError: The animal diverged; what was good until then is recorded.
            RecordingError: The file cannot be written any more; what was written until then is kept. Or synapses that
                are recorded are cut by now.
            ValueError: The individuals of a population stand at different times.
        """
        if self._synaptic:
            _refuse_lesions(self._life)
        while n > 0:
            steps = min(n, CHUNK)
            n -= steps
            try:
                rows = self._sampler.step(steps)
            except DivergenceError:
                assert isinstance(self._sampler, SimulationSampler)
                self._keep(self._sampler.lost)
                raise
            self._keep(rows)

    def run(self, seconds: float) -> None:
        """Advance by a time, s, rounded to physics steps.

        Raises:
            DivergenceError: See `step`.
            RecordingError: See `step`.
        """
        self.step(round(seconds / self._life.model.opt.timestep))

    def sample(self) -> None:
        """Take one sample of what there is now, as at the very start; spikes are those of the last physics step."""
        self._keep(self._sampler.take())

    def dataset(self) -> "xarray.Dataset":
        """Everything sampled so far; of a file that is being written, what is in it."""
        if self._stream is not None:
            from sns_mujoco.analysis.recording.storage import load

            self._stream.flush()
            return load(self._stream.path)
        self._layout.attrs.update(_protocol(self._life))  # with what was done by hand since
        return self._layout.dataset([r.joined(e) for r, e in zip(self._rows, self._empty(), strict=True)])

    def close(self) -> None:
        """Write what is left and close the file; without one there is nothing to do.

        Raises:
            RecordingError: It cannot be written.
        """
        if self._stream is not None:
            self._stream.close(_protocol(self._life))

    def __enter__(self) -> "Recorder":
        """A recorder that is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _keep(self, rows: list[Floats]) -> None:
        self.samples += len(rows[0])
        if self._stream is not None:
            if any(len(taken) for taken in rows):
                self._stream.append(rows, self._layout.dataset)
        else:
            for kept, taken in zip(self._rows, rows, strict=True):
                kept.add(taken)

    def _empty(self) -> list[Floats]:
        batch = (self._life.n,) if isinstance(self._life, Population) else ()
        return [np.empty((0, *batch, clock.width)) for clock in self._clocks]

    def _synapses(self) -> list[Group]:
        life = self._life
        if isinstance(life, Population):
            raise RecordingError(
                "conductances and currents of synapses cannot be told of a population, whose individuals may have "
                "synapses of their own; record population.simulation(individual)"
            )
        _refuse_lesions(life)
        return of_synapses(life.model, life.brains, self.animal)

    def _attributes(self, rate: float) -> dict[str, Any]:
        from sns_mujoco.models import reference

        life, animal = self._life, self.animal
        values = {name: np.asarray(value).tolist() for name, value in life.commands.items()}
        start = life.time if isinstance(life, Simulation) else float(life.time[0])
        return {
            "seed": life.seed,
            "rate_hz": float(rate),
            "start_s": float(start),
            "commands_at_start": json.dumps(values),
            **({"animal": reference(animal) or animal.name} if animal is not None else {}),
            **({"terrain": life.terrain} if life.terrain is not None else {}),
            **_protocol(life),
            **metadata.of_model(life.model, life.brains),
            **metadata.of_checkout(),
        }


def _without(known: Catalogue, fields: frozenset[str]) -> Catalogue:
    groups = {name: group for name, group in known.groups.items() if group.field not in fields}
    return replace(known, groups=groups)


def _rigged(life: Simulation | Population) -> bool:
    return any(brain.electrodes.stop > brain.electrodes.start for brain in life.brains.values())


def _refuse_lesions(life: Simulation | Population) -> None:
    assert isinstance(life, Simulation)
    done = [type(item).__name__ for item in life.protocol.items] if _rigged(life) else []
    lesions = [name for name in done if name in LESIONS]
    if lesions:
        raise RecordingError(
            f"the protocol has a {lesions[0]}, which changes conductances while they are recorded from potentials; "
            "record the potentials alone, or leave it out"
        )


def _stimuli(life: Simulation | Population) -> Sequence[Channel]:
    return life.rig.channels if isinstance(life, Simulation) and _rigged(life) else ()


def _protocol(life: Simulation | Population) -> dict[str, str]:
    """What is done to it, as YAML; of a population whose individuals have different protocols, a JSON list of them."""
    if not _rigged(life):
        return {}
    if isinstance(life, Simulation):
        return {"protocol": life.protocol.to_yaml()}
    texts = [protocol.to_yaml() for protocol in life.protocols]
    return {"protocol": texts[0] if len(set(texts)) == 1 else json.dumps(texts)}
