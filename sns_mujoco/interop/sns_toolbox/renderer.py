"""Circuit diagrams, without graphviz."""

import os
import sys
import webbrowser
from pathlib import Path
from typing import Any

from sns_mujoco.errors import MissingDependencyError, NetworkError
from sns_mujoco.files import check_output_path, written_whole
from sns_mujoco.interop.sns_toolbox.network import Network
from sns_mujoco.interop.toolbox_network import from_sns_toolbox

FORMATS = ("svg", "png", "pdf")


class Picture:
    """A drawing that notebooks show.

    Attributes:
        svg: Its text.
    """

    def __init__(self, svg: str) -> None:
        """Keep a drawing."""
        self.svg = svg

    def _repr_svg_(self) -> str:
        return self.svg


def render(
    net: Network, view: bool = True, save: bool = False, filename: str | None = None, img_format: str = "svg"
) -> Picture:
    """Draw a network.

    In a notebook `view` shows the picture that is returned. Elsewhere it writes the file and, where there is a screen,
    opens it.

    Args:
        net: The network.
        view: Whether to show it.
        save: Whether to write it into a file.
        filename: The file, without its suffix; the name of the network if left out.
        img_format: "svg"; or "png" or "pdf", for which cairosvg must be installed.

    Returns:
        The picture.

    Raises:
        NetworkError: It is no network, or cannot be compiled.
        OutputPathError: The file cannot be written, or the format is unknown.
        MissingDependencyError: The format needs cairosvg.
    """
    if not isinstance(net, Network):
        raise NetworkError(f"{net!r} is no network; give one of sns_mujoco.interop.sns_toolbox.networks")
    in_notebook = _in_ipython()
    writes = save or (view and not in_notebook)
    if writes:
        name = f"{net.params['name'] if filename is None else filename}.{img_format}"
        place = check_output_path(name, [f".{suffix}" for suffix in FORMATS])
        convert = _converter(img_format)
    picture = Picture(from_sns_toolbox(net, report=[]).to_svg())
    if writes:
        with written_whole(place) as path:
            convert(picture.svg, path)
        if view and not in_notebook and _has_screen():
            webbrowser.open(place.absolute().as_uri())
    return picture


def _converter(img_format: str) -> Any:
    """What writes an SVG text into a file of a format."""
    if img_format == "svg":
        return lambda svg, path: Path(path).write_text(svg, encoding="utf-8")
    try:
        import cairosvg  # pyright: ignore[reportMissingImports]
    except (ImportError, OSError) as error:  # OSError: the library cairo is missing
        raise MissingDependencyError(
            f"pictures as {img_format} need cairosvg and the library cairo: pip install cairosvg, or take "
            "img_format='svg'"
        ) from error
    write = getattr(cairosvg, f"svg2{img_format}")
    return lambda svg, path: write(bytestring=svg.encode(), write_to=str(path))


def _in_ipython() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
