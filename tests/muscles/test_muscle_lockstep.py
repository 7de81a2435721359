"""Muscles are physics: the same bits in every way in which MuJoCo steps, copies, stores and restores a model."""

import copy
import subprocess
import sys

import mujoco
import numpy as np
import pytest
from mujoco import rollout
from mujoco.batch import Batch

import sns_mujoco as sns
from sns_mujoco.adapters import MotorNeuron
from sns_mujoco.errors import DivergenceError
from sns_mujoco.muscles import add_muscles, find_muscles, kernel, mirrored

STATE = mujoco.mjtState.mjSTATE_INTEGRATION


@pytest.fixture
def model(arm, mixed):
    return add_muscles(arm(), mixed).compile()


@pytest.mark.parametrize("integrator", ["Euler", "RK4", "implicit", "implicitfast"])
def test_tensions_are_stepped_once_per_step(arm, mixed, integrator):
    model = add_muscles(arm(integrator=integrator), mixed).compile()
    data, info = mujoco.MjData(model), find_muscles(model)["biceps"]
    p = info.parameters
    for step in range(200):
        data.ctrl[:] = 0.5 + 0.4 * np.sin(step / 20.0)
        before = data.plugin_state[info.tension]
        mujoco.mj_step(model, data)
        length, velocity = data.actuator_length[info.output], data.actuator_velocity[info.output]
        active = kernel.active_tension(p["force"], data.ctrl[info.control], length, p["rest_length"], p["width"])
        share, keep = kernel.relaxation(p["kse"], p["kpe"], p["damping"], model.opt.timestep)
        numbers = (share, keep, p["kpe"], p["damping"], p["rest_length"])
        expected = kernel.linear_hill_tension(before, length, velocity, active, *numbers)
        assert data.plugin_state[info.tension] == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert data.plugin_state[info.tension] > 1.0


def test_rk4_sees_activations_change_within_a_step(arm, hill):
    lives = {}
    for integrator in ("Euler", "RK4"):
        for timestep in (2e-3, 1e-3, 1.25e-4):
            model = add_muscles(arm(timestep, integrator), [hill("triceps", "extensor")]).compile()
            data = mujoco.MjData(model)
            data.ctrl[:] = 0.3
            mujoco.mj_step(model, data, nstep=round(0.04 / timestep))
            lives[integrator, timestep] = data.qpos[0]
    truth = lives["RK4", 1.25e-4]
    assert abs(truth) > 0.005
    assert abs(lives["RK4", 2e-3] - truth) < 0.01 * abs(lives["Euler", 2e-3] - truth)


def test_two_antagonists_bring_a_limb_to_rest(arm, linear_hill, hill):
    for make in (linear_hill, hill):
        model = add_muscles(arm(), [make("flexor", "flexor"), make("extensor", "extensor")]).compile()
        rests = []
        for excitation in ((0.6, 0.2), (0.2, 0.6)):
            data = mujoco.MjData(model)
            data.ctrl[:] = excitation
            mujoco.mj_step(model, data, nstep=8000)
            assert abs(data.qvel[0]) < 1e-9
            assert (data.actuator_force < 0.0).all()
            balance = data.qfrc_passive[0] + data.qfrc_actuator[0] - data.qfrc_bias[0]
            assert balance == pytest.approx(0.0, abs=1e-9)
            rests.append(data.qpos[0])
        # the muscle that is excited more turns the limb to its side
        assert -0.9 < rests[0] < -0.3
        assert rests[0] == pytest.approx(-rests[1], rel=1e-4)


def test_snapshots_and_copies_go_on_alike(model, life):
    data = mujoco.MjData(model)
    life(model, 150, data)
    state = np.empty(mujoco.mj_stateSize(model, STATE))
    mujoco.mj_getState(model, data, state, STATE)
    twin, third, fourth = copy.copy(data), mujoco.MjData(model), mujoco.MjData(model)
    mujoco.mj_copyData(third, model, data)
    mujoco.mj_setState(model, fourth, state, STATE)
    first = life(model, 150, data, 150)
    assert np.ptp(first, axis=0).min() > 1e-3
    for other in (twin, third, fourth):
        np.testing.assert_array_equal(life(model, 150, other, 150), first)


def test_reset_is_the_beginning(model, life):
    data = mujoco.MjData(model)
    first = life(model, 200, data)
    mujoco.mj_resetData(model, data)
    assert not data.plugin_state.any() and not data.act.any()
    np.testing.assert_array_equal(life(model, 200, data), first)


