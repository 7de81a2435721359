"""What the rat's hindlimbs can be evolved for: `sns-mujoco evolve rat_hindlimbs --task walk`."""

from sns_mujoco.learning.fitness import (
    CostOfTransport,
    DutyFactor,
    Measure,
    Speed,
    StrideFrequency,
    Survival,
    TargetGait,
    Task,
    Trial,
)
from sns_mujoco.learning.spaces import Vary

from .anatomy import LEFT, RIGHT

SIDES = (LEFT, RIGHT)
SPEED = 0.3 / 0.09  # body lengths/s: a walk of 0.3 m/s, at which rats stand for more than half of the stride
BOUNCE = 0.05  # s; toes scuff before and after stance

_FACTOR = {"bounds": (0.4, 2.5), "relative": True, "scale": "log", "symmetric": SIDES}

TASKS = {
    "walk": Task(
        summary="walk over ground at 0.3 m/s, legs in turn, each standing for 0.65 of the stride",
        vary=(
            Vary("max_conductance", "L_PF_*->L_MN_*", **_FACTOR),
            Vary("max_conductance", "L_Ia_*->L_RG_*", **_FACTOR),
            Vary("max_conductance", "L_II_*->L_RG_*", **_FACTOR),
            Vary("max_conductance", "L_IbIN_*->L_RG_*", **_FACTOR),
            Vary("max_conductance", "drive->L_RG_*", **_FACTOR),
            Vary("bias", "L_RG_[ef]*", bounds=(-2.0, 2.0), relative="difference", symmetric=SIDES),
        ),
        trials=(Trial(terrain="ground", commands={"drive": 0.8}, seconds=3.0, settle=1.0),),
        terms=(
            Speed(target=SPEED),
            TargetGait(lags={("right", "left"): 0.5}, weight=0.5, bounce=BOUNCE),
            DutyFactor(target=0.65, bounce=BOUNCE),
            Survival(),
            CostOfTransport(weight=0.05),
            StrideFrequency(weight=0.0, bounce=BOUNCE),
        ),
        measures=(
            Measure(name="speed", bounds=(0.0, 8.0), cells=16),
            Measure(name="duty_factor", bounds=(0.3, 0.9), cells=12),
        ),
        seeds=2,
    ),
}
