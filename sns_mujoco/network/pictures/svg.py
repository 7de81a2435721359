"""Circuit diagrams as SVG.

Excitation flows from left to right and ends in an open triangle, inhibition ends in a filled dot, modulation (a
reversal potential at the destination's rest) in an open one; the width of a line is the conductance. The text of a
picture depends on nothing but the network, so the same network gives the same bytes.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from sns_mujoco.files import check_output_path, written_whole
from sns_mujoco.network.contents import Contents
from sns_mujoco.network.pictures.activity import Activity, Scale
from sns_mujoco.network.pictures.drawing import Drawing
from sns_mujoco.network.pictures.groups import Group


def to_svg(
    network: Contents,
    path: str | os.PathLike[str] | None = None,
    *,
    activity: Activity | None = None,
    scale: Scale = None,
    conductances: Mapping[str, Any] | Sequence[Any] | None = None,
    group: Group = None,
) -> str:
    """Draw a network as a circuit diagram.

    Layers follow excitation from left to right. An open triangle excites, a filled dot inhibits, an open dot modulates,
    a resistor is electrical (a diode if it rectifies); the width of a line is its conductance. Populations are stacks
    of discs or grids with their size. Everything says more where the pointer rests. Above 400 populations or 2,500
    connections, what belongs together is drawn as one, and the picture says so.

    Args:
        network: What to draw.
        path: A file to write it to, ending in ".svg".
        activity: Membrane potentials, mV, to colour the neurons by: all in order [n_neurons], or for populations by
            name one or one for each neuron.
        scale: Potentials that are drawn as silent and as fully active, mV: (low, high), or by population. If left out,
            where the graded synapses of a population begin to open and are open; else rest to threshold, or to 20 mV
            above rest.
        conductances: Conductances now, uS, by connection name or for all in order; closed synapses are drawn pale.
        group: What belongs together: None finds it in names ("L1 swing", "left_flexor"), False groups nothing; or a
            separator behind the first part of a name, a dictionary from population names to groups, or a function from
            a name to its group.

    Returns:
        The text of the picture.

    Raises:
        NetworkError: Activity, scale, conductances or group do not fit the network.
        UnknownNameError: A population or connection does not exist.
        OutputPathError: The file cannot be written.
    """
    place = None if path is None else check_output_path(path, (".svg",))
    drawing = Drawing(network, activity, scale, conductances, group).text()
    if place is not None:
        with written_whole(place) as partial:
            partial.write_text(drawing, encoding="utf-8", newline="\n")
    return drawing
