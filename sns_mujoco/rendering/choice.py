"""What a film of an animal shows beside its body: from names of panels to what is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from sns_mujoco.analysis.families import families_in, family_colors, own_families
from sns_mujoco.cosim.brain import Brain
from sns_mujoco.errors import ParameterError, unknown_name
from sns_mujoco.models import Animal, Readout
from sns_mujoco.muscles import MuscleInfo, find_muscles
from sns_mujoco.network import Network
from sns_mujoco.network.pictures.activity import ranges_of
from sns_mujoco.rendering.column import Content
from sns_mujoco.rendering.look import Color
from sns_mujoco.rendering.palette import TEXT, blend, partner
from sns_mujoco.rendering.panel_layout import Band, Foot, Row, Trace

PANELS = ("traces", "raster", "stance", "circuit", "muscles", "phase", "commands", "events")
_NO_FAMILY: Color = (0.70, 0.74, 0.82)
_MOST_PORTRAITS = 3
_RADIANS_PER_SECOND = (-10.0, 10.0)


@dataclass(frozen=True, slots=True)
class Signal:
    """Where a signal is read: a neuron, a hinge's angle or its velocity, or a command.

    Attributes:
        kind: "neuron", "angle", "velocity" or "command".
        place: Index of the neuron; in `qpos` or `qvel`; in `userdata`.
    """

    kind: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a film shows and where it is read.

    Attributes:
        content: What is drawn.
        signals: Where each trace is read.
        portraits: Where both signals of each portrait are read.
        raster: Whether the first band is a raster of all neurons.
        ranges: Potentials at which each neuron is dark and fully lit, mV [neurons, 2].
        muscles: Those of the band of muscles.
        loads: Index in `sensordata` of the load of each foot.
    """

    content: Content
    signals: tuple[Signal, ...]
    portraits: tuple[tuple[Signal, Signal], ...]
    raster: bool
    ranges: np.ndarray
    muscles: tuple[MuscleInfo, ...]
    loads: np.ndarray


def check_panels(panels: Sequence[str]) -> None:
    """Refuse what is no panel.

    Raises:
        UnknownNameError: There is none of that name.
    """
    for name in panels:
        if name not in PANELS:
            raise unknown_name("panel", name, PANELS, "sns_mujoco.rendering")


