"""Moment arms, circuits and lesion tables."""

import mujoco
import numpy as np
import pytest
import xarray
from matplotlib.patches import PathPatch
from sns_mujoco.models import load

from sns_mujoco.analysis import figures
from sns_mujoco.analysis.figures.muscles import arms_of
from sns_mujoco.analysis.figures.svg_artists import draw_svg, size_of
from sns_mujoco.errors import UnknownNameError
from sns_mujoco.muscles import find_muscles
from sns_mujoco.network import Network, NonSpikingNeuron, NonSpikingSynapse

from .walks import animal, line, walk, words


def lengths(model, joint, angle):
    data = mujoco.MjData(model)
    data.qpos[model.joint(joint).qposadr[0]] = angle
    mujoco.mj_forward(model, data)
    return {name: data.actuator_length[muscle.output] for name, muscle in find_muscles(model).items()}


@pytest.mark.parametrize(("name", "joint", "count"), [("antagonist_joint", "hip", 2), ("rat_hindlimbs", "L_knee", 2)])
def test_moment_arms_are_what_lengths_say(name, joint, count):
    model = load(name).build().compile()
    angles, arms = arms_of(model, joint)
    assert len(arms) == count
    assert angles[[0, -1]] == pytest.approx(model.joint(joint).range)
    for k in (10, 50, 80):
        before, after = (lengths(model, joint, angles[k] + step) for step in (-1e-5, 1e-5))
        for muscle, arm in arms.items():
            assert arm[k] == pytest.approx((before[muscle] - after[muscle]) / 2e-5, rel=1e-4)


def test_moment_arms_drawn():
    own = load("antagonist_joint")
    model = own.build().compile()
    angles, arms = arms_of(model, "hip")
    ax = figures.moment_arms(own, "hip").axes[0]
    for muscle, arm in arms.items():
        assert line(ax, muscle) == pytest.approx(np.stack([np.degrees(angles), 1e3 * arm], axis=1))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("hip (degrees)", "Moment arm (mm)")
    assert [a.get_visible() for a in figures.moment_arms(load("rat_hindlimbs")).axes] == [True] * 6


def test_moment_arms_refuse():
    with pytest.raises(ValueError, match="'hexapod' has no muscles"):
        figures.moment_arms(load("hexapod"))
    rat = load("rat_hindlimbs")
    with pytest.raises(UnknownNameError, match="no hinge named 'L_kne'.*did you mean 'L_knee'"):
        figures.moment_arms(rat, "L_kne")
    with pytest.raises(ValueError, match="axes hold one joint, and muscles cross 6: L_hip,"):
        figures.moment_arms(rat, ax=figures.canvas()[1][0, 0])
    with pytest.raises(ValueError, match="no muscle that is asked for crosses L_knee"):
        figures.moment_arms(rat, "L_knee", muscles=["R_hip_flexor"])


def net(potentials=()):
    network = Network("two")
    for name in ("L1 swing", "L1 stance"):
        network.add_neuron(NonSpikingNeuron(), name)
    network.add_connection(NonSpikingSynapse(max_conductance=1.0, reversal_potential=40.0), "L1 swing", "L1 stance")
    return network


def test_a_circuit_is_that_of_the_svg():
    network = net()
    ax = figures.circuit(network).axes[0]
    assert (ax.get_xlim()[1], ax.get_ylim()[0]) == size_of(network.to_svg())
    shown = words(ax)
    assert {"swing", "stance", "excitation", "two"} <= set(shown), shown
    assert sum(isinstance(artist, PathPatch) for artist in ax.get_children()) == sum(
        network.to_svg().count(f"<{kind} ") for kind in ("path", "circle", "rect")
    )


def test_a_circuit_lights_up_at_a_moment():
    def fills(ax):
        return [patch.get_facecolor() for patch in ax.get_children() if isinstance(patch, PathPatch)]

    recording = walk()
    early, late = (figures.circuit(net(), recording, at=at).axes[0] for at in (0.1, 0.3))
    assert fills(early) != fills(late) != fills(figures.circuit(net()).axes[0])
    assert words(early)[-1] == "0.1 s" and words(figures.circuit(net(), recording).axes[0])[-1] == "4 s"
    with pytest.raises(ValueError, match="at is 9 s, and the recording is from 0.002 to 4 s"):
        figures.circuit(net(), recording, at=9.0)
    with pytest.raises(ValueError, match="at is 9 s, but there is no recording"):
        figures.circuit(net(), at=9.0)
    other = net()
    other.add_neuron(NonSpikingNeuron(), "L9")
    with pytest.raises(UnknownNameError, match="no neuron named 'L9'"):
        figures.circuit(other, recording)


