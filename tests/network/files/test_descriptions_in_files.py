"""Any class that `sns_mujoco.network` exports, or that is registered, goes into files by its annotations alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

import sns_mujoco.network as sns
from sns_mujoco.errors import NetworkError, UnknownNameError
from sns_mujoco.network.files import (
    load_network,
    network_from_dict,
    network_to_dict,
    registry,
    save_network,
)
from sns_mujoco.network.files.annotations import Described, description_fields
from sns_mujoco.network.files.sections import SECTIONS, section_fields
from sns_mujoco.network.synapses import Connection

FAMILIES = tuple(
    base
    for title in SECTIONS
    for field in section_fields(title).values()
    if isinstance(field.form, Described)
    for base in field.form.bases
)
EXPORTED = [getattr(sns, name) for name in sns.__all__]
DESCRIPTIONS = [cls for cls in EXPORTED if isinstance(cls, type) and issubclass(cls, FAMILIES)]


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    """What is registered in a test is forgotten after it."""
    monkeypatch.setattr(registry, "_registered", {})
    yield
    registry.saved_class.cache_clear()


class Learning:
    """A family of descriptions without a field of its own."""


@dataclass(frozen=True, slots=True)
class Trace:
    tau: float = 20.0


@dataclass(frozen=True, slots=True)
class PairRule(Learning):
    amplitude: float
    pre: Trace = Trace()  # noqa: RUF009
    post: Trace | None = None


@dataclass(frozen=True, slots=True)
class TripletRule(Learning):
    rates: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SparseSynapses(Connection):
    source: ArrayLike
    target: ArrayLike
    weight: ArrayLike = 1.0
    shift: NDArray[np.float64] | None = None
    learning: Learning | None = None
    mode: Literal["sum", "mean", 3] = "sum"
    marks: tuple[int, ...] = ()
    scale: float | tuple[float, ...] = 1.0
    flags: list[bool] | None = None
    name: Annotated[str, "a remark"] = "Sparse"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextNeuron(sns.NonSpikingNeuron):
    equations: dict[str, str]
    parameters: dict[str, ArrayLike]


def around(kind=None, neuron=None):
    net = sns.Network()
    net.add_population(neuron or sns.NonSpikingNeuron(), 3, "a")
    if kind is not None:
        net.add_connection(kind, "a", "a", "c")
    return net


def test_descriptions_of_your_own(tmp_path):
    for cls in (Trace, PairRule, TripletRule, SparseSynapses, TextNeuron):
        assert registry.register_description(cls) is cls
    neuron = TextNeuron(equations={"V": "V + dt * (b - V)", "w": "exp(-V)"}, parameters={"b": 2.5, "a": [1, 2, 3]})
    kinds = [
        SparseSynapses([0, 2], [1, 1], learning=PairRule(0.1, post=Trace(7.0)), mode=3, marks=(4, 5), scale=(1.0, 2.5)),
        SparseSynapses([], [], learning=TripletRule({"fast": 0.1}), flags=[True, False], shift=np.arange(3.0)),
    ]
    net = around(kinds[0], neuron)
    net.add_connection(kinds[1], "a", "a", "d")
    save_network(net, tmp_path / "brain.json")
    back = load_network(tmp_path / "brain.json")
    first, second = (wire.kind for wire in back.connections)
    assert first.learning == kinds[0].learning and first.marks == (4, 5) and first.mode == 3 and first.scale == (1, 2.5)
    np.testing.assert_array_equal(first.source, [0, 2])
    assert second.learning == kinds[1].learning and second.flags == [True, False] and np.size(second.source) == 0
    assert second.shift.dtype == np.float64 and second.shift.tolist() == [0, 1, 2]
    got = back.populations[0].neuron
    assert list(got.equations.items()) == list(neuron.equations.items())
    assert got.parameters["b"] == 2.5 and list(got.parameters["a"]) == [1, 2, 3]


def test_a_million_synapses_as_arrays(tmp_path):
    """How networks are written that are too large for single synapses and for matrices."""
    registry.register_description(SparseSynapses)
    rng = np.random.default_rng(0)
    source, target = rng.integers(0, 100_000, (2, 1_000_000), dtype=np.uint32)
    weight = rng.normal(size=1_000_000)
    net = sns.Network()
    net.add_population(sns.NonSpikingNeuron(), 100_000, "a", initial_value=rng.normal(size=100_000))
    net.add_connection(SparseSynapses(source, target, weight), "a", "a")
    save_network(net, tmp_path / "brain.json")
    back = load_network(tmp_path / "brain.json")
    kind = back.connections[0].kind
    assert (kind.source == source).all() and (kind.target == target).all()
    assert kind.weight.tobytes() == weight.tobytes()
    assert back.populations[0].initial.tobytes() == net.populations[0].initial.tobytes()


@pytest.mark.parametrize("cls", DESCRIPTIONS, ids=lambda cls: cls.__name__)
def test_every_class_that_the_package_exports(cls):
    saved = registry.saved_class(cls)
    assert saved in registry.descriptions().values() and issubclass(cls, saved)
    forms = description_fields(saved)
    for name, field in forms.items():
        for base in field.form.bases if isinstance(field.form, Described) else ():
            known = [other for other in registry.descriptions().values() if issubclass(other, base)]
            assert known, f"no exported class is a {base.__name__}, which {cls.__name__}.{name} may be"
    if not any(field.required for field in forms.values()):
        described = Described((saved,))
        again = described.decode(described.encode(saved(), "", None), "", {})
        assert repr(again) == repr(saved())


def test_every_list_of_a_network_is_in_its_file(random_network):
    """A new list of parts needs a line in SECTIONS."""
    net = random_network(0)
    lists = {
        name
        for name in dir(type(net))
        if isinstance(getattr(type(net), name), property)
        and not name.endswith("_names")
        and isinstance(parts := getattr(net, name), tuple)
        and all(map(is_dataclass, parts))
    }
    assert lists == set(SECTIONS)
    for title, section in SECTIONS.items():
        assert set(section_fields(title)) == {field.name for field in fields(section.record)}


@pytest.mark.parametrize(
    ("cls", "complaint"),
    [
        (int, "no frozen dataclass"),
        (Learning, "no frozen dataclass"),
        (sns.NonSpikingTransmissionSynapse, "no frozen dataclass"),
        (dataclass(type("Loose", (), {})), "no frozen dataclass"),
        ("Trace", "no frozen dataclass"),
        (dataclass(frozen=True)(type("SpikingNeuron", (), {})), "another description named 'SpikingNeuron'"),
    ],
)
def test_what_cannot_be_registered(cls, complaint):
    with pytest.raises(NetworkError, match=complaint):
        registry.register_description(cls)


def test_unregistered_classes_are_neither_saved_nor_loaded():
    with pytest.raises(NetworkError, match=r"connections\[0\].kind: a SparseSynapses cannot be saved: .* register"):
        network_to_dict(around(SparseSynapses([0], [1])))
    registry.register_description(SparseSynapses)
    data = network_to_dict(around(SparseSynapses([0], [1])))
    registry._registered.clear()
    with pytest.raises(UnknownNameError, match=r"connections\[0\].kind: no description named 'SparseSynapses'"):
        network_from_dict(data)


def test_a_nested_description_must_be_registered_and_of_the_family():
    registry.register_description(SparseSynapses)
    with pytest.raises(NetworkError, match=r"kind.learning: a PairRule cannot be saved"):
        network_to_dict(around(SparseSynapses([0], [1], learning=PairRule(0.1))))
    with pytest.raises(
        NetworkError, match=r"kind.learning is Trace.*; give null, or an object whose 'type' is the name"
    ):
        network_to_dict(around(SparseSynapses([0], [1], learning=Trace())))
    registry.register_description(Trace)
    data = network_to_dict(around(SparseSynapses([0], [1])))
    data["connections"][0]["kind"]["learning"] = {"type": "Trace"}
    with pytest.raises(NetworkError, match=r"kind.learning.type is 'Trace'; give the name of a Learning"):
        network_from_dict(data)


@pytest.mark.parametrize("annotation", [Callable[[float], float], Any, object, dict[int, str], tuple, set[int]])
def test_fields_that_no_file_can_hold(annotation):
    cls = type("Odd", (Connection,), {"__annotations__": {"odd": annotation, "name": str}, "name": "x", "odd": 0})
    registry.register_description(dataclass(frozen=True)(cls))
    with pytest.raises((NetworkError), match="Odd .*'odd'"):
        network_to_dict(around(cls()))


def test_a_union_keeps_what_a_file_can_hold_of_it():
    cls = type("Odd", (Connection,), {"__annotations__": {"odd": Callable | str, "name": str}, "name": "x", "odd": "V"})
    registry.register_description(dataclass(frozen=True)(cls))
    assert network_from_dict(network_to_dict(around(cls()))).connections[0].kind == cls()
    with pytest.raises(NetworkError, match="kind.odd is <built-in function abs>; give a text"):
        network_to_dict(around(cls(abs)))


def test_errors_of_your_own_classes_name_the_place():
    @registry.register_description
    @dataclass(frozen=True)
    class Picky(Connection):
        value: float = 1.0
        name: str = "picky"

        def __post_init__(self):
            if self.value > 1:
                raise ValueError("too much")

    data = network_to_dict(around(Picky()))
    data["connections"][0]["kind"]["value"] = 2
    with pytest.raises(NetworkError, match=r"connections\[0\].kind: too much"):
        network_from_dict(data)


@pytest.mark.parametrize("value", [np.nan, np.inf, [1.0, -np.inf], "1", None, [[1], [1, 2]]])
def test_values_that_no_file_can_hold(value):
    registry.register_description(SparseSynapses)
    with pytest.raises(NetworkError, match=r"connections\[0\].kind.weight is .*; give a finite number"):
        network_to_dict(around(SparseSynapses([0], [1], value)))
