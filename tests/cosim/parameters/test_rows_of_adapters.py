"""What rows write of adapters and muscles is, bit by bit, what a model has that is described with the same values."""

import mujoco
import mujoco.batch
import numpy as np
import pytest
from limb import MUSCLES, body, network

import sns_mujoco as sns
from sns_mujoco.adapters import (
    AntagonistPair,
    Command,
    Cutaneous,
    Excitation,
    GolgiTendonOrgan,
    JointAngle,
    JointLimit,
    MotorNeuron,
    MotorPool,
    SpindleIa,
    SpindleII,
    StretchReceptor,
    TendonForce,
)
from sns_mujoco.adapters.gains import Sigmoid
from sns_mujoco.adapters.spindles import FARMS_IA, FARMS_II
from sns_mujoco.cosim.parameters import ParameterRows, changed_muscles, parameters_of, written_into
from sns_mujoco.errors import AttachError, MuscleError, ParameterError, UnknownNameError

ADAPTERS = [
    Command("drive", to="sum", range=(0.0, 1.0)),
    JointAngle("elbow", to="alpha", range=(-1.0, 1.0), noise=0.1, delay=3.0),
    JointAngle("elbow", to="alpha", range=(-1.0, 0.5), gain=5.0),
    JointAngle("wrist", to="static", curve=Sigmoid(0.1, 4.0, 3.0, 0.5)),
    JointLimit("elbow", to="sum", side="upper", margin=0.4),
    JointLimit("elbow", to="sum", side="lower", margin=0.3),
    Cutaneous("hand", to="sum", on=0.2, off=0.1),
    *(GolgiTendonOrgan(m.name, to="sum", rate=80.0) for m in MUSCLES),
    *(SpindleIa(m.name, to="sum", range=(0.0, 300.0), gamma_dynamic="dynamic") for m in MUSCLES),
    *(SpindleII(m.name, to="sum", range=(0.0, 3.0), model=FARMS_II, alpha=0.5, gamma_static=0.3) for m in MUSCLES),
    *(
        SpindleIa(
            m.name, to="sum", range=(0.0, 3.0), model=FARMS_IA, alpha=Excitation(), gamma_static="static",
            static_effect=2.0, static_bias=0.1, gamma_dynamic=0.7,
        )
        for m in MUSCLES
    ),
    StretchReceptor(
        "back", to="sum", range=(0.0, 20.0), ending="II", kse=800.0, kpe=20.0, damping=0.4, rest_length=0.14,
        max_tension=20.0, constant=70.0, excitation="alpha", force=3.0, width=0.05,
    ),
    TendonForce("front", to="sum", range=(0.0, 5.0), delay=2.0),
    MotorNeuron("alpha", drives="flexor", output=(0.1, 0.8), combine="sum"),
    MotorNeuron("static", drives="flexor", output=(0.05, 0.4), sigmoid=(12.0, 0.3), delay=4.0, combine="sum"),
    AntagonistPair("dynamic", "static", drives="extensor", gain=0.5, offset=0.4),
    MotorPool("pool", drives="third", output=(0.0, 0.9)),
]  # fmt: skip
ROOM = 10.0
NETWORK_ONLY = ("populations", "channels", "connections", "inputs", "noises")


def attached(spec, adapters, room=None):
    apart = {"bias", "delay"} if room else {"bias"}
    return sns.attach(spec, network(), adapters, dt=0.5, apart=apart, greatest_delay=room).compile()


def found(model, adapters=ADAPTERS):
    return parameters_of(model, network(), adapters)


def of_body_and_adapters(table, *, delays):
    columns = [c for c in table.columns if c.kind not in NETWORK_ONLY and (delays or c.quantity != "delay")]
    return [table.find(q) for q in dict.fromkeys(column.quantity for column in columns)]


def varied(parameter, random, n):
    values = parameter.values * random.uniform(0.9, 1.1, (n, len(parameter)))
    return np.clip(values, parameter.least, parameter.greatest)


