"""The hexapod's nervous system: 166 non-spiking neurons, described once for a leg and built six times.

Potentials lie between 0 and 20 mV; most neurons have 5 nF and 1 uS, a time constant of 5 ms. In each leg

- **rhythm**: "swing" and "stance" inhibit one another, a half-centre of which one is always active. What lets them
  alternate is the slow neuron "position", an integrator (0 mV: leg back, 20 mV: leg forward): swing charges it at a
  fixed rate, "propulsion" discharges it at a rate that the descending "drive" sets. So swing lasts about the same at
  every speed, and stance is the shorter the faster the animal walks. Without drive "standing" holds all legs.
- **transitions**: "trigger" starts swing. It adds up how far the leg is back, from the command ("retracted") and from
  the joints ("back"), and what the neighbours and the load say. Swing ends at the anterior extreme position.
- **load**: "load" feels the foot's pressure (campaniform sensilla). Load keeps a leg in stance ("hold"; it adapts, as
  the sensilla do) and strengthens "stance"; the leg swings when a neighbour has touched down and taken the load over.
  The onset of load ("touchdown") excites the neighbours' triggers. A leg that propels but feels no ground pushes
  down further ("seek", "search").
- **coordination**: Cruse's rules 1 to 3 between neighbours, on "trigger".
- **motor**: "protraction" and "retraction" set the posture along the stride through three pairs of motor neurons, whose
  synapses are computed from the leg's geometry; "lift" raises the foot in swing. A turn shortens the strides of the
  inner side.

Sources: half-centre and slow variable, Szczecinski, Hunt & Quinn 2017 (Biol Cybern 111:105); synapse design, the same
(Front Neurorobot 11:37). Position and load govern the transitions: Wong & Pearson 1976 (J Exp Biol 64:233; hair plate),
Pearson & Duysens 1976 (in Neural Control of Locomotion, 519; load delays swing), Zill, Schmitz & Buschges 2004
(Arthropod Struct Dev 33:273), Ekeberg, Blumel & Buschges 2004 (Arthropod Struct Dev 33:287). Load passes between legs:
Zill, Keller & Duke 2009 (J Neurophysiol 101:2297), Dallmann et al. 2017 (Proc R Soc B 284:20171755). Rules: Cruse 1990
(Trends Neurosci 13:15), Durr, Schmitz & Cruse 2004 (Arthropod Struct Dev 33:237). Adaptation of campaniform sensilla:
Ridgel, Frazier, DiCaprio & Zill 2000 (J Comp Physiol A 186:359).
"""

from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingSynapse

from .anatomy import JOINTS, LEG_TYPES, LEGS, neighbours, stance_lines
from .parameters import Parameters

FULL = 20.0  # mV, a fully active neuron
FAR = 100.0  # mV above or below rest: the reversal potential of synapses that should act almost as currents
MOTOR_GAIN = 1.2  # rad, deflection of a servo's target at full activation of one motor neuron of its pair
MOTOR_PAIRS = {"coxa": ("protractor", "retractor"), "femur": ("levator", "depressor"), "tibia": ("extensor", "flexor")}
FIRST_TRIPOD = ("L1", "R2", "L3")  # starts with its legs forward, the other with its legs back, or none would go first
# How much each joint tells about the leg's place along the stride: that which moves most.
POSITION_SENSE = {1: {"coxa": 0.6, "tibia": 0.4}, 2: {"coxa": 1.0}, 3: {"coxa": 0.4, "tibia": 0.6}}


def nervous_system(*, load_feedback: bool = True, parameters: Parameters | None = None) -> Network:
    """Describe the nervous system.

    Args:
        load_feedback: False removes every synapse of the load afferents: the lesion of the benchmark.
        parameters: Other than the tuned ones.

    Returns:
        A new network; neurons are called "L1 swing", "R3 depressor" and so on; "drive", "standing", "turn left" and
        "turn right" are common to all legs.
    """
    p = parameters or Parameters()
    net = Network(name="hexapod")
    _neuron(net, "drive", capacitance=20.0)
    _neuron(net, "standing", capacitance=20.0, rest=FULL)
    _synapse(net, "drive", "standing", 4.0, -FULL, 0.1, 0.6)
    _neuron(net, "turn left", capacitance=20.0)
    _neuron(net, "turn right", capacitance=20.0)
    for leg in LEGS:
        _rhythm(net, leg, p)
        _load(net, leg, p)
        _motor(net, leg, p)
        if load_feedback:
            _load_feedback(net, leg, p)
    for leg in LEGS:
        _coordination(net, leg, p)
    return net


