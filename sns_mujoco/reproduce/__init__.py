"""Published experiments, repeated with what is built here, and compared with what was published.

    from sns_mujoco import reproduce

    found = reproduce.run("half_centre_delta")
    print(found.summary())
    found.plot().savefig("half_centre_delta.pdf")

`EXPERIMENTS` holds them by name, each a module of `sns_mujoco.reproduce.published` that says what was published, where,
and what is run here. A result that does not reproduce stays among them as such, with what was tried.
"""

from sns_mujoco.reproduce.catalogue import EXPERIMENTS
from sns_mujoco.reproduce.experiment import Comparison, Experiment, Measured, Reproduction, near
from sns_mujoco.reproduce.running import chosen, report, run, save

__all__ = [
    "EXPERIMENTS",
    "Comparison",
    "Experiment",
    "Measured",
    "Reproduction",
    "chosen",
    "near",
    "report",
    "run",
    "save",
]
