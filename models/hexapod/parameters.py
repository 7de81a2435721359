"""The numbers of the hexapod's nervous system that were tuned; README.md says how, and how well it walks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Tuned numbers, one set for all six legs.

    Attributes:
        half_stride: How far "position" 0 and 20 mV put the foot behind and before its foothold, mm.
        lift: Levation of the femur at the height of swing, rad.
        lift_hind: The same of the hind legs, as a share.
        lift_tibia: Flexion of the tibia at the height of swing, rad.
        lift_capacitance: C of "lift", nF: the larger, the softer the touchdown.
        lift_end: Potential of "protracted" at which the foot begins to come down, mV.
        motor_capacitance: C of the motor neurons, nF.
        protraction: Conductance "swing" to "position", uS: how fast the leg swings.
        retraction: Conductance "propulsion" to "position", uS: how fast the leg retracts at full drive.
        anterior_extreme: Potential of "protracted" at which swing gives way to stance, mV.
        posterior_stop: Potential of "retracted" at which propulsion of the leg begins to stop, mV.
        trigger_bias: Bias of "trigger", nA: what the signals for swing have to overcome.
        trigger_retracted: Conductance "retracted" to "trigger", uS.
        trigger_angle: Conductance "back" to "trigger", uS: what the joint angles say.
        rule_1: Conductance "swing" to the neighbours' "trigger", uS.
        rule_2: Conductance "touchdown" to "trigger" of the legs before and beside, uS.
        rule_3: Conductance "retracted" to "trigger" of the legs behind and beside, uS.
        contralateral: Strength of the rules between the two legs of a pair, as a share.
        hold: Conductance "hold" to "trigger", uS: how strongly load keeps a leg in stance.
        hold_threshold: Potential of "hold" at which that begins, mV.
        trend_capacitance: C of "load trend", nF: how slowly the feeling of load adapts.
        load_stance: Conductance "load" to "stance", uS.
        support: Conductance "load slow" to "depressor", uS: how much more a loaded leg pushes down.
        search: Depression of the femur of a leg that misses the ground, rad.
        search_threshold: Potential of "search" at which it acts, mV.
        turn_shunt: Conductance that shortens the inner legs' strides at full turn, uS.
        turn_trigger: Conductance that lets them swing earlier, uS.
    """

    half_stride: float = 9.611
    lift: float = 0.2837
    lift_hind: float = 0.819
    lift_tibia: float = 0.1
    lift_capacitance: float = 10.46
    lift_end: float = 8.719
    motor_capacitance: float = 6.243
    protraction: float = 0.2128
    retraction: float = 0.09457
    anterior_extreme: float = 11.66
    posterior_stop: float = 13.53
    trigger_bias: float = -20.49
    trigger_retracted: float = 0.4693
    trigger_angle: float = 0.218
    rule_1: float = 0.02196
    rule_2: float = 0.295
    rule_3: float = 0.03331
    contralateral: float = 0.3603
    hold: float = 0.4065
    hold_threshold: float = 11.35
    trend_capacitance: float = 220.5
    load_stance: float = 0.1658
    support: float = 0.007573
    search: float = 0.2721
    search_threshold: float = 7.325
    turn_shunt: float = 2.0
    turn_trigger: float = 0.15
