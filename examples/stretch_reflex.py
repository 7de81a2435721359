"""The stretch reflex: two muscles, their spindles, and the circuit of a spinal segment make a joint stiff.

A weight is hung on a forearm whose muscles are a little active. The arm yields and stretches the muscle that carries
the weight; the spindles of that muscle excite its motor neuron, and it pulls back.
Run: `python examples/stretch_reflex.py`.
"""

import numpy as np

from sns_mujoco import Simulation, attach
from sns_mujoco.adapters import Command, GolgiTendonOrgan, MotorNeuron, SpindleIa
from sns_mujoco.muscles import HillMuscle, add_muscles
from sns_mujoco.network.subnetworks import AntagonistNetwork

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
WEIGHT = 5.0  # N, at the hand


def arm(stretch: float) -> Simulation:
    """An arm; `stretch` is the gain from spindles to motor neurons, 0 for no reflex."""
    # the body: two muscles, each on a tendon of the skeleton
    muscles = [
        HillMuscle(name=m, tendon=m, force=400.0, optimal_length=0.12, tendon_slack_length=0.133) for m in MUSCLES
    ]
    body = add_muscles(FOREARM, muscles)
    # the nervous system: stretch reflex, reciprocal and recurrent inhibition, tendon organs
    network = AntagonistNetwork(MUSCLES, stretch=stretch, autogenic=0.3)
    # how they are connected: what excites the muscles, and what they feel
    adapters = []
    for m in MUSCLES:
        adapters += [
            Command("tone", to=f"{m} drive", range=(0, 1)),
            MotorNeuron(f"{m} motor", drives=m, delay=3.0),  # ms
            SpindleIa(m, to=f"{m} Ia", range=(82, 242), delay=3.0),  # imp/s; Prochazka & Gorassini 1998
            GolgiTendonOrgan(m, to=f"{m} Ib", delay=3.0),
        ]
    return Simulation(attach(body, network, adapters, dt=0.5))


yields = {}
for name, stretch in (("with the reflex", 1.0), ("without it", 0.0)):
    simulation = arm(stretch)
    simulation.commands["tone"] = 0.3
    simulation.run(1.0)
    simulation.data.qfrc_applied[0] = -0.3 * WEIGHT  # N m
    recording = simulation.record(2.0, rate=100)
    angle = np.degrees(recording.joint_position.sel(joint="elbow"))
    motor = recording.potential.sel(neuron="flexor motor")
    last = {"time": slice(-50, None)}  # half a second
    yields[name] = float(angle[0] - angle[last].mean())
    print(f"{name} the arm yields by {yields[name]:.1f} degrees; the flexor's motor neuron goes from "
          f"{float(motor[0]):.1f} to {float(motor[last].mean()):.1f} mV")  # fmt: skip
