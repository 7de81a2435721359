"""The rat's hindlimbs: a mirrored body and nervous system, stepping in the air, on the ground and on a treadmill."""

from functools import cache

import mujoco
import numpy as np
import pytest
from sns_mujoco.models.rat_hindlimbs import ANIMAL, NEURAL_STEP, Parameters, adapters, body, nervous_system, start
from sns_mujoco.models.rat_hindlimbs.anatomy import JOINTS, MUSCLES, SEGMENTS, SIDES
from sns_mujoco.models.rat_hindlimbs.measure import Walk, fallen, place, walk
from sns_mujoco.models.rat_hindlimbs.terrain import BELT_SPEED

from sns_mujoco import Simulation, attach
from sns_mujoco.muscles import find_muscles

PERIOD = 0.230  # s, and ranges (rad): what AnimatLab recorded of this rat in the air
RANGES = {"hip": (-0.089, 0.170), "knee": (-0.473, -0.092), "ankle": (-0.927, -0.248)}


@cache
def animal(terrain: str, *, afferents: bool = True, commissures: bool = True) -> Simulation:
    network = nervous_system(afferents=afferents, commissures=commissures)
    return Simulation(attach(body(terrain), network, adapters(), dt=NEURAL_STEP))


@cache
def stepping(terrain: str, drive: float, *, seed: int = 0, seconds: float = 2.0, afferents: bool = True) -> Walk:
    simulation = animal(terrain, afferents=afferents)
    start(simulation, seed)
    return walk(simulation, seconds=seconds, drive=drive)


def test_leg_has_the_masses_of_the_source_and_both_legs_are_mirror_images():
    model = body("air").compile()
    masses = {name: model.body(f"L_{name}").mass[0] * 1e3 for name in SEGMENTS}
    assert masses == pytest.approx({"femur": 14.141, "tibia": 3.338, "foot": 1.571})
    data = mujoco.MjData(model)
    data.qpos[:3] = data.qpos[3:] = (0.2, -0.4, -0.6)
    mujoco.mj_forward(model, data)
    for name in SEGMENTS:
        left, right = (data.body(f"{side}{name}") for side in SIDES)
        assert left.xipos * (1, -1, 1) == pytest.approx(right.xipos, abs=1e-12)
    assert data.ten_length[:6] == pytest.approx(data.ten_length[6:], abs=1e-12)
    assert data.qfrc_passive[:3] == pytest.approx(data.qfrc_passive[3:], abs=1e-12)


def test_tendons_are_as_long_as_in_animatlab():
    """Lengths of its left leg at its zero, from its file by another way: poses multiplied along its tree of parts."""
    model = body("air").compile()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    lengths = {name: data.tendon(f"L_{name}").length[0] * 1e3 for name in MUSCLES}
    assert lengths == pytest.approx(
        {
            "hip_extensor": 15.57, "hip_flexor": 17.54, "knee_extensor": 38.06, "knee_flexor": 24.62,
            "ankle_extensor": 37.31, "ankle_flexor": 35.98,
        }, abs=0.06,
    )  # fmt: skip


@pytest.mark.parametrize("muscle", MUSCLES)
@pytest.mark.parametrize("side", SIDES)
def test_every_motor_neuron_moves_the_joint_of_its_name_as_its_name_says(side: str, muscle: str):
    """The published script has knee and ankle swapped."""
    motor = next(adapter for adapter in adapters() if getattr(adapter, "neuron", "") == f"{side}MN_{muscle}")
    model = body("air").compile()
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    before = data.qpos.copy()
    data.actuator(motor.drives).ctrl[0] = 0.3
    mujoco.mj_step(model, data, nstep=100)
    hinges = [f"{prefix}{joint}" for prefix in SIDES for joint in JOINTS]
    moved = dict(zip(hinges, data.qpos - before, strict=True))
    joint, action = muscle.split("_")
    farthest = max(moved, key=lambda name: abs(moved[name]))
    assert farthest == f"{side}{joint}"
    assert np.sign(moved[farthest]) == (1 if action == "extensor" else -1)


def test_muscles_are_linear_hill_muscles_and_carry_their_source():
    muscles = find_muscles(body("air"))
    assert len(muscles) == 12
    for name in MUSCLES:
        left, right = (muscles[f"{side}{name}"] for side in SIDES)
        assert (left.kind, left.force, left.rest_length) == (right.kind, right.force, right.rest_length)
        assert left.parameters == right.parameters


def test_network_is_mirrored_and_has_one_synapse_at_most_on_a_pair():
    net = nervous_system()
    names = set(net.population_names)
    assert len(names) == 93
    left = {name[2:] for name in names if name.startswith("L_")}
    assert left == {name[2:] for name in names if name.startswith("R_")} and len(left) == 46
    ends = [(net.populations[w.source].name, net.populations[w.destination].name) for w in net.connections]
    assert len(ends) == len(set(ends))
    within = {(a[2:], b[2:]): [] for a, b in ends if a[:2] == b[:2]}
    for wire, (a, b) in zip(net.connections, ends, strict=True):
        if a[:2] == b[:2]:
            within[a[2:], b[2:]].append(wire.kind)
    assert all(len(kinds) == 2 and kinds[0] == kinds[1] for kinds in within.values())


