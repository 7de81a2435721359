"""A four-legged animal of the size of a cat that walks and trots under its own spinal cord. See README.md beside."""

from dataclasses import replace
from pathlib import Path

from sns_mujoco.network import Network

from ..animal import Animal, Foot, Readout, View
from .adapters import adapters
from .anatomy import LIMBS, TRUNK_LENGTH
from .body import TERRAINS, body
from .measure import LAG_PAIRS, STANCE_LOAD, fallen, start
from .nervous_system import nervous_system
from .parameters import Parameters
from .sources import SOURCES

__all__ = [
    "ANIMAL",
    "EVOLVED",
    "NEURAL_STEP",
    "STANDING",
    "Parameters",
    "adapters",
    "body",
    "evolved_nervous_system",
    "nervous_system",
    "start",
]

NEURAL_STEP = 0.5  # ms; the fastest membranes, half-centres while they are inhibited, follow within 0.75 ms

HALF_CENTRE, MOTOR = (-20.0, 25.0), (0.0, 20.0)  # mV

EVOLVED = Path(__file__).with_name("evolved.json")


def evolved_nervous_system() -> Network:
    """The nervous system with the numbers that evolution found."""
    return Network.load(EVOLVED)


def _readouts() -> tuple[Readout, ...]:
    """Flexor half-centres of all limbs, then the motor neurons of two limbs, antagonists in one lane."""
    rhythm = [
        Readout(
            neuron=f"{limb} RG flexor", label=f"{limb} flexor", family=limb, range=HALF_CENTRE,
            section="rhythm generators",
        )
        for limb in ("LH", "LF", "RH", "RF")
    ]  # fmt: skip
    motor = [
        Readout(
            neuron=f"{limb} {action}", label=f"{limb} {action}", family=limb, range=MOTOR, lane=f"{limb} {pair}",
            section="motor neurons", tints=(f"{limb}_{action}",),
        )
        for limb in ("LH", "LF")
        for pair, actions in (("upper", ("retractor", "protractor")), ("lower", ("extensor", "flexor")))
        for action in actions
    ]  # fmt: skip
    return (*rhythm, *motor)


STANDING = Animal(
    name="quadruped",
    summary="a four-legged animal of a cat's size (4 kg) as designed by hand: it stands",
    length=TRUNK_LENGTH,
    body=body,
    terrains=TERRAINS,
    network=nervous_system,
    sources=SOURCES,
    adapters=adapters,
    dt=NEURAL_STEP,
    start=start,
    commands={"drive": (0.0, 1.0)},
    cruise={"drive": 0.9},
    readouts=_readouts(),
    torso="trunk",
    view=View(azimuth=-90.0, elevation=-10.0, distance=1.1),
    slow=2.0,
    feet=tuple(Foot(name=limb, sensor=f"{limb}_touch") for limb in LIMBS),
    stance_load=STANCE_LOAD,
    lag_pairs=LAG_PAIRS,
    held=("air",),
    fallen=fallen,
)
"""As designed by hand: it stands, and falls when it is driven. What evolution started from."""

ANIMAL = replace(
    STANDING,
    summary="a four-legged animal of a cat's size (4 kg): 90 neurons, 16 Hill muscles, that walk and trot",
    network=evolved_nervous_system,
)
