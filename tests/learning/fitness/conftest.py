"""A stand-in for a population whose motion a test makes up: real names and addresses, arrays filled by hand."""

from collections.abc import Callable
from types import SimpleNamespace

import mujoco
import numpy as np
import pytest

FRAME = 0.02
MODEL = """
<mujoco>
  <worldbody>
    <body name="belt"><joint name="belt" type="slide"/><geom size="0.1" mass="1000"/></body>
    <body name="torso" pos="0 0 0.2">
      <freejoint/>
      <geom size="0.05" mass="1.5"/>
      <body name="left"><joint name="left" axis="0 1 0"/><geom size="0.02" mass="0.25"/><site name="left"/></body>
      <body name="right"><joint name="right" axis="0 1 0"/><geom size="0.02" mass="0.25"/><site name="right"/></body>
    </body>
  </worldbody>
  <actuator><motor name="left" joint="left"/><motor name="right" joint="right"/></actuator>
  <sensor><gyro name="gyro" site="left"/><touch name="left" site="left"/><touch name="right" site="right"/></sensor>
</mujoco>
"""


class Motion:
    """n animals of 0.5 m and 2 kg that do what the test says; `data` has live arrays as a population's has them."""

    def __init__(self, n: int) -> None:
        self.n, self.model = n, mujoco.MjModel.from_xml_string(MODEL)
        feet = tuple(SimpleNamespace(name=side, sensor=side) for side in ("left", "right"))
        self.animal = SimpleNamespace(
            name="walker", torso="torso", moves=True, length=0.5, feet=feet, stance_load=1.0, whereabouts=self._where
        )
        model = self.model
        self.data = SimpleNamespace(
            xpos=np.zeros((n, model.nbody, 3)),
            xmat=np.tile(np.eye(3).ravel(), (n, model.nbody, 1)),
            qpos=np.zeros((n, model.nq)),
            sensordata=np.zeros((n, model.nsensordata)),
            actuator_force=np.zeros((n, model.nu)),
            actuator_velocity=np.zeros((n, model.nu)),
            expanded=lambda name: None,
        )
        self.torso = model.body("torso").id
        self.data.xpos[:, self.torso, 2] = 0.2

    def _where(self, _: object) -> tuple[np.ndarray, np.ndarray]:
        return self.data.xpos[:, self.torso, 0], self.data.xpos[:, self.torso, 1]

    def play(
        self, term: object, at: Callable[[float], None], seconds: float, *, fall: np.ndarray | None = None,
        frame: float = FRAME,
    ) -> np.ndarray:  # fmt: skip
        """Value of a term over a motion; `at(time)` fills the arrays, and whoever falls at `fall` (s) lies still."""
        frames = round(seconds / frame)
        meter = term.begin(self, frames * frame, frame)
        at(0.0)
        meter.observe(np.zeros(self.n))
        for k in range(1, frames + 1):
            kept = {name: a.copy() for name, a in vars(self.data).items() if isinstance(a, np.ndarray)}
            at(k * frame)
            down = np.zeros(self.n, bool) if fall is None else k * frame > fall
            for name, before in kept.items():
                getattr(self.data, name)[down] = before[down]
            meter.observe(np.where(down, 0.0, frame))
        return meter.value()


@pytest.fixture
def motion() -> type[Motion]:
    return Motion
