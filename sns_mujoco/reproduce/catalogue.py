"""Which published experiments there are."""

from sns_mujoco.reproduce.experiment import Experiment
from sns_mujoco.reproduce.published import (
    deletions,
    functional_subnetworks,
    half_centre_delta,
    hodgkin_huxley,
    insect_gait,
    leg_coordination,
    load_feedback,
    rat_stepping,
    short_term_depression,
    stance_swing_asymmetry,
    stdp_window,
    walk_trot,
)

EXPERIMENTS: dict[str, Experiment] = {
    module.EXPERIMENT.name: module.EXPERIMENT
    for module in (
        functional_subnetworks,
        half_centre_delta,
        hodgkin_huxley,
        stdp_window,
        short_term_depression,
        stance_swing_asymmetry,
        load_feedback,
        rat_stepping,
        deletions,
        insect_gait,
        leg_coordination,
        walk_trot,
    )
}
"""All of them by name, in the order in which they are run."""
