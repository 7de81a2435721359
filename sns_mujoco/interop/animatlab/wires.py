"""AnimatLab's adapters: from a source through a gain to a target.

An adapter becomes an afferent (body to neuron), an efferent (neuron to body) or synapses (neuron to neuron). Gains map
SI units on both sides: potentials in V, currents in A.
"""

from typing import Any

import mujoco
import numpy as np

from sns_mujoco import adapters as ours
from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.frames import WORLD_AXES
from sns_mujoco.interop.animatlab.gains import Curve, read_gain
from sns_mujoco.interop.animatlab.motors import motor_name
from sns_mujoco.interop.animatlab.parts import Part, Parts
from sns_mujoco.interop.animatlab.rates import rate_ramps, rate_text
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.settings import LONGEST_DELAY
from sns_mujoco.interop.animatlab.xml import Item
from sns_mujoco.network import GradedCurrentSynapse, Network

TYPES = {"nodetonode", "nodetophysical", "physicaltonode", "contact", "propertycontroladapter"}
NANO, MILLI = 1e9, 1e-3
WIDE = 1000.0  # mV: how far potentials are taken to go, where a straight line must end somewhere
PIECES = 64  # of a curve between neurons


class Wires:
    """Adapters while they are read.

    Attributes:
        adapters: Afferents and efferents.
        motors: What each joint that is driven is driven by, by its name.
        count: How many adapters of the file are represented.
    """

    def __init__(self, network: Network, spec: mujoco.MjSpec, parts: Parts, report: Report) -> None:
        """Begin without any; synapses go into the network, sensors into the body."""
        self.adapters: list[Any] = []
        self.motors: dict[str, str] = {}
        self.count = 0
        self._network, self._spec, self._parts, self._report = network, spec, parts, report
        self._sensors: set[str] = set()
        self._driven: dict[str, str] = {}

    def add(self, item: Item) -> None:
        """Read an adapter.

        Raises:
            AnimatLabError: Its type, source or target does not exist, or a number makes no sense.
        """
        kind = item.text("Type").lower()
        if kind not in TYPES:
            raise AnimatLabError(f"{item.where}: adapter type {item.text('Type')!r} is unknown to AnimatLab")
        if kind in ("contact", "propertycontroladapter"):
            why = "receptive fields of contact sensors" if kind == "contact" else "it sets a property while running"
            self._leave(item, item.name, why)
            return
        source = self._parts.find(item.text("SourceID"), item, "source")
        target = self._parts.find(item.text("TargetID"), item, "target")
        name = f"{source.name} to {target.name}"
        item.where = f"Adapter from {source.name!r} to {target.name!r}"
        curve = read_gain(item.need("Gain"))
        if not item.flag("Enabled", True):
            self._leave(item, name, "it is disabled in the file, and left out")
            return
        gone = next((p for p in (source, target) if p.kind == "missing" or p.data.get("absent")), None)
        if gone is not None:
            self._leave(item, name, f"{gone.name!r} is left out")
            return
        if item.number("InitIODisableDuration", 0.0):
            self._report.add("approximated", "Adapter", name, "it acts from the beginning", item.id)
        scale = item.number("RobotIOScale", 1.0)
        delay = 0.0
        if item.whole("DelayBufferMode", 0):
            delay = item.number("DelayBufferInterval", 0.0, least=0.0, most=LONGEST_DELAY / 1e3) * 1e3
        read = item.text("SourceDataType").lower()
        if target.kind == "neuron" and source.kind == "neuron":
            made = self._between(item, name, source, target, read, curve, scale, delay)
        elif target.kind == "neuron":
            made = self._afferent(item, name, source, target, read, curve, scale, delay)
        elif source.kind == "neuron":
            made = self._efferent(item, name, source, target, read, curve, scale, delay)
        else:
            made = self._leave(item, name, "neither end is a neuron")
        self.count += made

    def _leave(self, item: Item, name: str, why: str) -> bool:
        self._report.add("unsupported", "Adapter", name, why, item.id)
        return False

    # body to neuron

    def _afferent(
        self, item: Item, name: str, source: Part, target: Part, read: str, curve: Curve, scale: float, delay: float
    ) -> bool:
        signal = self._signal(source, read)
        if signal is None:
            return self._leave(item, name, f"the signal {item.text('SourceDataType')!r} of a {source.kind}")
        make, given, unit = signal
        if read == "contactcount":
            self._report.add("approximated", "Adapter", name, "contacts count as one, however many there are", item.id)
        gain = curve.gain(unit, NANO * scale)
        self.adapters.append(make(to=target.name, curve=gain, delay=delay, **given))
        return True

    def _signal(self, source: Part, read: str) -> tuple[Any, dict[str, Any], float] | None:
        """Class of an afferent, its arguments, and AnimatLab's value per unit of its signal; None if there is none."""
        if source.kind in ("muscle", "receptor"):
            return self._of_line(source, read)
        if source.kind == "spring" and read in ("length", "springlength", "musclelength"):
            return ours.TendonLength, {"of": source.name}, 1.0
        if source.kind == "joint" and source.data["type"] != "ball":
            if read in ("jointrotation", "jointposition"):
                return ours.JointAngle, {"joint": source.name}, 1.0
            if read == "jointrotationdeg":
                return ours.JointAngle, {"joint": source.name}, 180 / np.pi
            if read == "jointactualvelocity":
                return ours.JointVelocity, {"joint": source.name}, 1.0
        if source.kind == "body" and source.name != "world":
            return self._of_body(source, read)
        return None

    def _of_line(self, source: Part, read: str) -> tuple[Any, dict[str, Any], float] | None:
        hill, item = source.data["hill"], source.item
        length = {"musclelength": 1.0, "length": 1.0}
        if read in length:
            return ours.TendonLength, {"of": source.name}, 1.0
        if read in ("vmuscle", "avgvmuscle"):
            return ours.TendonVelocity, {"of": source.name}, 1.0
        if source.kind == "muscle":
            constant = {"ib": item.number("IbDischarge", 100.0, least=0.0), "tension": 1.0}.get(read)
            return None if constant is None else (ours.TendonForce, {"of": source.name}, constant)
        endings = {
            "ia": ("Ia", item.number("IaDischarge", 100.0, least=0.0)), "selength": ("Ia", 1.0),
            "ii": ("II", item.number("IIDischarge", 100.0, least=0.0)), "pelength": ("II", 1.0),
            "ib": ("Ib", item.number("IbDischarge", 100.0, least=0.0)), "tension": ("Ib", 1.0),
        }  # fmt: skip
        if read not in endings:
            return None
        ending, constant = endings[read]
        given = {
            "tendon": source.name, "ending": ending, "constant": constant, "kse": hill.kse, "kpe": hill.kpe,
            "damping": hill.damping, "rest_length": hill.rest_length, "max_tension": hill.max_tension,
            "series_fraction": hill.series_fraction, "min_parallel": hill.min_parallel,
        }  # fmt: skip
        return ours.StretchReceptor, given, 1.0

    def _of_body(self, source: Part, read: str) -> tuple[Any, dict[str, Any], float] | None:
        if read == "contactcount":
            return ours.Cutaneous, {"of": source.name, "on": 1e-6}, 1.0
        kinds = {
            "worldposition": mujoco.mjtSensor.mjSENS_FRAMEPOS,
            "bodylinearvelocity": mujoco.mjtSensor.mjSENS_FRAMELINVEL,
            "bodyangularvelocity": mujoco.mjtSensor.mjSENS_FRAMEANGVEL,
        }  # fmt: skip
        if read[:-1] not in kinds or read[-1] not in WORLD_AXES:
            return None
        channel, sign = WORLD_AXES[read[-1]]
        sensor = f"{source.name} {read[:-1]}"
        if sensor not in self._sensors:
            self._spec.add_sensor(
                name=sensor, type=kinds[read[:-1]], objtype=mujoco.mjtObj.mjOBJ_XBODY, objname=source.name
            )
            self._sensors.add(sensor)
        return ours.SensorChannel, {"sensor": sensor, "channel": channel}, sign

    # neuron to body

    def _efferent(
        self, item: Item, name: str, source: Part, target: Part, read: str, curve: Curve, scale: float, delay: float
    ) -> bool:
        potential = self._potential(source, read)
        if potential is None:
            return self._leave(item, name, f"the signal {item.text('SourceDataType')!r} of a neuron")
        if source.data["spikes"]:
            why = "spikes are not seen in the potential, which AnimatLab shows at its peak for a step"
            self._report.add("approximated", "Adapter", name, why, item.id)
        if target.kind == "receptor":
            return self._leave(item, name, "stretch receptors are not excited here")
        if target.kind == "muscle":
            drives, gain = target.name, self._excitation(target, potential, curve, scale)
        elif target.kind == "joint" and target.data["type"] != "ball":
            drives, gain = motor_name(target.name), self._servo(potential, curve, scale)
            self._motor(item, target)
        else:
            return self._leave(item, name, f"a {target.kind} cannot be driven")
        if drives in self._driven:
            return self._leave(item, name, f"{self._driven[drives]!r} drives it already")
        self._driven[drives] = source.name
        self.adapters.append(ours.MotorNeuron(neuron=source.name, drives=drives, curve=gain, delay=delay))
        return True

    def _potential(self, source: Part, read: str) -> str | None:
        """What a neuron's signal is, as text of its potential in mV (`x`)."""
        if read == "membranevoltage":
            return f"({MILLI!r} * x)"
        if read == "firingfrequency" and source.data["family"] == "rate":
            return rate_text(source.item, "x")
        return None

    def _excitation(self, muscle: Part, potential: str, curve: Curve, scale: float) -> ours.Gain:
        hill = muscle.data["hill"]
        straight, n = curve.straight, hill.stimulus.numbers
        plain = hill.stimulus.limits is None and potential == f"({MILLI!r} * x)"
        if straight and plain and straight[0] * scale > 0:
            slope, level = straight[0] * scale * MILLI, straight[1] * scale
            return ours.Sigmoid((n[0] - level) / slope, n[1] / hill.force, n[2] * slope, n[3] / hill.force)
        return ours.Equation(hill.excitation(f"{scale!r} * {curve.written(potential)}"))

    def _servo(self, potential: str, curve: Curve, scale: float) -> ours.Gain:
        if potential == f"({MILLI!r} * x)":
            return curve.gain(MILLI, scale)
        return ours.Equation(f"{scale!r} * {curve.written(potential)}")

    def _motor(self, item: Item, joint: Part) -> None:
        given = item.text("TargetDataType", "").lower()
        kind = joint.item.whole("MotorType", 1 if joint.item.flag("ServoMotor", False) else 0)
        position = given == "desiredposition" or (given != "desiredvelocity" and kind != 0)
        self.motors[joint.name] = "position" if position else "velocity"

    # neuron to neuron

    def _between(
        self, item: Item, name: str, source: Part, target: Part, read: str, curve: Curve, scale: float, delay: float
    ) -> bool:
        if delay:
            self._report.add("approximated", "Adapter", name, "between neurons it has no delay here", item.id)
        potential = self._potential(source, read)
        if potential is None:
            return self._leave(item, name, f"the signal {item.text('SourceDataType')!r} of a neuron")
        straight, factor = curve.straight, NANO * scale
        if straight and read == "firingfrequency":
            ramps, base = rate_ramps(source.item, straight[0] * factor), straight[1] * factor
        elif straight:
            low = MILLI * -WIDE * straight[0] + straight[1]
            ramps = [GradedCurrentSynapse(2 * WIDE * MILLI * straight[0] * factor, e_lo=-WIDE, e_hi=WIDE)]
            base = low * factor
        else:
            ramps, base, error = self._pieces(source, potential, curve, factor)
            why = f"its curve is {len(ramps)} straight lines, off by up to {error:.2g} nA"
            self._report.add("approximated", "Adapter", name, why, item.id)
        for ramp in ramps:
            self._network.add_connection(ramp, source.name, target.name)
        if base:
            constant = GradedCurrentSynapse(base, e_lo=-3 * WIDE, e_hi=-2 * WIDE)
            self._network.add_connection(constant, source.name, target.name)
        return True

    def _pieces(
        self, source: Part, potential: str, curve: Curve, factor: float
    ) -> tuple[list[GradedCurrentSynapse], float, float]:
        """Ramps that add up to a curve, what it begins with, and the largest error between, nA."""
        rest = float(np.asarray(source.data["neuron"].resting_potential))
        whole = ours.Equation(f"{factor!r} * {curve.written(potential)}")
        ends = np.linspace(rest - 60, rest + 120, PIECES + 1)
        values = np.asarray(whole(ends), float)
        if not np.isfinite(values).all():
            raise AnimatLabError(f"{curve.where} is not finite at the potentials of {source.name!r}")
        fine = np.linspace(ends[0], ends[-1], 20 * PIECES + 1)
        error = float(np.abs(np.asarray(whole(fine)) - np.interp(fine, ends, values)).max())
        steps = zip(ends[:-1], ends[1:], np.diff(values), strict=True)
        ramps = [GradedCurrentSynapse(rise, e_lo=lo, e_hi=hi) for lo, hi, rise in steps if rise]
        return ramps, float(values[0]), error
