"""A case written out as single neurons and single synapses, zero conductances left out.

So SNS-Toolbox ran the cases whose network it cannot compile (`oracle_basis` "expanded"); where two connections meet on
a pair of neurons, this is not the same as running matrices and patterns whole, whose zeros take the pair's place.
"""

from itertools import product
from math import prod
from typing import Any

import numpy as np

Spec = dict[str, Any]
CONDUCTANCE = {"ElectricalSynapse": "conductance"}


def expand(spec: Spec) -> tuple[Spec, list[int]]:
    """The same network of single neurons, and which input element feeds each of its inputs."""
    sizes = [prod(population["shape"]) for population in spec["populations"]]
    first = np.cumsum([0, *sizes]).tolist()
    neurons = []
    for population, size in zip(spec["populations"], sizes, strict=True):
        for initial in np.broadcast_to(population["initial"], (size,)).tolist():
            neurons.append(population | {"shape": [1], "initial": initial})
    synapses = []
    for connection in spec["connections"]:
        source, target = connection["source"], connection["target"]
        name = CONDUCTANCE.get(connection["model"], "max_conductance")
        for i, j, values in _pairs(connection, spec["populations"][source]["shape"], sizes[source], sizes[target]):
            if values[name] != 0:
                places = {"source": first[source] + j, "target": first[target] + i}
                synapses.append(values | places | {"model": _single(connection["model"])})
    inputs, columns, column = [], [], 0
    for item in spec["inputs"]:
        size = sizes[item["target"]]
        inputs += [item | {"target": first[item["target"]] + k, "size": 1} for k in range(size)]
        columns += [column + (k if item["size"] > 1 else 0) for k in range(size)]
        column += item["size"]
    outputs = [
        item | {"source": first[item["source"]] + k} for item in spec["outputs"] for k in range(sizes[item["source"]])
    ]
    return spec | {"populations": neurons, "connections": synapses, "inputs": inputs, "outputs": outputs}, columns


def _single(model: str) -> str:
    return model.replace("MatrixConnection", "Synapse").replace("PatternConnection", "Synapse")


def _pairs(connection: Spec, shape: list[int], n_source: int, n_target: int):
    """Target, source and parameters of every pair that a connection speaks of."""
    values = {k: v for k, v in connection.items() if k not in ("model", "source", "target", "name")}
    if connection["model"].endswith("Synapse"):
        name = CONDUCTANCE.get(connection["model"], "max_conductance")
        shared = values | {name: values[name] / n_source}
        yield from ((i, j, shared) for i, j in product(range(n_target), range(n_source)))
        return
    arrays = {name: np.atleast_2d(np.asarray(value)) for name, value in values.items()}
    rows, columns = next(iter(arrays.values())).shape
    pattern = connection["model"].endswith("PatternConnection")
    if not pattern or (rows, columns) == (1, 1):
        for i, j in product(range(n_target), range(n_source)):
            yield i, j, {name: array[(0, 0) if pattern else (i, j)].item() for name, array in arrays.items()}
        return
    height, width = (shape[0], shape[1]) if len(shape) == 2 else (1, shape[0])
    for r, c, a, b in product(range(height), range(width), range(rows), range(columns)):
        row, column = r + a - (rows - 1) // 2, c + b - (columns - 1) // 2
        if 0 <= row < height and 0 <= column < width:
            values = {name: array[a, b].item() for name, array in arrays.items()}
            yield r * width + c, row * width + column, values
