"""A small two-legged animal whose wiring is sound, made of parts that tests can exchange for unsound ones.

The trunk is fixed; x is forward, y left. Hips, knees and ankles have two of MuJoCo's own muscles each.
"""

from dataclasses import dataclass, field, replace

import mujoco

import sns_mujoco as sns
from sns_mujoco.adapters import Afferent, Command, Efferent, JointAngle, MotorNeuron, SensorChannel

SIDES = {"L": 1, "R": -1}
JOINTS = ("hip", "knee", "ankle")
ACTIONS = ("ext", "flx")
RANGES = {"hip": 0.6, "knee": 0.7, "ankle": 0.6}
ARM = 0.02  # m, moment arm of every muscle
DT = 0.5  # ms

Connection = tuple[object, str, str]


def leg(side: str) -> str:
    """One leg as MJCF; positive angles extend."""
    return f"""
    <body name="{side}_thigh" pos="0 {0.1 * SIDES[side]} 0">
      <joint name="{side}_hip" axis="0 1 0" range="-.6 .6"/>
      <geom type="capsule" fromto="0 0 0 .02 0 -.2" size=".02" mass=".2"/>
      <body name="{side}_shank" pos=".02 0 -.2">
        <joint name="{side}_knee" axis="0 -1 0" range="-.7 .7"/>
        <geom type="capsule" fromto="0 0 0 -.12 0 -.15" size=".015" mass=".1"/>
        <body name="{side}_foot" pos="-.12 0 -.15">
          <joint name="{side}_ankle" axis="0 1 0" range="-.6 .6"/>
          <geom type="capsule" fromto="0 0 0 .1 0 -.02" size=".01" mass=".05"/>
        </body>
      </body>
    </body>"""


def body() -> mujoco.MjSpec:
    """The body with its tendons, muscles and sensors."""
    tendons, muscles, sensors = [], [], []
    for side in SIDES:
        for joint in JOINTS:
            for action, sign in zip(ACTIONS, (-1, 1), strict=True):
                name, reach = f"{side}_{joint}_{action}", ARM * RANGES[joint]
                tendons.append(f'<fixed name="{name}"><joint joint="{side}_{joint}" coef="{sign * ARM}"/></fixed>')
                muscles.append(
                    f'<muscle name="{name}" tendon="{name}" force="60" lengthrange="{-1.5 * reach} {1.5 * reach}"/>'
                )
                sensors.append(f'<tendonpos name="{name}_length" tendon="{name}"/>')
                sensors.append(f'<actuatorfrc name="{name}_force" actuator="{name}"/>')
    return mujoco.MjSpec.from_string(f"""
    <mujoco model="biped">
      <compiler angle="radian" autolimits="true"/>
      <option timestep="0.001" integrator="implicitfast"/>
      <default><joint damping=".05" armature=".002"/></default>
      <worldbody><body name="pelvis" pos="0 0 1">
        <geom type="box" size=".06 .1 .03" mass="1"/>{leg("L")}{leg("R")}
      </body></worldbody>
      <tendon>{"".join(tendons)}</tendon>
      <actuator>{"".join(muscles)}</actuator>
      <sensor>{"".join(sensors)}</sensor>
    </mujoco>""")


def network(motor_start: float = 0.0) -> sns.Network:
    """A half-centre a leg, motor neurons (and where they start, mV), and what the afferents excite."""
    net = sns.Network("biped")
    net.add_neuron(sns.NonSpikingNeuron(), "drive")
    for name, kind, source, target in connections(net, motor_start):
        net.add_connection(kind, source, target, name=name)
    return net


def connections(net: sns.Network, motor_start: float) -> list[tuple[str, object, str, str]]:
    """Add the legs' neurons to a network; its synapses, to be added."""
    neuron = sns.NonSpikingNeuron()
    excites = sns.NonSpikingSynapse(0.5, 60.0)
    inhibits = sns.NonSpikingSynapse(0.6, -40.0)
    found = []
    for side in SIDES:
        for action, start in zip(ACTIONS, (10.0, 0.0), strict=True):
            net.add_neuron(neuron, f"{side}_RG_{action}", initial_value=start if side == "L" else 10.0 - start)
            found.append((excites, "drive", f"{side}_RG_{action}"))
        found += [(inhibits, f"{side}_RG_{a}", f"{side}_RG_{b}") for a, b in (ACTIONS, ACTIONS[::-1])]
        for joint in JOINTS:
            net.add_neuron(neuron, f"{side}_{joint}_angle")
            found.append((inhibits, f"{side}_{joint}_angle", f"{side}_RG_ext"))
            for action in ACTIONS:
                own = f"{joint}_{action}"
                for kind in ("MN", "Ia", "Ib"):
                    start = motor_start if kind == "MN" else 0.0
                    net.add_neuron(neuron, f"{side}_{kind}_{own}", initial_value=start)
                found.append((excites, f"{side}_RG_{action}", f"{side}_MN_{own}"))
                found.append((excites, f"{side}_Ia_{own}", f"{side}_MN_{own}"))
                found.append((inhibits, f"{side}_Ib_{own}", f"{side}_MN_{own}"))
    return [(f"{source} to {target}", kind, source, target) for kind, source, target in found]


def adapters() -> list[Afferent | Efferent]:
    """How they are connected."""
    found: list[Afferent | Efferent] = [Command(name="drive", to="drive", range=(0.0, 1.0))]
    for side in SIDES:
        for joint in JOINTS:
            span = RANGES[joint]
            found.append(JointAngle(joint=f"{side}_{joint}", to=f"{side}_{joint}_angle", range=(-span, span)))
            for action in ACTIONS:
                muscle = f"{side}_{joint}_{action}"
                found += [
                    SensorChannel(sensor=f"{muscle}_length", to=f"{side}_Ia_{joint}_{action}", range=(-0.01, 0.014)),
                    SensorChannel(sensor=f"{muscle}_force", to=f"{side}_Ib_{joint}_{action}", range=(0.0, -60.0)),
                    MotorNeuron(neuron=f"{side}_MN_{joint}_{action}", drives=muscle, delay=2.0),
                ]
    return found


@dataclass
class Biped:
    """All parts of one animal."""

    body: mujoco.MjSpec = field(default_factory=body)
    network: sns.Network = field(default_factory=network)
    adapters: list[Afferent | Efferent] = field(default_factory=adapters)
    dt: float = DT

    def exchange(self, change) -> "Biped":
        """Give every adapter to a function that returns what stands in its place: one, several or none."""
        self.adapters = [new for old in self.adapters for new in change(old)]
        return self

    def attached(self) -> mujoco.MjSpec:
        return sns.attach(self.body, self.network, self.adapters, dt=self.dt)


def swapped(name: str, one: str, other: str) -> str:
    """A name with one word in the place of another, both ways."""
    words = {one: other, other: one}
    return "_".join(words.get(word, word) for word in name.split("_"))


def with_sensor(old: SensorChannel, sensor: str) -> SensorChannel:
    return replace(old, sensor=sensor)
