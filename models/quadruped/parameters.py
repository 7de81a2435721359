"""The numbers of the quadruped's nervous system as it was designed: with them it stands, but does not walk.

Potentials in mV above rest, conductances in uS, capacitances in nF, currents in nA, times in ms. Membranes have 1 uS,
so that a capacitance in nF is a time constant in ms, and work between 0 and `FULL`. None of these numbers is
measured: the circuits are the animals', the numbers are what makes them work here.
"""

from dataclasses import dataclass

from sns_mujoco.network import NonSpikingSynapse

FULL = 20.0
EXCITATION, INHIBITION = 100.0, -60.0  # reversal potentials: far away, so that synapses nearly add up
CAPACITANCE = 5.0
THRESHOLD = 12.0  # at which a slow neuron begins to end its half-centre's turn
SHARED = 0.25  # uS; takes a neuron from rest to `FULL`
FLEXOR_OPENS, EXTENSOR_OPENS = (10.0, 16.0), (5.0, 12.0)  # where half-centres begin to act, and do so fully


def excites(conductance: float, low: float = 0.0, high: float = FULL) -> NonSpikingSynapse:
    """An excitatory synapse that opens between two presynaptic potentials."""
    return NonSpikingSynapse(conductance, EXCITATION, low, high)


def inhibits(conductance: float, low: float = 0.0, high: float = FULL) -> NonSpikingSynapse:
    """An inhibitory one."""
    return NonSpikingSynapse(conductance, INHIBITION, low, high)


def shunts(conductance: float, low: float, high: float) -> NonSpikingSynapse:
    """One that draws a neuron to rest."""
    return NonSpikingSynapse(conductance, 0.0, low, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Numbers of the nervous system: conductances of synapses, uS, unless it is said otherwise.

    Attributes:
        stance_time: C of "stance slow", nF.
        swing_time: C of "swing slow", nF.
        drive_capacitance: C of "drive", nF: how fast an animal that stands begins to walk.
        stance_slow: "RG extensor" to "stance slow".
        swing_slow: "RG flexor" to "swing slow".
        drive_slow: "drive" to "stance slow".
        back: "back" to "stance slow": extension of the hip brings swing nearer.
        load: "load" to "stance slow", inhibitory: load holds back swing.
        forward: "forward" to "swing slow": flexion of the hip ends swing.
        touchdown: "load" to "swing slow": touchdown ends swing.
        commissural: "RG flexor" to the contralateral "RG extensor".
        homolateral: "RG flexor" to the homolateral one.
        diagonal_inhibition: "V0d" to the diagonal one.
        drive_silences: "drive" to "V0d", inhibitory.
        diagonal_excitation: "V0v" to the diagonal "stance slow".
        ascending: "swing slow" of a hind limb to "stance slow" of its homolateral fore limb.
        descending: "swing slow" of a fore limb to "stance slow" of its diagonal hind limb.
        swing_protractor_fore: "swing" to "protractor", fore; likewise hind.
        drive_propulsion: "drive" to "propulsion".
        slow_propulsion: "stance slow" to "propulsion".
        propulsion_retractor_fore: "propulsion" to "retractor", fore; likewise hind.
        lift_flexor_fore: "lift" to "flexor", fore; likewise hind.
        lift_end: "swing slow" and "forward" to "lift", inhibitory.
        propulsion_protractor: "propulsion" to "protractor", inhibitory.
        swing_retractor: "swing" to "retractor", inhibitory.
        lift_extensor: "lift" to "extensor", inhibitory.
        stance_flexor: "stance" to "flexor", inhibitory.
        stance_extensor_fore: "stance" to "extensor", fore; likewise hind.
        load_extensor: "load" to "extensor".
        stretch_upper: II of protractor and retractor to their own motor neurons.
        stretch_extensor: II of the extensor to its own.
        stretch_flexor: II of the flexor to its own.
        bias_protractor_fore: Current into the motor neuron, nA; likewise the others.
        bias_flexor: The same, fore and hind.
        roll: "roll left" and "roll right" to "extensor" of the limbs on their side.
        pitch: "nose down" and "nose up" to "extensor" of the fore and the hind limbs.
    """

    stance_time: float = 500.0
    swing_time: float = 170.0
    drive_capacitance: float = 150.0
    stance_slow: float = 0.02
    swing_slow: float = 0.22
    drive_slow: float = 0.4
    back: float = 0.26
    load: float = 0.088
    forward: float = 0.02
    touchdown: float = 0.005
    commissural: float = 1.4
    homolateral: float = 1.6
    diagonal_inhibition: float = 1.3
    drive_silences: float = 0.7
    diagonal_excitation: float = 0.071
    ascending: float = 0.2
    descending: float = 0.2
    swing_protractor_fore: float = 0.3
    swing_protractor_hind: float = 0.15
    drive_propulsion: float = 0.028
    slow_propulsion: float = 0.25
    propulsion_retractor_fore: float = 0.03
    propulsion_retractor_hind: float = 0.03
    lift_flexor_fore: float = 0.18
    lift_flexor_hind: float = 0.25
    lift_end: float = 0.19
    propulsion_protractor: float = 0.05
    swing_retractor: float = 0.8
    lift_extensor: float = 0.5
    stance_flexor: float = 0.2
    stance_extensor_fore: float = 0.02
    stance_extensor_hind: float = 0.0076
    load_extensor: float = 0.014
    stretch_upper: float = 0.47
    stretch_extensor: float = 2.6
    stretch_flexor: float = 0.25
    bias_protractor_fore: float = 12.0
    bias_retractor_fore: float = 0.67
    bias_protractor_hind: float = 3.8
    bias_retractor_hind: float = 0.82
    bias_extensor_fore: float = 4.6
    bias_extensor_hind: float = 2.0
    bias_flexor: float = 1.0
    roll: float = 0.4
    pitch: float = 0.3

    def of(self, name: str, girdle: str) -> float:
        """A number that differs between fore and hind limbs."""
        return getattr(self, f"{name}_{girdle}")

    def bias(self, action: str, girdle: str) -> float:
        """Current into a motor neuron, nA."""
        return self.bias_flexor if action == "flexor" else self.of(f"bias_{action}", girdle)

    def stretch(self, action: str) -> float:
        """Conductance of a muscle's stretch reflex, uS."""
        return {"flexor": self.stretch_flexor, "extensor": self.stretch_extensor}.get(action, self.stretch_upper)
