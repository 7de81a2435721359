"""What a compiled model or a file says of its muscles."""

import mujoco
import pytest

from sns_mujoco.errors import AttachError, MuscleError
from sns_mujoco.muscles import add_muscles, find_muscles


def test_every_kind_with_its_numbers(arm, mixed, linear_hill, hill):
    model = add_muscles(arm(), mixed).compile()
    muscles = find_muscles(model)
    assert list(muscles) == ["biceps", "brachialis", "triceps"]
    assert [muscle.kind for muscle in muscles.values()] == ["linear_hill", "mujoco", "hill"]
    assert [muscle.tendon for muscle in muscles.values()] == ["flexor", "flexor", "extensor"]
    assert [muscle.force for muscle in muscles.values()] == [8.0, 3.0, 8.0]
    assert [muscle.tension for muscle in muscles.values()] == [0, None, None]
    assert [muscle.activation for muscle in muscles.values()] == [None, 0, 1]
    biceps, brachialis, triceps = muscles.values()
    assert (biceps.rest_length, biceps.slack, triceps.rest_length, triceps.slack) == (0.15, 0.0, 0.05, 0.1)
    # lengths of 0.12 and 0.18 m are fibres of 0.75 and 1.05 optimal lengths
    assert brachialis.rest_length == pytest.approx(0.2)
    assert brachialis.slack == pytest.approx(-0.03)
    for info, described in ((biceps, mixed[0]), (triceps, mixed[2])):
        for field, value in info.parameters.items():
            assert value == getattr(described, field)
        for field, place in info.places.items():
            assert model.numeric_data[place] == getattr(described, field)
    assert biceps.parameters["series_fraction"] == 0.1


def test_damping_is_the_steepest_force_over_velocity(arm, mixed):
    model = add_muscles(arm(), mixed).compile()
    data, muscles = mujoco.MjData(model), find_muscles(model)
    for name in ("brachialis", "triceps"):
        info, slopes = muscles[name], []
        limit = info.parameters.get("max_velocity", info.parameters.get("vmax")) * info.rest_length
        data.act[info.activation] = 1.0
        data.qpos[0] = {"brachialis": 0.0, "triceps": 0.0}[name]
        for i in range(-400, 400):
            forces = []
            for velocity in (i / 400 * limit, (i + 1) / 400 * limit):
                mujoco.mj_forward(model, data)
                data.qvel[0] = velocity / data.ten_J[model.tendon(info.tendon).id]
                mujoco.mj_forward(model, data)
                forces.append(-data.actuator_force[info.output])
            slopes.append((forces[1] - forces[0]) / (limit / 400))
        assert 0.5 * info.damping < max(slopes) < 1.01 * info.damping


def test_mujocos_muscles_of_any_file(tmp_path, arm):
    muscles = """<actuator><muscle name="on joint" joint="elbow" lengthrange="-1 1" scale="2"/>
        <muscle tendon="flexor" lengthrange=".1 .2"/></actuator>"""
    path = tmp_path / "arm.xml"
    path.write_text(arm().replace("</mujoco>", muscles + "</mujoco>"))
    (info,) = find_muscles(path).values()
    model = mujoco.MjModel.from_xml_path(str(path))
    assert (info.name, info.tendon, info.source) == ("on joint", None, "")
    assert info.force == 2.0 / model.actuator_acc0[0]


@pytest.mark.parametrize("ending", ["xml", "mjb", "spec", "text"])
def test_files_hold_everything(arm, mixed, tmp_path, ending, linear_hill):
    mixed[0] = linear_hill("biceps", "flexor", source="Somebody 2001, J Somewhere 1:1")
    spec = add_muscles(arm(), mixed)
    path = tmp_path / f"arm.{ending}"
    if ending == "mjb":
        mujoco.mj_saveModel(spec.compile(), str(path))
    elif ending == "xml":
        path.write_text(spec.to_xml())
    again = find_muscles({"spec": spec, "text": spec.to_xml()}.get(ending, path))
    assert again == find_muscles(spec.compile())
    assert again["biceps"].source == "Somebody 2001, J Somewhere 1:1"


def test_what_is_no_model(tmp_path):
    with pytest.raises(FileNotFoundError):
        find_muscles(tmp_path / "nothing.xml")
    (tmp_path / "broken.mjb").write_bytes(b"broken")
    with pytest.raises(MuscleError, match="MuJoCo cannot read"):
        find_muscles(tmp_path / "broken.mjb")
    with pytest.raises(AttachError):
        find_muscles("<mujoco>")


def test_a_muscle_without_its_description_is_named(arm, mixed):
    text = add_muscles(arm(), mixed).to_xml()
    with pytest.raises(MuscleError, match="'biceps' of sns_mujoco.muscles without a description"):
        find_muscles(text.replace("sns-mujoco muscles 1", "sns-mujoco muscles 0"))
