"""A cockroach, Blaberus discoidalis, that walks under its own nervous system. See README.md beside."""

from ..animal import Animal, Foot, Readout
from .adapters import adapters
from .anatomy import BODY_LENGTH, LEGS
from .body import body
from .measure import LAG_PAIRS, STANCE_LOAD, fallen, start
from .nervous_system import nervous_system
from .parameters import Parameters
from .sources import SOURCES

__all__ = ["ANIMAL", "NEURAL_STEP", "Parameters", "adapters", "body", "nervous_system", "start"]

# ms. The fastest membranes follow within 1.2 ms ("seek" with its synapses open), most within 3 to 5, and a stride takes
# 170; a quarter of this step changes the speed by 2 % (README.md).
NEURAL_STEP = 1.0


SHOWN = "R2"  # the leg whose neurons a film shows in more detail


def _readouts() -> tuple[Readout, ...]:
    """The swing neurons of all legs, each lighting up its leg; then what moves one leg and what it feels."""
    swing = [
        Readout(
            neuron=f"{leg} swing", label=f"{leg} swing", family=leg, range=(0.0, 20.0),
            tints=(f"{leg}_femur", f"{leg}_tibia", f"{leg}_tibia_end"),
        )
        for leg in sorted(LEGS)
    ]  # fmt: skip
    detail = [
        ("load", "load", "", 20.0), ("protractor", "protract", "coxa", 8.0), ("retractor", "retract", "coxa", 8.0),
        ("levator", "levate", "femur", 5.0), ("depressor", "depress", "femur", 5.0),
    ]  # fmt: skip
    return (
        *swing,
        *(
            Readout(neuron=f"{SHOWN} {neuron}", label=f"{SHOWN} {label}", family=SHOWN, range=(0.0, top), lane=lane)
            for neuron, label, lane, top in detail
        ),
    )


ANIMAL = Animal(
    name="hexapod",
    summary="a cockroach (Blaberus discoidalis, 53 mm, 2.6 g): 166 neurons, 18 joints, six feeling feet",
    length=BODY_LENGTH * 1e-3,
    body=body,
    terrains=("flat", "rough"),
    network=nervous_system,
    sources=SOURCES,
    adapters=adapters,
    dt=NEURAL_STEP,
    start=start,
    commands={"drive": (0.0, 1.0), "turn": (-1.0, 1.0)},
    cruise={"drive": 1.0, "turn": 0.0},
    torso="torso",
    feet=tuple(Foot(name=leg, sensor=f"{leg}_touch") for leg in sorted(LEGS)),
    stance_load=STANCE_LOAD,
    lag_pairs=LAG_PAIRS,
    readouts=_readouts(),
    fallen=fallen,
)
