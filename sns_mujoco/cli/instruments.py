"""Commands of the bench: what an experimenter does with an animal. What they do stands in modules of their own."""

from sns_mujoco.cli.app import app

__all__ = ["app"]
