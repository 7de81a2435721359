"""What every user of the package meets first."""

import subprocess
import sys
from pathlib import Path

import pytest

import sns_mujoco
from sns_mujoco.files import written_whole


def test_import_is_light():
    code = "import sys, sns_mujoco; print([m for m in sys.modules if m.split('.')[0] in sys.argv[1:]])"
    heavy = ["torch", "OpenGL", "xarray", "av", "matplotlib", "PIL", "typer"]
    run = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_opengl_that_is_asked_for_and_missing_is_named():
    code = "import builtins; real = builtins.__import__\n"
    code += "def load(name, *rest):\n"
    code += "    if name == 'mujoco': raise AttributeError('glGetError')\n"
    code += "    return real(name, *rest)\n"
    code += "builtins.__import__ = load\nimport sns_mujoco"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "MissingDependencyError: MUJOCO_GL asks for an OpenGL library" in run.stderr
    assert "apt install libosmesa6" in run.stderr


def test_compiled_code_is_not_kept_beside_the_source():
    """There it would outlive an uninstallation and hide an editable one."""
    from sns_mujoco.backends.native import entry

    package = Path(sns_mujoco.__file__).resolve().parent
    for function in (entry.run, entry.call):
        assert package not in Path(function.stats.cache_path).resolve().parents


def test_everything_public_is_there():
    for name in sns_mujoco.__all__:
        assert getattr(sns_mujoco, name).__doc__


def test_packages_list_is_complete():
    """The list of packages in pyproject.toml is kept by hand."""
    import tomllib

    root = Path(__file__).parents[1]
    listed = set(tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    found = {".".join(p.parent.relative_to(root).parts) for p in (root / "sns_mujoco").rglob("__init__.py")}
    for top in ("models", "envs"):
        found |= {"sns_mujoco." + ".".join(p.parent.relative_to(root).parts) for p in (root / top).rglob("__init__.py")}
    assert listed == found


def test_files_are_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(RuntimeError), written_whole(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    with written_whole(target) as temporary:
        temporary.write_text("new")
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]
