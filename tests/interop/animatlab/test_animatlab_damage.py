"""Damaged and odd files are read, or refused with a message that names the file; a folder is whole or not there."""

import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop import animatlab

SLOW = settings(
    max_examples=120, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
ODD = st.sampled_from(
    ["", " ", "0", "-1", "NaN", "inf", "-inf", "1e300", "-1e300", "1e29", "-1e29", "1e-300", "1e-320", "ten", "1,5",
     "1_0", "0x10", "True", "False", "Hinge", "Box", "Mesh", "Plane", "Pacemaker", "Equation", "x,x,/",
     "99999999999999999999", "\U0001f400", "id-n", "id-hip", "id-extensor", "id-trunk", "NonSpikingChemical",
     "ContactCount", "FiringFrequency", "NodeToNode"]
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(asim):
    """A leg with something of everything."""
    wires = [
        asim.adapter("hip", "JointRotation", "n", asim.gain("Bell", b=1e-9)),
        asim.adapter("receptor", "Ia", "n"), asim.adapter("n", "MembraneVoltage", "m", kind="NodeToNode"),
        asim.adapter("n", "MembraneVoltage", "extensor", kind="NodeToPhysical"),
        asim.adapter("r", "FiringFrequency", "flexor", asim.gain("Sigmoid"), kind="NodeToPhysical"),
    ]  # fmt: skip
    fire = asim.fire_module(
        [asim.neuron("n", asim.calcium(), GMaxCa=1.5), asim.neuron("m", InitialThresh=-50)],
        [asim.graded("excite"), asim.spiking("epsp"), asim.electrical("gap")],
        [asim.connexion("n", "m", "excite"), asim.connexion("m", "n", "epsp", 0), asim.connexion("n", "m", "gap", 2)],
        wires,
    )
    rates = asim.rate_module(
        asim.rate_neuron("r", asim.rate_synapse("r", 1e-9)),
        asim.rate_neuron("p", kind="Bistable", Vsth=0.01, Il=0, Ih=1e-9),
    )  # fmt: skip
    stimuli = [
        asim.stimulus("Current", "push", TargetNodeID="id-n", CurrentType="Burst", CurrentOn=1e-9, CycleOnDuration=0.1,
                      CycleOffDuration=0.1, BurstOnDuration=1, BurstOffDuration=1),
        asim.stimulus("ForceInput", "shove", BodyID="id-thigh", ForceX="t,2,*"),
        asim.stimulus("MotorVelocity", "turn", JointID="id-hip", Velocity="1.5"),
    ]  # fmt: skip
    return asim.leg(fire, rates, asim.physics_module(), stimuli=stimuli, structures=asim.ground(-1))


def tried(text, tmp_path, data=None):
    """Reads and writes it: true if that went well."""
    source, folder = tmp_path / "odd.asim", tmp_path / "folder"
    source.write_bytes(text.encode("utf-8") if data is None else data)
    try:
        project = animatlab.read(source)
    except AnimatLabError as error:
        assert "odd.asim" in str(error) and len(str(error)) < 1500
        return False
    project.write(folder)
    names = {file.name for file in folder.iterdir()}
    assert names >= {"body.xml", "run.py", "report.txt"}
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    assert list(tmp_path.iterdir()) == [source]
    return True


def test_the_whole_is_read(whole, tmp_path):
    assert tried(whole, tmp_path)


@given(data=st.data())
@SLOW
def test_truncated_and_flipped_bytes(whole, tmp_path, data):
    raw = bytearray(whole.encode("utf-8"))
    if data.draw(st.booleans()):
        raw = raw[: data.draw(st.integers(0, len(raw)))]
    for _ in range(data.draw(st.integers(0, 4)) if raw else 0):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    tried("", tmp_path, bytes(raw))


@given(data=st.data())
@SLOW
def test_changed_values(whole, tmp_path, data):
    """Any text of any element, and any coordinate, becomes something else."""
    root = ET.fromstring(whole)
    leaves = [element for element in root.iter() if len(element) == 0]
    for _ in range(data.draw(st.integers(1, 3))):
        element = data.draw(st.sampled_from(leaves))
        if element.attrib:
            element.set(data.draw(st.sampled_from(sorted(element.attrib))), data.draw(ODD))
        else:
            element.text = data.draw(ODD)
    tried(ET.tostring(root, encoding="unicode"), tmp_path)


@given(data=st.data())
@SLOW
def test_removed_doubled_moved_and_renamed_elements(whole, tmp_path, data):
    root = ET.fromstring(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        parents = [(parent, child) for parent in root.iter() for child in parent]
        if not parents:
            break
        parent, child = data.draw(st.sampled_from(parents))
        match data.draw(st.sampled_from(["remove", "double", "move", "rename", "empty"])):
            case "remove":
                parent.remove(child)
            case "double":
                parent.append(child)
            case "move":
                inside = set(child.iter())
                others = [element for element in root.iter() if element not in inside]
                parent.remove(child)
                data.draw(st.sampled_from(others)).append(child)
            case "rename":
                child.tag = data.draw(st.sampled_from(["Strange", "RigidBody", "Neuron", "ID", "Type", "Adapter"]))
            case "empty":
                child.clear()
    tried(ET.tostring(root, encoding="unicode"), tmp_path)


@given(value=st.floats(allow_nan=False, min_value=-1e30, max_value=1e30), place=st.integers(0, 10**6))
@SLOW
def test_any_number(whole, tmp_path, value, place):
    """Numbers large, small and subnormal where numbers are."""
    root = ET.fromstring(whole)
    numbers = []
    for element in root.iter():
        try:
            if len(element) == 0 and math.isfinite(float(element.text or "")):
                numbers.append(element)
        except ValueError:
            continue
    numbers[place % len(numbers)].text = repr(value)
    tried(ET.tostring(root, encoding="unicode"), tmp_path)


def test_references_in_circles(asim, read):
    """A part cannot be its own parent in XML; IDs that name each other are told."""
    loop = [asim.connexion("a", "b", "excite"), asim.connexion("b", "a", "excite"), asim.connexion("a", "a", "excite")]
    module = asim.fire_module([asim.neuron("a"), asim.neuron("b")], [asim.graded("excite")], loop)
    assert len(read(asim.simulation("", module)).network.connections) == 3
    with pytest.raises(AnimatLabError, match="source 'id-n' is no ID"):
        read(asim.leg(asim.fire_module([asim.neuron("a")], adapters=[asim.adapter("n", "MembraneVoltage", "n")])))
