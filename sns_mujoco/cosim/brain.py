"""What a model knows of the nervous systems inside it: names and addresses, read from the model alone.

A model that was loaded from a file has everything: `attach` writes a description (JSON, in a custom text field) beside
the numbers.
"""

import ctypes
import json
from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.block import TAIL, Block
from sns_mujoco.cosim.details import AfferentDetails, EfferentDetails
from sns_mujoco.cosim.plugin import ATTRIBUTES, PLUGIN_NAME, register
from sns_mujoco.errors import AttachError, UnknownNameError, unknown_name

FORMAT = "sns-mujoco brain 4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brain:
    """One nervous system inside a model.

    Attributes:
        name: Its name in the model.
        dt: Neural step, ms.
        timestep: Physics step it was attached for, s.
        neuron_names: Names of the neurons, in the order of the potentials [N].
        spiking: Indices of the neurons that spike [S].
        commands: Index in `mjData.userdata` of each descending command that it hears.
        afferents: What each afferent reads and feeds, for people.
        efferents: Which neurons drive which actuator, for people.
        afferent_details: All that is known of each afferent.
        efferent_details: All that is known of each efferent.
        state: Slice of `mjData.plugin_state`; it begins with the potentials.
        readout: Slice of `mjData.sensordata`: potentials [N], then spikes in the last physics step [S].
        instance: Id of the plugin instance.
        seed: Index in `mjData.plugin_state` of the seed of its random numbers, those of afferents and of neurons.
        semantics: What its network was compiled to, see `Network.compile`.
        integrator: Likewise.
        greatest_delay: Greatest delay that there is room for where delays stand apart, ms.
        electrodes: Slice of `mjData.userdata`: the current into every neuron, nA [N]; empty without a rig.
        apart: Quantities of which every neuron and synapse keeps a number of its own, see `attach`.
    """

    name: str
    dt: float
    timestep: float
    neuron_names: tuple[str, ...]
    spiking: tuple[int, ...]
    commands: dict[str, int]
    afferents: tuple[str, ...]
    efferents: tuple[str, ...]
    afferent_details: tuple[AfferentDetails, ...]
    efferent_details: tuple[EfferentDetails, ...]
    state: slice
    readout: slice
    instance: int
    seed: int
    semantics: str
    integrator: str
    greatest_delay: float
    apart: frozenset[str]
    electrodes: slice

    def neuron(self, name: str) -> int:
        """Index of a neuron.

        Raises:
            UnknownNameError: There is none of that name; the closest ones are suggested.
        """
        try:
            return self.neuron_names.index(name)
        except ValueError:
            raise unknown_name("neuron", name, self.neuron_names, f"nervous system {self.name!r}") from None

    def fits(self, timestep: float) -> bool:
        """Whether it was attached for a physics step, s, of which a file keeps six digits."""
        return abs(self.timestep / timestep - 1.0) <= 1e-5

    def potentials(self, data: mujoco.MjData) -> NDArray[np.float64]:
        """Membrane potentials: a live view of the state, float64 [N], mV."""
        return data.plugin_state[self.state.start : self.state.start + len(self.neuron_names)]

    def signals(self, data: mujoco.MjData) -> NDArray[np.float64]:
        """What every afferent measured in the last step, in its own unit and with its noise, float64 [A].

        It is zero before the first step, and no state: after a state was restored, it is known from the next step on.
        """
        return _copied(self.signals_at(data), len(self.afferents))

    def currents(self, data: mujoco.MjData) -> NDArray[np.float64]:
        """The current that every afferent made in the last step, float64 [A], nA, after its delay."""
        return _copied(self.currents_at(data), len(self.afferents))

    def signals_at(self, data: mujoco.MjData) -> int:
        """Address of the signals, for as long as the data lives."""
        address, head = self._block(data)
        return address + head[Block.SIGNALS]

    def currents_at(self, data: mujoco.MjData) -> int:
        """Address of the currents, for as long as the data lives."""
        address, head = self._block(data)
        return address + head[Block.CURRENTS]

    def _block(self, data: mujoco.MjData) -> tuple[int, list[int]]:
        address = int(data.plugin_data[self.instance])
        return address, list((ctypes.c_int64 * len(Block)).from_address(address))


