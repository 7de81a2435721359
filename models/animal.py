"""What an animal of this repository is: a body, its nervous system, and what people want to see of it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import mujoco

from sns_mujoco.adapters import Afferent, Efferent
from sns_mujoco.cosim.attach import attach
from sns_mujoco.cosim.rig.adding import RigRoom
from sns_mujoco.cosim.rig.described import Described
from sns_mujoco.cosim.rig.plan import room_for
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import unknown_name
from sns_mujoco.network import Network
from sns_mujoco.protocols import Protocol

if TYPE_CHECKING:
    from sns_mujoco.cosim.population import Population

PARTS = ("body", "muscles", "neurons", "synapses", "afferents", "efferents")
"""Of an animal, whose numbers have sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """A foot and how it feels the ground.

    Attributes:
        name: Its name, as in a stance diagram.
        sensor: Name of the sensor (N) of its load.
    """

    name: str
    sensor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """A signal that a film shows: the potential of a neuron, or the angle of a joint.

    Attributes:
        neuron: Name of the neuron; or leave it out and give a joint.
        joint: Name of the hinge.
        label: What stands beside its trace.
        family: What it belongs to: neurons, foot and geoms of a family share a colour. Families whose names begin with
            L are warm and those with R cool, in the order in which they come; others take further colours.
        range: Potentials (mV) or angles (degrees) at the bottom and the top of its trace.
        lane: Readouts of the same lane are drawn over each other, the second of a family paler: antagonists.
        section: Heading of the part of the panel that it stands in; readouts of a section follow one another. Without
            any there is one heading, for potentials.
        tints: Geoms that light up with it, and tendons whose muscles take on its colour as they pull.

    Raises:
        ValueError: It has neither a neuron nor a joint, or both.
    """

    neuron: str = ""
    joint: str = ""
    label: str
    family: str
    range: tuple[float, float]
    lane: str = ""
    section: str = ""
    tints: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what shows nothing, or two things."""
        if bool(self.neuron) == bool(self.joint):
            raise ValueError(
                f"readout {self.label!r} has neuron {self.neuron!r} and joint {self.joint!r}; give one of the two"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """From where an animal is seen. The camera follows its torso.

    Attributes:
        azimuth: Where the camera looks, from the heading of the torso (its x axis), degrees; 90 sees its right side,
            -90 its left one, 180 its face.
        elevation: How the camera tilts, degrees; negative looks down.
        distance: From the torso, m; None to choose it so that the animal fills the picture.
        rise: How far above the torso the camera looks, m; negative for one whose legs hang.
    """

    azimuth: float = 145.0
    elevation: float = -21.0
    distance: float | None = None
    rise: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where numbers of an animal come from.

    Attributes:
        of: What they are numbers of: "body", "muscles", "neurons", "synapses", "afferents" or "efferents".
        what: Which of them, in a few words.
        citation: Authors, year and journal; or that they were tuned, and for what.

    Raises:
        UnknownNameError: There is no such part of an animal.
    """

    of: str
    what: str
    citation: str

    def __post_init__(self) -> None:
        """Refuse a part that no report has a table of."""
        if self.of not in PARTS:
            raise unknown_name("part of an animal", self.of, PARTS, f"the source {self.citation!r}")


def never(_: "Simulation | Population") -> bool:
    """What `Animal.fallen` is for an animal that cannot fall."""
    return False


