"""Bodies of AnimatLab projects: shapes, frames, joints, contacts, muscles and motors in MuJoCo."""

import mujoco
import numpy as np
import pytest

from sns_mujoco.errors import AnimatLabError


def compiled(project):
    model = project.body.compile()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    return model, data


def test_box_in_the_world(asim, read):
    """Lengths are m, masses g, y points upwards, and a box has its length, height and width along x, y and z."""
    project = read(asim.simulation(asim.box("trunk", at=(1, 2, 3), mass=12, size=(0.1, 0.2, 0.4))))
    model, data = compiled(project)
    np.testing.assert_allclose(data.body("trunk").xpos, (1, -3, 2), atol=1e-12)
    assert model.body("trunk").mass[0] == pytest.approx(0.012)
    np.testing.assert_allclose(model.geom("trunk").size, (0.05, 0.1, 0.2))
    upright = data.geom("trunk").xmat.reshape(3, 3) @ (0, 0.1, 0)
    np.testing.assert_allclose(upright, (0, 0, 0.1), atol=1e-12)  # its height stands upright
    inertia = 0.012 / 12 * np.array([0.2**2 + 0.4**2, 0.1**2 + 0.4**2, 0.1**2 + 0.2**2])
    np.testing.assert_allclose(sorted(model.body("trunk").inertia), sorted(inertia), rtol=1e-6)
    mujoco.mj_step(model, data, nstep=100)
    assert data.qvel[2] == pytest.approx(-9.81 * 0.02, rel=1e-6)


def test_rotations_are_about_x_then_y_then_z_of_the_part(asim, read):
    angles = 0.3, -0.5, 0.9
    child = asim.box("leg", at=(0.1, 0.2, 0.3), turned=angles)
    model, data = compiled(read(asim.simulation(asim.box("trunk", Freeze=True, children=[child]))))
    x, y, z = angles
    turn_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    turn_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    turn_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    upright = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    np.testing.assert_allclose(data.body("leg").xmat.reshape(3, 3), upright @ turn_x @ turn_y @ turn_z, atol=1e-9)
    np.testing.assert_allclose(data.body("leg").xpos, (0.1, -0.3, 0.2), atol=1e-9)


def test_shapes(asim, read):
    parts = [
        asim.part("Sphere", "ball", Radius=0.02, IsCollisionObject=True),
        asim.part("Cylinder", "rod", Radius=0.01, Height=0.1, IsCollisionObject=True),
        asim.part("Ellipsoid", "egg", MajorRadius=0.03, MinorRadius=0.01, IsCollisionObject=True),
        asim.part("Cone", "cone", LowerRadius=0.02, UpperRadius=0, Height=0.06, IsCollisionObject=True),
        asim.part("Torus", "ring", InsideRadius=0.005, OutsideRadius=0.03, IsCollisionObject=True),
    ]
    project = read(asim.simulation(asim.box("trunk", Freeze=True, children=parts)))
    model, _ = compiled(project)
    np.testing.assert_allclose(model.geom("rod").size[:2], (0.01, 0.05))
    np.testing.assert_allclose(model.geom("egg").size, (0.03, 0.01, 0.03))
    assert model.body("cone").mass[0] == pytest.approx(0.01)
    assert model.body("ring").mass[0] == pytest.approx(0.01) and model.body("ring").geomnum[0] == 16
    cone = model.mesh("cone")
    assert model.nmesh == 1 and cone.vertnum[0] >= 24
    assert [entry.what for entry in project.report.of("approximated")] == ["Torus"]


def test_density_stands_in_for_a_missing_mass(asim, read):
    units = {"MassUnits": "Grams", "DistanceUnits": "Decimeters"}
    text = asim.simulation(asim.box("trunk", size=(0.1, 0.1, 0.1), mass=-1, Density=2), units=units)
    assert compiled(read(text))[0].body("trunk").mass[0] == pytest.approx(2.0)  # 2 g/cm3 in a litre


def test_centre_of_mass_is_where_the_file_has_it(asim, read):
    text = asim.simulation(asim.box("trunk", asim.vector("COM", (0.01, 0.02, 0.03))))
    model, _ = compiled(read(text))
    np.testing.assert_allclose(model.body("trunk").ipos, (0.01, 0.02, 0.03))
    plain, _ = compiled(read(asim.simulation(asim.box("trunk"))))
    np.testing.assert_allclose(sorted(model.body("trunk").inertia), sorted(plain.body("trunk").inertia), rtol=1e-6)


