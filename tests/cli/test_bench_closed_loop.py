"""What the benchmark of an animal compares does the same work on both sides."""

from importlib.util import find_spec

import numpy as np
import pytest
from sns_mujoco.models import load

from sns_mujoco.cli.bench import closed_loop, motion, toolbox
from sns_mujoco.cli.bench.report import run

from .limb import LIMB

needs_toolbox = pytest.mark.skipif(find_spec("sns_toolbox") is None, reason="SNS-Toolbox is not installed")


@pytest.mark.parametrize("animal", [load("hexapod"), LIMB], ids=lambda animal: animal.name)
@pytest.mark.parametrize("individuals", [1, 3])
def test_closed_and_open_loop_live_through_the_same_motion(animal, individuals, monkeypatch):
    monkeypatch.setattr(motion, "SETTLED", 0.3)
    monkeypatch.setattr(motion, "PIECE", 100)
    recorded = motion.record(animal, seconds=0.2)
    closed, opened = closed_loop.loops(recorded, individuals=individuals, threads=2)
    assert len(recorded.pieces) == 2
    for piece in (*recorded.pieces, recorded.pieces[0]):
        velocities = closed(piece)
        assert velocities.shape == (individuals, 100, recorded.body.nv)
        assert np.ptp(velocities, axis=1).max() > 0.5  # it moves
        np.testing.assert_array_equal(opened(piece), velocities)


@needs_toolbox
def test_a_network_in_two_halves_is_the_same_as_two_models_of_sns_toolbox():
    import sns_mujoco.network as sns

    net = sns.Network("two legs")
    for leg in ("a ", "b "):
        net.add_network(LIMB.network(), prefix=leg)
    program = net.to_program(dt=0.5)
    one, two = toolbox.ways(program, inputs=4, outputs=4)
    assert [len(way.parts) for way in (one, two)] == [1, 2]
    assert [model.num_neurons for model, _ in two.parts] == [program.n_neurons // 2] * 2
    x = np.array([1.0, 2.0, 1.0, 2.0])
    _, alone = toolbox.ways(program, inputs=4, outputs=4)
    for _ in range(20):
        whole, halves = one(np.zeros(4)), two(np.zeros(4))
        alone(x)
    assert whole.shape == halves.shape == (4,)
    assert halves[2:] == pytest.approx(whole[:2], abs=1e-9)  # outputs are counted from the last neuron back
    assert alone(x) != pytest.approx(halves)


@needs_toolbox
def test_a_network_of_one_piece_runs_one_way():
    program = load("hexapod").network().to_program(dt=1.0)
    (only,) = toolbox.ways(program, inputs=3, outputs=2)
    assert only.parts[0][0].num_neurons == program.n_neurons and only(np.zeros(3)).shape == (2,)


def test_the_core_does_not_live_in_seconds():
    with pytest.raises(ValueError, match="belongs to an animal"):
        run("core", as_json=True, repeats=1, seconds=1.0, sizes=None, peers=None)


@needs_toolbox
def test_muscles_are_compared_as_well(monkeypatch):
    monkeypatch.setattr(motion, "SETTLED", 0.1)
    found = closed_loop.against_toolbox(LIMB, seconds=0.1, repeats=1)
    assert min(found["end_to_end"], found["end_to_end_all_channels_at_once"]) > 0.0
    assert found["their_brain_us_per_step"] > 0 and found["their_models"] in (1, 2)
