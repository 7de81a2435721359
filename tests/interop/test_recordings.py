"""The recorded trajectories of SNS-Toolbox, run by its stand-in: check values for machines without it."""

from pathlib import Path

import numpy as np
import pytest
from replay import read
from single_synapses import expand

from sns_mujoco.interop import from_sns_toolbox

CASES = sorted((Path(__file__).parents[1] / "oracle" / "cases").glob("*.json"))


def build(t, spec):
    net = t.Network(spec["name"])
    for p in spec["populations"]:
        values = dict(p["neuron"])
        kind = values.pop("model").replace("WithPersistentSodiumChannel", "WithGatedChannels")  # given by its channels
        channels = values.pop("channels", [])
        values |= {name: [channel[name] for channel in channels] for name in (channels or [{}])[0]}
        start = np.array(p["initial"]) if isinstance(p["initial"], list) else p["initial"]
        net.add_population(getattr(t, kind)(**values), p["shape"], p["name"] or None, initial_value=start)
    for connection in spec["connections"]:
        values = dict(connection)
        kind, source, target = (values.pop(key) for key in ("model", "source", "target"))
        values.pop("name", None)
        if "rectified" in values:
            values["rect"] = values.pop("rectified")
        if "Matrix" in kind:
            values = {name: np.array(value) for name, value in values.items()}
        if "Pattern" in kind:
            one = len(spec["populations"][source]["shape"]) == 1
            values = {f"{n}_kernel": np.ravel(v) if one else np.array(v) for n, v in values.items()}
        net.add_connection(getattr(t, kind)(**values), source, target)
    for item in spec["inputs"]:
        net.add_input(item["target"], size=item["size"])
    for item in spec["outputs"]:
        net.add_output(item["source"], spiking=item["spiking"])
    return net


def replay(model, spec, inputs):
    resets = {event["step"] for event in spec["events"]}
    outputs = []
    for step in range(spec["steps"]):
        if step in resets:
            model.reset()
        outputs.append(model(inputs[step] if inputs.shape[1] else None))
    return np.array(outputs)[spec["record_every"] - 1 :: spec["record_every"]]


def case(path):
    spec, arrays = read(path)
    columns = slice(None)
    if spec["oracle_basis"] == "expanded":
        spec, columns = expand(spec)
    return spec, arrays["inputs"][:, columns], arrays


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(ours, path):
    spec, inputs, arrays = case(path)
    model = build(ours, spec).compile(dt=spec["dt"])
    outputs = replay(model, spec, inputs)
    assert np.abs(outputs - arrays["outputs"]).max() <= spec["recommended_atol"]
    for recorded, name in {"final_V": "V", "final_theta": "theta", "final_spikes": "spikes"}.items():
        if recorded in arrays:
            wanted = -arrays[recorded] if name == "spikes" else arrays[recorded]
            np.testing.assert_allclose(getattr(model, name), wanted, rtol=0, atol=spec["recommended_atol"])


def test_what_the_recording_of_parallel_synapses_depends_on_is_reported(ours):
    report = []
    spec, _, _ = case(next(path for path in CASES if path.name.startswith("25")))
    from_sns_toolbox(build(ours, spec), report=report)
    told = [d for d in report if d.kind in ("overwritten", "shared reversal")]
    assert [(d.kind, len(d.names)) for d in told] == [("overwritten", 2)] * 2 + [("shared reversal", 2)] * 2
    for message, numbers in zip(
        [d.message for d in told],
        [
            ("1 uS", "40 mV", "0.5 uS", "-40 mV"),
            ("0.6 uS", "0.3 uS"),
            ("-40 mV instead of 194",),
            ("80 mV instead of -40",),
        ],
        strict=True,
    ):
        assert all(number in message for number in numbers), message