def test_hinge(asim, read):
    """Its axis is x of its own frame, its angle left-handed, and its friction an impulse per step."""
    hinge = asim.joint("Hinge", "hip", at=(0, 0.1, 0), turned=(0, 0, 0), limits=(-0.5, 1), friction=1e-3)
    leg = asim.box("leg", hinge, at=(0, -0.2, 0))
    project = read(asim.simulation(asim.box("trunk", Freeze=True, children=[leg])))
    model, data = compiled(project)
    np.testing.assert_allclose(data.joint("hip").xaxis, (-1, 0, 0), atol=1e-9)
    np.testing.assert_allclose(data.joint("hip").xanchor, (0, 0, -0.1), atol=1e-9)
    np.testing.assert_allclose(model.joint("hip").range, (-0.5, 1))
    assert model.dof_frictionloss[0] == pytest.approx(1e-3 * 0.032 * 0.1 / 0.0002)
    assert any("impulse per step" in entry.why for entry in project.report if entry.what == "Friction")
    slow = read(asim.simulation(asim.box("trunk", Freeze=True, children=[leg])), timestep=0.0004).body.compile()
    assert slow.dof_frictionloss[0] == pytest.approx(model.dof_frictionloss[0] / 2)


@pytest.mark.parametrize(
    ("kind", "limits", "joints", "freedoms"),
    [
        ("Hinge", (0, 0), 0, 0), ("Prismatic", (-0.1, 0.1), 1, 1), ("BallSocket", (-1, 1), 1, 3),
        ("Universal", (-1, 1), 1, 3), ("RPRO", (-1, 1), 0, 0), ("Static", (-1, 1), 0, 0), ("FreeJoint", (-1, 1), 1, 6),
    ],
)  # fmt: skip
def test_joints(asim, read, kind, limits, joints, freedoms):
    leg = asim.box("leg", asim.joint(kind, "hip", limits=limits), at=(0, -0.3, 0))
    model, _ = compiled(read(asim.simulation(asim.box("trunk", Freeze=True, children=[leg]))))
    assert (model.njnt, model.nv) == (joints, freedoms)


def test_a_frozen_part_below_carries_the_others(asim, read):
    """The foot stands still, the trunk swings above it: the tree is turned round, positions and signs are not."""
    text = asim.simulation(
        asim.box("trunk", children=[
            asim.box("foot", asim.joint("Hinge", "hip", at=(0, 0.1, 0)), at=(0, -0.2, 0), Freeze=True),
            asim.box("arm", asim.joint("Hinge", "shoulder"), at=(0.2, 0, 0)),
        ])
    )  # fmt: skip
    model, data = compiled(read(text))
    assert model.nv == 2 and model.body("trunk").parentid[0] == model.body("foot").id
    np.testing.assert_allclose(data.body("foot").xpos, (0, 0, -0.2), atol=1e-9)
    np.testing.assert_allclose(data.body("trunk").xpos, 0, atol=1e-9)
    np.testing.assert_allclose(data.joint("hip").xanchor, (0, 0, -0.1), atol=1e-9)
    other, moved = compiled(read(text.replace("<Freeze>True</Freeze>", "<Freeze>False</Freeze>")))
    moved.joint("hip").qpos[0], data.joint("hip").qpos[0] = 0.4, 0.4
    mujoco.mj_kinematics(model, data)
    mujoco.mj_kinematics(other, moved)
    between = [d.body("foot").xmat.reshape(3, 3).T @ d.body("trunk").xmat.reshape(3, 3) for d in (data, moved)]
    np.testing.assert_allclose(*between, atol=1e-9)


def test_ground_is_level_and_carries(asim, read):
    """A plane lies at the height of its structure, whatever its own position says."""
    box = asim.box("trunk", at=(0, 0.3, 0), size=(0.1, 0.1, 0.1))
    model, data = compiled(read(asim.simulation(box, structures=asim.ground(0.1))))
    assert data.geom("plane").xpos[2] == pytest.approx(0.1)
    mujoco.mj_step(model, data, nstep=3000)
    assert data.body("trunk").xpos[2] == pytest.approx(0.15, abs=2e-3) and abs(data.qvel).max() < 1e-2


def test_friction_is_that_of_both_materials(asim, read):
    smooth = asim.element("MaterialType", ID="smooth", Name="smooth", FrictionLinearPrimary=0.2)
    boxes = [asim.box(name, MaterialTypeID=m) for name, m in (("a", "smooth"), ("b", "sticky"))]
    text = asim.simulation(boxes[0], structures=asim.ground(), materials=smooth)
    model, _ = compiled(read(text))
    assert model.npair == 1 and model.pair_friction[0, 0] == pytest.approx(0.2)
    project = read(asim.simulation(boxes[1], structures=asim.ground()))
    assert project.body.compile().pair_friction[0, 0] == 0.75
    assert any("fitted" in entry.why for entry in project.report.of("approximated"))