def run(model, steps=60):
    data = mujoco.MjData(model)
    data.qvel[:] = -8.0, -3.0
    for _ in range(steps):
        mujoco.mj_step(model, data)
    return np.concatenate([data.qpos, data.qvel, data.act, data.plugin_state[: network().get_num_neurons()]])


@pytest.mark.parametrize("seed", range(3))
def test_rows_are_what_is_described(seed):
    random = np.random.default_rng(seed)
    model = attached(body(), ADAPTERS)
    table = found(model)
    batch = mujoco.batch.Batch(model, 3, 1)
    rows = ParameterRows(table, 3, batch.expand)
    parameters = of_body_and_adapters(table, delays=False)
    rows.set_many([(p, varied(p, random, 2)) for p in parameters], ids=[0, 2])

    changes, of_muscles = [], []
    for parameter in parameters:
        values = rows.get(parameter, [2])[0].tolist()
        for part in parameter.parts:
            end = part.first + len(part.index)
            into = of_muscles if part.column.kind == "muscles" else changes
            names = parameter.names[part.first : end]
            into += [(parameter.quantity, *one) for one in zip(names, values[part.first : end], strict=True)]
    _, adapters = written_into(network(), ADAPTERS, changes)
    again = attached(changed_muscles(body(), of_muscles), adapters)
    for field in ("numeric_data", "actuator_gainprm", "actuator_biasprm", "actuator_dynprm"):
        assert np.array_equal(batch.expand(field)[2], getattr(again, field)), field
        assert np.array_equal(batch.expand(field)[1], getattr(model, field)), field
    assert np.array_equal(run(batch.get_model(2)), run(again))
    assert not np.array_equal(run(model), run(again))


@pytest.mark.parametrize("delays", [(0.0, 0.0, 0.0), (3.0, 2.0, 4.0), (1.0, 10.0, 7.0), (10.0, 0.4, 10.0)])
def test_delays_are_those_of_an_animal_attached_with_them(delays):
    model = attached(body(), ADAPTERS, ROOM)
    table = found(model)
    batch = mujoco.batch.Batch(model, 2, 1)
    rows = ParameterRows(table, 2, batch.expand)
    names = ("JointAngle('elbow') -> alpha", "TendonForce('front') -> sum", "MotorNeuron('static') -> flexor")
    parameters = [table.find("delay", name) for name in names]
    rows.set_many([(p, [[d]]) for p, d in zip(parameters, delays, strict=True)], ids=[1])
    changes = [("delay", name, delay) for name, delay in zip(names, delays, strict=True)]
    _, adapters = written_into(network(), ADAPTERS, changes)
    assert np.array_equal(run(batch.get_model(1)), run(attached(body(), adapters)))
    assert np.array_equal(run(model), run(attached(body(), ADAPTERS)))


def test_all_of_these_may_be_named_to_stand_apart():
    quantities = set(found(attached(body(), ADAPTERS, ROOM)).quantities)
    model = sns.attach(body(), network(), ADAPTERS, dt=0.5, apart=quantities, greatest_delay=ROOM).compile()
    assert not any(found(model).find(quantity).shared for quantity in quantities)


def test_a_single_animal_has_rows_of_its_model():
    model = attached(body(), ADAPTERS)
    rows = ParameterRows(found(model), 1, lambda field: getattr(model, field)[None])
    rows["activation_time", "flexor"] = 0.02
    rows["force", "third"] = 5.0
    assert model.actuator("flexor").dynprm[0] == 0.02
    assert sns.muscles.find_muscles(model)["third"].force == 5.0


def test_a_delay_that_changes_in_a_running_animal_takes_effect():
    model = attached(body(), ADAPTERS, ROOM)
    batch = mujoco.batch.Batch(model, 2, 1)
    rows = ParameterRows(found(model), 2, batch.expand)
    batch.reset()
    batch.step(nstep=20)
    rows.set(rows.find("delay", "JointAngle('elbow') -> alpha"), [[3.0], [9.0]])
    batch.step(nstep=20)
    assert np.isfinite(batch.plugin_state).all()
    assert not np.array_equal(batch.plugin_state[0], batch.plugin_state[1])


