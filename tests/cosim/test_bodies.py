"""Numbers of the body: changed in a description, and different for every individual, bit for bit the same."""

import mujoco
import numpy as np
import pytest
from mujoco.batch import Batch
from sns_mujoco.models import load

from sns_mujoco import Network, NonSpikingNeuron, add_muscles, attach
from sns_mujoco.adapters import SpindleIa
from sns_mujoco.cosim.bodies import BODY_QUANTITIES, BodyRows, BodyTable, changed_body
from sns_mujoco.cosim.bodies.variants import DIRECT
from sns_mujoco.errors import ParameterError, UnknownNameError
from sns_mujoco.muscles import MujocoMuscle

LIMB = """
<mujoco>
  <compiler angle="radian"/>
  <worldbody>
    <geom name="floor" type="plane" size="1 1 .1"/>
    <body name="thigh" pos="0 0 1">
      <joint name="hip" axis="0 1 0" damping="0.1" stiffness="2" armature="0.01"/>
      <geom name="femur" type="capsule" fromto="0 0 0 0 0 -0.4" size="0.03"/>
      <site name="origin" pos="0.05 0 -0.1"/>
      <body name="shank" pos="0 0 -0.4">
        <inertial pos="0 0 -0.2" mass="2" diaginertia="0.05 0.05 0.001"/>
        <joint name="knee" type="slide" axis="0 0 1" damping="3"/>
        <geom name="tibia" type="ellipsoid" size="0.02 0.03 0.2" pos="0 0 -0.2" euler="0 0 0.3"/>
        <geom name="toe" type="sphere" size="0.04" pos="0.1 0 -0.4" friction="0.7"/>
      </body>
    </body>
  </worldbody>
  <actuator>
    <position name="servo" joint="hip" kp="30" dampratio="1"/>
    <motor name="motor" joint="knee" gear="2"/>
  </actuator>
</mujoco>
"""


def limb() -> mujoco.MjSpec:
    return mujoco.MjSpec.from_string(LIMB)


def changed(changes) -> mujoco.MjModel:
    return changed_body(limb(), changes).compile()


def test_the_table_has_what_is_described():
    table = BodyTable(limb())
    assert set(table.quantities) == set(BODY_QUANTITIES)
    assert table.names("mass") == ("thigh", "shank")
    assert table.names("friction") == ("floor", "femur", "tibia", "toe")
    assert table.find("damping").values.tolist() == [0.1, 3.0]
    assert table.find("damping", "hip").unit == "N m s/rad"
    assert table.find("damping", "knee").unit == "N s/m"
    assert table.find("kp").names == ("servo",)
    assert table.find("mass", "shank").values.tolist() == [2.0]
    assert table.find("size", ["t*e", "femur"]).names == ("femur", "toe")
    with pytest.raises(UnknownNameError, match="did you mean 'shank'"):
        table.find("mass", "shnk")
    with pytest.raises(UnknownNameError, match="no quantity named 'weight'"):
        table.find("weight")


def test_what_is_not_changed_stays_to_the_bit():
    plain = limb().compile()
    table = BodyTable(limb())
    same = {(q, name): table.value(q, name) for q in table.quantities for name in table.names(q)}
    assert changed(same).geom_size.tobytes() == plain.geom_size.tobytes()
    assert changed(same).body_inertia.tobytes() == plain.body_inertia.tobytes()


def test_simple_numbers_are_what_they_are_set_to():
    model = changed(
        {("friction", "toe"): 0.3, ("damping", "knee"): 5.0, ("stiffness", "hip"): 7.0, ("armature", "hip"): 0.02,
         ("gear", "motor"): -4.0, ("kp", "servo"): 60.0}
    )  # fmt: skip
    assert model.geom("toe").friction[0] == 0.3
    assert model.joint("knee").damping[0] == 5.0
    assert model.joint("hip").stiffness[0] == 7.0
    assert model.joint("hip").armature[0] == 0.02
    assert model.actuator("motor").gear[0] == -4.0
    assert model.actuator("servo").gainprm[0] == 60.0
    assert model.actuator("servo").biasprm[1] == -60.0


def test_a_stiffer_servo_keeps_its_damping_ratio():
    plain, stiffer = limb().compile(), changed({("kp", "servo"): 120.0})
    ratio = stiffer.actuator("servo").biasprm[2] / plain.actuator("servo").biasprm[2]
    assert ratio == pytest.approx(2.0)  # critical damping goes with the root of the stiffness