@pytest.mark.parametrize("name", ["antagonist_joint", "rat_hindlimbs"])
def test_circuits_of_animals_into_axes_of_ones_own(name):
    figure, axes = figures.canvas(120, 60, columns=2)
    figures.circuit(load(name), ax=axes[0, 1])
    own = axes[0, 1].get_window_extent()
    figure.draw_without_rendering()
    for text in axes[0, 1].texts:
        assert own.x0 - 2 <= text.get_window_extent().x0 <= own.x1 + 2


def test_svg_shapes():
    svg = (
        '<svg width="40" height="20"><g transform="translate(10 5)"><g transform="translate(1 0) rotate(90)">'
        '<path d="M0 0L4 0C4 1 5 2 6 2" stroke="#102030" stroke-width="2"/></g>'
        '<rect x="0" y="0" width="4" height="2" rx="1" fill="#ffffff"/></g>'
        '<path d="M1 2h3v4H1ZM5 6Q7 8 9 6V2" fill="none" stroke="#ff0000" stroke-opacity="0.5"/>'
        '<text x="3" y="4" font-size="10" fill="#000000">a $5</text></svg>'
    )
    ax = figures.canvas()[1][0, 0]
    draw_svg(ax, svg, 0.5)
    turned, rounded, mixed = (a for a in ax.get_children() if isinstance(a, PathPatch) and a is not ax.patch)
    assert turned.get_path().vertices[:2] == pytest.approx(np.array([[11, 5], [11, 9]]))
    assert turned.get_path().vertices[-1] == pytest.approx([9, 11]) and turned.get_linewidth() == 1.0
    extent = rounded.get_path().get_extents()
    assert (extent.x0, extent.y0, extent.x1, extent.y1) == pytest.approx((10, 5, 14, 7))
    assert mixed.get_path().vertices.tolist()[:5] == [[1, 2], [4, 2], [4, 6], [1, 6], [1, 2]]
    assert mixed.get_path().vertices[-1].tolist() == [9, 2] and mixed.get_edgecolor() == (1, 0, 0, 0.5)
    assert ax.texts[0].get_fontsize() == pytest.approx(4.35) and ax.texts[0].get_text() == r"a \$5"


def results(**intact):
    values = {"speed": np.array([[0.1, 0.3], [0.4, 0.4], [np.nan, np.nan]]), "falls": np.array([3.0, 0.0, 1.0])}
    units = {"speed": ("m/s", "mean forward speed"), "falls": ("1", "falls")}
    return xarray.Dataset(
        {
            name: (("synapse", "seed")[: array.ndim], array,
                   {"units": units[name][0], "long_name": units[name][1], "intact": intact.get(name, 0.4)})
            for name, array in values.items()
        },
        coords={"synapse": ["a->b", "b->c", "c->a"]},
    )  # fmt: skip


def test_lesion_table():
    ax = figures.lesion_table(results(falls=0.0)).axes[0]
    assert words(ax) == ["0.4", "0.2", "0.4", "none", "0", "3", "0", "1"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["intact", "a->b", "b->c", "c->a"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["mean forward\nspeed\n(m/s)", "falls"]
    shades = ax.images[0].get_array()
    assert shades[:, 0].tolist() == [0.0, -0.5, 0.0, None]
    assert shades[:, 1].filled() == pytest.approx(
        [0.0, 1.0, 0.0, 1 / 3]
    )  # of what is 0 intact, shares of the largest change


def test_lesion_table_of_some():
    ax = figures.lesion_table(results(), ["falls"], most=2).axes[0]
    assert words(ax) == ["0.4", "3", "0"] and ax.get_xlabel() == "and 1 more"


def test_lesion_table_refuses():
    with pytest.raises(UnknownNameError, match="no measure with an intact value named 'sped'"):
        figures.lesion_table(results(), ["sped"])
    with pytest.raises(ValueError, match="0 measures and at most 30 rows make no table"):
        figures.lesion_table(walk())
    with pytest.raises(ValueError, match="the results have no synapse: nothing was cut"):
        figures.lesion_table(results().isel(synapse=slice(0)))
    with pytest.raises(ValueError, match="at most 0 rows"):
        figures.lesion_table(results(), most=0)


def test_an_animal_without_a_family_is_drawn_in_grey():
    colors = figures.name_colors(["drive"], animal())
    assert colors["drive"] == pytest.approx((0.42, 0.45, 0.50))
