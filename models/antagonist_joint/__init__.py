"""One joint, two muscles and the spinal circuit between them. See README.md beside."""

from ..animal import Animal, Foot, Readout, View
from .adapters import adapters
from .body import TERRAINS, body
from .measure import NEURAL_STEP, STANCE_LOAD, start
from .nervous_system import ACTIVE, MUSCLES, REST, nervous_system
from .sources import SOURCES

__all__ = ["ANIMAL", "NEURAL_STEP", "adapters", "body", "nervous_system", "start"]


def _readouts() -> tuple[Readout, ...]:
    """The angle, and from the rhythm over the motor neurons to the afferents each pair of antagonists in one lane."""
    lanes = [
        ("RG", "", "rhythm", (-70.0, -25.0)),
        ("motor", "", "motor neurons", (REST, REST + 12.0)),
        ("Ia", "Ia", "afferents", (REST, REST + 12.0)),
        ("Ib", "Ib", "afferents", (REST, ACTIVE)),
    ]
    return (
        Readout(joint="hip", label="angle", family="joint", range=(-20.0, 20.0), section="joint"),
        *(
            Readout(
                neuron=f"{muscle} {neuron}", label=f"{muscle} {label}".strip(), family=muscle, range=ends, lane=neuron,
                section=section, tints=(muscle,) if neuron == "motor" else (),
            )
            for neuron, label, section, ends in lanes
            for muscle in MUSCLES
        ),
    )  # fmt: skip


ANIMAL = Animal(
    name="antagonist_joint",
    summary="one joint, two muscles: a half-centre and the reflexes of a spinal segment, 18 neurons",
    length=0.3,
    body=body,
    terrains=TERRAINS,
    network=nervous_system,
    sources=SOURCES,
    adapters=adapters,
    dt=NEURAL_STEP,
    start=start,
    commands={"drive": (0.0, 1.0), "flex": (0.0, 1.0), "extend": (0.0, 1.0)},
    cruise={"drive": 0.8, "flex": 0.0, "extend": 0.0},
    readouts=_readouts(),
    view=View(azimuth=90.0, elevation=-10.0, distance=0.6, rise=-0.13),
    slow=1.0,
    feet=(Foot(name="foot", sensor="foot"),),
    stance_load=STANCE_LOAD,
    held=("free",),
    joints=("hip",),
    rhythm=("flexor RG", "extensor RG"),
)