def test_a_segment_grows_along_itself_alone():
    plain, model = limb().compile(), changed({("length", "thigh"): 1.5, ("length", "shank"): 2.0})
    assert model.body("shank").pos == pytest.approx([0, 0, -0.6])
    assert model.site("origin").pos == pytest.approx([0.05, 0, -0.15])  # as far beside the bone as before
    assert model.geom("femur").size[:2] == pytest.approx([0.03, 0.3])
    assert model.geom("toe").size[0] == 0.04
    along = np.array([0.1, 0, -0.4])
    assert model.geom("toe").pos == pytest.approx(2 * along)  # the shank points at its toe
    assert model.body("shank").mass == plain.body("shank").mass
    assert model.body("thigh").mass > plain.body("thigh").mass  # a density, and more of it


def test_the_inertia_of_a_stretched_mass_is_that_of_its_spread():
    """A rod of mass m and length l about its centre: m l^2 / 12, whatever its orientation."""
    rod = """<mujoco><worldbody><body name="rod"><freejoint/>
    <inertial pos="0.3 0.4 0" mass="12" diaginertia="1e-9 1 1" quat="0.8944271909999159 0 0 0.4472135954999579"/>
    <site name="end" pos="0.6 0.8 0"/></body></worldbody></mujoco>"""
    model = changed_body(mujoco.MjSpec.from_string(rod), {("length", "rod"): 3.0}).compile()
    assert sorted(model.body("rod").inertia) == pytest.approx([0.0, 9.0, 9.0], abs=1e-6)
    assert model.body("rod").ipos == pytest.approx([0.9, 1.2, 0.0])


def test_masses_come_out_as_asked_for_whatever_makes_them():
    model = changed({("mass", "thigh"): 3.0, ("mass", "shank"): 1.0, ("length", "thigh"): 1.3, ("size", "femur"): 1.2})
    assert model.body("thigh").mass[0] == pytest.approx(3.0, rel=1e-12)
    assert model.body("shank").mass[0] == 1.0
    assert model.body("shank").inertia == pytest.approx(limb().compile().body("shank").inertia / 2)


def test_geoms_are_resized_about_their_centre():
    model = changed({("size", "femur"): 2.0, ("size", "tibia"): 0.5})
    assert model.geom("femur").size[:2] == pytest.approx([0.06, 0.4])
    assert model.geom("femur").pos == pytest.approx([0, 0, -0.2])
    assert model.geom("tibia").size == pytest.approx([0.01, 0.015, 0.1])


@pytest.mark.parametrize(
    ("name", "terrain", "changes"),
    [
        ("antagonist_joint", "ground", {("length", "limb"): 1.2, ("mass", "foot"): 0.01, ("kp", "foot"): 70.0,
                                        ("damping", "hip"): 0.03}),
        ("rat_hindlimbs", "treadmill", {("length", "L_femur"): 1.1, ("length", "R_foot"): 0.9, ("size", "L_toe"): 1.5,
                                        ("mass", "R_tibia"): 0.01, ("stiffness", "L_knee"): 0.09}),
        ("hexapod", "rough", {("length", "L1_tibia"): 1.1, ("mass", "torso"): 0.003, ("size", "L2_foot"): 1.2,
                              ("friction", "R1_foot"): 0.7, ("armature", "L1_coxa"): 2e-8, ("gear", "R3_femur"): 1.1}),
    ],
)  # fmt: skip
def test_an_individual_is_an_animal_of_the_changed_body(name, terrain, changes):
    animal = load(name)
    body = animal.body(terrain, 0)
    model = animal.build(terrain=terrain).compile()
    batch = Batch(model, 3, 1)
    rows = BodyRows(body, model, 3, batch.expand)
    rows.set_many([(rows.find(quantity, part), value) for (quantity, part), value in changes.items()], [1])

    alone = attach(changed_body(body, changes), animal.network(), animal.adapters(), dt=animal.dt).compile()
    datas = [mujoco.MjData(one) for one in (model, alone, model)]
    for data in datas:
        if model.nkey:
            mujoco.mj_resetDataKeyframe(alone if data is datas[1] else model, data, 0)
    for individual, data in enumerate(datas):
        for field in ("qpos", "qvel", "plugin_state"):
            batch.bind(field)[individual] = getattr(data, field)
    batch.step(nstep=300)
    mujoco.mj_step(alone, datas[1], nstep=300)
    mujoco.mj_step(model, datas[0], nstep=300)
    qpos = batch.bind("qpos")
    assert (qpos[1] == datas[1].qpos).all()
    assert (qpos[0] == datas[0].qpos).all()
    assert (qpos[2] == datas[0].qpos).all()
    assert not (qpos[1] == qpos[0]).all()

    rows.set_many([(rows.find(quantity, part), rows.find(quantity, part).values) for quantity, part in changes], [1])
    for field in rows.kept()["touched"]:
        assert batch.expanded(field)[1].tobytes() == getattr(model, field).tobytes(), field


