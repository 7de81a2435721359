"""The families of a `Program` that beyond-SNS-Toolbox models need: receptors, events, plasticity, noise, equations."""

from typing import Any

import numpy as np

from sns_mujoco.backends.families import Events, Noise, Plastic, Receptors, ShortTerm, Weighted
from sns_mujoco.network.network import Network


def _none() -> np.ndarray:
    return np.empty(0)


def _index() -> np.ndarray:
    return np.empty(0, np.uint32)


def families(network: Network, neurons: int, spiking: int) -> dict[str, Any]:
    """All of them, empty."""
    rows = np.zeros(neurons + 1, np.uint32)
    return {
        "receptors": Receptors(
            row=rows,
            kind=_index(),
            reversal=_none(),
            decay=_none(),
            rise=_none(),
            coupling=_none(),
            gain=_none(),
            two_stage=_index(),
        ),
        "events": Events(
            row=np.zeros(spiking + 1, np.uint32),
            receptor=_index(),
            weight=_none(),
            delay=_index(),
            short_term=_index(),
            plastic=_index(),
        ),
        "short_term": ShortTerm(
            use=_none(), facilitation=_none(), depression=_none(), initial_use=_none(), initial_resource=_none()
        ),
        "plastic": Plastic(
            event=_index(),
            post=_index(),
            amplitude_pre=_none(),
            amplitude_post=_none(),
            triplet_pre=_none(),
            triplet_post=_none(),
            keep_pre=_none(),
            keep_post=_none(),
            keep_slow_pre=_none(),
            keep_slow_post=_none(),
            lowest=_none(),
            highest=_none(),
            modulator=_index(),
            keep_eligibility=_none(),
            reward_rate=_none(),
        ),
        "weighted": Weighted(
            row=rows.copy(),
            source=_index(),
            weight=_none(),
            driving=_index(),
            reversal=_none(),
            curve=_index(),
            midpoint=_none(),
            slope=_none(),
            rule=_index(),
            rate=_none(),
            forget=_none(),
            post_midpoint=_none(),
            post_slope=_none(),
            lowest=_none(),
            highest=_none(),
        ),
        "noise": Noise(neuron=_index(), mean=_none(), keep=_none(), spread=_none(), initial=_none()),
        "equations": (),
        "event_names": (),
        "weighted_names": (),
    }
