"""What the quadruped is evolved for: to walk at little drive, to trot at much, and to stand at none.

Genes are conductances, biases and membrane capacitances of the nervous system, each the same on both sides, and in fore
and hind limbs too where they do the same. Their bounds are factors on the design of `parameters.py`: these tasks begin
at `sns_mujoco.models.quadruped:STANDING`, and only "refine" at the evolved animal, `quadruped`, whose membranes would
follow too fast for its neural step far from where it is.
"""

from dataclasses import replace

from sns_mujoco.learning.fitness import (
    Speed,
    Stability,
    Straightness,
    StrideFrequency,
    Survival,
    TargetGait,
    Task,
    Trial,
)
from sns_mujoco.learning.spaces import Vary

from .anatomy import TRUNK_LENGTH

LATERAL_WALK = (("LF", "LH", 0.3), ("RF", "RH", 0.3), ("RH", "LH", 0.5))
BETWEEN = (("LF", "LH", 0.4), ("RF", "RH", 0.4), ("RH", "LH", 0.5))
TROT = (("LF", "LH", 0.5), ("RF", "RH", 0.5), ("RH", "LH", 0.5))
BOTH = ("L", "R")


def _gene(pattern: str, factor: float, quantity: str = "max_conductance") -> Vary:
    """All that matches a pattern, with its counterparts of the other side, as one gene."""
    return Vary(quantity, pattern, bounds=(1.0 / factor, factor), relative=True, scale="log", tie="all", symmetric=BOTH)


RHYTHM = (
    *(_gene(f"L? {slow} slow", 1.5, "membrane_capacitance") for slow in ("stance", "swing")),
    *(
        _gene(pattern, 3.0)
        for pattern in (
            "L? RG extensor->L? stance slow", "L? RG flexor->L? swing slow", "drive->L? stance slow",
            "L? load->L? stance slow", "L? back->L? stance slow", "L? forward->L? swing slow", "L? load->L? swing slow",
        )
    ),
)  # fmt: skip
COUPLING = tuple(
    _gene(pattern, 3.0)
    for pattern in (
        "L? RG flexor->R? RG extensor", "LF RG flexor->LH RG extensor", "LH RG flexor->LF RG extensor",
        "L? V0d->R? RG extensor", "L? V0v->R? stance slow", "LH swing slow->LF stance slow",
        "LF swing slow->RH stance slow", "drive->L? V0d",
    )
)  # fmt: skip
MOTOR = (
    *(
        _gene(f"L{girdle} {source}->L{girdle} {muscle}", 8.0)
        for girdle in "FH"
        for source, muscle in (
            ("swing", "protractor"), ("swing", "retractor"), ("propulsion", "protractor"), ("propulsion", "retractor"),
            ("lift", "flexor"), ("lift", "extensor"), ("stance", "extensor"), ("retractor II", "retractor"),
            ("protractor II", "protractor"), ("extensor II", "extensor"),
        )
    ),
    *(
        _gene(pattern, 8.0)
        for pattern in (
            "L? stance slow->L? propulsion", "drive->L? propulsion", "L? swing slow->L? lift", "L? forward->L? lift",
            "L? stance->L? flexor", "L? load->L? extensor", "L? flexor II->L? flexor", "nose down->LF extensor",
            "nose up->LH extensor",
        )
    ),
    Vary("max_conductance", "roll *->* extensor", bounds=(0.125, 8.0), relative=True, scale="log", tie="all"),
    *(
        _gene(f"L{girdle} {muscle}", 4.0, "bias")
        for girdle in "FH"
        for muscle in ("protractor", "retractor", "extensor", "flexor")
    ),
)  # fmt: skip


def _terms(speed: float, lags: tuple[tuple[str, str, float], ...], strides: float) -> tuple:
    """What counts while it walks: speed in m/s, and strides per second."""
    return (
        Survival(weight=3.0),
        Speed(weight=2.5, target=speed / TRUNK_LENGTH),
        TargetGait(weight=0.8, lags=lags),
        StrideFrequency(weight=0.8, target=strides),
        Stability(weight=0.7),
        Straightness(weight=0.3),
    )