def test_steps_in_the_air_as_animatlab_recorded():
    run = stepping("air", 1.0)
    assert run.period == pytest.approx(PERIOD, rel=0.05)
    assert run.spread < 0.002 and run.lag == pytest.approx(0.5, abs=0.01) and run.pattern == pytest.approx(1.0)
    for joint, (low, high) in RANGES.items():
        assert sum(run.ranges[joint]) / 2 == pytest.approx((low + high) / 2, abs=0.15)
        assert 0.6 * (high - low) < run.ranges[joint][1] - run.ranges[joint][0] < 2.1 * (high - low)


def test_drive_sets_the_period_and_without_it_the_legs_hang_still():
    slow, middle, fast = (stepping("air", drive) for drive in (0.2, 0.6, 1.0))
    assert slow.period > 1.15 * middle.period > 1.15 * 1.15 * fast.period
    still = stepping("air", 0.0)
    assert np.isnan(still.period) and all(high - low < 0.02 for low, high in still.ranges.values())


def test_walks_forward_on_the_ground_and_bears_its_own_weight():
    model = body("ground").compile()
    weight = model.body("pelvis").subtreemass[0] * 9.81
    for drive, least in ((0.5, 0.12), (1.0, 0.28)):
        run = stepping("ground", drive, seconds=3.0)
        assert run.speed > least and run.lag == pytest.approx(0.5, abs=0.02) and run.lowest > 0.055
        assert run.load == pytest.approx(weight, rel=0.05)
        assert run.swing_height > 10.0 and run.slip < 0.15
        assert run.gait.lags["right", "left"] == pytest.approx(0.5, abs=0.03)
    assert stepping("ground", 1.0, seconds=3.0).gait.duty_factor < stepping("ground", 0.5, seconds=3.0).gait.duty_factor
    assert not fallen(animal("ground"))


def test_stands_without_drive():
    run = stepping("ground", 0.0)
    assert abs(run.speed) < 0.01 and run.lowest > 0.055 and run.gait.strides == {"left": 0, "right": 0}


def test_treadmill_moves_under_the_feet_and_a_faster_belt_makes_faster_steps():
    run = stepping("treadmill", 0.8)
    assert run.speed == pytest.approx(BELT_SPEED, rel=0.01)
    assert run.lag == pytest.approx(0.5, abs=0.02) and 0.4 < run.gait.duty_factor < 0.8 and run.slip < 0.2
    simulation, periods = animal("treadmill"), []
    for speed in (0.1, 0.35):
        start(simulation, 0)
        simulation.data.joint("belt").qvel[0] = speed
        periods.append(walk(simulation, seconds=2.2, drive=0.5).period)
    assert periods[1] < 0.95 * periods[0]


def test_afferents_shorten_the_step():
    assert stepping("air", 1.0, afferents=False).period > 1.15 * stepping("air", 1.0).period


def test_afferents_of_a_muscle_carry_distinct_signals():
    simulation = animal("air")
    start(simulation, 0)
    simulation.commands["drive"] = 1.0
    simulation.run(0.5)
    muscle = simulation.model.tendon("L_hip_flexor").id
    names = ("L_Ia_hip_flexor", "L_II_hip_flexor", "L_IbIN_hip_flexor")
    rows = []
    for _ in range(500):
        simulation.step(10)
        data = simulation.data
        rows.append([data.ten_length[muscle], data.ten_velocity[muscle], *(simulation.potential(n) for n in names)])
    length, velocity, primary, secondary, tension = np.array(rows).T
    assert np.corrcoef(secondary, length)[0, 1] > 0.98
    assert np.corrcoef(primary, np.maximum(velocity, 0.0))[0, 1] > 0.9
    assert abs(np.corrcoef([primary, secondary, tension])[np.triu_indices(3, 1)]).max() < 0.9
    assert min(np.ptp(signal) for signal in (primary, secondary, tension)) > 0.5


def test_snapshots_and_seeds_give_the_same_bits():
    def bits(simulation: Simulation) -> bytes:
        return simulation.snapshot().state.tobytes()

    simulation = animal("ground")
    ends = []
    for seed in (3, 3, 4):
        start(simulation, seed)
        simulation.commands["drive"] = 1.0
        simulation.run(0.2)
        ends.append(bits(simulation))
    assert ends[0] == ends[1] != ends[2]
    middle = simulation.snapshot()
    simulation.run(0.1)
    once = bits(simulation)
    simulation.restore(middle)
    simulation.run(0.1)
    assert bits(simulation) == once


@pytest.mark.parametrize("terrain", ANIMAL.terrains)
def test_starts_off_the_ground_and_near_it(terrain: str):
    simulation = ANIMAL.simulation(terrain=terrain, seed=5)
    assert simulation.data.ncon == 0 and place(simulation) == (0.0, 0.0)
    simulation.step(10)
    assert simulation.data.time == pytest.approx(1e-3)


def test_refuses_an_unknown_terrain():
    with pytest.raises(ValueError, match="'air', 'treadmill', 'ground'"):
        body("water")


def test_parameters_reach_the_network():
    changed = nervous_system(parameters=Parameters(commissural=0.5))
    wires = {w.name: w.kind for w in changed.connections}
    assert wires["L_V0d->R_RG_flexor"].max_conductance == 0.5


@pytest.mark.slow
def test_walks_for_ten_seconds_from_every_pose():
    for seed in range(20):
        run = stepping("ground", 1.0, seed=seed, seconds=10.0)
        assert run.speed > 0.25 and abs(run.lag - 0.5) < 0.02 and run.lowest > 0.055
