"""The quadruped: its body, the rhythm and coupling of its spinal cord in the air, and how it stands and walks."""

from functools import cache

import mujoco
import numpy as np
import pytest
from sns_mujoco.models.quadruped import (
    ANIMAL,
    EVOLVED,
    NEURAL_STEP,
    STANDING,
    Parameters,
    adapters,
    body,
    nervous_system,
)
from sns_mujoco.models.quadruped.anatomy import ACTIONS, FORE, HIND, HIP_HEIGHT, LIMB_TYPES, LIMBS
from sns_mujoco.models.quadruped.evolution import TASKS
from sns_mujoco.models.quadruped.measure import Walk, fallen, walk

from sns_mujoco import Population, Simulation, attach
from sns_mujoco.analysis import gait
from sns_mujoco.learning.spaces import ParameterSpace, load_individual
from sns_mujoco.muscles import find_muscles
from sns_mujoco.network.files import network_to_dict

MS = 0.001


@cache
def walked(drive: float, *, seed: int = 0, seconds: float = 5.0) -> Walk:
    simulation = ANIMAL.simulation(seed=seed)
    return walk(simulation, seconds=seconds, drive=drive)


def stepping_in_air(drive: float, *, parameters: Parameters | None = None, seconds: float = 3.0) -> gait.Gait:
    """Phases of the flexor half-centres of limbs that hang in the air, told as if their turns were swings."""
    network = nervous_system(afferents=False, parameters=parameters)
    simulation = Simulation(attach(body("air"), network, adapters(), dt=NEURAL_STEP))
    STANDING.start(simulation, 0)
    simulation.commands["drive"] = drive
    simulation.run(1.5)
    neurons = [simulation.brain.neuron(f"{limb} RG flexor") for limb in LIMBS]
    swinging = np.empty((round(seconds / MS), 4))
    for sample in swinging:
        simulation.step()
        sample[:] = simulation.potentials[neurons] > 10.0
    pairs = (("LF", "LH"), ("RF", "RH"), ("RH", "LH"), ("RF", "LH"))
    return gait.analyse(gait.stance(1.0 - swinging, 0.5, gap=20, shortest=20), LIMBS, MS, pairs=pairs)


def test_body_is_of_a_cat_and_both_sides_are_mirror_images():
    model = body().compile()
    assert model.body_subtreemass[1] == pytest.approx(4.15, abs=0.05)
    assert pytest.approx(FORE.height, abs=1e-3) == HIND.height == HIP_HEIGHT
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    for name in LIMBS:
        data.qpos[model.joint(f"{name}_abduction").qposadr[0]] = 0.1
    mujoco.mj_forward(model, data)
    for girdle in "FH":
        for segment in LIMB_TYPES[girdle].segments:
            left, right = (data.body(f"{side}{girdle}_{segment}") for side in "LR")
            assert left.xipos * (1, -1, 1) == pytest.approx(right.xipos, abs=1e-9)
        for action in ACTIONS:
            left, right = (data.tendon(f"{side}{girdle}_{action}").length[0] for side in "LR")
            assert left == pytest.approx(right, abs=1e-9)


@pytest.mark.parametrize("name", LIMBS)
def test_every_muscle_moves_its_joint_the_way_that_it_is_called_over_its_whole_range(name: str):
    model = body("air").compile()
    data = mujoco.MjData(model)
    limb = LIMB_TYPES[name[1]]
    signs = {"protractor": (0, -1), "retractor": (0, 1), "flexor": (1, -1), "extensor": (1, 1)}
    for action, (joint, sign) in signs.items():
        place = model.joint(f"{name}_{limb.joints[joint]}").qposadr[0]
        lengths = []
        for angle in np.linspace(*limb.ranges[joint], 20):
            mujoco.mj_resetDataKeyframe(model, data, 0)
            data.qpos[place] = angle
            mujoco.mj_forward(model, data)
            lengths.append(data.tendon(f"{name}_{action}").length[0])
        arms = -np.diff(lengths) / (np.ptp(limb.ranges[joint]) / 19)  # m: shortening with a positive angle
        assert (sign * arms > 0.004).all(), (action, arms)


def test_fibres_of_the_standing_posture_are_near_their_optimal_length():
    model = body().compile()
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    mujoco.mj_forward(model, data)
    assert len(find_muscles(model)) == 16
    for name in find_muscles(model):
        muscle = LIMB_TYPES[name[1]].muscles[name[3:]]
        fibre = data.tendon(name).length[0] - muscle.slack_length
        assert 0.75 < fibre / muscle.optimal_length < 0.9, name


def test_limbs_in_the_air_are_silent_without_drive():
    assert set(stepping_in_air(0.0, seconds=1.0).strides.values()) == {0}


