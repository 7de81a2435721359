"""Phase responses and deletions: shifts that are known, stimuli that do nothing, and the two layers of the rat."""

import numpy as np
import pytest

from sns_mujoco.errors import ExperimentError, UnknownNameError
from sns_mujoco.experiments import PhaseResponse, deletions, phase_response
from sns_mujoco.experiments.perturbing import Cycles, as_protocol, checked_phases
from sns_mujoco.protocols import CurrentClamp, Protocol

JOINT = {"terrain": "ground", "seconds": 6.5, "settle": 1.0, "threads": 1}


def cycles(period: float = 0.5) -> Cycles:
    return Cycles(onsets=np.arange(2.0, 8.0, period), levels=(-1.0, 1.0), period=period, spread=0.0)


@pytest.mark.parametrize("shift", [0.0, 0.2, -0.3, 0.45])
def test_shifted_onsets_tell_the_shift(shift: float):
    own = cycles()
    after = own.onsets[own.onsets > 3.2] - shift * own.period
    assert own.resets(after, 3.2, 3) == pytest.approx([shift] * 3)
    assert own.shift(after) == pytest.approx(shift)


def test_lost_burst_leaves_the_lasting_shift():
    own = cycles()
    after = own.onsets[own.onsets > 3.2][1:]  # the first one is missing
    assert own.resets(after, 3.2, 2) == pytest.approx([-1.0, -1.0])
    assert own.shift(after) == pytest.approx(0.0, abs=1e-12)


def test_rhythm_that_stops_has_no_shift():
    own = cycles()
    assert np.isnan(own.shift(own.onsets[(own.onsets > 3.2) & (own.onsets < 5.0)]))
    assert np.isnan(own.shift(np.empty(0)))


def response(shift: np.ndarray, phase: np.ndarray | None = None) -> PhaseResponse:
    phase = checked_phases(len(shift)) if phase is None else phase
    one = np.ones(1)
    return PhaseResponse(
        config={"seeds": [0]}, stimulus=Protocol([CurrentClamp("a", 1.0, stop=0.1)]), reference="a", phase=phase,
        shift=shift[:, None], reset=np.repeat(shift[:, None, None], 3, axis=2), period=one, variation=0.01 * one,
        fell=np.zeros((len(shift), 1), bool),
    )  # fmt: skip


def test_resetting_is_weak_strong_or_unclear():
    phase = checked_phases(16)
    assert response(0.1 * np.sin(2 * np.pi * phase)).winding == 1
    assert response(0.5 - (phase + 0.1 * np.sin(2 * np.pi * phase)) % 1.0).winding == 0
    assert response(np.where(phase < 0.5, 0.0, 0.45)).winding is None
    assert response(np.where(phase < 0.5, 0.0, np.nan)).winding is None
    assert "strong" in response(0.5 - phase).summary()


@pytest.mark.parametrize("places", [[0.5], [0.0, 0.1, 0.2, 0.3]])
def test_phases_of_a_part_of_the_cycle_tell_no_kind_of_resetting(places: list[float]):
    part = response(np.zeros(len(places)), np.array(places))
    assert part.winding is None
    assert "too far apart to tell the type" in part.summary()


def test_figure_shows_the_curve_and_the_new_phases():
    shift = 0.1 * np.sin(2 * np.pi * checked_phases(16))
    left, right = response(shift).plot().axes
    drawn = next(line for line in left.lines if line.get_label() == "lasting")
    assert drawn.get_ydata() == pytest.approx(shift)
    drawn_phases = [np.asarray(line.get_ydata()) for line in right.lines]
    assert any(len(phases) == 16 and np.allclose(phases, checked_phases(16) + shift) for phases in drawn_phases)


def test_stimulus_of_nothing_shifts_nothing():
    result = phase_response("antagonist_joint", CurrentClamp("flexor RG", 0.0, stop=0.05), phases=[0.3], **JOINT)
    assert np.abs(result.reset).max() < 1e-9
    assert np.abs(result.shift).max() < 1e-9


def test_current_before_its_burst_advances_a_half_centre():
    stimulus = CurrentClamp("flexor RG", 20.0, stop=0.1)
    result = phase_response("antagonist_joint", stimulus, phases=[0.4, 0.75, 0.95], **JOINT)
    assert abs(result.shift[0, 0]) < 0.05
    assert 0.15 < result.shift[2 - 1, 0] < 0.35
    assert 0.0 < result.shift[2, 0] < result.shift[1, 0]
    assert result.period[0] == pytest.approx(0.547 + 0.266, abs=0.01)  # README.md of the joint
    assert not result.fell.any()


def test_rhythm_generator_resets_and_pattern_formation_does_not():
    """The two kinds of deletion of the rat's two layers (Rybak et al. 2006, J Physiol 577:617)."""
    result = deletions(
        "rat_hindlimbs", ["L_RG_flexor", "L_PF_hip_flexor"], phases=[0.55, 0.75], terrain="air", seconds=2.0,
        settle=1.0, commands={"drive": 1.0}, threads=1,
    )  # fmt: skip
    assert result.verdict == ("resetting", "non-resetting")
    first, second = result.table()
    assert first["shift_after_deletion_cycles"] > 0.2 > 0.05 > second["shift_after_deletion_cycles"]
    assert "L_MN_hip_flexor" in second["most_lost"]
    assert "resetting: L_RG_flexor" in result.summary()
    left = result.plot().axes[0]
    dots = [line for line in left.lines if line.get_marker() == "o"]
    assert len(dots) == result.deleted.any(axis=2).sum()


@pytest.mark.parametrize(
    ("stimulus", "told"),
    [
        (CurrentClamp("flexor RG", 1.0), "never stops"),
        (CurrentClamp("flexor RG", 1.0, start=1.0, stop=2.0), "starts at 0"),
        (Protocol(), "give an item"),
        ("flexor RG", "give an item"),
    ],
)
def test_stimuli_that_are_none_are_refused(stimulus: object, told: str):
    with pytest.raises(ExperimentError, match=told):
        as_protocol(stimulus)  # type: ignore[arg-type]


@pytest.mark.parametrize("phases", [0, -3, [1.0], [], [-0.1], True])
def test_phases_that_are_none_are_refused(phases: object):
    with pytest.raises(ValueError, match="phases are"):
        checked_phases(phases)  # type: ignore[arg-type]


def test_too_little_time_and_no_rhythm_are_told():
    stimulus = CurrentClamp("flexor RG", 1.0, stop=0.05)
    with pytest.raises(ExperimentError, match="too short.*seconds="):
        phase_response("antagonist_joint", stimulus, terrain="ground", seconds=3.5, settle=1.0, threads=1)
    with pytest.raises(ExperimentError, match="choose others"):
        phase_response("antagonist_joint", stimulus, seconds=1.0, settle=0.1, commands={"drive": 0.0}, threads=1)
    with pytest.raises(UnknownNameError, match="flexor RG"):
        phase_response("antagonist_joint", stimulus, reference="flexor RX")
    with pytest.raises(UnknownNameError, match="flexor RG"):
        deletions("antagonist_joint", "flexor RX")
