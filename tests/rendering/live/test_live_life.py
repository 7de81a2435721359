"""The life that a live view shows, and what is done to it."""

import json
import time
from collections.abc import Callable, Iterator

import mujoco
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sns_mujoco.models import Animal, Readout, load

import sns_mujoco.network as sns
from sns_mujoco.adapters import Command as Drive
from sns_mujoco.errors import UnknownNameError
from sns_mujoco.protocols import Command, Protocol, Silence
from sns_mujoco.rendering.live.life import Life
from sns_mujoco.rendering.live.painter import Painter
from sns_mujoco.rendering.live.signals import SPIKE, bodies_of
from sns_mujoco.rendering.live.wishes import Wishes

JOINT = "antagonist_joint"
NEURON = "flexor motor"


@pytest.fixture
def life() -> Iterator[Life]:
    born = Life(load(JOINT), seed=3)
    yield born
    born.close()


def until(true: Callable[[], bool]) -> None:
    for _ in range(2000):
        if true():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come to pass in ten seconds")


def test_time_passes_only_while_it_plays(life: Life) -> None:
    assert life.simulation.time == 0.0
    life.play()
    until(lambda: life.simulation.time > 0.05 and life.factor > 0)
    life.pause()
    held = life.simulation.time
    time.sleep(0.05)
    assert life.simulation.time == held and life.factor == 0.0


def test_a_step_is_one_physics_step(life: Life) -> None:
    before = life.simulation.data.qpos.copy(), life.simulation.potentials.copy()
    life.step()
    assert life.simulation.time == pytest.approx(life.simulation.model.opt.timestep)
    assert not np.array_equal(before[1], life.simulation.potentials)
    life.step(20)
    assert life.simulation.time == pytest.approx(21 * life.simulation.model.opt.timestep)
    for wrong in (0, -1, 10**6):
        with pytest.raises(ValueError, match="give 1 to 1000"):
            life.step(wrong)


def test_samples_are_evenly_spaced_and_as_the_animal_was(life: Life) -> None:
    life.signals.take()
    life.step(4 * life.signals.every)
    samples = life.signals.take()
    np.testing.assert_allclose(
        np.diff(samples[:, 0]), life.signals.every * life.simulation.model.opt.timestep, rtol=1e-4
    )
    np.testing.assert_allclose(samples[-1, 1 : 1 + life.signals.neurons], life.simulation.potentials, rtol=1e-6)
    assert life.signals.take().shape == (0, samples.shape[1])
    shown = life.signals.shown()
    np.testing.assert_allclose(shown, samples[-1, life.signals.columns], rtol=1e-4, atol=1e-4)


def test_a_new_life_forgets_what_was_done_and_keeps_it(life: Life) -> None:
    life.command("drive", 0.2)
    neuron = life.simulation.brain.neuron_names[0]
    life.silence(neuron)
    life.step(10)
    life.reset(seed=8)
    assert life.number == 2 and life.seed == 8 and life.simulation.time == 0.0
    assert not life.silenced and not life.deeds
    assert life.commands["drive"] == life.animal.cruise["drive"]
    (earlier,) = life.earlier
    assert earlier.seed == 3 and neuron in earlier.protocol.to_yaml()
    assert earlier.protocol.name == "antagonist_joint on free, seed 3"
    assert life.past() == earlier
    life.reset()
    assert life.seed == 8 and len(life.earlier) == 1  # nothing was done in the second life


def test_silencing_stimulating_and_releasing_a_neuron(life: Life) -> None:
    neuron = NEURON
    life.step(200)
    life.inject(neuron, 15.0)
    life.step(300)
    driven = life.simulation.potential(neuron)
    assert life.injected == {neuron: 15.0}
    life.silence(neuron)
    life.step(300)
    silent = life.simulation.potential(neuron)
    assert life.silenced == {neuron} and not life.injected
    assert driven > silent + 5.0
    life.release(neuron)
    assert not life.silenced
    with pytest.raises(UnknownNameError, match=r"no neuron named 'flexr'"):
        life.silence("flexr")


def test_a_cut_changes_what_follows_and_is_made_whole(life: Life) -> None:
    other = Life(load(JOINT), seed=3)
    connections = load(JOINT).network().connection_names
    for name in connections:
        other.lesion(name)
    life.step(400), other.step(400)
    assert not np.allclose(life.simulation.potentials, other.simulation.potentials, atol=1.0)
    assert other.cut == set(connections)
    other.lesion(connections[0], intact=True)
    assert connections[0] not in other.cut
    with pytest.raises(UnknownNameError):
        other.lesion("no such synapse")
    other.close()


def test_a_push_moves_the_body(life: Life) -> None:
    body = life.simulation.model.body(life.simulation.model.nbody - 1).name
    other = Life(load(JOINT), seed=3)
    life.step(100), other.step(100)
    life.push(body, (3.0, 0.0, 0.0), 0.1)
    life.step(100), other.step(100)
    assert np.abs(life.simulation.data.qpos - other.simulation.data.qpos).max() > 1e-3
    assert "pushed, 3 N for 100 ms" in life.deeds[-1].what
    other.close()


