"""What an animal of this repository is: a body, its nervous system, and what people want to see of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import mujoco

from sns_mujoco.adapters import Afferent, Efferent
from sns_mujoco.cosim.attach import attach
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.errors import unknown_name
from sns_mujoco.network import Network


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
    """A neuron that a film shows.

    Attributes:
        neuron: Its name.
        label: What stands beside its trace.
        family: The leg that it belongs to: neurons, foot and geoms of a leg share a colour.
        range: Potentials (mV) at the bottom and the top of its trace.
        lane: Readouts of the same lane are drawn over each other, the second paler: antagonists.
        tints: Geoms that light up with it.
    """

    neuron: str
    label: str
    family: str
    range: tuple[float, float]
    lane: str = ""
    tints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Animal:
    """An animal.

    Attributes:
        name: Its name, as the command line takes it.
        summary: One line about it.
        length: Body length, m.
        body: The body alone on its ground: takes the terrain's name and a seed for it.
        terrains: Names of the terrains that `body` knows; the first is the usual one.
        network: The nervous system.
        adapters: How they are connected.
        dt: Neural step, ms.
        start: Puts a simulation at the start of a run: resets it, with a pose and noise drawn from a seed.
        commands: Descending commands with their lower and upper ends.
        cruise: Values of the commands for a good first look.
        torso: Name of the body that carries the legs.
        feet: Its feet, in the order of a stance diagram.
        stance_load: Load (N) above which a foot stands.
        lag_pairs: Feet (foot, reference) whose phase lags tell the gait.
        readouts: Neurons that a film shows.
        fallen: Tells whether the animal has fallen.
    """

    name: str
    summary: str
    length: float
    body: Callable[[str, int], mujoco.MjSpec]
    terrains: tuple[str, ...]
    network: Callable[[], Network]
    adapters: Callable[[], Sequence[Afferent | Efferent]]
    dt: float
    start: Callable[[Simulation, int], None]
    commands: dict[str, tuple[float, float]]
    cruise: dict[str, float]
    torso: str
    feet: tuple[Foot, ...]
    stance_load: float
    lag_pairs: tuple[tuple[str, str], ...]
    readouts: tuple[Readout, ...]
    fallen: Callable[[Simulation], bool]

    def simulation(self, *, terrain: str | None = None, seed: int = 0) -> Simulation:
        """A living animal at its start.

        Args:
            terrain: One of `terrains`; the first if left out.
            seed: Seed of its pose, its noise and the terrain.

        Raises:
            UnknownNameError: There is no such terrain.
        """
        simulation = Simulation(self.build(terrain=terrain, seed=seed))
        self.start(simulation, seed)
        return simulation

    def build(self, *, terrain: str | None = None, seed: int = 0) -> mujoco.MjSpec:
        """The body with its nervous system, as `attach` makes it.

        Args:
            terrain: One of `terrains`; the first if left out.
            seed: Seed of the terrain.

        Raises:
            UnknownNameError: There is no such terrain.
        """
        if terrain is not None and terrain not in self.terrains:
            raise unknown_name("terrain", terrain, self.terrains, f"animal {self.name!r}")
        body = self.body(terrain or self.terrains[0], seed)
        return attach(body, self.network(), self.adapters(), dt=self.dt, name="nervous_system")
