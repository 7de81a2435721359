"""Every model runs in the engine as it runs in Python: the same bits in `mj_step`, `Batch` and after a snapshot."""

import mujoco
import numpy as np
import pytest
from mujoco.batch import Batch

import sns_mujoco as sns
from sns_mujoco.adapters import AntagonistPair, Command, JointAngle
from sns_mujoco.backends.program import Program
from sns_mujoco.backends.state import StateLayout
from sns_mujoco.network import (
    STDP,
    AdaptiveExponentialNeuron,
    ConductanceSynapse,
    CurrentSynapse,
    DeltaSynapse,
    EquationNeuron,
    GradedCurrentSynapse,
    Hebb,
    IzhikevichNeuron,
    LIFNeuron,
    Network,
    NonSpikingNeuron,
    Oja,
    OrnsteinUhlenbeckNoise,
    PoissonNeuron,
    RewardSTDP,
    SigmoidSynapse,
    TripletSTDP,
    TsodyksMarkram,
)

STEPS, DT = 500, 0.5

ARM = """
<mujoco model="arm">
  <compiler angle="radian"/>
  <option timestep="{timestep}"/>
  <worldbody>
    <body name="arm" pos="0 0 1">
      <joint name="elbow" axis="0 1 0" range="-1 1" damping=".03"/>
      <geom type="capsule" fromto="0 0 0 0 0 -.3" size=".02" mass=".2"/>
    </body>
  </worldbody>
  <actuator><position name="elbow" joint="elbow" kp="2" ctrlrange="-1 1"/></actuator>
  {sensor}
</mujoco>"""


def network() -> Network:
    """Every kind of neuron with equations, receptor, learning rule and noise, on the way from elbow to muscle."""
    net = Network("everything")
    net.add_population(PoissonNeuron(rate=200.0, gain=20.0), 4, "sensory")
    net.add_population(LIFNeuron(refractory_period=1.5), 3, "relay")
    net.add_population(AdaptiveExponentialNeuron(), 2, "adaptive")
    net.add_population(IzhikevichNeuron(), 2, "bursting")
    net.add_neuron(EquationNeuron(equations={"V": "(tanh(I) - V) / tau"}, parameters={"tau": 20.0}), "own")
    net.add_neuron(NonSpikingNeuron(), "reward")
    for side in ("extensor", "flexor"):
        net.add_neuron(NonSpikingNeuron(membrane_capacitance=10.0), side)
    short = TsodyksMarkram(0.4, 50.0, 200.0)
    net.add_connection(CurrentSynapse(4.0, short_term=short, plasticity=STDP(w_max=8.0)), "sensory", "relay", "pairs")
    net.add_connection(DeltaSynapse(0.1, delay=2.0), "relay", "relay", "jumps")
    net.add_connection(ConductanceSynapse(0.02, 0.0, 8.0, rise_time=2.0), "relay", "adaptive", "alpha")
    net.add_connection(
        CurrentSynapse(9.0, 4.0, delay=1.0, plasticity=TripletSTDP(0.1, -0.1, 0.2, -0.05, w_max=20.0)),
        "relay", "bursting", "triplets",
    )  # fmt: skip
    rewarded = RewardSTDP("reward", 0.2, -0.1, tau_eligibility=100.0, rate=2e-3, w_max=4.0)
    net.add_connection(CurrentSynapse(1.0, 15.0, plasticity=rewarded), "sensory", "bursting", "rewarded")
    net.add_connection(CurrentSynapse(0.5, 20.0), "adaptive", "extensor")
    net.add_connection(CurrentSynapse(0.8, 20.0), "bursting", "flexor")
    net.add_connection(GradedCurrentSynapse(0.3, plasticity=Hebb(1e-3)), "extensor", "flexor", "hebb")
    net.add_connection(GradedCurrentSynapse(0.3, plasticity=Oja(1e-3)), "flexor", "own", "oja")
    net.add_connection(SigmoidSynapse(0.05, -30.0), "flexor", "extensor", "sigmoid")
    net.add_noise("adaptive", OrnsteinUhlenbeckNoise(0.2), "noise")
    net.add_noise("extensor", OrnsteinUhlenbeckNoise(1.0, 10.0, 2.0), "motor noise")
    for name, target in (("angle", "sensory"), ("drive", "adaptive"), ("current", "bursting"), ("dopamine", "reward")):
        net.add_input(target, name=name)
    return net


