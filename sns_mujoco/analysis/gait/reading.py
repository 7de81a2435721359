"""The motion of an animal from its recording: `read`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, get_args

import mujoco
import numpy as np

from sns_mujoco.analysis.gait.energetics import muscle_power
from sns_mujoco.analysis.gait.events import Bools, Floats, stance, stance_by_reversal, stance_by_speed
from sns_mujoco.analysis.gait.layout import layout_of
from sns_mujoco.analysis.gait.motion import Motion
from sns_mujoco.analysis.gait.recorded import RecordedLife, columns, series
from sns_mujoco.errors import GaitError, UnknownNameError, unknown_name

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.models import Animal

Events = Literal["load", "speed", "reversal"]

BOUNCE = 0.03  # s: a foot that is off the ground, or then on it, for less has not swung or stood
RECOVERY = 0.3  # s after a probe, in which an animal finds its feet again
SLOW = 1.0 / 3.0  # of the animal's speed: a foot that is slower stands, where speed tells
TURN = 0.25  # of the range of a foot's path along the body: less is no step, where reversals tell


def read(
    recording: "xarray.Dataset", animal: "Animal", *, terrain: str | None = None, start: float | None = None,
    stop: float | None = None, events: Events = "load", bounce: float = BOUNCE,
) -> list[Motion]:  # fmt: skip
    """The motion of a recorded animal.

    Args:
        recording: Of `Recorder` or `Simulation.record`, at 100 Hz or more; or of a population, with a dimension
            `individual`.
        animal: Whose it is: its feet, pairs, torso, place and when it has fallen.
        terrain: What it walked on; what the recording says, or the animal's usual ground, if left out.
        start: Time before which nothing counts, s; the first quarter of the recording if left out, in which the animal
            gets going.
        stop: Time after which nothing counts, s; the recording's end if left out.
        events: What tells stance: "load" on the feet, "speed" of the feet over the ground, or "reversal" of their path
            along the body, see `events`.
        bounce: What is briefer is no swing and no stance, s.

    Returns:
        A motion for each life: one, or as many as individuals. Power is that of the muscles if the animal has any, and
        else that of the torques of all actuators about its joints.

    Raises:
        GaitError: The animal has no feet, or the recording has not what is needed, or nothing between start and stop.
        UnknownNameError: A foot's sensor, a body or the terrain is not there.
    """
    if not animal.feet:
        raise GaitError(f"{animal.name!r} has no feet; name them in the animal, each with the sensor of its load")
    if events not in get_args(Events):
        raise unknown_name("way to tell stance", events, get_args(Events), "the measurement of gaits")
    ground = terrain or str(recording.attrs.get("terrain") or "") or animal.terrains[0]
    if ground not in animal.terrains:
        raise unknown_name("terrain", ground, animal.terrains, f"animal {animal.name!r}")
    model = animal.body(ground, int(recording.attrs.get("seed", 0))).compile()
    lives = [recording]
    if "individual" in recording.dims:
        lives = [recording.isel(individual=i) for i in range(recording.sizes["individual"])]
    free = animal.moves and animal.grounded(ground)
    return [_motion(life, animal, model, free, start, stop, events, bounce) for life in lives]


def _motion(
    recording: "xarray.Dataset", animal: "Animal", model: mujoco.MjModel, free: bool, start: float | None,
    stop: float | None, events: Events, bounce: float,
) -> Motion:  # fmt: skip
    time = recording.time.values
    if len(time) < 3:
        raise GaitError(f"the recording has {len(time)} samples; give one of some strides")
    life = RecordedLife(recording, model)
    load = _load(recording, animal)
    end, fell = _end(animal, life, load)
    first = time[0] + 0.25 * (time[-1] - time[0]) if start is None else start
    last = np.inf if stop is None else stop
    kept = np.flatnonzero((time >= first - 1e-9) & (time <= last + 1e-9) & (np.arange(len(time)) < end))
    if len(kept) < 3:
        fate = f", and the animal fell at {fell:.3f} s" if np.isfinite(fell) else ""
        until = "its end" if stop is None else f"{stop:g} s"
        raise GaitError(f"the recording runs from {time[0]:g} to {time[-1]:g} s{fate}; nothing of it lies between "
                        f"{first:g} s and {until}")  # fmt: skip
    part = slice(kept[0], kept[-1] + 1)
    period = float(np.median(np.diff(time)))
    sensors, names = [foot.sensor for foot in animal.feet], tuple(foot.name for foot in animal.feet)
    ground = _if_known(lambda: np.stack(animal.whereabouts(life), axis=1)) if free else None  # pyright: ignore
    belt = np.zeros((len(time), 3))
    if ground is not None and animal.torso:
        belt[:, :2] = ground - life.body(animal.torso).xpos[:, :2]
    paths = _if_known(lambda: np.stack([life.foot(sensor) for sensor in sensors], axis=1))
    places = None if paths is None else _if_known(lambda: _places(life, animal.torso, paths)[part])
    feet = None if paths is None else (paths + belt[:, None])[part]
    own = None if ground is None else ground[part]
    standing = _standing(animal, load[part], feet, places, own, period, events, bounce)
    hips = _if_known(lambda: np.stack([life.hip(sensor, animal.torso)[part, 2] for sensor in sensors], axis=1))
    center = _if_known(lambda: life.center(animal.torso)) if free and animal.torso else None
    power, working, kind = _power(recording, life, animal.torso)
    return Motion(
        feet=names,
        standing=standing,
        period=period,
        begin=float(time[kept[0]]),
        pairs=animal.lag_pairs,
        layout=layout_of(names, None if places is None else places.mean(axis=0)),
        foot=feet,
        center=None if center is None else center[part] + belt[part],
        place=own,
        length=animal.length,
        height=_height(hips, feet, standing),
        mass=life.mass(animal.torso) if animal.torso else float("nan"),
        gravity=float(np.linalg.norm(model.opt.gravity)),
        power=None if power is None else power[part],
        working=working,
        work_of=kind,
        angles={name: angle[part] for name, angle in columns(recording, "joint_position", "joint").items()},
        commands={name: value[part] for name, value in columns(recording, "command", "command_name").items()},
        disturbed=disturbed(animal, recording)[part],
        fell=fell,
    )


def _if_known(make: Callable[[], Floats]) -> Floats | None:
    """What can be made of a recording; None where it was not recorded, or an animal's own functions ask for more."""
    try:
        return make()
    except (GaitError, UnknownNameError, AttributeError):
        return None


