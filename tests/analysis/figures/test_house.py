"""The house style: no trace in matplotlib's settings, files that are whole and the same every time."""

import colorsys
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from PIL import Image
from sns_mujoco.models import load

from sns_mujoco.analysis import figures
from sns_mujoco.analysis.families import LEFT, OTHER, RIGHT, families_in, families_of, family_colors
from sns_mujoco.errors import MissingDependencyError, OutputPathError

from .walks import animal


def drawn():
    figure, axes = figures.canvas(60, 40)
    with figures.style():
        axes[0, 0].plot([0, 1, 2], [1, 0, 2], label="line")
        axes[0, 0].set_title("Title")
        axes[0, 0].set_xlabel("Time (s)")
    return figure


def test_sizes_are_millimetres_and_axes_an_array(tmp_path):
    figure, axes = figures.canvas(127, 63.5, rows=2, columns=3, share_x=True, heights=[1, 2])
    assert axes.shape == (2, 3)
    assert figure.get_size_inches() == pytest.approx((5.0, 2.5))
    figures.save(figure, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (1000, 500)


def test_settings_are_as_they_were():
    before = dict(matplotlib.rcParams)
    figure = drawn()
    assert dict(matplotlib.rcParams) == before
    matplotlib.rcParams["lines.linewidth"] = 7.0
    try:
        assert drawn().axes[0].get_lines()[0].get_linewidth() == figure.axes[0].get_lines()[0].get_linewidth() < 2.0
    finally:
        matplotlib.rcParams["lines.linewidth"] = before["lines.linewidth"]


@pytest.mark.parametrize("suffix", figures.FIGURE_SUFFIXES)
def test_the_same_figure_is_the_same_bytes(tmp_path, suffix):
    for name in ("one", "other"):
        figures.save(drawn(), tmp_path / f"{name}{suffix}")
    one = (tmp_path / f"one{suffix}").read_bytes()
    assert one == (tmp_path / f"other{suffix}").read_bytes()
    assert b"202" not in one.split(b"stream")[0] or suffix != ".pdf"  # no date in the head of a PDF


def test_letters_are_inside(tmp_path):
    figures.save(drawn(), tmp_path / "a.pdf")
    assert b"/FontFile2" in (tmp_path / "a.pdf").read_bytes()
    figures.save(drawn(), tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text()
    assert "<text" not in text and "<path" in text and "Date" not in text


def test_nothing_is_left_behind_by_what_fails(tmp_path, monkeypatch):
    figure = drawn()
    (tmp_path / "a.pdf").write_text("before")
    monkeypatch.setattr(type(figure), "savefig", lambda *_, **__: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        figures.save(figure, tmp_path / "a.pdf")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.pdf", "before")]
    with pytest.raises(OutputPathError, match=r"ends in '.jpg'; it may end in .pdf, .svg, .png"):
        figures.save(figure, tmp_path / "a.jpg")


def test_matplotlib_is_loaded_when_something_is_drawn():
    code = (
        "import sys; from sns_mujoco.analysis import figures; assert 'matplotlib' not in sys.modules; "
        "figures.canvas(); assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_matplotlib(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("matplotlib")]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'sns-mujoco\[plots\]'"):
        figures.canvas()


def contrast(color):
    """With white, by relative luminance."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color]
    return 1.05 / (np.dot((0.2126, 0.7152, 0.0722), linear) + 0.05)


@pytest.mark.parametrize("color", [*LEFT, *RIGHT, *OTHER])
def test_colors_on_paper_keep_the_hue_of_the_film_and_can_be_seen(color):
    paper = figures.on_paper(color)
    assert colorsys.rgb_to_hsv(*paper)[:2] == pytest.approx(colorsys.rgb_to_hsv(*color)[:2], abs=1e-6)
    assert contrast(paper) > 3.0
    assert contrast(figures.paler(paper)) < contrast(paper)


def test_colors_of_an_animal_are_those_of_its_film():
    hexapod = load("hexapod")
    film = family_colors([r.family for r in hexapod.readouts] + [foot.name for foot in hexapod.feet])
    assert figures.colors(hexapod) == {family: figures.on_paper(color) for family, color in film.items()}
    legs = figures.name_colors(["L1 swing", "L1 tibia angle", "R3 load", "drive"], hexapod)
    assert legs["L1 swing"] == legs["L1 tibia angle"] == figures.colors(hexapod)["L1"]
    assert legs["R3 load"] == figures.colors(hexapod)["R3"] != legs["L1 swing"]
    assert len({round(part, 1) for part in legs["drive"]}) <= 2  # grey: of no leg


def test_families_by_words():
    assert families_of(["L_MN_hip_flexor", "L_RC_knee", "x", "Left"], ["L_", "L_hip"]) == ["L_hip", "L_", "", ""]
    assert families_of(["A one", "A two", "B"]) == ["A", "A", ""]
    own = animal()
    assert families_in(own, ["knee", "L2 anything", "drive"]) == ["R1", "L2", ""]
