"""Step 6. Muscles and reflexes: two muscles, their spindles, and the circuit of a spinal segment make a joint stiff.

A weight is hung on a forearm whose muscles are a little active. The arm yields and stretches the muscle that carries
the weight; the spindles of that muscle excite its motor neuron, and it pulls back.
Run: `python examples/step_06_muscles_and_reflexes.py --plot step_06.png` (extra `plots` for the picture).
"""

import argparse

import numpy as np

from sns_mujoco import Simulation, attach
from sns_mujoco.adapters import Command, GolgiTendonOrgan, MotorNeuron, SpindleIa
from sns_mujoco.analysis import figures
from sns_mujoco.muscles import HillMuscle, add_muscles
from sns_mujoco.network.subnetworks import AntagonistNetwork

parser = argparse.ArgumentParser()
parser.add_argument("--plot", help="where to draw what happens: .png, .svg or .pdf")
given = parser.parse_args()
FOREARM = """
<mujoco model="forearm">
  <compiler angle="radian"/>
  <option timestep="0.001" gravity="0 0 0"/>
  <worldbody>
    <site name="above" pos="0 0 0.25"/>
    <site name="below" pos="0 0 -0.25"/>
    <body name="forearm">
      <joint name="elbow" axis="0 -1 0" range="-0.8 0.8" damping="0.5"/>
      <geom type="capsule" fromto="0 0 0 0.3 0 0" size="0.02" mass="1"/>
      <site name="insertion" pos="0.04 0 0"/>
    </body>
  </worldbody>
  <tendon>
    <spatial name="flexor"><site site="above"/><site site="insertion"/></spatial>
    <spatial name="extensor"><site site="below"/><site site="insertion"/></spatial>
  </tendon>
</mujoco>"""
MUSCLES = ("flexor", "extensor")


def arm(stretch: float) -> Simulation:
    """An arm; `stretch` is the gain from spindles to motor neurons, 0 for no reflex."""
    fibres = {"force": 400.0, "optimal_length": 0.12, "tendon_slack_length": 0.133}  # N, m, m
    body = add_muscles(FOREARM, [HillMuscle(name=m, tendon=m, **fibres) for m in MUSCLES])
    # the nervous system: stretch reflex, reciprocal and recurrent inhibition, tendon organs
    network = AntagonistNetwork(MUSCLES, stretch=stretch, autogenic=0.3)
    adapters = []
    for m in MUSCLES:
        adapters += [
            Command("tone", to=f"{m} drive", range=(0, 1)),
            MotorNeuron(f"{m} motor", drives=m, delay=3.0),  # ms
            SpindleIa(m, to=f"{m} Ia", range=(82, 242), delay=3.0),  # imp/s; Prochazka & Gorassini 1998
            GolgiTendonOrgan(m, to=f"{m} Ib", delay=3.0),
        ]
    return Simulation(attach(body, network, adapters, dt=0.5))


yields, angles = {}, {}
for name, stretch in (("with the reflex", 1.0), ("without it", 0.0)):
    simulation = arm(stretch)
    simulation.commands["tone"] = 0.3
    simulation.run(1.0)
    simulation.data.qfrc_applied[0] = -0.3 * 5.0  # N m: 5 N at the hand
    recording = simulation.record(2.0, rate=100)
    angle = angles[name] = np.degrees(recording.joint_position.sel(joint="elbow"))
    motor = recording.potential.sel(neuron="flexor motor")
    yields[name] = float(angle[0] - angle[-50:].mean())
    motor = f"{float(motor[0]):.1f} to {float(motor[-50:].mean()):.1f} mV"
    print(f"{name} the arm yields by {yields[name]:.1f} degrees; the flexor's motor neuron goes from {motor}")

if given.plot:
    with figures.style():
        fig, axes = figures.canvas(width=120, height=60)
        for name, angle in angles.items():
            axes[0, 0].plot(angle.time - 1.0, angle, label=name)
        axes[0, 0].set(xlabel="time since the weight was hung, s", ylabel="elbow, degrees")
        axes[0, 0].legend()
    figures.save(fig, given.plot)
