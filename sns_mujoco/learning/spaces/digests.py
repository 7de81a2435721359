"""A short fingerprint of what gives a vector its meaning: the nervous system, its adapters, and the genes."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from sns_mujoco.learning.spaces.genes import Gene
from sns_mujoco.network import Network
from sns_mujoco.network.files import network_to_dict


def of_network(network: Network) -> str:
    """SHA-256 of all that a network describes."""
    return _digest(network_to_dict(network))


def of_genes(genes: Sequence[Gene]) -> str:
    """SHA-256 of genes: what they set, between which bounds, from which described values."""
    return _digest([gene.to_dict() for gene in genes])


def of_space(name: str, dt: float, network: Network, adapters: Sequence[Any], genes: Sequence[Gene]) -> str:
    """SHA-256 of a whole space."""
    return _digest(
        {
            "animal": name, "dt": dt, "network": of_network(network), "genes": of_genes(genes),
            "adapters": [_plain(adapter) for adapter in adapters],
        }
    )  # fmt: skip


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A description as plain data, every field of it."""
    if is_dataclass(value) and not isinstance(value, type):
        given = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"type": type(value).__name__, **given}
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value if value is None or isinstance(value, str | int | float) else type(value).__qualname__


def difference(genes: Sequence[Gene], stored: Any) -> str:
    """What is different in genes that were written down; if nothing, it is the nervous system or its adapters."""
    ours = [json.loads(json.dumps(gene.to_dict())) for gene in genes]
    if not isinstance(stored, list) or len(stored) != len(ours):
        return f"it has {len(ours)} genes, and had {len(stored) if isinstance(stored, list) else 'none'}"
    for own, other in zip(ours, stored, strict=True):
        fields = [key for key in own if not isinstance(other, dict) or own[key] != other.get(key)]
        if fields:
            return f"{fields[0]!r} of gene {own['name']!r} is another"
    return "its network or its adapters have changed"
