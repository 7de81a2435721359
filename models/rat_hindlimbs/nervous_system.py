"""The rat's spinal cord for two hindlimbs: a two-layer pattern generator, motor circuits and afferents of each leg.

One leg is described, of non-spiking neurons, and mirrored; commissural interneurons join the two legs, and a descending
neuron "drive" excites both. In each leg

- **rhythm generator** (RG): two half-centres, "extensor" and "flexor", with persistent sodium, which inhibit each other
  through two interneurons. Their inactivation times the step; drive shortens it.
- **pattern formation** (PF): two half-centre pairs of the same kind, one for the hip and one for knee and ankle
  ("distal"), that the rhythm generator excites and so entrains. Losing a burst here does not stop the clock above.
- **motor circuit** of each joint: two motor neurons (MN), two Renshaw cells (RC), two Ia interneurons (IaIN) with
  reciprocal inhibition, and two Ib interneurons (IbIN) that excite their own motor neurons unless the antagonist's
  half-centre shunts them, as Ib does during locomotion.
- **afferents**: Ia of each muscle, to its Ia interneuron; II of the hip's muscles and of the ankle flexor; Ib of each
  muscle. Stretch of the hip's flexors (Ia, II) ends the extensor phase in all layers, that of its extensors the flexor
  phase, and load of the ankle extensors prolongs the extensor phase.

Layers, cell types, connections and conductances are those of the AnimatLab project of Deng et al. 2019 (Biomimetics
4(1):21) unless `parameters.py` says otherwise; README.md lists what differs. Commissures: Danner et al. 2017, eLife
6:e31050 (V0d neurons, excited by a flexor half-centre, inhibit the contralateral one).
"""

from dataclasses import replace

from sns_mujoco.network import Network, NonSpikingNeuron
from sns_mujoco.network.subnetworks import mirrored

from .anatomy import ACTIONS, LEFT, MUSCLES, RIGHT
from .parameters import (
    ANKLE_FLEXOR_II,
    CAPACITANCE,
    CENTRAL_AFFERENTS,
    EXCITATION,
    FULL,
    HALF_CENTRE_TO_INTERNEURON,
    HAMSTRINGS,
    IA_TO_ANTAGONIST,
    IA_TO_INTERNEURON,
    IB_TO_MOTOR,
    II_CURRENT,
    INHIBITION,
    INTERNEURON_TO_HALF_CENTRE,
    MOTOR_EXCITATION,
    MOTOR_REST,
    MOTOR_TO_RENSHAW,
    MUTUAL,
    PATTERN_TO_IA,
    PATTERN_TO_IB,
    PATTERN_TO_MOTOR,
    RENSHAW_TO_MOTOR,
    REST,
    Parameters,
    half_centre,
    synapse,
)

PATTERNS = {"hip": ("hip",), "distal": ("knee", "ankle")}  # pattern formation pairs and the joints that they drive
OTHER = {"extensor": "flexor", "flexor": "extensor"}


def nervous_system(
    *, afferents: bool = True, commissures: bool = True, parameters: Parameters | None = None
) -> Network:
    """Describe the nervous system.

    Args:
        afferents: False removes every synapse of the afferents Ia, II and Ib: a deafferented animal.
        commissures: False removes what crosses the midline.
        parameters: Other than the tuned ones.

    Returns:
        A new network: "drive", and for each side, with the prefix "L_" or "R_", "RG_extensor", "RG_IN_extensor",
        "PF_hip_extensor", "PF_hip_IN_extensor", "PF_distal_extensor", "MN_hip_extensor", "RC_hip_extensor",
        "IaIN_hip_extensor", "IbIN_hip_extensor", "Ia_hip_extensor", "II_hip_extensor", "V0d" and so on.
    """
    p = parameters or Parameters()
    crossed = [(synapse(p.commissural, INHIBITION, REST, p.rhythm_full), "V0d", "RG_flexor")]
    net = mirrored(
        leg(afferents=afferents, parameters=p),
        LEFT,
        RIGHT,
        crossed if commissures else (),
        initial_values={"RG_extensor": REST + 5.0, "RG_flexor": REST},
        name="rat_hindlimbs",
    )
    _neuron(net, "drive", capacitance=p.drive_capacitance)
    for side in (LEFT, RIGHT):
        for action, conductance in (("extensor", p.drive_extensor), ("flexor", p.drive_flexor)):
            for layer in ("RG", *(f"PF_{pattern}" for pattern in PATTERNS)):
                share = 1.0 if layer == "RG" else p.drive_pattern
                if share:
                    kind = synapse(share * conductance, MOTOR_EXCITATION, REST, REST + FULL)
                    net.add_connection(kind, "drive", f"{side}{layer}_{action}")
    return net


