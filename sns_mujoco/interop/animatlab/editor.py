"""The editor's own files, `.aproj`: which standalone file was exported from one."""

from pathlib import Path, PureWindowsPath

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.xml import parse

EXPORT = "open it in AnimatLab, choose File > Export Standalone Simulation, and read the .asim file that this makes"


def standalone_of(place: Path) -> Path:
    """The standalone simulation that lies next to a project of the editor.

    An `.aproj` holds the same as its standalone file, in the editor's words, and pictures and layout besides; what runs
    is the standalone file.

    Raises:
        FileNotFoundError: There is no such project.
        AnimatLabError: It is no project of the editor, or nothing that was exported from it is there.
    """
    root = parse(place)
    if root.tag != "Project":
        raise AnimatLabError(f"{str(place)!r} is no project of AnimatLab's editor: its root is <{root.tag}>")
    known = (root.findtext("SimulationFile") or "").strip()
    named = [place.stem, (root.findtext("ProjectName") or "").strip(), PureWindowsPath(known).stem if known else ""]
    names = {f"{name}{end}.asim".lower() for name in named if name for end in ("", "_Standalone")}
    found = sorted(file for file in place.parent.iterdir() if file.name.lower() in names)
    own = _ids(root)
    fitting = [file for file in found if len(own & _ids(parse(file))) > len(own) / 4]
    exported = [file for file in fitting if "_standalone" in file.name.lower()] or fitting
    if not exported:
        others = f" ({', '.join(repr(file.name) for file in found)} there is of another project)" if found else ""
        raise AnimatLabError(
            f"{str(place)!r} is the editor's project, and nothing exported from it lies beside it{others}: {EXPORT}"
        )
    if len(exported) > 1:
        names = ", ".join(repr(file.name) for file in exported)
        raise AnimatLabError(f"{str(place)!r} has several standalone files beside it: {names}; give one of them")
    return exported[0]


def _ids(root: object) -> set[str]:
    """IDs of all parts that the simulation knows."""
    found = (element.findtext("ID") for tag in ("RigidBody", "Neuron", "Joint") for element in root.iter(tag))  # type: ignore[attr-defined]
    return {key.strip().lower() for key in found if key}
