"""The antagonist joint: its body, its reflexes, and the rhythm that afferents make asymmetric."""

from pathlib import Path

import mujoco
import numpy as np
import pytest
from sns_mujoco.models import antagonist_joint
from sns_mujoco.models.antagonist_joint import ANIMAL, adapters, body
from sns_mujoco.models.antagonist_joint.experiments import in_hand, joint, resistance, yielding
from sns_mujoco.models.antagonist_joint.measure import Rhythm, durations, rhythm

from sns_mujoco import Simulation
from sns_mujoco.adapters import GolgiTendonOrgan
from sns_mujoco.network import Network

DRIVES = (0.5, 0.75, 1.0)
HALF = {"flexor": "extensor", "extensor": "flexor"}


def held(simulation: Simulation, angle: float, *, seconds: float = 1.0, **commands: float) -> Simulation:
    """The joint after it was held at an angle for a while."""
    simulation.reset()
    simulation.commands.update({"extend": 0.06, "flex": 0.06} | commands)
    simulation.data.actuator("hand").ctrl[0] = angle
    simulation.run(seconds)
    return simulation


def pull(simulation: Simulation, muscle: str) -> float:
    return -float(simulation.data.actuator(muscle).force[0])


@pytest.fixture(scope="module")
def whole() -> Simulation:
    return in_hand()


@pytest.fixture(scope="module")
def areflexic() -> Simulation:
    return in_hand(reflexes=False)


# the body


def test_muscles_run_where_the_source_has_them():
    model = body().compile()
    data = mujoco.MjData(model)
    for angle in (-0.6, -0.2, 0.0, 0.3, 0.8):
        data.joint("hip").qpos[0] = angle
        mujoco.mj_forward(model, data)
        # from the horizontal, as the source counts: 90 degrees hanging, more in extension
        q = np.pi / 2 - angle
        lengths = [np.sqrt(60**2 + 7**2 - 2 * 60 * 7 * c) for c in (np.cos(q), -np.cos(q))]
        assert [data.tendon(name).length[0] * 1e3 for name in ("flexor", "extensor")] == pytest.approx(lengths)
    inertia = np.zeros((model.nv, model.nv))
    mujoco.mj_fullM(model, data, inertia)
    assert inertia[0, 0] == pytest.approx(0.3 * 0.3**2 / 3, rel=0.06)


def test_an_unknown_terrain_is_refused():
    with pytest.raises(ValueError, match="'swamp'.*'free' or 'ground'"):
        body("swamp")


def test_the_foot_bears_the_ground_reaction_of_the_source():
    model = body("ground").compile()
    data = mujoco.MjData(model)
    data.actuator("foot").ctrl[0] = 0.05
    mujoco.mj_step(model, data, nstep=1000)
    assert abs(data.joint("hip").qpos[0]) < 0.05
    assert data.sensor("foot").data[0] == pytest.approx(0.585 / 0.3, rel=0.05)


# reflexes


@pytest.mark.parametrize("muscle, angle", [("flexor", -0.25), ("extensor", 0.25)])
def test_stretch_excites_the_muscle_and_silences_its_antagonist(whole, areflexic, muscle, angle):
    for simulation, reflex in ((whole, True), (areflexic, False)):
        rest = held(simulation, 0.0)
        before = {m: rest.potential(f"{m} motor") for m in HALF}, pull(rest, muscle)
        stretched = held(simulation, angle)
        after = {m: stretched.potential(f"{m} motor") for m in HALF}, pull(stretched, muscle)
        rise = after[0][muscle] - before[0][muscle]
        fall = before[0][HALF[muscle]] - after[0][HALF[muscle]]
        if reflex:
            assert rise > 0.8 and fall > 0.4
            assert after[1] > 1.2 * before[1]
        else:
            assert abs(rise) < 0.05 and abs(fall) < 0.05


def test_the_reflex_makes_the_joint_stiff(whole, areflexic):
    stiff, slack = resistance(whole), resistance(areflexic)
    assert stiff > 0.1
    assert stiff > 3 * abs(slack)


def test_the_reflex_comes_after_its_conduction_time(whole):
    held(whole, 0.0)
    flexor = []
    whole.data.actuator("hand").ctrl[0] = -0.25
    for _ in range(40):
        whole.step()
        flexor.append(
            (whole.data.tendon("flexor").length[0], whole.potential("flexor Ia"), whole.data.actuator("flexor").ctrl[0])
        )
    length, ia, excitation = (np.array(x) - x[0] for x in zip(*flexor, strict=True))
    first = [int(np.argmax(np.abs(x) > 0.02 * np.abs(x).max())) for x in (length, ia, excitation)]
    assert 2 <= first[1] - first[0] <= 8
    assert 5 <= first[2] - first[0] <= 20


