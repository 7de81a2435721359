"""The rat's two-layer rhythm, disturbed: the rhythm generator keeps the clock, the pattern formation layer does not.

Rybak, Shevtsova, Lafreniere-Roula & McCrea 2006, J Physiol 577:617, and for this rat Deng et al. 2022, Biomimetics
7(4):226: a disturbance of the rhythm generator shifts the phase of all steps to come (a resetting deletion); one of the
pattern formation layer makes bursts fail, and those after come when they would have come (a non-resetting deletion).
"""

from functools import cache

import pytest
from sns_mujoco.models.rat_hindlimbs import NEURAL_STEP, adapters, body, nervous_system, start
from sns_mujoco.models.rat_hindlimbs.measure import Disturbance, disturb, walk

from sns_mujoco import Simulation, attach
from sns_mujoco.errors import UnknownNameError

PHASES = 3


@cache
def settled(*, commissures: bool = True) -> tuple[Simulation, float]:
    """The animal in the air after two seconds, and its period."""
    network = nervous_system(commissures=commissures)
    simulation = Simulation(attach(body("air"), network, adapters(), dt=NEURAL_STEP))
    start(simulation, 0)
    return simulation, walk(simulation, seconds=2.0).period


@cache
def pulses(half_centre: str) -> list[Disturbance]:
    simulation, period = settled()
    return [disturb(simulation, half_centre, at=k * period / PHASES, seconds=1.4) for k in range(PHASES)]


def test_a_pulse_to_the_rhythm_generator_resets_the_rhythm():
    shifts = [abs(found.shift) for found in pulses("L_RG_extensor")]
    assert max(shifts) > 0.3 and sorted(shifts)[1] > 0.05
    assert max(found.lost for found in pulses("L_RG_extensor")) > 20.0


@pytest.mark.parametrize("half_centre", ["L_PF_hip_extensor", "L_PF_distal_extensor"])
def test_a_pulse_to_the_pattern_formation_layer_deletes_bursts_but_keeps_the_rhythm(half_centre: str):
    found = pulses(half_centre)
    assert max(pulse.lost for pulse in found) > 20.0
    assert max(abs(pulse.shift) for pulse in found) < 0.12
    assert max(abs(pulse.shift) for pulse in found) < max(abs(pulse.shift) for pulse in pulses("L_RG_extensor")) / 3


def test_commissures_bring_the_legs_back_to_alternation():
    lags = []
    for commissures in (True, False):
        simulation, period = settled(commissures=commissures)
        origin = simulation.snapshot()
        simulation.commands["R_RG_extensor"] = -10.0
        simulation.run(0.4 * period)
        simulation.commands["R_RG_extensor"] = 0.0
        lags.append(walk(simulation, seconds=2.5, settling=1.8).lag)
        simulation.restore(origin)
    assert lags[0] == pytest.approx(0.5, abs=0.03)
    assert abs(lags[1] - 0.5) > 0.06


def test_a_disturbance_leaves_the_animal_as_it_was_and_needs_a_half_centre():
    simulation, _ = settled()
    simulation.commands["drive"] = 1.0
    before = simulation.snapshot().state.tobytes()
    disturb(simulation, "L_PF_distal_flexor", at=0.0, seconds=0.6)
    assert simulation.snapshot().state.tobytes() == before
    with pytest.raises(UnknownNameError, match="L_RG_extensor"):
        disturb(simulation, "L_RG_extensorr", at=0.0)
