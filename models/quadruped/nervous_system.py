"""The quadruped's spinal cord: a half-centre rhythm generator for each limb, coupling between them, motor circuits.

One limb is described, of non-spiking neurons, and made four times with the prefixes "LF ", "RF ", "LH ", "RH ". Each
has

- **a rhythm generator** (RG): half-centres "RG flexor" and "RG extensor" that inhibit each other (Brown 1911, Proc R
  Soc B 84:308). Each has a slow neuron that fills up while it is active and ends its turn at a threshold, which is
  its adaptation: "stance slow" fills faster the stronger the drive, so that drive shortens stance; "swing slow" fills
  at its own pace, so that swing keeps its duration, as in walking cats (Halbertsma 1983, Acta Physiol Scand Suppl
  521).
- **afferents on it**: load on the foot holds back the end of stance (Duysens & Pearson 1980, Brain Res 187:321;
  Ekeberg & Pearson 2005, J Neurophysiol 94:4256), extension of the hip brings it nearer (Grillner & Rossignol 1978,
  Brain Res 146:269), flexion and touchdown end swing.
- **pattern formation**: "swing", "lift" (the beginning of swing), "stance", and "propulsion", which follows "stance
  slow" and so moves the limb back further and further.
- **motor neurons** of protractor, retractor, flexor and extensor, each with the stretch reflex of its own spindles
  (II). Muscles of stance are relaxed in swing, and those of swing in stance. Load reinforces extensors, and so does
  tilt of the trunk, through the vestibular organs: of the limbs on the lower side.

Between limbs, after Danner et al. 2017 (eLife 6:e31050), simplified to what walk and trot need, each pathway one
synapse or one interneuron:

- commissural, between left and right: a flexor half-centre in its turn keeps the other side's extensor half-centre in
  its own, so that the two sides alternate at any drive.
- homolateral, between fore and hind: the same; and a hind limb that ends its swing hastens that of the fore limb.
- diagonal: "V0d" does the same between diagonal limbs, but drive silences it; "V0v" needs drive, and makes diagonal
  limbs swing together. A fore limb that ends its swing hastens that of the diagonal hind limb.

At low drive no two limbs may swing at a time, and they queue in the order LH, LF, RH, RF: a walk in lateral sequence.
As stance shortens, swings overlap more and more, homolateral lags grow from a quarter to a half, and diagonal limbs
come together: a trot. In Danner et al. the inhibition acts on flexor half-centres; here it excites the extensor
half-centres that oppose them, so that a limb is never without both.
"""

from sns_mujoco.network import Network, NonSpikingNeuron

from .anatomy import ACTIONS, LIMBS
from .parameters import (
    CAPACITANCE,
    EXTENSOR_OPENS,
    FLEXOR_OPENS,
    FULL,
    SHARED,
    THRESHOLD,
    Parameters,
    excites,
    inhibits,
    shunts,
)

FIRST = {"LH": 5.0, "LF": 3.5, "RH": 2.0, "RF": 0.5}
"""Potential of "stance slow" at the start, mV: who swings first. All else is the same on both sides."""
OPPOSITE = {"L": "R", "R": "L", "F": "H", "H": "F"}
GIRDLE = {"F": "fore", "H": "hind"}


def nervous_system(*, afferents: bool = True, parameters: Parameters | None = None) -> Network:
    """Describe the nervous system.

    Args:
        afferents: False removes the synapses by which load and position of the limbs act on the rhythm generators.
        parameters: Other than those of the design.

    Returns:
        A fresh network, to be connected by `adapters`.
    """
    p = parameters or Parameters()
    net = Network("quadruped")
    _neuron(net, "drive", capacitance=p.drive_capacitance)
    _neuron(net, "stand", bias=FULL, start=FULL)
    net.add_connection(inhibits(2.0, 0.0, 3.0), "drive", "stand")
    for name in ("roll left", "roll right", "nose down", "nose up"):
        _neuron(net, name)
    for limb in LIMBS:
        _rhythm(net, limb, p)
        if afferents:
            _feedback(net, limb, p)
        _pattern(net, limb, p)
        _motor_circuit(net, limb, p)
    for limb in LIMBS:
        _coupling(net, limb, p)
    return net


def _rhythm(net: Network, limb: str, p: Parameters) -> None:
    """The half-centres, the slow neurons that end their turns, and what the limb feels."""
    flexor, extensor = f"{limb} RG flexor", f"{limb} RG extensor"
    stance_slow, swing_slow = f"{limb} stance slow", f"{limb} swing slow"
    _neuron(net, flexor, capacitance=2.0 * CAPACITANCE, bias=FULL)
    _neuron(net, extensor, capacitance=2.0 * CAPACITANCE, bias=FULL, start=FULL)
    _neuron(net, stance_slow, capacitance=p.stance_time, start=FIRST[limb])
    _neuron(net, swing_slow, capacitance=p.swing_time)
    for name in ("load", "back", "forward"):
        _neuron(net, f"{limb} {name}")
    for kind, source, destination in (
        (inhibits(4.0, *FLEXOR_OPENS), flexor, extensor),
        (inhibits(4.0, *EXTENSOR_OPENS), extensor, flexor),
        (excites(p.stance_slow, 0.0, 10.0), extensor, stance_slow),
        (excites(p.swing_slow, 0.0, 10.0), flexor, swing_slow),
        (inhibits(4.0, THRESHOLD, THRESHOLD + 8.0), stance_slow, extensor),
        (inhibits(8.0, THRESHOLD, THRESHOLD + 2.0), swing_slow, flexor),
        # Whoever takes over empties the other one's slow neuron for its next turn.
        (shunts(10.0, *FLEXOR_OPENS), flexor, stance_slow),
        (shunts(10.0, *FLEXOR_OPENS), extensor, swing_slow),
        (excites(p.drive_slow), "drive", stance_slow),
    ):
        net.add_connection(kind, source, destination)


