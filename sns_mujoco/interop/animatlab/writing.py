"""A project as a folder that runs by itself: `body.xml`, `network.json`, `adapters.py`, `stimuli.py`, `run.py`."""

import math
import os
import pprint
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sns_mujoco.errors import OutputPathError

if TYPE_CHECKING:
    from sns_mujoco.interop.animatlab.project import AnimatLabProject

RUN = '''"""{name}, from an AnimatLab project: run it for some seconds and print how its joints moved."""

import sys
from pathlib import Path

import numpy as np
from adapters import ADAPTERS
from stimuli import STIMULI

from sns_mujoco import Network, attach
from sns_mujoco.interop.animatlab.stimulated import StimulatedSimulation

HERE = Path(__file__).parent
DT, INTEGRATOR = {dt!r}, {integrator!r}  # neural step, ms; how AnimatLab advances its neurons


def make() -> StimulatedSimulation:
    """The project, ready to run."""
    commands = [stimulus.command for stimulus in STIMULI if stimulus.command is not None]
    network = Network.load(HERE / "network.json")
    model = attach(HERE / "body.xml", network, [*ADAPTERS, *commands], dt=DT, integrator=INTEGRATOR)
    return StimulatedSimulation(model, [s for s in STIMULI if s.enabled], dt=DT)


if __name__ == "__main__":
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    simulation = make()
    joints = [simulation.model.joint(i) for i in range(simulation.model.njnt)]
    hinges = [joint for joint in joints if joint.type[0] >= 2]
    angles = []
    for _ in range(round(seconds * 100)):
        simulation.run(0.01)
        angles.append([simulation.data.qpos[joint.qposadr[0]] for joint in hinges])
    for joint, column in zip(hinges, np.array(angles).T, strict=True):
        print(f"{{joint.name:24s}} {{column.min():8.3f}} .. {{column.max():8.3f}}")
'''
RUN_BODY = '''"""{name}, from an AnimatLab project without neurons: let it fall, and print where its parts are."""

import sys
from pathlib import Path

import mujoco

if __name__ == "__main__":
    model = mujoco.MjModel.from_xml_path(str(Path(__file__).parent / "body.xml"))
    data = mujoco.MjData(model)
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    mujoco.mj_step(model, data, nstep=round(seconds / model.opt.timestep))
    for i in range(1, model.nbody):
        print(model.body(i).name, data.xpos[i].round(4))
'''


def write(project: "AnimatLabProject", folder: str | os.PathLike[str]) -> Path:
    """Write a project; see `AnimatLabProject.write`.

    Raises:
        OutputPathError: The folder is there already and not empty, or cannot be written.
    """
    place = check_folder(folder)
    try:
        making = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as error:
        raise OutputPathError(f"{str(place)!r} cannot be written: {error.strerror}; choose another") from error
    try:
        _fill(project, making)
        making.chmod(0o755)
        if place.exists():
            place.rmdir()
        making.rename(place)
    except OSError as error:
        shutil.rmtree(making, ignore_errors=True)
        raise OutputPathError(f"{str(place)!r} cannot be written: {error.strerror}; choose another") from error
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return place


def check_folder(folder: str | os.PathLike[str]) -> Path:
    """Refuse a folder that cannot be written, before any work is done for it.

    Raises:
        OutputPathError: It is a file, is not empty, or the one that it shall be in does not exist.
    """
    place = Path(folder).absolute()
    if not place.name:
        raise OutputPathError(f"{str(folder)!r} is no name for a folder")
    if place.is_file() or (place.is_dir() and any(place.iterdir())):
        what = "a file" if place.is_file() else "a folder that is not empty"
        raise OutputPathError(f"{str(place)!r} is {what}; choose a name that is free, or remove it first")
    if not place.parent.is_dir():
        raise OutputPathError(f"{str(place)!r} cannot be written: {str(place.parent)!r} does not exist; make it first")
    return place


def _fill(project: "AnimatLabProject", folder: Path) -> None:
    spec = project.body.copy()
    spec.compile()
    _text(folder / "body.xml", spec.to_xml())
    _text(folder / "report.txt", f"{project}\n\n{project.report}\n")
    name = " ".join(project.name.replace('"', "'").replace("\\", "/").split())
    if not project.network.populations:
        _text(folder / "run.py", RUN_BODY.format(name=name))
        return
    project.network.save(folder / "network.json")
    _text(folder / "adapters.py", _module("Afferents and efferents.", "ADAPTERS", project.adapters, _OURS))
    _text(folder / "stimuli.py", _module("What happens by the clock.", "STIMULI", project.stimuli, _STIMULI))
    _text(folder / "run.py", RUN.format(name=name, dt=project.dt, integrator=project.integrator))


_OURS = "from sns_mujoco.adapters import *  # noqa: F403"
_STIMULI = f"from math import inf\n\n{_OURS}\nfrom sns_mujoco.interop.animatlab import Stimulus"


def _module(doc: str, name: str, objects: Iterable[Any], imports: str) -> str:
    lines = "".join(f"    {code(thing)},\n" for thing in objects)
    return f'"""{doc}"""\n\n{imports}\n\n{name} = [\n{lines}]\n'


def code(thing: Any) -> str:
    """Python that makes a description again, without what it has by default."""
    if not hasattr(thing, "__dataclass_fields__"):
        if isinstance(thing, tuple):
            return f"({', '.join(map(code, thing))}{',' if len(thing) == 1 else ''})"
        if isinstance(thing, float) and math.isinf(thing):
            return "inf" if thing > 0 else "-inf"
        return pprint.pformat(thing, width=10**6)
    given = ((field.name, getattr(thing, field.name), field) for field in fields(thing))
    arguments = [
        f"{name}={code(value)}" for name, value, field in given if value is not None and value != field.default
    ]
    return f"{type(thing).__name__}({', '.join(arguments)})"


def _text(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8")
