"""The numbers of the rat's nervous system: those of its source, and those that were tuned.

Source, unless a comment says otherwise: the AnimatLab project of Deng et al. 2019 (Biomimetics 4(1):21), file
`rat_hindlimbs.asim`. Potentials in mV, conductances in uS, capacitances in nF, currents in nA, times in ms.
"""

from dataclasses import dataclass, field

from sns_mujoco.network import NonSpikingNeuronWithPersistentSodiumChannel, NonSpikingSynapse

REST = -60.0
FULL = 20.0  # above rest, the potential of a fully active neuron
MOTOR_REST = -100.0
CAPACITANCE = 5.0  # with 1 uS a time constant of 5 ms
EXCITATION, INHIBITION = -40.0, -70.0  # reversal potentials between interneurons
MOTOR_EXCITATION = -10.0
SHUNT = REST

# Muscles: u = 1 / (1 + exp(slope (midpoint - V))) - offset, clipped to 0..1; AnimatLab gives the slope in 1/V.
ACTIVATION_MIDPOINT, ACTIVATION_SLOPE, ACTIVATION_OFFSET = -50.0, 0.121465, 0.0023

# Golgi tendon organs make `FULL` nA at the greatest active force of their muscle, which is what AnimatLab's gains come
# to. Its stretch receptors have a hundredth of the stiffness and damping of their muscles, and no excitation; Ia
# is 100 times the length of the series elasticity, II 100 times that of the parallel one (m). Slope and offset (nA) of
# the current that each then makes.
RECEPTOR_SHARE = 0.01
DISCHARGE = 100.0
IA_CURRENT = {
    "hip_extensor": (1741.0, -400.0), "hip_flexor": (1331.0, -400.0), "knee_extensor": (391.0, -160.0),
    "knee_flexor": (663.0, -200.0), "ankle_extensor": (189.0, -80.0), "ankle_flexor": (212.0, -80.0),
}  # fmt: skip
II_CURRENT = {"hip_extensor": (11.656, -3.972), "hip_flexor": (8.131, -1.863), "ankle_flexor": (27.51, -71.006)}

# Conductance of the synapse that is the muscle's own: from pattern formation to the motor neuron; from its Ia afferent
# to its Ia interneuron; from its Ib interneuron to its motor neuron.
PATTERN_TO_MOTOR = {
    "hip_extensor": 2.6563, "hip_flexor": 3.6325, "knee_extensor": 4.9296, "knee_flexor": 1.5165,
    "ankle_extensor": 4.0538, "ankle_flexor": 4.5222,
}  # fmt: skip
IA_TO_INTERNEURON = {
    "hip_extensor": 0.5, "hip_flexor": 0.69528, "knee_extensor": 0.50203, "knee_flexor": 0.51501,
    "ankle_extensor": 0.52185, "ankle_flexor": 1.1133,
}  # fmt: skip
IB_TO_MOTOR = {
    "hip_extensor": 0.59045, "hip_flexor": 1.0, "knee_extensor": 0.58949, "knee_flexor": 0.50007,
    "ankle_extensor": 0.50017, "ankle_flexor": 0.50001,
}  # fmt: skip


def synapse(conductance: float, reversal: float, low: float, high: float) -> NonSpikingSynapse:
    """A synapse that opens between two presynaptic potentials."""
    return NonSpikingSynapse(conductance, reversal, low, high)


HALF_CENTRE_TO_INTERNEURON = synapse(2.7494, EXCITATION, REST, -25.0)
INTERNEURON_TO_HALF_CENTRE = synapse(2.7494, INHIBITION, REST, -25.0)
PATTERN_TO_IA = {"extensor": synapse(0.5, EXCITATION, REST, -55.0), "flexor": synapse(0.5, EXCITATION, REST, -20.0)}
PATTERN_TO_IB = synapse(2.0, SHUNT, REST, -59.0)  # of the antagonist's
IA_TO_ANTAGONIST = synapse(2.0, MOTOR_REST, REST, -40.0)
MUTUAL = synapse(0.5, INHIBITION, REST, -40.0)  # between Ia interneurons, between Renshaw cells, and Renshaw cell to Ia
MOTOR_TO_RENSHAW = synapse(0.5, EXCITATION, MOTOR_REST, -10.0)
RENSHAW_TO_MOTOR = synapse(0.5, MOTOR_REST, REST, -40.0)
HAMSTRINGS = synapse(0.16577, MOTOR_EXCITATION, -99.996, -13.428)  # motor neurons: hip extensor to knee flexor
ANKLE_FLEXOR_II = synapse(1.0, MOTOR_EXCITATION, REST, -40.0)

