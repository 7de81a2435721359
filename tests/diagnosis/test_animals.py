"""The animals of the repository: clean ones raise no alarm, a rat with the published script's mistakes raises all."""

from collections import Counter
from dataclasses import replace

import mujoco
import pytest
from sns_mujoco.models import Animal, load

import sns_mujoco as sns
from sns_mujoco.adapters import Afferent, Efferent, SensorChannel
from sns_mujoco.diagnosis import Diagnosis, doctor

from .biped import swapped

RAT = load("rat_hindlimbs")
SIDES = ("L_", "R_")
JOINTS = ("hip", "knee", "ankle")


def alarms(diagnosis: Diagnosis) -> Counter:
    """Errors and warnings by check."""
    return Counter(f.check for f in diagnosis.findings if f.severity != "note")


def test_the_clean_hexapod_raises_no_alarm():
    diagnosis = doctor("hexapod")
    assert diagnosis.ok and not alarms(diagnosis), str(diagnosis)
    assert diagnosis.facts["motor neurons excited"] == 36 and diagnosis.facts["joints moved"] == 18


def test_the_clean_joint_raises_no_alarm():
    diagnosis = doctor("antagonist_joint")
    assert diagnosis.ok and not alarms(diagnosis), str(diagnosis)


@pytest.mark.parametrize("terrain", ["air", "treadmill"])
def test_the_clean_rat_raises_no_alarm(terrain):
    diagnosis = doctor(RAT, terrain=terrain)
    assert diagnosis.ok and not alarms(diagnosis), str(diagnosis)
    assert not diagnosis.by("unused-command")  # its half-centres' currents are probes
    assert diagnosis.facts["motor neurons excited"] == 12 and diagnosis.facts["joints moved"] >= 6


def miswired() -> Animal:
    """The rat with the mistakes of the published script, as far as they can be made here.

    Nourse et al. 2023, Biomimetics 8(2):247. It records the knee as the ankle and the ankle as the knee; it feeds one
    tension to Ia and Ib; and six synapses of each leg join pairs of neurons that are joined already (the Renshaw cells
    that should inhibit one another inhibit the motor neurons twice), so that SNS-Toolbox loses the earlier ones.
    """

    def body(terrain: str, seed: int) -> mujoco.MjSpec:
        spec = RAT.body(terrain, seed)
        for side in SIDES:
            for joint in JOINTS:
                spec.add_sensor(
                    name=f"{side}{joint}_record", type=mujoco.mjtSensor.mjSENS_JOINTPOS,
                    objtype=mujoco.mjtObj.mjOBJ_JOINT, objname=swapped(f"{side}{joint}", "knee", "ankle"),
                )  # fmt: skip
                for action in ("extensor", "flexor"):
                    muscle = f"{side}{joint}_{action}"
                    spec.add_sensor(
                        name=f"{muscle}_tension", type=mujoco.mjtSensor.mjSENS_ACTUATORFRC,
                        objtype=mujoco.mjtObj.mjOBJ_ACTUATOR, objname=muscle,
                    )  # fmt: skip
        return spec

    def network() -> sns.Network:
        net = RAT.network()
        for side in SIDES:
            for joint in JOINTS:
                for action in ("extensor", "flexor"):
                    name = f"{joint}_{action}"
                    between = sns.NonSpikingSynapse(0.5, -100.0, -100.0, -10.0)
                    net.add_connection(between, f"{side}RC_{name}", f"{side}MN_{name}", name=f"{side}between_{name}")
                    if f"{side}Ib_{name}" not in net.population_names:
                        net.add_neuron(sns.NonSpikingNeuron(resting_potential=-60.0), f"{side}Ib_{name}")
                        excites = sns.NonSpikingSynapse(0.5, -10.0, -60.0, -40.0)
                        net.add_connection(excites, f"{side}Ib_{name}", f"{side}IbIN_{name}")
        return net

    def adapters() -> list[Afferent | Efferent]:
        spindles = ("Ia_", "II_", "Ib_", "IbIN_")
        kept = [a for a in RAT.adapters() if not (isinstance(a, Afferent) and a.to[2:].startswith(spindles))]
        tension = [
            SensorChannel(
                sensor=f"{side}{joint}_{action}_tension", to=f"{side}{kind}_{joint}_{action}", range=(0, -4.0)
            )
            for side in SIDES
            for joint in JOINTS
            for action in ("extensor", "flexor")
            for kind in ("Ia", "Ib")
        ]
        return kept + tension

    shown = tuple(replace(r, label=exchanged(r.label)) for r in RAT.readouts)
    return replace(RAT, name="miswired", body=body, network=network, adapters=adapters, readouts=shown)


def exchanged(label: str) -> str:
    """A label with knee and ankle exchanged."""
    words = {"knee": "ankle", "ankle": "knee"}
    return " ".join(words.get(word, word) for word in label.split())


@pytest.fixture(scope="module")
def diagnosis() -> Diagnosis:
    return doctor(miswired())


def test_one_tension_to_ia_and_ib_is_found_in_the_rat(diagnosis):
    found = diagnosis.by("same-signal")
    assert len(found) == 12 and all(f.severity == "error" for f in found), str(diagnosis)


def test_knee_and_ankle_exchanged_in_recordings_are_found_in_the_rat(diagnosis):
    sensors = {f"sensor '{side}{joint}_record'" for side in SIDES for joint in ("knee", "ankle")}
    labels = {f"readout {exchanged(r.label)!r}" for r in RAT.readouts if exchanged(r.label) != r.label}
    assert labels and {f.place for f in diagnosis.by("joints")} == sensors | labels


def test_doubled_synapses_are_found_in_the_rat(diagnosis):
    found = [f for f in diagnosis.by("parallel-synapses") if f.severity == "warning"]
    pairs = {f"{s}RC_{j}_{a} -> {s}MN_{j}_{a}" for s in SIDES for j in JOINTS for a in ("extensor", "flexor")}
    assert {f.place for f in found} == pairs
    assert "'L_between_hip_extensor'" in str(diagnosis)


def test_nothing_sound_is_blamed_in_the_rat(diagnosis):
    """The afferents II, which the script does not have, are missed by what listens to them; else nothing is told."""
    told = {(f.check, f.place) for f in diagnosis.findings if f.severity != "note"}
    others = {(c, p) for c, p in told if c not in ("same-signal", "joints", "parallel-synapses")}
    assert {check for check, _ in others} <= {"stuck-neuron"} and all("II_" in place for _, place in others), others
