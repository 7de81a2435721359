"""A parameter space: what is in it, its vectors, what it is written down as, and its mistakes."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sns_mujoco.models import load

from sns_mujoco import Network, ParameterSpace, SpikingNeuron, SpikingSynapse, Vary
from sns_mujoco.errors import ParameterError, UnknownNameError
from sns_mujoco.learning.spaces import parameters_in

SIDES = ("flexor", "extensor")


@pytest.fixture(scope="module")
def space() -> ParameterSpace:
    return ParameterSpace(
        "antagonist_joint",
        [
            Vary("g_max", "flexor Ia->*", bounds=(0.5, 2.0), relative=True, scale="log"),
            Vary("bias", "* motor", bounds=(-2.0, 2.0), relative="difference", tie="all"),
            Vary("time_constant", "flexor RG", bounds=(5.0, 20.0), symmetric=SIDES),
            Vary("gain", "SpindleIa('flexor')", bounds=(5.0, 40.0), scale="log", symmetric=SIDES),
            Vary("force", "*", bounds=(0.8, 1.2), relative=True, tie="all"),
            Vary("mass", "limb", bounds=(0.2, 0.5)),
            Vary("length", "limb", bounds=(0.9, 1.1)),
        ],
    )


def test_every_match_has_a_gene_and_ties_share_one(space):
    genes = {gene.name: gene for gene in space.genes}
    assert space.size == len(genes) == len(space.names) == 4 + 1 + 1 + 1 + 1 + 2
    assert genes["max_conductance: flexor Ia->flexor motor"].members == ("flexor Ia->flexor motor",)
    assert genes["bias: * motor"].members == ("flexor motor", "extensor motor")
    pair = genes["gain: SpindleIa('extensor') -> extensor Ia"]
    assert pair.members == ("SpindleIa('flexor') -> flexor Ia", "SpindleIa('extensor') -> extensor Ia")
    assert pair.described == (20.0, 20.0)
    assert genes["time_constant: extensor RG"].unit == "ms"
    assert genes["force: *"].described == (72.5, 37.7)
    assert genes["mass: limb"].origin == pytest.approx(0.3)


def test_what_has_no_such_number_to_itself_is_told_apart(space):
    assert space.apart == {"max_conductance", "bias", "time_constant"}  # of the network
    assert space.greatest_delay is None


def test_the_origin_is_the_described_animal(space):
    assert space.from_vector(space.origin) == space.values
    assert space.values["max_conductance: flexor Ia->flexor motor"] == 1.0  # a factor
    assert space.values["bias: * motor"] == 0.0  # a difference
    assert (space.to_vector() == space.origin).all()
    assert all(gene.exact for gene in space.genes)
    with pytest.raises(ValueError, match="read-only"):
        space.origin[0] = 0.0


def test_values_and_vectors(space):
    assert space.to_vector(space.from_vector(space.sample(1, seed=3)[0])) == pytest.approx(space.sample(1, seed=3)[0])
    mass = space.names.index("mass: limb")
    vector = space.to_vector({"mass: limb": 0.5})
    assert vector[mass] == 1.0
    assert (np.delete(vector, mass) == np.delete(space.origin, mass)).all()
    many = space.to_vector({"mass: limb": [0.2, 0.35, 0.5], "bias: * motor": 2.0})
    assert many.shape == (3, space.size)
    assert many[:, mass] == pytest.approx([0.0, 0.5, 1.0])
    values = space.from_vector(many)
    assert values["mass: limb"] == pytest.approx([0.2, 0.35, 0.5])
    assert values["bias: * motor"].tolist() == [2.0, 2.0, 2.0]


def test_values_that_are_none_of_the_space(space):
    with pytest.raises(UnknownNameError, match="no gene named 'mass: lim'.*did you mean 'mass: limb'"):
        space.to_vector({"mass: lim": 0.3})
    with pytest.raises(ParameterError, match=r"gene 'mass: limb' is given 0.6; give 0.2 to 0.5"):
        space.to_vector({"mass: limb": 0.6})
    with pytest.raises(ParameterError, match="is given nan"):
        space.to_vector({"mass: limb": [0.3, np.nan]})
    with pytest.raises(ParameterError, match="shapes"):
        space.to_vector({"mass: limb": [0.3, 0.3], "bias: * motor": [0.0, 0.0, 0.0]})
    with pytest.raises(ParameterError, match="give numbers, or arrays"):
        space.to_vector({"mass: limb": "heavy"})
    with pytest.raises(ParameterError, match="give a dict of values by name"):
        space.to_vector([0.3])


def test_vectors_that_are_none_of_the_space(space):
    with pytest.raises(ParameterError, match=rf"shape \(3,\); this space has {space.size} genes"):
        space.from_vector([0.5, 0.5, 0.5])
    wrong = np.full((2, space.size), 0.5)
    wrong[1, 4] = 1.5
    with pytest.raises(ParameterError, match=r"vector 1 has 1.5 for gene 'bias: \* motor'"):
        space.from_vector(wrong)
    assert space.clip(wrong).max() == 1.0
    wrong[1, 4] = np.nan
    with pytest.raises(ParameterError, match="has nan for gene"):
        space.clip(wrong)
    with pytest.raises(ParameterError, match="give numbers of shape"):
        space.from_vector("abc")
    with pytest.raises(ParameterError, match=r"give one, of shape"):
        space.animal(np.full((2, space.size), 0.5))


def test_samples(space):
    even = space.sample(500, seed=1)
    assert even.shape == (500, space.size)
    assert (even == space.sample(500, seed=1)).all()
    assert (even != space.sample(500, seed=2)).any()
    assert even.mean(axis=0) == pytest.approx(0.5, abs=0.1)
    near = space.sample(500, seed=1, around=space.origin, spread=0.05)
    assert near.std(axis=0) == pytest.approx(0.05, abs=0.02)
    assert ((near >= 0) & (near <= 1)).all()
    assert space.sample(3, seed=1, around=space.origin, spread=0.0) == pytest.approx(np.tile(space.origin, (3, 1)))
    for m in (0, 2.5, "many", None):
        with pytest.raises(ValueError, match="m, the number of vectors, is"):
            space.sample(m, seed=1)
    for spread in (-1, np.nan, "wide"):
        with pytest.raises(ValueError, match="spread is"):
            space.sample(1, seed=1, spread=spread)
    with pytest.raises(ValueError, match="seed is -1"):
        space.sample(1, seed=-1)
    with pytest.raises(ParameterError, match="give one, of shape"):
        space.sample(1, seed=1, around=even)


def test_the_table(space):
    rows = space.table(space.to_vector({"mass: limb": 0.4}))
    assert [row["gene"] for row in rows] == list(space.names)
    mass = rows[space.names.index("mass: limb")]
    assert (mass["unit"], mass["least"], mass["greatest"]) == ("kg", 0.2, 0.5)
    assert mass["value"] == pytest.approx(0.4)
    text = space.describe()
    assert text.startswith(f"parameter space of 'antagonist_joint': {space.size} genes, which set 14 parameters")
    assert "72.5 N" in text or "37.7 to 72.5 N" in text
    assert "0.4" in space.describe(space.to_vector({"mass: limb": 0.4}))
    assert "&#x27;flexor&#x27;" in space._repr_html_()


def test_what_is_out_of_bounds_or_differs_where_it_is_tied_is_marked():
    space = ParameterSpace(
        "antagonist_joint", [Vary("force", bounds=(50, 60), tie="all"), Vary("mass", "limb", bounds=(1, 2))]
    )
    assert not any(gene.exact for gene in space.genes)
    assert space.values == {"force: *": pytest.approx((72.5 + 37.7) / 2), "mass: limb": 1.0}
    assert "the described animal itself is not in the space" in space.describe()


def test_it_is_written_down_and_read_back(space):
    data = json.loads(json.dumps(space.to_dict()))
    again = ParameterSpace.from_dict(data["animal"], data)
    assert again.names == space.names
    assert again.digest == space.digest == data["digest"]
    assert (again.origin == space.origin).all()
    assert data["genes"][0]["described"] == list(space.genes[0].described)  # a vector is read without the animal, too


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["vary"][5].update(bounds=[0.1, 0.5]), r"'bounds' of gene 'mass: limb' is another"),
        (lambda d: d["vary"].pop(), "it has 9 genes, and had 10"),
        (lambda d: d.update(digest="0" * 64), "its network or its adapters have changed"),
        (lambda d: d.pop("genes"), "damaged: it has no 'genes'"),
        (lambda d: d.update(format="sns-mujoco parameter space 2"), "is it a newer one"),
    ],
)
def test_vectors_of_something_else_are_refused(space, change, message):
    data = space.to_dict()
    change(data)
    with pytest.raises(ParameterError, match=message):
        ParameterSpace.from_dict("antagonist_joint", data)


def test_the_digest_sees_what_gives_a_vector_its_meaning(space):
    animal = load("antagonist_joint")
    digest = ParameterSpace(animal, space.varied).digest
    assert digest == space.digest
    quiet = replace(animal, adapters=lambda: [replace(a, delay=0.0) for a in animal.adapters()])
    assert ParameterSpace(quiet, space.varied).digest != digest


@pytest.mark.parametrize(
    ("varied", "error", "message"),
    [
        ([Vary("g_mx", bounds=(0, 1))], UnknownNameError, "no quantity named 'g_mx'"),
        ([Vary("g_max", "flexr*", bounds=(0, 1))], UnknownNameError, r"'flexr\*' in Vary\('g_max', 'flexr\*'\)"),
        ([Vary("g_max", bounds=(-1, 1))], ParameterError,
         r"at its bound -1 the max_conductance of 'flexor Ia->flexor motor' would be -1; it must be at least 0"),
        ([Vary("membrane_capacitance", "drive", bounds=(0, 1))], ParameterError, "must be more than 0"),
        ([Vary("bias", "* motor", bounds=(0.5, 2), relative=True)], ParameterError, "which no factor changes"),
        ([Vary("bias", bounds=(-1, 1)), Vary("bias", "* motor", bounds=(-1, 1), tie="all")], ParameterError,
         r"Vary\('bias', '\*'\) and Vary\('bias', '\* motor'\) both set the bias of 'flexor motor'"),
        ([Vary("time_constant", "drive", bounds=(5, 9)), Vary("membrane_capacitance", "drive", bounds=(5, 9))],
         ParameterError, "both set the membrane_capacitance of 'drive'"),
        ([Vary("membrane_capacitance", "flexor*", bounds=(1e-4, 9), tie="all")], ParameterError,
         "would be impossible, with genes at their bounds.*unstable"),
        ([Vary("length", "trunk", bounds=(0.9, 1.1))], UnknownNameError, "'trunk'"),
        ([Vary("force", "flexor", bounds=(1, 9), symmetric=("f", "x"))], ParameterError, "has no counterpart"),
        ([], ParameterError, "nothing may vary"),
        (Vary("bias", bounds=(0, 1)), ParameterError, "give a list of Vary"),
        (["bias"], ParameterError, "'bias' says nothing that may vary"),
    ],
)  # fmt: skip
def test_spaces_that_make_no_sense_are_refused(varied, error, message):
    with pytest.raises(error, match=message):
        ParameterSpace("antagonist_joint", varied)


def test_unknown_animals_and_terrains_are_named():
    with pytest.raises(UnknownNameError, match="no animal named 'hexapd'"):
        ParameterSpace("hexapd", [Vary("bias", bounds=(0, 1))])
    with pytest.raises(UnknownNameError, match="no terrain named 'sea'"):
        ParameterSpace("antagonist_joint", [Vary("bias", bounds=(0, 1))], terrain="sea")


def test_names_can_be_looked_up():
    found = {parameter.quantity: parameter for parameter in parameters_in("antagonist_joint")}
    assert found["force"].names == SIDES
    assert found["length"].names == ("limb", "foot")
    (gains,) = parameters_in("antagonist_joint", "gain", "Command*")
    assert gains.values.tolist() == [20.0, 50.0, 50.0]


def test_delays_get_the_room_that_they_need():
    animal = load("antagonist_joint")
    longest = max(adapter.delay for adapter in animal.adapters())
    space = ParameterSpace(animal, [Vary("delay", "Spindle*", bounds=(0.0, 12.0))])
    assert (space.apart, space.greatest_delay) == ({"delay"}, 12.0)
    space = ParameterSpace(animal, [Vary("delay", "Spindle*", bounds=(0.5, 3.0), relative=True)])
    assert space.greatest_delay == pytest.approx(3.0 * longest)
    assert ParameterSpace(animal, [Vary("delay", "Spindle*", bounds=(0.0, 1.0))]).greatest_delay == longest


def test_delays_that_are_counted_in_steps_are_whole():
    animal = load("antagonist_joint")

    def spiking() -> Network:
        network = animal.network()
        network.add_population(SpikingNeuron(), 1, "a")
        network.add_connection(SpikingSynapse(transmission_delay=3), "a", "a")
        return network

    space = ParameterSpace(replace(animal, network=spiking), [Vary("transmission_delay", bounds=(0.0, 20.0))])
    assert [change.value for change in space.changes([0.27])] == [5.0]
    assert space.greatest_delay == 20.0 * animal.dt  # of the network
    assert space.animal([0.68]).network().connections[-1].kind.transmission_delay == 14
