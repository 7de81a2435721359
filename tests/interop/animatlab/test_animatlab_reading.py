"""What is read and refused: encodings, document types, units, steps, the editor's files."""

import pytest

from sns_mujoco.errors import AnimatLabError, SnsError
from sns_mujoco.interop import animatlab


@pytest.fixture
def small(asim):
    """A leg with a neuron that drives it and one that senses it."""
    wires = [
        asim.adapter("hip", "JointRotation", "n"),
        asim.adapter("n", "MembraneVoltage", "extensor", kind="NodeToPhysical"),
    ]
    return asim.leg(asim.fire_module([asim.neuron("n")], adapters=wires))


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", ""), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", ""), ("cp1252", "windows-1252")],
)
def test_encodings(small, tmp_path, encoding, declared):
    head = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    path = tmp_path / "leg.asim"
    path.write_bytes((head + small.replace("extensor", "Großmutters Wadenmuskel")).encode(encoding))
    project = animatlab.read(path)
    assert project.body.compile().actuator("Großmutters Wadenmuskel").id == 0
    assert str(project).startswith("beast: 2 bodies, 1 joints, 2 muscles and motors, 1 neurons")


def test_document_types_are_refused(small, tmp_path):
    """Neither entities nor external files are ever expanded."""
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    for declaration in (
        f'<!DOCTYPE Simulation [<!ENTITY a SYSTEM "{secret.as_uri()}">]>',
        '<!DOCTYPE Simulation [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        f'<!DOCTYPE Simulation SYSTEM "{secret.as_uri()}">',
        "<!DOCTYPE Simulation>",
    ):
        for encoding in ("utf-8", "utf-16"):
            path = tmp_path / "bomb.asim"
            path.write_bytes((declaration + small.replace("beast", "&a;")).encode(encoding))
            with pytest.raises(AnimatLabError, match=r"document type|well-formed") as caught:
                animatlab.read(path)
            assert "hidden" not in str(caught.value)


