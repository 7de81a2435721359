"""What rows write is, bit by bit, what a model has that is described with the same values."""

import mujoco
import mujoco.batch
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import KINDS, random_network

import sns_mujoco as sns
from sns_mujoco.cosim.parameters import ParameterRows, parameters_of, written_into
from sns_mujoco.errors import ParameterError, TimeStepError, UnknownNameError

DT = 0.1
BODY = f"<mujoco><option timestep='{DT * 1e-3}'/><worldbody><body><joint/><geom size='.1'/></body></worldbody></mujoco>"
HELD = ("membrane_conductance", "time_constant", "conductance")


def attached(net, apart, integrator="euler"):
    return sns.attach(BODY, net, [], dt=DT, apart=apart, integrator=integrator).compile()


def varied(parameter, random, n):
    """Values near the described ones that are possible."""
    values = parameter.values * random.uniform(0.9, 1.1, (n, len(parameter)))
    free = np.isinf(parameter.least) & np.isinf(parameter.greatest)
    return np.clip(values + free * random.uniform(-0.05, 0.05, values.shape), parameter.least, parameter.greatest)


def changes_of(rows, parameters, individual):
    return [
        (parameter.quantity, name, value)
        for parameter in parameters
        for name, value in zip(parameter.names, rows.get(parameter, [individual])[0].tolist(), strict=True)
    ]


def run(model, steps=40):
    data = mujoco.MjData(model)
    mujoco.mj_resetData(model, data)
    for _ in range(steps):
        mujoco.mj_step(model, data)
    return data.plugin_state.copy()


@settings(max_examples=15, deadline=None)
@given(data=st.data(), seed=st.integers(0, 10_000), integrator=st.sampled_from(("euler", "exponential")))
def test_rows_are_what_is_described(data, seed, integrator):
    kinds = data.draw(st.sets(st.sampled_from(KINDS), max_size=5))
    net, random = random_network(seed, kinds), np.random.default_rng(seed)
    model = attached(net, True, integrator)
    table = parameters_of(model, net, [])
    quantities = [q for q in table.quantities if q not in HELD and not table.find(q).shared]
    chosen = data.draw(st.lists(st.sampled_from(quantities), min_size=1, max_size=12, unique=True))
    batch = mujoco.batch.Batch(model, 3, 1)
    rows = ParameterRows(table, 3, batch.expand)
    parameters = [table.find(quantity) for quantity in chosen]
    rows.set_many([(parameter, varied(parameter, random, 2)) for parameter in parameters], ids=[0, 2])

    numbers = batch.expand("numeric_data")
    other, _ = written_into(net, [], changes_of(rows, parameters, 2))
    again = attached(other, True, integrator)
    assert np.array_equal(numbers[2], again.numeric_data)
    assert np.array_equal(numbers[1], model.numeric_data)  # the one between them is as described
    assert np.array_equal(run(batch.get_model(2)), run(attached(other, False, integrator)))
    assert np.array_equal(run(model), run(attached(net, False, integrator)))