@pytest.mark.parametrize("threads", [1, 2])
def test_batches_and_rollouts_are_the_single_body(model, life, threads):
    alone = life(model, 200)
    batch, controls = Batch(model, 3, threads), []
    for step in range(200):
        controls.append(0.5 + 0.5 * np.sin(step / 30.0 + np.arange(model.nu)))
        batch.ctrl[:] = controls[-1]
        batch.step()
    for individual in range(3):
        found = [batch.qpos[individual], batch.plugin_state[individual], batch.act[individual]]
        np.testing.assert_array_equal(np.concatenate(found), alone[-1])

    physics = mujoco.mjtState.mjSTATE_FULLPHYSICS
    data, middle = mujoco.MjData(model), np.empty(mujoco.mj_stateSize(model, physics))
    life(model, 100, data)
    mujoco.mj_getState(model, data, middle, physics)
    with rollout.Rollout(nthread=threads) as pool:
        states, _ = pool.rollout(
            model,
            [mujoco.MjData(model) for _ in range(threads)],
            np.tile(middle, (3, 1)),
            np.tile(controls[100:], (3, 1, 1)),
            initial_warmstart=np.tile(data.qacc_warmstart, (3, 1)),
        )
    for state in states:
        np.testing.assert_array_equal(state[-1, 1 : 1 + model.nq], alone[-1, : model.nq])


def test_individuals_with_muscles_of_their_own(arm, linear_hill, hill, life):
    def pair(factor):
        muscles = [linear_hill("a", "flexor", kse=600 * factor), hill("b", "extensor", force=8.0 / factor)]
        return add_muscles(arm(), muscles).compile()

    factors = [1.0, 0.5, 3.0]
    alone = [life(pair(factor), 200)[-1] for factor in factors]
    model = pair(1.0)
    batch, muscles = Batch(model, 3, 2), find_muscles(model)
    numbers = batch.expand("numeric_data")
    numbers[:, muscles["a"].places["kse"]] = 600 * np.array(factors)
    numbers[:, muscles["b"].places["force"]] = 8.0 / np.array(factors)
    for step in range(200):
        batch.ctrl[:] = 0.5 + 0.5 * np.sin(step / 30.0 + np.arange(model.nu))
        batch.step()
    for individual in range(3):
        np.testing.assert_array_equal(batch.plugin_state[individual], alone[individual][1:2])
        np.testing.assert_array_equal(batch.qpos[individual], alone[individual][:1])
    assert alone[0][0] != alone[1][0]


def test_files_are_the_same_body(arm, mixed, life, tmp_path):
    spec = add_muscles(arm(), mixed)
    model = spec.compile()
    path = str(tmp_path / "arm.mjb")
    mujoco.mj_saveModel(model, path)
    np.testing.assert_array_equal(life(mujoco.MjModel.from_binary_path(path)), life(model))
    # every number of this body fits into the digits that MuJoCo prints
    np.testing.assert_array_equal(life(mujoco.MjModel.from_xml_string(spec.to_xml())), life(model))


def test_importing_the_package_is_enough_to_load_a_file(arm, mixed, tmp_path):
    path = tmp_path / "arm.xml"
    path.write_text(add_muscles(arm(), mixed).to_xml())
    script = """
import sys, mujoco, sns_mujoco
model = mujoco.MjModel.from_xml_path(sys.argv[1])
data = mujoco.MjData(model)
data.ctrl[:] = 1
mujoco.mj_step(model, data, nstep=200)
print(data.actuator_force[0])"""
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert float(done.stdout) < -1.0


def test_two_bodies_in_one_scene(arm, mixed, life):
    one = add_muscles(arm(), mixed)
    alone = life(one.compile())
    scene = mujoco.MjSpec.from_string('<mujoco><option timestep="0.0005"/><worldbody/></mujoco>')
    scene.add_text(name="greeting", data="hello")
    for prefix in ("a_", "b_"):
        scene.attach(one.copy(), frame=scene.worldbody.add_frame(pos=[0, ord(prefix[0]), 0]), prefix=prefix)
    model = scene.compile()
    muscles = find_muscles(model)
    assert list(muscles) == [p + n for p in ("a_", "b_") for n in ("biceps", "brachialis", "triceps")]
    assert muscles["b_biceps"].tendon == "b_flexor"
    data = mujoco.MjData(model)
    for step in range(len(alone)):
        data.ctrl[:] = np.tile(0.5 + 0.5 * np.sin(step / 30.0 + np.arange(3)), 2)
        mujoco.mj_step(model, data)
    assert muscles["b_biceps"].tension == 1
    np.testing.assert_allclose(data.plugin_state, alone[-1, 1], rtol=1e-6)


def test_the_other_side_moves_the_other_way(arm, linear_hill):
    body = arm().replace('"flexor"', '"L tendon"').replace('"extensor"', '"R tendon"')
    model = add_muscles(body, mirrored([linear_hill()], "L ", "R ")).compile()
    ends = []
    for excited in range(2):
        data = mujoco.MjData(model)
        data.ctrl[excited] = 0.5
        mujoco.mj_step(model, data, nstep=200)
        ends.append(data.qpos[0])
    assert ends[0] == pytest.approx(-ends[1], rel=1e-9)
    assert abs(ends[0]) > 0.02