def leg(*, afferents: bool = True, parameters: Parameters | None = None) -> Network:
    """Describe the circuits of one leg; see `nervous_system`."""
    p = parameters or Parameters()
    net = Network(name="hindlimb")
    _half_centres(net, "RG", p.rhythm_tau, (p.extensor_bias, p.flexor_bias))
    for pattern, joints in PATTERNS.items():
        _half_centres(net, f"PF_{pattern}", p.pattern_tau, (p.pattern_bias, p.pattern_bias))
        entraining = synapse(p.rhythm_to_pattern[pattern], EXCITATION, REST, p.rhythm_full)
        silencing = synapse(p.rhythm_inhibition, INHIBITION, REST, p.rhythm_full)
        for action in ACTIONS:
            net.add_connection(entraining, f"RG_{action}", f"PF_{pattern}_{action}")
            net.add_connection(silencing, f"RG_IN_{action}", f"PF_{pattern}_{OTHER[action]}")
        for joint in joints:
            _motor_circuit(net, f"PF_{pattern}", joint, p)
    net.add_connection(HAMSTRINGS, "MN_hip_extensor", "MN_knee_flexor")
    _neuron(net, "V0d")
    net.add_connection(synapse(1.0, EXCITATION, REST, p.rhythm_full), "RG_flexor", "V0d")
    for muscle in MUSCLES:
        _neuron(net, f"Ia_{muscle}")
    for muscle in II_CURRENT:
        _neuron(net, f"II_{muscle}")
    if afferents:
        _feedback(net, p)
    return net


def _half_centres(net: Network, name: str, tau: float, biases: tuple[float, float]) -> None:
    """Two half-centres, and the interneurons through which they inhibit one another; the flexor's turn is first."""
    for action, bias, start in zip(ACTIONS, biases, (REST, REST + 5.0), strict=True):
        net.add_neuron(half_centre(tau, bias), f"{name}_{action}", initial_value=start)
        _neuron(net, f"{name}_IN_{action}")
    for action, other in OTHER.items():
        net.add_connection(HALF_CENTRE_TO_INTERNEURON, f"{name}_{action}", f"{name}_IN_{action}")
        net.add_connection(INTERNEURON_TO_HALF_CENTRE, f"{name}_IN_{action}", f"{name}_{other}")


def _motor_circuit(net: Network, pattern: str, joint: str, p: Parameters) -> None:
    """Motor neurons, Renshaw cells, Ia and Ib interneurons of the two muscles of a joint."""
    for action in ACTIONS:
        _neuron(net, f"MN_{joint}_{action}", rest=MOTOR_REST)
        for kind in ("RC", "IaIN", "IbIN"):
            _neuron(net, f"{kind}_{joint}_{action}")
    for action, other in OTHER.items():
        centre, own, antagonist = f"{pattern}_{action}", f"{joint}_{action}", f"{joint}_{other}"
        commanding = synapse(p.motor.get(own, 1.0) * PATTERN_TO_MOTOR[own], MOTOR_EXCITATION, REST, -50.0)
        for kind, source, destination in (
            (commanding, centre, f"MN_{own}"),
            (PATTERN_TO_IA[action], centre, f"IaIN_{own}"),
            (PATTERN_TO_IB, centre, f"IbIN_{antagonist}"),
            (MOTOR_TO_RENSHAW, f"MN_{own}", f"RC_{own}"),
            (RENSHAW_TO_MOTOR, f"RC_{own}", f"MN_{own}"),
            (MUTUAL, f"RC_{own}", f"RC_{antagonist}"),
            (MUTUAL, f"RC_{own}", f"IaIN_{own}"),
            (MUTUAL, f"IaIN_{own}", f"IaIN_{antagonist}"),
            (IA_TO_ANTAGONIST, f"IaIN_{own}", f"MN_{antagonist}"),
        ):
            net.add_connection(kind, source, destination)


def _feedback(net: Network, p: Parameters) -> None:
    """All that the afferents Ia, II and Ib tell."""
    for muscle in MUSCLES:
        net.add_connection(
            synapse(IA_TO_INTERNEURON[muscle], EXCITATION, REST, -40.0), f"Ia_{muscle}", f"IaIN_{muscle}"
        )
        net.add_connection(
            synapse(IB_TO_MOTOR[muscle], MOTOR_EXCITATION, REST, -40.0), f"IbIN_{muscle}", f"MN_{muscle}"
        )
    net.add_connection(ANKLE_FLEXOR_II, "II_ankle_flexor", "MN_ankle_flexor")
    for (source, destination), kind in CENTRAL_AFFERENTS.items():
        share = p.rhythm_feedback if destination.startswith("RG") else 1.0
        share *= p.load_feedback if source.startswith("Ib") else 1.0
        net.add_connection(replace(kind, max_conductance=share * kind.max_conductance), source, destination)


def _neuron(net: Network, name: str, *, capacitance: float = CAPACITANCE, rest: float = REST) -> None:
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=capacitance, resting_potential=rest), name)
