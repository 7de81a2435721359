"""The rat's numbers against the AnimatLab project that they come from, where it is at hand."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from sns_mujoco.models.rat_hindlimbs import Parameters, nervous_system
from sns_mujoco.models.rat_hindlimbs.anatomy import MUSCLES, SEGMENTS

FILE = Path(__file__).parents[2].parent / "shared" / "animatlab" / "rat_hindlimbs.asim"
JOINTS = {"HipZ": "hip", "Knee": "knee", "AnkleZ": "ankle", "K&A": "distal"}
ACTIONS = {"E": "extensor", "F": "flexor", "Ext": "extensor", "FLX": "flexor", "Flx": "flexor"}
KINDS = {"PF": "PF", "IN PF": "PF", "MN": "MN", "R": "RC", "Ia": "IaIN"}

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the AnimatLab project is not at hand")


def ours(name: str) -> str:
    """Our name of a neuron of its left leg: "HipZ IN PF E" is "PF_hip_IN_extensor", "HipZ-FLX II" "II_hip_flexor"."""
    if "-" in name:
        joint, action, kind = name.replace("-", " ").split()
        return f"{'IbIN' if kind == 'Ib' else kind}_{JOINTS[joint]}_{ACTIONS[action]}"
    joint, rest = name.split(" ", 1)
    kind, action = rest.rsplit(" ", 1)
    return f"{KINDS[kind]}_{JOINTS[joint]}_{'IN_' if 'IN' in kind else ''}{ACTIONS[action]}"


def test_synapses_below_the_rhythm_generator_are_those_of_the_file():
    root = ElementTree.parse(FILE).getroot()
    names = {e.findtext("ID"): e.findtext("Name") for e in root.iter() if e.find("ID") is not None}
    kinds = {e.findtext("ID"): e for e in root.iter("SynapseType")}
    net = nervous_system(parameters=Parameters(motor={}, load_feedback=1.0))
    found = {}
    for wire in net.connections:
        ends = net.populations[wire.source].name, net.populations[wire.destination].name
        kind = wire.kind
        found[ends] = (kind.max_conductance, kind.reversal_potential, kind.e_lo, kind.e_hi)
    compared = 0
    for connection in root.iter("Connexion"):
        source, destination = (names[connection.findtext(end)] for end in ("SourceID", "TargetID"))
        if source.startswith("RH_") or "RG" in source or "RG" in destination:
            continue
        kind = kinds[connection.findtext("SynapseTypeID")]
        expected = [float(kind.findtext(tag)) for tag in ("SynAmp", "Equil", "ThreshV", "SaturateV")]
        assert found[f"L_{ours(source[3:])}", f"L_{ours(destination[3:])}"] == pytest.approx(expected), source
        compared += 1
    assert compared == 84


def test_muscles_and_masses_are_those_of_the_file():
    root = ElementTree.parse(FILE).getroot()
    parts = {e.findtext("Name"): e for e in root.iter("RigidBody")}
    for name, segment in SEGMENTS.items():
        assert float(parts[f"LH_{name.capitalize()}"].findtext("Mass")) == segment.mass
    for name, muscle in MUSCLES.items():
        joint, action = name.split("_")
        label = {"hip": "HipZ", "knee": "Knee", "ankle": "AnkleZ"}[joint]
        part = parts[f"LH_{label}-{ {'extensor': 'Ext', 'flexor': 'Flx'}[action] }"]
        expected = [float(part.findtext(tag)) for tag in ("Kse", "Kpe", "B", "StimulusTension/B")]
        assert [muscle.kse, muscle.kpe, muscle.damping, muscle.force] == pytest.approx(expected)
        lengths = [1e3 * float(part.findtext(f"LengthTension/{tag}")) for tag in ("RestingLength", "Lwidth")]
        assert [muscle.rest_length, muscle.width] == pytest.approx(lengths)
