"""An animal of your own for the command line: two legs that step along a rail.

Run `python examples/own_animal.py`, or `sns-mujoco run examples/own_animal.py:STROLLER --video stroller.mp4`, and
likewise `show`, `view`, `doctor`, `verify`, `experiment`; in Python `sns_mujoco.models.load("own_animal.py:STROLLER")`.
"""

import mujoco
from sns_mujoco.models import Animal, Foot, Readout, View

from sns_mujoco import Network, NonSpikingNeuron, NonSpikingNeuronWithPersistentSodiumChannel, NonSpikingSynapse
from sns_mujoco.adapters import AntagonistPair, Command, JointAngle, MotorNeuron

LEG = """<body name="{side} thigh" pos="0 {y} 0"><joint name="{side} hip" axis="0 -1 0" range="-50 50"/>
  <geom type="capsule" fromto="0 0 0 0 0 -0.2" size="0.02" rgba="0.9 0.8 0.6 1"/>
  <body name="{side} shank" pos="0 0 -0.2"><joint name="{side} knee" axis="0 1 0" range="0 90"/>
    <geom type="capsule" fromto="0 0 0 0 0 -0.2" size="0.015" rgba="0.9 0.8 0.6 1"/>
    <geom type="sphere" pos="0 0 -0.2" size="0.03"/><site name="{side}" pos="0 0 -0.2" size="0.04"/></body></body>"""
BODY = """<mujoco model="stroller">
  <option timestep="0.001"/><default><joint damping="0.5"/><geom mass="0.2" friction="1.5"/></default>
  <asset><texture type="skybox" builtin="gradient" rgb1="0.6 0.7 0.8" rgb2="0.3 0.4 0.5" width="9" height="54"/>
    <texture name="tiles" type="2d" builtin="checker" rgb1="0.6 0.65 0.6" rgb2="0.5 0.55 0.55" width="64" height="64"/>
    <material name="tiles" texture="tiles" texrepeat="2 2" texuniform="true"/></asset>
  <worldbody><light directional="true" pos="0 0 3" dir="0.3 0.3 -1"/>
    <geom name="floor" type="plane" size="20 20 1" material="tiles"/>
    <body name="torso" pos="0 0 0.34"><joint type="slide" axis="1 0 0" damping="40"/>
      <geom type="capsule" fromto="-0.1 0 0 0.1 0 0" size="0.06" mass="1" rgba="0.8 0.4 0.3 1"/>{legs}</body>
  </worldbody><actuator>{motors}</actuator><sensor>{sensors}</sensor></mujoco>"""
SIDES = {"L": 0.08, "R": -0.08}  # m to the left


def body(terrain: str, seed: int) -> mujoco.MjSpec:
    """The body on its ground."""
    legs = "".join(LEG.format(side=side, y=y) for side, y in SIDES.items())
    motors = "".join(f'<position name="{s} {j}" joint="{s} {j}" kp="15"/>' for s in SIDES for j in ("hip", "knee"))
    loads = "".join(f'<touch name="{side} load" site="{side}"/>' for side in SIDES)
    return mujoco.MjSpec.from_string(BODY.format(legs=legs, motors=motors, sensors=loads))


def network() -> Network:
    """Two half-centres: one leg swings while the other stands."""
    net = Network("stroller")
    rhythmic = NonSpikingNeuronWithPersistentSodiumChannel(tau_max_h=350.0)
    for side, start in (("L", 20.0), ("R", 0.0)):
        net.add_neuron(rhythmic, f"{side} swing", initial_value=start)
        net.add_neuron(NonSpikingNeuron(), f"{side} motor")
        net.add_neuron(NonSpikingNeuron(), f"{side} stretch")
    for side, other in (("L", "R"), ("R", "L")):
        net.add_connection(NonSpikingSynapse(0.1716, -120.0), f"{side} swing", f"{other} swing")
        net.add_connection(NonSpikingSynapse(1.0, 40.0), f"{side} swing", f"{side} motor")
        net.add_connection(NonSpikingSynapse(0.02, -60.0), f"{side} stretch", f"{side} swing")
    return net


def adapters() -> list:
    """How they are connected."""
    found = []
    for side, other in (("L", "R"), ("R", "L")):
        found.append(JointAngle(f"{side} hip", to=f"{side} stretch", range=(0.2, 0.6)))
        found.append(Command("drive", to=f"{side} swing", range=(0, 1), gain=1.0))
        found.append(AntagonistPair(f"{side} motor", f"{other} motor", drives=f"{side} hip", range=(0, 20), gain=0.5))
        found.append(MotorNeuron(f"{side} motor", (0.0, 1.5), drives=f"{side} knee", range=(0, 20)))
    return found


STROLLER = Animal(
    name="stroller", summary="two legs on a rail, six neurons", length=0.4, body=body, terrains=("ground",),
    network=network, adapters=adapters, dt=0.5, commands={"drive": (0.0, 1.0)}, cruise={"drive": 0.5},
    readouts=tuple(Readout(neuron=f"{side} {name}", label=f"{side} {name}", family=side, range=(-8.0, 34.0))
                   for name in ("swing", "motor", "stretch") for side in SIDES),
    feet=tuple(Foot(name=side, sensor=f"{side} load") for side in SIDES), stance_load=1.0, lag_pairs=(("R", "L"),),
    torso="torso", view=View(azimuth=90.0, elevation=-8.0, distance=1.5), rhythm=("L swing", "R swing"),
)  # fmt: skip

if __name__ == "__main__":
    stroller = STROLLER.simulation()
    stroller.commands["drive"] = 0.5
    stroller.run(5.0)
    print(f"it went {(distance := STROLLER.whereabouts(stroller)[0]):.2f} m in 5 s")