# Afferents that act on the centres above the motor neurons: (afferent, its target) and the synapse. Those on the
# rhythm generator are multiplied by `Parameters.rhythm_feedback`, those of load by `Parameters.load_feedback`.
CENTRAL_AFFERENTS = {
    ("II_hip_extensor", "RG_flexor"): synapse(0.20805, INHIBITION, -48.87, -30.025),
    ("II_hip_extensor", "PF_hip_flexor"): synapse(0.20805, INHIBITION, -48.87, -30.025),
    ("II_hip_extensor", "PF_distal_flexor"): synapse(0.86691, INHIBITION, -50.312, -35.716),
    ("II_hip_flexor", "RG_extensor"): synapse(0.64758, INHIBITION, -49.706, -38.539),
    ("II_hip_flexor", "PF_hip_extensor"): synapse(0.64758, INHIBITION, -49.706, -38.539),
    ("II_hip_flexor", "PF_distal_extensor"): synapse(0.37753, INHIBITION, -53.112, -38.941),
    ("Ia_hip_flexor", "RG_extensor"): synapse(0.24077, INHIBITION, -57.606, -45.583),
    ("Ia_hip_flexor", "PF_hip_extensor"): synapse(0.24077, INHIBITION, -57.606, -45.583),
    ("Ia_hip_flexor", "PF_distal_extensor"): synapse(0.26781, INHIBITION, -58.691, -52.967),
    ("IbIN_ankle_extensor", "RG_extensor"): synapse(0.25, EXCITATION, REST, -50.0),
    ("IbIN_ankle_extensor", "PF_hip_extensor"): synapse(0.17525, EXCITATION, -56.292, -49.191),
    ("IbIN_ankle_extensor", "PF_distal_extensor"): synapse(0.274, EXCITATION, -57.664, -49.819),
}


def half_centre(tau: float, bias: float) -> NonSpikingNeuronWithPersistentSodiumChannel:
    """A half-centre neuron with AnimatLab's persistent inward current ("CaActivation", "CaDeactivation").

    In AnimatLab's source the time constants vary with the potential as SNS-Toolbox's do, tau z_inf sqrt(exp(..)), and
    inactivation has the factor 0.5. Its activation takes up to 1 ms; here it is instantaneous, as in the MuJoCo form
    of this rat (Nourse et al. 2023, Biomimetics 8(2):247).

    Args:
        tau: Largest time constant of inactivation, ms.
        bias: nA.
    """
    return NonSpikingNeuronWithPersistentSodiumChannel(
        membrane_capacitance=CAPACITANCE, resting_potential=REST, bias=bias, g_ion=1.5, e_ion=50.0, k_m=1.0,
        slope_m=0.2, e_m=-40.0, k_h=0.5, slope_h=-0.6, e_h=-60.0, tau_max_h=tau,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Numbers of our own, tuned by hand: all else is the source's.

    Attributes:
        rhythm_tau: Largest time constant of inactivation in the rhythm generator, ms.
        pattern_tau: The same in the pattern formation layer, ms.
        extensor_bias: Current into extensor half-centres, nA.
        flexor_bias: Current into flexor half-centres, nA; without drive the rhythm stands still.
        drive_extensor: Conductance "drive" to extensor half-centres, uS.
        drive_flexor: Conductance "drive" to flexor half-centres, uS.
        drive_pattern: What of that the pattern formation layer gets, as a share.
        pattern_bias: Current into its half-centres, nA.
        drive_capacitance: C of "drive", nF.
        rhythm_full: Potential of a half-centre at which its synapses on other layers are fully open, mV.
        rhythm_to_pattern: Conductance from the rhythm generator to each pattern formation pair, uS.
        rhythm_inhibition: Conductance from the rhythm generator's interneurons to the antagonists there, uS.
        motor: Factors of the source's conductances from pattern formation to motor neurons; 1 where none is given.
        rhythm_feedback: What afferents do to the rhythm generator, as a share of the source's conductances.
        load_feedback: What Ib does to rhythm generator and pattern formation layer, as a share of the source's.
        commissural: Conductance "V0d" to the contralateral flexor half-centre, uS.
    """

    rhythm_tau: float = 130.0
    pattern_tau: float = 350.0
    extensor_bias: float = -1.0
    flexor_bias: float = -1.0
    drive_extensor: float = 0.06
    drive_flexor: float = 0.06
    drive_pattern: float = 0.3
    pattern_bias: float = -1.0
    drive_capacitance: float = 50.0
    rhythm_full: float = -56.0
    rhythm_to_pattern: dict[str, float] = field(default_factory=lambda: {"hip": 0.1, "distal": 0.1})
    rhythm_inhibition: float = 0.3
    motor: dict[str, float] = field(default_factory=lambda: {"knee_extensor": 0.6})
    rhythm_feedback: float = 0.2
    load_feedback: float = 0.3
    commissural: float = 0.06
