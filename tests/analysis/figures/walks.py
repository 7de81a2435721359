"""Recordings whose every number is known, and the animal that they are of."""

import numpy as np
import xarray
from sns_mujoco.models import Animal, Foot, Readout

from sns_mujoco.network import Network

RATE, SECONDS = 500.0, 4.0
PERIOD, DUTY = 0.4, 0.6
LAGS = {"L1": 0.0, "R1": 0.5, "L2": 0.25}
NEURONS = ("L1 swing", "L1 stance", "R1 swing", "L2 swing", "drive")
MUSCLES = ("L1 flexor", "R1 flexor")


def times():
    return np.arange(1, round(SECONDS * RATE) + 1) / RATE


def potential(name, t):
    """A sine of 20 mV about 10 mV, once a stride, shifted by the leg's lag; of `drive` a straight line."""
    if name == "drive":
        return 2.0 * t
    lag = LAGS[name.split()[0]] + (0.5 if name.endswith("stance") else 0.0)
    return 10.0 + 10.0 * np.sin(2 * np.pi * (t / PERIOD - lag))


def walk(**attrs):
    """A walk of three feet with a period of 0.4 s, a duty factor of 0.6 and known lags."""
    t = times()
    load = np.stack([((t / PERIOD - lag + 0.1) % 1.0 < DUTY) * 2.0 for lag in LAGS.values()], axis=1)
    spikes = np.zeros((len(t), 1))
    spikes[249::250, 0] = 1.0
    length = np.stack([0.1 + 0.01 * np.sin(2 * np.pi * t / PERIOD + k) for k in range(2)], axis=1)
    command = np.zeros((len(t), 2))
    command[:, 0] = 0.8
    command[500:600, 1] = -5.0

    potentials = np.stack([potential(name, t) for name in NEURONS], axis=1)

    def over(dimension, values, unit, meaning):
        return (("time", dimension), values, {"units": unit, "long_name": meaning})

    return xarray.Dataset(
        {
            "potential": over("neuron", potentials, "mV", "membrane potential"),
            "spikes": over("spiking_neuron", spikes, "1", "spikes"),
            "joint_position": over("joint", np.radians(30.0 * np.sin(2 * np.pi * t))[:, None], "rad or m", "position"),
            "sensor": over("channel", load, "see sensor_unit", "sensor reading"),
            "command": over("command_name", command, "1", "descending command"),
            "muscle_length": over("muscle", length, "m", "length"),
            "muscle_excitation": over("muscle", np.clip(10 * (length - 0.1), 0, 1) * 10, "1", "excitation"),
        },
        coords={
            "time": ("time", t, {"units": "s"}),
            "neuron": np.array(NEURONS, object),
            "spiking_neuron": np.array(["drive"], object),
            "joint": np.array(["knee"], object),
            "channel": np.array([f"{foot}_touch" for foot in LAGS], object),
            "sensor_unit": ("channel", np.array(["N"] * len(LAGS), object)),
            "command_name": np.array(["drive", "pulse"], object),
            "muscle": np.array(MUSCLES, object),
        },
        attrs=attrs,
    )


def animal(**changes):
    """The animal that walks so; nobody builds its body."""

    def never(*_):
        raise AssertionError("a figure of a recording builds no body")

    known = {
        "name": "walker", "summary": "walks as told", "length": 0.1, "body": never, "terrains": ("flat",),
        "network": Network, "adapters": never, "dt": 1.0, "start": never, "commands": {"drive": (0.0, 1.0)},
        "cruise": {"drive": 0.8}, "probes": {"pulse": (-10.0, 10.0)}, "torso": "trunk",
        "readouts": (
            Readout(neuron="L1 swing", label="swing", family="L1", range=(0.0, 20.0), lane="L1"),
            Readout(neuron="L1 stance", label="stance", family="L1", range=(0.0, 20.0), lane="L1"),
            Readout(neuron="R1 swing", label="right swing", family="R1", range=(5.0, 6.0), section="right"),
            Readout(joint="knee", label="knee", family="R1", range=(-40.0, 40.0), section="right"),
        ),
        "feet": tuple(Foot(name=foot, sensor=f"{foot}_touch") for foot in LAGS), "stance_load": 0.5,
        "rhythm": ("L1 swing", "R1 swing", "L2 swing"),
    }  # fmt: skip
    return Animal(**(known | changes))


def line(ax, label):
    """Points [T, 2] of the line of a label."""
    found = [each for each in ax.get_lines() if each.get_label() == label]
    assert len(found) == 1, [each.get_label() for each in ax.get_lines()]
    return np.asarray(found[0].get_xydata())


def words(ax):
    """All texts within axes."""
    return [text.get_text() for text in ax.texts]
