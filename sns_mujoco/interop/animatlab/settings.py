"""Units, time steps and names of a project.

A standalone file holds lengths in m, forces in N, masses in g whatever `MassUnits` says, and densities in the project's
units. Bullet, the physics engine behind it, computes in the project's units, which matters where AnimatLab hands it a
number without conversion: friction of joints above all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.xml import Item

DISTANCES = {
    "kilometer": 1e3, "centameter": 1e2, "decameter": 1e1, "meter": 1.0, "decimeter": 1e-1, "centimeter": 1e-2,
    "millimeter": 1e-3,
}  # fmt: skip
DENOMINATORS = {"decameter": 10.0, "decimeter": 10.0}
MASSES = {
    "kilogram": 1.0, "centagram": 1e-1, "decagram": 1e-2, "gram": 1e-3, "decigram": 1e-4, "centigram": 1e-5,
    "milligram": 1e-6,
}  # fmt: skip
GRAM = 1e-3
LONGEST_DELAY = 10_000.0  # ms
SHORTEST_STEP = 1e-6  # s


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for the whole project.

    Attributes:
        distance: Bullet's unit of length, m.
        mass: Bullet's unit of mass, kg.
        denominator: Units of length in that of densities.
        gravity: m/s^2, along the vertical.
        timestep: Of the physics, s.
        neural: Of the nervous system, s.
    """

    distance: float
    mass: float
    denominator: float
    gravity: float
    timestep: float
    neural: float

    def kilograms(self, density: float, volume: float) -> float:
        """Mass, kg, of a volume (m^3) from a density in the file's unit."""
        own = density / (self.mass / GRAM) * self.denominator**3
        return own * volume / self.distance**3 * self.mass


def read_settings(environment: Item, modules: Iterable[Item], timestep: float | None, report: Report) -> Settings:
    """Units and steps, rounded to whole multiples of the smallest step as AnimatLab does.

    Args:
        environment: The `Environment`.
        modules: Neural modules that have a step of their own.
        timestep: Physics step to use instead of the file's, s.
        report: Where differences are put down.

    Raises:
        AnimatLabError: A unit is unknown, or a step is not positive.
    """
    distance = _unit(environment, "DistanceUnits", "centimeter", DISTANCES)
    mass = _unit(environment, "MassUnits", "gram", MASSES)
    physics = environment.number("PhysicsTimeStep", 0.01, above=0.0)
    if timestep is not None:
        if not 0 < timestep <= 1:
            raise AnimatLabError(f"timestep is {timestep!r}; give a physics step in s, above 0")
        report.add("note", "Environment", "physics", f"stepped by {timestep:g} s instead of the file's {physics:g} s")
        physics = timestep
    steps = {module.name: module.number("TimeStep", physics, above=0.0) for module in modules}
    if physics > 1 or any(step > 1 for step in steps.values()):
        raise AnimatLabError(f"{environment.where}: a time step above 1 s makes no simulation; times are in seconds")
    base = min([physics, *steps.values()])
    if base < SHORTEST_STEP:
        raise AnimatLabError(f"{environment.where}: a time step of {base:g} s; steps from {SHORTEST_STEP:g} s are read")
    if max([physics, *steps.values()]) / base > 1e5:
        raise AnimatLabError(f"{environment.where}: its time steps differ by more than a factor of 100,000")
    rounded = base * round(physics / base)
    own = {name: base * round(step / base) for name, step in steps.items()}
    neural = min(own.values(), default=rounded)
    if len(set(own.values())) > 1:
        report.add(
            "approximated", "NeuralModule", ", ".join(own), f"all are stepped by {neural:g} s, the smallest step"
        )
    parts = round(rounded / neural) if neural <= rounded else 1 / round(neural / rounded)
    if abs(rounded / parts - neural) > 1e-9 * neural:
        report.add(
            "approximated", "NeuralModule", ", ".join(own), f"stepped by {rounded / parts:g} s, not {neural:g} s"
        )
    return Settings(
        distance=DISTANCES[distance],
        mass=MASSES[mass],
        denominator=DENOMINATORS.get(distance, 1.0),
        gravity=environment.number("Gravity", -9.81),
        timestep=rounded,
        neural=rounded / parts,
    )


def _unit(environment: Item, tag: str, default: str, known: dict[str, float]) -> str:
    given = environment.text(tag, default).lower()
    unit = given.removesuffix("s")
    if unit not in known:
        raise AnimatLabError(f"{environment.where}: <{tag}> is {given!r}; it may be {', '.join(known)}")
    return unit


@dataclass(slots=True)
class Names:
    """Makes names unique: AnimatLab tells things apart by ID, and their names may repeat."""

    taken: set[str] = field(default_factory=set)

    def unique(self, name: str, otherwise: str = "part") -> str:
        """The name, with a number behind it if it is taken."""
        clean = "".join(letter if letter.isprintable() else " " for letter in name).strip()[:200] or otherwise
        chosen, number = clean, 1
        while chosen in self.taken:
            number += 1
            chosen = f"{clean}_{number}"
        self.taken.add(chosen)
        return chosen