def test_connected_and_excluded_parts_do_not_touch(asim, read):
    parts = [
        asim.box("leg", asim.joint("Hinge", "hip"), at=(0, 0.02, 0)),
        asim.box("far", asim.joint("FreeJoint", "loose"), at=(0, 0.05, 0)),
    ]
    pair = asim.element("CollisionPair", Part1ID="id-far", Part2ID="id-leg")
    root = asim.box("trunk", Freeze=True, children=parts)
    _, data = compiled(read(asim.simulation(root)))
    touching = {frozenset(data.model.geom(g).name for g in c.geom) for c in data.contact}
    assert touching == {frozenset(("far", "leg")), frozenset(("far", "trunk"))}
    _, data = compiled(read(asim.simulation(root, exclusions=pair)))
    touching = {frozenset(data.model.geom(g).name for g in c.geom) for c in data.contact}
    assert touching == {frozenset(("far", "trunk"))}


def test_muscles_and_springs(asim, read):
    spring = asim.line("Spring", "spring", ("front", "shin"))
    project = read(asim.leg().replace("<ChildBodies>", f"<ChildBodies>{spring}", 1))
    model, data = compiled(project)
    assert [model.actuator(i).name for i in range(model.nu)] == ["extensor", "flexor"]
    assert {model.tendon(i).name for i in range(model.ntendon)} == {"extensor", "flexor", "receptor", "spring"}
    length = np.linalg.norm(data.site("front").xpos - data.site("shin").xpos)
    assert data.tendon("extensor").length[0] == pytest.approx(length)
    spring = model.tendon("spring").id
    assert model.tendon_stiffness[spring] == 50 and model.tendon_damping[spring] == 2
    np.testing.assert_allclose(model.tendon_lengthspring[spring], 0.1)
    data.ctrl[0] = 1.0
    mujoco.mj_step(model, data, nstep=200)
    pulled = data.qpos[0]
    assert pulled > 0.01  # x of the joint is -z of the world: the extensor swings the leg forward


def test_missing_attachment_and_lonely_muscle(asim, read):
    with pytest.raises(AnimatLabError, match="extensor.*'id-gone' is no ID"):
        read(asim.leg().replace("<AttachID>id-front</AttachID>", "<AttachID>id-gone</AttachID>"))
    project = read(asim.leg().replace("<AttachID>id-back</AttachID>", ""))
    assert project.body.compile().nu == 1
    assert [entry.name for entry in project.report.of("unsupported")] == ["flexor"]


def test_motor_holds_its_joint(asim, read):
    leg = asim.box("leg", asim.joint("Hinge", "hip", at=(0, 0.1, 0), turned=(0, 1.5708, 0), EnableMotor=True),
                   at=(0.1, -0.1, 0))  # fmt: skip
    model, data = compiled(read(asim.simulation(asim.box("trunk", Freeze=True, children=[leg]))))
    assert model.actuator(0).name == "hip motor"
    data.ctrl[0] = 0.5
    mujoco.mj_step(model, data, nstep=500)
    assert data.qvel[0] == pytest.approx(0.5, rel=0.05)


def test_meshes(asim, read, tmp_path):
    corners = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    (tmp_path / "cube.obj").write_text("".join(f"v {x} {y} {z}\n" for x, y, z in corners))
    mesh = asim.part("Mesh", "cube", asim.vector("Scale", (0.5, 1, 2)), MeshFile="C:\\old\\cube.obj", MeshType="Convex",
                     IsCollisionObject=True)  # fmt: skip
    project = read(asim.simulation(mesh))
    model, _ = compiled(project)
    span = np.ptp(model.mesh_vert, axis=0)
    np.testing.assert_allclose(sorted(span), (0.05, 0.1, 0.2), rtol=1e-6)  # units of a decimetre
    (tmp_path / "cube.obj").unlink()
    with pytest.raises(AnimatLabError, match="cube.*is not beside the project"):
        read(asim.simulation(mesh))
    (tmp_path / "cube.obj").write_text("v 0 0 0\nv 1 0 x\n")
    with pytest.raises(AnimatLabError, match="cube.obj' cannot be read"):
        read(asim.simulation(mesh))


def test_what_has_no_counterpart_is_listed(asim, read):
    children = [asim.part("OdorSensor", "nose", Radius=0.01), asim.part("FluidPlane", "sea")]
    project = read(asim.simulation(asim.box("trunk", children=children)))
    assert {entry.name for entry in project.report.of("unsupported")} == {"nose", "sea"}
    with pytest.raises(AnimatLabError, match="body type 'Tentacle' is unknown"):
        read(asim.simulation(asim.box("trunk", children=[asim.part("Tentacle", "arm")])))
    with pytest.raises(AnimatLabError, match="joint type 'Knot' is unknown"):
        read(asim.simulation(asim.box("trunk", children=[asim.box("leg", asim.joint("Knot", "hip"))])))
