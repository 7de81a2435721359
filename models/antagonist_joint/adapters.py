"""How the nervous system is connected to the body: commands, afferents and efferents."""

from sns_mujoco.adapters import (
    Afferent,
    Command,
    Efferent,
    Excitation,
    GolgiTendonOrgan,
    MotorNeuron,
    SpindleIa,
    SpindleII,
    SpindleModel,
    conduction_delay,
)

from .nervous_system import ACTIVE, FULL, MUSCLES, REST, THRESHOLD

# Spindles and tendon organs of Markin et al. 2010, Ann N Y Acad Sci 1198:21; there lengths are in mm, here in those of
# the muscle at rest, 68 mm.
SOURCE = "Markin et al. 2010, Ann N Y Acad Sci 1198:21"
IA = SpindleModel(
    citation=SOURCE, unit="rest lengths",
    base=0.026, velocity=0.106, exponent=0.6, length=2.27, threshold=0.882, alpha=0.06,
)  # fmt: skip
II = SpindleModel(citation=SOURCE, unit="rest lengths", length=1.74, threshold=0.86, alpha=0.06)
IB_THRESHOLD = 0.09  # of the muscle's largest force

NERVE = 0.25  # m from muscle to spinal cord, an estimate for a limb of 0.3 m
FAST, SLOW = (conduction_delay(length=NERVE, velocity=fibres) for fibres in ("Ia", "II"))  # ms
DESCENDING = 50.0  # nA: a full command excites a motor neuron fully, whatever the reflexes say
EXTENDED = 0.05  # m, of the foot; an active flexor half-centre draws it in


def adapters(*, gamma_dynamic: float = 0.0, gamma_static: float = 0.0) -> list[Afferent | Efferent]:
    """Connect the nervous system.

    Args:
        gamma_dynamic: Dynamic gamma drive of the Ia endings: 1 doubles their answer to velocity.
        gamma_static: Static gamma drive of all spindles: 1 doubles their answer to length.

    Returns:
        Adapters for `sns_mujoco.attach`. Commands, each 0 to 1, are "drive" (of the rhythm), "flex" and "extend"
        (descending on to the motor neurons).
    """
    active = ACTIVE - REST  # nA, for membranes of 1 uS
    found: list[Afferent | Efferent] = [
        Command("drive", to="drive", range=(0, 1), gain=active),
        Command("flex", to="flexor drive", range=(0, 1), gain=DESCENDING),
        Command("extend", to="extensor drive", range=(0, 1), gain=DESCENDING),
        SpindleII(
            "flexor", to="flexor II", model=II, alpha=Excitation(), gamma_static=gamma_static,
            range=(0, FULL["II"]), gain=active, delay=SLOW,
        ),
        MotorNeuron("flexor RG", drives="foot", range=(THRESHOLD, ACTIVE), output=(EXTENDED, 0)),
    ]  # fmt: skip
    for muscle in MUSCLES:
        found += [
            SpindleIa(
                muscle, to=f"{muscle} Ia", model=IA, alpha=Excitation(),
                gamma_static=gamma_static, gamma_dynamic=gamma_dynamic,
                range=(0, FULL["Ia"]), gain=active, delay=FAST,
            ),
            GolgiTendonOrgan(
                muscle, to=f"{muscle} Ib", range=(IB_THRESHOLD, IB_THRESHOLD + FULL["Ib"]), gain=active, delay=FAST
            ),
            MotorNeuron(f"{muscle} motor", drives=muscle, range=(REST, ACTIVE), delay=FAST),
        ]  # fmt: skip
    return found
