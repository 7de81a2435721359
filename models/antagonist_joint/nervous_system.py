"""The nervous system: a half-centre that makes the rhythm, over the reflexes of two antagonists.

- **Rhythm**: "flexor RG" and "extensor RG" are active in turn. A persistent sodium current keeps the active one going
  and fades meanwhile; through its interneuron ("flexor In") it inhibits the other, until that one escapes. The common
  "drive" lets it escape sooner. Without drive both are silent.
- **Reflexes** (`AntagonistNetwork`): Ia afferents excite the motor neuron of their own muscle, and through Ia
  interneurons inhibit that of its antagonist; Renshaw cells and Ib afferents (tendon organs) limit each motor neuron.
- **Feedback to the rhythm**: Ia and II of the flexor favour its half-centre, Ia and Ib of the extensor the other.

Rhythm and feedback are those of Markin et al. 2010, Ann N Y Acad Sci 1198:21, and Spardy et al. 2011, J Neural Eng
8:065003 and 8:065004, simplified as README.md tells. Potentials in mV. Conductances are the source's in units of the
leak of its neurons, so that this is 1 uS, as usual here; capacitances and currents follow, and nothing else changes.
"""

from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingNeuronWithGatedChannels, NonSpikingSynapse
from sns_mujoco.network.subnetworks import AntagonistNetwork

MUSCLES = ("flexor", "extensor")
REST, ACTIVE = -60.0, -40.0  # mV, of afferents, interneurons and motor neurons: silent, and fully active
THRESHOLD, SATURATION = -50.0, -10.0  # mV, between which the rhythm's synapses open
EXCITATION, INHIBITION = -10.0, -70.0  # mV, reversal potentials of the source

LEAK = 1.6  # nS, the source's
CAPACITANCE = 20.0 / LEAK
WEIGHT = 10.0 / LEAK  # uS, conductance of a synapse of weight 1
TO_RG, TO_IN, FROM_IN = 0.08, 0.41, 1.1  # weights of the rhythm: on RG (per unit of drive), on In, from In (2.2 there)
FULL_DRIVE = 2.2  # drive at the command 1; the source's goes from 0.8 to 2
QUIET = -14.0  # nA, keeps the half-centres silent until the drive outweighs it, at a quarter of the command
TO_MOTOR = 0.3  # uS, from half-centre to motor neuron

FULL = {"Ia": 0.25, "II": 0.25, "Ib": 0.5}  # signal of a fully active afferent, in the source's unit
# Weights of afferents on the RG and the In of their own muscle.
FEEDBACK = {
    "flexor Ia": (0.06, 0.27),
    "flexor II": (0.0348, 0.1566),
    "extensor Ia": (0.06, 0.44),
    "extensor Ib": (0.066, 0.484),
}


def nervous_system(*, feedback: bool = True, reflexes: bool = True) -> Network:
    """Describe the nervous system.

    Args:
        feedback: False removes the synapses from afferents to the rhythm.
        reflexes: False removes those from afferents to motor neurons, direct or through interneurons.

    Returns:
        A new network of 18 neurons.
    """
    net = Network("antagonist joint")
    on = float(reflexes)
    net.add_network(
        AntagonistNetwork(
            MUSCLES, ACTIVE - REST, resting_potential=REST,
            stretch=0.4 * on, reciprocal=0.25 * on, autogenic=0.4 * on, mutual=0.5, recurrent=0.3,
        )
    )  # fmt: skip
    _rhythm(net)
    for muscle in MUSCLES:
        net.add_connection(NonSpikingSynapse(TO_MOTOR, 40.0, THRESHOLD, -20.0), f"{muscle} RG", f"{muscle} motor")
    net.add_neuron(NonSpikingNeuron(resting_potential=REST), "flexor II")
    if feedback:
        for afferent, weights in FEEDBACK.items():
            muscle, ending = afferent.split()
            for target, weight in zip(("RG", "In"), weights, strict=True):
                synapse = NonSpikingSynapse(WEIGHT * weight * FULL[ending], EXCITATION, REST, ACTIVE)
                net.add_connection(synapse, afferent, f"{muscle} {target}")
    return net


def _rhythm(net: Network) -> None:
    """Two half-centres, their interneurons and the drive."""
    half_centre = NonSpikingNeuronWithGatedChannels(
        membrane_capacitance=CAPACITANCE, resting_potential=-64.0, bias=QUIET,
        # persistent sodium with gates m and h, and potassium with m^4
        g_ion=[3.5 / LEAK, 4.5 / LEAK], e_ion=[55.0, -80.0],
        pow_a=[1, 4], slope_a=[1 / 3.1, 1 / 5.0], e_a=[-47.1, -44.5],
        pow_b=[1, 0], slope_b=[-1 / 4.0, 0.0], e_b=[-51.0, 0.0], tau_max_b=[1200.0, 1.0],
    )  # fmt: skip
    interneuron = NonSpikingNeuron(membrane_capacitance=CAPACITANCE, resting_potential=REST)
    net.add_neuron(NonSpikingNeuron(resting_potential=REST), "drive")
    for muscle, initial in zip(MUSCLES, (-62.0, -64.0), strict=True):  # alike, neither would be first
        net.add_neuron(half_centre, f"{muscle} RG", initial_value=initial)
        net.add_neuron(interneuron, f"{muscle} In")
    for muscle, antagonist in (MUSCLES, MUSCLES[::-1]):
        drive = NonSpikingSynapse(WEIGHT * TO_RG * FULL_DRIVE, EXCITATION, REST, ACTIVE)
        excitation = NonSpikingSynapse(WEIGHT * TO_IN, EXCITATION, THRESHOLD, SATURATION)
        inhibition = NonSpikingSynapse(WEIGHT * FROM_IN, INHIBITION, THRESHOLD, SATURATION)
        net.add_connection(drive, "drive", f"{muscle} RG")
        net.add_connection(excitation, f"{muscle} RG", f"{muscle} In")
        net.add_connection(inhibition, f"{muscle} In", f"{antagonist} RG")
