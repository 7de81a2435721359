"""Step 7. A whole animal walks: it is recorded like an experiment, and its gait is measured.

The cockroach of this repository walks under some 160 neurons in response to one descending drive. Its recording has a
name and a unit for every channel.
Run: `python examples/step_07_walking.py --plot step_07.png` (extra `plots` for the picture).
"""

import argparse

from sns_mujoco.models import load

from sns_mujoco.analysis import figures
from sns_mujoco.analysis.gait import gait_report

parser = argparse.ArgumentParser()
parser.add_argument("--plot", help="where to draw its stance diagram: .png, .svg or .pdf")
given = parser.parse_args()

animal = load("hexapod")  # or "rat_hindlimbs", "quadruped", "antagonist_joint", a file, an Animal of your own
simulation = animal.simulation(seed=1)
simulation.commands["drive"] = 0.8
simulation.run(1.0)  # s, until it walks steadily
recording = simulation.record(3.0, rate=500.0)  # an xarray.Dataset

print(f"{len(recording.data_vars)} groups of channels, such as {recording.potential.attrs['long_name']} of "
      f"{recording.sizes['neuron']} neurons in {recording.potential.attrs['units']}")  # fmt: skip
report = gait_report(recording, animal)
print(report)

if given.plot:
    figures.stance_diagram(recording, animal, window=(2.0, 3.0), path=given.plot)