ADAPTERS = [
    JointAngle("elbow", to="angle", range=(-0.5, 0.5), gain=3.0),
    Command("drive", to="drive", range=(0, 1), gain=1.0),
    Command("drive", to="current", range=(0, 1), gain=10.0),
    Command("reward", to="dopamine", range=(-1, 1), gain=10.0, offset=-5.0),
    AntagonistPair("extensor", "flexor", drives="elbow", range=(0, 20), gain=0.8),
]


def commands(step):
    return {"drive": 0.6 + 0.4 * np.sin(0.02 * step), "reward": float(np.sign(np.sin(0.013 * step)))}


def animal(timestep=0.001) -> mujoco.MjModel:
    return sns.attach(ARM.format(timestep=timestep, sensor=""), network(), ADAPTERS, dt=DT, name="brain").compile()


def in_the_engine(model, seed):
    """States of the nervous system [T, state] and angles [T], stepped by MuJoCo alone."""
    simulation = sns.Simulation(model, seed=seed)
    size = StateLayout.of(program()).size
    states, angles = [], []
    for step in range(STEPS):
        simulation.commands.update(commands(step))
        mujoco.mj_step(model, simulation.data)
        begin = simulation.brain.state.start
        states.append(simulation.data.plugin_state[begin : begin + size].copy())
        angles.append(simulation.data.qpos[0])
    return np.array(states), np.array(angles)


def program() -> Program:
    return network().to_program(dt=DT)


def in_python(timestep, seed, backend):
    """The same as a plain loop around the network's model."""
    sensor = '<sensor><jointpos joint="elbow"/></sensor>'
    model = mujoco.MjModel.from_xml_string(ARM.format(timestep=timestep, sensor=sensor))
    data = mujoco.MjData(model)
    brain = network().compile(dt=DT, backend=backend)
    brain.state = brain.layout.initial(brain.program, seed)
    extensor, flexor = (brain.program.neuron_names.index(name) for name in ("extensor", "flexor"))
    states, angles = [], []
    for step in range(STEPS):
        v = brain.potentials
        control = 0.0 + 0.8 * np.clip(v[extensor] * (1 / 20), 0, 1)
        control += -0.8 * np.clip(v[flexor] * (1 / 20), 0, 1)
        data.ctrl[0] = np.clip(control, -1, 1)
        mujoco.mj_step(model, data)
        command = commands(step)
        x = np.array([
            0.0 + 3.0 * np.clip((data.sensordata[0] + 0.5) * (1 / 1.0), 0, 1),
            0.0 + 1.0 * np.clip(command["drive"], 0, 1),
            0.0 + 10.0 * np.clip(command["drive"], 0, 1),
            -5.0 + 10.0 * np.clip((command["reward"] + 1.0) * 0.5, 0, 1),
        ])  # fmt: skip
        for _ in range(round(1000 * timestep / DT)):
            brain(x)
        states.append(brain.state)
        angles.append(data.qpos[0])
    return np.array(states), np.array(angles)


@pytest.mark.parametrize("timestep", [0.0005, 0.001, 0.002])
def test_engine_and_python_loop_have_the_same_bits(timestep):
    native, plain = in_the_engine(animal(timestep), 3), in_python(timestep, 3, "numba")
    assert np.ptp(native[1]) > 0.05  # the arm moves
    np.testing.assert_array_equal(native[1], plain[1])
    np.testing.assert_array_equal(native[0], plain[0])


