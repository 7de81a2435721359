"""Adding muscles to bodies, and everything that is refused before anything runs."""

import math

import mujoco
import numpy as np
import pytest

import sns_mujoco as sns
from sns_mujoco.adapters import Command, MotorNeuron
from sns_mujoco.errors import AttachError, MuscleError, UnknownNameError
from sns_mujoco.muscles import MujocoMuscle, Muscle, add_muscles, find_muscles, mirrored


def test_a_muscle_is_an_actuator_whose_control_is_its_excitation(arm, mixed):
    model = add_muscles(arm(), mixed).compile()
    assert [model.actuator(i).name for i in range(model.nu)] == ["biceps", "brachialis", "triceps"]
    np.testing.assert_array_equal(model.actuator_ctrlrange, [[0, 1]] * 3)
    assert model.actuator_ctrllimited.all()
    assert (model.nplugin, model.npluginstate, model.na) == (1, 1, 2)


def instances(model):
    return [mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_PLUGIN, i) for i in range(model.nplugin)]


def test_the_users_spec_is_not_changed_and_files_will_do(arm, mixed, tmp_path):
    spec = mujoco.MjSpec.from_string(arm())
    before = spec.to_xml()
    text = add_muscles(spec, mixed).to_xml()
    assert spec.to_xml() == before
    path = tmp_path / "arm.xml"
    path.write_text(arm())
    assert add_muscles(path, mixed).to_xml() == text


def test_more_muscles_are_another_instance(arm, mixed, linear_hill, life):
    model = add_muscles(add_muscles(arm(), mixed[:1]), mixed[1:]).compile()
    assert instances(model) == ["muscles", "muscles_2"]
    np.testing.assert_array_equal(life(model), life(add_muscles(arm(), mixed).compile()))


def test_names_that_the_body_uses_for_something_else_are_left_alone(arm, linear_hill):
    spec = mujoco.MjSpec.from_string(arm())
    spec.add_numeric(name="muscles", size=1, data=[7.0])
    spec.add_text(name="muscles_2", data="not ours")
    spec.add_text(name="list", data="[1]")
    model = add_muscles(spec, [linear_hill(tendon="flexor")]).compile()
    assert instances(model) == ["muscles_3"]
    assert model.numeric("muscles").data == 7.0
    assert list(find_muscles(model)) == ["muscle"]


def test_mujocos_own_muscle_is_a_plain_one(arm, life):
    muscle = MujocoMuscle(
        name="biceps", tendon="flexor", force=5.0, range=(0.7, 1.1), length_range=(0.1, 0.2), smoothing=0.1,
        time_constants=(0.02, 0.05), lmin=0.4, lmax=1.7, vmax=2.0, fpmax=1.1, fvmax=1.3,
    )  # fmt: skip
    plain = """<actuator><muscle name="biceps" tendon="flexor" force="5" range=".7 1.1" lengthrange=".1 .2"
        timeconst=".02 .05" tausmooth=".1" lmin=".4" lmax="1.7" vmax="2" fpmax="1.1" fvmax="1.3"/></actuator>"""
    plain = mujoco.MjModel.from_xml_string(arm().replace("</mujoco>", plain + "</mujoco>"))
    ours = add_muscles(arm(), [muscle]).compile()
    assert ours.nplugin == 0
    np.testing.assert_array_equal(life(ours), life(plain))


def test_mujoco_finds_the_range_of_lengths_itself(arm):
    model = add_muscles(arm(), [MujocoMuscle(name="biceps", tendon="flexor", force=5.0)]).compile()
    shortest, longest = model.actuator_lengthrange[0]
    assert 0.1 < shortest < 0.15 < longest < 0.2


def test_a_motor_neuron_excites_a_muscle(arm, linear_hill):
    body = add_muscles(arm(), [linear_hill("biceps", "flexor"), linear_hill("triceps", "extensor")])
    net = sns.Network("arm")
    net.add_neuron(sns.NonSpikingNeuron(), "motor")
    adapters = [
        Command("drive", to="motor", range=(0, 1), gain=15.0),
        MotorNeuron("motor", drives="biceps", sigmoid=(10.0, 0.4), output=(0, 1)),
    ]
    simulation = sns.Simulation(sns.attach(body, net, adapters, dt=0.5))
    simulation.commands["drive"] = 1.0
    simulation.run(0.5)
    muscles = find_muscles(simulation.model)
    assert simulation.data.ctrl[muscles["biceps"].control] > 0.8
    assert simulation.data.actuator_force[muscles["biceps"].output] < -1.0
    assert simulation.data.qpos[0] < -0.1 or simulation.data.qpos[0] > 0.1


@pytest.mark.parametrize(("name", "message"), [
    ("flexer", "no tendon named 'flexer' in the body, for muscle 'muscle'; did you mean 'flexor'"),
    ("tendon", "no tendon named 'tendon'"),
])  # fmt: skip
def test_a_muscle_needs_a_tendon_that_is_there(arm, linear_hill, name, message):
    with pytest.raises(UnknownNameError, match=message):
        add_muscles(arm(), [linear_hill(tendon=name)])


