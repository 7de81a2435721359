"""From walk to trot: drive changes a quadruped's gait, and the transition has hysteresis (Aoi et al. 2013).

With more drive a walk in lateral sequence, the forelimb a quarter of a stride behind the hind limb of its side, becomes
a trot, one half. In dogs and in the robot of Aoi et al. the speed of the transition differs on the way up and down; it
begins at a Froude number of about 0.4 in a wide variety of animals (Bender et al. 2011).
"""

from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.reproduce.drawing import OTHER, OURS, PUBLISHED, label
from sns_mujoco.reproduce.experiment import Comparison, Data, Experiment, Measured, first, near

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sns_mujoco.cosim.simulation import Simulation

DRIVES = np.round(np.arange(0.5, 0.951, 0.05), 2)
BEGIN, SETTLE, HOLD, SAMPLE, SEEDS = 4.0, 0.5, 1.0, 0.002, 6  # s, s, s, s, animals
TROT = 0.45  # cycles: lags of a trot are above
BETWEEN = (
    "On the way up the change is gradual; on the way down the animal stumbles between 0.85 and 0.75, and where it "
    "stays up, its lags are those of the way up. Held for 4 s at each drive, three animals of four fell at 0.85 or 0.9 "
    "on the way up, and all four at 0.85 on the way down; held for 8 s, all eight fell at 0.85; in steps of 0.02 for "
    "4 s, all eight between 0.84 and 0.88. With 1.5 s one in three gets through, and the others far enough to compare."
)


def staircase(simulation: "Simulation", drives: "np.ndarray") -> "np.ndarray":
    """Homolateral lag (cycles), speed (m/s), duty factor and period (s) at each drive [n, 4]; nan after a fall."""
    from sns_mujoco.analysis import gait
    from sns_mujoco.models.quadruped.anatomy import LIMBS
    from sns_mujoco.models.quadruped.measure import BOUNCE, LAG_PAIRS, STANCE_LOAD, fallen

    model, data = simulation.model, simulation.data
    sensors = [model.sensor(f"{limb}_touch").adr[0] for limb in LIMBS]
    every, bounce = round(SAMPLE / model.opt.timestep), round(BOUNCE / SAMPLE)
    rows = np.full((len(drives), 4), np.nan)
    simulation.commands["drive"] = float(drives[0])
    simulation.run(BEGIN)
    for row, drive in zip(rows, drives, strict=True):
        simulation.commands["drive"] = float(drive)
        simulation.run(SETTLE)
        load, begin = np.empty((round(HOLD / SAMPLE), len(LIMBS))), data.qpos[:2].copy()
        for sample in load:
            simulation.step(every)
            sample[:] = data.sensordata[sensors]
        if fallen(simulation):
            break
        standing = gait.stance(load, STANCE_LOAD, gap=bounce, shortest=bounce)
        found = gait.analyse(standing, LIMBS, SAMPLE, pairs=LAG_PAIRS)
        sides = np.exp(2j * np.pi * np.array([found.lags[pair] for pair in LAG_PAIRS[:2]])).sum()
        speed = float(np.linalg.norm(data.qpos[:2] - begin)) / HOLD
        row[:] = float(np.angle(sides)) / (2 * np.pi) % 1.0, speed, found.duty_factor, found.period
    return rows


def middle(values: "np.ndarray") -> "np.ndarray":
    """Median over animals [n] of those that stand [animals, n]; nan where none does."""
    return np.array([np.median(own[np.isfinite(own)]) if np.isfinite(own).any() else np.nan for own in values.T])