def test_what_was_done_replays_to_the_same_bits(life: Life, tmp_path) -> None:
    neuron, synapse = NEURON, load(JOINT).network().connection_names[1]
    life.play()
    until(lambda: life.simulation.time > 0.1)
    life.command("drive", 0.35)
    life.inject(neuron, 6.5)
    until(lambda: life.simulation.time > 0.2)
    life.lesion(synapse)
    life.push(life.simulation.model.body(life.simulation.model.nbody - 1).name, (0.5, 0.0, -0.25), 0.05)
    until(lambda: life.simulation.time > 0.3)
    life.release(neuron)
    until(lambda: life.simulation.time > 0.4)
    life.pause()
    life.lesion(synapse, intact=True)
    life.step(50)
    life.past().protocol.save(tmp_path / "done.yaml")

    again = load(JOINT).simulation(seed=3, protocol=Protocol.load(tmp_path / "done.yaml"))
    again.step(round(life.simulation.time / again.model.opt.timestep))
    np.testing.assert_array_equal(again.data.qpos, life.simulation.data.qpos)
    np.testing.assert_array_equal(again.potentials, life.simulation.potentials)


def test_a_given_protocol_acts_in_every_life_and_is_part_of_what_was_done() -> None:
    given = Protocol([Command("drive", 0.3), Silence(NEURON, start=0.05, stop=0.1)], "given")
    life = Life(load(JOINT), seed=3, protocol=given)
    for _ in range(2):
        life.step(70)
        assert life.commands["drive"] == 0.3  # the protocol has the word, and not what it cruises by
        life.command("flex", 0.5)
        life.step(10)
        assert life.commands["flex"] == 0.5
        told = life.past().protocol
        assert set(given.items) < set(told.items) and "flex" in told.to_yaml()
        life.reset()
    assert life.number == 3 and len(life.earlier) == 2
    with pytest.raises(UnknownNameError, match="nobody"):
        Life(load(JOINT), protocol=Protocol([Silence("nobody")]))
    life.close()


def test_moves_of_one_slider_are_told_as_one(life: Life) -> None:
    for n in range(10):
        life.command("drive", n / 10)
    life.command("flex", 0.5)
    assert [deed.what for deed in life.deeds] == ["drive 0.9", "flex 0.5"]
    life.step(1000)
    life.command("flex", 0.6)
    assert len(life.deeds) == 3
    with pytest.raises(ValueError, match="drive is 3; give 0 to 1"):
        life.command("drive", 3.0)
    with pytest.raises(UnknownNameError, match="no command named 'dive'"):
        life.command("dive", 0.5)


def wishes_of(life: Life) -> Wishes:
    return Wishes(life, Painter(life), lambda: "saved")


def test_wishes_are_carried_out(life: Life) -> None:
    wishes = wishes_of(life)
    assert wishes.grant('{"do": "step", "n": 3}') is None
    assert life.simulation.time == pytest.approx(0.003)
    wishes.grant('{"do": "command", "name": "drive", "value": 0.25}')
    assert life.commands["drive"] == 0.25
    wishes.grant('{"do": "step", "n": 1}')
    assert life.commands["drive"] == life.simulation.commands["drive"] == 0.25
    wishes.grant('{"do": "speed", "value": 0.5}')
    assert life.speed == 0.5
    assert wishes.grant('{"do": "save"}') == {"saved": "saved"}
    told = wishes.grant('{"do": "protocol"}')
    assert told is not None and "drive" in told["protocol"]
    wishes.grant('{"do": "reset", "seed": 5}')
    assert life.seed == 5


@pytest.mark.parametrize(
    ("wish", "notice"),
    [
        ("{", "Expecting"),
        ("[]", "not known"),
        ("[" * 4000, "recursion"),
        ('{"do": "speed", "value": 1' + "0" * 400 + "}", "too large"),
        ('{"do": "quit"}', "not known"),
        ('{"do": "step", "n": 1.5}', "n is 1.5; give a whole number"),
        ('{"do": "step", "n": true}', "give a whole number"),
        ('{"do": "speed", "value": 0}', "give 0.001 to 10"),
        ('{"do": "speed", "value": NaN}', "give a finite number"),
        ('{"do": "command", "name": "drive", "value": 7}', "give 0 to 1"),
        ('{"do": "command", "name": 3, "value": 0.5}', "name is 3; give a name"),
        ('{"do": "inject", "neuron": "x", "current": 1}', "no neuron named 'x'"),
        ('{"do": "push", "body": "x", "force": [1, 0, 0], "seconds": 0.1}', "no body named 'x'"),
        ('{"do": "push", "body": "world", "force": [1, 0], "seconds": 0.1}', "three numbers"),
        ('{"do": "cut", "synapse": "x->y"}', "'x->y'"),
        ('{"do": "reset", "seed": -1}', "give 0 to"),
        ('{"do": "pick", "x": 2, "y": 0}', "outside the picture"),
    ],
)
def test_what_cannot_be_done_is_answered(life: Life, wish: str, notice: str) -> None:
    told = wishes_of(life).grant(wish)
    assert told is not None and notice in told["notice"]
    assert life.number == 1


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
DOINGS = ["play", "pause", "step", "reset", "speed", "command", "inject", "silence", "release", "cut", "restore",
          "push", "size", "view", "protocol", "pick"]  # fmt: skip
