"""One animal: a model with its nervous systems, stepped, with access by name."""

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.brain import Brain, brain_seed, find_brains, find_neuron, sole
from sns_mujoco.cosim.command_places import CommandPlaces
from sns_mujoco.cosim.divergence import locate, lost, stand
from sns_mujoco.cosim.seeds import checked_seed
from sns_mujoco.errors import AttachError, DivergenceError, unknown_name

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.cosim.rig.described import Described
    from sns_mujoco.cosim.rig.rig import Done, Rig
    from sns_mujoco.models import Animal
    from sns_mujoco.protocols import Protocol

STATE = mujoco.mjtState.mjSTATE_INTEGRATION


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that determines what an animal does next: body, brain, commands and noise.

    Attributes:
        state: MuJoCo's integration state, float64.
        done: What was being done to it, where it has a rig.
    """

    state: NDArray[np.float64]
    done: "Done | None" = None


class Commands(CommandPlaces[float]):
    """Descending commands by name; setting one acts on the next step, and holds."""

    def __init__(self, data: mujoco.MjData, places: dict[str, int]) -> None:
        """View the commands of an `MjData`; `places` are their indices in its userdata."""
        super().__init__(places)
        self._data = data

    def __getitem__(self, name: str) -> float:
        """Current value of a command."""
        return float(self._data.userdata[self._place(name)])

    def __setitem__(self, name: str, value: float) -> None:
        """Set a command.

        Raises:
            UnknownNameError: There is no such command.
            ValueError: The value is not a finite number.
        """
        place = self._place(name)
        if not np.isfinite(value):
            raise ValueError(f"command {name!r} is set to {value!r}; give a finite number")
        self._data.userdata[place] = value


class Simulation:
    """A body with its nervous systems, one `MjModel` and one `MjData`, stepped together by MuJoCo.

    `model` and `data` are MuJoCo's own and may be used as such; what this class adds is names, seeds, snapshots,
    recordings, and an error instead of silence when the simulation diverges.

    Attributes:
        model: Body and nervous systems.
        data: Their state.
        brains: Nervous systems by name.
        commands: Descending commands by name.
        seed: Of the last reset.
        animal: What it is, where `Animal.simulation` made it, else None.
        terrain: What that lives on, else None.
    """

    def __init__(
        self, model: mujoco.MjModel | mujoco.MjSpec, *, seed: int = 0, described: "Described | None" = None
    ) -> None:
        """Make an animal ready, at its initial state.

        Args:
            model: A model with one or more nervous systems, from `attach` or from a file.
            seed: Seed of all its random numbers, those of sensors and of neurons.
            described: What it was made from, so that protocols can change synapses, channels and masses.

        Raises:
            AttachError: There is no nervous system in the model, or its options have been changed so that it cannot
                be stepped.
        """
        self.model = compiled(model)
        self.described = described
        self._rig: Rig | None = None
        self.brains: dict[str, Brain] = find_brains(self.model)
        _refuse_unfit(self.model, self.brains)
        self.data = mujoco.MjData(self.model)
        self.animal: Animal | None = None
        self.terrain: str | None = None
        self.commands = Commands(self.data, {c: i for b in self.brains.values() for c, i in b.commands.items()})
        self.reset(seed=seed)

    @property
    def brain(self) -> Brain:
        """The nervous system, where there is one.

        Raises:
            UnknownNameError: There are several; take one from `brains`.
        """
        return sole(self.brains)

    @property
    def time(self) -> float:
        """Simulated time, s."""
        return self.data.time

    @property
    def potentials(self) -> NDArray[np.float64]:
        """Membrane potentials of the nervous system, a live view, float64 [N], mV."""
        return self.brain.potentials(self.data)

    def potential(self, neuron: str) -> float:
        """Membrane potential of one neuron, mV.

        Raises:
            UnknownNameError: There is none of that name.
        """
        return float(self.data.plugin_state[find_neuron(self.brains, neuron)])

    def reset(self, *, seed: int | None = None, keyframe: str | None = None) -> None:
        """Go back to the initial state: body, neurons, delays, commands (to 0).

        Args:
            seed: Seed of all random numbers; without one, the last seed is used again.
            keyframe: Name of a keyframe of the body to start from.

        Raises:
            UnknownNameError: There is no such keyframe.
            ValueError: The seed is negative or not a whole number.
        """
        if seed is not None:
            self.seed = checked_seed(seed)
        if self._rig is not None:
            self._rig.rest()
        if keyframe is None:
            mujoco.mj_resetData(self.model, self.data)
        else:
            found = mujoco.mj_name2id(self.model, mujoco.mjtObj.mjOBJ_KEY, keyframe)
            if found < 0:
                keys = [self.model.key(i).name for i in range(self.model.nkey)]
                raise unknown_name("keyframe", keyframe, keys, "the body")
            mujoco.mj_resetDataKeyframe(self.model, self.data, found)
        for place, brain in enumerate(self.brains.values()):
            self.data.plugin_state[brain.seed] = brain_seed(self.seed, place)
        mujoco.mj_forward(self.model, self.data)

    @property
    def rig(self) -> "Rig":
        """What is done to it, and what can be done to it by hand; see `sns_mujoco.cosim.rig.rig.Rig`.

        Raises:
            ProtocolError: The model was built without a rig.
        """
        if self._rig is None:
            from sns_mujoco.cosim.rig.rig import Rig

            self._rig = Rig(self)
        return self._rig

    @property
    def protocol(self) -> "Protocol":
        """What is done to it, at absolute times; it may be set whenever it stands, and acts from the next step on.

        Raises:
            ProtocolError: The model was built without a rig; or what is set cannot be done, see `plan`.
            UnknownNameError: There is nothing of a name in it.
            TimeStepError: Its times or waveforms do not fit the physics step.
        """
        return self.rig.protocol

    @protocol.setter
    def protocol(self, protocol: "Protocol") -> None:
        self.rig.protocol = protocol

    def step(self, n: int = 1) -> None:
        """Advance body and brain together by n physics steps.

        Raises:
            DivergenceError: A neuron or joint left the finite numbers, or the engine gave up with an error of its own;
                the animal stands at the last good step.
        """
        while n > 0:
            stretch = n if self._rig is None else self._rig.begin(n)
            self._advance(stretch)
            n -= stretch

    def _advance(self, n: int) -> None:
        before = self.snapshot()
        try:
            mujoco.mj_step(self.model, self.data, nstep=n)
            failed = lost(self.data, self.brains)
        except mujoco.FatalError:
            mujoco.mj_resetData(self.model, self.data)  # the error left the engine's stack as it was
            failed = True
        if failed:
            raise locate(self.model, self.data, self.brains, before.state, n)

    def run(self, seconds: float) -> None:
        """Advance by a time, s, rounded to physics steps.

        Raises:
            DivergenceError: See `step`.
        """
        remaining = round(seconds / self.model.opt.timestep)
        while remaining > 0:
            n = min(remaining, 500)
            self.step(n)
            remaining -= n

    def snapshot(self) -> Snapshot:
        """The whole state: body, brain with spikes in flight, commands, noise."""
        state = np.empty(mujoco.mj_stateSize(self.model, STATE))
        mujoco.mj_getState(self.model, self.data, state, STATE)
        return Snapshot(state, None if self._rig is None else self._rig.done)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot; what follows then follows bit for bit.

        What was done by hand after it is forgotten. A protocol that was set in the meantime stays; what the one before
        was doing ends.

        Raises:
            ValueError: The snapshot is of another model.
        """
        if snapshot.state.size != mujoco.mj_stateSize(self.model, STATE):
            raise ValueError(
                f"the snapshot holds {snapshot.state.size} numbers, the state of this model "
                f"{mujoco.mj_stateSize(self.model, STATE)}; it was taken from another model"
            )
        mujoco.mj_setState(self.model, self.data, snapshot.state, STATE)
        if snapshot.done is not None or self._rig is not None:
            self.rig.go_back(snapshot.done)

    def branch(self) -> "Simulation":
        """A second life from the same instant: another animal, which goes on bit for bit as this one would."""
        other = Simulation(copy.copy(self.model), seed=self.seed, described=self.described)
        other.animal, other.terrain = self.animal, self.terrain
        stand(other.model, other.data, self.snapshot().state)
        if self._rig is not None:
            other.use(self._rig.branch(other))
        return other

    def use(self, rig: "Rig") -> None:
        """Have another rig, which was made for it."""
        self._rig = rig

    def record(self, seconds: float, *, rate: float = 100.0, **channels: Any) -> "xarray.Dataset":
        """Advance by a time and record it; see `sns_mujoco.analysis.recording`.

        Args:
            seconds: How long, s.
            rate: Samples per simulated second, Hz; the physics rate must be a multiple of it.
            **channels: What to take and where to, as `Recorder` has it; by default all channels, into memory.

        Returns:
            Channels over `time` (s), each with its unit and a long name.

        Raises:
            DivergenceError: The animal diverged; the recording up to then is its `recording`.
            ValueError: The rate does not divide the physics rate.
            UnknownNameError: There is no such channel.
        """
        from sns_mujoco.analysis.recording import Recorder

        with Recorder(self, rate=rate, **channels) as recorder:
            try:
                recorder.step(round(seconds * rate) * recorder.period)
            except DivergenceError as error:
                error.recording = recorder.dataset()
                raise
            return recorder.dataset()


