"""Recordings: named channels with units over simulated time, as an `xarray.Dataset`.

Taken by a `Recorder`, of one animal or of a population, into memory or straight into a file; kept as NetCDF or Zarr
and loaded back equal; exported as CSV or NWB.

Potentials, joints, commands, and tensions and activations of muscles are those at the time of the sample. Sensors,
afferents, forces, poses of bodies, and lengths and velocities of muscles are those of the physics step that led to it,
as everywhere in MuJoCo: reading them anew would disturb the simulation.
"""

from sns_mujoco.analysis.recording.nwb import export_nwb
from sns_mujoco.analysis.recording.recorder import Recorder
from sns_mujoco.analysis.recording.storage import load, save
from sns_mujoco.analysis.recording.tables import export_csv

__all__ = ["Recorder", "export_csv", "export_nwb", "load", "save"]
