"""Adapters that remember: their memory is part of the physics state, bit for bit, and of the model's description."""

import mujoco
import numpy as np
import pytest
from limb import animal, swing
from mujoco import rollout
from mujoco.batch import Batch

import sns_mujoco as sns
from sns_mujoco.adapters import (
    FARMS_IA,
    Activation,
    AntagonistPair,
    Command,
    Cutaneous,
    Excitation,
    GolgiTendonOrgan,
    MotorNeuron,
    MotorPool,
    Orientation,
    Polynomial,
    SpindleIa,
    StretchReceptor,
    Twitch,
)
from sns_mujoco.cosim.brain import find_brains

HILL = dict(kse=900.0, kpe=150.0, damping=6.0, rest_length=0.165, max_tension=3.0)
EVERYTHING = [
    StretchReceptor("front", "Ia", to="sum", range=(0, 0.1), gain=5.0, delay=3.0, **HILL),
    StretchReceptor(
        "front", "Ib", to="pool", curve=Polynomial(0, 0, 2, 0), excitation="static", force=3.0, width=0.1, **HILL
    ),
    Cutaneous("palm", on=0.1, off=0.05, to="pool", gain=2.0),
    SpindleIa(
        "extensor",
        model=FARMS_IA,
        alpha=Excitation(),
        gamma_dynamic=Activation("sum", (0, 50)),
        to="pool",
        range=(0, 1),
        gain=3.0,
        noise=0.05,
    ),
    Command("drive", to="pool", range=(0, 1), gain=1.5),
    MotorPool("pool", drives="flexor", twitch=Twitch.by_size(3), delay=5.0, range=(0, 0.3)),
    MotorPool(("pool[0]", "pool[2]"), drives="third", twitch=Twitch(20.0), range=(0, 0.3)),
]


def arm(seed=5):
    return animal(*EVERYTHING, seed=seed)


def lived(simulation, steps):
    """States after every step, under a drive that changes."""
    states = []
    for step in range(steps):
        simulation.commands["drive"] = 0.5 + 0.5 * np.sin(0.05 * step)
        simulation.step()
        states.append(simulation.snapshot().state)
    return np.array(states)


def test_everything_is_remembered_by_snapshots_and_copies():
    simulation = arm()
    lived(simulation, 150)
    before = simulation.snapshot()
    copied = mujoco.MjData(simulation.model)
    mujoco.mj_copyData(copied, simulation.model, simulation.data)
    first = lived(simulation, 150)
    simulation.restore(before)
    np.testing.assert_array_equal(lived(simulation, 150), first)
    other = arm(seed=9)
    other.restore(before)
    np.testing.assert_array_equal(lived(other, 150), first)
    simulation.data = copied
    copied.userdata[:] = 0.5 + 0.5 * np.sin(0.05 * 0)
    mujoco.mj_step(simulation.model, copied)
    np.testing.assert_array_equal(simulation.snapshot().state, first[0])


def test_a_reset_forgets():
    simulation = arm()
    first = lived(simulation, 80)
    simulation.reset()
    simulation.data.qpos[:], simulation.data.qvel[:] = (0.4, 0.5), (-8.0, -3.0)
    np.testing.assert_array_equal(lived(simulation, 80), first)


@pytest.mark.parametrize("threads", [1, 2])
def test_batches_and_rollouts_live_the_same_life(threads):
    simulation = arm()
    start = simulation.snapshot().state
    alone = lived(simulation, 200)
    model = simulation.model
    fresh = arm()
    states = np.empty(mujoco.mj_stateSize(model, mujoco.mjtState.mjSTATE_FULLPHYSICS))
    mujoco.mj_getState(model, fresh.data, states, mujoco.mjtState.mjSTATE_FULLPHYSICS)
    drive = 0.5 + 0.5 * np.sin(0.05 * np.arange(200))
    found, _ = rollout.rollout(
        model, [mujoco.MjData(model) for _ in range(threads)], np.tile(states, (3, 1)),
        np.tile(drive[:, None], (3, 1, 1)), control_spec=int(mujoco.mjtState.mjSTATE_USERDATA),
    )  # fmt: skip
    assert start.shape == alone[0].shape
    simulation.restore(sns.cosim.simulation.Snapshot(alone[-1]))
    np.testing.assert_array_equal(found[0, -1], found[2, -1])
    last = np.empty_like(states)
    mujoco.mj_getState(model, simulation.data, last, mujoco.mjtState.mjSTATE_FULLPHYSICS)
    np.testing.assert_array_equal(found[1, -1], last)

    batch = Batch(model, 3, threads)
    for name in ("qpos", "qvel", "act", "plugin_state"):
        getattr(batch, name)[:] = getattr(fresh.data, name)
    for step in range(200):
        batch.userdata[:] = drive[step]
        batch.step()
    for k in range(3):
        np.testing.assert_array_equal(batch.plugin_state[k], simulation.data.plugin_state)
        np.testing.assert_array_equal(batch.qpos[k], simulation.data.qpos)