def test_names_are_taken_once(arm, linear_hill):
    body = arm().replace("</mujoco>", '<actuator><motor name="pull" tendon="flexor"/></actuator></mujoco>')
    with pytest.raises(MuscleError, match="the body has an actuator named 'pull' already"):
        add_muscles(body, [linear_hill("pull", "flexor")])
    with pytest.raises(MuscleError, match="there is a muscle named 'one' already"):
        add_muscles(body, [linear_hill("one", "flexor"), linear_hill("one", "extensor")])


def test_what_is_no_muscle(arm, linear_hill):
    with pytest.raises(MuscleError, match="'biceps' is no muscle"):
        add_muscles(arm(), ["biceps"])
    with pytest.raises(MuscleError, match="is no muscle"):
        add_muscles(arm(), [Muscle(name="one", tendon="flexor", force=1.0)])
    with pytest.raises(MuscleError, match="there are no muscles"):
        add_muscles(arm(), [])
    with pytest.raises(AttachError, match="MuJoCo cannot read the body"):
        add_muscles("<mujoco><worldbod/></mujoco>", [linear_hill()])
    with pytest.raises(FileNotFoundError, match="there is no body"):
        add_muscles("nowhere.xml", [linear_hill()])


COMMON = [
    ("force", 0.0), ("force", -1.0), ("force", math.nan), ("force", math.inf), ("force", "8"), ("force", True),
    ("name", ""), ("name", None), ("tendon", ""), ("source", None),
]  # fmt: skip
LINEAR = [
    ("kse", 0.0), ("kpe", -1.0), ("damping", 0.0), ("rest_length", 0.0), ("rest_length", -0.1), ("width", 0.0),
    ("max_tension", -1.0), ("max_tension", math.inf), ("series_fraction", 1.0), ("min_parallel", -0.1),
]  # fmt: skip
HILL = [
    ("optimal_length", 0.0), ("tendon_slack_length", -0.1), ("pennation", -0.1), ("pennation", 1.6),
    ("max_velocity", 0.0), ("damping", -0.1), ("activation_time", 0.0), ("deactivation_time", 0.0),
    ("passive_shape", 0.0), ("passive_strain", 0.0),
]  # fmt: skip
OWN = [
    ("range", (1.0, 0.7)), ("range", 1.0), ("range", (-1.0, 1.0)), ("length_range", (0.2, 0.1)),
    ("time_constants", (0.0, 0.04)), ("time_constants", (0.01,)), ("smoothing", -1.0), ("lmin", 0.0), ("lmin", 1.0),
    ("lmax", 1.0), ("vmax", 0.0), ("fpmax", -1.0), ("fvmax", 1.0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [("linear_hill", *case) for case in COMMON + LINEAR]
    + [("hill", *case) for case in COMMON[:2] + HILL]
    + [("own", *case) for case in COMMON[:2] + OWN],
)
def test_parameters_that_make_no_sense(arm, linear_hill, hill, kind, field, value):
    makers = {"linear_hill": linear_hill, "hill": hill, "own": lambda **k: MujocoMuscle(**({"name": "muscle"} | k))}
    numbers = {"tendon": "flexor"} | ({"force": 1.0} if kind == "own" else {}) | {field: value}
    with pytest.raises(MuscleError, match=field):
        add_muscles(arm(), [makers[kind](**numbers)])


def test_what_mujoco_refuses_is_said_in_its_words(arm, linear_hill):
    body = arm().replace('name="extensor"', 'name="extensor" limited="true" range="1 0"')
    with pytest.raises(MuscleError, match="cannot compile the body with these muscles: .*invalid limits"):
        add_muscles(body, [linear_hill(tendon="flexor")])


def test_both_sides_from_one(linear_hill, hill):
    one = [linear_hill("hip flexor", "hip front", source="somebody 2001"), hill("knee", "knee back")]
    both = mirrored(one, left="L ", right="R ")
    assert [muscle.name for muscle in both] == ["L hip flexor", "L knee", "R hip flexor", "R knee"]
    assert [muscle.tendon for muscle in both] == ["L hip front", "L knee back", "R hip front", "R knee back"]
    assert both[2] == linear_hill("R hip flexor", "R hip front", source="somebody 2001")
    assert mirrored(one)[0].name == "left_hip flexor"


def test_sides_must_differ(linear_hill):
    with pytest.raises(MuscleError, match="left and right are both 'a'"):
        mirrored([linear_hill()], "a", "a")
    with pytest.raises(MuscleError, match="give texts"):
        mirrored([linear_hill()], 1, 2)
    with pytest.raises(MuscleError, match="is no muscle"):
        mirrored(["biceps"])