def _feedback(net: Network, limb: str, p: Parameters) -> None:
    """What afferents do to the rhythm generator."""
    net.add_connection(inhibits(p.load), f"{limb} load", f"{limb} stance slow")
    net.add_connection(excites(p.back), f"{limb} back", f"{limb} stance slow")
    net.add_connection(excites(p.forward), f"{limb} forward", f"{limb} swing slow")
    net.add_connection(excites(p.touchdown, 3.0, 10.0), f"{limb} load", f"{limb} swing slow")


def _pattern(net: Network, limb: str, p: Parameters) -> None:
    """What the rhythm means for the limb."""
    for name in ("stance", "swing", "lift"):
        _neuron(net, f"{limb} {name}")
    _neuron(net, f"{limb} propulsion", capacitance=2.0 * CAPACITANCE)
    for kind, source, destination in (
        (excites(SHARED, 5.0, 15.0), f"{limb} RG extensor", "stance"),
        (excites(SHARED, 5.0, 15.0), f"{limb} RG flexor", "swing"),
        (excites(SHARED, 5.0, 15.0), f"{limb} RG flexor", "lift"),
        (inhibits(p.lift_end, 5.0, THRESHOLD), f"{limb} swing slow", "lift"),
        (inhibits(p.lift_end), f"{limb} forward", "lift"),
        (excites(p.drive_propulsion), "drive", "propulsion"),
        (excites(p.slow_propulsion, 0.0, THRESHOLD), f"{limb} stance slow", "propulsion"),
        (inhibits(3.0, 0.0, 5.0), f"{limb} swing", "propulsion"),
        (inhibits(2.0), "stand", "propulsion"),
    ):
        net.add_connection(kind, source, f"{limb} {destination}")


def _motor_circuit(net: Network, limb: str, p: Parameters) -> None:
    """Motor neurons of the four muscles, their stretch reflexes, and what reaches them from above."""
    girdle = GIRDLE[limb[1]]
    for action in ACTIONS:
        _neuron(net, f"{limb} {action}", capacitance=2.0 * CAPACITANCE, bias=p.bias(action, girdle))
        _neuron(net, f"{limb} {action} II")
        net.add_connection(excites(p.stretch(action)), f"{limb} {action} II", f"{limb} {action}")
    for kind, source, action in (
        (excites(p.of("swing_protractor", girdle)), f"{limb} swing", "protractor"),
        (inhibits(p.swing_retractor), f"{limb} swing", "retractor"),
        (excites(p.of("propulsion_retractor", girdle)), f"{limb} propulsion", "retractor"),
        (inhibits(p.propulsion_protractor), f"{limb} propulsion", "protractor"),
        (excites(p.of("lift_flexor", girdle)), f"{limb} lift", "flexor"),
        (inhibits(p.lift_extensor), f"{limb} lift", "extensor"),
        (excites(p.of("stance_extensor", girdle)), f"{limb} stance", "extensor"),
        (inhibits(p.stance_flexor), f"{limb} stance", "flexor"),
        (excites(p.load_extensor), f"{limb} load", "extensor"),
        (excites(p.roll), "roll left" if limb[0] == "L" else "roll right", "extensor"),
        (excites(p.pitch), "nose down" if limb[1] == "F" else "nose up", "extensor"),
    ):
        net.add_connection(kind, source, f"{limb} {action}")


def _coupling(net: Network, limb: str, p: Parameters) -> None:
    """From this limb to the other three."""
    side, girdle = limb
    contralateral, homolateral = f"{OPPOSITE[side]}{girdle}", f"{side}{OPPOSITE[girdle]}"
    diagonal = f"{OPPOSITE[side]}{OPPOSITE[girdle]}"
    _neuron(net, f"{limb} V0d")
    _neuron(net, f"{limb} V0v", bias=-FULL)  # needs its limb in swing, and drive
    for kind, source, destination in (
        (excites(SHARED), f"{limb} RG flexor", f"{limb} V0d"),
        (inhibits(p.drive_silences), "drive", f"{limb} V0d"),
        (excites(SHARED), f"{limb} RG flexor", f"{limb} V0v"),
        (excites(SHARED), "drive", f"{limb} V0v"),
        (excites(p.commissural, 5.0, 15.0), f"{limb} RG flexor", f"{contralateral} RG extensor"),
        (excites(p.homolateral, 5.0, 15.0), f"{limb} RG flexor", f"{homolateral} RG extensor"),
        (excites(p.diagonal_inhibition), f"{limb} V0d", f"{diagonal} RG extensor"),
        (excites(p.diagonal_excitation), f"{limb} V0v", f"{diagonal} stance slow"),
    ):
        net.add_connection(kind, source, destination)
    hastened, conductance = (homolateral, p.ascending) if girdle == "H" else (diagonal, p.descending)
    net.add_connection(excites(conductance, 5.0, THRESHOLD), f"{limb} swing slow", f"{hastened} stance slow")


def _neuron(
    net: Network, name: str, *, capacitance: float = CAPACITANCE, bias: float = 0.0, start: float = 0.0
) -> None:
    net.add_neuron(NonSpikingNeuron(membrane_capacitance=capacitance, bias=bias), name, initial_value=start)
