"""CSV and NWB hold what the recording holds."""

import csv
import json
from importlib.util import find_spec

import numpy as np
import pytest
import xarray
from sns_mujoco.models import load

import sns_mujoco as sns
from sns_mujoco.analysis.recording import Recorder, export_csv, export_nwb
from sns_mujoco.errors import OutputPathError, RecordingError


@pytest.fixture(scope="module")
def recording() -> xarray.Dataset:
    return load("antagonist_joint").simulation().record(0.1, rate=250, rates={"muscle_*": 50})


def test_csv_has_every_number_with_all_its_digits(recording, tmp_path):
    main, slow = export_csv(recording, tmp_path / "limb.csv")
    assert slow.name == "limb_50Hz.csv"
    for place, time in ((main, "time"), (slow, "time_50Hz")):
        with place.open(newline="") as file:
            head, *rows = csv.reader(file)
        numbers = np.array(rows, float)
        assert head[0] == "time (s)" and len(set(head)) == len(head)
        np.testing.assert_array_equal(numbers[:, 0], recording[time])
        own = [v for v in recording.data_vars.values() if time in v.dims]
        whole = np.concatenate([v.values.reshape(len(numbers), -1) for v in own], axis=1)
        np.testing.assert_array_equal(numbers[:, 1:], whole)
    with main.open(newline="") as file:
        column = next(csv.reader(file)).index("potential[flexor motor] (mV)")
    assert column == 1 + recording.neuron.values.tolist().index("flexor motor")


def test_csv_of_a_population_names_the_individual(tmp_path):
    with sns.Population("antagonist_joint", 2, threads=1) as limbs:
        recorder = Recorder(limbs, rate=500, channels="joint_position")
        recorder.step(6)
        found = recorder.dataset()
    (place,) = export_csv(found, tmp_path / "limbs.csv")
    rows = np.loadtxt(place, delimiter=",", skiprows=1)
    assert rows[:, 0].tolist() == [0.0] * 3 + [1.0] * 3
    np.testing.assert_array_equal(rows[3:, 2:], found.joint_position[1])
    with pytest.raises(OutputPathError, match=r"may end in \.csv"):
        export_csv(found, tmp_path / "limbs.txt")


@pytest.mark.skipif(find_spec("pynwb") is None, reason="pynwb is not installed")
def test_nwb_holds_volts_spike_times_and_everything_else(recording, tmp_path):
    from pynwb import NWBHDF5IO, validate

    spikes = np.zeros((len(recording.time), 1))
    spikes[[3, 9], 0] = 1, 2
    told = (
        recording.drop_vars(["spikes", "spiking_neuron"])
        .assign(spikes=(("time", "spiking_neuron"), spikes))
        .assign_coords(spiking_neuron=["flexor motor"])
    )
    place = export_nwb(told, tmp_path / "limb.nwb")
    assert not validate(path=str(place))
    with NWBHDF5IO(str(place), "r") as opened:
        file = opened.read()
        series = file.acquisition["membrane_potential"]
        assert series.unit == "volts"
        np.testing.assert_allclose(series.data[:], recording.potential.values / 1e3, rtol=1e-15)
        np.testing.assert_array_equal(series.timestamps[:], recording.time)
        assert json.loads(series.description)["channels"]["neuron"] == recording.neuron.values.tolist()
        times = recording.time.values
        assert file.units["spike_times"][0].tolist() == [times[3], times[9], times[9]]
        length = file.processing["behavior"]["muscle_length"]
        np.testing.assert_array_equal(length.data[:], recording.muscle_length)
        assert length.unit == "m" and len(length.timestamps) == recording.sizes["time_50Hz"]
        assert file.scratch["neurons"]["family"][0] == recording.family.values[0]
        assert json.loads(file.notes)["animal"] == "antagonist_joint"


@pytest.mark.skipif(find_spec("pynwb") is None, reason="pynwb is not installed")
def test_nwb_is_of_one_individual(recording, tmp_path):
    with pytest.raises(RecordingError, match="of 2 individuals"):
        export_nwb(recording.expand_dims(individual=2), tmp_path / "limbs.nwb")
    assert not list(tmp_path.iterdir())