def choose(
    animal: Animal, model: mujoco.MjModel, brain: Brain, panels: Sequence[str] | None, *, grounded: bool, window: float,
    events: bool = False, portraits: Sequence[tuple[str, str]] = (),
) -> Choice:  # fmt: skip
    """Find everything that panels need.

    Args:
        animal: The animal.
        model: Its model.
        brain: Its nervous system in the model.
        panels: Some of `PANELS`; None for traces, stance, and events if there are any.
        grounded: Whether there is ground under it: if not, it has no stance.
        window: About how much time the strip shows, s.
        events: Whether anything is known to be done to it.
        portraits: Pairs of signals for phase portraits: names of neurons, of hinges for their angle, or
            "JOINT.velocity"; antagonists among the readouts if left out.

    Raises:
        UnknownNameError: There is no such panel, or no such signal.
        ParameterError: A panel was asked for that has nothing to show.
    """
    asked = tuple(panels) if panels is not None else ("traces", "stance", *(("events",) if events else ()))
    check_panels(asked)
    network = animal.network()
    names = [population.name for population in network.populations]
    colors = family_colors(own_families(animal))
    shown = {readout.neuron: readout.range for readout in animal.readouts if readout.neuron in names}
    muscles = tuple(find_muscles(model).values()) if "muscles" in asked else ()
    feet = animal.feet if grounded and "stance" in asked else ()
    drawn = traces_of(animal, model)
    signals = [_read(readout.neuron or readout.joint, model, brain) for readout in animal.readouts]
    if "commands" in asked:
        own = {name: range_ for name, range_ in animal.commands.items()}
        commands = [
            Trace(label=name, color=blend(_NO_FAMILY, TEXT, 0.3), lo=lo, hi=hi, unit="", section="commands")
            for name, (lo, hi) in own.items()
        ]
        drawn = [*commands, *_in_sections(drawn)]
        signals = [*(Signal("command", brain.commands[name]) for name in own), *signals]
    pairs = _portraits(animal, model, brain, portraits, colors) if "phase" in asked else []
    _check_shown(animal, model, panels, feet, muscles, pairs)
    bands = []
    if "raster" in asked:
        bands.append(_raster(animal, network, brain, colors))
    if muscles:
        found = families_in(animal, [muscle.name for muscle in muscles])
        rows = [
            Row(label=_plain(muscle.name), color=colors.get(family, _NO_FAMILY), family=family)
            for muscle, family in zip(muscles, found, strict=True)
        ]
        bands.append(Band(title="Muscle activation", rows=tuple(rows)))
    own_colors = family_colors([*(readout.family for readout in animal.readouts), *(foot.name for foot in animal.feet)])
    content = Content(
        traces=tuple(drawn),
        unseen=0 if "traces" in asked else len(animal.readouts),
        bands=tuple(bands),
        feet=tuple(Foot(label=foot.name, color=own_colors[foot.name]) for foot in feet),
        events="events" in asked,
        portraits=tuple((x, y) for x, y, _ in pairs),
        network=network if "circuit" in asked else None,
        colors=tuple(colors.get(family, _NO_FAMILY) for family in families_in(animal, names)),
        ranges=shown,
        window=window,
    )
    sizes = [population.size for population in network.populations]
    return Choice(
        content=content,
        signals=tuple(signals),
        portraits=tuple(places for _, _, places in pairs),
        raster="raster" in asked,
        ranges=np.repeat(np.array(ranges_of(network, shown), float).reshape(-1, 2), sizes, axis=0),
        muscles=muscles,
        loads=np.array([model.sensor(foot.sensor).adr[0] for foot in feet], int),
    )


def traces_of(animal: Animal, model: mujoco.MjModel) -> list[Trace]:
    """What a film and a live view show of an animal's readouts, in the colours of their families."""
    tendons = {model.tendon(t).name for t in range(model.ntendon)}
    colors = family_colors(readout.family for readout in animal.readouts)
    mixed = any(readout.joint and not readout.section for readout in animal.readouts)  # angles are no potentials
    seen: set[tuple[str, str]] = set()
    traces = []
    for readout in animal.readouts:
        color = colors[readout.family]
        lo, hi = readout.range
        traces.append(
            Trace(
                label=readout.label,
                color=partner(color) if (readout.lane, readout.family) in seen else color,
                lo=lo,
                hi=hi,
                unit="mV" if readout.neuron else "degrees",
                lane=readout.lane,
                section=readout.section or (_heading(readout) if mixed else ""),
                geoms=tuple(name for name in readout.tints if name not in tendons),
                muscles=tuple(name for name in readout.tints if name in tendons),
            )
        )
        if readout.lane:
            seen.add((readout.lane, readout.family))
    return traces


def _heading(readout: Readout) -> str:
    return "joint angle" if readout.joint else "membrane potential"


def _in_sections(traces: list[Trace]) -> list[Trace]:
    """Traces that have no section get one, so that they stand under a heading of their own below the commands."""
    from dataclasses import replace

    return [trace if trace.section else replace(trace, section="membrane potential") for trace in traces]


def _read(name: str, model: mujoco.MjModel, brain: Brain) -> Signal:
    """Where a signal is read.

    Raises:
        UnknownNameError: There is no neuron or hinge of that name.
    """
    if name in brain.neuron_names:
        return Signal("neuron", brain.neuron(name))
    joint, _, rest = name.rpartition(".velocity")
    hinges = {model.joint(j).name: j for j in range(model.njnt) if model.jnt_type[j] == mujoco.mjtJoint.mjJNT_HINGE}
    if rest == "" and joint in hinges:
        return Signal("velocity", int(model.jnt_dofadr[hinges[joint]]))
    if name not in hinges:
        known = [*brain.neuron_names, *hinges, *(f"{hinge}.velocity" for hinge in hinges)]
        raise unknown_name("neuron or hinge", name, known, "the animal")
    return Signal("angle", int(model.jnt_qposadr[hinges[name]]))