def _rhythm(net: Network, leg: str, p: Parameters) -> None:
    """Half-centre, slow position, and the trigger of swing."""
    _neuron(net, f"{leg} swing", bias=FULL)
    _neuron(net, f"{leg} stance", rest=FULL)
    _neuron(net, f"{leg} trigger", bias=p.trigger_bias)
    place = 12.0 if leg in FIRST_TRIPOD else 8.0
    _neuron(net, f"{leg} position", capacitance=50.0, conductance=0.001, rest=place)
    _neuron(net, f"{leg} propulsion")
    _neuron(net, f"{leg} protracted")
    _neuron(net, f"{leg} retracted", rest=FULL, initial=max(0.0, 2.0 * (10.0 - place)))
    for joint in JOINTS:
        _neuron(net, f"{leg} {joint} angle")
    _neuron(net, f"{leg} back")

    for one, other in (("swing", "stance"), ("stance", "swing")):
        _synapse(net, f"{leg} {one}", f"{leg} {other}", 1.0, -FULL, 5.0, 15.0)
    _synapse(net, f"{leg} swing", f"{leg} position", p.protraction, 80.0, 8.0, 16.0)
    _relay(net, "drive", f"{leg} propulsion", 0.95 * FULL)
    _synapse(net, f"{leg} swing", f"{leg} propulsion", 0.5, -40.0, 4.0, 12.0)
    _synapse(net, f"{leg} propulsion", f"{leg} position", p.retraction, -60.0)
    _relay(net, f"{leg} position", f"{leg} protracted", FULL, 10.0, 20.0)
    _synapse(net, f"{leg} position", f"{leg} retracted", 0.2, -FAR, 0.0, 10.0)
    # The two ends of the stride: forward enough is stance, back enough is the end of propulsion.
    _synapse(net, f"{leg} protracted", f"{leg} stance", 0.6, FAR, p.anterior_extreme, p.anterior_extreme + 3.0)
    _synapse(net, f"{leg} retracted", f"{leg} propulsion", 0.5, -40.0, p.posterior_stop, p.posterior_stop + 4.0)

    _synapse(net, "standing", f"{leg} trigger", 1.0, -FAR, 10.0, 20.0)
    for joint, share in POSITION_SENSE[int(leg[1])].items():
        _relay(net, f"{leg} {joint} angle", f"{leg} back", share * FULL)
    _synapse(net, f"{leg} retracted", f"{leg} trigger", p.trigger_retracted, FAR)
    _synapse(net, f"{leg} back", f"{leg} trigger", p.trigger_angle, FAR, 10.0, 20.0)
    _synapse(net, f"{leg} trigger", f"{leg} swing", 0.67, FAR, 8.0, 11.0)


def _load(net: Network, leg: str, p: Parameters) -> None:
    """Neurons that work on the load; without its feedback they hear nothing of it."""
    _neuron(net, f"{leg} load", capacitance=8.0)
    _neuron(net, f"{leg} load slow", capacitance=40.0)
    _neuron(net, f"{leg} load trend", capacitance=p.trend_capacitance)
    _neuron(net, f"{leg} touchdown")
    _neuron(net, f"{leg} hold")
    _neuron(net, f"{leg} seek")
    _neuron(net, f"{leg} search", capacitance=120.0)

    _synapse(net, f"{leg} load slow", f"{leg} touchdown", 0.4, -FAR)
    _synapse(net, f"{leg} load trend", f"{leg} hold", 0.12, -FAR)
    _synapse(net, f"{leg} hold", f"{leg} trigger", p.hold, -FAR, p.hold_threshold, p.hold_threshold + 6.0)
    _relay(net, f"{leg} propulsion", f"{leg} seek", FULL, 0.2, 2.0)
    _synapse(net, f"{leg} swing", f"{leg} seek", 1.0, -FULL, 4.0, 16.0)
    _synapse(net, f"{leg} seek", f"{leg} search", 0.18, FAR, 4.0, 16.0)
    _synapse(net, f"{leg} swing", f"{leg} search", 5.0, 0.0, 8.0, 16.0)


def _load_feedback(net: Network, leg: str, p: Parameters) -> None:
    """All that the load afferent tells."""
    _relay(net, f"{leg} load", f"{leg} load slow", FULL)
    _relay(net, f"{leg} load", f"{leg} load trend", FULL)
    _relay(net, f"{leg} load", f"{leg} touchdown", 1.5 * FULL)
    _relay(net, f"{leg} load", f"{leg} hold", 1.3 * FULL)
    _synapse(net, f"{leg} load", f"{leg} stance", p.load_stance, FAR)
    _synapse(net, f"{leg} load", f"{leg} seek", 2.0, -FULL, 1.0, 5.0)


