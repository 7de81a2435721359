"""Networks and their states in files; the format is described in FORMAT.md beside this package's modules."""

from sns_mujoco.network.files.contents import network_from_dict, network_to_dict
from sns_mujoco.network.files.network_file import load_annotations, load_network, save_network
from sns_mujoco.network.files.registry import register_description
from sns_mujoco.network.files.schema import network_schema
from sns_mujoco.network.files.state_file import load_state, save_state

__all__ = [
    "load_annotations",
    "load_network",
    "load_state",
    "network_from_dict",
    "network_schema",
    "network_to_dict",
    "register_description",
    "save_network",
    "save_state",
]