def _height(hips: Floats | None, feet: Floats | None, standing: Bools) -> float:
    """Mean height of the hips [T, F] above where feet [T, F, 3] stand, m; nan if unknown."""
    if hips is None or feet is None or not standing.any():
        return float("nan")
    return float(hips.mean() - feet[:, :, 2][standing].mean())


def disturbed(animal: "Animal", recording: "xarray.Dataset", *, recovery: float = RECOVERY) -> Bools:
    """When a probe acted on an animal, or just had [T]; one that never ceased is how it lived, and no disturbance.

    Args:
        animal: The animal.
        recording: Of one life.
        recovery: For how long a probe counts after its end, s.
    """
    samples = recording.sizes["time"]
    known = set(map(str, recording.command_name.values)) if "command" in recording else set()
    probes = [name for name in animal.probes if name in known]
    if not probes or samples < 2:
        return np.zeros(samples, bool)
    after = round(recovery / float(np.median(np.diff(recording.time.values))))
    acting = series(recording, "command", command_name=probes) != 0.0
    pulsed = (acting & ~acting.all(axis=0)).any(axis=1)
    last = np.maximum.accumulate(np.where(pulsed, np.arange(samples), -after))
    return np.arange(samples) - last < after


def _load(recording: "xarray.Dataset", animal: "Animal") -> Floats:
    """Load on the feet [T, F], N."""
    if "foot_load" in recording and {foot.name for foot in animal.feet} <= set(recording.foot.values):
        return series(recording, "foot_load", foot=[foot.name for foot in animal.feet])
    known = [str(name) for name in recording.channel.values] if "sensor" in recording else []
    for foot in animal.feet:
        if foot.sensor not in known:
            raise unknown_name("sensor of a foot's load", foot.sensor, known, "the recording")
    return series(recording, "sensor", channel=[foot.sensor for foot in animal.feet])