def test_all_that_learns_has_learned_in_plugin_state():
    states, _ = in_the_engine(animal(), 3)
    layout = StateLayout.of(program())
    for part in (layout.weight, layout.graded_weight):
        assert states[:, part].shape[1] > 0
        assert (np.ptp(states[:, part], axis=0) > 1e-6).all()
    assert np.ptp(states[:, layout.use], axis=0).min() > 0.1
    assert np.ptp(states[:, layout.noise], axis=0).min() > 0.1


def test_numpy_goes_the_same_way_until_rounding_shows():
    native, plain = in_the_engine(animal(), 4), in_python(0.001, 4, "numpy")
    np.testing.assert_allclose(native[0][:100], plain[0][:100], atol=1e-6)


def test_snapshot_in_the_middle_of_learning():
    model = animal()
    expected = in_the_engine(model, 5)[1][-1]
    simulation = sns.Simulation(model, seed=5)
    for step in range(200):
        simulation.commands.update(commands(step))
        simulation.step()
    middle = simulation.snapshot()

    def rest(simulation):
        for step in range(200, STEPS):
            simulation.commands.update(commands(step))
            simulation.step()
        return simulation.data.qpos[0]

    assert rest(simulation) == expected
    other = sns.Simulation(model, seed=99)
    other.restore(middle)
    assert rest(other) == expected


@pytest.mark.parametrize("threads", [1, 2])
def test_batch_learns_the_same_at_any_number_of_threads(threads):
    model = animal()
    alone = {seed: in_the_engine(model, seed) for seed in (0, 1)}
    brain = sns.find_brains(model)["brain"]
    batch = Batch(model, 6, threads)
    seeds = np.array([0, 1, 0, 1, 0, 1])
    batch.plugin_state[:, brain.seed] = seeds
    for step in range(STEPS):
        given = commands(step)
        for name, place in brain.commands.items():
            batch.userdata[:, place] = given[name]
        batch.step()
    for individual, seed in enumerate(seeds):
        assert batch.qpos[individual, 0] == alone[seed][1][-1]
        np.testing.assert_array_equal(batch.plugin_state[individual, : alone[seed][0].shape[1]], alone[seed][0][-1])
    assert alone[0][1][-1] != alone[1][1][-1]


def test_noise_of_sensors_and_neurons_is_independent():
    """Both are drawn from one seed, but not the same numbers."""
    net = Network("two kinds of noise")
    for name in ("heard", "noisy"):
        net.add_neuron(NonSpikingNeuron(membrane_capacitance=0.5), name)  # V is the current of the last step
    net.add_noise("noisy", OrnsteinUhlenbeckNoise(1.0, 0.0), "noise")
    net.add_input("heard")
    noisy_command = Command("quiet", to="heard", range=(0, 1), gain=1.0, clip=False, noise=1.0)
    adapters = [noisy_command, AntagonistPair("heard", "noisy", drives="elbow")]
    simulation = sns.Simulation(sns.attach(ARM.format(timestep=0.0005, sensor=""), net, adapters, dt=0.5), seed=1)
    rows = []
    for _ in range(1000):
        simulation.step()
        rows.append(simulation.potentials.copy())
    heard, noisy = np.array(rows).T
    for lag in (0, 1):
        assert abs(np.corrcoef(heard[: 1000 - lag], noisy[lag:])[0, 1]) < 0.13


def test_two_nervous_systems_in_one_body_have_noise_of_their_own():
    net = Network("noisy")
    net.add_population(PoissonNeuron(rate=300.0), 20, "inputs")
    net.add_neuron(NonSpikingNeuron(), "muscle")
    net.add_noise("muscle", OrnsteinUhlenbeckNoise())
    spec = ARM.format(timestep=0.001, sensor="")
    for name in ("first", "second"):
        spec = sns.attach(spec, net, [], dt=1.0, name=name)
    simulation = sns.Simulation(spec, seed=2)
    spikes = []
    for _ in range(200):
        simulation.step()
        views = [simulation.data.sensordata[brain.readout][-20:] for brain in simulation.brains.values()]
        spikes.append(np.array(views))
    first, second = np.swapaxes(spikes, 0, 1)
    assert (first != second).any(axis=0).all()
