"""Protocols in populations, what is done by hand, and what cannot be done."""

import numpy as np
import pytest
import yaml
from sns_mujoco.models import load

import sns_mujoco as sns
from sns_mujoco.errors import ProtocolError, TimeStepError, UnknownNameError
from sns_mujoco.protocols import (
    ActuatorFailure,
    Command,
    CurrentClamp,
    Cut,
    Deprive,
    Friction,
    Load,
    Noise,
    Protocol,
    Pulses,
    Push,
    Samples,
    SensorFailure,
    Silence,
    Sine,
    Torque,
    VoltageClamp,
)

MUCH = Protocol(
    [
        CurrentClamp("L1 swing", Noise(2.0, 3.0, 0.005), start=0.004, stop=0.06),
        VoltageClamp("R1 swing", 7.0, start=0.01, stop=0.04),
        Cut("L2 swing->*", start=0.015, stop=0.05),
        Command("drive", Sine(0.2, 20, offset=0.8), start=0.005, stop=0.03),
        Push("torso", (0, 0.02, 0), start=0.02, stop=0.03),
        Load("torso", 0.001, start=0.01, stop=0.04),
        SensorFailure("L1_coxa", "stuck", start=0.02),
        ActuatorFailure("L3_*", "weak", 0.5, start=0.01, stop=0.03),
    ]
)
LESION = Protocol([Cut("* swing->*"), Silence("R2 swing", start=0.01)])
ALL = [MUCH, Protocol(), LESION, MUCH.shifted(0.01)]
STEPS = 80


def alone(protocol: Protocol, seed: int, steps: int = STEPS) -> sns.Simulation:
    simulation = load("hexapod").simulation(seed=seed, protocol=protocol)
    simulation.commands["drive"] = 1.0
    simulation.step(steps)
    return simulation


def many(**options) -> sns.Population:
    population = sns.Population("hexapod", 4, protocols=ALL, seeds=[1, 1, 2, 3], **options)
    population.commands["drive"] = 1.0
    return population


@pytest.mark.parametrize("threads", [1, 2])
def test_every_individual_lives_its_protocol_as_it_would_alone(threads):
    population = many(threads=threads)
    for steps in (1, 17, STEPS - 18):
        population.step(steps)
    for individual, protocol in enumerate(ALL):
        expected = alone(protocol, int(population.seeds[individual]))
        np.testing.assert_array_equal(population.data.qpos[individual], expected.data.qpos)
        np.testing.assert_array_equal(population.potentials[individual], expected.potentials)
    assert population.protocols == tuple(ALL)


def test_a_population_goes_on_from_snapshots_copies_and_partial_resets():
    population = many(threads=1)
    population.step(25)
    snapshot, copied = population.snapshot(), population.simulation(0)
    population.step(STEPS - 25)
    expected = population.data.qpos.copy()
    copied.step(STEPS - 25)
    np.testing.assert_array_equal(copied.data.qpos, expected[0])
    assert (
        copied.protocol == MUCH
        and copied.model.body("torso").mass == load("hexapod").simulation().model.body("torso").mass
    )
    population.restore(snapshot)
    population.step(STEPS - 25)
    np.testing.assert_array_equal(population.data.qpos, expected)
    population.reset([0, 2], seeds=[1, 2])
    population.commands["drive"][[0, 2]] = 1.0
    population.step(STEPS, [0, 2])
    np.testing.assert_array_equal(population.data.qpos, expected)
    np.testing.assert_allclose(population.time, STEPS * 0.001)