def compiled(model: mujoco.MjModel | mujoco.MjSpec) -> mujoco.MjModel:
    """The model of a body with nervous systems.

    Raises:
        AttachError: A nervous system does not fit it any more.
    """
    if isinstance(model, mujoco.MjModel):
        return model
    try:
        return model.compile()
    except ValueError as error:
        if "plugin->init failed" not in str(error):
            raise
        raise AttachError(
            "a nervous system does not fit the model any more. If the model was put into another one with "
            "MjSpec.attach, give that one the nuserdata (room for commands) of this one; do not disable sensors, "
            "and do not rename or remove the numeric field and the tuple that have the nervous system's name"
        ) from error


def _refuse_unfit(model: mujoco.MjModel, brains: dict[str, Brain]) -> None:
    if not brains:
        raise AttachError("the model has no nervous system; make it part of the body with sns_mujoco.attach")
    if model.opt.disableflags & mujoco.mjtDisableBit.mjDSBL_SENSOR:
        raise AttachError("the model disables sensors, and its nervous system is stepped by them; enable them again")
    for brain in brains.values():
        if not brain.fits(model.opt.timestep):
            raise AttachError(
                f"{brain.name!r} was attached for a physics step of {brain.timestep:g} s, but the model has "
                f"{model.opt.timestep:g} s; set the timestep in the body and attach again"
            )
        read = [what for wire in brain.afferent_details for what in wire.quantities]
        if read and model.opt.integrator == mujoco.mjtIntegrator.mjINT_RK4:
            raise AttachError(
                f"{brain.name!r} reads the {read[0][1]} of {read[0][0]!r} without a sensor, which the integrator RK4 "
                "does not allow; set the integrator in the body and attach again"
            )
