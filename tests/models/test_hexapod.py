"""The hexapod: a sound body, a mirrored nervous system, and walking as its issue asks."""

import mujoco
import numpy as np
import pytest
from sns_mujoco.models import load
from sns_mujoco.models.hexapod import ANIMAL, NEURAL_STEP, adapters, body, nervous_system, start
from sns_mujoco.models.hexapod.anatomy import BODY_LENGTH, BODY_MASS, LEG_TYPES, LEGS, STANDING_HEIGHT, stance_lines
from sns_mujoco.models.hexapod.measure import STANCE_LOAD, Walk, walk

from sns_mujoco import Simulation, attach
from sns_mujoco.errors import UnknownNameError


@pytest.fixture(scope="module")
def animal() -> Simulation:
    return Simulation(attach(body(), nervous_system(), adapters(), dt=NEURAL_STEP))


def run(animal: Simulation, *, seed: int = 0, seconds: float = 5.0, drive: float = 1.0, turn: float = 0.0) -> Walk:
    start(animal, seed)
    return walk(animal, seconds=seconds, drive=drive, turn=turn)


def test_body_has_the_size_and_mass_of_the_animal():
    model = body().compile()
    assert model.body("torso").subtreemass[0] == pytest.approx(BODY_MASS * 1e-3, rel=1e-6)
    assert model.njnt == 19 and model.nu == 18 and model.nsensor == 6
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, model.key("stand").id)
    mujoco.mj_forward(model, data)
    assert abs(data.subtree_com[1][:2]).max() < 2e-3
    solid = [g for g in range(model.ngeom) if "antenna" not in model.geom(g).name and model.geom_bodyid[g] == 1]
    ends = [data.geom_xpos[g][0] + s * model.geom_rbound[g] for g in solid for s in (-1, 1)]
    assert (max(ends) - min(ends)) * 1e3 == pytest.approx(BODY_LENGTH, rel=0.12)


def test_joints_move_as_far_as_their_servos_are_told():
    model = body().compile()
    np.testing.assert_allclose(model.jnt_range[1:], model.actuator_ctrlrange)


def test_body_is_its_own_mirror_image():
    model = body().compile()
    for pair in LEG_TYPES:
        for part in ("coxa", "femur", "tibia"):
            left, right = (model.joint(f"{side}{pair}_{part}") for side in "LR")
            assert left.range == pytest.approx(right.range)
            assert model.body(f"L{pair}_{part}").mass == pytest.approx(model.body(f"R{pair}_{part}").mass)
    data = mujoco.MjData(model)
    data.qpos[2], data.qpos[3] = STANDING_HEIGHT * 1e-3, 1.0
    data.qpos[7:16] = data.qpos[16:25] = np.linspace(-0.4, 0.4, 9)
    mujoco.mj_forward(model, data)
    for pair in LEG_TYPES:
        left, right = data.site(f"L{pair}_foot").xpos, data.site(f"R{pair}_foot").xpos
        assert left * (1, -1, 1) == pytest.approx(right, abs=1e-9)


def test_stance_lines_move_the_foot_straight_and_level():
    model = body().compile()
    data = mujoco.MjData(model)
    for pair, leg in LEG_TYPES.items():
        forward, backward = stance_lines(leg, 9.0)
        feet = []
        for place in np.linspace(-0.7, 0.7, 15):
            angles = forward * max(place, 0.0) + backward * max(-place, 0.0)
            mujoco.mj_resetDataKeyframe(model, data, 0)
            for joint, angle in zip(("coxa", "femur", "tibia"), angles, strict=True):
                data.joint(f"L{pair}_{joint}").qpos[0] = angle
            mujoco.mj_kinematics(model, data)
            feet.append(data.site(f"L{pair}_foot").xpos * 1e3 - (9.0 * place, 0, 0))
        assert np.ptp(feet, axis=0)[0] < 1.0 and np.ptp(feet, axis=0)[1] < 0.8 and np.ptp(feet, axis=0)[2] < 0.1


def test_rough_ground_has_peaks_of_a_quarter_of_the_standing_height_and_follows_its_seed():
    first, again, other = (body("rough", seed).compile() for seed in (1, 1, 2))
    assert first.hfield_size[0][2] == pytest.approx(STANDING_HEIGHT * 1e-3 / 4)
    assert first.hfield_data.min() == 0.0 and first.hfield_data.max() == 1.0
    assert np.array_equal(first.hfield_data, again.hfield_data)
    assert not np.array_equal(first.hfield_data, other.hfield_data)
    with pytest.raises(ValueError, match="'flat' or 'rough'"):
        body("hilly")


def test_network_is_large_enough_and_mirrored():
    net = nervous_system()
    names = [population.name for population in net.populations]
    assert len(names) >= 100 and len(set(names)) == len(names)
    swapped = {name: name.translate(str.maketrans("LR", "RL")) if name[:2] in LEGS else name for name in names}
    swapped |= {"turn left": "turn right", "turn right": "turn left"}
    synapses = {
        (
            names[c.source],
            names[c.destination],
            c.kind.max_conductance,
            c.kind.reversal_potential,
            c.kind.e_lo,
            c.kind.e_hi,
        )
        for c in net.connections
    }
    assert {(swapped[a], swapped[b], *rest) for a, b, *rest in synapses} == synapses


