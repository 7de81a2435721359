"""Gait science: strides and their phases, statistics on circles, names of gaits, energy, stability, coordination.

`gait_report` says all that recordings tell of a gait:

    from sns_mujoco import load_recording
    from sns_mujoco.analysis import gait
    from sns_mujoco.models import load

    report = gait.gait_report([load_recording("walk0.nc"), load_recording("walk1.nc")], load("quadruped"))
    print(report)  # report.quantities["duty factor"].low, report.table(), report.to_dataset() ...

What it is made of stands beside, each with its source: `events`, `striding`, `circular`, `bootstrap`, `layout`,
`naming`, `diagrams`, `energetics`, `margins`, `coordination`, `references`, `trajectories`. Phases and lags are shares
of a stride, 0 to 1.
"""

from sns_mujoco.analysis.gait import bootstrap, circular
from sns_mujoco.analysis.gait.coordination import (
    Course,
    Hysteresis,
    Transition,
    course,
    directions,
    foot_phase,
    hysteresis,
    relative_phase,
    transitions,
)
from sns_mujoco.analysis.gait.diagrams import (
    Bar,
    HildebrandPoints,
    feet_down,
    hildebrand_points,
    mean_stride,
    stance_bars,
    support_patterns,
    tripod_strength,
)
from sns_mujoco.analysis.gait.energetics import (
    Exchange,
    Work,
    cost_of_transport,
    exchange,
    froude,
    muscle_power,
    work,
)
from sns_mujoco.analysis.gait.events import (
    liftoffs,
    reversals,
    stance,
    stance_by_reversal,
    stance_by_speed,
    touchdowns,
)
from sns_mujoco.analysis.gait.layout import Layout, layout_of
from sns_mujoco.analysis.gait.life import Life, measure
from sns_mujoco.analysis.gait.margins import dynamic_margin, static_margin, support_margin
from sns_mujoco.analysis.gait.motion import Motion
from sns_mujoco.analysis.gait.naming import GaitName, name_gait
from sns_mujoco.analysis.gait.quantities import QUANTITIES, Quantity
from sns_mujoco.analysis.gait.reading import disturbed, read
from sns_mujoco.analysis.gait.references import Compared, Reference, compare, load_references
from sns_mujoco.analysis.gait.report import GaitReport, Lag, gait_report
from sns_mujoco.analysis.gait.striding import Gait, Strides, analyse, mean_phase, phases, strides, undisturbed
from sns_mujoco.analysis.gait.trajectories import (
    Followed,
    Trajectory,
    compare_trajectory,
    load_trajectories,
    stride_normalised,
)

__all__ = [
    "QUANTITIES",
    "Bar",
    "Compared",
    "Course",
    "Exchange",
    "Followed",
    "Gait",
    "GaitName",
    "GaitReport",
    "HildebrandPoints",
    "Hysteresis",
    "Lag",
    "Layout",
    "Life",
    "Motion",
    "Quantity",
    "Reference",
    "Strides",
    "Trajectory",
    "Transition",
    "Work",
    "analyse",
    "bootstrap",
    "circular",
    "compare",
    "compare_trajectory",
    "cost_of_transport",
    "course",
    "directions",
    "disturbed",
    "dynamic_margin",
    "exchange",
    "feet_down",
    "foot_phase",
    "froude",
    "gait_report",
    "hildebrand_points",
    "hysteresis",
    "layout_of",
    "liftoffs",
    "load_references",
    "load_trajectories",
    "mean_phase",
    "mean_stride",
    "measure",
    "muscle_power",
    "name_gait",
    "phases",
    "read",
    "relative_phase",
    "reversals",
    "stance",
    "stance_bars",
    "stance_by_reversal",
    "stance_by_speed",
    "static_margin",
    "stride_normalised",
    "strides",
    "support_margin",
    "support_patterns",
    "touchdowns",
    "transitions",
    "tripod_strength",
    "undisturbed",
    "work",
]