def _portraits(
    animal: Animal, model: mujoco.MjModel, brain: Brain, asked: Sequence[tuple[str, str]], colors: dict[str, Color]
) -> list[tuple[Trace, Trace, tuple[Signal, Signal]]]:
    """Both axes of each phase portrait, and where they are read."""
    readouts = {readout.neuron or readout.joint: readout for readout in animal.readouts}
    pairs = list(asked)
    if not pairs:
        lanes: dict[str, list[Readout]] = {}
        for readout in animal.readouts:
            if readout.lane:
                lanes.setdefault(readout.lane, []).append(readout)
        pairs = [(one.neuron or one.joint, other.neuron or other.joint) for one, other, *_ in
                 (lane for lane in lanes.values() if len(lane) > 1)][:2]  # fmt: skip
    found = []
    for pair in pairs[:_MOST_PORTRAITS]:
        x, y = (_axis(name, readouts, model, brain, colors) for name in pair)
        if x.color == y.color:
            y = Trace(label=y.label, color=partner(y.color), lo=y.lo, hi=y.hi, unit=y.unit)
        found.append((x, y, (_read(pair[0], model, brain), _read(pair[1], model, brain))))
    return found


def _axis(
    name: str, readouts: dict[str, Readout], model: mujoco.MjModel, brain: Brain, colors: dict[str, Color]
) -> Trace:
    """An axis of a portrait, over the range of the readout, or else of the joint, or 0 to 20 mV."""
    signal = _read(name, model, brain)
    readout = readouts.get(name.removesuffix(".velocity"))
    color = colors.get(readout.family, _NO_FAMILY) if readout else _NO_FAMILY
    if signal.kind == "velocity":
        lo, hi = np.degrees(_RADIANS_PER_SECOND)
        return Trace(label=name, color=color, lo=float(lo), hi=float(hi), unit="degrees/s")
    if readout is not None:
        label = readout.label if readout.joint else _plain(readout.neuron)
        lo, hi = readout.range
    elif signal.kind == "neuron":
        label, (lo, hi) = _plain(name), (0.0, 20.0)
    else:
        label, (lo, hi) = name, np.degrees(model.joint(name).range)
        lo, hi = (float(lo), float(hi)) if lo < hi else (-180.0, 180.0)
    return Trace(label=label, color=color, lo=lo, hi=hi, unit="mV" if signal.kind == "neuron" else "degrees")


def _raster(animal: Animal, network: Network, brain: Brain, colors: dict[str, Color]) -> Band:
    """All neurons, those of a family together."""
    found = families_in(animal, brain.neuron_names)
    rows = [
        Row(label=name, color=colors.get(family, _NO_FAMILY), family=family)
        for name, family in zip(brain.neuron_names, found, strict=True)
    ]
    return Band(title=f"Activity of all {network.get_num_neurons()} neurons", rows=tuple(rows))


def _check_shown(
    animal: Animal, model: mujoco.MjModel, panels: Sequence[str] | None, feet: Sequence[object],
    muscles: Sequence[object], pairs: Sequence[object],
) -> None:  # fmt: skip
    """Refuse panels that were asked for and are empty."""
    lacking = {
        "stance": (not feet, "it has no feet on the ground here"),
        "muscles": (not muscles, "it has no muscles"),
        "traces": (not animal.readouts, "it has no readouts"),
        "commands": (not animal.commands, "it has no commands"),
        "phase": (not pairs, "no two of its readouts share a lane; name two signals (--phase X,Y)"),
    }
    for name in panels or ():
        empty, why = lacking.get(name, (False, ""))
        if empty:
            raise ParameterError(f"the panel {name!r} of animal {animal.name!r} would be empty: {why}; leave it out")


def _plain(name: str) -> str:
    return name.replace("_", " ")
