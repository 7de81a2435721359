"""What the hexapod can be evolved for: `sns-mujoco evolve hexapod --task speed`."""

from sns_mujoco.learning.fitness import (
    CostOfTransport,
    DutyFactor,
    Measure,
    Speed,
    Stability,
    Straightness,
    StrideFrequency,
    Survival,
    Task,
    Trial,
)
from sns_mujoco.learning.spaces import Vary

SIX = r"[LR]\d "  # what tells the legs' names apart: all six share their genes

# Strengths of what makes the rhythm, moves the legs and couples them, as factors of the described ones.
_STRENGTHS = tuple(
    Vary("max_conductance", f"?? {source}->?? {target}", bounds=(0.4, 2.5), relative=True, scale="log", tie=SIX)
    for source, target in (
        ("swing", "position"), ("propulsion", "position"), ("retracted", "trigger"), ("back", "trigger"),
        ("hold", "trigger"), ("swing", "trigger"), ("touchdown", "trigger"), ("load", "stance"),
        ("load slow", "depressor"), ("lift", "levator"), ("protraction", "*"), ("retraction", "*"),
    )
)  # fmt: skip
_TIMING = (
    Vary("bias", "?? trigger", bounds=(-15.0, 15.0), relative="difference", tie=SIX),
    Vary("membrane_capacitance", "?? lift", bounds=(0.4, 2.5), relative=True, scale="log", tie=SIX),
    Vary("membrane_capacitance", "?? load trend", bounds=(0.4, 2.5), relative=True, scale="log", tie=SIX),
)

TASKS = {
    "speed": Task(
        summary="walk fast and straight on flat ground, at no more cost than it must",
        vary=(*_STRENGTHS, *_TIMING),
        trials=(Trial(terrain="flat", commands={"drive": 1.0}, seconds=5.0, settle=1.0),),
        terms=(
            Speed(),
            Straightness(),
            Survival(),
            CostOfTransport(weight=0.1),
            DutyFactor(weight=0.0),
            StrideFrequency(weight=0.0),
        ),
        measures=(
            Measure(name="duty_factor", bounds=(0.3, 0.9), cells=12),
            Measure(name="stride_frequency", bounds=(2.0, 10.0), cells=12),
        ),
        seeds=3,
    ),
    "rough": Task(
        summary="get along over rough ground without falling, and walk on flat ground no worse than before",
        vary=(*_STRENGTHS, *_TIMING),
        trials=(
            *(
                Trial(terrain="rough", terrain_seed=seed, commands={"drive": 1.0}, seconds=4.0, settle=0.5)
                for seed in (101, 102, 103)
            ),
            Trial(terrain="flat", commands={"drive": 1.0}, seconds=4.0, settle=0.5),
        ),
        terms=(Speed(), Survival(), Straightness(weight=0.5), CostOfTransport(weight=0.05), Stability(weight=0.5)),
        seeds=2,
    ),
}
