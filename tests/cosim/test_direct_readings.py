"""Lengths, velocities and forces read without a sensor are those that a sensor would have told, bit for bit."""

import mujoco
import numpy as np
import pytest
from limb import body, network

import sns_mujoco as sns
from sns_mujoco.adapters import (
    FARMS_IA,
    Excitation,
    GolgiTendonOrgan,
    SensorChannel,
    SpindleIa,
    StretchReceptor,
    TendonForce,
    TendonLength,
    TendonVelocity,
)
from sns_mujoco.errors import AttachError

WIDE = dict(to="sum", range=(-1.0, 1.0), clip=False)
KIND, OBJECT = mujoco.mjtSensor, mujoco.mjtObj
QUANTITIES = [
    (TendonLength("front", **WIDE), KIND.mjSENS_TENDONPOS, OBJECT.mjOBJ_TENDON, 1.0),
    (TendonVelocity("high", **WIDE), KIND.mjSENS_TENDONVEL, OBJECT.mjOBJ_TENDON, 1.0),
    *(
        (afferent(muscle, **WIDE), kind, OBJECT.mjOBJ_ACTUATOR, sign)
        for muscle in ("flexor", "extensor", "third")
        for afferent, kind, sign in (
            (TendonLength, KIND.mjSENS_ACTUATORPOS, 1.0),
            (TendonVelocity, KIND.mjSENS_ACTUATORVEL, 1.0),
            (TendonForce, KIND.mjSENS_ACTUATORFRC, -1.0),
        )
    ),
]


def lived(integrator, adapters, steps=300):
    """Signals in every step [steps, A] of the arm with sensors of its own."""
    spec = body(integrator)
    for k, (afferent, kind, of, _) in enumerate(QUANTITIES):
        spec.add_sensor(name=f"told {k}", type=kind, objtype=of, objname=afferent.of)
    simulation = sns.Simulation(sns.attach(spec, network(), adapters, dt=0.5))
    simulation.data.qvel[:] = -8.0, -3.0
    signals = []
    for step in range(steps):
        simulation.data.ctrl[:] = 0.5 + 0.5 * np.sin(0.03 * step + np.arange(simulation.model.nu))
        simulation.step()
        signals.append(simulation.brain.signals(simulation.data))
    return simulation, np.array(signals)


@pytest.mark.parametrize("integrator", ["Euler", "implicit", "implicitfast", "RK4"])
def test_direct_readings_are_those_of_sensors(integrator):
    direct = [afferent for afferent, *_ in QUANTITIES]
    told = [SensorChannel(f"told {k}", **WIDE) for k in range(len(QUANTITIES))]
    simulation, signals = lived(integrator, [*direct, *told])
    n = len(QUANTITIES)
    signs = np.array([sign for *_, sign in QUANTITIES])
    assert (np.ptp(signals[:, :n], 0) > 1e-3).all()
    np.testing.assert_array_equal(signals[:, :n], signs * signals[:, n:])
    details = simulation.brain.afferent_details[:n]
    names = [simulation.model.sensor(s).name for s in range(simulation.model.nsensor)]
    added = [name for name in names if name.startswith("nervous_system/")]
    if integrator == "RK4":  # its last stage overwrites them, so there are sensors after all
        assert len(added) == n and all(not d.quantities and len(d.sensors) == 1 for d in details)
    else:
        assert not added and all(len(d.quantities) == 1 and not d.sensors for d in details)
        assert details[0].quantities == (("front", "tendon length"),)
        assert details[4].quantities == (("flexor", "muscle force"),)


def test_the_integrator_cannot_become_one_that_would_change_what_is_read():
    adapters = [GolgiTendonOrgan("flexor", to="sum")]
    model = sns.attach(body(), network(), adapters, dt=0.5).compile()
    model.opt.integrator = mujoco.mjtIntegrator.mjINT_RK4
    with pytest.raises(AttachError, match="reads the muscle force of 'flexor' without a sensor"):
        sns.Simulation(model)
    data = mujoco.MjData(model)
    mujoco.mj_step(model, data)  # nothing can be raised here, so it shows
    assert np.isnan(sns.cosim.brain.find_brains(model)["nervous_system"].potentials(data)).all()
    assert data.warning.number[mujoco.mjtWarning.mjWARN_BADCTRL] == 1
    body_with_sensors = sns.attach(body("RK4"), network(), adapters, dt=0.5).compile()
    body_with_sensors.opt.integrator = mujoco.mjtIntegrator.mjINT_EULER
    sns.Simulation(body_with_sensors).run(0.01)


def test_an_actuator_that_is_only_read_may_be_driven_by_another_nervous_system():
    hill = dict(kse=900.0, kpe=150.0, damping=6.0, rest_length=0.165, max_tension=3.0)
    reads = [
        GolgiTendonOrgan("flexor", to="sum"),
        SpindleIa("flexor", to="sum", range=(0, 1), model=FARMS_IA, alpha=Excitation()),
        StretchReceptor("front", "Ia", to="sum", range=(0, 1), **hill),
    ]
    one = sns.attach(body(), network(), reads, dt=0.5, name="one")
    drives = [sns.adapters.MotorNeuron("alpha", drives="flexor", range=(0, 10))]
    simulation = sns.Simulation(sns.attach(one, network(), drives, dt=0.5, name="two"))
    simulation.run(0.02)
    assert simulation.data.ctrl[0] > 0.1
    two = sns.attach(one, network(), drives, dt=0.5, name="two")
    with pytest.raises(AttachError, match="'two' drives actuator 'flexor' already"):
        sns.attach(two, network(), drives, dt=0.5, name="three")


def test_a_tuple_that_names_another_kind_of_object_is_refused():
    spec = sns.attach(body(), network(), [TendonLength("front", to="sum", range=(0, 1))], dt=0.5)
    reference = next(t for t in spec.tuples if t.name == "nervous_system")
    reference.objtype, reference.objname = [int(OBJECT.mjOBJ_ACTUATOR)], ["third"]
    with pytest.raises(ValueError, match="plugin"):
        spec.compile()


def test_numbers_of_forces_survive_being_written_as_xml():
    spec = sns.attach(body(), network(), [TendonForce("flexor", to="sum", range=(0.0, 5.0))], dt=0.5)
    model, again = spec.compile(), mujoco.MjModel.from_xml_string(spec.to_xml())
    np.testing.assert_allclose(again.numeric_data, model.numeric_data, rtol=1e-5)
