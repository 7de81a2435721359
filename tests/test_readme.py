"""The code in the README runs as it stands."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
LEG = """
<mujoco>
  <option timestep="0.001"/>
  <worldbody><body pos="0 0 1"><joint name="knee" axis="0 1 0" damping="0.1"/>
    <geom type="capsule" fromto="0 0 0 0 0 -0.3" size="0.02"/></body></worldbody>
  <actuator><position name="knee" joint="knee" kp="2"/></actuator>
</mujoco>"""
ARM = """
<mujoco>
  <compiler angle="radian"/>
  <option timestep="0.001"/>
  <worldbody><site name="above" pos="0 0 0.25"/><site name="below" pos="0 0 -0.25"/>
    <body><joint name="elbow" axis="0 -1 0" range="-0.8 0.8" damping="0.5"/>
      <geom type="capsule" fromto="0 0 0 0.3 0 0" size="0.02" mass="1"/><site name="insertion" pos="0.04 0 0"/></body>
  </worldbody>
  <tendon>
    <spatial name="flexor"><site site="above"/><site site="insertion"/></spatial>
    <spatial name="extensor"><site site="below"/><site site="insertion"/></spatial>
  </tendon>
</mujoco>"""


def test_readme_code_runs_in_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("leg.xml").write_text(LEG)
    Path("arm.xml").write_text(ARM)
    names: dict = {}
    for block in BLOCKS:
        if "model = net.compile" in block:
            import numpy as np

            net = names["net"]
            net.add_input("stretch")
            names["x"], names["X"] = np.zeros(1), np.zeros((3, 1))
        exec(compile(block, "README.md", "exec"), names)
    assert names["recording"].potential.sel(neuron="extensor").size == 200
    assert names["spikes"].shape == (2000, 3) and names["spikes"].any()
    assert Path("brain.svg").read_text().startswith("<svg")
    assert names["loss"] < 2.0 and names["learned"].compile(1.0).run(30)[-1].mean() > 0
    names["env"].close()


@pytest.mark.parametrize("command", ["pip install -c constraints.txt . && sns-mujoco run hexapod --video hexapod.mp4"])
def test_readme_has_its_two_commands(command):
    text = (ROOT / "README.md").read_text()
    assert f"python3 -m venv .venv && . .venv/bin/activate && {command}" in text
    assert 'pip install -c constraints.txt -e ".[test]" && pytest' in text
