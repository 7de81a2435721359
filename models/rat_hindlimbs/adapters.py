"""How the rat's nervous system is connected to its body: described for one leg, and mirrored.

AnimatLab's afferents in its own numbers. Each stretch receptor lies along the tendon of its muscle and has a tension of
its own, from which Ia follows the velocity of lengthening and II the length; Ib is the tension of the muscle itself.
None of the three is the signal of another.
"""

from typing import Literal

from sns_mujoco.adapters import (
    Afferent,
    Command,
    Efferent,
    GolgiTendonOrgan,
    MotorNeuron,
    StretchReceptor,
    mirrored,
)

from .anatomy import ACTIONS, LEFT, MAX_TENSION, MM, MUSCLES, RIGHT
from .nervous_system import PATTERNS
from .parameters import (
    ACTIVATION_MIDPOINT,
    ACTIVATION_OFFSET,
    ACTIVATION_SLOPE,
    DISCHARGE,
    FULL,
    IA_CURRENT,
    II_CURRENT,
    RECEPTOR_SHARE,
)

HALF_CENTRES = tuple(
    f"{layer}_{action}" for layer in ("RG", *(f"PF_{pattern}" for pattern in PATTERNS)) for action in ACTIONS
)
"""Half-centres of a leg; each takes a current, nA, as a command that has its name with the prefix of its side."""


def adapters() -> list[Afferent | Efferent]:
    """Connect the nervous system: commands, 30 afferents of twelve muscles, and their twelve motor neurons.

    Returns:
        Adapters for `sns_mujoco.attach`. The command "drive" (0 to 1) lets the animal step. To disturb it, each of the
        twelve half-centres takes a current: "L_RG_extensor" (nA) and so on, see `HALF_CENTRES`.
    """
    leg: list[Afferent | Efferent] = [
        Command(name=name, to=name, range=(0.0, 1.0), gain=1.0, clip=False) for name in HALF_CENTRES
    ]
    for muscle in MUSCLES:
        leg += _afferents(muscle)
        leg.append(
            MotorNeuron(
                neuron=f"MN_{muscle}", drives=muscle, sigmoid=(ACTIVATION_MIDPOINT, ACTIVATION_SLOPE),
                output=(-ACTIVATION_OFFSET, 1.0 - ACTIVATION_OFFSET),
            )
        )  # fmt: skip
    return [Command(name="drive", to="drive", range=(0.0, 1.0), gain=FULL), *mirrored(leg, LEFT, RIGHT)]


def _afferents(name: str) -> list[Afferent]:
    """Ia, Ib and, where the source has it, II of a muscle."""
    muscle = MUSCLES[name]
    endings: dict[Literal["Ia", "II"], dict[str, tuple[float, float]]] = {"Ia": IA_CURRENT, "II": II_CURRENT}
    receptors = [
        StretchReceptor(
            tendon=name, ending=ending, to=f"{ending}_{name}", range=_range(*currents[name]), gain=FULL, clip=False,
            kse=RECEPTOR_SHARE * muscle.kse, kpe=RECEPTOR_SHARE * muscle.kpe,
            damping=RECEPTOR_SHARE * muscle.damping, rest_length=muscle.rest_length * MM, max_tension=MAX_TENSION,
            constant=DISCHARGE,
        )
        for ending, currents in endings.items()
        if name in currents
    ]  # fmt: skip
    return [*receptors, GolgiTendonOrgan(muscle=name, to=f"IbIN_{name}", gain=FULL)]


def _range(slope: float, offset: float) -> tuple[float, float]:
    """Discharge at which the current `slope` x + `offset` is nothing, and at which it is `FULL`."""
    return -offset / slope, (FULL - offset) / slope