def begin(simulation: Simulation, seed: int) -> None:
    """What `Animal.start` is for an animal that always starts in the same pose: only its noise is drawn."""
    simulation.reset(seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Animal:
    """An animal, or a part of one.

    Attributes:
        name: Its name, as the command line takes it.
        summary: One line about it.
        length: Body length, m; of a part of an animal, its limb's.
        body: The body alone on its ground: takes the terrain's name and a seed for it.
        terrains: Names of the terrains that `body` knows; the first is the usual one.
        network: The nervous system.
        adapters: How they are connected.
        dt: Neural step, ms.
        start: Puts a simulation at the start of a run: resets it, with a pose and noise drawn from a seed. If left out,
            the pose is that of the body as it is described.
        commands: Descending commands with their lower and upper ends.
        cruise: Values of the commands for a good first look.
        readouts: Signals that a film shows.
        torso: Name of the body that carries the legs and that the camera follows; empty for what does not move about.
        view: From where it is seen.
        slow: How many times slower than life a film of it is best.
        feet: Its feet, in the order of a stance diagram.
        stance_load: Load (N) above which a foot stands.
        lag_pairs: Feet (foot, reference) whose phase lags tell the gait.
        held: Terrains on which it is held above any ground: there it makes no progress and has no stance.
        joints: Hinges whose range a report gives, and their phases, against the first, where there is no stance.
        rhythm: Neurons whose bursts a report gives phases of, against the first, where there is no stance; the period
            is the first one's, or without any the first joint's.
        probes: Commands that an experiment may give, with their lower and upper ends, to disturb it or to look into it;
            an agent does not hear of them. They are 0 in an ordinary life.
        sources: Where its numbers come from, for the page that `sns-mujoco show` writes.
        place: Where on its ground it is, m (x, y); its torso's place if left out. On a treadmill the belt counts.
        fallen: Tells whether the animal has fallen. It and `place` serve a population too if they read its data with
            `...`, as in `life.data.body("torso").xpos[..., 2] < 0.1`: then they give an entry for each individual.

    Raises:
        ValueError: A name is a command and a probe.
    """

    name: str
    summary: str
    length: float
    body: Callable[[str, int], mujoco.MjSpec]
    terrains: tuple[str, ...]
    network: Callable[[], Network]
    adapters: Callable[[], Sequence[Afferent | Efferent]]
    dt: float
    start: Callable[[Simulation, int], None] = begin
    commands: dict[str, tuple[float, float]]
    cruise: dict[str, float]
    readouts: tuple[Readout, ...]
    torso: str = ""
    view: View = View()
    slow: float = 4.0
    feet: tuple[Foot, ...] = ()
    stance_load: float = 0.0
    lag_pairs: tuple[tuple[str, str], ...] = ()
    held: tuple[str, ...] = ()
    joints: tuple[str, ...] = ()
    rhythm: tuple[str, ...] = ()
    probes: dict[str, tuple[float, float]] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    place: "Callable[[Simulation | Population], tuple[Any, Any]] | None" = None
    fallen: "Callable[[Simulation | Population], Any]" = never

    def __post_init__(self) -> None:
        """Refuse what an agent would be given and not given."""
        both = self.commands.keys() & self.probes.keys()
        if both:
            raise ValueError(f"{sorted(both)} are commands and probes of {self.name!r}; make them one of the two")

    @property
    def moves(self) -> bool:
        """Whether it has a place that changes: it is no part that is fixed to the world."""
        return bool(self.torso) or self.place is not None

    def grounded(self, terrain: str | None = None) -> bool:
        """Whether it moves over ground or stands on it on a terrain, its first if left out."""
        return (self.moves or bool(self.feet)) and (terrain or self.terrains[0]) not in self.held

    def whereabouts(self, life: "Simulation | Population") -> tuple[Any, Any]:
        """Where on its ground it is, m (x, y); of a population, each [n]. See `place`."""
        if self.place is not None:
            return self.place(life)
        place = life.data.body(self.torso).xpos
        return place[..., 0].copy(), place[..., 1].copy()

    def simulation(
        self,
        *,
        terrain: str | None = None,
        seed: int = 0,
        protocol: Protocol | None = None,
        rig: bool | RigRoom = False,
    ) -> Simulation:
        """A living animal at its start.

        Args:
            terrain: One of `terrains`; the first if left out.
            seed: Seed of its pose, its noise and the terrain.
            protocol: What is done to it, at which times.
            rig: Whether other protocols can be given to it later, and things done by hand; see `attach`.

        Raises:
            UnknownNameError: There is no such terrain, or nothing of a name in the protocol.
            ProtocolError: The protocol cannot be done.
            TimeStepError: Its times or waveforms do not fit the physics step.
            TypeError: It is no protocol.
        """
        described = self.described(terrain, seed)
        if protocol is not None and rig is False:
            rig = room_for([protocol], described.network)
        model = self.build(terrain=terrain, seed=seed, rig=rig).compile()
        simulation = Simulation(model, described=described)
        simulation.animal, simulation.terrain = self, terrain or self.terrains[0]
        if protocol is not None:
            simulation.protocol = protocol
        self.start(simulation, seed)
        return simulation

    def described(self, terrain: str | None = None, seed: int = 0) -> Described:
        """What it is made from on a terrain, the first if left out, for protocols."""
        return Described(self.network, self.adapters, lambda: self.body(terrain or self.terrains[0], seed))

    def build(
        self,
        *,
        terrain: str | None = None,
        seed: int = 0,
        apart: bool | Collection[str] = False,
        greatest_delay: float | None = None,
        rig: bool | RigRoom = False,
    ) -> mujoco.MjSpec:
        """The body with its nervous system, as `attach` makes it.

        Args:
            terrain: One of `terrains`; the first if left out.
            seed: Seed of the terrain.
            apart: Quantities of which everything keeps numbers of its own, see `attach`.
            greatest_delay: Up to which delays may differ, ms, see `attach`.
            rig: Whether protocols are to be applied, see `attach`.

        Raises:
            UnknownNameError: There is no such terrain.
        """
        if terrain is not None and terrain not in self.terrains:
            raise unknown_name("terrain", terrain, self.terrains, f"animal {self.name!r}")
        body = self.body(terrain or self.terrains[0], seed)
        return attach(
            body, self.network(), self.adapters(), dt=self.dt, name="nervous_system", apart=apart,
            greatest_delay=greatest_delay, rig=rig,
        )  # fmt: skip