def test_who_takes_over_a_state_goes_on_with_a_protocol_of_its_own():
    population = many(threads=1)
    population.step(8)  # individual 1 has lived without any
    population.branch(1, [2])
    population.step(STEPS - 8)
    expected = load("hexapod").simulation(seed=1, rig=True)
    expected.commands["drive"] = 1.0
    expected.step(8)
    expected.protocol = LESION
    expected.step(STEPS - 8)
    np.testing.assert_array_equal(population.data.qpos[2], expected.data.qpos)
    # from the midst of a lesion, a load and a command: what the other one's protocol did is over
    population.reset(seeds=[1, 1, 2, 3])
    population.commands["drive"] = 1.0
    population.step(22)
    before = population["g_max", "L2 swing->*"][1].copy()
    assert not population["g_max", "L2 swing->*"][0].any()
    population.branch(0, [1])
    population.step()
    np.testing.assert_array_equal(population["g_max", "L2 swing->*"][1], before)
    np.testing.assert_array_equal(population.data.expand("body_mass")[1], population.model.body_mass)
    np.testing.assert_array_equal(population.data.expand("actuator_gainprm")[1], population.model.actuator_gainprm)
    assert population.commands["drive"][1] == 1.0 and population.commands["drive"][0] != 1.0
    assert not population["g_max", "L2 swing->*"][0].any()


def test_protocols_of_a_population_are_refused_whole():
    population = many(threads=1)
    with pytest.raises(ValueError, match="2 protocols for 4 individuals"):
        population.protocols = [MUCH, MUCH]
    with pytest.raises(UnknownNameError, match="no neuron named 'L1 swng'.*did you mean 'L1 swing'"):
        population.protocols = [LESION, LESION, LESION, Protocol([Silence("L1 swng")])]
    two = Protocol([Silence("L1 swing"), VoltageClamp("L1*", 0.0)])
    with pytest.raises(ProtocolError, match="individual 1: .* two clamps of 'L1 swing' at once"):
        population.protocols = [LESION, two, LESION, LESION]
    assert population.protocols == tuple(ALL)
    with pytest.raises(ProtocolError, match="no stimulator.*rig=True"):
        sns.Population("hexapod", 2, threads=1, apart=False).protocols = LESION


def test_what_is_done_by_hand_replays_to_the_bit(tmp_path):
    animal = load("hexapod")
    simulation = animal.simulation(seed=2, rig=True)
    rig = simulation.rig
    rig.set_command("drive", 1.0)
    simulation.step(20)
    rig.inject("L1 swing", 5.0)
    simulation.step(5)
    rig.inject("L1 swing", 2.0)
    rig.silence("R1 swing")
    simulation.step(3)
    rig.release("L1 swing")
    rig.cut("L2 swing->*")
    rig.push("torso", (0.0, 0.02, 0.0), 0.01)
    simulation.step(10)
    rig.do(Friction("*", 0.7))
    rig.do(CurrentClamp("L3 swing", Noise(1.0)))
    rig.set_command("drive", 0.5)
    rig.set_command("drive", 0.4)  # in its place
    rig.release("R1 swing")
    simulation.step(7)
    rig.restore("L2 swing->*")
    simulation.step(15)
    assert len(rig.log) == 9 and rig.log == simulation.protocol
    rig.log.save(tmp_path / "log.yaml")
    again = animal.simulation(seed=2, protocol=Protocol.load(tmp_path / "log.yaml"))
    branch = simulation.branch()
    for one in (simulation, again, branch):
        one.step(60 + (60 if one is again else 0))
    np.testing.assert_array_equal(again.data.qpos, simulation.data.qpos)
    np.testing.assert_array_equal(again.potentials, simulation.potentials)
    np.testing.assert_array_equal(branch.data.qpos, simulation.data.qpos)


def test_going_back_in_time_forgets_what_was_done_by_hand_after_that():
    simulation = load("hexapod").simulation(protocol=Protocol([Silence("L1 swing", start=0.05)]), rig=True)
    simulation.rig.set_command("drive", 1.0)
    simulation.step(10)
    snapshot = simulation.snapshot()
    simulation.rig.inject("R1 swing", 9.0)
    simulation.step(10)
    assert simulation.potential("R1 swing") > 0.0
    simulation.restore(snapshot)
    simulation.step()
    assert [type(item) for item in simulation.rig.log] == [Silence, Command]
    assert not simulation.data.userdata[simulation.brain.electrodes].any()
    with pytest.raises(UnknownNameError, match="nothing is done by hand to the neuron 'R1 swing'"):
        simulation.rig.release("R1 swing")
    simulation.reset()
    simulation.step()
    assert simulation.rig.log == Protocol([Silence("L1 swing", start=0.05)])


