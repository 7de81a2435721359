"""Replay recorded trajectories (format `sns-oracle/1`, see cases/README.md) through the public API."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import sns_mujoco.network as sns
from sns_mujoco.network import Network

FORMAT = "sns-oracle/1"
NEURONS = {
    "NonSpikingNeuron": sns.NonSpikingNeuron,
    "SpikingNeuron": sns.SpikingNeuron,
    "NonSpikingNeuronWithGatedChannels": sns.NonSpikingNeuronWithGatedChannels,
    "NonSpikingNeuronWithPersistentSodiumChannel": sns.NonSpikingNeuronWithGatedChannels,  # given by its channels
}
CONNECTIONS = {
    name: getattr(sns, name)
    for name in (
        "NonSpikingSynapse", "SpikingSynapse", "ElectricalSynapse", "NonSpikingMatrixConnection",
        "NonSpikingPatternConnection", "SpikingMatrixConnection", "SpikingPatternConnection",
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
        with np.load(path.with_name(spec.get("data_file", path.stem + ".npz")), allow_pickle=False) as arrays:
            return spec, {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise CaseError(f"{path.name}: {error}") from error


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
            kind(**parameters), population["shape"], name=f"{k} {population['name']}", initial_value=population["initial"]
        )
    for connection in spec["connections"]:
        parameters = dict(connection)
        kind = CONNECTIONS[parameters.pop("model")]
        source, target = parameters.pop("source"), parameters.pop("target")
        parameters.pop("name", None)
        if "rectified" in parameters:
            parameters["rect"] = parameters.pop("rectified")
        if kind in (sns.NonSpikingPatternConnection, sns.SpikingPatternConnection):
            parameters = {name if name.endswith("_kernel") else f"{name}_kernel": v for name, v in parameters.items()}
        net.add_connection(kind(**parameters), source, target)
    for item in spec["inputs"]:
        net.add_input(item["target"], size=item["size"])
    for item in spec["outputs"]:
        net.add_output(item["source"], spiking=item["spiking"])
    return net


def replay(path: Path, backend: str) -> Result:
    """Run a case and compare outputs and final states with the recording."""
    spec, arrays = read(path)
    model = build(spec).compile(dt=spec["dt"], backend=backend, semantics="sns-toolbox")
    resets = {event["step"] for event in spec["events"] if event["action"] == "reset"}
    inputs, every = arrays["inputs"], spec["record_every"]
    rows, counts = [], 0
    for step in range(spec["steps"]):
        if step in resets:
            model.reset()
        rows.append(model(inputs[step] if inputs.shape[1] else None))
        counts += int(model.spikes.sum())
    outputs = np.array(rows)[every - 1 :: every].reshape(arrays["outputs"].shape)
    differences = [_distance(outputs, arrays["outputs"])]
    if "final_V" in arrays:
        differences.append(_distance(model.potentials, arrays["final_V"]))
    if "final_theta" in arrays:
        spiking = model.program.spiking_neuron
        differences.append(_distance(model.thresholds, arrays["final_theta"][spiking]))
    if "spike_count" in arrays and not resets:
        differences.append(float(abs(counts - arrays["spike_count"].sum())))
    return Result(spec["name"], max(differences), spec["recommended_atol"])


def _distance(a: np.ndarray, b: np.ndarray) -> float:
    """Largest difference; infinite where only one is finite."""
    if not a.size:
        return 0.0
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore"):
        gap = np.where(same, 0.0, np.abs(a - b))
    return float(np.where(np.isnan(gap), np.inf, gap).max())