def test_pools_spike_and_switch_and_pull_in_these_lives():
    simulation = arm()
    signals, controls = [], []
    for step in range(300):
        simulation.commands["drive"] = 0.5 + 0.5 * np.sin(0.05 * step)
        simulation.step()
        signals.append(simulation.brain.signals(simulation.data))
        controls.append(simulation.data.ctrl.copy())
    moved = np.ptp(signals, 0)
    assert (moved[[0, 1, 3, 4]] > 1e-3).all()
    assert np.max(controls, 0)[[0, 2]].min() > 0.1


def test_mjb_and_xml_keep_everything(tmp_path):
    simulation = arm()
    path = str(tmp_path / "arm.mjb")
    mujoco.mj_saveModel(simulation.model, path, None)
    again = sns.Simulation(mujoco.MjModel.from_binary_path(path), seed=5)
    again.data.qpos[:], again.data.qvel[:] = (0.4, 0.5), (-8.0, -3.0)
    np.testing.assert_array_equal(lived(again, 60), lived(simulation, 60))


def test_a_model_tells_what_its_adapters_are():
    details = find_brains(arm().model)["nervous_system"]
    receptor, driven, skin, spindle, drive = details.afferent_details
    assert (receptor.label, receptor.kind, receptor.source) == ("StretchReceptor('front')", "StretchReceptor", "front")
    assert (receptor.delay, receptor.delay_steps, receptor.to, receptor.targets) == (3.0, 3, "sum", ("sum",))
    assert receptor.quantities == driven.quantities == (("front", "tendon length"), ("front", "tendon velocity"))
    assert receptor.sensors == driven.sensors == ()
    assert driven.drives == ("static",) and "Polynomial" in driven.curve and driven.range is None
    assert skin.sensors == (("nervous_system/palm/contact", "norm"),) and skin.range == (0.0, 1.0)
    assert spindle.drives == ("extensor", "sum") and spindle.noise == 0.05
    assert drive.sensors == () and drive.targets == ("pool[0]", "pool[1]", "pool[2]")
    pool, pair = details.efferent_details
    assert (pool.kind, pool.drives, pool.terms, pool.delay_steps) == ("MotorPool", "flexor", (("pool", 1.0),), 5)
    assert pair.terms == (("pool[0]", 1.0), ("pool[2]", 1.0))
    assert details.efferents[0] == "MotorPool('pool') -> flexor"


def test_two_brains_keep_their_signals_apart():
    from limb import body, network

    one = sns.attach(body(), network(), [GolgiTendonOrgan("flexor", to="sum")], dt=0.5, name="one")
    both = sns.attach(one, network(), [GolgiTendonOrgan("extensor", to="sum", gain=5.0)], dt=0.5, name="two")
    simulation = sns.Simulation(both)
    *_, data = swing(simulation, 30)
    for name, muscle, gain in (("one", "flexor", 20.0), ("two", "extensor", 5.0)):
        pull = -data.actuator_force[simulation.model.actuator(muscle).id]
        force = {"flexor": 5.0, "extensor": 4.0}[muscle]
        brain = simulation.brains[name]
        np.testing.assert_allclose(brain.signals(data), [pull / force])
        np.testing.assert_allclose(brain.currents(data), [gain * min(pull / force, 1.0)])
    assert pull > 0.0


@pytest.mark.parametrize("seed", range(3))
def test_damaged_wiring_is_refused_or_runs(seed):
    spec = arm_spec()
    plugin = next(p for p in spec.plugins if p.name == "nervous_system")
    config = dict(plugin.config)
    numbers = config["wiring"].split()
    random = np.random.default_rng(seed)
    refused = 0
    for _ in range(60):
        damaged = list(numbers)
        damaged[random.integers(len(damaged))] = str(random.choice([0, 1, 7, 1000, 2**31, 2**32 - 1]))
        plugin.config = config | {"wiring": " ".join(damaged)}
        try:
            model = spec.compile()
        except ValueError:
            refused += 1
            continue
        data = mujoco.MjData(model)
        for _ in range(3):
            mujoco.mj_step(model, data)
    assert refused > 10


def arm_spec():
    from limb import body, network

    turned = Orientation("hand", "roll", to="sum", range=(-1, 1))
    motors = [MotorNeuron("alpha", drives="extensor", curve=Polynomial(0, 0, 1, 0), combine="sum")]
    more = AntagonistPair("alpha", "static", drives="extensor", combine="sum")
    return sns.attach(body(), network(), [*EVERYTHING, turned, *motors, more], dt=0.5)
