"""Gymnasium's Ant with a nervous system, many at a time, against EnvPool's Ant that is given a fixed action."""

from importlib.util import find_spec
from typing import Any

import numpy as np

from sns_mujoco.adapters import Afferent, AntagonistPair, Command, Efferent, JointAngle
from sns_mujoco.cli.bench.timing import in_turns, medians
from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingSynapse

ENVIRONMENTS = 64
STEPS = 20  # of every environment in a measurement
NEURAL_STEP = 1.0  # ms; the Ant's physics step is 10 ms
LEGS = (1, 2, 3, 4)
FULL = 20.0  # mV


def available() -> bool:
    """Whether EnvPool is installed."""
    return find_spec("envpool") is not None


def nervous_system() -> Network:
    """A half-centre for every leg, whose neighbours inhibit one another, with motor neurons for hip and ankle."""
    net = Network("ant")
    net.add_neuron(NonSpikingNeuron(), "drive")
    fast, slow = NonSpikingNeuron(membrane_capacitance=20.0), NonSpikingNeuron(membrane_capacitance=400.0)
    excite = NonSpikingSynapse(max_conductance=0.5, reversal_potential=100.0, e_lo=0.0, e_hi=FULL)
    inhibit = NonSpikingSynapse(max_conductance=2.0, reversal_potential=-40.0, e_lo=4.0, e_hi=16.0)
    couple = NonSpikingSynapse(max_conductance=0.05, reversal_potential=-40.0, e_lo=4.0, e_hi=16.0)
    for leg in LEGS:
        for half in ("forward", "backward"):
            net.add_neuron(fast, f"{leg} {half}", initial_value=FULL if (half == "forward") == (leg % 2 == 0) else 0.0)
            net.add_neuron(slow, f"{leg} {half} tired")
            net.add_connection(excite, "drive", f"{leg} {half}")
            net.add_connection(excite, f"{leg} {half}", f"{leg} {half} tired")
            net.add_connection(inhibit, f"{leg} {half} tired", f"{leg} {half}")
        for name in ("hip +", "hip -", "ankle +", "ankle -", "hip angle", "ankle angle"):
            net.add_neuron(fast, f"{leg} {name}")
        for half, other, motors in (("forward", "backward", "+"), ("backward", "forward", "-")):
            net.add_connection(inhibit, f"{leg} {half}", f"{leg} {other}")
            for joint in ("hip", "ankle"):
                net.add_connection(excite, f"{leg} {half}", f"{leg} {joint} {motors}")
                net.add_connection(couple, f"{leg} {joint} angle", f"{leg} {joint} {motors}")
    for leg in LEGS:
        for half in ("forward", "backward"):
            net.add_connection(couple, f"{leg} {half}", f"{leg % 4 + 1} {half}")
    return net


def adapters() -> list[Afferent | Efferent]:
    """Drive, eight joint angles, eight pairs of motor neurons."""
    found: list[Afferent | Efferent] = [Command(name="drive", to="drive", range=(0.0, 1.0), gain=FULL)]
    for leg in LEGS:
        for joint in ("hip", "ankle"):
            hinge = f"{joint}_{leg}"
            found.append(JointAngle(joint=hinge, to=f"{leg} {joint} angle", range=(-1.0, 1.0), gain=FULL))
            found.append(
                AntagonistPair(agonist=f"{leg} {joint} +", antagonist=f"{leg} {joint} -", drives=hinge, gain=1.0)
            )
    return found


def against_envpool(*, threads: int, repeats: int) -> dict[str, float]:
    """Environment steps per second of our Ant with a nervous system over those of EnvPool's.

    Both are Ant-v5 with its observations and rewards, as many on as many threads. EnvPool's gets one fixed action, ours
    a fixed drive, from which its nervous system makes the controls.

    Returns:
        "ant_over_envpool", and the environment steps per second of both.
    """
    import envpool  # pyright: ignore[reportMissingImports]

    from sns_mujoco import wrap_vec

    ours: Any = wrap_vec("Ant-v5", nervous_system(), adapters(), dt=NEURAL_STEP, num_envs=ENVIRONMENTS, threads=threads)
    theirs: Any = envpool.make("Ant-v5", env_type="gymnasium", num_envs=ENVIRONMENTS, num_threads=threads, seed=0)
    try:
        ours.reset(seed=0)
        theirs.reset()
        drive, action = np.full((ENVIRONMENTS, 1), 0.8), np.full((ENVIRONMENTS, 8), 0.1)

        def steps(env: Any, actions: np.ndarray) -> None:
            for _ in range(STEPS):
                env.step(actions)

        tasks = {"ours": lambda: steps(ours, drive), "theirs": lambda: steps(theirs, action)}
        times = medians(in_turns(tasks, repeats))
    finally:
        ours.close()
        theirs.close()
    rates = {name: ENVIRONMENTS * STEPS / taken for name, taken in times.items()}
    return {
        "ant_over_envpool": rates["ours"] / rates["theirs"],
        "our_ant_env_steps_per_s": rates["ours"],
        "envpool_ant_env_steps_per_s": rates["theirs"],
    }
