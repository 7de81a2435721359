"""The motion of a walking animal, from which its gait is measured: read from a recording, or made of arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sns_mujoco.analysis.gait.energetics import GRAVITY
from sns_mujoco.analysis.gait.events import Bools, Floats
from sns_mujoco.analysis.gait.layout import Layout
from sns_mujoco.errors import GaitError, unknown_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """The motion of an animal over time; what is not known is None or nan, and what needs it is left out of a report.

    Attributes:
        feet: Names of the feet [F].
        standing: Stance of each foot over time [T, F].
        period: Time between samples, s.
        begin: Time of the first sample, s.
        pairs: Pairs (foot, reference) whose phase lags are wanted; every foot against the first one if empty.
        layout: Where the feet are, for the gait's name.
        foot: Places of the feet on the ground [T, F, 3], m; on a treadmill, on its belt.
        center: Place of the centre of mass on the ground [T, 3], m.
        place: Place of the animal on the ground [T, 2], m.
        length: Body length, m.
        height: Of the hip above the ground, m.
        mass: kg.
        gravity: m/s^2.
        power: Mechanical power of each muscle or joint [T, M], W.
        working: Names of the muscles or joints [M].
        work_of: What they are: "muscle" or "joint".
        angles: Angles of joints over time, rad, by name, each [T].
        commands: Commands over time by name, each [T].
        disturbed: When the animal was disturbed [T]: strides that any of this falls into do not count.
        fell: When it fell, s; nan if it did not. Nothing after it is in the motion.

    Raises:
        GaitError: Shapes do not fit one another.
    """

    feet: tuple[str, ...]
    standing: Bools
    period: float
    begin: float = 0.0
    pairs: tuple[tuple[str, str], ...] = ()
    layout: Layout | None = None
    foot: Floats | None = None
    center: Floats | None = None
    place: Floats | None = None
    length: float = float("nan")
    height: float = float("nan")
    mass: float = float("nan")
    gravity: float = GRAVITY
    power: Floats | None = None
    working: tuple[str, ...] = ()
    work_of: str = "muscle"
    angles: Mapping[str, Floats] = field(default_factory=dict)
    commands: Mapping[str, Floats] = field(default_factory=dict)
    disturbed: Bools | None = None
    fell: float = float("nan")

    def __post_init__(self) -> None:
        """Refuse shapes that do not fit."""
        samples, feet = np.shape(self.standing)[0], len(self.feet)
        wanted = {
            "standing": (samples, feet), "foot": (samples, feet, 3), "center": (samples, 3), "place": (samples, 2),
            "power": (samples, len(self.working)), "disturbed": (samples,),
        }  # fmt: skip
        shapes = {name: np.shape(value) for name in wanted if (value := getattr(self, name)) is not None}
        for name, shape in shapes.items():
            if shape != wanted[name]:
                raise GaitError(f"{name} of the motion has the shape {shape}; give {wanted[name]}, as stance has")
        if not self.period > 0.0:
            raise GaitError(f"the time between samples is {self.period!r} s; give a positive one")
        for foot in (foot for pair in self.pairs for foot in pair):
            if foot not in self.feet:
                raise unknown_name("foot", foot, self.feet, "the motion")

    @property
    def time(self) -> Floats:
        """Of the samples [T], s."""
        return self.begin + self.period * np.arange(len(self.standing))