def test_gamma_drive_turns_the_spindles_up():
    def spindle(**gamma: float) -> tuple[float, float]:
        simulation = in_hand(connections=adapters(**gamma))
        held(simulation, 0.0)
        simulation.data.actuator("hand").ctrl[0] = -0.2
        moving = []
        for _ in range(60):
            simulation.step()
            moving.append(simulation.potential("flexor Ia"))
        return max(moving) - joint_held(simulation), joint_held(simulation)

    def joint_held(simulation: Simulation) -> float:
        return held(simulation, -0.2).potential("flexor Ia")

    (peak, level), (dynamic_peak, dynamic_level) = spindle(), spindle(gamma_dynamic=1.0)
    assert dynamic_peak > peak + 0.5 and dynamic_level == pytest.approx(level, abs=0.2)
    assert spindle(gamma_static=1.0)[1] > level + 1.0


def test_the_limb_yields_less_to_a_load_with_its_reflex():
    assert 0.02 < yielding(0.1) < 0.75 * yielding(0.1, reflexes=False)


def test_tendon_organs_feel_the_pull_and_limit_it():
    deaf = [a for a in adapters() if not isinstance(a, GolgiTendonOrgan)]
    simulations = [in_hand(), in_hand(connections=deaf)]
    motor = []
    for simulation in simulations:
        held(simulation, 0.0, extend=0.3)
        motor.append((simulation.potential("extensor Ib"), simulation.potential("extensor motor")))
    (ib, limited), (silent, unlimited) = motor
    assert ib > silent + 5.0
    assert limited < unlimited - 0.3


# the rhythm


@pytest.fixture(scope="module")
def stepping() -> dict[bool, list[Rhythm]]:
    """On the ground at rising drives, with the feedback of afferents to the rhythm and without."""
    return {
        feedback: [rhythm(joint("ground", feedback=feedback), drive) for drive in DRIVES] for feedback in (True, False)
    }


def test_drive_shortens_stance_and_leaves_swing_alone(stepping):
    stance, swing = ([getattr(r, name) for r in stepping[True]] for name in ("stance", "swing"))
    assert stance[0] > stance[1] > stance[2]
    assert stance[0] - stance[2] > 0.1
    assert stance[0] - stance[2] > 5 * (max(swing) - min(swing))
    assert all(s > 1.5 * w for s, w in zip(stance, swing, strict=True))
    assert all(r.angles[1] - r.angles[0] > 0.25 for r in stepping[True])


def test_without_feedback_both_turns_change_alike(stepping):
    for r in stepping[False]:
        assert r.extension == pytest.approx(r.flexion, rel=0.02)
    first, *_, last = stepping[False]
    assert first.extension - last.extension > 0.1
    assert first.extension - last.extension == pytest.approx(first.flexion - last.flexion, rel=0.05)


def test_feedback_keeps_the_rhythm_going_at_drives_too_weak_for_it_alone():
    assert rhythm(joint("ground"), 0.3, seconds=6.0).stance > 0.5
    assert np.isnan(rhythm(joint("ground", feedback=False), 0.3, seconds=6.0).extension)


def test_durations_are_those_of_whole_cycles():
    on = np.array([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1], bool)
    assert durations(on) == pytest.approx((0.006, 0.002))
    assert np.isnan(durations(np.array([0, 0, 1, 1, 0], bool))).all()


# the animal


def test_without_drive_the_joint_is_still_and_obeys():
    simulation = ANIMAL.simulation(seed=3)
    for command, sign in (("flex", 1.0), ("extend", -1.0)):
        ANIMAL.start(simulation, 3)
        simulation.commands[command] = 0.4
        simulation.run(5.0)
        angle = simulation.data.joint("hip").qpos[0]
        assert sign * angle > 0.1
        simulation.run(1.0)
        assert simulation.data.joint("hip").qpos[0] == pytest.approx(angle, abs=0.01)
        assert max(simulation.potential(f"{muscle} RG") for muscle in HALF) < -60.0


def test_the_readme_shows_the_network_that_there_is():
    readme = Path(antagonist_joint.__file__).with_name("README.md").read_text()
    assert ANIMAL.network().to_mermaid().strip() in readme


def test_what_it_names_is_there():
    simulation = ANIMAL.simulation(terrain="ground")
    neurons = simulation.brain.neuron_names
    assert all(readout.neuron in neurons for readout in ANIMAL.readouts if readout.neuron)
    assert set(simulation.commands) == set(ANIMAL.commands)
    assert isinstance(ANIMAL.network(), Network)
    assert all(simulation.model.sensor(foot.sensor).id >= 0 for foot in ANIMAL.feet)