def test_numbers_that_skip_the_compiler_are_alone_in_the_model():
    body = load("hexapod").body("flat", 0)
    plain = body.copy().compile()
    parts = {"friction": "L1_foot", "damping": "L1_coxa", "stiffness": "L1_coxa"}
    assert parts.keys() == DIRECT.keys()
    for quantity, part in parts.items():
        model = changed_body(body, {(quantity, part): 0.123}).compile()
        other = {
            field for field in dir(model)
            if isinstance(value := getattr(model, field), np.ndarray)
            and value.tobytes() != getattr(plain, field).tobytes()
        }  # fmt: skip
        assert other == {DIRECT[quantity]}


def test_contacts_are_found_where_geoms_would_be_grouped_otherwise():
    """The search for contacts goes through a tree of boxes, which individuals share: its boxes must fit each."""
    balls = "".join(f'<geom name="g{i}" size="{0.05 + 0.01 * i}" pos="{0.02 * i * i} {0.1 * i} 0"/>' for i in range(8))
    pegs = "".join(f'<geom size=".04" pos="{0.13 * i} {0.11 * i} -.2"/>' for i in range(8))
    xml = f"""<mujoco><option timestep=".002"/><worldbody><geom name="floor" type="plane" size="1 1 .1" pos="0 0 -.4"/>
    <body name="pegs">{pegs}<site pos="0 0 1"/><joint axis="0 0 1" stiffness="9"/></body>
    <body name="b"><joint type="slide" axis="0 0 1"/><joint axis="1 0 0"/>{balls}</body></worldbody></mujoco>"""
    body = mujoco.MjSpec.from_string(xml)
    net = Network()
    net.add_neuron(NonSpikingNeuron(), "idle")
    model = attach(body, net, [], dt=0.5).compile()
    changes = {("length", "b"): 0.6, ("size", "g1"): 4.0, ("size", "g6"): 0.3}
    batch = Batch(model, 2, 1)
    rows = BodyRows(body, model, 2, batch.expand)
    rows.set_many([(rows.find(quantity, part), value) for (quantity, part), value in changes.items()], [1])
    alone = attach(changed_body(body, changes), net, [], dt=0.5).compile()
    assert (alone.bvh_nodeid != model.bvh_nodeid).any()
    data = mujoco.MjData(alone)
    batch.reset()
    batch.step(nstep=400)
    mujoco.mj_step(alone, data, nstep=400)
    assert data.ncon > 0
    assert (batch.bind("qpos")[1] == data.qpos).all()


def test_individuals_alike_share_a_body_and_values_are_told():
    model = (body := limb()).copy().compile()
    fields: dict[str, np.ndarray] = {}
    rows = BodyRows(body, model, 4, lambda name: fields.setdefault(name, np.repeat(getattr(model, name)[None], 4, 0)))
    mass = rows.find("mass")
    rows.set(mass, [[1.0, 2.0], [3.0, 4.0], [1.0, 2.0]], [3, 0, 1])
    assert rows["mass", "*"].tolist() == [[3, 4], [1, 2], mass.values.tolist(), [1, 2]]
    assert fields["body_mass"][:, 2].tolist() == [4, 2, mass.values[1], 2]
    assert (fields["body_inertia"][1] == fields["body_inertia"][3]).all()
    rows["friction", "toe"] = np.array([[0.1], [0.2], [0.3], [0.4]])
    assert rows.get(rows.find("friction", "toe"), [2, 1]).tolist() == [[0.3], [0.2]]
    assert fields["geom_friction"][:, model.geom("toe").id, 0].tolist() == [0.1, 0.2, 0.3, 0.4]
    assert fields["body_mass"][0, 2] == 4  # and the masses are still there

    kept = rows.kept([0, 1])
    rows["mass", "shank"] = 9.0
    rows.put_back(kept, [2, 1])
    assert rows["mass", "shank"].ravel().tolist() == [9.0, 2.0, 4.0, 9.0]
    rows.put_back(None, [0])
    assert rows["friction", "toe"][0] == 0.7


