"""What is done to a body, its senses, its muscles and its ground."""

from dataclasses import dataclass
from typing import ClassVar

from sns_mujoco.errors import ProtocolError
from sns_mujoco.protocols import checks, waveforms
from sns_mujoco.protocols.items import Item
from sns_mujoco.protocols.waveforms import Value

Vector = tuple[float, float, float]
NOTHING: Vector = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Command(Item):
    """A descending command (or probe) is set; in the end it returns to what it was otherwise set to.

    Attributes:
        name: Of the command.
        value: A number or a waveform.
    """

    word: ClassVar[str] = "command"
    target: ClassVar[str] = "name"

    name: str
    value: Value

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        object.__setattr__(self, "value", waveforms.value(self.label, "value", self.value))

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"{self.name} = {waveforms.shown(self.value, '')}"


@dataclass(frozen=True, slots=True)
class SensorFailure(Item):
    """Afferents signal something else than what the body does.

    Attributes:
        afferent: As in `Deprive`.
        mode: "stuck" for what they signalled last; "zero" for 0; "noise" for noise on top of what they signal. Their
            current follows from that, by their ramp or curve.
        sd: Standard deviation of the noise, in the unit of the signal, drawn anew every physics step.
    """

    word: ClassVar[str] = "sensor_failure"
    target: ClassVar[str] = "afferent"

    afferent: str
    mode: str = "stuck"
    sd: float = 0.0

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        checks.choice(self.label, "mode", self.mode, ("stuck", "zero", "noise"))
        object.__setattr__(self, "sd", checks.number(self.label, "sd", self.sd, least=0.0))
        if (self.mode == "noise") != (self.sd > 0.0):
            raise ProtocolError(
                f"{self.label}: mode is {self.mode!r} and sd {self.sd:g}; give an sd above 0 with 'noise' and only then"
            )

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"{self.afferent}: {self.mode}"


@dataclass(frozen=True, slots=True)
class ActuatorFailure(Item):
    """Actuators or muscles do not do what they are told.

    Attributes:
        actuator: Name or shell pattern.
        mode: "limp" for no active force: a muscle is not excited, a motor has no torque, a servo neither holds nor
            damps; "stuck" for the control that they had last; "weak" for a share of the force: a muscle's excitation, a
            motor's torque, a servo's stiffness and damping times `factor`.
        factor: For "weak", 0 or more.
    """

    word: ClassVar[str] = "actuator_failure"
    target: ClassVar[str] = "actuator"

    actuator: str
    mode: str = "limp"
    factor: float | None = None

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        checks.choice(self.label, "mode", self.mode, ("limp", "stuck", "weak"))
        if (self.mode == "weak") != (self.factor is not None):
            raise ProtocolError(
                f"{self.label}: mode is {self.mode!r} and factor {self.factor!r}; give a factor with 'weak', and only "
                "then"
            )
        if self.factor is not None:
            object.__setattr__(self, "factor", checks.number(self.label, "factor", self.factor, least=0.0))

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"{self.actuator} {self.mode}"


@dataclass(frozen=True, slots=True)
class Push(Item):
    """A force on the centre of mass of a body, and a torque.

    Attributes:
        body: Name or shell pattern; each body receives all of it.
        force: N (x, y, z).
        torque: N m (x, y, z).
        frame: Whose axes these are: "world", or "heading": x to where the body's x axis points over the ground, z up.
    """

    word: ClassVar[str] = "push"
    target: ClassVar[str] = "body"

    body: str
    force: Vector = NOTHING
    torque: Vector = NOTHING
    frame: str = "world"

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        for name in ("force", "torque"):
            object.__setattr__(self, name, checks.vector(self.label, name, getattr(self, name)))
        checks.choice(self.label, "frame", self.frame, ("world", "heading"))
        if self.force == NOTHING and self.torque == NOTHING:
            raise ProtocolError(f"{self.label} has neither force nor torque; give one of them")

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"push on {self.body}"


@dataclass(frozen=True, slots=True)
class Torque(Item):
    """A torque about hinges, or a force along slides, from outside.

    Attributes:
        joint: Name or shell pattern.
        torque: N m (along a slide N); a number or a waveform.
    """

    word: ClassVar[str] = "torque"
    target: ClassVar[str] = "joint"

    joint: str
    torque: Value

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        object.__setattr__(self, "torque", waveforms.value(self.label, "torque", self.torque))

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"{waveforms.shown(self.torque, 'N m')} on {self.joint}"


@dataclass(frozen=True, slots=True)
class Friction(Item):
    """Another sliding friction. Between two geoms MuJoCo takes the greater of both, so change both, or all by "*".

    Attributes:
        geom: Name or shell pattern; "*" for all that touch something, also those without a name.
        factor: On the friction, 0 or more.
    """

    word: ClassVar[str] = "friction"
    target: ClassVar[str] = "geom"

    geom: str
    factor: float

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        object.__setattr__(self, "factor", checks.number(self.label, "factor", self.factor, least=0.0))

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"friction of {self.geom} x {self.factor:g}"


@dataclass(frozen=True, slots=True)
class Load(Item):
    """More mass, or less, spread as the body's own is.

    Attributes:
        body: Name or shell pattern; each body becomes so much heavier.
        mass: kg.
    """

    word: ClassVar[str] = "load"
    target: ClassVar[str] = "body"

    body: str
    mass: float

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        object.__setattr__(self, "mass", checks.number(self.label, "mass", self.mass))

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"{self.body} {self.mass:+g} kg"


@dataclass(frozen=True, slots=True)
class Gravity(Item):
    """Another weight of everything.

    Attributes:
        factor: On gravity; 0.38 is about that of Mars.
    """

    word: ClassVar[str] = "gravity"
    target: ClassVar[str] = ""

    factor: float

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        object.__setattr__(self, "factor", checks.number(self.label, "factor", self.factor))

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"gravity x {self.factor:g}"


@dataclass(frozen=True, slots=True)
class Slope(Item):
    """The ground slopes: gravity is turned against it, so that all else stays as it is.

    Attributes:
        angle: By which the ground rises, degrees, within -90 to 90.
        direction: Towards where it rises, degrees from the world's x axis, counted to the left.
    """

    word: ClassVar[str] = "slope"
    target: ClassVar[str] = ""

    angle: float
    direction: float = 0.0

    def __post_init__(self) -> None:
        """Check it."""
        Item.__post_init__(self)
        for name in ("angle", "direction"):
            object.__setattr__(self, name, checks.number(self.label, name, getattr(self, name)))
        if not abs(self.angle) < 90.0:
            raise ProtocolError(f"{self.label}: angle is {self.angle:g}; give degrees within -90 to 90")

    @property
    def summary(self) -> str:
        """See `Item.summary`."""
        return f"slope of {self.angle:g} degrees"