def _motor(net: Network, leg: str, p: Parameters) -> None:
    """From the place along the stride to the joints."""
    pair = int(leg[1])
    for name in ("protraction", "retraction"):
        _neuron(net, f"{leg} {name}")
    _neuron(net, f"{leg} lift", capacitance=p.lift_capacitance)
    for names in MOTOR_PAIRS.values():
        for name in names:
            _neuron(net, f"{leg} {name}", capacitance=p.motor_capacitance)

    inner = "turn left" if leg[0] == "L" else "turn right"
    _synapse(net, inner, f"{leg} trigger", p.turn_trigger, FAR)
    for source, command in (("protracted", "protraction"), ("retracted", "retraction")):
        _relay(net, f"{leg} {source}", f"{leg} {command}", FULL)
        _synapse(net, inner, f"{leg} {command}", p.turn_shunt, 0.0)

    forward, backward = stance_lines(LEG_TYPES[pair], p.half_stride)
    for (raising, lowering), ahead, behind in zip(MOTOR_PAIRS.values(), forward, backward, strict=True):
        for command, turn in (("protraction", ahead), ("retraction", behind)):
            muscle = raising if turn > 0 else lowering
            _relay(net, f"{leg} {command}", f"{leg} {muscle}", FULL * abs(turn) / MOTOR_GAIN)

    _relay(net, f"{leg} swing", f"{leg} lift", FULL)
    _synapse(net, f"{leg} protracted", f"{leg} lift", 0.3, -FAR, p.lift_end, p.lift_end + 8.0)
    height = p.lift * (p.lift_hind if pair == 3 else 1.0)
    _relay(net, f"{leg} lift", f"{leg} levator", FULL * height / MOTOR_GAIN)
    _relay(net, f"{leg} lift", f"{leg} flexor", FULL * p.lift_tibia / MOTOR_GAIN)
    # The trochanteral hair plate ends levation (Wong & Pearson 1976).
    _synapse(net, f"{leg} femur angle", f"{leg} levator", 0.15, -FAR, 14.0, 20.0)
    _relay(net, f"{leg} search", f"{leg} depressor", FULL * p.search / MOTOR_GAIN, p.search_threshold, FULL)
    _synapse(net, f"{leg} load slow", f"{leg} depressor", p.support, FAR)


def _coordination(net: Network, leg: str, p: Parameters) -> None:
    """Cruse's rules, from this leg to its neighbours."""
    beside, front, hind = neighbours(leg)
    for other, share in ((beside, p.contralateral), (front, 1.0), (hind, 1.0)):
        if other:
            _synapse(net, f"{leg} swing", f"{other} trigger", share * p.rule_1, -FAR, 6.0, 12.0)
    for other, share in ((beside, p.contralateral), (front, 1.0)):
        if other:
            _synapse(net, f"{leg} touchdown", f"{other} trigger", share * p.rule_2, FAR, 2.0, 10.0)
    for other, share in ((beside, p.contralateral), (hind, 1.0)):
        if other:
            _synapse(net, f"{leg} retracted", f"{other} trigger", share * p.rule_3, FAR)


def _neuron(
    net: Network,
    name: str,
    *,
    capacitance: float = 5.0,
    conductance: float = 1.0,
    rest: float = 0.0,
    bias: float = 0.0,
    initial: float | None = None,
) -> None:
    kind = NonSpikingNeuron(
        membrane_capacitance=capacitance, membrane_conductance=conductance, resting_potential=rest, bias=bias
    )
    net.add_neuron(kind, name=name, initial_value=initial)


def _synapse(
    net: Network,
    source: str,
    destination: str,
    conductance: float,
    reversal: float,
    e_lo: float = 0.0,
    e_hi: float = FULL,
) -> None:
    kind = NonSpikingSynapse(max_conductance=conductance, reversal_potential=reversal, e_lo=e_lo, e_hi=e_hi)
    net.add_connection(kind, source, destination)


def _relay(
    net: Network, source: str, destination: str, potential: float, e_lo: float = 0.0, e_hi: float = FULL
) -> None:
    """A synapse that alone brings a neuron of 1 uS to a potential when its source is fully active."""
    _synapse(net, source, destination, potential / (FAR - potential), FAR, e_lo, e_hi)
