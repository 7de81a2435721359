"""An arm learns from reward which way to move at which light: synapses change inside the engine while it lives.

Two lights excite Poisson neurons, which excite two pools of motor neurons that inhibit each other; the pool that wins
bends or stretches the arm. At first, chance decides. After each trial a command tells the dopamine neuron whether the
arm went the right way, and the synapses that have just been active grow or shrink (reward-modulated STDP: Izhikevich
2007, Cereb Cortex 17:2443). The weights live in MuJoCo's own state, so a `Batch` of animals learns with no Python in
the step. Animals rewarded at random learn nothing. Run: `python examples/learn_by_reward.py`.
"""

import numpy as np
from mujoco.batch import Batch

import sns_mujoco as sns
from sns_mujoco.adapters import AntagonistPair, Command
from sns_mujoco.network import CurrentSynapse, LIFNeuron, OrnsteinUhlenbeckNoise, PoissonNeuron, RewardSTDP

ARM = """
<mujoco model="arm">
  <option timestep="0.002"/>
  <worldbody><body pos="0 0 1">
    <joint name="elbow" axis="0 1 0" damping="0.1"/>
    <geom type="capsule" fromto="0 0 0 0 0 -0.3" size="0.02" mass="0.2"/>
  </body></worldbody>
  <actuator><position name="elbow" joint="elbow" kp="2" ctrlrange="-1 1"/></actuator>
</mujoco>"""
LIGHTS, POOLS = ("red", "green"), ("flexor", "extensor")

net = sns.Network("arm")
net.add_neuron(sns.NonSpikingNeuron(), "dopamine")
for pool in POOLS:
    net.add_population(LIFNeuron(refractory_period=5.0), 4, pool)
    net.add_noise(pool, OrnsteinUhlenbeckNoise(0.6, 50.0))
    net.add_neuron(sns.NonSpikingNeuron(membrane_capacitance=20.0), f"{pool} muscle")
    net.add_connection(CurrentSynapse(2.0, 20.0), pool, f"{pool} muscle")
net.add_connection(CurrentSynapse(-0.6, 10.0), *POOLS)
net.add_connection(CurrentSynapse(-0.6, 10.0), *reversed(POOLS))
rule = RewardSTDP("dopamine", a_pre=0.01, a_post=-0.003, tau_eligibility=100.0, rate=3e-4, w_max=0.8)
for light in LIGHTS:
    net.add_population(PoissonNeuron(rate=0.0, gain=80.0), 8, light)
    for pool in POOLS:
        net.add_connection(CurrentSynapse(0.4, 5.0, plasticity=rule), light, pool)
adapters = [Command(light, to=light, range=(0, 1), gain=1.0) for light in LIGHTS]
adapters += [Command("reward", to="dopamine", range=(-1, 1), gain=20.0, offset=-10.0)]
adapters += [AntagonistPair("extensor muscle", "flexor muscle", drives="elbow", range=(0, 20))]
model = sns.attach(ARM, net, adapters, dt=1.0).compile()
brain = sns.find_brains(model)["nervous_system"]
*lamps, reward = (brain.commands[name] for name in (*LIGHTS, "reward"))


def trials(animals, count, random, rewarded):
    """Whether each animal went the right way in each trial [count, animals]; `rewarded` makes rewards of it."""
    right = np.empty((count, animals.nsim), bool)
    for trial in right:
        light = random.integers(2, size=trial.size)
        animals.userdata[:, lamps] = np.eye(2)[light]
        animals.step(nstep=100)  # 0.2 s of light
        trial[:] = (animals.qpos[:, 0] > 0) == light
        animals.userdata[:, lamps], animals.userdata[:, reward] = 0.0, rewarded(trial)
        animals.step(nstep=50)  # 0.1 s of reward
        animals.userdata[:, reward] = 0.0
        animals.step(nstep=50)  # 0.1 s of rest
    return right


def lives(count, random, rewarded):
    """Share of right trials of each animal before and after 60 trials with rewards [2, count]."""
    animals = Batch(model, count)
    animals.plugin_state[:, brain.seed] = random.integers(2**31, size=count)
    phases = (20, lambda right: 0.0), (60, rewarded), (20, lambda right: 0.0)
    return np.array([trials(animals, number, random, given).mean(axis=0) for number, given in phases])[[0, 2]]


if __name__ == "__main__":
    random = np.random.default_rng(1)
    rules = lambda right: np.where(right, 1.0, -1.0), lambda right: random.choice([-1.0, 1.0], right.size)
    for name, rewarded in zip(("when right", "at random"), rules, strict=True):
        before, after = lives(6, random, rewarded)
        print(f"rewarded {name}: {before.mean():.0%} right before, {after.mean():.0%} after (worst {after.min():.0%})")
