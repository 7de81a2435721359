"""Motor pools: twitches of single spikes and trains, recruitment by size, against Fuglevand et al. 1993 by hand."""

import math

import mujoco
import numpy as np
import pytest

import sns_mujoco as sns
from sns_mujoco.adapters import Command, MotorNeuron, MotorPool, Polynomial, Recruitment, Sigmoid, Twitch
from sns_mujoco.errors import AttachError, UnknownNameError

BODY = """
<mujoco><option timestep="{timestep}"/><worldbody><body><joint name="j"/><geom size=".1"/></body></worldbody>
<actuator><motor name="m" joint="j"/><motor name="bounded" joint="j" ctrlrange="0 .4" ctrllimited="true"/></actuator>
</mujoco>"""


def fused(rate):
    """S(T/ISI) / (T/ISI), normalised to its value at 0.4."""
    if rate < 0.4:
        return 1.0
    return (1 - math.exp(-2 * rate**3)) / rate / ((1 - math.exp(-2 * 0.4**3)) / 0.4)


TETANUS = math.e * 0.4 / (1 - math.exp(-2 * 0.4**3))


def pool(*adapters, spikes=3, timestep=0.001, dt=0.5):
    """Neurons that spike when a command of 100 tells them to, in every step that they are told."""
    net = sns.Network("pool")
    neuron = sns.SpikingNeuron(membrane_capacitance=0.5 * dt, threshold_initial_value=1.0)
    net.add_population(neuron, spikes, "pool")
    net.add_neuron(sns.NonSpikingNeuron(), "graded")
    drives = [Command(f"kick {k}", to=f"pool[{k}]", range=(0, 1), gain=1.0) for k in range(spikes)]
    return sns.Simulation(sns.attach(BODY.format(timestep=timestep), net, [*drives, *adapters], dt=dt))


def played(simulation, times, steps=400):
    """Controls after every step, with neuron k told to spike in the steps times[k]; and the spikes that came [S]."""
    brain, controls, spikes = simulation.brain, [], []
    n = len(brain.neuron_names)
    for step in range(steps):
        for k, when in enumerate(times):
            simulation.commands[f"kick {k}"] = float(step in when)
        mujoco.mj_step(simulation.model, simulation.data)
        mujoco.mj_forward(simulation.model, simulation.data)
        controls.append(simulation.data.ctrl.copy())
        spikes.append(simulation.data.sensordata[brain.readout][n:].copy())
    return np.array(controls), np.array(spikes)


def expected(spikes, times, forces, step):
    """Sum of twitches of all spikes, over the force of a fused tetanus; a spike of a step comes at its end."""
    steps, units = spikes.shape
    total = np.zeros(steps)
    for k in range(units):
        last = None
        for s in np.flatnonzero(spikes[:, k]):
            count = spikes[s, k]
            gain = 1.0 if last is None else fused(times[k] * count / ((s - last) * step))
            age = step * np.maximum(np.arange(steps) - s, 0.0)
            total += count * gain * forces[k] * age / times[k] * np.exp(1 - age / times[k])
            last = s
    return total / (TETANUS * sum(forces))


def test_a_spike_makes_a_twitch_with_its_peak_at_the_contraction_time():
    simulation = pool(MotorPool("pool[0]", drives="m", twitch=Twitch(contraction_time=40.0)), dt=1.0)
    controls, spikes = played(simulation, [{10}, set(), set()])
    assert spikes.sum() == 1
    assert controls[:, 0].max() == pytest.approx(1 / TETANUS, rel=1e-9)
    assert controls[:, 0].argmax() == np.flatnonzero(spikes[:, 0])[0] + 40


@pytest.mark.parametrize(("timestep", "dt"), [(0.001, 0.5), (0.001, 1.0), (0.0005, 1.0)])
def test_trains_of_spikes_add_up_and_fuse(timestep, dt):
    times, forces = (90.0, 60.0, 30.0), (1.0, 4.0, 9.0)
    simulation = pool(
        MotorPool("pool", drives="m", twitch=Twitch(contraction_time=times, force=forces)), timestep=timestep, dt=dt
    )
    trains = [set(range(5, 400, 30)), set(range(0, 400, 97)), {3, 4, 5, 20, 40, 41, 300}]
    if dt > 1e3 * timestep:
        trains = [{s | 1 for s in train} | {s & ~1 for s in train} for train in trains]
    controls, spikes = played(simulation, trains)
    assert spikes.sum(0).min() > 3
    np.testing.assert_allclose(controls[:, 0], expected(spikes, times, forces, 1e3 * timestep), rtol=1e-9, atol=1e-15)


def test_a_fused_tetanus_is_full_activation():
    # many spikes a contraction time: the mean force is that of a tetanus
    simulation = pool(MotorPool("pool[0]", drives="m", twitch=Twitch(contraction_time=50.0)))
    controls, _ = played(simulation, [set(range(0, 800, 5)), set(), set()], steps=800)
    assert controls[500:, 0].mean() == pytest.approx(1.0, rel=0.01)


def test_output_range_curve_delay_and_limits_of_the_control():
    plain = MotorPool("pool[0]", drives="m", twitch=Twitch(20.0))
    shaped = MotorPool(
        ("pool[0]",), drives="m", twitch=Twitch(20.0), range=(0.01, 0.06), output=(2.0, 3.0), delay=7.0
    )  # fmt: skip
    curved = MotorPool("pool[0]", drives="bounded", twitch=Twitch(20.0), curve=Polynomial(0, 0, 10.0, -0.2))
    train = [{5, 8, 30, 60, 61, 62, 63, 64}, set(), set()]
    force = played(pool(plain), train)[0][:, 0]
    later = np.concatenate([np.zeros(7), force[:-7]])
    found = played(pool(shaped), train)[0][:, 0]
    np.testing.assert_allclose(found, 2 + np.clip((later - 0.01) / 0.05, 0, 1), rtol=1e-9)
    assert found.min() == 2.0 and found.max() == 3.0
    bounded = played(pool(curved), train)[0][:, 1]
    np.testing.assert_allclose(bounded, np.clip(10 * force - 0.2, 0, 0.4), atol=1e-12)
    assert bounded.max() == 0.4


