"""Numbers of the body by name: read off a description, changed in it, and different for every individual."""

from sns_mujoco.cosim.bodies.changes import changed_body
from sns_mujoco.cosim.bodies.quantities import BODY_QUANTITIES, BodyParameter, BodyTable
from sns_mujoco.cosim.bodies.rows import BodyRows

__all__ = ["BODY_QUANTITIES", "BodyParameter", "BodyRows", "BodyTable", "changed_body"]
