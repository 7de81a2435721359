"""Numbers that stand apart in the packed buffers: each has a place, and nothing else is there."""

import numpy as np
import pytest
from random_networks import KINDS, random_network

from sns_mujoco.backends.entries import entries, with_entries
from sns_mujoco.backends.native.apart import DERIVED, FIRST_MARK, Marked
from sns_mujoco.backends.native.pack import pack
from sns_mujoco.backends.state import StateLayout
from sns_mujoco.cosim.parameters.forms import QUANTITIES, paths_of
from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingSynapse


def unmarked(program, paths):
    marked = Marked(program, paths)
    layout = StateLayout.of(marked.program)
    packed = pack(marked.program)
    return packed, *marked.unmarked(packed, layout.initial(marked.program)[: layout.initial_size])


@pytest.mark.parametrize("seed", range(2))
def test_every_number_has_its_places(seed):
    program = random_network(seed, {*KINDS[seed % 2 :: 2]} - {"equations", "poisson"}).to_program(
        0.1, integrator="exponential"
    )
    paths = paths_of(QUANTITIES)
    packed, numbers, spots = unmarked(program, paths)
    assert (numbers > FIRST_MARK).all()
    for path in paths:
        values = entries(program, path)
        assert np.array_equal(numbers[spots[path].place], values[spots[path].entry]), path
        # upper ends are only in widths, weights that do not learn only in their product with a gain
        if path not in ("graded_e_hi", "events.weight", "receptors.gain"):
            assert set(spots[path].entry) == set(range(len(values))), path
    for name in DERIVED:
        assert len(spots[name].entry) == len(entries(program, DERIVED[name][0]))
    places = np.concatenate([spot.place for spot in spots.values()])
    assert len(places) == len(set(places.tolist()))
    assert np.array_equal(Marked(program, ()).unmarked(pack(program), np.empty(0))[0], pack(program).parameters)


def test_alike_numbers_are_shared_unless_they_stand_apart():
    net = Network()
    net.add_population(NonSpikingNeuron(), 40, "source")
    net.add_population(NonSpikingNeuron(), 40, "target")
    net.add_connection(NonSpikingSynapse(1.0), "source", "target")
    program = net.to_program(0.1)
    packed, numbers, spots = unmarked(program, ("bias",))
    assert len(pack(program).parameters) < len(packed.parameters) < len(pack(program).parameters) + 100
    assert len(spots["bias"].place) == 80
    packed, numbers, spots = unmarked(program, ("graded_e_lo", "graded_e_hi"))
    assert len(spots["ramp_inverse"].place) == len(spots["graded_e_lo"].place) == 1600
    assert np.allclose(numbers[spots["ramp_inverse"].place], 0.05)


def test_entries_of_records_and_groups_are_replaced():
    program = random_network(1, ("equations", "events")).to_program(0.1, integrator="exponential")
    for path in ("bias", "events.weight", "gate_k", "equations.parameters"):
        values = entries(program, path)
        other = with_entries(program, {path: values + 1.0})
        assert np.array_equal(entries(other, path), values + 1.0)
        assert np.array_equal(entries(program, path), values)


def test_a_number_beyond_the_marks_is_no_mark():
    net = Network("far")
    net.add_neuron(NonSpikingNeuron(resting_potential=-1e29), "a", initial_value=-1e29)
    net.add_neuron(NonSpikingNeuron(), "b")
    net.add_connection(NonSpikingSynapse(), "a", "b")
    program = net.to_program(dt=1.0)
    marked = Marked(program, ["graded_conductance"])
    numbers, spots = marked.unmarked(pack(marked.program), np.array([-1e29, 0.0]))
    assert (numbers[-2:] == [-1e29, 0.0]).all() and (numbers == -1e29).sum() == 2
    assert numbers[spots["graded_conductance"].place].tolist() == [1.0]
