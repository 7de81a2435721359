"""A linter for the wiring between brain and body: `sns_mujoco.doctor`."""

from sns_mujoco.diagnosis.examine import CHECKS, doctor
from sns_mujoco.diagnosis.findings import Diagnosis, Finding

__all__ = ["CHECKS", "Diagnosis", "Finding", "doctor"]