def test_a_long_session_needs_no_more_room_than_what_still_acts():
    simulation = load("hexapod").simulation(rig=sns.RigRoom(rows=4, samples=0))
    for value in range(12):
        simulation.rig.set_command("drive", value / 12)
        simulation.step(2)
    assert len(simulation.rig.log) == 12 and simulation.commands["drive"] == pytest.approx(11 / 12)
    again = load("hexapod").simulation(protocol=simulation.rig.log)
    again.step(24)
    np.testing.assert_array_equal(again.data.qpos, simulation.data.qpos)
    for neuron in ("L1 swing", "L2 swing"):
        simulation.rig.inject(neuron, 1.0)
    simulation.rig.inject("L3 swing", 1.0)
    with pytest.raises(ProtocolError, match="needs 5 rows and 0 samples, and the model has room for 4 and 0"):
        simulation.rig.inject("R1 swing", 1.0)


@pytest.mark.parametrize(
    ("items", "error", "message"),
    [
        (
            [Silence("L1 swng")],
            UnknownNameError,
            "no neuron named 'L1 swng' in the model, for Silence.*mean 'L1 swing'",
        ),
        ([Cut("L1 swing->nobody")], UnknownNameError, "no synapse named 'L1 swing->nobody'.*did you mean"),
        ([Command("drve", 1.0)], UnknownNameError, "no command named 'drve'.*did you mean 'drive'"),
        ([Deprive("L1_cxa")], UnknownNameError, "no afferent named 'L1_cxa'.*did you mean 'L1_coxa'"),
        ([ActuatorFailure("L1_cxa")], UnknownNameError, "no actuator named 'L1_cxa'.*did you mean 'L1_coxa'"),
        ([Push("torsso", (1, 0, 0))], UnknownNameError, "no body named 'torsso'.*did you mean 'torso'"),
        ([Torque("L1_cxa", 1.0)], UnknownNameError, "no hinge or slide named 'L1_cxa'"),
        ([Friction("nothing", 1.0)], UnknownNameError, "no geom that touches something named 'nothing'"),
        ([Load("torsso", 1.0)], UnknownNameError, "no body with a mass named 'torsso'"),
        ([Load("torso", -1.0)], ProtocolError, "is to have -1 kg; leave it some mass"),
        ([Silence("L1*"), VoltageClamp("L1 swing", 0.0, start=5.0)], ProtocolError, "two clamps of 'L1 swing' at once"),
        ([Command("drive", 1.0), Command("drive", 0.5, start=1)], ProtocolError, "two commands of 'drive' at once"),
        ([SensorFailure("L1_coxa"), SensorFailure("*", "zero", start=2)], ProtocolError, "two failures of a sensor"),
        ([Silence("L1*", start=0.0001, stop=0.0002)], TimeStepError, "no physics step of 0.001 s begins"),
        ([CurrentClamp("L1*", Sine(1.0, 500.0))], TimeStepError, "too fast for a physics step of 0.001 s; give less"),
        ([CurrentClamp("L1*", Samples([1.0], 0.0015))], TimeStepError, "no whole number of physics steps of 0.001 s"),
        ([CurrentClamp("L1*", Pulses(1.0, 0.0005, 0.1))], TimeStepError, "shorter than a physics step"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_done_is_named_before_anything_runs(items, error, message, hexapod):
    with pytest.raises(error, match=message):
        hexapod.protocol = Protocol(items)
    assert hexapod.protocol == Protocol()


@pytest.fixture(scope="module")
def hexapod() -> sns.Simulation:
    return load("hexapod").simulation(rig=True)


def test_one_after_the_other_is_no_overlap(hexapod):
    silent = [Silence("L1 swing", stop=0.01), VoltageClamp("L1*", 0.0, start=0.01, stop=0.02), Silence("*", start=0.02)]
    hexapod.protocol = Protocol(silent)
    hexapod.protocol = Protocol()


def test_a_model_alone_knows_no_synapses_and_a_plain_one_no_protocols(hexapod):
    model = sns.Simulation(hexapod.model)
    model.protocol = Protocol([CurrentClamp("L1 swing", 1.0), VoltageClamp("R1 swing", 1.0)])
    model.step()
    assert model.potential("R1 swing") == 1.0
    for item in (Cut("*"), Silence("L1 swing"), Load("torso", 1.0)):
        with pytest.raises(ProtocolError, match="from an animal"):
            model.protocol = Protocol([item])
    with pytest.raises(ProtocolError, match="no stimulator.*rig=True"):
        _ = load("hexapod").simulation().rig
    with pytest.raises(TypeError, match="give a Protocol"):
        hexapod.protocol = [Cut("*")]


def test_a_recording_has_what_was_done_and_changes_nothing():
    expected = alone(MUCH, 1)
    recorded = load("hexapod").simulation(seed=1, protocol=MUCH)
    recorded.commands["drive"] = 1.0
    recording = recorded.record(STEPS * 0.001, rate=1000.0)
    np.testing.assert_array_equal(recorded.data.qpos, expected.data.qpos)
    pushed = recording["stimulus"].sel(stimulus_name="Push torso")
    np.testing.assert_array_equal(np.flatnonzero(pushed), np.arange(20, 30))
    assert Protocol.from_dict(yaml.safe_load(recording.attrs["protocol"])) == MUCH


def test_a_snapshot_ends_what_another_protocol_was_doing():
    simulation = load("hexapod").simulation(rig=True)
    simulation.commands["drive"] = 1.0
    simulation.protocol = Protocol([CurrentClamp("L1 swing", 5.0), Command("drive", 0.3)])
    simulation.step(5)
    snapshot = simulation.snapshot()
    simulation.protocol = Protocol()
    simulation.restore(snapshot)
    simulation.step(2)
    assert not simulation.data.userdata[simulation.brain.electrodes].any()
    assert simulation.commands["drive"] == 1.0
    other = load("hexapod").simulation(rig=True)
    other.restore(snapshot)
    other.step()
    assert not other.data.userdata[other.brain.electrodes].any()


def test_a_snapshot_knows_what_was_done_by_hand_until_then():
    simulation = load("hexapod").simulation(rig=True)
    simulation.step(4)
    early = simulation.snapshot()
    simulation.rig.inject("L1 swing", 9.0)
    simulation.step(4)
    late = simulation.snapshot()
    simulation.rig.release("L1 swing")
    simulation.step(4)
    simulation.restore(early)
    simulation.step()
    assert simulation.rig.log == Protocol()
    simulation.restore(late)  # what ended after it goes on
    simulation.step(8)
    assert simulation.rig.log == Protocol([CurrentClamp("L1 swing", 9.0, start=0.004)])
    assert simulation.data.userdata[simulation.brain.electrodes].sum() == 9.0
    again = load("hexapod").simulation(protocol=simulation.rig.log)
    again.step(16)
    np.testing.assert_array_equal(again.potentials, simulation.potentials)


def test_times_beyond_all_life_are_never_and_nothing_may_begin_there(hexapod):
    hexapod.protocol = Protocol([Silence("L1 swing", stop=1e308), CurrentClamp("R1 swing", Samples([1.0], 1e308))])
    hexapod.step()
    with pytest.raises(TimeStepError, match=r"acts from 1e\+308 s on, in which no physics step"):
        hexapod.protocol = Protocol([Silence("L1 swing", start=1e308)])
    hexapod.protocol = Protocol()


def test_what_is_no_protocol_is_refused_of_populations_too():
    for wrong in ("protocol.yaml", Silence("L1 swing"), [None, None]):
        with pytest.raises(TypeError, match="give a Protocol"):
            sns.Population("hexapod", 2, threads=1, protocols=wrong)
    population = sns.Population("hexapod", 2, threads=1, protocols=(one for one in (LESION, Protocol())))
    assert population.protocols == (LESION, Protocol())
    copied = population.simulation(0)
    assert copied.animal is population.animal and copied.terrain == "flat"
