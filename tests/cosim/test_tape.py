"""Tapes hold what Python would read after every step, and change nothing."""

import copy
import gc

import mujoco
import numpy as np
import pytest
from sns_mujoco.models import load

from sns_mujoco.cosim.tape import Tape, hung, slot_of


def sources_of(data: mujoco.MjData) -> np.ndarray:
    """Addresses of everything that `row_of` reads."""
    arrays = data.qpos, data.qvel, data.ctrl, data.plugin_state, data.sensordata, data.xpos, data.actuator_force
    return np.concatenate([array.ctypes.data + 8 * np.arange(array.size) for array in arrays])


def row_of(data: mujoco.MjData) -> np.ndarray:
    """What a tape should hold."""
    arrays = data.qpos, data.qvel, data.ctrl, data.plugin_state, data.sensordata, data.xpos, data.actuator_force
    return np.concatenate([np.ravel(array) for array in arrays])


def alive(name: str):
    animal = load(name)
    simulation = animal.simulation(seed=3)
    for command, value in animal.cruise.items():
        simulation.commands[command] = value
    return simulation


@pytest.mark.parametrize("name", ["hexapod", "rat_hindlimbs"])
def test_rows_are_what_python_reads_after_each_step(name):
    taped, looked_at, alone = alive(name), alive(name), alive(name)
    tape = Tape(taped.model, taped.data, sources_of(taped.data), every=3)
    tape.load(10)
    slot = slot_of(taped.model, taped.data)
    assert slot is not None
    with hung(slot, [tape]):
        taped.step(40)
    rows = []
    for step in range(1, 31):
        looked_at.step()
        if step % 3 == 0:
            rows.append(row_of(looked_at.data))
    np.testing.assert_array_equal(tape.taken, rows)
    alone.step(40)
    np.testing.assert_array_equal(taped.snapshot().state, alone.snapshot().state)


def test_two_tapes_of_one_animal_have_clocks_of_their_own_and_end_when_full():
    animal = alive("antagonist_joint")
    fast, slow = (Tape(animal.model, animal.data, sources_of(animal.data), every=every) for every in (1, 4))
    fast.load(6)
    slow.load(5)
    slot = slot_of(animal.model, animal.data)
    assert slot is not None
    with hung(slot, [fast, slow]):
        animal.step(12)
    assert len(fast.taken) == 6 and len(slow.taken) == 3
    np.testing.assert_array_equal(slow.taken[0], fast.taken[3])
    animal.step(12)
    assert len(slow.taken) == 3


def test_copies_of_the_data_know_no_tape():
    animal = alive("antagonist_joint")
    tape = Tape(animal.model, animal.data, sources_of(animal.data))
    tape.load(100)
    slot = slot_of(animal.model, animal.data)
    assert slot is not None
    with hung(slot, [tape]):
        animal.step(3)
        other = copy.copy(animal.data)
        mujoco.mj_step(animal.model, other, nstep=5)
        assert len(tape.taken) == 3
    del tape, other
    gc.collect()
    animal.step(5)


def test_the_ground_pushes_a_foot_up_with_what_it_bears():
    animal = load("quadruped")
    simulation = alive("quadruped")
    model, data = simulation.model, simulation.data
    sensor = model.sensor(animal.feet[0].sensor)
    body = model.site_bodyid[sensor.objid[0]]
    geoms = np.flatnonzero(np.asarray(model.geom_bodyid) == body).tolist()
    load_of_foot = data.sensordata.ctypes.data + 8 * int(sensor.adr[0])
    tape = Tape(model, data, np.array([-1, -2, -3, -4, load_of_foot]), every=1, feet=[geoms])
    tape.load(600)
    slot = slot_of(model, data)
    assert slot is not None
    with hung(slot, [tape]):
        simulation.step(600)
    x, y, z, contacts, touched = tape.taken.T
    stands = contacts > 0
    assert 50 < stands.sum() < 590 and not z[~stands].any() and (z >= 0).all()
    np.testing.assert_allclose(z[stands], touched[stands], rtol=1e-6, atol=1e-9)  # flat ground: load is vertical
    assert np.all(np.hypot(x, y) <= 2.0 * z + 1e-9) and np.hypot(x, y).max() > 1.0


def test_totals_are_of_all_steps_since_the_row_before():
    taped, counted = alive("antagonist_joint"), alive("antagonist_joint")
    control = np.array([taped.data.ctrl.ctypes.data])
    tape = Tape(taped.model, taped.data, np.array([-1, control[0]]), every=4, totals=control)
    slot = slot_of(taped.model, taped.data)
    assert slot is not None
    told = []
    for chunk in (3, 9, 7):  # steps of a row may be spread over several calls
        tape.load((chunk + 4 - tape.due) // 4)
        with hung(slot, [tape]):
            taped.step(chunk)
        told.extend(tape.taken[:, 0])
    each = []
    for _ in range(19):
        counted.step()
        each.append(counted.data.ctrl[0])
    np.testing.assert_allclose(told, np.reshape(each[:16], (4, 4)).sum(axis=1), rtol=1e-12)
    assert tape.due == 1 and told[0] != 0.0


def test_counting_by_hand_is_what_the_engine_does():
    native, by_hand = alive("antagonist_joint"), alive("antagonist_joint")
    tapes = [Tape(animal.model, animal.data, sources_of(animal.data), every=3) for animal in (native, by_hand)]
    for tape in tapes:
        tape.load(4)
    slot = slot_of(native.model, native.data)
    assert slot is not None
    with hung(slot, tapes[:1]):
        native.step(12)
    for _ in range(12):
        by_hand.step()
        tapes[1].count()
    np.testing.assert_array_equal(tapes[0].taken, tapes[1].taken)


def test_a_row_taken_by_hand_is_what_the_step_would_have_written():
    animal = alive("antagonist_joint")
    tape = Tape(animal.model, animal.data, sources_of(animal.data))
    animal.step(7)
    np.testing.assert_array_equal(tape.take(), row_of(animal.data))