def test_a_pool_adds_to_other_drivers_of_its_actuator():
    both = [
        MotorPool("pool", drives="m", combine="sum"),
        MotorNeuron("graded", drives="m", output=(5.0, 6.0), combine="sum"),
    ]
    alone = played(pool(both[0]), [{1}, {2}, {3}], steps=50)[0]
    np.testing.assert_allclose(played(pool(*both), [{1}, {2}, {3}], steps=50)[0][:, 0], 5.0 + alone[:, 0])


def test_twitches_by_size_are_those_of_the_source():
    twitch = Twitch.by_size(120)
    force, time = np.array(twitch.force), np.array(twitch.contraction_time)
    # b = ln(100) / 120; c = ln(100) / ln(3) = 4.19; T_L = 90 ms
    np.testing.assert_allclose(force[[0, 59, 119]], [100 ** (1 / 120), 10.0, 100.0])
    np.testing.assert_allclose(time[[0, 119]], [90 * (100 ** (1 / 120)) ** (-1 / 4.1918065), 30.0], rtol=1e-6)


def slow_recruitment(v, *, n=120, rr=30.0, mfr=8.0, pfr1=35.0, pfrd=10.0):
    """Mean force of Fuglevand's pool, unit by unit, in plain Python."""
    full = rr + (pfr1 - pfrd - mfr)

    def force(e):
        total = 0.0
        for i in range(1, n + 1):
            rte, p = math.exp(math.log(rr) / n * i), math.exp(math.log(100) / n * i)
            t = 90.0 * (1 / p) ** (math.log(3) / math.log(100))
            if e < rte:
                continue
            rate = min(e - rte + mfr, pfr1 - pfrd * rte / rr)
            ratio = t * rate / 1000
            total += p * ratio * fused(ratio)
        return total

    return force(min(max(v / 20.0, 0.0), 1.0) * full) / force(full)


def test_recruitment_is_that_of_the_source():
    curve = Recruitment()
    for v in np.random.default_rng(2).uniform(-2, 22, 60):
        assert curve(v) == pytest.approx(slow_recruitment(v), rel=1e-9)
    assert curve(20.0) == 1.0 and curve(0.0) == 0.0


def test_recruitment_runs_natively_and_the_other_way_round():
    net = sns.Network("m")
    net.add_population(sns.NonSpikingNeuron(), 2, "m")
    down = Recruitment(range=(15.0, -5.0), units=20)
    motors = [MotorNeuron("m[0]", drives="m", curve=Recruitment()), MotorNeuron("m[1]", drives="bounded", curve=down)]
    simulation = sns.Simulation(sns.attach(BODY.format(timestep=0.001), net, motors, dt=1.0))
    for v in np.random.default_rng(3).uniform(-6, 22, 300):
        simulation.data.plugin_state[:2] = v
        mujoco.mj_forward(simulation.model, simulation.data)
        assert simulation.data.ctrl[0] == pytest.approx(float(Recruitment()(v)), abs=1e-4)
        assert simulation.data.ctrl[1] == pytest.approx(min(0.4, float(down(v))), abs=1e-3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: pool(MotorPool("graded", drives="m")), "'graded' does not spike, so it makes no twitches"),
        (lambda: pool(MotorPool("pol", drives="m")), "no neuron or population named 'pol'.*'pool'"),
        (lambda: pool(MotorPool(("pool", "pool[1]"), drives="m")), "a neuron is named twice"),
        (lambda: pool(MotorPool("pool", drives="m", twitch=Twitch((1.0, 2.0)))), "2 numbers as .* for 3 units"),
        (lambda: pool(MotorNeuron("pool[0]", drives="m")), "'pool.0.' spikes.*through a MotorPool"),
        (lambda: MotorPool(3, drives="m"), "its neuron is 3; give its name"),
        (lambda: Twitch(force=None), "force is None; give a finite number"),
        (lambda: MotorPool("pool", drives="m", twitch=3), "twitch is 3; give a Twitch"),
        (lambda: MotorPool("pool", drives="m", sigmoid=(0, 1)), "give a curve"),
        (lambda: MotorPool("pool", drives="m", range=(1, 1)), "its two ends must differ"),
        (lambda: MotorPool("pool", drives="m", curve=Sigmoid(0, 1, 1, 0), range=(0, 2)), "a curve stands in for"),
        (lambda: Twitch(contraction_time=0.0), "Twitch: contraction_time is 0.0; it must be above 0"),
        (lambda: Twitch(force=(1.0, -1.0)), "Twitch: force is -1.0"),
        (lambda: Twitch.by_size(0), "units is 0"),
        (lambda: Twitch.by_size(5, forces=0.5), "forces is 0.5; give the largest over the smallest"),
        (lambda: Recruitment(range=(3, 3)), "its two ends must differ"),
        (lambda: Recruitment(thresholds=1.0), "thresholds is 1.0"),
        (lambda: Recruitment(peak_difference=30.0), "lowest peak rate is 5; it must be above least_rate"),
        (lambda: Recruitment(units=5, twitch=Twitch((1.0, 2.0))), "2 numbers as contraction_time for 5 units"),
    ],
)
def test_what_makes_no_pool_is_refused(make, message):
    with pytest.raises((AttachError, UnknownNameError), match=message):
        make()