NAMES = ["n", "seed", "value", "name", "neuron", "current", "synapse", "body", "force", "seconds", "x", "y", "width",
         "height", "turn", "tilt", "zoom"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(DOINGS), st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=5))
def test_no_message_of_a_page_breaks_anything(shared_wishes: Wishes, doing: str, brought: dict) -> None:
    told = shared_wishes.grant(json.dumps({"do": doing} | brought))
    assert told is None or set(told) & {"notice", "protocol", "picked"}


@pytest.fixture(scope="module")
def shared_wishes() -> Iterator[Wishes]:
    born = Life(load(JOINT))
    yield wishes_of(born)
    born.close()


def test_every_spike_is_seen_between_two_samples() -> None:
    animal = spiking_animal()
    life = Life(animal)
    life.signals.take()
    life.step(400)
    samples = life.signals.take()
    column = 1 + life.simulation.brain.neuron("ticks")
    assert life.signals.every > 1  # so that looking at samples alone would miss spikes
    seen = samples[:, column] == SPIKE
    assert seen.sum() == ticks_in(animal, 400) > 5
    assert (samples[:, 1 + life.simulation.brain.neuron("quiet")] != SPIKE).all()
    life.signals.rewind()
    assert len(life.signals.take()) > len(samples)  # a page that is opened later sees what was before
    life.close()


def ticks_in(animal: Animal, steps: int) -> int:
    """Spikes counted step by step."""
    simulation = animal.simulation()
    simulation.commands["drive"] = 1.0
    brain, count = simulation.brain, 0
    for _ in range(steps):
        simulation.step()
        count += int(simulation.data.sensordata[brain.readout][len(brain.neuron_names)] > 0)
    return count


def spiking_animal() -> Animal:
    """A pendulum with a neuron that spikes by itself."""

    def body(terrain: str, seed: int) -> mujoco.MjSpec:
        return mujoco.MjSpec.from_string(
            "<mujoco><option timestep='.001'/><worldbody><body name='arm'><joint name='hinge'/>"
            "<geom size='.02' fromto='0 0 0 0 0 -.2' type='capsule'/></body></worldbody></mujoco>"
        )

    def network() -> sns.Network:
        net = sns.Network("ticking")
        net.add_neuron(sns.SpikingNeuron(threshold_initial_value=1.0), name="ticks")
        net.add_neuron(sns.NonSpikingNeuron(), name="quiet")
        net.add_connection(sns.SpikingSynapse(), "ticks", "quiet")
        return net

    return Animal(
        name="pendulum", summary="a pendulum", length=0.2, body=body, terrains=("air",), network=network,
        adapters=lambda: [Drive(name="drive", to="ticks", range=(0.0, 1.0), gain=1.3)], dt=1.0,
        start=lambda life, seed: life.reset(seed=seed), commands={"drive": (0.0, 1.0)}, cruise={"drive": 1.0},
        readouts=(Readout(neuron="ticks", label="ticks", family="one", range=(0.0, 1.0)),
                  Readout(joint="hinge", label="hinge", family="one", range=(-90.0, 90.0))),
    )  # fmt: skip


def test_the_rhythm_and_the_speed_are_those_of_the_animal() -> None:
    life = Life(load("hexapod"), seed=1)
    for _ in range(2):
        life.step(1000)
    before = life.animal.whereabouts(life.simulation)
    first = life.signals.columns[0]
    life.signals.take()
    life.step(1000)
    samples = life.signals.take()
    high = samples[:, first] > 10.0
    assert life.signals.rhythm == pytest.approx((high[1:] & ~high[:-1]).sum(), abs=1.0)
    way = np.hypot(*np.subtract(life.animal.whereabouts(life.simulation), before))
    assert life.signals.speed == pytest.approx(way / life.animal.length, rel=0.15)
    stance = samples[:, -len(life.animal.feet) :]
    assert set(np.unique(stance)) == {0.0, 1.0} and 0.3 < stance.mean() < 0.8
    life.silence("L1 swing")
    life.step(1000)
    assert life.signals.rhythm == 0.0  # the first neuron that is shown has fallen silent
    life.close()


def test_only_what_can_move_may_be_pushed(life: Life) -> None:
    assert bodies_of(life.simulation.model) == ["limb", "foot"]
