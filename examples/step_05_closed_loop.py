"""Step 5. A closed loop: a leg of one joint swings under its own nervous system.

A half-centre oscillator of two neurons drives the joint to and fro; the joint's angle inhibits the active half near the
end of its range, so the body takes part in its own rhythm. Run:
`python examples/step_05_closed_loop.py --plot step_05.png` (extra `plots` for the picture).
"""

import argparse

import numpy as np

from sns_mujoco import (
    Network,
    NonSpikingNeuron,
    NonSpikingNeuronWithPersistentSodiumChannel,
    NonSpikingSynapse,
    Simulation,
    attach,
)
from sns_mujoco.adapters import AntagonistPair, Command, JointAngle
from sns_mujoco.analysis import figures

parser = argparse.ArgumentParser()
parser.add_argument("--plot", help="where to draw what happens: .png, .svg or .pdf")
given = parser.parse_args()

LEG = """
<mujoco model="one-joint leg">
  <compiler angle="radian"/>
  <option timestep="0.001"/>
  <worldbody>
    <body pos="0 0 1">
      <joint name="hip" axis="0 1 0" range="-1.2 1.2" damping="0.5"/>
      <geom type="capsule" fromto="0 0 0 0 0 -0.4" size="0.02" mass="0.5"/>
    </body>
  </worldbody>
  <actuator><position name="hip" joint="hip" kp="8" ctrlrange="-1 1"/></actuator>
</mujoco>"""

# the nervous system
net = Network("one-joint leg")
for side, start in (("flexor", 20.0), ("extensor", 0.0)):
    half_centre = NonSpikingNeuronWithPersistentSodiumChannel(tau_max_h=250.0)
    net.add_neuron(half_centre, f"{side} half-centre", initial_value=start)
    net.add_neuron(NonSpikingNeuron(), f"{side} motor")
    net.add_neuron(NonSpikingNeuron(), f"{side} stretch")
for side, other in (("flexor", "extensor"), ("extensor", "flexor")):
    inhibition = NonSpikingSynapse(0.1716, -120.0)  # delta = 0.1 mV: oscillates (Szczecinski, Hunt & Quinn 2017)
    net.add_connection(inhibition, f"{side} half-centre", f"{other} half-centre")
    net.add_connection(NonSpikingSynapse(1.0, 40.0), f"{side} half-centre", f"{side} motor")
    net.add_connection(NonSpikingSynapse(0.02, -60.0), f"{side} stretch", f"{side} half-centre")

# how it is connected to the body
adapters = [
    JointAngle("hip", to="flexor stretch", range=(0.3, 0.8)),
    JointAngle("hip", to="extensor stretch", range=(-0.3, -0.8)),
    Command("drive", to="flexor half-centre", range=(0, 1), gain=1.0),
    Command("drive", to="extensor half-centre", range=(0, 1), gain=1.0),
    AntagonistPair("flexor motor", "extensor motor", drives="hip", range=(0, 20), gain=0.7),
]
simulation = Simulation(attach(LEG, net, adapters, dt=0.5))
simulation.commands["drive"] = 0.5
recording = simulation.record(8.0, rate=100)

angle = recording.joint_position.sel(joint="hip")
crossings = np.flatnonzero((angle[:-1].values < 0) & (angle[1:].values >= 0))
period = np.diff(angle.time[crossings]).mean()
print(f"the leg swings from {float(angle.min()):.2f} to {float(angle.max()):.2f} rad with a period of {period:.2f} s")

if given.plot:
    shown = ["joint_position:hip", "* half-centre", "* stretch"]
    figures.traces(recording, channels=shown, window=(4.0, 8.0), path=given.plot)