STANDING = Trial(
    commands={"drive": 0.0}, seconds=2.5, settle=0.5, weight=0.5,
    terms=(Survival(weight=3.0), Speed(weight=0.3, target=0.0), Stability(weight=0.7)),
)  # fmt: skip


def _driven(drive: float, terms: tuple) -> Trial:
    return Trial(commands={"drive": drive}, seconds=4.5, settle=1.0, terms=terms)


# Through all drives, up and down: whoever falls on the way loses what is left of it.
ALL_DRIVES = Trial(
    commands={"drive": tuple((0.75 * i, drive) for i, drive in enumerate((0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 0.85, 0.65)))},
    seconds=6.0, settle=0.5, weight=2.0, terms=(Survival(weight=5.0), Speed(weight=1.0, target=0.5 / TRUNK_LENGTH)),
)  # fmt: skip


def _kept_up(drive: float, speed: float) -> Trial:
    """Walking without a fall, in whatever gait, at a speed in m/s."""
    terms = (Survival(weight=5.0), Speed(weight=1.0, target=speed / TRUNK_LENGTH))
    return Trial(commands={"drive": drive}, seconds=4.5, settle=0.5, terms=terms)


HURRY = (Survival(weight=5.0), Speed(weight=5.0, target=0.7 / TRUNK_LENGTH), Stability(weight=0.7))


def _task(summary: str, *trials: Trial, seeds: int) -> Task:
    return Task(summary=summary, vary=(*RHYTHM, *COUPLING, *MOTOR), trials=trials, seeds=seeds, frame=0.01)


NEAR = 1.3
FAST = (
    STANDING,
    _driven(0.5, _terms(0.45, LATERAL_WALK, 2.3)),
    *(_kept_up(drive, speed) for drive, speed in ((0.6, 0.5), (0.7, 0.55), (0.8, 0.6))),
    *(_driven(drive, (*HURRY, TargetGait(weight=0.8, lags=TROT))) for drive in (0.9, 1.0)),
)
TASKS = {
    "step": _task(
        "stand without drive, walk in lateral sequence at half of it, trot at full drive",
        STANDING,
        _driven(0.5, _terms(0.45, LATERAL_WALK, 2.0)),
        _driven(0.95, _terms(0.85, TROT, 2.9)),
        seeds=1,
    ),
    "walk": _task(
        "the same, and a gait between them",
        STANDING,
        _driven(0.5, _terms(0.45, LATERAL_WALK, 2.3)),
        _driven(0.72, _terms(0.65, BETWEEN, 2.9)),
        _driven(0.95, _terms(0.85, TROT, 3.5)),
        seeds=1,
    ),
    "drives": _task(
        "the same in several lives, and through all drives without a fall",
        STANDING,
        _driven(0.5, _terms(0.45, LATERAL_WALK, 2.3)),
        _driven(0.95, _terms(0.85, TROT, 3.5)),
        ALL_DRIVES,
        seeds=3,
    ),
    "steady": _task(
        "the same, and start at any drive without a fall",
        STANDING,
        _driven(0.5, _terms(0.45, LATERAL_WALK, 2.3)),
        *(_kept_up(drive, speed) for drive, speed in ((0.6, 0.5), (0.7, 0.55), (0.8, 0.6), (0.9, 0.7))),
        _driven(1.0, _terms(0.85, TROT, 3.5)),
        seeds=2,
    ),
    "fast": _task(
        "the same, and at high drive faster",
        *FAST,
        seeds=2,
    ),
    "refine": Task(
        summary="for the evolved animal itself: the same as fast, with genes that stay near",
        vary=tuple(replace(gene, bounds=(1.0 / NEAR, NEAR)) for gene in (*RHYTHM, *COUPLING, *MOTOR)),
        trials=FAST,
        seeds=2,
        frame=0.01,
    ),
}
