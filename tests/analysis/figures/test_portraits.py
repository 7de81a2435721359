"""Phase plots and spectrograms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sns_mujoco.analysis import figures
from sns_mujoco.analysis.figures.spectrum import densities

from .walks import PERIOD, animal, potential, times, walk


def test_phase_plot():
    ax = figures.phase_plot(walk(), animal(), "L1 swing", "joint_position:knee", window=(1.0, 3.0)).axes[0]
    pieces = np.array(ax.collections[0].get_segments())
    t = times()[(times() >= 1.0) & (times() <= 3.0)]
    known = np.stack([potential("L1 swing", t), 30.0 * np.sin(2 * np.pi * t)], axis=1)
    assert pieces[:, 0] == pytest.approx(known[:-1]) and pieces[:, 1] == pytest.approx(known[1:])
    colors = ax.collections[0].get_colors()
    assert colors[0, :3].sum() > colors[-1, :3].sum()  # paler is earlier
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("L1 swing (mV)", "knee position (degrees)")
    usual = figures.phase_plot(walk(), animal()).axes[0]
    assert (usual.get_xlabel(), usual.get_ylabel()) == ("L1 swing (mV)", "R1 swing (mV)")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None, "L1 swing"), "a phase plot is of two signals, got x 'L1 swing' and y None"),
        ((None, None, None), "give x and y, as in"),
        ((None, "L1 *", "drive"), r"'L1 \*' is 2 channels \('L1 swing', 'L1 stance' ...\)"),
    ],
)
def test_phase_plot_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        figures.phase_plot(walk(), *arguments)


def test_phase_plot_of_two_rates():
    recording = walk().assign(muscle_force=(("time_10Hz", "muscle"), np.ones((10, 2))))
    recording = recording.assign_coords(time_10Hz=np.arange(10) / 10.0)
    with pytest.raises(ValueError, match="they were recorded at different rates; record both at one"):
        figures.phase_plot(recording, None, "drive", "muscle_force:L1 flexor")


@pytest.mark.parametrize("frequency", [2.5, 30.0])
def test_densities_peak_at_the_frequency(frequency):
    t = np.arange(2000) / 500.0
    middles, frequencies, density = densities(t, 3.0 * np.sin(2 * np.pi * frequency * t), 1.0)
    assert frequencies[density.argmax(axis=1)] == pytest.approx(frequency, abs=0.26)
    power = density.sum(axis=1) * (frequencies[1] - frequencies[0])
    assert power == pytest.approx(4.5, rel=0.05)  # the mean square of a sine of 3
    assert middles[0] == pytest.approx(0.499) and np.diff(middles) == pytest.approx(0.124)


@given(arrays(float, 64, elements=st.floats(-10, 10, allow_subnormal=False)))
def test_densities_hold_the_power(values):
    _, frequencies, density = densities(np.arange(64) / 100.0, values, 0.64)
    taper = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(64) / 64)
    known = np.sum(((values - values.mean()) * taper) ** 2) / np.sum(taper**2)
    assert density.sum() * (frequencies[1] - frequencies[0]) == pytest.approx(known, abs=1e-9, rel=1e-9)


def test_spectrogram():
    ax = figures.spectrogram(walk(), animal(), highest=10.0).axes[0]
    mesh = ax.collections[0]
    assert mesh.get_rasterized()
    middles = mesh.get_coordinates()[0, :, 0]
    assert 0.4 < middles[0] < middles[-1] < 3.6
    strongest = mesh.get_array().mean(axis=1).argmax()
    heights = mesh.get_coordinates()[:, 0, 1]
    assert 0.5 * (heights[strongest] + heights[strongest + 1]) == pytest.approx(1 / PERIOD, abs=0.26)
    assert ax.get_title(loc="left") == "L1 swing" and heights[-1] < 10.5


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"channel": "L1 *"}, "is 2 channels, and a spectrogram is of one"),
        ({}, "a spectrogram is of one signal; give channel="),
        ({"channel": "drive", "seconds": 9.0}, "the signal lasts for 4 s, and a stretch for 9 s; take less"),
        ({"channel": "drive", "seconds": 0.01}, "a stretch of 0.01 s has 5 samples"),
        ({"channel": "drive", "highest": 0.0}, "highest is 0.0 Hz; give more than 0"),
    ],
)
def test_spectrogram_refuses(given, message):
    with pytest.raises(ValueError, match=message):
        figures.spectrogram(walk(), **given)


def test_no_spectrum_of_what_is_not_finite():
    recording = walk()
    recording["potential"][100] = np.nan
    with pytest.raises(ValueError, match="the signal has values that are not finite"):
        figures.spectrogram(recording, animal())
