"""Reflex arcs act as the physiology says, with the gains wanted."""

import numpy as np
import pytest

from sns_mujoco.errors import NetworkError
from sns_mujoco.network.subnetworks import (
    AntagonistNetwork,
    AutogenicInhibitionNetwork,
    ReciprocalInhibitionNetwork,
    RecurrentInhibitionNetwork,
    StretchReflexNetwork,
)

frames = pytest.mark.parametrize(("R", "rest"), [(20.0, 0.0), (5.0, -60.0)])


def answer(network, R, rest, **currents):
    """Steady u of every output, by its name, with currents (in units of R) into inputs by theirs."""
    x = np.zeros(network.get_num_inputs())
    for name, value in currents.items():
        x[network.get_input_index(name.replace("_", " "))] = value * R
    y = network.compile(0.1).run(np.tile(x, (3000, 1)))[-1]
    return dict(zip(network.output_names, (y - rest) / R, strict=True))


@frames
def test_stretch_reflex(R, rest):
    network = StretchReflexNetwork(0.7, "soleus", R, resting_potential=rest)
    assert network.population_names == ("soleus motor", "soleus Ia")
    assert network.input_names == ("soleus drive", "soleus Ia")
    assert answer(network, R, rest, soleus_Ia=1)["soleus motor"] == pytest.approx(0.7)
    assert answer(network, R, rest)["soleus motor"] == pytest.approx(0.0, abs=1e-9)


@frames
def test_renshaw_cells_limit_their_motor_neuron(R, rest):
    def motor(inhibition):
        network = RecurrentInhibitionNetwork(1.0, inhibition, R=R, resting_potential=rest)
        return answer(network, R, rest, muscle_drive=1)["muscle motor"]

    assert motor(0.0) == pytest.approx(1.0)
    assert motor(0.5) == pytest.approx(0.52, abs=0.002)  # as documented
    assert motor(1.0) < motor(0.5)


@frames
def test_tendon_organs_inhibit_their_own_muscle(R, rest):
    network = AutogenicInhibitionNetwork(0.8, R=R, resting_potential=rest)
    assert answer(network, R, rest, muscle_Ib=1)["muscle motor"] == pytest.approx(-0.8)
    assert answer(network, R, rest, muscle_drive=1)["muscle motor"] == pytest.approx(1.0)
    assert answer(network, R, rest, muscle_drive=1, muscle_Ib=0.5)["muscle motor"] < 0.5


@frames
def test_spindles_inhibit_the_antagonist(R, rest):
    network = ReciprocalInhibitionNetwork(1.2, R=R, resting_potential=rest)
    u = answer(network, R, rest, flexor_Ia=1, flexor_drive=1, extensor_drive=1)
    assert u["flexor motor"] == pytest.approx(1.0)
    assert u["extensor motor"] < 0
    assert answer(network, R, rest, flexor_Ia=1)["extensor motor"] == pytest.approx(-1.2)
    assert answer(network, R, rest, extensor_Ia=1)["flexor motor"] == pytest.approx(-1.2)


@frames
def test_ia_interneurons_inhibit_one_another(R, rest):
    def motors(mutual):
        network = ReciprocalInhibitionNetwork(1.0, mutual, R=R, resting_potential=rest)
        return answer(network, R, rest, flexor_Ia=1, extensor_Ia=0.3)

    free, bound = motors(0.0), motors(1.0)
    assert bound["flexor motor"] > free["flexor motor"] + 0.1  # the weaker side loses its hold on the stronger


@frames
def test_antagonists(R, rest):
    def network(**gains):
        return AntagonistNetwork(("biceps", "triceps"), R, resting_potential=rest, **gains)

    assert network().get_num_neurons() == 12
    assert network().output_names == ("biceps motor", "triceps motor")
    stretched = answer(network(), R, rest, biceps_Ia=1)
    assert stretched["biceps motor"] > 0.4 and stretched["triceps motor"] < -0.4
    loaded = answer(network(), R, rest, biceps_Ia=1, biceps_Ib=1)
    assert loaded["biceps motor"] < stretched["biceps motor"] - 0.1
    # the active motor neuron's Renshaw cell relieves the antagonist
    relieved = answer(network(), R, rest, biceps_Ia=1)["triceps motor"]
    kept = answer(network(disinhibition=0.0), R, rest, biceps_Ia=1)["triceps motor"]
    assert relieved > kept + 0.1
    none = network(stretch=0, reciprocal=0, mutual=0, renshaw=0, recurrent=0, disinhibition=0, autogenic=0)
    assert none.get_num_connections() == 4  # only afferents onto their interneurons


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: StretchReflexNetwork(5.0), "StretchReflexNetwork 'stretch reflex': stretch is 5; .* less than 5"),
        (lambda: StretchReflexNetwork(-1.0), "stretch is -1"),
        (lambda: StretchReflexNetwork(muscle=""), "muscle is ''"),
        (lambda: StretchReflexNetwork(tau=0.0), "time constant is 0"),
        (lambda: RecurrentInhibitionNetwork(1.0, 2.0), "less than 2"),
        (lambda: ReciprocalInhibitionNetwork(muscles=("a", "a")), "two different names"),
        (lambda: AntagonistNetwork("ab"), "two different names"),
        (lambda: AntagonistNetwork(("a", "b", "c")), "two different names"),
        (lambda: AntagonistNetwork(autogenic=np.nan), "autogenic is nan"),
    ],
)
def test_refusals(build, message):
    with pytest.raises(NetworkError, match=message):
        build()
