"""What is done to a nervous system: currents, clamps, lesions, deprivation."""

from dataclasses import dataclass
from typing import ClassVar

from sns_mujoco.protocols import checks, waveforms
from sns_mujoco.protocols.items import Item
from sns_mujoco.protocols.waveforms import Value


@dataclass(frozen=True, slots=True)
class CurrentClamp(Item):
    """A current into neurons. Several into the same neuron add up.

    Attributes:
        neuron: Name or shell pattern; each neuron receives the whole current.
        current: nA, depolarising where positive; a number or a waveform.
    """

    word: ClassVar[str] = "current_clamp"
    target: ClassVar[str] = "neuron"

    neuron: str
    current: Value

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        object.__setattr__(self, "current", waveforms.value(self.label, "current", self.current))

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"{waveforms.shown(self.current, 'nA')} into {self.neuron}"


@dataclass(frozen=True, slots=True)
class Excite(CurrentClamp):
    """A depolarising current into neurons: a `CurrentClamp` by another name, which figures show as an excitation.

    Attributes:
        neuron: Name or shell pattern.
        current: nA; a number or a waveform.
    """

    word: ClassVar[str] = "excite"

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"{self.neuron} excited"


@dataclass(frozen=True, slots=True)
class VoltageClamp(Item):
    """Neurons are held at a potential, in every neural step.

    The current that this takes against the neuron's own currents can be recorded, as the `stimulus` "current into ..."
    (nA, the mean of a physics step); what charges the membrane when the potential itself changes is not in it.

    Attributes:
        neuron: Name or shell pattern.
        potential: mV; a number or a waveform.
    """

    word: ClassVar[str] = "voltage_clamp"
    target: ClassVar[str] = "neuron"

    neuron: str
    potential: Value

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        object.__setattr__(self, "potential", waveforms.value(self.label, "potential", self.potential))

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"{self.neuron} held at {waveforms.shown(self.potential, 'mV')}"


@dataclass(frozen=True, slots=True)
class Silence(Item):
    """Neurons are silent: held where none of their synapses opens.

    That is the lowest of their resting potential and the potentials at which their graded synapses begin to open.

    Attributes:
        neuron: Name or shell pattern.
    """

    word: ClassVar[str] = "silence"
    target: ClassVar[str] = "neuron"

    neuron: str

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"{self.neuron} silenced"


@dataclass(frozen=True, slots=True)
class Cut(Item):
    """Synapses conduct nothing.

    Attributes:
        synapse: Name of a connection, as "stance->swing", or shell pattern.
    """

    word: ClassVar[str] = "cut"
    target: ClassVar[str] = "synapse"

    synapse: str

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"{self.synapse} cut"


@dataclass(frozen=True, slots=True)
class Scale(Item):
    """Synapses conduct more, or less.

    Attributes:
        synapse: Name of a connection, as "stance->swing", or shell pattern.
        factor: On their greatest conductance or weight, 0 or more.
    """

    word: ClassVar[str] = "scale"
    target: ClassVar[str] = "synapse"

    synapse: str
    factor: float

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        object.__setattr__(self, "factor", checks.number(self.label, "factor", self.factor, least=0.0))

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"{self.synapse} x {self.factor:g}"


@dataclass(frozen=True, slots=True)
class BlockChannel(Item):
    """Ion channels of neurons are blocked.

    Attributes:
        neuron: Name or shell pattern.
        channel: Which of a neuron's gated channels, counted from 0; or, of a neuron with equations of its own, the name
            of a conductance, such as "sodium_conductance".
        fraction: How many of them are blocked, 0 to 1.
    """

    word: ClassVar[str] = "block_channel"
    target: ClassVar[str] = "neuron"

    neuron: str
    channel: int | str = 0
    fraction: float = 1.0

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        if isinstance(self.channel, str):
            checks.text(self.label, "channel", self.channel)
        else:
            object.__setattr__(self, "channel", checks.count(self.label, "channel", self.channel, least=0))
        object.__setattr__(self, "fraction", checks.fraction(self.label, "fraction", self.fraction))

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"channel {self.channel} of {self.neuron} blocked"


@dataclass(frozen=True, slots=True)
class Deprive(Item):
    """Afferents bring no current, not even that which their signals have already set off: their nerve is cut.

    Attributes:
        afferent: Name, as "JointAngle('hip') -> hip angle", or the source, or the neuron that it feeds, or shell
            pattern of one of these.
    """

    word: ClassVar[str] = "deprive"
    target: ClassVar[str] = "afferent"

    afferent: str

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"without {self.afferent}"