def test_switched_off_groups_and_actuation(arm, mixed):
    spec = add_muscles(arm(), mixed)
    for actuator in spec.actuators:
        actuator.group = {"biceps": 3, "brachialis": 1, "triceps": -1}[actuator.name]
    model = spec.compile()
    data, info = mujoco.MjData(model), find_muscles(model)["biceps"]
    data.ctrl[:] = 1.0
    mujoco.mj_step(model, data, nstep=100)
    tension = data.plugin_state[info.tension]
    model.opt.disableactuator = 1 << 3
    mujoco.mj_step(model, data, nstep=10)
    assert data.plugin_state[info.tension] == tension
    assert list(data.actuator_force != 0.0) == [False, True, True]
    model.opt.disableactuator = 0
    model.opt.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_ACTUATION)
    mujoco.mj_step(model, data, nstep=10)
    assert data.plugin_state[info.tension] == tension
    model.opt.disableflags = 0
    mujoco.mj_step(model, data)
    assert data.plugin_state[info.tension] != tension
    assert data.actuator_force[info.output] == pytest.approx(-tension)


@pytest.mark.parametrize("autoreset", [True, False])
def test_a_tension_that_is_no_number_is_a_warning_and_shows(model, autoreset, capfd):
    data, info = mujoco.MjData(model), find_muscles(model)["biceps"]
    if not autoreset:
        model.opt.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_AUTORESET)
    model.numeric_data[info.places["kse"]] = np.nan
    mujoco.mj_step(model, data)
    warned = data.warning[int(mujoco.mjtWarning.mjWARN_BADCTRL)]
    assert warned.number == 1 and warned.lastinfo == info.actuator
    assert np.isnan(data.plugin_state[info.tension])
    mujoco.mj_step(model, data)
    assert data.warning[int(mujoco.mjtWarning.mjWARN_BADQACC)].number > 0
    assert np.isnan(data.qpos[0]) != autoreset


@pytest.mark.parametrize("field", ["force", "kse", "rest_length", "width", "max_tension"])
def test_no_lost_parameter_is_hidden(arm, linear_hill, field):
    model = add_muscles(arm(), [linear_hill(tendon="flexor")]).compile()
    data = mujoco.MjData(model)
    model.numeric_data[find_muscles(model)["muscle"].places[field]] = np.nan
    data.ctrl[:] = 0.5
    mujoco.mj_step(model, data, nstep=3)
    assert data.warning.number.any()


def test_a_simulation_names_the_muscle_that_was_lost(arm, linear_hill):
    net = sns.Network("arm")
    net.add_neuron(sns.NonSpikingNeuron(), "motor")
    body = add_muscles(arm(), [linear_hill("biceps", "flexor")])
    simulation = sns.Simulation(sns.attach(body, net, [MotorNeuron("motor", drives="biceps")], dt=0.5))
    simulation.model.numeric_data[find_muscles(simulation.model)["biceps"].places["damping"]] = np.nan
    with pytest.raises(DivergenceError, match="at 0.0005 s: the tension of muscle 'biceps' is no longer a finite"):
        simulation.run(0.01)


@pytest.mark.parametrize(("found", "damaged"), [
    ('value="lmh"', 'value="lm"'), ('value="lmh"', 'value="lmhh"'), ('value="lmh"', 'value="lml"'),
    ('value="lmh"', 'value="lmx"'), ('value="lmh"', 'value="hml"'), ('value="lmh"', 'value="mmh"'),
    ('numeric name="muscles"', 'numeric name="mussels"'), ('tuple name="muscles"', 'tuple name="mussels"'),
    ('numeric name="muscles" size="24"', 'numeric name="muscles" size="25"'),
    ('objname="triceps"', 'objname="biceps"'), ('objname="triceps"', 'objname="brachialis"'),
])  # fmt: skip
def test_a_damaged_model_is_refused_and_not_run(arm, mixed, found, damaged):
    text = add_muscles(arm(), mixed).to_xml()
    assert text.count(found) == 1
    with pytest.raises(ValueError, match="init failed"):
        mujoco.MjModel.from_xml_string(text.replace(found, damaged))


def test_many_lives_leak_no_memory(arm, linear_hill):
    import resource

    model = add_muscles(arm(), [linear_hill(str(i), "flexor") for i in range(100)]).compile()

    def lives(count):
        for _ in range(count):
            copy.copy(mujoco.MjData(model))
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = lives(100)
    assert lives(1500) - before < 3000  # kB: the blocks of these lives are 10 MB
