import ctypes
import ctypes.util
import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from sns_mujoco.errors import MissingDependencyError, UnknownNameError
from sns_mujoco.rendering import make_renderer, opengl
from sns_mujoco.rendering.backend import VARIABLE

from .scenes import colored, view, walker

WITHOUT_EGL = opengl.missing_library("egl") is not None


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for variable in ("MUJOCO_GL", VARIABLE):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def no_opengl(monkeypatch):
    """Hides OpenGL: nothing is found, and what is asked for by name does not load."""

    def refuse(name, *_, **__):
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(ctypes, "CDLL", refuse)


def backend_of(backend=None):
    model, data = walker()
    with make_renderer(model, 32, 24, backend) as renderer:
        assert renderer.render(data, view()).shape == (24, 32, 3)
        return renderer.backend


@pytest.mark.usefixtures("no_opengl")
def test_without_opengl_the_ray_caster_draws():
    assert backend_of() == "raycaster"
    assert backend_of("auto") == "raycaster"


@pytest.mark.usefixtures("no_opengl")
@pytest.mark.parametrize(("backend", "packages"), [("egl", "libegl1 libgl1"), ("osmesa", "libosmesa6")])
def test_asking_for_opengl_where_there_is_none_says_what_to_install(backend, packages):
    with pytest.raises(MissingDependencyError, match=f"{backend}.*apt install {packages}.*raycaster"):
        backend_of(backend)


def test_a_library_without_a_driver_says_so_too(monkeypatch):
    def fail(*_):
        raise RuntimeError("no display")

    monkeypatch.setattr(opengl, "missing_library", lambda backend: None)
    monkeypatch.setattr(opengl.importlib, "import_module", fail)
    with pytest.raises(MissingDependencyError, match="could not start .no display.*apt install"):
        backend_of("egl")
    assert backend_of("auto") == "raycaster"


def test_the_users_settings_come_first(monkeypatch):
    monkeypatch.setenv("MUJOCO_GL", "off")
    assert backend_of() == "raycaster"
    monkeypatch.setenv("MUJOCO_GL", "egl")
    monkeypatch.setenv(VARIABLE, "raycaster")
    assert backend_of() == backend_of("auto") == "raycaster"


def test_mujocos_own_setting_is_tried_first(monkeypatch):
    tried = []

    def refuse(backend, *_):
        tried.append(backend)
        raise MissingDependencyError(backend)

    monkeypatch.setattr(opengl, "_open_context", refuse)
    monkeypatch.setenv("MUJOCO_GL", "osmesa")
    assert backend_of() == "raycaster"
    assert tried == ["osmesa", "egl"]


def test_unknown_names_are_refused_with_those_that_exist(monkeypatch):
    with pytest.raises(UnknownNameError, match="'raycast'.*did you mean 'raycaster'"):
        backend_of("raycast")
    with pytest.raises(UnknownNameError, match="quality named 'fine'.*'medium'"):
        make_renderer(walker()[0], 32, 24, "raycaster", quality="fine")
    monkeypatch.setenv(VARIABLE, "vulkan")
    with pytest.raises(UnknownNameError, match=f"'vulkan'.*{VARIABLE}"):
        backend_of()


@pytest.mark.skipif(WITHOUT_EGL, reason="no EGL on this machine")
def test_egl_and_the_ray_caster_show_the_same_animal():
    model, data = walker()
    pictures = []
    for backend in ("egl", "raycaster"):
        with make_renderer(model, 160, 120, backend) as renderer:
            assert renderer.backend == backend
            pictures.append(renderer.render(data, view()))
    for channel in range(3):
        first, second = (colored(picture, channel) for picture in pictures)
        assert (first & second).sum() > 0.7 * (first | second).sum()
    floor = [picture[80:, :].mean(axis=-1) > picture[80:, :].mean() for picture in pictures]
    assert (floor[0] == floor[1]).mean() > 0.85  # the tiles lie in the same places


@pytest.mark.skipif(WITHOUT_EGL, reason="no EGL on this machine")
def test_egl_tints_and_leaves_the_model_alone():
    model, data = walker()
    before = model.geom_rgba.copy(), model.vis.quality.shadowsize, model.vis.global_.offwidth
    leg = model.geom("leg_l").id
    with make_renderer(model, 160, 120, "egl") as renderer:
        plain = renderer.render(data, view())
        tinted = renderer.render(data, view(), {leg: (0.9, 0.1, 0.9, 1.0)})
        again = renderer.render(data, view())
    assert np.abs(again.astype(int) - plain).max() <= 5  # drawn in software, OpenGL is not exact to the bit
    assert colored(plain, 1).sum() > 30 and colored(tinted, 1).sum() == 0
    assert np.array_equal(model.geom_rgba, before[0])
    assert (model.vis.quality.shadowsize, model.vis.global_.offwidth) == before[1:]


def run_bare(code, **settings):
    environment = {k: v for k, v in os.environ.items() if k not in ("MUJOCO_GL", "DISPLAY", VARIABLE)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_loads_nothing_heavy():
    out = run_bare("""
        import sys
        import sns_mujoco.rendering
        heavy = ("OpenGL", "av", "PIL", "sns_mujoco.rendering.raycaster", "sns_mujoco.rendering.opengl")
        print([name for name in heavy if name in sys.modules])
    """)
    assert out.strip() == "[]"


def test_a_fresh_process_with_opengl_hidden_draws():
    out = run_bare("""
        import ctypes.util
        ctypes.util.find_library = lambda name: None
        import mujoco
        from sns_mujoco.rendering import make_renderer
        model = mujoco.MjModel.from_xml_string("<mujoco><worldbody><geom size='.1'/></worldbody></mujoco>")
        data = mujoco.MjData(model)
        mujoco.mj_forward(model, data)
        with make_renderer(model, 32, 24) as renderer:
            print(renderer.backend, renderer.render(data, mujoco.MjvCamera()).shape)
    """)
    assert out.strip() == "raycaster (24, 32, 3)"
