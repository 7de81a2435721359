"""Units of quantities, for tables and messages."""

UNITS = {
    "uS": ("membrane_conductance", "g_ion", "max_conductance", "conductance_increment", "conductance"),
    "nF": ("membrane_capacitance",),
    "mV": (
        "resting_potential", "initial_value", "threshold_initial_value", "threshold_increment", "threshold_floor",
        "reset_potential", "e_ion", "e_m", "e_h", "e_a", "e_b", "e_c", "reversal_potential", "e_lo", "e_hi", "post_lo",
        "post_hi", "midpoint",
    ),
    "nA": ("bias", "mean", "sigma", "initial", "gain", "offset"),
    "ms": (
        "time_constant", "rise_time", "delay", "threshold_time_constant", "tau_max_h", "tau_max_b", "tau_max_c",
        "tau_facilitation", "tau_depression", "tau_pre", "tau_post", "tau_pre_slow", "tau_post_slow", "tau_eligibility",
        "transmission_delay_ms",
    ),
    "1/mV": ("slope", "slope_m", "slope_h", "slope_a", "slope_b", "slope_c"),
    "1/ms": ("forget",),
    "N": ("force", "max_tension"),
    "N/m": ("kse", "kpe"),
    "m": ("rest_length", "width", "optimal_length", "tendon_slack_length"),
    "rad": ("pennation",),
    "s": ("activation_time", "deactivation_time", "smoothing"),
}  # fmt: skip


OF_KIND = {
    ("efferents", "gain"): "", ("efferents", "offset"): "", ("efferents", "range_low"): "mV",
    ("efferents", "range_high"): "mV",
}  # fmt: skip
"""Units that depend on what has the quantity."""


def unit_of(quantity: str, kind: str) -> str:
    """Unit of a quantity of a kind of thing; "" where it has none, or one that depends on the single thing."""
    known = next((unit for unit, names in UNITS.items() if quantity in names), "")
    return OF_KIND.get((kind, quantity), known)