def test_what_is_no_project(small, tmp_path, read):
    with pytest.raises(FileNotFoundError, match=r"no AnimatLab project at .*gone.asim"):
        animatlab.read(tmp_path / "gone.asim")
    for text, message in (
        ("", "not well-formed"), ("hello", "not well-formed"), (small[: len(small) // 2], "may be truncated"),
        ("<mujoco/>", "its root is <mujoco>"), ("<Simulation/>", "no such project"),
        ("<Project/>", "export a standalone simulation"), ("<a>" * 300 + "</a>" * 300, "deeper than 200"),
    ):  # fmt: skip
        with pytest.raises(AnimatLabError, match=message):
            read(text)
    with pytest.raises(AnimatLabError, match="cannot be read"):
        animatlab.read(tmp_path)
    old = small.replace("<PhysicsTimeStep>", '<PhysicsTimeStep Value="1" Actual="0.001">')
    with pytest.raises(AnimatLabError, match="AnimatLab 1"):
        read(old)
    assert issubclass(AnimatLabError, SnsError) and issubclass(AnimatLabError, ValueError)


def test_sizes_are_limited(small, monkeypatch, read):
    monkeypatch.setattr("sns_mujoco.interop.animatlab.xml.LARGEST", 1000)
    with pytest.raises(AnimatLabError, match="of up to 1000 are read"):
        read(small)


def test_numbers_that_make_no_sense(small, read):
    """The message names the file, the part, the number and what it may be."""
    for old, new, message in (
        ("<Mass>10</Mass>", "<Mass>ten</Mass>", "RigidBody '(trunk|thigh|front)': <Mass> is 'ten'"),
        ("<Length>0.1</Length>", "<Length>-1</Length>", "<Length> is -1; it must be above 0"),
        ("<Length>0.1</Length>", "<Length>nan</Length>", "give a finite number"),
        ("<Length>0.1</Length>", "<Length>1e300</Length>", "give a finite number"),
        ("<Length>0.1</Length>", "", "has no <Length>"),
        ("<PhysicsTimeStep>0.0002<", "<PhysicsTimeStep>0<", "it must be above 0"),
        ("<PhysicsTimeStep>0.0002<", "<PhysicsTimeStep>20<", "above 1 s"),
        ("<PhysicsTimeStep>0.0002<", "<PhysicsTimeStep>1e-9<", "steps from 1e-06 s are read"),
        ("Decimeters", "Furlongs", "<DistanceUnits> is 'furlongs'; it may be kilometer"),
        ("<Kse>5000</Kse>", "<Kse>0</Kse>", "LinearHillMuscle|extensor"),
        ("<Freeze>True</Freeze>", "<Freeze>perhaps</Freeze>", "give True or False"),
        ("<LimitPos>-1</LimitPos>", "<LimitPos>2</LimitPos>", "hip"),
        ('<Position x="0"', "<Position", "<Position> has no 'x'"),
    ):  # fmt: skip
        assert old in small
        with pytest.raises(AnimatLabError, match=message) as caught:
            read(small.replace(old, new))
        assert "small.asim" in str(caught.value)


def test_units_scale_what_bullet_computes_with(asim, read):
    """Friction of joints goes by the unit of length, densities by both units; lengths do not."""
    hinge = asim.joint("Hinge", "hip", friction=1e-3)
    root = asim.box("trunk", Freeze=True, children=[asim.box("leg", hinge, mass=-1, Density=2, size=(0.1, 0.1, 0.1))])
    masses, frictions = [], []
    for distance, mass in (("Meters", "Kilograms"), ("Decimeters", "Grams"), ("Centimeters", "Grams")):
        model = read(asim.simulation(root, units={"DistanceUnits": distance, "MassUnits": mass})).body.compile()
        masses.append(float(model.body("leg").mass[0]))
        frictions.append(float(model.dof_frictionloss[0]))
        assert model.geom("leg").size[0] == pytest.approx(0.05)
    assert masses[1] == pytest.approx(2.0) and frictions[0] == pytest.approx(10 * frictions[1])
    assert frictions[0] == pytest.approx(100 * frictions[2])


def test_time_steps(asim, read):
    """The neural step is the module's; steps that differ, or do not divide, are told."""
    module = asim.fire_module([asim.neuron("n")], step=0.0002)
    project = read(asim.leg(module, step=0.0004))
    assert project.dt == pytest.approx(0.2) and project.body.compile().opt.timestep == pytest.approx(0.0004)
    project = read(asim.leg(module, step=0.0004), timestep=0.0001)
    assert project.body.compile().opt.timestep == pytest.approx(0.0001)
    assert any("instead of the file's 0.0004 s" in entry.why for entry in project.report.of("note"))
    project = read(asim.leg(module, asim.rate_module(asim.rate_neuron("r"), step=0.001)))
    assert any("the smallest step" in entry.why for entry in project.report.of("approximated"))
    for step in (0, -1, 2, float("nan")):
        with pytest.raises(AnimatLabError, match="give a physics step in s"):
            read(asim.leg(module), timestep=step)


def test_names_that_repeat_are_numbered(asim, read):
    project = read(asim.leg(asim.fire_module([asim.neuron("a"), asim.neuron("b").replace(">b<", ">a<")])))
    assert [p.name for p in project.network.populations] == ["a", "a_2"]


def test_the_editors_file_finds_what_was_exported_from_it(small, tmp_path):
    """Its IDs must be those of the standalone file, which is what runs."""
    parts = "".join(f"<RigidBody><ID>ID-{name}</ID></RigidBody>" for name in ("trunk", "thigh"))
    editor = tmp_path / "Leg.aproj"
    editor.write_text(f"<Project><ProjectName>Leg</ProjectName>{parts}</Project>")
    with pytest.raises(AnimatLabError, match="Export Standalone Simulation"):
        animatlab.read(editor)
    other = tmp_path / "Leg_Standalone.asim"
    other.write_text(small.replace("id-", "another-"))
    with pytest.raises(AnimatLabError, match="of another project"):
        animatlab.read(editor)
    other.write_text(small)
    assert animatlab.read(editor).body.compile().nbody == 3
    (tmp_path / "leg.asim").write_text(small)  # the editor's own run file; the export goes first
    assert animatlab.read(editor).name == "beast"
    with pytest.raises(FileNotFoundError):
        animatlab.read(tmp_path / "gone.aproj")
    editor.write_text(small)
    with pytest.raises(AnimatLabError, match="no project of AnimatLab's editor"):
        animatlab.read(editor)


def test_project_without_neurons(asim, read):
    project = read(asim.simulation(asim.box("trunk")))
    assert project.attach().compile().nbody == 2
    with pytest.raises(AnimatLabError, match="has no neurons"):
        project.simulation()
