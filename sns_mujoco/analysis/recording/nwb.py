"""Recordings as NWB (Neurodata Without Borders): potentials, spikes, and everything else beside."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sns_mujoco.errors import MissingDependencyError, RecordingError
from sns_mujoco.files import check_output_path, written_whole

if TYPE_CHECKING:
    import xarray

START = datetime(1970, 1, 1, tzinfo=UTC)
"""NWB asks for a date, and simulated time has none."""


def export_nwb(recording: "xarray.Dataset", path: str | Path) -> Path:
    """Write a recording of one animal as NWB, whole or not at all.

    Membrane potentials are a time series in volts, [time, neuron], spikes are NWB's units with a spike time for each
    (those of one sample at its time), and every other variable is a time series of the processing module "behavior".
    The names of channels, which NWB's time series have no place for, stand in the description of each as JSON, and in
    the table "neurons" of the scratch space with their families. All attributes of the recording are its notes.

    Args:
        recording: The recording.
        path: A file ending in .nwb.

    Returns:
        The file.

    Raises:
        OutputPathError: It cannot be written there, or the name ends in something else.
        RecordingError: It is of several individuals.
        MissingDependencyError: pynwb is not installed.
    """
    place = check_output_path(path, (".nwb",))
    if "individual" in recording.dims:
        raise RecordingError(
            f"the recording is of {recording.sizes['individual']} individuals, and an NWB file is of one; give "
            "recording.isel(individual=0)"
        )
    try:
        from pynwb import NWBHDF5IO, NWBFile
    except ImportError as error:
        raise MissingDependencyError(
            "NWB files need pynwb; install it with pip install 'sns-mujoco[nwb]'"
        ) from error  # fmt: skip
    notes = json.dumps({str(name): value for name, value in recording.attrs.items()}, default=str)
    file: Any = NWBFile(
        session_description=f"simulation of {recording.attrs.get('animal', 'a model with a nervous system')}",
        identifier=_identifier(recording),
        session_start_time=START,
        notes=notes,
        source_script_file_name="sns-mujoco",
        source_script=f"sns-mujoco {recording.attrs.get('sns_mujoco_version', '')}",
    )
    module: Any = None
    for name, variable in recording.data_vars.items():
        if not variable.size:
            continue
        if name == "potential":
            file.add_acquisition(_series(variable, "membrane_potential", "volts", 1e-3))
        elif name == "spikes":
            _add_units(file, variable)
        else:
            if module is None:
                module = file.create_processing_module("behavior", "what the body and its sensors did")
            module.add(_series(variable, str(name), variable.attrs.get("units", "1"), 1.0))
    _add_neurons(file, recording)
    opened: Any = NWBHDF5IO
    with written_whole(place) as temporary, opened(str(temporary), "w") as out:
        out.write(file)
    return place


def _series(variable: "xarray.DataArray", name: str, unit: str, factor: float) -> Any:
    from pynwb import TimeSeries

    time = str(variable.dims[0])
    channels = {str(d): variable[d].values.tolist() for d in variable.dims[1:]}
    return TimeSeries(
        name=name,
        data=variable.values * factor,
        unit=unit,
        timestamps=variable[time].values,
        description=json.dumps({"long_name": variable.attrs.get("long_name", name), "channels": channels}),
    )


def _add_units(file: Any, spikes: "xarray.DataArray") -> None:
    file.add_unit_column("neuron", "name of the neuron")
    times = spikes[spikes.dims[0]].values
    for k, neuron in enumerate(spikes["spiking_neuron"].values.tolist()):
        counts = np.nan_to_num(spikes.values[:, k]).astype(int)
        file.add_unit(spike_times=np.repeat(times, counts), neuron=neuron)


def _add_neurons(file: Any, recording: "xarray.Dataset") -> None:
    from hdmf.common import DynamicTable, VectorData

    if not recording.sizes.get("neuron"):
        return
    names = recording["neuron"].values.tolist()
    families = recording["family"].values.tolist() if "family" in recording.coords else [""] * len(names)
    columns = [
        VectorData(name="neuron", description="name, in the order of membrane_potential", data=names),
        VectorData(name="family", description="what it belongs to", data=families),
    ]
    file.add_scratch(DynamicTable(name="neurons", description="the neurons recorded", columns=columns))


def _identifier(recording: "xarray.Dataset") -> str:
    told = json.dumps({str(name): value for name, value in recording.attrs.items()}, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()