def test_names_of_adapters_are_told_apart():
    table = found(attached(body(), ADAPTERS))
    gain = table.find("gain", "JointAngle('elbow')*")
    assert gain.names == ("JointAngle('elbow') -> alpha", "JointAngle('elbow') -> alpha (2)")
    assert gain.values.tolist() == [20.0, 5.0]
    assert table.find("gain", "JointAngle('elbow')").names == gain.names  # the label alone
    assert "JointAngle('wrist') -> static" not in table.names("gain")  # it has a curve
    assert table.find("curve_b", "*wrist*").values.tolist() == [4.0]


@pytest.mark.parametrize(
    ("quantity", "pattern", "value", "message"),
    [
        ("noise", "*elbow*", -0.1, r"'noise' of \"JointAngle.*is -0.1 for individual 0; give 0 or more"),
        ("force", "third", 0.0, "'force' of 'third' is 0 for individual 0; give more than 0"),
        ("pennation", "third", 1.6, "pennation.*give 0 or more, 1.5708 or less"),
        ("range_low", "*-> sum", np.nan, "is nan for individual 0; give a finite number"),
        ("range_low", "Command*", 1.0, "range_low and range_high are the same"),
        ("off", "Cutaneous*", 0.3, "off is above on"),
        ("delay", "MotorNeuron*", 11.0, "give 0 or more, 10 or less"),
    ],
)
def test_impossible_values_are_refused_before_anything_changes(quantity, pattern, value, message):
    model = attached(body(), ADAPTERS, ROOM)
    batch = mujoco.batch.Batch(model, 2, 1)
    rows = ParameterRows(found(model), 2, batch.expand)
    rows["offset", "Command*"] = 3.0
    before = batch.expand("numeric_data").copy()
    with pytest.raises(ParameterError, match=message):
        rows.set_many([(rows.find("offset", "Command*"), 4.0), (rows.find(quantity, pattern), value)])
    assert np.array_equal(batch.expand("numeric_data"), before)
    assert (rows["offset", "Command*"] == 3.0).all()


def test_other_adapters_than_the_models_are_refused():
    model = attached(body(), ADAPTERS)
    others = [Command("drive", to="sum", range=(0.0, 2.0)), *ADAPTERS[1:]]
    with pytest.raises(AttachError, match="'range_low' of .*drive.* is another one .*that it was attached from"):
        found(model, others)


def test_delays_need_room():
    for options, message in (
        ({"apart": {"delay"}}, "give greatest_delay"),
        ({"apart": {"bias"}, "greatest_delay": 5.0}, "no delays stand apart"),
        ({"apart": True, "greatest_delay": 2.5}, r"JointAngle\('elbow'\) has a delay of 3 ms"),
        ({"apart": True, "greatest_delay": -1.0}, "a number of ms above 0"),
    ):
        with pytest.raises(AttachError, match=message):
            sns.attach(body(), network(), ADAPTERS, dt=0.5, **options)
    rows = ParameterRows(found(attached(body(), ADAPTERS)), 1, lambda field: None)
    with pytest.raises(ParameterError, match="'delay' of .* shares its number .* apart={'delay', ...}"):
        rows["delay", "*"] = 1.0


def test_muscles_that_are_not_there():
    with pytest.raises(UnknownNameError, match="no muscle named 'thrid'.*'third'"):
        changed_muscles(body(), [("force", "thrid", 2.0)])
    with pytest.raises(UnknownNameError, match="no quantity named 'kse' in muscle 'third'"):
        changed_muscles(body(), [("kse", "third", 2.0)])
    with pytest.raises(MuscleError, match="force of muscle 'third' is -2.0"):
        changed_muscles(body(), [("force", "third", -2.0)])
