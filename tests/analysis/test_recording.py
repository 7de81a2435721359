"""What a recording tells of muscles and afferents."""

import mujoco
import numpy as np
import pytest
import xarray
from sns_mujoco.models import load

import sns_mujoco as sns
from sns_mujoco.adapters import (
    Command,
    GolgiTendonOrgan,
    JointAngle,
    MotorNeuron,
    SpindleIa,
    StretchReceptor,
    TendonLength,
)
from sns_mujoco.analysis.recording import Recorder, save
from sns_mujoco.errors import UnknownNameError
from sns_mujoco.muscles import HillMuscle, LinearHillMuscle, MujocoMuscle, add_muscles

LIMB = """
<mujoco>
  <worldbody>
    <site name="front" pos=".05 0 .1"/><site name="back" pos="-.05 0 .1"/>
    <body>
      <joint name="knee" axis="0 1 0" range="-60 60" damping=".002"/>
      <geom type="capsule" fromto="0 0 0 0 0 -.3" size=".02"/>
      <site name="front end" pos=".03 0 -.06"/><site name="back end" pos="-.03 0 -.06"/>
    </body>
  </worldbody>
  <tendon>
    <spatial name="front"><site site="front"/><site site="front end"/></spatial>
    <spatial name="back"><site site="back"/><site site="back end"/></spatial>
  </tendon>
</mujoco>"""
MUSCLES = [
    MujocoMuscle(name="own", tendon="front", force=5.0, length_range=(0.145, 0.175), range=(0.85, 1.15)),
    LinearHillMuscle(
        name="linear", tendon="back", force=4.0, kse=1500.0, kpe=30.0, damping=0.2, rest_length=0.14, width=0.08,
        max_tension=30.0,
    ),
    HillMuscle(name="hill", tendon="front", force=4.0, optimal_length=0.11, tendon_slack_length=0.05),
]  # fmt: skip
ANGLE, AGAIN = "JointAngle('knee') -> sense", "JointAngle('knee') -> sense (2)"
STRETCH = "StretchReceptor('back') -> sense"


def limb(*, seed: int = 0) -> sns.Simulation:
    """A thrown limb with a muscle of each kind, two of which are excited, and a noisy afferent."""
    net = sns.Network("limb")
    for name in ("sense", "motor"):
        net.add_neuron(sns.NonSpikingNeuron(), name)
    adapters = [
        Command("drive", to="motor", range=(0.0, 1.0), gain=15.0),
        JointAngle("knee", to="sense", range=(-1.0, 1.0), gain=4.0, noise=0.01),
        JointAngle("knee", to="sense", range=(-1.0, 1.0), gain=8.0, delay=20.0),
        StretchReceptor(
            tendon="back", ending="II", to="sense", range=(0.0, 1.0), gain=2.0, kse=50.0, kpe=5.0, damping=0.1,
            rest_length=0.14, max_tension=30.0, constant=100.0,
        ),
        GolgiTendonOrgan(muscle="linear", to="sense", gain=3.0),
        TendonLength("front", to="sense", range=(0.1, 0.3)),
        SpindleIa(muscle="hill", to="sense", range=(0.0, 1.0), gain=1.0),
        MotorNeuron("motor", drives="linear"),
        MotorNeuron("motor", drives="hill", output=(0.0, 0.5)),
    ]  # fmt: skip
    simulation = sns.Simulation(sns.attach(add_muscles(LIMB, MUSCLES), net, adapters, dt=0.5), seed=seed)
    simulation.commands["drive"] = 1.0
    simulation.data.qvel[0] = 5.0
    return simulation


@pytest.fixture(scope="module")
def recording() -> xarray.Dataset:
    return limb().record(0.3, rate=500)


def test_muscles_of_every_kind_are_told_alike(recording):
    data = mujoco.MjData(limb().model)
    assert recording.muscle.values.tolist() == ["own", "linear", "hill"]
    for name, unit in (("length", "m"), ("velocity", "m/s"), ("force", "N"), ("excitation", "1")):
        channel = recording[f"muscle_{name}"]
        assert channel.dims == ("time", "muscle") and channel.units == unit and np.isfinite(channel).all()
    model = limb().model
    data.qpos[0] = recording.joint_position.sel(joint="knee").values[50]
    mujoco.mj_forward(model, data)
    place = recording.isel(time=50)
    for muscle, tendon in (("own", "front"), ("linear", "back"), ("hill", "front")):
        assert place.muscle_length.sel(muscle=muscle) == pytest.approx(data.tendon(tendon).length[0], abs=0.0005)
        turned = np.gradient(recording.muscle_length.sel(muscle=muscle).values, 0.002)
        velocity = recording.muscle_velocity.sel(muscle=muscle).values
        assert velocity[5:-5] == pytest.approx(turned[5:-5], abs=0.05 * np.abs(turned).max())
    force = recording.muscle_force
    assert (force >= 0.0).all() and not np.signbit(force.values).any()
    assert force.sel(muscle="linear").max() > 1.0 and force.sel(muscle="hill").max() > 0.5
    drive = recording.muscle_excitation
    assert drive.sel(muscle="own").max() == 0.0
    last = drive.isel(time=-1)
    assert last.sel(muscle="linear") == pytest.approx(2.0 * last.sel(muscle="hill").item()) and 0.3 < last[1] < 1.0


