"""Replay recorded trajectories (format `sns-oracle/1`, see cases/README.md) through the public API."""

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from single_synapses import expand

import sns_mujoco.network as sns
from sns_mujoco.network import Network

FORMAT = "sns-oracle/1"
BACKENDS = ("numpy", "numba", "torch", "sparse")
KEYS = (
    "name", "dt", "steps", "record_every", "events", "populations", "inputs", "outputs", "connections",
    "recommended_atol",
)  # fmt: skip
ARRAYS = ("inputs", "outputs")
NEURONS = {
    "NonSpikingNeuron": sns.NonSpikingNeuron,
    "SpikingNeuron": sns.SpikingNeuron,
    "NonSpikingNeuronWithGatedChannels": sns.NonSpikingNeuronWithGatedChannels,
    "NonSpikingNeuronWithPersistentSodiumChannel": sns.NonSpikingNeuronWithGatedChannels,  # given by its channels
}
CONNECTIONS = {
    name: getattr(sns, name)
    for name in (
        "NonSpikingSynapse",
        "SpikingSynapse",
        "ElectricalSynapse",
        "NonSpikingMatrixConnection",
        "NonSpikingPatternConnection",
        "SpikingMatrixConnection",
        "SpikingPatternConnection",
    )  # fmt: skip
}


class CaseError(Exception):
    """A case cannot be read."""


@dataclass(frozen=True)
class Result:
    """How far a replay was from the recording."""

    name: str
    difference: float
    tolerance: float

    @property
    def passed(self) -> bool:
        return self.difference <= self.tolerance


def read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read a case: its description and its arrays."""
    try:
        spec = json.loads(path.read_text(encoding="utf-8"))
        if spec.get("format") != FORMAT:
            raise CaseError(f"{path.name}: format is {spec.get('format')!r}, not {FORMAT!r}")
        data = path.with_name(spec.get("data_file", path.stem + ".npz"))
        with data.open("rb") as file, np.load(file, allow_pickle=False) as loaded:
            arrays = {name: loaded[name] for name in loaded.files}
    except (OSError, ValueError, KeyError, AttributeError, EOFError, BadZipFile) as error:
        raise CaseError(f"{path.name}: {error}") from error
    missing = [key for key in KEYS if key not in spec] + [f"array {name}" for name in ARRAYS if name not in arrays]
    if missing:
        raise CaseError(f"{path.name}: it has no {', '.join(missing)}")
    if len(arrays["inputs"]) != spec["steps"]:
        raise CaseError(f"{path.name}: it has {len(arrays['inputs'])} inputs for {spec['steps']} steps")
    return spec, arrays


def build(spec: dict[str, Any]) -> Network:
    """The network of a case. Names may repeat there, so populations are numbered here."""
    net = Network(spec["name"])
    for k, population in enumerate(spec["populations"]):
        parameters = dict(population["neuron"])
        kind = NEURONS[parameters.pop("model")]
        channels = parameters.pop("channels", [])
        for name in channels[0] if channels else []:
            parameters[name] = [channel[name] for channel in channels]
        net.add_population(
            kind(**parameters),
            population["shape"],
            name=f"{k} {population['name']}",
            initial_value=population["initial"],
        )
    for connection in spec["connections"]:
        parameters: dict[str, Any] = dict(connection)
        kind = CONNECTIONS[parameters.pop("model")]
        source, target = parameters.pop("source"), parameters.pop("target")
        parameters.pop("name", None)
        if "rectified" in parameters:
            parameters["rect"] = parameters.pop("rectified")
        if kind in (sns.NonSpikingPatternConnection, sns.SpikingPatternConnection):
            # a kernel is written as a list of rows, in one dimension too
            shape = spec["populations"][source]["shape"]
            kernels = {n: np.reshape(v, -1) if len(shape) == 1 else v for n, v in parameters.items()}
            parameters = {f"{name}_kernel": kernel for name, kernel in kernels.items()}
        net.add_connection(kind(**parameters), source, target)
    for item in spec["inputs"]:
        net.add_input(item["target"], size=item["size"])
    for item in spec["outputs"]:
        net.add_output(item["source"], spiking=item["spiking"])
    return net


def replay(path: Path, backend: str, most: int | None = None) -> Result:
    """Run a case, or the beginning of one that is longer than `most` steps, and compare it with the recording.

    Outputs are compared, and of whole cases spikes and the final state.
    """
    spec, arrays = read(path)
    if most is not None and spec["steps"] > most:
        rows = most // spec["record_every"]
        arrays = {"inputs": arrays["inputs"][:most], "outputs": arrays["outputs"][:rows]}
        spec["steps"] = most
    if backend in ("torch", "sparse"):
        import torch

        torch.set_num_threads(1)  # these networks are too small to be shared out
    columns = list(range(arrays["inputs"].shape[1]))
    if spec.get("oracle_basis") == "expanded":
        spec, columns = expand(spec)
    model = build(spec).compile(dt=spec["dt"], backend=backend, semantics="sns-toolbox")
    resets = {event["step"] for event in spec["events"]}
    inputs, every = arrays["inputs"][:, columns], spec["record_every"]
    outputs = np.empty((spec["steps"], model.program.n_outputs))
    counts = np.zeros(len(model.spikes))
    for step in range(spec["steps"]):
        if step in resets:
            model.reset()
        outputs[step] = model(inputs[step] if inputs.shape[1] else None)
        counts += model.spikes
    pairs = [(outputs[every - 1 :: every], arrays["outputs"])]
    spiking = model.program.spiking_neuron
    final = {
        "final_V": (model.potentials, slice(None)),
        "final_theta": (model.thresholds, spiking),
        "final_spikes": (model.spikes.astype(float), spiking),
        "spike_count": (counts, spiking),
    }
    pairs += [
        (mine, np.abs(arrays[n])[w] if n == "final_spikes" else arrays[n][w])
        for n, (mine, w) in final.items()
        if n in arrays
    ]
    row = model.program.channel_row.astype(int)
    gates = model.state[model.layout.gate].reshape(2, -1)
    for mine, name in zip(gates, ("final_b_gate", "final_c_gate"), strict=True):
        if name in arrays:
            pairs += [(mine[a:b], arrays[name][: b - a, n]) for n, (a, b) in enumerate(pairwise(row))]
    return Result(spec["name"], max(_distance(mine, theirs) for mine, theirs in pairs), spec["recommended_atol"])


def _distance(a: np.ndarray, b: np.ndarray) -> float:
    """Largest difference; infinite where only one is finite, or where the shapes differ."""
    if not a.size and not b.size:
        return 0.0
    if a.shape != b.shape:
        return np.inf
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore"):
        gap = np.where(same, 0.0, np.abs(a - b))
    return float(np.where(np.isnan(gap), np.inf, gap).max())
