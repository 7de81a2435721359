"""Experiments on the joint: its reflexes, felt by hand, and its rhythm with and without feedback.

    python -m sns_mujoco.models.antagonist_joint.experiments

prints the numbers of README.md.
"""

from collections.abc import Sequence

import mujoco
import numpy as np

from sns_mujoco.adapters import Afferent, Efferent
from sns_mujoco.cosim.attach import attach
from sns_mujoco.cosim.simulation import Simulation

from .adapters import adapters
from .body import body
from .measure import NEURAL_STEP, rhythm
from .nervous_system import nervous_system

TONE = 0.06  # command to both muscles
HAND = (100.0, 3.0)  # N m/rad and N m s/rad of a servo that holds the joint


def joint(terrain: str, **lesion: bool) -> Simulation:
    """The joint on a terrain.

    Args:
        terrain: As `body` takes it.
        **lesion: As `nervous_system` takes it.
    """
    return Simulation(attach(body(terrain), nervous_system(**lesion), adapters(), dt=NEURAL_STEP))


def in_hand(*, reflexes: bool = True, connections: Sequence[Afferent | Efferent] | None = None) -> Simulation:
    """The limb in the air with its hip in a hand: a servo, actuator "hand", whose control is the angle (rad).

    Args:
        reflexes: Of the nervous system.
        connections: Other adapters than the usual ones.
    """
    held = body("free")
    hand = held.add_actuator(name="hand", trntype=mujoco.mjtTrn.mjTRN_JOINT, target="hip")
    hand.set_to_position(kp=HAND[0], kv=HAND[1])
    network = nervous_system(reflexes=reflexes)
    return Simulation(attach(held, network, adapters() if connections is None else connections, dt=NEURAL_STEP))


def resistance(simulation: Simulation, *, tone: float = TONE, by: float = 0.2) -> float:
    """Stiffness (N m/rad) that muscles and reflexes give the joint around its hanging position, at rest.

    Args:
        simulation: From `in_hand`.
        tone: Command to both muscles.
        by: Half the way between the angles at which the joint is held, rad.
    """
    torques = []
    for angle in (-by, by):
        simulation.reset()
        simulation.commands.update(extend=tone, flex=tone)
        simulation.data.actuator("hand").ctrl[0] = angle
        simulation.run(2.0)
        torques.append(simulation.data.joint("hip").qfrc_actuator[0] - simulation.data.actuator("hand").force[0])
    return (torques[0] - torques[1]) / (2 * by)


def yielding(torque: float, *, tone: float = TONE, **lesion: bool) -> float:
    """How far the free limb gives way to a torque (N m) in flexion, rad.

    Args:
        torque: At the hip.
        tone: Command to both muscles.
        **lesion: Of the nervous system.
    """
    simulation = joint("free", **lesion)
    simulation.commands.update(extend=tone, flex=tone)
    simulation.run(4.0)
    hip = simulation.data.joint("hip")
    before = float(hip.qpos[0])
    hip.qfrc_applied[0] = torque
    simulation.run(4.0)
    return float(hip.qpos[0]) - before


def main() -> None:
    """Print what README.md reports."""
    for feedback in (True, False):
        print("with feedback to the rhythm" if feedback else "without")
        simulation = joint("ground", feedback=feedback)
        for drive in (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
            r = rhythm(simulation, drive, seconds=15.0)
            times = " | ".join(f"{x:.3f}" for x in (r.stance, r.swing, r.extension, r.flexion))
            print(f"| {drive} | {times} | {np.degrees(r.angles[0]):.0f} to {np.degrees(r.angles[1]):.0f} |")
    for reflexes in (True, False):
        print("with reflexes" if reflexes else "without")
        for tone in (0.0, 0.06, 0.12):
            stiffness = resistance(in_hand(reflexes=reflexes), tone=tone)
            print(f"| {tone} | {stiffness:.3f} N m/rad | {yielding(0.1, tone=tone, reflexes=reflexes):.3f} rad |")


if __name__ == "__main__":
    main()