def test_drive_turns_a_walk_in_lateral_sequence_into_a_trot():
    slow, fast = stepping_in_air(0.5), stepping_in_air(1.0)
    assert slow.lags["RH", "LH"] == pytest.approx(0.5, abs=0.1)
    assert slow.lags["LF", "LH"] == pytest.approx(0.35, abs=0.08)
    assert fast.lags["LF", "LH"] == pytest.approx(0.5, abs=0.08)
    assert abs((fast.lags["RF", "LH"] + 0.5) % 1.0 - 0.5) < 0.1
    assert min(slow.coherence.values()) > 0.9 and min(fast.coherence.values()) > 0.9


def test_drive_shortens_stance_and_hardly_swing():
    slow, fast = stepping_in_air(0.5), stepping_in_air(1.0)
    stances = [g.period - g.swing for g in (slow, fast)]
    assert stances[1] < 0.7 * stances[0]
    assert fast.swing == pytest.approx(slow.swing, rel=0.15)


def test_without_coupling_the_gait_is_lost():
    alone = Parameters(
        commissural=0.0, homolateral=0.0, diagonal_inhibition=0.0, diagonal_excitation=0.0, ascending=0.0,
        descending=0.0,
    )  # fmt: skip
    lags = stepping_in_air(0.5, parameters=alone).lags
    assert abs((lags["RH", "LH"] + 0.5) % 1.0 - 0.5) < 0.3  # they keep the lags that they began with


def test_load_holds_back_swing_and_extension_of_the_hip_brings_it_nearer():
    def filled(neuron: str, current: float) -> float:
        network = nervous_system()
        network.add_input(neuron, name="probe")
        network.add_output("LH stance slow")
        model = network.compile(NEURAL_STEP)
        drive = network.population_names.index("drive")
        model.state[drive] = 0.0
        return float(model.run(np.full((200, 1), current))[-1, 0])

    undisturbed = filled("LH load", 0.0)
    assert filled("LH load", 20.0) < undisturbed - 0.5
    assert filled("LH back", 20.0) > undisturbed + 0.5


def test_it_falls_only_when_it_has_fallen():
    simulation = ANIMAL.simulation()
    assert not fallen(simulation)
    simulation.data.qpos[3:7] = (np.sqrt(0.5), np.sqrt(0.5), 0.0, 0.0)  # on its side
    mujoco.mj_forward(simulation.model, simulation.data)
    assert fallen(simulation)


def test_a_population_falls_one_by_one():
    with Population(ANIMAL, 3, apart=False, threads=1) as animals:
        animals.data.qpos[1, 2] = 0.05
        animals.step(1)
        assert list(animals.animal.fallen(animals)) == [False, True, False]


@pytest.mark.parametrize("animal", [ANIMAL, STANDING], ids=["evolved", "designed"])
def test_it_stands_without_drive(animal):
    simulation = animal.simulation(seed=3)
    simulation.run(0.5)
    before = simulation.data.body("trunk").xpos.copy()
    simulation.run(2.0)
    assert not fallen(simulation)
    assert np.linalg.norm(simulation.data.body("trunk").xpos - before) < 0.05


def test_evolved_animal_walks_in_lateral_sequence_at_half_drive_and_trots_faster_at_full_one():
    slow, fast = walked(0.5, seconds=10.0), walked(0.9)
    assert np.isnan(slow.fell) and np.isnan(fast.fell)
    assert slow.speed > 0.2 and fast.speed > slow.speed + 0.05
    assert fast.froude > 0.09
    assert slow.gait.lags["LF", "LH"] == pytest.approx(0.28, abs=0.08)
    assert slow.gait.lags["RH", "LH"] == pytest.approx(0.5, abs=0.08)
    assert fast.gait.lags["LF", "LH"] == pytest.approx(0.5, abs=0.08)
    assert slow.gait.duty_factor > fast.gait.duty_factor + 0.1


def test_designed_animal_falls_where_the_evolved_one_walks():
    designed = walk(STANDING.simulation(), seconds=4.0, drive=0.9)
    assert not np.isnan(designed.fell)


def test_evolved_file_is_an_individual_of_the_designed_animal():
    evolved, designed = ANIMAL.network(), STANDING.network()
    assert evolved.population_names == designed.population_names
    assert evolved.connection_names == designed.connection_names
    individual = load_individual(EVOLVED)
    space = ParameterSpace(STANDING, TASKS["fast"].vary)
    assert space.from_vector(individual.vector) == pytest.approx(individual.values)
    assert network_to_dict(space.animal(individual.vector).network()) == network_to_dict(evolved)
