"""What a nervous system is wired to, by name: sensors and actuators of the body, neurons of the network."""

from dataclasses import dataclass, field
from functools import cached_property

import mujoco

from sns_mujoco.backends.program import Program
from sns_mujoco.errors import AttachError, unknown_name
from sns_mujoco.muscles import MuscleInfo, find_muscles

SENSOR = mujoco.mjtObj.mjOBJ_SENSOR
ACTUATOR = mujoco.mjtObj.mjOBJ_ACTUATOR
TENDON = mujoco.mjtObj.mjOBJ_TENDON


@dataclass(kw_only=True)
class References:
    """The sensors and actuators that a nervous system is wired to, in order, by name.

    Attributes:
        spec: The body, which gains the sensors that afferents need.
        model: The body compiled, to look things up in.
        program: The network compiled, to look neurons up in.
        network: Name of the network, for messages.
        prefix: Begins the names of added sensors.
        commands: Place in userdata of every command of the model.
        heard: Commands that this nervous system hears, in order of first use.
        objects: Object type and name of every reference.
        driven: Places of those actuators that are driven, and not only read.
    """

    spec: mujoco.MjSpec
    model: mujoco.MjModel
    program: Program
    network: str
    prefix: str
    commands: dict[str, int]
    heard: list[str] = field(default_factory=list)
    objects: list[tuple[int, str]] = field(default_factory=list)
    driven: set[int] = field(default_factory=set)

    def place(self, kind: mujoco.mjtObj, name: str) -> int:
        """Place of a reference in the order, entered if it is new."""
        key = (int(kind), name)
        if key not in self.objects:
            self.objects.append(key)
        return self.objects.index(key)

    def names(self, kind: mujoco.mjtObj, count: int) -> list[str]:
        """All names of one kind of object in the body."""
        return [n for i in range(count) if (n := mujoco.mj_id2name(self.model, kind, i))]

    def find(self, what: str, kind: mujoco.mjtObj, count: int, name: str, label: str) -> int:
        """Id of a named object.

        Raises:
            UnknownNameError: There is none; the closest are suggested.
        """
        found = mujoco.mj_name2id(self.model, kind, name)
        if found < 0:
            raise unknown_name(what, name, self.names(kind, count), f"the body, for {label}")
        return found

    def control(self, name: str, label: str) -> int:
        """Place in `ctrl` of an actuator.

        Raises:
            UnknownNameError: There is none of that name.
            AttachError: It has not exactly one control.
        """
        found = self.find("actuator", ACTUATOR, self.model.nactuator, name, label)
        if self.model.actuator_ctrlnum[found] != 1:
            raise AttachError(
                f"{label}: actuator {name!r} has {self.model.actuator_ctrlnum[found]} controls; one is what can be set"
            )
        return int(self.model.actuator_ctrladr[found])

    def add_sensor(self, name: str, **settings: object) -> str:
        """Add a sensor unless an afferent before has added it; its name."""
        name = f"{self.prefix}/{name}"
        if all(sensor.name != name for sensor in self.spec.sensors):
            self.spec.add_sensor(name=name, **settings)
        return name

    @cached_property
    def muscles(self) -> dict[str, MuscleInfo]:
        """All muscles of the body."""
        return find_muscles(self.model)

    def muscle(self, name: str, label: str) -> MuscleInfo:
        """A muscle of the body that has a length and a force.

        Raises:
            UnknownNameError: There is none of that name.
            AttachError: Its rest length or its force is zero.
        """
        if name not in self.muscles:
            raise unknown_name("muscle", name, self.muscles, f"the body, for {label}")
        muscle = self.muscles[name]
        if not muscle.rest_length > 0.0:
            raise AttachError(f"{label}: muscle {name!r} has the rest length {muscle.rest_length:g} m; give it one")
        if not muscle.force > 0.0:
            raise AttachError(f"{label}: muscle {name!r} has the peak force {muscle.force:g} N; give it one")
        return muscle

    def command(self, name: str) -> int:
        """Place in userdata of a command, a free one where it is new."""
        free = max([self.model.nuserdata, *(place + 1 for place in self.commands.values())])
        if name not in self.heard:
            self.heard.append(name)
        return self.commands.setdefault(name, free)

    def neurons(self, name: str) -> list[int]:
        """Indices of a neuron, or of all those of a population."""
        return [i for i, known in enumerate(self.program.neuron_names) if belongs(known, name)]

    def neuron(self, name: str, label: str) -> int:
        """Index of a neuron whose potential says something.

        Raises:
            UnknownNameError: There is none of that name.
            AttachError: It spikes.
        """
        names = self.program.neuron_names
        if name not in names:
            raise unknown_name("neuron", name, names, f"network {self.network!r}, for {label}")
        index = names.index(name)
        if index in self.program.spiking_neuron:
            raise AttachError(
                f"{label}: {name!r} spikes, so its potential says little; let it drive a non-spiking neuron through a "
                "SpikingSynapse and take that one, or drive a muscle through a MotorPool"
            )
        return index


def belongs(element: str, name: str) -> bool:
    """Whether a name is that of an element, or of the population or input that it is part of."""
    return element == name or element.startswith(f"{name}[")
