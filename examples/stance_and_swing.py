"""What feedback from muscles does to a rhythm: drive shortens stance and spares swing, but only with this feedback.

The antagonist joint steps on the ground at rising drives, whole and with its afferents cut off from the rhythm (after
Markin et al. 2010, Ann N Y Acad Sci 1198:21, and Spardy et al. 2011, J Neural Eng 8:065004).
Run: `python examples/stance_and_swing.py`.
"""

from sns_mujoco.models.antagonist_joint import ANIMAL
from sns_mujoco.models.antagonist_joint.measure import rhythm

from sns_mujoco import Simulation, attach

turns = {}
for feedback in (True, False):
    print("with feedback" if feedback else "without feedback")
    network = ANIMAL.network(feedback=feedback)
    simulation = Simulation(attach(ANIMAL.body("ground"), network, ANIMAL.adapters(), dt=ANIMAL.dt))
    for drive in (0.6, 0.8, 1.0):
        r = turns[feedback, drive] = rhythm(simulation, drive)
        print(f"  drive {drive:.1f}: extension {r.extension:.3f} s, flexion {r.flexion:.3f} s; "
              f"stance {r.stance:.3f} s, swing {r.swing:.3f} s")  # fmt: skip
