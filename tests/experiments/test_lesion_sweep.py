"""Lesion sweeps: what is cut, what it costs, and that the intact animal is the animal."""

import numpy as np
import pytest
from sns_mujoco.models import load

from sns_mujoco import Population
from sns_mujoco.analysis import figures
from sns_mujoco.errors import UnknownNameError
from sns_mujoco.experiments import LesionSweep, lesion_sweep
from sns_mujoco.experiments.lesions import _ranked, lesions_of
from sns_mujoco.experiments.measures import MEASURES
from sns_mujoco.experiments.setting import Setting
from sns_mujoco.experiments.signals import bursts, levels_of

JOINT = {"terrain": "ground", "seconds": 3.0, "settle": 1.0, "threads": 1}


def test_rhythm_dies_without_its_drive_and_the_sweep_ranks_that_first():
    cuts = ["drive->flexor RG", "flexor Ib->flexor Ib interneuron", "extensor Ib->extensor RG"]
    result = lesion_sweep("antagonist_joint", cuts, seeds=[3, 4], **JOINT)
    assert result.rank_by == "frequency"
    assert result.lesion[0] == "drive->flexor RG"
    assert set(result.lesion) == set(cuts)
    assert result.of("frequency")[0] == 0.0
    assert (result.of("frequency")[1:] > 1.0).all()
    assert np.isfinite(result.margin[0, 0])
    assert np.isfinite(result.q).all()

    kept = result.to_dataset()
    assert kept["frequency"].dims == ("synapse",)
    assert kept["frequency"].attrs["intact"] == pytest.approx(result.intact[0].mean())
    assert [row["lesion"] for row in result.table()] == ["(intact)", *result.lesion]
    assert result.summary().splitlines()[1].startswith("1. drive->flexor RG: -1.2")
    first = result.plot().axes[0]
    assert [label.get_text() for label in first.get_yticklabels()] == list(result.lesion)
    assert np.asarray(first.collections[-1].get_offsets())[:, 0] == pytest.approx(result.of("frequency"))
    assert figures.lesion_table(kept).axes  # takes the dataset as it is


def test_threads_change_nothing():
    one, two = (
        lesion_sweep("antagonist_joint", ["drive->flexor RG", "flexor II->flexor RG"], terrain="ground", seeds=2,
                     seconds=1.0, settle=0.3, threads=threads)
        for threads in (1, 2)
    )  # fmt: skip
    assert np.array_equal(one.values, two.values, equal_nan=True)
    assert one.lesion == two.lesion


def test_a_cut_is_that_of_an_animal_alone():
    """The same life, stepped alone with the conductance set to nothing at the same moment."""
    cut = "flexor Ia interneuron->extensor motor"
    result = lesion_sweep("antagonist_joint", cut, measures=["frequency"], seeds=[2], **JOINT)
    population = Population("antagonist_joint", 1, terrain="ground", seeds=[2])
    population.commands["drive"] = 0.8
    population.step(1000)
    population["g_max", cut] = 0.0
    simulation = population.simulation(0)
    recording = simulation.record(3.0, rate=500.0, channels=["potential:flexor RG"])
    signal = recording["potential"].sel(neuron="flexor RG").values
    periods = bursts(recording["time"].values, signal, levels_of(signal)).periods
    assert result.values[0, 0, 0] == pytest.approx(1.0 / periods.mean(), rel=1e-3)
    assert result.values[0, 0, 0] < 0.98 * result.intact[0, 0]


def test_intact_life_is_that_of_the_animal_alone():
    result = lesion_sweep("antagonist_joint", "drive->flexor RG", measures=["frequency"], seeds=[5], **JOINT)
    simulation = load("antagonist_joint").simulation(terrain="ground", seed=5)
    simulation.commands["drive"] = 0.8
    simulation.run(1.0)
    recording = simulation.record(3.0, rate=500.0)
    signal = recording["potential"].sel(neuron="flexor RG").values
    periods = bursts(recording["time"].values, signal, levels_of(signal)).periods
    assert result.intact[0, 0] == pytest.approx(1.0 / periods.mean(), rel=1e-3)


def test_lesions_by_name_cut_all_that_their_patterns_match():
    setting = Setting.of("hexapod", settle=1.0, seeds=1)
    assert lesions_of(setting, "L1 load->*") == {
        name: [name] for name in setting.animal.network().connection_names if name.startswith("L1 load->")
    }
    cuts = lesions_of(setting, {"load": ["L1 load->*", "R1 load->*"], "one": "drive->standing"})
    assert len(cuts["load"]) == 2 * len(lesions_of(setting, "L1 load->*"))
    assert cuts["one"] == ["drive->standing"]
    with pytest.raises(UnknownNameError, match="drive->standing"):
        lesions_of(setting, "drive->standin")


def test_legs_that_cannot_be_lifted_cost_speed():
    result = lesion_sweep(
        "hexapod", {"no lift": "?? lift->?? levator", "nothing much": "turn left->L1 trigger"}, seconds=1.0,
        settle=0.8, seeds=1, threads=1,
    )  # fmt: skip
    assert result.rank_by == "speed"
    assert result.lesion[0] == "no lift"
    speed = result.of("speed")
    assert speed[0] < 0.5 * result.intact[0, 0]
    assert speed[1] == pytest.approx(result.intact[0, 0], rel=0.05)


def test_measure_to_rank_by_is_measured_and_known():
    result = lesion_sweep(
        "antagonist_joint", "drive->flexor RG", measures=["frequency"], rank_by="variation", seeds=1, terrain="ground",
        seconds=0.2, settle=0.1,
    )  # fmt: skip
    assert [m.name for m in result.measures] == ["frequency", "variation"]
    with pytest.raises(UnknownNameError, match="frequency"):
        lesion_sweep("antagonist_joint", "drive->flexor RG", rank_by="frequence", seeds=1)


def test_turning_is_ranked_to_either_side_and_numbers_are_told_whole():
    chosen = (MEASURES["turning"], MEASURES["coherence"])
    intact = np.array([[0.0], [0.811]])
    values = np.array([[[5.0], [0.8]], [[-30.0], [0.7]], [[20.0], [0.9]]])
    assert _ranked(chosen, "turning", intact, values).tolist() == [1, 2, 0]
    assert _ranked(chosen, "coherence", intact, values).tolist() == [1, 0, 2]
    sweep = LesionSweep(
        config={"seeds": [0]}, lesion=("a", "b", "c"), measures=chosen, intact=intact, values=values,
        rank_by="coherence", failed=np.zeros(3),
    )  # fmt: skip
    assert sweep.summary().splitlines()[0].endswith("intact 0.811")