def brain_seed(seed: int, place: int) -> int:
    """Seed of the random numbers of one of several nervous systems, by its place; the first one has the seed itself."""
    return (seed + place * 0x9E3779B97F4A7) % 2**53


def describe(brain: dict) -> str:
    """The description that `attach` stores in the model."""
    return json.dumps({"format": FORMAT} | brain, separators=(",", ":"))


def find_brains(model: mujoco.MjModel) -> dict[str, Brain]:
    """All nervous systems in a model, by name.

    Raises:
        AttachError: One of them has no description, or one of another version.
    """
    slot = register()
    brains = {}
    for instance in np.flatnonzero(np.asarray(model.plugin) == slot):
        name = mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_PLUGIN, instance)
        brains[name] = _read(model, int(instance), name)
    return brains


def sole(brains: dict[str, Brain]) -> Brain:
    """The nervous system, where there is one.

    Raises:
        UnknownNameError: There are several.
    """
    if len(brains) > 1:
        names = ", ".join(map(repr, brains))
        raise UnknownNameError(f"the model has several nervous systems ({names}); choose one from .brains")
    return next(iter(brains.values()))


def find_neuron(brains: dict[str, Brain], neuron: str) -> int:
    """Where in `mjData.plugin_state` the membrane potential of a neuron is.

    Raises:
        UnknownNameError: No nervous system has it.
    """
    for brain in brains.values():
        if neuron in brain.neuron_names:
            return brain.state.start + brain.neuron(neuron)
    known = [name for brain in brains.values() for name in brain.neuron_names]
    raise unknown_name("neuron", neuron, known, "the model")


def attribute(model: mujoco.MjModel, brain: Brain, name: str) -> str:
    """A configuration attribute of a nervous system's plugin instance, see `block.py`."""
    start = int(model.plugin_attradr[brain.instance])
    texts = bytes(np.asarray(model.plugin_attr)[start:]).split(b"\0")
    return texts[ATTRIBUTES.index(name)].decode()


def _read(model: mujoco.MjModel, instance: int, name: str) -> Brain:
    text = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_TEXT, name)
    try:
        start, size = model.text_adr[text], model.text_size[text]
        known = json.loads(model.text_data[start : start + size - 1]) if text >= 0 else {}
    except ValueError:
        known = {}
    if known.get("format") != FORMAT:
        raise AttachError(
            f"the model has an instance {name!r} of {PLUGIN_NAME} without a description of format {FORMAT!r}; "
            "attach the nervous system anew with sns_mujoco.attach"
        )
    sensor = int(np.flatnonzero(np.asarray(model.sensor_plugin) == instance)[0])
    start, width = int(model.sensor_adr[sensor]), int(model.sensor_dim[sensor])
    begin, length = int(model.plugin_stateadr[instance]), int(model.plugin_statenum[instance])
    afferents = tuple(AfferentDetails(**_frozen(details)) for details in known["afferents"])
    efferents = tuple(EfferentDetails(**_frozen(details)) for details in known["efferents"])
    return Brain(
        name=name,
        dt=known["dt"],
        timestep=known["timestep"],
        neuron_names=tuple(known["neurons"]),
        spiking=tuple(known["spiking"]),
        commands=known["commands"],
        afferents=tuple(f"{details.label} -> {details.to}" for details in afferents),
        efferents=tuple(f"{details.label} -> {details.drives}" for details in efferents),
        afferent_details=afferents,
        efferent_details=efferents,
        state=slice(begin, begin + length),
        readout=slice(start, start + width),
        instance=instance,
        seed=begin + known["state"] + len(known["spiking"]) + TAIL - 1,
        semantics=known["semantics"],
        integrator=known["integrator"],
        greatest_delay=known["greatest_delay"],
        apart=frozenset(known["apart"]),
        electrodes=slice(*known.get("electrodes", (0, 0))),
    )


def _frozen(value: Any) -> Any:
    """JSON's lists as tuples."""
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _copied(address: int, count: int) -> NDArray[np.float64]:
    return np.array((ctypes.c_double * count).from_address(address))