def test_states_are_told_where_a_muscle_has_them(recording):
    tension, activation = recording.muscle_tension, recording.muscle_activation
    assert np.isnan(tension.sel(muscle=["own", "hill"])).all() and np.isfinite(tension.sel(muscle="linear")).all()
    assert np.isnan(activation.sel(muscle="linear")).all()
    assert activation.sel(muscle="hill").values[-1] == pytest.approx(
        recording.muscle_excitation.sel(muscle="hill").values[-1], abs=0.05
    )
    pull = recording.muscle_force.sel(muscle="linear").values
    assert tension.sel(muscle="linear").values[:-1] == pytest.approx(pull[1:], abs=0.5)  # it pulls with its tension


def test_afferents_have_names_of_their_own_signals_and_currents(recording):
    names = recording.afferent.values.tolist()
    assert len(set(names)) == len(names) == 7 and {ANGLE, AGAIN, STRETCH} <= set(names)
    angle = recording.joint_position.sel(joint="knee").values
    told = recording.afferent_signal.sel(afferent=ANGLE).values
    assert 0.005 < np.std(told[1:] - angle[:-1]) < 0.03 and told[1:] == pytest.approx(angle[:-1], abs=0.06)
    clean = recording.afferent_signal.sel(afferent=AGAIN).values
    current = recording.afferent_current.sel(afferent=AGAIN).values
    assert current[10:] == pytest.approx(4.0 + 4.0 * clean[:-10])  # nA, 20 ms later
    assert recording.afferent_current.units == "nA"
    assert recording.sel(afferent=STRETCH).afferent_kind.item() == "StretchReceptor"
    mine = recording.afferent_source == "linear"
    organ = recording.sel(afferent=mine)
    assert organ.afferent_target.values.tolist() == ["sense"]
    pull = recording.muscle_force.sel(muscle="linear").values / 4.0
    assert organ.afferent_signal.values[:, 0] == pytest.approx(pull, abs=0.02)


def test_a_recording_survives_the_disk_and_the_choice_of_channels(recording, tmp_path):
    save(recording, tmp_path / "limb.nc")
    with xarray.open_dataset(tmp_path / "limb.nc", engine="h5netcdf") as again:
        assert again.load().identical(recording)
    some = limb().record(0.1, rate=500, muscles=["linear"], afferents=[AGAIN, ANGLE])
    assert some.muscle.values.tolist() == ["linear"] and some.afferent.values.tolist() == [AGAIN, ANGLE]
    assert "muscle_activation" not in some and "muscle_tension" in some
    np.testing.assert_array_equal(
        some.afferent_signal.sel(afferent=ANGLE), recording.afferent_signal.sel(afferent=ANGLE)[:50]
    )
    none = limb().record(0.1, rate=500, muscles=[], afferents=[])
    save(none, tmp_path / "none.nc")
    assert none.sizes["muscle"] == none.sizes["afferent"] == 0 and "muscle_tension" not in none
    empty = Recorder(limb()).dataset()
    assert empty.sizes["time"] == 0 and empty.muscle_tension.shape == (0, 3)


def test_names_that_do_not_exist():
    with pytest.raises(UnknownNameError, match="no muscle named 'liner'.*'linear'"):
        Recorder(limb(), muscles=["liner"])
    with pytest.raises(UnknownNameError, match="no afferent named .*JointAngle"):
        Recorder(limb(), afferents=["JointAngle('knee')"])


def test_looking_at_muscles_and_afferents_changes_nothing():
    watched, alone = limb(seed=4), limb(seed=4)
    watched.record(0.2, rate=1.0 / watched.model.opt.timestep)
    alone.run(0.2)
    np.testing.assert_array_equal(watched.snapshot().state, alone.snapshot().state)


def test_animals_are_recorded_with_all_that_they_feel():
    rat = load("rat_hindlimbs").simulation()
    rat.commands["drive"] = 1.0
    recording = rat.record(0.1, rate=1000)
    assert recording.sizes["muscle"] == 12 and "muscle_activation" not in recording
    ia = recording.sel(afferent=recording.afferent_target == "L_Ia_hip_extensor")
    ii = recording.sel(afferent=recording.afferent_target == "L_II_hip_extensor")
    assert ia.afferent_source.item() == ii.afferent_source.item() == "L_hip_extensor"
    assert np.ptp(ia.afferent_signal.values) > 0 and (ia.afferent_signal.values != ii.afferent_signal.values).any()
    hexapod = load("hexapod").simulation().record(0.01, rate=1000)
    assert hexapod.sizes["muscle"] == 0 and "JointAngle('L1_coxa') -> L1 coxa angle" in hexapod.afferent


def test_several_nervous_systems_keep_their_afferents_apart():
    spec = add_muscles(LIMB, MUSCLES)
    for name, gain in (("first", 1.0), ("second", 2.0)):
        net = sns.Network(name)
        net.add_neuron(sns.NonSpikingNeuron(), "sense")
        spec = sns.attach(spec, net, [JointAngle("knee", to="sense", range=(-1.0, 1.0), gain=gain)], dt=1.0, name=name)
    recording = sns.Simulation(spec).record(0.02, rate=500)
    assert recording.afferent.values.tolist() == [f"{name}/JointAngle('knee') -> sense" for name in ("first", "second")]
    first, second = recording.afferent_current.values.T
    assert first.min() > 0 and second == pytest.approx(2.0 * first)
