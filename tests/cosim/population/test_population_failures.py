"""An individual that fails is marked and told of, stands at its last good step, and begins anew when it is reset."""

import mujoco
import numpy as np
import pytest
from leg import animal as leg

import sns_mujoco as sns
from sns_mujoco.adapters import Command, MotorNeuron
from sns_mujoco.errors import DivergenceError

CROWD = """
<mujoco>
  <size memory="{memory}"/>
  <worldbody>
    <geom type="plane" size="5 5 .1"/>
    <body pos="0 0 5"><joint name="hinge" axis="0 1 0"/><geom size=".1"/></body>
    {boxes}
  </worldbody>
  <actuator><motor name="hinge" joint="hinge"/></actuator>
</mujoco>"""


@pytest.fixture
def population():
    """Hexapods after some steps."""
    population = sns.Population("hexapod", 6, threads=2)
    population.commands["drive"] = 1.0
    population.step(10)
    return population


def lose(population: sns.Population, individual: int, what: str) -> None:
    data = population.data
    if what == "neuron":
        population.potential("drive")[individual] = np.nan
    else:
        getattr(data, what)[individual, 8] = 1e15


@pytest.mark.parametrize("what", ["neuron", "qvel", "qpos"])
@pytest.mark.parametrize("steps", [1, 30])
def test_it_is_marked_and_told_of(population, what, steps):
    before = population.data.state.copy()
    lose(population, 4, what)
    population.step(steps)
    assert population.alive.tolist() == [True] * 4 + [False, True]
    (failure,) = population.failures.values()
    assert failure.individual == 4 and failure.time == population.time[4]
    expected = {
        "neuron": "neuron 'drive' of 'nervous_system' is no longer a finite number",
        "qvel": "the velocity of joint 'L1_tibia' is too large",
        "qpos": "the position of joint 'L1_femur' is too large",
    }[what]
    assert expected in failure.culprit and failure.culprit in failure.message
    assert "the last good step" in failure.message
    np.testing.assert_allclose(population.time[[0, 1, 2, 3, 5]], 0.01 + 0.001 * steps)
    assert population.time[4] == before[4, 0]


def test_one_that_diverges_in_the_middle_of_a_call_stands_there():
    population = sns.Population(leg(), 4, threads=2)
    population.data.expand("numeric_data")[2, 2] = 5.0  # the flexor's membrane: its factors lead the numbers
    alone = population.simulation(2)
    with pytest.raises(DivergenceError) as caught:
        alone.step(1000)
    population.step(1000)
    assert population.alive.tolist() == [True, True, False, True]
    assert population.failures[2].message == str(caught.value)
    assert 0.1 < population.time[2] == alone.time < 0.9
    np.testing.assert_array_equal(population.data.state[2], alone.snapshot().state)


def test_what_is_derived_of_it_is_that_of_its_last_good_step(population):
    place, sensors = population.data.body("torso").xpos, population.data.sensordata
    alone = population.simulation(1)
    population.step(1)
    population.data.qvel[1, 8] = 1e15
    population.step(3)
    with pytest.raises(ArithmeticError):
        alone.step(1)
        alone.data.qvel[8] = 1e15
        alone.step(3)
    assert np.isfinite(sensors).all()
    np.testing.assert_array_equal(place[1], alone.data.body("torso").xpos)
    np.testing.assert_array_equal(sensors[1], alone.data.sensordata)


def test_it_is_left_out_until_it_is_reset(population):
    lose(population, 0, "neuron")
    lose(population, 3, "qvel")
    population.step(5)
    failed = population.data.state[[0, 3]].copy()
    first = dict(population.failures)
    population.step(5)
    population.step(2, [0, 1])
    population.step(2, [0])
    np.testing.assert_array_equal(failed, population.data.state[[0, 3]])
    assert population.failures == first
    population.reset([3], seeds=[8])
    assert population.alive.tolist() == [False, True, True, True, True, True] and list(population.failures) == [0]
    population.step(20)
    anew = population.animal.simulation(seed=8)
    anew.step(20)
    np.testing.assert_array_equal(population.data.state[3], anew.snapshot().state)


def test_a_population_of_which_all_fail(population):
    population.data.qvel[:, 8] = 1e15
    population.step(5)
    population.step(5)
    assert not population.alive.any() and len(population.failures) == population.n
    assert "0 alive" in repr(population)
    population.reset()
    population.step(5)
    assert population.alive.all() and not population.failures


def test_nothing_is_printed_and_no_log_is_written(population, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lose(population, 2, "qvel")
    population.step(5)
    assert not population.alive[2]
    assert capfd.readouterr() == ("", "")
    assert not list(tmp_path.iterdir())


def test_warnings_are_heard_by_a_handler_of_the_users_own(population):
    heard = []
    mujoco.set_mju_user_warning(heard.append)
    try:
        lose(population, 2, "qvel")
        population.step(5)
    finally:
        mujoco.set_mju_user_warning(None)
    assert any("QVEL" in text for text in heard)


def test_an_error_of_the_engine_is_a_failure_of_one_individual():
    boxes = "".join(
        f'<body pos="{i} 0 .4"><freejoint name="box {i}"/><geom type="box" size=".1 .1 .1"/></body>' for i in range(40)
    )
    network = sns.Network("one")
    network.add_neuron(sns.NonSpikingNeuron(), "one")
    adapters = [Command("drive", to="one", range=(0, 1), gain=1.0), MotorNeuron("one", drives="hinge", range=(0, 20))]
    spec = sns.attach(CROWD.format(boxes=boxes, memory="100K"), network, adapters, dt=1.0)
    population = sns.Population(spec, 3, threads=2)
    population.step(5)
    near = population.data.qpos[1, 1:].reshape(-1, 7)
    near[:, 0] *= 0.01
    alone = population.simulation(1)
    with pytest.raises(DivergenceError, match="out of memory") as caught:
        alone.step(5)
    population.step(5)
    assert population.alive.tolist() == [True, False, True]
    assert "out of memory" in population.failures[1].culprit
    assert population.failures[1].message == str(caught.value)
    np.testing.assert_array_equal(population.data.state[1], alone.snapshot().state)
    assert population.time.tolist() == pytest.approx([0.02, 0.01, 0.02])
    population.reset([1])
    population.step(10)
    assert population.alive.all()


def test_a_start_that_fails_is_a_failure_of_one_individual():
    from dataclasses import replace

    from sns_mujoco import models

    def start(simulation: sns.Simulation, seed: int) -> None:
        models.load("antagonist_joint").start(simulation, seed)
        simulation.data.qvel[0] = 1e15 if seed == 3 else 0.0
        simulation.step(2)

    animal = replace(models.load("antagonist_joint"), start=start)
    population = sns.Population(animal, 3, seeds=[2, 3, 4])
    assert population.alive.tolist() == [True, False, True]
    population.step(3)
    assert np.isfinite(population.data.state[[0, 2]]).all()
    population.reset([1], seeds=[5])
    assert population.alive.all()
