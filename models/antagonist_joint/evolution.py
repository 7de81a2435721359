"""What the antagonist joint can be evolved for: `sns-mujoco evolve antagonist_joint --task step`."""

from sns_mujoco.learning.fitness import DutyFactor, Measure, Power, StrideFrequency, Task, Trial
from sns_mujoco.learning.spaces import Vary

_FACTOR = {"bounds": (0.5, 2.0), "relative": True, "scale": "log"}

TASKS = {
    "step": Task(
        summary="step on the ground once a second, standing for 0.6 of the stride, with little power",
        vary=(
            Vary("max_conductance", "drive->* RG", tie="all", **_FACTOR),
            Vary("max_conductance", "* RG->* In", tie="all", **_FACTOR),
            Vary("max_conductance", "* In->* RG", tie="all", **_FACTOR),
            Vary("max_conductance", "* RG->* motor", **_FACTOR),
            Vary("max_conductance", "* I[abI]->* RG", **_FACTOR),
            Vary("max_conductance", "* I[abI]->* In", **_FACTOR),
            Vary("bias", "* RG", bounds=(-4.0, 4.0), relative="difference"),
        ),
        trials=(Trial(terrain="ground", commands={"drive": 0.5}, seconds=6.0, settle=2.0),),
        terms=(StrideFrequency(target=1.0), DutyFactor(target=0.6), Power(weight=0.2)),
        measures=(
            Measure(name="stride_frequency", bounds=(0.5, 3.0), cells=20),
            Measure(name="duty_factor", bounds=(0.2, 0.9), cells=14),
        ),
        seeds=2,
    ),
}