def test_what_is_a_muscles_own_is_left_alone():
    """Gains of MuJoCo's muscles and of servos stand in one field, and only the servo's are the body's."""
    body = add_muscles(LIMB.replace("</actuator>", """</actuator><tendon><spatial name="t"><site site="origin"/>
    <site site="end"/></spatial></tendon>""").replace('<joint name="knee"', '<site name="end"/><joint name="knee"'),
                       [MujocoMuscle(name="m", tendon="t", force=5.0, length_range=(0.1, 0.4))])  # fmt: skip
    model = body.copy().compile()
    gains = np.repeat(model.actuator_gainprm[None], 2, axis=0)
    muscle, servo = model.actuator("m").id, model.actuator("servo").id
    rows = BodyRows(body, model, 2, lambda name: gains if name == "actuator_gainprm" else np.repeat(
        getattr(model, name)[None], 2, axis=0))  # fmt: skip
    gains[:, muscle, 2] = 7.0
    rows.set(rows.find("kp"), [[50.0], [60.0]])
    assert gains[:, servo, 0].tolist() == [50.0, 60.0]
    assert gains[:, muscle, 2].tolist() == [7.0, 7.0]


@pytest.mark.parametrize(
    ("quantity", "part", "value", "message"),
    [
        ("mass", "shank", 0.0, r"mass of body 'shank' is 0; give a finite number of 1e-12 or more"),
        ("damping", "hip", -1.0, r"damping of joint 'hip' is -1"),
        ("length", "thigh", np.nan, r"length of body 'thigh' is nan"),
        ("kp", "servo", np.inf, r"kp of actuator 'servo' is inf"),
    ],
)
def test_what_physics_does_not_allow_is_refused_as_a_whole(quantity, part, value, message):
    with pytest.raises(ParameterError, match=message):
        changed({(quantity, part): value})
    model = (body := limb()).copy().compile()
    rows = BodyRows(body, model, 2, lambda name: pytest.fail("nothing may be written"))
    with pytest.raises(ParameterError, match=message):
        rows.set_many([(rows.find("mass", "thigh"), 2.0), (rows.find(quantity, part), value)])
    with pytest.raises(IndexError, match="no individual 2"):
        rows.set(rows.find("mass"), 1.0, [2])


def test_what_has_no_such_number_is_named():
    with pytest.raises(UnknownNameError, match="no body with a length named 'torso'"):
        changed_body(load("hexapod").body("flat", 0), {("length", "torso"): 1.1})  # six legs: no one direction
    with pytest.raises(UnknownNameError, match="no actuator with a kp named 'motor'"):
        changed({("kp", "motor"): 3.0})


def test_masses_that_the_compiler_sets_are_left_to_it():
    body = mujoco.MjSpec.from_string(LIMB.replace('angle="radian"', 'angle="radian" boundmass="4"'))
    with pytest.raises(ParameterError, match="boundmass"):
        changed_body(body, {("mass", "shank"): 1.0})


def test_afferents_that_depend_on_what_the_compiler_finds_of_muscles_are_protected():
    arm = """<mujoco><worldbody><site name="a" pos=".05 0 .1"/><body name="arm"><joint name="j" axis="0 1 0"
    range="-60 60" limited="true" damping="1"/><geom name="bone" type="capsule" fromto="0 0 0 0 0 -.3" size=".02"/>
    <site name="b" pos=".03 0 -.06"/></body></worldbody>
    <tendon><spatial name="t"><site site="a"/><site site="b"/></spatial></tendon></mujoco>"""
    body = add_muscles(arm, [MujocoMuscle(name="m", tendon="t", force=5.0)])  # no length_range: the compiler pulls
    net = Network()
    net.add_neuron(NonSpikingNeuron(), "Ia")
    model = attach(body, net, [SpindleIa("m", to="Ia", range=(0, 100))], dt=0.5).compile()
    rows = BodyRows(body, model, 1, Batch(model, 1, 1).expand)
    rows.set(rows.find("friction"), 0.5)
    with pytest.raises(ParameterError, match="another rest length in the changed body.*give the muscle a length_range"):
        rows.set(rows.find("length", "arm"), 1.4)