def measure() -> Measured:
    """Raise drive from a walk, and lower it from a trot, with six animals each."""
    from sns_mujoco.models import load
    from sns_mujoco.models.quadruped.anatomy import HIP_HEIGHT
    from sns_mujoco.models.quadruped.measure import GRAVITY

    animal = load("quadruped")
    up = np.array([staircase(animal.simulation(seed=seed), DRIVES) for seed in range(SEEDS)])
    down = np.array([staircase(animal.simulation(seed=seed), DRIVES[::-1]) for seed in range(SEEDS)])[:, ::-1]
    rising, falling = (np.stack([middle(column) for column in np.moveaxis(way, -1, 0)], axis=1) for way in (up, down))
    walk, trot = rising[0], falling[-2]  # drives of 0.5 and 0.9
    speed = first(falling[falling[:, 0] > TROT, 1])  # the slowest trot
    apart = np.abs(rising[:, 0] - falling[:, 0])
    comparisons = (
        near("walk: forelimb behind the hind limb of its side, drive 0.5", float(walk[0]), 0.25,
             where="lateral-sequence walk, Hildebrand 1965, from memory", unit="cycles", absolute=0.05),
        near("trot: the same, drive 0.9", float(trot[0]), 0.5, where="Hildebrand 1965", unit="cycles",
             absolute=0.05),
        Comparison(quantity="duty factor of the walk", published="above 0.5", where="Hildebrand 1965", low=0.5,
                   measured=float(walk[2])),
        Comparison(quantity="duty factor of the trot", published="below that of the walk", where="Hildebrand 1965",
                   high=float(walk[2]), measured=float(trot[2])),
        Comparison(quantity="stride period of the trot over that of the walk", published="shorter",
                   where="Danner et al. 2017, in words", high=0.9,
                   measured=float(trot[3] / walk[3])),
        Comparison(quantity="Froude number at which the trot begins", published="about 0.4",
                   where="Bender et al. 2011, abstract: in a wide variety of animals", low=0.25, high=0.6,
                   measured=speed**2 / (GRAVITY * HIP_HEIGHT),
                   tried="The slowest trot, on the way down, stumbles. Steady ones have Froude numbers of about 0.1, "
                   "with 5 short strides a second. The last task of its evolution asked for more speed at high drive "
                   "and ended at 0.50 m/s, a number of 0.12."),
        Comparison(quantity="hysteresis: largest difference of the lag between up and down", unit="cycles",
                   published="walk on the way up where there is trot on the way down",
                   where="Aoi et al. 2013, abstract", low=0.1, measured=float(np.nanmax(apart)), tried=BETWEEN),
        Comparison(quantity="animals that fall on the way up or down", published="0", where="Aoi et al. 2013: a robot "
                   "changes its gait without falls", high=0.0,
                   measured=float(np.isnan(up[:, -1, 0]).sum() + np.isnan(down[:, 0, 0]).sum()), tried=BETWEEN),
    )  # fmt: skip
    return Measured(comparisons=comparisons, data={"drives": DRIVES, "up": up, "down": down})


def draw(data: Data) -> "Figure":
    """Lag and speed over drive, on the way up and down, of every animal."""
    from sns_mujoco.analysis import figures

    figure, axes = figures.canvas(160, 70, columns=2)
    with figures.style():
        ways = (("up", OURS, "up"), ("down", OTHER, "down"))
        for ax, column, text in ((axes[0, 0], 0, "homolateral lag (cycles)"), (axes[0, 1], 1, "speed (m/s)")):
            for key, color, name in ways:
                for k, rows in enumerate(data[key]):
                    ax.plot(data["drives"], rows[:, column], "o-", color=color, ms=2.5, lw=0.8,
                            label=name if k == 0 else None)  # fmt: skip
            label(ax, "drive", text)
        for lag, text in ((0.25, "walk"), (0.5, "trot")):
            axes[0, 0].axhline(lag, color=PUBLISHED, lw=0.7, ls=":")
            axes[0, 0].text(data["drives"][-1], lag + 0.005, text, fontsize=7, ha="right", va="bottom")
        axes[0, 0].legend(loc="upper left")
        axes[0, 1].set_ylim(0.0, 0.6)
    return figure


EXPERIMENT = Experiment(
    name="walk_trot",
    title="Drive turns a quadruped's walk in lateral sequence into a trot; the transition has hysteresis",
    citations=(
        "Aoi et al. 2013, J R Soc Interface 10:20120908",
        "Danner, Shevtsova, Frigon & Rybak 2017, eLife 6:e31050",
        "Hildebrand 1965, Science 150:701",
        "Bender et al. 2011, J Exp Biol 214:2057",
    ),
    method="The animal quadruped on the ground: drive goes up in steps of 0.05 from 0.5 to 0.95, and in other animals "
    "down, each step held for 1.5 s of which the last second is measured; six seeds each way, until they fall.",
    measure=measure,
    draw=draw,
)
