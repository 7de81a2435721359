"""The hindquarters of a rat that step under their own spinal cord. See README.md beside."""

from ..animal import Animal, Foot, Readout, View
from .adapters import HALF_CENTRES, adapters
from .anatomy import JOINTS, LEFT, RIGHT
from .body import body
from .measure import STANCE_LOAD, fallen, place, start
from .nervous_system import nervous_system
from .parameters import Parameters
from .sources import SOURCES
from .terrain import TERRAINS

__all__ = ["ANIMAL", "HALF_CENTRES", "NEURAL_STEP", "Parameters", "adapters", "body", "nervous_system", "start"]

NEURAL_STEP = 0.1  # ms, that of the AnimatLab project

FEET = {"left": LEFT, "right": RIGHT}
HALF_CENTRE, MOTOR = (-62.0, -53.0), (-100.0, -30.0)  # mV
PULSES = (-20.0, 20.0)  # nA; the stimuli of the AnimatLab project are of 10 nA


def _readouts() -> tuple[Readout, ...]:
    """From the rhythm of both legs down to the muscles of the left one, antagonists in one lane."""
    rows = [(f"{side}RG", foot, "rhythm generators", HALF_CENTRE) for foot, side in FEET.items()]
    rows += [(f"{LEFT}PF_{pair}", pair, "left pattern formation", HALF_CENTRE) for pair in ("hip", "distal")]
    rows += [(f"{LEFT}MN_{joint}", joint, "left motor neurons", MOTOR) for joint in JOINTS]
    families = {"hip": f"{LEFT}hip", "distal": f"{LEFT}distal", "knee": f"{LEFT}distal", "ankle": f"{LEFT}distal"}
    return tuple(
        Readout(
            neuron=f"{name}_{action}", label=f"{label} {action}", family=families.get(label, name[:2]), range=ends,
            lane=name, section=section,
            tints=(f"{LEFT}{label}_{action}",) if section == "left motor neurons" else (),
        )
        for name, label, section, ends in rows
        for action in ("flexor", "extensor")
    )  # fmt: skip


ANIMAL = Animal(
    name="rat_hindlimbs",
    summary="a rat's hindquarters: 93 neurons in two layers, 12 muscles with Ia, II and Ib afferents, 6 joints",
    length=0.09,
    body=body,
    terrains=TERRAINS,
    network=nervous_system,
    sources=SOURCES,
    adapters=adapters,
    dt=NEURAL_STEP,
    start=start,
    commands={"drive": (0.0, 1.0)},
    cruise={"drive": 0.8},
    readouts=_readouts(),
    torso="pelvis",
    view=View(azimuth=-90.0, elevation=-10.0, distance=0.26, rise=-0.025),
    slow=4.0,
    feet=tuple(Foot(name=foot, sensor=f"{side}touch") for foot, side in FEET.items()),
    stance_load=STANCE_LOAD,
    lag_pairs=(("right", "left"),),
    held=("air",),
    joints=tuple(f"{LEFT}{joint}" for joint in JOINTS),
    rhythm=tuple(f"{side}RG_extensor" for side in (LEFT, RIGHT)),
    probes={f"{side}{name}": PULSES for side in (LEFT, RIGHT) for name in HALF_CENTRES},
    place=place,
    fallen=fallen,
)
