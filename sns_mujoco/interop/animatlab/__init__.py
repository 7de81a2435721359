r"""AnimatLab projects: their bodies, networks and adapters, read into ours.

    project = animatlab.read("rat_Standalone.asim")
    print(project, project.report, sep="\n")
    sim = project.simulation()
    sim.run(5.0)
    project.write("rat")          # body.xml, network.json, run.py ...: a folder that runs by itself

What cannot be represented is listed in the report, item by item; nothing is dropped in silence.
"""

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.project import AnimatLabProject, read
from sns_mujoco.interop.animatlab.report import Entry, Report
from sns_mujoco.interop.animatlab.stimuli import Stimulus

__all__ = ["AnimatLabError", "AnimatLabProject", "Entry", "Report", "Stimulus", "read"]