def _end(animal: "Animal", life: RecordedLife, load: Floats) -> tuple[int, float]:
    """Number of samples before the animal fell or diverged, and when it fell, s; nan if it did not."""
    lived = np.asarray(np.isfinite(load).all(axis=1))
    told = _if_known(lambda: np.asarray(animal.fallen(life)))  # pyright: ignore[reportArgumentType]
    fallen = np.broadcast_to(False if told is None else told.astype(bool), lived.shape)
    ends = ~lived | fallen
    if not ends.any():
        return len(lived), float("nan")
    end = int(ends.argmax())
    return end, float(life.time[end]) if fallen[end] else float("nan")


def _standing(
    animal: "Animal", load: Floats, feet: Floats | None, places: Floats | None, ground: Floats | None, period: float,
    events: Events, bounce: float,
) -> Bools:  # fmt: skip
    """Stance [T, F] as `events` tells it, from load, places on the ground, and places about the body."""
    shortest = max(1, int(np.ceil(bounce / period - 1e-9)))
    if events == "load":
        return stance(load, animal.stance_load, gap=shortest, shortest=shortest)
    if feet is None or places is None:
        raise GaitError(f"stance is to be told by {events}, and the recording has no places of feet; record all bodies")
    if events == "reversal":
        ahead = places[:, :, 0]
        span = np.ptp(np.quantile(ahead, [0.02, 0.98], axis=0), axis=0)  # a single stumble is no step length
        stood = [
            stance_by_reversal(path[:, None], least=max(TURN * s, 1e-9)) for path, s in zip(ahead.T, span, strict=True)
        ]
        return np.concatenate(stood, axis=1)
    if ground is None:
        raise GaitError(
            f"{animal.name!r} goes nowhere, so the speed of its feet tells no stance; take load or reversal"
        )
    speed = float(np.linalg.norm(ground[-1] - ground[0])) / (period * (len(ground) - 1))
    return stance_by_speed(feet, period, speed=SLOW * speed, gap=shortest, shortest=shortest)


def _places(life: RecordedLife, torso: str, feet: Floats) -> Floats:
    """Where feet [T, F, 3] are ahead of the torso and to its left [T, F, 2], m; of the world's axes without a torso."""
    if not torso:
        return feet[:, :, :2]
    heading = life.heading(torso)[:, None]
    x, y = np.moveaxis(feet[:, :, :2] - life.body(torso).xpos[:, None, :2], 2, 0)
    return np.stack((np.cos(heading) * x + np.sin(heading) * y, np.cos(heading) * y - np.sin(heading) * x), axis=2)


def _power(recording: "xarray.Dataset", life: RecordedLife, torso: str) -> tuple[Floats | None, tuple[str, ...], str]:
    """Mechanical power of the muscles or, without any, of the animal's joints [T, M], W, their names, what they are."""
    if {"muscle_force", "muscle_velocity"} <= set(recording) and recording.sizes["muscle"]:
        power = muscle_power(series(recording, "muscle_force"), series(recording, "muscle_velocity"))
        return power, tuple(map(str, recording.muscle.values)), "muscle"
    if {"joint_torque", "joint_velocity"} <= set(recording):
        own = [str(name) for name in recording.joint.values if life.carries(torso, str(name))]
        turning = series(recording, "joint_torque", joint=own) * series(recording, "joint_velocity", joint=own)
        return turning, tuple(own), "joint"
    return None, (), "muscle"