def test_lesion_takes_away_the_load_and_nothing_else():
    intact, lesioned = nervous_system(), nervous_system(load_feedback=False)
    names = [population.name for population in intact.populations]

    def pairs(net):
        return [(names[c.source], names[c.destination]) for c in net.connections]

    gone = [pair for pair in pairs(intact) if pair not in pairs(lesioned)]
    assert gone and all(source.endswith(" load") for source, _ in gone)
    assert not any(source.endswith(" load") for source, _ in pairs(lesioned))


def test_stands_still_without_drive(animal):
    standing = run(animal, seconds=4.0, drive=0.0)
    assert standing.speed < 0.005 and standing.heave < 0.01 and not standing.fallen
    assert sum(standing.gait.strides.values()) == 0


@pytest.mark.parametrize("seed", [0, 7])
def test_walks_in_an_alternating_tripod_at_full_drive(animal, seed):
    fast = run(animal, seed=seed)
    assert fast.speed > 1.5 and not fast.fallen
    assert fast.lag_error < 0.1 and min(fast.gait.coherence.values()) > 0.9
    assert abs(fast.turning) < 5.0 and fast.tilt < 2.0


def test_speed_rises_and_duty_factor_falls_with_drive_while_swing_keeps_its_duration(animal):
    # a mean over seeds: at a middling drive the gait, and with it the duty factor, depends on the start
    lives = [[run(animal, drive=drive, seed=seed) for seed in range(3)] for drive in (0.2, 0.5, 1.0)]
    speed, duty, swing = (
        np.array([np.mean([measure(walk) for walk in walks]) for walks in lives])
        for measure in (lambda w: w.speed, lambda w: w.gait.duty_factor, lambda w: w.gait.swing)
    )
    assert np.all(np.diff(speed) > 0.4)
    assert np.all(np.diff(duty) < -0.05), duty
    assert np.ptp(swing) < 0.05


def test_turns_both_ways_alike(animal):
    left, right = (run(animal, turn=turn) for turn in (1.0, -1.0))
    assert left.turning > 30.0 and right.turning < -30.0
    assert left.turning == pytest.approx(-right.turning, rel=0.15)
    assert not left.fallen and not right.fallen


def test_walks_on_over_rough_ground_and_does_worse_without_load_feedback():
    def last_speed(seed: int, *, load_feedback: bool) -> float:
        network = nervous_system(load_feedback=load_feedback)
        simulation = Simulation(attach(body("rough", seed), network, adapters(), dt=NEURAL_STEP))
        rough = run(simulation, seed=seed, seconds=6.0)
        assert not rough.fallen
        return rough.last_speed

    # means over grounds and seeds: on a single one, luck decides
    whole, lesioned = (np.mean([last_speed(s, load_feedback=feedback) for s in range(8)]) for feedback in (True, False))
    assert whole > max(1.5, 1.07 * lesioned)


def test_lesion_disturbs_the_gait_on_flat_ground(animal):
    lesioned = Simulation(attach(body(), nervous_system(load_feedback=False), adapters(), dt=NEURAL_STEP))
    intact, without = run(animal), run(lesioned)
    assert np.mean(list(without.gait.coherence.values())) < 0.8 * np.mean(list(intact.gait.coherence.values()))
    assert without.heave > 1.5 * intact.heave


def test_animal_names_what_its_body_and_network_have():
    simulation = ANIMAL.simulation(seed=1)
    geoms = {simulation.model.geom(i).name for i in range(simulation.model.ngeom)}
    for readout in ANIMAL.readouts:
        simulation.potential(readout.neuron)
        assert set(readout.tints) <= geoms
    assert set(simulation.commands) == set(ANIMAL.commands)
    assert [simulation.model.sensor(foot.sensor).id >= 0 for foot in ANIMAL.feet] == [True] * 6
    assert simulation.model.body(ANIMAL.torso).id > 0 and not ANIMAL.fallen(simulation)
    assert 0 < ANIMAL.stance_load == STANCE_LOAD
    simulation.data.qpos[3:7] = (0, 1, 0, 0)
    mujoco.mj_forward(simulation.model, simulation.data)
    assert ANIMAL.fallen(simulation)


def test_the_one_evolved_for_rough_ground_gets_along_faster_there():
    speeds = []
    for name in ("hexapod", "hexapod:rough"):
        simulation = load(name).simulation(terrain="rough", seed=7)
        run = walk(simulation, seconds=4.0)
        assert not run.fallen
        speeds.append(run.speed)
    assert speeds[1] > 1.5 * speeds[0]


def test_an_individual_that_nobody_evolved_is_named():
    with pytest.raises(UnknownNameError, match="rough"):
        load("hexapod:rouhg")
